/* What the EHMI profile makes of the rules of the simulated servers: raised, they refuse; lowered, they are noted; off,
 * nothing is said. */
#include "endpoint/server_rules.h"

#include "endpoint/endpoint_int.h"
#include "tests/endpoint/oauth_desk.h"
#include "tests/endpoint/office.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena *a;
static struct ehmi_profile p;

static void set_up(void) {
  a = arena_new(0);
  p = (struct ehmi_profile){.file = STR("profile.yaml")};
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(server_rules, .init = set_up, .fini = tear_down);

static void say(const char *rule, enum severity severity, bool off) {
  p.rules.n = 0;
  VEC_PUSH(a, &p.rules,
           ((struct ehmi_severity){
               .rule = str_z(rule), .source = STR("here"), .severity = severity, .off = off, .line = 7, .col = 3}));
}

Test(server_rules, what_can_be_changed_and_what_not) {
  static const struct {
    const char *rule;
    enum severity severity;
    bool off;
    const char *says; /* NULL: it is taken */
  } rows[] = {{"eas.operation.spelling", SEV_ERROR, false, NULL},
              {"eas.operation.spelling", SEV_INFO, true, NULL},
              {"eas.patient.profile", SEV_WARNING, false, NULL},
              {"eas.body.missing", SEV_ERROR, false, NULL},
              {"eas.body.missing", SEV_WARNING, false, "cannot be changed"},
              {"eas.body.missing", SEV_INFO, true, "cannot be changed"},
              {"eas.patient.unknown", SEV_ERROR, false, "cannot be changed"},
              {"eas.patient.profil", SEV_ERROR, false, "did you mean \"eas.patient.profile\""},
              {"eer.gln.system", SEV_ERROR, false, NULL},
              {"guard.device", SEV_INFO, false, NULL},
              {"guard.missing", SEV_WARNING, false, "cannot be changed"},
              {"guard.expired", SEV_INFO, true, "cannot be changed"},
              {"oauth.alias", SEV_WARNING, false, NULL},
              {"oauth.parameter.extra", SEV_ERROR, false, NULL},
              {"oauth.client.unknown", SEV_WARNING, false, "cannot be changed"},
              {"oauth.wrong", SEV_ERROR, false, "cannot be changed"},
              {"sbdh.no-such-rule", SEV_ERROR, false, NULL}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct error e;
    say(rows[i].rule, rows[i].severity, rows[i].off);
    int rc = server_rules_check(&p, &e);
    cr_expect_eq(rc, rows[i].says ? -1 : 0, "%s", rows[i].rule);
    if (rc < 0) cr_expect(rows[i].says && strstr(e.text, rows[i].says), "%s: %s", rows[i].rule, e.text);
    if (rc < 0) cr_expect(e.line == 7 && e.col == 3, "%s", rows[i].rule);
  }
}

Test(server_rules, an_error_refuses_what_is_less_is_noted_off_says_nothing) {
  static const struct rule strict = {"x.a", SEV_ERROR, "s", "a", "a"}, mild = {"x.b", SEV_WARNING, "s", "b", "b"};
  cr_expect_eq(server_verdict(NULL, &strict), SERVER_REFUSES);
  cr_expect_eq(server_verdict(NULL, &mild), SERVER_NOTES);
  say("x.a", SEV_INFO, false);
  cr_expect_eq(server_verdict(&p, &strict), SERVER_NOTES);
  cr_expect_eq(server_verdict(&p, &mild), SERVER_NOTES);
  say("x.b", SEV_ERROR, false);
  cr_expect_eq(server_verdict(&p, &mild), SERVER_REFUSES);
  say("x.a", SEV_ERROR, true);
  cr_expect_eq(server_verdict(&p, &strict), SERVER_SILENT);
}

/* The profile that is shipped decides on nothing that it cannot. */
Test(server_rules, the_profile_of_the_project_is_taken) {
  struct ehmi_profile *shipped;
  struct error e;
  cr_assert_eq(ehmi_profile_load(&shipped, a, TEST_ROOT, &e), 0, "%s", e.text);
  cr_expect_eq(server_rules_check(shipped, &e), 0, "%s", e.text);
}

/* ---- each server ---- */

#define BY_PRACTICE "/Organization/$getReceivingOrganizationByGPId"
#define BODY                                                                                                           \
  "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"gpId\",\"valueString\":\"888801\"},"                    \
  "{\"name\":\"more\",\"valueString\":\"x\"}]}"

static bool is_fact(const struct office *o, const char *name, const char *value) {
  return str_eqz(facts_get(&o->facts, name), value);
}

Test(server_rules, eas) {
  struct office o;
  office_open(&o, "eas", "");
  o.endpoint->profile = &p;
  office_ask_as(&o, "POST", BY_PRACTICE, "application/fhir+json", STR(BODY));
  cr_expect_eq(o.code, 422);
  cr_expect(is_fact(&o, "eas.rule", "eas.parameter.unknown"));
  say("eas.parameter.unknown", SEV_WARNING, false);
  office_ask_as(&o, "POST", BY_PRACTICE, "application/fhir+json", STR(BODY));
  cr_expect_eq(o.code, 200, "%d", o.code);
  cr_expect(str_find(facts_get(&o.facts, "eas.noted"), STR("eas.parameter.unknown"), 0) != SIZE_MAX);
  say("eas.parameter.unknown", SEV_WARNING, true);
  office_ask_as(&o, "POST", BY_PRACTICE, "application/fhir+json", STR(BODY));
  cr_expect_eq(o.code, 200);
  cr_expect(str_find(facts_get(&o.facts, "eas.noted"), STR("eas.parameter.unknown"), 0) == SIZE_MAX);
  office_close(&o);
}

/* A spelling is noted; a profile that wants the published one refuses it. */
Test(server_rules, eas_spelling) {
  struct office o;
  office_open(&o, "eas", "");
  o.endpoint->profile = &p;
  office_ask(&o, "GET", BY_PRACTICE "?gpId=888801", (struct str){0});
  cr_expect_eq(o.code, 200);
  cr_expect(str_find(facts_get(&o.facts, "eas.noted"), STR("eas.operation.get"), 0) != SIZE_MAX);
  say("eas.operation.get", SEV_ERROR, false);
  office_ask(&o, "GET", BY_PRACTICE "?gpId=888801", (struct str){0});
  cr_expect_geq(o.code, 400, "%d", o.code);
  cr_expect(is_fact(&o, "eas.rule", "eas.operation.get"));
  office_close(&o);
}

Test(server_rules, eer) {
  static const char path[] = "/Endpoint?identifier=https://www.gs1.org/gln%7C5790008888018";
  struct office o;
  office_open(&o, "eer", "");
  o.endpoint->profile = &p;
  office_ask(&o, "GET", path, (struct str){0});
  cr_expect(o.code == 200 && is_fact(&o, "eer.noted", "eer.gln.system"));
  say("eer.gln.system", SEV_ERROR, false);
  office_ask(&o, "GET", path, (struct str){0});
  cr_expect_eq(o.code, 400, "%d", o.code);
  cr_expect(str_find(o.body, STR("http://www.gs1.org/gln"), 0) != SIZE_MAX, "%.*s", STR_F(o.body));
  say("eer.gln.system", SEV_ERROR, true);
  office_ask(&o, "GET", path, (struct str){0});
  cr_expect(o.code == 200 && is_fact(&o, "eer.noted", ""));
  office_close(&o);
}

#define FORM "grant_type=client_credentials&client_id=sys&scope=EAS+system%2FOrganization.rs"

Test(server_rules, authorization) {
  struct desk d;
  desk_open(&d);
  d.profile = &p;
  say("oauth.parameter.extra", SEV_ERROR, false);
  desk_post(&d, "/mtls/token", FORM "&audience=x");
  desk_expect_refusal(&d, "more than asked", 400, "invalid_request", "oauth.parameter.extra");
  say("oauth.secret", SEV_WARNING, false);
  desk_post(&d, "/mtls/token", FORM "&client_secret=x");
  cr_expect_eq(d.answer.status, 200, "%.*s", STR_F(d.answer.issue));
  cr_expect(str_eqz(desk_fact(&d, "oauth.noted"), "oauth.secret"));
  p.rules.n = 0;
  desk_post(&d, "/mtls/token", FORM "&client_secret=x");
  desk_expect_refusal(&d, "a secret", 401, "invalid_client", "oauth.secret");
  desk_post(&d, "/token", FORM);
  desk_expect_refusal(&d, "no alias", 401, "invalid_client", "oauth.alias");
  say("oauth.alias", SEV_INFO, false);
  desk_post(&d, "/token", FORM);
  cr_expect_eq(d.answer.status, 200, "%.*s", STR_F(d.answer.issue));
  desk_close(&d);
}
