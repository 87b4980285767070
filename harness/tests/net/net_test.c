#include "net_test.h"

#include "base/clock.h"
#include "base/file.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A machine that stands still for a moment must not take them all away. */
#define TURNS_MIN 10

void net_test_open(struct net_test *t) {
  struct error e;
  t->arena = arena_new(0);
  const char *base = getenv("TMPDIR");
  t->dir = file_join(t->arena, base && *base ? base : "/tmp", "testcamp-net-XXXXXX");
  cr_assert(mkdtemp(t->dir));
  cr_assert_eq(loop_open(&t->loop, &e), 0, "%s", e.text);
}

void net_test_close(struct net_test *t) {
  loop_close(t->loop);
  cr_assert_eq(rmdir(t->dir), 0, "something is left in the folder of the test");
  arena_free(t->arena);
}

bool net_test_until(struct net_test *t, const size_t *n, size_t count) {
  int64_t end = clock_monotonic() + WAIT_MS;
  while (*n < count && clock_monotonic() < end) loop_turn(t->loop, 100);
  return *n >= count;
}

void net_test_turns(struct net_test *t, int64_t ms) {
  int64_t end = clock_monotonic() + ms;
  while (clock_monotonic() < end) loop_turn(t->loop, 10);
  for (int i = 0; i < TURNS_MIN; i++) loop_turn(t->loop, 0);
}

struct str net_test_bytes(struct arena *a, size_t n) {
  char *p = arena_alloc(a, n);
  uint32_t x = 1;
  for (size_t i = 0; i < n; i++) {
    x = x * 1664525u + 1013904223u;
    p[i] = (char)(x >> 24);
  }
  return (struct str){p, n};
}

size_t net_test_files(struct net_test *t, const char *dir) {
  struct error e;
  char **names;
  size_t n;
  cr_assert_eq(file_list(&names, &n, t->arena, dir, &e), 0);
  return n;
}

int net_test_connect(const char *url) {
  int64_t port;
  struct str rest = str_z(strrchr(url, ':') + 1);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  cr_assert(str_int(rest, &port), "%s", url);
  at.sin_port = htons((uint16_t)port);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  cr_assert_eq(connect(fd, (const void *)&at, sizeof at), 0);
  return fd;
}
