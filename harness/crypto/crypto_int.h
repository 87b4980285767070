/* crypto_int: what the files of the crypto room share. */
#ifndef CRYPTO_CRYPTO_INT_H
#define CRYPTO_CRYPTO_INT_H

#include "crypto/cms.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* A BIO over bytes that stay the caller's. BUG when there is no memory. */
BIO *crypto_bio(struct str bytes);
/* e from what, and OpenSSL's last reason, whose queue is emptied; -1. */
int crypto_error(struct error *e, const char *what);
/* All certificates of a PEM text, at least one. The caller frees them (sk_X509_pop_free). */
MUST_CHECK int pem_certificates(STACK_OF(X509) * *out, struct str pem, const char *what, struct error *e);
/* The private key of a PEM text. The caller frees it. */
MUST_CHECK int pem_private_key(EVP_PKEY **out, struct str pem, const char *passphrase, struct error *e);
/* "CN = ..., O = ...", control characters escaped. */
struct str name_text(struct arena *a, const X509_NAME *name);
/* ms since 1970; 0 if it cannot be told. */
int64_t asn1_ms(const ASN1_TIME *t);

#endif
