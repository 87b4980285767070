/* Shared by the files of skeleton: matching, and the values of what was matched. */
#ifndef STANDARDS_SKELETON_INT_H
#define STANDARDS_SKELETON_INT_H

#include "standards/skeleton.h"

/* Whether the value of a part is right; what is empty is right where it may be left out. */
bool skeleton_part_fits(const struct skeleton_part *p, const struct node *segment);
/* Adds a deviation, or counts it. */
void skeleton_deviate(struct skeleton_match *m, struct arena *a, struct skeleton_deviation d);
/* Judges the parts of a segment that has a place. */
void skeleton_check_values(struct skeleton_match *m, struct arena *a, const struct skeleton_place *place);

#endif
