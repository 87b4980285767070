#include "crypto/token_int.h"

#include "formats/json.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#define EC_POINT_BYTES (1 + 2 * ES256_HALF)
#define EC_UNCOMPRESSED 4 /* SEC 1, 2.3.3: the byte before x and y */

/* --- writing --- */

static void write_key(struct buf *b, struct arena *a, const struct token_key *key) {
  struct str members = token_key_members(a, key->pkey, key->alg);
  buf_printf(b, "{\"use\":\"sig\",\"alg\":\"%s\",\"kid\":", token_alg_name(key->alg));
  json_write_string(b, key->kid);
  buf_byte(b, ',');
  buf_add(b, str_sub(members, 1, members.n));
}

struct str jwks_write(struct arena *a, const struct token_keys *keys) {
  struct buf b;
  buf_init(&b, JWKS_MAX);
  buf_addz(&b, "{\"keys\":[");
  for (size_t i = 0; i < keys->n; i++) {
    if (i) buf_byte(&b, ',');
    write_key(&b, a, keys->v[i]);
  }
  buf_addz(&b, "]}");
  return buf_take(&b, a);
}

/* --- reading --- */

struct reader {
  struct arena *a;
  struct str name;
  struct findings *f;
};

static int wrong(struct reader *r, const struct node *at, enum token_rule rule, struct str one, struct str two) {
  FINDING(r->f, &token_rules[rule], node_place(r->a, r->name, at), one, two);
  return -1;
}

/* A member in base64url, of just `bytes` bytes (0: any). */
static int member(struct reader *r, const struct node *jwk, const char *name, size_t bytes, struct str *out) {
  const struct node *n = node_child(jwk, name);
  if (n && n->kind == NODE_STRING && base64url_read(out, r->a, n->text) && out->n && (!bytes || out->n == bytes))
    return 0;
  struct str size = bytes ? arena_printf(r->a, ", base64url, %zu bytes", bytes) : STR(", base64url");
  return wrong(r, n ? n : jwk, JWKS_R_MEMBER, str_z(name), size);
}

/* A public key out of parameters, which are freed. */
static EVP_PKEY *from_params(const char *type, OSSL_PARAM_BLD *bld) {
  EVP_PKEY *pkey = NULL;
  OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
  if (!params || !ctx) BUG("out of memory: a key");
  if (EVP_PKEY_fromdata_init(ctx) != 1 || EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1) pkey = NULL;
  EVP_PKEY_CTX_free(ctx);
  OSSL_PARAM_free(params);
  OSSL_PARAM_BLD_free(bld);
  return pkey;
}

static EVP_PKEY *rsa_from(struct str n, struct str e) {
  OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
  BIGNUM *bn = BN_bin2bn((const unsigned char *)n.p, (int)n.n, NULL);
  BIGNUM *be = BN_bin2bn((const unsigned char *)e.p, (int)e.n, NULL);
  if (!bld || !bn || !be) BUG("out of memory: an RSA key");
  OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, bn);
  OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, be);
  EVP_PKEY *pkey = from_params("RSA", bld);
  BN_free(bn);
  BN_free(be);
  return pkey;
}

static EVP_PKEY *ec_from(struct str x, struct str y) {
  unsigned char point[EC_POINT_BYTES] = {EC_UNCOMPRESSED};
  OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
  if (!bld) BUG("out of memory: a P-256 key");
  memcpy(point + 1, x.p, ES256_HALF);
  memcpy(point + 1 + ES256_HALF, y.p, ES256_HALF);
  OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
  return from_params("EC", bld);
}

static bool weak(struct reader *r, const struct node *jwk, struct str n, struct str e) {
  size_t zeros = 0, bits;
  while (e.n && !e.p[0]) e = str_sub(e, 1, e.n);
  while (zeros < n.n && !n.p[zeros]) zeros++;
  bits = (n.n - zeros) * 8;
  if (bits) bits -= (size_t)__builtin_clz((unsigned char)n.p[zeros]) - (sizeof(unsigned) - 1) * 8;
  /* An exponent of 1 signs nothing; OpenSSL takes none of more than 64 bits with such keys. */
  if (!e.n || e.n > 8 || (e.n == 1 && (unsigned char)e.p[0] < 3))
    return wrong(r, jwk, JWKS_R_KEY, STR("RSA"), STR("")) < 0;
  if (bits >= TOKEN_RSA_BITS_MIN && bits <= TOKEN_RSA_BITS_MAX) return false;
  FINDING(r->f, &token_rules[JWKS_R_WEAK], node_place(r->a, r->name, jwk), arena_printf(r->a, "%zu", bits),
          arena_printf(r->a, "%d", TOKEN_RSA_BITS_MIN), arena_printf(r->a, "%d", TOKEN_RSA_BITS_MAX));
  return true;
}

static int read_rsa(struct reader *r, const struct node *jwk, EVP_PKEY **out) {
  struct str n, e;
  if (member(r, jwk, "n", 0, &n) || member(r, jwk, "e", 0, &e) || weak(r, jwk, n, e)) return -1;
  *out = rsa_from(n, e);
  return 0;
}

static int read_ec(struct reader *r, const struct node *jwk, EVP_PKEY **out) {
  struct str x, y;
  if (member(r, jwk, "x", ES256_HALF, &x) || member(r, jwk, "y", ES256_HALF, &y)) return -1;
  *out = ec_from(x, y);
  return 0;
}

static int read_ed(struct reader *r, const struct node *jwk, EVP_PKEY **out) {
  struct str x;
  if (member(r, jwk, "x", ED25519_BYTES, &x)) return -1;
  *out = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)x.p, x.n);
  return 0;
}

static const struct kind {
  const char *kty, *crv;
  enum token_alg alg;
  int (*read)(struct reader *r, const struct node *jwk, EVP_PKEY **out);
} kinds[] = {{"RSA", "", TOKEN_PS256, read_rsa},
             {"EC", "P-256", TOKEN_ES256, read_ec},
             {"OKP", "Ed25519", TOKEN_EDDSA, read_ed}};

/* The kind of key, if it is there to sign what we take. */
static const struct kind *kind_of(const struct node *jwk) {
  struct str kty = node_text_at(jwk, "kty"), crv = node_text_at(jwk, "crv");
  struct str use = node_text_at(jwk, "use"), alg = node_text_at(jwk, "alg");
  if (use.n && !str_eqz(use, "sig")) return NULL;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (str_eqz(kty, kinds[i].kty) && str_eqz(crv, kinds[i].crv) &&
        (!alg.n || str_eqz(alg, token_alg_name(kinds[i].alg))))
      return &kinds[i];
  return NULL;
}

static struct str kind_text(struct reader *r, const struct node *jwk) {
  struct str kty = node_text_at(jwk, "kty"), crv = node_text_at(jwk, "crv");
  struct str use = node_text_at(jwk, "use"), alg = node_text_at(jwk, "alg");
  return arena_printf(r->a, "kty '%.*s', crv '%.*s', use '%.*s', alg '%.*s'", STR_F(kty), STR_F(crv), STR_F(use),
                      STR_F(alg));
}

static int no_private_half(struct reader *r, const struct node *jwk) {
  static const char *const names[] = {"d", "p", "q", "dp", "dq", "qi", "k"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const struct node *n = node_child(jwk, names[i]);
    if (n) return wrong(r, n, JWKS_R_PRIVATE, str_z(names[i]), STR(""));
  }
  return 0;
}

static int add_key(struct reader *r, struct token_keys *out, const struct node *jwk, EVP_PKEY *pkey) {
  const struct token_key *key;
  struct error e;
  const struct node *kid = node_child(jwk, "kid");
  struct str kty = node_text_at(jwk, "kty");
  if (!pkey || token_key_of(&key, r->a, pkey, &e) < 0) {
    ERR_clear_error();
    return wrong(r, jwk, JWKS_R_KEY, kty, STR(""));
  }
  if (kid) {
    struct token_key *named = ARENA_NEW(r->a, struct token_key);
    *named = *key;
    named->kid = arena_str(r->a, kid->text);
    key = named;
  }
  for (size_t i = 0; i < out->n; i++)
    if (str_eq(out->v[i]->kid, key->kid)) return wrong(r, jwk, JWKS_R_KID_AGAIN, key->kid, STR(""));
  VEC_PUSH(r->a, out, key);
  return 0;
}

static int read_key(struct reader *r, struct token_keys *out, const struct node *jwk) {
  EVP_PKEY *pkey = NULL;
  if (jwk->kind != NODE_OBJECT) return wrong(r, jwk, JWKS_R_KEY, STR("any kind"), STR(""));
  if (no_private_half(r, jwk)) return -1;
  const struct kind *kind = kind_of(jwk);
  if (!kind) {
    wrong(r, jwk, JWKS_R_PASSED_OVER, kind_text(r, jwk), STR(""));
    return 0;
  }
  return kind->read(r, jwk, &pkey) ? -1 : add_key(r, out, jwk, pkey);
}

int jwks_read(struct token_keys *out, struct arena *a, struct source src, struct findings *f) {
  struct reader r = {.a = a, .name = src.name, .f = f};
  const struct node *root, *keys;
  struct node whole = {.line = 1, .col = 1};
  *out = (struct token_keys){0};
  if (src.bytes.n > JWKS_MAX)
    return wrong(&r, &whole, JWKS_R_SIZE, arena_printf(a, "%zu", src.bytes.n), arena_printf(a, "%zu", JWKS_MAX));
  if (token_object(&root, a, src, JWKS_R_FORM, f)) return -1;
  keys = node_child(root, "keys");
  if (!keys || keys->kind != NODE_ARRAY) return wrong(&r, root, JWKS_R_MEMBER, STR("keys"), STR(""));
  if (keys->count > JWKS_KEYS_MAX)
    return wrong(&r, keys, JWKS_R_MANY, arena_printf(a, "%zu", keys->count), arena_printf(a, "%d", JWKS_KEYS_MAX));
  for (NODE_EACH(jwk, keys))
    if (read_key(&r, out, jwk)) return -1;
  return 0;
}
