/* The authorization server over HTTP and TLS: answered after it is stored, by who came with which certificate. */
#include "base/clock.h"
#include "crypto/certificate.h"
#include "endpoint/endpoint.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "tests/endpoint/oauth_desk.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define DAY INT64_C(86400000)
#define WAIT_MS INT64_C(20000)
#define EVENTS_MAX 16
#define SYSTEM_FORM "grant_type=client_credentials&client_id=sys&scope=EDS+system%2FAuditEvent.crs"

/* A run in small: it keeps the facts of what came, decides, and accepts. */
struct counter {
  struct desk desk;
  struct loop *loop;
  struct http_client *client;
  struct endpoint *endpoint;
  struct http_identity identity;
  struct facts facts[EVENTS_MAX];
  const struct facts *earlier[EVENTS_MAX];
  size_t arrivals, answers;
  struct str body_kept;
  const struct facts *again;
  struct str wrong;
  int code;
  struct str type, body, headers, failure;
};

static struct counter c;

static void on_received(void *context, const struct endpoint_arrival *arrival) {
  struct endpoint_arrival in = *arrival;
  struct arena *a = c.desk.a;
  (void)context;
  cr_assert_lt(c.arrivals, EVENTS_MAX);
  c.body_kept = arena_str(a, in.body);
  struct endpoint_decision d = {.new_id = arena_printf(a, "id-%zu", c.arrivals),
                                .now = c.desk.now,
                                .wrong = c.wrong,
                                .again = c.again,
                                .earlier = c.earlier,
                                .earlier_n = c.arrivals,
                                .arena = a};
  endpoint_decide(c.endpoint, &in, &d);
  struct facts *kept = &c.facts[c.arrivals];
  facts_init(kept, a);
  for (size_t i = 0; i < in.facts->list.n; i++) facts_put(kept, in.facts->list.v[i].name, in.facts->list.v[i].value);
  c.earlier[c.arrivals++] = kept;
  endpoint_accept(c.endpoint, in.handle, STR("m1"));
}

static void on_sent(void *context, struct str message, const struct endpoint_result *r) {
  (void)context, (void)message, (void)r;
}

static void open_counter(const struct http_tls *tls) {
  struct error e;
  c = (struct counter){.client = NULL};
  desk_open(&c.desk);
  cr_assert_eq(loop_open(&c.loop, &e), 0, "%s", e.text);
  cr_assert_eq(http_client_open(&c.client, c.loop, &e), 0, "%s", e.text);
  struct endpoint_config config = {.kind = STR("authorization"),
                                   .system = STR("EPJ"),
                                   .role = STR("as"),
                                   .listen = "127.0.0.1:0",
                                   .address = "",
                                   .folder_to = "",
                                   .folder_from = "",
                                   .spool_dir = TEST_BIN,
                                   .oauth = &c.desk.setup,
                                   .tls = tls};
  struct endpoint_events ev = {.received = on_received, .sent = on_sent};
  cr_assert_eq(endpoint_open(&c.endpoint, c.loop, &config, &ev, &e), 0, "%s", e.text);
}

static void close_counter(void) {
  endpoint_close(c.endpoint);
  http_client_close(c.client);
  loop_close(c.loop);
  desk_close(&c.desk);
}

static void on_answer(void *payload, const struct http_answer *an) {
  struct arena *a = c.desk.a;
  (void)payload;
  c.code = an->status;
  c.type = arena_str(a, an->content_type);
  c.body = arena_str(a, an->body);
  c.headers = arena_str(a, an->headers);
  c.failure = arena_str(a, str_z(an->failure));
  c.answers++;
}

static void ask_url(const char *method, struct str url, const char *body) {
  size_t before = c.answers;
  int64_t until = clock_monotonic() + WAIT_MS;
  http_call(c.client, &(struct http_call){.method = method,
                                          .url = url.p,
                                          .content_type = *body ? "application/x-www-form-urlencoded" : NULL,
                                          .body = str_z(body),
                                          .identity = c.identity.ca.n ? &c.identity : NULL,
                                          .done = on_answer});
  while (c.answers == before && clock_monotonic() < until) loop_turn(c.loop, 50);
  cr_assert_eq(c.answers, before + 1, "no answer");
}

static void ask(const char *method, const char *path, const char *body) {
  ask_url(method, arena_printf(c.desk.a, "%s%s", endpoint_address(c.endpoint), path), body);
}

static struct str fact(const char *name) {
  return facts_get(&c.facts[c.arrivals - 1], name);
}

static bool has_header(const char *line) {
  return str_find(c.headers, str_z(line), 0) != SIZE_MAX;
}

Test(authorization, a_token_over_plain_http) {
  open_counter(NULL);
  ask("POST", "/mtls/token", SYSTEM_FORM);
  cr_assert_eq(c.code, 200, "%.*s", STR_F(c.body));
  cr_expect(str_eqz(c.type, "application/json"));
  cr_expect(has_header("Cache-Control: no-store") && has_header("Pragma: no-cache"), "%.*s", STR_F(c.headers));
  cr_expect(str_eqz(fact("oauth.request"), "token") && str_eqz(fact("http.status"), "200"));
  cr_expect(str_eqz(fact("oauth.bound"), "no"));
  cr_expect(str_eqz(c.body_kept, SYSTEM_FORM));
  ask("POST", "/mtls/token", "grant_type=client_credentials&client_id=x&scope=EDS");
  cr_expect_eq(c.code, 401);
  cr_expect(has_header("WWW-Authenticate: Bearer realm=\"testcamp\", error=\"invalid_client\""), "%.*s",
            STR_F(c.headers));
  ask("PUT", "/mtls/token", "x");
  cr_expect_eq(c.code, 405);
  cr_expect(has_header("Allow: POST"));
  close_counter();
}

Test(authorization, the_metadata_are_at_both_addresses) {
  open_counter(NULL);
  struct str address = str_z(endpoint_address(c.endpoint));
  ask("GET", "/.well-known/openid-configuration", "");
  cr_assert_eq(c.code, 200);
  struct str one = c.body;
  size_t path = str_find(address, STR("/EPJ"), 0);
  if (path == SIZE_MAX) path = str_find(address, STR("/epj"), 0);
  ask_url("GET",
          arena_printf(c.desk.a, "%.*s/.well-known/oauth-authorization-server%.*s", STR_F(str_sub(address, 0, path)),
                       STR_F(str_sub(address, path, address.n))),
          "");
  cr_assert_eq(c.code, 200, "%.*s", STR_F(c.body));
  cr_expect(str_eq(one, c.body));
  struct str issuer = arena_printf(c.desk.a, "\"issuer\": \"%.*s\"", STR_F(address));
  cr_expect_neq(str_find(one, issuer, 0), SIZE_MAX, "%.*s", STR_F(one));
  close_counter();
}

Test(authorization, a_redirect_and_a_wrong_one) {
  open_counter(NULL);
  ask("POST", "/mtls/authorize/par",
      "response_type=code&client_id=usr&redirect_uri=https%3A%2F%2Fclient.invalid%2Fback&state=s1&code_challenge="
      "" DESK_CHALLENGE "&code_challenge_method=S256&scope=openid+EDS+user%2FAuditEvent.rs");
  cr_assert_eq(c.code, 201, "%.*s", STR_F(c.body));
  size_t from = str_find(c.body, STR("urn:ietf"), 0);
  struct str uri = str_sub(c.body, from, c.body.n);
  uri = str_cut(&uri, '"');
  c.wrong = STR("wrong-state");
  ask("GET", arena_printf(c.desk.a, "/authorize?client_id=usr&request_uri=%.*s", STR_F(uri)).p, "");
  cr_assert_eq(c.code, 302, "%.*s", STR_F(c.body));
  cr_expect(has_header("Location: " DESK_REDIRECT "?code="), "%.*s", STR_F(c.headers));
  cr_expect_not(has_header("state=s1"));
  cr_expect(str_eqz(fact("oauth.wrong"), "wrong-state"));
  close_counter();
}

/* A crash of ours cut the answer off, and the request comes again. */
Test(authorization, what_comes_again_is_answered_as_it_was) {
  open_counter(NULL);
  ask("POST", "/mtls/token", SYSTEM_FORM);
  struct str first = c.body;
  c.desk.now += 5000;
  c.again = c.earlier[0];
  ask("POST", "/mtls/token", SYSTEM_FORM);
  cr_expect(str_eq(c.body, first));
  c.again = NULL;
  ask("POST", "/mtls/token", SYSTEM_FORM);
  cr_expect_not(str_eq(c.body, first));
  close_counter();
}

Test(authorization, without_keys_it_does_not_open) {
  struct endpoint *ep;
  struct error e;
  struct endpoint_config config = {.kind = STR("authorization"), .system = STR("a"), .role = STR("b")};
  struct endpoint_events ev = {.received = on_received};
  cr_expect_lt(endpoint_open(&ep, NULL, &config, &ev, &e), 0);
  cr_expect_neq(str_find(str_z(e.text), STR("key to sign with"), 0), SIZE_MAX);
}

/* --- with certificates --- */

struct pki {
  struct certificate_pair ca, other_ca, server, client, stranger, rogue;
};

static struct certificate_pair issued(struct arena *a, enum certificate_kind kind, const char *name,
                                      const struct certificate_pair *issuer) {
  static uint64_t serial = 1;
  static const struct str host = STR_INIT("127.0.0.1");
  struct certificate_pair out;
  struct error e;
  struct certificate_plan plan = {.kind = kind,
                                  .common_name = str_z(name),
                                  .organisation = STR("Region Test"),
                                  .organisation_id = STR("NTRDK-12345678"),
                                  .names = &host,
                                  .names_n = kind == CERTIFICATE_OF_SERVER,
                                  .serial = serial++,
                                  .from = clock_wall() - DAY,
                                  .until = clock_wall() + DAY,
                                  .issuer = issuer};
  cr_assert_eq(certificate_make(&out, a, &plan, &e), 0, "%s", e.text);
  return out;
}

static struct pki pki_make(struct arena *a) {
  struct pki p = {.ca = issued(a, CERTIFICATE_OF_AUTHORITY, "Test CA", NULL),
                  .other_ca = issued(a, CERTIFICATE_OF_AUTHORITY, "Rogue CA", NULL)};
  p.server = issued(a, CERTIFICATE_OF_SERVER, "AS", &p.ca);
  p.client = issued(a, CERTIFICATE_OF_SYSTEM, "EPJ 3", &p.ca);
  p.stranger = issued(a, CERTIFICATE_OF_SYSTEM, "EPJ 4", &p.ca);
  p.rogue = issued(a, CERTIFICATE_OF_SYSTEM, "EPJ 3", &p.other_ca);
  return p;
}

static void come_with(const struct pki *p, const struct certificate_pair *who) {
  c.identity = (struct http_identity){.ca = p->ca.certificate};
  if (who) c.identity.cert = who->certificate;
  if (who) c.identity.key = who->key;
}

static struct certificate described(const struct certificate_pair *p) {
  struct certificates list;
  struct error e;
  cr_assert_eq(certificates_read(&list, c.desk.a, p->certificate, &e), 0, "%s", e.text);
  return list.v[0];
}

static void expect_refused(const char *rule) {
  ask("POST", "/mtls/token", SYSTEM_FORM);
  cr_expect_eq(c.code, 401, "%s: %d %.*s", rule, c.code, STR_F(c.body));
  cr_expect(str_eqz(fact("oauth.rule"), rule), "%s: %.*s", rule, STR_F(fact("oauth.rule")));
}

Test(authorization, over_tls_the_token_is_bound_to_the_certificate) {
  struct arena *a = arena_new(0);
  struct pki p = pki_make(a);
  struct http_tls tls = {.certificate = p.server.certificate,
                         .key = p.server.key,
                         .authorities = p.ca.certificate,
                         .clients = HTTP_CLIENTS_ASKED};
  open_counter(&tls);
  struct certificate mine = described(&p.client);
  c.desk.clients[DESK_SYSTEM].subject_dn = mine.subject;
  come_with(&p, &p.client);
  ask("POST", "/mtls/token", SYSTEM_FORM);
  cr_assert_eq(c.code, 200, "%.*s %.*s", STR_F(c.failure), STR_F(c.body));
  cr_expect(str_eqz(fact("oauth.bound"), "yes"));
  cr_expect(str_eq(fact("oauth.thumbprint"), mine.thumbprint));
  c.desk.answer.body = c.body;
  const struct node *claims = desk_claims(&c.desk, "access_token");
  cr_expect(str_eq(node_text_at(node_child(claims, "cnf"), "x5t#S256"), mine.thumbprint));
  cr_expect(str_eqz(node_text_at(claims, "cvr"), "12345678"), "%.*s", STR_F(mine.subject));
  come_with(&p, &p.stranger);
  expect_refused("oauth.certificate.subject");
  come_with(&p, &p.rogue);
  expect_refused("oauth.certificate.untrusted");
  come_with(&p, NULL);
  expect_refused("oauth.certificate.missing");
  close_counter();
  arena_free(a);
}
