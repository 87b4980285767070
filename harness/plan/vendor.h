/* vendor: the file a vendor writes about its system (vendors/README.md is its manual).
 *
 * Loaded strictly like a protocol. Addresses, persons and organisations become variables:
 *   vendor.name vendor.gln vendor.sor vendor.organisation    the system's own organisation
 *   counterpart.gln ... and counterpart.2.gln ...            simulated organisations (first, second, ...)
 *   person.cpr person.given person.family, person.2.cpr ...  created test persons
 *   vendor.stations vendor.device   what it is in EHMI's four corners ("EUA-MSH"), and its device id there
 *   person.birth-date person.gender   what the CPR number says of them */
#ifndef PLAN_VENDOR_H
#define PLAN_VENDOR_H

#include "base/buf.h"
#include "base/fact.h"
#include "formats/node.h"

#define VENDOR_BYTES_MAX ((size_t)1 << 20)
#define VENDOR_CERTIFICATES_MAX 16 /* that its system is known by */
/* Of claims, of counterparts, of persons; and of capabilities: each becomes variables, which are looked through. */
#define VENDOR_LIST_MAX 200
#define VENDOR_CAPABILITIES_MAX 1000

enum vendor_trigger { TRIGGER_PERSON, TRIGGER_HTTP, TRIGGER_COMMAND };

struct vendor_claim {
  struct str standard, version;
  struct facts roles; /* sender -> true */
};

/* Files of certificates in PEM; relative names begin at the vendor file. Each may be empty. */
struct vendor_pem {
  struct str certificate, key, trust;
};

/* A file, or the JSON text itself: one of them is empty. */
struct vendor_enrollment {
  struct str file, text;
};

struct vendor {
  struct source source;
  struct str digest;
  struct str name, contact, email, system, version, type;
  VEC(struct vendor_claim) claims;
  struct facts capabilities; /* name -> true, false */
  struct facts variables;    /* as above */
  struct str exchange;       /* vans-http, vans-folder, sbdh-http, sbdh-folder, upload, fhir-rest, eds, eer, eas */
  struct str envelope;       /* what its messages come in unless a step says otherwise: vans, sbdh */
  struct str form;           /* json, xml: how it wants to receive; default json */
  struct str address;        /* over HTTP: URL that takes its messages; may hold ${launch.address} */
  struct str folder_to, folder_from; /* in folders: we drop into `to`, it drops into `from`; a relative name is taken
                                        from the vendor file's folder */
  struct str listen;                 /* host:port for us; default 127.0.0.1:0 */
  struct vendor_pem identity;        /* ours where its address, or that of its REST server, is https */
  struct vendor_pem tls;             /* ours where it calls us; certificate empty: plain HTTP */
  struct str clients;           /* any, asked, required: must it show a certificate there that leads to tls.trust? */
  bool shared_port;             /* that port takes messages for other systems too */
  VEC(struct str) certificates; /* PEM: those that its system shows where it calls us, and no others; none: any */
  VEC(struct vendor_enrollment) enrollments; /* what its clients are registered with at an authorization server */
  struct facts user; /* who is logged in there: name, cpr, cvr, organisation, roles; empty: nobody */
  struct str rest;   /* base address of its REST server, for `http` steps; may hold ${launch.address} */
  enum vendor_trigger trigger;
  struct str trigger_url; /* may hold ${launch.address} */
  VEC(struct str) trigger_command;
  VEC(struct str) launch; /* command that starts the system for the length of a run; may be empty */
  bool clock_scalable;
  bool test_persons_only; /* declared: what it hands in holds test persons only */
};

/* How a mailbox of a system is reached: its own way, or as the service that it is. */
struct vendor_wire {
  const struct vendor *vendor;
  struct str exchange;
  bool shared_port;
};

/* Reads the bytes of a vendor file; strings borrow from them. */
MUST_CHECK int vendor_read(struct vendor **out, struct arena *a, struct source src, struct error *e);
MUST_CHECK int vendor_load(struct vendor **out, struct arena *a, const char *path, struct error *e);
/* Two vendor files that share an own GLN, a folder or a fixed listen address: an error that names both. */
MUST_CHECK int vendor_check_distinct(const struct vendor *a, const struct vendor *b, struct error *e);

/* The JSON Schema of a vendor file. */
void vendor_schema(struct buf *out);

#endif
