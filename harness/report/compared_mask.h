/* compared_mask: texts of findings without what is new in every run: the ids, numbers and times of its messages.
 *
 * Each becomes a word for where the run recorded it ("{ack header.id}", "{time in ack}"), so that two runs are alike
 * where they speak of the same place, and not where one speaks of another message. What the run did not record stays as
 * it is, and so do days, names and codes. A mask borrows the record, and lives in its arena. */
#ifndef REPORT_COMPARED_MASK_H
#define REPORT_COMPARED_MASK_H

#include "base/map.h"
#include "record/record.h"

struct compared_mask {
  struct arena *arena;
  const struct record *record;
  struct map words; /* id, number or time -> a struct str */
};

void compared_mask_init(struct compared_mask *m, struct arena *a, const struct record *r);
/* text itself where there is nothing to mask. */
struct str compared_mask_text(struct compared_mask *m, struct str text);

#endif
