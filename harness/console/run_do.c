/* What persons do to a run: each is the command that it would be on the command line. */
#include "console/runpage_int.h"
#include "state/attempt.h"

#define EVIDENCE_MAX 12

static struct str field(const struct visit *v, const char *name) {
  return webform_get(&v->form, name);
}

/* A place on the page of the run, with the case of the step: made before a command, for the run may be another struct
 * afterwards. */
static struct str place_of(struct visit *v, struct str step, struct str anchor) {
  const struct state_step *st = state_step_find(run_state(v->run), step);
  struct str run = run_page_id(v);
  if (!st) return arena_printf(v->arena, "/runs/%.*s", STR_F(run));
  return arena_printf(v->arena, "/runs/%.*s?case=%.*s#%.*s", STR_F(run), STR_F(st->in->plan->c->id), STR_F(anchor));
}

/* Where it stands in the table, and where it is answered. */
static struct str address_of(struct visit *v, struct str step) {
  return place_of(v, step, arena_printf(v->arena, "s%.*s", STR_F(step)));
}

static struct str prompt_of(struct visit *v, struct str step) {
  return place_of(v, step, arena_printf(v->arena, "answer-%.*s", STR_F(step)));
}

static void go_to_step(struct visit *v, struct str step) {
  visit_go(v, "%.*s", STR_F(address_of(v, step)));
}

static bool knows_who(struct visit *v, struct str step) {
  return run_page_knows_who(v, address_of(v, step));
}

/* What changes how the record reads has a reason. */
static bool says_why(struct visit *v, struct str step) {
  if (str_trim(webform_get(&v->form, "why")).n) return true;
  v->notice = str_z(visit_word(v, "Nothing was changed: write the reason first, for it goes into the record.",
                               "Intet er ændret: skriv først begrundelsen, for den kommer med i protokollen."));
  v->notice_is_error = true;
  go_to_step(v, step);
  return false;
}

/* The same, and goes back to where the step stands. */
static void carry_out(struct run_words *w, struct str step) {
  struct str address = address_of(w->visit, step);
  (void)run_words_done(w);
  visit_go(w->visit, "%.*s", STR_F(address));
}

/* The same for an answer: the next question is what comes after it, not the step that is done with. */
static void carry_out_answer(struct run_words *w, struct str step) {
  struct visit *v = w->visit;
  struct str next = place_of(v, step, STR("now")), again = prompt_of(v, step);
  visit_go(v, "%.*s", STR_F(run_words_done(w) ? next : again));
}

static struct state_step *find_step(struct visit *v) {
  struct state_step *st = state_step_find(run_state(v->run), field(v, "step"));
  if (!st) visit_refuse(v, 400, "The run has no such step.", "Testforløbet har ikke det teststep.");
  return st;
}

static int64_t seen(const struct visit *v) {
  int64_t n = -1;
  return str_int(field(v, "seen"), &n) ? n : -1;
}

static void tell_later(struct visit *v, struct str step, struct str who, struct str what) {
  run_page_tell_later(v, address_of(v, step),
                      "somebody else did this step:", "har en anden behandlet teststeppet:", who, what);
}

/* ---- answers ---- */

static bool add_evidence(struct run_words *w) {
  struct visit *v = w->visit;
  const struct webform_field *f;
  for (size_t i = 0; (f = webform_nth(&v->form, "evidence", i)); i++) {
    if (!f->is_file || !f->value.n) continue;
    const char *path = visit_file(v, f->file_name, f->value);
    if (!path) return false;
    run_words_add(w, path);
  }
  return true;
}

static size_t count_evidence(const struct visit *v) {
  const struct webform_field *f;
  size_t n = 0;
  for (size_t i = 0; (f = webform_nth(&v->form, "evidence", i)); i++) n += f->is_file && f->value.n;
  return n;
}

/* OK and done want what the step demands, as the prompt of the command line does, unless it is left out knowingly; and
 * nothing of it is left out unknowingly. */
static bool brings_evidence(struct visit *v, const struct step *s, const char *answer) {
  size_t given = count_evidence(v);
  bool wanted = (!strcmp(answer, "ok") || !strcmp(answer, "done")) && !field(v, "without").n;
  bool many = given > EVIDENCE_MAX;
  if (!many && (!wanted || given >= s->evidence.n)) return true;
  struct str text = run_page_written(v);
  const char *why =
      many
          ? visit_word(v, "Nothing was answered: at most 12 files go with an answer. Put them together, in a zip file.",
                       "Intet er besvaret: højst 12 filer følger med et svar. Saml dem, i en zip-fil.")
          : visit_word(v,
                       "Nothing was answered: the step demands evidence. Add it, or tick that you answer without it.",
                       "Intet er besvaret: teststeppet kræver dokumentation. Tilføj den, eller sæt kryds ved, at du "
                       "svarer uden.");
  v->notice_is_error = true;
  v->notice = arena_printf(v->arena, "%s%s%.*s", why, text.n ? visit_word(v, "\n\nYou wrote: ", "\n\nDu skrev: ") : "",
                           STR_F(text));
  visit_go(v, "%.*s", STR_F(prompt_of(v, s->id)));
  return false;
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
  if (!brings_evidence(v, st->step, answer)) return;
  struct run_words w = run_words(v, "answer");
  run_words_by(&w);
  if (field(v, "test-persons").n) run_words_add(&w, "--test-persons-only");
  run_words_add(&w, "--");
  run_words_add(&w, arena_z(v->arena, st->step->id));
  run_words_add(&w, answer);
  run_words_add(&w, arena_z(v->arena, str_trim(field(v, "text"))));
  if (add_evidence(&w)) carry_out_answer(&w, st->step->id);
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
  struct run_words w = run_words(v, "assess");
  run_words_option(&w, "as", str_z(assessment_name(as)));
  run_words_by(&w);
  run_words_option(&w, "why", field(v, "why"));
  run_words_add(&w, "--");
  run_words_add(&w, arena_z(v->arena, st->step->id));
  carry_out(&w, st->step->id);
}

static void post_accept(struct visit *v) {
  if (!knows_who(v, STR(""))) return;
  struct run_words w = run_words(v, "assess");
  run_words_add(&w, "--accept-passed");
  run_words_by(&w);
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
  if (!knows_who(v, st->step->id) || !says_why(v, st->step->id)) return;
  struct run_words w = run_words(v, "revise");
  run_words_option(&w, "verdict", field(v, "verdict"));
  run_words_by(&w);
  run_words_option(&w, "why", field(v, "why"));
  run_words_add(&w, "--");
  run_words_add(&w, arena_z(v->arena, st->step->id));
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
  if ((int64_t)st->attempt.number != seen(v)) { /* twice by two persons would throw the first one's attempt away */
    tell_later(v, st->step->id, st->attempt.by, st->attempt.why);
    return;
  }
  struct run_words w = run_words(v, "repeat");
  run_words_by(&w);
  run_words_option(&w, "why", field(v, "why"));
  run_words_option(&w, "system-version", field(v, "system-version"));
  run_words_add(&w, "--");
  run_words_add(&w, arena_z(v->arena, st->step->id));
  carry_out(&w, st->step->id);
}

static void halt(struct visit *v, const char *name) {
  if (!may_steer(v) || !knows_who(v, STR(""))) return;
  struct run_words w = run_words(v, name);
  run_words_by(&w);
  run_words_option(&w, "why", field(v, "why"));
  carry_out(&w, STR(""));
}

static void post_pause(struct visit *v) {
  halt(v, "pause");
}

static void post_abort(struct visit *v) {
  if (says_why(v, STR(""))) halt(v, "abort");
}

static void post_resume(struct visit *v) {
  if (!may_steer(v)) return;
  struct run_words w = run_words(v, "resume");
  run_words_option(&w, "case", field(v, "case"));
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
  struct run_words w = run_words(v, "put");
  run_words_by(&w);
  if (field(v, "test-persons").n) run_words_add(&w, "--test-persons-only");
  run_words_add(&w, "--");
  run_words_add(&w, path);
  carry_out(&w, STR(""));
}

static struct state_message *find_message(struct visit *v) {
  struct state_message *m = state_message_of(run_state(v->run), field(v, "message"));
  if (!m) visit_refuse(v, 400, "The run has no such message.", "Testforløbet har ikke den meddelelse.");
  return m;
}

static void post_release(struct visit *v) {
  struct state_message *m = find_message(v);
  if (!m || !knows_who(v, STR("")) || !says_why(v, STR(""))) return;
  struct run_words w = run_words(v, "release");
  run_words_option(&w, "why", field(v, "why"));
  run_words_by(&w);
  run_words_add(&w, "--");
  run_words_add(&w, arena_z(v->arena, m->id));
  carry_out(&w, STR(""));
}

static void post_attach(struct visit *v) {
  struct state_message *m = find_message(v);
  struct state_step *st = m ? find_step(v) : NULL;
  if (!st || !may_steer(v) || !says_why(v, st->step->id)) return;
  struct run_words w = run_words(v, "attach");
  run_words_option(&w, "why", field(v, "why"));
  run_words_by(&w);
  run_words_add(&w, "--");
  run_words_add(&w, arena_z(v->arena, m->id));
  run_words_add(&w, arena_z(v->arena, st->step->id));
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
