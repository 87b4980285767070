/* Wrong answers given on purpose: each differs from the right one in just what its row says. */
#include "base/percent.h"
#include "tests/endpoint/oauth_desk.h"

#include <criterion/criterion.h>

#define SYSTEM_FORM "grant_type=client_credentials&client_id=sys&scope=EDS+system%2FAuditEvent.crs"
#define PUSHED_FORM                                                                                                    \
  "response_type=code&client_id=usr&redirect_uri=https%3A%2F%2Fclient.invalid%2Fback&state=s1&code_challenge="         \
  "" DESK_CHALLENGE "&code_challenge_method=S256&scope=openid+EDS+user%2FAuditEvent.rs"

static struct desk d;

static void set_up(void) {
  desk_open(&d);
}

static void tear_down(void) {
  desk_close(&d);
}

TestSuite(oauth_wrong, .init = set_up, .fini = tear_down);

static void choose(const char *name) {
  d.wrong = oauth_wrong_find(str_z(name));
  cr_assert_not_null(d.wrong, "%s", name);
}

static void expect_given(const char *name) {
  cr_expect(str_eqz(desk_fact(&d, "oauth.wrong"), name), "%s: %.*s", name, STR_F(desk_fact(&d, "oauth.wrong")));
}

static struct guard_answer judged(void) {
  struct guard_answer g;
  struct str token = desk_says(&d, "access_token");
  struct guard_site site = {.keys = &d.keys, .issuer = STR(DESK_ISSUER), .audience = STR("https://eds.ehmi.dk")};
  struct guard_request q = {.authorization = arena_printf(d.a, "Bearer %.*s", STR_F(token)),
                            .tls = true,
                            .thumbprint = d.thumbprint,
                            .now = d.now};
  guard_check(&g, d.a, &q, &site, "system/AuditEvent.c");
  return g;
}

Test(oauth_wrong, each_wrong_token_is_one_that_our_servers_refuse) {
  static const struct {
    const char *name, *rule; /* NULL: they take it */
  } rows[] = {
      {"expired-token", "guard.expired"},         {"short-token", NULL},      {"wrong-audience", "guard.audience"},
      {"wrong-certificate", "guard.certificate"}, {"alg-rs256", "token.alg"}, {"alg-none", "token.alg.none"},
      {"bad-signature", "token.signature"},       {"token-type", NULL},       {"slow", NULL}};
  struct error e;
  const struct token_key *rsa;
  cr_assert_eq(token_key_new(&rsa, d.a, TOKEN_PS256, &e), 0, "%s", e.text);
  VEC_PUSH(d.a, &d.keys, rsa);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    choose(rows[i].name);
    desk_post(&d, "/mtls/token", SYSTEM_FORM);
    cr_assert_eq(d.answer.status, 200, "%s: %.*s", rows[i].name, STR_F(d.answer.issue));
    expect_given(rows[i].name);
    struct guard_answer g = judged();
    cr_expect_eq(g.status, rows[i].rule ? 401 : 200, "%s: %.*s", rows[i].name, STR_F(g.en));
    if (rows[i].rule && g.rule) cr_expect_str_eq(g.rule->id, rows[i].rule, "%s: %s", rows[i].name, g.rule->id);
  }
}

Test(oauth_wrong, rs256_without_a_key_of_rsa_is_our_failure) {
  choose("alg-rs256");
  desk_post(&d, "/mtls/token", SYSTEM_FORM);
  desk_expect_refusal(&d, "no key", 500, "server_error", "oauth.broken");
}

Test(oauth_wrong, a_short_token_ends_after_five_seconds) {
  choose("short-token");
  desk_post(&d, "/mtls/token", SYSTEM_FORM);
  cr_expect(str_eqz(desk_says(&d, "expires_in"), "5"));
  d.now += 5000;
  struct guard_answer g = judged();
  cr_expect_eq(g.status, 401);
}

Test(oauth_wrong, less_scope_is_granted_and_said) {
  choose("reduced-scope");
  desk_post(&d, "/mtls/token", SYSTEM_FORM);
  expect_given("reduced-scope");
  cr_expect(str_eqz(desk_says(&d, "scope"), "EDS system/AuditEvent.rs"));
  cr_expect(str_eqz(desk_fact(&d, "oauth.scope"), "EDS system/AuditEvent.crs"));
  cr_expect(str_eqz(desk_fact(&d, "oauth.granted"), "EDS system/AuditEvent.rs"));
  cr_expect(str_eqz(node_text_at(desk_claims(&d, "access_token"), "scope"), "EDS system/AuditEvent.rs"));
}

Test(oauth_wrong, the_metadata_are_wrong_in_one_thing) {
  choose("wrong-issuer");
  desk_get(&d, "/.well-known/openid-configuration", "");
  cr_expect(str_eqz(desk_says(&d, "issuer"), DESK_ISSUER "/another"));
  cr_expect(str_eqz(desk_says(&d, "token_endpoint"), DESK_ISSUER "/token"));
  choose("no-alias");
  desk_get(&d, "/.well-known/openid-configuration", "");
  expect_given("no-alias");
  cr_expect(str_eqz(desk_says(&d, "issuer"), DESK_ISSUER));
  cr_expect_eq(desk_says(&d, "mtls_endpoint_aliases.token_endpoint").n, 0);
  d.wrong = NULL;
  desk_post(&d, "/token", SYSTEM_FORM);
  cr_expect_eq(d.answer.status, 200, "who was told of no alias uses the address itself");
}

static void authorize(void) {
  struct buf b;
  buf_init(&b, 1000);
  desk_post(&d, "/mtls/authorize/par", PUSHED_FORM);
  buf_addz(&b, "client_id=usr&request_uri=");
  percent_encode(&b, desk_says(&d, "request_uri"));
  desk_get(&d, "/authorize", buf_take(&b, d.a).p);
}

Test(oauth_wrong, the_redirect_is_wrong_in_one_thing) {
  static const struct {
    const char *name, *state, *iss;
  } rows[] = {{"wrong-state", NULL, DESK_ISSUER},
              {"wrong-iss", "s1", DESK_ISSUER "/another"},
              {"no-iss", "s1", ""},
              {"replayed-code", "s1", DESK_ISSUER}};
  authorize();
  struct str first = desk_redirected(&d, "code");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    choose(rows[i].name);
    authorize();
    expect_given(rows[i].name);
    struct str state = desk_redirected(&d, "state"), iss = desk_redirected(&d, "iss");
    cr_expect(rows[i].state ? str_eqz(state, rows[i].state) : !str_eqz(state, "s1"), "%s", rows[i].name);
    cr_expect(str_eqz(iss, rows[i].iss), "%s: %.*s", rows[i].name, STR_F(iss));
    bool again = str_eq(desk_redirected(&d, "code"), first);
    cr_expect_eq(again, d.wrong->kind == OAUTH_WRONG_CODE, "%s", rows[i].name);
  }
}

Test(oauth_wrong, without_an_earlier_code_none_is_replayed) {
  choose("replayed-code");
  authorize();
  cr_expect_gt(desk_redirected(&d, "code").n, 0);
  expect_given("");
}

Test(oauth_wrong, it_is_down_or_slow) {
  choose("unavailable");
  desk_post(&d, "/mtls/token", SYSTEM_FORM);
  desk_expect_refusal(&d, "503", 503, "temporarily_unavailable", "oauth.wrong");
  desk_get(&d, "/jwks", "");
  cr_expect_eq(d.answer.status, 200, "only tokens are not to be had");
  choose("broken");
  desk_post(&d, "/mtls/token", SYSTEM_FORM);
  desk_expect_refusal(&d, "500", 500, "server_error", "oauth.wrong");
  choose("slow");
  desk_post(&d, "/mtls/token", SYSTEM_FORM);
  cr_expect_eq(d.answer.delay_ms, OAUTH_SLOW_MS);
}

Test(oauth_wrong, each_row_stands_at_its_kind_and_has_its_texts) {
  for (size_t i = 0; i < OAUTH_WRONGS_N; i++) {
    const struct oauth_wrong *w = &oauth_wrongs[i];
    cr_expect_eq((size_t)w->kind, i, "%s", w->name);
    cr_expect(*w->en && *w->da && *w->alters, "%s", w->name);
    cr_expect_eq(oauth_wrong_find(str_z(w->name)), w);
  }
  cr_expect_null(oauth_wrong_find(STR("right")));
}
