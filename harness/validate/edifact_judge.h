/* edifact_judge: judges the messages of an EDIFACT interchange by the skeleton of their type and version
 * (standards/skeleton.h).
 *
 * Findings `skeleton.*`, each with the path of what is meant ("S07/PNA+PAT/2.1", in the groups of the skeleton) and, as
 * source, the version that it was judged by and how faithful that is. Nothing that is not judged passes: a version
 * without public structure gives one undecided finding with that reason, and what is judged by the structure of another
 * version gives undecided findings where it would else give errors. Of every message an info finding says what it was
 * judged by. The interchange itself is not changed: paths are those of a copy with the groups of the skeleton. */
#ifndef VALIDATE_EDIFACT_JUDGE_H
#define VALIDATE_EDIFACT_JUDGE_H

#include "standards/skeleton.h"

/* Judges every message below root (of formats/edifact.h), by these skeletons. */
void edifact_judge(const struct skeletons *s, const struct node *root, struct str name, struct findings *f);

extern const struct rule *const skeleton_rules;
extern const size_t skeleton_rules_n;

#endif
