/* http_server: HTTP/1.1 in, on the loop (libmicrohttpd, external epoll).
 *
 * The handler is called once a request is wholly received. Bodies up to HTTP_BODY_MEMORY are in memory, larger ones
 * in a temporary file in spool_dir, streamed as they come; over HTTP_BODY_MAX the request is answered 413 and the
 * handler's `refused` is called, so that nothing goes unseen. The request stays open until http_reply: the handler may
 * keep the pointer and answer in a later turn. Requests with both Content-Length and Transfer-Encoding, with two
 * Content-Lengths that differ, or with a blank before the colon are answered 400 and closed (request smuggling). */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include "base/arena.h"
#include "base/error.h"

#define HTTP_BODY_MEMORY ((size_t)1 << 20)
#define HTTP_BODY_MAX ((size_t)256 << 20)
#define HTTP_CONNECTIONS_MAX 1000
#define HTTP_IDLE_SECONDS 120

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

struct http_handler {
  void (*request)(void *payload, struct http_request *r);
  /* A request that was refused before it was whole: status (0: none was sent by us, the client went away or what it
   * sent was no HTTP) and reason; for the log. May be NULL. */
  void (*refused)(void *payload, struct str peer, struct str path, int status, const char *why);
  /* A connection was reset, as http_server_reset_next asked; may be NULL. */
  void (*reset)(void *payload);
  void *payload;
};

/* Listens on "host:port" (port 0: any free one). Error names the address when it is in use. */
MUST_CHECK int http_server_open(struct http_server **out, struct loop *l, const char *address, const char *spool_dir,
                                const struct http_handler *h, struct error *e);
/* Sends what was replied, drops the rest: requests still held are freed and must not be replied to any more. Not from
 * within a handler. */
void http_server_close(struct http_server *s);
/* "http://127.0.0.1:8650": with the port really taken. */
const char *http_server_url(const struct http_server *s);
/* A request header, or a query argument (decoded); empty if absent. */
struct str http_header(struct http_request *r, const char *name);
struct str http_query(struct http_request *r, const char *name);
/* A header of the answer, before http_reply; the value must be a header's (http_client.h, http_header_valid). */
void http_reply_header(struct http_request *r, const char *name, struct str value);
/* Answers and ends r; body is copied. */
void http_reply(struct http_request *r, int status, const char *content_type, struct str body);

/* Ends r without an answer: its connection is closed. */
void http_abort(struct http_request *r);
/* Faults: closes the port, so that who connects is refused (requests under way go on), and opens it again. */
void http_server_deafen(struct http_server *s);
MUST_CHECK int http_server_listen(struct http_server *s, struct error *e);
/* Lets `passes` connections through and resets the `resets` after them before anything is read. */
void http_server_reset_next(struct http_server *s, size_t passes, size_t resets);

#endif
