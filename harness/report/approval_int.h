/* approval: a run as the row of MedCom's list of approved systems that it would make, in that list's own words.
 *
 * Columns of the list as it is published: System, Leverandør, Systemtype/Oversigt, Standard, Standard ID (Version),
 * Kanal, Teststatus. Only MedCom's decision makes a row Godkendt or Ikke Godkendt; a live test without one is Tester; a
 * self-test approves nothing: Test mangler. */
#ifndef REPORT_APPROVAL_INT_H
#define REPORT_APPROVAL_INT_H

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

/* The row, texts made in a; safe to show (report_visible), and on one line. */
void approval_row(struct str row[APPROVAL_COLUMNS], struct arena *a, const struct record *r);

#endif
