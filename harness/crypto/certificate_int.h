/* certificate_int: what the files about certificates share. */
#ifndef CRYPTO_CERTIFICATE_INT_H
#define CRYPTO_CERTIFICATE_INT_H

#include "crypto/certificate.h"
#include "crypto/crypto_int.h"

/* OpenSSL's own form of c; NULL if its DER cannot be read. The caller frees it. */
X509 *certificate_open(const struct certificate *c);
/* The private key in bytes, PEM or DER; NULL if there is none. The caller frees it. */
EVP_PKEY *certificate_key_open(struct str bytes);
/* What a BIO in memory holds, copied; the BIO is freed. */
struct str certificate_taken(struct arena *a, BIO *b);
/* An empty BIO in memory. */
BIO *certificate_memory(void);

#endif
