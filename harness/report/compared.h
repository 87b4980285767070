/* compared: two runs beside each other: what was other about them, and what that did to each step.
 *
 * Steps are the same by their id. A step has changed when its verdict, MedCom's assessment, or its findings are others:
 * rule, severity, which message by its role in the protocol, path, and text. Lines move with every message; ids,
 * numbers and times that a run recorded of its messages count by where they were recorded (compared_mask.h). What is
 * the same is only counted. */
#ifndef REPORT_COMPARED_H
#define REPORT_COMPARED_H

#include "report/report.h"

struct compared {
  size_t same, changed, only_first, only_second; /* steps */
};

/* Appends the comparison as text. */
void compared_write(struct buf *out, struct compared *c, const struct record *first, const struct record *second,
                    enum report_lang lang);

#endif
