#include "cli/rules.h"

#include "crypto/certificate.h"
#include "crypto/token.h"
#include "diff/diff.h"
#include "diff/semantic.h"
#include "endpoint/eas_rules.h"
#include "endpoint/eer_rules.h"
#include "endpoint/oauth.h"
#include "endpoint/resource_guard.h"
#include "envelope/interchange.h"
#include "envelope/receipt_judge.h"
#include "envelope/sbdh.h"
#include "envelope/vans.h"
#include "fhir/resource.h"
#include "formats/format_rules.h"
#include "lint/lint.h"
#include "lint/testscript.h"
#include "mapping/convert.h"
#include "plan/capabilities.h"
#include "protocol/protocol_rules.h"
#include "report/approval.h"
#include "run/halt.h"
#include "run/rejudge.h"
#include "standards/flow_rules.h"
#include "standards/identifier_rules.h"
#include "steps/steps.h"
#include "validate/edifact_judge.h"
#include "validate/eds_rules.h"
#include "validate/known_issues.h"
#include "validate/letter_shelf.h"
#include "validate/profile.h"
#include "validate/validate.h"

const struct rule *rules_at(size_t i) {
  const struct {
    const struct rule *table;
    size_t n;
  } tables[] = {{format_rules, FORMAT_RULES_N},
                {resource_rules, RESOURCE_RULES_N},
                {vans_rules, vans_rules_n},
                {interchange_rules, interchange_rules_n},
                {token_rules, token_rules_n},
                {guard_rules, guard_rules_n},
                {oauth_rules, oauth_rules_n},
                {sbdh_rules, sbdh_rules_n},
                {receipt_rules, receipt_rules_n},
                {validate_rules, validate_rules_n},
                {oioxml_rules, oioxml_rules_n},
                {profile_rules, profile_rules_n},
                {skeleton_rules, skeleton_rules_n},
                {eds_rules, eds_rules_n},
                {eas_rules, eas_rules_n},
                {eer_rules, eer_rules_n},
                {identifier_rules, identifier_rules_n},
                {flow_rules, FLOW_RULES_N},
                {diff_rule_table, diff_rule_table_n},
                {semantic_rule_table, semantic_rule_table_n},
                {convert_rule_table, convert_rule_table_n},
                {steps_rules, steps_rules_n},
                {protocol_rules, PROTOCOL_RULES_N},
                {lint_rule_table, lint_rule_table_n},
                {testscript_rule_table, testscript_rule_table_n},
                {rejudge_rules, REJUDGE_RULES_N},
                {halt_rules, HALT_RULES_N},
                {plan_rules, plan_rules_n},
                {certificate_rules, CERTIFICATE_RULES_N},
                {approval_rules, APPROVAL_RULES_N},
                {&known_issues_rule, 1}};
  for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
    if (i < tables[t].n) return &tables[t].table[i];
    i -= tables[t].n;
  }
  return NULL;
}
