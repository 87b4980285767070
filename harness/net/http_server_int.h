/* http_server_int: the insides of the HTTP server, shared by http_server.c (driving libmicrohttpd),
 * http_listen.c (who may connect), http_request.c (one request: checks, body, reply), http_linger.c (closing without
 * losing the answer), http_credentials.c (certificates in TLS), http_bridge.c (TLS outside, plain HTTP within) and its
 * tests.
 */
#ifndef NET_HTTP_SERVER_INT_H
#define NET_HTTP_SERVER_INT_H

#include "base/buf.h"
#include "base/fact.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "net/net_int.h"

#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <sys/socket.h>

/* Of a body that turned out too large on its way, so much more is read and thrown away so that the client gets to
 * see the 413; then the connection is cut. */
#define HTTP_DISCARD_MAX HTTP_BODY_MAX
/* How long, and for how many connections at once, the rest of a refused request is drained. */
#define HTTP_LINGER_MS INT64_C(2000)
#define HTTP_LINGER_MAX 64

struct http_bridge;
struct http_credentials;
struct http_linger;
struct http_peer;

struct http_server {
  struct arena *arena;
  struct loop *loop;
  struct MHD_Daemon *daemon;
  struct loop_fd *watch;
  struct loop_timer *timer;
  struct http_handler handler;
  const char *spool_dir, *url, *address; /* address: "host:port" with the port really taken */
  int listening;                         /* -1 while nobody is let in */
  int held; /* bound to the same address, never listening: while the port is closed nobody else gets it */
  struct loop_fd *listen_watch;
  size_t passes, resets; /* connections let through, and then reset */
  struct http_peer *peers;
  size_t peers_n;
  bool starved;                 /* of descriptors */
  size_t connections_max;       /* HTTP_CONNECTIONS_MAX; smaller in tests, as the next two */
  size_t body_max, discard_max; /* HTTP_BODY_MAX and HTTP_DISCARD_MAX */
  bool running;                 /* inside MHD_run */
  bool kicked;                  /* a connection was resumed meanwhile */
  bool closing;
  struct http_connection *open; /* every request that has begun */
  struct http_linger *lingers;
  size_t lingers_n;
  struct http_credentials
      *credentials; /* the newest first, older ones for sessions that began with them; NULL: no TLS */
  struct http_bridge *bridges;
  size_t bridges_n;
  int64_t handshake_ms, stall_ms; /* HTTP_HANDSHAKE_MS, HTTP_IDLE_SECONDS; shorter in tests */
};

/* A connection from its beginning to its end, whatever number of requests it carries. */
struct http_peer {
  struct http_server *server;
  struct http_peer *prev, *next;
  struct MHD_Connection *mhd;
  struct http_bridge *bridge;      /* its TLS; NULL without, or when it is gone */
  struct http_connection *request; /* the one under way; NULL: none */
  bool leaving;                    /* ended after the request under way */
  bool heard, asked;               /* something came through TLS; a request has begun */
};

/* One request on its way in and out; lives in its request's arena, from the request line until libmicrohttpd says that
 * it is over. As the connection is suspended until http_reply, that never happens before, but for http_server_close. */
struct http_connection {
  struct http_request request;
  struct http_server *server;
  struct http_connection *prev, *next;
  struct MHD_Connection *mhd;
  const char *uri;
  struct buf memory; /* the body up to HTTP_BODY_MEMORY */
  int spool;         /* descriptor of body_file, -1 if none */
  size_t received;
  struct http_limit limit;
  bool begun, whole, suspended, replied, aborted, last;
  int refused; /* status it is refused with, 0 if not */
  const char *why;
  VEC(struct fact) headers; /* of the answer */
  struct MHD_Response *reply;
  int status;
  int linger; /* a second descriptor of the socket, -1 if none */
  struct http_peer_certificate certificate;
};

/* The three callbacks that libmicrohttpd gets; cls is the server. */
void *http_on_uri(void *cls, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result http_on_request(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
                                const char *version, const char *data, size_t *n, void **con_cls);
void http_on_end(void *cls, struct MHD_Connection *mhd, void **con_cls, enum MHD_RequestTerminationCode how);
/* The fourth: a connection begins or ends. */
void http_on_connection(void *cls, struct MHD_Connection *mhd, void **context,
                        enum MHD_ConnectionNotificationCode code);
/* Opens and closes the listening socket. */
MUST_CHECK int http_listen_open(struct http_server *s, const char *address, struct error *e);
void http_listen_close(struct http_server *s);
/* Closes it, and gives the address back. */
void http_listen_release(struct http_server *s);
/* The connection ends with the answer to this request, and the answer says so. */
void http_last_request(struct http_connection *c);
/* Connections without a request end now, the others with their answer. */
void http_listen_end_idle(struct http_server *s);
/* A request is over: its connection ends too if it has to, or if others wait for its place. */
void http_listen_idle(struct http_server *s, struct MHD_Connection *mhd);
/* "127.0.0.1:4711". */
struct str http_address_text(struct arena *a, const struct sockaddr *from);
/* The same of a client; "unknown" if it cannot be told. */
struct str http_peer_text(struct arena *a, struct MHD_Connection *mhd);
/* NULL before it has begun. */
struct http_peer *http_peer_of(struct MHD_Connection *mhd);
/* Connections that there are, also those whose handshake is under way. */
size_t http_connections(const struct http_server *s);
/* Takes connections again if there were too many. */
void http_listen_again(struct http_server *s);
/* Has libmicrohttpd run now; not from within it. */
void http_server_pump(struct http_server *s);
/* Has libmicrohttpd run again in the next turn. */
void http_server_kick(struct http_server *s);
/* Reads and drops what still comes in on fd for at most HTTP_LINGER_MS, then closes it: a socket closed with unread
 * bytes sends a reset, which can overtake the answer. Owns fd. */
void http_linger(struct http_server *s, int fd);
void http_linger_end_all(struct http_server *s);

/* ---- TLS ---- */

/* Adds the credentials that new sessions begin with; on error all stays as it was. */
MUST_CHECK int http_credentials_add(struct http_server *s, const struct http_tls *tls, struct error *e);
void http_credentials_free(struct http_server *s);
/* False if such a client may not come at all. */
bool http_credentials_allow(const struct http_server *s, enum http_peer_state state);
/* A session by the newest credentials, without a transport. */
gnutls_session_t http_session_new(const struct http_server *s);
/* What was thought of the certificate of a session in that second: certificates begin and end by whole seconds, so that
 * every request of that second would find the same. Zeroed at first. */
struct http_shown {
  struct arena *arena; /* NULL: nothing was */
  struct http_peer_certificate certificate;
  int64_t second;
};

/* What a session says of the client's certificate, judged now. */
void http_session_describe(struct http_peer_certificate *out, struct arena *a, const struct http_server *s,
                           gnutls_session_t session, struct http_shown *shown);
/* In the words of RFC 8446: "unknown_ca". */
struct str http_alert_name(struct arena *a, gnutls_alert_description_t alert);
/* What is wrong with the client's certificate, NULL if nothing or there is none; the alert that says so. */
const char *http_session_distrust(gnutls_session_t session, gnutls_alert_description_t *alert);

/* Begins TLS on fd (owned from now on), from a client at that address. */
void http_bridge_begin(struct http_server *s, int fd, const struct sockaddr_storage *from, socklen_t n);
/* libmicrohttpd has begun with, or ended, the connection whose own end is fd. */
struct http_bridge *http_bridge_of(struct http_server *s, int fd, struct http_peer *peer);
void http_bridge_forget(struct http_bridge *b);
/* Of a request whose headers are here. */
void http_bridge_describe(struct http_peer_certificate *out, struct arena *a, struct http_bridge *b);
/* Ends those whose handshake is under way. */
void http_bridge_end_young(struct http_server *s);
/* Ends at most n of them, the oldest first; how many. */
size_t http_bridge_end_oldest_young(struct http_server *s, size_t n);
/* Sends what libmicrohttpd has written, as far as it goes at once. */
void http_bridge_carry_all(struct http_server *s);
void http_bridge_end_all(struct http_server *s);

#endif
