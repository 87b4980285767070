/* What the tokens say. */
#include "base/uuid.h"
#include "crypto/certificate.h"
#include "endpoint/oauth_int.h"
#include "formats/json.h"

#define MS_PER_S 1000
#define SHORT_SECONDS 5
#define EXPIRED_SECONDS (-300)

#define SUBJECT_SYSTEM "urn:dk:healthcare:eid:uuid:persistent:system:"
#define SUBJECT_USER "urn:dk:healthcare:eid:uuid:persistent:user:"
#define ACR_SYSTEM "urn:dk:healthcare:loa:3"
#define ACR_USER "https://data.gov.dk/concept/core/nsis/loa/Substantial"
#define ISS_POLICY "urn:dk:ehmi:policy:fapi-strict"
#define CVR_PREFIX "NTRDK-" /* eIDAS, ETSI EN 319 412-1, 5.1.4: how a CVR number stands in a certificate */

int64_t oauth_lifetime(struct oauth_exchange *x) {
  return oauth_wrong_is(x, OAUTH_WRONG_SHORT) ? SHORT_SECONDS : OAUTH_TOKEN_SECONDS;
}

static struct str uuid_of(struct oauth_exchange *x, const char *what, struct str name) {
  return uuid_derive(x->a, x->site->setup->seed, 2, (struct str[]){str_z(what), name});
}

static void put_times(struct oauth_exchange *x, struct json_writer *w) {
  int64_t now = x->site->now / MS_PER_S;
  int64_t life = oauth_wrong_is(x, OAUTH_WRONG_EXPIRED) ? EXPIRED_SECONDS : oauth_lifetime(x);
  int64_t issued = life < 0 ? now + 2 * life : now;
  json_put_int(w, "iat", issued);
  json_put_int(w, "exp", now + life);
  json_put_int(w, "auth_time", issued);
}

static void put_subject(struct oauth_exchange *x, const struct oauth_issue *is, struct json_writer *w) {
  const struct oauth_user *u = is->user;
  struct str id = u ? u->id : uuid_of(x, "system", x->client->client_id);
  json_put_str(w, "sub", arena_printf(x->a, "%s%.*s", u ? SUBJECT_USER : SUBJECT_SYSTEM, STR_F(id)));
  json_put_z(w, "acr", u ? ACR_USER : ACR_SYSTEM);
  json_put_z(w, "iss_policy", ISS_POLICY);
}

static void put_some(struct json_writer *w, const char *name, struct str value) {
  if (value.n) json_put_str(w, name, value);
}

/* A system's organisation is that of its certificate. */
static void put_organisation(struct oauth_exchange *x, const struct oauth_issue *is, struct json_writer *w) {
  const struct oauth_user *u = is->user;
  struct str dn = x->client->subject_dn, cvr = certificate_subject_get(x->a, dn, "organizationIdentifier");
  if (str_starts(cvr, STR(CVR_PREFIX))) cvr = str_sub(cvr, sizeof CVR_PREFIX - 1, cvr.n);
  put_some(w, "cvr", u ? u->cvr : cvr);
  put_some(w, "org_name", u ? u->org_name : certificate_subject_get(x->a, dn, "O"));
  if (!u) return;
  put_some(w, "name", u->name);
  put_some(w, "cpr", u->cpr);
  put_some(w, "priv", u->priv);
}

static void put_org_context(const struct oauth_exchange *x, const struct oauth_issue *is, struct json_writer *w) {
  const struct guard_org *org = is->scope->org;
  if (!org) return;
  put_some(w, "ehmi:eer:device_id", x->client->device_id);
  json_begin_object(w, "ehmi:org_context");
  put_some(w, "name", org->name);
  json_put_str(w, "sor", org->sor);
  json_put_str(w, "gln", org->gln);
  json_end(w);
}

static void put_binding(struct oauth_exchange *x, struct str thumbprint, struct json_writer *w) {
  if (!thumbprint.n) return;
  if (oauth_wrong_is(x, OAUTH_WRONG_CERTIFICATE)) thumbprint = token_thumbprint(x->a, STR("of nobody's certificate"));
  json_begin_object(w, "cnf");
  json_put_str(w, "x5t#S256", thumbprint);
  json_end(w);
}

static const char *audience_of(struct oauth_exchange *x, const struct oauth_service *service) {
  if (!oauth_wrong_is(x, OAUTH_WRONG_AUDIENCE)) return service->audience;
  return service == &oauth_services[0] ? oauth_services[1].audience : oauth_services[0].audience;
}

static enum token_flaw flaw_of(struct oauth_exchange *x) {
  if (oauth_wrong_is(x, OAUTH_WRONG_NONE)) return TOKEN_FLAW_NONE;
  if (oauth_wrong_is(x, OAUTH_WRONG_SIGNATURE)) return TOKEN_FLAW_SIGNATURE;
  return oauth_wrong_is(x, OAUTH_WRONG_RS256) ? TOKEN_FLAW_RS256 : TOKEN_SOUND;
}

static int sign(struct oauth_exchange *x, const char *typ, struct str claims, struct str *out) {
  const struct oauth_setup *s = x->site->setup;
  struct token_making how = {.key = s->key, .typ = typ, .flaw = flaw_of(x)};
  struct error e;
  for (size_t i = 0; how.flaw == TOKEN_FLAW_RS256 && i < s->keys->n; i++)
    if (token_key_alg(s->keys->v[i]) == TOKEN_PS256) how.key = s->keys->v[i];
  if (token_sign(out, x->a, &how, claims, &e) == 0) return 0;
  return OAUTH_REFUSE(x, OAUTH_R_BROKEN, arena_str(x->a, str_z(e.text)));
}

int oauth_access_token(struct oauth_exchange *x, const struct oauth_issue *is, struct str *out) {
  struct buf b;
  struct json_writer w;
  buf_init(&b, TOKEN_MAX);
  x->out->token_id = uuid_of(x, "token", x->site->id);
  x->out->audience = str_z(audience_of(x, is->scope->service));
  json_writer_init(&w, &b, 0);
  json_begin_object(&w, NULL);
  json_put_str(&w, "iss", x->site->issuer);
  json_put_str(&w, "jti", x->out->token_id);
  json_put_str(&w, "aud", x->out->audience);
  put_times(x, &w);
  put_subject(x, is, &w);
  put_organisation(x, is, &w);
  json_put_str(&w, "client_id", x->client->client_id);
  json_put_str(&w, "scope", is->scope->text);
  put_binding(x, is->thumbprint, &w);
  put_org_context(x, is, &w);
  json_end(&w);
  return sign(x, "at+jwt", buf_take(&b, x->a), out);
}

/* OpenID Connect Core 1.0, 2. */
int oauth_id_token(struct oauth_exchange *x, const struct oauth_issue *is, struct str *out) {
  struct buf b;
  struct json_writer w;
  buf_init(&b, TOKEN_MAX);
  json_writer_init(&w, &b, 0);
  json_begin_object(&w, NULL);
  json_put_str(&w, "iss", x->site->issuer);
  json_put_str(&w, "aud", x->client->client_id);
  put_times(x, &w);
  put_subject(x, is, &w);
  put_some(&w, "name", is->user ? is->user->name : (struct str){0});
  put_some(&w, "nonce", is->nonce);
  json_end(&w);
  return sign(x, "JWT", buf_take(&b, x->a), out);
}
