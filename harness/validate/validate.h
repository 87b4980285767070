/* validate: judges one message at a level, one kind of rule a file.
 *
 *   wellformed  the bytes are an envelope and payload that can be read
 *   envelope    wellformed, and every rule of the envelope (of an EDIFACT interchange or OIOXML Emessage that is a
 *               receipt: rules receipt.*); a bare payload of FHIR gives one finding `validate.no-envelope` of severity
 *               undecided
 *   bundle      envelope, and the shape of a FHIR message (FHIR R4 2.5 messaging, dk-medcom-messaging):
 *               Bundle type, first entry, fullUrls, references, ids, timestamps, event, parties, Provenance, the
 *               focus of the message; rules bundle.*, header.*, provenance.*, carecommunication.*, acknowledgement.*
 *   profile     bundle, and the profiles (validate/profile.h)
 * Without an envelope, level bundle judges the payload alone (no envelope finding). */
#ifndef VALIDATE_VALIDATE_H
#define VALIDATE_VALIDATE_H

#include "validate/message.h"
#include "validate/profile.h"

enum validate_level { VALIDATE_WELLFORMED, VALIDATE_ENVELOPE, VALIDATE_BUNDLE, VALIDATE_PROFILE };

/* profiles is for level profile only, and may be NULL below it; its form is the message's. Where it is NULL or has no
 * cache, that level gives one finding `validate.profiles-missing` of severity undecided. */
void validate_message(const struct message *m, enum validate_level level, const struct profile_options *profiles,
                      struct findings *f);
/* The same for a file of which nothing is said: MedCom's rules for messages are for MedCom's messages, everything is
 * judged by its profiles. */
void validate_as_found(const struct message *m, const struct profile_options *profiles, struct findings *f);
/* "wellformed", "envelope", "bundle", "profile"; false if there is no such level. */
bool validate_level_parse(struct str name, enum validate_level *out);
const char *validate_level_name(enum validate_level level);

extern const struct rule *const validate_rules;
extern const size_t validate_rules_n;

#endif
