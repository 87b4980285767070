/* expect-ack: an Acknowledgement for a message that we sent, in the shape that MedCom Acknowledgement 2.0 demands. */
#include "steps/steps_int.h"

#define ACK_EVENT "acknowledgement-message"
#define ACK_PROVENANCES 2

static const struct key keys[] = {{"to", KEY_TEXT, true, NULL},
                                  {"code", KEY_LIST, false, "ok|fatal-error|transient-error"},
                                  {"receipt", KEY_LIST, false, LETTER_RECEIPTS},
                                  {"refuse", KEY_LIST, false, LETTER_CODES},
                                  {"as", KEY_TEXT, false, NULL},
                                  {"within", KEY_DURATION, false, NULL},
                                  {"where", KEY_MAP, false, NULL},
                                  {"early", KEY_BOOL, false, NULL},
                                  {0}};

/* What is judged: the acknowledgement and what it acknowledges. */
struct acked {
  const struct step_view *v;
  struct judgement *j;
  const struct state_message *m, *sent;
  struct message opened;
};

static struct str codes_words(struct arena *a, const struct node *codes) {
  struct buf b;
  buf_init(&b, EXPRESSION_TEXT_MAX);
  if (codes && codes->kind != NODE_ARRAY) buf_add(&b, codes->text);
  if (codes && codes->kind == NODE_ARRAY)
    for (NODE_EACH(c, codes)) buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_F(c->text));
  return buf_take(&b, a);
}

static void parse(struct step *s, struct keys *k) {
  struct expect_args *args = ARENA_NEW(k->arena, struct expect_args);
  const struct node *n = s->args_node;
  struct str within = keys_text(n, "within");
  s->args = args;
  select_parse(&args->select, k, n);
  args->within = within.n ? within : STR(EXPECT_WITHIN_DEFAULT);
  args_one_of(k, n, "code", "receipt");
  args_only_with(k, n, "refuse", "receipt");
  bool letter = node_child(n, "receipt");
  args->select.event = letter ? (struct str){0} : STR(ACK_EVENT);
  args->select.receipt = letter ? STR(LETTER_ANY_RECEIPT) : (struct str){0};
  args->codes = node_child(n, letter ? "receipt" : "code");
  struct str codes = codes_words(k->arena, args->codes);
  if (!codes.n && args->codes)
    keys_complain(k, args->codes, "\"%s\" must name at least one", letter ? "receipt" : "code");
  steps_default_texts(
      s,
      (struct protocol_text){
          arena_printf(k->arena, "The system acknowledges the message \"%.*s\"", STR_F(args->select.to)),
          arena_printf(k->arena, "Systemet kvitterer for meddelelsen \"%.*s\"", STR_F(args->select.to))},
      (struct protocol_text){
          arena_printf(k->arena, "An acknowledgement %.*s within %.*s", STR_F(codes), STR_F(args->within)),
          arena_printf(k->arena, "En kvittering %.*s inden for %.*s", STR_F(codes), STR_F(args->within))});
}

static struct place place_of(const struct acked *k, const char *path) {
  struct place p = {.message = k->opened.payload.name};
  const struct node *header = entry_first(k->opened.resource, "MessageHeader");
  const struct node *n = header ? node_at(header, path) : NULL;
  if (!n) n = header;
  return n ? node_place(k->v->scratch, k->opened.payload.name, n) : p;
}

static void check_code(struct acked *k) {
  const struct expect_args *args = k->v->at->step->args;
  struct str code = facts_get(&k->m->facts, "response.code");
  if (!list_has(args->codes, arena_z(k->v->scratch, code)))
    JUDGE(k->j, RULE_ACK_CODE, place_of(k, "response.code"), code, codes_words(k->v->scratch, args->codes));
  if (!str_eqz(code, "ok") && !entry_first(k->opened.resource, "OperationOutcome"))
    JUDGE(k->j, RULE_ACK_OUTCOME, place_of(k, "response.code"), code);
}

static void bad_provenance(struct acked *k, const struct node *at, struct text found, struct text expected) {
  const struct node *n = at ? at : k->opened.resource;
  JUDGE(k->j, RULE_ACK_PROVENANCE, node_place(k->v->scratch, k->opened.payload.name, n), found.en, expected.en,
        found.da, expected.da);
}

static struct text same(struct str s) {
  return (struct text){s, s};
}

static void expect_text(struct acked *k, const struct node *provenance, const char *path, struct str found,
                        struct str wanted) {
  const struct node *at = node_at(provenance, path);
  struct str is = arena_printf(k->v->scratch, "%s '%.*s'", path, STR_F(found));
  if (!str_eq(found, wanted)) bad_provenance(k, at ? at : provenance, same(is), same(wanted));
}

/* The copy says the same as the original: another activity would be another event. */
static void check_their_provenance(struct acked *k, const struct node *p) {
  struct str activity = facts_get(&k->sent->facts, "activity");
  if (activity.n) expect_text(k, p, "activity.coding.code", node_text_at(p, "activity.coding.code"), activity);
}

static void check_own_provenance(struct acked *k, const struct node *p) {
  struct str header = facts_get(&k->sent->facts, "header.id");
  expect_text(k, p, "activity.coding.code", node_text_at(p, "activity.coding.code"), STR("acknowledgement"));
  expect_text(k, p, "entity.what.reference", reference_id(node_text_at(p, "entity.what.reference")), header);
  expect_text(k, p, "entity.role", node_text_at(p, "entity.role"), STR("revision"));
}

/* The received message's latest Provenance, and the acknowledgement's own. */
static void check_provenances(struct acked *k) {
  const struct node *own = NULL, *theirs = NULL;
  struct arena *a = k->v->scratch;
  size_t n = 0;
  for (NODE_EACH(entry, k->opened.resource)) {
    const struct node *r = str_eqz(entry->name, "entry") ? node_child(entry, "resource") : NULL;
    if (!r || !str_eqz(r->type, "Provenance")) continue;
    struct str target = reference_id(node_text_at(r, "target.reference"));
    n++;
    if (str_eq(target, facts_get(&k->m->facts, "header.id"))) own = r;
    if (str_eq(target, facts_get(&k->sent->facts, "header.id"))) theirs = r;
  }
  if (n != ACK_PROVENANCES)
    bad_provenance(k, NULL, same(arena_printf(a, "%zu", n)), same(arena_printf(a, "%d", ACK_PROVENANCES)));
  if (theirs)
    check_their_provenance(k, theirs);
  else
    bad_provenance(
        k, NULL,
        (struct text){STR("none targets the message acknowledged"), STR("ingen peger på den kvitterede meddelelse")},
        (struct text){STR("a copy of its latest one"), STR("en kopi af dens seneste")});
  if (own)
    check_own_provenance(k, own);
  else
    bad_provenance(k, NULL,
                   (struct text){STR("none targets the acknowledgement's MessageHeader"),
                                 STR("ingen peger på kvitteringens MessageHeader")},
                   (struct text){STR("one of its own"), STR("en egen")});
}

static void check_party(struct acked *k, const char *receiver, const char *sender) {
  struct str found = facts_get(&k->m->facts, receiver), wanted = facts_get(&k->sent->facts, sender);
  bool envelope = str_starts(str_z(receiver), STR("envelope."));
  if (!found.n || !wanted.n || str_eq(found, wanted)) return;
  JUDGE(k->j, RULE_ACK_DESTINATION, envelope ? message_place(k->m) : place_of(k, "destination.receiver"), found,
        wanted);
}

static void check_bundle_id(struct acked *k) {
  struct str id = facts_get(&k->m->facts, "bundle.id");
  for (size_t i = 0; i < k->v->state->messages.n; i++) {
    const struct state_message *o = k->v->state->messages.v[i];
    if (!id.n || o->lost || o->seq >= k->m->seq || !str_eq(o->party, k->m->party)) continue;
    if (!str_eq_nocase(id, facts_get(&o->facts, "bundle.id"))) continue;
    const struct node *at = node_child(k->opened.resource, "id");
    JUDGE(k->j, RULE_ACK_BUNDLE_ID, node_place(k->v->scratch, k->opened.payload.name, at ? at : k->opened.resource), id,
          o->id);
    return;
  }
}

static void check_all(struct acked *k) {
  struct error e;
  if (open_message(&k->opened, k->v, k->m, &e) < 0) {
    judge_broken(k->j, RULE_UNREADABLE, &e);
    return;
  }
  if (!k->opened.resource) {
    JUDGE(k->j, RULE_NOT_FHIR, message_place(k->m));
    return;
  }
  findings_join(&k->j->findings, &k->opened.envelope_findings);
  check_code(k);
  check_provenances(k);
  check_party(k, "envelope.receiver", "envelope.sender");
  check_party(k, "receiver.gln", "sender.gln");
  check_bundle_id(k);
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
  struct acked k = {.v = v, .j = j, .m = v->at->message};
  /* The network's receipt comes from a mailbox, not from the system's own number. */
  if (args->select.receipt.n)
    expecting_received(v, j);
  else
    expecting_matched(v, j);
  k.sent = judge_message(v, j, args->select.to);
  if (k.sent && args->select.receipt.n) letter_ack_judge(v, j, k.sent);
  if (k.sent && !args->select.receipt.n) check_all(&k);
}

const struct step_kind step_expect_ack = {.word = "expect-ack",
                                          .part = STEP_WAITS,
                                          .keys = keys,
                                          .parse = parse,
                                          .effect = effect,
                                          .wants = expecting_wants,
                                          .ready = expecting_ready,
                                          .judge = judge};
