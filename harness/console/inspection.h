/* inspection: what MedCom's reviewers do with runs that vendors handed in: acts (submitted, returned, signed), and
 * notes.
 *
 * Rows are only ever added: what a person said stays with name and time. The event log of a run is not touched by any
 * of this: a self-test is the vendor's, and a bundle is evidence, so MedCom's own verdict of a step is a note with a
 * verdict that stands beside theirs. Only in a live test is it the command `revise`. */
#ifndef CONSOLE_INSPECTION_H
#define CONSOLE_INSPECTION_H

#include "console/runpage_int.h"

#define REVIEW_TEXT_MAX ((size_t)20000)

struct review_act {
  struct str act, text, by; /* submitted, received, returned, signed */
  int64_t at;
};

struct review_note {
  struct str step, verdict, text, by; /* verdict may be empty */
  int64_t at;
};

struct inspection {
  VEC(struct review_act) acts; /* oldest first */
  VEC(struct review_note) notes;
  bool received; /* it came as a bundle */
};

MUST_CHECK int review_read(struct visit *v, struct str run, struct inspection *out, struct error *e);
MUST_CHECK int review_act_add(struct visit *v, struct str run, const char *act, struct str text, struct error *e);
/* The act that stands; empty: none yet. */
struct str review_state(const struct inspection *r);
/* "submitted" in the visitor's language. */
const char *review_word(const struct visit *v, struct str act);
/* What was done and said, as a list. */
void review_write_acts(struct visit *v, const struct inspection *r);
/* The verdict of a step with MedCom's notes: the last note that has one. */
enum verdict review_verdict(const struct inspection *r, const struct record_step *s);
/* Who does it: initials of the account, or of the form. */
struct str review_by(const struct visit *v);
/* Steps that keep a run from being signed off: not judged, or with a finding that is contested and not answered. */
size_t review_open(const struct inspection *r, const struct record *rec);

#endif
