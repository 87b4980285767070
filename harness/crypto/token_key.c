#include "base/hash.h"
#include "crypto/token_int.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

/* Bytes of the largest number in a key. */
#define NUMBER_MAX (TOKEN_RSA_BITS_MAX / 8)

static const char *const alg_names[TOKEN_ALGS_N] = {
    [TOKEN_PS256] = "PS256", [TOKEN_ES256] = "ES256", [TOKEN_EDDSA] = "EdDSA"};

const char *token_alg_name(enum token_alg alg) {
  return alg_names[alg];
}

bool token_alg_named(enum token_alg *out, struct str name) {
  for (size_t i = 0; i < TOKEN_ALGS_N; i++) {
    if (!str_eqz(name, alg_names[i])) continue;
    *out = (enum token_alg)i;
    return true;
  }
  return false;
}

bool token_alg_of(enum token_alg *out, const EVP_PKEY *pkey) {
  char group[32];
  if (EVP_PKEY_is_a(pkey, "RSA")) return *out = TOKEN_PS256, true;
  if (EVP_PKEY_is_a(pkey, "ED25519")) return *out = TOKEN_EDDSA, true;
  if (!EVP_PKEY_is_a(pkey, "EC") || EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) != 1) return false;
  return *out = TOKEN_ES256, str_eqz(str_z(group), "prime256v1");
}

/* --- as members of a JWK --- */

/* A number in base64url, in at least `least` bytes. */
static struct str number(struct arena *a, EVP_PKEY *pkey, const char *name, int least) {
  unsigned char bytes[NUMBER_MAX];
  BIGNUM *bn = NULL;
  if (EVP_PKEY_get_bn_param(pkey, name, &bn) != 1) BUG("a key without %s", name);
  int n = BN_num_bytes(bn) < least ? least : BN_num_bytes(bn);
  if (n > NUMBER_MAX || BN_bn2binpad(bn, bytes, n) != n) BUG("a number of %d bytes in a key", n);
  BN_free(bn);
  return base64url(a, (struct str){(const char *)bytes, (size_t)n});
}

static struct str members_rsa(struct arena *a, EVP_PKEY *pkey) {
  struct str e = number(a, pkey, OSSL_PKEY_PARAM_RSA_E, 1), n = number(a, pkey, OSSL_PKEY_PARAM_RSA_N, 1);
  return arena_printf(a, "{\"e\":\"%.*s\",\"kty\":\"RSA\",\"n\":\"%.*s\"}", STR_F(e), STR_F(n));
}

static struct str members_ec(struct arena *a, EVP_PKEY *pkey) {
  struct str x = number(a, pkey, OSSL_PKEY_PARAM_EC_PUB_X, ES256_HALF);
  struct str y = number(a, pkey, OSSL_PKEY_PARAM_EC_PUB_Y, ES256_HALF);
  return arena_printf(a, "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%.*s\",\"y\":\"%.*s\"}", STR_F(x), STR_F(y));
}

static struct str members_ed(struct arena *a, EVP_PKEY *pkey) {
  unsigned char raw[ED25519_BYTES];
  size_t n = sizeof raw;
  if (EVP_PKEY_get_raw_public_key(pkey, raw, &n) != 1) BUG("an Ed25519 key without its public half");
  struct str x = base64url(a, (struct str){(const char *)raw, n});
  return arena_printf(a, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%.*s\"}", STR_F(x));
}

struct str token_key_members(struct arena *a, EVP_PKEY *pkey, enum token_alg alg) {
  static struct str (*const by_alg[TOKEN_ALGS_N])(struct arena *, EVP_PKEY *) = {
      [TOKEN_PS256] = members_rsa, [TOKEN_ES256] = members_ec, [TOKEN_EDDSA] = members_ed};
  return by_alg[alg](a, pkey);
}

/* --- made and read --- */

static void key_free(void *pkey) {
  EVP_PKEY_free(pkey);
}

int token_key_of(const struct token_key **out, struct arena *a, EVP_PKEY *pkey, struct error *e) {
  struct token_key *key = ARENA_NEW(a, struct token_key);
  int bits = EVP_PKEY_get_bits(pkey);
  key->pkey = pkey;
  arena_defer(a, key_free, pkey);
  if (!token_alg_of(&key->alg, pkey))
    return error_set(e, ERR_UNSUPPORTED, "a key of this kind signs no tokens: it must be RSA, P-256 or Ed25519");
  if (key->alg == TOKEN_PS256 && (bits < TOKEN_RSA_BITS_MIN || bits > TOKEN_RSA_BITS_MAX))
    return error_set(e, ERR_CONFIG, "the RSA key has %d bits; it must have %d to %d", bits, TOKEN_RSA_BITS_MIN,
                     TOKEN_RSA_BITS_MAX);
  key->kid = token_thumbprint(a, token_key_members(a, pkey, key->alg));
  *out = key;
  return 0;
}

int token_key_new(const struct token_key **out, struct arena *a, enum token_alg alg, struct error *e) {
  EVP_PKEY *pkey = alg == TOKEN_PS256   ? EVP_RSA_gen(TOKEN_RSA_BITS_MIN)
                   : alg == TOKEN_ES256 ? EVP_EC_gen("P-256")
                                        : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  if (!pkey) return crypto_error(e, "a key cannot be made");
  return token_key_of(out, a, pkey, e);
}

int token_key_derive(const struct token_key **out, struct arena *a, enum token_alg alg, struct str seed,
                     struct error *e) {
  unsigned char bytes[HASH_BYTES_MAX];
  struct str named = arena_printf(a, "testcamp signing key %s %.*s", token_alg_name(alg), STR_F(seed));
  if (alg != TOKEN_EDDSA)
    return error_set(e, ERR_UNSUPPORTED, "a key for %s cannot be derived from a seed", token_alg_name(alg));
  size_t n = hash_named(bytes, STR("sha256"), named);
  EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, bytes, n);
  if (!pkey) return crypto_error(e, "a key cannot be derived");
  return token_key_of(out, a, pkey, e);
}

int token_key_read(const struct token_key **out, struct arena *a, struct str pem, struct error *e) {
  EVP_PKEY *pkey;
  if (str_find(pem, STR("-----BEGIN PUBLIC KEY-----"), 0) == SIZE_MAX) {
    if (pem_private_key(&pkey, pem, NULL, e) < 0) return -1;
    return token_key_of(out, a, pkey, e);
  }
  BIO *b = crypto_bio(pem);
  pkey = PEM_read_bio_PUBKEY(b, NULL, NULL, NULL);
  BIO_free(b);
  return pkey ? token_key_of(out, a, pkey, e) : crypto_error(e, "the public key cannot be read (is it PEM?)");
}

struct str token_key_write(struct arena *a, const struct token_key *key, bool private_half) {
  BIO *b = BIO_new(BIO_s_mem());
  char *p;
  if (!b) BUG("out of memory: a key");
  int done = private_half ? PEM_write_bio_PKCS8PrivateKey(b, key->pkey, NULL, NULL, 0, NULL, NULL)
                          : PEM_write_bio_PUBKEY(b, key->pkey);
  if (done != 1) BUG("a key that cannot be written: has it a private half?");
  long n = BIO_get_mem_data(b, &p);
  struct str pem = arena_str(a, (struct str){p, n > 0 ? (size_t)n : 0});
  BIO_free(b);
  return pem;
}

enum token_alg token_key_alg(const struct token_key *key) {
  return key->alg;
}

struct str token_key_id(const struct token_key *key) {
  return key->kid;
}
