/* eds_rules: the rules of EHMI Delivery Status, of one AuditEvent (eds.profile...) and of all that a system reports of
 * a message (eds.chain...). The severity of a rule is its default; fixtures/standards/eds.yaml can give another. */
#ifndef VALIDATE_EDS_RULES_H
#define VALIDATE_EDS_RULES_H

#include "base/finding.h"

enum eds_rule_id {
  EDS_DATA,
  EDS_PROFILE_NONE,
  EDS_PROFILE_URL,
  EDS_PROFILE_MISSING,
  EDS_CHAIN_MISSING,
  EDS_CHAIN_LOST,
  EDS_CHAIN_UNEXPECTED,
  EDS_CHAIN_REPEATED,
  EDS_CHAIN_RETRY,
  EDS_CHAIN_COPY,
  EDS_CHAIN_ORDER,
  EDS_CHAIN_SUBTYPE,
  EDS_CHAIN_STATION,
  EDS_CHAIN_PROFILE,
  EDS_CHAIN_ENTITY_MISSING,
  EDS_CHAIN_ENTITY_MORE,
  EDS_CHAIN_SOR,
  EDS_CHAIN_GLN,
  EDS_CHAIN_GLN_PREFIX,
  EDS_CHAIN_SWAPPED,
  EDS_CHAIN_DEVICE,
  EDS_CHAIN_ID,
  EDS_CHAIN_ID_FORM,
  EDS_CHAIN_PATIENT,
  EDS_CHAIN_TYPE,
  EDS_CHAIN_TYPE_SPELLING,
  EDS_CHAIN_VERSION,
  EDS_CHAIN_VERSION_SPELLING,
  EDS_CHAIN_STATISTIC,
  EDS_CHAIN_RECORDED,
  EDS_CHAIN_RECORDED_LATE,
  EDS_CHAIN_FAILURE,
  EDS_CHAIN_OUTCOME,
  EDS_CHAIN_NOT_SHOWN,
  EDS_RULES_N
};

extern const struct rule *const eds_rules; /* EDS_RULES_N rows */
extern const size_t eds_rules_n;
static inline const struct rule *eds_rule(enum eds_rule_id id) {
  return &eds_rules[id];
}

#endif
