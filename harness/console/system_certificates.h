/* system_certificates: the certificates that systems of the console show where they call us over TLS
 * (vendors/README.md, `certificates`). Only the public part, and only what client_certificate.h took, is kept. */
#ifndef CONSOLE_SYSTEM_CERTIFICATES_H
#define CONSOLE_SYSTEM_CERTIFICATES_H

#include "console/client_certificate.h"
#include "console/console_int.h"
#include "plan/vendor.h"

struct system_certificate {
  int64_t id, at;
  struct str by; /* who handed it in */
  struct certificate certificate;
};

/* Those of a system, oldest first, in the visit's arena. */
MUST_CHECK int system_certificates_get(struct visit *v, int64_t system, struct system_certificate **out, size_t *n,
                                       struct error *e);
/* Keeps one more, or one in place of another (its number; 0: none). ERR_CONFIG: it is there already, the other is not
 * there any more, or there are VENDOR_CERTIFICATES_MAX. */
MUST_CHECK int system_certificate_keep(struct visit *v, int64_t system, int64_t in_place_of,
                                       const struct certificate *c, struct error *e);
/* ERR_CONFIG: the system has none of that number. */
MUST_CHECK int system_certificate_drop(struct visit *v, int64_t system, int64_t id, struct error *e);
/* The vendor file of a system with its certificates in it, as a run takes it; ERR_CONFIG if one has expired. */
MUST_CHECK int system_certificates_add(struct visit *v, int64_t system, struct str *file, struct error *e);

/* The part of a system's page about them. */
void system_certificates_write(struct visit *v, int64_t system);

#endif
