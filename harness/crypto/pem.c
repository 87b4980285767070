#include "crypto/crypto_int.h"

#include "base/clock.h"

#include <openssl/err.h>
#include <string.h>
#include <time.h>

#define TM_YEAR 1900 /* struct tm counts from there */

BIO *crypto_bio(struct str bytes) {
  BIO *b = bytes.n <= INT32_MAX ? BIO_new_mem_buf(bytes.n ? bytes.p : "", (int)bytes.n) : NULL;
  if (!b) BUG("out of memory: %zu bytes for OpenSSL", bytes.n);
  return b;
}

int crypto_error(struct error *e, const char *what) {
  const char *reason = ERR_reason_error_string(ERR_peek_last_error());
  int rc = error_set(e, ERR_SYNTAX, "%s%s%s", what, reason ? ": " : "", reason ? reason : "");
  ERR_clear_error();
  return rc;
}

int pem_certificates(STACK_OF(X509) * *out, struct str pem, const char *what, struct error *e) {
  STACK_OF(X509) *all = sk_X509_new_null();
  BIO *b = crypto_bio(pem);
  X509 *one;
  if (!all) BUG("out of memory: certificates");
  while ((one = PEM_read_bio_X509(b, NULL, NULL, NULL)))
    if (!sk_X509_push(all, one)) BUG("out of memory: certificates");
  BIO_free(b);
  if (sk_X509_num(all) > 0) {
    ERR_clear_error(); /* the end of the text is one */
    *out = all;
    return 0;
  }
  sk_X509_free(all);
  return crypto_error(e, what);
}

static int no_more_than(char *buf, int size, int writing, void *passphrase) {
  const char *z = passphrase;
  size_t n = z ? strlen(z) : 0;
  (void)writing;
  if (!z || n > (size_t)size) return -1;
  memcpy(buf, z, n);
  return (int)n;
}

int pem_private_key(EVP_PKEY **out, struct str pem, const char *passphrase, struct error *e) {
  BIO *b = crypto_bio(pem);
  *out = PEM_read_bio_PrivateKey(b, NULL, no_more_than, (void *)(uintptr_t)passphrase);
  BIO_free(b);
  if (*out) return 0;
  return crypto_error(e, passphrase ? "the private key cannot be read with that passphrase"
                                    : "the private key cannot be read (is it PEM, and without a passphrase?)");
}

struct str name_text(struct arena *a, const X509_NAME *name) {
  BIO *b = BIO_new(BIO_s_mem());
  char *p;
  if (!b) BUG("out of memory: a name");
  X509_NAME_print_ex(b, name, 0, XN_FLAG_ONELINE & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
  long n = BIO_get_mem_data(b, &p);
  struct str text = arena_str(a, (struct str){p, n > 0 ? (size_t)n : 0});
  BIO_free(b);
  return text;
}

int64_t asn1_ms(const ASN1_TIME *t) {
  struct arena *a = arena_new(0);
  struct tm tm;
  int64_t ms = 0;
  bool has_zone;
  if (t && ASN1_TIME_to_tm(t, &tm)) {
    struct str text = arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + TM_YEAR, tm.tm_mon + 1, tm.tm_mday,
                                   tm.tm_hour, tm.tm_min, tm.tm_sec);
    if (!time_parse(text, &ms, &has_zone)) ms = 0;
  }
  arena_free(a);
  return ms;
}
