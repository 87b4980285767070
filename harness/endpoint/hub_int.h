/* hub_int: what the hub and the endpoints that share it know of each other. */
#ifndef ENDPOINT_HUB_INT_H
#define ENDPOINT_HUB_INT_H

#include "endpoint/endpoint_int.h"
#include "endpoint/hub.h"

/* prefix: "/<system>/<role>". -1: it belongs to the system of another vendor. */
MUST_CHECK int hub_join(struct endpoint_hub *h, struct endpoint *ep, struct str prefix, struct error *e);
void hub_leave(struct endpoint_hub *h, struct endpoint *ep);

/* message_http.c: what the kinds share that speak HTTP. */

/* What is read of a request that nobody here waits for: enough that most get the same answer as without a body, and
 * never a file. */
#define STRANGER_BODY_MAX ((size_t)64 << 10)

struct http_limit;

struct arrival {
  struct http_request *request;
  struct endpoint *ep;
  struct loop_timer *timer; /* a fault lets it wait */
  struct arrival *next;
  struct str message; /* empty: it is not taken */
  void *own;          /* of the kind */
};

/* Listens at the endpoint's own address, or joins its hub; and the end of it. */
MUST_CHECK int http_party_open(struct endpoint *ep, struct error *e);
void http_party_close(struct endpoint *ep);
void http_party_misbehave(struct endpoint *ep, struct arrival *in, struct str message, const struct fault *f);
MUST_CHECK int http_party_port(struct endpoint *ep, bool open, struct error *e);
void http_party_reset_next(struct endpoint *ep, size_t passes, size_t resets);
MUST_CHECK int http_party_retls(struct endpoint *ep, const struct http_tls *tls, struct error *e);
/* The list of an inbox, or of several as one: then each number has the run's id and '/' in front. */
void message_http_inboxes(struct endpoint *const *eps, size_t n, struct http_request *r);
/* May a message be posted to what stands behind the prefix? */
bool message_http_takes(struct str rest);
/* The path of a request with what is well known behind the address that it is about, where RFC 8414 (3.1) has it in
 * front:
 * "/.well-known/x/system/role" is "/system/role/.well-known/x". */
struct str http_party_path(const struct http_request *r);
/* Who calls: as clients.h judges it where the system is known by its certificates, else as the server does. */
struct http_party_client {
  bool tls, verified;
  struct str subject, thumbprint; /* empty: none was shown */
};
struct http_party_client http_party_client(const struct endpoint *ep, const struct http_request *r);
/* What an address with a run, and one that is nobody's (status, why), takes of a body. */
void http_party_limit(struct http_limit *limit);
void http_party_limit_stranger(struct http_limit *limit, int status, const char *why);
/* Why a request is not the system's, as a sentence in the request's arena; NULL: it may be. Those who judge
 * certificates themselves, authorization servers and who takes their tokens, do so. */
const char *http_party_stranger(const struct endpoint *ep, const struct http_request *r);
/* 403, and noted in the run. */
void http_party_turn_away(struct endpoint *ep, struct http_request *r, const char *why);
/* A request for this endpoint: it goes to its kind, unless it is a stranger's. */
void http_party_take(struct endpoint *ep, struct http_request *r, struct str rest);
/* By which of its certificates a system came, as a fact; where it is known by none, out stays as it is. */
void http_party_put_client(struct facts *out, const struct endpoint *ep, const struct http_request *r);
/* 202 with the number of the message; message empty: 507 and why. */
void vans_http_settle(struct arrival *in, struct str message, const char *why);

#endif
