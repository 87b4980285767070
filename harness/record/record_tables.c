/* The members of a record that are plain values: what record.c writes and reads, and record_schema.c documents. */
#include "record/record_int.h"

#define S(type, member)                                                                                                \
  { #member, FIELD_STR, offsetof(struct type, member) }
#define T(type, member)                                                                                                \
  { #member, FIELD_TEXT, offsetof(struct type, member) }
#define I(type, member)                                                                                                \
  { #member, FIELD_TIME, offsetof(struct type, member) }
#define B(type, member)                                                                                                \
  { #member, FIELD_BOOL, offsetof(struct type, member) }
#define V(type, member)                                                                                                \
  { #member, FIELD_VERDICT, offsetof(struct type, member) }
#define M(type, member)                                                                                                \
  { #member, FIELD_ASSESSMENT, offsetof(struct type, member) }

const struct field record_fields[] = {
    S(record, run),
    I(record, started),
    I(record, ended),
    S(record, damage),
    V(record, verdict),
    S(record, mode),
    S(record, course),
    S(record, seed),
    S(record, program),
    S(record, clock_scale),
    S(record, protocol),
    S(record, protocol_version),
    S(record, protocol_digest),
    S(record, role),
    S(record, standard),
    S(record, standard_danish),
    S(record, standard_version),
    S(record, standard_type),
    T(record, title),
    I(record, masked_tokens),
    I(record, masked_keys),
    I(record, masked_cprs),
    S(record, fidelity_program),
    S(record, vendor),
    S(record, contact),
    S(record, system),
    S(record, system_version),
    S(record, system_type),
    S(record, vendor_digest),
    {0},
};

const struct field decision_fields[] = {
    B(record_decision, approved),
    S(record_decision, by),
    S(record_decision, remarks),
    S(record_decision, date),
    S(record_decision, place),
    I(record_decision, at),
    {0},
};

const struct field parameter_fields[] = {
    S(record_parameter, name), S(record_parameter, value), S(record_parameter, source), {0}};

const struct field service_fields[] = {
    S(record_service, name),
    S(record_service, kind),
    S(record_service, of),
    B(record_service, shared),
    T(record_service, title),
    S(record_service, address),
    {0},
};

const struct field party_fields[] = {
    S(record_party, name),
    T(record_party, title),
    S(record_party, vendor),
    S(record_party, system),
    S(record_party, system_version),
    S(record_party, vendor_digest),
    {0},
};

const struct field standards_fields[] = {
    S(record_standards, digest), S(record_standards, schemas), I(record_standards, since), {0}};

const struct field fidelity_fields[] = {S(record_fidelity, is), T(record_fidelity, text), {0}};

const struct field issue_fields[] = {S(record_issue, id),
                                     S(record_issue, rule),
                                     S(record_issue, profile),
                                     S(record_issue, element),
                                     S(record_issue, constraint),
                                     S(record_issue, package),
                                     S(record_issue, effect),
                                     T(record_issue, reason),
                                     S(record_issue, by),
                                     S(record_issue, expires),
                                     B(record_issue, expired),
                                     I(record_issue, applied),
                                     {0}};

const struct field case_fields[] = {S(record_case, id),     T(record_case, title),   S(record_case, status),
                                    S(record_case, reason), V(record_case, verdict), {0}};

const struct field step_fields[] = {
    S(record_step, id),
    S(record_step, number),
    S(record_step, word),
    T(record_step, action),
    T(record_step, test_data),
    T(record_step, expected),
    T(record_step, actual),
    V(record_step, verdict),
    B(record_step, optional),
    S(record_step, either),
    S(record_step, suggests),
    M(record_step, assessment),
    S(record_step, reason),
    S(record_step, owner),
    I(record_step, at),
    S(record_step, answered_by),
    S(record_step, system_version),
    S(record_step, stands_by),
    S(record_step, stands_why),
    S(record_step, inserted_by),
    S(record_step, inserted_why),
    S(record_step, carried_from),
    S(record_step, confirmed_by),
    S(record_step, party),
    {0},
};

const struct field attempt_fields[] = {
    I(record_attempt, number),
    V(record_attempt, verdict),
    B(record_attempt, stands),
    S(record_attempt, system_version),
    S(record_attempt, by),
    S(record_attempt, why),
    I(record_attempt, at),
    T(record_attempt, actual),
    M(record_attempt, assessment),
    S(record_attempt, answered_by),
    {0},
};

const struct field assessment_fields[] = {M(record_assessment, assessment),
                                          S(record_assessment, by),
                                          S(record_assessment, why),
                                          I(record_assessment, at),
                                          {0}};

const struct field revision_fields[] = {V(record_revision, verdict), V(record_revision, was), S(record_revision, by),
                                        S(record_revision, why),     I(record_revision, at),  {0}};

const struct field exchange_fields[] = {
    S(record_exchange, id),
    S(record_exchange, name),
    B(record_exchange, outbound),
    S(record_exchange, party),
    S(record_exchange, relays),
    I(record_exchange, at),
    {"case", FIELD_STR, offsetof(struct record_exchange, case_id)},
    S(record_exchange, step),
    S(record_exchange, via),
    S(record_exchange, status),
    S(record_exchange, failure),
    S(record_exchange, fault),
    B(record_exchange, lost),
    S(record_exchange, file),
    S(record_exchange, digest),
    S(record_exchange, near_miss_en),
    S(record_exchange, near_miss_da),
    S(record_exchange, withheld),
    S(record_exchange, withheld_by),
    S(record_exchange, withheld_why),
    S(record_exchange, copy),
    {0},
};

const struct field dispute_fields[] = {
    I(record_dispute, finding), S(record_dispute, rule),        S(record_dispute, by),
    S(record_dispute, why),     I(record_dispute, at),          S(record_dispute, answered_by),
    S(record_dispute, answer),  I(record_dispute, answered_at), {0}};

const struct field evidence_fields[] = {
    S(record_evidence, name), S(record_evidence, digest), S(record_evidence, media), {0}};
