/* client_certificate: what a vendor hands in as the certificate that its system shows, taken or refused.
 *
 * Foreign bytes: PEM or DER of one system's certificate; those of the authorities above it may stand beside it and are
 * left out. Nothing but the public part is ever taken: who hands in a private key is told so. Pure; what is given out
 * lives in the arena. */
#ifndef CONSOLE_CLIENT_CERTIFICATE_H
#define CONSOLE_CLIENT_CERTIFICATE_H

#include "crypto/certificate.h"

#define CLIENT_CERTIFICATE_MAX ((size_t)64 << 10) /* bytes of what is handed in */

/* True if it is one that can be used at that time (ms since 1970): expired, not yet valid, weak ones and those that are
 * not meant for clients are refused. Else why tells the person what is wrong and what to do. */
MUST_CHECK bool client_certificate_take(struct certificate *out, struct said *why, struct arena *a, struct str bytes,
                                        int64_t now);

#endif
