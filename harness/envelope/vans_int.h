/* vans_int: what the files of the VANSEnvelope share: the rules, the schema, and places in an envelope. */
#ifndef ENVELOPE_VANS_INT_H
#define ENVELOPE_VANS_INT_H

#include "envelope/tree.h"
#include "envelope/vans.h"

/* {1} is what was found and {2} what was expected, where a rule has them; see the texts in vans_rules.c. */
enum vans_rule {
  VANS_ELEMENT_REPEATED,
  VANS_NAMESPACE,
  VANS_ELEMENT_MISSING,
  VANS_ELEMENT_ORDER,
  VANS_ELEMENT_UNKNOWN,
  VANS_ELEMENT_TEXT,
  VANS_ATTRIBUTE_MISSING,
  VANS_ATTRIBUTE_UNKNOWN,
  VANS_ENDPOINT_TYPE,
  VANS_ENDPOINT_LENGTH,
  VANS_GLN,
  VANS_GLN_CHECK_DIGIT,
  VANS_CVR,
  VANS_CVR_CHECK_DIGIT,
  VANS_UUID,
  VANS_UUID_HEX,
  VANS_SENT_DATE_TIME,
  VANS_PROCESSING_LENGTH,
  VANS_FORMAT,
  VANS_FORMAT_PAYLOAD,
  VANS_NAME_LENGTH,
  VANS_NAME_FORM,
  VANS_NAME_TYPE,
  VANS_NAME_POSTFIX,
  VANS_NAME_DEPRECATED,
  VANS_NAME_PAYLOAD,
  VANS_VERSION_LENGTH,
  VANS_VERSION_MISSING,
  VANS_VERSION,
  VANS_VERSION_FORM,
  VANS_VERSION_PAYLOAD,
  VANS_SIZE_FORM,
  VANS_SIZE,
  VANS_TRANSPORT_TYPE,
  VANS_TRANSPORT_UNRELIABLE,
  VANS_TRANSFORM,
  VANS_TAG_COUNT,
  VANS_TAG_LENGTH,
  VANS_TAG_UNKNOWN,
  VANS_TAG_REPEATED,
  VANS_STATISTIC,
  VANS_MIME_MISSING,
  VANS_MIME_VALUE,
  VANS_MIME_DRAFT,
  VANS_MIME_MISMATCH,
  VANS_BASE64,
  VANS_DATA_EMPTY,
  VANS_MESSAGE_TOO_LARGE,
  VANS_ERROR_CODE,
  VANS_ERROR_LENGTH,
  VANS_RECEIPT_EXPECTED,
  VANS_RECEIPT_ENVELOPE,
  VANS_RECEIPT_MESSAGE,
  VANS_RECEIPT_META,
  VANS_RECEIPT_PARTIES,
  VANS_RULES_N
};
extern const struct rule vans_rule_table[VANS_RULES_N];

/* Checks a tree against the schema 1.0.4, element by element. */
void vans_check_schema(const struct tree_check *c, const struct node *root);
/* The checks of simple values, one a type of the schema. */
void vans_check_endpoint(const struct tree_check *c, const struct node *n);
void vans_check_uuid(const struct tree_check *c, const struct node *n);
void vans_check_sent(const struct tree_check *c, const struct node *n);
void vans_check_processing(const struct tree_check *c, const struct node *n);
void vans_check_format(const struct tree_check *c, const struct node *n);
void vans_check_name(const struct tree_check *c, const struct node *n);
void vans_check_version(const struct tree_check *c, const struct node *n);
void vans_check_size(const struct tree_check *c, const struct node *n);
void vans_check_transport(const struct tree_check *c, const struct node *n);
void vans_check_boolean(const struct tree_check *c, const struct node *n);
void vans_check_tag(const struct tree_check *c, const struct node *n);
void vans_check_error_code(const struct tree_check *c, const struct node *n);
void vans_check_error_text(const struct tree_check *c, const struct node *n);

/* The rules of MedCom's governance that the envelope alone answers: Name, Version, ServiceTag, Transport. */
void vans_check_governance(const struct tree_check *c, const struct envelope *env, size_t bytes);
/* envelope_kind.check_payload of the VANSEnvelope. */
void vans_check_payload(const struct envelope *env, struct str message, const struct envelope_payload *p,
                        struct findings *f);
void vans_write(struct buf *out, const struct envelope *env);

/* The place of the element at a dotted path below the root, or of its nearest ancestor that is there. */
struct place vans_place(const struct tree_check *c, const struct envelope *env, const char *path);

#endif
