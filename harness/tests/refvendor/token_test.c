/* Tokens: what the reference vendor asks of an authorization server, and what it does not put up with. */
#include "services.h"

#include <criterion/criterion.h>

#define QUIET_MS INT64_C(400)
#define EDS_ASKED "scope=EDS%20system%2FAuditEvent.crs"

static void begin(struct services *s, struct peer *p, const char *defect) {
  peer_init(p);
  services_start(s, p);
  if (defect) peer_defect(p, defect);
}

/* A message goes out, which makes an event. */
static void send_one(struct peer *p) {
  cr_assert_eq(peer_trigger(p, "{'action':'new','category':'nursing','text':'Hej'}"), 200);
}

static bool screen_says(struct peer *p, const char *text) {
  return str_find(peer_state(p), str_z(text), 0) != SIZE_MAX;
}

/* Nothing is registered, and the screen says why. */
static void send_in_vain(struct services *s, struct peer *p, size_t tokens, const char *why) {
  peer_start(p);
  send_one(p);
  services_quiet(s, QUIET_MS);
  cr_expect_eq(s->tokens.n, tokens, "%zu tokens were asked for", s->tokens.n);
  cr_expect_eq(s->events.n, (size_t)0);
  cr_expect(screen_says(p, why), "%s", why);
}

static size_t path_count(const struct services *s, const char *path) {
  size_t n = 0;
  for (size_t i = 0; i < s->all.n; i++) n += str_eqz(s->all.v[i].path, path);
  return n;
}

Test(token, the_request_is_exactly_that_of_client_credentials) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL);
  peer_start(&p);
  send_one(&p);
  cr_assert_not_null(services_event(&s, 1));
  cr_expect(str_eqz(s.tokens.v[0].path, "/mtls/token"), "the alias for clients with a certificate");
  cr_expect(str_eqz(s.tokens.v[0].content_type, "application/x-www-form-urlencoded"));
  cr_expect(str_eqz(s.tokens.v[0].body, "grant_type=client_credentials&" EDS_ASKED
                                        "%20SOR%3A8888011000016005%20GLN%3A5790008888018&client_id=refvendor"),
            "%.*s", STR_F(s.tokens.v[0].body));
  cr_expect(str_eqz(s.events.v[0].authorization, "Bearer t1"));
  cr_expect_eq(s.events.v[0].query.n, (size_t)0);
  services_close(&s);
  peer_close(&p);
}

Test(token, one_serves_until_its_end_is_near) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL);
  peer_start(&p);
  send_one(&p);
  send_one(&p);
  cr_assert_not_null(services_event(&s, 2));
  cr_expect_eq(s.tokens.n, (size_t)1);
  cr_expect_eq(path_count(&s, "/.well-known/openid-configuration"), (size_t)1);
  services_close(&s);
  peer_close(&p);
}

Test(token, without_a_life_it_serves_once) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL);
  s.expires_in = 0;
  peer_start(&p);
  send_one(&p);
  send_one(&p);
  cr_assert_not_null(services_event(&s, 2));
  cr_expect_eq(s.tokens.n, (size_t)2);
  services_close(&s);
  peer_close(&p);
}

/* The second token is asked for while the server is still being found: it is found once, for both. */
Test(token, each_organisation_has_its_own) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL);
  s.hold = true;
  VEC_PUSH(p.arena, &p.options.also, ((struct refvendor_party){STR(OTHER_GLN), STR("8888031000016004"), STR("B")}));
  peer_start(&p);
  send_one(&p);
  cr_assert_eq(peer_trigger(&p, "{'action':'new','standard':'homecareobservation','sender':'" OTHER_GLN
                                "','receiver':{'yder':'099025'},'observations':[{'code':'NPU08676','value':'37'}]}"),
               200);
  services_tell(&s);
  cr_assert_not_null(services_event(&s, 2));
  cr_assert_eq(s.tokens.n, (size_t)2);
  cr_expect_neq(str_find(s.tokens.v[1].body, STR("SOR%3A8888031000016004%20GLN%3A" OTHER_GLN), 0), SIZE_MAX);
  cr_expect(str_eqz(s.events.v[1].authorization, "Bearer t2"));
  cr_expect_eq(path_count(&s, "/.well-known/openid-configuration"), (size_t)1);
  services_close(&s);
  peer_close(&p);
}

Test(token, metadata_is_found_at_either_address) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL);
  s.openid_missing = true;
  s.no_alias = true;
  peer_start(&p);
  send_one(&p);
  cr_assert_not_null(services_event(&s, 1));
  cr_expect(str_eqz(s.tokens.v[0].path, "/plain/token"));
  services_close(&s);
  peer_close(&p);
}

Test(token, metadata_of_somebody_else_is_refused) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL);
  s.issuer = "https://elsewhere.example";
  send_in_vain(&s, &p, 0, "another issuer");
  cr_expect_eq(path_count(&s, "/.well-known/openid-configuration"), (size_t)1, "it is not asked again and again");
  services_close(&s);
  peer_close(&p);
}

Test(token, less_than_was_asked_is_seen) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL);
  s.scope = "EDS system/AuditEvent.crs";
  /* One token: no silent loop. */
  send_in_vain(&s, &p, 1, "SOR:8888011000016005 was not granted");
  services_close(&s);
  peer_close(&p);
}

Test(token, one_that_is_not_taken_is_replaced_once) {
  static const struct {
    int second;
    size_t reported, held;
  } rows[] = {{201, 1, 0}, {401, 0, 1}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    begin(&s, &p, NULL);
    s.event_statuses[0] = 401;
    s.event_statuses[1] = rows[i].second;
    peer_start(&p);
    send_one(&p);
    services_quiet(&s, QUIET_MS);
    cr_expect_eq(s.tokens.n, (size_t)2);
    cr_assert_eq(s.events.n, (size_t)2);
    cr_expect(str_eqz(s.events.v[1].authorization, "Bearer t2"));
    cr_expect(str_eq(s.events.v[0].body, s.events.v[1].body));
    cr_expect_eq(screen_says(&p, "EDS refused the event"), rows[i].held == 1);
    services_close(&s);
    peer_close(&p);
  }
}

Test(token, a_server_that_is_not_well_is_asked_again) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL);
  s.token_statuses[0] = 503;
  peer_start(&p);
  send_one(&p);
  cr_assert_not_null(services_event(&s, 1));
  cr_expect_eq(s.tokens.n, (size_t)2);
  cr_expect(str_eqz(s.events.v[0].authorization, "Bearer t2"));
  services_close(&s);
  peer_close(&p);
}

Test(token, a_refusal_is_shown_and_not_repeated) {
  struct peer p;
  struct services s;
  begin(&s, &p, NULL);
  s.token_statuses[0] = 400;
  peer_start(&p);
  send_one(&p);
  services_quiet(&s, QUIET_MS);
  cr_expect_eq(s.tokens.n, (size_t)1);
  cr_expect_eq(s.events.n, (size_t)0);
  cr_expect(screen_says(&p, "invalid_scope"));
  cr_assert_eq(peer_trigger(&p, "{'action':'eds-retry'}"), 200);
  cr_expect_not_null(services_event(&s, 1), "what was refused is not lost");
  services_close(&s);
  peer_close(&p);
}

/* What each defect does: the request for a token, and the events that come of two messages. */
static bool body_has(const struct services *s, const char *text) {
  return s->tokens.n && str_find(s->tokens.v[0].body, str_z(text), 0) != SIZE_MAX;
}

static bool no_gln(const struct services *s) {
  return !body_has(s, "GLN") && body_has(s, "SOR");
}

static bool no_sor(const struct services *s) {
  return !body_has(s, "SOR") && body_has(s, "GLN");
}

static bool has_secret(const struct services *s) {
  return body_has(s, "client_secret");
}

static bool at_plain(const struct services *s) {
  return path_count(s, "/plain/token") > 0;
}

static bool in_query(const struct services *s) {
  return str_eqz(s->events.v[0].query, "access_token=t1") && !s->events.v[0].authorization.n;
}

static bool two_tokens(const struct services *s) {
  return s->tokens.n == 2;
}

Test(token, the_defects_are_what_they_say) {
  static const struct {
    const char *defect;
    bool (*shows)(const struct services *s);
  } rows[] = {{"token-scope-without-gln", no_gln}, {"token-scope-without-sor", no_sor},
              {"token-client-secret", has_secret}, {"token-ignores-alias", at_plain},
              {"token-in-query", in_query},        {"token-each-time", two_tokens}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    begin(&s, &p, rows[i].defect);
    peer_start(&p);
    send_one(&p);
    send_one(&p);
    cr_assert_not_null(services_event(&s, 2), "%s", rows[i].defect);
    cr_expect(rows[i].shows(&s), "%s", rows[i].defect);
    services_close(&s);
    peer_close(&p);
  }
}

Test(token, defects_of_belief_go_on) {
  static const struct {
    const char *defect, *issuer, *scope;
  } rows[] = {{"token-no-issuer-check", "https://elsewhere.example", NULL},
              {"token-ignores-scope", NULL, "EDS system/AuditEvent.crs"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    begin(&s, &p, rows[i].defect);
    s.issuer = rows[i].issuer;
    s.scope = rows[i].scope;
    peer_start(&p);
    send_one(&p);
    cr_expect_not_null(services_event(&s, 1), "%s", rows[i].defect);
    services_close(&s);
    peer_close(&p);
  }
}

Test(token, defects_of_a_token_that_is_not_taken) {
  static const struct {
    const char *defect;
    size_t events;
  } rows[] = {{"token-no-second-try", 1}, {"token-tries-forever", 8}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct peer p;
    struct services s;
    begin(&s, &p, rows[i].defect);
    for (size_t k = 0; k < 7; k++) s.event_statuses[k] = 401;
    peer_start(&p);
    send_one(&p);
    services_quiet(&s, QUIET_MS);
    cr_expect_eq(s.events.n, rows[i].events, "%s: %zu", rows[i].defect, s.events.n);
    services_close(&s);
    peer_close(&p);
  }
}

Test(token, one_for_all_is_the_first_organisations) {
  struct peer p;
  struct services s;
  begin(&s, &p, "token-one-for-all");
  p.options.also.n = 0;
  VEC_PUSH(p.arena, &p.options.also, ((struct refvendor_party){STR(OTHER_GLN), STR("8888031000016004"), STR("B")}));
  peer_start(&p);
  send_one(&p);
  cr_assert_eq(peer_trigger(&p, "{'action':'new','standard':'homecareobservation','sender':'" OTHER_GLN
                                "','receiver':{'yder':'099025'},'observations':[{'code':'NPU08676','value':'37'}]}"),
               200);
  cr_assert_not_null(services_event(&s, 2));
  cr_expect_eq(s.tokens.n, (size_t)1);
  services_close(&s);
  peer_close(&p);
}

Test(token, the_same_certificate_goes_to_the_server_and_to_the_service) {
  struct peer p;
  struct services s;
  peer_init(&p);
  services_start_tls(&s, &p, CERTIFICATE_SOUND);
  peer_start(&p);
  send_one(&p);
  cr_assert_not_null(services_event(&s, 1));
  cr_expect(str_eq(s.tokens.v[0].thumbprint, s.certificate));
  cr_expect(str_eq(s.events.v[0].thumbprint, s.certificate));
  services_close(&s);
  peer_close(&p);
}

Test(token, services_that_prove_nothing_are_not_spoken_to) {
  static const enum certificate_fault faults[] = {CERTIFICATE_FAULT_EXPIRED, CERTIFICATE_FAULT_NAME,
                                                  CERTIFICATE_FAULT_AUTHORITY};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    struct peer p;
    struct services s;
    peer_init(&p);
    services_start_tls(&s, &p, faults[i]);
    peer_start(&p);
    send_one(&p);
    services_quiet(&s, QUIET_MS);
    cr_expect_eq(s.all.n, (size_t)0, "%s", certificate_fault_names[faults[i]]);
    cr_expect(screen_says(&p, "no token"));
    services_close(&s);
    peer_close(&p);
  }
}

/* The server asks for a certificate in each handshake, so that who comes without one is not heard at all. */
Test(token, the_other_certificate_is_missing_at_the_service) {
  struct peer p;
  struct services s;
  peer_init(&p);
  services_start_tls(&s, &p, CERTIFICATE_SOUND);
  peer_defect(&p, "token-other-certificate");
  peer_start(&p);
  send_one(&p);
  services_quiet(&s, QUIET_MS);
  cr_expect_geq(s.tokens.n, (size_t)1);
  cr_expect_eq(s.events.n, (size_t)0);
  services_close(&s);
  peer_close(&p);
}
