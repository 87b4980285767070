#include "record/algebra.h"

struct work {
  struct arena *arena;
  struct sum *out;
  const struct algebra_run *run;
  const struct algebra_case *c;
};

static void add_block(struct work *w, enum block_why why, const struct algebra_step *s) {
  struct block *b = VEC_ADD(w->arena, &w->out->blocks);
  *b = (struct block){.why = why, .protocol = w->run->protocol};
  if (w->c) b->case_id = w->c->id;
  if (!s) return;
  b->step = s->id;
  b->verdict = s->verdict;
  b->assessment = s->assessment;
}

static enum verdict shown(const struct algebra_case *c, const struct algebra_step *s) {
  return c->applies ? s->verdict : VERDICT_NOT_APPLICABLE;
}

static bool in_group(const struct algebra_step *s, struct str group) {
  return s->either.n && str_eq(s->either, group);
}

/* Machine verdicts. */

static enum verdict group_verdict(const struct algebra_case *c, struct str group) {
  enum verdict all = VERDICT_NOT_APPLICABLE;
  for (size_t i = 0; i < c->steps.n; i++) {
    if (!in_group(&c->steps.v[i], group)) continue;
    if (c->steps.v[i].verdict == VERDICT_PASS) return VERDICT_PASS;
    all = verdict_join(all, c->steps.v[i].verdict);
  }
  return all;
}

/* While the run is open, what was not reached is still to come; after its end an optional step needs none. */
static bool is_left_out(const struct algebra_run *run, const struct algebra_step *s) {
  return run->ended && s->optional && s->verdict == VERDICT_NONE;
}

static enum verdict case_verdict(const struct algebra_run *run, const struct algebra_case *c) {
  if (!c->applies) return VERDICT_NOT_APPLICABLE;
  if (!c->opened) return VERDICT_NONE;
  enum verdict all = VERDICT_NOT_APPLICABLE;
  for (size_t i = 0; i < c->steps.n; i++) {
    const struct algebra_step *s = &c->steps.v[i];
    enum verdict v = s->either.n ? group_verdict(c, s->either) : s->verdict;
    if (v == VERDICT_NONE && is_left_out(run, s)) continue;
    all = verdict_join(all, v == VERDICT_NONE ? VERDICT_WAITING : v);
  }
  return all;
}

/* A case that MedCom lets a vendor leave out, and that was, says nothing. */
static bool case_is_left_out(const struct algebra_run *run, const struct algebra_case *c) {
  return run->ended && c->optional && case_verdict(run, c) == VERDICT_NONE;
}

/* What blocks. */

/* What MedCom said of a line was said of what stood under it then, not of what was played or put in since. */
static bool is_assessed_with(const struct algebra_case *c, const struct algebra_step *s) {
  for (size_t i = 0; i < c->steps.n; i++) {
    const struct algebra_step *line = &c->steps.v[i];
    if (!str_eq(line->id, s->under) || line->assessment == ASSESSMENT_NONE) continue;
    if (line->assessed_at >= s->judged_at) return true;
  }
  return false;
}

/* What stands under a numbered step is part of its line at MedCom, and assessed with it. */
static bool is_covered(const struct algebra_case *c, const struct algebra_step *s) {
  return s->assessment != ASSESSMENT_NONE || (s->under.n && is_assessed_with(c, s));
}

static bool group_is_accepted(const struct algebra_case *c, struct str group) {
  for (size_t i = 0; i < c->steps.n; i++)
    if (in_group(&c->steps.v[i], group) && assessment_accepts(c->steps.v[i].assessment)) return true;
  return false;
}

/* Alternatives of our own, under a numbered step, have no line of their own at MedCom: a machine's pass is enough. */
static bool group_is_settled(const struct algebra_case *c, struct str group) {
  bool numbered = false, covered = true;
  for (size_t i = 0; i < c->steps.n; i++) {
    if (!in_group(&c->steps.v[i], group)) continue;
    numbered = numbered || !c->steps.v[i].under.n;
    covered = covered && is_covered(c, &c->steps.v[i]);
  }
  if (group_is_accepted(c, group)) return true;
  return !numbered && (covered || group_verdict(c, group) == VERDICT_PASS);
}

static bool is_demanded(const struct algebra_case *c, const struct algebra_step *s) {
  return !c->optional && !s->optional && s->verdict != VERDICT_NOT_APPLICABLE;
}

static void block_step(struct work *w, const struct algebra_step *s) {
  bool executed = verdict_executed(s->verdict);
  if (assessment_bars(s->assessment)) return add_block(w, BLOCK_FAULT, s);
  if (is_covered(w->c, s) || (s->either.n && group_is_settled(w->c, s->either))) return;
  /* Nobody said what it is worth. */
  if (executed && s->verdict != VERDICT_PASS) return add_block(w, BLOCK_NOT_ASSESSED, s);
  if (s->either.n || !is_demanded(w->c, s)) return;
  if (!executed)
    add_block(w, BLOCK_NOT_EXECUTED, s);
  else if (!s->under.n)
    add_block(w, BLOCK_NOT_ASSESSED, s);
}

static bool is_first_of_group(const struct algebra_case *c, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (in_group(&c->steps.v[k], c->steps.v[i].either)) return false;
  return true;
}

/* A group is told of once, when one of it at least is demanded. */
static void block_group(struct work *w, size_t first) {
  struct str group = w->c->steps.v[first].either;
  bool demanded = false;
  for (size_t i = 0; i < w->c->steps.n; i++)
    demanded = demanded || (in_group(&w->c->steps.v[i], group) && is_demanded(w->c, &w->c->steps.v[i]));
  if (demanded && !group_is_settled(w->c, group))
    add_block(w, BLOCK_ALTERNATIVES, &(struct algebra_step){.id = group, .verdict = group_verdict(w->c, group)});
}

/* Adding up. */

static void count_step(struct work *w, const struct algebra_step *s) {
  w->out->steps[shown(w->c, s)]++;
  w->out->assessed[s->assessment]++;
  if (s->assessment > w->out->assessment) w->out->assessment = s->assessment;
}

/* F1 to F3 block wherever they stand; all else only where the case is tested. */
static void add_step(struct work *w, size_t i) {
  const struct algebra_step *s = &w->c->steps.v[i];
  count_step(w, s);
  if (!w->run->assessed) return;
  if (w->c->applies)
    block_step(w, s);
  else if (assessment_bars(s->assessment))
    add_block(w, BLOCK_FAULT, s);
}

static void add_case(struct work *w) {
  const struct algebra_case *c = w->c;
  if (w->run->assessed && !c->chosen && !c->optional) add_block(w, BLOCK_NOT_CHOSEN, NULL);
  for (size_t i = 0; i < c->steps.n; i++) {
    add_step(w, i);
    bool group = c->steps.v[i].either.n && is_first_of_group(c, i);
    if (group && c->applies && w->run->assessed) block_group(w, i);
  }
}

static bool is_in_section(struct str id, struct str section) {
  return id.n > section.n && str_starts(id, section) && id.p[section.n] == '.';
}

static const struct algebra_case *find_case(const struct algebra_run *run, struct str id) {
  for (size_t i = 0; i < run->cases.n; i++)
    if (str_eq(run->cases.v[i].id, id)) return &run->cases.v[i];
  return NULL;
}

static bool sum_of_case(struct work *w, struct str scope) {
  w->c = find_case(w->run, scope);
  if (!w->c) return false;
  add_case(w);
  w->out->verdict = case_verdict(w->run, w->c);
  return true;
}

static bool sum_of_section(struct work *w, struct str scope) {
  bool any = false;
  for (size_t i = 0; i < w->run->cases.n; i++) {
    w->c = &w->run->cases.v[i];
    if (!is_in_section(w->c->id, scope)) continue;
    any = true;
    add_case(w);
    if (!case_is_left_out(w->run, w->c)) w->out->verdict = verdict_join(w->out->verdict, case_verdict(w->run, w->c));
  }
  return any;
}

static bool sum_of_step(struct work *w, struct str scope) {
  for (size_t i = 0; i < w->run->cases.n; i++) {
    w->c = &w->run->cases.v[i];
    for (size_t k = 0; k < w->c->steps.n; k++) {
      if (!str_eq(w->c->steps.v[k].id, scope)) continue;
      add_step(w, k);
      w->out->verdict = shown(w->c, &w->c->steps.v[k]);
      return true;
    }
  }
  return false;
}

static void block_run(struct work *w) {
  w->c = NULL;
  if (!w->run->ended) add_block(w, BLOCK_OPEN, NULL);
  if (w->run->damaged) add_block(w, BLOCK_DAMAGED, NULL);
  if (!w->run->real_time) add_block(w, BLOCK_CLOCK, NULL);
}

/* A run that has shown nothing is inconclusive; one in which MedCom has assessed nothing certifies nothing. */
static void sum_of_run(struct work *w) {
  block_run(w);
  for (size_t i = 0; i < w->run->cases.n; i++) {
    w->c = &w->run->cases.v[i];
    add_case(w);
    enum verdict v = case_verdict(w->run, w->c);
    if (!case_is_left_out(w->run, w->c))
      w->out->verdict = verdict_join(w->out->verdict, v == VERDICT_NONE ? VERDICT_WAITING : v);
  }
  w->c = NULL;
  bool nothing = w->out->verdict == VERDICT_NOT_APPLICABLE;
  if (nothing) w->out->verdict = VERDICT_INCONCLUSIVE;
  if (nothing || (w->out->assessment == ASSESSMENT_NONE && !w->out->blocks.n)) add_block(w, BLOCK_NOTHING, NULL);
}

void algebra_sum(struct sum *out, struct arena *a, const struct algebra_run *run, struct str scope) {
  struct work w = {.arena = a, .out = out, .run = run};
  *out = (struct sum){.verdict = VERDICT_NOT_APPLICABLE};
  if (!run->assessed) add_block(&w, BLOCK_SELF_TEST, NULL);
  if (!scope.n) return sum_of_run(&w);
  bool found = sum_of_case(&w, scope) || sum_of_section(&w, scope) || sum_of_step(&w, scope);
  w.c = NULL;
  if (!found) add_block(&w, BLOCK_NOTHING, NULL);
}

static void join(struct sum *all, struct arena *a, const struct sum *one) {
  all->verdict = verdict_join(all->verdict, one->verdict);
  if (one->assessment > all->assessment) all->assessment = one->assessment;
  for (size_t i = 0; i < VERDICTS; i++) all->steps[i] += one->steps[i];
  for (size_t i = 0; i < ASSESSMENTS; i++) all->assessed[i] += one->assessed[i];
  for (size_t i = 0; i < one->blocks.n; i++) VEC_PUSH(a, &all->blocks, one->blocks.v[i]);
}

void algebra_role(struct sum *out, struct arena *a, const struct algebra_run *runs, size_t n) {
  *out = (struct sum){.verdict = n ? VERDICT_NOT_APPLICABLE : VERDICT_INCONCLUSIVE};
  if (!n) VEC_PUSH(a, &out->blocks, ((struct block){.why = BLOCK_NOTHING}));
  for (size_t i = 0; i < n; i++) {
    struct sum one;
    algebra_sum(&one, a, &runs[i], (struct str){0});
    join(out, a, &one);
  }
}

bool sum_certifiable(const struct sum *s) {
  return s->blocks.n == 0;
}

struct str algebra_under(struct str step_id) {
  size_t plus = str_index(step_id, '+');
  return plus == SIZE_MAX ? (struct str){0} : str_sub(step_id, 0, plus);
}
