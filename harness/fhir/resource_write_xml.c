/* The XML form (FHIR R4, 2.6.1) of a FHIR tree. With shapes, elements stand in the order of the standard. */
#include "fhir/resource_int.h"
#include "fhir/shapes.h"
#include "formats/xml.h"

#include <stdlib.h>

struct to_xml {
  struct arena *a; /* scratch */
  struct buf *out;
  const struct shapes *shapes;
  int indent;
};

struct child {
  const struct node *node;
  struct shape_use use;
  int rank;
  size_t index;
};

static void write_element(struct to_xml *w, const struct child *c, int depth);

static void new_line(struct to_xml *w, int depth) {
  if (w->indent <= 0) return;
  buf_byte(w->out, '\n');
  for (int i = 0; i < depth * w->indent; i++) buf_byte(w->out, ' ');
}

static void attribute(struct to_xml *w, const char *name, struct str value) {
  buf_printf(w->out, " %s=\"", name);
  xml_escape_attr(w->out, value);
  buf_byte(w->out, '"');
}

/* id is an attribute of an element, but an element of a resource; url is an attribute of Extension alone. */
static bool is_attribute(const struct node *c) {
  const struct node *parent = c->parent;
  if (c->first || parent->type.n) return false;
  if (str_eqz(c->name, "id")) return true;
  return str_eqz(c->name, "url") && (str_eqz(parent->name, "extension") || str_eqz(parent->name, "modifierExtension"));
}

static void write_attributes(struct to_xml *w, const struct node *n) {
  static const char *const names[] = {"id", "url"};
  for (size_t i = 0; i < 2; i++) {
    const struct node *c = node_child(n, names[i]);
    if (c && is_attribute(c)) attribute(w, names[i], c->text);
  }
  if (n->kind == NODE_STRING || n->kind == NODE_NUMBER || n->kind == NODE_BOOL) attribute(w, "value", n->text);
}

/* Depth of inheritance first (what the base has stands before the own), then the order of the rows. */
static int rank_of(const struct to_xml *w, const struct shape *content, const struct shape_use *use) {
  if (!use->element) return INT32_MAX;
  int depth = 0;
  for (const struct shape *c = content; c && depth < SHAPES_CHAIN_MAX; depth++) {
    if (use->element->path.n > c->path.n && str_starts(use->element->path, c->path) &&
        use->element->path.p[c->path.n] == '.')
      break;
    c = shapes_find(w->shapes, c->types);
  }
  return (SHAPES_CHAIN_MAX - depth) * 1000000 + use->element->order;
}

static int compare_children(const void *x, const void *y) {
  const struct child *cx = x, *cy = y;
  if (cx->rank != cy->rank) return cx->rank < cy->rank ? -1 : 1;
  return cx->index < cy->index ? -1 : cx->index > cy->index;
}

static void write_children(struct to_xml *w, const struct node *n, const struct shape *content, int depth) {
  struct child *list = ARENA_ARRAY(w->a, struct child, n->count + 1);
  size_t many = 0;
  for (NODE_EACH(c, n)) {
    if (is_attribute(c)) continue;
    struct child *item = &list[many++];
    item->index = many;
    item->node = c;
    item->use = shapes_child(w->shapes, content, c->name);
    item->rank = w->shapes ? rank_of(w, content, &item->use) : 0;
  }
  qsort(list, many, sizeof *list, compare_children);
  for (size_t i = 0; i < many; i++) write_element(w, &list[i], depth);
}

static bool has_elements(const struct node *n) {
  for (NODE_EACH(c, n))
    if (!is_attribute(c)) return true;
  return false;
}

static void close_tag(struct to_xml *w, struct str name, int depth) {
  new_line(w, depth);
  buf_addz(w->out, "</");
  buf_add(w->out, name);
  buf_byte(w->out, '>');
}

static void write_inner_resource(struct to_xml *w, const struct node *n, int depth) {
  buf_byte(w->out, '>');
  new_line(w, depth + 1);
  buf_byte(w->out, '<');
  buf_add(w->out, n->type);
  buf_byte(w->out, '>');
  write_children(w, n, shapes_type(w->shapes, n->type).content, depth + 2);
  close_tag(w, n->type, depth + 1);
  close_tag(w, n->name, depth);
}

/* Markup that is no well-formed div becomes the text of one. */
static void write_div(struct to_xml *w, const struct node *n, int depth) {
  new_line(w, depth);
  if (!xhtml_problem(w->a, n->text).en.n) {
    struct str markup = str_trim(n->text);
    if (str_starts(markup, STR("<?")) && str_find(markup, STR("?>"), 0) != SIZE_MAX)
      markup = str_trim(str_sub(markup, str_find(markup, STR("?>"), 0) + 2, markup.n));
    buf_add(w->out, markup);
    return;
  }
  buf_addz(w->out, "<div xmlns=\"" XML_XHTML_NS "\">");
  xml_escape_text(w->out, n->text);
  buf_addz(w->out, "</div>");
}

static void write_element(struct to_xml *w, const struct child *c, int depth) {
  const struct node *n = c->node;
  if (n->kind == NODE_STRING && str_eqz(n->name, "div") && str_eqz(n->parent->name, "text")) {
    write_div(w, n, depth);
    return;
  }
  new_line(w, depth);
  buf_byte(w->out, '<');
  buf_add(w->out, n->name);
  if (n->type.n) {
    write_inner_resource(w, n, depth);
    return;
  }
  write_attributes(w, n);
  if (!has_elements(n)) {
    buf_addz(w->out, "/>");
    return;
  }
  buf_byte(w->out, '>');
  write_children(w, n, c->use.content, depth + 1);
  close_tag(w, n->name, depth);
}

void resource_write_xml(struct buf *out, const struct node *r, const struct shapes *shapes, int indent) {
  struct to_xml w = {arena_new(0), out, shapes, indent};
  buf_addz(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<");
  buf_add(out, r->type);
  buf_addz(out, " xmlns=\"" FHIR_NS "\">");
  write_children(&w, r, shapes_type(shapes, r->type).content, 1);
  close_tag(&w, r->type, 0);
  if (indent > 0) buf_byte(out, '\n');
  arena_free(w.a);
}
