/* Tokens and key sets. The first letter says what the rest is: a token to verify (v), claims to sign (s), a key set
 * (k), base64url (b). A token only counts that was signed here, and what is refused has a reason in both languages. */
#include <stdint.h>
#include <stdlib.h>

#include "crypto/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct token_keys keys_of(struct arena *a) {
  struct token_keys keys = {0};
  const struct token_key *key;
  struct error e;
  if (token_key_derive(&key, a, TOKEN_EDDSA, STR("fuzz"), &e) < 0) abort();
  VEC_PUSH(a, &keys, key);
  return keys;
}

static void expect_reason(const struct findings *f) {
  if (findings_worst(f) != (int)SEV_ERROR) abort();
  for (size_t i = 0; i < f->list.n; i++)
    if (!f->list.v[i].en.n || !f->list.v[i].da.n) abort();
}

static struct str signed_text(struct arena *a, const struct token_keys *keys, struct str claims) {
  struct str token;
  struct error e;
  struct token_making how = {.key = keys->v[0], .typ = "JWT"};
  return token_sign(&token, a, &how, claims, &e) == 0 ? token : (struct str){0};
}

static void verify(struct arena *a, struct str text) {
  struct token_keys keys = keys_of(a);
  struct findings f, g;
  struct token t, read;
  findings_init(&f, a);
  findings_init(&g, a);
  int readable = token_read(&read, a, text, &g);
  if (readable < 0) expect_reason(&g);
  if (token_verify(&t, a, text, &keys, &f) < 0)
    expect_reason(&f);
  else if (readable < 0 || t.alg != TOKEN_EDDSA)
    abort();
}

static void sign(struct arena *a, struct str claims) {
  struct token_keys keys = keys_of(a);
  struct str token = signed_text(a, &keys, claims);
  struct findings f;
  struct token t;
  findings_init(&f, a);
  if (!token.n) return;
  if (token_verify(&t, a, token, &keys, &f) < 0) {
    expect_reason(&f);
    /* The signature is right: only what it is over can be wrong. */
    if (str_eqz(f.list.v[0].rule, "token.signature")) abort();
  }
  char *other = arena_z(a, token);
  other[token.n - 2] = other[token.n - 2] == 'A' ? 'B' : 'A';
  if (token_verify(&t, a, (struct str){other, token.n}, &keys, &f) == 0) abort();
}

static void read_keys(struct arena *a, struct str text) {
  struct token_keys keys, again;
  struct findings f;
  findings_init(&f, a);
  if (jwks_read(&keys, a, (struct source){STR("jwks"), text}, &f) < 0) {
    expect_reason(&f);
    return;
  }
  if (keys.n > JWKS_KEYS_MAX) abort();
  if (jwks_read(&again, a, (struct source){STR("jwks"), jwks_write(a, &keys)}, &f) < 0 || again.n != keys.n) abort();
  for (size_t i = 0; i < keys.n; i++)
    if (!str_eq(token_key_id(keys.v[i]), token_key_id(again.v[i]))) abort();
}

static void decode(struct arena *a, struct str text) {
  struct str bytes;
  if (base64url_read(&bytes, a, text) && !str_eq(base64url(a, bytes), text)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size || size > JWKS_MAX + 2) return 0;
  struct arena *a = arena_new(0);
  struct str text = {(const char *)data + 1, size - 1};
  if (data[0] == 'v') verify(a, text);
  if (data[0] == 's') sign(a, text);
  if (data[0] == 'k') read_keys(a, text);
  if (data[0] == 'b') decode(a, text);
  arena_free(a);
  return 0;
}
