/* What an event tells of a message on its way: read from the message, and from the envelope it is in. */
#include "refvendor/ehmi.h"

#define SBDH_HEADER_VERSION "1.0"
#define UNKNOWN_VERSION "2.0" /* of acknowledgements, whose header has no definition */

/* TypeVersion: what stands behind the bar of MessageHeader.definition. */
static struct str definition_of(const struct node *header) {
  struct str definition = node_text_at(header, "definition");
  size_t bar = str_index(definition, '|');
  return bar == SIZE_MAX ? (struct str){0} : str_sub(definition, bar + 1, definition.n);
}

static struct str version_of(const struct node *header) {
  struct str version = definition_of(header);
  return version.n ? version : STR(UNKNOWN_VERSION);
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

/* On the envelope all of it stands, too; EDS is to hear what the envelope says. */
static void read_envelope(struct rv_delivery *d, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  d->transport = (struct rv_named){env->id, STR("SBDH"), STR(SBDH_HEADER_VERSION)};
  if (!s) return;
  d->transport.version = s->header_version;
  d->message = (struct rv_named){sbdh_scope_value(s, SBDH_MESSAGE_ID), s->standard, s->type_version};
  d->envelope = (struct rv_named){.id = sbdh_scope_value(s, SBDH_BUNDLE_ID), .type = s->type};
}

void rv_delivery_read(struct rv_delivery *d, const struct refvendor *v, const struct node *root,
                      const struct envelope *env) {
  struct str none = {0};
  const struct node *h = rv_resource(root, "MessageHeader");
  const struct rv_letter *original = rv_letter_find(v, node_text_at(h, "response.identifier"));
  *d = (struct rv_delivery){
      .sender = party(v, root, node_text_at(h, "sender.reference"), env ? env->sender : none),
      .receiver = party(v, root, node_text_at(h, "destination.receiver.reference"), env ? env->receiver : none),
      .cpr = cpr_of(root),
      .message = rv_message_named(root),
      .envelope = {.id = node_text_at(root, "id"), .type = STR("Bundle")}};
  if (env) read_envelope(d, env);
  if (original) d->original = rv_message_named(original->root);
}

static struct refvendor_party party_on(const struct refvendor *v, struct str gln, struct str sor) {
  const struct refvendor_party *known = rv_own(v, gln);
  if (!known) known = rv_party(v, gln);
  return (struct refvendor_party){gln, sor.n || !known ? sor : known->sor, known ? known->name : (struct str){0}};
}

void rv_delivery_of_envelope(struct rv_delivery *d, const struct refvendor *v, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  *d = (struct rv_delivery){.sender = party_on(v, env->sender, sbdh_scope_value(s, SBDH_SENDER_ID)),
                            .receiver = party_on(v, env->receiver, sbdh_scope_value(s, SBDH_RECEIVER_ID)),
                            .cpr = sbdh_scope_value(s, SBDH_PATIENT_ID)};
  read_envelope(d, env);
}

void rv_delivery_of_receipt(struct rv_delivery *d, const struct refvendor *v, const struct envelope *receipt) {
  const struct sbdh *s = receipt->sbdh;
  rv_delivery_of_envelope(d, v, receipt);
  d->original =
      (struct rv_named){sbdh_scope_value(s, SBDH_ORIGINAL_MESSAGE_ID), sbdh_scope_value(s, SBDH_ORIGINAL_STANDARD),
                        sbdh_scope_value(s, SBDH_ORIGINAL_VERSION)};
  d->original_transport = (struct rv_named){receipt->original_id, STR("SBDH"), s->header_version};
}

void rv_payload_says(struct envelope_payload *out, const struct node *root, enum resource_form form) {
  const struct node *h = rv_resource(root, "MessageHeader");
  struct refvendor_party from = rv_party_of(root, node_text_at(h, "sender.reference"));
  struct refvendor_party to = rv_party_of(root, node_text_at(h, "destination.receiver.reference"));
  *out = (struct envelope_payload){.format = STR("HL7"),
                                   .mime = str_z(resource_mime(form)),
                                   .event = node_text_at(h, "eventCoding.code"),
                                   .definition = definition_of(h),
                                   .message_id = node_text_at(h, "id"),
                                   .bundle_id = node_text_at(root, "id"),
                                   .response_to = node_text_at(h, "response.identifier"),
                                   .sender_gln = from.gln,
                                   .sender_sor = from.sor,
                                   .receiver_gln = to.gln,
                                   .receiver_sor = to.sor,
                                   .patient = node_text_at(rv_resource(root, "Patient"), "identifier.value")};
}
