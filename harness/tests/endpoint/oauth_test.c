/* The authorization server as a function: what it gives out, and why it refuses. */
#include "base/percent.h"
#include "tests/endpoint/oauth_desk.h"

#include <criterion/criterion.h>

#define ORG " SOR:8888101000016009 GLN:5790008888100"
#define ORG_FORM "+SOR%3A8888101000016009+GLN%3A5790008888100"
#define SYSTEM_SCOPE "EDS system/AuditEvent.crs"
#define SYSTEM_FORM "grant_type=client_credentials&client_id=sys&scope=EDS+system%2FAuditEvent.crs"
#define PUSHED(rest)                                                                                                   \
  "response_type=code&client_id=usr&redirect_uri=https%3A%2F%2Fclient.invalid%2Fback&state=s+1&code_challenge="        \
  "" DESK_CHALLENGE "&code_challenge_method=S256" rest
#define USER_SCOPE "&scope=openid+EDS+user%2FAuditEvent.rs"

static struct desk d;

static void set_up(void) {
  desk_open(&d);
}

static void tear_down(void) {
  desk_close(&d);
}

TestSuite(oauth, .init = set_up, .fini = tear_down);

/* --- client credentials --- */

Test(oauth, a_system_gets_a_token_that_the_guard_takes) {
  struct guard_answer g;
  desk_post(&d, "/mtls/token", SYSTEM_FORM ORG_FORM);
  cr_assert_eq(d.answer.status, 200, "%.*s", STR_F(d.answer.issue));
  cr_expect(d.answer.no_store && d.answer.bound && !d.answer.noted);
  cr_expect(str_eqz(desk_says(&d, "token_type"), "Bearer"));
  cr_expect(str_eqz(desk_says(&d, "expires_in"), "300"));
  cr_expect(str_eqz(desk_says(&d, "scope"), SYSTEM_SCOPE ORG));
  cr_expect_eq(desk_says(&d, "refresh_token").n, 0);
  struct str token = desk_says(&d, "access_token");
  struct guard_site site = {.keys = &d.keys, .issuer = STR(DESK_ISSUER), .audience = STR("https://eds.ehmi.dk")};
  struct guard_request q = {.authorization = arena_printf(d.a, "Bearer %.*s", STR_F(token)),
                            .tls = true,
                            .thumbprint = d.thumbprint,
                            .now = d.now};
  guard_check(&g, d.a, &q, &site, "system/AuditEvent.c");
  cr_assert_eq(g.status, 200, "%.*s", STR_F(g.en));
  cr_expect(g.bound);
  guard_check_party(&g, d.a, &(struct guard_party){STR("8888101000016009"), STR("5790008888100")}, 1, STR("device-1"));
  cr_expect_eq(g.status, 200, "%.*s", STR_F(g.en));
  cr_expect(str_eq(g.claims.token_id, d.answer.token_id));
}

Test(oauth, the_token_says_what_ehmi_lists) {
  static const char *const rows[][2] = {{"iss", DESK_ISSUER},
                                        {"aud", "https://eds.ehmi.dk"},
                                        {"acr", "urn:dk:healthcare:loa:3"},
                                        {"iss_policy", "urn:dk:ehmi:policy:fapi-strict"},
                                        {"cvr", "12345678"},
                                        {"org_name", "Region Test"},
                                        {"iat", "1767603600"},
                                        {"exp", "1767603900"},
                                        {"auth_time", "1767603600"},
                                        {"scope", SYSTEM_SCOPE ORG},
                                        {"client_id", "sys"},
                                        {"ehmi:eer:device_id", "device-1"},
                                        {"cpr", ""},
                                        {"priv", ""}};
  desk_post(&d, "/mtls/token", SYSTEM_FORM ORG_FORM);
  const struct node *claims = desk_claims(&d, "access_token");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const struct node *n = node_child(claims, rows[i][0]);
    struct str got = n ? n->text : (struct str){0};
    cr_expect(str_eqz(got, rows[i][1]), "%s: %.*s", rows[i][0], STR_F(got));
  }
  struct str sub = node_child(claims, "sub")->text;
  cr_expect(str_starts(sub, STR("urn:dk:healthcare:eid:uuid:persistent:system:")));
  cr_expect(str_eq(node_child(node_child(claims, "cnf"), "x5t#S256")->text, d.thumbprint));
  const struct node *org = node_child(claims, "ehmi:org_context");
  cr_expect(str_eqz(node_text_at(org, "name"), "Ward") && str_eqz(node_text_at(org, "sor"), "8888101000016009"));
}

Test(oauth, without_an_organisation_the_token_speaks_for_none) {
  desk_post(&d, "/mtls/token", "grant_type=client_credentials&client_id=sys&scope=EAS+system%2FOrganization.rs");
  const struct node *claims = desk_claims(&d, "access_token");
  cr_expect_null(node_child(claims, "ehmi:org_context"));
  cr_expect_null(node_child(claims, "ehmi:eer:device_id"));
  cr_expect(str_eqz(node_child(claims, "aud")->text, "https://eas.ehmi.dk"));
}

Test(oauth, each_mistake_of_a_token_request_has_its_error) {
  static const struct {
    const char *what, *form;
    int status;
    const char *error, *rule;
  } rows[] = {
      {"nothing", "", 400, "invalid_request", "oauth.parameter.missing"},
      {"no client", "grant_type=client_credentials&scope=EDS", 400, "invalid_request", "oauth.parameter.missing"},
      {"unknown client", "grant_type=client_credentials&scope=EDS&client_id=x", 401, "invalid_client",
       "oauth.client.unknown"},
      {"no grant", "client_id=sys&scope=EDS", 400, "invalid_request", "oauth.parameter.missing"},
      {"password", "client_id=sys&grant_type=password", 400, "unsupported_grant_type", "oauth.grant"},
      {"grant twice", "client_id=sys&grant_type=client_credentials&grant_type=refresh_token", 400, "invalid_request",
       "oauth.parameter.repeated"},
      {"not its grant", "client_id=bare&grant_type=client_credentials&scope=EDS", 400, "unauthorized_client",
       "oauth.grant.unregistered"},
      {"a user's grant", "client_id=sys&grant_type=authorization_code", 400, "unauthorized_client",
       "oauth.grant.unregistered"},
      {"no scope", "client_id=sys&grant_type=client_credentials", 400, "invalid_request", "oauth.parameter.missing"},
      {"empty scope", "client_id=sys&grant_type=client_credentials&scope=", 400, "invalid_request",
       "oauth.parameter.missing"},
      {"scope twice", SYSTEM_FORM "&scope=EAS", 400, "invalid_request", "oauth.parameter.repeated"},
      {"a secret", SYSTEM_FORM "&client_secret=x", 401, "invalid_client", "oauth.secret"},
      {"an assertion", SYSTEM_FORM "&client_assertion=x", 401, "invalid_client", "oauth.secret"},
      {"no escape", SYSTEM_FORM "%2", 400, "invalid_request", "oauth.form"},
      {"no UTF-8", SYSTEM_FORM "%FF", 400, "invalid_request", "oauth.form"},
      {"not its permission", "grant_type=client_credentials&client_id=sys&scope=EDS+system/AuditEvent.crsu", 400,
       "invalid_scope", "oauth.scope"},
      {"not its service", "grant_type=client_credentials&client_id=sys&scope=EER+system/AuditEvent.crs", 400,
       "invalid_scope", "oauth.scope"},
      {"no service", "grant_type=client_credentials&client_id=sys&scope=system/AuditEvent.crs", 400, "invalid_scope",
       "oauth.scope.service"},
      {"two services", "grant_type=client_credentials&client_id=sys&scope=EDS+EAS+system/AuditEvent.crs", 400,
       "invalid_scope", "oauth.scope.service"},
      {"no permission", "grant_type=client_credentials&client_id=sys&scope=EDS", 400, "invalid_scope",
       "oauth.scope.permission"},
      {"only SOR", SYSTEM_FORM "+SOR:8888101000016009", 400, "invalid_scope", "oauth.org-context.half"},
      {"only GLN", SYSTEM_FORM "+GLN:5790008888100", 400, "invalid_scope", "oauth.org-context.half"},
      {"two", SYSTEM_FORM ORG_FORM "+SOR:8888021000016001+GLN:5790008888025", 400, "invalid_scope",
       "oauth.org-context.several"},
      {"SOR of one, GLN of the other", SYSTEM_FORM "+SOR:8888101000016009+GLN:5790008888025", 400, "invalid_scope",
       "oauth.org-context"},
      {"a stranger's", SYSTEM_FORM "+SOR:1+GLN:2", 400, "invalid_scope", "oauth.org-context"},
      {"EAS knows none", "grant_type=client_credentials&client_id=sys&scope=EAS+system/Organization.rs" ORG_FORM, 400,
       "invalid_scope", "oauth.org-context.service"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    d.facts_n = d.events_n = 0;
    desk_post(&d, "/mtls/token", rows[i].form);
    desk_expect_refusal(&d, rows[i].what, rows[i].status, rows[i].error, rows[i].rule);
  }
}

Test(oauth, each_mistake_of_the_request_itself_has_its_status) {
  static const struct {
    const char *what, *method, *path, *query, *type, *authorization;
    int status;
    const char *error, *rule;
  } rows[] = {
      {"elsewhere", "POST", "/oauth/token", "", "", "", 404, "not_found", "oauth.path"},
      {"GET", "GET", "/mtls/token", "", "", "", 405, "invalid_request", "oauth.method"},
      {"POST", "POST", "/jwks", "", "", "", 405, "invalid_request", "oauth.method"},
      {"in the address", "POST", "/mtls/token", "scope=EDS", "application/x-www-form-urlencoded", "", 400,
       "invalid_request", "oauth.query"},
      {"JSON", "POST", "/mtls/token", "", "application/json", "", 400, "invalid_request", "oauth.content-type"},
      {"no type", "POST", "/mtls/token", "", "", "", 400, "invalid_request", "oauth.content-type"},
      {"not the alias", "POST", "/token", "", "application/x-www-form-urlencoded", "", 401, "invalid_client",
       "oauth.alias"},
      {"Basic", "POST", "/mtls/token", "", "application/x-www-form-urlencoded", "Basic eDp5", 401, "invalid_client",
       "oauth.secret"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    desk_ask(&d, (struct oauth_request){.method = str_z(rows[i].method),
                                        .path = str_z(rows[i].path),
                                        .query = str_z(rows[i].query),
                                        .content_type = str_z(rows[i].type),
                                        .authorization = str_z(rows[i].authorization),
                                        .body = STR(SYSTEM_FORM)});
    desk_expect_refusal(&d, rows[i].what, rows[i].status, rows[i].error, rows[i].rule);
  }
  cr_expect(str_eqz(d.answer.authenticate, "Basic realm=\"testcamp\""));
}

Test(oauth, a_body_too_large_is_not_read) {
  desk_ask(&d, (struct oauth_request){.method = STR("POST"),
                                      .path = STR("/mtls/token"),
                                      .content_type = STR("application/x-www-form-urlencoded"),
                                      .size = FORM_MAX + 1});
  desk_expect_refusal(&d, "size", 400, "invalid_request", "oauth.size");
}

Test(oauth, the_client_is_who_its_certificate_says) {
  struct str mine = d.thumbprint;
  d.subject = "CN=EPJ 4,O=Region Test,C=DK";
  desk_post(&d, "/mtls/token", SYSTEM_FORM);
  desk_expect_refusal(&d, "another subject", 401, "invalid_client", "oauth.certificate.subject");
  d.subject = "C=DK, O=Region Test, CN=EPJ 3, 2.5.4.97=NTRDK-12345678, SERIALNUMBER=UI:DK-O:G:1";
  desk_post(&d, "/mtls/token", SYSTEM_FORM);
  cr_expect_eq(d.answer.status, 200, "%.*s", STR_F(d.answer.issue));
  d.thumbprint = (struct str){0};
  desk_post(&d, "/mtls/token", SYSTEM_FORM);
  desk_expect_refusal(&d, "no certificate", 401, "invalid_client", "oauth.certificate.missing");
  d.plain = true;
  d.thumbprint = mine;
  desk_post(&d, "/mtls/token", SYSTEM_FORM);
  cr_expect_eq(d.answer.status, 200);
  cr_expect(str_eqz(desk_fact(&d, "oauth.bound"), "no"), "over plain HTTP nothing is shown");
}

Test(oauth, what_does_not_belong_there_is_noted_and_answered) {
  desk_post(&d, "/mtls/token", SYSTEM_FORM "&audience=x");
  cr_expect_eq(d.answer.status, 200);
  cr_expect(str_eqz(desk_fact(&d, "oauth.noted"), "oauth.parameter.extra"));
  cr_expect_neq(str_find(desk_fact(&d, "oauth.noted.text"), STR("audience"), 0), SIZE_MAX);
}

Test(oauth, the_same_request_has_the_same_answer) {
  desk_post(&d, "/mtls/token", SYSTEM_FORM ORG_FORM);
  struct str first = d.answer.body;
  d.facts_n = d.events_n = 0;
  desk_post(&d, "/mtls/token", SYSTEM_FORM ORG_FORM);
  cr_expect(str_eq(first, d.answer.body));
  desk_post(&d, "/mtls/token", SYSTEM_FORM ORG_FORM);
  cr_expect_not(str_eq(first, d.answer.body), "another request, another token");
}

/* --- the user's way --- */

static struct str pushed_uri(const char *form) {
  desk_post(&d, "/mtls/authorize/par", form);
  cr_assert_eq(d.answer.status, 201, "%.*s", STR_F(d.answer.issue));
  return desk_says(&d, "request_uri");
}

static void browse(struct str uri) {
  struct buf b;
  buf_init(&b, 1000);
  buf_addz(&b, "client_id=usr&request_uri=");
  percent_encode(&b, uri);
  desk_get(&d, "/authorize", buf_take(&b, d.a).p);
}

static struct str code_given(void) {
  browse(pushed_uri(PUSHED(USER_SCOPE)));
  return desk_redirected(&d, "code");
}

#define CODE_FORM "grant_type=authorization_code&client_id=usr&redirect_uri=https%3A%2F%2Fclient.invalid%2Fback"

static void redeem(struct str code, const char *rest) {
  desk_post(&d, "/mtls/token", arena_printf(d.a, "%s&code=%.*s%s", CODE_FORM, STR_F(code), rest).p);
}

static void redeem_well(struct str code) {
  redeem(code, "&code_verifier=" DESK_VERIFIER);
}

static void refresh(struct str token, const char *rest) {
  desk_post(&d, "/mtls/token",
            arena_printf(d.a, "grant_type=refresh_token&client_id=usr&refresh_token=%.*s%s", STR_F(token), rest).p);
}

Test(oauth, a_user_gets_tokens) {
  struct str uri = pushed_uri(PUSHED(USER_SCOPE "&nonce=n-1"));
  cr_expect(str_eqz(desk_says(&d, "expires_in"), "60"));
  cr_expect(str_starts(uri, STR("urn:ietf:params:oauth:request_uri:")));
  browse(uri);
  struct str code = desk_redirected(&d, "code");
  cr_expect(str_starts(d.answer.location, STR(DESK_REDIRECT "?code=")));
  cr_expect(str_eqz(desk_redirected(&d, "state"), "s 1"));
  cr_expect(str_eqz(desk_redirected(&d, "iss"), DESK_ISSUER));
  redeem_well(code);
  cr_assert_eq(d.answer.status, 200, "%.*s", STR_F(d.answer.issue));
  cr_expect_neq(desk_says(&d, "refresh_token").n, 0);
  const struct node *claims = desk_claims(&d, "access_token"), *id = desk_claims(&d, "id_token");
  cr_expect(str_eqz(node_text_at(claims, "cpr"), "2512489996"));
  cr_expect(str_eqz(node_text_at(claims, "priv"), "urn:dk:test:supporter"));
  cr_expect(str_eqz(node_text_at(claims, "acr"), "https://data.gov.dk/concept/core/nsis/loa/Substantial"));
  cr_expect(str_eqz(node_text_at(id, "aud"), "usr") && str_eqz(node_text_at(id, "nonce"), "n-1"));
  cr_expect(str_eq(node_text_at(id, "sub"), node_text_at(claims, "sub")));
}

Test(oauth, each_mistake_of_a_pushed_request_has_its_error) {
  static const struct {
    const char *what, *form;
    int status;
    const char *error, *rule;
  } rows[] = {
      {"a system's", "client_id=sys", 400, "unauthorized_client", "oauth.grant.unregistered"},
      {"no scope", PUSHED(""), 400, "invalid_request", "oauth.parameter.missing"},
      {"no openid", PUSHED("&scope=EDS+user/AuditEvent.rs"), 400, "invalid_scope", "oauth.scope.openid"},
      {"not its scope", PUSHED("&scope=openid+EDS+user/AuditEvent.crs"), 400, "invalid_scope", "oauth.scope"},
      {"system scope", PUSHED("&scope=openid+EDS+system/AuditEvent.crs"), 400, "invalid_scope", "oauth.scope"},
      {"pushed again", PUSHED(USER_SCOPE "&request_uri=x"), 400, "invalid_request", "oauth.par.request-uri"},
      {"implicit",
       "response_type=token&client_id=usr&redirect_uri=x&state=1&code_challenge=x&code_challenge_method="
       "S256" USER_SCOPE,
       400, "unsupported_response_type", "oauth.response-type"},
      {"another address",
       "response_type=code&client_id=usr&redirect_uri=https%3A%2F%2Fclient.invalid%2Fback%2F&state=1&"
       "code_challenge=" DESK_CHALLENGE "&code_challenge_method=S256" USER_SCOPE,
       400, "invalid_request", "oauth.redirect-uri"},
      {"http",
       "response_type=code&client_id=usr&redirect_uri=http%3A%2F%2Fclient.invalid%2Fback&state=1&"
       "code_challenge=" DESK_CHALLENGE "&code_challenge_method=S256" USER_SCOPE,
       400, "invalid_request", "oauth.redirect-uri"},
      {"plain",
       "response_type=code&client_id=usr&redirect_uri=https%3A%2F%2Fclient.invalid%2Fback&state=1&"
       "code_challenge=" DESK_CHALLENGE "&code_challenge_method=plain" USER_SCOPE,
       400, "invalid_request", "oauth.pkce.method"},
      {"no digest",
       "response_type=code&client_id=usr&redirect_uri=https%3A%2F%2Fclient.invalid%2Fback&state=1&"
       "code_challenge=abc&code_challenge_method=S256" USER_SCOPE,
       400, "invalid_request", "oauth.pkce.challenge"},
      {"no state",
       "response_type=code&client_id=usr&redirect_uri=https%3A%2F%2Fclient.invalid%2Fback&"
       "code_challenge=" DESK_CHALLENGE "&code_challenge_method=S256" USER_SCOPE,
       400, "invalid_request", "oauth.parameter.missing"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    desk_post(&d, "/mtls/authorize/par", rows[i].form);
    desk_expect_refusal(&d, rows[i].what, rows[i].status, rows[i].error, rows[i].rule);
  }
  desk_post(&d, "/authorize/par", PUSHED(USER_SCOPE));
  desk_expect_refusal(&d, "not the alias", 401, "invalid_client", "oauth.alias");
}

Test(oauth, only_what_was_pushed_is_authorized_and_once) {
  struct str uri = pushed_uri(PUSHED(USER_SCOPE));
  desk_get(&d, "/authorize", "client_id=usr&response_type=code&state=1");
  desk_expect_refusal(&d, "not pushed", 400, "invalid_request", "oauth.par.missing");
  browse(STR("urn:ietf:params:oauth:request_uri:x"));
  desk_expect_refusal(&d, "made up", 400, "invalid_request_uri", "oauth.request-uri");
  desk_get(&d, "/authorize", arena_printf(d.a, "client_id=sys&request_uri=%.*s", STR_F(uri)).p);
  desk_expect_refusal(&d, "another client's", 400, "invalid_request_uri", "oauth.request-uri.client");
  d.now += 60000;
  browse(uri);
  cr_expect_eq(d.answer.status, 302, "a minute is not too late");
  browse(uri);
  desk_expect_refusal(&d, "again", 400, "invalid_request_uri", "oauth.request-uri.used");
}

Test(oauth, a_request_uri_ends) {
  struct str uri = pushed_uri(PUSHED(USER_SCOPE));
  d.now += 60001;
  browse(uri);
  desk_expect_refusal(&d, "late", 400, "invalid_request_uri", "oauth.request-uri.expired");
}

Test(oauth, nobody_is_logged_in) {
  d.setup.user = NULL;
  browse(pushed_uri(PUSHED(USER_SCOPE)));
  cr_expect(str_eqz(desk_redirected(&d, "error"), "access_denied"));
  cr_expect(str_eqz(desk_redirected(&d, "state"), "s 1") && desk_redirected(&d, "iss").n);
  cr_expect(str_eqz(desk_fact(&d, "oauth.rule"), "oauth.user.missing"));
}

Test(oauth, each_mistake_with_a_code_has_its_error) {
  struct str code = code_given();
  redeem(code, "");
  desk_expect_refusal(&d, "no verifier", 400, "invalid_request", "oauth.parameter.missing");
  redeem(code, "&code_verifier=short");
  desk_expect_refusal(&d, "a short verifier", 400, "invalid_grant", "oauth.pkce.verifier.form");
  redeem(code, "&code_verifier=" DESK_CHALLENGE);
  desk_expect_refusal(&d, "another verifier", 400, "invalid_grant", "oauth.pkce.verifier");
  redeem_well(STR("made-up"));
  desk_expect_refusal(&d, "made up", 400, "invalid_grant", "oauth.code");
  desk_post(&d, "/mtls/token",
            arena_printf(d.a,
                         "grant_type=authorization_code&client_id=usr&redirect_uri=https%%3A%%2F%%2Fclient.invalid%%2F"
                         "other%%3Fx%%3D1&code_verifier=" DESK_VERIFIER "&code=%.*s",
                         STR_F(code))
                .p);
  desk_expect_refusal(&d, "another address", 400, "invalid_grant", "oauth.code.redirect-uri");
  redeem_well(code);
  cr_expect_eq(d.answer.status, 200, "what was refused does not spend the code: %.*s", STR_F(d.answer.issue));
}

Test(oauth, a_code_ends_after_a_minute) {
  struct str code = code_given();
  d.now += 60001;
  redeem_well(code);
  desk_expect_refusal(&d, "late", 400, "invalid_grant", "oauth.code.expired");
}

Test(oauth, a_code_counts_once_and_its_second_use_ends_all_that_came_of_it) {
  struct str code = code_given();
  redeem_well(code);
  struct str token = desk_says(&d, "refresh_token");
  refresh(token, "");
  cr_expect_eq(d.answer.status, 200, "%.*s", STR_F(d.answer.issue));
  cr_expect_eq(desk_says(&d, "refresh_token").n, 0, "refresh tokens do not rotate");
  redeem_well(code);
  desk_expect_refusal(&d, "again", 400, "invalid_grant", "oauth.code.used");
  refresh(token, "");
  desk_expect_refusal(&d, "revoked", 400, "invalid_grant", "oauth.refresh.revoked");
}

Test(oauth, a_refresh_token_is_bound_to_client_certificate_and_scope) {
  redeem_well(code_given());
  struct str token = desk_says(&d, "refresh_token"), mine = d.thumbprint;
  refresh(token, "&scope=EDS+user%2FAuditEvent.rs");
  cr_expect_eq(d.answer.status, 200, "%.*s", STR_F(d.answer.issue));
  refresh(token, "&scope=EDS+user%2FAuditEvent.crs");
  desk_expect_refusal(&d, "more", 400, "invalid_scope", "oauth.refresh.scope");
  refresh(STR("made-up"), "");
  desk_expect_refusal(&d, "made up", 400, "invalid_grant", "oauth.refresh");
  d.thumbprint = token_thumbprint(d.a, STR("another certificate"));
  refresh(token, "");
  desk_expect_refusal(&d, "another certificate", 400, "invalid_grant", "oauth.refresh.certificate");
  d.thumbprint = mine;
  d.clients[DESK_SYSTEM].grants[OAUTH_REFRESH] = true;
  desk_post(&d, "/mtls/token",
            arena_printf(d.a, "grant_type=refresh_token&client_id=sys&refresh_token=%.*s", STR_F(token)).p);
  desk_expect_refusal(&d, "another client", 400, "invalid_grant", "oauth.refresh.client");
}

/* --- what it says of itself, and what is kept --- */

Test(oauth, the_metadata_name_where_everything_is) {
  static const char *const rows[][2] = {
      {"issuer", DESK_ISSUER},
      {"token_endpoint", DESK_ISSUER "/token"},
      {"jwks_uri", DESK_ISSUER "/jwks"},
      {"mtls_endpoint_aliases.token_endpoint", DESK_ISSUER "/mtls/token"},
      {"mtls_endpoint_aliases.pushed_authorization_request_endpoint", DESK_ISSUER "/mtls/authorize/par"},
      {"require_pushed_authorization_requests", "true"},
      {"authorization_response_iss_parameter_supported", "true"},
      {"tls_client_certificate_bound_access_tokens", "true"}};
  static const char *const paths[] = {"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"};
  for (size_t k = 0; k < 2; k++) {
    desk_get(&d, paths[k], "");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
      cr_expect(str_eqz(desk_says(&d, rows[i][0]), rows[i][1]), "%s: %.*s", rows[i][0],
                STR_F(desk_says(&d, rows[i][0])));
  }
  desk_get(&d, "/jwks", "");
  struct findings f;
  struct token_keys read;
  findings_init(&f, d.a);
  cr_expect_eq(jwks_read(&read, d.a, (struct source){STR("jwks"), d.answer.body}, &f), 0);
  cr_expect_eq(read.n, 1);
}

Test(oauth, nothing_that_opens_a_door_is_kept) {
  struct str uri = pushed_uri(PUSHED(USER_SCOPE));
  browse(uri);
  struct str code = desk_redirected(&d, "code");
  redeem_well(code);
  struct str secrets[] = {code,
                          desk_says(&d, "refresh_token"),
                          desk_says(&d, "access_token"),
                          STR(DESK_VERIFIER),
                          STR("hemmelig"),
                          str_sub(uri, sizeof "urn:ietf:params:oauth:request_uri:" - 1, uri.n)};
  desk_ask(&d, (struct oauth_request){.method = STR("POST"),
                                      .path = STR("/mtls/token"),
                                      .query = STR("client%5Fsecret=hemmelig&scope=EDS")});
  cr_expect(str_eqz(facts_get(&d.facts[d.facts_n - 1], "http.query"),
                    "client%5Fsecret=sha256:gE5EW7EOXd0-HKkrMiix2ksbwfcSBnHH2uHLosUpt9w&scope=EDS"),
            "%.*s", STR_F(facts_get(&d.facts[d.facts_n - 1], "http.query")));
  desk_post(&d, "/mtls/token", SYSTEM_FORM "&client_secret=hemmelig%");
  desk_expect_refusal(&d, "not encoded", 400, "invalid_request", "oauth.form");
  for (size_t i = 0; i < d.facts_n; i++)
    for (size_t k = 0; k < d.facts[i].list.n; k++)
      for (size_t s = 0; s < sizeof secrets / sizeof *secrets; s++)
        cr_expect_eq(str_find(d.facts[i].list.v[k].value, secrets[s], 0), SIZE_MAX, "%.*s",
                     STR_F(d.facts[i].list.v[k].name));
  struct str body = arena_printf(d.a, "a=1&code=%.*s&code_verifier=" DESK_VERIFIER "&b", STR_F(code));
  struct str kept = form_kept(d.a, body, oauth_secrets);
  cr_expect(str_starts(kept, STR("a=1&code=sha256:")) && str_ends(kept, STR("&b")), "%.*s", STR_F(kept));
  cr_expect_eq(str_find(kept, code, 0), SIZE_MAX);
  cr_expect_eq(str_find(kept, STR(DESK_VERIFIER), 0), SIZE_MAX);
}

Test(oauth, each_rule_has_its_texts_and_each_refusal_its_row) {
  for (size_t i = 0; i < oauth_rules_n; i++) {
    const struct rule *r = &oauth_rules[i];
    cr_assert(r->id && r->en && r->da && r->source, "%zu", i);
    cr_expect(str_starts(str_z(r->id), STR("oauth.")) || str_starts(str_z(r->id), STR("enrollment.")));
    for (size_t k = 0; k < i; k++) cr_expect_str_neq(r->id, oauth_rules[k].id);
    for (char arg = '1'; arg <= '3'; arg++) {
      char name[] = {'{', arg, '}', '\0'};
      cr_expect_eq(strstr(r->en, name) != NULL, strstr(r->da, name) != NULL, "%s %s", r->id, name);
    }
  }
}
