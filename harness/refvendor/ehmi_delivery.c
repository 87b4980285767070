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

/* Who is not in the message is looked for on the envelope, and in the address book. */
static struct refvendor_party party(const struct refvendor *v, const struct node *root, struct str reference,
                                    struct str gln) {
  struct refvendor_party p = rv_party_of(root, reference);
  if (p.gln.n) return p;
  const struct refvendor_party *known = rv_own(v, gln);
  if (!known) known = rv_party(v, gln);
  return known ? *known : (struct refvendor_party){.gln = gln};
}

void rv_delivery_read(struct rv_delivery *d, const struct refvendor *v, const struct node *root,
                      const struct envelope *env) {
  struct str none = {0};
  const struct node *h = rv_resource(root, "MessageHeader");
  const struct rv_letter *original = rv_letter_find(v, node_text_at(h, "response.identifier"));
  *d = (struct rv_delivery){.sender = party(v, root, node_text_at(h, "sender.reference"), env ? env->sender : none),
                            .receiver = party(v, root, node_text_at(h, "destination.receiver.reference"), env ? env->receiver : none),
                            .cpr = cpr_of(root),
                            .message = rv_message_named(root),
                            .envelope = {.id = node_text_at(root, "id"), .type = STR("Bundle")}};
  if (env) d->transport = (struct rv_named){env->id, STR("SBDH"), STR(SBDH_HEADER_VERSION)};
  if (original) d->original = rv_message_named(original->root);
}
