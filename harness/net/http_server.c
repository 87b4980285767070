#include "net/http_server.h"

#include "base/file.h"
#include "net/http_server_int.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define HTTP_BACKLOG 511
/* Memory libmicrohttpd keeps for a connection: bounds a request's headers, and the pieces a body comes in. */
#define HTTP_CONNECTION_MEMORY ((size_t)64 << 10)
/* Descriptors needed beside those of the connections. */
#define HTTP_OTHER_FDS 256
/* Turns that http_server_close gives to replies still on their way out. */
#define HTTP_CLOSE_TURNS 3

/* ---- listening ---- */

/* Splits "host:port", "[v6]:port" or ":port" (then every address). */
static int address_split(struct arena *a, const char *address, char **host, char **port, struct error *e) {
  struct str s = str_z(address);
  size_t colon = s.n;
  while (colon > 0 && s.p[colon - 1] != ':') colon--;
  int64_t number;
  if (colon == 0 || !str_int(str_sub(s, colon, s.n), &number) || number < 0 || number > UINT16_MAX)
    return error_set(e, ERR_CONFIG, "\"%s\" is not an address to listen on; write host:port, as 127.0.0.1:8650",
                     address);
  struct str h = str_sub(s, 0, colon - 1);
  if (h.n >= 2 && h.p[0] == '[' && h.p[h.n - 1] == ']') h = str_sub(h, 1, h.n - 1);
  *host = h.n > 0 ? arena_z(a, h) : NULL;
  *port = arena_z(a, str_sub(s, colon, s.n));
  return 0;
}

static int listen_error(const char *address, int number, struct error *e) {
  if (number == EADDRINUSE)
    return error_set(e, ERR_IO, "%s is in use; is another testcamp running? choose another with --listen", address);
  return error_set(e, ERR_IO, "cannot listen on %s: %s; choose another address with --listen", address,
                   strerror(number));
}

static int listen_on(const struct addrinfo *ai) {
  int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(fd, HTTP_BACKLOG) == 0) return fd;
  int number = errno;
  close(fd);
  errno = number;
  return -1;
}

static int listen_open(struct arena *a, const char *address, struct error *e) {
  char *host = NULL, *port = NULL;
  if (address_split(a, address, &host, &port, e)) return -1;
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_family = host ? AF_UNSPEC : AF_INET};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  struct addrinfo *list;
  int code = getaddrinfo(host, port, &hints, &list);
  if (code) return error_set(e, ERR_CONFIG, "cannot listen on %s: %s", address, gai_strerror(code));
  int fd = listen_on(list);
  int number = errno;
  freeaddrinfo(list);
  return fd >= 0 ? fd : listen_error(address, number, e);
}

/* The URL under which this machine reaches the socket: loopback where it listens on every address. */
static const char *url_of(struct arena *a, int fd) {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } at = {0};
  socklen_t n = sizeof at;
  char text[INET6_ADDRSTRLEN] = "";
  if (getsockname(fd, &at.any, &n)) BUG("getsockname: %s", strerror(errno));
  if (at.any.sa_family == AF_INET6) {
    if (IN6_IS_ADDR_UNSPECIFIED(&at.v6.sin6_addr)) at.v6.sin6_addr = in6addr_loopback;
    inet_ntop(AF_INET6, &at.v6.sin6_addr, text, sizeof text);
    return arena_printf(a, "http://[%s]:%u", text, ntohs(at.v6.sin6_port)).p;
  }
  if (at.v4.sin_addr.s_addr == htonl(INADDR_ANY)) at.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  inet_ntop(AF_INET, &at.v4.sin_addr, text, sizeof text);
  return arena_printf(a, "http://%s:%u", text, ntohs(at.v4.sin_port)).p;
}

/* ---- driving libmicrohttpd ---- */

static void pump(struct http_server *s);

static void on_timer(void *payload) {
  struct http_server *s = payload;
  s->timer = NULL;
  pump(s);
}

static void on_ready(void *payload, uint32_t events) {
  (void)events;
  pump(payload);
}

static void rearm(struct http_server *s, int64_t ms) {
  loop_cancel(s->loop, s->timer);
  s->timer = ms < 0 ? NULL : loop_after(s->loop, ms, on_timer, s);
}

static void pump(struct http_server *s) {
  s->kicked = false;
  s->running = true;
  MHD_run(s->daemon);
  s->running = false;
  MHD_UNSIGNED_LONG_LONG ms = 0;
  int64_t wait = -1;
  if (s->kicked)
    wait = 0;
  else if (MHD_get_timeout(s->daemon, &ms) == MHD_YES)
    wait = (int64_t)(ms < INT32_MAX ? ms : INT32_MAX);
  rearm(s, wait);
}

void http_server_kick(struct http_server *s) {
  if (s->kicked) return;
  s->kicked = true;
  if (!s->running) rearm(s, 0);
}

/* ---- opening and closing ---- */

static void descriptors_raise(void) {
  struct rlimit limit;
  rlim_t wanted = HTTP_CONNECTIONS_MAX + HTTP_OTHER_FDS;
  if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static struct MHD_Daemon *daemon_start(struct http_server *s, int fd) {
  unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
  return MHD_start_daemon(flags, 0, NULL, NULL, http_on_request, s, MHD_OPTION_LISTEN_SOCKET, fd,
                          MHD_OPTION_URI_LOG_CALLBACK, http_on_uri, s, MHD_OPTION_NOTIFY_COMPLETED, http_on_end, s,
                          MHD_OPTION_CONNECTION_MEMORY_LIMIT, HTTP_CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT,
                          (unsigned)HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_SECONDS,
                          MHD_OPTION_END);
}

static int server_start(struct http_server *s, const char *address, struct error *e) {
  if (file_mkdirs(s->spool_dir, e)) return -1;
  int fd = listen_open(s->arena, address, e);
  if (fd < 0) return -1;
  s->url = url_of(s->arena, fd);
  s->daemon = daemon_start(s, fd);
  if (!s->daemon) {
    close(fd);
    return error_set(e, ERR_IO, "cannot start an HTTP server on %s", address);
  }
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
  if (!info) BUG("libmicrohttpd was built without epoll");
  s->watch = loop_watch(s->loop, info->epoll_fd, EPOLLIN, on_ready, s);
  return 0;
}

int http_server_open(struct http_server **out, struct loop *l, const char *address, const char *spool_dir,
                     const struct http_handler *h, struct error *e) {
  struct arena *a = arena_new(0);
  struct http_server *s = ARENA_NEW(a, struct http_server);
  s->arena = a;
  s->loop = l;
  s->handler = *h;
  s->spool_dir = arena_z(a, str_z(spool_dir));
  s->body_max = HTTP_BODY_MAX;
  s->discard_max = HTTP_DISCARD_MAX;
  descriptors_raise();
  if (server_start(s, address, e)) {
    arena_free(a);
    return -1;
  }
  *out = s;
  return 0;
}

void http_server_close(struct http_server *s) {
  if (!s) return;
  if (s->running) BUG("http_server_close called from a handler");
  s->closing = true;
  loop_unwatch(s->loop, s->watch);
  loop_cancel(s->loop, s->timer);
  /* Suspended connections must be woken: libmicrohttpd aborts when it is stopped with any. */
  for (struct http_connection *c = s->open; c; c = c->next) {
    if (c->suspended) MHD_resume_connection(c->mhd);
    c->suspended = false;
  }
  for (int i = 0; i < HTTP_CLOSE_TURNS; i++) MHD_run(s->daemon);
  MHD_stop_daemon(s->daemon);
  http_linger_end_all(s);
  arena_free(s->arena);
}

const char *http_server_url(const struct http_server *s) {
  return s->url;
}
