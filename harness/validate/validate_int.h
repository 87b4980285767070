/* validate_int: the rules of the room, and what the files of message rules share. */
#ifndef VALIDATE_VALIDATE_INT_H
#define VALIDATE_VALIDATE_INT_H

#include "validate/bundle_int.h"
#include "validate/validate.h"

enum validate_rule {
  VALIDATE_PAYLOAD,
  VALIDATE_EMPTY,
  VALIDATE_TOO_LARGE,
  VALIDATE_NO_ENVELOPE,
  VALIDATE_EHMI_PROFILE,
  VALIDATE_PROFILES_MISSING,
  BUNDLE_KIND,
  BUNDLE_TYPE,
  BUNDLE_ID_MISSING,
  BUNDLE_ID_UUID,
  BUNDLE_TIMESTAMP_MISSING,
  BUNDLE_TIMESTAMP,
  BUNDLE_TIMESTAMP_ZONE,
  BUNDLE_ENTRY_MISSING,
  BUNDLE_ENTRY_FIRST,
  BUNDLE_ENTRY_RESOURCE,
  BUNDLE_FULL_URL_MISSING,
  BUNDLE_FULL_URL_REPEATED,
  BUNDLE_FULL_URL_ID,
  BUNDLE_REFERENCE,
  BUNDLE_REFERENCE_ASSIGNER,
  DOCUMENT_TYPE,
  DOCUMENT_ENTRY_FIRST,
  DOCUMENT_IDENTIFIER_MISSING,
  DOCUMENT_IDENTIFIER_SAME,
  DOCUMENT_IDENTIFIER_VERSION,
  DOCUMENT_DATE_MISSING,
  DOCUMENT_DATE_LATER,
  HEADER_REPEATED,
  HEADER_ID_MISSING,
  HEADER_ID_UUID,
  HEADER_EVENT_MISSING,
  HEADER_EVENT_UNKNOWN,
  HEADER_SOURCE,
  HEADER_DESTINATION_MISSING,
  HEADER_DESTINATION_ENDPOINT,
  HEADER_DESTINATION_PRIMARY,
  HEADER_DESTINATION_CC,
  HEADER_DESTINATION_RECEIVER,
  HEADER_SENDER,
  HEADER_PARTY_TYPE,
  HEADER_PARTY_GLN_MISSING,
  HEADER_PARTY_GLN,
  HEADER_PARTY_GLN_CHECK_DIGIT,
  HEADER_PARTY_SOR,
  HEADER_FOCUS_MISSING,
  HEADER_FOCUS_TYPE,
  PROVENANCE_MISSING,
  PROVENANCE_OWN,
  PROVENANCE_OWN_REPEATED,
  PROVENANCE_TARGET,
  PROVENANCE_ACTIVITY_MISSING,
  PROVENANCE_ACTIVITY_UNKNOWN,
  PROVENANCE_ACTIVITY_EVENT,
  PROVENANCE_TIME_MISSING,
  PROVENANCE_TIME,
  PROVENANCE_ENTITY_MISSING,
  PROVENANCE_ENTITY_WHAT,
  PROVENANCE_ENTITY_ROLE,
  PROVENANCE_ENTITY_SELF,
  PROVENANCE_ENTITY_PAYLOAD,
  PROVENANCE_ENTITY_PAYLOAD_MISSING,
  PROVENANCE_CHAIN,
  CC_DEFINITION,
  CC_IDENTIFIER_MISSING,
  CC_IDENTIFIER_FORM,
  CC_IDENTIFIER_VERSION,
  CC_CATEGORY_MISSING,
  CC_CATEGORY_CODING,
  CC_CATEGORY_UNKNOWN,
  CC_CATEGORY_DEPRECATED,
  CC_PRIORITY,
  CC_PRIORITY_VALUE,
  CC_TOPIC,
  CC_COMMUNICATIONS,
  CC_PATIENT,
  CC_PATIENT_CPR,
  CC_SUBJECT,
  CC_PAYLOAD_MISSING,
  CC_PAYLOAD_TEXT_MISSING,
  CC_PAYLOAD_EMPTY,
  CC_PAYLOAD_IDENTIFIER,
  CC_PAYLOAD_IDENTIFIER_REPEATED,
  CC_ATTACHMENT_TITLE,
  CC_ATTACHMENT_EXTENSION,
  CC_ATTACHMENT_MIME_MISSING,
  CC_ATTACHMENT_MIME,
  CC_ATTACHMENT_BASE64,
  CC_ATTACHMENT_EMPTY,
  ACK_RESPONSE,
  ACK_IDENTIFIER,
  ACK_CODE_MISSING,
  ACK_CODE,
  ACK_OUTCOME,
  ACK_OUTCOME_ISSUE,
  ACK_PROVENANCES,
  ACK_ACTIVITY,
  ACK_ENTITY,
  VALIDATE_RULES_N
};
extern const struct rule validate_rule_table[VALIDATE_RULES_N];

/* One message being judged. */
struct judge {
  struct findings *f;
  struct str message; /* its name in places */
  struct bundle b;
};

struct place judge_place(const struct judge *j, const struct node *n);
/* Adds a finding of rule at node n; arguments as struct str. */
#define JUDGE(j, rule, n, ...) FINDING((j)->f, &validate_rule_table[(rule)], judge_place((j), (n)), ##__VA_ARGS__)
/* True if s is one of the names, a NULL-terminated list. */
bool judge_is_one_of(struct str s, const char *const *names);
/* True if MessageHeader.eventCoding.code is this. */
bool judge_event_is(const struct judge *j, const char *event);
/* An element that is missing, or whose text lacks a zone or is no date and time, by the three rules. */
void judge_instant(const struct judge *j, const struct node *parent, const char *name, enum validate_rule missing,
                   enum validate_rule bad, enum validate_rule zone);

#define EVENT_CARE_COMMUNICATION "care-communication-message"
#define EVENT_ACKNOWLEDGEMENT "acknowledgement-message"
#define EVENT_EMPTY "empty-message"
#define IDENTIFIER_EXTENSION "http://medcomfhir.dk/ig/core/StructureDefinition/medcom-core-identifier-extension"

/* The rules by subject; each may be called on any Bundle. */
void judge_bundle(const struct judge *j);
/* True of what says that it is a document, or has a Composition and no MessageHeader: no rule of messages is for it. */
bool judge_is_document(const struct judge *j);
void judge_document(const struct judge *j);
void judge_header(const struct judge *j);
void judge_provenance(const struct judge *j);
void judge_carecommunication(const struct judge *j);
void judge_acknowledgement(const struct judge *j);

/* edifact.c, oioxml.c: an interchange, and a letter, by the rules of its type and version. */
void validate_edifact(const struct message *m, struct findings *f);
void validate_oioxml(const struct message *m, struct findings *f);
/* identifiers.c: the numbers of people and places in a message of any format (standards/identifier_rules.h). */
void validate_identifiers(const struct message *m, struct findings *f);

#endif
