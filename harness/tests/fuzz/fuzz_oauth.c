/* The authorization server and the guard. The first line says what the rest is: "enroll": an enrollment; "guard": the
 * header Authorization, query and Content-Type on a line each, and the body; else a request's method, with path, query,
 * Content-Type and Authorization on a line each, and the body. In a request "@uri@", "@code@" and "@refresh@" stand for
 * values that are good. It is answered, whatever it is; what is refused says why; and nothing secret is kept. */
#include <stdint.h>
#include <stdlib.h>

#include "crypto/certificate.h"
#include "endpoint/oauth.h"
#include "formats/json.h"

#define FUZZ_BODY_MAX ((size_t)1 << 16)
#define NOW INT64_C(1767603600000)
#define EVENTS_MAX 8
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define PUSHED                                                                                                         \
  "response_type=code&client_id=c&redirect_uri=https%3A%2F%2Fc.invalid%2F&state=1&code_challenge="                     \
  "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&scope=openid+EDS+user/AuditEvent.rs"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct server {
  struct arena *a;
  struct oauth_client client;
  struct oauth_user user;
  struct token_keys keys;
  struct oauth_setup setup;
  struct oauth_event events[EVENTS_MAX];
  size_t events_n, asked;
  struct str uri, code, refresh;
};

static void set_up(struct server *s) {
  const struct token_key *key;
  struct error e;
  s->client = (struct oauth_client){.client_id = STR("c"),
                                    .client_name = STR("C"),
                                    .subject_dn = STR("CN=c"),
                                    .grants = {true, true, true},
                                    .scope = STR("openid EDS system/AuditEvent.crs user/AuditEvent.rs"),
                                    .orgs_n = 1,
                                    .orgs = {{STR_INIT("A"), STR_INIT("1"), STR_INIT("2")}},
                                    .redirect_uris_n = 1,
                                    .redirect_uris = {STR_INIT("https://c.invalid/")},
                                    .device_id = STR("d")};
  s->user = (struct oauth_user){.id = STR("u"), .name = STR("U"), .cpr = STR("2512489996")};
  if (token_key_derive(&key, s->a, TOKEN_EDDSA, STR("fuzz"), &e) < 0) abort();
  VEC_PUSH(s->a, &s->keys, key);
  s->setup = (struct oauth_setup){&s->client, 1, &s->user, key, &s->keys, STR("seed")};
}

/* --- asking --- */

static bool holds(const struct facts *f, struct str secret) {
  for (size_t i = 0; secret.n && i < f->list.n; i++)
    if (str_find(f->list.v[i].value, secret, 0) != SIZE_MAX) return true;
  return false;
}

static bool plain(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < ' ' || s.p[i] > '~') return false;
  return true;
}

static void check_refusal(const struct oauth_answer *an) {
  if (!an->rule || !an->error || !an->issue.n || !an->da.n || !an->no_store) abort();
  if (an->event.issued.n || an->token_id.n) abort();
  if (an->status == 401 && !an->authenticate.n) abort();
}

static void check(const struct server *s, const struct oauth_answer *an, const struct facts *f) {
  if (an->status < 200 || an->status > 599 || an->status == 307) abort();
  if (an->rule || an->status >= 400) check_refusal(an);
  if (!plain(an->authenticate) || !plain(an->location)) abort();
  if (holds(f, s->code) || holds(f, s->refresh)) abort();
}

static struct oauth_answer ask(struct server *s, struct oauth_request q) {
  struct oauth_answer an;
  struct facts f;
  struct oauth_site site = {.setup = &s->setup,
                            .issuer = STR("https://as.invalid"),
                            .id = arena_printf(s->a, "%zu", s->asked++),
                            .now = NOW,
                            .events = s->events,
                            .events_n = s->events_n};
  q.tls = q.verified = true;
  q.subject = STR("CN=c");
  q.thumbprint = token_thumbprint(s->a, STR("certificate"));
  q.size = q.body.n;
  oauth_answer(&an, s->a, &q, &site);
  facts_init(&f, s->a);
  oauth_put_facts(&an, &q, &f);
  check(s, &an, &f);
  if (s->events_n < EVENTS_MAX && oauth_event_read(&s->events[s->events_n], &f)) s->events_n++;
  return an;
}

static struct oauth_answer post(struct server *s, const char *path, struct str form) {
  return ask(s, (struct oauth_request){.method = STR("POST"),
                                       .path = str_z(path),
                                       .content_type = STR("application/x-www-form-urlencoded"),
                                       .body = form});
}

static struct str member(struct server *s, struct str body, const char *name) {
  struct findings f;
  struct node *root;
  findings_init(&f, s->a);
  if (json_read(&root, s->a, (struct source){STR("answer"), body}, &f) < 0 || f.list.n) abort();
  return arena_str(s->a, node_text_at(root, name));
}

static struct str code_of(struct server *s) {
  s->uri = member(s, post(s, "/mtls/authorize/par", STR(PUSHED)).body, "request_uri");
  struct str query = arena_printf(s->a, "client_id=c&request_uri=%.*s", STR_F(s->uri));
  struct oauth_answer an =
      ask(s, (struct oauth_request){.method = STR("GET"), .path = STR("/authorize"), .query = query});
  struct str rest = an.location;
  (void)str_cut(&rest, '=');
  return str_cut(&rest, '&');
}

/* A refresh token, a code and a request_uri that are good. */
static void prepare(struct server *s) {
  struct str code = code_of(s);
  struct str form =
      arena_printf(s->a,
                   "grant_type=authorization_code&client_id=c&redirect_uri=https%%3A%%2F%%2Fc.invalid%%2F&"
                   "code_verifier=" VERIFIER "&code=%.*s",
                   STR_F(code));
  s->refresh = member(s, post(s, "/mtls/token", form).body, "refresh_token");
  s->code = code_of(s);
  s->uri = member(s, post(s, "/mtls/authorize/par", STR(PUSHED)).body, "request_uri");
  if (!s->refresh.n || !s->code.n || !s->uri.n) abort();
}

static struct str replaced(struct arena *a, struct str text, struct str what, struct str by) {
  struct buf b;
  buf_init(&b, FUZZ_BODY_MAX * 4);
  while (text.n) {
    size_t at = str_find(text, what, 0);
    buf_add(&b, str_sub(text, 0, at));
    if (at == SIZE_MAX) break;
    buf_add(&b, by);
    text = str_sub(text, at + what.n, text.n);
  }
  return buf_take(&b, a);
}

static struct str filled(struct server *s, struct str text) {
  text = replaced(s->a, text, STR("@uri@"), s->uri);
  text = replaced(s->a, text, STR("@code@"), s->code);
  return replaced(s->a, text, STR("@refresh@"), s->refresh);
}

static void request(struct arena *a, struct str method, struct str rest) {
  struct server s = {.a = a};
  struct oauth_request q = {.method = method};
  set_up(&s);
  prepare(&s);
  q.path = str_cut(&rest, '\n');
  q.query = filled(&s, str_cut(&rest, '\n'));
  q.content_type = str_cut(&rest, '\n');
  q.authorization = str_cut(&rest, '\n');
  q.body = filled(&s, rest);
  struct str kept = form_kept(a, q.body, oauth_secrets);
  bool form = str_find(q.body, STR("&refresh_token="), 0) != SIZE_MAX && str_find(q.body, s.refresh, 0) != SIZE_MAX;
  if (form && str_eq(kept, q.body)) abort();
  /* Secrets where none belong are kept as what they are: a path, a client's name. */
  s.code = s.refresh = (struct str){0};
  struct oauth_answer an = ask(&s, q);
  if (*an.content_type && an.status >= 400) (void)member(&s, an.body, "error");
}

/* --- the others --- */

static void enroll(struct arena *a, struct str text) {
  struct oauth_client c;
  struct findings f;
  findings_init(&f, a);
  int rc = oauth_enrollment_read(&c, a, (struct source){STR("client"), text}, &f);
  if ((rc < 0) != (findings_worst(&f) == (int)SEV_ERROR)) abort();
  if (rc == 0 && (!c.client_id.n || !c.scope.n || !certificate_subject_same(c.subject_dn, c.subject_dn))) abort();
}

static void guard(struct arena *a, struct str rest) {
  struct server s = {.a = a};
  struct guard_answer g;
  struct guard_request q = {.tls = true, .now = NOW, .thumbprint = token_thumbprint(a, STR("certificate"))};
  set_up(&s);
  struct guard_site site = {
      .keys = &s.keys, .issuer = STR("https://as.invalid"), .audience = STR("https://eds.ehmi.dk")};
  q.authorization = str_cut(&rest, '\n');
  q.query = str_cut(&rest, '\n');
  q.content_type = str_cut(&rest, '\n');
  q.body = rest;
  guard_check(&g, a, &q, &site, "AuditEvent.s");
  if (g.status != 200 && (!g.rule || !g.en.n || !g.da.n || !g.authenticate.n)) abort();
  if (g.status == 200 && !g.bound) abort();
  if (!plain(g.authenticate)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size > FUZZ_BODY_MAX) return 0;
  struct arena *a = arena_new(0);
  struct str rest = {(const char *)data, size}, first = str_cut(&rest, '\n');
  if (str_eqz(first, "enroll"))
    enroll(a, rest);
  else if (str_eqz(first, "guard"))
    guard(a, rest);
  else
    request(a, first, rest);
  arena_free(a);
  return 0;
}
