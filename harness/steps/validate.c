/* validate: a message by the rules of a level. */
#include "steps/steps_int.h"

static const struct key keys[] = {
    {"on", KEY_TEXT, true, NULL}, {"level", KEY_TEXT, true, "wellformed|envelope|bundle|profile"}, {0}};

static void parse(struct step *s, struct keys *k) {
  struct str on = keys_text(s->args_node, "on"), level = keys_text(s->args_node, "level");
  args_name(k, s->args_node, "on");
  steps_default_texts(
      s,
      (struct protocol_text){
          arena_printf(k->arena, "The message \"%.*s\" is validated at level %.*s", STR_F(on), STR_F(level)),
          arena_printf(k->arena, "Meddelelsen \"%.*s\" valideres på niveauet %.*s", STR_F(on), STR_F(level))},
      (struct protocol_text){STR("No errors"), STR("Ingen fejl")});
}

static void judge(const struct step_view *v, struct judgement *j) {
  const struct node *args = v->at->step->args_node;
  enum validate_level level;
  struct message m;
  if (!validate_level_parse(keys_text(args, "level"), &level)) BUG("the level was checked when the step was read");
  if (!judge_open(&m, v, j, keys_text(args, "on"))) return;
  validate_message(&m, level, &j->findings);
  size_t errors = findings_count(&j->findings, SEV_ERROR), warnings = findings_count(&j->findings, SEV_WARNING),
         undecided = findings_count(&j->findings, SEV_UNDECIDED);
  judge_actual(j,
               arena_printf(v->scratch, "%.*s: %zu errors, %zu warnings, %zu undecided", STR_F(m.raw.name), errors,
                            warnings, undecided),
               arena_printf(v->scratch, "%.*s: %zu fejl, %zu advarsler, %zu uafklarede", STR_F(m.raw.name), errors,
                            warnings, undecided));
}

const struct step_kind step_validate = {.word = "validate", .keys = keys, .parse = parse, .judge = judge};
