/* explain: somebody tells how it is, in words. */
#include "steps/steps_int.h"

static const struct key keys[] = {{"ask", KEY_TEXT2, true, NULL}, {"who", KEY_TEXT, false, "vendor|medcom"}, {0}};

static void parse(struct step *s, struct keys *k) {
  struct protocol_text ask;
  person_parse(s, k);
  keys_text2(&ask.en, &ask.da, s->args_node, "ask");
  steps_default_texts(s, ask, (struct protocol_text){STR("An explanation in words"), STR("En forklaring i ord")});
}

static void judge(const struct step_view *v, struct judgement *j) {
  if (!person_judge(v, j) || str_trim(event_get(v->at->answer, "text")).n) return;
  JUDGE(j, RULE_NO_TEXT, ((struct place){0}));
  judge_actual(j, (struct str){0}, (struct str){0});
}

const struct step_kind step_explain = {.word = "explain",
                                       .part = STEP_ASKS,
                                       .keys = keys,
                                       .parse = parse,
                                       .effect = person_effect,
                                       .ready = person_ready,
                                       .judge = judge};
