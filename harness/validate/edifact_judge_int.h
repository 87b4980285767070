/* Shared by the files of edifact: the rules, and one message that is judged. */
#ifndef VALIDATE_EDIFACT_JUDGE_INT_H
#define VALIDATE_EDIFACT_JUDGE_INT_H

#include "validate/edifact_judge.h"

enum skeleton_rule {
  SKELETON_DATA,
  SKELETON_VERSION_MISSING,
  SKELETON_VERSION_UNKNOWN,
  SKELETON_VERSION_TYPE,
  SKELETON_VERSION_MESSAGE,
  SKELETON_NOT_PUBLIC,
  SKELETON_FIDELITY,
  SKELETON_FIDELITY_OLDER,
  SKELETON_SEGMENT_MISSING,
  SKELETON_SEGMENT_OFTEN,
  SKELETON_SEGMENT_ORDER,
  SKELETON_SEGMENT_UNKNOWN,
  SKELETON_GROUP_MISSING,
  SKELETON_GROUP_OFTEN,
  SKELETON_GROUP_ORDER,
  SKELETON_GROUP_UNKNOWN,
  SKELETON_QUALIFIER_UNKNOWN,
  SKELETON_VALUE_MISSING,
  SKELETON_VALUE_EXTRA,
  SKELETON_VALUE_LONG,
  SKELETON_VALUE_FIXED,
  SKELETON_VALUE_CODE,
  SKELETON_VALUE_DATE,
  SKELETON_VALUE_NUMBER,
  SKELETON_TEXT_LINE,
  SKELETON_TEXT_LINES,
  SKELETON_TEXT_SEGMENTS,
  SKELETON_TEXT_SUBJECT,
  SKELETON_OBJECT_UNKNOWN,
  SKELETON_OBJECT_SIZE,
  SKELETON_ACCEPTED,
  SKELETON_ACCEPTED_ORDER,
  SKELETON_MANY,
  SKELETON_RULES_N
};

extern const struct rule skeleton_rule_table[SKELETON_RULES_N];

/* One message: a copy, whose groups are those of the skeleton once it was matched. */
struct edifact_judge {
  const struct skeletons *skeletons;
  const struct skeleton_version *version; /* what it is judged by; NULL: by nothing */
  enum skeleton_fidelity fidelity;
  struct node *message;
  struct arena *scratch;
  struct str name;   /* of the message, for positions */
  struct str source; /* "MEDDIS D9134L, 2006-07-01 (full)" */
  struct findings *f;
};

/* Adds a finding; one that is worse than undecided becomes undecided where the skeleton is another version's. */
void edifact_find_fault(const struct edifact_judge *j, enum skeleton_rule rule, const struct node *n, size_t args_n,
                        const struct str *args);
void edifact_find_fault_said(const struct edifact_judge *j, enum skeleton_rule rule, const struct node *n,
                             size_t args_n, const struct said *args);
#define EDIFACT_FAULT(j, rule, n, ...)                                                                                 \
  edifact_find_fault((j), (rule), (n), sizeof((struct str[]){{0}, ##__VA_ARGS__}) / sizeof(struct str) - 1,            \
                     &((struct str[]){{0}, ##__VA_ARGS__})[1])

/* Findings of what does not fit. */
void edifact_tell(const struct edifact_judge *j, const struct skeleton_match *m);
/* References to files and the files themselves, in all messages below root. */
void edifact_judge_objects(const struct edifact_judge *j, const struct node *root);

#endif
