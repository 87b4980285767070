/* convert_rules: what a conversion tells of what it could not carry over as it was. */
#ifndef MAPPING_CONVERT_RULES_H
#define MAPPING_CONVERT_RULES_H

#include "base/finding.h"

enum convert_rule {
  CONVERT_LOST,        /* {1} the element, {2} its value */
  CONVERT_CUT,         /* {1} the element, {2} how many characters there is room for, {3} what was cut off */
  CONVERT_FILLED,      /* {1} the element, {2} what was put there */
  CONVERT_CPR_IN_TEXT, /* {1} the identifiers */
  CONVERT_NOTE,        /* {1} the note */
  CONVERT_HISTORY,     /* {1} how many earlier sections */
  CONVERT_OLD_FILE,    /* {1} the title */
  CONVERT_PRIORITY,
  CONVERT_EPISODE,    /* {1} chosen, {2} left out */
  CONVERT_STATUS,     /* {1} from, {2} to */
  CONVERT_MANY_FILES, /* {1} how many */
  CONVERT_NO_OBJECT,  /* {1} the object's id */
  CONVERT_NO_MIME,    /* {1} the type of file, {2} what was written */
  CONVERT_SECTIONS,   /* {1} how many, {2} how many there is room for */
  CONVERT_LETTERS,    /* {1} how many letters */
  CONVERT_CHARACTER,  /* {1} the characters */
  CONVERT_TRANSIENT,
  CONVERT_MIXED,     /* {1} how many negative, {2} of how many */
  CONVERT_SIZE,      /* {1} the size that is told, {2} the octets that are there */
  CONVERT_TOO_LARGE, /* {1} octets, {2} how many an envelope carries */
  CONVERT_SYSTEM_ID, /* {1} the identifier */
  CONVERT_RULES_N
};
extern const struct rule convert_rules[CONVERT_RULES_N];

#endif
