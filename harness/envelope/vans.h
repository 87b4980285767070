/* vans: VANSEnvelope 1.0.4 (namespace urn:oio:medcom:vans-envelope:1.0.4).
 *
 * Every rule of the schema and of MedCom's governance for FHIR messages is a row
 * of vans_rules with an id of its own. The payload is base64 of the original
 * octets; SizeInBytes is its decoded length. */
#ifndef ENVELOPE_VANS_H
#define ENVELOPE_VANS_H

#include "envelope/envelope.h"

#define VANS_NS "urn:oio:medcom:vans-envelope:1.0.4"
/* MedCom's limit for a FHIR message in its envelope; over it is a finding. */
#define VANS_MESSAGE_MAX ((size_t)100 * 1000 * 1000)
#define VANS_TAGS_MAX 5

extern const struct envelope_kind vans_kind;
extern const struct rule *const vans_rules;
extern const size_t vans_rules_n;

/* Fills the parts of a new FHIR message envelope that follow from the payload: format, name, version, size,
 * transport reliable, MCM:MIME and MCM:STATISTIC. Ids, parties and time are the caller's. */
void vans_describe(struct envelope *env, const struct envelope_payload *p, struct str payload, const char *statistic);
/* A receipt of the given kind for `original`: parties turned round, ids echoed. error_text is for negative ones. */
void vans_receipt(struct envelope *out, const struct envelope *original, enum receipt_kind kind, struct str id,
                  struct str sent, struct str error_text);
/* Checks that a receipt echoes the outstanding envelope (rule vans.receipt.*). */
void vans_check_receipt(const struct envelope *receipt, struct str message, const struct envelope *original,
                        struct findings *f);

#endif
