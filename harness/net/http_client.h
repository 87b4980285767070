/* http_client: HTTP out, on the loop (curl_multi). No redirects are followed, no proxy of the environment is used. */
#ifndef NET_HTTP_CLIENT_H
#define NET_HTTP_CLIENT_H

#include "base/arena.h"
#include "base/error.h"

#define HTTP_ANSWER_MAX ((size_t)64 << 20)
#define HTTP_TIMEOUT_MS INT64_C(60000)

struct loop;
struct http_client;

struct http_answer {
  int status;                    /* 0: no answer */
  struct str content_type, body; /* borrowed during the call */
  const char *failure;           /* NULL, or why there was no answer (refused, time-out, ...) */
};

MUST_CHECK int http_client_open(struct http_client **out, struct loop *l, struct error *e);
/* Ends all that is under way without calling back. */
void http_client_close(struct http_client *c);
/* Starts a request; body is copied. done is called once, in a later turn. timeout_ms 0: HTTP_TIMEOUT_MS. */
void http_send(struct http_client *c, const char *method, const char *url, const char *content_type, struct str body,
               int64_t timeout_ms, void (*done)(void *payload, const struct http_answer *answer), void *payload);
/* Requests under way. */
size_t http_client_busy(const struct http_client *c);

#endif
