/* record_int: the tables of a record's members, one for writing, reading and the schema. */
#ifndef RECORD_RECORD_INT_H
#define RECORD_RECORD_INT_H

#include "record/fields_int.h"
#include "record/record.h"

/* A member of a struct and its key: what is only text is written and read by table. */
enum field_kind { FIELD_STR, FIELD_TEXT, FIELD_TIME, FIELD_BOOL, FIELD_VERDICT, FIELD_ASSESSMENT };

struct field {
  const char *key;
  enum field_kind kind;
  size_t offset;
};

/* Each ends with key NULL. */
extern const struct field record_fields[], decision_fields[], parameter_fields[], service_fields[], party_fields[],
    standards_fields[], issue_fields[], fidelity_fields[], case_fields[], step_fields[], attempt_fields[],
    assessment_fields[], revision_fields[], exchange_fields[], dispute_fields[], evidence_fields[];

#endif
