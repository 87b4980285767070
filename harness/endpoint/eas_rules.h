/* eas_rules: the rules of EHMI's addressing service (EAS), each with the status that it is answered with.
 *
 * Three kinds: what a client asks wrongly (an error: the request is refused), what it asks in a way that only some
 * sources have (a warning: answered, and noted), and what there is to answer where there is no receiver (a failure or a
 * note, an OperationOutcome, nobody's mistake). No source states HTTP codes: those here are FHIR's habits. */
#ifndef ENDPOINT_EAS_RULES_H
#define ENDPOINT_EAS_RULES_H

#include "base/finding.h"

enum eas_rule_id {
  /* asked wrongly */
  EAS_OPERATION_UNKNOWN, /* {1} name, {2} those there are */
  EAS_OPERATION_TYPE,    /* {1} type */
  EAS_BODY_MISSING,
  EAS_BODY_UNREADABLE,   /* {1} why */
  EAS_BODY_TYPE,         /* {1} type */
  EAS_PARAMETER_UNKNOWN, /* {1} name, {2} those there are */
  EAS_PARAMETER_UNNAMED,
  EAS_PARAMETER_MISSING,  /* {1} name */
  EAS_PARAMETER_REPEATED, /* {1} name, {2} how often */
  EAS_PARAMETER_TYPE,     /* {1} name, {2} wanted, {3} found */
  EAS_PARAMETER_EMPTY,    /* {1} name */
  EAS_PARAMETERS_MANY,    /* {1} most */
  EAS_PATIENT_TYPE,       /* {1} type */
  EAS_PATIENT_PROFILE,    /* {1} the profile */
  EAS_PATIENT_CPR,
  /* in a way that some sources have */
  EAS_OPERATION_SPELLING, /* {1} as written, {2} as published */
  EAS_OPERATION_LEVEL,    /* {1} name */
  EAS_OPERATION_GET,      /* {1} name */
  EAS_PARAMETER_TARGET,   /* {1} name */
  EAS_PATIENT_SYSTEM,     /* {1} system */
  EAS_TYPE_SPELLING,      /* {1} as asked, {2} as EER has it */
  /* no receiver */
  EAS_PATIENT_INVALID,  /* {1} number */
  EAS_PATIENT_UNKNOWN,  /* {1} number */
  EAS_PATIENT_GROUP_2,  /* {1} number */
  EAS_NO_SOR_PRACTICE,  /* {1} ydernummer */
  EAS_NO_SOR_UNIT,      /* {1} SOR id */
  EAS_NO_SOR_PLACE,     /* {1} postal code */
  EAS_NO_PRACTICE,      /* {1} postal code */
  EAS_NO_EER,           /* {1} organisation */
  EAS_TYPE_UNSUPPORTED, /* {1} organisation, {2} message type */
  EAS_RULES_N
};

/* What the answer says of one: statuses, and FHIR's code of the issue. */
struct eas_answer_row {
  int status;
  const char *code; /* of http://hl7.org/fhir/issue-type */
};

extern const struct rule eas_rules[]; /* eas.… */
extern const size_t eas_rules_n;
extern const struct eas_answer_row eas_answers[EAS_RULES_N];

static inline const struct rule *eas_rule(enum eas_rule_id id) {
  return &eas_rules[id];
}
/* The row of a rule by its name; NULL: it is not of this table. */
const struct eas_answer_row *eas_answer_of(struct str rule);

#endif
