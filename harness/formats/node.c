#include "formats/node.h"

#include <string.h>

#include "base/buf.h"
#include "formats/edifact.h"

/* A path longer than this is cut: it is only shown to people. */
#define PATH_MAX_BYTES 4096

struct node *node_new(struct arena *a, enum node_kind kind) {
  struct node *n = ARENA_NEW(a, struct node);
  n->kind = kind;
  return n;
}

void node_append(struct node *parent, struct node *child) {
  child->parent = parent;
  child->next = NULL;
  if (parent->last)
    parent->last->next = child;
  else
    parent->first = child;
  parent->last = child;
  parent->count++;
}

static void remove_attr(struct node *child) {
  struct node **at = &child->parent->attrs;
  while (*at && *at != child) at = &(*at)->next;
  if (*at) *at = child->next;
}

static void remove_child(struct node *child) {
  struct node *parent = child->parent, *before = NULL;
  for (struct node *c = parent->first; c && c != child; c = c->next) before = c;
  if (before)
    before->next = child->next;
  else
    parent->first = child->next;
  if (parent->last == child) parent->last = before;
  parent->count--;
}

void node_remove(struct node *child) {
  if (!child->parent) return;
  if (child->kind == NODE_ATTR)
    remove_attr(child);
  else
    remove_child(child);
  child->parent = NULL;
  child->next = NULL;
}

/* Namespaces repeat from parent to child: one copy serves both. */
static struct str copy_ns(struct arena *a, const struct node *n, const struct node *copied_parent) {
  if (!n->ns.n) return (struct str){0};
  if (copied_parent && str_eq(copied_parent->ns, n->ns)) return copied_parent->ns;
  return arena_str(a, n->ns);
}

static struct str copy_str(struct arena *a, struct str s) {
  return s.n ? arena_str(a, s) : (struct str){0};
}

static struct node *copy_one(struct arena *a, const struct node *n, const struct node *copied_parent) {
  struct node *c = node_new(a, n->kind);
  c->flags = n->flags;
  c->name = copy_str(a, n->name);
  c->ns = copy_ns(a, n, copied_parent);
  c->prefix = copy_str(a, n->prefix);
  c->type = copy_str(a, n->type);
  c->text = copy_str(a, n->text);
  c->line = n->line;
  c->col = n->col;
  c->name_line = n->name_line;
  c->name_col = n->name_col;
  return c;
}

static struct node *copy_below(struct arena *a, const struct node *n, const struct node *copied_parent) {
  struct node *c = copy_one(a, n, copied_parent);
  struct node **end = &c->attrs;
  for (const struct node *attr = n->attrs; attr; attr = attr->next) {
    *end = copy_one(a, attr, c);
    (*end)->parent = c;
    end = &(*end)->next;
  }
  for (NODE_EACH(child, n)) node_append(c, copy_below(a, child, c));
  return c;
}

struct node *node_copy(struct arena *a, const struct node *n) {
  return copy_below(a, n, NULL);
}

struct node *node_child_str(const struct node *n, struct str name) {
  for (NODE_EACH(c, n))
    if (str_eq(c->name, name)) return c;
  return NULL;
}

struct node *node_again(const struct node *n) {
  for (struct node *c = n->next; c; c = c->next)
    if (str_eq(c->name, n->name)) return c;
  return NULL;
}

size_t node_count(const struct node *n, const char *name) {
  size_t count = 0;
  struct str wanted = str_z(name);
  for (NODE_EACH(c, n))
    if (str_eq(c->name, wanted)) count++;
  return count;
}

struct node *node_at_path(const struct node *n, const char *path) {
  struct str rest = str_z(path);
  struct node *at = NULL;
  while (rest.n) {
    at = node_child_str(at ? at : n, str_cut(&rest, '.'));
    if (!at) return NULL;
  }
  return at;
}

struct node *node_attr(const struct node *n, const char *name) {
  struct str wanted = str_z(name);
  for (struct node *a = n ? n->attrs : NULL; a; a = a->next)
    if (!a->ns.n && str_eq(a->name, wanted)) return a;
  return NULL;
}

/* Do two siblings count together in an index? */
static bool same_name(const struct node *x, const struct node *y) {
  return (x->kind == NODE_TEXT) == (y->kind == NODE_TEXT) && str_eq(x->name, y->name) && str_eq(x->ns, y->ns);
}

size_t node_index(const struct node *n) {
  size_t index = 0;
  bool all = n->parent && n->parent->kind == NODE_ARRAY;
  if (n->kind == NODE_ATTR) return 0;
  if (all && n == n->parent->last) return n->parent->count - 1;
  for (NODE_EACH(c, n->parent)) {
    if (c == n) break;
    if (all || same_name(c, n)) index++;
  }
  return index;
}

static bool has_index(const struct node *n, size_t index) {
  if (!n->parent || n->kind == NODE_ATTR) return false;
  if (index || n->parent->kind == NODE_ARRAY) return true;
  for (const struct node *c = n->next; c; c = c->next)
    if (same_name(c, n)) return true;
  return false;
}

static bool is_xml(const struct node *n) {
  return n->kind == NODE_ELEMENT || n->kind == NODE_ATTR || n->kind == NODE_TEXT;
}

static void put_name(struct buf *b, const struct node *n) {
  if (n->kind == NODE_TEXT) {
    buf_addz(b, "text()");
    return;
  }
  buf_addz(b, n->kind == NODE_ATTR ? "@" : "");
  if (n->prefix.n && n->kind == NODE_ATTR) {
    buf_add(b, n->prefix);
    buf_byte(b, ':');
  }
  buf_add(b, n->name.n || n->parent ? n->name : n->type);
}

static void put_path(struct buf *b, const struct node *n) {
  if (n->parent) put_path(b, n->parent);
  if (is_xml(n))
    buf_byte(b, '/');
  else if (b->n && n->name.n)
    buf_byte(b, '.');
  put_name(b, n);
  size_t index = n->parent ? node_index(n) : 0;
  if (has_index(n, index)) buf_printf(b, "[%zu]", index + (is_xml(n) ? 1 : 0));
}

/* Elements and components of a segment look like those of other trees: their root tells. */
static bool is_edifact(const struct node *n) {
  while (n->parent && n->kind != NODE_GROUP) n = n->parent;
  return n->kind == NODE_GROUP || n->kind == NODE_SEGMENT;
}

struct str node_path(struct arena *a, const struct node *n) {
  struct buf b;
  if (n && is_edifact(n)) return edifact_path(a, n);
  buf_init(&b, PATH_MAX_BYTES);
  if (n) put_path(&b, n);
  return buf_take(&b, a);
}

struct place node_place(struct arena *a, struct str name, const struct node *n) {
  struct place p = {.message = name};
  if (!n) return p;
  p.line = n->line;
  p.col = n->col;
  p.path = node_path(a, n);
  return p;
}

/* So many findings have paths whatever they cost; those behind them, while all siblings that all of them look at are
 * not more than these. */
#define DEAR_FINDINGS 20
#define DEAR_LOOKS ((size_t)4 << 20)

static bool is_dear(const struct findings *f, const struct node *n) {
  size_t most = 0;
  for (const struct node *p = n->parent; p; p = p->parent)
    if (p->count > most) most = p->count;
  return f->list.n >= DEAR_FINDINGS && most > DEAR_LOOKS / f->list.n;
}

struct str node_path_for(struct arena *a, const struct findings *f, const struct node *n) {
  if (!n || f->list.n >= FINDINGS_MAX || is_dear(f, n)) return (struct str){0};
  return node_path(a, n);
}

struct place node_place_for(const struct findings *f, struct str name, const struct node *n) {
  struct place p = {.message = name};
  if (!n) return p;
  p.line = n->line;
  p.col = n->col;
  p.path = node_path_for(f->arena, f, n);
  return p;
}

static bool is_xmlns(const struct node *attr) {
  return str_eqz(attr->ns, NODE_XMLNS);
}

static size_t count_attrs(const struct node *n) {
  size_t count = 0;
  for (const struct node *a = n->attrs; a; a = a->next) count += !is_xmlns(a);
  return count;
}

static bool has_attr_like(const struct node *n, const struct node *like) {
  for (const struct node *a = n->attrs; a; a = a->next)
    if (str_eq(a->name, like->name) && str_eq(a->ns, like->ns)) return str_eq(a->text, like->text);
  return false;
}

/* The order of attributes and the choice of prefixes say nothing in XML. */
static bool equal_attrs(const struct node *x, const struct node *y) {
  if (count_attrs(x) != count_attrs(y)) return false;
  for (const struct node *a = x->attrs; a; a = a->next)
    if (!is_xmlns(a) && !has_attr_like(y, a)) return false;
  return true;
}

static bool equal_one(const struct node *x, const struct node *y) {
  return x->kind == y->kind && x->count == y->count && str_eq(x->name, y->name) && str_eq(x->ns, y->ns) &&
         str_eq(x->type, y->type) && str_eq(x->text, y->text) && equal_attrs(x, y);
}

struct node *node_add(struct arena *a, struct node *parent, const char *name) {
  struct node *n = node_new(a, NODE_OBJECT);
  n->name = str_z(name);
  node_append(parent, n);
  return n;
}

static struct node *last_child(struct node *parent, struct str name) {
  struct node *found = NULL;
  for (NODE_EACH(c, parent))
    if (str_eq(c->name, name)) found = c;
  return found;
}

struct node *node_put(struct arena *a, struct node *parent, const char *path, struct str text) {
  struct str rest = str_z(path);
  while (str_index(rest, '.') != SIZE_MAX) {
    struct str name = str_cut(&rest, '.');
    struct node *next = last_child(parent, name);
    if (!next) {
      next = node_new(a, NODE_OBJECT);
      next->name = name;
      node_append(parent, next);
    }
    parent = next;
  }
  struct node *n = node_new(a, NODE_STRING);
  n->name = rest;
  n->text = text;
  node_append(parent, n);
  return n;
}

bool node_equal(const struct node *x, const struct node *y) {
  if (!x || !y) return x == y;
  if (!equal_one(x, y)) return false;
  const struct node *d = y->first;
  for (NODE_EACH(c, x)) {
    if (!node_equal(c, d)) return false;
    d = d->next;
  }
  return true;
}

size_t node_size(const struct node *n) {
  size_t size = n ? 1 : 0;
  for (NODE_EACH(c, n)) size += node_size(c);
  return size;
}

const char *node_kind_name(enum node_kind kind) {
  static const char *const names[] = {
      [NODE_NULL] = "null",  [NODE_BOOL] = "boolean",  [NODE_NUMBER] = "number",   [NODE_STRING] = "string",
      [NODE_ARRAY] = "list", [NODE_OBJECT] = "object", [NODE_ELEMENT] = "element", [NODE_ATTR] = "attribute",
      [NODE_TEXT] = "text",  [NODE_GROUP] = "group",   [NODE_SEGMENT] = "segment", [NODE_BINARY] = "octets",
  };
  return names[kind];
}
