/* EDIFACT interchanges made ready to be compared: elements and components by their number, free text by its lines. */
#include "diff/diff_int.h"
#include "formats/edifact.h"
#include "formats/edifact_text.h"

#define COUNT_DIGITS 12

struct making {
  struct arena *a;
  struct map *origins;
};

/* Where a node of ours comes from, for places; key is the pointer itself. */
static struct str key_of(struct arena *a, const struct node *n) {
  const struct node **p = ARENA_NEW(a, const struct node *);
  *p = n;
  return (struct str){(const char *)p, sizeof *p};
}

const struct node *diff_origin(const struct map *origins, const struct node *n) {
  const struct node *found = origins->n ? map_get(origins, (struct str){(const char *)&n, sizeof n}) : NULL;
  return found ? found : n;
}

static struct node *copy_of(const struct making *m, const struct node *n, enum node_kind kind, size_t number) {
  struct node *copy = node_new(m->a, kind);
  copy->name = number ? arena_printf(m->a, "%zu", number) : n->name;
  copy->text = n->text;
  copy->line = n->line;
  copy->col = n->col;
  map_set(m->origins, key_of(m->a, copy), (void *)n);
  return copy;
}

static bool is_empty(const struct node *n) {
  if (n->text.n) return false;
  for (NODE_EACH(c, n))
    if (!is_empty(c)) return false;
  return true;
}

/* Empty ones at the end are not there; an element of one component is that component. */
static void add_parts(const struct making *m, struct node *to, const struct node *from) {
  size_t n = 0, full = 0;
  for (NODE_EACH(c, from)) {
    n++;
    if (!is_empty(c)) full = n;
  }
  n = 0;
  for (NODE_EACH(c, from)) {
    if (++n > full) return;
    bool list = c->kind == NODE_ARRAY || to->kind == NODE_SEGMENT;
    struct node *copy = copy_of(m, c, list ? NODE_ARRAY : NODE_STRING, n);
    node_append(to, copy);
    if (c->kind == NODE_ARRAY)
      add_parts(m, copy, c);
    else if (list && c->text.n)
      node_append(copy, copy_of(m, c, NODE_STRING, 1));
    if (list) copy->text = (struct str){0};
  }
}

/* ---- free text: how it was cut into components and segments says nothing (legacy.md 3.5) ---- */

static void add_lines(const struct making *m, struct node *list, const struct free_text *t) {
  for (size_t i = 0; i < t->lines.n; i++) {
    struct node *line = copy_of(m, t->lines.v[i].node, NODE_STRING, 0);
    line->name = (struct str){0};
    line->text = free_line_plain(m->a, &t->lines.v[i]);
    node_append(list, line);
  }
}

/* Code and style as they are, then the lines of the whole run; what refers to a file or an address is no text. */
static struct node *text_of_run(const struct making *m, const struct node *ftx, const struct node **behind) {
  struct node *copy = copy_of(m, ftx, NODE_SEGMENT, 0);
  struct node *text = node_new(m->a, NODE_ARRAY);
  struct free_text lines;
  size_t n = 0;
  for (NODE_EACH(c, ftx)) {
    struct node *element = copy_of(m, c, NODE_ARRAY, ++n);
    if (n == 4) break;
    element->text = (struct str){0};
    node_append(copy, element);
    if (c->text.n || c->first) add_parts(m, element, c);
    if (!c->first && c->text.n) node_append(element, copy_of(m, c, NODE_STRING, 1));
  }
  text->name = STR("text");
  text->line = ftx->line;
  text->col = ftx->col;
  map_set(m->origins, key_of(m->a, text), (void *)ftx);
  *behind = free_text_read_format(&lines, m->a, ftx);
  add_lines(m, text, &lines);
  node_append(copy, text);
  return copy;
}

static bool is_reference(const struct node *ftx) {
  static const char *const codes[] = {"BIN", "SUP", "URL"};
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    if (str_eqz(edifact_text(ftx, 1, 1), codes[i])) return true;
  return false;
}

/* ---- the tree ---- */

static size_t segments_in(const struct node *group) {
  size_t n = 0;
  for (NODE_EACH(c, group)) n += c->kind == NODE_GROUP ? segments_in(c) : c->kind == NODE_SEGMENT;
  return n;
}

/* A count that is right follows from the rest, which is compared. */
static bool counts_right(const struct node *unt, const struct node *message) {
  int64_t n;
  return str_int(edifact_text(unt, 1, 1), &n) && (size_t)n == segments_in(message);
}

static struct node *segment_copy(const struct making *m, const struct node *from, const struct node *message,
                                 const struct node **behind) {
  if (str_eqz(from->name, "FTX") && !is_reference(from)) return text_of_run(m, from, behind);
  struct node *copy = copy_of(m, from, NODE_SEGMENT, 0);
  add_parts(m, copy, from);
  if (str_eqz(from->name, "UNT") && copy->first && counts_right(from, message)) node_remove(copy->first);
  return copy;
}

static struct node *group_copy(const struct making *m, const struct node *from, const struct node *message) {
  struct node *copy = copy_of(m, from, NODE_GROUP, 0);
  copy->text = (struct str){0};
  for (const struct node *c = from->first; c;) {
    const struct node *behind = c->next;
    struct node *made = c->kind == NODE_GROUP     ? group_copy(m, c, str_eqz(c->name, "message") ? c : message)
                        : c->kind == NODE_SEGMENT ? segment_copy(m, c, message, &behind)
                                                  : copy_of(m, c, NODE_STRING, 0);
    node_append(copy, made);
    c = behind;
  }
  return copy;
}

const struct node *diff_letter_tree(struct arena *a, const struct node *root, struct map *origins) {
  struct making m = {a, origins};
  return group_copy(&m, root, root);
}
