/* unsupported: a place of a test that testcamp cannot do, or that is wrong in itself: the step is inconclusive. */
#include "steps/steps_int.h"

static const struct key keys[] = {{"why", KEY_TEXT2, true, NULL}, {0}};

static void parse(struct step *s, struct keys *k) {
  struct protocol_text why;
  (void)k;
  keys_text2(&why.en, &why.da, s->args_node, "why");
  steps_default_texts(s, (struct protocol_text){STR("Cannot be tested"), STR("Kan ikke prøves")}, why);
}

static void judge(const struct step_view *v, struct judgement *j) {
  const struct step *s = v->at->step;
  struct rule r = steps_rule_table[RULE_UNSUPPORTED];
  struct said why;
  keys_text2(&why.en, &why.da, s->args_node, "why");
  findings_add_said(&j->findings, &r, (struct place){0}, 1, &why);
}

const struct step_kind step_unsupported = {.word = "unsupported", .keys = keys, .parse = parse, .judge = judge};
