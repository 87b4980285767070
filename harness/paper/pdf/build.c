#include "paper/pdf/build.h"

struct box *build_new(struct build *b, enum box_kind kind, const struct sheet_node *n) {
  struct box *box = ARENA_NEW(b->a, struct box);
  *box = (struct box){.kind = kind, .paper = b->paper};
  if (!n) return box;
  box->shape = style_shape(n);
  box->anchor = n->id;
  if (box->shape.outline) box->title = sheet_text(b->a, n);
  return box;
}

void build_add(struct build *b, struct box *to, struct box *child) {
  if (child) VEC_PUSH(b->a, &to->children, child);
}

static bool is_inline(const struct sheet_node *n) {
  if (n->element.n && (style_is_block(n) || style_is_hidden(n))) return false;
  for (SHEET_EACH(c, n))
    if (!is_inline(c)) return false;
  return true;
}

/* What stands between two blocks is a text of its own. */
void build_children(struct build *b, struct box *to, const struct sheet_node *n, struct ink ink) {
  for (const struct sheet_node *c = n->first; c;) {
    const struct sheet_node *end = c;
    while (end && is_inline(end)) end = end->next;
    if (end != c) build_add(b, to, build_text(b, c, end, ink));
    if (!end) break;
    if (!style_is_hidden(end)) build_add(b, to, build_boxes(b, end, ink));
    c = end->next;
  }
}

struct box *build_boxes(struct build *b, const struct sheet_node *n, struct ink outer) {
  struct ink ink = style_ink(n, outer);
  struct box *special = build_special(b, n, ink);
  if (special) return special;
  struct box *box = build_new(b, BOX_STACK, n);
  build_children(b, box, n, ink);
  return box->children.n || box->anchor.n ? box : NULL;
}
