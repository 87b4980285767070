/* Keys that belong to a seed. */
#include "base/hash.h"
#include "crypto/token_int.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#define DIGEST_BYTES 32
#define PRIME_BYTES (TOKEN_RSA_BITS_MIN / 2 / 8)
#define RSA_EXPONENT 65537
#define EC_POINT_BYTES (1 + 2 * ES256_HALF)

/* n bytes, a multiple of DIGEST_BYTES, that only the seed and the name tell. */
static void expand(unsigned char *out, size_t n, struct arena *a, const char *name, struct str seed) {
  unsigned char digest[HASH_BYTES_MAX];
  for (size_t at = 0; at < n; at += DIGEST_BYTES) {
    struct str text = arena_printf(a, "testcamp signing key %s %zu %.*s", name, at, STR_F(seed));
    if (hash_named(digest, STR("sha256"), text) != DIGEST_BYTES) BUG("a digest of another length");
    memcpy(out + at, digest, DIGEST_BYTES);
  }
}

static EVP_PKEY *from_params(const char *type, OSSL_PARAM_BLD *bld) {
  EVP_PKEY *pkey = NULL;
  OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
  if (!params || !ctx) BUG("out of memory: a key");
  if (EVP_PKEY_fromdata_init(ctx) != 1 || EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1) pkey = NULL;
  EVP_PKEY_CTX_free(ctx);
  OSSL_PARAM_free(params);
  OSSL_PARAM_BLD_free(bld);
  return pkey;
}

/* --- Ed25519 --- */

static EVP_PKEY *derive_ed(struct arena *a, struct str seed) {
  unsigned char bytes[ED25519_BYTES];
  expand(bytes, sizeof bytes, a, "EdDSA", seed);
  return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, bytes, sizeof bytes);
}

/* --- P-256 --- */

/* FIPS 186-4, B.4.1: more bits than are needed, modulo the order less one, plus one. */
static BIGNUM *scalar_of(struct arena *a, struct str seed, const EC_GROUP *group, BN_CTX *ctx) {
  unsigned char bytes[2 * DIGEST_BYTES];
  BIGNUM *order = BN_dup(EC_GROUP_get0_order(group)), *d = NULL;
  expand(bytes, sizeof bytes, a, "ES256", seed);
  d = BN_bin2bn(bytes, sizeof bytes, NULL);
  if (!order || !d || !BN_sub_word(order, 1) || !BN_mod(d, d, order, ctx) || !BN_add_word(d, 1))
    BUG("out of memory: a key");
  BN_free(order);
  return d;
}

static EVP_PKEY *derive_ec(struct arena *a, struct str seed) {
  unsigned char point[EC_POINT_BYTES];
  BN_CTX *ctx = BN_CTX_new();
  EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  EC_POINT *q = group ? EC_POINT_new(group) : NULL;
  OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
  if (!ctx || !q || !bld) BUG("out of memory: a key");
  BIGNUM *d = scalar_of(a, seed, group, ctx);
  if (EC_POINT_mul(group, q, d, NULL, NULL, ctx) != 1 ||
      EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, point, sizeof point, ctx) != sizeof point)
    BUG("a point that cannot be told");
  OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
  OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, d);
  EVP_PKEY *pkey = from_params("EC", bld);
  BN_clear_free(d);
  EC_POINT_free(q);
  EC_GROUP_free(group);
  BN_CTX_free(ctx);
  return pkey;
}

/* --- RSA --- */

/* The first prime from where the seed points; the highest two bits are set, so that a product has all its bits. */
static BIGNUM *prime_of(struct arena *a, const char *name, struct str seed, BN_CTX *ctx) {
  unsigned char bytes[PRIME_BYTES];
  expand(bytes, sizeof bytes, a, name, seed);
  bytes[0] |= 0xc0;
  bytes[PRIME_BYTES - 1] |= 1;
  BIGNUM *p = BN_bin2bn(bytes, sizeof bytes, NULL);
  if (!p) BUG("out of memory: a key");
  while (BN_mod_word(p, RSA_EXPONENT) == 1 || BN_check_prime(p, ctx, NULL) != 1)
    if (!BN_add_word(p, 2)) BUG("out of memory: a key");
  return p;
}

enum { RSA_N, RSA_E, RSA_D, RSA_P, RSA_Q, RSA_DP, RSA_DQ, RSA_QI, RSA_NUMBERS };

static void fill_numbers(BIGNUM *v[RSA_NUMBERS], BN_CTX *ctx) {
  BIGNUM *p1 = BN_dup(v[RSA_P]), *q1 = BN_dup(v[RSA_Q]), *phi = BN_new();
  bool done = p1 && q1 && phi && BN_sub_word(p1, 1) && BN_sub_word(q1, 1) && BN_mul(phi, p1, q1, ctx) &&
              BN_set_word(v[RSA_E], RSA_EXPONENT) && BN_mul(v[RSA_N], v[RSA_P], v[RSA_Q], ctx) &&
              BN_mod_inverse(v[RSA_D], v[RSA_E], phi, ctx) && BN_mod(v[RSA_DP], v[RSA_D], p1, ctx) &&
              BN_mod(v[RSA_DQ], v[RSA_D], q1, ctx) && BN_mod_inverse(v[RSA_QI], v[RSA_Q], v[RSA_P], ctx);
  if (!done) BUG("out of memory: a key");
  BN_clear_free(p1);
  BN_clear_free(q1);
  BN_clear_free(phi);
}

static EVP_PKEY *derive_rsa(struct arena *a, struct str seed) {
  static const char *const names[RSA_NUMBERS] = {OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
                                                 OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
                                                 OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
                                                 OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
  BIGNUM *v[RSA_NUMBERS];
  BN_CTX *ctx = BN_CTX_new();
  OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
  if (!ctx || !bld) BUG("out of memory: a key");
  for (size_t i = 0; i < RSA_NUMBERS; i++) v[i] = i == RSA_P || i == RSA_Q ? NULL : BN_new();
  v[RSA_P] = prime_of(a, "PS256 p", seed, ctx);
  v[RSA_Q] = prime_of(a, "PS256 q", seed, ctx);
  fill_numbers(v, ctx);
  for (size_t i = 0; i < RSA_NUMBERS; i++) OSSL_PARAM_BLD_push_BN(bld, names[i], v[i]);
  EVP_PKEY *pkey = from_params("RSA", bld);
  for (size_t i = 0; i < RSA_NUMBERS; i++) BN_clear_free(v[i]);
  BN_CTX_free(ctx);
  return pkey;
}

int token_key_derive(const struct token_key **out, struct arena *a, enum token_alg alg, struct str seed,
                     struct error *e) {
  static EVP_PKEY *(*const by_alg[TOKEN_ALGS_N])(struct arena *, struct str) = {
      [TOKEN_PS256] = derive_rsa, [TOKEN_ES256] = derive_ec, [TOKEN_EDDSA] = derive_ed};
  EVP_PKEY *pkey = by_alg[alg](a, seed);
  return pkey ? token_key_of(out, a, pkey, e) : crypto_error(e, "a key cannot be derived");
}
