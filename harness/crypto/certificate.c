#include "base/base64.h"
#include "base/hash.h"
#include "crypto/certificate_int.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#define MILLISECONDS 1000
#define NAME_TEXT_MAX ((size_t)64 << 10)
#define RSA_BITS_MIN 2048
#define EC_BITS_MIN 224
#define SECURITY_LEVEL 2 /* of OpenSSL: at least 112 bits, no SHA-1 */

/* ---- memory ---- */

BIO *certificate_memory(void) {
  BIO *b = BIO_new(BIO_s_mem());
  if (!b) BUG("out of memory: a certificate");
  return b;
}

struct str certificate_taken(struct arena *a, BIO *b) {
  char *p;
  long n = BIO_get_mem_data(b, &p);
  struct str s = arena_str(a, (struct str){p, n > 0 ? (size_t)n : 0});
  BIO_free(b);
  return s;
}

X509 *certificate_open(const struct certificate *c) {
  const unsigned char *p = (const unsigned char *)c->der.p;
  X509 *x = c->der.n <= CERTIFICATE_FILE_MAX ? d2i_X509(NULL, &p, (long)c->der.n) : NULL;
  ERR_clear_error();
  return x;
}

static bool is_pem(struct str bytes) {
  return str_find(bytes, STR("-----BEGIN "), 0) != SIZE_MAX;
}

/* A key that asks for a passphrase is not read: nobody is asked at a terminal. */
static int no_passphrase(char *buf, int size, int writing, void *payload) {
  (void)buf, (void)size, (void)writing, (void)payload;
  return -1;
}

EVP_PKEY *certificate_key_open(struct str bytes) {
  const unsigned char *p = (const unsigned char *)bytes.p;
  if (bytes.n == 0 || bytes.n > CERTIFICATE_FILE_MAX) return NULL;
  if (!is_pem(bytes)) return d2i_AutoPrivateKey(NULL, &p, (long)bytes.n);
  BIO *b = crypto_bio(bytes);
  EVP_PKEY *key = PEM_read_bio_PrivateKey(b, NULL, no_passphrase, NULL);
  BIO_free(b);
  return key;
}

/* ---- describing ---- */

struct str certificate_thumbprint(struct arena *a, struct str der) {
  unsigned char digest[HASH_BYTES_MAX];
  struct buf b;
  buf_init(&b, NAME_TEXT_MAX);
  size_t n = hash_named(digest, STR("sha256"), der);
  base64_encode(&b, (struct str){(const char *)digest, n});
  struct str text = buf_take(&b, a);
  char *url = arena_z(a, text);
  for (char *p = url; *p; p++) *p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
  size_t end = str_index(text, '=');
  return (struct str){url, end == SIZE_MAX ? text.n : end};
}

/* RFC 4514; what is not ASCII stays as it is, which section 2.4 allows. */
static struct str dn_text(struct arena *a, const X509_NAME *name) {
  BIO *b = certificate_memory();
  X509_NAME_print_ex(b, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
  return certificate_taken(a, b);
}

static struct str attribute(struct arena *a, const X509_NAME *name, int nid) {
  unsigned char *utf8 = NULL;
  int at = X509_NAME_get_index_by_NID((X509_NAME *)(uintptr_t)name, nid, -1);
  X509_NAME_ENTRY *entry = at >= 0 ? X509_NAME_get_entry(name, at) : NULL;
  int n = entry ? ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry)) : -1;
  struct str text = n > 0 ? arena_str(a, (struct str){(const char *)utf8, (size_t)n}) : STR("");
  OPENSSL_free(utf8);
  return text;
}

static struct certificate_key key_of(struct arena *a, EVP_PKEY *key) {
  static const struct {
    int id;
    enum public_key_kind kind;
    const char *name;
    int bits_min;
  } kinds[] = {{EVP_PKEY_RSA, PUBLIC_KEY_RSA, "RSA", RSA_BITS_MIN},
               {EVP_PKEY_RSA_PSS, PUBLIC_KEY_RSA, "RSA-PSS", RSA_BITS_MIN},
               {EVP_PKEY_EC, PUBLIC_KEY_EC, "EC", EC_BITS_MIN},
               {EVP_PKEY_ED25519, PUBLIC_KEY_ED25519, "Ed25519", 0}};
  struct certificate_key out = {.name = "unknown"};
  if (!key) return out;
  out.bits = EVP_PKEY_get_bits(key);
  const char *type = EVP_PKEY_get0_type_name(key);
  if (type) out.name = arena_z(a, str_z(type));
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (EVP_PKEY_get_base_id(key) != kinds[i].id) continue;
    out.kind = kinds[i].kind;
    out.name = kinds[i].name;
    out.strong = out.bits >= kinds[i].bits_min;
  }
  return out;
}

static struct str ip_text(struct arena *a, const ASN1_OCTET_STRING *ip) {
  char text[INET6_ADDRSTRLEN] = "";
  int n = ASN1_STRING_length(ip);
  if (n != 4 && n != 16) return STR("?");
  inet_ntop(n == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(ip), text, sizeof text);
  return arena_str(a, str_z(text));
}

/* Control characters in a name would be lines of their own where it is printed. */
static struct str plain(struct arena *a, const ASN1_STRING *s) {
  struct str text = {(const char *)ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s)};
  char *copy = arena_z(a, text);
  for (size_t i = 0; i < text.n; i++)
    if ((unsigned char)copy[i] < ' ' || (unsigned char)copy[i] >= 0x7f) copy[i] = '?';
  return (struct str){copy, text.n};
}

static void read_names(struct certificate *c, struct arena *a, X509 *x) {
  GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
  for (int i = 0; i < sk_GENERAL_NAME_num(all) && c->names.n < CERTIFICATE_NAMES_MAX; i++) {
    const GENERAL_NAME *one = sk_GENERAL_NAME_value(all, i);
    if (one->type == GEN_DNS)
      VEC_PUSH(a, &c->names, arena_printf(a, "DNS:%.*s", STR_F(plain(a, one->d.dNSName))));
    else if (one->type == GEN_IPADD)
      VEC_PUSH(a, &c->names, arena_printf(a, "IP:%.*s", STR_F(ip_text(a, one->d.iPAddress))));
  }
  GENERAL_NAMES_free(all);
}

static struct str serial_text(struct arena *a, X509 *x) {
  BIO *b = certificate_memory();
  i2a_ASN1_INTEGER(b, X509_get0_serialNumber(x));
  struct str text = certificate_taken(a, b);
  char *p = arena_z(a, text);
  for (size_t i = 0; i < text.n; i++)
    if (p[i] >= 'A' && p[i] <= 'F') p[i] = (char)(p[i] - 'A' + 'a');
  return (struct str){p, text.n};
}

/* RFC 5280, 4.2.1.12 and 4.2.1.3: without the extensions a key may be used for anything. */
static void read_use(struct certificate *c, X509 *x) {
  uint32_t usage = X509_get_key_usage(x), extended = X509_get_extended_key_usage(x);
  bool signs = usage & KU_DIGITAL_SIGNATURE;
  c->authority = X509_check_ca(x) > 0;
  c->server = (signs || usage & (KU_KEY_ENCIPHERMENT | KU_KEY_AGREEMENT)) && extended & XKU_SSL_SERVER;
  c->client = signs && extended & XKU_SSL_CLIENT;
}

static void describe(struct certificate *c, struct arena *a, X509 *x) {
  const X509_NAME *subject = X509_get_subject_name(x), *issuer = X509_get_issuer_name(x);
  BIO *der = certificate_memory(), *pem = certificate_memory();
  i2d_X509_bio(der, x);
  PEM_write_bio_X509(pem, x);
  c->der = certificate_taken(a, der);
  c->pem = certificate_taken(a, pem);
  c->subject = dn_text(a, subject);
  c->issuer = dn_text(a, issuer);
  c->common_name = attribute(a, subject, NID_commonName);
  c->serial = serial_text(a, x);
  c->from = asn1_ms(X509_get0_notBefore(x));
  c->until = asn1_ms(X509_get0_notAfter(x));
  c->thumbprint = certificate_thumbprint(a, c->der);
  c->key = key_of(a, X509_get0_pubkey(x));
  int nid = X509_get_signature_nid(x);
  c->signature = arena_str(a, str_z(nid ? OBJ_nid2sn(nid) : "unknown"));
  c->own_issuer = X509_NAME_cmp(subject, issuer) == 0;
  read_use(c, x);
  read_names(c, a, x);
  ERR_clear_error();
}

/* ---- reading ---- */

static int add(struct certificates *out, struct arena *a, X509 *x, struct error *e) {
  if (out->n >= CERTIFICATE_CHAIN_MAX)
    return error_set(e, ERR_LIMIT, "more than %d certificates in one file", CERTIFICATE_CHAIN_MAX);
  describe(VEC_ADD(a, out), a, x);
  return 0;
}

static int read_der(struct certificates *out, struct arena *a, struct str bytes, struct error *e) {
  const unsigned char *p = (const unsigned char *)bytes.p;
  X509 *x = d2i_X509(NULL, &p, (long)bytes.n);
  if (!x) return crypto_error(e, "this is no certificate (neither PEM nor DER)");
  int rc = add(out, a, x, e);
  X509_free(x);
  return rc;
}

/* Of a block whose content is broken, OpenSSL's reason; at the end of the text there is none to tell. */
static int read_pem(struct certificates *out, struct arena *a, struct str bytes, struct error *e) {
  BIO *b = crypto_bio(bytes);
  X509 *x;
  int rc = 0;
  while (rc == 0 && (x = PEM_read_bio_X509(b, NULL, no_passphrase, NULL))) {
    rc = add(out, a, x, e);
    X509_free(x);
  }
  BIO_free(b);
  bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (rc == 0 && !at_end) rc = crypto_error(e, "a certificate in the file cannot be read");
  ERR_clear_error();
  if (rc == 0 && out->n == 0) return error_set(e, ERR_SYNTAX, "no certificate is in the file");
  return rc;
}

int certificates_read(struct certificates *out, struct arena *a, struct str bytes, struct error *e) {
  *out = (struct certificates){0};
  if (bytes.n == 0) return error_set(e, ERR_SYNTAX, "the file is empty; a certificate in PEM or DER is needed");
  if (bytes.n > CERTIFICATE_FILE_MAX)
    return error_set(e, ERR_LIMIT, "certificates of over %zu bytes are not read", CERTIFICATE_FILE_MAX);
  return is_pem(bytes) ? read_pem(out, a, bytes, e) : read_der(out, a, bytes, e);
}

int certificate_key_read(struct certificate_key *out, struct str *pem, struct arena *a, struct str bytes,
                         struct error *e) {
  EVP_PKEY *key = certificate_key_open(bytes);
  if (!key) return crypto_error(e, "the private key cannot be read (PEM without a passphrase, or DER, is needed)");
  ERR_clear_error();
  *out = key_of(a, key);
  BIO *b = certificate_memory();
  bool written = PEM_write_bio_PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) == 1;
  struct str text = certificate_taken(a, b);
  EVP_PKEY_free(key);
  if (!written) return crypto_error(e, "the private key cannot be written as PEM");
  if (pem) *pem = text;
  return 0;
}

/* ---- asking ---- */

bool certificate_key_matches(const struct certificate *c, struct str key) {
  X509 *x = certificate_open(c);
  EVP_PKEY *k = certificate_key_open(key);
  bool same = x && k && X509_check_private_key(x, k) == 1;
  EVP_PKEY_free(k);
  X509_free(x);
  ERR_clear_error();
  return same;
}

bool certificate_is_for(const struct certificate *c, struct str host) {
  struct arena *a = arena_new(0);
  X509 *x = certificate_open(c);
  const char *z = arena_z(a, host);
  ASN1_OCTET_STRING *ip = a2i_IPADDRESS(z);
  bool is =
      x && host.n && strlen(z) == host.n &&
      (ip ? X509_check_ip_asc(x, z, 0) : X509_check_host(x, z, host.n, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL)) == 1;
  ASN1_OCTET_STRING_free(ip);
  X509_free(x);
  arena_free(a);
  ERR_clear_error();
  return is;
}

static X509_STORE *anchors(STACK_OF(X509) * trusted, int64_t at) {
  X509_STORE *store = X509_STORE_new();
  if (!store) BUG("out of memory: certificates");
  for (int i = 0; i < sk_X509_num(trusted); i++) X509_STORE_add_cert(store, sk_X509_value(trusted, i));
  X509_VERIFY_PARAM *p = X509_STORE_get0_param(store);
  if (at) X509_VERIFY_PARAM_set_time(p, (time_t)(at / MILLISECONDS));
  X509_VERIFY_PARAM_set_auth_level(p, SECURITY_LEVEL);
  X509_VERIFY_PARAM_set_flags(p,
                              at ? X509_V_FLAG_PARTIAL_CHAIN : X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  return store;
}

static STACK_OF(X509) * opened(const struct certificates *list) {
  STACK_OF(X509) *all = sk_X509_new_null();
  if (!all) BUG("out of memory: certificates");
  for (size_t i = 0; list && i < list->n; i++) {
    X509 *x = certificate_open(&list->v[i]);
    if (x) sk_X509_push(all, x);
  }
  return all;
}

static const char *verify(X509 *x, STACK_OF(X509) * others, STACK_OF(X509) * trusted, int64_t at) {
  X509_STORE *store = anchors(trusted, at);
  X509_STORE_CTX *ctx = X509_STORE_CTX_new();
  if (!ctx || !X509_STORE_CTX_init(ctx, store, x, others)) BUG("out of memory: a chain of certificates");
  const char *why = NULL;
  if (X509_verify_cert(ctx) != 1) why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
  X509_STORE_CTX_free(ctx);
  X509_STORE_free(store);
  return why;
}

const char *certificate_distrust(const struct certificate *c, const struct certificates *others, struct str trusted,
                                 int64_t at) {
  STACK_OF(X509) *anchor = NULL;
  struct error e;
  X509 *x = certificate_open(c);
  const char *why = NULL;
  if (!x)
    why = "the certificate cannot be read";
  else if (pem_certificates(&anchor, trusted, "", &e))
    why = "the trusted certificates cannot be read";
  else {
    STACK_OF(X509) *between = opened(others);
    why = verify(x, between, anchor, at);
    sk_X509_pop_free(between, X509_free);
    sk_X509_pop_free(anchor, X509_free);
  }
  X509_free(x);
  ERR_clear_error();
  return why;
}
