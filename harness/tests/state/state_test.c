/* The fold of events into a state, and the verdict algebra, by tables. */
#include <criterion/criterion.h>

#include "base/file.h"
#include "formats/yaml.h"
#include "protocol/insert.h"
#include "state/course.h"
#include "state/state.h"

#include <string.h>

static const struct key word_keys[] = {{.name = "as", .kind = KEY_TEXT}, {0}};
static const struct step_kind word_kind = {.word = "word", .keys = word_keys};
static const struct step_kind *const kinds[] = {&word_kind, NULL};

static struct state *fresh(struct arena *a) {
  struct source src = {.name = STR("protocol.yaml")};
  struct error e;
  struct findings f;
  struct protocol *p;
  struct plan *plan;
  struct vendor *v = ARENA_NEW(a, struct vendor);
  findings_init(&f, a);
  facts_init(&v->capabilities, a);
  facts_init(&v->variables, a);
  facts_put(&v->capabilities, STR("forward"), STR("false"));
  cr_assert_eq(file_read(&src.bytes, a, TEST_DATA "/protocol.yaml", 1 << 20, &e), 0, "%s", e.text);
  cr_assert_eq(protocol_read(&p, a, src, kinds, &f), 0);
  cr_assert_eq(plan_make(&plan, a, p, v, NULL, 0, &e), 0, "%s", e.text);
  return state_new(a, plan);
}

static struct str none_if_dash(struct str s) {
  return str_eqz(s, "-") ? (struct str){0} : s;
}

/* "kind case step name=value ..." */
static struct event *event_of(struct arena *a, struct str text, int64_t seq) {
  struct str kind = str_cut(&text, ' '), case_id = none_if_dash(str_cut(&text, ' '));
  struct str step = none_if_dash(str_cut(&text, ' '));
  struct event *ev = event_new(a, arena_z(a, kind), 1000 * seq, case_id, step);
  ev->seq = seq;
  while (text.n) {
    struct str value = str_cut(&text, ' ');
    struct str name = str_cut(&value, '=');
    facts_put(&ev->data, name, value);
  }
  return ev;
}

static int apply_all(struct state *s, struct arena *a, struct str events, struct error *e) {
  for (int64_t seq = 1; events.n; seq++) {
    struct str text = str_trim(str_cut(&events, ';'));
    if (text.n && state_apply(s, event_of(a, text, seq), e) < 0) return -1;
  }
  return 0;
}

static struct str summary(struct arena *a, const struct state *s) {
  struct str out = {0};
  for (size_t i = 0; i < s->cases_n; i++)
    out = arena_printf(a, "%.*s%.*s=%s ", STR_F(out), STR_F(s->cases[i].plan->c->id),
                       verdict_name(state_case_verdict(&s->cases[i])));
  return arena_printf(a, "%.*srun=%s cursor=%zu", STR_F(out), verdict_name(state_verdict(s)), s->cases[0].cursor);
}

static void each_case(const char *file,
                      void (*check)(struct arena *a, struct str name, struct str events, struct str expect)) {
  struct arena *a = arena_new(0);
  struct str text;
  struct error e;
  size_t n = 0;
  cr_assert_eq(file_read(&text, a, file, 1 << 20, &e), 0, "%s", e.text);
  while (text.n) {
    struct str line = str_cut(&text, '\n');
    if (!line.n || line.p[0] == '#') continue;
    struct str name = str_trim(str_cut(&line, '|')), events = str_trim(str_cut(&line, '|'));
    check(a, name, events, str_trim(line));
    n++;
  }
  cr_assert_gt(n, 5);
  arena_free(a);
}

static void check_verdict(struct arena *a, struct str name, struct str events, struct str expect) {
  struct error e;
  struct state *s = fresh(a);
  cr_expect_eq(apply_all(s, a, events, &e), 0, "%.*s", STR_F(name));
  struct str have = summary(a, s);
  cr_expect(str_eq(have, expect), "%.*s: %.*s, expected %.*s", STR_F(name), STR_F(have), STR_F(expect));
}

Test(state, verdicts) {
  each_case(TEST_DATA "/verdicts.cases", check_verdict);
}

/* "1.1: 1 fail 0.1 past | 2 pass 0.2 stands" of each step that has a second attempt; then how the run stands. */
static struct str attempts_of(struct arena *a, const struct state *s) {
  struct str out = {0};
  struct record r;
  state_record(&r, a, s);
  for (size_t c = 0; c < r.cases.n; c++) {
    for (size_t i = 0; i < r.cases.v[c].steps.n; i++) {
      const struct record_step *st = &r.cases.v[c].steps.v[i];
      for (size_t k = 0; k < st->attempts.n; k++) {
        const struct record_attempt *at = &st->attempts.v[k];
        out = arena_printf(a, "%.*s%.*s#%d=%s%s%s ", STR_F(out), STR_F(st->id), (int)at->number,
                           verdict_name(at->verdict), at->exchanges.n ? "+m" : "", at->stands ? "!" : "");
      }
      if (st->carried_from.n)
        out = arena_printf(a, "%.*s%.*s<%.*s:%.*s ", STR_F(out), STR_F(st->id), STR_F(st->carried_from),
                           STR_F(st->confirmed_by));
    }
  }
  return arena_printf(a, "%.*s%.*s", STR_F(out), STR_F(summary(a, s)));
}

static void check_attempts(struct arena *a, struct str name, struct str events, struct str expect) {
  struct error e = {0};
  struct state *s = fresh(a);
  cr_expect_eq(apply_all(s, a, events, &e), 0, "%.*s: %s", STR_F(name), e.text);
  struct str have = attempts_of(a, s);
  cr_expect(str_eq(have, expect), "%.*s: %.*s, expected %.*s", STR_F(name), STR_F(have), STR_F(expect));
}

Test(state, attempts) {
  each_case(TEST_DATA "/attempts.cases", check_attempts);
}

/* Names and variables mean the newest attempt, and nothing until it has given them; the old message keeps its step. */
Test(state, a_name_means_the_newest_attempt) {
  struct arena *a = arena_new(0);
  struct error e;
  struct state *s = fresh(a);
  cr_assert_eq(apply_all(s, a,
                         STR("case-opened 1; send-intent 1 1.1 message=m1 as=first; captured 1 1.1 name=x value=old; "
                             "verdict 1 1.1 verdict=fail; attempt - - step.1=1.1 system.version=2"),
                         &e),
               0, "%s", e.text);
  struct state_message *m1 = state_message_find(s, STR("m1"));
  struct state_step *st = state_step_find(s, STR("1.1"));
  cr_expect_eq(state_message_find(s, STR("first")), NULL);
  cr_expect_eq(state_variable(s, STR("x")).n, 0);
  cr_expect(m1->past && m1->owner == st->attempt.before && m1->failure.n);
  cr_expect(!st->opened && !st->message && st->verdict == VERDICT_NONE && st->attempt.seq == 5);
  struct event *again = event_of(a, STR("send-intent 1 1.1 message=m2 as=first"), 6);
  cr_assert_eq(state_apply(s, again, &e), 0, "%s", e.text);
  cr_expect(str_eqz(state_message_find(s, STR("first"))->id, "m2"));
  cr_expect(str_eqz(s->system_version, "2"));
  arena_free(a);
}

/* Until the event puts it in, a step of MedCom's own holds nothing up and counts for nothing. */
Test(state, an_inserted_step_is_there_from_its_event_on) {
  struct arena *a = arena_new(0);
  struct error e;
  struct findings f;
  struct insert in;
  struct state *s = fresh(a);
  struct source src = {STR("own.yaml"), STR("- word: {as: own}\n- word: {}\n")};
  findings_init(&f, a);
  cr_assert_eq(protocol_insert(&in, s->plan->protocol, a, src, STR("1.1"), kinds, &f), 0);
  s = state_new(a, s->plan);
  cr_assert_eq(s->cases[0].n, 5);
  cr_assert_eq(apply_all(s, a,
                         STR("case-opened 1; verdict 1 1.1 verdict=pass; verdict 1 1.1+1 verdict=pass; "
                             "verdict 1 1.2 verdict=pass; run-ended - -"),
                         &e),
               0, "%s", e.text);
  cr_expect_eq(state_case_verdict(&s->cases[0]), VERDICT_PASS);
  cr_expect_eq(s->cases[0].cursor, 5);
  struct event *ev = event_of(a, STR("inserted - - after=1.1 step.1=1.1+M1 step.2=1.1+M2 by=MC"), 6);
  cr_assert_eq(state_apply(s, ev, &e), 0, "%s", e.text);
  cr_expect_eq(s->cases[0].cursor, 2);
  cr_expect(!s->cases[0].opened && !s->ended_at);
  cr_expect_eq(state_case_verdict(&s->cases[0]), VERDICT_WAITING);
  cr_expect_eq(state_apply(s, ev, &e), -1, "it was put in twice");
  arena_free(a);
}

static void check_misfit(struct arena *a, struct str name, struct str events, struct str expect) {
  struct error e = {0};
  struct state *s = fresh(a);
  cr_expect_eq(apply_all(s, a, events, &e), -1, "%.*s was taken", STR_F(name));
  cr_expect_neq(str_find(str_z(e.text), expect, 0), SIZE_MAX, "%.*s: %s", STR_F(name), e.text);
}

Test(state, what_does_not_fit_is_refused) {
  each_case(TEST_DATA "/misfits.cases", check_misfit);
}

Test(state, messages_keep_name_owner_and_facts) {
  struct arena *a = arena_new(0);
  struct error e;
  struct state *s = fresh(a);
  cr_assert_eq(apply_all(s, a,
                         STR("case-opened 1; send-intent 1 1.1 message=m1 as=first fact.header.id=h1; "
                             "send-result 1 1.1 message=m1 status=202; received - - message=m2 fact.response.to=h1; "
                             "matched 1 1.1+1 message=m2 as=second"),
                         &e),
               0);
  struct state_message *m1 = state_message_find(s, STR("first")), *m2 = state_message_find(s, STR("m2"));
  cr_assert(m1 && m2);
  cr_expect(m1->outbound && !m2->outbound);
  cr_expect(str_eqz(m1->status, "202"));
  cr_expect(str_eqz(facts_get(&m1->facts, "header.id"), "h1"));
  cr_expect_eq(m2->owner, state_step_find(s, STR("1.1+1")));
  cr_expect_eq(state_message_find(s, STR("second")), m2);
  arena_free(a);
}

/* Of two with one name it is the first that came that is meant, whichever got its name first. */
Test(state, the_first_message_of_a_name_is_meant) {
  struct arena *a = arena_new(0);
  struct error e;
  struct state *s = fresh(a);
  cr_assert_eq(apply_all(s, a,
                         STR("case-opened 1; received - - message=m1 ident=f; received - - message=m2 ident=f; "
                             "matched 1 1.1 message=m2 as=same; matched 1 1.1+1 message=m1 as=same"),
                         &e),
               0);
  const struct state_message *m = state_message_find(s, STR("same"));
  cr_assert_not_null(m);
  cr_expect(str_eqz(m->id, "m1"));
  cr_expect(str_eqz(state_message_of(s, STR("m2"))->id, "m2"));
  cr_expect_null(state_message_of(s, STR("same")));
  const struct state_message *last = map_get(&s->by_ident, STR("f"));
  cr_expect(last && str_eqz(last->id, "m2") && last->same_ident == m && !m->same_ident);
  arena_free(a);
}

/* What comes changes nothing for what came before; what a step gets or waits for does. */
Test(state, what_only_comes_is_no_change) {
  struct arena *a = arena_new(0);
  struct error e;
  struct state *s = fresh(a);
  cr_assert_eq(apply_all(s, a, STR("case-opened 1; step-opened 1 1.1; received - - message=m1"), &e), 0);
  int64_t before = s->changes;
  cr_assert_eq(
      apply_all(s, a, STR("received - - message=m2; repeated - - message=m1; refused; receipted - - message=m3 of=m2"),
                &e),
      0);
  cr_expect_eq(s->changes, before);
  cr_assert_eq(apply_all(s, a, STR("matched 1 1.1 message=m2 as=x"), &e), 0);
  cr_expect_gt(s->changes, before);
  arena_free(a);
}

#define DONE(id, what, version, status)                                                                                \
  "received - - message=" id " fact.rest.interaction=" what " fact.rest.type=Device fact.rest.id=x " version           \
  " fact.http.status=" status "; "

/* What a server has from the start is no event: its first version is counted in what the answer says. */
Test(state, versions_of_what_the_server_had_before) {
  static const struct {
    const char *events;
    size_t n;
    int64_t version;
    bool gone;
  } rows[] = {
      {DONE("m1", "delete", "fact.rest.version=2", "200"), 1, 2, true},
      {DONE("m1", "delete", "", "204"), 0, 0, false},
      {DONE("m1", "update", "fact.rest.version=2", "200"), 1, 2, false},
      {DONE("m1", "update", "fact.rest.version=2", "200") DONE("m2", "delete", "fact.rest.version=3", "200"), 2, 3,
       true},
      {DONE("m1", "delete", "fact.rest.version=2", "200") DONE("m2", "delete", "fact.rest.version=2", "200"), 1, 2,
       true},
      {DONE("m1", "update", "fact.rest.version=1", "201") DONE("m2", "update", "fact.rest.version=2", "200"), 2, 2,
       false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct arena *a = arena_new(0);
    struct error e;
    struct state *s = fresh(a);
    cr_assert_eq(apply_all(s, a, str_z(rows[i].events), &e), 0, "%zu: %s", i, e.text);
    cr_assert_eq(s->resources.n, rows[i].n, "%zu: %zu", i, s->resources.n);
    if (rows[i].n) {
      const struct state_resource *last = &s->resources.v[rows[i].n - 1];
      cr_expect_eq(last->version, rows[i].version, "%zu: %lld", i, (long long)last->version);
      cr_expect_eq(last->gone, rows[i].gone, "%zu", i);
    }
    arena_free(a);
  }
}

/* Stamps are a second apart: two seconds pass between the last event and the restart. */
Test(state, downtime_is_credited_to_open_steps) {
  struct arena *a = arena_new(0);
  struct error e;
  struct state *s = fresh(a);
  cr_assert_eq(apply_all(s, a, STR("case-opened 1; step-opened 1 1.1 owner=vendor deadline=9000"), &e), 0);
  struct event *up = event_of(a, STR("harness-started - -"), 3);
  up->at = 62000;
  cr_assert_eq(state_apply(s, up, &e), 0);
  cr_expect_eq(state_step_find(s, STR("1.1"))->downtime, 60000);
  cr_expect_eq(state_step_find(s, STR("1.2"))->downtime, 0);
  arena_free(a);
}

Test(state, other_definitions_are_noted_with_their_time) {
  struct arena *a = arena_new(0);
  struct error e;
  struct state *s = fresh(a);
  cr_assert_eq(apply_all(s, a,
                         STR("run-started - - run=r standards=d1; harness-started - - standards=d1; "
                             "harness-started - - standards=d2; harness-started - -"),
                         &e),
               0);
  cr_assert_eq(s->standards.n, 2);
  cr_expect(str_eqz(s->standards.v[0].digest, "d1") && str_eqz(s->standards.v[1].digest, "d2"));
  cr_expect_eq(s->standards.v[0].since, 1000);
  cr_expect_eq(s->standards.v[1].since, 3000);
  arena_free(a);
}

Test(state, the_record_tells_the_same) {
  struct arena *a = arena_new(0);
  struct error e;
  struct state *s = fresh(a);
  struct record r;
  cr_assert_eq(apply_all(s, a,
                         STR("run-started - - run=r1 mode=self-test; case-opened 1; "
                             "send-intent 1 1.1 message=m1 as=first; verdict 1 1.1 verdict=pass; "
                             "step-opened 1 1.1+1 owner=vendor"),
                         &e),
               0);
  state_record(&r, a, s);
  cr_expect(str_eqz(r.run, "r1"));
  cr_assert_eq(r.cases.n, 3);
  cr_expect_eq(r.cases.v[0].steps.v[0].verdict, VERDICT_PASS);
  cr_expect_eq(r.cases.v[0].steps.v[1].verdict, VERDICT_WAITING);
  cr_expect(str_eqz(r.cases.v[0].steps.v[1].owner, "vendor"));
  cr_expect_eq(r.cases.v[0].steps.v[0].exchanges.n, 1);
  cr_expect(str_starts(r.cases.v[2].reason, STR("forward")));
  cr_expect_eq(r.exchanges.n, 1);
  arena_free(a);
}

/* That what is only passed on arrived may come too late for the record of a run, and is in none; that it did not is. */
Test(state, the_record_tells_what_became_of_messages) {
  static const struct {
    const char *events, *status, *failure, *fault;
    bool lost;
  } rows[] = {
      {"send-intent 1 1.1 message=m1", "", "", "", false},
      {"send-intent 1 1.1 message=m1; send-result 1 1.1 message=m1 status=202", "202", "", "", false},
      {"send-intent 1 1.1 message=m1; send-result 1 1.1 message=m1 failure=reset", "", "reset", "", false},
      {"fault-armed 1 1.1; fault-applied 1 1.1 message=m1 fault=cut", "", "", "cut", true},
      {"received - - message=m0; relayed - - message=m1 of=m0; send-result - - message=m1 status=202", "", "", "",
       false},
      {"received - - message=m0; relayed - - message=m1 of=m0; send-result - - message=m1 status=500", "500", "", "",
       false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct arena *a = arena_new(0);
    struct error e = {0};
    struct state *s = fresh(a);
    struct record r;
    struct str events = arena_printf(a, "run-started - - run=r1; case-opened 1; %s", rows[i].events);
    cr_assert_eq(apply_all(s, a, events, &e), 0, "%zu: %s", i, e.text);
    state_record(&r, a, s);
    const struct record_exchange *x = record_exchange_find(&r, STR("m1"));
    cr_assert_not_null(x, "%zu", i);
    cr_expect(str_eqz(x->status, rows[i].status), "%zu: %.*s", i, STR_F(x->status));
    cr_expect(str_eqz(x->failure, rows[i].failure), "%zu: %.*s", i, STR_F(x->failure));
    cr_expect(str_eqz(x->fault, rows[i].fault), "%zu: %.*s", i, STR_F(x->fault));
    cr_expect_eq(x->lost, rows[i].lost, "%zu", i);
    arena_free(a);
  }
}

/* Nothing that was said is lost: the last stands, the others can still be read. */
Test(state, assessments_and_revisions_keep_their_history) {
  struct arena *a = arena_new(0);
  struct error e;
  struct state *s = fresh(a);
  struct record r;
  cr_assert_eq(apply_all(s, a,
                         STR("run-started - - run=r1 mode=certify; case-opened 1; verdict 1 1.1 verdict=fail; "
                             "assessed 1 1.1 assessment=F2 by=JD why=first; assessed 1 1.1 assessment=F4 by=EE; "
                             "revised 1 1.1 verdict=inconclusive by=JD why=a; revised 1 1.1 verdict=pass by=EE why=b"),
                         &e),
               0, "%s", e.text);
  cr_expect_eq(state_assessment(state_step_find(s, STR("1.1"))), ASSESSMENT_F4);
  cr_expect_eq(state_assessment(state_step_find(s, STR("1.2"))), ASSESSMENT_NONE);
  state_record(&r, a, s);
  const struct record_step *st = &r.cases.v[0].steps.v[0];
  cr_expect_eq(st->verdict, VERDICT_PASS);
  cr_expect_eq(st->assessment, ASSESSMENT_F4);
  cr_assert(st->assessments.n == 2 && st->revisions.n == 2);
  cr_expect(str_eqz(st->assessments.v[0].why, "first") && st->assessments.v[0].at == 4000);
  cr_expect(st->revisions.v[0].was == VERDICT_FAIL && st->revisions.v[0].verdict == VERDICT_INCONCLUSIVE);
  cr_expect(st->revisions.v[1].was == VERDICT_INCONCLUSIVE && str_eqz(st->revisions.v[1].by, "EE"));
  arena_free(a);
}

#define FAILED "run-started - - run=r1 mode=%s; case-opened 1; verdict 1 1.1 verdict=fail; "

/* A vendor's log is written at the vendor's: no word in it makes a pass of what failed. */
Test(state, a_self_test_is_not_revised_in_its_own_log) {
  struct arena *a = arena_new(0);
  struct error e;
  struct state *s = fresh(a);
  struct str events = arena_printf(a, FAILED "revised 1 1.1 verdict=pass by=AB why=a", "self-test");
  cr_expect_lt(apply_all(s, a, events, &e), 0);
  cr_expect_not_null(strstr(e.text, "a self-test is not revised in its own log"), "%s", e.text);
  cr_expect_eq(state_verdict(s), VERDICT_FAIL);
  arena_free(a);
}

/* What stands beside a log is MedCom's word about a self-test; of a live test it is in the log, or nowhere. */
Test(state, a_live_test_is_not_reviewed_beside_its_log) {
  static const struct {
    const char *mode;
    int result;
    enum verdict verdict;
  } rows[] = {{"certify", -1, VERDICT_FAIL}, {"self-test", 0, VERDICT_PASS}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct arena *a = arena_new(0);
    struct error e;
    struct state *s = fresh(a);
    struct record r;
    cr_assert_eq(apply_all(s, a, arena_printf(a, FAILED, rows[i].mode), &e), 0, "%s", e.text);
    cr_expect_eq(state_review(s, event_of(a, STR("revised 1 1.1 verdict=pass by=JD why=a"), 4), &e), rows[i].result);
    state_record(&r, a, s);
    cr_expect_eq(r.cases.v[0].steps.v[0].verdict, rows[i].verdict, "%s", rows[i].mode);
    arena_free(a);
  }
}

static int64_t applied(struct arena *a, const struct state *s) {
  struct record r;
  state_record(&r, a, s);
  cr_assert_eq(r.issues.n, 1);
  return r.issues.v[0].applied;
}

/* What a known issue changed is counted where it counts: in the attempt that stands. */
Test(state, a_known_issue_is_counted_in_what_stands) {
  struct arena *a = arena_new(0);
  struct error e;
  struct state *s = fresh(a);
  static const struct rule rule = {"r", SEV_WARNING, "s", "en", "da"};
  cr_assert_eq(apply_all(s, a, STR("known-issue - - id=K1; case-opened 1"), &e), 0, "%s", e.text);
  struct event *ev = event_of(a, STR("verdict 1 1.1 verdict=pass"), 3);
  FINDING(&ev->findings, &rule, ((struct place){0}))->issue = STR("K1");
  cr_assert_eq(state_apply(s, ev, &e), 0, "%s", e.text);
  cr_expect_eq(applied(a, s), 1);
  cr_assert_eq(state_apply(s, event_of(a, STR("attempt - - step.1=1.1"), 4), &e), 0, "%s", e.text);
  cr_assert_eq(state_apply(s, event_of(a, STR("verdict 1 1.1 verdict=pass"), 5), &e), 0, "%s", e.text);
  cr_expect_eq(applied(a, s), 0);
  cr_assert_eq(state_apply(s, event_of(a, STR("attempt-stands 1 1.1 attempt=1"), 6), &e), 0, "%s", e.text);
  cr_expect_eq(applied(a, s), 1);
  arena_free(a);
}

static int self_test(struct arena *a, const char *events, struct error *e) {
  struct state *s = fresh(a);
  struct course *c = course_new(a);
  s->plan->vendor->version = STR("1");
  s = state_new(a, s->plan);
  c->subject = course_subject_of(s->plan);
  VEC_PUSH(a, &c->protocols, ((struct course_protocol){.id = s->plan->protocol->id}));
  cr_assert_eq(apply_all(s, a, str_z(events), e), 0, "%s", e->text);
  return course_check_self_test(c, s, e);
}

#define PASSED(step) "verdict 1 " step " verdict=pass; "
#define REST "verdict 2 2.1 verdict=pass; verdict 2 2.2 verdict=pass; run-ended - -"

/* A course is about one version of the system: what another one showed, or another run, does not speak for it. */
Test(state, a_self_test_is_of_one_version) {
  struct arena *a = arena_new(0);
  struct error e = {0};
  cr_expect_eq(self_test(a, PASSED("1.1") PASSED("1.1+1") PASSED("1.2") REST, &e), 0, "%s", e.text);
  cr_expect_eq(self_test(a,
                         PASSED("1.1") PASSED("1.1+1")
                             PASSED("1.2") "attempt - - step.1=1.2 system.version=2; " PASSED("1.2") REST,
                         &e),
               -1);
  cr_expect_neq(str_find(str_z(e.text), STR("version 2 of the system"), 0), SIZE_MAX, "%s", e.text);
  cr_expect_eq(self_test(a, "carried 1 1.1 run=r0 verdict=pass at=5; " PASSED("1.1+1") PASSED("1.2") REST, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("testcamp confirm"), 0), SIZE_MAX, "%s", e.text);
  cr_expect_eq(
      self_test(a,
                "carried 1 1.1 run=r0 verdict=pass at=5 system.version=0; carried-confirmed 1 1.1 by=MC; " PASSED(
                    "1.1+1") PASSED("1.2") REST,
                &e),
      0, "%s", e.text);
  arena_free(a);
}

#define SENT "run-started - - run=r1; case-opened 1; send-intent 1 1.1 message=m1 fact.header.id=H; "
#define ACK(id) "received - - message=" id " fact.header.id=A fact.response.to=H; "
#define CAME "received - - message=m2 fact.header.id=L fact.envelope.message=E; "
#define ALONE "run-started - - run=r1; case-opened 1; "
#define AGAIN "received - - message=m3 fact.header.id=L fact.envelope.message=E"

/* Messages that may well be there only because the harness went down; one that may not is the vendor's doing. */
static const struct {
  const char *events, *excused;
} doubts[] = {
    {SENT ACK("m2") ACK("m3"), ""},
    {SENT "harness-started; send-result - - message=m1 status=202; " ACK("m2") ACK("m3"), "m3 "},
    {SENT "harness-started; send-result - - message=m1 status=202; " ACK("m2") ACK("m3") ACK("m4"), "m3 "},
    {SENT "harness-started; harness-started; send-result - - message=m1 status=202; " ACK("m2") ACK("m3") ACK("m4"),
     "m3 m4 "},
    {SENT "send-result - - message=m1 status=202; harness-started; " ACK("m2") ACK("m3"), ""},
    {SENT "harness-started; send-result - - message=m1 status=202; " ACK("m2"), ""},
    {ALONE CAME AGAIN, ""},
    {ALONE CAME "harness-started; " AGAIN, "m3 "},
    {ALONE CAME "harness-stopped; harness-started; " AGAIN, ""},
    {ALONE CAME "harness-started; received - - message=m3 fact.header.id=N fact.envelope.message=N", ""},
};

Test(state, duplicates_of_our_own_making) {
  for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++) {
    struct arena *a = arena_new(0);
    struct error e;
    struct state *s = fresh(a);
    struct str excused = {0};
    cr_assert_eq(apply_all(s, a, str_z(doubts[i].events), &e), 0, "%zu: %s", i, e.text);
    for (size_t k = 0; k < s->messages.n; k++)
      if (state_excused(s, s->messages.v[k]))
        excused = arena_printf(a, "%.*s%.*s ", STR_F(excused), STR_F(s->messages.v[k]->id));
    cr_expect(str_eqz(excused, doubts[i].excused), "%zu: %.*s", i, STR_F(excused));
    arena_free(a);
  }
}
