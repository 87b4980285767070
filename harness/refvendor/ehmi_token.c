/* The client of the authorization server: FAPI 2.0 with certificates (RFC 8705), for the system itself:
 * client_credentials. Users are in ehmi_user.c.
 *
 * Endpoints are those of its metadata (RFC 8414), taken only from whom it says to be; a token is kept until shortly
 * before its end. A token is opaque: nothing is read in it. */
#include "base/percent.h"
#include "formats/json.h"
#include "refvendor/ehmi.h"

#define OPENID "/.well-known/openid-configuration"
#define OAUTH "/.well-known/oauth-authorization-server"
#define CREDENTIALS "client_credentials"
#define CLIENT_AUTH "tls_client_auth"
#define MARGIN_MS INT64_C(10000) /* before its end a token is not used any more; of a short life: a fifth of it */
#define MARGIN_PART 5

struct waiter {
  struct waiter *next;
  void (*done)(void *payload, const struct rv_token_reply *r);
  void *payload;
};

struct rv_seeker {
  struct rv_seeker *next;
  void (*done)(void *payload, struct str why);
  void *payload;
};

struct rv_token {
  struct rv_token *next;
  struct refvendor *v;
  struct str scope, value; /* value empty: there is none */
  int64_t until;
  bool busy;
  struct waiter *waiters;
};

static void advance(struct rv_token *t);

struct str rv_eds_scope(const struct refvendor *v, struct arena *a, struct refvendor_party org) {
  struct str sor = rv_has(v, DEFECT_TOKEN_SCOPE_WITHOUT_SOR) ? (struct str){0} : org.sor;
  struct str gln = rv_has(v, DEFECT_TOKEN_SCOPE_WITHOUT_GLN) ? (struct str){0} : org.gln;
  if (rv_has(v, DEFECT_TOKEN_ONE_FOR_ALL)) {
    sor = v->o->own.sor;
    gln = v->o->own.gln;
  }
  return arena_printf(a, RV_EDS_SCOPE "%s%.*s%s%.*s", sor.n ? " SOR:" : "", STR_F(sor), gln.n ? " GLN:" : "",
                      STR_F(gln));
}

static void tell(struct rv_token *t, const struct rv_token_reply *r) {
  struct waiter *w = t->waiters;
  t->waiters = NULL;
  while (w) {
    struct waiter *next = w->next; /* who is told may ask again */
    w->done(w->payload, r);
    w = next;
  }
}

static void fail(struct rv_token *t, enum rv_fate fate, struct str why) {
  t->busy = false;
  tell(t, &(struct rv_token_reply){.fate = fate, .why = why});
}

struct node *rv_json_of(struct arena *a, struct str body) {
  struct findings f;
  struct node *json;
  findings_init(&f, a);
  return json_read(&json, a, (struct source){STR("answer"), body}, &f) == 0 && json->kind == NODE_OBJECT ? json : NULL;
}

/* True if there is such a list and the word is not in it. */
static bool lacks(const struct node *json, const char *list, const char *word) {
  const struct node *l = node_child(json, list);
  for (NODE_EACH(n, l))
    if (str_eqz(n->text, word)) return false;
  return l != NULL;
}

/* ---- metadata ---- */

/* What must hold before an endpoint is believed; NULL if it does. */
static const char *doubt(const struct refvendor *v, const struct node *m, struct str endpoint) {
  bool plain = str_starts(str_z(v->o->auth), STR("http:"));
  if (!m) return "the metadata of the authorization server cannot be read";
  if (!str_eqz(node_text_at(m, "issuer"), v->o->auth) && !rv_has(v, DEFECT_TOKEN_NO_ISSUER_CHECK))
    return "the metadata names another issuer than the authorization server that was asked";
  if (!endpoint.n) return "the metadata has no token_endpoint";
  if (!plain && !str_starts(endpoint, STR("https:"))) return "token_endpoint is not https";
  if (lacks(m, "grant_types_supported", CREDENTIALS)) return "the server does not grant " CREDENTIALS;
  if (lacks(m, "token_endpoint_auth_methods_supported", CLIENT_AUTH)) return "the server does not know " CLIENT_AUTH;
  return NULL;
}

/* RFC 8705, 5: where there is an alias for clients with a certificate, it is the one. */
static struct str endpoint_of(const struct refvendor *v, const struct node *m, const char *name) {
  struct str alias = node_text_at(node_child(m, "mtls_endpoint_aliases"), name);
  return alias.n && !rv_has(v, DEFECT_TOKEN_IGNORES_ALIAS) ? alias : node_text_at(m, name);
}

/* The address of RFC 8414, where the well-known part stands before the path of the issuer. */
static const char *oauth_url(struct arena *a, const char *issuer) {
  struct str s = str_z(issuer);
  size_t host = str_find(s, STR("://"), 0), path = host == SIZE_MAX ? host : str_find(s, STR("/"), host + 3);
  if (path == SIZE_MAX) return rv_below(a, issuer, OAUTH);
  return arena_printf(a, "%.*s" OAUTH "%.*s", (int)path, s.p, STR_F(str_sub(s, path, s.n))).p;
}

static void discovered(struct refvendor *v, enum rv_fate fate, struct str why) {
  struct rv_seeker *s = v->ehmi.seekers;
  v->ehmi.discovering = false;
  v->ehmi.seekers = NULL;
  for (; s; s = s->next) s->done(s->payload, why);
  for (struct rv_token *t = v->ehmi.tokens; t; t = t->next) {
    if (!t->waiters || t->busy) continue;
    if (fate == RV_FINE)
      advance(t);
    else
      fail(t, fate, why);
  }
}

static void keep_endpoints(struct refvendor *v, const struct node *m) {
  struct rv_ehmi *e = &v->ehmi;
  e->token_endpoint = arena_str(v->arena, endpoint_of(v, m, "token_endpoint"));
  e->par_endpoint = arena_str(v->arena, endpoint_of(v, m, "pushed_authorization_request_endpoint"));
  e->authorization_endpoint = arena_str(v->arena, node_text_at(m, "authorization_endpoint"));
}

static void on_metadata(struct refvendor *v, const struct http_answer *an) {
  struct arena *a = arena_new(0);
  const struct node *m = an->status == 200 ? rv_json_of(a, an->body) : NULL;
  struct str endpoint = endpoint_of(v, m, "token_endpoint");
  const char *why = an->failure;
  bool later = an->failure || an->status >= 500;
  if (!later) why = doubt(v, m, endpoint);
  if (!why && later) why = "the authorization server is not well";
  if (why)
    rv_screen(v, "no token: %s (%s, HTTP %d)", why, v->o->auth, an->status);
  else
    keep_endpoints(v, m);
  discovered(v, !why ? RV_FINE : later ? RV_LATER : RV_DENIED, str_z(why));
  arena_free(a);
}

static void on_oauth(void *payload, const struct http_answer *an) {
  on_metadata(payload, an);
}

static void get(struct refvendor *v, const char *url, void (*done)(void *payload, const struct http_answer *answer)) {
  struct fact accept = {STR("Accept"), STR("application/json")};
  rv_call_out(v, &(struct http_call){.method = "GET",
                                     .url = url,
                                     .headers = &accept,
                                     .headers_n = 1,
                                     .body_max = RV_EHMI_ANSWER_MAX,
                                     .done = done,
                                     .payload = v});
}

/* Both addresses are in use; the first one that is there counts. */
static void on_openid(void *payload, const struct http_answer *an) {
  struct refvendor *v = payload;
  if (an->status != 404) {
    on_metadata(v, an);
    return;
  }
  struct arena *a = arena_new(0);
  get(v, oauth_url(a, v->o->auth), on_oauth);
  arena_free(a);
}

static void discover(struct refvendor *v) {
  if (v->ehmi.discovering) return;
  struct arena *a = arena_new(0);
  v->ehmi.discovering = true;
  get(v, rv_below(a, v->o->auth, OPENID), on_openid);
  arena_free(a);
}

void rv_discover(struct refvendor *v, void (*done)(void *payload, struct str why), void *payload) {
  if (v->ehmi.token_endpoint.n) {
    done(payload, (struct str){0});
    return;
  }
  struct rv_seeker *s = ARENA_NEW(v->arena, struct rv_seeker);
  *s = (struct rv_seeker){.next = v->ehmi.seekers, .done = done, .payload = payload};
  v->ehmi.seekers = s;
  discover(v);
}

/* ---- tokens ---- */

/* A word of the scope that was asked for and not given (RFC 6749, 5.1: a scope that is not named is the one asked for).
 */
static struct str missing(struct str wanted, struct str given) {
  while (given.n && wanted.n) {
    struct str word = str_cut(&wanted, ' '), rest = given;
    bool found = false;
    while (rest.n && !found) found = str_eq(str_cut(&rest, ' '), word);
    if (!found) return word;
  }
  return (struct str){0};
}

/* What is wrong with an answer of 200; empty if nothing is. */
static struct str flaw(struct rv_token *t, struct arena *a, const struct node *json) {
  struct str value = node_text_at(json, "access_token"), lost = missing(t->scope, node_text_at(json, "scope"));
  if (!value.n || !http_header_valid(STR("Authorization"), value)) return STR("the answer has no access_token");
  if (!str_eq_nocase(node_text_at(json, "token_type"), STR("Bearer"))) return STR("token_type is not Bearer");
  if (lost.n && !rv_has(t->v, DEFECT_TOKEN_IGNORES_SCOPE))
    return arena_printf(a, "the token is for less than was asked: %.*s was not granted", STR_F(lost));
  return (struct str){0};
}

static void keep(struct rv_token *t, const struct node *json) {
  int64_t seconds, life, margin;
  if (!str_int(node_text_at(json, "expires_in"), &seconds) || seconds < 0 || seconds > INT32_MAX) seconds = 0;
  life = seconds * 1000;
  margin = life / MARGIN_PART < MARGIN_MS ? life / MARGIN_PART : MARGIN_MS;
  t->value = arena_str(t->v->arena, node_text_at(json, "access_token"));
  t->until = clock_monotonic() + life - margin;
  if (rv_has(t->v, DEFECT_TOKEN_EACH_TIME)) t->until = 0;
  t->busy = false;
  tell(t, &(struct rv_token_reply){.fate = RV_FINE, .token = t->value});
}

struct str rv_oauth_refusal(struct arena *a, const struct http_answer *an, const struct node *json) {
  struct str code = node_text_at(json, "error"), text = node_text_at(json, "error_description");
  return arena_printf(a, "HTTP %d %.*s%s%.*s", an->status, STR_F(code), text.n ? ": " : "", STR_F(text));
}

static void on_token(void *payload, const struct http_answer *an) {
  struct rv_token *t = payload;
  struct arena *a = arena_new(0);
  const struct node *json = rv_json_of(a, an->body);
  if (an->failure || an->status >= 500 || an->status == 429) {
    struct str why = an->failure ? str_z(an->failure) : rv_oauth_refusal(a, an, json);
    rv_screen(t->v, "no token now: %.*s", STR_F(why));
    t->v->ehmi.token_endpoint = (struct str){0}; /* it may have moved */
    fail(t, RV_LATER, why);
  } else {
    struct str why = an->status == 200 ? flaw(t, a, json) : rv_oauth_refusal(a, an, json);
    if (why.n) rv_screen(t->v, "no token of scope \"%.*s\": %.*s", STR_F(t->scope), STR_F(why));
    if (why.n)
      fail(t, RV_DENIED, why);
    else
      keep(t, json);
  }
  arena_free(a);
}

static void post_form(struct rv_token *t) {
  const struct refvendor *v = t->v;
  struct arena *a = arena_new(0);
  struct buf b;
  buf_init(&b, RV_TRIGGER_MAX);
  buf_addz(&b, "grant_type=" CREDENTIALS "&scope=");
  percent_encode(&b, t->scope);
  buf_addz(&b, "&client_id=");
  percent_encode(&b, v->o->client_id);
  if (rv_has(v, DEFECT_TOKEN_CLIENT_SECRET)) buf_addz(&b, "&client_secret=hemmelig");
  struct fact accept = {STR("Accept"), STR("application/json")};
  rv_call_out(t->v, &(struct http_call){.method = "POST",
                                        .url = arena_z(a, v->ehmi.token_endpoint),
                                        .content_type = "application/x-www-form-urlencoded",
                                        .headers = &accept,
                                        .headers_n = 1,
                                        .body = buf_str(&b),
                                        .body_max = RV_EHMI_ANSWER_MAX,
                                        .done = on_token,
                                        .payload = t});
  buf_release(&b);
  arena_free(a);
}

static void advance(struct rv_token *t) {
  if (t->busy) return;
  if (!t->v->ehmi.token_endpoint.n) {
    discover(t->v);
    return;
  }
  t->busy = true;
  post_form(t);
}

static struct rv_token *token_of(struct refvendor *v, struct str scope) {
  struct rv_token **at = &v->ehmi.tokens;
  for (; *at; at = &(*at)->next)
    if (str_eq((*at)->scope, scope)) return *at;
  *at = ARENA_NEW(v->arena, struct rv_token);
  **at = (struct rv_token){.v = v, .scope = arena_str(v->arena, scope)};
  return *at;
}

void rv_token_get(struct refvendor *v, struct str scope, void (*done)(void *payload, const struct rv_token_reply *r),
                  void *payload) {
  if (!v->o->auth) {
    done(payload, &(struct rv_token_reply){.fate = RV_FINE});
    return;
  }
  struct rv_token *t = token_of(v, scope);
  if (t->value.n && !t->busy && clock_monotonic() < t->until) {
    done(payload, &(struct rv_token_reply){.fate = RV_FINE, .token = t->value});
    return;
  }
  struct waiter **at = &t->waiters;
  while (*at) at = &(*at)->next;
  *at = ARENA_NEW(v->arena, struct waiter);
  **at = (struct waiter){.done = done, .payload = payload};
  advance(t);
}

void rv_token_drop(struct refvendor *v, struct str scope) {
  struct rv_token *t = token_of(v, scope);
  t->value = (struct str){0};
  t->until = 0;
}
