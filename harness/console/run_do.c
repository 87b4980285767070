/* What persons do to a run: each is the command that it would be on the command line. */
#include "base/utf8.h"
#include "console/runpage_int.h"
#include "state/attempt.h"

#include <stdio.h>

#define EVIDENCE_MAX 12
#define WORDS_MAX (20 + EVIDENCE_MAX)

/* A command with the run in its place, built up word by word. */
struct words {
  struct visit *visit;
  const char *v[WORDS_MAX + 1];
  size_t n;
};

static void add(struct words *w, const char *word) {
  if (w->n == WORDS_MAX) BUG("a command of more than %d words", WORDS_MAX);
  w->v[w->n++] = word;
}

/* "--name=value"; nothing for an empty value. */
static void add_option(struct words *w, const char *name, struct str value) {
  value = str_trim(value);
  if (value.n) add(w, arena_printf(w->visit->arena, "--%s=%.*s", name, STR_F(value)).p);
}

static void add_by(struct words *w) {
  struct str own = w->visit->who.initials, given = str_trim(webform_get(&w->visit->form, "by"));
  if (!own.n && given.n) run_page_keep_initials(w->visit, given);
  add_option(w, "by", own.n ? own : given.n ? given : run_page_own_initials(w->visit));
}

static struct words command(struct visit *v, const char *name) {
  struct words w = {.visit = v};
  add(&w, name);
  add(&w, arena_z(v->arena, run_page_id(v)));
  return w;
}

static struct str field(const struct visit *v, const char *name) {
  return webform_get(&v->form, name);
}

/* Where a step stands on the page of its run; made before a command, for the run may be another struct afterwards. */
static struct str address_of(struct visit *v, struct str step) {
  const struct state_step *st = state_step_find(run_state(v->run), step);
  struct str run = run_page_id(v);
  if (!st) return arena_printf(v->arena, "/runs/%.*s", STR_F(run));
  return arena_printf(v->arena, "/runs/%.*s?case=%.*s#s%.*s", STR_F(run), STR_F(st->in->plan->c->id), STR_F(step));
}

static void go_to_step(struct visit *v, struct str step) {
  visit_go(v, "%.*s", STR_F(address_of(v, step)));
}

/* What is said of a run is said by somebody. */
static bool knows_who(struct visit *v, struct str step) {
  if (str_trim(webform_get(&v->form, "by")).n || run_page_own_initials(v).n) return true;
  v->notice = str_z(
      visit_word(v, "Nothing was changed: write your initials first.", "Intet er ændret: skriv dine initialer først."));
  v->notice_is_error = true;
  go_to_step(v, step);
  return false;
}

static struct str what_was_written(const struct visit *v) {
  struct str why = str_trim(field(v, "why"));
  return why.n ? why : str_trim(field(v, "text"));
}

/* Carries it out, and goes back to where the step stands. What failed is said there, with nothing lost: what was
 * written stands in the notice's place, for a form is not filled in twice. */
static void carry_out_at(struct words *w, struct str address) {
  struct visit *v = w->visit;
  struct str text = what_was_written(v);
  w->v[w->n] = NULL;
  struct done d = do_command(v, w->v);
  if (!done_well(v, &d) && text.n)
    v->notice = arena_printf(v->arena, "%.*s\n\n%s %.*s", STR_F(v->notice),
                             visit_word(v, "What you wrote:", "Det du skrev:"), STR_F(text));
  visit_go(v, "%.*s", STR_F(address));
}

static void carry_out(struct words *w, struct str step) {
  carry_out_at(w, address_of(w->visit, step));
}

static struct state_step *find_step(struct visit *v) {
  struct state_step *st = state_step_find(run_state(v->run), field(v, "step"));
  if (!st) visit_refuse(v, 400, "The run has no such step.", "Kørslen har ikke det teststep.");
  return st;
}

static int64_t seen(const struct visit *v) {
  int64_t n = -1;
  return str_int(field(v, "seen"), &n) ? n : -1;
}

/* Somebody else was faster: nothing is done, and the later one is told what stands there now. */
static void tell_later(struct visit *v, struct str step, struct str who, struct str what) {
  struct str text = what_was_written(v);
  v->notice_is_error = true;
  v->notice = arena_printf(v->arena, "%s %.*s %.*s. %s%s%.*s",
                           visit_word(v, "Nothing was changed: while you looked at it, somebody else did this step:",
                                      "Intet er ændret: mens du så på det, har en anden behandlet teststeppet:"),
                           STR_F(who), STR_F(what),
                           visit_word(v, "Look again, and decide anew.", "Se igen, og tag stilling på ny."),
                           text.n ? visit_word(v, "\n\nYou wrote: ", "\n\nDu skrev: ") : "", STR_F(text));
  go_to_step(v, step);
}

/* ---- answers ---- */

static bool add_evidence(struct words *w) {
  struct visit *v = w->visit;
  const struct webform_field *f;
  for (size_t i = 0; (f = webform_nth(&v->form, "evidence", i)) && i < EVIDENCE_MAX; i++) {
    if (!f->is_file || !f->value.n) continue;
    const char *path = visit_file(v, f->file_name, f->value);
    if (!path) return false;
    add(w, path);
  }
  return true;
}

static void post_answer(struct visit *v) {
  static const char *const answers[] = {"ok", "fail", "not-relevant", "done"};
  struct state_step *st = find_step(v);
  const char *answer = NULL;
  if (!st) return;
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
    if (str_eqz(field(v, "answer"), answers[i])) answer = answers[i];
  bool theirs = v->who.role == ROLE_MEDCOM || str_eqz(st->owner, "vendor");
  if (!answer || !theirs) {
    visit_refuse(v, 403, "This step is not yours to answer.", "Det teststep er ikke dit at svare på.");
    return;
  }
  if (st->opened_seq != seen(v) || !st->opened || st->verdict != VERDICT_NONE) {
    tell_later(v, st->step->id, st->answer ? event_get(st->answer, "by") : STR(""), STR(""));
    return;
  }
  struct words w = command(v, "answer");
  add_by(&w);
  if (field(v, "test-persons").n) add(&w, "--test-persons-only");
  add(&w, "--");
  add(&w, arena_z(v->arena, st->step->id));
  add(&w, answer);
  add(&w, arena_z(v->arena, str_trim(field(v, "text"))));
  if (!add_evidence(&w)) return;
  /* The next question is what comes next, for eyes and keyboard; where the answered step stands is shown below. */
  carry_out_at(&w,
               arena_printf(v->arena, "/runs/%.*s?case=%.*s#now", STR_F(run_page_id(v)), STR_F(st->in->plan->c->id)));
}

/* ---- assessments and revisions ---- */

static void post_assess(struct visit *v) {
  struct state_step *st = find_step(v);
  enum assessment as;
  if (!st) return;
  const struct state_step *stands = state_attempt_standing(st);
  if (!assessment_parse(field(v, "as"), &as)) {
    visit_refuse(v, 400, "That is no assessment.", "Det er ingen vurdering.");
    return;
  }
  if ((int64_t)stands->assessments.n != seen(v)) {
    const struct record_assessment *last =
        stands->assessments.n ? &stands->assessments.v[stands->assessments.n - 1] : NULL;
    tell_later(v, st->step->id, last ? last->by : STR(""), str_z(last ? assessment_word(v, last->assessment) : ""));
    return;
  }
  if (!knows_who(v, st->step->id)) return;
  struct words w = command(v, "assess");
  add_option(&w, "as", str_z(assessment_name(as)));
  add_by(&w);
  add_option(&w, "why", field(v, "why"));
  add(&w, "--");
  add(&w, arena_z(v->arena, st->step->id));
  carry_out(&w, st->step->id);
}

static void post_accept(struct visit *v) {
  if (!knows_who(v, STR(""))) return;
  struct words w = command(v, "assess");
  add(&w, "--accept-passed");
  add_by(&w);
  carry_out(&w, STR(""));
}

static void post_revise(struct visit *v) {
  struct state_step *st = find_step(v);
  if (!st) return;
  const struct state_step *stands = state_attempt_standing(st);
  if ((int64_t)stands->revisions.n != seen(v)) {
    const struct record_revision *last = stands->revisions.n ? &stands->revisions.v[stands->revisions.n - 1] : NULL;
    tell_later(v, st->step->id, last ? last->by : STR(""), last ? last->why : STR(""));
    return;
  }
  if (!knows_who(v, st->step->id)) return;
  struct words w = command(v, "revise");
  add_option(&w, "verdict", field(v, "verdict"));
  add_by(&w);
  add_option(&w, "why", field(v, "why"));
  add(&w, "--");
  add(&w, arena_z(v->arena, st->step->id));
  carry_out(&w, st->step->id);
}

/* ---- playing on ---- */

/* In a live test MedCom decides how it goes on. */
static bool may_steer(struct visit *v) {
  if (run_page_may_steer(v)) return true;
  visit_refuse(v, 403, "In a live test MedCom does that.", "I en livetest gør MedCom det.");
  return false;
}

static void post_repeat(struct visit *v) {
  struct state_step *st = find_step(v);
  if (!st || !may_steer(v)) return;
  struct words w = command(v, "repeat");
  add_by(&w);
  add_option(&w, "why", field(v, "why"));
  add_option(&w, "system-version", field(v, "system-version"));
  add(&w, "--");
  add(&w, arena_z(v->arena, st->step->id));
  carry_out(&w, st->step->id);
}

static void halt(struct visit *v, const char *name) {
  if (!may_steer(v) || !knows_who(v, STR(""))) return;
  struct words w = command(v, name);
  add_by(&w);
  add_option(&w, "why", field(v, "why"));
  carry_out(&w, STR(""));
}

static void post_pause(struct visit *v) {
  halt(v, "pause");
}

static void post_abort(struct visit *v) {
  halt(v, "abort");
}

static void post_resume(struct visit *v) {
  if (!may_steer(v)) return;
  struct words w = command(v, "resume");
  add_option(&w, "case", field(v, "case"));
  carry_out(&w, STR(""));
}

static void post_put(struct visit *v) {
  const struct webform_field *f = webform_nth(&v->form, "file", 0);
  if (!f || !f->is_file || !f->value.n) {
    v->notice = str_z(visit_word(v, "Choose a file first.", "Vælg først en fil.")), v->notice_is_error = true;
    go_to_step(v, STR(""));
    return;
  }
  const char *path = visit_file(v, f->file_name, f->value);
  if (!path) return;
  struct words w = command(v, "put");
  add_by(&w);
  if (field(v, "test-persons").n) add(&w, "--test-persons-only");
  add(&w, "--");
  add(&w, path);
  carry_out(&w, STR(""));
}

static struct state_message *find_message(struct visit *v) {
  struct state_message *m = state_message_of(run_state(v->run), field(v, "message"));
  if (!m) visit_refuse(v, 400, "The run has no such message.", "Kørslen har ikke den meddelelse.");
  return m;
}

static void post_release(struct visit *v) {
  struct state_message *m = find_message(v);
  if (!m || !knows_who(v, STR(""))) return;
  struct words w = command(v, "release");
  add_option(&w, "why", field(v, "why"));
  add_by(&w);
  add(&w, "--");
  add(&w, arena_z(v->arena, m->id));
  carry_out(&w, STR(""));
}

static void post_attach(struct visit *v) {
  struct state_message *m = find_message(v);
  struct state_step *st = m ? find_step(v) : NULL;
  if (!st || !may_steer(v)) return;
  struct words w = command(v, "attach");
  add_option(&w, "why", field(v, "why"));
  add_by(&w);
  add(&w, "--");
  add(&w, arena_z(v->arena, m->id));
  add(&w, arena_z(v->arena, st->step->id));
  carry_out(&w, st->step->id);
}

const struct route run_do_routes[] = {{"POST", "/runs/*/answer", FOR_PARTNERS, ROUTE_RUN, post_answer},
                                      {"POST", "/runs/*/assess", FOR_MEDCOM, ROUTE_RUN, post_assess},
                                      {"POST", "/runs/*/accept", FOR_MEDCOM, ROUTE_RUN, post_accept},
                                      {"POST", "/runs/*/revise", FOR_MEDCOM, ROUTE_RUN, post_revise},
                                      {"POST", "/runs/*/repeat", FOR_PARTNERS, ROUTE_RUN, post_repeat},
                                      {"POST", "/runs/*/pause", FOR_PARTNERS, ROUTE_RUN, post_pause},
                                      {"POST", "/runs/*/abort", FOR_PARTNERS, ROUTE_RUN, post_abort},
                                      {"POST", "/runs/*/resume", FOR_PARTNERS, ROUTE_RUN, post_resume},
                                      {"POST", "/runs/*/put", FOR_PARTNERS, ROUTE_RUN, post_put},
                                      {"POST", "/runs/*/release", FOR_MEDCOM, ROUTE_RUN, post_release},
                                      {"POST", "/runs/*/attach", FOR_PARTNERS, ROUTE_RUN, post_attach},
                                      {0}};
