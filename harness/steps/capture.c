/* capture: one value of a message, kept as a variable. */
#include "steps/steps_int.h"

static const struct key keys[] = {{"on", KEY_TEXT, true, NULL},       {"fhirpath", KEY_FHIRPATH, false, NULL},
                                  {"xpath", KEY_XPATH, false, NULL},  {"fact", KEY_TEXT, false, NULL},
                                  {"segment", KEY_TEXT, false, NULL}, {"of", KEY_TEXT, false, "payload|envelope"},
                                  {"as", KEY_TEXT, true, NULL},       {0}};

static void parse(struct step *s, struct keys *k) {
  struct expression *x = ARENA_NEW(k->arena, struct expression);
  struct str on = keys_text(s->args_node, "on"), as = keys_text(s->args_node, "as");
  s->args = x;
  expression_parse(x, k, s->args_node);
  steps_default_texts(s,
                      (struct protocol_text){arena_printf(k->arena, "%.*s of the message \"%.*s\" is noted as \"%.*s\"",
                                                          STR_F(x->text), STR_F(on), STR_F(as)),
                                             arena_printf(k->arena, "%.*s i meddelelsen \"%.*s\" noteres som \"%.*s\"",
                                                          STR_F(x->text), STR_F(on), STR_F(as))},
                      (struct protocol_text){STR("Just one value"), STR("Netop én værdi")});
}

static void judge_value(const struct step_view *v, struct judgement *j, const struct expression_result *r) {
  const struct expression *x = v->at->step->args;
  struct str as = keys_text(v->at->step->args_node, "as"), words = expression_words(v->scratch, r, "-");
  size_t n = r->values.n;
  if (n > 1) {
    JUDGE(j, RULE_CAPTURE_SEVERAL, r->values.v[1].where, x->text, arena_printf(v->scratch, "%zu", n), words);
  } else if (n == 0 || r->values.v[0].text.n == 0) {
    JUDGE(j, RULE_CAPTURE_NONE, r->where, x->text, as);
  } else {
    facts_put(&j->captured, as, r->values.v[0].text);
    struct str text = arena_printf(v->scratch, "%.*s = %.*s", STR_F(as), STR_F(words));
    judge_actual(j, text, text);
  }
}

static void judge(const struct step_view *v, struct judgement *j) {
  const struct expression *x = v->at->step->args;
  struct expression_result r;
  enum expression_status status = expression_eval(&r, x, v, j, keys_text(v->at->step->args_node, "on"));
  if (status == EXPRESSION_OK) judge_value(v, j, &r);
  if (status == EXPRESSION_WRONG)
    JUDGE(j, RULE_CAPTURE_NONE, r.where, arena_printf(v->scratch, "%.*s: %s", STR_F(x->text), r.wrong.text),
          keys_text(v->at->step->args_node, "as"));
}

const struct step_kind step_capture = {.word = "capture", .keys = keys, .parse = parse, .judge = judge};
