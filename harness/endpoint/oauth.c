#include "endpoint/oauth.h"

#include "endpoint/oauth_int.h"
#include "formats/json.h"

#define ANSWER_MAX ((size_t)64 << 10)
#define DESCRIPTION_MAX 300

static const char json_type[] = "application/json";

/* --- refusing --- */

/* RFC 6749, 5.2: what may stand in error_description. */
static struct str description_of(struct arena *a, struct str text) {
  text = str_sub(text, 0, DESCRIPTION_MAX);
  char *z = arena_z(a, text);
  for (size_t i = 0; i < text.n; i++)
    if (z[i] < ' ' || z[i] > '~' || z[i] == '"' || z[i] == '\\') z[i] = '\'';
  return (struct str){z, text.n};
}

static struct str error_body(struct arena *a, const char *error, struct str description) {
  struct buf b;
  struct json_writer w;
  buf_init(&b, ANSWER_MAX);
  json_writer_init(&w, &b, 0);
  json_begin_object(&w, NULL);
  json_put_z(&w, "error", error);
  json_put_str(&w, "error_description", description);
  json_end(&w);
  return buf_take(&b, a);
}

/* The scheme that the client tried, else the one that our services speak (RFC 6749, 5.2). */
static struct str challenge_of(struct oauth_exchange *x, const char *error, struct str description) {
  bool basic = str_eq_nocase(str_sub(x->q->authorization, 0, 6), STR("Basic "));
  if (basic) return STR("Basic realm=\"testcamp\"");
  return arena_printf(x->a, "Bearer realm=\"testcamp\", error=\"%s\", error_description=\"%.*s\"", error,
                      STR_F(description));
}

static struct finding filled(struct arena *a, enum oauth_rule r, const struct str args[3]) {
  struct findings f;
  findings_init(&f, a);
  findings_add(&f, &oauth_rules[r], (struct place){0}, 3, args);
  return f.list.v[0];
}

/* Something to be said though the request is answered; only the first is kept. */
static void note(struct oauth_exchange *x, enum oauth_rule r, const struct str args[3]) {
  if (x->out->noted) return;
  struct finding why = filled(x->a, r, args);
  x->out->noted = &oauth_rules[r];
  x->out->noted_as = server_severity(x->site->profile, &oauth_rules[r]);
  x->out->noted_en = why.en;
  x->out->noted_da = why.da;
}

static int refuse(struct oauth_exchange *x, enum oauth_rule r, const struct str args[3]) {
  struct oauth_answer *out = x->out;
  struct finding why = filled(x->a, r, args);
  struct str description = description_of(x->a, why.en);
  out->rule = &oauth_rules[r];
  out->status = oauth_rows[r].status;
  out->error = oauth_rows[r].error;
  out->issue = why.en;
  out->da = why.da;
  out->content_type = json_type;
  out->body = error_body(x->a, out->error, description);
  out->no_store = true;
  if (out->status == 401) out->authenticate = challenge_of(x, out->error, description);
  /* Nothing was given out. */
  out->event.issued = (struct str){0};
  out->token_id = out->audience = (struct str){0};
  return -1;
}

int oauth_refuse(struct oauth_exchange *x, enum oauth_rule r, const struct str args[3]) {
  enum server_verdict verdict = server_verdict(x->site->profile, &oauth_rules[r]);
  if (verdict == SERVER_REFUSES) return refuse(x, r, args);
  if (verdict == SERVER_NOTES) note(x, r, args);
  return 0;
}

/* --- which request --- */

static const struct route {
  const char *path, *method, *name;
  bool alias;
  void (*answer)(struct oauth_exchange *x);
} routes[] = {
    {"/.well-known/openid-configuration", "GET", "discovery", false, oauth_metadata_answer},
    {"/.well-known/oauth-authorization-server", "GET", "discovery", false, oauth_metadata_answer},
    {"/jwks", "GET", "jwks", false, oauth_jwks_answer},
    {"/token", "POST", "token", false, oauth_token_answer},
    {"/mtls/token", "POST", "token", true, oauth_token_answer},
    {"/authorize/par", "POST", "par", false, oauth_par_answer},
    {"/mtls/authorize/par", "POST", "par", true, oauth_par_answer},
    {"/authorize", "GET", "authorize", false, oauth_authorize_answer},
};

static const struct route *route_of(struct str path) {
  for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
    if (str_eqz(path, routes[i].path)) return &routes[i];
  return NULL;
}

const char *oauth_request_name(const struct oauth_request *q) {
  const struct route *r = route_of(q->path);
  return r ? r->name : "other";
}

/* Wrong answers that are no answer to the question at all. */
static bool fails_on_purpose(struct oauth_exchange *x) {
  bool unavailable = oauth_wrong_is(x, OAUTH_WRONG_UNAVAILABLE), broken = oauth_wrong_is(x, OAUTH_WRONG_BROKEN);
  if (oauth_wrong_is(x, OAUTH_WRONG_SLOW)) x->out->delay_ms = OAUTH_SLOW_MS;
  if (!unavailable && !broken) return false;
  (void)refuse(x, OAUTH_R_WRONG, (struct str[3]){str_z(x->site->wrong->name)});
  if (broken) x->out->status = 500;
  if (broken) x->out->body = error_body(x->a, x->out->error = "server_error", STR("wrong on purpose"));
  return true;
}

void oauth_answer(struct oauth_answer *out, struct arena *a, const struct oauth_request *q,
                  const struct oauth_site *site) {
  struct oauth_exchange x = {.out = out, .a = a, .q = q, .site = site};
  const struct route *r = route_of(q->path);
  *out = (struct oauth_answer){.status = 200, .content_type = "", .request = r ? r->name : "other"};
  out->event = (struct oauth_event){.id = site->id, .at = site->now, .thumbprint = q->thumbprint};
  if (!r) {
    (void)OAUTH_REFUSE(&x, OAUTH_R_PATH, q->path);
    return;
  }
  out->alias = r->alias;
  if (!str_eqz(q->method, r->method)) {
    out->allow = r->method;
    (void)OAUTH_REFUSE(&x, OAUTH_R_METHOD, q->method, str_z(r->method));
    return;
  }
  if (!fails_on_purpose(&x)) r->answer(&x);
}

/* --- facts --- */

static void put(struct facts *f, const char *name, struct str value) {
  facts_put(f, str_z(name), value);
}

static void put_event(struct facts *f, const struct oauth_event *ev) {
  put(f, "oauth.id", ev->id);
  put(f, "oauth.at", arena_printf(f->arena, "%lld", (long long)ev->at));
  put(f, "oauth.issued", ev->issued);
  put(f, "oauth.used", ev->used);
  put(f, "oauth.redirect-uri", ev->redirect_uri);
  put(f, "oauth.state", ev->state);
  put(f, "oauth.challenge", ev->challenge);
  put(f, "oauth.nonce", ev->nonce);
  put(f, "oauth.thumbprint", ev->thumbprint);
}

static void put_reasons(struct facts *f, const struct oauth_answer *an) {
  put(f, "oauth.error", str_z(an->error));
  put(f, "oauth.rule", str_z(an->rule ? an->rule->id : NULL));
  put(f, "oauth.issue", an->issue);
  put(f, "oauth.issue.da", an->da);
  put(f, "oauth.noted", str_z(an->noted ? an->noted->id : NULL));
  put(f, "oauth.noted.severity", str_z(an->noted ? severity_name(an->noted_as) : NULL));
  put(f, "oauth.noted.text", an->noted_en);
  put(f, "oauth.noted.da", an->noted_da);
  put(f, "oauth.wrong", str_z(an->wrong ? an->wrong->name : NULL));
}

void oauth_put_facts(const struct oauth_answer *an, const struct oauth_request *q, struct facts *f) {
  bool shows = str_eqz(str_z(an->request), "token") || str_eqz(str_z(an->request), "par");
  put(f, "oauth.request", str_z(an->request));
  if (shows) put(f, "oauth.alias", an->alias ? STR("yes") : STR("no"));
  if (shows && !an->rule) put(f, "oauth.bound", an->bound ? STR("yes") : STR("no"));
  put(f, "oauth.grant", str_z(an->grant));
  put(f, "oauth.client", an->client);
  put(f, "oauth.scope", an->scope);
  put(f, "oauth.granted", an->granted);
  put(f, "oauth.audience", an->audience);
  put(f, "oauth.token-id", an->token_id);
  put_reasons(f, an);
  put_event(f, &an->event);
  put(f, "http.method", q->method);
  put(f, "http.path", q->path.n ? q->path : STR("/"));
  put(f, "http.query", form_kept(f->arena, q->query, oauth_secrets));
  put(f, "http.content-type", q->content_type);
  put(f, "http.status", arena_printf(f->arena, "%d", an->status));
}
