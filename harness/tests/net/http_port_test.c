/* The port of a server: whose it is while it is open, closed for a while, and given back. */
#include "net_test.h"

#include "net/http_server.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void on_request(void *payload, struct http_request *r) {
  (void)payload;
  http_reply(r, 200, "text/plain", STR(""));
}

static struct http_server *server_at(struct net_test *t, const char *address) {
  struct error e;
  struct http_server *s;
  struct http_handler h = {.request = on_request};
  cr_assert_eq(http_server_open(&s, t->loop, address, t->dir, &h, &e), 0, "%s", e.text);
  return s;
}

/* 0, or the errno of somebody else who wants the address of that URL. */
static int taken(const char *url) {
  int64_t port;
  struct str all = str_z(url);
  cr_assert(str_int(str_sub(all, str_find(all, STR(":"), 5) + 1, all.n), &port));
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  int number = bind(fd, (const void *)&at, sizeof at) ? errno : 0;
  close(fd);
  return number;
}

Test(http_port, closed_for_a_while_it_is_nobody_elses) {
  struct net_test t;
  struct error e;
  net_test_open(&t);
  struct http_server *s = server_at(&t, "127.0.0.1:0");
  const char *url = arena_z(t.arena, str_z(http_server_url(s)));
  cr_expect_eq(taken(url), EADDRINUSE);
  http_server_deafen(s);
  cr_expect_eq(taken(url), EADDRINUSE);
  cr_assert_eq(http_server_listen(s, &e), 0, "%s", e.text);
  cr_expect_eq(taken(url), EADDRINUSE);
  http_server_close(s);
  cr_expect_eq(taken(url), 0);
  net_test_close(&t);
}

Test(http_port, two_servers_have_not_the_same) {
  struct net_test t;
  struct error e;
  struct http_server *second;
  struct http_handler h = {.request = on_request};
  net_test_open(&t);
  struct http_server *first = server_at(&t, "127.0.0.1:0");
  const char *address = http_server_url(first) + strlen("http://");
  cr_expect_eq(http_server_open(&second, t.loop, address, t.dir, &h, &e), -1);
  cr_expect_not_null(strstr(e.text, "is in use"), "%s", e.text);
  http_server_close(first);
  net_test_close(&t);
}
