#include "crypto/crypto_int.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <time.h>

#define SECURITY_LEVEL 2 /* of OpenSSL: at least 112 bits, no SHA-1 */
#define MS_PER_SECOND 1000

struct checking {
  struct cms_result *out;
  struct arena *arena;
  CMS_ContentInfo *cms;
  CMS_SignerInfo *signer;
  X509 *certificate; /* the signer's, of the cms */
  const struct cms_check *how;
};

static int read_cms(CMS_ContentInfo **out, struct str signature, struct error *e) {
  BIO *b = crypto_bio(signature);
  *out = str_starts(signature, STR("-----")) ? PEM_read_bio_CMS(b, NULL, NULL, NULL) : d2i_CMS_bio(b, NULL);
  BIO_free(b);
  return *out ? 0 : crypto_error(e, "this is not a signature (CMS)");
}

static int find_signer(struct checking *c, struct error *e) {
  if (OBJ_obj2nid(CMS_get0_type(c->cms)) != NID_pkcs7_signed)
    return error_set(e, ERR_SYNTAX, "this is no signature, but another kind of CMS");
  if (CMS_is_detached(c->cms) != 1) return error_set(e, ERR_SYNTAX, "the signature is not a detached one");
  STACK_OF(CMS_SignerInfo) *all = CMS_get0_SignerInfos(c->cms);
  if (sk_CMS_SignerInfo_num(all) != 1)
    return error_set(e, ERR_UNSUPPORTED, "the signature has %d signers; just one is read", sk_CMS_SignerInfo_num(all));
  c->signer = sk_CMS_SignerInfo_value(all, 0);
  CMS_set1_signers_certs(c->cms, NULL, 0);
  CMS_SignerInfo_get0_algs(c->signer, NULL, &c->certificate, NULL, NULL);
  return c->certificate ? 0 : error_set(e, ERR_SYNTAX, "the signature is without the certificate of its signer");
}

/* RFC 5652, 11.3: a signed attribute, which the signer alone vouches for. */
static int64_t signing_time(const struct checking *c) {
  int at = CMS_signed_get_attr_by_NID(c->signer, NID_pkcs9_signingTime, -1);
  X509_ATTRIBUTE *attribute = at >= 0 ? CMS_signed_get_attr(c->signer, at) : NULL;
  const ASN1_TYPE *value = attribute ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;
  bool is_time = value && (value->type == V_ASN1_UTCTIME || value->type == V_ASN1_GENERALIZEDTIME);
  return is_time ? asn1_ms(value->value.asn1_string) : 0;
}

static void describe(struct checking *c) {
  c->out->subject = name_text(c->arena, X509_get_subject_name(c->certificate));
  c->out->issuer = name_text(c->arena, X509_get_issuer_name(c->certificate));
  c->out->from = asn1_ms(X509_get0_notBefore(c->certificate));
  c->out->until = asn1_ms(X509_get0_notAfter(c->certificate));
  c->out->signed_at = signing_time(c);
}

static bool is_strong_digest(const struct checking *c) {
  X509_ALGOR *digest;
  CMS_SignerInfo_get0_algs(c->signer, NULL, NULL, &digest, NULL);
  int nid = OBJ_obj2nid(digest->algorithm);
  return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

static struct str last_reason(struct arena *a, const char *otherwise) {
  const char *reason = ERR_reason_error_string(ERR_peek_last_error());
  struct str text = arena_str(a, str_z(reason ? reason : otherwise));
  ERR_clear_error();
  return text;
}

static void check_bytes(struct checking *c, struct str bytes) {
  BIO *data = crypto_bio(bytes);
  c->out->matches = CMS_verify(c->cms, NULL, NULL, data, NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
  BIO_free(data);
  if (!c->out->matches) c->out->why = last_reason(c->arena, "the signature is of other bytes");
  if (!c->out->matches || is_strong_digest(c)) return;
  c->out->matches = false;
  c->out->why = STR("its digest is weaker than SHA-256");
}

static X509_STORE *anchors(STACK_OF(X509) * trusted, int64_t at) {
  X509_STORE *store = X509_STORE_new();
  if (!store) BUG("out of memory: certificates");
  for (int i = 0; i < sk_X509_num(trusted); i++) X509_STORE_add_cert(store, sk_X509_value(trusted, i));
  X509_VERIFY_PARAM *p = X509_STORE_get0_param(store);
  X509_VERIFY_PARAM_set_time(p, (time_t)(at / MS_PER_SECOND));
  X509_VERIFY_PARAM_set_auth_level(p, SECURITY_LEVEL);
  /* Each certificate of the file is trusted, whether it is a root or not. */
  X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_PARTIAL_CHAIN);
  return store;
}

/* 0 trusted, else why not. */
static const char *distrust(struct checking *c, X509_STORE *store) {
  STACK_OF(X509) *others = CMS_get1_certs(c->cms);
  X509_STORE_CTX *ctx = X509_STORE_CTX_new();
  const char *why = NULL;
  if (!ctx || !X509_STORE_CTX_init(ctx, store, c->certificate, others)) BUG("out of memory: a chain of certificates");
  if (X509_verify_cert(ctx) != 1) why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
  X509_STORE_CTX_free(ctx);
  sk_X509_pop_free(others, X509_free);
  /* RFC 5280, 4.2.1.3: without the extension a key may be used for anything. */
  if (!why && !(X509_get_key_usage(c->certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)))
    why = "it is not meant for signatures (key usage)";
  ERR_clear_error();
  return why;
}

static int check_trust(struct checking *c, struct error *e) {
  STACK_OF(X509) * trusted;
  if (!c->how->trusted.n) return 0;
  if (pem_certificates(&trusted, c->how->trusted, "the trusted certificates cannot be read (is it PEM?)", e) != 0)
    return -1;
  X509_STORE *store = anchors(trusted, c->how->at);
  const char *why = distrust(c, store);
  c->out->trust = why ? CMS_UNTRUSTED : CMS_TRUSTED;
  if (why && c->out->matches) c->out->why = arena_str(c->arena, str_z(why));
  X509_STORE_free(store);
  sk_X509_pop_free(trusted, X509_free);
  return 0;
}

int cms_verify(struct cms_result *out, struct arena *a, struct str bytes, struct str signature,
               const struct cms_check *how, struct error *e) {
  struct checking c = {.out = out, .arena = a, .how = how};
  *out = (struct cms_result){0};
  if (bytes.n > INT32_MAX || signature.n > CMS_SIGNATURE_MAX)
    return error_set(e, ERR_LIMIT, "a signature of over %zu bytes, or of over 2 GB, is not read", CMS_SIGNATURE_MAX);
  if (read_cms(&c.cms, signature, e) != 0) return -1;
  int rc = find_signer(&c, e);
  if (rc == 0) describe(&c);
  if (rc == 0) check_bytes(&c, bytes);
  if (rc == 0) rc = check_trust(&c, e);
  CMS_ContentInfo_free(c.cms);
  return rc;
}
