/* sbdh_int: what the files of the ehmiSBDH share: the rules, and places in an envelope. */
#ifndef ENVELOPE_SBDH_INT_H
#define ENVELOPE_SBDH_INT_H

#include "envelope/sbdh.h"
#include "envelope/tree.h"

/* {1} is what was found and {2} what was expected, where a rule has them; see the texts in sbdh_rules.c. */
enum sbdh_rule {
  SBDH_RULE_ELEMENT_REPEATED,
  SBDH_RULE_NAMESPACE,
  SBDH_RULE_ELEMENT_MISSING,
  SBDH_RULE_ELEMENT_ORDER,
  SBDH_RULE_ELEMENT_UNKNOWN,
  SBDH_RULE_ELEMENT_FORBIDDEN,
  SBDH_RULE_ELEMENT_TEXT,
  SBDH_RULE_ELEMENT_EMPTY,
  SBDH_RULE_ATTRIBUTE_MISSING,
  SBDH_RULE_ATTRIBUTE_UNKNOWN,
  SBDH_RULE_FIXED,
  SBDH_RULE_DATE_TIME,
  SBDH_RULE_ZONE,
  SBDH_RULE_SCOPES_MANY,
  SBDH_RULE_CONTENT_NAMESPACE,
  SBDH_RULE_CONTENT_NAMESPACE_OTHER,
  SBDH_RULE_BASE64,
  SBDH_RULE_CONTENT_EMPTY,
  SBDH_RULE_TOO_LARGE,
  SBDH_RULE_MIME,
  SBDH_RULE_MIME_OTHER,
  SBDH_RULE_ENCODING,
  SBDH_RULE_ENCODING_OTHER,
  SBDH_RULE_AUTHORITY,
  SBDH_RULE_AUTHORITY_MISSING,
  SBDH_RULE_PARTICIPANT,
  SBDH_RULE_GLN,
  SBDH_RULE_GLN_CHECK_DIGIT,
  SBDH_RULE_SOR,
  SBDH_RULE_SOR_CHECK_DIGIT,
  SBDH_RULE_CPR,
  SBDH_RULE_CPR_MASKED,
  SBDH_RULE_CPR_CLEAR,
  SBDH_RULE_CPR_CLEAR_OTHER,
  SBDH_RULE_UUID,
  SBDH_RULE_STANDARD,
  SBDH_RULE_STANDARD_OTHER,
  SBDH_RULE_STANDARD_PILOT,
  SBDH_RULE_VERSION,
  SBDH_RULE_VERSION_OTHER,
  SBDH_RULE_TYPE,
  SBDH_RULE_TYPE_OTHER,
  SBDH_RULE_MULTIPLE_MISSING,
  SBDH_RULE_SCOPE_UNKNOWN,
  SBDH_RULE_SCOPE_SPELLING,
  SBDH_RULE_SCOPE_IDENTIFIER,
  SBDH_RULE_SCOPE_IDENTIFIER_OTHER,
  SBDH_RULE_SCOPE_MISSING,
  SBDH_RULE_SCOPE_EXTRA,
  SBDH_RULE_SCOPE_REPEATED,
  SBDH_RULE_DOCUMENT_ID,
  SBDH_RULE_DOCUMENT_ID_OTHER,
  SBDH_RULE_DOCUMENT_ID_SYNTAX,
  SBDH_RULE_PROCESS_ID,
  SBDH_RULE_PROCESS_ID_OTHER,
  SBDH_RULE_STATISTICS,
  SBDH_RULE_STATISTICS_OTHER,
  SBDH_RULE_RELIABLE_KIND,
  SBDH_RULE_RELIABLE_KIND_ACK,
  SBDH_RULE_RELIABLE_PART,
  SBDH_RULE_RELIABLE_CREATED,
  SBDH_RULE_RELIABLE_ENVELOPE,
  SBDH_RULE_RELIABLE_DEADLINE,
  SBDH_RULE_RELIABLE_DEADLINE_OTHER,
  SBDH_RULE_RELIABLE_EXPECTED,
  SBDH_RULE_RELIABLE_EXPECTED_OTHER,
  SBDH_RULE_RELIABLE_SERVICE,
  SBDH_RULE_RELIABLE_ATTRIBUTE,
  SBDH_RULE_RELIABLE_ATTRIBUTE_OTHER,
  SBDH_RULE_RELIABLE_ATTRIBUTE_MISSING,
  SBDH_RULE_RELIABLE_ORIGINAL,
  SBDH_RULE_ORIGINAL_KNOWN,
  SBDH_RULE_PAYLOAD_GLN,
  SBDH_RULE_PAYLOAD_SOR,
  SBDH_RULE_PAYLOAD_CPR,
  SBDH_RULE_PAYLOAD_MESSAGE_ID,
  SBDH_RULE_PAYLOAD_BUNDLE_ID,
  SBDH_RULE_PAYLOAD_STANDARD,
  SBDH_RULE_PAYLOAD_VERSION,
  SBDH_RULE_PAYLOAD_MIME,
  SBDH_RULE_PAYLOAD_RESPONSE,
  SBDH_RULE_XDS_SYNTAX,
  SBDH_RULE_XDS_FORM,
  SBDH_RULE_XDS_RESOURCE,
  SBDH_RULE_XDS_STATUS,
  SBDH_RULE_XDS_MASTER,
  SBDH_RULE_XDS_PATIENT,
  SBDH_RULE_XDS_AUTHOR,
  SBDH_RULE_XDS_MIME,
  SBDH_RULE_XDS_SIZE,
  SBDH_RULE_XDS_HASH,
  SBDH_RULE_SIGNAL_ROOT,
  SBDH_RULE_SIGNAL_UNUSED,
  SBDH_RULE_SIGNAL_TYPE,
  SBDH_RULE_SIGNAL_EXCEPTION,
  SBDH_RULE_SIGNAL_ORIGINAL,
  SBDH_RULE_SIGNAL_PARTY,
  SBDH_RULE_RECEIPT_EXPECTED,
  SBDH_RULE_RECEIPT_ENVELOPE,
  SBDH_RULE_RECEIPT_TIME,
  SBDH_RULE_RECEIPT_ORIGINAL,
  SBDH_RULE_RECEIPT_DOCUMENT,
  SBDH_RULE_RECEIPT_PARTIES,
  SBDH_RULE_RECEIPT_EARLY,
  SBDH_RULE_RECEIPT_LATE,
  SBDH_RULE_RECEIPT_OF_RECEIPT,
  SBDH_RULES_N
};
extern const struct rule sbdh_rule_table[SBDH_RULES_N];

/* A finding at a node (NULL: at no place). */
#define TELL(c, rule, node, ...)                                                                                       \
  FINDING((c)->f, &sbdh_rule_table[SBDH_RULE_##rule], tree_place((c), (node)), ##__VA_ARGS__)

/* The same by how a value fits: accepted, or wrong. Whoever found it right says nothing. */
#define TELL_FIT(c, fit, rule, node, ...)                                                                              \
  FINDING((c)->f, &sbdh_rule_table[(fit) == EHMI_ACCEPTED ? SBDH_RULE_##rule##_OTHER : SBDH_RULE_##rule],              \
          tree_place((c), (node)), ##__VA_ARGS__)

/* Checks an element and all below it, in the envelope or in a signal. */
void sbdh_check_element(const struct tree_check *c, const struct node *n, const struct tree_type *t);
/* Checks of simple values that several schemas have. */
void sbdh_check_text(const struct tree_check *c, const struct node *n);
void sbdh_check_time(const struct tree_check *c, const struct node *n);

/* Checks a StandardBusinessDocument against its schema. */
void sbdh_check_schema(const struct tree_check *c, const struct node *root);
/* Reads a signal out of the payload, with its schema; name stays empty where the payload is none. */
void sbdh_read_signal(struct sbdh_signal *out, struct arena *a, const struct tree_check *c, struct str payload);
void sbdh_write_signal(struct buf *out, const struct sbdh_signal *s);

/* Tells the kind of envelope and fills what all envelopes have from what this one has. */
void sbdh_settle(struct envelope *env);
bool sbdh_is_receipt(const struct sbdh *s);
enum ehmi_kind sbdh_kind_of(const struct sbdh *s);
/* envelope_kind.check and .check_payload of the SBDH. */
void sbdh_check(struct envelope *env, struct str message, const struct ehmi_profile *profile, struct findings *f);
void sbdh_check_payload(const struct envelope *env, struct str message, const struct envelope_payload *p,
                        struct findings *f);
void sbdh_write(struct buf *out, const struct envelope *env);
/* The parts of sbdh_check: identifiers, scopes, reliable messaging, the signal. */
void sbdh_check_parties(const struct tree_check *c, const struct envelope *env);
void sbdh_check_scopes(const struct tree_check *c, const struct envelope *env);
void sbdh_check_reliable(const struct tree_check *c, const struct envelope *env);
void sbdh_check_signal(const struct tree_check *c, const struct envelope *env);
/* XDS-METADATA of a copy against the envelope. */
void sbdh_check_metadata(const struct tree_check *c, const struct envelope *env);

/* The node at a dotted path below the header ("Sender.Identifier"), or its nearest ancestor that is there. */
const struct node *sbdh_header(const struct envelope *env, const char *path);
/* The scope of that type in any spelling of the profile, or NULL; and its InstanceIdentifier, or what is nearest. */
const struct sbdh_scope *sbdh_find_scope(const struct sbdh *s, const char *type);
const struct node *sbdh_scope_node(const struct envelope *env, const char *type);
/* True if both are the same moment, whatever the zone that they are written in. */
bool sbdh_same_time(struct str x, struct str y);
/* The number of a patient as PATIENTID has it: masked where that is a UUID. */
struct str sbdh_patient_as(struct arena *a, struct str patient_id, struct str number);
/* "fhir/json" and "application/fhir+json" are one: which of them may stand there is another rule. */
bool sbdh_mimes_agree(struct str envelope, struct str payload);
/* StatisticalInformation as the profile has it for this envelope. */
struct str sbdh_statistics(struct arena *a, const struct sbdh *s, const struct ehmi_profile *p);
/* "ReceiptAcknowledgement" and the like: whether an XML payload with that root is a signal. */
bool sbdh_is_signal(struct str root);

#endif
