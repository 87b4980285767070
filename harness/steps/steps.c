#include "steps/steps_int.h"

const struct step_kind *const step_kinds[] = {
    &step_instruct,    &step_manual,  &step_explain,  &step_send,        &step_send_ack, &step_expect, &step_expect_ack,
    &step_expect_none, &step_wait,    &step_validate, &step_assert,      &step_capture,  &step_diff,   &step_fault,
    &step_http,        &step_preload, &step_remove,   &step_unsupported, &step_reported, &step_flow,   NULL};

const struct rule *const steps_rules = steps_rule_table;
const size_t steps_rules_n = STEPS_RULES_N;
