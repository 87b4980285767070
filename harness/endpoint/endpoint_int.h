/* endpoint_int: what the kinds of endpoint share. */
#ifndef ENDPOINT_ENDPOINT_INT_H
#define ENDPOINT_ENDPOINT_INT_H

#include "endpoint/endpoint.h"

struct endpoint {
  struct arena *arena;
  struct loop *loop;
  const struct endpoint_kind *kind;
  struct endpoint_config config; /* strings copied into arena */
  struct endpoint_events events;
  const char *address;
  void *own; /* of the kind */
};

/* Reads the facts of what arrived and hands it to `received`. */
void endpoint_deliver(struct endpoint *ep, struct endpoint_arrival *in);

extern const struct endpoint_kind endpoint_vans_http;
extern const struct endpoint_kind endpoint_vans_folder;
extern const struct endpoint_kind endpoint_upload;

#endif
