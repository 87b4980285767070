#include "base/base64.h"
#include "base/utf8.h"
#include "envelope/vans_int.h"
#include "formats/xml.h"

static bool vans_sniff(struct str bytes) {
  return str_eqz(envelope_root_name(bytes), "VANSEnvelope");
}

static struct str text_of(const struct node *n, const char *path) {
  return str_trim(node_text_at(n, path));
}

static void read_tags(struct envelope_meta *m, const struct node *transport) {
  for (NODE_EACH(c, transport)) {
    if (!str_eqz(c->name, "ServiceTag") || m->tags_n == ENVELOPE_TAGS_MAX) continue;
    const struct node *name = node_attr(c, "name");
    m->tags[m->tags_n++] = (struct envelope_tag){name ? str_trim(name->text) : (struct str){0}, str_trim(c->text)};
  }
}

static void read_meta(struct envelope_meta *m, const struct node *n) {
  *m = (struct envelope_meta){.id = text_of(n, "Identifier"),
                              .provider = text_of(n, "Processing.ProviderIdentifier"),
                              .service = text_of(n, "Processing.ServiceIdentifier"),
                              .format = text_of(n, "Document.Format"),
                              .name = text_of(n, "Document.Name"),
                              .version = text_of(n, "Document.Version"),
                              .transport = text_of(n, "Transport.Type"),
                              .transform = text_of(n, "Transport.TransformMessage")};
  if (!str_int(text_of(n, "Document.SizeInBytes"), &m->size)) m->size = -1;
  read_tags(m, node_child(n, "Transport"));
}

static void read_party(struct str *id, struct str *type, const struct node *n) {
  if (!n) return;
  const struct node *attr = node_attr(n, "EndPointType");
  *id = str_trim(n->text);
  if (attr) *type = attr->text;
}

/* The place of a byte of the text of Data: its own line and column where the text is a piece of the source. */
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

static void add_base64(const struct tree_check *c, struct str source, const struct node *n, size_t bad) {
  FINDING(c->f, &vans_rule_table[VANS_BASE64], place_in_text(c, source, n, bad), character_at(n->text, bad),
          arena_printf(c->f->arena, "%zu", bad));
}

static void check_size(const struct tree_check *c, const struct envelope *env) {
  if (env->meta.size == (int64_t)env->payload.n || env->meta.size == -1) return;
  struct arena *a = c->f->arena;
  FINDING(c->f, &vans_rule_table[VANS_SIZE], vans_place(c, env, "Message.MetaInformation.Document.SizeInBytes"),
          arena_printf(a, "%lld", (long long)env->meta.size), arena_printf(a, "%zu", env->payload.n));
}

static bool has_elements(const struct node *n) {
  for (NODE_EACH(c, n))
    if (c->kind == NODE_ELEMENT) return true;
  return false;
}

static void read_data(struct envelope *out, struct arena *a, const struct tree_check *c, struct str source,
                      const struct node *data) {
  size_t bad;
  if (!data) return;
  if (has_elements(data)) return; /* the schema's walk has told */
  if (base64_decode(&out->payload, a, data->text, &bad) != 0) {
    out->payload = (struct str){0};
    add_base64(c, source, data, bad);
    return;
  }
  out->payload_ok = true;
  if (out->payload.n == 0) FINDING(c->f, &vans_rule_table[VANS_DATA_EMPTY], tree_place(c, data));
  check_size(c, out);
}

static void read_receipt(struct envelope *out, const struct node *receipt) {
  static const enum receipt_kind kinds[] = {RECEIPT_NEGATIVE_VANS, RECEIPT_NEGATIVE_MESSAGE, RECEIPT_POSITIVE_MESSAGE};
  const struct node *body = NULL;
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && !body; i++) {
    body = node_child(receipt, receipt_kind_name(kinds[i]));
    if (body) out->receipt = kinds[i];
  }
  const struct node *original = node_child(body, "OriginalMessage");
  out->content = ENVELOPE_RECEIPT;
  out->has_original = original != NULL;
  if (original) read_meta(&out->meta, original);
  out->original_id = text_of(body, "OriginalEnvelopeIdentifier");
  out->error_code = text_of(body, "Error.Code");
  out->error_text = text_of(body, "Error.Description");
}

static void read_content(struct envelope *out, struct arena *a, const struct tree_check *c, struct str source) {
  const struct node *message = node_child(out->root, "Message"), *receipt = node_child(out->root, "Receipt");
  if (message || !receipt) {
    read_meta(&out->meta, node_child(message, "MetaInformation"));
    read_data(out, a, c, source, node_child(message, "Data"));
  } else {
    read_receipt(out, receipt);
  }
}

static int vans_read(struct envelope *out, struct arena *a, struct source src, struct findings *f) {
  struct tree_check c = {f, src.name};
  struct node *root;
  *out = (struct envelope){.kind = &vans_kind, .meta.size = -1};
  if (xml_read(&root, a, src, f) != 0) return -1;
  out->root = root;
  if (!str_eqz(root->name, "VANSEnvelope")) {
    FINDING(f, &vans_rule_table[VANS_ELEMENT_MISSING], tree_place(&c, root), src.name, STR("VANSEnvelope"));
    return -1;
  }
  vans_check_schema(&c, root);
  read_party(&out->sender, &out->sender_type, node_child(root, "SenderID"));
  read_party(&out->receiver, &out->receiver_type, node_child(root, "ReceiverID"));
  out->id = text_of(root, "EnvelopeIdentifier");
  out->sent = text_of(root, "SentDateTime");
  read_content(out, a, &c, src.bytes);
  vans_check_governance(&c, out, src.bytes.n);
  return 0;
}

struct place vans_place(const struct tree_check *c, const struct envelope *env, const char *path) {
  const struct node *at = env->root;
  struct str rest = str_z(path);
  while (rest.n && at) {
    const struct node *next = node_child_str(at, str_cut(&rest, '.'));
    if (!next) break;
    at = next;
  }
  return at ? tree_place(c, at) : (struct place){.message = c->message};
}

const struct envelope_kind vans_kind = {.name = "vans",
                                        .sniff = vans_sniff,
                                        .read = vans_read,
                                        .check_payload = vans_check_payload,
                                        .check_receipt = vans_check_receipt,
                                        .write = vans_write};
