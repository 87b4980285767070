/* catalogue: the message types that the harness knows, one row a type and version.
 *
 * Facts of VANSEnvelope Name/Version (legacy.md 1.3) and of FHIR message events. */
#ifndef STANDARDS_CATALOGUE_H
#define STANDARDS_CATALOGUE_H

#include "base/str.h"

struct message_type {
  const char *standard;          /* "CareCommunication" */
  const char *danish;            /* "Korrespondancemeddelelse" */
  const char *code;              /* SOR-EDI code "FDIS91", or the event where there is none */
  const char *event;             /* MessageHeader.eventCoding.code, NULL if not FHIR */
  const char *format;            /* VANSEnvelope Document/Format: "HL7" */
  const char *version;           /* VANSEnvelope Document/Version: "5.0" */
  const char *profile;           /* canonical of the profile on the whole Bundle, NULL if not FHIR */
  const char *const *postfixes;  /* values allowed behind '#' in Name, NULL-terminated; none: no '#' */
  const char *const *deprecated; /* of these, the deprecated ones; may be NULL */
};

extern const struct message_type message_types[];
extern const size_t message_types_n;

/* The row of a FHIR event code, or of a SOR-EDI code; NULL if unknown. */
const struct message_type *message_type_of_event(struct str event);
const struct message_type *message_type_of_code(struct str code);
/* True if value may stand behind '#' in the type's Name. */
bool message_type_has_postfix(const struct message_type *t, struct str value);

/* A document: no MessageHeader and no envelope; what it is stands in its Composition. */
struct document_type {
  const char *standard, *danish;
  const char *event;       /* what protocols call it, as if it had a MessageHeader.event */
  const char *code;        /* Composition.type, a LOINC code */
  const char *profile;     /* canonical of the profile on the whole Bundle */
  const char *composition; /* and of the one on its Composition */
};

extern const struct document_type document_types[];
extern const size_t document_types_n;

/* The standard ("CareCommunication") of an event, be it of a message or a document; NULL if unknown. */
const char *standard_of_event(struct str event);
/* The canonical of the profile on the whole Bundle of an event, be it of a message or a document; NULL if unknown. */
const char *profile_of_event(struct str event);

#endif
