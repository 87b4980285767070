/* inspection: what MedCom's reviewers do with runs that vendors handed in: acts (submitted, returned, signed), and
 * notes.
 *
 * Rows are only ever added: what a person said stays with name and time. A verdict that MedCom puts in the place of
 * another is none of them: that is the command `revise`, whose event stands in the log of a live test, and beside the
 * log of a self-test (run/run.h). */
#ifndef CONSOLE_INSPECTION_H
#define CONSOLE_INSPECTION_H

#include "console/runpage_int.h"

#define REVIEW_TEXT_MAX ((size_t)20000)

struct review_act {
  struct str act, text, by; /* submitted, received, returned, signed */
  int64_t at;
};

struct review_note { /* for MedCom alone */
  struct str step, text, by;
  int64_t at;
};

struct inspection {
  VEC(struct review_act) acts; /* oldest first */
  VEC(struct review_note) notes;
  bool received; /* it came as a bundle */
};

/* The runs that have anything to be looked through: handed in, or received. Keys of out, in the visit's arena. */
MUST_CHECK int review_runs(struct visit *v, struct map *out, struct error *e);
MUST_CHECK int review_read(struct visit *v, struct str run, struct inspection *out, struct error *e);
MUST_CHECK int review_act_add(struct visit *v, struct str run, const char *act, struct str text, struct error *e);
/* The act that stands; empty: none yet. */
struct str review_state(const struct inspection *r);
/* "submitted" in the visitor's language. */
const char *review_word(const struct visit *v, struct str act);
/* What was done and said, as a list. */
void review_write_acts(struct visit *v, const struct inspection *r);
/* Who does it: initials of the account, or of the form. */
struct str review_by(const struct visit *v);
/* Steps that keep a run from being signed off: not judged, or with a finding that is contested and not answered. */
size_t review_open(const struct record *rec);

#endif
