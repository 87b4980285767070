/* source: the bytes of a message as numbered lines, with what was found marked at its place; findings as a list.
 *
 * What cannot be shown (control characters, invalid UTF-8) is shown as its number; nothing of it is ever markup. Lines
 * have the anchors L1, L2, ...; findings f1, f2, ... in the order given.
 *
 * What may be large is shown in parts (source_parts.h), a part a page: source_show says which, of the query arguments
 * part=P3 (the third of the text whose anchors begin with P) or at=P123:4 (where line 123, column 4 is), and the other
 * functions write it. In several parts, findings are numbered by their place. */
#ifndef CONSOLE_SOURCE_H
#define CONSOLE_SOURCE_H

#include "console/console_int.h"
#include "console/source_parts.h"

#define SOURCE_SHOWN_MAX ((size_t)2 << 20) /* of bytes; the rest is only told of */
#define SOURCE_LINES_MAX 20000
#define SOURCE_RAW_MAX 10000     /* what has no picture takes many times its place */
#define SOURCE_FINDINGS_MAX 2000 /* listed; all are counted */

struct source_finding {
  struct str rule, severity, text, path, source; /* text in the visitor's language */
  int64_t line, column;                          /* 0: of the whole */
  bool of_protocol;                              /* a protocol made the rule */
};

/* Findings as `testcamp validate --format json` prints them; -1 if that is no such list. */
int source_findings(struct visit *v, struct str json, struct source_finding **out, size_t *n);
/* The same with the other place of each, as `testcamp diff --format json` has it. */
int source_differences(struct visit *v, struct str json, struct source_finding **expected,
                       struct source_finding **actual, size_t *n);
/* The name of a rule, linked to its explanation; one that a protocol made has none but in the protocol. */
void page_rule(struct visit *v, struct str rule, bool of_protocol);
/* The list: severity, place (linked to its line), text, rule (linked to its explanation). */
void page_findings(struct visit *v, const struct source_finding *f, size_t n);
/* The same for lines whose anchors begin with that letter, as page_source_as makes them. */
void page_findings_as(struct visit *v, char letter, const struct source_finding *f, size_t n);
/* Differences of two messages, each with its place in both: expected and actual have n entries, of which those of
 * actual say what differs; line 0: no place on that side. Lines are those of page_source_as 'E' and 'A', which lead
 * back. */
void page_differences(struct visit *v, const struct source_finding *expected, const struct source_finding *actual,
                      size_t n);
/* The lines, findings marked in them and linked back. */
void page_source(struct visit *v, struct str bytes, const struct source_finding *f, size_t n);
/* The same where a page has several: anchors begin with that letter in place of L. */
void page_source_as(struct visit *v, char letter, struct str bytes, const struct source_finding *f, size_t n);

/* ---- in parts ---- */

struct source_whole {
  char letter;
  struct str address; /* of the page, so that a query argument can follow: "/check?" */
  struct str bytes;
  const struct source_finding *f;
  size_t n;
};

/* The part that is shown: parts[at] of n; f: its findings; findings: of all parts; asked: the address says which. */
struct source_shown {
  char letter;
  struct str address, bytes;
  struct source_part *parts;
  size_t n, at, findings;
  const struct source_finding *f;
  bool asked;
};

struct source_shown source_show(struct visit *v, struct source_whole w);
/* Where in the whole it is, and the way to the others; nothing of what has one part. */
void page_source_parts(struct visit *v, const struct source_shown *s);
/* The list of its findings; keys lead from its ends to the parts beside it that have some. */
void page_source_findings(struct visit *v, const struct source_shown *s);
void page_source_text(struct visit *v, const struct source_shown *s);

#endif
