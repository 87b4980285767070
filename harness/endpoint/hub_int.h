/* hub_int: what the hub and the endpoints that share it know of each other. */
#ifndef ENDPOINT_HUB_INT_H
#define ENDPOINT_HUB_INT_H

#include "endpoint/endpoint_int.h"
#include "endpoint/hub.h"

/* prefix: "/<system>/<role>". -1: it belongs to the system of another vendor. */
MUST_CHECK int hub_join(struct endpoint_hub *h, struct endpoint *ep, struct str prefix, struct error *e);
void hub_leave(struct endpoint_hub *h, struct endpoint *ep);
/* A name as one part of a URL: lower-case ASCII letters, digits and '-'. */
struct str endpoint_url_part(struct arena *a, struct str name);

/* message_http.c: what the kinds share that speak HTTP. */

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
/* May a message be posted to what stands behind the prefix? */
bool message_http_takes(struct str rest);
/* The path of a request with what is well known behind the address that it is about, where RFC 8414 (3.1) has it in
 * front:
 * "/.well-known/x/system/role" is "/system/role/.well-known/x". */
struct str http_party_path(const struct http_request *r);
/* 202 with the number of the message; message empty: 507 and why. */
void vans_http_settle(struct arrival *in, struct str message, const char *why);

#endif
