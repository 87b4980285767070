/* printed_int: the printed protocol while it is written. */
#ifndef REPORT_PRINTED_INT_H
#define REPORT_PRINTED_INT_H

#include "report/doc_int.h"
#include "report/printed.h"

struct print {
  struct doc d; /* without a record */
  const struct printed *in;
};

/* A text of the protocol in the language of the document, its variables filled in as far as they are known before a
 * run: parameters, and what the vendor file gives. Others are named in words: "[Test person 2: CPR number]". */
struct str print_text(struct print *p, struct protocol_text t);
/* "Only with capability ...", or, where the vendor has declared, why it is not relevant; empty: it applies. */
struct str print_condition(struct print *p, struct str when);
/* The same of a step: what one of another system demands is not for the vendor file at hand. */
struct str print_step_condition(struct print *p, const struct step *s);
/* What another system that takes part is called; empty for the system under test. */
struct str print_party(struct print *p, struct str name);
/* True unless the vendor file excuses it. */
bool print_applies(const struct print *p, struct str when);
/* A variable of the vendor file: "person" 2 "cpr"; empty if there is none. */
struct str print_variable(struct print *p, const char *family, size_t number, const char *field);
/* Words of the table with {1} and {2} filled in. */
struct str print_fill(struct print *p, enum report_word w, struct str one, struct str two);
/* A paragraph of small print, or of a class of its own. */
void print_note(struct print *p, enum report_word w);
/* Opens and closes a row of a table. */
void print_row(struct print *p, const char *cls);
/* The row of the comparison for that step; NULL: nothing is compared. */
const struct compare_row *print_change(const struct print *p, const struct step *s);
/* What the row says of its step, in words; empty: it is the same. */
struct str print_change_text(struct print *p, const struct compare_row *row);

/* One file a part. */
void print_front(struct print *p);
void print_introduction(struct print *p);
void print_changes(struct print *p);
void print_overview(struct print *p);
void print_steps(struct print *p);

#endif
