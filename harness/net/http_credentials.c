/* Certificates in TLS: what the server shows, and what it thinks of those that clients show. */
#include "base/clock.h"
#include "crypto/certificate.h"
#include "net/http_server_int.h"

#include <gnutls/x509.h>

#define MS_PER_S 1000

/* BCP 195 (RFC 9325, 4.2): ephemeral keys and AES-GCM. The profile wants 112 bits of security of clients' keys. */
#define BCP_195                                                                                                        \
  "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:"  \
  "-MAC-ALL:+AEAD:-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:%PROFILE_MEDIUM"
/* SHA-1 and old keys must be had for what is wrong on purpose. */
#define TLS_1_1 "NORMAL:-VERS-ALL:+VERS-TLS1.1:+SIGN-RSA-SHA1:+SIGN-ECDSA-SHA1:+SHA1:%PROFILE_LOW"
#define WEAK "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA:-CIPHER-ALL:+AES-128-CBC:+3DES-CBC:-MAC-ALL:+SHA1:%PROFILE_LOW"

struct http_credentials {
  struct http_credentials *next;
  gnutls_certificate_credentials_t own;
  gnutls_priority_t priorities;
  enum http_clients clients;
  bool known;
};

/* ---- what the server shows ---- */

static gnutls_datum_t datum(struct str s) {
  return (gnutls_datum_t){.data = (unsigned char *)(uintptr_t)s.p, .size = (unsigned)s.n};
}

static int tls_error(struct error *e, const char *what, int code) {
  return error_set(e, ERR_CONFIG, "%s: %s", what, gnutls_strerror(code));
}

static int load_own(struct http_credentials *c, const struct http_tls *tls, struct error *e) {
  gnutls_datum_t certificate = datum(tls->certificate), key = datum(tls->key);
  int rc = gnutls_certificate_set_x509_key_mem(c->own, &certificate, &key, GNUTLS_X509_FMT_PEM);
  if (rc == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
    return error_set(e, ERR_CONFIG, "the private key does not belong to the certificate of the server");
  return rc < 0 ? tls_error(e, "the certificate of the server and its key cannot be used", rc) : 0;
}

static int load_authorities(struct http_credentials *c, const struct http_tls *tls, struct error *e) {
  bool none = !tls->authorities.n && tls->known && tls->clients == HTTP_CLIENTS_ASKED;
  if (tls->clients == HTTP_CLIENTS_ANY || none) return 0;
  gnutls_datum_t all = datum(tls->authorities);
  int n = tls->authorities.n ? gnutls_certificate_set_x509_trust_mem(c->own, &all, GNUTLS_X509_FMT_PEM) : 0;
  if (n < 0) return tls_error(e, "the authorities of clients' certificates cannot be read", n);
  return n ? 0
           : error_set(e, ERR_CONFIG,
                       "clients' certificates are asked for, but no authority is given to check them by");
}

/* With another key no client could accept what is wrong, and each would seem to refuse it. */
static int check_weak(const struct http_tls *tls, struct error *e) {
  struct arena *a = arena_new_small(0);
  struct certificate_key key = {0};
  int rc = certificate_key_read(&key, NULL, a, tls->key, e);
  if (rc == 0 && key.kind != PUBLIC_KEY_RSA)
    rc = error_set(e, ERR_CONFIG, "weak ciphers can only be offered with an RSA key, and this is %s", key.name);
  arena_free(a);
  return rc;
}

static int load_priorities(struct http_credentials *c, enum http_speaks speaks, struct error *e) {
  static const char *const texts[] = {
      [HTTP_SPEAKS_TLS] = BCP_195, [HTTP_SPEAKS_TLS_1_1] = TLS_1_1, [HTTP_SPEAKS_WEAK_CIPHERS] = WEAK};
  int rc = gnutls_priority_init(&c->priorities, texts[speaks], NULL);
  return rc < 0 ? tls_error(e, "GnuTLS does not take the cipher suites", rc) : 0;
}

static int load(struct http_credentials *c, const struct http_tls *tls, struct error *e) {
  if (tls->certificate.n > CERTIFICATE_FILE_MAX || tls->key.n > CERTIFICATE_FILE_MAX ||
      tls->authorities.n > CERTIFICATE_FILE_MAX)
    return error_set(e, ERR_LIMIT, "certificates and keys of over %zu bytes are not read", CERTIFICATE_FILE_MAX);
  if (load_own(c, tls, e) || load_authorities(c, tls, e)) return -1;
  if (tls->speaks == HTTP_SPEAKS_WEAK_CIPHERS && check_weak(tls, e)) return -1;
  return load_priorities(c, tls->speaks, e);
}

static void credentials_end(struct http_credentials *c) {
  gnutls_certificate_free_credentials(c->own);
  if (c->priorities) gnutls_priority_deinit(c->priorities);
}

int http_credentials_add(struct http_server *s, const struct http_tls *tls, struct error *e) {
  struct http_credentials *c = ARENA_NEW(s->arena, struct http_credentials);
  c->clients = tls->clients;
  c->known = tls->known;
  if (gnutls_certificate_allocate_credentials(&c->own)) BUG("out of memory: TLS");
  if (load(c, tls, e)) {
    credentials_end(c);
    return -1;
  }
  c->next = s->credentials;
  s->credentials = c;
  return 0;
}

void http_credentials_free(struct http_server *s) {
  for (struct http_credentials *c = s->credentials; c; c = c->next) credentials_end(c);
  s->credentials = NULL;
}

bool http_credentials_allow(const struct http_server *s, enum http_peer_state state) {
  return s->credentials->clients != HTTP_CLIENTS_REQUIRED || state == HTTP_PEER_VERIFIED;
}

/* ---- what clients show ---- */

/* What GnuTLS finds wrong, the most telling first, and the alert for it (RFC 8446, 6.2). */
static const struct {
  unsigned status;
  const char *why;
  gnutls_alert_description_t alert;
} distrusts[] = {
    {GNUTLS_CERT_REVOKED, "it was revoked", GNUTLS_A_CERTIFICATE_REVOKED},
    {GNUTLS_CERT_SIGNER_NOT_FOUND, "it leads to no authority that is trusted here", GNUTLS_A_UNKNOWN_CA},
    {GNUTLS_CERT_SIGNER_NOT_CA, "it was issued by what is no authority", GNUTLS_A_UNKNOWN_CA},
    {GNUTLS_CERT_SIGNATURE_FAILURE, "its signature is not by the authority that it names", GNUTLS_A_BAD_CERTIFICATE},
    {GNUTLS_CERT_EXPIRED, "it has expired", GNUTLS_A_CERTIFICATE_EXPIRED},
    {GNUTLS_CERT_NOT_ACTIVATED, "it is not valid yet", GNUTLS_A_CERTIFICATE_EXPIRED},
    {GNUTLS_CERT_INSECURE_ALGORITHM, "its key or signature is too weak (RSA below 2048 bits, or SHA-1)",
     GNUTLS_A_BAD_CERTIFICATE},
    {GNUTLS_CERT_PURPOSE_MISMATCH, "it is not meant for clients (extended key usage)",
     GNUTLS_A_UNSUPPORTED_CERTIFICATE},
    {GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, "it breaks a constraint of its authority", GNUTLS_A_BAD_CERTIFICATE},
    {~0u, "it is not valid", GNUTLS_A_BAD_CERTIFICATE},
};

const char *http_session_distrust(gnutls_session_t session, gnutls_alert_description_t *alert) {
  gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                   .data = (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT};
  unsigned n = 0, status = 0;
  if (!gnutls_certificate_get_peers(session, &n) || n == 0) return NULL;
  int rc = gnutls_certificate_verify_peers(session, &purpose, 1, &status);
  *alert = GNUTLS_A_BAD_CERTIFICATE;
  if (rc < 0) return gnutls_strerror(rc);
  for (size_t i = 0; status && i < sizeof distrusts / sizeof *distrusts; i++) {
    if (!(status & distrusts[i].status)) continue;
    *alert = distrusts[i].alert;
    return distrusts[i].why;
  }
  return NULL;
}

static void judge_certificate(struct http_peer_certificate *out, struct arena *a, struct str der,
                              gnutls_session_t session) {
  struct certificates all;
  struct error e;
  gnutls_alert_description_t alert;
  *out = (struct http_peer_certificate){.state = HTTP_PEER_UNVERIFIED, .der = arena_str(a, der)};
  const char *why = http_session_distrust(session, &alert);
  out->why = arena_str(a, str_z(why));
  out->thumbprint = certificate_thumbprint(a, out->der);
  if (certificates_read(&all, a, out->der, &e)) {
    out->why = arena_str(a, str_z(e.text));
    return;
  }
  out->pem = all.v[0].pem;
  out->subject = all.v[0].subject;
  if (!why) out->state = HTTP_PEER_VERIFIED;
}

/* A request may outlive its connection. */
static struct http_peer_certificate copy_of(const struct http_peer_certificate *c, struct arena *a) {
  return (struct http_peer_certificate){.state = c->state,
                                        .why = arena_str(a, c->why),
                                        .der = arena_str(a, c->der),
                                        .pem = arena_str(a, c->pem),
                                        .thumbprint = arena_str(a, c->thumbprint),
                                        .subject = arena_str(a, c->subject)};
}

static void describe_certificate(struct http_peer_certificate *out, struct arena *a, gnutls_session_t session,
                                 struct http_shown *shown) {
  unsigned n = 0;
  int64_t now = clock_wall() / MS_PER_S;
  const gnutls_datum_t *peers = gnutls_certificate_get_peers(session, &n);
  *out = (struct http_peer_certificate){.state = HTTP_PEER_NONE, .why = STR("the client showed no certificate")};
  if (!peers || n == 0) return;
  struct str der = {(const char *)peers->data, peers->size};
  if (!shown->arena || shown->second != now || !str_eq(shown->certificate.der, der)) {
    if (!shown->arena) shown->arena = arena_new_small(0);
    arena_reset(shown->arena);
    judge_certificate(&shown->certificate, shown->arena, der, session);
    shown->second = now;
  }
  *out = copy_of(&shown->certificate, a);
}

void http_session_describe(struct http_peer_certificate *out, struct arena *a, const struct http_server *s,
                           gnutls_session_t session, struct http_shown *shown) {
  describe_certificate(out, a, session, shown);
  if (s->credentials->clients == HTTP_CLIENTS_ANY) out->why = STR("no certificate was asked for");
  out->protocol = str_z(gnutls_protocol_get_name(gnutls_protocol_get_version(session)));
  out->cipher = str_z(gnutls_cipher_get_name(gnutls_cipher_get(session)));
}

/* ---- sessions ---- */

/* In the midst of the handshake, so that it fails with an alert that says why. */
static int verify_now(gnutls_session_t session) {
  gnutls_alert_description_t alert;
  return http_session_distrust(session, &alert) ? GNUTLS_E_CERTIFICATE_ERROR : 0;
}

gnutls_session_t http_session_new(const struct http_server *s) {
  static const gnutls_certificate_request_t requests[] = {[HTTP_CLIENTS_ANY] = GNUTLS_CERT_IGNORE,
                                                          [HTTP_CLIENTS_ASKED] = GNUTLS_CERT_REQUEST,
                                                          [HTTP_CLIENTS_REQUIRED] = GNUTLS_CERT_REQUIRE};
  const struct http_credentials *c = s->credentials;
  gnutls_session_t session;
  if (gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS) ||
      gnutls_priority_set(session, c->priorities) || gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, c->own))
    BUG("out of memory: TLS");
  gnutls_certificate_server_set_request(session, requests[c->clients]);
  gnutls_certificate_send_x509_rdn_sequence(session, c->known); /* 1: disabled */
  if (c->clients == HTTP_CLIENTS_REQUIRED) gnutls_session_set_verify_function(session, verify_now);
  gnutls_handshake_set_timeout(session, GNUTLS_INDEFINITE_TIMEOUT);
  return session;
}

struct str http_alert_name(struct arena *a, gnutls_alert_description_t alert) {
  static const struct str prefix = STR_INIT("GNUTLS_A_");
  const char *known = gnutls_alert_get_strname(alert);
  if (!known) return arena_printf(a, "%d", (int)alert);
  struct str name = str_z(known);
  char *lower = arena_z(a, str_starts(name, prefix) ? str_sub(name, prefix.n, name.n) : name);
  for (char *p = lower; *p; p++)
    if (*p >= 'A' && *p <= 'Z') *p = (char)(*p - 'A' + 'a');
  return str_z(lower);
}
