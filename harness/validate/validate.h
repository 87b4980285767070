/* validate: judges one message at a level, one kind of rule a file.
 *
 *   wellformed  the bytes are an envelope and payload that can be read
 *   envelope    wellformed, and every rule of the envelope; a bare payload gives one finding
 *               `validate.no-envelope` of severity undecided
 *   bundle      envelope, and the shape of a FHIR message (FHIR R4 2.5 messaging, dk-medcom-messaging):
 *               Bundle type, first entry, fullUrls, references, ids, timestamps, event, parties, Provenance, the
 *               focus of the message; rules bundle.*, header.*, provenance.*, carecommunication.*, acknowledgement.*
 *   profile     bundle, and the profiles: until the FHIR engine is there, one finding
 *               `validate.profile-not-supported` of severity undecided
 * Without an envelope, level bundle judges the payload alone (no envelope finding). */
#ifndef VALIDATE_VALIDATE_H
#define VALIDATE_VALIDATE_H

#include "validate/message.h"

enum validate_level { VALIDATE_WELLFORMED, VALIDATE_ENVELOPE, VALIDATE_BUNDLE, VALIDATE_PROFILE };

void validate_message(const struct message *m, enum validate_level level, struct findings *f);
/* "wellformed", "envelope", "bundle", "profile"; false if there is no such level. */
bool validate_level_parse(struct str name, enum validate_level *out);
const char *validate_level_name(enum validate_level level);

extern const struct rule *const validate_rules;
extern const size_t validate_rules_n;

#endif
