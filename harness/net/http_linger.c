#include "net/http_server_int.h"
#include "net/net_int.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Bytes dropped in one turn; and where the kernel cannot drop them by itself. */
#define LINGER_CHUNK ((size_t)4 << 20)
#define LINGER_SINK ((size_t)16 << 10)

struct http_linger {
  struct http_server *server;
  struct http_linger *prev, *next;
  int fd;
  struct loop_fd *watch;
  struct loop_timer *timer;
};

static void linger_end(struct http_linger *g) {
  struct http_server *s = g->server;
  loop_unwatch(s->loop, g->watch);
  loop_cancel(s->loop, g->timer);
  close(g->fd);
  *(g->prev ? &g->prev->next : &s->lingers) = g->next;
  if (g->next) g->next->prev = g->prev;
  s->lingers_n--;
  free(g);
}

static void linger_over(void *payload) {
  struct http_linger *g = payload;
  g->timer = NULL;
  linger_end(g);
}

/* MSG_TRUNC on TCP: the kernel drops the bytes without copying them. The pairs of sockets behind TLS have no such
 * thing. */
static ssize_t drop(int fd) {
  char sink[LINGER_SINK];
  ssize_t n = recv(fd, NULL, LINGER_CHUNK, MSG_TRUNC | MSG_DONTWAIT);
  return n < 0 && errno == EFAULT ? recv(fd, sink, sizeof sink, MSG_DONTWAIT) : n;
}

static void linger_read(void *payload, uint32_t events) {
  struct http_linger *g = payload;
  (void)events;
  ssize_t n = drop(g->fd);
  if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR))) return;
  linger_end(g);
}

void http_linger(struct http_server *s, int fd) {
  if (s->closing || s->lingers_n >= HTTP_LINGER_MAX) {
    close(fd);
    return;
  }
  shutdown(fd, SHUT_WR);
  struct http_linger *g = net_alloc(sizeof *g);
  g->server = s;
  g->fd = fd;
  g->next = s->lingers;
  if (g->next) g->next->prev = g;
  s->lingers = g;
  s->lingers_n++;
  g->watch = loop_watch(s->loop, fd, EPOLLIN | EPOLLRDHUP, linger_read, g);
  g->timer = loop_after(s->loop, HTTP_LINGER_MS, linger_over, g);
}

void http_linger_end_all(struct http_server *s) {
  while (s->lingers) linger_end(s->lingers);
}
