/* hub_int: what the hub and the endpoints that share it know of each other. */
#ifndef ENDPOINT_HUB_INT_H
#define ENDPOINT_HUB_INT_H

#include "endpoint/endpoint_int.h"
#include "endpoint/hub.h"

/* prefix: "/<system>/<role>". -1: it belongs to the system of another vendor. */
MUST_CHECK int hub_join(struct endpoint_hub *h, struct endpoint *ep, struct str prefix, struct error *e);
void hub_leave(struct endpoint_hub *h, struct endpoint *ep);

/* vans_http.c */

/* A request for that endpoint; rest: what stands behind its prefix. */
void vans_http_request(struct endpoint *ep, struct http_request *r, struct str rest);
/* The message of a POST, in the memory of the request. */
struct endpoint_arrival vans_http_arrival(struct endpoint *ep, struct http_request *r);
void vans_http_settle(struct arrival *in, struct str message, const char *why);

#endif
