#include "crypto/token_int.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#define MS_PER_S 1000
/* A NumericDate beyond the year 5138 is none. */
#define SECONDS_MAX 1e11

static const struct place in_header = {.message = STR_INIT("token"), .path = STR_INIT("header")};

/* The parts as they stand, and decoded. */
struct parts {
  struct str signed_text; /* header.claims */
  struct str header, claims, signature;
};

#define REFUSE(f, rule, ...) (FINDING((f), &token_rules[rule], in_header, ##__VA_ARGS__), -1)

static int refuse_part(struct findings *f, enum token_rule r, const char *en, const char *da) {
  findings_add_said(f, &token_rules[r], in_header, 1, &(struct said){str_z(en), str_z(da)});
  return -1;
}

static int split(struct parts *out, struct arena *a, struct str compact, struct findings *f) {
  struct str rest = compact;
  if (compact.n > TOKEN_MAX)
    return REFUSE(f, TOKEN_R_SIZE, arena_printf(a, "%zu", compact.n), arena_printf(a, "%zu", TOKEN_MAX));
  struct str header = str_cut(&rest, '.'), claims = str_cut(&rest, '.');
  size_t signed_n = header.n + 1 + claims.n;
  if (!header.n || !claims.n || signed_n >= compact.n || str_index(rest, '.') != SIZE_MAX)
    return REFUSE(f, TOKEN_R_FORM);
  out->signed_text = str_sub(compact, 0, signed_n);
  if (!base64url_read(&out->header, a, header)) return refuse_part(f, TOKEN_R_BASE64, "header", "header");
  if (!base64url_read(&out->claims, a, claims)) return refuse_part(f, TOKEN_R_BASE64, "claims", "indhold");
  if (!base64url_read(&out->signature, a, rest)) return refuse_part(f, TOKEN_R_BASE64, "signature", "signatur");
  return 0;
}

/* --- the header --- */

static int read_alg(struct token *t, struct findings *f) {
  const struct node *alg = node_child(t->header, "alg");
  if (!alg || alg->kind != NODE_STRING) return REFUSE(f, TOKEN_R_ALG_MISSING);
  if (token_alg_named(&t->alg, alg->text)) return 0;
  return str_eq_nocase(alg->text, STR("none")) ? REFUSE(f, TOKEN_R_ALG_NONE) : REFUSE(f, TOKEN_R_ALG, alg->text);
}

/* The names that crit lists, for the text. */
static struct str crit_text(struct arena *a, const struct node *crit) {
  struct buf b;
  buf_init(&b, TOKEN_MAX);
  buf_add(&b, crit->text);
  for (NODE_EACH(c, crit)) buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_F(c->text));
  return buf_take(&b, a);
}

static int read_header(struct token *t, struct arena *a, struct str text, struct findings *f) {
  if (token_object(&t->header, a, (struct source){STR("header"), text}, TOKEN_R_JSON, f) || read_alg(t, f)) return -1;
  const struct node *crit = node_child(t->header, "crit");
  if (node_child(t->header, "b64")) return REFUSE(f, TOKEN_R_B64);
  if (crit) return REFUSE(f, TOKEN_R_CRIT, crit_text(a, crit));
  t->kid = node_text_at(t->header, "kid");
  return 0;
}

int token_read(struct token *out, struct arena *a, struct str compact, struct findings *f) {
  struct parts p;
  *out = (struct token){0};
  if (split(&p, a, compact, f) || read_header(out, a, p.header, f)) return -1;
  return token_object(&out->claims, a, (struct source){STR("claims"), p.claims}, TOKEN_R_JSON, f);
}

/* --- the signature --- */

static const struct token_key *key_named(const struct token_keys *keys, struct str kid) {
  for (size_t i = 0; i < keys->n; i++)
    if (str_eq(keys->v[i]->kid, kid)) return keys->v[i];
  return NULL;
}

/* RFC 7518, 3.4: r and s; as DER for OpenSSL. The caller frees it; NULL: not of that length. */
static unsigned char *der_of_raw(struct str raw, size_t *n) {
  unsigned char *der = NULL;
  if (raw.n != (size_t)2 * ES256_HALF) return NULL;
  ECDSA_SIG *sig = ECDSA_SIG_new();
  const unsigned char *p = (const unsigned char *)raw.p;
  if (!sig || !ECDSA_SIG_set0(sig, BN_bin2bn(p, ES256_HALF, NULL), BN_bin2bn(p + ES256_HALF, ES256_HALF, NULL)))
    BUG("out of memory: a signature");
  int len = i2d_ECDSA_SIG(sig, &der);
  ECDSA_SIG_free(sig);
  *n = len > 0 ? (size_t)len : 0;
  return der;
}

static bool matches(const struct token_key *key, struct str text, const unsigned char *signature, size_t n) {
  EVP_MD_CTX *md = EVP_MD_CTX_new();
  EVP_PKEY_CTX *ctx;
  if (!md) BUG("out of memory: a signature");
  bool pss = key->alg == TOKEN_PS256;
  bool done = EVP_DigestVerifyInit(md, &ctx, key->alg == TOKEN_EDDSA ? NULL : EVP_sha256(), NULL, key->pkey) == 1 &&
              (!pss || (EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
                        EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1)) &&
              EVP_DigestVerify(md, signature, n, (const unsigned char *)text.p, text.n) == 1;
  EVP_MD_CTX_free(md);
  ERR_clear_error();
  return done;
}

static bool signed_by(const struct token_key *key, const struct parts *p) {
  size_t n = 0;
  if (key->alg != TOKEN_ES256)
    return matches(key, p->signed_text, (const unsigned char *)p->signature.p, p->signature.n);
  unsigned char *der = der_of_raw(p->signature, &n);
  bool done = der && matches(key, p->signed_text, der, n);
  OPENSSL_free(der);
  return done;
}

static int check_signature(const struct token *t, const struct parts *p, const struct token_keys *keys,
                           struct findings *f) {
  const struct token_key *key = key_named(keys, t->kid);
  if (node_child(t->header, "kid")) {
    if (!key) return REFUSE(f, TOKEN_R_KID, t->kid);
    if (key->alg != t->alg)
      return REFUSE(f, TOKEN_R_KEY_TYPE, str_z(token_alg_name(t->alg)), t->kid, str_z(token_alg_name(key->alg)));
    return signed_by(key, p) ? 0 : REFUSE(f, TOKEN_R_SIGNATURE, key->kid);
  }
  for (size_t i = 0; i < keys->n; i++)
    if (keys->v[i]->alg == t->alg && signed_by(keys->v[i], p)) return 0;
  return REFUSE(f, TOKEN_R_SIGNATURE, STR("-"));
}

static bool was_seen(const struct token_seen *seen, const struct token_keys *keys, const char *digest) {
  if (seen->keys != keys) return false;
  for (size_t i = 0; i < TOKEN_SEEN_MAX; i++)
    if (!strcmp(seen->digests[i], digest)) return true;
  return false;
}

static void see(struct token_seen *seen, const struct token_keys *keys, const char *digest) {
  if (seen->keys != keys) *seen = (struct token_seen){.keys = keys};
  memcpy(seen->digests[seen->next], digest, sizeof seen->digests[0]);
  seen->next = (seen->next + 1) % TOKEN_SEEN_MAX;
}

/* Header and signature are in the digest: the same token, signed by the same keys, is signed again. */
static int check_signature_once(const struct token *t, const struct parts *p, struct str compact,
                                const struct token_keys *keys, struct token_seen *seen, struct findings *f) {
  char digest[SHA256_HEX + 1];
  if (!seen) return check_signature(t, p, keys, f);
  sha256_hex(digest, compact);
  if (was_seen(seen, keys, digest)) return 0;
  if (check_signature(t, p, keys, f)) return -1;
  see(seen, keys, digest);
  return 0;
}

int token_verify_seen(struct token *out, struct arena *a, struct str compact, const struct token_keys *keys,
                      struct token_seen *seen, struct findings *f) {
  struct parts p;
  *out = (struct token){0};
  if (split(&p, a, compact, f) || read_header(out, a, p.header, f)) return -1;
  /* What nobody vouches for is not read any further. */
  if (check_signature_once(out, &p, compact, keys, seen, f)) return -1;
  return token_object(&out->claims, a, (struct source){STR("claims"), p.claims}, TOKEN_R_JSON, f);
}

int token_verify(struct token *out, struct arena *a, struct str compact, const struct token_keys *keys,
                 struct findings *f) {
  return token_verify_seen(out, a, compact, keys, NULL, f);
}

bool token_time(const struct node *claims, const char *name, int64_t *ms) {
  const struct node *n = node_child(claims, name);
  double seconds;
  if (!n || n->kind != NODE_NUMBER || !str_double(n->text, &seconds)) return false;
  if (!(seconds >= 0 && seconds < SECONDS_MAX)) return false;
  *ms = (int64_t)(seconds * MS_PER_S);
  return true;
}
