/* eer_rules: what is asked of EHMI's endpoint register (EER) in a way that only some sources have: answered, and noted.
 * What is put there is judged by its profiles instead. */
#ifndef ENDPOINT_EER_RULES_H
#define ENDPOINT_EER_RULES_H

#include "base/finding.h"

enum eer_rule_id {
  EER_GLN_SYSTEM, /* {1} as asked, {2} as EER has it */
  EER_RULES_N
};

extern const struct rule eer_rules[]; /* eer.… */
extern const size_t eer_rules_n;

#endif
