#include "base/uuid.h"

#include "base/error.h"
#include "base/hash.h"

#include <inttypes.h>
#include <string.h>
#include <sys/random.h>

#define UUID_HEX 32
#define VERSION_AT 14 /* offset of the version digit in the text form */

static bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_hyphen_at(size_t i) {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

/* RFC 9562 section 5.4: version 4, variant 10xx; hyphens after 4, 6, 8, 10 bytes. */
static struct str format(struct arena *a, const char hex[UUID_HEX]) {
  static const char variants[] = "89ab";
  char text[UUID_LEN];
  size_t h = 0;
  for (size_t i = 0; i < UUID_LEN; i++) text[i] = is_hyphen_at(i) ? '-' : hex[h++];
  char variant = text[19];
  text[VERSION_AT] = '4';
  text[19] = variants[(variant <= '9' ? variant - '0' : variant - 'a' + 10) & 3];
  return arena_str(a, (struct str){text, UUID_LEN});
}

/* Each part is hashed behind its length, so that "ab","c" is not "a","bc". */
static void add_part(struct sha256 *h, struct str part) {
  uint64_t n = part.n;
  unsigned char length[8];
  for (int i = 0; i < 8; i++) length[i] = (unsigned char)(n >> 8 * i);
  sha256_add(h, (struct str){(const char *)length, sizeof length});
  sha256_add(h, part);
}

struct str uuid_derive(struct arena *a, struct str seed, size_t n, const struct str *parts) {
  char hex[SHA256_HEX + 1];
  struct sha256 *h = sha256_new();
  add_part(h, seed);
  for (size_t i = 0; i < n; i++) add_part(h, parts[i]);
  sha256_hex_free(h, hex);
  return format(a, hex);
}

struct str uuid_random(struct arena *a) {
  static const char digits[] = "0123456789abcdef";
  unsigned char bytes[UUID_HEX / 2];
  char hex[UUID_HEX];
  if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) BUG("the operating system gives no random bytes");
  for (size_t i = 0; i < sizeof bytes; i++) {
    hex[2 * i] = digits[bytes[i] >> 4];
    hex[2 * i + 1] = digits[bytes[i] & 15];
  }
  return format(a, hex);
}

bool uuid_valid(struct str s) {
  if (s.n != UUID_LEN) return false;
  for (size_t i = 0; i < UUID_LEN; i++)
    if (is_hyphen_at(i) ? s.p[i] != '-' : !is_hex(s.p[i])) return false;
  return true;
}

int uuid_version(struct str s) {
  if (!uuid_valid(s)) return -1;
  char c = s.p[VERSION_AT];
  return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
