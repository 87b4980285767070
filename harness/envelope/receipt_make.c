/* Receipts that are made: the right one, and each way of being wrong. */
#include "envelope/receipt.h"

#define DEFAULT_CODE "NC"
#define DEFAULT_TEXT "Ingen fejltekst" /* what stands there when no text was given (legacy.md 2.4) */
#define NOBODY "5790000000005"         /* a location number with a right check digit that no register has */
#define NO_ID "UKENDT00000000"

static struct receipt_letter answer(const struct receipt *r, const struct receipt_order *o,
                                    const struct mail_letter *l) {
  struct receipt_letter out = {.id = l->id, .message = l->message, .version = l->version, .action = r->action};
  if (r->row->positive || !o->about_letter) return out;
  out.code = o->code.n ? o->code : STR(DEFAULT_CODE);
  out.text = o->text.n ? o->text : STR(DEFAULT_TEXT);
  return out;
}

/* The network answers with its mailbox, the receiving system with its own number, to whoever sent. Of more letters than
 * a receipt can name it names none: it answers the whole, and a reason stands at the envelope. */
void receipt_make(struct receipt *out, struct arena *a, const struct receipt_order *o) {
  const struct mail *to = o->to;
  *out = (struct receipt){.row = o->row,
                          .version = str_z(o->row->version),
                          .id = o->id,
                          .letter_id = o->letter_id,
                          .sender = o->row->of_vans ? o->mailbox : to->receiver,
                          .receiver = to->sender,
                          .at = o->at,
                          .of = to->id,
                          .original_sender = to->sender,
                          .original_receiver = to->receiver,
                          .action = o->row->positive ? STR("7") : STR("4")};
  bool whole = to->letters.n > RECEIPT_LETTERS_MAX;
  if (!o->row->positive && (whole || !o->about_letter)) {
    out->code = o->code.n ? o->code : STR(DEFAULT_CODE);
    out->text = o->text.n ? o->text : STR(DEFAULT_TEXT);
  }
  for (size_t i = 0; i < to->letters.n && !whole; i++) VEC_PUSH(a, &out->letters, answer(out, o, &to->letters.v[i]));
}

/* ---- wrong on purpose ---- */

static void wrong_original_id(struct receipt *r, struct arena *a) {
  (void)a;
  r->of = STR(NO_ID);
}

static void wrong_original_letter(struct receipt *r, struct arena *a) {
  (void)a;
  for (size_t i = 0; i < r->letters.n; i++) r->letters.v[i].id = STR(NO_ID);
}

/* Another digit makes a version that never was: D9134L, D9139L. */
static void change_digit(struct str *version, struct arena *a) {
  char *z = arena_z(a, *version);
  size_t at = version->n;
  while (at && (z[at - 1] < '0' || z[at - 1] > '9')) at--;
  if (at) z[at - 1] = z[at - 1] == '9' ? '8' : '9';
  *version = (struct str){z, version->n};
}

static void wrong_original_version(struct receipt *r, struct arena *a) {
  for (size_t i = 0; i < r->letters.n; i++) change_digit(&r->letters.v[i].version, a);
}

static void wrong_original_parties(struct receipt *r, struct arena *a) {
  struct str sender = r->original_sender;
  (void)a;
  r->original_sender = r->original_receiver;
  r->original_receiver = sender;
}

static void wrong_receiver(struct receipt *r, struct arena *a) {
  (void)a;
  r->receiver = STR(NOBODY);
}

static void wrong_sender(struct receipt *r, struct arena *a) {
  (void)a;
  r->sender = STR(NOBODY);
}

/* In EDIFACT the code says it; in OIOXML the element of the letter does, so that becomes the other one, and the version
 * stays. */
static void wrong_action(struct receipt *r, struct arena *a) {
  struct str other = str_eqz(r->action, "7") ? STR("4") : STR("7");
  (void)a;
  r->action = other;
  for (size_t i = 0; i < r->letters.n; i++) r->letters.v[i].action = other;
  for (size_t i = 0; i < receipt_rows_n && r->row->syntax == MAIL_OIOXML; i++) {
    const struct receipt_row *row = &receipt_rows[i];
    if (row->syntax != MAIL_OIOXML || row->of_vans || row->positive == r->row->positive) continue;
    r->row = row;
    return;
  }
}

static void no_letters(struct receipt *r, struct arena *a) {
  (void)a;
  r->letters.n = 0;
}

static void asks(struct receipt *r, struct arena *a) {
  (void)a;
  r->ack = MAIL_ACK_YES;
}

static void wrong_version(struct receipt *r, struct arena *a) {
  change_digit(&r->version, a);
}

const struct receipt_fault receipt_faults[] = {
    {"original-id", wrong_original_id},
    {"original-letter", wrong_original_letter},
    {"original-version", wrong_original_version},
    {"original-parties", wrong_original_parties},
    {"receiver", wrong_receiver},
    {"sender", wrong_sender},
    {"action", wrong_action},
    {"no-letters", no_letters},
    {"asks", asks},
    {"version", wrong_version},
};
const size_t receipt_faults_n = sizeof receipt_faults / sizeof *receipt_faults;

const struct receipt_fault *receipt_fault_named(struct str name) {
  for (size_t i = 0; i < receipt_faults_n; i++)
    if (str_eqz(name, receipt_faults[i].name)) return &receipt_faults[i];
  return NULL;
}
