/* net_test: a loop, a folder of its own and a way to wait, for the tests of net. */
#ifndef TESTS_NET_NET_TEST_H
#define TESTS_NET_NET_TEST_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "net/loop.h"

/* No wait in these tests takes longer. */
#define WAIT_MS 20000

struct net_test {
  struct arena *arena;
  struct loop *loop;
  char *dir;
};

void net_test_open(struct net_test *t);
/* Removes the folder too: fails when something is left in it. */
void net_test_close(struct net_test *t);
/* Turns until *n reaches count or WAIT_MS passed; true if it did. */
bool net_test_until(struct net_test *t, const size_t *n, size_t count);
/* Turns for ms. */
void net_test_turns(struct net_test *t, int64_t ms);
/* Turns until something holds, for as long as a busy machine may need. */
#define NET_TEST_UNTIL(t, condition)                                                                                   \
  for (int64_t end_ = clock_monotonic() + 10000; !(condition) && clock_monotonic() < end_;) loop_turn((t)->loop, 10)
/* A connection to where that server listens, "http://127.0.0.1:PORT". */
int net_test_connect(const char *url);
/* Bytes that are easy to check, n of them. */
struct str net_test_bytes(struct arena *a, size_t n);
/* Regular files in a folder. */
size_t net_test_files(struct net_test *t, const char *dir);

#endif
