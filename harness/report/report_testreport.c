/* FHIR TestReport (R4) in JSON: a case is a test, a step an action: what sends, waits or asks is an operation, what
 * only judges an assertion. Valid under hl7.fhir.r4.core. MedCom's own assessment has no place in it: `result` is the
 * machine's. */
#include "base/clock.h"
#include "formats/json.h"
#include "record/find_again.h"
#include "report/report_int.h"

struct testreport {
  struct json_writer w;
  const struct record *r;
  struct arena *a;
};

/* By verdict: TestReport.test.action.*.result (report-action-result-codes). */
static const char *const results[VERDICTS] = {
    [VERDICT_NONE] = "skip",    [VERDICT_PASS] = "pass", [VERDICT_NOT_APPLICABLE] = "skip",
    [VERDICT_WAITING] = "skip", [VERDICT_FAIL] = "fail", [VERDICT_INCONCLUSIVE] = "warning",
    [VERDICT_ERROR] = "error",
};

/* Words whose step only looks at what is there. */
static bool is_assertion(struct str word) {
  static const char *const words[] = {"assert",      "validate", "capture", "diff",
                                      "expect-none", "manual",   "explain", "unsupported"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eqz(word, words[i])) return true;
  return false;
}

/* A FHIR string is not empty, and holds no control characters. */
static void put(struct testreport *t, const char *key, struct str value) {
  value = str_trim(report_visible(t->a, value));
  if (value.n) json_put_str(&t->w, key, value);
}

static struct str with(struct testreport *t, struct str text, struct str more) {
  if (!more.n) return text;
  return text.n ? arena_printf(t->a, "%.*s\n%.*s", STR_F(text), STR_F(more)) : more;
}

/* The commands that find it again and explain it, a line each. */
static struct str with_commands(struct testreport *t, struct str text, const struct finding *f) {
  if (f->severity == SEV_INFO) return text;
  text = with(t, text, again_command(t->a, t->r->run, f));
  return with(t, text, again_explain(t->a, f));
}

/* Which step, what was found, then each finding on a line with the commands under it; last the one that plays the step
 * again. */
static struct str message_of(struct testreport *t, const struct record_case *c, const struct record_step *s) {
  struct str text =
      with(t, arena_printf(t->a, "%.*s %.*s", STR_F(s->id), STR_F(s->word)), report_text(s->actual, REPORT_EN));
  enum verdict v = report_verdict(c, s);
  if (v == VERDICT_NOT_APPLICABLE) text = with(t, text, s->reason.n ? s->reason : c->reason);
  if (v != VERDICT_PASS && v != VERDICT_FAIL) text = with(t, text, str_z(verdict_name(v)));
  for (size_t i = 0; i < s->findings.list.n; i++) {
    const struct finding *f = &s->findings.list.v[i];
    text = with(t, text,
                arena_printf(t->a, "%s %.*s: %.*s", severity_name(f->severity), STR_F(f->rule),
                             STR_F(report_finding_text(f, REPORT_EN))));
    text = with_commands(t, text, f);
  }
  return with(t, text, again_step(t->a, t->r->run, s->id, s->verdict));
}

static void put_action(struct testreport *t, const struct record_case *c, const struct record_step *s) {
  json_begin_object(&t->w, NULL);
  json_begin_object(&t->w, is_assertion(s->word) ? "assert" : "operation");
  json_put_z(&t->w, "result", results[report_verdict(c, s)]);
  put(t, "message", message_of(t, c, s));
  json_end(&t->w);
  json_end(&t->w);
}

static void put_test(struct testreport *t, const struct record_case *c) {
  json_begin_object(&t->w, NULL);
  put(t, "name", c->id);
  put(t, "description", report_text(c->title, REPORT_EN));
  json_begin_array(&t->w, "action");
  for (size_t i = 0; i < c->steps.n; i++) put_action(t, c, &c->steps.v[i]);
  json_end(&t->w);
  json_end(&t->w);
}

static void put_participant(struct testreport *t, const char *type, struct str uri, struct str display) {
  json_begin_object(&t->w, NULL);
  json_put_z(&t->w, "type", type);
  json_put_str(&t->w, "uri", uri);
  put(t, "display", display);
  json_end(&t->w);
}

static void put_participants(struct testreport *t) {
  const struct record *r = t->r;
  json_begin_array(&t->w, "participant");
  put_participant(t, "test-engine", STR("urn:testcamp"), arena_printf(t->a, "testcamp %.*s", STR_F(r->program)));
  put_participant(t, str_eqz(r->role, "sender") ? "client" : "server",
                  arena_printf(t->a, "urn:testcamp:vendor:%.*s", STR_F(str_sub(r->vendor_digest, 0, 16))),
                  arena_printf(t->a, "%.*s: %.*s %.*s", STR_F(r->vendor), STR_F(r->system), STR_F(r->system_version)));
  json_end(&t->w);
}

/* Of all that was judged, in per cent with one decimal. */
static void put_score(struct testreport *t) {
  size_t passed = report_count(t->r, VERDICT_PASS);
  size_t all = passed + report_count(t->r, VERDICT_FAIL) + report_count(t->r, VERDICT_INCONCLUSIVE) +
               report_count(t->r, VERDICT_ERROR);
  if (!all) return;
  size_t tenths = passed * 1000 / all;
  json_put_raw(&t->w, "score", arena_printf(t->a, "%zu.%zu", tenths / 10, tenths % 10));
}

/* A pass and a failure are final; anything else is still open. */
static const char *result_of(enum verdict v) {
  return v == VERDICT_PASS || v == VERDICT_NOT_APPLICABLE ? "pass" : v == VERDICT_FAIL ? "fail" : "pending";
}

static void put_head(struct testreport *t) {
  const struct record *r = t->r;
  json_put_z(&t->w, "resourceType", "TestReport");
  json_begin_object(&t->w, "identifier");
  json_put_z(&t->w, "system", "urn:testcamp:run");
  put(t, "value", r->run);
  json_end(&t->w);
  put(t, "name", arena_printf(t->a, "%.*s %.*s", STR_F(r->protocol), STR_F(r->protocol_version)));
  bool done = r->ended != 0 || r->verdict == VERDICT_PASS || r->verdict == VERDICT_FAIL;
  json_put_z(&t->w, "status", r->verdict == VERDICT_WAITING ? "waiting" : done ? "completed" : "in-progress");
  json_begin_object(&t->w, "testScript");
  put(t, "display", r->protocol);
  json_begin_object(&t->w, "identifier");
  json_put_z(&t->w, "system", "urn:testcamp:protocol");
  json_put_str(&t->w, "value", arena_printf(t->a, "%.*s|%.*s", STR_F(r->protocol), STR_F(r->protocol_version)));
  json_end(&t->w);
  json_end(&t->w);
  json_put_z(&t->w, "result", result_of(r->verdict));
  put_score(t);
  put(t, "tester", STR("testcamp"));
  if (r->started) json_put_str(&t->w, "issued", time_utc(t->a, r->started));
}

static void write_testreport(struct buf *out, const struct record *r, enum report_lang lang) {
  (void)lang; /* its codes and its readers are in English */
  struct testreport t = {.r = r, .a = arena_new(0)};
  json_writer_init(&t.w, out, 2);
  json_begin_object(&t.w, NULL);
  put_head(&t);
  put_participants(&t);
  bool any = false;
  for (size_t i = 0; i < r->cases.n; i++) {
    if (!r->cases.v[i].steps.n) continue; /* a test has at least one action */
    if (!any) json_begin_array(&t.w, "test");
    any = true;
    put_test(&t, &r->cases.v[i]);
  }
  if (any) json_end(&t.w);
  json_end(&t.w);
  buf_byte(out, '\n');
  arena_free(t.a);
}

const struct report_format report_testreport = {.name = "testreport", .extension = "json", .write = write_testreport};
