/* hub: one HTTP address that the systems of a whole testcamp share, each under a prefix of its own.
 *
 * POST /<system>/<role> goes to the one run that is open there. Where several are, it goes to the one whose open step
 * wants the message, else to the only one that has not ended, and to nobody when several want it, or none and several
 * have not ended: the owner of the hub is handed it by `unclaimed`, and keeps it until one waits for it, or a person
 * decides. GET /<system>/<role>/inbox is that of the only run that has not ended, else of all of them, told apart by
 * run. A request to a FHIR server goes to the one that waits for it, else to the one that holds what it is about, else
 * to the only one that has not ended, and is answered with their addresses where several could be meant. POST
 * /<system>/<role>/<run> goes to that run, whatever it waits for. A prefix belongs to one system of one vendor: another
 * of the same name is refused when it joins. A prefix whose runs are gone is answered 503, so that a vendor tries
 * again, and so is any of a system that the hub was told of (endpoint_hub_know). The hub outlives its endpoints. */
#ifndef ENDPOINT_HUB_H
#define ENDPOINT_HUB_H

#include "endpoint/endpoint.h"

#define HUB_PREFIXES_MAX 10000

struct endpoint_hub;
struct http_request;
struct http_tls;

struct hub_events {
  void *context;
  /* A message that no run claims, or several; mailbox is "<system>/<role>". Answer with endpoint_hub_settle. */
  void (*unclaimed)(void *context, struct str mailbox, const struct endpoint_arrival *in, size_t claims);
  void (*refused)(void *context, struct str peer, struct str path, int status, const char *why); /* may be NULL */
};

/* tls NULL: in the clear. All of it is copied. */
MUST_CHECK int endpoint_hub_open(struct endpoint_hub **out, struct loop *l, const char *listen, const char *spool_dir,
                                 const struct http_tls *tls, const struct hub_events *ev, struct error *e);
void endpoint_hub_close(struct endpoint_hub *h);
/* "http://127.0.0.1:8650". */
const char *endpoint_hub_url(const struct endpoint_hub *h);
/* The system of that name exists, though no run of it may be open. */
void endpoint_hub_know(struct endpoint_hub *h, struct str system);
/* 202 with that number once it is committed; message empty: 507 and why. */
void endpoint_hub_settle(struct arrival *in, struct str message, const char *why);

#endif
