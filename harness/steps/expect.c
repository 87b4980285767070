/* expect: a message, or a receipt of the envelope, from the vendor's system. */
#include "steps/steps_int.h"

static const struct key keys[] = {
    {"event", KEY_TEXT, false, NULL},
    {"letter", KEY_TEXT, false, NULL},
    {"receipt", KEY_TEXT, false, SELECT_RECEIPTS},
    {"rest", KEY_TEXT, false, "create|read|update|delete|search|capabilities|operation|" SELECT_CONNECTION},
    {"oauth", KEY_TEXT, false, SELECT_OAUTH},
    {"type", KEY_TEXT, false, NULL},
    {"of", KEY_TEXT, false, NULL},
    {"to", KEY_TEXT, false, NULL},
    {"as", KEY_TEXT, false, NULL},
    {"within", KEY_DURATION, false, NULL},
    {"answers", KEY_TEXT, false, NULL},
    {"made-of", KEY_TEXT, false, NULL},
    {"where", KEY_MAP, false, NULL},
    {"early", KEY_BOOL, false, NULL},
    {0}};

static const struct {
  const char *interaction, *en, *da;
} rest_words[] = {{"create", "creates", "opretter"},
                  {"read", "reads", "læser"},
                  {"update", "updates", "opdaterer"},
                  {"delete", "deletes", "sletter"},
                  {"search", "searches for", "søger efter"},
                  {"operation", "asks an operation of", "kalder en operation på"},
                  {"capabilities", "asks for the capabilities of", "beder om oplysninger om, hvad serveren kan, på"}};

static void rest_texts(struct step *s, struct arena *a, const struct select *sel, struct str within) {
  struct str type = sel->type;
  size_t i = 0;
  while (i + 1 < sizeof rest_words / sizeof *rest_words && !str_eqz(sel->rest, rest_words[i].interaction)) i++;
  struct str en = type.n ? type : STR("a resource"), da = type.n ? type : STR("en ressource");
  if (str_eqz(sel->rest, "capabilities")) en = da = STR("FHIR");
  steps_default_texts(
      s,
      (struct protocol_text){arena_printf(a, "The system %s %.*s on the FHIR server", rest_words[i].en, STR_F(en)),
                             arena_printf(a, "Systemet %s %.*s på FHIR-serveren", rest_words[i].da, STR_F(da))},
      (struct protocol_text){arena_printf(a, "It does so within %.*s", STR_F(within)),
                             arena_printf(a, "Det sker inden for %.*s", STR_F(within))});
}

static void connection_texts(struct step *s, struct arena *a, struct str within) {
  steps_default_texts(s,
                      (struct protocol_text){STR("The system connects to a server whose TLS is not in order"),
                                             STR("Systemet forbinder sig til en server, hvis TLS ikke er i orden")},
                      (struct protocol_text){arena_printf(a, "It does so within %.*s", STR_F(within)),
                                             arena_printf(a, "Det sker inden for %.*s", STR_F(within))});
}

static void parse(struct step *s, struct keys *k) {
  struct expect_args *args = ARENA_NEW(k->arena, struct expect_args);
  const struct node *n = s->args_node;
  struct str within = keys_text(n, "within");
  s->args = args;
  select_parse(&args->select, k, n);
  args->within = within.n ? within : STR(EXPECT_WITHIN_DEFAULT);
  select_check(k, n);
  args_only_with(k, n, "to", "receipt");
  if (!node_child(n, "letter")) args_only_with(k, n, "answers", "event");
  struct str what = select_words(k->arena, &args->select);
  if (select_is_connection(&args->select)) return connection_texts(s, k->arena, args->within);
  struct protocol_text text = {
      arena_printf(k->arena, "The system sends %.*s within %.*s", STR_F(what), STR_F(args->within)),
      arena_printf(k->arena, "Systemet sender %.*s inden for %.*s", STR_F(what), STR_F(args->within))};
  if (args->select.oauth.n) return oauth_texts(s, k->arena, args->select.oauth, args->within);
  if (args->select.rest.n) return rest_texts(s, k->arena, &args->select, args->within);
  steps_default_texts(s, (struct protocol_text){STR("The message is sent"), STR("Meddelelsen sendes")}, text);
}

static bool is_from_elsewhere(const struct step_view *v, const struct state_message *m) {
  return m->outbound || !str_eq(m->party, v->at->step->at);
}

/* The GLN that a message must go to: an answer goes to whoever sent what it answers; anything else to one of the
 * simulated organisations, which an empty text stands for. */
static struct str wanted_receiver(const struct step_view *v, const struct select *s) {
  const struct state_message *m = v->at->message;
  const struct state_message *sent = s->answers.n ? state_message_find(v->state, s->answers) : NULL;
  bool received = sent && is_from_elsewhere(v, sent); /* by the system that has to answer */
  if (received && s->letter.n) return facts_get(&sent->facts, "report.receiver");
  if (!received || str_eqz(facts_get(&m->facts, "activity"), "forward-message")) return (struct str){0};
  struct str envelope = facts_get(&sent->facts, "envelope.sender");
  return envelope.n ? envelope : facts_get(&sent->facts, "sender.gln");
}

static void check_receiver(const struct step_view *v, struct judgement *j, const struct select *s) {
  static const struct {
    const char *fact;
    enum steps_rule rule;
  } levels[] = {{"envelope.receiver", RULE_RECEIVER_GLN}, {"receiver.gln", RULE_RECEIVER_HEADER}};
  const struct state_message *m = v->at->message;
  struct str wanted = wanted_receiver(v, s), first = party_field(v, STR("counterpart"), "gln");
  for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
    struct str found = facts_get(&m->facts, levels[i].fact);
    bool one_of_us = party_is_counterpart(v, found) || party_is_other(v, found);
    bool right = wanted.n ? str_eq(found, wanted) : one_of_us;
    /* An interchange without a VANSEnvelope is addressed once. */
    if (!found.n || right || (i && expecting_bare_letter(m))) continue;
    JUDGE(j, levels[i].rule, message_place(m), found,
          wanted.n ? wanted : arena_printf(v->scratch, "%.*s, ...", STR_F(first)));
  }
}

/* Both levels name one receiver, else the message is delivered to one and meant for another. */
static void check_receivers_agree(const struct step_view *v, struct judgement *j, const struct select *s) {
  const struct state_message *m = v->at->message;
  struct str envelope = facts_get(&m->facts, "envelope.receiver"), header = facts_get(&m->facts, "receiver.gln");
  /* A copy goes to the register of messages, and its message to whom it went before. */
  bool copy = str_eqz(facts_get(&m->facts, "sbdh.kind"), "copy");
  if (copy || wanted_receiver(v, s).n || !envelope.n || str_eq(envelope, header)) return;
  if (!party_is_counterpart(v, header) && !party_is_other(v, header)) return;
  JUDGE(j, RULE_RECEIVER_HEADER, message_place(m), header, envelope);
}

/* The receipt must echo what we sent, by the rules of its envelope. */
static void check_receipt(const struct step_view *v, struct judgement *j, const struct select *s) {
  const struct state_message *sent = s->to.n ? state_message_find(v->state, s->to) : NULL;
  struct message receipt, original;
  struct error e;
  if (!sent) {
    JUDGE(j, RULE_NO_RECEIPT_ENVELOPE, message_place(v->at->message), s->to.n ? s->to : STR("-"));
    return;
  }
  if (open_message(&receipt, v, v->at->message, &e) < 0 || open_message(&original, v, sent, &e) < 0) {
    judge_broken(j, RULE_UNREADABLE, &e);
    return;
  }
  if (receipt.envelope && original.envelope)
    receipt.envelope->kind->check_receipt(receipt.envelope, receipt.raw.name, original.envelope, &j->findings);
  else
    JUDGE(j, RULE_NO_RECEIPT_ENVELOPE, message_place(v->at->message), s->to);
}

/* An SBDH acknowledgement is itself never acknowledged. */
static void check_receipt_of_receipt(const struct step_view *v, struct judgement *j) {
  const struct state_message *m = v->at->message;
  struct str original = facts_get(&m->facts, "envelope.original");
  for (size_t i = 0; i < v->state->messages.n && original.n; i++) {
    const struct state_message *o = v->state->messages.v[i];
    if (!o->outbound || !str_eqz(facts_get(&o->facts, "kind"), "receipt")) continue;
    if (str_eq_nocase(facts_get(&o->facts, "envelope.id"), original))
      JUDGE(j, RULE_RECEIPT_OF_RECEIPT, message_place(m), original, o->id);
  }
}

/* EAS was asked rightly, and says that there is no receiver (endpoint/eas.c): that is no refusal. */
static bool is_told_of_nobody(const struct state_message *m) {
  struct str result = facts_get(&m->facts, "eas.result");
  return result.n && !str_eqz(result, "none");
}

/* What our server refused was done wrong: its OperationOutcome says why. One that asserts on the status is asked for a
 * refusal, and says so with `where`. */
static void judge_rest(const struct step_view *v, struct judgement *j) {
  const struct state_message *m = v->at->message;
  const struct expect_args *args = v->at->step->args;
  struct str status = facts_get(&m->facts, "http.status");
  expecting_received(v, j);
  if (is_told_of_nobody(m)) return;
  if (node_child(args->select.where, "http.status") || (status.n == 3 && status.p[0] == '2')) return;
  JUDGE(j, RULE_REST_REFUSED, message_place(m), status, facts_get(&m->facts, "rest.issue"),
        facts_get(&m->facts, "rest.issue.da"));
}

/* BIN01 and its like hold what another letter of the interchange refers to: they are looked at with it. */
static bool is_attachment(struct str type) {
  return str_find(type, STR("BIN0"), 0) != SIZE_MAX;
}

/* The facts of a message are those of its first letter: what another one says was not held against anything. */
static void check_letters(struct judgement *j, const struct state_message *m, const struct select *s) {
  struct str types = facts_get(&m->facts, "letter.types"), rest = types;
  bool wrong_first = s->letter.n && !str_eq(facts_get(&m->facts, "letter"), s->letter);
  size_t own = 0;
  while (rest.n) own += !is_attachment(str_trim(str_cut(&rest, ',')));
  if (types.n && (own > 1 || wrong_first))
    JUDGE(j, RULE_LETTERS_SEVERAL, message_place(m), facts_get(&m->facts, "letters"), types);
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
  if (facts_get(&v->at->message->facts, "receipt.kind").n && args->select.receipt.n) {
    const struct state_message *sent = args->select.to.n ? state_message_find(v->state, args->select.to) : NULL;
    expecting_received(v, j);
    if (sent)
      letter_ack_judge(v, j, sent);
    else
      check_receipt(v, j, &args->select);
    return;
  }
  if (args->select.receipt.n) {
    expecting_received(v, j);
    check_receipt(v, j, &args->select);
    check_receipt_of_receipt(v, j);
    return;
  }
  if (select_is_connection(&args->select)) {
    expecting_received(v, j);
    return;
  }
  if (args->select.rest.n) {
    judge_rest(v, j);
    return;
  }
  if (args->select.oauth.n) {
    oauth_judge(v, j);
    return;
  }
  expecting_matched(v, j);
  check_letters(j, v->at->message, &args->select);
  if (args->select.made_of.n) return; /* whom that went to, it goes to */
  check_receiver(v, j, &args->select);
  check_receivers_agree(v, j, &args->select);
}

const struct step_kind step_expect = {.word = "expect",
                                      .part = STEP_WAITS,
                                      .keys = keys,
                                      .parse = parse,
                                      .effect = effect,
                                      .wants = expecting_wants,
                                      .ready = expecting_ready,
                                      .judge = judge,
                                      .fits = expecting_fits};
