/* endpoint_int: what the kinds of endpoint share. */
#ifndef ENDPOINT_ENDPOINT_INT_H
#define ENDPOINT_ENDPOINT_INT_H

#include "endpoint/clients.h"
#include "endpoint/endpoint.h"

struct endpoint {
  struct arena *arena;
  struct loop *loop;
  const struct endpoint_kind *kind;
  struct endpoint_config config; /* strings copied into arena */
  struct endpoint_events events;
  struct clients clients;             /* by whose certificates it is called */
  const struct ehmi_profile *profile; /* of EHMI's servers: severities (server_rules.h); NULL */
  const char *address;
  void *own;          /* of the kind */
  void *service;      /* of a FHIR server: what its service keeps (rest_party.h) */
  struct held *helds; /* messages that a fault holds back (fault_apply.c) */
};

/* Reads the facts of what arrived, adds those that it brings (in->facts, may be NULL), and hands it to `received`. */
void endpoint_deliver(struct endpoint *ep, struct endpoint_arrival *in);

/* The result of a send: every kind reports here, and a fault may have more to do before it is told. */
void endpoint_report(struct endpoint *ep, struct str message, const struct endpoint_result *r);
/* Drops what is held back. */
void endpoint_faults_close(struct endpoint *ep);

extern const struct endpoint_kind endpoint_vans_http;
extern const struct endpoint_kind endpoint_vans_folder;
extern const struct endpoint_kind endpoint_sbdh_http;
extern const struct endpoint_kind endpoint_sbdh_folder;
extern const struct endpoint_kind endpoint_upload;
extern const struct endpoint_kind endpoint_fhirrest;
extern const struct endpoint_kind endpoint_authorization;
extern const struct endpoint_kind endpoint_eds;
extern const struct endpoint_kind endpoint_eer;
extern const struct endpoint_kind endpoint_eas;

#endif
