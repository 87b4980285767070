/* TLS outside, plain HTTP within: the session with the client is ours, libmicrohttpd gets the other end of a pair of
 * sockets. So an alert is sent where a client is refused, the one that a client refuses us with is seen, and all that
 * is done to a connection (smuggling checks, faults, the rest of a refused body) is done as without TLS. */
#include "net/http_server_int.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BRIDGE_BUFFER ((size_t)16 << 10) /* the most that a record of TLS holds */
#define TLS_HANDSHAKE_RECORD 0x16        /* the first byte of all TLS */
#define TLS_ALERT_RECORD 0x15
#define WARNINGS_MAX 5 /* alerts, and wishes to begin the handshake anew, that a client is put up with */
#define ALERT_RECORD 7 /* bytes of an alert in the clear: type, version, length, level, which */

#define REFUSED_BY_CLIENT "TLS: the client refused the server"
#define HUNG_UP "TLS: the client hung up in the handshake"
#define LEFT "TLS: after the handshake the client left without a request; it may not accept the certificate"
#define WE_REFUSED "TLS: the client was refused"
#define NO_SUITE "no cipher suite that both sides want"
#define NO_VERSION "no version of TLS that both sides want"

enum bridge_state { BRIDGE_HANDSHAKE, BRIDGE_OPEN, BRIDGE_OVER };

struct flow {
  char bytes[BRIDGE_BUFFER];
  size_t n, at;
  bool ended; /* nothing more comes from there */
};

struct http_bridge {
  struct http_server *server;
  struct http_bridge *prev, *next;
  struct http_peer *peer; /* of libmicrohttpd; NULL before and after */
  gnutls_session_t session;
  struct http_shown shown;
  enum bridge_state state;
  int outer, inner, far; /* far: the end that libmicrohttpd has, -1 when it is not known to have it */
  struct loop_fd *outer_watch, *inner_watch;
  uint32_t outer_events, inner_events;
  struct loop_timer *timer;
  struct sockaddr_storage from;
  socklen_t from_n;
  struct flow in, out;              /* from the client, and to it */
  bool began, told, shut;           /* a byte came; nothing is to be told any more; inner got its end */
  int warnings;                     /* of the client, so far */
  bool blocked;                     /* the last write to the client has to wait */
  unsigned char tail[ALERT_RECORD]; /* the last that came in the handshake */
};

/* ---- telling ---- */

/* At most once a connection; why is copied by nobody. */
static void tell(struct http_bridge *b, struct arena *a, struct str why) {
  const struct http_handler *h = &b->server->handler;
  if (!b->told && h->refused && !b->server->closing)
    h->refused(h->payload, http_address_text(a, (const struct sockaddr *)&b->from), STR(""), 0, why.p);
  b->told = true;
}

static void tell_plain(struct http_bridge *b, const char *why) {
  struct arena *a = arena_new_small(0);
  tell(b, a, str_z(why));
  arena_free(a);
}

/* ---- beginning and end ---- */

static void wait_no_more(struct http_bridge *b) {
  loop_cancel(b->server->loop, b->timer);
  b->timer = NULL;
}

static void watch_none(struct http_bridge *b) {
  loop_unwatch(b->server->loop, b->outer_watch);
  loop_unwatch(b->server->loop, b->inner_watch);
  wait_no_more(b);
  b->outer_watch = b->inner_watch = NULL;
  b->outer_events = b->inner_events = 0;
}

/* Ends it; what the client still sends is read for a while, so that the last that was sent to it is not overtaken by a
 * reset. */
static void bridge_end(struct http_bridge *b) {
  struct http_server *s = b->server;
  watch_none(b);
  if (b->peer) b->peer->bridge = NULL;
  gnutls_deinit(b->session);
  if (b->inner >= 0) close(b->inner);
  http_linger(s, b->outer);
  *(b->prev ? &b->prev->next : &s->bridges) = b->next;
  if (b->next) b->next->prev = b->prev;
  s->bridges_n--;
  arena_free(b->shown.arena);
  free(b);
  http_listen_again(s);
}

bool http_client_declined(const char *why) {
  static const char *const texts[] = {REFUSED_BY_CLIENT, HUNG_UP, LEFT, WE_REFUSED ": " NO_SUITE,
                                      WE_REFUSED ": " NO_VERSION};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (str_starts(str_z(why), str_z(texts[i]))) return true;
  return false;
}

/* ---- the handshake ---- */

/* For GnuTLS, which keeps no record that it could not read: see is_clear_alert. */
static ssize_t pull(gnutls_transport_ptr_t payload, void *to, size_t n) {
  struct http_bridge *b = payload;
  ssize_t got = recv(b->outer, to, n, MSG_DONTWAIT);
  if (got < 0) gnutls_transport_set_errno(b->session, errno);
  for (ssize_t i = got > ALERT_RECORD ? got - ALERT_RECORD : 0; b->state == BRIDGE_HANDSHAKE && i < got; i++) {
    memmove(b->tail, b->tail + 1, ALERT_RECORD - 1);
    b->tail[ALERT_RECORD - 1] = ((unsigned char *)to)[i];
  }
  return got;
}

/* In TLS 1.3 OpenSSL's client refuses a certificate in the clear, where GnuTLS waits for what is encrypted and can only
 * say that it cannot be read. */
static bool is_clear_alert(const struct http_bridge *b, int code) {
  const unsigned char *t = b->tail;
  return code == GNUTLS_E_DECRYPTION_FAILED && t[0] == TLS_ALERT_RECORD && t[1] == 3 && t[3] == 0 && t[4] == 2;
}

static struct str refusal_text(struct arena *a, int code, gnutls_alert_description_t alert, const char *distrust) {
  static const struct {
    int code;
    const char *why;
  } known[] = {{GNUTLS_E_NO_CERTIFICATE_FOUND, "the client showed no certificate"},
               {GNUTLS_E_CERTIFICATE_REQUIRED, "the client showed no certificate"},
               {GNUTLS_E_NO_CIPHER_SUITES, NO_SUITE},
               {GNUTLS_E_UNSUPPORTED_VERSION_PACKET, NO_VERSION}};
  const char *why = distrust ? distrust : gnutls_strerror(code);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (known[i].code == code) why = known[i].why;
  return arena_printf(a, WE_REFUSED "%s: %s (alert %.*s)", distrust ? " by its certificate" : "", why,
                      STR_F(http_alert_name(a, alert)));
}

static struct str client_refused(struct arena *a, gnutls_alert_description_t alert) {
  return arena_printf(a, REFUSED_BY_CLIENT " with the alert %.*s", STR_F(http_alert_name(a, alert)));
}

/* What the client did to us; empty if it was we who refused. */
static struct str heard_text(struct arena *a, const struct http_bridge *b, int code) {
  if (code == GNUTLS_E_FATAL_ALERT_RECEIVED) return client_refused(a, gnutls_alert_get(b->session));
  if (is_clear_alert(b, code)) return client_refused(a, (gnutls_alert_description_t)b->tail[ALERT_RECORD - 1]);
  if (code == GNUTLS_E_PREMATURE_TERMINATION || code == GNUTLS_E_PULL_ERROR || code == GNUTLS_E_PUSH_ERROR)
    return STR(HUNG_UP);
  return STR("");
}

static void handshake_failed(struct http_bridge *b, int code) {
  struct arena *a = arena_new_small(0);
  int level = GNUTLS_AL_FATAL;
  gnutls_alert_description_t alert = (gnutls_alert_description_t)gnutls_error_to_alert(code, &level);
  const char *distrust = code == GNUTLS_E_CERTIFICATE_ERROR ? http_session_distrust(b->session, &alert) : NULL;
  struct str why = heard_text(a, b, code);
  if (!why.n) {
    why = refusal_text(a, code, alert, distrust);
    gnutls_alert_send(b->session, GNUTLS_AL_FATAL, alert);
  }
  b->state = BRIDGE_OVER;
  tell(b, a, why);
  arena_free(a);
}

static void hand_over(struct http_bridge *b) {
  int pair[2];
  b->state = BRIDGE_OPEN;
  wait_no_more(b);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair)) {
    b->state = BRIDGE_OVER;
    tell_plain(b, "no descriptor is left for another connection");
    return;
  }
  b->inner = pair[0];
  b->far = pair[1];
  MHD_add_connection(b->server->daemon, pair[1], (struct sockaddr *)&b->from, b->from_n);
  http_server_kick(b->server);
}

/* Looks at the first byte: who connects and says nothing, as a monitor does, spoke no TLS that could be refused. */
static bool handshake_begins(struct http_bridge *b) {
  unsigned char first;
  ssize_t n = recv(b->outer, &first, 1, MSG_PEEK | MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  b->began = n > 0;
  if (n > 0 && first == TLS_HANDSHAKE_RECORD) return true;
  b->state = BRIDGE_OVER;
  if (n > 0) tell_plain(b, "what came is no TLS (http instead of https?)");
  return false;
}

/* What is wrong, but no end; one who sends nothing else would keep all others waiting. */
static bool put_up_with(struct http_bridge *b, int code) {
  if (code == GNUTLS_E_INTERRUPTED) return true;
  return code < 0 && !gnutls_error_is_fatal(code) && b->warnings++ < WARNINGS_MAX;
}

static void handshake(struct http_bridge *b) {
  if (!b->began && !handshake_begins(b)) return;
  int code;
  do code = gnutls_handshake(b->session);
  while (code != GNUTLS_E_AGAIN && put_up_with(b, code));
  b->blocked = code == GNUTLS_E_AGAIN && gnutls_record_get_direction(b->session) == 1;
  if (code == 0)
    hand_over(b);
  else if (code != GNUTLS_E_AGAIN)
    handshake_failed(b, code);
}

/* ---- both ways ---- */

static void outer_over(struct http_bridge *b, ssize_t code) {
  struct arena *a = arena_new_small(0);
  if (code == GNUTLS_E_FATAL_ALERT_RECEIVED)
    tell(b, a, client_refused(a, gnutls_alert_get(b->session)));
  else
    tell(b, a, STR(LEFT));
  arena_free(a);
  b->in.ended = true;
  /* Without an orderly end (RFC 8446, 6.1) nobody is there to answer any more. */
  if (code < 0 && code != GNUTLS_E_PREMATURE_TERMINATION) b->state = BRIDGE_OVER;
}

static bool read_outer(struct http_bridge *b) {
  if (b->in.n > b->in.at || b->in.ended) return false;
  ssize_t n = gnutls_record_recv(b->session, b->in.bytes, sizeof b->in.bytes);
  if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED) return false;
  if (n == GNUTLS_E_REHANDSHAKE) gnutls_alert_send(b->session, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
  if (put_up_with(b, (int)n)) return true;
  if (n <= 0) {
    outer_over(b, n);
    return true;
  }
  if (b->peer) b->peer->heard = true;
  b->told = true; /* from here on libmicrohttpd tells what goes wrong */
  b->in.at = 0;
  b->in.n = (size_t)n;
  return true;
}

static bool write_inner(struct http_bridge *b) {
  struct flow *f = &b->in;
  if (f->at == f->n) {
    if (f->ended && !b->shut) shutdown(b->inner, SHUT_WR);
    b->shut = f->ended;
    return false;
  }
  ssize_t n = send(b->inner, f->bytes + f->at, f->n - f->at, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  /* libmicrohttpd has closed: what comes is dropped, what it wrote is still to be sent. */
  f->at = n < 0 ? f->n : f->at + (size_t)n;
  return true;
}

static bool read_inner(struct http_bridge *b) {
  struct flow *f = &b->out;
  if (f->n > f->at || f->ended) return false;
  ssize_t n = recv(b->inner, f->bytes, sizeof f->bytes, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  f->at = 0;
  f->n = n > 0 ? (size_t)n : 0;
  f->ended = n <= 0;
  return true;
}

static bool write_outer(struct http_bridge *b) {
  struct flow *f = &b->out;
  b->blocked = false;
  if (f->at == f->n) {
    if (!f->ended) return false;
    gnutls_bye(b->session, GNUTLS_SHUT_WR);
    b->state = BRIDGE_OVER;
    return false;
  }
  ssize_t n = gnutls_record_send(b->session, f->bytes + f->at, f->n - f->at);
  b->blocked = n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED;
  if (b->blocked) return false;
  wait_no_more(b);
  if (n < 0) b->state = BRIDGE_OVER;
  if (n > 0) f->at += (size_t)n;
  return n > 0;
}

/* libmicrohttpd loses its patience with an idle client, but what waits here it has sent already. */
static void on_stalled(void *payload) {
  struct http_bridge *b = payload;
  b->timer = NULL;
  bridge_end(b);
}

static void wait_for_reader(struct http_bridge *b) {
  if (b->state == BRIDGE_OPEN && b->blocked && !b->timer)
    b->timer = loop_after(b->server->loop, b->server->stall_ms, on_stalled, b);
}

/* As far as it goes: what GnuTLS has decrypted already, no descriptor would tell of. */
static void carry(struct http_bridge *b) {
  bool moved = true;
  while (moved && b->state == BRIDGE_OPEN) {
    moved = read_outer(b);
    moved = b->state == BRIDGE_OPEN && write_inner(b) ? true : moved;
    moved = b->state == BRIDGE_OPEN && read_inner(b) ? true : moved;
    moved = b->state == BRIDGE_OPEN && write_outer(b) ? true : moved;
  }
}

/* ---- on the loop ---- */

static void on_event(void *payload, uint32_t events);

/* A descriptor of which nothing is wanted is not watched: its end would be told again and again. */
static void rewatch(struct http_bridge *b, int fd, struct loop_fd **w, uint32_t *now, uint32_t events) {
  if (fd < 0 || *now == events) return;
  loop_unwatch(b->server->loop, *w);
  *w = events ? loop_watch(b->server->loop, fd, events, on_event, b) : NULL;
  *now = events;
}

static void watch(struct http_bridge *b) {
  bool young = b->state == BRIDGE_HANDSHAKE;
  bool listens = young ? !b->blocked : b->in.at == b->in.n && !b->in.ended;
  uint32_t outer = (listens ? EPOLLIN : 0u) | (b->blocked ? EPOLLOUT : 0u);
  uint32_t inner = (b->out.at == b->out.n && !b->out.ended ? EPOLLIN : 0u) | (b->in.at < b->in.n ? EPOLLOUT : 0u);
  rewatch(b, b->outer, &b->outer_watch, &b->outer_events, outer);
  rewatch(b, b->inner, &b->inner_watch, &b->inner_events, inner);
  wait_for_reader(b);
}

static void go_on(struct http_bridge *b) {
  if (b->state == BRIDGE_HANDSHAKE) handshake(b);
  if (b->state == BRIDGE_OPEN) carry(b);
  if (b->state == BRIDGE_OVER)
    bridge_end(b);
  else
    watch(b);
}

static void on_event(void *payload, uint32_t events) {
  (void)events;
  go_on(payload);
}

static void on_late(void *payload) {
  struct http_bridge *b = payload;
  b->timer = NULL;
  b->state = BRIDGE_OVER;
  tell_plain(b, "TLS: the client fell silent in the handshake");
  bridge_end(b);
}

/* ---- for the server ---- */

void http_bridge_begin(struct http_server *s, int fd, const struct sockaddr_storage *from, socklen_t n) {
  struct http_bridge *b = net_alloc(sizeof *b);
  int on = 1;
  b->server = s;
  b->outer = fd;
  b->inner = b->far = -1;
  b->from = *from;
  b->from_n = n;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  b->session = http_session_new(s);
  gnutls_transport_set_ptr2(b->session, b, (gnutls_transport_ptr_t)(intptr_t)fd);
  gnutls_transport_set_pull_function(b->session, pull);
  b->next = s->bridges;
  if (b->next) b->next->prev = b;
  s->bridges = b;
  s->bridges_n++;
  b->timer = loop_after(s->loop, s->handshake_ms, on_late, b);
  watch(b);
}

struct http_bridge *http_bridge_of(struct http_server *s, int fd, struct http_peer *peer) {
  struct http_bridge *b = s->bridges;
  while (b && (b->far != fd || b->peer)) b = b->next;
  if (b) b->peer = peer;
  return b;
}

void http_bridge_forget(struct http_bridge *b) {
  b->peer = NULL;
  b->far = -1;
}

void http_bridge_describe(struct http_peer_certificate *out, struct arena *a, struct http_bridge *b) {
  *out = (struct http_peer_certificate){.state = HTTP_PEER_UNVERIFIED, .why = STR("the connection is gone")};
  if (b) http_session_describe(out, a, b->server, b->session, &b->shown);
}

void http_bridge_end_young(struct http_server *s) {
  for (struct http_bridge *b = s->bridges, *next; b; b = next) {
    next = b->next;
    if (b->state == BRIDGE_HANDSHAKE) bridge_end(b);
  }
}

size_t http_bridge_end_oldest_young(struct http_server *s, size_t n) {
  struct http_bridge *b = s->bridges;
  size_t ended = 0;
  while (b && b->next) b = b->next;
  for (struct http_bridge *prev; b && ended < n; b = prev) {
    prev = b->prev;
    if (b->state != BRIDGE_HANDSHAKE) continue;
    bridge_end(b);
    ended++;
  }
  return ended;
}

void http_bridge_carry_all(struct http_server *s) {
  for (struct http_bridge *b = s->bridges; b; b = b->next)
    if (b->state == BRIDGE_OPEN) carry(b);
}

void http_bridge_end_all(struct http_server *s) {
  while (s->bridges) bridge_end(s->bridges);
}
