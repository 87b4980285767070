/* token: signed claims: JWT (RFC 7519) in compact JWS (RFC 7515), and the keys of who signs them (JWK, RFC 7517).
 *
 * Only what FAPI 2.0 allows: PS256, ES256 and EdDSA with Ed25519; the algorithm is the key's, never the header's
 * choice. What is wrong with a token or a key set of others is a finding (token_rules); what we cannot do is an error.
 * Keys live in an arena and are freed with it; texts borrow from what was read, or stand in the arena handed in. */
#ifndef CRYPTO_TOKEN_H
#define CRYPTO_TOKEN_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/vec.h"
#include "formats/node.h"

#define TOKEN_MAX ((size_t)16 << 10) /* bytes of a token in compact form */
#define TOKEN_DEPTH_MAX 8            /* of objects and lists in a header, or in claims */
#define JWKS_MAX ((size_t)64 << 10)  /* bytes of a key set */
#define JWKS_KEYS_MAX 50
#define TOKEN_RSA_BITS_MIN 2048
#define TOKEN_RSA_BITS_MAX 8192
#define TOKEN_THUMBPRINT 43 /* letters of a SHA-256 digest in base64url */

extern const struct rule token_rules[]; /* token.…, jwks.… */
extern const size_t token_rules_n;

/* --- base64url (RFC 4648, 5): no padding, no blanks, unused bits zero --- */

struct str base64url(struct arena *a, struct str bytes);
/* False if text is not just that. */
bool base64url_read(struct str *out, struct arena *a, struct str text);
/* The SHA-256 digest of bytes in base64url: of a certificate in DER what cnf.x5t#S256 holds (RFC 8705, 3.1). */
struct str token_thumbprint(struct arena *a, struct str bytes);

/* --- keys --- */

enum token_alg { TOKEN_PS256, TOKEN_ES256, TOKEN_EDDSA, TOKEN_ALGS_N };

struct token_key; /* an asymmetric key, with or without its private half */

struct token_keys { /* a VEC: grows by VEC_PUSH */
  const struct token_key **v;
  size_t n, cap;
};

/* "PS256", "ES256", "EdDSA". */
const char *token_alg_name(enum token_alg alg);
/* A new key pair. */
MUST_CHECK int token_key_new(const struct token_key **out, struct arena *a, enum token_alg alg, struct error *e);
/* The pair that belongs to a seed: the same seed gives the same one, so that nothing has to be kept. With EdDSA the
 * signatures, too, are always the same; one for PS256 takes about as long to find as a new one. */
MUST_CHECK int token_key_derive(const struct token_key **out, struct arena *a, enum token_alg alg, struct str seed,
                                struct error *e);
/* A private or public key in PEM; the kind of key says for which algorithm. */
MUST_CHECK int token_key_read(const struct token_key **out, struct arena *a, struct str pem, struct error *e);
/* The same written: PKCS 8, not encrypted, or the public half. */
struct str token_key_write(struct arena *a, const struct token_key *key, bool private_half);
enum token_alg token_key_alg(const struct token_key *key);
/* The thumbprint of RFC 7638, which is its kid wherever we write it. */
struct str token_key_id(const struct token_key *key);

/* The public halves as a JSON object {"keys": [...]}. */
struct str jwks_write(struct arena *a, const struct token_keys *keys);
/* Reads such a set. Keys that are of no use here are passed over with a finding (severity below error); -1 if it is no
 * set, or a key is wrong or weak. */
MUST_CHECK int jwks_read(struct token_keys *out, struct arena *a, struct source src, struct findings *f);

/* --- tokens --- */

/* What is wrong on purpose, to see that it is refused. */
enum token_flaw {
  TOKEN_SOUND,
  TOKEN_FLAW_NONE,      /* alg none, no signature */
  TOKEN_FLAW_RS256,     /* signed with RSA, but PKCS 1 version 1.5; the key must be of RSA */
  TOKEN_FLAW_HS256,     /* the public key taken for a shared secret */
  TOKEN_FLAW_SIGNATURE, /* one bit of the signature is another */
  TOKEN_FLAW_CRIT,      /* an extension that nobody knows and everybody must */
  TOKEN_FLAWS_N
};

struct token_making {
  const struct token_key *key;
  const char *typ; /* "at+jwt", "JWT" */
  enum token_flaw flaw;
};

/* Signs claims, which are a JSON object already. */
MUST_CHECK int token_sign(struct str *out, struct arena *a, const struct token_making *how, struct str claims,
                          struct error *e);

struct token {
  enum token_alg alg;
  struct str kid;
  const struct node *header, *claims; /* objects; positions are those in the decoded part */
};

/* Reads a token and checks its form and signature by one of keys; what it claims (time, issuer, audience) is for the
 * caller to judge. -1: it does not count, and the first error in f says why. */
MUST_CHECK int token_verify(struct token *out, struct arena *a, struct str compact, const struct token_keys *keys,
                            struct findings *f);
/* The same without looking at the signature: what it says, for a person. */
MUST_CHECK int token_read(struct token *out, struct arena *a, struct str compact, struct findings *f);

/* Which tokens were found to be signed by those keys, by their SHA-256: a token is sent with every request for as long
 * as it lives. Of all else that makes a token right nothing is remembered. Zeroed at first. */
#define TOKEN_SEEN_MAX 64
struct token_seen {
  const struct token_keys *keys;
  char digests[TOKEN_SEEN_MAX][SHA256_HEX + 1];
  size_t next; /* the oldest gives way */
};

/* token_verify, but the signature of what was seen is not computed again; seen may be NULL. */
MUST_CHECK int token_verify_seen(struct token *out, struct arena *a, struct str compact, const struct token_keys *keys,
                                 struct token_seen *seen, struct findings *f);

/* A NumericDate (RFC 7519, 2) of a claim in ms since 1970; false if it is not there or is none. */
bool token_time(const struct node *claims, const char *name, int64_t *ms);

#endif
