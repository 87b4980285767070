#include "base/clock.h"
#include "envelope/sbdh_int.h"

static const struct tree_schema ehmi = {
    .rules = {[TREE_MISSING] = &sbdh_rule_table[SBDH_RULE_ELEMENT_MISSING],
              [TREE_ORDER] = &sbdh_rule_table[SBDH_RULE_ELEMENT_ORDER],
              [TREE_UNKNOWN] = &sbdh_rule_table[SBDH_RULE_ELEMENT_UNKNOWN],
              [TREE_FORBIDDEN] = &sbdh_rule_table[SBDH_RULE_ELEMENT_FORBIDDEN],
              [TREE_REPEATED] = &sbdh_rule_table[SBDH_RULE_ELEMENT_REPEATED],
              [TREE_TEXT] = &sbdh_rule_table[SBDH_RULE_ELEMENT_TEXT],
              [TREE_ATTRIBUTE_MISSING] = &sbdh_rule_table[SBDH_RULE_ATTRIBUTE_MISSING],
              [TREE_ATTRIBUTE_UNKNOWN] = &sbdh_rule_table[SBDH_RULE_ATTRIBUTE_UNKNOWN]},
    .any_hint = true};

void sbdh_check_element(const struct tree_check *c, const struct node *n, const struct tree_type *t) {
  tree_check_element(c, &ehmi, n, t);
}

void sbdh_check_text(const struct tree_check *c, const struct node *n) {
  if (str_trim(n->text).n == 0) TELL(c, ELEMENT_EMPTY, n, n->name);
}

/* White space around a date is no fault: xs:dateTime is collapsed. */
void sbdh_check_time(const struct tree_check *c, const struct node *n) {
  int64_t ms;
  bool zoned;
  if (!time_parse(str_trim(n->text), &ms, &zoned)) TELL(c, DATE_TIME, n, n->name, n->text);
}

static void check_fixed(const struct tree_check *c, const struct node *n, struct str wanted) {
  if (!str_eq(n->text, wanted)) TELL(c, FIXED, n, n->name, n->text, wanted);
}

static void check_header_version(const struct tree_check *c, const struct node *n) {
  check_fixed(c, n, STR("1.0"));
}

static void check_multiple_type(const struct tree_check *c, const struct node *n) {
  struct str s = str_trim(n->text);
  if (!str_eqz(s, "false") && !str_eqz(s, "0")) TELL(c, FIXED, n, n->name, n->text, STR("false"));
}

static void check_nothing(const struct tree_check *c, const struct node *n) {
  tree_check_blank(c, &ehmi, n, n->text);
}

static const struct tree_attribute authority[] = {{"Authority", false}, {0}};
/* Required ones are the profile's. */
static const struct tree_attribute transaction[] = {{"TypeOfServiceTransaction", false},
                                                    {"IsNonRepudiationRequired", false},
                                                    {"IsAuthenticationRequired", false},
                                                    {"IsNonRepudiationOfReceiptRequired", false},
                                                    {"IsIntelligibleCheckRequired", false},
                                                    {"IsApplicationErrorResponseRequested", false},
                                                    {"TimeToAcknowledgeReceipt", false},
                                                    {"TimeToAcknowledgeAcceptance", false},
                                                    {"TimeToPerform", false},
                                                    {"Recurrence", false},
                                                    {0}};
static const struct tree_attribute binary[] = {{"mimeType", true}, {"encoding", false}, {0}};

static const struct tree_type text = {.check = sbdh_check_text};
static const struct tree_type date_time = {.check = sbdh_check_time};
static const struct tree_type header_version = {.check = check_header_version};
static const struct tree_type multiple_type = {.check = check_multiple_type};
static const struct tree_type participant = {.check = sbdh_check_text, .attributes = authority};
static const struct tree_type service_transaction = {.check = check_nothing, .attributes = transaction};
static const struct tree_type content = {.check = NULL, .attributes = binary}; /* decoded once, by the reader */

static const struct tree_particle partner_seq[] = {{"Identifier", 0, 1, 1, &participant, false},
                                                   {"ContactInformation", 1, 0, 0, NULL, false}};
static const struct tree_type partner = TREE_SEQUENCE(partner_seq);
static const struct tree_particle identification_seq[] = {{"Standard", 0, 1, 1, &text, false},
                                                          {"TypeVersion", 1, 1, 1, &text, false},
                                                          {"InstanceIdentifier", 2, 1, 1, &text, false},
                                                          {"Type", 3, 1, 1, &text, false},
                                                          {"MultipleType", 4, 0, 1, &multiple_type, false},
                                                          {"CreationDateAndTime", 5, 1, 1, &date_time, false}};
static const struct tree_type identification = TREE_SEQUENCE(identification_seq);
/* The schema demands ExpectedResponseDateTime, the text leaves it out of a response: the profile decides. */
static const struct tree_particle correlation_seq[] = {
    {"RequestingDocumentCreationDateTime", 0, 1, 1, &date_time, false},
    {"RequestingDocumentInstanceIdentifier", 1, 1, 1, &text, false},
    {"ExpectedResponseDateTime", 2, 0, 1, &date_time, false}};
static const struct tree_type correlation = TREE_SEQUENCE(correlation_seq);
static const struct tree_particle service_seq[] = {{"BusinessServiceName", 0, 1, 1, &text, false},
                                                   {"ServiceTransaction", 1, 1, 1, &service_transaction, false}};
static const struct tree_type service = TREE_SEQUENCE(service_seq);
static const struct tree_particle scope_seq[] = {{"Type", 0, 1, 1, &text, false},
                                                 {"InstanceIdentifier", 1, 1, 1, &text, false},
                                                 {"Identifier", 2, 1, 1, &text, false},
                                                 {"CorrelationInformation", 3, 0, TREE_MANY, &correlation, false},
                                                 {"BusinessService", 3, 0, TREE_MANY, &service, false}};
static const struct tree_type scope = TREE_SEQUENCE(scope_seq);
static const struct tree_particle scopes_seq[] = {{"Scope", 0, 0, TREE_MANY, &scope, false}};
static const struct tree_type scopes = TREE_SEQUENCE(scopes_seq);
static const struct tree_particle header_seq[] = {{"HeaderVersion", 0, 1, 1, &header_version, false},
                                                  {"Sender", 1, 1, 1, &partner, false},
                                                  {"Receiver", 2, 1, 1, &partner, false},
                                                  {"DocumentIdentification", 3, 1, 1, &identification, false},
                                                  {"Manifest", 4, 0, 0, NULL, false},
                                                  {"BusinessScope", 5, 1, 1, &scopes, false}};
static const struct tree_type header = TREE_SEQUENCE(header_seq);
/* EHMI's schema has BinaryContent in the namespace of the envelope, Peppol's in its own. */
static const struct tree_particle document_seq[] = {{"StandardBusinessDocumentHeader", 0, 1, 1, &header, false},
                                                    {"BinaryContent", 1, 1, 1, &content, true}};
static const struct tree_type document = TREE_SEQUENCE(document_seq);

void sbdh_check_schema(const struct tree_check *c, const struct node *root) {
  if (!str_eqz(root->ns, SBDH_NS)) TELL(c, NAMESPACE, root, root->name, root->ns, STR(SBDH_NS));
  sbdh_check_element(c, root, &document);
}
