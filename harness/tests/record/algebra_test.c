/* The verdict algebra: a table of what comes of what, and what must hold whatever the steps are. */
#include "record/algebra.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(algebra, .init = set_up, .fini = tear_down);

static bool has(struct str flags, char c) {
  return str_index(flags, c) != SIZE_MAX;
}

static void read_step(struct algebra_case *c, struct str text) {
  struct algebra_step *s = VEC_ADD(a, &c->steps);
  struct str judged = text, head = str_cut(&judged, '=');
  struct str verdict = str_cut(&judged, '/');
  s->either = head;
  s->id = str_cut(&s->either, '@');
  s->optional = str_ends(s->id, STR("?"));
  if (s->optional) s->id.n--;
  bool late = str_ends(s->id, STR("^"));
  if (late) s->id.n--;
  s->judged_at = late ? 3 : 1;
  s->assessed_at = 2;
  s->under = algebra_under(s->id);
  cr_assert(verdict_parse(verdict, &s->verdict), "%.*s", STR_F(text));
  cr_assert(!judged.n || assessment_parse(judged, &s->assessment), "%.*s", STR_F(text));
}

static void read_case(struct algebra_run *run, struct str text) {
  struct algebra_case *c = VEC_ADD(a, &run->cases);
  struct str kind = str_cut(&text, ' ');
  c->id = str_cut(&kind, ':');
  c->chosen = !has(kind, 'l');
  c->applies = c->chosen && !has(kind, 'x');
  c->opened = !has(kind, 'u') && c->applies;
  c->optional = has(kind, 'o');
  while (text.n) read_step(c, str_cut(&text, ' '));
}

static struct algebra_run read_run(struct str kind, struct str cases) {
  struct algebra_run run = {.protocol = STR("p"),
                            .assessed = !str_eqz(kind, "self"),
                            .ended = !str_eqz(kind, "open"),
                            .real_time = !str_eqz(kind, "fast")};
  while (cases.n) read_case(&run, str_trim(str_cut(&cases, ';')));
  return run;
}

static struct str told(const struct sum *s) {
  const char *worst = assessment_name(s->assessment);
  struct str out =
      arena_printf(a, "%s %s %s", verdict_name(s->verdict), *worst ? worst : "-", sum_certifiable(s) ? "yes" : "no");
  for (size_t i = 0; i < s->blocks.n; i++) {
    const struct block *b = &s->blocks.v[i];
    struct str where = b->step.n ? b->step : b->case_id;
    out = arena_printf(a, "%.*s%s%s%s%.*s", STR_F(out), i ? "," : " ", block_name(b->why), where.n ? "@" : "",
                       STR_F(where));
  }
  return out;
}

Test(algebra, table) {
  struct str text;
  struct error e;
  size_t n = 0;
  cr_assert_eq(file_read(&text, a, TEST_DATA "/algebra.cases", 1 << 20, &e), 0, "%s", e.text);
  while (text.n) {
    struct str line = str_cut(&text, '\n');
    struct sum sum;
    if (!line.n || line.p[0] == '#') continue;
    struct str name = str_trim(str_cut(&line, '|')), kind = str_trim(str_cut(&line, '|'));
    struct str cases = str_trim(str_cut(&line, '|')), scope = str_trim(str_cut(&line, '|'));
    struct algebra_run run = read_run(kind, cases);
    algebra_sum(&sum, a, &run, scope);
    struct str have = told(&sum);
    cr_expect(str_eq(have, str_trim(line)), "%.*s: %.*s", STR_F(name), STR_F(have));
    n++;
  }
  cr_assert_gt(n, 50);
}

Test(algebra, counts_stand_beside_the_verdict) {
  struct sum sum;
  struct algebra_run run = read_run(STR("live"), STR("3.1:m 1=fail/F2 2=error/OK 3=error 4=pass/OK; 3.2:x 5=none"));
  algebra_sum(&sum, a, &run, STR(""));
  cr_expect_eq(sum.steps[VERDICT_FAIL], 1);
  cr_expect_eq(sum.steps[VERDICT_ERROR], 2);
  cr_expect_eq(sum.steps[VERDICT_PASS], 1);
  cr_expect_eq(sum.steps[VERDICT_NOT_APPLICABLE], 1);
  cr_expect_eq(sum.steps[VERDICT_NONE], 0);
  cr_expect_eq(sum.assessed[ASSESSMENT_OK], 2);
  cr_expect_eq(sum.assessed[ASSESSMENT_NONE], 2);
}

Test(algebra, a_role_is_all_its_protocols) {
  struct sum sum;
  struct algebra_run runs[] = {read_run(STR("live"), STR("3.1:m 1=pass/OK")),
                               read_run(STR("live"), STR("3.1:m 1=fail/F4"))};
  algebra_role(&sum, a, runs, 2);
  cr_expect(str_eqz(told(&sum), "fail F4 yes"));
  runs[1] = read_run(STR("self"), STR("3.1:m 1=pass"));
  algebra_role(&sum, a, runs, 2);
  cr_expect(str_eqz(told(&sum), "pass OK no self-test"));
  algebra_role(&sum, a, runs, 0);
  cr_expect(str_eqz(told(&sum), "inconclusive - no nothing"));
}

Test(algebra, every_reason_has_words) {
  for (int why = 0; why < BLOCKS_N; why++) {
    struct block b = {
        .why = (enum block_why)why, .case_id = STR("3.1"), .step = STR("3.1.1"), .assessment = ASSESSMENT_F2};
    struct said text = block_text(a, &b);
    cr_expect(text.en.n && text.da.n && !str_eq(text.en, text.da), "%s", block_name(b.why));
  }
  struct block fault = {.why = BLOCK_FAULT, .step = STR("3.1.1"), .assessment = ASSESSMENT_F2};
  cr_expect(str_eqz(block_text(a, &fault).en, "3.1.1: assessed F2"));
}

/* Runs of up to three steps in up to two cases. */

static const enum verdict verdict_chain[] = {VERDICT_PASS, VERDICT_WAITING, VERDICT_INCONCLUSIVE, VERDICT_ERROR,
                                             VERDICT_FAIL};
static const enum assessment assessment_chain[] = {ASSESSMENT_OK, ASSESSMENT_NONE, ASSESSMENT_F3, ASSESSMENT_F2,
                                                   ASSESSMENT_F1};
#define CHAIN 5
#define STEPS 3
/* alone, optional, alternative, optional alternative, under the first, alternative under the first */
#define SHAPES 6

struct world {
  struct algebra_step steps[STEPS];
  int verdicts[STEPS], assessments[STEPS];
  struct algebra_case cases[2];
  struct algebra_run run;
};

static void shape_step(struct algebra_step *s, size_t i, int shape) {
  static const char *const ids[] = {"1", "2", "3"}, *const under[] = {"1", "1+1", "1+2"};
  bool below = shape >= 4 && i > 0;
  *s = (struct algebra_step){.id = str_z(below ? under[i] : ids[i])};
  s->under = algebra_under(s->id);
  s->optional = shape == 1 || shape == 3;
  if (shape == 2 || shape == 3 || shape == 5) s->either = STR("way");
}

/* All three steps in one case, or the last in one of its own. */
static void make_world(struct world *w, int shape, bool split) {
  static const char *const ids[] = {"3.1", "3.2"};
  w->run = (struct algebra_run){.protocol = STR("p"), .assessed = true, .ended = true, .real_time = true};
  for (size_t i = 0; i < STEPS; i++) shape_step(&w->steps[i], i, (shape >> (3 * i)) & 7);
  for (size_t c = 0; c < 2; c++) {
    w->cases[c] = (struct algebra_case){.id = str_z(ids[c]), .applies = true, .chosen = true, .opened = true};
    w->cases[c].steps.v = w->steps + (c ? STEPS - 1 : 0);
    w->cases[c].steps.n = c ? 1 : split ? STEPS - 1 : STEPS;
  }
  w->run.cases.v = w->cases;
  w->run.cases.n = split ? 2 : 1;
}

static bool shape_exists(int shape) {
  for (int i = 0; i < STEPS; i++)
    if (((shape >> (3 * i)) & 7) >= SHAPES) return false;
  return true;
}

static void set_values(struct world *w, int number) {
  for (int i = 0; i < STEPS; i++) {
    w->verdicts[i] = number % CHAIN;
    w->assessments[i] = number / CHAIN % CHAIN;
    number /= CHAIN * CHAIN;
    w->steps[i].verdict = verdict_chain[w->verdicts[i]];
    w->steps[i].assessment = assessment_chain[w->assessments[i]];
  }
}

static int rank(enum verdict v) {
  for (int i = 0; i < CHAIN; i++)
    if (verdict_chain[i] == v) return i;
  return -1;
}

struct outcome {
  int rank;
  bool certifiable;
};

static struct outcome outcome_of(struct arena *scratch, const struct world *w) {
  struct sum sum;
  algebra_sum(&sum, scratch, &w->run, (struct str){0});
  return (struct outcome){rank(sum.verdict), sum_certifiable(&sum)};
}

static size_t wrong;

static void check_worse(struct arena *scratch, struct world *w, struct outcome before, const char *what) {
  struct outcome after = outcome_of(scratch, w);
  if (after.rank >= before.rank && (before.certifiable || !after.certifiable)) return;
  if (wrong++ < 3)
    cr_log_error("%s made the whole better: %s/%s %s/%s %s/%s", what, verdict_name(w->steps[0].verdict),
                 assessment_name(w->steps[0].assessment), verdict_name(w->steps[1].verdict),
                 assessment_name(w->steps[1].assessment), verdict_name(w->steps[2].verdict),
                 assessment_name(w->steps[2].assessment));
}

static void check_monotone(struct arena *scratch, struct world *w) {
  struct outcome before = outcome_of(scratch, w);
  for (int i = 0; i < STEPS; i++) {
    struct algebra_step was = w->steps[i];
    if (w->verdicts[i] + 1 < CHAIN) {
      w->steps[i].verdict = verdict_chain[w->verdicts[i] + 1];
      check_worse(scratch, w, before, "a worse verdict");
    }
    w->steps[i] = was;
    if (w->assessments[i] + 1 < CHAIN) {
      w->steps[i].assessment = assessment_chain[w->assessments[i] + 1];
      check_worse(scratch, w, before, "a worse assessment");
    }
    w->steps[i] = was;
  }
}

/* The steps of a case the other way round, and the cases. */
static void check_order(struct arena *scratch, struct world *w) {
  struct outcome before = outcome_of(scratch, w);
  struct algebra_case *first = &w->cases[0];
  for (size_t i = 0; i < first->steps.n / 2; i++) {
    struct algebra_step t = first->steps.v[i];
    first->steps.v[i] = first->steps.v[first->steps.n - 1 - i];
    first->steps.v[first->steps.n - 1 - i] = t;
  }
  struct algebra_case t = w->cases[0];
  if (w->run.cases.n == 2) w->cases[0] = w->cases[1], w->cases[1] = t;
  struct outcome after = outcome_of(scratch, w);
  wrong += after.rank != before.rank || after.certifiable != before.certifiable;
}

#define VALUES_OF_TWO (CHAIN * CHAIN * CHAIN * CHAIN)
#define STRIDE 7
#define VALUES (CHAIN * CHAIN * CHAIN * CHAIN * CHAIN * CHAIN)

/* All values of two steps beside a third that is passed and accepted; of all three by a stride prime to their number,
 * which visits every value of every step in every shape. */
static void for_all(void (*check)(struct arena *scratch, struct world *w)) {
  struct arena *scratch = arena_new(0);
  size_t n = 0;
  wrong = 0;
  for (int shape = 0; shape < 512; shape++) {
    if (!shape_exists(shape)) continue;
    for (int number = 0; number < VALUES; number += number < VALUES_OF_TWO ? 1 : STRIDE, n++) {
      struct world w;
      make_world(&w, shape, number & 1);
      set_values(&w, number);
      check(scratch, &w);
      if (n % 64 == 0) arena_reset(scratch);
    }
  }
  arena_free(scratch);
  cr_expect_eq(wrong, 0, "%zu of %zu", wrong, n);
}

Test(algebra, a_worse_step_never_makes_the_whole_better) {
  for_all(check_monotone);
}

Test(algebra, order_does_not_matter) {
  for_all(check_order);
}

/* Two steps, all of them. */
Test(algebra, nothing_but_passes_makes_a_pass) {
  for (int i = 0; i < VERDICTS; i++)
    for (int k = 0; k < VERDICTS; k++) {
      struct algebra_step steps[] = {{.id = STR("1"), .verdict = (enum verdict)i},
                                     {.id = STR("2"), .verdict = (enum verdict)k}};
      struct algebra_case c = {.id = STR("3.1"), .applies = true, .chosen = true, .opened = true};
      struct algebra_run run = {.ended = true, .real_time = true};
      struct sum sum;
      c.steps.v = steps, c.steps.n = 2;
      run.cases.v = &c, run.cases.n = 1;
      algebra_sum(&sum, a, &run, (struct str){0});
      bool first = i == VERDICT_PASS || i == VERDICT_NOT_APPLICABLE,
           second = k == VERDICT_PASS || k == VERDICT_NOT_APPLICABLE;
      bool passes = first && second && (i == VERDICT_PASS || k == VERDICT_PASS);
      cr_expect_eq(sum.verdict == VERDICT_PASS, passes, "%s and %s", verdict_name((enum verdict)i),
                   verdict_name((enum verdict)k));
    }
}
