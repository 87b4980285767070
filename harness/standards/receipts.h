/* receipts: who answers what, when: one table for the four kinds of receipt (fixtures/standards/receipts.yaml).
 *
 * CONTRL, XCTL, receipts of a VANSEnvelope, and FHIR acknowledgements each have a row: from whom it comes, whether it
 * says yes or no, when it is due, and within which time, all with their source. A time that is published nowhere has no
 * value, and then nothing is judged by it. The file also says how grave the findings `receipt.*` are that are to be
 * something else than their default. Lives in its arena. */
#ifndef STANDARDS_RECEIPTS_H
#define STANDARDS_RECEIPTS_H

#include "base/finding.h"
#include "formats/node.h"

#define RECEIPTS_FILE "standards/receipts.yaml"
#define RECEIPTS_BYTES_MAX ((size_t)256 << 10)
#define RECEIPTS_ROWS_MAX 200

enum receipt_when {
  RECEIPT_ALWAYS,  /* whatever comes is answered */
  RECEIPT_ASKED,   /* only where the message asks for it */
  RECEIPT_REFUSED, /* whenever it is refused, asked for or not */
};

struct receipt_duty {
  struct str receipt; /* "CTL03", "PositiveMessage", "ok" */
  struct str carrier; /* edifact, oioxml, vans, fhir */
  bool of_network, positive;
  enum receipt_when when;
  int64_t within_ms; /* -1: not published */
  struct str within_source, source;
};

struct receipt_severity {
  struct str rule;
  enum severity severity;
};

struct receipt_duties {
  VEC(struct receipt_duty) rows;
  VEC(struct receipt_severity) severities;
};

/* Reads the table; mistakes are errors with line and column. */
MUST_CHECK int receipt_duties_read(struct receipt_duties **out, struct arena *a, struct source src, struct error *e);
/* The same from <data>/fixtures/standards/receipts.yaml. */
MUST_CHECK int receipt_duties_load(struct receipt_duties **out, struct arena *a, const char *data, struct error *e);
/* The row of a receipt; NULL if the table has none. */
const struct receipt_duty *receipt_duty_of(const struct receipt_duties *d, struct str receipt);
/* Gives findings from number `from` on the severity that the table says. */
void receipt_duties_apply(const struct receipt_duties *d, struct findings *f, size_t from);

#endif
