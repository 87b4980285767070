/* A user logs in: a pushed request (RFC 9126) with PKCE (RFC 7636), the browser, and the code that becomes a token.
 *
 * The system plays the browser itself: it goes to the address of the authorization server, and takes what the redirect
 * brings as if it had come to its own. A code is believed only with the state of this log-in and from the server that
 * was asked (RFC 9207); if anything is wrong nobody is logged in. */
#include "base/percent.h"
#include "crypto/token.h"
#include "formats/json.h"
#include "refvendor/ehmi.h"

#define REDIRECT_URI "https://refvendor.example.org/signed-in"
#define SCOPE "openid EDS user/AuditEvent.rs"
#define FORM "application/x-www-form-urlencoded"
#define MARGIN_MS INT64_C(10000) /* before its end a token is not used any more */

/* Lives as long as the vendor; only the latest one counts. */
struct rv_login {
  struct refvendor *v;
  struct str state, verifier, code;
  struct str query; /* what the user then wants to see; empty: nothing */
};

struct pair {
  const char *name;
  struct str value;
};

static bool is_over(const struct rv_login *l) {
  return l->v->ehmi.login != l;
}

static void fail(struct rv_login *l, struct str why) {
  rv_screen(l->v, "nobody is logged in: %.*s", STR_F(why));
  l->v->ehmi.login = NULL;
  if (l->v->ehmi.user_token.n && l->query.n) rv_status_show(l->v, l->query);
}

static struct str encoded(struct arena *a, const struct pair *pairs) {
  struct buf b;
  buf_init(&b, RV_TRIGGER_MAX);
  for (; pairs->name; pairs++) {
    buf_printf(&b, "%s%s=", b.n ? "&" : "", pairs->name);
    percent_encode(&b, pairs->value);
  }
  return buf_take(&b, a);
}

static void call(struct rv_login *l, const char *method, const char *url, struct str form, bool browser,
                 void (*done)(void *payload, const struct http_answer *an)) {
  struct fact accept = {STR("Accept"), browser ? STR("text/html") : STR("application/json")};
  struct http_identity nobody = {.ca = l->v->identity.ca};
  rv_call_out(l->v, &(struct http_call){.method = method,
                                        .url = url,
                                        .content_type = form.n ? FORM : NULL,
                                        .headers = &accept,
                                        .headers_n = 1,
                                        .body = form,
                                        .body_max = RV_EHMI_ANSWER_MAX,
                                        .identity = browser ? &nobody : NULL,
                                        .done = done,
                                        .payload = l});
}

/* ---- the code becomes a token ---- */

static void exchange(struct rv_login *l);

static struct str flaw(const struct node *json) {
  if (!http_header_valid(STR("Authorization"), node_text_at(json, "access_token")) ||
      !node_text_at(json, "access_token").n)
    return STR("the answer has no access_token");
  if (!str_eq_nocase(node_text_at(json, "token_type"), STR("Bearer"))) return STR("token_type is not Bearer");
  return (struct str){0};
}

static void keep(struct rv_login *l, const struct node *json) {
  struct refvendor *v = l->v;
  int64_t seconds;
  if (!str_int(node_text_at(json, "expires_in"), &seconds) || seconds < 0 || seconds > INT32_MAX) seconds = 0;
  v->ehmi.user_token = arena_str(v->arena, node_text_at(json, "access_token"));
  v->ehmi.user_until = clock_monotonic() + seconds * 1000 - MARGIN_MS;
  v->ehmi.login = NULL;
  rv_screen(v, "a user is logged in");
  if (rv_has(v, DEFECT_USER_CODE_TWICE)) exchange(l);
  if (l->query.n) rv_status_show(v, l->query);
}

static void on_token(void *payload, const struct http_answer *an) {
  struct rv_login *l = payload;
  struct arena *a = arena_new(0);
  const struct node *json = rv_json_of(a, an->body);
  struct str why = an->failure ? str_z(an->failure) : an->status != 200 ? rv_oauth_refusal(a, an, json) : flaw(json);
  if (is_over(l))
    ;
  else if (why.n)
    fail(l, why);
  else
    keep(l, json);
  arena_free(a);
}

static void exchange(struct rv_login *l) {
  struct arena *a = arena_new(0);
  struct str verifier = l->verifier;
  if (rv_has(l->v, DEFECT_USER_OTHER_VERIFIER)) verifier = arena_printf(a, "%.*s-", STR_F(verifier));
  const struct pair pairs[] = {
      {"grant_type", STR("authorization_code")}, {"code", l->code},           {"redirect_uri", STR(REDIRECT_URI)},
      {"client_id", l->v->o->client_id},         {"code_verifier", verifier}, {NULL, {0}}};
  call(l, "POST", arena_z(a, l->v->ehmi.token_endpoint), encoded(a, pairs), false, on_token);
  arena_free(a);
}

/* ---- the browser comes back ---- */

/* Empty if it is not there, or is there twice. */
static struct str parameter(struct arena *a, struct str query, const char *name) {
  struct str found = {0};
  size_t n = 0;
  while (query.n) {
    struct str value = str_cut(&query, '&'), key = str_cut(&value, '=');
    if (str_eqz(key, name)) n++, (void)percent_decode(&found, a, value);
  }
  return n == 1 ? found : (struct str){0};
}

static struct str location(struct str headers) {
  while (headers.n) {
    struct str value = str_cut(&headers, '\n'), name = str_cut(&value, ':');
    if (str_eq_nocase(str_trim(name), STR("Location"))) return str_trim(value);
  }
  return (struct str){0};
}

/* Why this redirect is not believed; empty if it is. */
static struct str doubt(const struct rv_login *l, struct arena *a, struct str query) {
  const struct refvendor *v = l->v;
  struct str iss = parameter(a, query, "iss"), error = parameter(a, query, "error");
  bool optional = rv_has(v, DEFECT_USER_ISS_OPTIONAL);
  if (!str_eq(parameter(a, query, "state"), l->state) && !rv_has(v, DEFECT_USER_NO_STATE_CHECK))
    return STR("the answer has the state of no log-in of ours");
  if (!iss.n && !optional) return STR("the answer does not say which server it is from");
  if (iss.n && !str_eqz(iss, v->o->auth) && !rv_has(v, DEFECT_USER_NO_ISS_CHECK))
    return STR("the answer is from another server than was asked");
  if (error.n) return arena_printf(a, "the server says %.*s", STR_F(error));
  return parameter(a, query, "code").n ? (struct str){0} : STR("the answer has no code");
}

static void on_browser(void *payload, const struct http_answer *an) {
  struct rv_login *l = payload;
  struct arena *a = arena_new(0);
  struct str to = location(an->headers), why = {0};
  if (is_over(l)) {
    arena_free(a);
    return;
  }
  struct str query = str_sub(to, strlen(REDIRECT_URI "?"), to.n);
  if (an->failure)
    why = str_z(an->failure);
  else if ((an->status != 302 && an->status != 303) || !str_starts(to, STR(REDIRECT_URI "?")))
    why = arena_printf(a, "the browser was not sent back (HTTP %d)", an->status);
  else
    why = doubt(l, a, query);
  if (why.n) {
    fail(l, why);
  } else {
    l->code = arena_str(l->v->arena, parameter(a, query, "code"));
    exchange(l);
  }
  arena_free(a);
}

/* ---- the request ---- */

static void browse(struct rv_login *l, const struct pair *pairs) {
  struct arena *a = arena_new(0);
  struct str base = l->v->ehmi.authorization_endpoint;
  call(l, "GET", arena_printf(a, "%.*s?%.*s", STR_F(base), STR_F(encoded(a, pairs))).p, (struct str){0}, true,
       on_browser);
  arena_free(a);
}

static void on_pushed(void *payload, const struct http_answer *an) {
  struct rv_login *l = payload;
  struct arena *a = arena_new(0);
  const struct node *json = rv_json_of(a, an->body);
  struct str uri = node_text_at(json, "request_uri");
  if (is_over(l))
    ;
  else if (an->status == 201 && uri.n)
    browse(l, (const struct pair[]){{"client_id", l->v->o->client_id}, {"request_uri", uri}, {NULL, {0}}});
  else
    fail(l, an->failure ? str_z(an->failure) : rv_oauth_refusal(a, an, json));
  arena_free(a);
}

static void push(struct rv_login *l) {
  struct refvendor *v = l->v;
  struct arena *a = arena_new(0);
  bool plain = rv_has(v, DEFECT_USER_PLAIN_CHALLENGE);
  const struct pair pairs[] = {{"response_type", STR("code")},
                               {"client_id", v->o->client_id},
                               {"redirect_uri", STR(REDIRECT_URI)},
                               {"scope", STR(SCOPE)},
                               {"state", l->state},
                               {"code_challenge", plain ? l->verifier : token_thumbprint(a, l->verifier)},
                               {"code_challenge_method", plain ? STR("plain") : STR("S256")},
                               {NULL, {0}}};
  if (rv_has(v, DEFECT_USER_NO_PAR))
    browse(l, pairs);
  else
    call(l, "POST", arena_z(a, v->ehmi.par_endpoint), encoded(a, pairs), false, on_pushed);
  arena_free(a);
}

static void on_addresses(void *payload, struct str why) {
  struct rv_login *l = payload;
  const struct rv_ehmi *e = &l->v->ehmi;
  if (is_over(l)) return;
  if (!why.n && (!e->par_endpoint.n || !e->authorization_endpoint.n)) why = STR("the server has no log-in for users");
  if (why.n)
    fail(l, why);
  else
    push(l);
}

/* Two of them are as long as RFC 7636 wants a verifier. */
static struct str secret(struct refvendor *v, bool constant) {
  struct str one = constant ? STR("00000000-0000-4000-8000-000000000000") : rv_id(v, v->arena);
  struct str two = constant ? one : rv_id(v, v->arena);
  return arena_printf(v->arena, "%.*s.%.*s", STR_F(one), STR_F(two));
}

static void log_in(struct refvendor *v, struct str query) {
  struct rv_login *l = ARENA_NEW(v->arena, struct rv_login);
  *l = (struct rv_login){.v = v,
                         .state = secret(v, rv_has(v, DEFECT_USER_SAME_STATE)),
                         .verifier = secret(v, rv_has(v, DEFECT_USER_SAME_VERIFIER)),
                         .query = query};
  v->ehmi.login = l;
  if (!rv_has(v, DEFECT_USER_KEEPS_TOKEN)) v->ehmi.user_token = (struct str){0};
  rv_discover(v, on_addresses, l);
}

/* ---- orders ---- */

/* The query of what the user wants to see; false after a refusal. */
static bool read_order(struct rv_call *c, struct str *query) {
  const struct node *find = node_child(c->json, "find");
  *query = find ? rv_status_query(c->v, c->v->arena, find) : (struct str){0};
  if (c->v->o->auth && c->v->o->eds) return true;
  rv_call_refuse(c, 400, STR("a user needs --auth URL and --eds URL"));
  return false;
}

void rv_user_log_in(struct rv_call *c) {
  struct str query;
  if (!read_order(c, &query)) return;
  log_in(c->v, query);
  c->status = 200;
}

void rv_user_status(struct rv_call *c) {
  struct str query;
  if (!read_order(c, &query)) return;
  if (c->v->ehmi.user_token.n && clock_monotonic() < c->v->ehmi.user_until)
    rv_status_show(c->v, query);
  else
    log_in(c->v, query);
  c->status = 200;
}
