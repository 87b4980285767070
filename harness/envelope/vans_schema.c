#include "envelope/vans_int.h"

#define VALUE(function)                                                                                                \
  { .check = (function) }

static const struct tree_attribute end_point_type[] = {{"EndPointType", true}, {0}};
static const struct tree_attribute tag_name[] = {{"name", true}, {0}};

static const struct tree_type endpoint = {.check = vans_check_endpoint, .attributes = end_point_type};
static const struct tree_type uuid = VALUE(vans_check_uuid);
static const struct tree_type sent = VALUE(vans_check_sent);
static const struct tree_type processing_text = VALUE(vans_check_processing);
static const struct tree_type format = VALUE(vans_check_format);
static const struct tree_type name = VALUE(vans_check_name);
static const struct tree_type version = VALUE(vans_check_version);
static const struct tree_type size = VALUE(vans_check_size);
static const struct tree_type transport_type = VALUE(vans_check_transport);
static const struct tree_type boolean = VALUE(vans_check_boolean);
static const struct tree_type tag = {
    .check = vans_check_tag, .attributes = tag_name, .over = &vans_rule_table[VANS_TAG_COUNT]};
static const struct tree_type data = VALUE(NULL); /* decoded once, by the reader */
static const struct tree_type error_code = VALUE(vans_check_error_code);
static const struct tree_type error_text = VALUE(vans_check_error_text);

static const struct tree_particle processing_seq[] = {{"ProviderIdentifier", 0, 1, 1, &processing_text, false},
                                                      {"ServiceIdentifier", 1, 1, 1, &processing_text, false}};
static const struct tree_type processing = TREE_SEQUENCE(processing_seq);
static const struct tree_particle document_seq[] = {{"Format", 0, 1, 1, &format, false},
                                                    {"Name", 1, 1, 1, &name, false},
                                                    {"Version", 2, 0, 1, &version, false},
                                                    {"SizeInBytes", 3, 1, 1, &size, false}};
static const struct tree_type document = TREE_SEQUENCE(document_seq);
static const struct tree_particle transport_seq[] = {{"Type", 0, 0, 1, &transport_type, false},
                                                     {"TransformMessage", 1, 1, 1, &boolean, false},
                                                     {"ServiceTag", 2, 0, VANS_TAGS_MAX, &tag, false}};
static const struct tree_type transport = TREE_SEQUENCE(transport_seq);
static const struct tree_particle meta_seq[] = {{"Identifier", 0, 1, 1, &uuid, false},
                                                {"Processing", 1, 0, 1, &processing, false},
                                                {"Document", 2, 1, 1, &document, false},
                                                {"Transport", 3, 0, 1, &transport, false}};
static const struct tree_type meta = TREE_SEQUENCE(meta_seq);
static const struct tree_particle message_seq[] = {{"MetaInformation", 0, 1, 1, &meta, false},
                                                   {"Data", 1, 1, 1, &data, false}};
static const struct tree_type message = TREE_SEQUENCE(message_seq);
static const struct tree_particle error_seq[] = {{"Code", 0, 0, 1, &error_code, false},
                                                 {"Description", 1, 1, 1, &error_text, false}};
static const struct tree_type error = TREE_SEQUENCE(error_seq);
static const struct tree_particle negative_vans_seq[] = {{"Error", 0, 1, 1, &error, false},
                                                         {"OriginalEnvelopeIdentifier", 1, 1, 1, &uuid, false},
                                                         {"OriginalMessage", 2, 0, 1, &meta, false}};
static const struct tree_type negative_vans = TREE_SEQUENCE(negative_vans_seq);
static const struct tree_particle negative_message_seq[] = {{"Error", 0, 1, 1, &error, false},
                                                            {"OriginalEnvelopeIdentifier", 1, 1, 1, &uuid, false},
                                                            {"OriginalMessage", 2, 1, 1, &meta, false}};
static const struct tree_type negative_message = TREE_SEQUENCE(negative_message_seq);
static const struct tree_particle positive_message_seq[] = {{"OriginalEnvelopeIdentifier", 0, 1, 1, &uuid, false},
                                                            {"OriginalMessage", 1, 1, 1, &meta, false}};
static const struct tree_type positive_message = TREE_SEQUENCE(positive_message_seq);
static const struct tree_particle receipt_seq[] = {{"NegativeVans", 0, 1, 1, &negative_vans, false},
                                                   {"NegativeMessage", 0, 1, 1, &negative_message, false},
                                                   {"PositiveMessage", 0, 1, 1, &positive_message, false}};
static const struct tree_type receipt = TREE_SEQUENCE(receipt_seq);
static const struct tree_particle envelope_seq[] = {
    {"SenderID", 0, 1, 1, &endpoint, false},       {"ReceiverID", 1, 1, 1, &endpoint, false},
    {"EnvelopeIdentifier", 2, 1, 1, &uuid, false}, {"SentDateTime", 3, 1, 1, &sent, false},
    {"Message", 4, 1, 1, &message, false},         {"Receipt", 4, 1, 1, &receipt, false}};
static const struct tree_type envelope = TREE_SEQUENCE(envelope_seq);

static const struct tree_schema schema = {
    .rules = {[TREE_MISSING] = &vans_rule_table[VANS_ELEMENT_MISSING],
              [TREE_ORDER] = &vans_rule_table[VANS_ELEMENT_ORDER],
              [TREE_UNKNOWN] = &vans_rule_table[VANS_ELEMENT_UNKNOWN],
              [TREE_REPEATED] = &vans_rule_table[VANS_ELEMENT_REPEATED],
              [TREE_TEXT] = &vans_rule_table[VANS_ELEMENT_TEXT],
              [TREE_ATTRIBUTE_MISSING] = &vans_rule_table[VANS_ATTRIBUTE_MISSING],
              [TREE_ATTRIBUTE_UNKNOWN] = &vans_rule_table[VANS_ATTRIBUTE_UNKNOWN]}};

void vans_check_schema(const struct tree_check *c, const struct node *root) {
  if (!str_eqz(root->ns, VANS_NS))
    FINDING(c->f, &vans_rule_table[VANS_NAMESPACE], tree_place(c, root), root->ns, STR(VANS_NS));
  tree_check_element(c, &schema, root, &envelope);
}
