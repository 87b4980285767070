#include "base/clock.h"
#include "envelope/receipt_int.h"

#define LEFT_BYTES_MAX ((size_t)8 << 10)

struct judging {
  const struct receipt_case *c;
  const struct receipt *r;
  const struct mail *o;
  struct findings *f;
};

static struct place at(const struct judging *j, const struct node *n) {
  const struct node *where = n ? n : j->r->whole;
  if (!where) return (struct place){.message = j->c->message};
  return node_place_for(j->f, j->c->message, where);
}

#define TELL(j, rule, where, ...) FINDING((j)->f, &receipt_rule_table[rule], at((j), (where)), ##__VA_ARGS__)

static struct str name_of(const struct judging *j) {
  return str_z(j->r->row->name);
}

/* ---- the receipt in itself ---- */

static void check_action(const struct judging *j, const struct node *n, struct str action) {
  static const struct said words[] = {{STR_INIT("negative"), STR_INIT("negativ")},
                                      {STR_INIT("positive"), STR_INIT("positiv")}};
  bool yes = j->r->row->positive;
  if (str_eqz(action, yes ? "7" : "4")) return;
  struct said args[] = {said_same(name_of(j)), words[yes], said_same(action), said_same(yes ? STR("7") : STR("4"))};
  findings_add_said(j->f, &receipt_rule_table[RECEIPT_RULE_KIND], at(j, n), 4, args);
}

static void check_reason(const struct judging *j, const struct node *n, struct str code, struct str text) {
  if (!code.n && !text.n) return;
  if (j->r->row->positive) {
    TELL(j, RECEIPT_RULE_CODE_POSITIVE, n, name_of(j), code);
    return;
  }
  if (!receipt_code(code).n) TELL(j, RECEIPT_RULE_CODE, n, code);
  if (!text.n) TELL(j, RECEIPT_RULE_NO_TEXT, n, code);
}

static bool has_reason(const struct receipt *r) {
  if (r->code.n || r->text.n) return true;
  for (size_t i = 0; i < r->letters.n; i++)
    if (r->letters.v[i].code.n || r->letters.v[i].text.n) return true;
  return false;
}

/* A refusal of the whole interchange may do without its letters: nobody has read them. */
static void check_letters_named(const struct judging *j) {
  if (j->r->letters.n || (!j->r->row->positive && (j->r->code.n || j->r->row->of_vans))) return;
  TELL(j, RECEIPT_RULE_NO_LETTER, j->r->node, name_of(j));
}

static void check_self(const struct judging *j) {
  const struct receipt *r = j->r;
  if (!str_eqz(r->version, r->row->version))
    TELL(j, RECEIPT_RULE_VERSION, r->whole, name_of(j), r->version, str_z(r->row->version));
  if (r->ack == MAIL_ACK_YES) TELL(j, RECEIPT_RULE_ASKS, r->ack_node);
  if (r->more) TELL(j, RECEIPT_RULE_MORE, r->whole, arena_printf(j->f->arena, "%zu", r->more));
  if (!r->node && !r->of.n) {
    TELL(j, RECEIPT_RULE_NONE, NULL, name_of(j), r->row->syntax == MAIL_EDIFACT ? STR("UCI") : STR("OriginalEmessage"));
    return;
  }
  check_action(j, r->node, r->action);
  check_reason(j, r->node, r->code, r->text);
  for (size_t i = 0; i < r->letters.n; i++) {
    const struct receipt_letter *l = &r->letters.v[i];
    if (r->row->syntax == MAIL_EDIFACT) check_action(j, l->node, l->action);
    check_reason(j, l->node, l->code, l->text);
  }
  check_letters_named(j);
  if (!r->row->positive && !has_reason(r)) TELL(j, RECEIPT_RULE_NO_CODE, r->node);
}

/* ---- against the original ---- */

static void check_parties(const struct judging *j) {
  const struct receipt *r = j->r;
  struct str sender = j->o->sender, receiver = j->o->receiver;
  bool turned = str_eq(r->original_sender, receiver) && str_eq(r->original_receiver, sender);
  if (turned && !str_eq(sender, receiver)) {
    TELL(j, RECEIPT_RULE_PARTIES_TURNED, r->node, r->original_sender, r->original_receiver);
    return;
  }
  if (!str_eq(r->original_sender, sender))
    TELL(j, RECEIPT_RULE_PARTIES, r->node, STR("sender"), r->original_sender, sender, STR("afsender"));
  if (!str_eq(r->original_receiver, receiver))
    TELL(j, RECEIPT_RULE_PARTIES, r->node, STR("receiver"), r->original_receiver, receiver, STR("modtager"));
}

/* An operator between both may have turned XML into EDIFACT: then an X stands before the version. */
static bool same_version(const struct judging *j, struct str told, struct str sent) {
  if (str_eq(told, sent)) return true;
  bool other_syntax = j->r->row->syntax != j->o->syntax;
  if (other_syntax && str_starts(sent, STR("X")) && str_eq(told, str_sub(sent, 1, sent.n))) return true;
  return other_syntax && str_starts(told, STR("X")) && str_eq(sent, str_sub(told, 1, told.n));
}

static const struct mail_letter *letter_of(const struct mail *m, struct str id) {
  for (size_t i = 0; i < m->letters.n; i++)
    if (str_eq(m->letters.v[i].id, id)) return &m->letters.v[i];
  return NULL;
}

static void check_letter(const struct judging *j, const struct receipt_letter *l) {
  const struct mail_letter *sent = letter_of(j->o, l->id);
  if (!sent) {
    TELL(j, RECEIPT_RULE_LETTER, l->node, l->id, MAIL_LIST(j->f->arena, j->o, id));
    return;
  }
  if (!same_version(j, l->version, sent->version))
    TELL(j, RECEIPT_RULE_LETTER_VERSION, l->node, l->id, l->version, sent->version);
  if (l->message.n && sent->message.n && !str_eq(l->message, sent->message))
    TELL(j, RECEIPT_RULE_LETTER_TYPE, l->node, l->id, l->message, sent->message);
}

static bool answers(const struct receipt *r, struct str id) {
  for (size_t i = 0; i < r->letters.n; i++)
    if (str_eq(r->letters.v[i].id, id)) return true;
  return r->letters.n == 0;
}

static void tell_letters_left(const struct judging *j) {
  struct buf b;
  buf_init(&b, LEFT_BYTES_MAX);
  for (size_t i = 0; i < j->o->letters.n; i++) {
    struct str id = j->o->letters.v[i].id;
    if (!answers(j->r, id)) buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_F(id));
  }
  struct str left = buf_take(&b, j->f->arena);
  if (left.n) TELL(j, RECEIPT_RULE_LETTERS_LEFT, j->r->node, left);
}

/* The network sends from its mailbox; the receiving system from the number that was written to. */
static void check_ways(const struct judging *j) {
  const struct receipt *r = j->r;
  bool itself = str_eq(r->sender, j->o->receiver);
  if (r->row->of_vans && itself) TELL(j, RECEIPT_RULE_NETWORK, NULL, name_of(j), r->sender);
  if (!r->row->of_vans && !itself) TELL(j, RECEIPT_RULE_SENDER, NULL, r->sender, j->o->receiver);
  if (!str_eq(r->receiver, j->o->sender)) TELL(j, RECEIPT_RULE_RECEIVER, NULL, r->receiver, j->o->sender);
}

static bool is_asked(const struct judging *j) {
  const struct receipt_duty *d = j->c->duties ? receipt_duty_of(j->c->duties, name_of(j)) : NULL;
  bool only_asked = d ? d->when == RECEIPT_ASKED : j->r->row->positive;
  return !only_asked || j->o->ack == MAIL_ACK_YES;
}

static void check_when(const struct judging *j) {
  const struct receipt_case *c = j->c;
  const struct receipt_duty *d = c->duties ? receipt_duty_of(c->duties, name_of(j)) : NULL;
  if (!is_asked(j)) TELL(j, RECEIPT_RULE_UNASKED, NULL, name_of(j));
  if (!d || d->within_ms < 0 || !c->sent_at || c->came_at - c->sent_at <= d->within_ms) return;
  TELL(j, RECEIPT_RULE_LATE, NULL, duration_format(j->f->arena, c->came_at - c->sent_at),
       duration_format(j->f->arena, d->within_ms), d->within_source);
}

static void check_syntax(const struct judging *j) {
  static const char *const words[] = {[MAIL_EDIFACT] = "EDIFACT", [MAIL_OIOXML] = "OIOXML"};
  if (j->r->row->syntax == j->o->syntax) return;
  TELL(j, RECEIPT_RULE_SYNTAX, NULL, str_z(words[j->o->syntax]), str_z(words[j->r->row->syntax]),
       str_z(receipt_row_in(j->r->row, j->o->syntax)->name));
}

static void check_original(const struct judging *j) {
  struct receipt itself;
  if (receipt_read(&itself, j->f->arena, j->o))
    TELL(j, RECEIPT_RULE_OF_RECEIPT, j->r->node, j->o->id, str_z(itself.row->name));
  else
    check_when(j);
  check_syntax(j);
  check_ways(j);
  if (!j->r->node && !j->r->of.n) return;
  if (!str_eq(j->r->of, j->o->id)) TELL(j, RECEIPT_RULE_ORIGINAL, j->r->node, j->r->of, j->o->id);
  check_parties(j);
  for (size_t i = 0; i < j->r->letters.n; i++) check_letter(j, &j->r->letters.v[i]);
  tell_letters_left(j);
}

void receipt_judge(const struct receipt_case *c, struct findings *f) {
  struct judging j = {.c = c, .r = c->receipt, .o = c->original, .f = f};
  size_t from = f->list.n;
  check_self(&j);
  if (c->original) check_original(&j);
  if (c->duties) receipt_duties_apply(c->duties, f, from);
}

/* ---- against earlier receipts ---- */

/* A letter that both are about; false if there is none. */
static bool both_answer(const struct receipt *x, const struct receipt *y) {
  if (!x->letters.n || !y->letters.n) return true;
  for (size_t i = 0; i < x->letters.n; i++)
    if (answers(y, x->letters.v[i].id)) return true;
  return false;
}

void receipt_judge_earlier(const struct receipt_case *c, const struct receipt_earlier *earlier, bool again,
                           struct findings *f) {
  static const struct said says[] = {{STR_INIT("no"), STR_INIT("nej")}, {STR_INIT("yes"), STR_INIT("ja")}};
  struct judging j = {.c = c, .r = c->receipt, .o = c->original, .f = f};
  const struct receipt *old = earlier->receipt;
  bool yes = str_eqz(j.r->action, "7"), before = str_eqz(old->action, "7");
  size_t from = f->list.n;
  if (!str_eq(j.r->of, old->of) || !both_answer(j.r, old)) return;
  if (yes != before) {
    struct said args[] = {said_same(name_of(&j)), says[yes], said_same(earlier->message), says[before]};
    findings_add_said(f, &receipt_rule_table[RECEIPT_RULE_CONTRADICTION], at(&j, j.r->node), 4, args);
  } else if (!again && j.r->row->of_vans == old->row->of_vans) {
    TELL(&j, RECEIPT_RULE_AGAIN, j.r->node, earlier->message);
  }
  if (c->duties) receipt_duties_apply(c->duties, f, from);
}

const struct receipt_row *receipt_asked(const struct mail *m, const struct receipt_duties *d) {
  struct arena *scratch = arena_new(0);
  struct receipt itself;
  bool is_receipt = receipt_read(&itself, scratch, m);
  arena_free(scratch);
  for (size_t i = 0; i < receipt_rows_n && !is_receipt; i++) {
    const struct receipt_row *row = &receipt_rows[i];
    if (!row->positive || row->syntax != m->syntax) continue;
    const struct receipt_duty *duty = d ? receipt_duty_of(d, str_z(row->name)) : NULL;
    return m->ack == MAIL_ACK_YES || (duty && duty->when == RECEIPT_ALWAYS) ? row : NULL;
  }
  return NULL;
}
