#include "base/base64.h"
#include "base/hash.h"
#include "crypto/token_int.h"

/* The letters that differ from base64's. */
static char translated(char c, bool to_url) {
  if (c == (to_url ? '+' : '-')) return to_url ? '-' : '+';
  if (c == (to_url ? '/' : '_')) return to_url ? '_' : '/';
  return c;
}

struct str base64url(struct arena *a, struct str bytes) {
  struct buf b;
  buf_init(&b, bytes.n / 3 * 4 + 8);
  base64_encode(&b, bytes);
  struct str text = buf_take(&b, a);
  char *z = arena_z(a, text);
  size_t n = text.n;
  while (n && z[n - 1] == '=') n--;
  for (size_t i = 0; i < n; i++) z[i] = translated(z[i], true);
  z[n] = '\0';
  return (struct str){z, n};
}

bool base64url_read(struct str *out, struct arena *a, struct str text) {
  size_t bad;
  char *z = arena_alloc(a, text.n + 4);
  size_t n = text.n;
  for (size_t i = 0; i < n; i++) {
    if (!ascii_is_alnum(text.p[i]) && text.p[i] != '-' && text.p[i] != '_') return false;
    z[i] = translated(text.p[i], false);
  }
  while (n % 4) z[n++] = '=';
  return base64_decode(out, a, (struct str){z, n}, &bad) == 0;
}

struct str token_thumbprint(struct arena *a, struct str bytes) {
  unsigned char digest[HASH_BYTES_MAX];
  size_t n = hash_named(digest, STR("sha256"), bytes);
  return base64url(a, (struct str){(const char *)digest, n});
}
