#include "envelope/receipt.h"

#include "formats/edifact.h"
#include "formats/edifact_text.h"

#define TEXT_BYTES_MAX ((size_t)16 << 10)

const struct receipt_row receipt_rows[] = {
    {"CTL01", "C0130Q", NULL, MAIL_EDIFACT, false, true},
    {"CTL02", "C0230Q", NULL, MAIL_EDIFACT, false, false},
    {"CTL03", "C0330Q", NULL, MAIL_EDIFACT, true, false},
    {"XCTL01", "XC0130Q", "NegativeVansReceipt", MAIL_OIOXML, false, true},
    {"XCTL02", "XC0230Q", "NegativeReceipt", MAIL_OIOXML, false, false},
    {"XCTL03", "XC0330Q", "PositiveReceipt", MAIL_OIOXML, true, false},
};
const size_t receipt_rows_n = sizeof receipt_rows / sizeof *receipt_rows;

const struct receipt_row *receipt_row_named(struct str name) {
  for (size_t i = 0; i < receipt_rows_n; i++)
    if (str_eqz(name, receipt_rows[i].name)) return &receipt_rows[i];
  return NULL;
}

const struct receipt_row *receipt_row_of_version(struct str version) {
  for (size_t i = 0; i < receipt_rows_n; i++)
    if (str_eqz(version, receipt_rows[i].version)) return &receipt_rows[i];
  return NULL;
}

const struct receipt_row *receipt_row_in(const struct receipt_row *row, enum mail_syntax syntax) {
  for (size_t i = 0; i < receipt_rows_n; i++) {
    const struct receipt_row *r = &receipt_rows[i];
    if (r->syntax == syntax && r->positive == row->positive && r->of_vans == row->of_vans) return r;
  }
  return row;
}

/* FTX 4451 and RefuseCode (legacy.md 3.4). */
static const struct {
  const char *edifact, *oioxml;
} codes[] = {{"NC", "ikke_specificeret"},
             {"LOK", "ukendt_lokationsnummer"},
             {"MID", "problem_med_modtagerID"},
             {"VER", "problem_med_version"},
             {"SYN", "syntaksfejl"}};
#define CODES (sizeof codes / sizeof *codes)

struct str receipt_code(struct str code) {
  for (size_t i = 0; i < CODES; i++)
    if (str_eqz(code, codes[i].edifact) || str_eqz(code, codes[i].oioxml)) return str_z(codes[i].edifact);
  return (struct str){0};
}

struct str receipt_refuse_code(struct str code) {
  for (size_t i = 0; i < CODES; i++)
    if (str_eqz(code, codes[i].edifact) || str_eqz(code, codes[i].oioxml)) return str_z(codes[i].oioxml);
  return (struct str){0};
}

/* A code that is none stays as it was written. */
static struct str code_as_told(struct str written) {
  struct str code = receipt_code(written);
  return code.n ? code : written;
}

/* ---- CONTRL ---- */

static void read_reason(struct str *code, struct str *text, struct arena *a, const struct node *behind) {
  const struct node *ftx = behind->next;
  struct free_text lines;
  if (!ftx || !str_eqz(ftx->name, "FTX")) return;
  *code = code_as_told(edifact_text(ftx, 1, 1));
  free_text_read(&lines, a, ftx);
  *text = free_text_plain(a, &lines);
}

static void read_uci(struct receipt *r, struct arena *a, const struct node *uci) {
  r->node = uci;
  r->of = mail_text(a, uci, 1, 1);
  r->original_sender = mail_text(a, uci, 2, 1);
  r->original_receiver = mail_text(a, uci, 3, 1);
  r->action = mail_text(a, uci, 4, 1);
  read_reason(&r->code, &r->text, a, uci);
}

static void read_ucm(struct receipt *r, struct arena *a, const struct node *ucm) {
  struct receipt_letter *l = VEC_ADD(a, &r->letters);
  *l = (struct receipt_letter){.node = ucm,
                               .id = mail_text(a, ucm, 1, 1),
                               .message = mail_text(a, ucm, 2, 1),
                               .version = mail_text(a, ucm, 2, 5),
                               .action = mail_text(a, ucm, 3, 1)};
  read_reason(&l->code, &l->text, a, ucm);
}

static void read_contrl(struct receipt *r, struct arena *a) {
  for (NODE_EACH(c, r->whole)) {
    bool another = str_eqz(c->name, "UCI") && r->node != NULL;
    if (str_eqz(c->name, "UCI") && !another) read_uci(r, a, c);
    r->more += another;
    if (str_eqz(c->name, "UCM") && !r->more) read_ucm(r, a, c); /* those behind another UCI are about that one */
  }
}

/* ---- XCTL ---- */

static struct str text_at(const struct node *n, const char *path) {
  return str_trim(node_text_at(n, path));
}

/* Text, Space and Break, in any order. */
static struct str refuse_text(struct arena *a, const struct node *n) {
  struct buf b;
  buf_init(&b, TEXT_BYTES_MAX);
  if (n && !n->first) buf_add(&b, n->text);
  for (NODE_EACH(c, n)) {
    if (c->kind == NODE_TEXT) buf_add(&b, c->text);
    if (str_eqz(c->name, "Break")) buf_byte(&b, '\n');
    if (str_eqz(c->name, "Space")) buf_byte(&b, ' ');
  }
  return str_trim(buf_take(&b, a));
}

static void read_original_letter(struct receipt *r, struct arena *a, const struct node *n) {
  struct str code = text_at(n, "RefuseCode");
  VEC_PUSH(a, &r->letters,
           ((struct receipt_letter){.node = n,
                                    .id = text_at(n, "OriginalLetterIdentifier"),
                                    .version = text_at(n, "OriginalVersionCode"),
                                    .action = r->action,
                                    .code = code_as_told(code),
                                    .text = refuse_text(a, node_child(n, "RefuseText"))}));
}

static void read_xctl(struct receipt *r, struct arena *a) {
  const struct node *o = node_child(r->whole, "OriginalEmessage");
  r->node = o;
  r->of = text_at(o, "OriginalEnvelopeIdentifier");
  r->original_sender = text_at(o, "OriginalSender.EANIdentifier");
  r->original_receiver = text_at(o, "OriginalReceiver.EANIdentifier");
  /* The element of the letter says it; a code of its own there is not. */
  r->action = str_eqz(r->whole->name, "PositiveReceipt") ? STR("7") : STR("4");
  r->code = code_as_told(text_at(o, "RefuseCode"));
  r->text = refuse_text(a, node_child(o, "RefuseText"));
  for (const struct node *l = node_child(o, "OriginalLetter"); l; l = node_again(l)) read_original_letter(r, a, l);
}

/* ---- both ---- */

/* What it calls itself, else its version: one of them may be what is wrong with it. */
static const struct receipt_row *row_of(const struct mail_letter *l) {
  const struct receipt_row *row = receipt_row_named(l->type);
  for (size_t i = 0; i < receipt_rows_n && !row; i++)
    if (receipt_rows[i].element && str_eqz(l->root->name, receipt_rows[i].element)) row = &receipt_rows[i];
  return row ? row : receipt_row_of_version(l->version);
}

static const struct mail_letter *find(const struct mail *m, const struct receipt_row **row) {
  for (size_t i = 0; i < m->letters.n; i++)
    if ((*row = row_of(&m->letters.v[i]))) return &m->letters.v[i];
  return NULL;
}

static size_t count_receipts(const struct mail *m) {
  size_t n = 0;
  for (size_t i = 0; i < m->letters.n; i++) n += row_of(&m->letters.v[i]) != NULL;
  return n;
}

bool mail_is_receipt(const struct mail *m) {
  const struct receipt_row *row;
  return find(m, &row) != NULL;
}

static const struct node *ack_of(const struct mail *m) {
  if (m->syntax == MAIL_EDIFACT) return edifact_element(node_child(m->root, "UNB"), 9, 1);
  return node_child(node_child(m->root, "Envelope"), "AcknowledgementCode");
}

bool receipt_read(struct receipt *out, struct arena *a, const struct mail *m) {
  const struct receipt_row *row;
  const struct mail_letter *l = find(m, &row);
  *out = (struct receipt){0};
  if (!l) return false;
  *out = (struct receipt){.row = row,
                          .whole = l->root,
                          .id = m->id,
                          .letter_id = l->id,
                          .version = l->version,
                          .sender = m->sender,
                          .receiver = m->receiver,
                          .ack = m->ack,
                          .ack_node = ack_of(m)};
  if (m->syntax == MAIL_EDIFACT)
    read_contrl(out, a);
  else
    read_xctl(out, a);
  out->more += count_receipts(m) - 1;
  return true;
}
