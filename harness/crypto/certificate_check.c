/* What is wrong with a certificate, rule by rule. */
#include "base/buf.h"
#include "base/clock.h"
#include "crypto/certificate.h"

#define PROFILE "RFC 5280, section 4.1.2.5"
#define FAPI "FAPI 2.0 Security Profile, section 5.4.1"
#define TLS "RFC 9325 (BCP 195), section 4.5"
#define NAMES "RFC 9525, section 2"
#define SYSTEM "RFC 5280, section 4.2.1.12"
#define CHAIN "RFC 5280, section 6.1"
#define PAIR "RFC 8446, section 4.4.3"
#define SOON_MS (INT64_C(30) * 24 * 60 * 60 * 1000)
#define DAY_CHARS 10 /* of "2026-01-05" */

const struct rule certificate_rules[CERTIFICATE_RULES_N] = {
    [CERTIFICATE_EXPIRED] = {"certificate.expired", SEV_ERROR, PROFILE, "The certificate of {1} expired on {2}.",
                             "Certifikatet for {1} udløb den {2}."},
    [CERTIFICATE_EXPIRES_SOON] = {"certificate.expires-soon", SEV_WARNING, PROFILE,
                                  "The certificate of {1} expires on {2}.", "Certifikatet for {1} udløber den {2}."},
    [CERTIFICATE_NOT_YET_VALID] = {"certificate.not-yet-valid", SEV_ERROR, PROFILE,
                                   "The certificate of {1} is not valid before {2}.",
                                   "Certifikatet for {1} er først gyldigt fra {2}."},
    [CERTIFICATE_KEY_WEAK] = {"certificate.key-weak", SEV_ERROR, FAPI,
                              "The key of {1} is {2} with {3} bits; RSA needs 2048 bits or more, elliptic curves 224.",
                              "Nøglen for {1} er {2} med {3} bit; RSA kræver mindst 2048 bit, elliptiske kurver 224."},
    [CERTIFICATE_KEY_KIND] = {"certificate.key-kind", SEV_ERROR, FAPI,
                              "The key of {1} is of the kind {2}; it must be RSA, EC or Ed25519.",
                              "Nøglen for {1} er af typen {2}; den skal være RSA, EC eller Ed25519."},
    [CERTIFICATE_SIGNATURE_WEAK] = {"certificate.signature-weak", SEV_ERROR, TLS,
                                    "The certificate of {1} is signed by {2}; a digest of SHA-256 or more is needed.",
                                    "Certifikatet for {1} er signeret med {2}; der kræves mindst SHA-256."},
    [CERTIFICATE_UNTRUSTED] = {"certificate.untrusted", SEV_ERROR, CHAIN,
                               "The certificate of {1} does not lead to a trusted authority: {2}.",
                               "Certifikatet for {1} fører ikke til en betroet udsteder: {2}."},
    [CERTIFICATE_NAME_OTHER] = {"certificate.name-other", SEV_ERROR, NAMES, "The certificate is for {1}, not for {2}.",
                                "Certifikatet gælder {1} og ikke {2}."},
    [CERTIFICATE_NAME_NONE] = {"certificate.name-none", SEV_ERROR, NAMES,
                               "The server certificate of {1} has no subject alternative name; the common name does "
                               "not count.",
                               "Servercertifikatet for {1} har intet alternativt navn (subjectAltName); common name "
                               "tæller ikke."},
    [CERTIFICATE_PURPOSE] = {"certificate.purpose", SEV_ERROR, SYSTEM, "The certificate of {1} may not be used as {2}.",
                             "Certifikatet for {1} må ikke bruges som {2}."},
    [CERTIFICATE_KEY_OTHER] = {"certificate.key-other", SEV_ERROR, PAIR,
                               "The private key does not belong to the certificate of {1}.",
                               "Den private nøgle hører ikke til certifikatet for {1}."},
};

struct judging {
  struct findings *f;
  const struct certificate *c;
  const struct certificate_check *how;
  struct place where;
};

static void say(const struct judging *j, enum certificate_rule rule, const struct said *args, size_t n) {
  struct said all[FINDING_ARGS_MAX] = {said_same(j->c->subject.n ? j->c->subject : j->c->serial)};
  for (size_t i = 0; i < n && i + 1 < FINDING_ARGS_MAX; i++) all[i + 1] = args[i];
  findings_add_said(j->f, &certificate_rules[rule], j->where, n + 1, all);
}

static void say_one(const struct judging *j, enum certificate_rule rule, struct str arg) {
  say(j, rule, &(struct said){arg, arg}, 1);
}

static struct str day(const struct judging *j, int64_t at) {
  return str_sub(time_utc(j->f->arena, at), 0, DAY_CHARS);
}

static void judge_time(const struct judging *j) {
  int64_t at = j->how->at;
  if (at > j->c->until)
    say_one(j, CERTIFICATE_EXPIRED, day(j, j->c->until));
  else if (at < j->c->from)
    say_one(j, CERTIFICATE_NOT_YET_VALID, day(j, j->c->from));
  else if (j->c->until - at < SOON_MS)
    say_one(j, CERTIFICATE_EXPIRES_SOON, day(j, j->c->until));
}

static void judge_key(const struct judging *j) {
  const struct certificate_key *k = &j->c->key;
  struct str name = str_z(k->name), bits = arena_printf(j->f->arena, "%d", k->bits);
  if (k->kind == PUBLIC_KEY_OTHER)
    say_one(j, CERTIFICATE_KEY_KIND, name);
  else if (!k->strong)
    say(j, CERTIFICATE_KEY_WEAK, (struct said[]){said_same(name), said_same(bits)}, 2);
  if (j->how->key.n && !certificate_key_matches(j->c, j->how->key)) say(j, CERTIFICATE_KEY_OTHER, NULL, 0);
}

/* The signature of an authority that is its own issuer proves nothing: its digest does not matter. */
static void judge_signature(const struct judging *j) {
  static const char *const weak[] = {"MD2", "MD4", "MD5", "SHA1", "unknown"};
  if (j->c->own_issuer && j->c->authority) return;
  for (size_t i = 0; i < sizeof weak / sizeof *weak; i++)
    if (str_ends(j->c->signature, str_z(weak[i])) || str_starts(j->c->signature, str_z(weak[i]))) {
      say_one(j, CERTIFICATE_SIGNATURE_WEAK, j->c->signature);
      return;
    }
}

static struct str name_list(const struct judging *j) {
  struct buf b;
  buf_init(&b, (size_t)1 << 16);
  for (size_t i = 0; i < j->c->names.n; i++) buf_printf(&b, "%s%.*s", i ? ", " : "", STR_F(j->c->names.v[i]));
  return buf_take(&b, j->f->arena);
}

static void judge_name(const struct judging *j) {
  if (j->how->purpose == CERTIFICATE_SERVER && j->c->names.n == 0) {
    say(j, CERTIFICATE_NAME_NONE, NULL, 0);
    return;
  }
  if (!j->how->host.n || certificate_is_for(j->c, j->how->host)) return;
  struct str names = j->c->names.n ? name_list(j) : j->c->subject;
  FINDING(j->f, &certificate_rules[CERTIFICATE_NAME_OTHER], j->where, names, j->how->host);
}

static void judge_purpose(const struct judging *j) {
  static const struct said uses[] = {[CERTIFICATE_SERVER] = {STR_INIT("a server"), STR_INIT("server")},
                                     [CERTIFICATE_CLIENT] = {STR_INIT("a client"), STR_INIT("klient")}};
  const bool may[] = {
      [CERTIFICATE_ANY] = true, [CERTIFICATE_SERVER] = j->c->server, [CERTIFICATE_CLIENT] = j->c->client};
  if (!may[j->how->purpose]) say(j, CERTIFICATE_PURPOSE, &uses[j->how->purpose], 1);
}

static void judge_trust(const struct judging *j) {
  if (!j->how->trusted.n) return;
  /* Its own time is a rule of its own: out of it, that of those above it says nothing. */
  bool in_time = j->how->at >= j->c->from && j->how->at <= j->c->until;
  const char *why = certificate_distrust(j->c, j->how->others, j->how->trusted, in_time ? j->how->at : 0);
  if (why) say_one(j, CERTIFICATE_UNTRUSTED, str_z(why));
}

void certificate_judge(struct findings *f, const struct certificate *c, const struct certificate_check *how) {
  struct judging j = {f, c, how, {.message = how->message}};
  judge_time(&j);
  judge_key(&j);
  judge_signature(&j);
  judge_purpose(&j);
  judge_name(&j);
  judge_trust(&j);
}
