#include "base/clock.h"
#include "envelope/sbdh_int.h"
#include "formats/xml.h"

#define RECEIPT_NAME "ReceiptAcknowledgement"
#define ACCEPTANCE_NAME "AcceptanceAcknowledgement"
#define EXCEPTION_NAME "Exception"

bool sbdh_is_signal(struct str root) {
  return str_eqz(root, RECEIPT_NAME) || str_eqz(root, EXCEPTION_NAME) || str_eqz(root, ACCEPTANCE_NAME);
}

/* The value of an exception out of a list. */
static void check_listed(const struct tree_check *c, const struct node *n, const char *const *list, const char *text) {
  struct str found = str_trim(n->text);
  for (; *list; list++)
    if (str_eqz(found, *list)) return;
  TELL(c, SIGNAL_EXCEPTION, n, n->name, n->text, str_z(text));
}

static void check_receipt_exception(const struct tree_check *c, const struct node *n) {
  static const char *const list[] = {"Syntax", "Authorization", "Signature", "Sequence", NULL};
  check_listed(c, n, list, "Syntax, Authorization, Signature, Sequence");
}

static void check_acceptance_exception(const struct tree_check *c, const struct node *n) {
  static const char *const list[] = {"Business", "Performance", NULL};
  check_listed(c, n, list, "Business, Performance");
}

static const struct tree_attribute party_attributes[] = {{"type", false}, {0}};
static const struct tree_type text = {.check = sbdh_check_text};
static const struct tree_type date_time = {.check = sbdh_check_time};
static const struct tree_type party = {.check = sbdh_check_text, .attributes = party_attributes};
static const struct tree_type any = {.any = true};
static const struct tree_type receipt_exception = {.check = check_receipt_exception};
static const struct tree_type acceptance_exception = {.check = check_acceptance_exception};
static const struct tree_particle exception_type_seq[] = {
    {"ReceiptException", 0, 1, 1, &receipt_exception, false},
    {"AcceptanceException", 0, 1, 1, &acceptance_exception, false},
    {"GeneralException", 0, 1, 1, &text, false}};
static const struct tree_type exception_type = TREE_SEQUENCE(exception_type_seq);

/* Roles and process have references of their own in attributes, and signatures a schema: none are looked into. */
#define SIGNAL_HEADER                                                                                                  \
  {"OriginalMessageIdentifier", 0, 1, 1, &text, false}, {"OriginalDocumentIdentifier", 1, 0, 1, &text, false},         \
      {"OriginalMessageDateTime", 2, 1, 1, &date_time, false}, {"ThisMessageDateTime", 3, 1, 1, &date_time, false},    \
      {"FromPartyInfo", 4, 0, 1, &party, false}, {"ToPartyInfo", 5, 0, 1, &party, false},                              \
      {"FromRole", 6, 0, 1, &any, false}, {"ToRole", 7, 0, 1, &any, false},                                            \
      {"ProcessSpecificationInfo", 8, 0, 1, &any, false}, {"CollaborationIdentifier", 9, 0, 1, &text, false}, {        \
    "BusinessActivityIdentifier", 10, 0, 1, &any, false                                                                \
  }

static const struct tree_particle receipt_seq[] = {
    SIGNAL_HEADER, {"NonRepudiationInformation", 11, 0, 1, &any, true}, {"Signature", 12, 0, 1, &any, true}};
static const struct tree_type receipt = TREE_SEQUENCE(receipt_seq);
static const struct tree_particle exception_seq[] = {SIGNAL_HEADER,
                                                     {"ExceptionType", 11, 1, 1, &exception_type, false},
                                                     {"Reason", 12, 1, 1, &text, false},
                                                     {"ExceptionMessage", 13, 0, 1, &text, false},
                                                     {"Signature", 14, 0, 1, &any, true}};
static const struct tree_type exception = TREE_SEQUENCE(exception_seq);

static struct str text_of(const struct node *n, const char *path) {
  return str_trim(node_text_at(n, path));
}

static struct str type_of_party(const struct node *n) {
  const struct node *type = n ? node_attr(n, "type") : NULL;
  return type ? type->text : (struct str){0};
}

static void read_exception(struct sbdh_signal *out, const struct node *root) {
  const struct node *kind = node_child(root, "ExceptionType");
  for (NODE_EACH(n, kind)) {
    if (n->kind != NODE_ELEMENT) continue;
    out->exception_kind = n->name;
    out->exception = str_trim(n->text);
    break;
  }
  out->reason = text_of(root, "Reason");
  out->text = text_of(root, "ExceptionMessage");
}

static void read_body(struct sbdh_signal *out, const struct node *root) {
  *out = (struct sbdh_signal){.name = root->name,
                              .original_id = text_of(root, "OriginalMessageIdentifier"),
                              .original_document = text_of(root, "OriginalDocumentIdentifier"),
                              .original_time = text_of(root, "OriginalMessageDateTime"),
                              .time = text_of(root, "ThisMessageDateTime"),
                              .from = text_of(root, "FromPartyInfo"),
                              .from_type = type_of_party(node_child(root, "FromPartyInfo")),
                              .to = text_of(root, "ToPartyInfo"),
                              .to_type = type_of_party(node_child(root, "ToPartyInfo")),
                              .from_role = text_of(root, "FromRole"),
                              .to_role = text_of(root, "ToRole"),
                              .root = root};
  if (str_eqz(root->name, EXCEPTION_NAME)) read_exception(out, root);
}

void sbdh_read_signal(struct sbdh_signal *out, struct arena *a, const struct tree_check *c, struct str payload) {
  struct tree_check inner = {c->f, arena_printf(a, "%.*s#payload", STR_F(c->message))};
  struct node *root;
  if (!sbdh_is_signal(envelope_root_name(payload))) return;
  if (xml_read(&root, a, (struct source){inner.message, payload}, c->f) != 0) return;
  if (!str_eqz(root->ns, SBDH_SIGNAL_NS)) TELL(&inner, NAMESPACE, root, root->name, root->ns, STR(SBDH_SIGNAL_NS));
  sbdh_check_element(&inner, root, str_eqz(root->name, EXCEPTION_NAME) ? &exception : &receipt);
  read_body(out, root);
}

static const struct node *signal_node(const struct envelope *env, const char *name) {
  const struct node *n = node_child(env->sbdh->signal.root, name);
  return n ? n : env->sbdh->signal.root;
}

/* What the signal repeats of the envelope around it: time values may be written in another zone. */
static void compare(const struct tree_check *c, const struct envelope *env, const char *name, struct str found,
                    struct str wanted) {
  if (found.n == 0 || wanted.n == 0 || str_eq_nocase(found, wanted) || sbdh_same_time(found, wanted)) return;
  TELL(c, SIGNAL_ORIGINAL, signal_node(env, name), str_z(name), found, wanted);
}

static void compare_party(const struct tree_check *c, const struct envelope *env, const char *name, struct str found,
                          struct str wanted) {
  if (found.n == 0 || str_eq(sbdh_participant(found), sbdh_participant(wanted))) return;
  TELL(c, SIGNAL_PARTY, signal_node(env, name), str_z(name), found, wanted);
}

/* By the text the exception's Type is ReceiptException, whatever kind of exception it is. */
static void check_type(const struct tree_check *c, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  const struct ehmi_type *t = ehmi_type_of(s->profile, s->standard);
  if (!t || !t->receipt || s->type.n == 0) return;
  const struct ehmi_choice *wanted = s->content == SBDH_EXCEPTION ? &t->exception_type : &t->type;
  const struct ehmi_choice *other = s->content == SBDH_EXCEPTION ? &t->type : &t->exception_type;
  if (ehmi_choice_fit(wanted, s->type) == EHMI_WRONG && ehmi_choice_fit(other, s->type) != EHMI_WRONG)
    TELL(c, SIGNAL_TYPE, sbdh_header(env, "DocumentIdentification.Type"), s->type, s->signal.name);
}

/* A receipt that is sent again keeps its signal, which is then older than the envelope. */
static bool is_later(struct str time, struct str than) {
  int64_t x, y;
  bool zoned;
  return time_parse(time, &x, &zoned) && time_parse(than, &y, &zoned) && x > y;
}

void sbdh_check_signal(const struct tree_check *c, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  const struct sbdh_signal *g = &s->signal;
  struct tree_check inner = {c->f, arena_printf(c->f->arena, "%.*s#payload", STR_F(c->message))};
  if (g->name.n == 0) return;
  check_type(c, env);
  if (str_eqz(g->name, ACCEPTANCE_NAME)) TELL(&inner, SIGNAL_UNUSED, g->root, g->name);
  compare(&inner, env, "OriginalMessageIdentifier", g->original_id, s->reliable.envelope_id);
  compare(&inner, env, "OriginalMessageDateTime", g->original_time, s->reliable.created);
  if (is_later(g->time, s->created)) compare(&inner, env, "ThisMessageDateTime", g->time, s->created);
  /* The signal tells of the parties of the request: its receiver answers. */
  compare_party(&inner, env, "FromPartyInfo", g->from, s->sender);
  compare_party(&inner, env, "ToPartyInfo", g->to, s->receiver);
}

static void put(struct buf *out, const char *name, struct str value) {
  if (value.n == 0) return;
  buf_printf(out, "<%s>", name);
  xml_escape_text(out, value);
  buf_printf(out, "</%s>\n", name);
}

static void put_party(struct buf *out, const char *name, struct str type, struct str value) {
  if (value.n == 0) return;
  buf_printf(out, "<%s", name);
  if (type.n) {
    buf_addz(out, " type=\"");
    xml_escape_attr(out, type);
    buf_byte(out, '"');
  }
  buf_byte(out, '>');
  xml_escape_text(out, value);
  buf_printf(out, "</%s>\n", name);
}

static void put_exception(struct buf *out, const struct sbdh_signal *s) {
  struct str kind = s->exception_kind.n ? s->exception_kind : STR("ReceiptException");
  buf_printf(out, "<ExceptionType><%.*s>", STR_F(kind));
  xml_escape_text(out, s->exception);
  buf_printf(out, "</%.*s></ExceptionType>\n", STR_F(kind));
  put(out, "Reason", s->reason);
  put(out, "ExceptionMessage", s->text);
}

void sbdh_write_signal(struct buf *out, const struct sbdh_signal *s) {
  buf_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%.*s xmlns=\"" SBDH_SIGNAL_NS "\">\n", STR_F(s->name));
  put(out, "OriginalMessageIdentifier", s->original_id);
  put(out, "OriginalDocumentIdentifier", s->original_document);
  put(out, "OriginalMessageDateTime", s->original_time);
  put(out, "ThisMessageDateTime", s->time);
  put_party(out, "FromPartyInfo", s->from_type, s->from);
  put_party(out, "ToPartyInfo", s->to_type, s->to);
  put(out, "FromRole", s->from_role);
  put(out, "ToRole", s->to_role);
  if (str_eqz(s->name, EXCEPTION_NAME)) put_exception(out, s);
  buf_printf(out, "</%.*s>\n", STR_F(s->name));
}
