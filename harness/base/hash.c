#include "base/hash.h"

#include "base/error.h"

#include <openssl/evp.h>
#include <stdlib.h>

#define SHA256_BYTES 32

struct sha256 {
  EVP_MD_CTX *ctx;
};

static void write_hex(char out[SHA256_HEX + 1], const unsigned char digest[SHA256_BYTES]) {
  static const char hex[] = "0123456789abcdef";
  for (int i = 0; i < SHA256_BYTES; i++) {
    out[2 * i] = hex[digest[i] >> 4];
    out[2 * i + 1] = hex[digest[i] & 15];
  }
  out[SHA256_HEX] = 0;
}

void sha256_hex(char out[SHA256_HEX + 1], struct str bytes) {
  unsigned char digest[SHA256_BYTES];
  if (!EVP_Digest(bytes.n ? bytes.p : "", bytes.n, digest, NULL, EVP_sha256(), NULL)) BUG("SHA-256 is not available");
  write_hex(out, digest);
}

bool sha256_is_hex(struct str s) {
  if (s.n != SHA256_HEX) return false;
  for (size_t i = 0; i < s.n; i++)
    if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f'))) return false;
  return true;
}

struct sha256 *sha256_new(void) {
  struct sha256 *h = calloc(1, sizeof *h);
  if (!h || !(h->ctx = EVP_MD_CTX_new())) BUG("out of memory: a digest");
  if (!EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL)) BUG("SHA-256 is not available");
  return h;
}

void sha256_add(struct sha256 *h, struct str bytes) {
  if (bytes.n && !EVP_DigestUpdate(h->ctx, bytes.p, bytes.n)) BUG("SHA-256 failed");
}

void sha256_hex_free(struct sha256 *h, char out[SHA256_HEX + 1]) {
  unsigned char digest[SHA256_BYTES];
  if (!EVP_DigestFinal_ex(h->ctx, digest, NULL)) BUG("SHA-256 failed");
  write_hex(out, digest);
  EVP_MD_CTX_free(h->ctx);
  free(h);
}

static const struct {
  const char *name;
  const EVP_MD *(*md)(void);
} functions[] = {{"sha1", EVP_sha1}, {"sha256", EVP_sha256}, {"sha384", EVP_sha384}, {"sha512", EVP_sha512}};

size_t hash_named(unsigned char out[HASH_BYTES_MAX], struct str function, struct str bytes) {
  unsigned n = 0;
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    if (!str_eqz(function, functions[i].name)) continue;
    if (!EVP_Digest(bytes.n ? bytes.p : "", bytes.n, out, &n, functions[i].md(), NULL))
      BUG("%s is not available", functions[i].name);
    break;
  }
  return n;
}
