/* http_server: HTTP/1.1 in, on the loop (libmicrohttpd, external epoll).
 *
 * The handler is called once a request is wholly received. Bodies up to HTTP_BODY_MEMORY are in memory, larger ones
 * in a temporary file in spool_dir, streamed as they come; over HTTP_BODY_MAX, or the handler's own `limit`, the
 * request is answered 413 before the body is read, and `refused` is called, so that nothing goes unseen. The request
 * stays open until http_reply: the handler may keep the pointer and answer in a later turn. Requests with both
 * Content-Length and Transfer-Encoding, with two Content-Lengths that differ, with a blank before the colon, a folded
 * header or a bare carriage return in one are answered 400 and closed (request smuggling).
 *
 * With TLS (GnuTLS) each request knows by which certificate it came. A connection that never gets to a request, because
 * one side refused the other, is told to `refused` with the alert that says why. Sessions are never resumed, so that
 * every connection shows its certificate. */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include "base/arena.h"
#include "base/error.h"

#define HTTP_BODY_MEMORY ((size_t)1 << 20)
#define HTTP_BODY_MAX ((size_t)256 << 20)
#define HTTP_CONNECTIONS_MAX 1000
#define HTTP_IDLE_SECONDS 120
#define HTTP_HANDSHAKE_MS INT64_C(30000) /* a TLS handshake may take this long */

struct loop;
struct http_server;

struct http_request {
  struct arena *arena; /* freed after the reply was sent */
  struct str method, path, query;
  struct str peer;       /* "127.0.0.1:4711" */
  struct str body;       /* empty when in a file */
  const char *body_file; /* NULL when in memory; the handler may rename it away and keep it */
  size_t body_size;
  struct http_connection *connection; /* private */
};

/* What is taken of a body. */
struct http_limit {
  size_t bytes;    /* at most HTTP_BODY_MAX */
  int status;      /* what a longer one is refused with */
  const char *why; /* and what is said to who sent it; as long as the request */
};

struct http_handler {
  void (*request)(void *payload, struct http_request *r);
  /* Called when the headers of a request with a body are here, with the server's own limit to be narrowed: a longer
   * body is not read, nor kept. Nothing else may be done with r yet. May be NULL. */
  void (*limit)(void *payload, struct http_request *r, struct http_limit *limit);
  /* A request that was refused before it was whole: status (0: none was sent by us, the client went away, what it
   * sent was no HTTP, or TLS did not come about: then path is empty) and reason; for the log. May be NULL. */
  void (*refused)(void *payload, struct str peer, struct str path, int status, const char *why);
  /* A connection was reset, as http_server_reset_next asked; may be NULL. */
  void (*reset)(void *payload);
  void *payload;
};

/* Listens on "host:port" (port 0: any free one). Error names the address when it is in use. */
MUST_CHECK int http_server_open(struct http_server **out, struct loop *l, const char *address, const char *spool_dir,
                                const struct http_handler *h, struct error *e);
enum http_clients {
  HTTP_CLIENTS_ANY,     /* no client certificate is asked for */
  HTTP_CLIENTS_ASKED,   /* the handler sees whether there is one, and whether it is verified */
  HTTP_CLIENTS_REQUIRED /* without one that leads to the authorities the handshake fails */
};

/* What the server speaks: as BCP 195 wants it, or with a fault on purpose, for tests of clients that must refuse it.
 * Weak ciphers (TLS 1.2 without forward secrecy, CBC, SHA-1) need a certificate with an RSA key. */
enum http_speaks { HTTP_SPEAKS_TLS, HTTP_SPEAKS_TLS_1_1, HTTP_SPEAKS_WEAK_CIPHERS };

struct http_tls {
  struct str certificate; /* PEM: the server's own first, then those above it, as they shall be sent */
  struct str key;         /* PEM */
  struct str authorities; /* PEM: those that clients' certificates have to lead to; empty only with HTTP_CLIENTS_ANY, or
                             ASKED and known */
  enum http_clients clients;
  enum http_speaks speaks;
  bool known; /* the handler may know clients by their certificates alone, whoever issued them: the authorities are not
                 named in the handshake, by which many a client would show none */
};

/* The same as http_server_open, over TLS; all of tls is copied. */
MUST_CHECK int http_server_open_tls(struct http_server **out, struct loop *l, const char *address,
                                    const char *spool_dir, const struct http_handler *h, const struct http_tls *tls,
                                    struct error *e);
/* Another certificate, or another fault, from the next connection on; connections without a request under way are
 * ended, the others with its answer. Only of a server that was opened with TLS. On error all stays as it was. */
MUST_CHECK int http_server_retls(struct http_server *s, const struct http_tls *tls, struct error *e);

enum http_peer_state {
  HTTP_PEER_PLAIN,      /* no TLS */
  HTTP_PEER_NONE,       /* TLS, and no certificate was shown */
  HTTP_PEER_UNVERIFIED, /* one was shown that proves nothing: `why` says what is wrong with it */
  HTTP_PEER_VERIFIED    /* it leads to the authorities, is valid now, meant for clients, and its key was proven */
};

struct http_peer_certificate {
  enum http_peer_state state;
  struct str why;                           /* unless verified: for a person, English */
  struct str der, pem, thumbprint, subject; /* as in crypto/certificate.h; empty without a certificate */
  struct str protocol;                      /* "TLS1.3"; empty without TLS */
  struct str cipher;                        /* "AES-256-GCM" */
};

/* By which certificate a request came; judged anew in each second, never NULL, as long as the request. */
const struct http_peer_certificate *http_peer_certificate(const struct http_request *r);
/* True if the server got other TLS (http_server_retls) after the connection of this request had begun. */
bool http_request_outlived(const struct http_request *r);
/* True if `why`, as `refused` was told it, is that the client would not have the server's TLS: it said so by an alert,
 * hung up, left after the handshake, or wants no version or cipher suite that the server offers. */
bool http_client_declined(const char *why);
/* Sends what was replied, drops the rest: requests still held are freed and must not be replied to any more. Not from
 * within a handler. */
void http_server_close(struct http_server *s);
/* "http://127.0.0.1:8650", or https: with the port really taken. */
const char *http_server_url(const struct http_server *s);
/* A request header, or a query argument (decoded); empty if absent. */
struct str http_header(struct http_request *r, const char *name);
struct str http_query(struct http_request *r, const char *name);
/* A header of the answer, before http_reply; the value must be a header's (http_client.h, http_header_valid). */
void http_reply_header(struct http_request *r, const char *name, struct str value);
/* Answers and ends r; body is copied. No answer lets its type be guessed (nosniff). */
void http_reply(struct http_request *r, int status, const char *content_type, struct str body);

/* Ends r without an answer: its connection is closed. */
void http_abort(struct http_request *r);
/* Faults: closes the port, so that who connects is refused (requests under way go on), and opens it again; in between
 * it stays the server's, so that no other process gets it. */
void http_server_deafen(struct http_server *s);
MUST_CHECK int http_server_listen(struct http_server *s, struct error *e);
/* Lets `passes` connections through and resets the `resets` after them before anything is read. */
void http_server_reset_next(struct http_server *s, size_t passes, size_t resets);

#endif
