#include "net_test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "net/http_client.h"
#include "net/http_server_int.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define HELD_MAX 64

/* A server and a client on one loop. The handler answers by path: /echo the body, /late only when told, else a line
 * that names what came. */
struct web {
  struct net_test t;
  char *spool;
  struct http_server *server;
  struct http_client *client;
  size_t requests, refusals, answers, resets;
  int refused_status, status;
  char refused_path[64], refused_why[128];
  size_t body_size;
  bool in_file, file_exact;
  struct str expected; /* of a body in a file */
  struct buf answer, type, failure;
  struct http_request *held[HELD_MAX];
  size_t held_n;
};

static void reply_text(struct web *w, struct http_request *r) {
  struct str x = http_header(r, "X-Test"), q = http_query(r, "q");
  (void)w;
  http_reply(r, 200, "text/plain",
             arena_printf(r->arena, "%.*s %.*s ?%.*s q=%.*s x=%.*s body=%zu", STR_F(r->method), STR_F(r->path),
                          STR_F(r->query), STR_F(q), STR_F(x), r->body_size));
}

static void on_request(void *payload, struct http_request *r) {
  struct web *w = payload;
  w->requests++;
  w->body_size = r->body_size;
  w->in_file = r->body_file != NULL;
  if (r->body_file) {
    struct str got;
    struct error e;
    cr_assert_eq(file_read(&got, r->arena, r->body_file, HTTP_BODY_MAX, &e), 0, "%s", e.text);
    w->file_exact = str_eq(got, w->expected);
  }
  if (str_eqz(r->path, "/echo"))
    http_reply(r, 201, "application/x-echo", r->body);
  else if (str_eqz(r->path, "/late"))
    w->held[w->held_n++] = r;
  else if (str_eqz(r->path, "/cut"))
    http_abort(r);
  else if (str_eqz(r->path, "/keep")) {
    cr_assert_eq(rename(r->body_file, file_join(w->t.arena, w->t.dir, "kept")), 0);
    http_reply(r, 204, NULL, STR(""));
  } else
    reply_text(w, r);
}

static void on_reset(void *payload) {
  struct web *w = payload;
  w->resets++;
}

static void on_refused(void *payload, struct str peer, struct str path, int status, const char *why) {
  struct web *w = payload;
  w->refusals++;
  w->refused_status = status;
  cr_assert(peer.n > 0 && why && *why);
  size_t n = path.n < sizeof w->refused_path ? path.n : sizeof w->refused_path - 1;
  memcpy(w->refused_path, path.p, n);
  w->refused_path[n] = '\0';
  snprintf(w->refused_why, sizeof w->refused_why, "%s", why);
}

static void web_open(struct web *w) {
  struct error e;
  struct http_handler h = {.request = on_request, .refused = on_refused, .reset = on_reset, .payload = w};
  *w = (struct web){0};
  net_test_open(&w->t);
  w->spool = file_join(w->t.arena, w->t.dir, "spool");
  cr_assert_eq(http_server_open(&w->server, w->t.loop, "127.0.0.1:0", w->spool, &h, &e), 0, "%s", e.text);
  cr_assert_eq(http_client_open(&w->client, w->t.loop, &e), 0, "%s", e.text);
  buf_init(&w->answer, HTTP_ANSWER_MAX);
  buf_init(&w->type, 1000);
  buf_init(&w->failure, 1000);
}

static void web_close(struct web *w) {
  http_client_close(w->client);
  http_server_close(w->server);
  cr_assert_eq(net_test_files(&w->t, w->spool), 0, "a body is left in the spool folder");
  rmdir(w->spool);
  buf_release(&w->answer);
  buf_release(&w->type);
  buf_release(&w->failure);
  net_test_close(&w->t);
}

static void on_answer(void *payload, const struct http_answer *a) {
  struct web *w = payload;
  w->answers++;
  w->status = a->status;
  buf_clear(&w->answer);
  buf_clear(&w->type);
  buf_clear(&w->failure);
  buf_add(&w->answer, a->body);
  buf_add(&w->type, a->content_type);
  if (a->failure) buf_addz(&w->failure, a->failure);
}

static const char *url(struct web *w, const char *path) {
  return arena_printf(w->t.arena, "%s%s", http_server_url(w->server), path).p;
}

static void ask(struct web *w, const char *method, const char *path, struct str body) {
  size_t before = w->answers;
  http_send(w->client, method, url(w, path), body.n > 0 ? "text/x-test" : NULL, body, WAIT_MS, on_answer, w);
  cr_assert_eq(w->answers, before, "called back in the same turn");
  cr_assert(net_test_until(&w->t, &w->answers, before + 1), "no answer");
}

#define CHECK_BODY(w, text)                                                                                            \
  cr_assert(str_eqz(buf_str(&(w)->answer), (text)), "got \"%.*s\"", STR_F(buf_str(&(w)->answer)))

Test(http, small_requests_of_all_methods) {
  static const struct {
    const char *method, *path, *body, *answer;
  } rows[] = {
      {"GET", "/a/b?q=%C3%A6b+c&z", "",
       "GET /a/b ?q=%C3%A6b+c&z q=\xC3\xA6"
       "b c x= body=0"},
      {"GET", "/", "", "GET / ? q= x= body=0"},
      {"POST", "/in", "hello", "POST /in ? q= x= body=5"},
      {"POST", "/in", "", "POST /in ? q= x= body=0"},
      {"PUT", "/in?q=1", "x", "PUT /in ?q=1 q=1 x= body=1"},
      {"DELETE", "/in", "", "DELETE /in ? q= x= body=0"},
      {"PATCH", "/in", "[]", "PATCH /in ? q= x= body=2"},
      {"HEAD", "/in", "", ""},
  };
  struct web w;
  web_open(&w);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    ask(&w, rows[i].method, rows[i].path, str_z(rows[i].body));
    cr_assert_eq(w.status, 200, "%s: %d %s", rows[i].method, w.status, w.failure.p);
    CHECK_BODY(&w, rows[i].answer);
  }
  cr_assert_eq(w.refusals, 0);
  cr_assert_eq(http_client_busy(w.client), 0);
  web_close(&w);
}

Test(http, a_body_comes_back_byte_for_byte) {
  struct web w;
  web_open(&w);
  static const size_t sizes[] = {1, 1000, 65536, HTTP_BODY_MEMORY - 1, HTTP_BODY_MEMORY};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    struct str body = net_test_bytes(w.t.arena, sizes[i]);
    ask(&w, "POST", "/echo", body);
    cr_assert_eq(w.status, 201);
    cr_assert(!w.in_file);
    cr_assert(str_eqz(buf_str(&w.type), "application/x-echo"));
    cr_assert(str_eq(buf_str(&w.answer), body));
  }
  web_close(&w);
}

Test(http, a_large_body_is_in_a_file) {
  struct web w;
  web_open(&w);
  static const size_t sizes[] = {HTTP_BODY_MEMORY + 1, (size_t)3 << 20};
  for (size_t i = 0; i < 2; i++) {
    w.expected = net_test_bytes(w.t.arena, sizes[i]);
    ask(&w, "POST", "/in", w.expected);
    cr_assert_eq(w.status, 200);
    cr_assert_eq(w.body_size, sizes[i]);
    cr_assert(w.in_file && w.file_exact);
  }
  web_close(&w);
}

Test(http, a_handler_may_keep_the_file) {
  struct web w;
  struct error e;
  struct str kept;
  web_open(&w);
  w.expected = net_test_bytes(w.t.arena, HTTP_BODY_MEMORY + 5);
  ask(&w, "POST", "/keep", w.expected);
  cr_assert_eq(w.status, 204);
  const char *path = file_join(w.t.arena, w.t.dir, "kept");
  cr_assert_eq(file_read(&kept, w.t.arena, path, HTTP_BODY_MAX, &e), 0);
  cr_assert(str_eq(kept, w.expected));
  unlink(path);
  web_close(&w);
}

/* Must run last in a turn, so that "late" means later: answers all that is held. */
static void answer_held(void *payload) {
  struct web *w = payload;
  while (w->held_n > 0) http_reply(w->held[--w->held_n], 202, "text/plain", STR("late"));
}

Test(http, a_reply_may_come_in_a_later_turn) {
  struct web w;
  web_open(&w);
  http_send(w.client, "POST", url(&w, "/late"), "a/b", STR("x"), WAIT_MS, on_answer, &w);
  cr_assert(net_test_until(&w.t, &w.held_n, 1));
  net_test_turns(&w.t, 30);
  cr_assert_eq(w.answers, 0);
  answer_held(&w);
  cr_assert(net_test_until(&w.t, &w.answers, 1));
  cr_assert_eq(w.status, 202);
  CHECK_BODY(&w, "late");
  web_close(&w);
}

Test(http, fifty_requests_at_once) {
  struct web w;
  web_open(&w);
  for (int i = 0; i < 50; i++) http_send(w.client, "POST", url(&w, "/late"), "a/b", STR("x"), WAIT_MS, on_answer, &w);
  cr_assert_eq(http_client_busy(w.client), 50);
  cr_assert(net_test_until(&w.t, &w.held_n, 50), "only %zu came", w.held_n);
  answer_held(&w);
  cr_assert(net_test_until(&w.t, &w.answers, 50));
  cr_assert_eq(w.status, 202);
  web_close(&w);
}

Test(http, closing_with_requests_held_is_clean) {
  struct web w;
  web_open(&w);
  for (int i = 0; i < 3; i++) http_send(w.client, "GET", url(&w, "/late"), NULL, STR(""), WAIT_MS, on_answer, &w);
  cr_assert(net_test_until(&w.t, &w.held_n, 3));
  web_close(&w);
  cr_assert_eq(w.answers, 0);
}

/* ---- raw sockets ---- */

static int raw_open(struct web *w) {
  int fd = net_test_connect(http_server_url(w->server));
  fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

static void raw_write(int fd, struct str s) {
  cr_assert_eq(write(fd, s.p, s.n), (ssize_t)s.n);
}

/* Turns until the server closed, or what came holds `until`; what came. */
static struct str raw_read(struct web *w, int fd, const char *until) {
  struct buf b;
  char bytes[4096];
  buf_init(&b, 100000);
  for (int64_t end = clock_monotonic() + WAIT_MS; clock_monotonic() < end;) {
    loop_turn(w->t.loop, 10);
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n == 0) break;
    if (n < 0) {
      if (errno == EAGAIN) continue;
      buf_printf(&b, "[%s]", strerror(errno));
      break;
    }
    buf_add(&b, (struct str){bytes, (size_t)n});
    if (until && str_find(buf_str(&b), str_z(until), 0) != SIZE_MAX) break;
  }
  return buf_take(&b, w->t.arena);
}

Test(http, waiting_does_not_spin) {
  struct web w;
  web_open(&w);
  int idle = raw_open(&w);
  http_send(w.client, "GET", url(&w, "/late"), NULL, STR(""), WAIT_MS, on_answer, &w);
  ask(&w, "GET", "/kept-alive", STR(""));
  cr_assert(net_test_until(&w.t, &w.held_n, 1));
  net_test_turns(&w.t, 20);
  int turns = 0;
  for (int64_t end = clock_monotonic() + 200; clock_monotonic() < end; turns++) loop_turn(w.t.loop, 50);
  cr_assert_lt(turns, 20, "%d turns with nothing to do", turns);
  answer_held(&w);
  cr_assert(net_test_until(&w.t, &w.answers, 2));
  close(idle);
  web_close(&w);
}

#define SMUGGLED "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

Test(http, what_can_be_framed_in_two_ways_is_refused_and_closed) {
  static const struct {
    const char *headers, *body;
    int status;
  } rows[] = {
      {"Content-Length: 4\r\nContent-Length: 5\r\n", "abcde", 400},
      {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", 400},
      {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n", 400},
      {"Content-Length : 36\r\n", SMUGGLED, 400},
      {"Content-Length\t: 36\r\n", SMUGGLED, 400},
      {"Transfer-Encoding : chunked\r\n", "0\r\n\r\n" SMUGGLED, 400},
      {"Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n" SMUGGLED, 501},
      {"Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" SMUGGLED, 501},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n" SMUGGLED, 400},
      {"Content-Length: 36\r\n x\r\n", SMUGGLED, 400},
      {"Content-Length: 36\r\n ,4\r\n", SMUGGLED, 400},
      {"Content-: 36\r\n\tLength\r\n", SMUGGLED, 400},
      {"X-Test: 1\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\n" SMUGGLED, 400},
      {"X-Test: 1\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n" SMUGGLED, 400},
  };
  struct web w;
  web_open(&w);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    int fd = raw_open(&w);
    raw_write(fd, arena_printf(w.t.arena, "POST /in HTTP/1.1\r\nHost: a\r\n%s\r\n%s", rows[i].headers, rows[i].body));
    struct str got = raw_read(&w, fd, NULL);
    struct str head = arena_printf(w.t.arena, "HTTP/1.1 %d ", rows[i].status);
    cr_assert(str_starts(got, head), "row %zu: %.*s", i, STR_F(got));
    cr_assert_eq(str_find(got, STR("HTTP/1.1"), 1), SIZE_MAX, "row %zu was answered twice: %.*s", i, STR_F(got));
    cr_assert_eq(w.refused_status, rows[i].status);
    cr_assert_eq(w.refusals, i + 1);
    close(fd);
  }
  cr_assert_eq(w.requests, 0);
  web_close(&w);
}

Test(http, malformed_requests_are_seen) {
  static const char *const rows[] = {
      "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
      "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
      "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 4, 4\r\n\r\nabcd",
      "POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "GET /in%00x HTTP/1.1\r\nHost: a\r\n\r\n",
  };
  struct web w;
  web_open(&w);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    int fd = raw_open(&w);
    raw_write(fd, str_z(rows[i]));
    struct str got = raw_read(&w, fd, NULL);
    cr_assert(got.n == 0 || str_starts(got, STR("HTTP/1.1 4")), "row %zu: %.*s", i, STR_F(got));
    cr_assert_eq(w.refusals, i + 1, "row %zu went unseen", i);
    cr_assert(str_starts(str_z(w.refused_path), STR("/in")));
    close(fd);
  }
  cr_assert_eq(w.requests, 0);
  web_close(&w);
}

/* Else who speaks TLS to a port without it is told that nothing ever came. */
Test(http, what_is_no_request_is_seen) {
  static const struct str rows[] = {
      STR_INIT("\x16\x03\x01\x00\x2a\x01\x00\x00\x26\x03\x03 a greeting of TLS"),
      STR_INIT("\x16\x03\x01\x00\x2a\x01\x00\x00\x26\x03\x03\n a greeting of TLS\r\n"),
      STR_INIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      STR_INIT("GET\r\n\r\n"),
  };
  struct web w;
  web_open(&w);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    int fd = raw_open(&w);
    raw_write(fd, rows[i]);
    net_test_turns(&w.t, 20);
    shutdown(fd, SHUT_WR);
    raw_read(&w, fd, NULL);
    cr_assert(net_test_until(&w.t, &w.refusals, i + 1), "row %zu went unseen", i);
    cr_expect(strstr(w.refused_why, "https instead of http"), "%s", w.refused_why);
    close(fd);
  }
  int fd = raw_open(&w);
  net_test_turns(&w.t, 20);
  close(fd);
  net_test_turns(&w.t, 20);
  cr_assert_eq(w.refusals, sizeof rows / sizeof rows[0], "who only connects is nobody");
  cr_assert_eq(w.requests, 0);
  web_close(&w);
}

Test(http, equal_content_lengths_and_keep_alive_are_fine) {
  struct web w;
  web_open(&w);
  int fd = raw_open(&w);
  raw_write(fd, STR("POST /in HTTP/1.1\r\nHost: a\r\nX-Test: 7\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab"));
  struct str got = raw_read(&w, fd, "body=2");
  cr_assert_neq(str_find(got, STR("x=7 body=2"), 0), SIZE_MAX);
  raw_write(fd, STR("GET /again HTTP/1.1\r\nHost: a\r\n\r\n"));
  got = raw_read(&w, fd, "body=0");
  cr_assert_neq(str_find(got, STR("/again"), 0), SIZE_MAX, "%.*s", STR_F(got));
  cr_assert_eq(w.requests, 2);
  close(fd);
  web_close(&w);
}

Test(http, continue_is_sent) {
  struct web w;
  web_open(&w);
  int fd = raw_open(&w);
  raw_write(fd, STR("POST /in HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
  struct str got = raw_read(&w, fd, "\r\n\r\n");
  cr_assert(str_starts(got, STR("HTTP/1.1 100 ")));
  raw_write(fd, STR("abc"));
  got = raw_read(&w, fd, "body=3");
  cr_assert(str_starts(got, STR("HTTP/1.1 200 ")));
  close(fd);
  web_close(&w);
}

Test(http, three_hundred_megabytes_are_refused_at_once) {
  struct web w;
  web_open(&w);
  int fd = raw_open(&w);
  raw_write(fd, STR("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 314572800\r\n\r\n"));
  raw_write(fd, net_test_bytes(w.t.arena, 100000));
  struct str got = raw_read(&w, fd, NULL);
  cr_assert(str_starts(got, STR("HTTP/1.1 413 ")), "%.*s", STR_F(got));
  cr_assert_eq(str_find(got, STR("["), 0), SIZE_MAX, "the connection was reset: %.*s", STR_F(got));
  cr_assert_eq(w.refusals, 1);
  cr_assert_eq(w.refused_status, 413);
  cr_assert_str_eq(w.refused_path, "/big");
  cr_assert_eq(w.requests, 0);
  close(fd);
  web_close(&w);
}

Test(http, the_client_sees_the_413_while_it_is_still_sending) {
  struct web w;
  web_open(&w);
  w.server->body_max = (size_t)1 << 20;
  ask(&w, "POST", "/big", net_test_bytes(w.t.arena, (size_t)20 << 20));
  cr_assert_eq(w.status, 413, "%s", w.failure.p);
  cr_assert_eq(w.refusals, 1);
  web_close(&w);
}

/* Sends chunks of 64 KB until `total` went or the server closed; bytes that went. */
static size_t raw_chunks(struct web *w, int fd, size_t total) {
  struct str chunk = arena_printf(w->t.arena, "10000\r\n%65536s\r\n", "");
  size_t gone = 0;
  for (size_t left = chunk.n; gone < total;) {
    ssize_t n = send(fd, chunk.p + (chunk.n - left), left, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) break;
    if (n < 0)
      loop_turn(w->t.loop, 1);
    else
      left -= (size_t)n, gone += (size_t)n;
    if (left == 0) left = chunk.n;
  }
  return gone;
}

Test(http, chunks_over_the_limit_are_refused) {
  struct web w;
  web_open(&w);
  w.server->body_max = (size_t)2 << 20;
  int fd = raw_open(&w);
  raw_write(fd, STR("POST /big HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
  size_t whole = (size_t)48 * (65536 + 9);
  cr_assert_eq(raw_chunks(&w, fd, whole), whole);
  NET_TEST_UNTIL(&w.t, w.refused_status);
  cr_assert_eq(w.refused_status, 413);
  cr_assert_eq(net_test_files(&w.t, w.spool), 0, "what was refused is not kept");
  raw_write(fd, STR("0\r\n\r\n"));
  struct str got = raw_read(&w, fd, NULL);
  cr_assert(str_starts(got, STR("HTTP/1.1 413 ")), "%.*s", STR_F(got));
  cr_assert_eq(w.refusals, 1);
  cr_assert_eq(w.requests, 0);
  close(fd);
  web_close(&w);
}

Test(http, chunks_without_end_are_cut_with_an_answer) {
  struct web w;
  web_open(&w);
  w.server->body_max = w.server->discard_max = (size_t)1 << 20;
  int fd = raw_open(&w);
  raw_write(fd, STR("POST /big HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
  cr_assert_eq(raw_chunks(&w, fd, (size_t)48 * (65536 + 9)), (size_t)48 * (65536 + 9));
  struct str got = raw_read(&w, fd, NULL);
  cr_assert(str_starts(got, STR("HTTP/1.1 413 ")), "%.*s", STR_F(got));
  cr_assert_eq(str_find(got, STR("["), 0), SIZE_MAX, "the connection was reset: %.*s", STR_F(got));
  cr_assert_eq(w.refusals, 1);
  cr_assert_null(w.server->open);
  close(fd);
  web_close(&w);
}

Test(http, chunks_are_put_together) {
  struct web w;
  web_open(&w);
  int fd = raw_open(&w);
  raw_write(fd, STR("POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n"));
  net_test_turns(&w.t, 10);
  cr_assert_eq(w.requests, 0);
  raw_write(fd, STR("0\r\n\r\n"));
  struct str got = raw_read(&w, fd, "body=7");
  cr_assert(str_starts(got, STR("HTTP/1.1 200 ")), "%.*s", STR_F(got));
  close(fd);
  web_close(&w);
}

Test(http, a_client_may_go_before_the_reply) {
  struct web w;
  web_open(&w);
  int fd = raw_open(&w);
  raw_write(fd, STR("POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"));
  cr_assert(net_test_until(&w.t, &w.held_n, 1));
  struct linger hard = {1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close(fd);
  net_test_turns(&w.t, 20);
  cr_assert(str_eqz(http_header(w.held[0], "Host"), "a"));
  answer_held(&w);
  NET_TEST_UNTIL(&w.t, !w.server->open);
  cr_assert_null(w.server->open, "the request is freed");
  ask(&w, "GET", "/next", STR(""));
  cr_assert_eq(w.status, 200);
  web_close(&w);
}

/* Bytes in the one file of the spool folder. */
static size_t spooled(struct web *w) {
  char **names;
  size_t n;
  struct error e;
  struct stat st;
  if (file_list(&names, &n, w->t.arena, w->spool, &e) < 0 || n == 0) return 0;
  return stat(file_join(w->t.arena, w->spool, names[0]), &st) == 0 ? (size_t)st.st_size : 0;
}

/* It goes when all it sent was read: libmicrohttpd hears of an end that comes together with data only when the
 * connection has been idle for too long. */
Test(http, a_client_that_goes_in_the_middle_is_seen_and_leaves_nothing) {
  struct web w;
  web_open(&w);
  int fd = raw_open(&w);
  raw_write(fd, STR("POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n"));
  struct str part = net_test_bytes(w.t.arena, (size_t)3 << 19);
  for (size_t at = 0; at < part.n;) {
    ssize_t n = write(fd, part.p + at, part.n - at);
    if (n > 0) at += (size_t)n;
    loop_turn(w.t.loop, 1);
  }
  NET_TEST_UNTIL(&w.t, spooled(&w) == part.n);
  net_test_turns(&w.t, 20);
  cr_assert_eq(net_test_files(&w.t, w.spool), 1);
  close(fd);
  cr_assert(net_test_until(&w.t, &w.refusals, 1));
  cr_assert_eq(w.refused_status, 0);
  cr_assert_str_eq(w.refused_path, "/half");
  cr_assert_eq(w.requests, 0);
  web_close(&w);
}

/* ---- what cannot be done ---- */

Test(http, an_address_in_use_is_named_with_advice) {
  struct web w;
  struct error e;
  struct http_server *second;
  struct http_handler h = {.request = on_request, .refused = NULL, .payload = &w};
  web_open(&w);
  const char *address = http_server_url(w.server) + strlen("http://");
  cr_assert_eq(http_server_open(&second, w.t.loop, address, w.spool, &h, &e), -1);
  cr_assert(strstr(e.text, address) && strstr(e.text, "in use") && strstr(e.text, "--listen"), "%s", e.text);
  web_close(&w);
}

Test(http, a_bad_address_is_refused) {
  static const char *const rows[] = {
      "", "8650", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:x", "127.0.0.1:-1"};
  struct net_test t;
  struct error e;
  struct http_server *s;
  struct http_handler h = {.request = on_request, .refused = NULL, .payload = NULL};
  net_test_open(&t);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    cr_assert_eq(http_server_open(&s, t.loop, rows[i], t.dir, &h, &e), -1, "\"%s\" was taken", rows[i]);
    cr_assert_eq(e.code, ERR_CONFIG);
  }
  net_test_close(&t);
}

Test(http, a_refused_connection_is_told_as_such) {
  struct web w;
  web_open(&w);
  const char *gone = url(&w, "/x");
  http_server_close(w.server);
  http_send(w.client, "POST", gone, "a/b", STR("x"), 0, on_answer, &w);
  cr_assert(net_test_until(&w.t, &w.answers, 1));
  cr_assert_eq(w.status, 0);
  cr_assert(strstr(w.failure.p, "refused") && strstr(w.failure.p, gone), "%s", w.failure.p);
  http_send(w.client, "GET", "gopher://x/", NULL, STR(""), 0, on_answer, &w);
  cr_assert(net_test_until(&w.t, &w.answers, 2));
  cr_assert(w.status == 0 && w.failure.n > 0);
  struct error e;
  struct http_handler h = {.request = on_request, .refused = on_refused, .payload = &w};
  cr_assert_eq(http_server_open(&w.server, w.t.loop, "localhost:0", w.spool, &h, &e), 0, "%s", e.text);
  web_close(&w);
}

Test(http, what_is_link_local_is_not_asked) {
  static const char *const urls[] = {"http://169.254.169.254/", "http://[fe80::1]/", "http://[::ffff:169.254.1.1]/"};
  struct web w;
  web_open(&w);
  for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
    http_send(w.client, "GET", urls[i], NULL, STR(""), WAIT_MS, on_answer, &w);
    cr_assert(net_test_until(&w.t, &w.answers, i + 1));
    cr_expect(w.status == 0 && strstr(w.failure.p, "link-local"), "%s: %s", urls[i], w.failure.p);
  }
  web_close(&w);
}

Test(http, a_silent_server_is_a_time_out) {
  struct web w;
  web_open(&w);
  http_send(w.client, "GET", url(&w, "/late"), NULL, STR(""), 50, on_answer, &w);
  cr_assert(net_test_until(&w.t, &w.answers, 1));
  cr_assert_eq(w.status, 0);
  cr_assert(strstr(w.failure.p, "no answer within 50 ms"), "%s", w.failure.p);
  answer_held(&w);
  web_close(&w);
}

static void on_answer_close(void *payload, const struct http_answer *a) {
  struct web *w = payload;
  http_client_close(w->client);
  w->client = NULL;
  cr_assert_eq(a->status, 200);
  w->answers++;
}

Test(http, the_client_may_be_closed_by_its_callback) {
  struct web w;
  web_open(&w);
  http_send(w.client, "GET", url(&w, "/late"), NULL, STR(""), 0, on_answer, &w);
  http_send(w.client, "GET", url(&w, "/x"), NULL, STR(""), 0, on_answer_close, &w);
  cr_assert(net_test_until(&w.t, &w.answers, 1));
  net_test_turns(&w.t, 20);
  cr_assert_eq(w.answers, 1);
  web_close(&w);
}

/* ---- faults ---- */

Test(http, a_closed_port_refuses_what_connects_and_what_was_between_two_requests) {
  struct web w;
  struct error e;
  web_open(&w);
  ask(&w, "POST", "/a", STR("x"));
  cr_expect_eq(w.status, 200);
  http_server_deafen(w.server);
  ask(&w, "POST", "/a", STR("x"));
  cr_expect_eq(w.status, 0);
  cr_expect_neq(str_find(buf_str(&w.failure), STR("refused"), 0), SIZE_MAX, "%.*s", STR_F(buf_str(&w.failure)));
  cr_assert_eq(http_server_listen(w.server, &e), 0, "%s", e.text);
  ask(&w, "POST", "/a", STR("x"));
  cr_expect_eq(w.status, 200);
  web_close(&w);
}

Test(http, a_request_under_way_is_answered_though_the_port_is_closed) {
  struct web w;
  web_open(&w);
  http_send(w.client, "POST", url(&w, "/late"), NULL, STR("x"), WAIT_MS, on_answer, &w);
  cr_assert(net_test_until(&w.t, &w.held_n, 1));
  http_server_deafen(w.server);
  http_reply(w.held[0], 202, "text/plain", STR("done"));
  cr_assert(net_test_until(&w.t, &w.answers, 1));
  cr_expect_eq(w.status, 202);
  web_close(&w);
}

Test(http, the_nth_connections_are_reset) {
  static const int status[] = {200, 0, 0, 200};
  struct web w;
  web_open(&w);
  http_server_reset_next(w.server, 1, 2);
  for (size_t i = 0; i < 4; i++) {
    /* A client of its own, so that each request is a connection of its own. */
    struct error e;
    http_client_close(w.client);
    cr_assert_eq(http_client_open(&w.client, w.t.loop, &e), 0);
    ask(&w, "POST", "/a", STR("x"));
    cr_expect_eq(w.status, status[i], "%zu: %d", i, w.status);
  }
  cr_expect_eq(w.resets, (size_t)2);
  web_close(&w);
}

Test(http, a_connection_that_was_busy_carries_nothing_past_the_fault) {
  struct web w;
  web_open(&w);
  http_send(w.client, "POST", url(&w, "/late"), NULL, STR("x"), WAIT_MS, on_answer, &w);
  cr_assert(net_test_until(&w.t, &w.held_n, 1));
  http_server_reset_next(w.server, 0, 1);
  http_reply(w.held[0], 202, "text/plain", STR("done"));
  cr_assert(net_test_until(&w.t, &w.answers, 1));
  cr_expect_eq(w.status, 202);
  ask(&w, "POST", "/a", STR("x"));
  cr_expect_eq(w.status, 0);
  cr_expect_eq(w.resets, (size_t)1);
  web_close(&w);
}

Test(http, a_request_can_be_left_without_an_answer) {
  struct web w;
  web_open(&w);
  ask(&w, "POST", "/cut", STR("x"));
  cr_expect_eq(w.status, 0);
  http_send(w.client, "POST", url(&w, "/late"), NULL, STR("x"), WAIT_MS, on_answer, &w);
  cr_assert(net_test_until(&w.t, &w.held_n, 1));
  http_abort(w.held[0]);
  cr_assert(net_test_until(&w.t, &w.answers, 2));
  cr_expect_eq(w.status, 0);
  cr_expect_eq(w.refusals, (size_t)0);
  web_close(&w);
}

static void on_headers(void *payload, const struct http_answer *a) {
  struct web *w = payload;
  buf_clear(&w->type);
  buf_add(&w->type, a->headers);
  buf_clear(&w->answer);
  buf_add(&w->answer, a->body);
  w->status = a->status;
  w->answers++;
}

Test(http, a_call_has_headers_of_its_own_and_gets_those_of_the_answer) {
  struct web w;
  web_open(&w);
  const struct fact headers[] = {{STR("X-Test"), STR("a.xml")}, {STR("X-Empty"), STR("")}};
  struct http_call call = {.method = "POST",
                           .url = url(&w, "/headers"),
                           .content_type = "text/plain",
                           .headers = headers,
                           .headers_n = 2,
                           .body = STR("x"),
                           .done = on_headers,
                           .payload = &w};
  http_call(w.client, &call);
  cr_assert(net_test_until(&w.t, &w.answers, 1));
  cr_expect_neq(str_find(buf_str(&w.type), STR("Content-Type: "), 0), SIZE_MAX, "%.*s", STR_F(buf_str(&w.type)));
  cr_expect_neq(str_find(buf_str(&w.answer), STR("x=a.xml"), 0), SIZE_MAX, "%.*s", STR_F(buf_str(&w.answer)));
  web_close(&w);
}

Test(http, what_would_begin_another_header_is_none) {
  cr_expect(http_header_valid(STR("X-A"), STR("b c")));
  cr_expect(!http_header_valid(STR("X A"), STR("b")));
  cr_expect(!http_header_valid(STR(""), STR("b")));
  cr_expect(!http_header_valid(STR("X-A"), STR("b\r\nX-C: d")));
}
