/* token_int: what the files of tokens and their keys share. */
#ifndef CRYPTO_TOKEN_INT_H
#define CRYPTO_TOKEN_INT_H

#include "crypto/crypto_int.h"
#include "crypto/token.h"

#define ES256_HALF 32 /* bytes of r, of s, and of a coordinate */
#define ED25519_BYTES 32
#define ED25519_SIGNATURE 64

struct token_key {
  enum token_alg alg;
  EVP_PKEY *pkey;
  struct str kid;
};

/* {1} is what was found; see the texts in token_rules.c. */
enum token_rule {
  TOKEN_R_SIZE,
  TOKEN_R_FORM,
  TOKEN_R_BASE64,
  TOKEN_R_JSON,
  TOKEN_R_DEPTH,
  TOKEN_R_ALG_MISSING,
  TOKEN_R_ALG_NONE,
  TOKEN_R_ALG,
  TOKEN_R_CRIT,
  TOKEN_R_B64,
  TOKEN_R_KID,
  TOKEN_R_KEY_TYPE,
  TOKEN_R_SIGNATURE,
  JWKS_R_SIZE,
  JWKS_R_FORM,
  JWKS_R_MEMBER,
  JWKS_R_PASSED_OVER,
  JWKS_R_PRIVATE,
  JWKS_R_WEAK,
  JWKS_R_KEY,
  JWKS_R_KID_AGAIN,
  JWKS_R_MANY,
  TOKEN_RULES_N
};

/* token_key.c */

/* Takes pkey over, and frees it where it does not do: -1, and why. */
MUST_CHECK int token_key_of(const struct token_key **out, struct arena *a, EVP_PKEY *pkey, struct error *e);
/* The public members of a JWK, in the order of RFC 7638: {"crv":...}. */
struct str token_key_members(struct arena *a, EVP_PKEY *pkey, enum token_alg alg);
/* The algorithm that a kind of key is for; false: for none of ours. */
bool token_alg_of(enum token_alg *out, const EVP_PKEY *pkey);
/* The algorithm of that name; false: none of ours. */
bool token_alg_named(enum token_alg *out, struct str name);

/* token_json.c: an object out of JSON that has to be without fault; -1 and a finding of rule r, which fills {1} with
 * `what`. */
MUST_CHECK int token_object(const struct node **out, struct arena *a, struct source src, enum token_rule r,
                            struct findings *f);

#endif
