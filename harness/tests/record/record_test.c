#include "record/record.h"

#include <criterion/criterion.h>
#include <string.h>

/* The head of a picture. */
#define PNG "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\2\0\0\0\1"

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(record, .init = set_up, .fini = tear_down);

static const struct rule rule = {"test.rule", SEV_ERROR, "a source", "English", "dansk"};

static struct record_step *add_step(struct record_case *c, const char *id, enum verdict v) {
  struct record_step *s = VEC_ADD(a, &c->steps);
  s->id = s->number = str_z(id);
  s->word = STR("expect");
  s->verdict = v;
  findings_init(&s->findings, a);
  return s;
}

static void fill_step(struct record_step *s) {
  s->action = (struct text){STR("Do"), STR("Gør")};
  s->test_data = (struct text){STR("data"), STR("data")};
  s->expected = (struct text){STR("It comes"), STR("Det kommer")};
  s->actual = (struct text){STR(""), STR("kun dansk")};
  s->optional = true;
  s->suggests = STR("F2");
  s->assessment = ASSESSMENT_F3;
  s->reason = STR("forward: false");
  s->owner = STR("vendor");
  s->at = 1767603601000;
  s->answered_by = STR("Eva");
  VEC_PUSH(a, &s->verifies, STR("R1"));
  VEC_PUSH(a, &s->verifies, STR("R2"));
  VEC_PUSH(a, &s->exchanges, STR("m1"));
  s->either = STR("way");
  VEC_PUSH(a, &s->assessments, ((struct record_assessment){ASSESSMENT_F1, STR("JD"), STR("seen"), 5}));
  VEC_PUSH(a, &s->assessments, ((struct record_assessment){ASSESSMENT_F3, STR("EE"), STR("mended"), 6}));
  VEC_PUSH(a, &s->revisions, ((struct record_revision){VERDICT_PASS, VERDICT_FAIL, STR("JD"), STR("ours"), 7}));
  VEC_PUSH(a, &s->disputes,
           ((struct record_dispute){1, STR("test.rule"), STR("AB"), STR("we are right"), 9, STR("EE"), STR("no"), 10}));
  VEC_PUSH(a, &s->evidence,
           ((struct record_evidence){STR("screen.png"), STR("00ff"), STR("image/png"), STR_INIT(PNG)}));
  s->system_version = STR("2.1");
  s->stands_by = STR("MC");
  s->stands_why = STR("agreed");
  s->inserted_by = STR("EE");
  s->inserted_why = STR("any type");
  s->carried_from = STR("20260101-abc");
  s->confirmed_by = STR("JD");
  struct record_attempt *at = VEC_ADD(a, &s->attempts);
  *at = (struct record_attempt){.number = 1,
                                .verdict = VERDICT_FAIL,
                                .stands = true,
                                .system_version = STR("2.0"),
                                .by = STR("MC"),
                                .why = STR("mended"),
                                .at = 8,
                                .actual = {STR("Nothing"), STR("Intet")},
                                .assessment = ASSESSMENT_F2,
                                .answered_by = STR("Eva")};
  VEC_PUSH(a, &at->exchanges, STR("m1"));
  VEC_PUSH(a, &at->evidence, ((struct record_evidence){.name = STR("old.png"), .digest = STR("11ff")}));
  findings_init(&at->findings, a);
  FINDING(&at->findings, &rule, (struct place){0});
  struct finding *f = FINDING(&s->findings, &rule, ((struct place){STR("m1"), 1, 2, STR("a.b")}));
  struct reasons why = {0};
  f->profile = STR("http://p|1");
  f->element = STR("Patient.name");
  f->found = STR("Anna");
  f->expression = STR("exists()");
  f->constraint = STR("ex-1");
  f->issue = STR("KI-1");
  reasons_add(&why, a, 0, ((struct place){STR("m1"), 3, 4, STR("a.b.c")}), (struct said){STR("no"), STR("nej")});
  reasons_add(&why, a, 1, (struct place){0}, said_same(STR("x")));
  findings_explain(&s->findings, f, &why);
}

static void add_exchange(struct record *r, const char *id, struct str bytes, struct str payload) {
  struct record_exchange *x = VEC_ADD(a, &r->exchanges);
  *x = (struct record_exchange){.id = str_z(id),
                                .name = STR("first"),
                                .outbound = true,
                                .at = 1767603602000,
                                .case_id = STR("3.1"),
                                .step = STR("3.1.1"),
                                .via = STR("http"),
                                .file = STR("a.xml"),
                                .digest = STR("abcd"),
                                .size = bytes.n,
                                .bytes = bytes,
                                .payload = payload,
                                .status = STR("202"),
                                .failure = STR("reset"),
                                .fault = STR("cut"),
                                .lost = true,
                                .near_miss_en = STR("nearly"),
                                .near_miss_da = STR("næsten")};
  facts_init(&x->facts, a);
  facts_put(&x->facts, STR("header.id"), STR("1"));
  findings_init(&x->findings, a);
  FINDING(&x->findings, &rule, (struct place){0});
}

static struct record *full_record(void) {
  struct record *r = ARENA_NEW(a, struct record);
  *r = (struct record){.run = STR("r1"),
                       .started = 1,
                       .ended = 2,
                       .mode = STR("self-test"),
                       .course = STR("course-1"),
                       .decision = {true, STR("JD"), STR("fine"), STR("2026-05-04"), STR("Odense"), 8},
                       .seed = STR("7"),
                       .program = STR("0.1.0"),
                       .clock_scale = STR("60"),
                       .protocol = STR("p"),
                       .protocol_version = STR("5.10"),
                       .protocol_digest = STR("d1"),
                       .role = STR("sender"),
                       .standard = STR("S"),
                       .standard_danish = STR("D"),
                       .standard_version = STR("5.0"),
                       .standard_type = STR("HL7 FHIR"),
                       .title = {STR("T"), STR("Titel")},
                       .vendor = STR("V"),
                       .contact = STR("C"),
                       .system = STR("Sys"),
                       .system_version = STR("1.0"),
                       .system_type = STR("EHR"),
                       .vendor_digest = STR("d2"),
                       .verdict = VERDICT_FAIL};
  facts_init(&r->capabilities, a);
  facts_put(&r->capabilities, STR("forward"), STR("false"));
  VEC_PUSH(a, &r->parameters, ((struct record_parameter){STR("resends"), STR("2"), STR("governance")}));
  VEC_PUSH(a, &r->packages, STR("a@1.0"));
  VEC_PUSH(a, &r->standards, ((struct record_standards){.digest = STR("d3"), .since = 5}));
  VEC_PUSH(a, &r->issues,
           ((struct record_issue){.id = STR("KI-1"),
                                  .rule = STR("test.*"),
                                  .effect = STR("warn"),
                                  .reason = {STR("agreed"), STR("aftalt")},
                                  .by = STR("EE"),
                                  .expires = STR("2026-12-31"),
                                  .expired = true,
                                  .applied = 3}));
  VEC_PUSH(a, &r->fidelity, ((struct record_fidelity){STR("differs"), {STR("other"), STR("anden")}}));
  r->fidelity_program = STR("0.2.0");
  findings_init(&r->findings, a);
  FINDING(&r->findings, &rule, ((struct place){.message = STR("m2")}));
  struct record_case *c = VEC_ADD(a, &r->cases);
  *c = (struct record_case){.id = STR("3.1"),
                            .title = {STR("New"), STR("Ny")},
                            .status = STR("mandatory"),
                            .reason = STR("not chosen"),
                            .verdict = VERDICT_FAIL};
  fill_step(add_step(c, "3.1.1", VERDICT_FAIL));
  add_step(c, "3.1.2", VERDICT_NONE);
  VEC_ADD(a, &r->cases)->id = STR("3.2");
  add_exchange(r, "m1", STR("<x>æ</x>\n"), STR("\xff\x00\x01 binary"));
  add_exchange(r, "m2", STR(""), STR("{\"a\": \"\\u0000\"}"));
  return r;
}

static struct str written(const struct record *r) {
  struct buf b;
  buf_init(&b, 8 << 20);
  record_write(&b, r);
  cr_assert(!b.full);
  return buf_take(&b, a);
}

static struct record *read_back(struct str json) {
  struct error e;
  struct record *back = NULL;
  int rc = record_read(&back, a, json, STR("record.json"), &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  return back;
}

Test(record, nothing_is_lost) {
  struct str json = written(full_record());
  struct record *r = read_back(json);
  cr_expect(str_eq(written(r), json));
  const struct record_step *s = &r->cases.v[0].steps.v[0];
  cr_expect(str_eqz(s->actual.da, "kun dansk"));
  cr_expect_eq(s->actual.en.n, 0);
  cr_expect(s->optional);
  cr_expect_eq(s->at, 1767603601000);
  cr_expect(str_eqz(s->verifies.v[1], "R2"));
  cr_expect(str_eqz(s->evidence.v[0].digest, "00ff"));
  cr_expect(str_eqz(s->evidence.v[0].media, "image/png"));
  cr_expect(r->fidelity.n == 1 && str_eqz(r->fidelity.v[0].text.da, "anden"));
  cr_expect(str_eq(s->evidence.v[0].bytes, (struct str)STR_INIT(PNG)));
  cr_expect_eq(s->findings.list.v[0].where.col, 2);
  cr_expect(str_eqz(s->either, "way"));
  cr_assert(s->assessments.n == 2 && s->revisions.n == 1);
  cr_expect_eq(s->assessments.v[0].assessment, ASSESSMENT_F1);
  cr_expect(str_eqz(s->assessments.v[1].by, "EE") && s->assessments.v[1].at == 6);
  cr_expect(s->revisions.v[0].verdict == VERDICT_PASS && s->revisions.v[0].was == VERDICT_FAIL);
  cr_expect(str_eqz(s->revisions.v[0].why, "ours"));
  const struct finding *f = &s->findings.list.v[0];
  cr_expect(str_eqz(f->profile, "http://p|1") && str_eqz(f->element, "Patient.name"));
  cr_expect(str_eqz(f->found, "Anna") && str_eqz(f->expression, "exists()"));
  cr_assert_eq(f->reasons.n, 2);
  cr_expect(f->reasons.v[0].where.line == 3 && str_eqz(f->reasons.v[0].text.da, "nej"));
  cr_expect(f->reasons.v[1].depth == 1 && str_eqz(f->reasons.v[1].text.en, "x"));
  cr_expect(str_eqz(r->standard_type, "HL7 FHIR") && str_eqz(r->course, "course-1"));
  cr_expect(r->decision.approved && str_eqz(r->decision.place, "Odense") && r->decision.at == 8);
  cr_assert(r->packages.n == 1 && r->standards.n == 1);
  cr_expect(str_eqz(r->packages.v[0], "a@1.0") && str_eqz(r->standards.v[0].digest, "d3"));
  cr_expect_eq(r->standards.v[0].since, 5);
  cr_expect(str_eqz(facts_get(&r->capabilities, "forward"), "false"));
  cr_expect(str_eqz(r->parameters.v[0].source, "governance"));
}

/* A file says what it likes of itself: what is no picture is shown by nobody as one. */
Test(record, only_pictures_are_read_as_pictures) {
  static const struct {
    const char *json, *media;
    size_t n;
  } rows[] = {{"\"media\":\"text/html\",\"bytes64\":\"iVBORw0KGgoAAAANSUhEUgAAAAIAAAAB\"", "image/png", 24},
              {"\"media\":\"image/png\",\"bytes64\":\"PHNjcmlwdD4=\"", "", 0},
              {"\"media\":\"image/png\"", "", 0}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct record *r;
    struct error e;
    struct str json = arena_printf(
        a, "{\"version\":2,\"cases\":[{\"id\":\"1\",\"steps\":[{\"id\":\"1\",\"evidence\":[{%s}]}]}]}", rows[i].json);
    cr_assert_eq(record_read(&r, a, json, STR("r.json"), &e), 0, "%s", e.text);
    const struct record_evidence *x = &r->cases.v[0].steps.v[0].evidence.v[0];
    cr_expect(str_eqz(x->media, rows[i].media), "row %zu", i);
    cr_expect_eq(x->bytes.n, rows[i].n, "row %zu", i);
  }
}

/* The bytes of messages are evidence: each byte must come back. */
Test(record, what_is_agreed_upon_and_contested_is_kept) {
  const struct record *r = read_back(written(full_record()));
  const struct record_step *s = &r->cases.v[0].steps.v[0];
  const struct finding *f = &s->findings.list.v[0];
  cr_expect(str_eqz(f->constraint, "ex-1") && str_eqz(f->issue, "KI-1"));
  cr_assert(s->disputes.n == 1 && r->issues.n == 1 && r->findings.list.n == 1);
  cr_expect(s->disputes.v[0].finding == 1 && str_eqz(s->disputes.v[0].answer, "no") &&
            s->disputes.v[0].answered_at == 10);
  cr_expect(r->issues.v[0].expired && r->issues.v[0].applied == 3 && str_eqz(r->issues.v[0].reason.da, "aftalt"));
  cr_expect(str_eqz(r->findings.list.v[0].where.message, "m2"));
}

Test(record, bytes_come_back_whatever_they_are) {
  struct record *r = read_back(written(full_record()));
  const struct record_exchange *x = record_exchange_find(r, STR("m1"));
  cr_assert_not_null(x);
  cr_expect(str_eqz(x->bytes, "<x>æ</x>\n"));
  cr_expect(str_eq(x->payload, STR("\xff\x00\x01 binary")));
  cr_expect_eq(x->size, x->bytes.n);
  cr_expect(x->outbound);
  cr_expect(x->lost && str_eqz(x->status, "202") && str_eqz(x->failure, "reset") && str_eqz(x->fault, "cut"));
  cr_expect(str_eqz(x->near_miss_da, "næsten"));
  cr_expect_null(record_exchange_find(r, STR("m3")));
}

Test(record, an_empty_record_is_one_too) {
  struct record *r = ARENA_NEW(a, struct record);
  facts_init(&r->capabilities, a);
  struct record *back = read_back(written(r));
  cr_expect_eq(back->cases.n, 0);
  cr_expect_eq(back->verdict, VERDICT_NONE);
  cr_expect(str_eq(written(back), written(r)));
}

/* What older programs wrote stays readable: a version 1 record has assessments without a history. */
Test(record, version_1_is_read) {
  struct record *r =
      read_back(STR("{\"version\": 1, \"mode\": \"certify\", \"ended\": 5, \"cases\": [{\"id\": \"3.1\", \"status\": "
                    "\"mandatory\", \"verdict\": \"pass\", \"steps\": [{\"id\": \"3.1.1\", \"verdict\": \"pass\", "
                    "\"assessment\": \"F4\"}]}]}"));
  struct sum sum;
  cr_expect_eq(r->cases.v[0].steps.v[0].assessment, ASSESSMENT_F4);
  cr_expect_eq(r->cases.v[0].steps.v[0].assessments.n, 0);
  record_sum(&sum, a, r, STR(""));
  cr_expect(sum_certifiable(&sum));
}

/* The algebra's own table has the rules; here: that a record is laid out for it as it should be. */
Test(record, what_blocks_is_written_beside_it) {
  struct sum sum;
  struct record *r = full_record();
  r->mode = STR(RECORD_CERTIFY);
  record_sum(&sum, a, r, STR(""));
  cr_assert_eq(sum.blocks.n, 4);
  static const enum block_why want[] = {BLOCK_CLOCK, BLOCK_NOT_CHOSEN, BLOCK_FAULT, BLOCK_NOT_EXECUTED};
  for (size_t i = 0; i < 4; i++)
    cr_expect_eq(sum.blocks.v[i].why, want[i], "%zu: %s", i, block_name(sum.blocks.v[i].why));
  struct str json = written(r);
  cr_expect_neq(str_find(json, STR("\"certifiable\": false"), 0), SIZE_MAX);
  cr_expect_neq(str_find(json, STR("\"en\": \"3.1.1: assessed F3\""), 0), SIZE_MAX);
}

Test(record, counting) {
  struct record *r = full_record();
  cr_expect_eq(record_count(r, VERDICT_FAIL), 1);
  cr_expect_eq(record_count(r, VERDICT_NONE), 1);
  cr_expect_eq(record_count(r, VERDICT_PASS), 0);
}

Test(record, what_is_no_record_is_refused) {
  static const struct {
    const char *json;
    enum error_code code;
    int line;
  } cases[] = {
      {"", ERR_SYNTAX, 1},
      {"[]", ERR_SYNTAX, 1},
      {"{}", ERR_SYNTAX, 1},
      {"{\"version\": 3}", ERR_UNSUPPORTED, 1},
      {"{\"version\": 1,\n\"run\": 5}", ERR_SYNTAX, 2},
      {"{\"version\": 1,\n\"verdict\": \"great\"}", ERR_SYNTAX, 2},
      {"{\"version\": 1,\n\"cases\": [1]}", ERR_SYNTAX, 2},
      {"{\"version\": 1,\n\"cases\": [{\"steps\": [{\"verifies\": [{}]}]}]}", ERR_SYNTAX, 2},
      {"{\"version\": 1,\n\"exchanges\": [{\"bytes64\": \"!\"}]}", ERR_SYNTAX, 2},
      {"{\"version\": 1,\n\"title\": \"x\"}", ERR_SYNTAX, 2},
      {"{\"version\": 2,\n\"cases\": [{\"steps\": [{\"assessment\": \"F5\"}]}]}", ERR_SYNTAX, 2},
      {"{\"version\": 2,\n\"cases\": [{\"steps\": [{\"revisions\": [{\"verdict\": \"good\"}]}]}]}", ERR_SYNTAX, 2},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct error e = {0};
    struct record *r;
    cr_expect_eq(record_read(&r, a, str_z(cases[i].json), STR("x.json"), &e), -1, "accepted: %s", cases[i].json);
    cr_expect_eq(e.code, cases[i].code, "%s: %s", cases[i].json, e.text);
    cr_expect_eq(e.line, cases[i].line, "%s: %s", cases[i].json, e.text);
    cr_expect_str_eq(e.file, "x.json");
  }
}
