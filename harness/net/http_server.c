#include "net/http_server.h"

#include "base/file.h"
#include "net/http_server_int.h"

#include <sys/epoll.h>
#include <sys/resource.h>

/* Memory libmicrohttpd keeps for a connection: bounds a request's headers, and the pieces a body comes in. */
#define HTTP_CONNECTION_MEMORY ((size_t)64 << 10)
/* Descriptors needed beside those of the connections. */
#define HTTP_OTHER_FDS 256
/* A connection with TLS has its socket, and both ends of the pair behind it. */
#define HTTP_TLS_FDS 3
/* Turns that http_server_close gives to replies still on their way out. */
#define HTTP_CLOSE_TURNS 3

/* ---- driving libmicrohttpd ---- */

static void on_timer(void *payload) {
  struct http_server *s = payload;
  s->timer = NULL;
  http_server_pump(s);
}

static void on_ready(void *payload, uint32_t events) {
  (void)events;
  http_server_pump(payload);
}

static void rearm(struct http_server *s, int64_t ms) {
  loop_cancel(s->loop, s->timer);
  s->timer = ms < 0 ? NULL : loop_after(s->loop, ms, on_timer, s);
}

void http_server_pump(struct http_server *s) {
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

static void descriptors_raise(rlim_t each) {
  struct rlimit limit;
  rlim_t wanted = HTTP_CONNECTIONS_MAX * each + HTTP_OTHER_FDS;
  if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static struct MHD_Daemon *daemon_start(struct http_server *s) {
  unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET;
  return MHD_start_daemon(flags, 0, NULL, NULL, http_on_request, s, MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, s,
                          MHD_OPTION_URI_LOG_CALLBACK, http_on_uri, s, MHD_OPTION_NOTIFY_COMPLETED, http_on_end, s,
                          MHD_OPTION_CONNECTION_MEMORY_LIMIT, HTTP_CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT,
                          (unsigned)HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_SECONDS,
                          MHD_OPTION_END);
}

static int server_start(struct http_server *s, const char *address, struct error *e) {
  if (file_mkdirs(s->spool_dir, e)) return -1;
  if (http_listen_open(s, address, e)) return -1;
  s->daemon = daemon_start(s);
  if (!s->daemon) {
    http_listen_release(s);
    return error_set(e, ERR_IO, "cannot start an HTTP server on %s", address);
  }
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
  if (!info) BUG("libmicrohttpd was built without epoll");
  s->watch = loop_watch(s->loop, info->epoll_fd, EPOLLIN, on_ready, s);
  return 0;
}

static int server_open(struct http_server **out, struct loop *l, const char *address, const char *spool_dir,
                       const struct http_handler *h, const struct http_tls *tls, struct error *e) {
  struct arena *a = arena_new(0);
  struct http_server *s = ARENA_NEW(a, struct http_server);
  s->arena = a;
  s->loop = l;
  s->handler = *h;
  s->listening = s->held = -1;
  s->spool_dir = arena_z(a, str_z(spool_dir));
  s->connections_max = HTTP_CONNECTIONS_MAX;
  s->body_max = HTTP_BODY_MAX;
  s->discard_max = HTTP_DISCARD_MAX;
  s->handshake_ms = HTTP_HANDSHAKE_MS;
  s->stall_ms = HTTP_IDLE_SECONDS * INT64_C(1000);
  descriptors_raise(tls ? HTTP_TLS_FDS : 1);
  if ((tls && http_credentials_add(s, tls, e)) || server_start(s, address, e)) {
    http_credentials_free(s);
    arena_free(a);
    return -1;
  }
  *out = s;
  return 0;
}

int http_server_open(struct http_server **out, struct loop *l, const char *address, const char *spool_dir,
                     const struct http_handler *h, struct error *e) {
  return server_open(out, l, address, spool_dir, h, NULL, e);
}

int http_server_open_tls(struct http_server **out, struct loop *l, const char *address, const char *spool_dir,
                         const struct http_handler *h, const struct http_tls *tls, struct error *e) {
  return server_open(out, l, address, spool_dir, h, tls, e);
}

int http_server_retls(struct http_server *s, const struct http_tls *tls, struct error *e) {
  if (!s->credentials) BUG("a server without TLS gets a certificate");
  if (http_credentials_add(s, tls, e)) return -1;
  http_listen_end_idle(s);
  return 0;
}

void http_server_close(struct http_server *s) {
  if (!s) return;
  if (s->running) BUG("http_server_close called from a handler");
  s->closing = true;
  http_listen_release(s);
  loop_unwatch(s->loop, s->watch);
  loop_cancel(s->loop, s->timer);
  /* Suspended connections must be woken: libmicrohttpd aborts when it is stopped with any. */
  for (struct http_connection *c = s->open; c; c = c->next) {
    if (c->suspended) MHD_resume_connection(c->mhd);
    c->suspended = false;
  }
  for (int i = 0; i < HTTP_CLOSE_TURNS; i++) {
    MHD_run(s->daemon);
    http_bridge_carry_all(s);
  }
  http_bridge_end_all(s);
  MHD_stop_daemon(s->daemon);
  http_linger_end_all(s);
  http_credentials_free(s);
  arena_free(s->arena);
}

const char *http_server_url(const struct http_server *s) {
  return s->url;
}
