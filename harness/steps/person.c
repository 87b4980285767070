/* instruct, manual, explain: what a person (or a system's own hook) answers. */
#include "steps/steps_int.h"

struct person_args {
  struct str who;
};

void person_parse(struct step *s, struct keys *k) {
  struct person_args *args = ARENA_NEW(k->arena, struct person_args);
  struct str who = keys_text(s->args_node, "who");
  args->who = who.n ? who : STR("vendor");
  s->args = args;
}

int person_effect(const struct step_view *v, struct step_host *h, struct error *e) {
  const struct person_args *args = v->at->step->args;
  (void)e;
  h->wait(h->context, v, str_eqz(args->who, "medcom") ? "medcom" : "vendor", -1);
  return 0;
}

enum step_ready person_ready(const struct step_view *v) {
  return v->at->answer ? STEP_READY : STEP_WAIT;
}

static void judge_fail(const struct step_view *v, struct judgement *j, struct str text) {
  (void)v;
  JUDGE(j, RULE_PERSON, ((struct place){0}), text.n ? text : STR("-"));
}

static void judge_not_relevant(const struct step_view *v, struct judgement *j, struct str text) {
  (void)text;
  if (v->at->step->optional)
    j->verdict = VERDICT_NOT_APPLICABLE;
  else
    JUDGE(j, RULE_NOT_RELEVANT, ((struct place){0}));
}

static void judge_hook(const struct step_view *v, struct judgement *j, struct str text) {
  (void)v;
  JUDGE(j, RULE_TRIGGER, ((struct place){0}), text.n ? text : STR("-"));
  j->verdict = VERDICT_ERROR;
}

static const struct {
  const char *answer;
  void (*judge)(const struct step_view *v, struct judgement *j, struct str text);
  const char *en, *da;
} negatives[] = {
    {"fail", judge_fail, "Fails", "Fejler"},
    {"not-relevant", judge_not_relevant, "Not relevant", "Ikke relevant"},
    {"error", judge_hook, "Could not be asked to act", "Kunne ikke bedes om at handle"},
};

static void judge_evidence(const struct step_view *v, struct judgement *j) {
  struct arena *a = v->scratch;
  size_t wanted = v->at->step->evidence.n, given = 0;
  struct buf kinds;
  while (given < wanted && event_get(v->at->answer, arena_printf(a, "evidence.%zu", given + 1).p).n) given++;
  if (given == wanted) return;
  buf_init(&kinds, EXPRESSION_TEXT_MAX);
  for (size_t i = 0; i < wanted; i++) buf_printf(&kinds, "%s%.*s", i ? ", " : "", STR_F(v->at->step->evidence.v[i]));
  JUDGE(j, RULE_EVIDENCE, ((struct place){0}), arena_printf(a, "%zu", wanted), buf_take(&kinds, a),
        arena_printf(a, "%zu", given));
}

bool person_judge(const struct step_view *v, struct judgement *j) {
  struct str answer = event_get(v->at->answer, "answer"), text = event_get(v->at->answer, "text");
  for (size_t i = 0; i < sizeof negatives / sizeof *negatives; i++) {
    if (!str_eqz(answer, negatives[i].answer)) continue;
    judge_actual(j, text.n ? text : str_z(negatives[i].en), text.n ? text : str_z(negatives[i].da));
    negatives[i].judge(v, j, text);
    return false;
  }
  judge_actual(j, text.n ? text : STR("Done"), text.n ? text : STR("Udført"));
  judge_evidence(v, j);
  return true;
}
