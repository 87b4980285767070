/* What is taken of a body, when the handler says so before it is read; and what every answer says of itself. */
#include "net_test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "net/http_server_int.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define POST_TO(path) "POST " path " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"

struct desk {
  struct net_test t;
  struct http_server *server;
  size_t requests;
};

static void on_request(void *payload, struct http_request *r) {
  struct desk *w = payload;
  w->requests++;
  http_reply(r, 200, "text/plain", arena_printf(r->arena, "body=%zu", r->body_size));
}

/* What nobody waits for. */
static void on_limit(void *payload, struct http_request *r, struct http_limit *limit) {
  (void)payload;
  if (str_eqz(r->path, "/nobody")) *limit = (struct http_limit){100, 404, "nobody is here"};
  if (str_eqz(r->path, "/wide")) limit->bytes = SIZE_MAX;
}

static void desk_open(struct desk *w) {
  struct error e;
  struct http_handler h = {.request = on_request, .limit = on_limit, .payload = w};
  *w = (struct desk){0};
  net_test_open(&w->t);
  cr_assert_eq(http_server_open(&w->server, w->t.loop, "127.0.0.1:0", w->t.dir, &h, &e), 0, "%s", e.text);
  w->server->body_max = (size_t)1 << 20;
}

static void desk_close(struct desk *w) {
  http_server_close(w->server);
  net_test_close(&w->t);
}

/* All that comes back for those bytes. */
static struct str exchange(struct desk *w, struct str bytes) {
  struct buf b;
  int fd = net_test_connect(http_server_url(w->server));
  cr_assert_eq(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
  buf_init(&b, 10000);
  for (int64_t end = clock_monotonic() + 10000; clock_monotonic() < end;) {
    char part[1000];
    loop_turn(w->t.loop, 10);
    ssize_t n = recv(fd, part, sizeof part, MSG_DONTWAIT);
    if (n > 0) buf_add(&b, (struct str){part, (size_t)n});
    if (n == 0) break;
  }
  close(fd);
  return buf_take(&b, w->t.arena);
}

Test(http_limit, a_handler_narrows_it_before_the_body_is_read) {
  static const struct {
    const char *head;
    int body;
    const char *tail, *answer, *says;
    size_t requests;
  } rows[] = {
      {POST_TO("/nobody") "Content-Length: 101\r\n\r\n", 0, "", "HTTP/1.1 404 ", "nobody is here", 0},
      {POST_TO("/nobody") "Transfer-Encoding: chunked\r\n\r\n65\r\n", 101, "\r\n0\r\n\r\n", "HTTP/1.1 404 ",
       "nobody is here", 0},
      {POST_TO("/nobody") "Content-Length: 100\r\n\r\n", 100, "", "HTTP/1.1 200 ", "body=100", 1},
      {POST_TO("/other") "Content-Length: 101\r\n\r\n", 101, "", "HTTP/1.1 200 ", "body=101", 2},
      {POST_TO("/wide") "Content-Length: 1048577\r\n\r\n", 0, "", "HTTP/1.1 413 ", "larger than", 2},
  };
  struct desk w;
  desk_open(&w);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str got = exchange(&w, arena_printf(w.t.arena, "%s%*s%s", rows[i].head, rows[i].body, "", rows[i].tail));
    cr_expect(str_starts(got, str_z(rows[i].answer)), "row %zu: %.*s", i, STR_F(got));
    cr_expect_neq(str_find(got, str_z(rows[i].says), 0), SIZE_MAX, "row %zu: %.*s", i, STR_F(got));
    cr_expect_eq(w.requests, rows[i].requests, "row %zu", i);
  }
  desk_close(&w);
}

/* Also of a simulated FHIR server, whose bytes are what a vendor sent. */
Test(http_limit, no_answer_lets_its_type_be_guessed) {
  static const char *const asked[] = {POST_TO("/x") "Content-Length: 0\r\n\r\n",
                                      POST_TO("/nobody") "Content-Length: 101\r\n\r\n"};
  struct str line = STR("\r\nX-Content-Type-Options: nosniff\r\n");
  struct desk w;
  desk_open(&w);
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
    struct str got = exchange(&w, str_z(asked[i]));
    size_t at = str_find(got, line, 0);
    cr_expect_neq(at, SIZE_MAX, "%.*s", STR_F(got));
    if (at != SIZE_MAX) cr_expect_eq(str_find(got, STR("nosniff"), at + line.n), SIZE_MAX, "twice: %.*s", STR_F(got));
  }
  desk_close(&w);
}
