#include "base/buf.h"
#include "base/hash.h"
#include "base/uuid.h"
#include "envelope/sbdh_int.h"

#define UUID_BYTES 16
#define NAMESPACED_MAX ((size_t)64)
/* The namespace of names in the domain name system (RFC 9562), which profile 0.92 hashes CPR numbers in. */
#define CPR_NAMESPACE "\x6b\xa7\xb8\x12\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8"

/* The version 5 UUID of a CPR number. */
static struct str masked_cpr(struct arena *a, struct str cpr) {
  unsigned char digest[HASH_BYTES_MAX];
  struct buf named, out;
  buf_init(&named, NAMESPACED_MAX);
  buf_add(&named, STR(CPR_NAMESPACE));
  buf_add(&named, cpr);
  bool made = hash_named(digest, STR("sha1"), buf_str(&named)) >= UUID_BYTES;
  buf_release(&named);
  if (!made) return (struct str){0};
  digest[6] = (unsigned char)((digest[6] & 0x0f) | 0x50);
  digest[8] = (unsigned char)((digest[8] & 0x3f) | 0x80);
  buf_init(&out, NAMESPACED_MAX);
  for (size_t i = 0; i < UUID_BYTES; i++)
    buf_printf(&out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", digest[i]);
  return buf_take(&out, a);
}

static bool differ(struct str envelope, struct str payload) {
  return envelope.n && payload.n && !str_eq_nocase(envelope, payload);
}

static void check_parties(const struct tree_check *c, const struct envelope *env, const struct envelope_payload *p) {
  const struct sbdh *s = env->sbdh;
  /* A copy goes to the register of messages, not to the receiver of the message. */
  bool copy = s->content == SBDH_COPY;
  struct str sender = sbdh_scope_value(s, SBDH_SENDER_ID), receiver = sbdh_scope_value(s, SBDH_RECEIVER_ID);
  if (differ(env->sender, p->sender_gln))
    TELL(c, PAYLOAD_GLN, sbdh_header(env, "Sender.Identifier"), STR("Sender"), env->sender, p->sender_gln);
  if (!copy && differ(env->receiver, p->receiver_gln))
    TELL(c, PAYLOAD_GLN, sbdh_header(env, "Receiver.Identifier"), STR("Receiver"), env->receiver, p->receiver_gln);
  if (differ(sender, p->sender_sor))
    TELL(c, PAYLOAD_SOR, sbdh_scope_node(env, SBDH_SENDER_ID), STR(SBDH_SENDER_ID), sender, p->sender_sor);
  if (!copy && differ(receiver, p->receiver_sor))
    TELL(c, PAYLOAD_SOR, sbdh_scope_node(env, SBDH_RECEIVER_ID), STR(SBDH_RECEIVER_ID), receiver, p->receiver_sor);
}

struct str sbdh_patient_as(struct arena *a, struct str patient_id, struct str number) {
  bool masked = uuid_valid(patient_id) && number.n && !uuid_valid(number);
  return masked ? masked_cpr(a, number) : number;
}

static void check_patient(const struct tree_check *c, const struct envelope *env, const struct envelope_payload *p) {
  struct str found = sbdh_scope_value(env->sbdh, SBDH_PATIENT_ID);
  struct str wanted = sbdh_patient_as(c->f->arena, found, p->patient);
  if (differ(found, wanted)) TELL(c, PAYLOAD_CPR, sbdh_scope_node(env, SBDH_PATIENT_ID), found, p->patient);
}

static void check_ids(const struct tree_check *c, const struct envelope *env, const struct envelope_payload *p) {
  struct str message = sbdh_scope_value(env->sbdh, SBDH_MESSAGE_ID),
             bundle = sbdh_scope_value(env->sbdh, SBDH_BUNDLE_ID);
  struct str original = sbdh_scope_value(env->sbdh, SBDH_ORIGINAL_MESSAGE_ID);
  if (differ(message, p->message_id))
    TELL(c, PAYLOAD_MESSAGE_ID, sbdh_scope_node(env, SBDH_MESSAGE_ID), message, p->message_id);
  if (differ(bundle, p->bundle_id))
    TELL(c, PAYLOAD_BUNDLE_ID, sbdh_scope_node(env, SBDH_BUNDLE_ID), bundle, p->bundle_id);
  if (!str_eqz(original, "unknown") && differ(original, p->response_to))
    TELL(c, PAYLOAD_RESPONSE, sbdh_scope_node(env, SBDH_ORIGINAL_MESSAGE_ID), original, p->response_to);
}

static void check_type(const struct tree_check *c, const struct envelope *env, const struct envelope_payload *p) {
  const struct sbdh *s = env->sbdh;
  const struct ehmi_type *t = s->profile ? ehmi_type_of(s->profile, s->standard) : NULL;
  if (t && differ(t->event, p->event))
    TELL(c, PAYLOAD_STANDARD, sbdh_header(env, "DocumentIdentification.Standard"), s->standard, p->event);
  if (differ(s->type_version, p->definition))
    TELL(c, PAYLOAD_VERSION, sbdh_header(env, "DocumentIdentification.TypeVersion"), s->type_version, p->definition);
}

bool sbdh_mimes_agree(struct str envelope, struct str payload) {
  bool json = str_ends(payload, STR("json")), xml = str_ends(payload, STR("xml"));
  return (json && str_ends(envelope, STR("json"))) || (xml && str_ends(envelope, STR("xml"))) ||
         str_eq(envelope, payload);
}

void sbdh_check_payload(const struct envelope *env, struct str message, const struct envelope_payload *p,
                        struct findings *f) {
  struct tree_check c = {f, message};
  if (env->content != ENVELOPE_MESSAGE) return;
  check_parties(&c, env, p);
  check_patient(&c, env, p);
  check_ids(&c, env, p);
  check_type(&c, env, p);
  if (env->sbdh->mime.n && p->mime.n && !sbdh_mimes_agree(env->sbdh->mime, p->mime))
    TELL(&c, PAYLOAD_MIME, node_child(env->root, "BinaryContent"), env->sbdh->mime, p->mime);
}
