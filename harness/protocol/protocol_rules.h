/* protocol_rules: what can be wrong in a file that people write: protocols and vendor files, with the texts.
 *
 * Several rows may have one id: the text differs, the kind of mistake does not. */
#ifndef PROTOCOL_PROTOCOL_RULES_H
#define PROTOCOL_PROTOCOL_RULES_H

#include "base/finding.h"

enum protocol_rule {
  PROTOCOL_UNKNOWN_KEY,      /* {1} key, {2} known keys */
  PROTOCOL_UNKNOWN_KEY_NEAR, /* {1} key, {2} nearest known key */
  PROTOCOL_MISSING_KEY,      /* {1} key */
  PROTOCOL_VALUE,            /* {1} free text */
  PROTOCOL_NOT_TEXT,         /* the kinds of value: {1} key, {2} what is there */
  PROTOCOL_NOT_TEXT2,
  PROTOCOL_NOT_BOOL,
  PROTOCOL_NOT_INT,
  PROTOCOL_NOT_DURATION,
  PROTOCOL_NOT_LIST,
  PROTOCOL_NOT_MAP,
  PROTOCOL_NOT_EXPRESSION,
  PROTOCOL_CHOICE,            /* {1} value, {2} allowed values */
  PROTOCOL_WORD_NONE,         /* {1} known words */
  PROTOCOL_WORD_SEVERAL,      /* {1}, {2} two of them */
  PROTOCOL_DUPLICATE_SECTION, /* what is taken: {1} id, {2} line of the first */
  PROTOCOL_DUPLICATE_STEP,
  PROTOCOL_DUPLICATE_NAME,
  PROTOCOL_NAME_ID, /* what cannot be a name: {1} */
  PROTOCOL_NAME_FORM,
  PROTOCOL_NAME_WHEN,
  PROTOCOL_NAME_NUMBERED,
  PROTOCOL_NAME_RESERVED,
  PROTOCOL_PARTY,   /* {1} no such party, {2} those that there are */
  PROTOCOL_SERVICE, /* {1} no such kind of service, {2} those that there are */
  PROTOCOL_WHEN,    /* a conditional section without a capability */
  PROTOCOL_LIMIT,   /* {1} which limit */
  PROTOCOL_RULES_N
};

extern const struct rule protocol_rules[PROTOCOL_RULES_N];

#endif
