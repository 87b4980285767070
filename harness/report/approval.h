/* approval: rows of MedCom's list of approved systems, in that list's own words: as a run makes one, as a list that was
 * published is read, and both together.
 *
 * Columns of the list as it is published: System, Leverandør, Systemtype/Oversigt, Standard, Standard ID (Version),
 * Kanal, Teststatus. Only MedCom's decision makes a row Godkendt or Ikke Godkendt; a live test without one is Tester; a
 * self-test approves nothing: Test mangler. Everything lives in the arenas given. */
#ifndef REPORT_APPROVAL_H
#define REPORT_APPROVAL_H

#include "formats/grid.h"
#include "record/record.h"

enum approval_column {
  APPROVAL_SYSTEM,
  APPROVAL_VENDOR,
  APPROVAL_SYSTEM_TYPE,
  APPROVAL_STANDARD,
  APPROVAL_STANDARD_ID,
  APPROVAL_CHANNEL,
  APPROVAL_STATUS,
  APPROVAL_COLUMNS
};

extern const char *const approval_headings[APPROVAL_COLUMNS];

enum approval_rule {
  APPROVAL_EMPTY,
  APPROVAL_WORD,
  APPROVAL_BROKEN,
  APPROVAL_TWICE,
  APPROVAL_CONTRADICTS,
  APPROVAL_NO_COLUMN,
  APPROVAL_WINDOWS,
  APPROVAL_RULES_N
};

extern const struct rule approval_rules[APPROVAL_RULES_N];

struct approval {
  struct str cells[APPROVAL_COLUMNS];
  int line;         /* in the file that it was read from; 0: none */
  struct str date;  /* YYYY-MM-DD: of the list, of the decision, or of the beginning of the run */
  struct str basis; /* what it goes by, and what it came in the place of; empty when it was read */
};

struct approvals {
  VEC(struct approval) rows;
  size_t kept_out; /* rows of the file that are told in the findings instead */
};

/* The list's word for a role: Sende, Modtage, Webservice; a role that is none of these speaks for itself. */
struct str approval_channel(struct str role);
/* The row of a run, texts made in a; safe to show (report_visible), and on one line. */
void approval_row(struct str row[APPROVAL_COLUMNS], struct arena *a, const struct record *r);

/* Reads a list as it is published, CSV or XLSX: the first sheet with a row of these headings, in any order. A row with
 * a fault is kept out, and is a finding with its place; so is one that is there twice. An error: the file cannot be
 * read, or no sheet has all headings. */
MUST_CHECK int approvals_read(struct approvals *out, struct arena *a, struct source src, struct findings *f,
                              struct error *e);

/* The same system, vendor, standard and version, and channel; case and blanks do not tell them apart. Their system
 * types may differ: a system stands in several overviews. */
bool approval_same(struct arena *scratch, const struct approval *x, const struct approval *y);
/* Puts a list over those that are there already: of a row that both have, the newer list's counts. */
void approvals_add_list(struct approvals *all, struct arena *a, const struct approvals *list, struct str name,
                        struct str date, bool danish);
/* Puts a run over them. A decision counts unless it meets a newer one; a live test without one takes the
 * place of Tester and Test mangler only, a self-test of nothing. What counts says so in its basis, and why. */
void approvals_add_run(struct approvals *all, struct arena *a, const struct record *r, bool danish);

/* Heading and cell of a column; the one behind the list's own is the basis. */
struct str approval_heading(size_t column, bool danish);
struct str approval_cell(const struct approval *x, size_t column);
/* The list as a file for spreadsheets; with_basis: an eighth column says what each row goes by. */
void approvals_csv(struct buf *out, const struct approval *rows, size_t n, bool with_basis, bool danish);
void approvals_xlsx(struct buf *out, const struct approval *rows, size_t n, bool with_basis, bool danish);

#endif
