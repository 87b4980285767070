/* The JSON form (FHIR R4, 2.6.2) of a FHIR tree. */
#include "fhir/resource_int.h"
#include "fhir/shapes.h"
#include "formats/json.h"

struct to_json {
  struct arena *a; /* scratch */
  struct buf *out;
  const struct shapes *shapes;
  int indent;
};

/* One object being written: where its next member goes. */
struct object {
  int depth;
  bool any;
};

static void write_object(struct to_json *w, const struct node *n, const struct shape *content, int depth,
                         bool extras_only);

static void new_line(struct to_json *w, int depth) {
  if (w->indent <= 0) return;
  buf_byte(w->out, '\n');
  for (int i = 0; i < depth * w->indent; i++) buf_byte(w->out, ' ');
}

static void separate(struct to_json *w, struct object *o) {
  if (o->any) buf_byte(w->out, ',');
  o->any = true;
  new_line(w, o->depth);
}

static void key(struct to_json *w, struct object *o, const char *head, struct str name) {
  separate(w, o);
  buf_byte(w->out, '"');
  buf_addz(w->out, head);
  buf_add(w->out, name);
  buf_addz(w->out, w->indent > 0 ? "\": " : "\":");
}

static bool has_value(const struct node *n) {
  return n->kind == NODE_STRING || n->kind == NODE_NUMBER || n->kind == NODE_BOOL;
}

/* From XML a primitive with only extensions cannot be told from a complex element but by its type. */
static bool is_primitive(const struct node *n, const struct shape_use *use) {
  if (has_value(n) || n->kind == NODE_NULL) return true;
  return shapes_is_primitive(use->type) && !n->type.n && resource_is_bare(n);
}

static bool looks_like_number(struct str s) {
  size_t i = s.n && s.p[0] == '-', digits = i;
  while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9') digits++;
  double d;
  if (digits == i || (s.p[i] == '0' && digits > i + 1) || s.p[s.n - 1] == '.') return false;
  return str_double(s, &d);
}

/* A value that is not of its type's form is written as a string: the reader shall see it as it was. */
static void write_value(struct to_json *w, const struct node *n, const struct shape_use *use) {
  enum node_kind kind = n->kind;
  if (kind == NODE_STRING && use->type.n) kind = shapes_json_kind(use->type);
  if (!has_value(n))
    buf_addz(w->out, "null");
  else if (n->kind != NODE_STRING || (kind == NODE_NUMBER && looks_like_number(n->text)) ||
           (kind == NODE_BOOL && (str_eqz(n->text, "true") || str_eqz(n->text, "false"))))
    buf_add(w->out, n->text);
  else
    json_write_string(w->out, n->text);
}

static const struct shape *content_of(struct to_json *w, const struct node *n, const struct shape_use *use) {
  return n->type.n ? shapes_type(w->shapes, n->type).content : use->content;
}

static void write_item(struct to_json *w, const struct node *n, const struct shape_use *use, int depth) {
  if (is_primitive(n, use))
    write_value(w, n, use);
  else
    write_object(w, n, content_of(w, n, use), depth, false);
}

static void write_extras(struct to_json *w, const struct node *n, int depth) {
  if (n->first)
    write_object(w, n, shapes_type(w->shapes, STR("string")).content, depth, true);
  else
    buf_addz(w->out, "null");
}

/* All items of a repeating element: values, or (extras) what belongs under "_name". */
static void write_list(struct to_json *w, const struct resource_group *g, const struct shape_use *use, int depth,
                       bool extras) {
  struct object list = {depth + 1, false};
  buf_byte(w->out, '[');
  for (size_t i = 0; i < g->n; i++) {
    separate(w, &list);
    if (extras)
      write_extras(w, g->items[i], depth + 1);
    else
      write_item(w, g->items[i], use, depth + 1);
  }
  new_line(w, depth);
  buf_byte(w->out, ']');
}

/* What a group of equal names needs: its values, and a list under "_name". */
struct needs {
  bool list, values, extras;
};

static struct needs look_at(const struct resource_group *g, const struct shape_use *use) {
  struct needs s = {.list = g->items[0]->flags & NODE_LISTED};
  if (use->element) s.list = use->element->many;
  for (size_t i = 0; i < g->n; i++) {
    bool primitive = is_primitive(g->items[i], use);
    s.values |= !primitive || has_value(g->items[i]);
    s.extras |= primitive && g->items[i]->first;
  }
  s.list |= g->n > 1;
  return s;
}

static void write_group(struct to_json *w, struct object *o, const struct resource_group *g,
                        const struct shape_use *use) {
  struct needs needs = look_at(g, use);
  if (needs.values) {
    key(w, o, "", g->name);
    if (needs.list)
      write_list(w, g, use, o->depth, false);
    else
      write_item(w, g->items[0], use, o->depth);
  }
  if (needs.extras) {
    key(w, o, "_", g->name);
    if (needs.list)
      write_list(w, g, use, o->depth, true);
    else
      write_extras(w, g->items[0], o->depth);
  }
}

static void write_object(struct to_json *w, const struct node *n, const struct shape *content, int depth,
                         bool extras_only) {
  struct object o = {depth + 1, false};
  buf_byte(w->out, '{');
  if (n->type.n && !extras_only) {
    key(w, &o, "", STR("resourceType"));
    json_write_string(w->out, n->type);
  }
  size_t count;
  struct resource_group *groups = resource_groups(w->a, n, &count);
  for (size_t i = 0; i < count; i++) {
    struct shape_use use = shapes_child(w->shapes, content, groups[i].name);
    write_group(w, &o, &groups[i], &use);
  }
  if (o.any) new_line(w, depth);
  buf_byte(w->out, '}');
}

void resource_write_json(struct buf *out, const struct node *r, const struct shapes *shapes, int indent) {
  struct to_json w = {arena_new(0), out, shapes, indent};
  write_object(&w, r, shapes_type(shapes, r->type).content, 0, false);
  if (indent > 0) buf_byte(out, '\n');
  arena_free(w.a);
}
