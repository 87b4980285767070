/* cms: detached signatures (RFC 5652, CMS SignedData): who vouches for these bytes.
 *
 * A signature is a file of its own, DER (PEM is read as well), made by a private key and with its certificate, and
 * those above it, inside. Checking has two answers: whether the signature is of just these bytes, and whether its
 * certificate leads to one that is trusted and was valid at a time. Nothing is fetched: revocation cannot be told
 * offline. Digests below SHA-256 and keys of under 112 bits of security do not count. Strings live in the arena handed
 * in; PEM texts are the caller's. */
#ifndef CRYPTO_CMS_H
#define CRYPTO_CMS_H

#include "base/buf.h"
#include "base/error.h"

#define CMS_SIGNATURE_MAX ((size_t)1 << 20) /* bytes of a signature, and of a file of keys or certificates */

struct cms_signing {
  struct str key;         /* PEM */
  struct str certificate; /* PEM: the key's own first, then those above it */
  const char *passphrase; /* of the key; NULL: it needs none */
  int64_t now;            /* ms since 1970: the certificate has to be valid */
};

/* Signs bytes. Error: key or certificate cannot be read, do not belong together, or the certificate is not valid now.
 */
MUST_CHECK int cms_sign(struct buf *out, struct str bytes, const struct cms_signing *how, struct error *e);

enum cms_trust {
  CMS_UNKNOWN, /* no trusted certificates were given */
  CMS_TRUSTED,
  CMS_UNTRUSTED
};

struct cms_result {
  bool matches; /* the signature is of these bytes */
  enum cms_trust trust;
  struct str why;             /* it does not match, or is not trusted: why */
  struct str subject, issuer; /* of the signer's certificate: "CN = Jane Doe, O = Vendor" */
  int64_t from, until;        /* ms since 1970: validity of the certificate */
  int64_t signed_at;          /* as the signer says; 0: it does not */
};

struct cms_check {
  struct str trusted; /* PEM; empty: none */
  int64_t at;         /* ms since 1970: when the certificate has to be valid */
};

/* Checks a signature. -1: it cannot be read, or is not of the kind described. */
MUST_CHECK int cms_verify(struct cms_result *out, struct arena *a, struct str bytes, struct str signature,
                          const struct cms_check *how, struct error *e);

#endif
