/* Letters that come in: read, judged, kept, and answered with a receipt. */
#include "base/utf8.h"
#include "formats/edifact.h"
#include "formats/xml.h"
#include "refvendor/edi.h"

#define RECEIPT_ID_LENGTH 14

struct incoming {
  struct refvendor *v;
  struct arena *a;
  const struct envelope *envelope; /* NULL: bare */
  struct mail mail;
  bool syntax; /* it could not be read to its end */
};

bool rv_is_mail(struct str bytes) {
  struct str head = str_trim(str_sub(bytes, 0, 400));
  return str_starts(head, STR("UNA")) || str_starts(head, STR("UNB")) ||
         str_find(str_sub(bytes, 0, 4000), STR("<Emessage"), 0) != SIZE_MAX;
}

static bool is_oioxml(const struct incoming *in) {
  return in->mail.syntax == MAIL_OIOXML;
}

/* ---- judging: what the receipt says, or nothing ---- */

struct refusal {
  const char *code, *text;
};

static struct refusal not_well_formed(const struct incoming *in, const struct mail_letter *l) {
  (void)l;
  return in->syntax ? (struct refusal){"SYN", "Syntaksfejl."} : (struct refusal){0};
}

static struct refusal for_somebody_else(const struct incoming *in, const struct mail_letter *l) {
  (void)l;
  return rv_own(in->v, in->mail.receiver) ? (struct refusal){0}
                                          : (struct refusal){"LOK", "Modtagerens lokationsnummer er ukendt."};
}

static struct refusal of_unknown_version(const struct incoming *in, const struct mail_letter *l) {
  const struct rv_letter_type *t = rv_letter_type_of(l->type);
  struct str version = str_sub(l->version, is_oioxml(in) && str_starts(l->version, STR("X")), l->version.n);
  return t && str_eqz(version, t->version) ? (struct refusal){0}
                                           : (struct refusal){"VER", "Typen eller versionen modtages ikke."};
}

/* Counts and references of the end of a message and of the interchange. */
static size_t segments_below(const struct node *n) {
  size_t count = 0;
  for (NODE_EACH(c, n)) count += c->kind == NODE_SEGMENT ? 1 : c->kind == NODE_GROUP ? segments_below(c) : 0;
  return count;
}

static const struct node *at(const struct incoming *in, const struct node *from, const char *path) {
  struct edifact_hits hits = {0};
  struct error e;
  if (edifact_find(&hits, in->a, from, str_z(path), &e) < 0 || hits.n == 0) return NULL;
  return hits.v[0];
}

static struct refusal counted_wrong(const struct incoming *in, const struct mail_letter *l) {
  int64_t said = 0;
  if (is_oioxml(in)) return (struct refusal){0};
  const struct node *unt = at(in, l->root, "UNT"), *unz = at(in, in->mail.root, "UNZ");
  if (!str_int(edifact_text(unt, 1, 1), &said) || (size_t)said != segments_below(l->root) ||
      !str_eq(edifact_text(unt, 2, 1), l->id))
    return (struct refusal){"SYN", "UNT passer ikke til brevet."};
  if (!str_eq(edifact_text(unz, 2, 1), in->mail.id)) return (struct refusal){"SYN", "UNZ passer ikke til kuverten."};
  return (struct refusal){0};
}

static struct refusal about_nobody(const struct incoming *in, const struct mail_letter *l) {
  (void)in;
  return l->patient.n ? (struct refusal){0} : (struct refusal){"SYN", "Patientens personnummer mangler."};
}

/* The first rule that is broken. */
static struct refusal judge(const struct incoming *in) {
  static struct refusal (*const rules[])(const struct incoming *, const struct mail_letter *) = {
      not_well_formed, for_somebody_else, counted_wrong, of_unknown_version, about_nobody};
  for (size_t i = 0; i < in->mail.letters.n; i++)
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++) {
      struct refusal r = rules[k](in, &in->mail.letters.v[i]);
      if (r.code) return r;
    }
  return (struct refusal){0};
}

/* ---- answering ---- */

static struct str short_id(struct refvendor *v) {
  struct buf b;
  struct str id = rv_id(v, v->arena);
  buf_init(&b, RECEIPT_ID_LENGTH);
  for (size_t i = 0; i < id.n && b.n < RECEIPT_ID_LENGTH; i++)
    if (id.p[i] != '-') buf_byte(&b, id.p[i]);
  return buf_take(&b, v->arena);
}

/* Defects: each is one of the ways that a receipt can be wrong. */
static void spoil(const struct refvendor *v, struct receipt *r, struct arena *a) {
  static const struct {
    enum defect defect;
    const char *fault;
  } rows[] = {{DEFECT_LETTER_RECEIPT_ID, "original-id"},           {DEFECT_LETTER_RECEIPT_LETTER, "original-letter"},
              {DEFECT_LETTER_RECEIPT_VERSION, "original-version"}, {DEFECT_LETTER_RECEIPT_PARTIES, "original-parties"},
              {DEFECT_LETTER_RECEIPT_RECEIVER, "receiver"},        {DEFECT_LETTER_RECEIPT_ACTION, "action"},
              {DEFECT_LETTER_RECEIPT_NO_LETTERS, "no-letters"},    {DEFECT_LETTER_RECEIPT_ASKS, "asks"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const struct receipt_fault *f = rv_has(v, rows[i].defect) ? receipt_fault_named(str_z(rows[i].fault)) : NULL;
    if (f) f->spoil(r, a);
  }
}

static int64_t now_ms(struct refvendor *v) {
  int64_t ms = 0;
  bool zone;
  (void)time_parse(rv_now(v, v->arena), &ms, &zone);
  return ms;
}

static void post(const struct incoming *in, const struct receipt *r, struct str bytes) {
  struct rv_oioxml envelope = {.bytes = bytes,
                               .name = arena_printf(in->v->arena, "MCM:%s", r->row->name),
                               .version = r->version,
                               .to = r->receiver,
                               .format = is_oioxml(in) ? NULL : "EDIFACT"};
  rv_letter_post(in->v, bytes, r->id, !in->envelope, &envelope);
}

/* One receipt; bytes are kept for duplicates. */
static struct str answer(const struct incoming *in, bool positive, struct refusal why) {
  struct refvendor *v = in->v;
  struct arena *a = v->arena;
  const char *name = is_oioxml(in) ? positive ? "XCTL03" : "XCTL02" : positive ? "CTL03" : "CTL02";
  struct receipt_order o = {.row = receipt_row_named(str_z(name)),
                            .to = &in->mail,
                            .id = short_id(v),
                            .letter_id = short_id(v),
                            .at = now_ms(v),
                            .about_letter = true,
                            .code = why.code ? str_z(why.code) : (struct str){0},
                            .text = why.text ? str_z(why.text) : (struct str){0}};
  struct receipt r;
  struct buf b;
  receipt_make(&r, a, &o);
  spoil(v, &r, a);
  buf_init(&b, RECEIPT_BYTES_MAX);
  receipt_write(&b, &r);
  struct str bytes = buf_take(&b, a);
  rv_log(v, "%s for %.*s%s%s", name, STR_F(in->mail.id), why.text ? ": " : "", why.text ? why.text : "");
  post(in, &r, bytes);
  if (rv_has(v, DEFECT_ACKS_TWICE)) post(in, &r, bytes);
  return bytes;
}

static struct rv_mail *known(const struct incoming *in) {
  for (size_t i = 0; i < in->v->mail.n; i++) {
    struct rv_mail *m = in->v->mail.v[i];
    if (!m->own && str_eq(m->interchange, in->mail.id) && str_eq(m->sender, in->mail.sender)) return m;
  }
  return NULL;
}

static struct rv_mail *keep(const struct incoming *in, const struct mail_letter *l) {
  struct rv_mail *m = ARENA_NEW(in->v->arena, struct rv_mail);
  *m = (struct rv_mail){.interchange = in->mail.id,
                        .id = l->id,
                        .type = l->type,
                        .version = l->version,
                        .cpr = l->patient,
                        .episode = l->episode,
                        .sender = in->mail.sender,
                        .bare = !in->envelope};
  VEC_PUSH(in->v->arena, &in->v->mail, m);
  return m;
}

static void send_receipt(const struct incoming *in, struct rv_mail *m, struct refusal why) {
  struct refvendor *v = in->v;
  bool good = !why.code || rv_has(v, DEFECT_ACKS_INVALID_OK);
  if (rv_has(v, DEFECT_WRONG_ACK_CODE) && good) {
    good = false;
    why = (struct refusal){"NC", "Brevet blev ikke accepteret."};
  }
  m->positive = good;
  bool asked = in->mail.ack == MAIL_ACK_YES || rv_has(v, DEFECT_LETTER_RECEIPT_UNASKED);
  if (rv_has(v, DEFECT_NO_ACK) || (good && !asked)) return;
  m->receipt = good ? STR("positive") : STR("negative");
  m->answer = answer(in, good, good ? (struct refusal){0} : why);
  if (good && rv_has(v, DEFECT_CONTRADICTS_ITSELF))
    (void)answer(in, false, (struct refusal){"NC", "Brevet blev alligevel ikke accepteret."});
}

/* The same letter once more: nothing is processed, and the receipt says the same. */
static void answer_again(const struct incoming *in, const struct rv_mail *m) {
  struct refvendor *v = in->v;
  if (!m->answer.n || rv_has(v, DEFECT_FORGETS_DUPLICATES)) return;
  bool positive = m->positive != rv_has(v, DEFECT_NEGATIVE_AFTER_POSITIVE);
  (void)answer(in, positive, positive ? (struct refusal){0} : (struct refusal){"NC", "Brevet er modtaget før."});
}

/* A receipt is never answered. */
static void take_receipt(const struct incoming *in) {
  struct receipt r;
  if (!receipt_read(&r, in->a, &in->mail)) return;
  for (size_t i = 0; i < in->v->mail.n; i++) {
    struct rv_mail *m = in->v->mail.v[i];
    if (m->own && str_eq(m->interchange, r.of)) m->receipt = arena_str(in->v->arena, str_z(r.row->name));
  }
  rv_log(in->v, "%s for %.*s", r.row->name, STR_F(r.of));
  if (rv_has(in->v, DEFECT_ACKS_AN_ACK)) (void)answer(in, true, (struct refusal){0});
}

/* Whom an advice of admission wants answered. */
static struct str answer_address(const struct incoming *in, const struct mail_letter *l) {
  if (is_oioxml(in)) return str_trim(node_text_at(l->root, "Sender.AnswerTo.EANIdentifier"));
  const struct node *loc = at(in, l->root, "S01/RFF+LOC/1.2");
  return loc ? loc->text : (struct str){0};
}

static void follow_up(const struct incoming *in, const struct mail_letter *l, const struct rv_mail *m) {
  if (!str_ends(l->type, STR("DIS20"))) return;
  struct rv_mail of = *m;
  if (!of.episode.n) of.episode = str_trim(node_text_at(l->root, "Letter.NotificationIdentifier"));
  rv_letter_answer_advice(in->v, in->v->arena, &of, answer_address(in, l));
}

static void take_letters(const struct incoming *in, struct refusal why) {
  struct rv_mail *before = known(in);
  if (before) {
    answer_again(in, before);
    return;
  }
  struct rv_mail *first = NULL;
  for (size_t i = 0; i < in->mail.letters.n; i++) {
    struct rv_mail *m = keep(in, &in->mail.letters.v[i]);
    if (!first) first = m;
  }
  if (!first) return;
  send_receipt(in, first, why);
  if (first->positive) follow_up(in, &in->mail.letters.v[0], first);
}

int rv_mail_take(struct refvendor *v, struct arena *a, const struct envelope *envelope, struct str bytes) {
  struct incoming in = {.v = v, .a = a, .envelope = envelope};
  struct findings f;
  struct node *root = NULL;
  struct source src = {STR("letter"), bytes};
  findings_init(&f, a);
  struct str head = str_trim(str_sub(bytes, 0, 400));
  bool edifact = str_starts(head, STR("UN"));
  int read = edifact ? edifact_read(&root, a, src, &f) : xml_read(&root, a, src, &f);
  if (read < 0 || !root) {
    rv_log(v, "a letter that cannot be read");
    return RV_REFUSED;
  }
  mail_read(&in.mail, a, root);
  for (size_t i = 0; i < f.list.n; i++) in.syntax = in.syntax || f.list.v[i].severity == SEV_ERROR;
  if (!in.mail.id.n || !in.mail.sender.n) {
    rv_log(v, "a letter that does not say who sent it");
    return RV_REFUSED;
  }
  if (mail_is_receipt(&in.mail)) {
    if (rv_has(v, DEFECT_REFUSES_ACKS)) return RV_REFUSED;
    take_receipt(&in);
    return RV_TAKEN;
  }
  struct refusal why = judge(&in);
  if (rv_has(v, DEFECT_REFUSES_MESSAGES)) return RV_REFUSED;
  if (why.code && rv_has(v, DEFECT_FAILS_ON_INVALID)) return RV_BROKEN;
  take_letters(&in, why);
  return RV_TAKEN;
}
