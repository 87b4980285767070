/* manual: somebody looks, and says whether it is right; unless runs of TestScripts tell. */
#include "steps/steps_int.h"

static const struct key keys[] = {
    {"ask", KEY_TEXT2, true, NULL}, {"who", KEY_TEXT, false, "vendor|medcom"}, {"scripts", KEY_MAP, false, NULL}, {0}};

static void parse(struct step *s, struct keys *k) {
  struct protocol_text ask;
  person_parse(s, k);
  scripts_parse(s, k);
  keys_text2(&ask.en, &ask.da, s->args_node, "ask");
  steps_default_texts(s, ask, (struct protocol_text){STR("It is as described"), STR("Det er som beskrevet")});
}

static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  int found = scripts_effect(v, h, e);
  return found ? (found < 0 ? -1 : 0) : person_effect(v, h, e);
}

static enum step_ready ready(const struct step_view *v) {
  return v->at->scripts ? STEP_READY : person_ready(v);
}

static void judge(const struct step_view *v, struct judgement *j) {
  if (scripts_judge(v, j)) return;
  if (person_judge(v, j) && event_get(v->at->answer, "text").n == 0) judge_actual(j, STR("OK"), STR("OK"));
}

const struct step_kind step_manual = {.word = "manual",
                                      .part = STEP_ASKS,
                                      .keys = keys,
                                      .parse = parse,
                                      .effect = effect,
                                      .ready = ready,
                                      .judge = judge};
