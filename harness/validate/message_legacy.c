#include "envelope/receipt_judge.h"
#include "formats/edifact.h"
#include "validate/message_int.h"

/* OIOXML names its type and version in the letter's head: Emessage/<letter>/Letter/{TypeCode, VersionCode}. */
static void oioxml_facts(struct envelope_payload *out, struct arena *a, const struct node *root) {
  out->format = STR("XML");
  for (NODE_EACH(c, root)) {
    struct str type = str_trim(node_text_at(c, "Letter.TypeCode"));
    if (type.n == 0) continue;
    out->name = arena_printf(a, "MCM:%.*s", STR_F(type));
    out->version = str_trim(node_text_at(c, "Letter.VersionCode"));
    return;
  }
}

static void put(struct message *m, const char *name, struct str value) {
  facts_put(&m->facts, str_z(name), str_trim(value));
}

/* Without a VANSEnvelope around it, an interchange is its own envelope, and the letter its message. */
static void put_bare(struct message *m, const struct mail *mail, struct str letter) {
  facts_put(&m->facts, STR("envelope"), str_z(mail_envelope_name(mail->syntax)));
  put(m, "envelope.id", mail->id);
  put(m, "envelope.sender", mail->sender);
  put(m, "envelope.receiver", mail->receiver);
  put(m, "envelope.message", letter);
}

static void put_letters(struct message *m, struct arena *a, const struct mail *mail) {
  put(m, "letters", arena_printf(a, "%zu", mail->letters.n));
  if (mail->letters.n < 2) return;
  put(m, "letter.types", MAIL_LIST(a, mail, type));
  put(m, "letter.ids", MAIL_LIST(a, mail, id));
  put(m, "letter.versions", MAIL_LIST(a, mail, version));
}

static void put_letter(struct message *m, const struct mail_letter *l) {
  put(m, "letter", l->type);
  put(m, "letter.id", l->id);
  put(m, "letter.version", l->version);
  put(m, "letter.time", l->time);
  put(m, "episode", l->episode);
  message_put_stay(m, l->episode);
  put(m, "patient", l->patient);
  put(m, "sender.gln", l->sender);
  put(m, "receiver.gln", l->receiver);
}

static struct str field_of(const struct receipt *r, size_t letter, size_t field) {
  return *(const struct str *)((const char *)&r->letters.v[letter] + field);
}

static bool was_said(const struct receipt *r, size_t letter, size_t field, struct str whole) {
  struct str value = field_of(r, letter, field);
  bool said = str_eq(value, whole);
  for (size_t i = 0; i < letter && !said; i++) said = str_eq(value, field_of(r, i, field));
  return said;
}

/* One field of what a receipt says of each letter, without repetition; beside it that of the whole. */
static struct str of_letters(struct arena *a, const struct receipt *r, size_t field, struct str whole) {
  struct buf b;
  buf_init(&b, RECEIPT_BYTES_MAX);
  buf_add(&b, whole);
  for (size_t i = 0; i < r->letters.n; i++) {
    struct str value = field_of(r, i, field);
    if (value.n && !was_said(r, i, field, whole)) buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_F(value));
  }
  return buf_take(&b, a);
}
#define OF_LETTERS(a, r, field, whole) of_letters((a), (r), offsetof(struct receipt_letter, field), (whole))

static void put_receipt(struct message *m, struct arena *a, const struct receipt *r) {
  struct str none = {0};
  put(m, "receipt.kind", str_z(r->row->name));
  put(m, "receipt.outcome", str_eqz(r->action, "7") ? STR("positive") : STR("negative"));
  put(m, "receipt.of", r->of);
  put(m, "receipt.sender", r->original_sender);
  put(m, "receipt.receiver", r->original_receiver);
  put(m, "receipt.code", OF_LETTERS(a, r, code, r->code));
  put(m, "receipt.text", OF_LETTERS(a, r, text, r->text));
  put(m, "receipt.letters", OF_LETTERS(a, r, id, none));
  put(m, "receipt.versions", OF_LETTERS(a, r, version, none));
}

void message_mail_facts(struct message *m, struct arena *a, const struct node *root) {
  struct mail mail;
  struct receipt receipt;
  mail_read(&mail, a, root);
  if (!m->envelope) put_bare(m, &mail, mail.letters.n ? mail.letters.v[0].id : (struct str){0});
  put(m, "interchange.id", mail.id);
  put(m, "interchange.sender", mail.sender);
  put(m, "interchange.receiver", mail.receiver);
  put(m, "interchange.time", mail.time);
  if (mail.ack != MAIL_ACK_UNSAID) put(m, "ack.requested", mail.ack == MAIL_ACK_YES ? STR("true") : STR("false"));
  put_letters(m, a, &mail);
  if (mail.letters.n) put_letter(m, &mail.letters.v[0]);
  if (!receipt_read(&receipt, a, &mail)) return;
  put_receipt(m, a, &receipt);
  receipt_judge(&(struct receipt_case){.message = m->payload.name, .receipt = &receipt}, &m->envelope_findings);
}

/* UNH+<id>+MEDDIS:D:93A:UN:D9134L+DIS91': the version is the association code, the fifth component. How an envelope
 * spells the Name of EDIFACT is not published, so the name is left open. */
static void edifact_facts(struct envelope_payload *out, const struct node *interchange) {
  const struct node *message = edifact_message(interchange);
  out->format = STR("EDIFACT");
  if (message) out->version = edifact_text(message->first, 2, 5);
}

void message_legacy_facts(struct envelope_payload *out, struct arena *a, const struct node *root,
                          const struct node *interchange) {
  *out = (struct envelope_payload){0};
  if (root)
    oioxml_facts(out, a, root);
  else
    edifact_facts(out, interchange);
}

void message_letter_says(struct envelope_payload *out, struct arena *a, const struct message *m) {
  *out = (struct envelope_payload){0};
  if (m->letter || m->interchange) message_legacy_facts(out, a, m->letter, m->interchange);
}

const struct node *message_tree(const struct message *m) {
  return m->resource ? m->resource : m->letter ? m->letter : m->interchange;
}
