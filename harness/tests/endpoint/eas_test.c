/* EHMI's addressing service: what is asked, what is answered, and that the answers are valid by its own profiles. */
#include "base/file.h"
#include "endpoint/eas_answer.h"
#include "endpoint/eer_resources.h"
#include "fhir/resource.h"
#include "tests/endpoint/judge.h"
#include "tests/endpoint/office.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define JSON "application/fhir+json"
#define CASES_MAX ((size_t)1 << 20)
#define QUERY_MAX 10
#define HCO                                                                                                            \
  "urn:dk:healthcare:medcom:messaging:fhir:structuredefinition::homecareobservation-message##"                         \
  "urn:dk:medcom:fhir:homecareobservation-message::"
#define HCO_ID "urn:dk:healthcare:medcom:messaging:fhir:structuredefinition:homecareobservation:"
#define ACK_ID "urn:dk:healthcare:medcom:messaging:fhir:structuredefinition:acknowledgement:2.0"

static const struct node *parse(struct arena *a, struct str bytes) {
  struct findings f;
  struct node *root = NULL;
  enum resource_form form;
  findings_init(&f, a);
  cr_assert_eq(resource_read(&root, &form, a, (struct source){STR("body"), bytes}, &f), 0, "%.*s", STR_F(bytes));
  return root;
}

/* --- asking --- */

static void split_query(struct eas_asking *in, struct arena *a, struct str query) {
  struct fact *list = ARENA_ARRAY(a, struct fact, QUERY_MAX);
  while (query.n) {
    struct str value = str_cut(&query, '&'), name = str_cut(&value, '=');
    cr_assert_lt(in->query_n, (size_t)QUERY_MAX);
    list[in->query_n++] = (struct fact){name, value};
  }
  in->query = list;
}

/* "severity rule line:column", a line each. */
static struct str told(struct arena *a, const struct findings *f) {
  struct str out = {0};
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    out = arena_printf(a, "%.*s=> %s %.*s %d:%d\n", STR_F(out), severity_name(x->severity), STR_F(x->rule),
                       x->where.line, x->where.col);
    cr_expect(x->en.n && x->da.n && str_find(x->en, STR("{"), 0) == SIZE_MAX, "%.*s", STR_F(x->en));
  }
  return out;
}

/* eas_requests.cases: operation, type ("-": none) and method; the body or the query; what is found; "---". */
Test(eas, each_mistake_and_each_spelling_has_its_rule_and_its_place) {
  struct arena *a = arena_new(0);
  struct str rest;
  struct error e;
  size_t n = 0;
  cr_assert_eq(file_read(&rest, a, TEST_DATA "/eas_requests.cases", CASES_MAX, &e), 0, "%s", e.text);
  for (; rest.n; n++) {
    size_t end = str_find(rest, STR("---\n"), 0);
    struct str text = str_sub(rest, 0, end), line = str_cut(&text, '\n');
    size_t arrow = str_find(text, STR("=> "), 0);
    struct str body = str_trim(str_sub(text, 0, arrow)),
               wanted = arrow == SIZE_MAX ? STR("") : str_sub(text, arrow, text.n);
    struct eas_asking in = {.operation = str_cut(&line, ' '), .type = str_cut(&line, ' ')};
    struct eas_request q;
    struct findings f;
    findings_init(&f, a);
    in.get = str_eqz(line, "GET");
    if (str_eqz(in.type, "-")) in.type = (struct str){0};
    if (in.get)
      split_query(&in, a, body);
    else if (body.n)
      in.body = parse(a, body);
    eas_request_read(&q, a, &in, &f);
    struct str found = told(a, &f);
    cr_expect(str_eq(found, wanted), "case %zu %.*s\nfound\n%.*s\nnot\n%.*s", n, STR_F(in.operation), STR_F(found),
              STR_F(wanted));
    rest = str_sub(rest, end + 4, rest.n);
  }
  cr_assert_geq(n, (size_t)25);
  arena_free(a);
}

Test(eas, takes_no_more_parameters_than_it_can_hold) {
  struct arena *a = arena_new(0);
  struct buf b;
  buf_init(&b, CASES_MAX);
  buf_addz(&b, "{\"resourceType\":\"Parameters\",\"parameter\":[");
  for (int i = 0; i <= EAS_PARAMETERS_MAX; i++)
    buf_printf(&b, "%s{\"name\":\"postalCode\",\"valueString\":\"9994\"}", i ? "," : "");
  buf_addz(&b, "]}");
  struct eas_asking in = {.operation = STR("getListOfGpByPostalCode"), .type = STR("Organization")};
  struct eas_request q;
  struct findings f;
  findings_init(&f, a);
  in.body = parse(a, buf_take(&b, a));
  eas_request_read(&q, a, &in, &f);
  cr_expect_eq(q.keys.n, (size_t)EAS_PARAMETERS_MAX);
  cr_expect(str_eqz(f.list.v[0].rule, "eas.parameters.many"));
  arena_free(a);
}

Test(eas, one_message_type_however_it_is_written) {
  static const struct {
    const char *x, *y;
    bool same;
  } rows[] = {{HCO "1.1", HCO_ID "1.1", true},
              {HCO "1.2", HCO_ID "1.1", false},
              {HCO_ID "1.1", HCO_ID "1.1", true},
              {HCO "1.1", ACK_ID, false},
              {"urn:x", "urn:x", true},
              {"urn:x", "urn:y", false},
              {HCO "1.1", "structuredefinition:", false},
              {"", HCO "1.1", false},
              {HCO "", HCO "", true}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_expect_eq(eas_same_type(str_z(rows[i].x), str_z(rows[i].y)), rows[i].same, "%zu", i);
    cr_expect_eq(eas_same_type(str_z(rows[i].y), str_z(rows[i].x)), rows[i].same, "%zu", i);
  }
}

/* The requests that are published with the standard can be read; what they lack is noted. */
Test(eas, published_requests) {
  static const struct {
    const char *file, *operation, *noted;
  } rows[] = {
      {"Parameters-EX-GetListOfGpByPostalCode-Request.json", "getListOfGpByPostalCode", ""},
      {"Parameters-EX-GetReceivingOrganizationByGPId-Request.json", "getReceivingOrganizationByGPId", ""},
      {"Parameters-EX-GetReceivingOrganizationByPatientId-Request.json", "getReceivingOrganizationByPatientId",
       "=> warning eas.patient.system 14:6\n"},
      {"Parameters-EX-GetReceivingOrganizationBySORId-Request.json", "getReceivingOrganizationBySORId", ""},
  };
  struct arena *a = arena_new(0);
  const char *set = getenv("TESTCAMP_SHARED");
  char *dir = file_join(a, set ? set : TEST_ROOT "/../shared", "examples/dk.ehmi.eas-2.0.0");
  if (!file_is_dir(dir)) cr_skip_test("published_requests: the shared examples are not here");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str bytes;
    struct error e;
    struct eas_request q;
    struct findings f;
    findings_init(&f, a);
    cr_assert_eq(file_read(&bytes, a, file_join(a, dir, rows[i].file), CASES_MAX, &e), 0, "%s", e.text);
    struct eas_asking in = {
        .operation = str_z(rows[i].operation), .type = STR("Organization"), .body = parse(a, bytes)};
    eas_request_read(&q, a, &in, &f);
    cr_expect(str_eqz(told(a, &f), rows[i].noted), "%s: %.*s", rows[i].file, STR_F(told(a, &f)));
    cr_expect_geq(q.keys.n, (size_t)1);
  }
  arena_free(a);
}

/* --- answering --- */

static const struct sor_register *shipped(struct arena *a) {
  struct sor_register *r;
  struct error e;
  cr_assert_eq(sor_register_load(&r, a, TEST_ROOT, &e), 0, "%s", e.text);
  return r;
}

static void find(struct eas_answer *out, struct arena *a, enum eas_key key, const char *keys, const char *types,
                 struct findings *f) {
  struct eas_request q = {.operation = &eas_operations[key]};
  struct str some = str_z(keys), wanted = str_z(types);
  while (some.n) VEC_PUSH(a, &q.keys, ((struct eas_value){str_cut(&some, ' '), NULL}));
  while (wanted.n) VEC_PUSH(a, &q.types, ((struct eas_value){str_cut(&wanted, ' '), NULL}));
  findings_init(f, a);
  eas_answer_find(out, a, shipped(a), &q, f);
}

/* Each use case of an error, and each of an answer. */
Test(eas, who_is_answered_and_why_nobody) {
  static const struct {
    enum eas_key key;
    const char *keys, *types, *units; /* names in the register, with a blank between */
    const char *why;                  /* NULL: nothing is left out */
  } rows[] = {
      {EAS_BY_PATIENT, "2512489996", "", "laegehus", NULL},
      {EAS_BY_PATIENT, "2512489996", HCO "1.2", "laegehus", NULL},
      {EAS_BY_PATIENT, "2512489996", HCO "9.9", "", "eas.message-type.unsupported"},
      {EAS_BY_PATIENT, "251248999", "", "", "eas.patient.invalid"},
      {EAS_BY_PATIENT, "0106059890", "", "", "eas.patient.unknown"},
      {EAS_BY_PATIENT, "2103009996", "", "", "eas.patient.group-2"},
      {EAS_BY_PATIENT, "2509479989", "", "", "eas.eer.none"},
      {EAS_BY_PRACTICE, "888801", ACK_ID, "laegehus", NULL},
      {EAS_BY_PRACTICE, "999999", "", "", "eas.sor.practice"},
      {EAS_BY_PRACTICE, "888807", "", "", "eas.eer.none"},
      {EAS_BY_PRACTICE, "888818", HCO_ID "1.1 " ACK_ID, "laegerne-eksempelvej", NULL},
      {EAS_BY_PRACTICE, "888818", HCO_ID "1.2 " ACK_ID, "", "eas.message-type.unsupported"},
      {EAS_BY_PRACTICE, "888821", HCO "1.1", "", "eas.message-type.unsupported"},
      {EAS_BY_SOR, "8888011000016005", "", "laegehus", NULL},
      {EAS_BY_SOR, "8888011000016005 8888011000016005", "", "laegehus", NULL},
      {EAS_BY_SOR, "8888021000016001 8888181000016001", HCO "1.2", "hjemmepleje", "eas.message-type.unsupported"},
      {EAS_BY_SOR, "8888111000016006", "", "sygeplejeklinik", NULL}, /* the endpoint of the unit above */
      {EAS_BY_SOR, "8888171000016003", "", "lukket-laegehus", NULL}, /* whose endpoint says that it is off */
      {EAS_BY_SOR, "1", "", "", "eas.sor.unit"},
      {EAS_BY_SOR, "8888161000016008", "", "", "eas.eer.none"},
      {EAS_BY_POSTAL_CODE, "9994", "", "laegehus", NULL},
      {EAS_BY_POSTAL_CODE, "9994 9995", "", "laegehus laegerne-eksempelvej laegerne-havnen", NULL},
      {EAS_BY_POSTAL_CODE, "", "", "laegehus laegerne-eksempelvej laegerne-havnen", NULL},
      {EAS_BY_POSTAL_CODE, "9996", "", "", "eas.sor.none"},
      {EAS_BY_POSTAL_CODE, "1000", "", "", "eas.sor.postal-code"},
  };
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct eas_answer x;
    struct findings f;
    struct str units = {0};
    find(&x, a, rows[i].key, rows[i].keys, rows[i].types, &f);
    for (size_t k = 0; k < x.units.n; k++)
      units = arena_printf(a, "%.*s%s%.*s", STR_F(units), k ? " " : "", STR_F(x.units.v[k]->id));
    const char *why = x.why == EAS_RULES_N ? NULL : eas_rule(x.why)->id;
    cr_expect(str_eqz(units, rows[i].units), "%zu %s: %.*s", i, rows[i].keys, STR_F(units));
    cr_expect(str_eq(str_z(why), str_z(rows[i].why)), "%zu %s: %s", i, rows[i].keys, why ? why : "nothing left out");
    cr_expect_eq(x.units.n == 0 && !why, false, "%zu", i);
  }
  arena_free(a);
}

/* Once for the answer, not once for each organisation. */
Test(eas, another_spelling_of_the_message_type_is_noted) {
  struct arena *a = arena_new(0);
  struct eas_answer x;
  struct findings f;
  find(&x, a, EAS_BY_SOR, "8888021000016001 8888011000016005", HCO_ID "1.1", &f);
  cr_expect_eq(x.units.n, (size_t)2);
  cr_expect_eq(f.list.n, (size_t)1);
  cr_expect(str_eqz(f.list.v[0].rule, "eas.message-type.spelling"));
  find(&x, a, EAS_BY_SOR, "8888021000016001", HCO "1.1", &f);
  cr_expect_eq(f.list.n, (size_t)0);
  arena_free(a);
}

/* Also those of a deviation: the EHMI profile can make an error of it. */
Test(eas, the_rules_have_statuses_and_both_texts) {
  for (size_t i = 0; i < eas_rules_n; i++) {
    const struct rule *r = &eas_rules[i];
    cr_assert(r->id && r->en && r->da && r->source, "%zu", i);
    cr_expect_geq(eas_answers[i].status, 200, "%s", r->id);
    cr_expect_not_null(eas_answers[i].code, "%s", r->id);
  }
}

/* Every unit that EER knows, and every practice: eas-messaging-organization and EER's endpoint. */
Test(eas, answers_are_valid_by_its_profiles) {
  struct arena *a = arena_new(0);
  const struct sor_register *r = shipped(a);
  struct eas_answer x = {.why = EAS_RULES_N};
  for (size_t i = 0; i < r->units.n; i++)
    if (eer_endpoint_of(r->units.v[i])) VEC_PUSH(a, &x.units, r->units.v[i]);
  cr_assert_gt(x.units.n, (size_t)8);
  judge_is_fine(a, eas_bundle(a, &x, STR("http://eas.example")));
  arena_free(a);
}

Test(eas, an_answer_without_an_endpoint_would_be_seen) {
  struct arena *a = arena_new(0);
  struct node *o = eas_organization(a, sor_register_find(shipped(a), STR("laegehus")));
  cr_expect_eq(judge_errors(a, o), (size_t)0);
  node_remove(node_child(o, "endpoint"));
  cr_expect_gt(judge_errors(a, o), (size_t)0);
  arena_free(a);
}

/* --- over HTTP --- */

static bool says(const struct office *o, const char *text) {
  return str_find(o->body, str_z(text), 0) != SIZE_MAX;
}

static bool is_fact(const struct office *o, const char *name, const char *value) {
  return str_eqz(facts_get(&o->facts, name), value);
}

static void ask(struct office *o, const char *operation, const char *key, const char *value, const char *type) {
  struct str more = {0};
  if (type) more = arena_printf(o->arena, ",{\"name\":\"messageType\",\"valueString\":\"%s\"}", type);
  struct str body = arena_printf(
      o->arena, "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"%s\",\"valueString\":\"%s\"}%.*s]}", key,
      value, STR_F(more));
  office_ask_as(o, "POST", arena_printf(o->arena, "/Organization/$%s", operation).p, JSON, body);
}

Test(eas, a_receiver_over_http) {
  struct office o;
  office_open(&o, "eas", "");
  ask(&o, "getReceivingOrganizationByGPId", "gpId", "888801", HCO "1.2");
  cr_expect_eq(o.code, 200, "%.*s", STR_F(o.body));
  cr_expect(says(&o, "\"resourceType\": \"Bundle\"") && says(&o, "5790008888018"));
  cr_expect(str_eqz(o.via, "eas"));
  cr_expect(is_fact(&o, "rest.interaction", "operation"));
  cr_expect(is_fact(&o, "rest.type", "Organization"));
  cr_expect(is_fact(&o, "eas.operation", "getReceivingOrganizationByGPId"));
  cr_expect(is_fact(&o, "eas.gp", "888801"));
  cr_expect(is_fact(&o, "eas.message-type", HCO "1.2"));
  cr_expect(is_fact(&o, "eas.result", "bundle"));
  cr_expect(is_fact(&o, "eas.gln", "5790008888018"));
  cr_expect(is_fact(&o, "eas.sor", "8888011000016005"));
  cr_expect(is_fact(&o, "eas.rule", "") && is_fact(&o, "eas.noted", ""));
  struct str first = o.body;
  ask(&o, "getReceivingOrganizationByGPId", "gpId", "888801", HCO "1.2");
  cr_expect(str_eq(first, o.body), "one question has one answer");
  judge_is_fine(o.arena, parse(o.arena, o.body));
  office_close(&o);
}

Test(eas, failures_notes_and_refusals_over_http) {
  static const struct {
    const char *operation, *key, *value, *type;
    int status;
    const char *result, *rule, *severity;
  } rows[] = {
      {"getReceivingOrganizationByGPId", "gpId", "999999", NULL, 404, "failure", "eas.sor.practice", "error"},
      {"getReceivingOrganizationByGPId", "gpId", "888807", NULL, 404, "failure", "eas.eer.none", "error"},
      {"getReceivingOrganizationByGPId", "gpId", "888818", HCO "1.2", 404, "failure", "eas.message-type.unsupported",
       "error"},
      {"getListOfGpByPostalCode", "postalCode", "9996", NULL, 200, "note", "eas.sor.none", "information"},
      {"getListOfGpByPostalCode", "postcode", "9994", NULL, 422, "none", "eas.parameter.unknown", "error"},
      {"getListOfGPs", "postalCode", "9994", NULL, 404, "none", "eas.operation.unknown", "error"},
  };
  struct office o;
  office_open(&o, "eas", "");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    ask(&o, rows[i].operation, rows[i].key, rows[i].value, rows[i].type);
    cr_expect_eq(o.code, rows[i].status, "%zu: %d", i, o.code);
    cr_expect(is_fact(&o, "eas.result", rows[i].result), "%zu", i);
    cr_expect(is_fact(&o, "eas.rule", rows[i].rule), "%zu", i);
    cr_expect(is_fact(&o, "eas.gln", ""), "%zu", i);
    cr_expect(says(&o, "OperationOutcome") && says(&o, rows[i].rule), "%zu: %.*s", i, STR_F(o.body));
    cr_expect(says(&o, arena_printf(o.arena, "\"severity\": \"%s\"", rows[i].severity).p), "%zu", i);
    judge_is_fine(o.arena, parse(o.arena, o.body));
  }
  office_close(&o);
}

Test(eas, what_is_no_request_of_it) {
  static const struct {
    const char *method, *path, *type, *body;
    int status;
    const char *says;
  } rows[] = {
      {"POST", "/Organization/$getListOfGpByPostalCode", JSON, "{", 400, "eas.body.unreadable"},
      {"POST", "/Organization/$getListOfGpByPostalCode", JSON, "", 400, "eas.body.missing"},
      {"POST", "/Organization/$getListOfGpByPostalCode", "text/plain", "{}", 400, "Content-Type"},
      {"POST", "/Organization/$getListOfGpByPostalCode", JSON, "<Parameters xmlns=\"http://hl7.org/fhir\"/>", 400,
       "another form"},
      {"POST", "/Organization/$getListOfGpByPostalCode", "application/fhir+xml",
       "<Parameters xmlns=\"http://hl7.org/fhir\"/>", 200, "<Bundle"},
      {"PUT", "/Organization/$getListOfGpByPostalCode", JSON, "", 405, "GET, POST"},
      {"GET", "/Organization/8888011000016005", "", "", 405, "OperationOutcome"},
      {"POST", "/Organization", JSON, "{\"resourceType\":\"Organization\"}", 405, "OperationOutcome"},
      {"GET", "/Device?identifier=x", "", "", 404, "only Organization"},
      {"GET", "/metadata", "", "", 200, "OperationDefinition/GetListOfGpByPostalCode"},
  };
  struct office o;
  office_open(&o, "eas", "");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    office_ask_as(&o, rows[i].method, rows[i].path, rows[i].type, str_z(rows[i].body));
    cr_expect_eq(o.code, rows[i].status, "%zu: %d %.*s", i, o.code, STR_F(o.body));
    cr_expect(says(&o, rows[i].says), "%zu: %.*s", i, STR_F(o.body));
  }
  office_close(&o);
}
