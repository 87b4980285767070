/* rules: the rule tables of all rooms, one after the other. */
#ifndef CLI_RULES_H
#define CLI_RULES_H

#include "base/finding.h"

/* The i-th rule, NULL past the last. */
const struct rule *rules_at(size_t i);

#endif
