/* JUnit XML, in the shape that common CI servers read: a suite a case, a test a step. What could not be settled is
 * skipped with the reason in its message, so that it is neither green nor red. */
#include "base/clock.h"
#include "formats/xml.h"
#include "record/find_again.h"
#include "report/report_int.h"

struct junit {
  struct buf *out;
  const struct record *r;
  struct arena *a;
  struct sum sum; /* of the whole run */
};

struct tally {
  size_t tests, failures, errors, skipped;
  int64_t ms;
};

static void attr(struct junit *j, const char *name, struct str value) {
  buf_printf(j->out, " %s=\"", name);
  xml_escape_attr(j->out, report_visible(j->a, value));
  buf_byte(j->out, '"');
}

static void attr_ms(struct junit *j, int64_t ms) {
  buf_printf(j->out, " time=\"%jd.%03d\"", (intmax_t)(ms / 1000), (int)(ms % 1000));
}

/* What passed between the verdict before it in the case and its own; 0 when one of the stamps is not there. */
static int64_t step_ms(const struct record_case *c, size_t i) {
  if (i == 0 || !c->steps.v[i].at || c->steps.v[i - 1].at <= 0) return 0;
  int64_t ms = c->steps.v[i].at - c->steps.v[i - 1].at;
  return ms > 0 ? ms : 0;
}

static void tally_case(struct tally *t, const struct record_case *c) {
  for (size_t i = 0; i < c->steps.n; i++) {
    enum verdict v = c->steps.v[i].verdict;
    t->tests++;
    t->failures += v == VERDICT_FAIL;
    t->errors += v == VERDICT_ERROR;
    t->skipped += v != VERDICT_FAIL && v != VERDICT_ERROR && v != VERDICT_PASS;
    t->ms += step_ms(c, i);
  }
}

static void put_tally(struct junit *j, const struct tally *t) {
  buf_printf(j->out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", t->tests, t->failures, t->errors,
             t->skipped);
  attr_ms(j, t->ms);
}

/* One line: what is wrong first. */
static struct str message_of(struct junit *j, const struct record_case *c, const struct record_step *s) {
  const struct finding *worst = NULL;
  for (size_t i = 0; i < s->findings.list.n; i++)
    if (!worst || s->findings.list.v[i].severity > worst->severity) worst = &s->findings.list.v[i];
  if (worst) return arena_printf(j->a, "%.*s: %.*s", STR_F(worst->rule), STR_F(report_finding_text(worst, REPORT_EN)));
  struct str reason = s->reason.n ? s->reason : c->reason;
  const char *verdict = verdict_name(report_verdict(c, s));
  if (report_verdict(c, s) == VERDICT_NOT_APPLICABLE && reason.n)
    return arena_printf(j->a, "%s: %.*s", verdict, STR_F(reason));
  if (s->verdict == VERDICT_WAITING && s->owner.n) return arena_printf(j->a, "%s for %.*s", verdict, STR_F(s->owner));
  struct str actual = report_text(s->actual, REPORT_EN);
  return actual.n ? arena_printf(j->a, "%s: %.*s", verdict, STR_F(actual)) : str_z(verdict);
}

static void add_line(struct buf *b, const char *what, struct str text) {
  if (text.n) buf_printf(b, "%s: %.*s\n", what, STR_F(text));
}

static void add_reasons(struct buf *b, const struct finding *f) {
  for (size_t i = 0; i < f->reasons.n; i++) {
    const struct reason *r = &f->reasons.v[i];
    struct str path = reason_path(f, i);
    buf_printf(b, "  %*s- ", 2 * r->depth, "");
    if (r->where.line) buf_printf(b, "%d:%d ", r->where.line, r->where.col);
    if (path.n) buf_printf(b, "%.*s: ", STR_F(path));
    buf_printf(b, "%.*s\n", STR_F(report_reason_text(r, REPORT_EN)));
  }
}

static void add_finding(struct junit *j, struct buf *b, const struct finding *f) {
  buf_printf(b, "%s %.*s: %.*s\n", severity_name(f->severity), STR_F(f->rule),
             STR_F(report_finding_text(f, REPORT_EN)));
  if (f->where.message.n) {
    buf_printf(b, "  at %.*s", STR_F(f->where.message));
    if (f->where.line) buf_printf(b, ":%d:%d", f->where.line, f->where.col);
    buf_byte(b, '\n');
  }
  add_line(b, "  path", f->where.path);
  if (f->other.message.n && f->other.line)
    buf_printf(b, "  expected at %.*s:%d:%d\n", STR_F(f->other.message), f->other.line, f->other.col);
  if (f->profile.n) buf_printf(b, "  demanded by %.*s %.*s\n", STR_F(f->profile), STR_F(f->element));
  add_line(b, "  FHIRPath", f->expression);
  add_reasons(b, f);
  add_line(b, "  source", f->source);
  if (f->severity == SEV_INFO) return;
  add_line(b, "  found again by", again_command(j->a, j->r->run, f));
  add_line(b, "  explained by", again_explain(j->a, f));
}

static void put_details(struct junit *j, const struct record_step *s) {
  struct buf b;
  buf_init(&b, REPORT_MAX);
  add_line(&b, "action", report_text(s->action, REPORT_EN));
  add_line(&b, "expected", report_text(s->expected, REPORT_EN));
  add_line(&b, "actual", report_text(s->actual, REPORT_EN));
  add_line(&b, "suggests", s->suggests);
  add_line(&b, "played again by", again_step(j->a, j->r->run, s->id, s->verdict));
  for (size_t i = 0; i < s->findings.list.n; i++) add_finding(j, &b, &s->findings.list.v[i]);
  for (size_t i = 0; i < s->disputes.n; i++) {
    const struct record_dispute *x = &s->disputes.v[i];
    buf_printf(&b, "contested by %.*s, finding %lld %.*s: %.*s\n", STR_F(x->by), (long long)x->finding, STR_F(x->rule),
               STR_F(x->why));
    if (x->answered_at) buf_printf(&b, "upheld by %.*s: %.*s\n", STR_F(x->answered_by), STR_F(x->answer));
  }
  if (s->findings.dropped) buf_printf(&b, "%zu more findings\n", s->findings.dropped);
  xml_escape_text(j->out, report_visible(j->a, buf_str(&b)));
  buf_release(&b);
}

static const char *const outcome_names[] = {
    [VERDICT_NONE] = "skipped",    [VERDICT_NOT_APPLICABLE] = "skipped",
    [VERDICT_WAITING] = "skipped", [VERDICT_INCONCLUSIVE] = "skipped",
    [VERDICT_ERROR] = "error",     [VERDICT_FAIL] = "failure",
};

static bool has_details(const struct record_step *s) {
  return s->verdict == VERDICT_FAIL || s->verdict == VERDICT_ERROR;
}

static void put_outcome(struct junit *j, const struct record_case *c, const struct record_step *s) {
  const char *name = outcome_names[s->verdict];
  buf_printf(j->out, "      <%s", name);
  attr(j, "message", message_of(j, c, s));
  if (!has_details(s)) {
    buf_addz(j->out, "/>\n"); /* a skipped test has no content in the schemas that CI servers use */
    return;
  }
  attr(j, "type", s->findings.list.n ? s->findings.list.v[0].rule : str_z(verdict_name(s->verdict)));
  buf_byte(j->out, '>');
  put_details(j, s);
  buf_printf(j->out, "</%s>\n", name);
}

static void add_by(struct buf *b, struct str by, struct str why) {
  buf_printf(b, " by %.*s", STR_F(by));
  if (why.n) buf_printf(b, ": %.*s", STR_F(why));
  buf_byte(b, '\n');
}

/* What was found in a step that is neither a failure nor an error: warnings, and what could not be decided. */
static bool has_remarks(const struct record_step *s) {
  return s->verdict == VERDICT_INCONCLUSIVE || (!has_details(s) && findings_worst(&s->findings) > SEV_INFO);
}

static void add_remarks(struct junit *j, struct buf *b, const struct record_step *s) {
  if (!has_remarks(s)) return;
  add_line(b, "played again by", again_step(j->a, j->r->run, s->id, s->verdict));
  for (size_t i = 0; i < s->findings.list.n; i++)
    if (s->findings.list.v[i].severity != SEV_INFO) add_finding(j, b, &s->findings.list.v[i]);
}

static bool was_reviewed(const struct record_step *s) {
  return s->assessment != ASSESSMENT_NONE || s->revisions.n || s->attempts.n || s->inserted_by.n || s->carried_from.n;
}

/* Attempts, and where the step or its verdict comes from. */
static void add_history(struct buf *b, const struct record_step *s) {
  for (size_t i = 0; i < s->attempts.n; i++) {
    const struct record_attempt *at = &s->attempts.v[i];
    buf_printf(b, "attempt %jd, system version %.*s: %s%s\n", (intmax_t)at->number, STR_F(at->system_version),
               verdict_name(at->verdict), at->stands ? ", counts" : "");
  }
  if (s->stands_by.n) {
    buf_addz(b, "which counts is said");
    add_by(b, s->stands_by, s->stands_why);
  }
  if (s->inserted_by.n) {
    buf_addz(b, "put in");
    add_by(b, s->inserted_by, s->inserted_why);
  }
  add_line(b, "carried over from run", s->carried_from);
  add_line(b, "confirmed by", s->confirmed_by);
}

/* What MedCom said of it, oldest first, with what the protocol suggests beside it; and what was found. */
static void put_output(struct junit *j, const struct record_step *s) {
  struct buf b;
  buf_init(&b, REPORT_MAX);
  add_history(&b, s);
  for (size_t i = 0; i < s->revisions.n; i++) {
    buf_printf(&b, "revised from %s to %s", verdict_name(s->revisions.v[i].was),
               verdict_name(s->revisions.v[i].verdict));
    add_by(&b, s->revisions.v[i].by, s->revisions.v[i].why);
  }
  for (size_t i = 0; i < s->assessments.n; i++) {
    buf_printf(&b, "assessed %s", assessment_name(s->assessments.v[i].assessment));
    add_by(&b, s->assessments.v[i].by, s->assessments.v[i].why);
  }
  if (s->assessment != ASSESSMENT_NONE) buf_printf(&b, "MedCom assessment: %s\n", assessment_name(s->assessment));
  if (was_reviewed(s)) add_line(&b, "suggested", s->suggests);
  add_remarks(j, &b, s);
  buf_addz(j->out, "      <system-out>");
  xml_escape_text(j->out, report_visible(j->a, buf_str(&b)));
  buf_addz(j->out, "</system-out>\n");
  buf_release(&b);
}

static void put_step(struct junit *j, const struct record_case *c, size_t i) {
  const struct record_step *s = &c->steps.v[i];
  buf_addz(j->out, "    <testcase");
  attr(j, "classname", arena_printf(j->a, "%.*s.%.*s", STR_F(j->r->protocol), STR_F(c->id)));
  attr(j, "name", arena_printf(j->a, "%.*s %.*s", STR_F(s->id), STR_F(s->word)));
  attr_ms(j, step_ms(c, i));
  bool passed = s->verdict == VERDICT_PASS;
  bool has_output = was_reviewed(s) || has_remarks(s);
  if (passed && !has_output) {
    buf_addz(j->out, "/>\n");
    return;
  }
  buf_addz(j->out, ">\n");
  if (!passed) put_outcome(j, c, s);
  if (has_output) put_output(j, s);
  buf_addz(j->out, "    </testcase>\n");
}

static void put_property(struct junit *j, const char *name, struct str value) {
  if (!value.n) return;
  buf_addz(j->out, "      <property");
  attr(j, "name", str_z(name));
  attr(j, "value", value);
  buf_addz(j->out, "/>\n");
}

/* Who reads a shared report has to know that it is not word for word. */
static void put_masked(struct junit *j) {
  const struct {
    const char *name;
    int64_t n;
  } rows[] = {{"masked.cpr-numbers", j->r->masked_cprs},
              {"masked.tokens", j->r->masked_tokens},
              {"masked.private-keys", j->r->masked_keys}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].n) put_property(j, rows[i].name, arena_printf(a, "%jd", (intmax_t)rows[i].n));
  arena_free(a);
}

/* What stands in the way of an approval, of this case or of the run as a whole. */
static void put_blocks(struct junit *j, const struct record_case *c) {
  for (size_t i = 0; i < j->sum.blocks.n; i++) {
    const struct block *b = &j->sum.blocks.v[i];
    if (!b->case_id.n || str_eq(b->case_id, c->id)) put_property(j, "certifiable.blocked-by", block_text(j->a, b).en);
  }
}

static void put_properties(struct junit *j, const struct record_case *c) {
  buf_addz(j->out, "    <properties>\n");
  put_property(j, "run", j->r->run);
  put_property(j, "protocol", j->r->protocol);
  put_property(j, "protocol.version", j->r->protocol_version);
  put_property(j, "vendor", j->r->vendor);
  put_property(j, "system", j->r->system);
  put_property(j, "system.version", j->r->system_version);
  put_property(j, "mode", j->r->mode);
  put_property(j, "program", j->r->program);
  put_masked(j);
  put_property(j, "certifiable", sum_certifiable(&j->sum) ? STR("yes") : STR("no"));
  put_blocks(j, c);
  for (size_t i = 0; i < j->r->issues.n; i++) {
    const struct record_issue *x = &j->r->issues.v[i];
    put_property(j, "known-issue",
                 arena_printf(j->a, "%.*s: %lld findings changed to %.*s%s: %.*s", STR_F(x->id), (long long)x->applied,
                              STR_F(x->effect), x->expired ? " (expired, not applied)" : "",
                              STR_F(report_text(x->reason, REPORT_EN))));
  }
  for (size_t i = 0; i < j->r->findings.list.n; i++)
    put_property(j, arena_z(j->a, j->r->findings.list.v[i].rule),
                 report_finding_text(&j->r->findings.list.v[i], REPORT_EN));
  buf_addz(j->out, "    </properties>\n");
}

static void put_case(struct junit *j, const struct record_case *c) {
  struct tally t = {0};
  tally_case(&t, c);
  buf_addz(j->out, "  <testsuite");
  attr(j, "name", arena_printf(j->a, "%.*s %.*s", STR_F(c->id), STR_F(report_text(c->title, REPORT_EN))));
  put_tally(j, &t);
  if (j->r->started) attr(j, "timestamp", str_sub(time_utc(j->a, j->r->started), 0, 19));
  buf_addz(j->out, ">\n");
  put_properties(j, c);
  for (size_t i = 0; i < c->steps.n; i++) put_step(j, c, i);
  buf_addz(j->out, "  </testsuite>\n");
}

static void write_junit(struct buf *out, const struct record *r, enum report_lang lang) {
  (void)lang; /* what a CI server shows is in English */
  struct junit j = {.out = out, .r = r, .a = arena_new(0)};
  struct tally t = {0};
  record_sum(&j.sum, j.a, r, (struct str){0});
  for (size_t i = 0; i < r->cases.n; i++) tally_case(&t, &r->cases.v[i]);
  buf_addz(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
  attr(&j, "name", arena_printf(j.a, "%.*s %.*s", STR_F(r->protocol), STR_F(r->protocol_version)));
  put_tally(&j, &t);
  buf_addz(out, ">\n");
  for (size_t i = 0; i < r->cases.n; i++) put_case(&j, &r->cases.v[i]);
  buf_addz(out, "</testsuites>\n");
  arena_free(j.a);
}

const struct report_format report_junit = {.name = "junit", .extension = "xml", .write = write_junit};
