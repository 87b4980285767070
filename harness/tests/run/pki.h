/* pki: certificates for the tests of runs over TLS: of the three kinds that those need, valid now. */
#ifndef TESTS_RUN_PKI_H
#define TESTS_RUN_PKI_H

#include "base/arena.h"

enum pki_kind { PKI_AUTHORITY, PKI_SERVER, PKI_SYSTEM };

struct pki_pair {
  struct str certificate, key; /* PEM */
};

/* Valid since yesterday until tomorrow; a server's for 127.0.0.1. issuer NULL: it issues itself. */
struct pki_pair pki_make(struct arena *a, enum pki_kind kind, const char *name, const struct pki_pair *issuer);

#endif
