/* http_client: HTTP out, on the loop (curl_multi).
 *
 * http_send speaks to systems under test: no redirects are followed, no proxy of the environment is used, and what a
 * name leads to is not asked if it is link-local (169.254/16, fe80::/10). http_fetch
 * gets files from the open net: https only, the certificate always verified, redirects followed but never to http, the
 * proxy of the environment used. */
#ifndef NET_HTTP_CLIENT_H
#define NET_HTTP_CLIENT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/fact.h"

#define HTTP_ANSWER_MAX ((size_t)64 << 20)
#define HTTP_TIMEOUT_MS INT64_C(60000)
/* Header lines of an answer beyond this are not kept. */
#define HTTP_HEAD_MAX ((size_t)64 << 10)

struct loop;
struct http_client;

struct http_answer {
  int status;                    /* 0: no answer */
  struct str content_type, body; /* borrowed during the call */
  struct str headers;            /* lines "Name: value" of the last answer, as they came; empty for a fetch */
  const char *failure;           /* NULL, or why there was no answer (refused, time-out, ...) */
};

MUST_CHECK int http_client_open(struct http_client **out, struct loop *l, struct error *e);
/* Ends all that is under way without calling back. */
void http_client_close(struct http_client *c);
/* Starts a request; body is copied. done is called once, in a later turn. timeout_ms 0: HTTP_TIMEOUT_MS. */
void http_send(struct http_client *c, const char *method, const char *url, const char *content_type, struct str body,
               int64_t timeout_ms, void (*done)(void *payload, const struct http_answer *answer), void *payload);

/* Who we are, and whom we believe, before an https system under test. PEM. The certificate of the system is always
 * checked: it has to lead to ca, be valid now and for the host of the address. TLS 1.2 or later is spoken. `lax` is for
 * a client that is to be caught at it: the reference vendor with a defect. */
enum http_lax { HTTP_STRICT, HTTP_TRUSTS_ANYBODY, HTTP_IGNORES_TIME, HTTP_IGNORES_NAME, HTTP_OLD_TLS };

struct http_identity {
  struct str cert, key; /* client certificate (those above it may follow) and its key; both empty: none */
  struct str ca;        /* authorities, these alone; empty: those that this machine trusts */
  enum http_lax lax;
};

#define HTTP_IDENTITY_MAX ((size_t)1 << 20) /* bytes of each */

/* Reads it from files, NULL for none, and checks that they are what they should be: certificates and a key in PEM that
 * belong together. */
MUST_CHECK int http_identity_read(struct http_identity *out, struct arena *a, const char *cert, const char *key,
                                  const char *ca, struct error *e);

struct http_call {
  const char *method, *url, *content_type;
  const struct fact *headers; /* besides Content-Type: names and values that http_header_valid holds good */
  size_t headers_n;
  struct str body;
  int64_t timeout_ms;                   /* 0: HTTP_TIMEOUT_MS */
  size_t body_max;                      /* a larger answer is a failure; 0: HTTP_ANSWER_MAX */
  const struct http_identity *identity; /* for https; NULL: no client certificate, the authorities of this machine */
  void (*done)(void *payload, const struct http_answer *answer);
  void *payload;
};

/* The same with headers of one's own; all but payload is copied. */
void http_call(struct http_client *c, const struct http_call *o);
/* False if the name is no token, or the value would begin another header. */
bool http_header_valid(struct str name, struct str value);

#define HTTP_REDIRECTS_MAX 5
#define HTTP_FETCH_MAX_MS INT64_C(3600000) /* a fetch may take this long while bytes come */

struct http_fetch {
  const char *url;
  const char *ca_file; /* NULL: the authorities that the system trusts */
  size_t body_max;     /* a larger answer is a failure */
  int64_t still_ms;    /* no byte for this long (in whole seconds) is a failure; 0: HTTP_TIMEOUT_MS */
  void (*progress)(void *payload, int64_t got, int64_t total); /* may be NULL; total 0: not known */
  void (*done)(void *payload, const struct http_answer *answer);
  void *payload;
};

/* Starts a GET; done is called once, in a later turn. The strings must live until then. */
void http_fetch(struct http_client *c, const struct http_fetch *f);
/* Requests under way. */
size_t http_client_busy(const struct http_client *c);

#endif
