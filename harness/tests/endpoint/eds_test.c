/* EHMI Delivery Status over the wire: what is taken, what is refused and why, who may register and who sees what. */
#include "base/clock.h"
#include "base/file.h"
#include "endpoint/resource_guard.h"
#include "fhir/facts.h"
#include "tests/endpoint/office.h"
#include "validate/profile.h"

#include <criterion/criterion.h>
#include <sys/stat.h>

#define ISSUER "https://as.invalid"
#define AUDIENCE "https://eds.invalid"
#define JSON "application/fhir+json"
#define SOME_EVENT                                                                                                     \
  "{\"resourceType\":\"AuditEvent\",\"meta\":{\"profile\":[\"http://medcomehmi.dk/ig/eds/StructureDefinition/"         \
  "EdsBasicDeliveryStatus\"]}}"

static struct arena *a;
static struct office o;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  office_close(&o);
  arena_free(a);
}

TestSuite(eds, .init = set_up, .fini = tear_down);

static struct str file_of(const char *name) {
  struct str bytes;
  struct error e;
  cr_assert_eq(file_read(&bytes, a, file_join(a, TEST_ROOT "/harness/tests/data/eds", name), (size_t)1 << 20, &e), 0,
               "%s", e.text);
  return bytes;
}

/* Every `what` of it by something else. */
static struct str with(struct str s, const char *what, const char *by) {
  size_t at = str_find(s, str_z(what), 0);
  cr_assert_neq(at, SIZE_MAX, "%s", what);
  struct str head = str_sub(s, 0, at), tail = str_sub(s, at + str_z(what).n, s.n);
  return arena_printf(a, "%.*s%s%.*s", STR_F(head), by, STR_F(tail));
}

static struct profile_cache *definitions(void) {
  struct book *b = book_new(a);
  struct shapes *shapes;
  struct error e;
  cr_assert_eq(shapes_read(&shapes, a, TEST_ROOT, &e), 0, "%s", e.text);
  cr_assert_eq(book_add_facts(b, TEST_ROOT "/" FACTS_PACKAGES, &e), 0, "%s", e.text);
  cr_assert_eq(book_use(b, STR("dk.ehmi.eds@1.0.2"), &e), 0, "%s", e.text);
  return profile_cache_new(a, b, shapes);
}

static bool says(const char *text) {
  return str_find(o.body, str_z(text), 0) != SIZE_MAX;
}

/* ---- judged ---- */

Test(eds, what_fits_its_profile_is_taken_and_what_does_not_is_refused_with_its_place) {
  static const struct {
    const char *what, *by;
    int code;
    const char *says, *noted;
  } rows[] = {
      {"\"outcome\": \"0\"", "\"outcome\": \"0\"", 201, "msg-sent", ""},
      {"\"outcome\": \"0\"", "\"outcome\": \"4\"", 422, "AuditEvent.outcome", ""},
      {"\"outcome\": \"0\"", "\"outcome\": \"0\", \"outcomeDesc\": \"x\"", 422, "outcomeDesc", ""},
      {"\"outcome\": \"0\"", "\"outcome\": \"0\", \"colour\": \"x\"", 422, "colour", ""},
      {"ehmiMessageVersion", "ehmiMessageVariant", 422, "AuditEvent.entity", ""},
      {"\"code\": \"ehmiReceiver\"", "\"code\": \"ehmiObserver\"", 422, "AuditEvent.agent", "profile.code-unknown"},
      {"\"recorded\": \"2026-01-05T10:00:02.000+01:00\",", "", 422, "recorded", ""},
      {"EdsPatientDeliveryStatus", "Other", 422, "eds.profile.none", "profile.unknown"},
      {"/ig/eds/StructureDefinition/Eds", "/ig/dk-ehmi-eds/StructureDefinition/Eds", 201, "msg-sent",
       "profile.unknown"}};
  struct endpoint_config config = {.profiles = definitions()};
  office_open_with(&o, "eds", &config);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    office_ask_as(&o, "POST", "/AuditEvent", JSON, with(file_of("patient.json"), rows[i].what, rows[i].by));
    cr_expect_eq(o.code, rows[i].code, "%s: %d %.*s", rows[i].by, o.code, STR_F(o.body));
    cr_expect(says(rows[i].says), "%s: %.*s", rows[i].by, STR_F(o.body));
    cr_expect(str_eqz(facts_get(&o.facts, "rest.noted"), rows[i].noted), "%s: %.*s", rows[i].by,
              STR_F(facts_get(&o.facts, "rest.noted")));
    bool refused = o.code == 422;
    cr_expect_eq(refused, says("OperationOutcome") && says("line ") && facts_get(&o.facts, "rest.issue.da").n > 0);
  }
}

Test(eds, what_cannot_be_judged_is_taken_and_noted) {
  office_open_with(&o, "eds", &(struct endpoint_config){0});
  office_ask_as(&o, "POST", "/AuditEvent", JSON, STR(SOME_EVENT));
  cr_expect_eq(o.code, 201);
  cr_expect(str_eqz(facts_get(&o.facts, "rest.noted"), "eds.profile.missing"));
}

/* The severity of a rule and the statuses are data. */
Test(eds, its_data_say_how_it_answers) {
  struct str data;
  struct error e;
  cr_assert_eq(file_read(&data, a, TEST_ROOT "/fixtures/standards/eds.yaml", (size_t)1 << 20, &e), 0, "%s", e.text);
  office_open_with(&o, "eds", &(struct endpoint_config){.data_dir = TEST_ROOT});
  office_ask_as(&o, "POST", "/AuditEvent", JSON, STR("{\"resourceType\":\"AuditEvent\"}"));
  cr_expect_eq(o.code, 422);
  char *dir = office_path(&o, "data");
  cr_assert_eq(mkdir(dir, 0700), 0);
  cr_assert_eq(mkdir(file_join(a, dir, "fixtures"), 0700), 0);
  cr_assert_eq(mkdir(file_join(a, dir, "fixtures/standards"), 0700), 0);
  data = with(data, "created: 201, unfit: 422", "created: 200, unfit: 400");
  data = with(data, "severities: {}", "severities: {eds.profile.none: warning}");
  cr_assert_eq(file_write(file_join(a, dir, "fixtures/standards/eds.yaml"), data, &e), 0, "%s", e.text);
  cr_assert_eq(file_read(&data, a, TEST_ROOT "/fixtures/standards/ehmi-profile.yaml", (size_t)1 << 20, &e), 0);
  cr_assert_eq(file_write(file_join(a, dir, "fixtures/standards/ehmi-profile.yaml"), data, &e), 0, "%s", e.text);
  struct office first = o;
  office_open_with(&o, "eds", &(struct endpoint_config){.data_dir = dir});
  office_ask_as(&o, "POST", "/AuditEvent", JSON, STR("{\"resourceType\":\"AuditEvent\"}"));
  cr_expect_eq(o.code, 200);
  office_close(&first);
}

Test(eds, what_was_registered_is_never_changed) {
  static const struct {
    const char *method, *path;
    int code;
    const char *allow;
  } rows[] = {{"PUT", "/AuditEvent/1", 405, "Allow: GET\r"},
              {"PATCH", "/AuditEvent/1", 405, "Allow: GET\r"},
              {"DELETE", "/AuditEvent/1", 405, "Allow: GET\r"},
              {"DELETE", "/AuditEvent", 405, "Allow: GET, POST\r"},
              {"POST", "/Patient", 404, ""},
              {"GET", "/AuditEvent/1", 404, ""},
              {"POST", "/AuditEvent/$x", 404, ""},
              {"GET", "/Device?identifier=x", 404, ""}};
  office_open_with(&o, "eds", &(struct endpoint_config){0});
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    office_ask_as(&o, rows[i].method, rows[i].path, JSON, STR(SOME_EVENT));
    cr_expect_eq(o.code, rows[i].code, "%s %s: %d", rows[i].method, rows[i].path, o.code);
    cr_expect_neq(str_find(o.headers, str_z(rows[i].allow), 0), SIZE_MAX, "%.*s", STR_F(o.headers));
    cr_expect(says("OperationOutcome"));
  }
}

/* ---- tokens ---- */

static struct token_keys keys;
static struct guard_site site;

static void guard_open(void) {
  const struct token_key *key;
  struct error e;
  keys = (struct token_keys){0};
  cr_assert_eq(token_key_new(&key, a, TOKEN_EDDSA, &e), 0, "%s", e.text);
  VEC_PUSH(a, &keys, key);
  site = (struct guard_site){.keys = &keys, .issuer = STR(ISSUER), .audience = STR(AUDIENCE)};
}

/* more: members of the token besides those that each must have. */
static struct str token_of(const char *scope, const char *more) {
  struct token_making how = {.key = keys.v[0], .typ = "at+jwt"};
  struct str token;
  struct error e;
  struct str claims = arena_printf(a,
                                   "{\"iss\":\"" ISSUER "\",\"aud\":\"" AUDIENCE "\",\"jti\":\"t\",\"client_id\":\"c\","
                                   "\"exp\":%lld,\"scope\":\"%s\",\"cnf\":{\"x5t#S256\":\"x\"}%s}",
                                   (long long)(CLOCK_LOGICAL_START / 1000 + 300), scope, more);
  cr_assert_eq(token_sign(&token, a, &how, claims, &e), 0, "%s", e.text);
  return token;
}

#define ORG(sor, gln) ",\"ehmi:org_context\":{\"name\":\"A\",\"sor\":\"" sor "\",\"gln\":\"" gln "\"}"
#define DEVICE(id) ",\"ehmi:eer:device_id\":\"" id "\""
#define SENDER ORG("8888021000016001", "5790008888025")
#define RECEIVER ORG("8888011000016005", "5790008888018")
#define MSH DEVICE("refvendor-msh")
#define CRS "EDS system/AuditEvent.crs"

Test(eds, a_create_needs_the_scope_the_organisation_and_the_device) {
  static const struct {
    const char *what, *scope, *more;
    int code;
    const char *rule;
  } rows[] = {
      {"as the sender", CRS, SENDER MSH, 201, ""},
      {"as the receiver", CRS, RECEIVER MSH, 201, ""},
      {"no token", NULL, "", 401, "guard.missing"},
      {"a scope to look only", "EDS system/AuditEvent.rs", SENDER MSH, 403, "guard.scope"},
      {"a third organisation", CRS, ORG("8888101000016009", "5790008888100") MSH, 403, "guard.org-context"},
      {"SOR of the one, GLN of the other", CRS, ORG("8888021000016001", "5790008888018") MSH, 403, "guard.org-context"},
      {"another device", CRS, SENDER DEVICE("another"), 403, "guard.device"},
      {"no device", CRS, SENDER, 403, "guard.device"}};
  guard_open();
  struct endpoint_config config = {.guard = &site};
  office_open_with(&o, "eds", &config);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    o.bearer = rows[i].scope ? token_of(rows[i].scope, rows[i].more) : STR("");
    office_ask_as(&o, "POST", "/AuditEvent", JSON, file_of("patient.json"));
    cr_expect_eq(o.code, rows[i].code, "%s: %d %.*s", rows[i].what, o.code, STR_F(o.body));
    cr_expect(str_eqz(facts_get(&o.facts, "guard.rule"), rows[i].rule), "%s: %.*s", rows[i].what,
              STR_F(facts_get(&o.facts, "guard.rule")));
    bool asked = str_find(o.headers, STR("WWW-Authenticate: Bearer"), 0) != SIZE_MAX;
    cr_expect_eq(asked, o.code != 201, "%s", rows[i].what);
    cr_expect_eq(says("OperationOutcome"), o.code != 201, "%s", rows[i].what);
  }
}

/* What looks like an envelope to a quick look has an organisation all the same. */
Test(eds, nobody_gets_around_the_organisation) {
  guard_open();
  struct endpoint_config config = {.guard = &site};
  office_open_with(&o, "eds", &config);
  o.bearer = token_of(CRS, ORG("8888101000016009", "5790008888100") MSH);
  office_ask_as(
      &o, "POST", "/AuditEvent", "application/fhir+xml",
      STR("<?x > <VANSEnvelope ?><AuditEvent xmlns=\"http://hl7.org/fhir\"><outcome value=\"0\"/></AuditEvent>"));
  cr_expect_eq(o.code, 403, "%d %.*s", o.code, STR_F(o.body));
  cr_expect(str_eqz(facts_get(&o.facts, "guard.rule"), "guard.org-context"));
}

Test(eds, a_gln_with_the_prefix_of_an_sbdh_is_the_same_organisation) {
  guard_open();
  struct endpoint_config config = {.guard = &site};
  office_open_with(&o, "eds", &config);
  o.bearer = token_of(CRS, SENDER MSH);
  office_ask_as(&o, "POST", "/AuditEvent", JSON,
                with(file_of("patient.json"), "\"5790008888025\"", "\"0088:5790008888025\""));
  cr_expect_eq(o.code, 201, "%.*s", STR_F(o.body));
}

Test(eds, each_sees_what_is_its_own) {
  static const struct {
    const char *what, *scope, *more;
    int n; /* of two: the message, and its receipt; -1: it is refused */
  } rows[] = {{"the sender", CRS, SENDER, 2},
              {"an organisation of neither", CRS, ORG("8888101000016009", "5790008888100"), 0},
              {"the device of the message", CRS, DEVICE("msh-1"), 2},
              {"another device", CRS, DEVICE("msh-9"), 0},
              {"nobody in particular", CRS, "", 0},
              {"the citizen", "EDS user/AuditEvent.rs", ",\"cpr\":\"2512489996\"", 1},
              {"another citizen", "EDS user/AuditEvent.rs", ",\"cpr\":\"2509479989\"", 0},
              {"a supporter", "EDS user/AuditEvent.rs", ",\"priv\":\"role\",\"cvr\":\"12345678\"", 2},
              {"a role of no organisation", "EDS user/AuditEvent.rs", ",\"priv\":\"role\"", 0},
              {"who may register only", "EDS system/AuditEvent.c", SENDER, -1}};
  guard_open();
  struct endpoint_config config = {.guard = &site};
  office_open_with(&o, "eds", &config);
  o.held[0] = (struct rest_resource){.type = STR("AuditEvent"),
                                     .id = STR("1"),
                                     .version = 1,
                                     .digest = with(file_of("patient.json"), "refvendor-msh", "msh-1")};
  o.held[1] = (struct rest_resource){.type = STR("AuditEvent"),
                                     .id = STR("2"),
                                     .version = 1,
                                     .digest = with(file_of("basic.json"), "refvendor-msh", "msh-2")};
  o.held_n = 2;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    o.bearer = token_of(rows[i].scope, rows[i].more);
    office_ask_as(&o, "GET", "/AuditEvent", JSON, STR(""));
    cr_expect_eq(o.code, rows[i].n < 0 ? 403 : 200, "%s: %d", rows[i].what, o.code);
    struct str total = arena_printf(a, "\"total\": %d,", rows[i].n);
    cr_expect(rows[i].n < 0 || says(total.p), "%s: %.*s", rows[i].what, STR_F(o.body));
    office_ask_as(&o, "GET", "/AuditEvent/2", JSON, STR(""));
    cr_expect_eq(o.code, rows[i].n == 2 ? 200 : 403, "%s reads: %d", rows[i].what, o.code);
  }
  o.bearer = token_of(CRS, SENDER);
  office_ask_as(&o, "POST", "/AuditEvent/_search", "application/x-www-form-urlencoded", STR("cpr=2512489996"));
  cr_expect(o.code == 200 && says("\"total\": 1,"), "%d %.*s", o.code, STR_F(o.body));
  o.bearer = STR("");
  office_ask_as(&o, "GET", "/metadata", JSON, STR(""));
  cr_expect_eq(o.code, 200, "what it can is told to anybody");
}

/* ---- faults ---- */

Test(eds, it_can_refuse_or_lose_on_purpose) {
  static const struct {
    enum fault_kind kind;
    int status, code;
    const char *says;
  } rows[] = {{FAULT_UNFIT, 0, 422, "OperationOutcome"},
              {FAULT_FORBIDDEN, 0, 403, "OperationOutcome"},
              {FAULT_UNAUTHORIZED, 0, 401, "OperationOutcome"},
              {FAULT_UNAVAILABLE, 503, 503, "unavailable"},
              {FAULT_CUT, 0, 0, ""},
              {FAULT_LOST_ANSWER, 0, 0, ""},
              {FAULT_DELAY, 0, 201, "AuditEvent"}};
  office_open_with(&o, "eds", &(struct endpoint_config){0});
  o.misbehave = o.may_fail = true;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    o.fault = (struct fault){
        .kind = rows[i].kind, .on = FAULT_RECEIVED, .nth = 1, .count = 1, .ms = 10, .status = rows[i].status};
    office_ask_as(&o, "POST", "/AuditEvent", JSON, STR(SOME_EVENT));
    cr_expect_eq(o.code, rows[i].code, "%s: %d", fault_rows[rows[i].kind].name, o.code);
    cr_expect(says(rows[i].says), "%s: %.*s", fault_rows[rows[i].kind].name, STR_F(o.body));
  }
}
