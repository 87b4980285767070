/* interchange_int: the rules of an interchange, and the service segments as they are judged. */
#ifndef ENVELOPE_INTERCHANGE_INT_H
#define ENVELOPE_INTERCHANGE_INT_H

#include "envelope/interchange.h"

enum interchange_rule {
  INTERCHANGE_UNA_MISSING,
  INTERCHANGE_UNB_MISSING,
  INTERCHANGE_UNB_REPEATED,
  INTERCHANGE_ELEMENT_MISSING, /* {1} segment, {2} data element */
  INTERCHANGE_ELEMENT_LENGTH,  /* {1} data element, {2} its characters, {3} how many it may have */
  INTERCHANGE_ELEMENT_EXTRA,   /* {1} segment, {2} the text */
  INTERCHANGE_CHARSET,         /* {1} the syntax identifier */
  INTERCHANGE_CHARSET_OTHER,
  INTERCHANGE_CHARSET_UNREAD,
  INTERCHANGE_SYNTAX_VERSION, /* {1} the version */
  INTERCHANGE_QUALIFIER,      /* {1} the qualifier */
  INTERCHANGE_UNB_TIME,       /* {1} date or time as written */
  INTERCHANGE_UNB_ACK,        /* {1} the value */
  INTERCHANGE_UNG,
  INTERCHANGE_NO_MESSAGE,
  INTERCHANGE_OUTSIDE,      /* {1} the segment */
  INTERCHANGE_UNH_REPEATED, /* {1} the reference, {2} line of the first */
  INTERCHANGE_UNT_MISSING,
  INTERCHANGE_UNT_COUNT,     /* {1} as written, {2} as counted */
  INTERCHANGE_UNT_REFERENCE, /* {1} of UNT, {2} of UNH */
  INTERCHANGE_UNZ_MISSING,
  INTERCHANGE_UNZ_COUNT,     /* {1} as written, {2} as counted */
  INTERCHANGE_UNZ_REFERENCE, /* {1} of UNZ, {2} of UNB */
  INTERCHANGE_AFTER_UNZ,     /* {1} the segment */
  INTERCHANGE_UNP_ALONE,
  INTERCHANGE_UNP_SIZE,      /* {1} as written, {2} as counted */
  INTERCHANGE_UNP_REFERENCE, /* {1} of UNP, {2} of UNO */
  INTERCHANGE_RULES_N
};
extern const struct rule interchange_rule_table[INTERCHANGE_RULES_N];

struct interchange_judge {
  const struct node *root;
  struct str name;
  struct findings *f;
};

/* The place of a node; without a path where there are so many findings and siblings that paths are too dear. */
struct place interchange_place(const struct interchange_judge *j, const struct node *n);
#define INTERCHANGE_TELL(j, rule, n, ...)                                                                              \
  FINDING((j)->f, &interchange_rule_table[INTERCHANGE_##rule], interchange_place((j), (n)), ##__VA_ARGS__)

/* What stands in a service segment (UNB, UNH, UNT, UNZ, UNO, UNP): missing, too long, too much. */
void interchange_check_segment(const struct interchange_judge *j, const struct node *segment);
/* The values of UNB that MedCom fixes. */
void interchange_check_unb(const struct interchange_judge *j, const struct node *unb);
/* UNO, the octets and UNP of a message, at any depth. */
void interchange_check_octets(const struct interchange_judge *j, const struct node *message);

#endif
