/* protocol_rules: what can be wrong in a file that people write: protocols and vendor files, with the texts. */
#ifndef PROTOCOL_PROTOCOL_RULES_H
#define PROTOCOL_PROTOCOL_RULES_H

#include "base/finding.h"

enum protocol_rule {
  PROTOCOL_UNKNOWN_KEY,      /* {1} key, {2} known keys */
  PROTOCOL_UNKNOWN_KEY_NEAR, /* {1} key, {2} nearest known key; same id */
  PROTOCOL_MISSING_KEY,      /* {1} key */
  PROTOCOL_VALUE,            /* {1} free text */
  PROTOCOL_KIND,             /* {1} key, {2} what it must be, {3} what it is */
  PROTOCOL_CHOICE,           /* {1} key, {2} value, {3} allowed values */
  PROTOCOL_CHOICE_NEAR,      /* {1} key, {2} value, {3} nearest; same id */
  PROTOCOL_WORD_NONE,        /* {1} known words */
  PROTOCOL_WORD_SEVERAL,     /* {1}, {2} two of them */
  PROTOCOL_DUPLICATE,        /* {1} what, {2} id, {3} line of the first */
  PROTOCOL_NAME,             /* {1} name, {2} why not */
  PROTOCOL_WHEN,             /* a conditional section without a capability */
  PROTOCOL_LIMIT,            /* {1} which limit */
  PROTOCOL_RULES_N
};

extern const struct rule protocol_rules[PROTOCOL_RULES_N];

#endif
