#include "tests/endpoint/oauth_desk.h"

#include "formats/json.h"

#include <criterion/criterion.h>

static const char *const enrollments[] = {
    "{\"token_endpoint_auth_method\":\"tls_client_auth\",\"grant_types\":[\"client_credentials\"],\"client_id\":"
    "\"sys\","
    "\"client_name\":\"EPJ 3\",\"scope\":\"EDS system/AuditEvent.crs EAS "
    "system/Organization.rs\",\"contacts\":[\"a@b\"],"
    "\"tls_client_auth_subject_dn\":\"" DESK_DN "\",\"ehmi:eer:device_id\":\"device-1\",\"ehmi:org_context\":["
    "{\"name\":\"Ward\",\"sor\":\"8888101000016009\",\"gln\":\"5790008888100\"},"
    "{\"name\":\"Other\",\"sor\":\"8888021000016001\",\"gln\":\"5790008888025\"}]}",
    "{\"token_endpoint_auth_method\":\"tls_client_auth\",\"grant_types\":[\"authorization_code\",\"refresh_token\"],"
    "\"client_id\":\"usr\",\"client_name\":\"Board\",\"scope\":\"openid EDS user/AuditEvent.rs\","
    "\"tls_client_auth_subject_dn\":\"" DESK_DN "\",\"redirect_uris\":[\"" DESK_REDIRECT "\","
    "\"https://client.invalid/other?x=1\"]}",
    "{\"token_endpoint_auth_method\":\"tls_client_auth\",\"grant_types\":[],\"client_id\":\"bare\",\"client_name\":"
    "\"B\","
    "\"scope\":\"EDS\",\"tls_client_auth_subject_dn\":\"" DESK_DN "\"}"};

static void enroll(struct desk *d, size_t i) {
  struct findings f;
  findings_init(&f, d->a);
  int rc = oauth_enrollment_read(&d->clients[i], d->a, (struct source){STR("client"), str_z(enrollments[i])}, &f);
  cr_assert_eq(rc, 0, "%.*s", STR_F(f.list.v[0].en));
}

void desk_open(struct desk *d) {
  struct error e;
  const struct token_key *key;
  *d = (struct desk){.a = arena_new(0), .now = DESK_NOW, .subject = DESK_DN};
  for (size_t i = 0; i < 3; i++) enroll(d, i);
  cr_assert_eq(token_key_derive(&key, d->a, TOKEN_EDDSA, STR("7"), &e), 0, "%s", e.text);
  VEC_PUSH(d->a, &d->keys, key);
  d->user = (struct oauth_user){.id = STR("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"),
                                .name = STR("Test Bruger"),
                                .cpr = STR("2512489996"),
                                .cvr = STR("12345678"),
                                .org_name = STR("Region Test"),
                                .priv = STR("urn:dk:test:supporter")};
  d->setup = (struct oauth_setup){
      .clients = d->clients, .clients_n = 3, .user = &d->user, .key = key, .keys = &d->keys, .seed = STR("7")};
  d->thumbprint = token_thumbprint(d->a, STR("the certificate"));
}

void desk_close(struct desk *d) {
  arena_free(d->a);
}

void desk_ask(struct desk *d, struct oauth_request q) {
  struct oauth_site site = {.setup = &d->setup,
                            .profile = d->profile,
                            .issuer = STR(DESK_ISSUER),
                            .id = arena_printf(d->a, "request-%zu", d->facts_n),
                            .now = d->now,
                            .events = d->events,
                            .events_n = d->events_n,
                            .wrong = d->wrong};
  struct facts *f = &d->facts[d->facts_n];
  cr_assert_lt(d->facts_n, DESK_EVENTS_MAX);
  q.tls = !d->plain;
  q.verified = true;
  q.subject = str_z(d->subject);
  q.thumbprint = d->thumbprint;
  if (!q.size) q.size = q.body.n;
  oauth_answer(&d->answer, d->a, &q, &site);
  facts_init(f, d->a);
  oauth_put_facts(&d->answer, &q, f);
  d->facts_n++;
  if (oauth_event_read(&d->events[d->events_n], f)) d->events_n++;
}

void desk_post(struct desk *d, const char *path, const char *form) {
  desk_ask(d, (struct oauth_request){.method = STR("POST"),
                                     .path = str_z(path),
                                     .content_type = STR("application/x-www-form-urlencoded"),
                                     .body = str_z(form)});
}

void desk_get(struct desk *d, const char *path, const char *query) {
  desk_ask(d, (struct oauth_request){.method = STR("GET"), .path = str_z(path), .query = str_z(query)});
}

static const struct node *body_of(struct desk *d) {
  struct findings f;
  struct node *root;
  findings_init(&f, d->a);
  cr_assert_eq(json_read(&root, d->a, (struct source){STR("answer"), d->answer.body}, &f), 0, "%.*s",
               STR_F(d->answer.body));
  return root;
}

struct str desk_says(struct desk *d, const char *member) {
  return node_text_at(body_of(d), member);
}

const struct node *desk_claims(struct desk *d, const char *member) {
  struct findings f;
  struct token t;
  findings_init(&f, d->a);
  struct str token = desk_says(d, member);
  cr_assert_eq(token_verify(&t, d->a, token, &d->keys, &f), 0, "%s: %.*s", member, STR_F(d->answer.body));
  return t.claims;
}

struct str desk_fact(const struct desk *d, const char *name) {
  return facts_get(&d->facts[d->facts_n - 1], name);
}

struct str desk_redirected(struct desk *d, const char *name) {
  struct form form;
  struct str query = d->answer.location;
  cr_assert_eq(d->answer.status, 302, "%.*s", STR_F(d->answer.issue));
  (void)str_cut(&query, '?');
  form_read(&form, d->a, query);
  const struct str *v = form_get(&form, name);
  return v ? *v : (struct str){0};
}

void desk_expect_refusal(struct desk *d, const char *what, int status, const char *error, const char *rule) {
  const struct oauth_answer *an = &d->answer;
  cr_assert_not_null(an->rule, "%s: answered %d %.*s", what, an->status, STR_F(an->body));
  cr_expect_str_eq(an->rule->id, rule, "%s: %s", what, an->rule->id);
  cr_expect_eq(an->status, status, "%s: %d", what, an->status);
  cr_expect_str_eq(an->error, error, "%s: %s", what, an->error);
  cr_expect(an->issue.n && an->da.n && an->no_store, "%s", what);
  cr_expect(str_eqz(desk_fact(d, "oauth.rule"), rule), "%s", what);
  cr_expect(!an->token_id.n && !an->event.issued.n, "%s: something was given out", what);
  if (status == 401) cr_expect_gt(an->authenticate.n, 0, "%s", what);
  if (an->body.n) cr_expect(str_eqz(desk_says(d, "error"), error), "%s: %.*s", what, STR_F(an->body));
}
