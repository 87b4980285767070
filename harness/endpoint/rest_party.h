/* rest_party: what the kinds share that are FHIR servers to a vendor's system (fhirrest.c): a plain one, and those of
 * MedCom's services, which keep and do less and look closer.
 *
 * A service is a row (struct rest_party) in its endpoint_kind. Before a request is answered, `begin` may refuse it, and
 * gives what the service's hooks are asked with; both live as long as the request. */
#ifndef ENDPOINT_REST_PARTY_H
#define ENDPOINT_REST_PARTY_H

#include "endpoint/hub_int.h"
#include "endpoint/rest.h"

/* One request, at the place that it gets in the log. */
struct rest_asking {
  struct endpoint *ep;
  struct http_request *request;
  const struct rest_request *q;
  const struct rest_target *target;
  enum resource_form form; /* of the answer */
  struct arena *arena;
  int64_t now;
  struct facts *facts;        /* of the arrival; more may be put there */
  struct rest_answer *answer; /* with a status it is refused */
  int created, unfit;         /* as rest_site has them; 0 unless begin says otherwise */
};

/* Resources that are there from the start, and their bytes; a digest is STOCK_DIGEST and the number of the row. */
#define REST_STOCK_DIGEST "stock/"
struct rest_stock {
  const struct rest_resource *resources;
  const struct str *bytes;
  size_t n;
};

struct rest_party {
  const struct rest_service *service;
  int (*open)(struct endpoint *ep, struct error *e); /* before it listens: ep->service; may be NULL */
  void *(*begin)(struct rest_asking *x);             /* may be NULL */
  int deleted, gone;                                 /* as rest_site has them */
  /* What it holds before anybody puts anything there; may be NULL. */
  const struct rest_stock *(*stock)(const struct endpoint *ep);
};

void rest_party_request(struct endpoint *ep, struct http_request *r, struct str rest);
struct endpoint_arrival rest_party_arrival(struct endpoint *ep, struct http_request *r, struct str rest);
MUST_CHECK int rest_party_open(struct endpoint *ep, struct error *e);
void rest_party_send(struct endpoint *ep, struct str message, struct str wire, struct str content_type,
                     struct str file);
void rest_party_accept(struct endpoint *ep, struct arrival *in, struct str message);
void rest_party_refuse(struct endpoint *ep, struct arrival *in, const char *why);
void rest_party_decide(struct endpoint *ep, struct endpoint_arrival *in, struct facts *facts,
                       const struct endpoint_decision *d);
void rest_party_misbehave(struct endpoint *ep, struct arrival *in, struct str message, const struct fault *f);

/* Asks the endpoint's guard, where it has one, for that permission (resource_guard.h), and refuses with what it says:
 * true if the request may be answered. */
struct guard_answer;
bool rest_party_guard(struct guard_answer *out, struct rest_asking *x, const char *permission);
/* Refuses with what the guard has said. */
void rest_party_forbid(const struct guard_answer *g, struct rest_asking *x);

/* The row of such a kind. */
#define REST_PARTY(NAME, PARTY)                                                                                        \
  {                                                                                                                    \
    .name = (NAME), .rest = (PARTY), .open = rest_party_open, .send = rest_party_send, .accept = rest_party_accept,    \
    .refuse = rest_party_refuse, .close = http_party_close, .request = rest_party_request,                             \
    .arrival = rest_party_arrival, .decide = rest_party_decide, .misbehave = rest_party_misbehave,                     \
    .port = http_party_port, .reset_next = http_party_reset_next, .retls = http_party_retls                            \
  }

#endif
