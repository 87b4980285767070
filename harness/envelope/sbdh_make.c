#include "base/clock.h"
#include "envelope/sbdh_int.h"
#include "standards/catalogue.h"

#define SIGNAL_MAX ((size_t)64 << 10)
#define VALUES_MAX 16

/* What the scopes of a new envelope say; which of them it has, and in which order, is the profile's. */
struct values {
  struct envelope_tag v[VALUES_MAX];
  size_t n;
};

static void put(struct values *values, const char *type, struct str value) {
  if (value.n == 0) return;
  if (values->n == VALUES_MAX) BUG("more scopes than there are");
  values->v[values->n++] = (struct envelope_tag){str_z(type), value};
}

static struct str value_of(const struct values *values, struct str type) {
  for (size_t i = 0; i < values->n; i++)
    if (str_eq(values->v[i].name, type)) return values->v[i].value;
  return (struct str){0};
}

static void put_scopes(struct sbdh *s, struct arena *a, const struct values *values) {
  const struct ehmi_profile *p = s->profile;
  for (size_t i = 0; i < p->scopes.n; i++) {
    const struct ehmi_scope *row = &p->scopes.v[i];
    struct str value = value_of(values, row->type);
    if (value.n == 0 || row->need[sbdh_kind_of(s)] == EHMI_ABSENT) continue;
    struct sbdh_scope scope = {row->type, value, ehmi_choice_default(&row->identifier), NULL};
    VEC_PUSH(a, &s->scopes, scope);
  }
}

static void put_attributes(struct sbdh_reliable *r, const struct ehmi_transaction *t) {
  r->service = ehmi_choice_default(&t->service);
  r->attributes_n = 0;
  for (size_t i = 0; i < t->attributes.n && i < SBDH_ATTRIBUTES_MAX; i++)
    r->attributes[r->attributes_n++] =
        (struct envelope_tag){t->attributes.v[i].name, ehmi_choice_default(&t->attributes.v[i].value)};
}

static struct str later(struct arena *a, struct str time, int64_t ms) {
  int64_t at;
  bool zoned;
  return time_parse(time, &at, &zoned) ? time_danish(a, at + ms) : (struct str){0};
}

/* Id, time, and what the scope of reliable messaging repeats of them. */
static void stamp_request(struct envelope *env, struct arena *a, const struct sbdh_stamp *stamp) {
  struct sbdh *s = env->sbdh;
  env->id = stamp->id;
  s->created = stamp->sent;
  s->reliable.created = stamp->sent;
  s->reliable.envelope_id = stamp->id;
  s->reliable.expected = later(a, stamp->sent, s->profile->deadline_ms);
}

static struct str participant(struct arena *a, const struct ehmi_profile *p, struct str gln) {
  return arena_printf(a, "%.*s:%.*s", STR_F(ehmi_choice_default(&p->participant_scheme)), STR_F(gln));
}

static struct sbdh *begin(struct envelope *out, struct arena *a, const struct ehmi_profile *p,
                          const struct ehmi_type *t) {
  struct sbdh *s = ARENA_NEW(a, struct sbdh);
  *out = (struct envelope){.kind = &sbdh_kind, .meta.size = -1, .payload_ok = true, .sbdh = s};
  *s = (struct sbdh){.header_version = ehmi_choice_default(&p->header_version),
                     .sender_authority = ehmi_choice_default(&p->authority),
                     .receiver_authority = ehmi_choice_default(&p->authority),
                     .standard = t->standard,
                     .type_version = ehmi_choice_default(&t->version),
                     .type = ehmi_choice_default(&t->type),
                     .multiple = STR("false"),
                     .encoding = ehmi_choice_default(&p->encoding),
                     .content_ns = ehmi_choice_default(&p->content_namespace),
                     .profile = p};
  return s;
}

static bool is_acknowledgement(const struct ehmi_type *t) {
  const struct message_type *m = message_type_of_event(t->event);
  return m && str_eqz(str_z(m->standard), "Acknowledgement");
}

/* Values that every envelope has. */
static void put_common(struct values *v, struct arena *a, const struct sbdh *s, const struct ehmi_type *t) {
  put(v, SBDH_DOCUMENT_ID, ehmi_choice_default(&t->document_id));
  put(v, SBDH_PROCESS_ID, ehmi_choice_default(&s->profile->process_id));
  put(v, SBDH_STATISTICS, sbdh_statistics(a, s, s->profile));
  put(v, SBDH_RELIABLE, s->reliable.kind);
}

static void put_payload(struct values *v, const struct envelope_payload *says, const struct ehmi_profile *p) {
  put(v, SBDH_PATIENT_ID, says->patient);
  put(v, SBDH_SENDER_ID, says->sender_sor);
  put(v, SBDH_RECEIVER_ID, says->receiver_sor);
  put(v, SBDH_MESSAGE_ID, says->message_id);
  put(v, SBDH_BUNDLE_ID, says->bundle_id);
  put(v, SBDH_ORIGINAL_MESSAGE_ID, says->response_to);
  put(v, SBDH_ORIGINAL_STANDARD, ehmi_choice_default(&p->acknowledged_original));
  put(v, SBDH_ORIGINAL_VERSION, ehmi_choice_default(&p->acknowledged_original));
}

bool sbdh_describe(struct envelope *out, struct arena *a, const struct envelope_payload *says, struct str payload,
                   const struct sbdh_stamp *stamp, const struct ehmi_profile *profile) {
  const struct ehmi_type *t = ehmi_type_of_event(profile, says->event);
  struct values v = {0};
  if (!t) return false;
  struct sbdh *s = begin(out, a, profile, t);
  s->content = is_acknowledgement(t) ? SBDH_FHIR_ACK : SBDH_MESSAGE;
  if (says->definition.n) s->type_version = says->definition;
  s->sender = participant(a, profile, says->sender_gln);
  s->receiver = participant(a, profile, says->receiver_gln);
  s->mime = says->mime;
  s->reliable.kind = STR("Request");
  put_attributes(&s->reliable, &profile->request);
  out->payload = payload;
  stamp_request(out, a, stamp);
  put_common(&v, a, s, t);
  put_payload(&v, says, profile);
  put_scopes(s, a, &v);
  sbdh_settle(out);
  return true;
}

static struct str signal_of(const struct envelope *out, struct arena *a, const struct envelope *original,
                            const struct sbdh_answer *answer) {
  const struct sbdh *s = out->sbdh;
  struct sbdh_signal g = {.name = answer->exception.n ? STR("Exception") : STR("ReceiptAcknowledgement"),
                          .original_id = original->id,
                          .original_document = sbdh_scope_value(original->sbdh, SBDH_DOCUMENT_ID),
                          .original_time = original->sent,
                          .time = answer->stamp.sent,
                          .from = s->sender,
                          .from_type = s->sender_authority,
                          .to = s->receiver,
                          .to_type = s->receiver_authority,
                          .exception_kind = STR("ReceiptException"),
                          .exception = answer->exception,
                          .reason = answer->reason};
  struct buf b;
  buf_init(&b, SIGNAL_MAX);
  sbdh_write_signal(&b, &g);
  out->sbdh->signal = g;
  return buf_take(&b, a);
}

static void put_originals(struct values *v, const struct envelope *original) {
  const struct sbdh *o = original->sbdh;
  put(v, SBDH_SENDER_ID, sbdh_scope_value(o, SBDH_RECEIVER_ID));
  put(v, SBDH_RECEIVER_ID, sbdh_scope_value(o, SBDH_SENDER_ID));
  put(v, SBDH_ORIGINAL_MESSAGE_ID, sbdh_scope_value(o, SBDH_MESSAGE_ID));
  put(v, SBDH_ORIGINAL_BUNDLE_ID, sbdh_scope_value(o, SBDH_BUNDLE_ID));
  put(v, SBDH_ORIGINAL_STANDARD, o->standard);
  put(v, SBDH_ORIGINAL_VERSION, o->type_version);
  put(v, SBDH_ORIGINAL_ENVELOPE_ID, original->id);
}

void sbdh_receipt(struct envelope *out, struct arena *a, const struct envelope *original,
                  const struct sbdh_answer *answer, const struct ehmi_profile *profile) {
  const struct ehmi_type *t = ehmi_type_of_receipts(profile);
  struct values v = {0};
  if (!t) BUG("the profile has no type of receipts");
  struct sbdh *s = begin(out, a, profile, t);
  s->content = answer->exception.n ? SBDH_EXCEPTION : SBDH_RECEIPT;
  if (answer->exception.n) s->type = ehmi_choice_default(&t->exception_type);
  s->sender = original->sbdh->receiver;
  s->receiver = original->sbdh->sender;
  s->mime = ehmi_choice_default(&profile->receipt_mime_type);
  s->created = answer->stamp.sent;
  s->reliable.kind = STR("Response");
  s->reliable.created = original->sent;
  s->reliable.envelope_id = original->id;
  put_attributes(&s->reliable, &profile->response);
  /* Where the profile wants the time repeated, it is that of the request. */
  if (ehmi_choice_fit(&profile->expected_in_response, STR("present")) == EHMI_RIGHT)
    s->reliable.expected = original->sbdh->reliable.expected;
  out->id = answer->stamp.id;
  put_common(&v, a, s, t);
  put_originals(&v, original);
  put(&v, SBDH_MESSAGE_ID, answer->message_id);
  put(&v, SBDH_BUNDLE_ID, answer->message_id);
  put_scopes(s, a, &v);
  out->payload = signal_of(out, a, original, answer);
  sbdh_settle(out);
}

static struct sbdh *copy_of(struct envelope *out, struct arena *a, const struct envelope *original,
                            const struct ehmi_profile *profile) {
  *out = *original;
  out->root = NULL;
  out->sbdh = ARENA_NEW(a, struct sbdh);
  *out->sbdh = *original->sbdh;
  out->sbdh->profile = profile;
  out->sbdh->scopes.v = NULL;
  out->sbdh->scopes.n = out->sbdh->scopes.cap = 0;
  for (size_t i = 0; i < original->sbdh->scopes.n; i++) VEC_PUSH(a, &out->sbdh->scopes, original->sbdh->scopes.v[i]);
  return out->sbdh;
}

static void replace_scope(struct sbdh *s, const char *type, struct str value) {
  for (size_t i = 0; i < s->scopes.n && value.n; i++)
    if (str_eqz(s->scopes.v[i].type, type)) s->scopes.v[i].value = value;
}

void sbdh_copy(struct envelope *out, struct arena *a, const struct envelope *original, const struct sbdh_party *to,
               struct str document_reference, const struct sbdh_stamp *stamp, const struct ehmi_profile *profile) {
  struct sbdh *s = copy_of(out, a, original, profile);
  const struct ehmi_scope *row = ehmi_scope_of(profile, STR(SBDH_XDS));
  if (to->gln.n) s->receiver = participant(a, profile, to->gln);
  replace_scope(s, SBDH_RECEIVER_ID, to->sor);
  struct str identifier = row ? ehmi_choice_default(&row->identifier) : (struct str){0};
  struct sbdh_scope scope = {row ? row->type : STR(SBDH_XDS), document_reference, identifier, NULL};
  VEC_PUSH(a, &s->scopes, scope);
  stamp_request(out, a, stamp);
  sbdh_settle(out);
}

void sbdh_resend(struct envelope *out, struct arena *a, const struct envelope *original, const struct sbdh_stamp *stamp,
                 const struct ehmi_profile *profile) {
  copy_of(out, a, original, profile);
  if (sbdh_is_receipt(original->sbdh)) {
    out->id = stamp->id;
    out->sbdh->created = stamp->sent;
  } else {
    stamp_request(out, a, stamp);
  }
  sbdh_settle(out);
}
