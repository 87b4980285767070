/* What an event tells of a message on its way: read from the message, and from the envelope it is in. */
#include "refvendor/ehmi.h"

#define SBDH_HEADER_VERSION "1.0"
#define UNKNOWN_VERSION "2.0" /* of acknowledgements, whose header has no definition */

/* TypeVersion: what stands behind the bar of MessageHeader.definition. */
static struct str version_of(const struct node *header) {
  struct str definition = node_text_at(header, "definition");
  size_t bar = str_index(definition, '|');
  return bar == SIZE_MAX ? STR(UNKNOWN_VERSION) : str_sub(definition, bar + 1, definition.n);
}

struct rv_named rv_message_named(const struct node *root) {
  const struct node *h = rv_resource(root, "MessageHeader");
  return (struct rv_named){node_text_at(h, "id"), node_text_at(h, "eventCoding.code"), version_of(h)};
}

/* Only clinical messages are about a patient. */
static struct str cpr_of(const struct node *root) {
  const struct rv_kind *kind = rv_kind_of(root);
  if (!kind || !kind->shown) return (struct str){0};
  return node_text_at(rv_resource(root, "Patient"), "identifier.value");
}

void rv_delivery_read(struct rv_delivery *d, const struct refvendor *v, const struct node *root,
                      struct str envelope_id) {
  const struct node *h = rv_resource(root, "MessageHeader");
  const struct rv_letter *original = rv_letter_find(v, node_text_at(h, "response.identifier"));
  *d = (struct rv_delivery){.sender = rv_party_of(root, node_text_at(h, "sender.reference")),
                            .receiver = rv_party_of(root, node_text_at(h, "destination.receiver.reference")),
                            .cpr = cpr_of(root),
                            .message = rv_message_named(root),
                            .envelope = {.id = node_text_at(root, "id"), .type = STR("Bundle")}};
  if (envelope_id.n) d->transport = (struct rv_named){envelope_id, STR("SBDH"), STR(SBDH_HEADER_VERSION)};
  if (original) d->original = rv_message_named(original->root);
}
