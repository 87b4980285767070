/* printed: a test protocol as the document that a vendor reads beforehand: front page, introduction, and step tables
 * in the columns and numbers of the report.
 *
 * Made from the protocol alone; with what a vendor file says, the texts hold its addresses and test persons, and what
 * does not concern its system is marked. Same input, same bytes. HTML is the form that the others (PDF, text) are made
 * from (paper room). Nothing is kept. */
#ifndef REPORT_PRINTED_H
#define REPORT_PRINTED_H

#include "protocol/changes.h"
#include "protocol/coverage.h"
#include "report/report.h"

/* What the document is told of the system under test (plan/vendor.h, which this room does not know). */
struct printed_system {
  struct str vendor, contact, email, system, version, type;
  const struct facts *capabilities; /* name -> true, false */
  const struct facts *variables;    /* vendor.gln, counterpart.2.gln, person.cpr, ... */
};

struct printed {
  const struct protocol *protocol;
  const struct printed_system *system; /* NULL: blanks to fill in */
  const struct comparison *changes;    /* since an older version; NULL: not asked for */
  struct str since_run;                /* the run that the older version is of; else empty */
  struct str program;                  /* version of testcamp */
};

void printed_write(struct buf *out, const struct printed *in, enum report_lang lang);

#endif
