#include "base/utf8.h"
#include "envelope/vans_int.h"

#define XSI_NS "http://www.w3.org/2001/XMLSchema-instance"

/* More children than any type of the schema has places for. */
#define PLACES_MAX 8
/* Of text that does not belong where it stands, this much is shown. */
#define SHOWN_MAX 40

struct vans_type;

/* One element of a sequence. Elements of the same place are alternatives. */
struct vans_particle {
  const char *name;
  unsigned place, min, max;
  const struct vans_type *type;
  enum vans_rule over; /* raised by one too many */
};

struct vans_type {
  const struct vans_particle *particles; /* NULL: a simple value */
  size_t n;
  void (*check)(const struct vans_check *c, const struct node *n);
  const char *attribute; /* the attribute that it must have, if any */
};

#define SEQUENCE(particles)                                                                                            \
  { (particles), sizeof(particles) / sizeof(particles)[0], NULL, NULL }
#define VALUE(function)                                                                                                \
  { NULL, 0, (function), NULL }

static const struct vans_type endpoint = {NULL, 0, vans_check_endpoint, "EndPointType"};
static const struct vans_type uuid = VALUE(vans_check_uuid);
static const struct vans_type sent = VALUE(vans_check_sent);
static const struct vans_type processing_text = VALUE(vans_check_processing);
static const struct vans_type format = VALUE(vans_check_format);
static const struct vans_type name = VALUE(vans_check_name);
static const struct vans_type version = VALUE(vans_check_version);
static const struct vans_type size = VALUE(vans_check_size);
static const struct vans_type transport_type = VALUE(vans_check_transport);
static const struct vans_type boolean = VALUE(vans_check_boolean);
static const struct vans_type tag = {NULL, 0, vans_check_tag, "name"};
static const struct vans_type data = VALUE(NULL); /* decoded once, by the reader */
static const struct vans_type error_code = VALUE(vans_check_error_code);
static const struct vans_type error_text = VALUE(vans_check_error_text);

static const struct vans_particle processing_seq[] = {{"ProviderIdentifier", 0, 1, 1, &processing_text, 0},
                                                      {"ServiceIdentifier", 1, 1, 1, &processing_text, 0}};
static const struct vans_type processing = SEQUENCE(processing_seq);
static const struct vans_particle document_seq[] = {{"Format", 0, 1, 1, &format, 0},
                                                    {"Name", 1, 1, 1, &name, 0},
                                                    {"Version", 2, 0, 1, &version, 0},
                                                    {"SizeInBytes", 3, 1, 1, &size, 0}};
static const struct vans_type document = SEQUENCE(document_seq);
static const struct vans_particle transport_seq[] = {{"Type", 0, 0, 1, &transport_type, 0},
                                                     {"TransformMessage", 1, 1, 1, &boolean, 0},
                                                     {"ServiceTag", 2, 0, VANS_TAGS_MAX, &tag, VANS_TAG_COUNT}};
static const struct vans_type transport = SEQUENCE(transport_seq);
static const struct vans_particle meta_seq[] = {{"Identifier", 0, 1, 1, &uuid, 0},
                                                {"Processing", 1, 0, 1, &processing, 0},
                                                {"Document", 2, 1, 1, &document, 0},
                                                {"Transport", 3, 0, 1, &transport, 0}};
static const struct vans_type meta = SEQUENCE(meta_seq);
static const struct vans_particle message_seq[] = {{"MetaInformation", 0, 1, 1, &meta, 0}, {"Data", 1, 1, 1, &data, 0}};
static const struct vans_type message = SEQUENCE(message_seq);
static const struct vans_particle error_seq[] = {{"Code", 0, 0, 1, &error_code, 0},
                                                 {"Description", 1, 1, 1, &error_text, 0}};
static const struct vans_type error = SEQUENCE(error_seq);
static const struct vans_particle negative_vans_seq[] = {{"Error", 0, 1, 1, &error, 0},
                                                         {"OriginalEnvelopeIdentifier", 1, 1, 1, &uuid, 0},
                                                         {"OriginalMessage", 2, 0, 1, &meta, 0}};
static const struct vans_type negative_vans = SEQUENCE(negative_vans_seq);
static const struct vans_particle negative_message_seq[] = {{"Error", 0, 1, 1, &error, 0},
                                                            {"OriginalEnvelopeIdentifier", 1, 1, 1, &uuid, 0},
                                                            {"OriginalMessage", 2, 1, 1, &meta, 0}};
static const struct vans_type negative_message = SEQUENCE(negative_message_seq);
static const struct vans_particle positive_message_seq[] = {{"OriginalEnvelopeIdentifier", 0, 1, 1, &uuid, 0},
                                                            {"OriginalMessage", 1, 1, 1, &meta, 0}};
static const struct vans_type positive_message = SEQUENCE(positive_message_seq);
static const struct vans_particle receipt_seq[] = {{"NegativeVans", 0, 1, 1, &negative_vans, 0},
                                                   {"NegativeMessage", 0, 1, 1, &negative_message, 0},
                                                   {"PositiveMessage", 0, 1, 1, &positive_message, 0}};
static const struct vans_type receipt = SEQUENCE(receipt_seq);
static const struct vans_particle envelope_seq[] = {
    {"SenderID", 0, 1, 1, &endpoint, 0},       {"ReceiverID", 1, 1, 1, &endpoint, 0},
    {"EnvelopeIdentifier", 2, 1, 1, &uuid, 0}, {"SentDateTime", 3, 1, 1, &sent, 0},
    {"Message", 4, 1, 1, &message, 0},         {"Receipt", 4, 1, 1, &receipt, 0}};
static const struct vans_type envelope = SEQUENCE(envelope_seq);

/* Paths cost a walk over siblings: once findings are only counted, there are none. */
struct place vans_node_place(const struct vans_check *c, const struct node *n) {
  if (c->f->list.n >= FINDINGS_MAX) return (struct place){.message = c->message, .line = n->line, .col = n->col};
  return node_place(c->f->arena, c->message, n);
}

static void check_attributes(const struct vans_check *c, const struct node *n, const char *wanted) {
  bool seen = false;
  for (const struct node *a = n->attrs; a; a = a->next) {
    bool hint =
        str_eqz(a->ns, XSI_NS) && (str_eqz(a->name, "schemaLocation") || str_eqz(a->name, "noNamespaceSchemaLocation"));
    if (hint || str_eqz(a->ns, NODE_XMLNS)) continue;
    if (wanted && a->ns.n == 0 && str_eqz(a->name, wanted))
      seen = true;
    else
      FINDING(c->f, &vans_rule_table[VANS_ATTRIBUTE_UNKNOWN], vans_node_place(c, n), n->name, a->name);
  }
  if (wanted && !seen)
    FINDING(c->f, &vans_rule_table[VANS_ATTRIBUTE_MISSING], vans_node_place(c, n), n->name, str_z(wanted));
}

static void check_blank(const struct vans_check *c, const struct node *n, struct str text) {
  struct str shown = str_trim(text);
  if (shown.n == 0) return;
  shown = str_sub(shown, 0, SHOWN_MAX);
  while (utf8_check(shown) != SIZE_MAX) shown.n--;
  FINDING(c->f, &vans_rule_table[VANS_ELEMENT_TEXT], vans_node_place(c, n), n->name, shown);
}

static const struct vans_particle *particle_of(const struct vans_type *t, const struct node *parent,
                                               const struct node *child) {
  if (!str_eq(child->ns, parent->ns)) return NULL;
  for (size_t i = 0; i < t->n; i++)
    if (str_eqz(child->name, t->particles[i].name)) return &t->particles[i];
  return NULL;
}

/* "Message | Receipt": the names that may fill a place. */
static struct str names_of_place(struct arena *a, const struct vans_type *t, unsigned place) {
  struct str names = {0};
  for (size_t i = 0; i < t->n; i++) {
    if (t->particles[i].place != place) continue;
    names = arena_printf(a, "%.*s%s%s", STR_F(names), names.n ? " | " : "", t->particles[i].name);
  }
  return names;
}

static void check_missing(const struct vans_check *c, const struct node *n, const struct vans_type *t,
                          const unsigned *counts) {
  for (size_t i = 0; i < t->n; i++) {
    const struct vans_particle *p = &t->particles[i];
    bool first = i == 0 || t->particles[i - 1].place != p->place;
    if (first && p->min && counts[p->place] == 0)
      FINDING(c->f, &vans_rule_table[VANS_ELEMENT_MISSING], vans_node_place(c, n), n->name,
              names_of_place(c->f->arena, t, p->place));
  }
}

static void check_element(const struct vans_check *c, const struct node *n, const struct vans_type *t);

/* One child of a sequence; *reached is the furthest place so far. */
static void check_child(const struct vans_check *c, const struct node *n, const struct node *child,
                        const struct vans_type *t, unsigned *counts, unsigned *reached) {
  const struct vans_particle *p = particle_of(t, n, child);
  if (!p) {
    FINDING(c->f, &vans_rule_table[VANS_ELEMENT_UNKNOWN], vans_node_place(c, child), child->name, n->name);
    return;
  }
  if (++counts[p->place] > p->max)
    FINDING(c->f, &vans_rule_table[p->over], vans_node_place(c, child), child->name, n->name);
  else if (p->place < *reached)
    FINDING(c->f, &vans_rule_table[VANS_ELEMENT_ORDER], vans_node_place(c, child), child->name, n->name);
  if (p->place > *reached) *reached = p->place;
  check_element(c, child, p->type);
}

static void check_sequence(const struct vans_check *c, const struct node *n, const struct vans_type *t) {
  unsigned counts[PLACES_MAX] = {0}, reached = 0;
  check_blank(c, n, n->text);
  for (NODE_EACH(child, n)) {
    if (child->kind == NODE_ELEMENT)
      check_child(c, n, child, t, counts, &reached);
    else
      check_blank(c, n, child->text);
  }
  check_missing(c, n, t, counts);
}

static void check_value(const struct vans_check *c, const struct node *n, const struct vans_type *t) {
  bool elements = false;
  for (NODE_EACH(child, n)) {
    if (child->kind != NODE_ELEMENT) continue;
    elements = true;
    FINDING(c->f, &vans_rule_table[VANS_ELEMENT_UNKNOWN], vans_node_place(c, child), child->name, n->name);
  }
  if (!elements && t->check) t->check(c, n);
}

/* Recursion ends with the schema: the deepest element stands six levels down. */
static void check_element(const struct vans_check *c, const struct node *n, const struct vans_type *t) {
  check_attributes(c, n, t->attribute);
  if (t->particles)
    check_sequence(c, n, t);
  else
    check_value(c, n, t);
}

void vans_check_schema(const struct vans_check *c, const struct node *root) {
  if (!str_eqz(root->ns, VANS_NS))
    FINDING(c->f, &vans_rule_table[VANS_NAMESPACE], vans_node_place(c, root), root->ns, STR(VANS_NS));
  check_element(c, root, &envelope);
}
