/* format_rules: the findings that readers can make, with their texts. */
#ifndef FORMATS_FORMAT_RULES_H
#define FORMATS_FORMAT_RULES_H

#include "base/finding.h"

enum format_rule {
  JSON_SYNTAX,    /* {1} what was expected, {2} what was found */
  JSON_UTF8,      /* {1} the first byte, "0xFF" */
  JSON_SURROGATE, /* {1} the escape as written */
  JSON_BOM,
  JSON_DUPLICATE_KEY, /* {1} key, {2} line of the first */
  JSON_LIMIT,         /* {1} which limit */
  XML_SYNTAX,         /* {1} libxml2's message, trimmed */
  XML_DTD,
  XML_LIMIT,          /* {1} which limit */
  XML_ENCODING,       /* {1} the encoding; info: read all the same */
  YAML_SYNTAX,        /* {1} libyaml's problem */
  YAML_DUPLICATE_KEY, /* {1} key, {2} line of the first */
  YAML_NOT_STRICT,    /* {1} "&anchor", "*alias", "!tag", "<<", "---", "{" or "[" as a key */
  YAML_LIMIT,         /* {1} which limit */
  EDIFACT_NOTHING,
  EDIFACT_BOM,
  EDIFACT_UNA_SIGNS,    /* {1} UNA as written */
  EDIFACT_UNA_UNUSUAL,  /* {1} UNA as written */
  EDIFACT_TAG,          /* {1} what stands there */
  EDIFACT_RELEASE,      /* {1} the two characters */
  EDIFACT_LINE_END,     /* a warning: left out of the text */
  EDIFACT_UTF8_FOUND,   /* {1} the character, {2} what it is in ISO-8859-1 */
  EDIFACT_MIXED,        /* {1} the first character that is ISO-8859-1 */
  EDIFACT_CHARACTER,    /* {1} the byte, "0x96" */
  EDIFACT_UNENDED,      /* {1} the tag */
  EDIFACT_OCTETS_SIZE,  /* {1} the size as written */
  EDIFACT_OCTETS_SHORT, /* {1} the size as written, {2} how many octets are left */
  EDIFACT_OCTETS_COUNT, /* {1} the size as written, {2} how many octets stand before UNP */
  EDIFACT_OCTETS_END,   /* {1} the size as written */
  EDIFACT_LIMIT,        /* {1} which limit */
  FORMAT_RULES_N
};

extern const struct rule format_rules[FORMAT_RULES_N];

#endif
