#include "base/base64.h"
#include "envelope/sbdh_int.h"
#include "formats/xml.h"

static void put_element(struct buf *out, const char *name, struct str text) {
  buf_printf(out, "<%s>", name);
  xml_escape_text(out, text);
  buf_printf(out, "</%s>", name);
}

static void put_line(struct buf *out, const char *name, struct str text) {
  if (text.n == 0) return;
  put_element(out, name, text);
  buf_byte(out, '\n');
}

static void put_attribute(struct buf *out, struct str name, struct str value) {
  if (value.n == 0) return;
  buf_printf(out, " %.*s=\"", STR_F(name));
  xml_escape_attr(out, value);
  buf_byte(out, '"');
}

static void put_party(struct buf *out, const char *name, struct str id, struct str authority) {
  buf_printf(out, "<%s><Identifier", name);
  put_attribute(out, STR("Authority"), authority);
  buf_byte(out, '>');
  xml_escape_text(out, id);
  buf_printf(out, "</Identifier></%s>\n", name);
}

static void put_identification(struct buf *out, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  buf_addz(out, "<DocumentIdentification>\n");
  put_line(out, "Standard", s->standard);
  put_line(out, "TypeVersion", s->type_version);
  put_line(out, "InstanceIdentifier", env->id);
  put_line(out, "Type", s->type);
  put_line(out, "MultipleType", s->multiple);
  put_line(out, "CreationDateAndTime", s->created);
  buf_addz(out, "</DocumentIdentification>\n");
}

static void put_reliable(struct buf *out, const struct sbdh_reliable *r) {
  buf_addz(out, "\n<CorrelationInformation>\n");
  put_line(out, "RequestingDocumentCreationDateTime", r->created);
  put_line(out, "RequestingDocumentInstanceIdentifier", r->envelope_id);
  put_line(out, "ExpectedResponseDateTime", r->expected);
  buf_addz(out, "</CorrelationInformation>\n<BusinessService>\n");
  put_line(out, "BusinessServiceName", r->service);
  buf_addz(out, "<ServiceTransaction");
  for (size_t i = 0; i < r->attributes_n; i++) put_attribute(out, r->attributes[i].name, r->attributes[i].value);
  buf_addz(out, "/>\n</BusinessService>\n");
}

/* EHMI has a DocumentReference in CDATA; what cannot stand there is escaped. */
static void put_value(struct buf *out, const struct sbdh_scope *scope) {
  bool cdata = str_starts(scope->type, STR("XDS")) && str_find(scope->value, STR("]]>"), 0) == SIZE_MAX;
  if (!cdata || str_index(scope->value, '\r') != SIZE_MAX) {
    put_element(out, "InstanceIdentifier", scope->value);
    return;
  }
  buf_addz(out, "<InstanceIdentifier><![CDATA[");
  buf_add(out, scope->value);
  buf_addz(out, "]]></InstanceIdentifier>");
}

static void put_scope(struct buf *out, const struct sbdh *s, const struct sbdh_scope *scope) {
  buf_addz(out, "<Scope>");
  put_element(out, "Type", scope->type);
  put_value(out, scope);
  put_element(out, "Identifier", scope->identifier);
  if (str_eqz(scope->type, SBDH_RELIABLE)) put_reliable(out, &s->reliable);
  buf_addz(out, "</Scope>\n");
}

static void put_content(struct buf *out, const struct envelope *env) {
  buf_addz(out, "<BinaryContent");
  put_attribute(out, STR("xmlns"), env->sbdh->content_ns);
  put_attribute(out, STR("mimeType"), env->sbdh->mime);
  put_attribute(out, STR("encoding"), env->sbdh->encoding);
  buf_byte(out, '>');
  base64_encode(out, env->payload);
  buf_addz(out, "</BinaryContent>\n");
}

void sbdh_write(struct buf *out, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  buf_addz(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<StandardBusinessDocument xmlns=\"" SBDH_NS "\">\n");
  buf_addz(out, "<StandardBusinessDocumentHeader>\n");
  put_line(out, "HeaderVersion", s->header_version);
  put_party(out, "Sender", s->sender, s->sender_authority);
  put_party(out, "Receiver", s->receiver, s->receiver_authority);
  put_identification(out, env);
  buf_addz(out, "<BusinessScope>\n");
  for (size_t i = 0; i < s->scopes.n; i++) put_scope(out, s, &s->scopes.v[i]);
  buf_addz(out, "</BusinessScope>\n</StandardBusinessDocumentHeader>\n");
  put_content(out, env);
  buf_addz(out, "</StandardBusinessDocument>\n");
}
