#include "base/base64.h"
#include "base/file.h"
#include "base/utf8.h"
#include "envelope/sbdh_int.h"
#include "formats/xml.h"
#include "standards/catalogue.h"

#define HEADER "StandardBusinessDocumentHeader"
#define ACKNOWLEDGEMENT "Acknowledgement"

static bool sbdh_sniff(struct str bytes) {
  return str_eqz(envelope_root_name(bytes), "StandardBusinessDocument");
}

static struct str text_of(const struct node *n, const char *path) {
  return str_trim(node_text_at(n, path));
}

static struct str attribute_of(const struct node *n, const char *name) {
  const struct node *a = n ? node_attr(n, name) : NULL;
  return a ? a->text : (struct str){0};
}

static void read_transaction(struct sbdh_reliable *out, const struct node *transaction) {
  for (const struct node *a = transaction ? transaction->attrs : NULL; a; a = a->next)
    if (a->ns.n == 0 && out->attributes_n < SBDH_ATTRIBUTES_MAX)
      out->attributes[out->attributes_n++] = (struct envelope_tag){a->name, str_trim(a->text)};
}

static void read_reliable(struct sbdh_reliable *out, const struct node *scope) {
  const struct node *correlation = node_child(scope, "CorrelationInformation");
  const struct node *service = node_child(scope, "BusinessService");
  *out = (struct sbdh_reliable){.kind = text_of(scope, "InstanceIdentifier"),
                                .created = text_of(correlation, "RequestingDocumentCreationDateTime"),
                                .envelope_id = text_of(correlation, "RequestingDocumentInstanceIdentifier"),
                                .expected = text_of(correlation, "ExpectedResponseDateTime"),
                                .service = text_of(service, "BusinessServiceName")};
  read_transaction(out, node_child(service, "ServiceTransaction"));
}

static void read_scopes(struct sbdh *s, struct arena *a, const struct tree_check *c, const struct node *list) {
  for (NODE_EACH(n, list)) {
    if (!str_eqz(n->name, "Scope")) continue;
    if (s->scopes.n == SBDH_SCOPES_MAX) {
      TELL(c, SCOPES_MANY, n, arena_printf(a, "%d", SBDH_SCOPES_MAX));
      return;
    }
    struct sbdh_scope scope = {text_of(n, "Type"), text_of(n, "InstanceIdentifier"), text_of(n, "Identifier"), n};
    VEC_PUSH(a, &s->scopes, scope);
    if (str_eqz(scope.type, SBDH_RELIABLE) && s->reliable.kind.n == 0) read_reliable(&s->reliable, n);
  }
}

static void read_header(struct sbdh *s, const struct node *h) {
  s->header_version = text_of(h, "HeaderVersion");
  s->sender = text_of(h, "Sender.Identifier");
  s->sender_authority = attribute_of(node_at(h, "Sender.Identifier"), "Authority");
  s->receiver = text_of(h, "Receiver.Identifier");
  s->receiver_authority = attribute_of(node_at(h, "Receiver.Identifier"), "Authority");
  s->standard = text_of(h, "DocumentIdentification.Standard");
  s->type_version = text_of(h, "DocumentIdentification.TypeVersion");
  s->type = text_of(h, "DocumentIdentification.Type");
  s->multiple = text_of(h, "DocumentIdentification.MultipleType");
  s->created = text_of(h, "DocumentIdentification.CreationDateAndTime");
}

/* The place of a byte of the text: its own line and column where the text is a piece of the source. */
static struct place place_in_text(const struct tree_check *c, struct str source, const struct node *n, size_t offset) {
  struct place where = tree_place(c, n);
  if (n->text.p < source.p || n->text.p + n->text.n > source.p + source.n) return where;
  utf8_position(source, (size_t)(n->text.p - source.p) + offset, &where.line, &where.col);
  return where;
}

static struct str character_at(struct str s, size_t at) {
  uint32_t cp;
  size_t n = at < s.n ? utf8_decode(s, at, &cp) : 0;
  return n ? str_sub(s, at, at + n) : STR("(end)");
}

static void read_content(struct envelope *out, struct arena *a, const struct tree_check *c, struct str source) {
  const struct node *n = node_child(out->root, "BinaryContent");
  size_t bad;
  if (!n || n->first) return; /* the schema's walk has told */
  out->sbdh->content_ns = n->ns;
  out->sbdh->mime = attribute_of(n, "mimeType");
  out->sbdh->encoding = attribute_of(n, "encoding");
  if (base64_decode(&out->payload, a, n->text, &bad) != 0) {
    out->payload = (struct str){0};
    FINDING(c->f, &sbdh_rule_table[SBDH_RULE_BASE64], place_in_text(c, source, n, bad), character_at(n->text, bad),
            arena_printf(a, "%zu", bad));
    return;
  }
  out->payload_ok = true;
  if (out->payload.n == 0) TELL(c, CONTENT_EMPTY, n);
}

bool sbdh_is_receipt(const struct sbdh *s) {
  return s->content == SBDH_RECEIPT || s->content == SBDH_EXCEPTION;
}

enum ehmi_kind sbdh_kind_of(const struct sbdh *s) {
  static const enum ehmi_kind kinds[] = {[SBDH_MESSAGE] = EHMI_MESSAGE,
                                         [SBDH_COPY] = EHMI_COPY,
                                         [SBDH_FHIR_ACK] = EHMI_ACKNOWLEDGEMENT,
                                         [SBDH_RECEIPT] = EHMI_RECEIPT,
                                         [SBDH_EXCEPTION] = EHMI_RECEIPT};
  return kinds[s->content];
}

/* The payload tells first: only what is no signal is told by scope and Standard. */
static enum sbdh_content content_of(const struct sbdh *s) {
  const struct ehmi_type *t = s->profile ? ehmi_type_of(s->profile, s->standard) : NULL;
  const struct message_type *m = message_type_of_event(s->standard);
  if (s->signal.name.n) return str_eqz(s->signal.name, "Exception") ? SBDH_EXCEPTION : SBDH_RECEIPT;
  if (t && t->receipt)
    return ehmi_choice_fit(&t->exception_type, s->type) == EHMI_WRONG ? SBDH_RECEIPT : SBDH_EXCEPTION;
  if (sbdh_find_scope(s, SBDH_XDS)) return SBDH_COPY;
  return m && str_eqz(str_z(m->standard), ACKNOWLEDGEMENT) ? SBDH_FHIR_ACK : SBDH_MESSAGE;
}

static struct str first_of(struct str a, struct str b, struct str c) {
  return a.n ? a : b.n ? b : c;
}

void sbdh_settle(struct envelope *env) {
  struct sbdh *s = env->sbdh;
  s->content = content_of(s);
  env->content = sbdh_is_receipt(s) ? ENVELOPE_RECEIPT : ENVELOPE_MESSAGE;
  env->sender = sbdh_participant(s->sender);
  env->receiver = sbdh_participant(s->receiver);
  env->sent = s->created;
  env->meta = (struct envelope_meta){.id = sbdh_scope_value(s, SBDH_MESSAGE_ID),
                                     .format = sbdh_is_receipt(s) ? STR("XML") : STR("HL7"),
                                     .name = s->standard,
                                     .version = s->type_version,
                                     .size = -1};
  if (!sbdh_is_receipt(s)) return;
  env->receipt = s->content == SBDH_EXCEPTION ? RECEIPT_NEGATIVE_MESSAGE : RECEIPT_POSITIVE_MESSAGE;
  env->original_id =
      first_of(s->reliable.envelope_id, sbdh_scope_value(s, SBDH_ORIGINAL_ENVELOPE_ID), s->signal.original_id);
  env->error_code = s->signal.exception;
  env->error_text = s->signal.reason;
}

static int sbdh_read(struct envelope *out, struct arena *a, struct source src, struct findings *f) {
  struct tree_check c = {f, src.name};
  struct node *root;
  *out = (struct envelope){.kind = &sbdh_kind, .meta.size = -1};
  if (xml_read(&root, a, src, f) != 0) return -1;
  out->root = root;
  if (!str_eqz(root->name, "StandardBusinessDocument")) {
    TELL(&c, ELEMENT_MISSING, root, src.name, STR("StandardBusinessDocument"));
    return -1;
  }
  const struct node *header = node_child(root, HEADER);
  out->sbdh = ARENA_NEW(a, struct sbdh);
  out->sbdh->bytes = src.bytes.n;
  sbdh_check_schema(&c, root);
  read_header(out->sbdh, header);
  read_scopes(out->sbdh, a, &c, node_child(header, "BusinessScope"));
  out->id = text_of(header, "DocumentIdentification.InstanceIdentifier");
  read_content(out, a, &c, src.bytes);
  if (out->payload_ok) sbdh_read_signal(&out->sbdh->signal, a, &c, out->payload);
  sbdh_settle(out);
  return 0;
}

const char *sbdh_content_name(enum sbdh_content content) {
  static const char *const names[] = {[SBDH_MESSAGE] = "message",
                                      [SBDH_COPY] = "copy",
                                      [SBDH_FHIR_ACK] = "fhir-ack",
                                      [SBDH_RECEIPT] = "receipt",
                                      [SBDH_EXCEPTION] = "exception"};
  return names[content];
}

struct str sbdh_participant(struct str identifier) {
  size_t colon = str_index(identifier, ':');
  return colon == SIZE_MAX ? identifier : str_sub(identifier, colon + 1, identifier.n);
}

/* Without a profile only the spelling that this file has is known. */
const struct sbdh_scope *sbdh_find_scope(const struct sbdh *s, const char *type) {
  const struct ehmi_scope *row = s->profile ? ehmi_scope_of(s->profile, str_z(type)) : NULL;
  for (size_t i = 0; i < s->scopes.n; i++) {
    const struct sbdh_scope *scope = &s->scopes.v[i];
    if (str_eqz(scope->type, type) || (row && ehmi_scope_of(s->profile, scope->type) == row)) return scope;
  }
  return NULL;
}

struct str sbdh_scope_value(const struct sbdh *s, const char *type) {
  const struct sbdh_scope *scope = sbdh_find_scope(s, type);
  return scope ? scope->value : (struct str){0};
}

static const struct node *nearest(const struct node *at, struct str rest) {
  while (rest.n && at) {
    const struct node *next = node_child_str(at, str_cut(&rest, '.'));
    if (!next) break;
    at = next;
  }
  return at;
}

const struct node *sbdh_header(const struct envelope *env, const char *path) {
  const struct node *h = node_child(env->root, HEADER);
  return h ? nearest(h, str_z(path)) : env->root;
}

const struct node *sbdh_scope_node(const struct envelope *env, const char *type) {
  const struct sbdh_scope *scope = sbdh_find_scope(env->sbdh, type);
  if (!scope) return sbdh_header(env, "BusinessScope");
  return scope->at ? nearest(scope->at, STR("InstanceIdentifier")) : NULL;
}

int sbdh_shipped_profile(struct ehmi_profile **out, struct arena *a, struct error *e) {
  char *data;
  if (file_data_dir(&data, a, e) < 0 || ehmi_profile_load(out, a, data, e) < 0) return -1;
  return ehmi_profile_check_rules(*out, "sbdh.", sbdh_rules, sbdh_rules_n, e);
}

int sbdh_shelf_profile(const struct ehmi_profile **out, struct sbdh_shelf *s, struct error *e) {
  struct ehmi_profile *p;
  if (!s->profile && sbdh_shipped_profile(&p, s->arena, e) < 0) return -1;
  if (!s->profile) s->profile = p;
  *out = s->profile;
  return 0;
}

const struct envelope_kind sbdh_kind = {.name = "sbdh",
                                        .sniff = sbdh_sniff,
                                        .read = sbdh_read,
                                        .check = sbdh_check,
                                        .check_payload = sbdh_check_payload,
                                        .check_receipt = sbdh_check_receipt,
                                        .write = sbdh_write};
