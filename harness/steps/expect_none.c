/* expect-none: nothing such arrives for a while. */
#include "steps/steps_int.h"

static const struct key keys[] = {{"event", KEY_TEXT, false, NULL},
                                  {"rest", KEY_TEXT, false, "create|read|update|delete|search|capabilities"},
                                  {"oauth", KEY_TEXT, false, SELECT_OAUTH},
                                  {"letter", KEY_TEXT, false, NULL},
                                  {"type", KEY_TEXT, false, NULL},
                                  {"of", KEY_TEXT, false, NULL},
                                  {"to", KEY_TEXT, false, NULL},
                                  {"answers", KEY_TEXT, false, NULL},
                                  {"made-of", KEY_TEXT, false, NULL},
                                  {"where", KEY_MAP, false, NULL},
                                  {"for", KEY_DURATION, true, NULL},
                                  {"receipt", KEY_TEXT, false, SELECT_RECEIPTS},
                                  {0}};

/* What may not come: one of those that `expect` knows, or acknowledgements of a message. */
static void parse_choice(struct expect_args *args, struct keys *k, const struct node *n) {
  bool told = node_child(n, "rest") || node_child(n, "oauth") || node_child(n, "receipt");
  if (node_child(n, "letter")) args_none_of(k, n, (const char *const[]){"event", "to", NULL}, "letter");
  if (told)
    select_check(k, n);
  else if (!node_child(n, "event") && !node_child(n, "to") && !node_child(n, "letter"))
    keys_complain(
        k, n,
        "give \"event\", \"letter\", \"receipt\", \"rest\", \"oauth\", or \"to\" for acknowledgements of a message");
  args_only_with(k, n, "type", "rest");
  args_only_with(k, n, "of", "rest");
  if (!told && !args->select.event.n && !args->select.letter.n) args->select.event = STR("acknowledgement-message");
  if (node_child(n, "to") && !node_child(n, "receipt") && !str_eqz(args->select.event, "acknowledgement-message"))
    keys_complain(k, node_child(n, "to"), "\"to\" belongs to acknowledgements; use \"answers\" for other messages");
}

static void parse(struct step *s, struct keys *k) {
  struct expect_args *args = ARENA_NEW(k->arena, struct expect_args);
  const struct node *n = s->args_node;
  s->args = args;
  select_parse(&args->select, k, n);
  args->within = keys_text(n, "for");
  parse_choice(args, k, n);
  struct str what = select_words(k->arena, &args->select);
  steps_default_texts(s,
                      (struct protocol_text){arena_printf(k->arena, "Nothing happens for %.*s", STR_F(args->within)),
                                             arena_printf(k->arena, "Der sker intet i %.*s", STR_F(args->within))},
                      (struct protocol_text){arena_printf(k->arena, "The system sends no %.*s", STR_F(what)),
                                             arena_printf(k->arena, "Systemet sender ingen %.*s", STR_F(what))});
}

static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  return expecting_effect(v, h, "harness", e);
}

/* What a crash of ours may have caused is no message that should not have come. */
static enum step_wants wants(const struct step_view *v, const struct state_message *m, struct str *en, struct str *da) {
  enum step_wants w = expecting_wants(v, m, en, da);
  if (w != WANTS_IT || !state_excused(v->state, m)) return w;
  *en = STR("it may be a duplicate that the harness caused when it went down");
  *da = STR("den kan være en dublet, som testværktøjet selv var skyld i, da det gik ned");
  return WANTS_NEARLY;
}

static void judge(const struct step_view *v, struct judgement *j) {
  const struct state_message *m = v->at->message;
  if (!expecting_waited(v, j)) return;
  if (!m) {
    judge_actual(j, STR("Nothing such came"), STR("Der kom intet sådant"));
    return;
  }
  struct str words = message_words(v->scratch, m);
  JUDGE(j, RULE_NONE_ARRIVED, message_place(m), words);
  judge_actual(j, arena_printf(v->scratch, "Received %.*s", STR_F(words)),
               arena_printf(v->scratch, "Modtog %.*s", STR_F(words)));
}

const struct step_kind step_expect_none = {.word = "expect-none",
                                           .part = STEP_WAITS,
                                           .keys = keys,
                                           .parse = parse,
                                           .effect = effect,
                                           .wants = wants,
                                           .ready = expecting_ready,
                                           .judge = judge,
                                           .fits = expecting_fits};
