/* Who may connect: the listening socket is ours, not libmicrohttpd's, so that it can be closed and opened again, and a
 * connection reset before anything of it is read (faults of a run). */
#include "net/http_server_int.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define HTTP_BACKLOG 511
/* Connections taken in one turn: what is under way gets its turn too. */
#define HTTP_ACCEPT_MAX 64

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

static int bind_to(const struct sockaddr *at, socklen_t n) {
  int on = 1, fd = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, at, n) == 0) return fd;
  int number = errno;
  close(fd);
  errno = number;
  return -1;
}

/* Listens where `held` is bound. */
static int listen_at(int held) {
  struct sockaddr_storage at;
  socklen_t n = sizeof at;
  if (getsockname(held, (struct sockaddr *)&at, &n)) BUG("getsockname: %s", strerror(errno));
  int fd = bind_to((struct sockaddr *)&at, n);
  if (fd < 0 || listen(fd, HTTP_BACKLOG) == 0) return fd;
  int number = errno;
  close(fd);
  errno = number;
  return -1;
}

static int hold(struct arena *a, const char *address, struct error *e) {
  char *host = NULL, *port = NULL;
  if (address_split(a, address, &host, &port, e)) return -1;
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_family = host ? AF_UNSPEC : AF_INET};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  struct addrinfo *list;
  int code = getaddrinfo(host, port, &hints, &list);
  if (code) return error_set(e, ERR_CONFIG, "cannot listen on %s: %s", address, gai_strerror(code));
  int fd = bind_to(list->ai_addr, list->ai_addrlen);
  int number = errno;
  freeaddrinfo(list);
  return fd >= 0 ? fd : listen_error(address, number, e);
}

/* The URL under which this machine reaches the socket: loopback where it listens on every address. */
static const char *url_of(struct arena *a, const char *scheme, int fd) {
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
    return arena_printf(a, "%s://[%s]:%u", scheme, text, ntohs(at.v6.sin6_port)).p;
  }
  if (at.v4.sin_addr.s_addr == htonl(INADDR_ANY)) at.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  inet_ntop(AF_INET, &at.v4.sin_addr, text, sizeof text);
  return arena_printf(a, "%s://%s:%u", scheme, text, ntohs(at.v4.sin_port)).p;
}

/* ---- who connects ---- */

struct str http_address_text(struct arena *a, const struct sockaddr *from) {
  char text[INET6_ADDRSTRLEN] = "";
  if (from->sa_family == AF_INET6) {
    const struct sockaddr_in6 *v6 = (const void *)from;
    inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    return arena_printf(a, "[%s]:%u", text, ntohs(v6->sin6_port));
  }
  const struct sockaddr_in *v4 = (const void *)from;
  inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
  return arena_printf(a, "%s:%u", text, ntohs(v4->sin_port));
}

struct str http_peer_text(struct arena *a, struct MHD_Connection *mhd) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return info && info->client_addr ? http_address_text(a, info->client_addr) : STR("unknown");
}

struct http_peer *http_peer_of(struct MHD_Connection *mhd) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

/* Of what is no request libmicrohttpd tells nobody. Linux counts the end of the stream as one byte more. */
static bool something_came(const struct http_peer *p) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(p->mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
  struct tcp_info tcp = {0};
  socklen_t n = sizeof tcp;
  if (p->server->credentials) return p->heard;
  return info && getsockopt(info->connect_fd, IPPROTO_TCP, TCP_INFO, &tcp, &n) == 0 && tcp.tcpi_bytes_received > 1;
}

static void tell_unasked(const struct http_peer *p) {
  const struct http_handler *h = &p->server->handler;
  if (p->asked || p->leaving || p->server->closing || !h->refused || !something_came(p)) return;
  struct arena *a = arena_new_small(0);
  h->refused(h->payload, http_peer_text(a, p->mhd), STR(""), 0,
             p->server->credentials ? "what came is no HTTP/1.1 request (is it HTTP/2?)"
                                    : "what came is no HTTP/1.1 request (https instead of http, or HTTP/2?)");
  arena_free(a);
}

/* ---- connections ---- */

static void listen_watch(struct http_server *s);

static void peer_begin(struct http_server *s, struct MHD_Connection *mhd, void **context) {
  struct http_peer *p = net_alloc(sizeof *p);
  *p = (struct http_peer){.server = s, .mhd = mhd, .next = s->peers};
  if (p->next) p->next->prev = p;
  s->peers = p;
  s->peers_n++;
  *context = p;
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (s->credentials && info) p->bridge = http_bridge_of(s, info->connect_fd, p);
}

static void peer_end(struct http_peer *p) {
  struct http_server *s = p->server;
  tell_unasked(p);
  *(p->prev ? &p->prev->next : &s->peers) = p->next;
  if (p->next) p->next->prev = p->prev;
  s->peers_n--;
  if (p->bridge) http_bridge_forget(p->bridge);
  free(p);
  http_listen_again(s);
}

void http_on_connection(void *cls, struct MHD_Connection *mhd, void **context,
                        enum MHD_ConnectionNotificationCode code) {
  if (code == MHD_CONNECTION_NOTIFY_STARTED)
    peer_begin(cls, mhd, context);
  else if (*context)
    peer_end(*context);
}

static void hang_up(const struct http_peer *p) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(p->mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (info) shutdown(info->connect_fd, SHUT_RDWR);
}

/* ---- making room ---- */

/* With no place left, so many are made at once. */
#define HTTP_ROOM 16

static bool is_full(const struct http_server *s) {
  return http_connections(s) >= s->connections_max;
}

/* How dear a connection is: who asks nothing goes first, then who is not done asking, then who is not done reading. Who
 * waits for us is never sent away. */
enum { HTTP_ASKS_NOTHING, HTTP_IS_ASKING, HTTP_IS_ANSWERED, HTTP_WAITS };

static int dearness(const struct http_peer *p) {
  const struct http_connection *c = p->request;
  if (!c || !c->begun) return HTTP_ASKS_NOTHING;
  if (!c->whole && !c->replied) return HTTP_IS_ASKING;
  return c->replied ? HTTP_IS_ANSWERED : HTTP_WAITS;
}

static size_t end_oldest(struct http_server *s, int dear, size_t n) {
  struct http_peer *p = s->peers;
  size_t ended = 0;
  while (p && p->next) p = p->next;
  for (; p && ended < n; p = p->prev) {
    if (p->leaving || dearness(p) != dear) continue;
    p->leaving = true;
    hang_up(p);
    ended++;
  }
  return ended;
}

/* Whoever opens connections and says nothing, or says it a byte at a time, keeps nobody out: the oldest of them go. */
static void make_room(struct http_server *s) {
  size_t n = s->credentials ? http_bridge_end_oldest_young(s, HTTP_ROOM) : 0;
  for (int dear = HTTP_ASKS_NOTHING; dear < HTTP_WAITS && n < HTTP_ROOM; dear++)
    n += end_oldest(s, dear, HTTP_ROOM - n);
}

/* ---- connections that come ---- */

/* A reset instead of an orderly end: nothing was read. */
static void reset_connection(struct http_server *s, int fd) {
  struct linger now = {.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(fd);
  s->resets--;
  if (s->handler.reset) s->handler.reset(s->handler.payload);
}

static bool accept_one(struct http_server *s) {
  struct sockaddr_storage from;
  socklen_t n = sizeof from;
  int fd = accept4(s->listening, (struct sockaddr *)&from, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    /* Nothing is there, or no descriptor is left: then the rest waits until somebody goes. */
    s->starved = (errno == EMFILE || errno == ENFILE) && http_connections(s);
    return false;
  }
  bool passes = s->passes > 0;
  if (s->resets && passes) s->passes--;
  if (s->resets && !passes)
    reset_connection(s, fd);
  else if (s->credentials)
    http_bridge_begin(s, fd, &from, n);
  else
    MHD_add_connection(s->daemon, fd, (struct sockaddr *)&from, n);
  return true;
}

static void on_connect(void *payload, uint32_t events) {
  struct http_server *s = payload;
  (void)events;
  int taken = 0;
  bool full = is_full(s);
  while (taken < HTTP_ACCEPT_MAX && s->listening >= 0 && !is_full(s) && accept_one(s)) taken++;
  if (full || s->starved) make_room(s);
  http_server_pump(s);
  if (!s->starved && !(full && is_full(s))) return;
  /* The rest waits in the backlog until somebody goes. */
  s->starved = false;
  loop_unwatch(s->loop, s->listen_watch);
  s->listen_watch = NULL;
}

static void listen_watch(struct http_server *s) {
  if (s->listening < 0 || s->listen_watch || is_full(s)) return;
  s->listen_watch = loop_watch(s->loop, s->listening, EPOLLIN, on_connect, s);
}

size_t http_connections(const struct http_server *s) {
  return s->credentials ? s->bridges_n : s->peers_n;
}

void http_listen_again(struct http_server *s) {
  if (!s->closing) listen_watch(s);
}

/* ---- opening and closing ---- */

int http_listen_open(struct http_server *s, const char *address, struct error *e) {
  s->held = hold(s->arena, address, e);
  if (s->held < 0) return -1;
  s->listening = listen_at(s->held);
  if (s->listening < 0) {
    listen_error(address, errno, e);
    http_listen_release(s);
    return -1;
  }
  s->url = url_of(s->arena, s->credentials ? "https" : "http", s->listening);
  struct str host = str_z(address);
  size_t colon = host.n, port = strlen(s->url);
  while (colon > 0 && host.p[colon - 1] != ':') colon--;
  while (port > 0 && s->url[port - 1] != ':') port--;
  s->address = arena_printf(s->arena, "%.*s%s", (int)colon, host.p, s->url + port).p;
  listen_watch(s);
  return 0;
}

void http_listen_close(struct http_server *s) {
  loop_unwatch(s->loop, s->listen_watch);
  s->listen_watch = NULL;
  if (s->listening >= 0) close(s->listening);
  s->listening = -1;
}

void http_listen_release(struct http_server *s) {
  http_listen_close(s);
  if (s->held >= 0) close(s->held);
  s->held = -1;
}

/* A connection that lives on would carry the next request past a closed door: it ends now, or with the answer to the
 * request under way. */
void http_listen_end_idle(struct http_server *s) {
  for (struct http_peer *p = s->peers; p; p = p->next) {
    struct http_connection *c = p->request;
    p->leaving = true;
    if (c)
      http_last_request(c);
    else
      hang_up(p);
  }
  http_bridge_end_young(s);
  http_server_kick(s);
}

bool http_request_outlived(const struct http_request *r) {
  const struct http_peer *p = http_peer_of(r->connection->mhd);
  return p && p->leaving;
}

void http_listen_idle(struct http_server *s, struct MHD_Connection *mhd) {
  const struct http_peer *p = http_peer_of(mhd);
  bool others_wait = !s->closing && s->listening >= 0 && !s->listen_watch;
  if (p && (p->leaving || others_wait)) hang_up(p);
}

void http_server_deafen(struct http_server *s) {
  http_listen_close(s);
  http_listen_end_idle(s);
}

int http_server_listen(struct http_server *s, struct error *e) {
  if (s->listening >= 0) return 0;
  s->listening = listen_at(s->held);
  listen_watch(s);
  return s->listening < 0 ? listen_error(s->address, errno, e) : 0;
}

void http_server_reset_next(struct http_server *s, size_t passes, size_t resets) {
  s->passes = passes;
  s->resets = resets;
  if (resets) http_listen_end_idle(s);
}
