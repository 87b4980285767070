#include "fhir/image.h"

#include <stddef.h>
#include <string.h>

#include "fhir/definition_int.h"

#define FINGERPRINT_MAX ((size_t)64 << 10)

/* --- what hangs on what --- */

enum field_kind {
  FIELD_STR,
  FIELD_LIST, /* {v, n, cap} of what `of` tells */
  FIELD_NODE, /* a tree, or NULL */
  FIELD_MARK, /* a node that only has to be there */
  FIELD_CLEAR /* a pointer of this process */
};

struct layout;

struct field {
  enum field_kind kind;
  size_t at;
  const struct layout *of;
};

struct layout {
  size_t size;
  const struct field *fields;
  size_t n;
};

/* Any VEC. */
struct list {
  void *v;
  size_t n, cap;
};

#define LAYOUT(type, fields)                                                                                           \
  { sizeof(type), fields, sizeof(fields) / sizeof *(fields) }
#define S(type, member)                                                                                                \
  { FIELD_STR, offsetof(type, member), NULL }
#define L(type, member, layout)                                                                                        \
  { FIELD_LIST, offsetof(type, member), &(layout) }
#define P(type, member, kind)                                                                                          \
  { kind, offsetof(type, member), NULL }

static const struct field str_fields[] = {{FIELD_STR, 0, NULL}};
static const struct layout str_layout = LAYOUT(struct str, str_fields);
static const struct layout number_layout = {sizeof(size_t), NULL, 0};

static const struct field type_fields[] = {
    S(struct element_type, code),
    S(struct element_type, name),
    L(struct element_type, profiles, str_layout),
    S(struct element_type, regex),
    L(struct element_type, targets, str_layout),
};
static const struct layout type_layout = LAYOUT(struct element_type, type_fields);

static const struct field constraint_fields[] = {
    S(struct element_constraint, key),
    S(struct element_constraint, expression),
    S(struct element_constraint, source),
    S(struct element_constraint, human),
};
static const struct layout constraint_layout = LAYOUT(struct element_constraint, constraint_fields);

static const struct field discriminator_fields[] = {S(struct discriminator, path)};
static const struct layout discriminator_layout = LAYOUT(struct discriminator, discriminator_fields);

static const struct field element_fields[] = {
    S(struct element, id),
    S(struct element, path),
    S(struct element, slice_name),
    S(struct element, content_reference),
    L(struct element, types, type_layout),
    P(struct element, fixed.node, FIELD_NODE),
    S(struct element, fixed.type),
    P(struct element, pattern.node, FIELD_NODE),
    S(struct element, pattern.type),
    P(struct element, min_value.node, FIELD_NODE),
    S(struct element, min_value.type),
    P(struct element, max_value.node, FIELD_NODE),
    S(struct element, max_value.type),
    S(struct element, binding.value_set),
    S(struct element, binding.max_value_set),
    L(struct element, constraints, constraint_layout),
    L(struct element, slicing.discriminators, discriminator_layout),
    S(struct element, base_path),
    P(struct element, node, FIELD_MARK),
};
static const struct layout element_layout = LAYOUT(struct element, element_fields);

static const struct field context_fields[] = {S(struct structure_context, type),
                                              S(struct structure_context, expression)};
static const struct layout context_layout = LAYOUT(struct structure_context, context_fields);

static const struct field structure_fields[] = {
    S(struct structure, url),
    S(struct structure, version),
    S(struct structure, id),
    S(struct structure, name),
    S(struct structure, status),
    S(struct structure, fhir_version),
    S(struct structure, type),
    S(struct structure, base),
    L(struct structure, contexts, context_layout),
    L(struct structure, context_invariants, str_layout),
    L(struct structure, imposes, str_layout),
    L(struct structure, differential, element_layout),
    L(struct structure, snapshot, element_layout),
    P(struct structure, package, FIELD_CLEAR),
    P(struct structure, node, FIELD_CLEAR),
};

static const struct field property_fields[] = {S(struct concept_property, code), S(struct concept_property, value)};
static const struct layout property_layout = LAYOUT(struct concept_property, property_fields);

static const struct field code_fields[] = {
    S(struct code_concept, code),
    S(struct code_concept, display),
    L(struct code_concept, properties, property_layout),
    L(struct code_concept, displays, str_layout),
    L(struct code_concept, parents, number_layout),
};
static const struct layout code_layout = LAYOUT(struct code_concept, code_fields);

static const struct field code_system_fields[] = {
    S(struct code_system, url),
    S(struct code_system, version),
    S(struct code_system, name),
    S(struct code_system, supplements),
    S(struct code_system, hierarchy_meaning),
    S(struct code_system, value_set),
    L(struct code_system, concepts, code_layout),
    P(struct code_system, arena, FIELD_CLEAR),
    P(struct code_system, package, FIELD_CLEAR),
    P(struct code_system, node, FIELD_CLEAR),
};

static const struct field concept_fields[] = {
    S(struct value_set_concept, system),
    S(struct value_set_concept, version),
    S(struct value_set_concept, code),
    S(struct value_set_concept, display),
};
static const struct layout concept_layout = LAYOUT(struct value_set_concept, concept_fields);

static const struct field filter_fields[] = {
    S(struct value_set_filter, property),
    S(struct value_set_filter, op),
    S(struct value_set_filter, value),
};
static const struct layout filter_layout = LAYOUT(struct value_set_filter, filter_fields);

static const struct field part_fields[] = {
    S(struct value_set_part, system),
    S(struct value_set_part, version),
    L(struct value_set_part, concepts, concept_layout),
    L(struct value_set_part, filters, filter_layout),
    L(struct value_set_part, value_sets, str_layout),
    P(struct value_set_part, node, FIELD_MARK),
};
static const struct layout part_layout = LAYOUT(struct value_set_part, part_fields);

static const struct field value_set_fields[] = {
    S(struct value_set, url),
    S(struct value_set, version),
    S(struct value_set, name),
    S(struct value_set, status),
    L(struct value_set, includes, part_layout),
    L(struct value_set, excludes, part_layout),
    L(struct value_set, expansion, concept_layout),
    P(struct value_set, package, FIELD_CLEAR),
    P(struct value_set, node, FIELD_CLEAR),
};

static const struct layout layouts[] = {
    [IMAGE_STRUCTURE] = LAYOUT(struct structure, structure_fields),
    [IMAGE_VALUE_SET] = LAYOUT(struct value_set, value_set_fields),
    [IMAGE_CODE_SYSTEM] = LAYOUT(struct code_system, code_system_fields),
};

static void fingerprint_of(struct buf *out, const struct layout *l) {
  buf_printf(out, "(%zu", l->size);
  for (size_t i = 0; i < l->n; i++) {
    buf_printf(out, " %d@%zu", (int)l->fields[i].kind, l->fields[i].at);
    if (l->fields[i].of) fingerprint_of(out, l->fields[i].of);
  }
  buf_byte(out, ')');
}

struct str image_fingerprint(struct arena *a) {
  struct buf out;
  buf_init(&out, FINGERPRINT_MAX);
  buf_printf(&out, "%zu", sizeof(struct node));
  for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) fingerprint_of(&out, &layouts[i]);
  return buf_take(&out, a);
}

/* --- making --- */

struct image_header {
  uint64_t sum; /* of all behind it */
  uint32_t kind, size, pointers_n, pointers_at;
};

struct making {
  struct arena *scratch;
  struct buf *out;
  size_t start; /* of the image in out */
  VEC(uint32_t) pointers;
  struct map texts; /* text -> its offset + 1, as a pointer */
  size_t mark;      /* offset of the node that all marks mean; 0: not yet there */
};

void image_align(struct buf *out) {
  static const char zeros[IMAGE_ALIGNMENT];
  size_t over = out->n % IMAGE_ALIGNMENT;
  if (over) buf_add(out, (struct str){zeros, IMAGE_ALIGNMENT - over});
}

static size_t put(struct making *m, const void *bytes, size_t n) {
  image_align(m->out);
  size_t at = m->out->n - m->start;
  buf_add(m->out, (struct str){bytes, n});
  return at;
}

/* Makes the pointer at offset `at` mean offset `to`. */
static void point(struct making *m, size_t at, size_t to) {
  if (m->out->full) return;
  memcpy(m->out->p + m->start + at, &to, sizeof to);
  VEC_PUSH(m->scratch, &m->pointers, (uint32_t)at);
}

static void clear(struct making *m, size_t at) {
  static const void *const none = NULL;
  if (!m->out->full) memcpy(m->out->p + m->start + at, &none, sizeof none);
}

static void put_text(struct making *m, size_t at, struct str text) {
  size_t known = (size_t)(uintptr_t)map_get(&m->texts, text);
  clear(m, at + offsetof(struct str, p));
  if (!text.n) return;
  if (!known) {
    known = m->out->n - m->start + 1;
    buf_add(m->out, text);
    map_set(&m->texts, text, (void *)(uintptr_t)known);
  }
  point(m, at + offsetof(struct str, p), known - 1);
}

static size_t put_tree(struct making *m, const struct node *n, size_t parent);

static void put_children(struct making *m, const struct node *n, size_t at) {
  size_t before = 0;
  for (NODE_EACH(c, n)) {
    size_t child = put_tree(m, c, at);
    point(m, before ? before + offsetof(struct node, next) : at + offsetof(struct node, first), child);
    if (!c->next) point(m, at + offsetof(struct node, last), child);
    before = child;
  }
}

/* A FHIR tree; of its root the parent is left out. */
static size_t put_tree(struct making *m, const struct node *n, size_t parent) {
  struct node copy = *n;
  copy.parent = copy.first = copy.last = copy.next = copy.attrs = NULL;
  size_t at = put(m, &copy, sizeof copy);
  if (parent != SIZE_MAX) point(m, at + offsetof(struct node, parent), parent);
  put_text(m, at + offsetof(struct node, name), n->name);
  put_text(m, at + offsetof(struct node, ns), n->ns);
  put_text(m, at + offsetof(struct node, prefix), n->prefix);
  put_text(m, at + offsetof(struct node, type), n->type);
  put_text(m, at + offsetof(struct node, text), n->text);
  put_children(m, n, at);
  return at;
}

static void put_fields(struct making *m, const struct layout *l, const char *from, size_t at);

static void put_list(struct making *m, const struct field *f, const struct list *list, size_t at) {
  clear(m, at + offsetof(struct list, v));
  if (!m->out->full) memcpy(m->out->p + m->start + at + offsetof(struct list, cap), &list->n, sizeof list->n);
  if (!list->n) return;
  size_t rows = put(m, list->v, list->n * f->of->size);
  point(m, at + offsetof(struct list, v), rows);
  for (size_t i = 0; f->of->n && i < list->n && !m->out->full; i++)
    put_fields(m, f->of, (const char *)list->v + i * f->of->size, rows + i * f->of->size);
}

static void put_node(struct making *m, const struct node *n, size_t at) {
  clear(m, at);
  if (n) point(m, at, put_tree(m, n, SIZE_MAX));
}

static void put_mark(struct making *m, const struct node *n, size_t at) {
  static const struct node mark = {.kind = NODE_OBJECT};
  clear(m, at);
  if (n && !m->mark) m->mark = put_tree(m, &mark, SIZE_MAX);
  if (n) point(m, at, m->mark);
}

/* Puts what hangs on the struct at from, which has been copied to offset at. */
static void put_fields(struct making *m, const struct layout *l, const char *from, size_t at) {
  for (size_t i = 0; i < l->n; i++) {
    const struct field *f = &l->fields[i];
    const void *p = from + f->at;
    if (f->kind == FIELD_STR) put_text(m, at + f->at, *(const struct str *)p);
    if (f->kind == FIELD_LIST) put_list(m, f, p, at + f->at);
    if (f->kind == FIELD_NODE) put_node(m, *(struct node *const *)p, at + f->at);
    if (f->kind == FIELD_MARK) put_mark(m, *(struct node *const *)p, at + f->at);
    if (f->kind == FIELD_CLEAR) clear(m, at + f->at);
  }
}

/* Finds damage, not forgery. */
static uint64_t sum_of(const char *p, size_t n) {
  uint64_t sum = n, word;
  for (size_t i = 0; i + sizeof word <= n; i += sizeof word) {
    memcpy(&word, p + i, sizeof word);
    sum = (sum ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    sum ^= sum >> 32;
  }
  return sum;
}

static void put_header(struct making *m, enum image_kind kind) {
  struct image_header h = {.kind = (uint32_t)kind, .pointers_n = (uint32_t)m->pointers.n};
  h.pointers_at = (uint32_t)put(m, m->pointers.v, m->pointers.n * sizeof *m->pointers.v);
  image_align(m->out);
  h.size = (uint32_t)(m->out->n - m->start);
  if (m->out->full) return;
  char *p = m->out->p + m->start;
  memcpy(p, &h, sizeof h);
  h.sum = sum_of(p + sizeof h.sum, h.size - sizeof h.sum);
  memcpy(p, &h, sizeof h);
}

bool image_make(struct buf *out, enum image_kind kind, const void *definition) {
  const struct layout *l = &layouts[kind];
  struct making m = {.scratch = arena_new(0), .out = out, .start = out->n};
  struct image_header none = {0};
  map_init(&m.texts, m.scratch);
  put(&m, &none, sizeof none);
  size_t root = put(&m, definition, l->size);
  if (kind == IMAGE_CODE_SYSTEM && !out->full) /* made again on opening */
    memset(out->p + m.start + root + offsetof(struct code_system, by_code), 0, sizeof(struct map));
  put_fields(&m, l, definition, root);
  put_header(&m, kind);
  arena_free(m.scratch);
  return !out->full && out->n - m.start <= IMAGE_MAX;
}

/* --- opening --- */

static bool is_sound(const struct image_header *h, enum image_kind kind, struct str image) {
  return h->kind == (uint32_t)kind && h->size == image.n && h->size >= sizeof *h + layouts[kind].size &&
         h->pointers_at >= sizeof *h + layouts[kind].size && h->pointers_at <= h->size &&
         h->pointers_n <= (h->size - h->pointers_at) / sizeof(uint32_t) &&
         h->sum == sum_of(image.p + sizeof h->sum, image.n - sizeof h->sum);
}

/* Turns the offset at p into a pointer; false if it leads out of the image. */
static bool move(char *base, uint32_t size, uint32_t at) {
  uintptr_t value;
  if (at > size - sizeof value) return false;
  memcpy(&value, base + at, sizeof value);
  if (value >= size) return false;
  value += (uintptr_t)base;
  memcpy(base + at, &value, sizeof value);
  return true;
}

static void attach(struct arena *a, enum image_kind kind, void *definition, const struct package *package) {
  if (kind == IMAGE_STRUCTURE) ((struct structure *)definition)->package = package;
  if (kind == IMAGE_VALUE_SET) ((struct value_set *)definition)->package = package;
  if (kind != IMAGE_CODE_SYSTEM) return;
  struct code_system *cs = definition;
  cs->arena = a;
  cs->package = package;
  code_system_index(cs);
}

void *image_open(struct arena *a, enum image_kind kind, char *bytes, size_t n, const struct package *package) {
  struct image_header h;
  if (n < sizeof h || n > IMAGE_MAX) return NULL;
  memcpy(&h, bytes, sizeof h);
  if (!is_sound(&h, kind, (struct str){bytes, n})) return NULL;
  for (uint32_t i = 0; i < h.pointers_n; i++) {
    uint32_t at;
    memcpy(&at, bytes + h.pointers_at + i * sizeof at, sizeof at);
    if (!move(bytes, h.pointers_at, at)) return NULL;
  }
  void *definition = bytes + sizeof h;
  attach(a, kind, definition, package);
  return definition;
}
