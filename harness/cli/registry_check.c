/* The digests of an archive: "shasum" is SHA-1 in hex, "integrity" is one or more FUNCTION-BASE64 (W3C Subresource
 * Integrity, 3.1; options behind a "?" have no meaning). All that are given must fit. */
#include "cli/registry.h"

#include "base/base64.h"
#include "base/hash.h"

#include <string.h>

static int differs(const struct release *r, struct str function, struct error *e) {
  return error_set(e, ERR_SYNTAX, "%.*s: the archive has another %.*s checksum than the registry gives; it is not kept",
                   STR_F(r->tarball), STR_F(function));
}

static int check_shasum(const struct release *r, struct str bytes, struct error *e) {
  static const char digits[] = "0123456789abcdef";
  unsigned char digest[HASH_BYTES_MAX];
  char hex[2 * HASH_BYTES_MAX];
  size_t n = hash_named(digest, STR("sha1"), bytes);
  for (size_t i = 0; i < n; i++) {
    hex[2 * i] = digits[digest[i] >> 4];
    hex[2 * i + 1] = digits[digest[i] & 15];
  }
  return str_eq_nocase(str_trim(r->shasum), (struct str){hex, 2 * n}) ? 0 : differs(r, STR("SHA-1"), e);
}

/* A function that is not known here checks nothing. */
static int check_one(const struct release *r, struct str one, struct str bytes, bool *checked, struct error *e) {
  unsigned char digest[HASH_BYTES_MAX];
  struct str rest = one, want;
  size_t bad;
  struct str function = str_cut(&rest, '-');
  size_t n = hash_named(digest, function, bytes);
  if (!n) return 0;
  struct arena *scratch = arena_new(0);
  bool fits =
      !base64_decode(&want, scratch, str_cut(&rest, '?'), &bad) && str_eq(want, (struct str){(const char *)digest, n});
  arena_free(scratch);
  *checked = true;
  return fits ? 0 : differs(r, function, e);
}

int registry_check(const struct release *r, struct str bytes, bool *checked, struct error *e) {
  struct str rest = r->integrity;
  *checked = r->shasum.n > 0;
  if (*checked && check_shasum(r, bytes, e)) return -1;
  while (rest.n) {
    struct str one = str_trim(str_cut(&rest, ' '));
    if (one.n && check_one(r, one, bytes, checked, e)) return -1;
  }
  return 0;
}
