/* A server without a place left: who is sent away, and who is not. */
#include "net_test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "net/http_server_int.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HELD_MAX 8
#define LATE "GET /late HTTP/1.1\r\nHost: a\r\n\r\n"
#define NOW "GET /now HTTP/1.1\r\nHost: a\r\n\r\n"
#define HALF "POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx"

struct room {
  struct net_test t;
  struct http_server *server;
  struct http_request *held[HELD_MAX];
  size_t held_n, requests;
};

static void on_request(void *payload, struct http_request *r) {
  struct room *w = payload;
  w->requests++;
  if (str_eqz(r->path, "/late"))
    w->held[w->held_n++] = r;
  else
    http_reply(r, 200, "text/plain", STR("at once"));
}

static void room_open(struct room *w, size_t places) {
  struct error e;
  struct http_handler h = {.request = on_request, .payload = w};
  *w = (struct room){0};
  net_test_open(&w->t);
  cr_assert_eq(http_server_open(&w->server, w->t.loop, "127.0.0.1:0", w->t.dir, &h, &e), 0, "%s", e.text);
  w->server->connections_max = places;
}

static void room_close(struct room *w) {
  http_server_close(w->server);
  net_test_close(&w->t);
}

/* A connection that says that much; the server gets a moment for it. */
static int come(struct room *w, const char *says) {
  int fd = net_test_connect(http_server_url(w->server));
  fcntl(fd, F_SETFL, O_NONBLOCK);
  cr_assert_eq(write(fd, says, strlen(says)), (ssize_t)strlen(says));
  net_test_turns(&w->t, 2);
  cr_expect_leq(http_connections(w->server), w->server->connections_max);
  return fd;
}

/* What comes until it holds `until` or the server has closed. */
static struct str hear(struct room *w, int fd, const char *until) {
  struct buf b;
  char bytes[4096];
  buf_init(&b, 100000);
  for (int64_t end = clock_monotonic() + WAIT_MS; clock_monotonic() < end;) {
    loop_turn(w->t.loop, 10);
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n < 0 && errno == EAGAIN) continue;
    if (n <= 0) return buf_take(&b, w->t.arena);
    buf_add(&b, (struct str){bytes, (size_t)n});
    if (until && str_find(buf_str(&b), str_z(until), 0) != SIZE_MAX) return buf_take(&b, w->t.arena);
  }
  cr_assert_fail("the connection is open, and nothing comes");
  return STR("");
}

/* Those who open connections and say nothing, or half of it, keep nobody out; who waits for an answer keeps his place.
 */
Test(http_room, the_oldest_that_ask_nothing_go) {
  enum { SILENT = 40 };
  struct room w;
  int fds[SILENT];
  room_open(&w, 20);
  int waits = come(&w, LATE);
  for (size_t i = 0; i < SILENT; i++) fds[i] = come(&w, i % 2 ? HALF : "");
  int asks = come(&w, NOW);
  cr_expect(str_ends(hear(&w, asks, "at once"), STR("at once")));
  cr_expect_eq(hear(&w, fds[0], NULL).n, (size_t)0, "the oldest is gone");
  cr_assert_eq(w.held_n, (size_t)1);
  http_reply(w.held[0], 202, "text/plain", STR("done"));
  cr_expect(str_ends(hear(&w, waits, "done"), STR("done")));
  for (size_t i = 0; i < SILENT; i++) close(fds[i]);
  close(asks), close(waits);
  room_close(&w);
}

/* All wait for an answer, and somebody at the door: a place that falls free is his, not kept for another request. */
Test(http_room, a_place_that_falls_free_goes_to_who_waits) {
  struct room w;
  room_open(&w, 2);
  int first = come(&w, LATE), second = come(&w, LATE), door = come(&w, NOW);
  cr_assert_eq(w.held_n, (size_t)2);
  cr_expect_eq(w.requests, (size_t)2, "the third is at the door");
  http_reply(w.held[0], 202, "text/plain", STR("done"));
  cr_expect(str_ends(hear(&w, first, "done"), STR("done")));
  cr_expect(str_ends(hear(&w, door, "at once"), STR("at once")));
  close(first), close(second), close(door);
  room_close(&w);
}
