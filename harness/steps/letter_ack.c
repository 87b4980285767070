/* Receipts of letters, CONTRL and XCTL: how one is made for a letter that came, and how one that came is judged. */
#include "envelope/receipt_judge.h"
#include "steps/steps_int.h"

#define MAILBOX "DKTESTCAMP" /* who sends as the network, where the step does not say */
#define WRITTEN_MAX ((size_t)1 << 20)

static bool read_mail(struct mail *out, struct arena *a, const struct message *m) {
  const struct node *root = m->letter ? m->letter : m->interchange;
  if (root) mail_read(out, a, root);
  return root != NULL;
}

static int load_duties(struct receipt_duties **out, const struct step_view *v, struct error *e) {
  *out = NULL;
  return v->services->data_dir ? receipt_duties_load(out, v->scratch, v->services->data_dir, e) : 0;
}

bool letter_is_receipt(struct str receipt) {
  return receipt_row_named(receipt) != NULL;
}

/* ---- making ---- */

void letter_ack_parse(struct keys *k, const struct node *args) {
  const struct receipt_row *row = receipt_row_named(keys_text(args, "receipt"));
  static const char *const own[] = {"refuse", "about", "wrong", "mailbox", "envelope"};
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
    const struct node *n = node_child(args, own[i]);
    if (n && !row)
      keys_complain(k, n, "\"%s\" belongs to a receipt of a letter, CTL01 to CTL03 and XCTL01 to XCTL03", own[i]);
  }
  if (!row) return;
  if (row->positive && node_child(args, "refuse"))
    keys_complain(k, node_child(args, "refuse"), "%s is positive: there is nothing that it refuses", row->name);
  if (!row->of_vans && node_child(args, "mailbox"))
    keys_complain(k, node_child(args, "mailbox"),
                  "%s comes from the receiving system, not from a mailbox of the network", row->name);
}

/* A receipt of the network is about the interchange, one of the receiving system about the letter. */
static struct receipt_order order_of(const struct step_view *v, const struct mail *to, const struct ack_order *o,
                                     const struct receipt_row *row) {
  const struct node *args = v->at->step->args_node;
  struct str about = keys_text(args, "about"), mailbox = keys_text(args, "mailbox");
  return (struct receipt_order){.row = row,
                                .to = to,
                                .id = letter_id(v, v->at->step->id, STR("envelope")),
                                .letter_id = letter_id(v, v->at->step->id, STR("letter")),
                                .at = o->now,
                                .code = keys_text(args, "refuse"),
                                .text = o->text_da.n ? o->text_da : o->text_en,
                                .about_letter = about.n ? str_eqz(about, "letter") : !row->of_vans,
                                .mailbox = mailbox.n ? mailbox : STR(MAILBOX)};
}

struct spoiling {
  struct receipt *r;
  struct arena *a;
};

static void spoil(void *payload, const struct node *item) {
  struct spoiling *s = payload;
  const struct receipt_fault *fault = receipt_fault_named(item->text);
  if (!fault) BUG("the list was checked when the step was read");
  fault->spoil(s->r, s->a);
}

static int wrap(struct step_send *out, const struct step_view *v, const struct ack_order *o, const struct receipt *r,
                bool bare, struct error *e) {
  struct buf b;
  buf_init(&b, WRITTEN_MAX);
  receipt_write(&b, r);
  struct parcel p = {.as = o->as,
                     .from = r->sender,
                     .to = r->receiver,
                     .payload = buf_take(&b, v->scratch),
                     .letter = true,
                     .envelope = bare ? STR("") : STR("vans"),
                     .statistic = "automatic",
                     .now = o->now};
  return parcel_wrap(out, v, &p, e);
}

int letter_ack_build(struct step_send *out, const struct step_view *v, const struct ack_order *o, struct error *e) {
  const struct node *args = v->at->step->args_node;
  const struct receipt_row *row = receipt_row_named(keys_text(args, "receipt"));
  struct str envelope = keys_text(args, "envelope");
  struct message received;
  struct receipt r;
  struct mail to;
  if (open_message(&received, v, o->to, e) < 0) return -1;
  if (!read_mail(&to, v->scratch, &received)) return error_set(e, ERR_PEER, "%s (%.*s)", row->name, STR_F(o->to->id));
  struct receipt_order order = order_of(v, &to, o, row);
  receipt_make(&r, v->scratch, &order);
  struct spoiling s = {&r, v->scratch};
  keys_each(args, "wrong", spoil, &s);
  bool bare = envelope.n ? str_eqz(envelope, "none") : !received.envelope;
  return wrap(out, v, o, &r, bare, e);
}

/* ---- judging ---- */

struct judging {
  const struct step_view *v;
  struct judgement *j;
  const struct state_message *m, *sent;
  struct message opened, original;
  struct mail mail, sent_mail;
  struct receipt receipt;
  struct receipt_duties *duties;
};

static struct str words_of(struct arena *a, const struct node *list) {
  struct buf b;
  buf_init(&b, EXPRESSION_TEXT_MAX);
  if (list && list->kind != NODE_ARRAY) buf_add(&b, list->text);
  if (list && list->kind == NODE_ARRAY)
    for (NODE_EACH(c, list)) buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_F(c->text));
  return buf_take(&b, a);
}

/* Each reason that it gives, of the whole and of a letter, is one that the step wants; none is not. */
static bool has_wanted_codes(const struct judging *k, const struct node *codes, struct str said) {
  bool any = false;
  while (said.n) {
    struct str code = str_trim(str_cut(&said, ','));
    any = true;
    if (!list_has(codes, arena_z(k->v->scratch, code))) return false;
  }
  return any || list_has(codes, "");
}

static void check_expected(const struct judging *k) {
  const struct node *args = k->v->at->step->args_node;
  const struct node *kinds = node_child(args, "receipt"), *codes = node_child(args, "refuse");
  struct str kind = facts_get(&k->m->facts, "receipt.kind"), code = facts_get(&k->m->facts, "receipt.code");
  struct arena *a = k->v->scratch;
  struct place where = node_place(a, k->opened.payload.name, k->receipt.whole);
  bool any = list_has(kinds, LETTER_ANY_RECEIPT) || list_has(kinds, "any");
  if (!any && !list_has(kinds, arena_z(a, kind))) JUDGE(k->j, RULE_ACK_RECEIPT, where, kind, words_of(a, kinds));
  if (codes && !has_wanted_codes(k, codes, code)) JUDGE(k->j, RULE_ACK_REFUSE, where, code, words_of(a, codes));
}

/* How often the original went out: what was sent twice may be answered twice. */
static size_t times_sent(const struct judging *k) {
  struct str id = facts_get(&k->sent->facts, "interchange.id");
  size_t n = 0;
  for (size_t i = 0; i < k->v->state->messages.n; i++) {
    const struct state_message *o = k->v->state->messages.v[i];
    if (o->outbound && o->seq < k->m->seq && str_eq(facts_get(&o->facts, "interchange.id"), id)) n++;
  }
  return n;
}

static bool open_receipt(struct receipt *out, const struct step_view *v, const struct state_message *m,
                         struct message *opened, struct mail *mail) {
  struct error e;
  return open_message(opened, v, m, &e) == 0 && read_mail(mail, v->scratch, opened) &&
         receipt_read(out, v->scratch, mail);
}

static void check_earlier(const struct judging *k, const struct receipt_case *c) {
  size_t times = times_sent(k), before = 0;
  for (size_t i = 0; i < k->v->state->messages.n; i++) {
    const struct state_message *o = k->v->state->messages.v[i];
    struct message opened;
    struct receipt old;
    struct mail mail;
    if (o->outbound || o->lost || o->seq >= k->m->seq || !str_eq(o->party, k->m->party)) continue;
    if (!str_eq(facts_get(&o->facts, "receipt.of"), k->receipt.of)) continue;
    if (!open_receipt(&old, k->v, o, &opened, &mail)) continue;
    before++;
    receipt_judge_earlier(c, &(struct receipt_earlier){o->id, &old}, before < times, &k->j->findings);
  }
}

static void check_envelope(const struct judging *k) {
  struct str found = facts_get(&k->m->facts, "envelope.receiver"),
             wanted = facts_get(&k->sent->facts, "envelope.sender");
  if (!k->opened.envelope || !found.n || !wanted.n || str_eq(found, wanted)) return;
  JUDGE(k->j, RULE_ACK_DESTINATION, message_place(k->m), found, wanted);
}

void letter_ack_judge(const struct step_view *v, struct judgement *j, const struct state_message *sent) {
  struct judging k = {.v = v, .j = j, .m = v->at->message, .sent = sent};
  struct error e;
  if (load_duties(&k.duties, v, &e) < 0 || open_message(&k.original, v, sent, &e) < 0) {
    judge_broken(j, RULE_UNREADABLE, &e);
    return;
  }
  if (!open_receipt(&k.receipt, v, k.m, &k.opened, &k.mail)) {
    JUDGE(j, RULE_NO_RECEIPT_ENVELOPE, message_place(k.m), sent->name);
    return;
  }
  struct receipt_case c = {.message = k.opened.payload.name,
                           .receipt = &k.receipt,
                           .original = read_mail(&k.sent_mail, v->scratch, &k.original) ? &k.sent_mail : NULL,
                           .sent_at = sent->at,
                           .came_at = k.m->at,
                           .duties = k.duties};
  findings_join(&j->findings, &k.opened.wellformed);
  check_expected(&k);
  receipt_judge(&c, &j->findings);
  check_earlier(&k, &c);
  check_envelope(&k);
}
