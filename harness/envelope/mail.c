#include "envelope/mail.h"

#include "base/buf.h"
#include "base/clock.h"
#include "envelope/receipt.h"
#include "formats/edifact.h"

#define LIST_BYTES_MAX ((size_t)64 << 10)

const char *mail_envelope_name(enum mail_syntax syntax) {
  static const char *const names[] = {[MAIL_EDIFACT] = "edifact", [MAIL_OIOXML] = "emessage"};
  return names[syntax];
}

struct str mail_time(struct arena *a, struct str date, struct str time) {
  return time_from_danish(a, arena_printf(a, "%.*sT%.*s", STR_F(date), STR_F(time)));
}

/* ---- EDIFACT ---- */

static bool is_digits(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return true;
}

struct str mail_time_of_digits(struct arena *a, struct str s) {
  if (!is_digits(s) || (s.n != 8 && s.n != 12 && s.n != 14)) return (struct str){0};
  struct str date = arena_printf(a, "%.4s-%.2s-%.2s", s.p, s.p + 4, s.p + 6), time = STR("00:00");
  if (s.n == 12) time = arena_printf(a, "%.2s:%.2s", s.p + 8, s.p + 10);
  if (s.n == 14) time = arena_printf(a, "%.2s:%.2s:%.2s", s.p + 8, s.p + 10, s.p + 12);
  return mail_time(a, date, time);
}

/* YYMMDD and HHMM of UNB. */
static struct str time_of_unb(struct arena *a, struct str date, struct str time) {
  int64_t year;
  if (date.n != 6 || time.n != 4 || !is_digits(date) || !is_digits(time)) return (struct str){0};
  if (!str_int(str_sub(date, 0, 2), &year)) return (struct str){0};
  const char *century = year <= EDIFACT_YEAR_PIVOT ? "20" : "19";
  return mail_time_of_digits(a, arena_printf(a, "%s%.*s%.*s", century, STR_F(date), STR_F(time)));
}

static struct str told(struct arena *a, struct str value) {
  struct buf b;
  value = str_trim(value);
  if (str_index(value, '\n') == SIZE_MAX && str_index(value, '\r') == SIZE_MAX) return value;
  buf_init(&b, value.n);
  for (size_t i = 0; i < value.n; i++)
    if (value.p[i] != '\n' && value.p[i] != '\r') buf_byte(&b, value.p[i]);
  return buf_take(&b, a);
}

struct str mail_text(struct arena *a, const struct node *segment, size_t e, size_t c) {
  return told(a, edifact_text(segment, e, c));
}

static void keep(struct str *at, struct str value) {
  if (!at->n) *at = value;
}

/* What RFF, DTM and PNA say, wherever they stand: in these letters each qualifier has one meaning. */
static void look_at(struct mail_letter *l, struct arena *a, const struct node *s) {
  struct str qualifier = mail_text(a, s, 1, 1), value = mail_text(a, s, 1, 2);
  if (str_eqz(s->name, "DTM") && str_eqz(qualifier, "137")) keep(&l->time, mail_time_of_digits(a, value));
  if (str_eqz(s->name, "PNA") && str_eqz(qualifier, "PAT")) keep(&l->patient, mail_text(a, s, 2, 1));
  if (!str_eqz(s->name, "RFF")) return;
  /* A referral has "_" where it has no id. */
  bool referral = str_eqz(qualifier, "ROI") && str_starts(l->message, STR("MEDREF"));
  if (str_eqz(qualifier, "XPI")) keep(&l->patient, value);
  if ((str_eqz(qualifier, "REI") || referral) && !str_eqz(value, "_")) keep(&l->episode, value);
}

static void look_below(struct mail_letter *l, struct arena *a, const struct node *group) {
  for (NODE_EACH(c, group)) {
    if (c->kind == NODE_GROUP) look_below(l, a, c);
    if (c->kind == NODE_SEGMENT) look_at(l, a, c);
  }
}

static void read_message(struct mail *m, struct arena *a, const struct node *message) {
  const struct node *unh = message->first;
  struct mail_letter *l = VEC_ADD(a, &m->letters);
  *l = (struct mail_letter){.root = message,
                            .id = mail_text(a, unh, 1, 1),
                            .type = mail_text(a, unh, 3, 1),
                            .version = mail_text(a, unh, 2, 5),
                            .message = mail_text(a, unh, 2, 1),
                            .sender = m->sender,
                            .receiver = m->receiver};
  look_below(l, a, message);
}

static void read_interchange(struct mail *m, struct arena *a) {
  const struct node *unb = node_child(m->root, "UNB");
  struct str ack = mail_text(a, unb, 9, 1);
  m->sender = mail_text(a, unb, 2, 1);
  m->receiver = mail_text(a, unb, 3, 1);
  m->time = time_of_unb(a, mail_text(a, unb, 4, 1), mail_text(a, unb, 4, 2));
  m->id = mail_text(a, unb, 5, 1);
  m->ack = str_eqz(ack, "1") ? MAIL_ACK_YES : str_eqz(ack, "0") ? MAIL_ACK_NO : MAIL_ACK_UNSAID;
  for (const struct node *c = edifact_message(m->root); c; c = edifact_message_next(c)) read_message(m, a, c);
}

/* ---- OIOXML ---- */

static struct str text_at(const struct node *n, const char *path) {
  return str_trim(node_text_at(n, path));
}

static struct str signed_at(struct arena *a, const struct node *letter) {
  struct str time = text_at(letter, "Letter.Authorisation.Time");
  if (!time.n) time = text_at(letter, "Letter.Authorisation.TimeWithSec");
  return mail_time(a, text_at(letter, "Letter.Authorisation.Date"), time);
}

/* A receipt has no TypeCode: its version tells what it is. */
static struct str type_of(const struct node *letter) {
  struct str type = text_at(letter, "Letter.TypeCode");
  const struct receipt_row *row = type.n ? NULL : receipt_row_of_version(text_at(letter, "Letter.VersionCode"));
  return row ? str_z(row->name) : type;
}

static void read_letter(struct mail *m, struct arena *a, const struct node *letter) {
  struct mail_letter *l = VEC_ADD(a, &m->letters);
  *l = (struct mail_letter){.root = letter,
                            .id = text_at(letter, "Letter.Identifier"),
                            .type = type_of(letter),
                            .version = text_at(letter, "Letter.VersionCode"),
                            .sender = text_at(letter, "Sender.EANIdentifier"),
                            .receiver = text_at(letter, "Receiver.EANIdentifier"),
                            .time = signed_at(a, letter),
                            .patient = text_at(letter, "Patient.CivilRegistrationNumber"),
                            .episode = text_at(letter, "Letter.EpisodeOfCareIdentifier")};
  if (!l->patient.n) l->patient = text_at(letter, "Patient.AlternativeIdentifier");
  /* A prescription has its patient among others. */
  const struct node *person = node_child(letter, "PatientOrRelative");
  for (; person && !l->patient.n; person = node_again(person))
    if (str_eqz(text_at(person, "Type"), "patient")) l->patient = text_at(person, "CivilRegistrationNumber");
  /* The notifications of admission and discharge call it so (legacy.md 2.1). */
  if (!l->episode.n) l->episode = text_at(letter, "Letter.NotificationIdentifier");
  keep(&m->sender, l->sender);
  keep(&m->receiver, l->receiver);
}

static void read_emessage(struct mail *m, struct arena *a) {
  struct str ack = text_at(m->root, "Envelope.AcknowledgementCode");
  m->id = text_at(m->root, "Envelope.Identifier");
  m->time = mail_time(a, text_at(m->root, "Envelope.Sent.Date"), text_at(m->root, "Envelope.Sent.Time"));
  m->ack = str_eqz(ack, "pluspositivkvitt")    ? MAIL_ACK_YES
           : str_eqz(ack, "minuspositivkvitt") ? MAIL_ACK_NO
                                               : MAIL_ACK_UNSAID;
  for (NODE_EACH(c, m->root))
    if (node_child(c, "Letter")) read_letter(m, a, c);
}

void mail_read(struct mail *out, struct arena *a, const struct node *root) {
  *out = (struct mail){.syntax = root->kind == NODE_GROUP ? MAIL_EDIFACT : MAIL_OIOXML, .root = root};
  if (out->syntax == MAIL_EDIFACT)
    read_interchange(out, a);
  else
    read_emessage(out, a);
}

struct str mail_list(struct arena *a, const struct mail *m, size_t field) {
  struct buf b;
  buf_init(&b, LIST_BYTES_MAX);
  for (size_t i = 0; i < m->letters.n && !b.full; i++) {
    struct str value = *(const struct str *)((const char *)&m->letters.v[i] + field);
    buf_printf(&b, "%s%.*s", i ? ", " : "", STR_F(value));
  }
  return buf_take(&b, a);
}
