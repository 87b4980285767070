#include "base/base64.h"
#include "envelope/vans_int.h"
#include "formats/xml.h"

static void put_element(struct buf *out, const char *name, struct str text) {
  if (text.n == 0) return;
  buf_printf(out, "<%s>", name);
  xml_escape_text(out, text);
  buf_printf(out, "</%s>", name);
}

static void put_party(struct buf *out, const char *name, struct str type, struct str id) {
  buf_printf(out, "<%s EndPointType=\"", name);
  xml_escape_attr(out, type.n ? type : STR("EAN"));
  buf_addz(out, "\">");
  xml_escape_text(out, id);
  buf_printf(out, "</%s>\n", name);
}

static void put_tag(struct buf *out, const struct envelope_tag *t) {
  buf_addz(out, "<ServiceTag name=\"");
  xml_escape_attr(out, t->name);
  buf_addz(out, "\">");
  xml_escape_text(out, t->value);
  buf_addz(out, "</ServiceTag>");
}

static void put_transport(struct buf *out, const struct envelope_meta *m) {
  if (m->transport.n == 0 && m->transform.n == 0 && m->tags_n == 0) return;
  buf_addz(out, "<Transport>");
  put_element(out, "Type", m->transport);
  put_element(out, "TransformMessage", m->transform.n ? m->transform : STR("false"));
  for (size_t i = 0; i < m->tags_n; i++) put_tag(out, &m->tags[i]);
  buf_addz(out, "</Transport>\n");
}

static void put_meta(struct buf *out, const struct envelope_meta *m, const char *name) {
  buf_printf(out, "<%s>\n", name);
  put_element(out, "Identifier", m->id);
  if (m->provider.n || m->service.n) {
    buf_addz(out, "<Processing>");
    put_element(out, "ProviderIdentifier", m->provider);
    put_element(out, "ServiceIdentifier", m->service);
    buf_addz(out, "</Processing>");
  }
  buf_addz(out, "\n<Document>");
  put_element(out, "Format", m->format);
  put_element(out, "Name", m->name);
  put_element(out, "Version", m->version);
  if (m->size >= 0) buf_printf(out, "<SizeInBytes>%lld</SizeInBytes>", (long long)m->size);
  buf_addz(out, "</Document>\n");
  put_transport(out, m);
  buf_printf(out, "</%s>\n", name);
}

static void put_message(struct buf *out, const struct envelope *env) {
  buf_addz(out, "<Message>\n");
  put_meta(out, &env->meta, "MetaInformation");
  buf_addz(out, "<Data>");
  base64_encode(out, env->payload);
  buf_addz(out, "</Data>\n</Message>\n");
}

static void put_receipt(struct buf *out, const struct envelope *env) {
  const char *kind = receipt_kind_name(env->receipt);
  buf_printf(out, "<Receipt>\n<%s>\n", kind);
  if (env->receipt != RECEIPT_POSITIVE_MESSAGE) {
    buf_addz(out, "<Error>");
    put_element(out, "Code", env->error_code);
    put_element(out, "Description", env->error_text);
    buf_addz(out, "</Error>\n");
  }
  put_element(out, "OriginalEnvelopeIdentifier", env->original_id);
  buf_addz(out, "\n");
  if (env->has_original) put_meta(out, &env->meta, "OriginalMessage");
  buf_printf(out, "</%s>\n</Receipt>\n", kind);
}

void vans_write(struct buf *out, const struct envelope *env) {
  buf_addz(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<VANSEnvelope xmlns=\"" VANS_NS "\">\n");
  put_party(out, "SenderID", env->sender_type, env->sender);
  put_party(out, "ReceiverID", env->receiver_type, env->receiver);
  put_element(out, "EnvelopeIdentifier", env->id);
  put_element(out, "SentDateTime", env->sent);
  buf_addz(out, "\n");
  if (env->content == ENVELOPE_MESSAGE)
    put_message(out, env);
  else
    put_receipt(out, env);
  buf_addz(out, "</VANSEnvelope>\n");
}

void vans_describe(struct envelope *env, const struct envelope_payload *p, struct str payload, const char *statistic) {
  struct envelope_meta *m = &env->meta;
  env->kind = &vans_kind;
  env->content = ENVELOPE_MESSAGE;
  env->payload = payload;
  env->payload_ok = true;
  m->format = p->format;
  m->name = p->name;
  m->version = p->version;
  m->size = (int64_t)payload.n;
  m->transport = STR("reliable");
  m->transform = STR("false");
  m->tags_n = 0;
  if (p->mime.n) m->tags[m->tags_n++] = (struct envelope_tag){STR("MCM:MIME"), p->mime};
  if (statistic) m->tags[m->tags_n++] = (struct envelope_tag){STR("MCM:STATISTIC"), str_z(statistic)};
}
