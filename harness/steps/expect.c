/* expect: a message, or a receipt of the envelope, from the vendor's system. */
#include "steps/steps_int.h"

static const struct key keys[] = {{"event", KEY_TEXT, false, NULL},
                                  {"receipt", KEY_TEXT, false, "PositiveMessage|NegativeMessage|NegativeVans|any"},
                                  {"to", KEY_TEXT, false, NULL},
                                  {"as", KEY_TEXT, false, NULL},
                                  {"within", KEY_DURATION, false, NULL},
                                  {"answers", KEY_TEXT, false, NULL},
                                  {"where", KEY_MAP, false, NULL},
                                  {"early", KEY_BOOL, false, NULL},
                                  {0}};

static void parse(struct step *s, struct keys *k) {
  struct expect_args *args = ARENA_NEW(k->arena, struct expect_args);
  const struct node *n = s->args_node;
  struct str within = keys_text(n, "within");
  s->args = args;
  select_parse(&args->select, k, n);
  args->within = within.n ? within : STR(EXPECT_WITHIN_DEFAULT);
  args_one_of(k, n, "event", "receipt");
  args_only_with(k, n, "to", "receipt");
  args_only_with(k, n, "answers", "event");
  struct str what = args->select.event.n ? args->select.event : args->select.receipt;
  struct protocol_text text = {
      arena_printf(k->arena, "The system sends %.*s within %.*s", STR_F(what), STR_F(args->within)),
      arena_printf(k->arena, "Systemet sender %.*s inden for %.*s", STR_F(what), STR_F(args->within))};
  steps_default_texts(s, (struct protocol_text){STR("The message is sent"), STR("Meddelelsen sendes")}, text);
}

/* An answer goes to whoever sent what it answers; anything else to one of the simulated organisations. */
static void check_receiver(const struct step_view *v, struct judgement *j, const struct select *s) {
  struct arena *a = v->scratch;
  const struct state_message *m = v->at->message;
  const struct state_message *sent = s->answers.n ? state_message_find(v->state, s->answers) : NULL;
  struct str found = facts_get(&m->facts, "envelope.receiver"), wanted;
  bool reply = sent && sent->outbound && !str_eqz(facts_get(&m->facts, "activity"), "forward-message");
  wanted = reply ? facts_get(&sent->facts, "envelope.sender") : (struct str){0};
  if (!found.n || (wanted.n && str_eq(found, wanted)) || (!wanted.n && party_is_counterpart(v, found))) return;
  struct str first = party_field(v, STR("counterpart"), "gln");
  JUDGE(j, RULE_RECEIVER_GLN, message_place(m), found, wanted.n ? wanted : arena_printf(a, "%.*s, ...", STR_F(first)));
}

/* The receipt must echo what we sent (VANSEnvelope 1.0.4, Receipt). */
static void check_receipt(const struct step_view *v, struct judgement *j, const struct select *s) {
  const struct state_message *sent = s->to.n ? state_message_find(v->state, s->to) : NULL;
  struct message receipt, original;
  struct error e;
  if (!sent) return;
  if (open_message(&receipt, v, v->at->message, &e) < 0 || open_message(&original, v, sent, &e) < 0) {
    judge_broken(j, RULE_UNREADABLE, &e);
    return;
  }
  if (receipt.envelope && original.envelope)
    vans_check_receipt(receipt.envelope, receipt.raw.name, original.envelope, &j->findings);
  else
    JUDGE(j, RULE_NO_RECEIPT_ENVELOPE, message_place(v->at->message), s->to);
}

static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  return expecting_effect(v, h, "vendor", e);
}

static void judge(const struct step_view *v, struct judgement *j) {
  const struct expect_args *args = v->at->step->args;
  if (!expecting_waited(v, j)) return;
  if (!v->at->message) {
    expecting_late(v, j);
    return;
  }
  if (args->select.receipt.n) {
    struct str words = message_words(v->scratch, v->at->message);
    judge_actual(j, arena_printf(v->scratch, "Received %.*s", STR_F(words)),
                 arena_printf(v->scratch, "Modtog %.*s", STR_F(words)));
    check_receipt(v, j, &args->select);
    return;
  }
  expecting_matched(v, j);
  check_receiver(v, j, &args->select);
}

const struct step_kind step_expect = {.word = "expect",
                                      .keys = keys,
                                      .parse = parse,
                                      .effect = effect,
                                      .wants = expecting_wants,
                                      .ready = expecting_ready,
                                      .judge = judge};
