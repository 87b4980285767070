/* http_server_int: the insides of the HTTP server, shared by http_server.c (driving libmicrohttpd),
 * http_listen.c (who may connect), http_request.c (one request: checks, body, reply), http_linger.c (closing without
 * losing the answer) and its tests.
 */
#ifndef NET_HTTP_SERVER_INT_H
#define NET_HTTP_SERVER_INT_H

#include "base/buf.h"
#include "base/fact.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "net/net_int.h"

#include <microhttpd.h>

/* Of a body that turned out too large on its way, so much more is read and thrown away so that the client gets to
 * see the 413; then the connection is cut. */
#define HTTP_DISCARD_MAX HTTP_BODY_MAX
/* How long, and for how many connections at once, the rest of a refused request is drained. */
#define HTTP_LINGER_MS INT64_C(2000)
#define HTTP_LINGER_MAX 64

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
  struct loop_fd *listen_watch;
  size_t passes, resets; /* connections let through, and then reset */
  struct http_peer *peers;
  size_t peers_n;
  bool starved;                 /* of descriptors */
  size_t body_max, discard_max; /* HTTP_BODY_MAX and HTTP_DISCARD_MAX; smaller in tests */
  bool running;                 /* inside MHD_run */
  bool kicked;                  /* a connection was resumed meanwhile */
  bool closing;
  struct http_connection *open; /* every request that has begun */
  struct http_linger *lingers;
  size_t lingers_n;
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
  bool begun, whole, suspended, replied, aborted, last;
  int refused; /* status it is refused with, 0 if not */
  const char *why;
  VEC(struct fact) headers; /* of the answer */
  struct MHD_Response *reply;
  int status;
  int linger; /* a second descriptor of the socket, -1 if none */
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
/* The connection ends with the answer to this request, and the answer says so. */
void http_last_request(struct http_connection *c);
/* A request is over: its connection ends too if it has to. */
void http_listen_idle(struct http_server *s, const struct MHD_Connection *mhd);
/* Has libmicrohttpd run now; not from within it. */
void http_server_pump(struct http_server *s);
/* Has libmicrohttpd run again in the next turn. */
void http_server_kick(struct http_server *s);
/* Reads and drops what still comes in on fd for at most HTTP_LINGER_MS, then closes it: a socket closed with unread
 * bytes sends a reset, which can overtake the answer. Owns fd. */
void http_linger(struct http_server *s, int fd);
void http_linger_end_all(struct http_server *s);

#endif
