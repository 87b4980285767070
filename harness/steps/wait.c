/* wait: time passes. */
#include "steps/steps_int.h"

static const struct key keys[] = {{"for", KEY_DURATION, true, NULL}, {0}};

static void parse(struct step *s, struct keys *k) {
  struct str time = keys_text(s->args_node, "for");
  steps_default_texts(s,
                      (struct protocol_text){arena_printf(k->arena, "Wait %.*s", STR_F(time)),
                                             arena_printf(k->arena, "Vent %.*s", STR_F(time))},
                      (struct protocol_text){STR("The time has passed"), STR("Tiden er gået")});
}

static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  int64_t ms;
  if (expand_duration(&ms, v, keys_text(v->at->step->args_node, "for"), e) < 0) return -1;
  h->wait(h->context, v, "harness", ms);
  return 0;
}

static enum step_ready ready(const struct step_view *v) {
  return v->at->timer ? STEP_READY : STEP_WAIT;
}

static void judge(const struct step_view *v, struct judgement *j) {
  struct str time = duration_format(v->scratch, v->at->deadline);
  judge_actual(j, arena_printf(v->scratch, "Waited %.*s", STR_F(time)),
               arena_printf(v->scratch, "Ventede %.*s", STR_F(time)));
}

const struct step_kind step_wait = {.word = "wait",
                                    .part = STEP_PREPARES,
                                    .keys = keys,
                                    .parse = parse,
                                    .effect = effect,
                                    .ready = ready,
                                    .judge = judge};
