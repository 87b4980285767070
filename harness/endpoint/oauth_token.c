/* The token endpoint: one handler a grant type. */
#include "endpoint/oauth_int.h"
#include "formats/json.h"

#define MS_PER_S 1000
#define VERIFIER_MIN 43 /* RFC 7636, 4.1 */
#define VERIFIER_MAX 128

static struct str seconds(struct arena *a, int64_t ms) {
  return arena_printf(a, "%lld", (long long)(ms / MS_PER_S));
}

/* --- the answer --- */

static void grant_less(struct oauth_exchange *x, struct oauth_scope *scope) {
  if (!oauth_wrong_is(x, OAUTH_WRONG_SCOPE)) return;
  scope->text = oauth_scope_reduced(x->a, scope->text);
  x->out->granted = scope->text;
}

static void respond(struct oauth_exchange *x, struct oauth_issue is) {
  struct oauth_answer *out = x->out;
  struct str access, id = {0};
  struct buf b;
  struct json_writer w;
  is.thumbprint = x->q->thumbprint;
  grant_less(x, is.scope);
  if (oauth_access_token(x, &is, &access) || (is.scope->openid && oauth_id_token(x, &is, &id))) return;
  buf_init(&b, TOKEN_MAX * 4);
  json_writer_init(&w, &b, 0);
  json_begin_object(&w, NULL);
  json_put_str(&w, "access_token", access);
  json_put_z(&w, "token_type", oauth_wrong_is(x, OAUTH_WRONG_TYPE) ? "mac" : "Bearer");
  json_put_int(&w, "expires_in", oauth_lifetime(x));
  json_put_str(&w, "scope", is.scope->text);
  if (id.n) json_put_str(&w, "id_token", id);
  if (is.refresh.n) json_put_str(&w, "refresh_token", is.refresh);
  json_end(&w);
  out->status = 200;
  out->content_type = "application/json";
  out->no_store = true;
  out->body = buf_take(&b, x->a);
}

/* --- client_credentials --- */

static void take_credentials(struct oauth_exchange *x) {
  struct oauth_scope scope;
  if (oauth_scope_check(x, oauth_form_value(x, "scope"), OAUTH_CLIENT_CREDENTIALS, &scope)) return;
  respond(x, (struct oauth_issue){.scope = &scope});
}

/* --- authorization_code --- */

/* RFC 7636, 4.1 and 4.6. */
static int check_verifier(struct oauth_exchange *x, struct str challenge) {
  struct str v = oauth_form_value(x, "code_verifier");
  bool unreserved = v.n >= VERIFIER_MIN && v.n <= VERIFIER_MAX;
  for (size_t i = 0; i < v.n && unreserved; i++)
    unreserved = ascii_is_alnum(v.p[i]) || (v.p[i] && strchr("-._~", v.p[i]));
  if (!unreserved) return OAUTH_REFUSE(x, OAUTH_R_VERIFIER_FORM, arena_printf(x->a, "%zu", v.n));
  return str_eq(token_thumbprint(x->a, v), challenge) ? 0 : OAUTH_REFUSE(x, OAUTH_R_VERIFIER, {0});
}

static int check_code(struct oauth_exchange *x, const struct oauth_event *given, struct str digest) {
  int64_t age = x->site->now - given->at;
  if (!str_eq(given->client, x->client->client_id)) return OAUTH_REFUSE(x, OAUTH_R_CODE_CLIENT, x->client->client_id);
  /* Noted with the refusal: what came of the first use of it counts no more. */
  x->out->event.used = digest;
  if (oauth_used(x, digest, false)) return OAUTH_REFUSE(x, OAUTH_R_CODE_USED, {0});
  x->out->event.used = (struct str){0};
  if (age <= OAUTH_CODE_SECONDS * MS_PER_S) return 0;
  return OAUTH_REFUSE(x, OAUTH_R_CODE_LATE, seconds(x->a, age), arena_printf(x->a, "%d", OAUTH_CODE_SECONDS));
}

/* The pushed request that the code came of. */
static const struct oauth_event *find_request(struct oauth_exchange *x, struct str digest) {
  const struct oauth_event *given = oauth_issuer_of(x, digest);
  const struct oauth_event *pushed = given ? oauth_issuer_of(x, given->used) : NULL;
  if (!pushed || !str_eqz(given->request, "authorize")) return (void)OAUTH_REFUSE(x, OAUTH_R_CODE, {0}), NULL;
  return check_code(x, given, digest) ? NULL : pushed;
}

static void take_code(struct oauth_exchange *x) {
  struct oauth_scope scope;
  struct str digest = oauth_digest(x->a, oauth_form_value(x, "code"));
  struct str redirect = oauth_form_value(x, "redirect_uri");
  const struct oauth_event *pushed = find_request(x, digest);
  if (!pushed) return;
  if (!str_eq(redirect, pushed->redirect_uri)) {
    (void)OAUTH_REFUSE(x, OAUTH_R_CODE_REDIRECT, redirect, pushed->redirect_uri);
    return;
  }
  if (check_verifier(x, pushed->challenge) || oauth_scope_check(x, pushed->scope, OAUTH_CODE, &scope)) return;
  struct str refresh = x->client->grants[OAUTH_REFRESH] ? oauth_value(x, "refresh") : (struct str){0};
  x->out->event.used = digest;
  if (refresh.n) x->out->event.issued = oauth_digest(x->a, refresh);
  x->out->scope = pushed->scope;
  respond(x, (struct oauth_issue){
                 .scope = &scope, .user = x->site->setup->user, .nonce = pushed->nonce, .refresh = refresh});
}

/* --- refresh_token --- */

static bool is_within(struct str part, struct str whole) {
  while (part.n) {
    struct str word = str_cut(&part, ' ');
    if (word.n && !oauth_scope_holds(whole, word)) return false;
  }
  return true;
}

static const struct oauth_event *find_grant(struct oauth_exchange *x) {
  struct str digest = oauth_digest(x->a, oauth_form_value(x, "refresh_token"));
  const struct oauth_event *grant = oauth_issuer_of(x, digest);
  int refused = 0;
  if (!grant || !str_eqz(grant->request, "token"))
    refused = OAUTH_REFUSE(x, OAUTH_R_REFRESH, {0});
  else if (!str_eq(grant->client, x->client->client_id))
    refused = OAUTH_REFUSE(x, OAUTH_R_REFRESH_CLIENT, x->client->client_id);
  else if (!str_eq(grant->thumbprint, x->q->thumbprint))
    refused = OAUTH_REFUSE(x, OAUTH_R_REFRESH_CERTIFICATE, {0});
  else if (oauth_used(x, grant->used, true))
    refused = OAUTH_REFUSE(x, OAUTH_R_REFRESH_REVOKED, {0});
  return refused ? NULL : grant;
}

/* EHMI: refresh tokens do not rotate. */
static void take_refresh(struct oauth_exchange *x) {
  struct oauth_scope scope;
  struct str asked = oauth_form_value(x, "scope");
  const struct oauth_event *grant = find_grant(x);
  if (!grant) return;
  if (!asked.n) asked = grant->scope;
  if (!is_within(asked, grant->scope)) {
    (void)OAUTH_REFUSE(x, OAUTH_R_REFRESH_SCOPE, asked, grant->scope);
    return;
  }
  if (oauth_scope_check(x, asked, OAUTH_REFRESH, &scope)) return;
  x->out->scope = asked;
  respond(x, (struct oauth_issue){.scope = &scope, .user = x->site->setup->user});
}

/* --- which --- */

static const struct oauth_parameter of_credentials[] = {{"grant_type", 0}, {"scope", 0}, {"client_id", 0}, {NULL, 0}};
static const struct oauth_parameter of_code[] = {{"grant_type", 0}, {"code", 0},          {"redirect_uri", 0},
                                                 {"client_id", 0},  {"code_verifier", 0}, {NULL, 0}};
static const struct oauth_parameter of_refresh[] = {
    {"grant_type", 0}, {"refresh_token", 0}, {"client_id", 0}, {"scope", true}, {NULL, 0}};

static const struct handler {
  const struct oauth_parameter *parameters;
  void (*take)(struct oauth_exchange *x);
} handlers[OAUTH_GRANTS_N] = {[OAUTH_CLIENT_CREDENTIALS] = {of_credentials, take_credentials},
                              [OAUTH_CODE] = {of_code, take_code},
                              [OAUTH_REFRESH] = {of_refresh, take_refresh}};

static int find_handler(struct oauth_exchange *x, size_t *g) {
  struct str grant = oauth_form_value(x, "grant_type");
  if (form_count(&x->form, STR("grant_type")) > 1) return OAUTH_REFUSE(x, OAUTH_R_REPEATED, STR("grant_type"));
  if (!grant.n) return OAUTH_REFUSE(x, OAUTH_R_MISSING, STR("grant_type"));
  for (*g = 0; *g < OAUTH_GRANTS_N; ++*g)
    if (str_eqz(grant, oauth_grant_names[*g])) break;
  if (*g == OAUTH_GRANTS_N) return OAUTH_REFUSE(x, OAUTH_R_GRANT, grant);
  x->out->grant = oauth_grant_names[*g];
  if (x->client->grants[*g]) return 0;
  return OAUTH_REFUSE(x, OAUTH_R_GRANT_UNREGISTERED, x->client->client_id, grant);
}

void oauth_token_answer(struct oauth_exchange *x) {
  size_t g = 0;
  if (oauth_form_read(x) || oauth_authenticate(x) || find_handler(x, &g)) return;
  if (oauth_form_check(x, handlers[g].parameters)) return;
  handlers[g].take(x);
}
