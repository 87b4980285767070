/* A value as people write it: a code as system|code, the rest as name: value. */
#include "base/utf8.h"
#include "validate/profile_int.h"

#define VALUE_TEXT_MAX ((size_t)300)
#define VALUE_DEPTH_MAX 8

static void describe(struct buf *b, const struct node *n, int depth);

static bool is_one_of(struct str s, const char *const *list) {
  for (; *list; list++)
    if (str_eqz(s, *list)) return true;
  return false;
}

static void describe_list(struct buf *b, const struct node *n, const char *name, int depth) {
  bool first = true;
  for (const struct node *c = node_child(n, name); c; c = node_again(c)) {
    if (!first) buf_addz(b, ", ");
    first = false;
    describe(b, c, depth + 1);
  }
}

/* What was not written yet, in brackets behind what was. */
static void describe_rest(struct buf *b, const struct node *n, const char *const *written, int depth) {
  bool any = false, alone = b->n == 0;
  for (NODE_EACH(c, n)) {
    if (is_one_of(c->name, written)) continue;
    buf_addz(b, any ? ", " : alone ? "" : " (");
    any = true;
    buf_add(b, c->name);
    buf_addz(b, ": ");
    describe(b, c, depth + 1);
  }
  if (any && !alone) buf_addz(b, ")");
}

static void describe_token(struct buf *b, const struct node *n, const char *name, int depth) {
  const char *const written[] = {"system", name, NULL};
  buf_add(b, node_text_at(n, "system"));
  buf_addz(b, "|");
  buf_add(b, node_text_at(n, name));
  describe_rest(b, n, written, depth);
}

static void describe_concept(struct buf *b, const struct node *n, int depth) {
  static const char *const written[] = {"coding", NULL};
  describe_list(b, n, "coding", depth);
  describe_rest(b, n, written, depth);
}

static void describe_quantity(struct buf *b, const struct node *n, int depth) {
  static const char *const written[] = {"comparator", "value", "unit", NULL};
  buf_add(b, node_text_at(n, "comparator"));
  buf_add(b, node_text_at(n, "value"));
  buf_addz(b, " ");
  buf_add(b, node_text_at(n, "unit"));
  describe_rest(b, n, written, depth);
}

static void describe_reference(struct buf *b, const struct node *n, int depth) {
  static const char *const written[] = {"reference", NULL};
  buf_add(b, node_text_at(n, "reference"));
  describe_rest(b, n, written, depth);
}

/* By the children that only such a type has. */
static void describe_object(struct buf *b, const struct node *n, int depth) {
  static const char *const none[] = {NULL};
  bool system = node_child(n, "system"), value = node_child(n, "value");
  if (node_child(n, "coding"))
    describe_concept(b, n, depth);
  else if (value && (node_child(n, "unit") || node_child(n, "comparator")))
    describe_quantity(b, n, depth);
  else if (node_child(n, "reference"))
    describe_reference(b, n, depth);
  else if (system && value)
    describe_token(b, n, "value", depth);
  else if (system || node_child(n, "code"))
    describe_token(b, n, "code", depth);
  else
    describe_rest(b, n, none, depth);
}

static void describe(struct buf *b, const struct node *n, int depth) {
  if (n->text.n) buf_add(b, n->text);
  if (n->first && depth <= VALUE_DEPTH_MAX) describe_object(b, n, depth);
}

struct str value_text(struct arena *a, const struct node *n) {
  struct buf b;
  buf_init(&b, VALUE_TEXT_MAX);
  describe(&b, n, 0);
  if (!b.full) return buf_take(&b, a);
  b.n = utf8_whole(buf_str(&b));
  struct str cut = arena_printf(a, "%.*s\u2026", (int)b.n, b.p);
  buf_release(&b);
  return cut;
}
