#include "steps/steps_int.h"

void judge_actual(struct judgement *j, struct str en, struct str da) {
  j->actual.en = en;
  j->actual.da = da;
}

static struct str error_words(struct arena *a, const struct error *e) {
  char text[ERROR_FILE_MAX + ERROR_TEXT_MAX];
  error_format(e, text, sizeof text);
  return arena_str(a, str_z(text));
}

void judge_broken(struct judgement *j, enum steps_rule rule, const struct error *e) {
  JUDGE(j, rule, ((struct place){0}), error_words(j->findings.arena, e));
  j->verdict = VERDICT_ERROR;
}

void judge_unresolved(struct judgement *j, const struct error *e) {
  if (e->code != ERR_PEER) {
    judge_broken(j, RULE_UNREADABLE, e);
    return;
  }
  JUDGE(j, RULE_UNRESOLVED, ((struct place){0}), arena_str(j->findings.arena, str_z(e->text)));
}

struct place message_place(const struct state_message *m) {
  return (struct place){.message = m->id};
}

const struct state_message *judge_message(const struct step_view *v, struct judgement *j, struct str name) {
  const struct state_message *m = state_message_find(v->state, name);
  if (!m) JUDGE(j, RULE_NO_MESSAGE, ((struct place){0}), name);
  return m;
}

bool judge_open(struct message *out, const struct step_view *v, struct judgement *j, struct str name) {
  struct error e;
  const struct state_message *m = judge_message(v, j, name);
  if (!m) return false;
  if (open_message(out, v, m, &e) == 0) return true;
  judge_broken(j, RULE_UNREADABLE, &e);
  return false;
}
