#include "crypto/crypto_int.h"

#include <openssl/cms.h>
#include <openssl/err.h>

struct signing {
  EVP_PKEY *key;
  STACK_OF(X509) * certificates; /* the key's own is the first */
  CMS_ContentInfo *cms;
};

static void release(struct signing *s) {
  CMS_ContentInfo_free(s->cms);
  EVP_PKEY_free(s->key);
  sk_X509_pop_free(s->certificates, X509_free);
}

static int check_certificate(const struct signing *s, int64_t now, struct error *e) {
  X509 *own = sk_X509_value(s->certificates, 0);
  if (X509_check_private_key(own, s->key) != 1) {
    ERR_clear_error();
    return error_set(e, ERR_CONFIG, "the private key does not belong to the first certificate of the file");
  }
  int64_t from = asn1_ms(X509_get0_notBefore(own)), until = asn1_ms(X509_get0_notAfter(own));
  if (now >= from && now <= until) return 0;
  return error_set(e, ERR_CONFIG, "the certificate %s; sign by one that is valid",
                   now < from ? "is not valid yet" : "has expired");
}

static int load(struct signing *s, const struct cms_signing *how, struct error *e) {
  if (pem_private_key(&s->key, how->key, how->passphrase, e) != 0) return -1;
  if (pem_certificates(&s->certificates, how->certificate, "the certificate cannot be read (is it PEM?)", e) != 0)
    return -1;
  return check_certificate(s, how->now, e);
}

static int make(struct signing *s, struct str bytes, struct error *e) {
  STACK_OF(X509) *above = sk_X509_new_null();
  BIO *data = crypto_bio(bytes);
  if (!above) BUG("out of memory: certificates");
  for (int i = 1; i < sk_X509_num(s->certificates); i++) sk_X509_push(above, sk_X509_value(s->certificates, i));
  s->cms = CMS_sign(sk_X509_value(s->certificates, 0), s->key, above, data, CMS_BINARY | CMS_DETACHED | CMS_NOSMIMECAP);
  BIO_free(data);
  sk_X509_free(above);
  return s->cms ? 0 : crypto_error(e, "cannot be signed by this key");
}

static int write_der(struct buf *out, const struct signing *s, struct error *e) {
  unsigned char *der = NULL;
  int n = i2d_CMS_ContentInfo(s->cms, &der);
  if (n <= 0) return crypto_error(e, "the signature cannot be written");
  buf_add(out, (struct str){(const char *)der, (size_t)n});
  OPENSSL_free(der);
  return 0;
}

int cms_sign(struct buf *out, struct str bytes, const struct cms_signing *how, struct error *e) {
  struct signing s = {0};
  if (bytes.n > INT32_MAX) return error_set(e, ERR_LIMIT, "over 2 GB cannot be signed");
  int rc = load(&s, how, e);
  if (rc == 0) rc = make(&s, bytes, e);
  if (rc == 0) rc = write_der(out, &s, e);
  release(&s);
  return rc;
}
