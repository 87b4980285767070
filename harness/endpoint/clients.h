/* clients: the certificates that a system is known by where it calls us over TLS.
 *
 * A vendor file may name them: then they alone are the system's, whoever issued them, as long as they are valid; the
 * key of what is shown was proven by the handshake. With none, whom the server trusts decides. Lives in the arena
 * handed in. */
#ifndef ENDPOINT_CLIENTS_H
#define ENDPOINT_CLIENTS_H

#include "base/arena.h"
#include "base/error.h"

struct certificate;

struct clients {
  const struct certificate *v;
  size_t n; /* 0: nothing is said */
};

/* Reads n certificates, each a PEM text. Error: one that cannot be read, is several, or is not meant for clients.
 * Whether one is valid now is not asked: a run goes on when it has expired. */
MUST_CHECK int clients_read(struct clients *out, struct arena *a, const struct str *pem, size_t n, struct error *e);
/* Why who shows the certificate of that thumbprint (x5t#S256; empty: none) at that time (ms since 1970) is not the
 * system, for a person, English; NULL: it is. With no clients it is anybody. */
const char *clients_stranger(const struct clients *c, struct str thumbprint, int64_t at);

#endif
