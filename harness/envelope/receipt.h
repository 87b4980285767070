/* receipt: the receipts of letters: CONTRL (CTL01, CTL02, CTL03) and its OIOXML forms (XCTL01, XCTL02, XCTL03).
 *
 * One model for both syntaxes (legacy.md 1.4, 2.4, 3.4): what is answered, as the receipt repeats it, and how. A
 * receipt is read from a mail (envelope/mail.h), made for one, made wrong on purpose, and written. Whether it is the
 * right one is judged by envelope/receipt_judge.h. Everything borrows from the tree or lives in the arena given. */
#ifndef ENVELOPE_RECEIPT_H
#define ENVELOPE_RECEIPT_H

#include "base/buf.h"
#include "envelope/mail.h"

#define RECEIPT_BYTES_MAX ((size_t)1 << 20)
#define RECEIPT_LETTERS_MAX 99 /* OriginalLetter 0..99 */

/* What a kind of receipt is called, and what it always is. */
struct receipt_row {
  const char *name;    /* "CTL01" */
  const char *version; /* "C0130Q" */
  const char *element; /* "NegativeVansReceipt"; NULL: EDIFACT */
  enum mail_syntax syntax;
  bool positive;
  bool of_vans; /* from the network, not from the receiving system */
};

extern const struct receipt_row receipt_rows[];
extern const size_t receipt_rows_n;

/* The row of "CTL01" or of "C0130Q"; NULL if there is none. */
const struct receipt_row *receipt_row_named(struct str name);
const struct receipt_row *receipt_row_of_version(struct str version);
/* The row that says the same in a syntax. */
const struct receipt_row *receipt_row_in(const struct receipt_row *row, enum mail_syntax syntax);
/* "NC" for "NC" and for "ikke_specificeret"; empty if the code is none. */
struct str receipt_code(struct str code);
/* "ikke_specificeret" for "NC"; empty if the code is none. */
struct str receipt_refuse_code(struct str code);

/* A letter that is answered, as the receipt repeats it. */
struct receipt_letter {
  const struct node *node; /* UCM, OriginalLetter */
  struct str id, message, version;
  struct str action;     /* "4", "7" */
  struct str code, text; /* "NC", "LOK", "MID", "VER", "SYN" in both syntaxes, or what was written there instead */
};

struct receipt {
  const struct receipt_row *row;
  const struct node *node;  /* UCI, OriginalEmessage; NULL if it is not there */
  const struct node *whole; /* the message, or the element of the letter */
  /* its own */
  struct str id, letter_id, sender, receiver;
  int64_t at; /* of what is made: time of sending */
  enum mail_ack ack;
  const struct node *ack_node; /* where it says so: UNB 0031, AcknowledgementCode; NULL: nowhere */
  struct str version;
  /* what it answers */
  struct str of, original_sender, original_receiver;
  struct str action, code, text;
  VEC(struct receipt_letter) letters;
  size_t more; /* receipts, or answers to other interchanges, that stand beside this one and were not read */
};

/* Reads the first receipt that the mail has, and counts the others; false if there is none. */
bool receipt_read(struct receipt *out, struct arena *a, const struct mail *m);
/* True if that mail is a receipt. */
bool mail_is_receipt(const struct mail *m);

/* What is asked for. */
struct receipt_order {
  const struct receipt_row *row;
  const struct mail *to;
  struct str id, letter_id; /* of the receipt: 1 to 14 characters each */
  int64_t at;
  struct str code, text;
  bool about_letter;  /* code and text stand at each letter, else at the envelope */
  struct str mailbox; /* who sends a receipt of the network */
};

/* The receipt that is right. */
void receipt_make(struct receipt *out, struct arena *a, const struct receipt_order *o);

/* One way of being wrong. */
struct receipt_fault {
  const char *name;
  void (*spoil)(struct receipt *r, struct arena *a);
};
extern const struct receipt_fault receipt_faults[];
extern const size_t receipt_faults_n;
const struct receipt_fault *receipt_fault_named(struct str name);

/* Writes it in its syntax: CONTRL in ISO-8859-1, XCTL in UTF-8. */
void receipt_write(struct buf *out, const struct receipt *r);

#endif
