#include "crypto/token_int.h"

#include "formats/json.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#define SIGNATURE_MAX (TOKEN_RSA_BITS_MAX / 8)

struct signature {
  unsigned char bytes[SIGNATURE_MAX];
  size_t n;
};

/* --- the header --- */

static const char *const flaw_algs[TOKEN_FLAWS_N] = {
    [TOKEN_FLAW_NONE] = "none", [TOKEN_FLAW_RS256] = "RS256", [TOKEN_FLAW_HS256] = "HS256"};

static struct str header_of(struct arena *a, const struct token_making *how) {
  struct buf b;
  struct json_writer w;
  const char *alg = flaw_algs[how->flaw] ? flaw_algs[how->flaw] : token_alg_name(how->key->alg);
  buf_init(&b, TOKEN_MAX);
  json_writer_init(&w, &b, 0);
  json_begin_object(&w, NULL);
  json_put_z(&w, "alg", alg);
  json_put_z(&w, "typ", how->typ);
  json_put_str(&w, "kid", how->key->kid);
  if (how->flaw == TOKEN_FLAW_CRIT) {
    json_begin_array(&w, "crit");
    json_put_z(&w, NULL, "urn:testcamp:unknown");
    json_end(&w);
    json_put_bool(&w, "urn:testcamp:unknown", true);
  }
  json_end(&w);
  return buf_take(&b, a);
}

/* --- the signature --- */

/* RFC 7518, 3.4: r and s, each of 32 bytes, where OpenSSL gives DER. */
static int raw_of_der(struct signature *s, struct error *e) {
  const unsigned char *der = s->bytes;
  ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)s->n);
  if (!sig) return crypto_error(e, "a signature cannot be read again");
  bool fits = BN_bn2binpad(ECDSA_SIG_get0_r(sig), s->bytes, ES256_HALF) == ES256_HALF &&
              BN_bn2binpad(ECDSA_SIG_get0_s(sig), s->bytes + ES256_HALF, ES256_HALF) == ES256_HALF;
  ECDSA_SIG_free(sig);
  s->n = (size_t)2 * ES256_HALF;
  return fits ? 0 : crypto_error(e, "a signature of another curve");
}

static int sign_with(struct signature *s, EVP_PKEY *pkey, bool pss, struct str text, struct error *e) {
  EVP_MD_CTX *md = EVP_MD_CTX_new();
  EVP_PKEY_CTX *ctx;
  const EVP_MD *digest = EVP_PKEY_is_a(pkey, "ED25519") ? NULL : EVP_sha256();
  if (!md) BUG("out of memory: a signature");
  s->n = sizeof s->bytes;
  bool done = EVP_DigestSignInit(md, &ctx, digest, NULL, pkey) == 1 &&
              (!pss || (EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
                        EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1)) &&
              EVP_DigestSign(md, s->bytes, &s->n, (const unsigned char *)text.p, text.n) == 1;
  EVP_MD_CTX_free(md);
  return done ? 0 : crypto_error(e, "a token cannot be signed (has the key its private half?)");
}

/* What an attacker who only knows the public key can do with it. */
static void sign_with_public_half(struct signature *s, struct arena *a, const struct token_key *key, struct str text) {
  struct str pem = token_key_write(a, key, false);
  unsigned n = 0;
  HMAC(EVP_sha256(), pem.p, (int)pem.n, (const unsigned char *)text.p, text.n, s->bytes, &n);
  s->n = n;
}

static int signature_of(struct signature *s, struct arena *a, const struct token_making *how, struct str text,
                        struct error *e) {
  const struct token_key *key = how->key;
  s->n = 0;
  if (how->flaw == TOKEN_FLAW_NONE) return 0;
  if (how->flaw == TOKEN_FLAW_HS256) return sign_with_public_half(s, a, key, text), 0;
  if (how->flaw == TOKEN_FLAW_RS256 && key->alg != TOKEN_PS256)
    return error_set(e, ERR_CONFIG, "to sign with RS256, wrongly, a key of RSA is needed");
  if (sign_with(s, key->pkey, key->alg == TOKEN_PS256 && how->flaw != TOKEN_FLAW_RS256, text, e) < 0) return -1;
  if (key->alg == TOKEN_ES256 && raw_of_der(s, e) < 0) return -1;
  if (how->flaw == TOKEN_FLAW_SIGNATURE) s->bytes[0] ^= 1;
  return 0;
}

int token_sign(struct str *out, struct arena *a, const struct token_making *how, struct str claims, struct error *e) {
  struct signature s;
  struct str head = base64url(a, header_of(a, how)), body = base64url(a, claims);
  struct str text = arena_printf(a, "%.*s.%.*s", STR_F(head), STR_F(body));
  if (text.n > TOKEN_MAX) return error_set(e, ERR_LIMIT, "a token of %zu bytes; at most %zu", text.n, TOKEN_MAX);
  if (signature_of(&s, a, how, text, e) < 0) return -1;
  struct str last = base64url(a, (struct str){(const char *)s.bytes, s.n});
  *out = arena_printf(a, "%.*s.%.*s", STR_F(text), STR_F(last));
  return 0;
}
