#include "standards/skeleton_int.h"

struct nodes {
  struct node **v;
  size_t n;
};

/* Takes all segments and octets out of the groups of a message, in order. */
static void take_out(struct nodes *out, struct node *group) {
  while (group->first) {
    struct node *c = group->first;
    node_remove(c);
    if (c->kind == NODE_GROUP)
      take_out(out, c);
    else
      out->v[out->n++] = c;
  }
}

/* The node of a group; a sequence has that of the group around it. */
static struct node *node_of(struct skeleton_match *m, struct arena *a, struct node *message, size_t group,
                            const struct node *first) {
  struct skeleton_group *g = &m->groups.v[group];
  if (!group) return message;
  if (g->item && g->item->kind == SKELETON_SEQUENCE) return node_of(m, a, message, g->parent, first);
  if (g->node) return g->node;
  g->node = node_new(a, NODE_GROUP);
  g->node->name = g->item ? g->item->name : first->name;
  g->node->line = first->line, g->node->col = first->col;
  node_append(node_of(m, a, message, g->parent, first), g->node);
  return g->node;
}

void skeleton_regroup(struct skeleton_match *m, struct arena *a, struct node *message) {
  struct nodes all = {.v = ARENA_ARRAY(a, struct node *, node_size(message))};
  struct node *in = message;
  size_t next = 0;
  take_out(&all, message);
  for (size_t i = 0; i < all.n; i++) {
    if (next < m->places.n && m->places.v[next].segment == all.v[i])
      in = node_of(m, a, message, m->places.v[next++].group, all.v[i]);
    else if (all.v[i]->kind == NODE_SEGMENT)
      in = message;
    node_append(in, all.v[i]);
  }
}

int skeletons_regroup(const struct skeletons *s, struct arena *a, struct node *root, struct error *e) {
  for (struct node *m = edifact_message(root); m; m = edifact_message_next(m)) {
    const struct skeleton_version *v = skeletons_version(s, skeleton_version_of(m));
    struct skeleton *skeleton;
    struct skeleton_match match;
    if (!v || !v->skeleton.n) continue;
    if (skeletons_open(&skeleton, a, s, v, e) < 0) return -1;
    skeleton_match(&match, a, skeleton, m);
    skeleton_regroup(&match, a, m);
  }
  return 0;
}

/* The sign of a key of few codes: "N or M" would be read as words, so they stand as in the file: (N|M). */
static struct str key_text(struct arena *a, const struct skeleton_part *key) {
  if (key->kind == SKELETON_FIXED) return key->text;
  if (key->codes->name.n) return arena_printf(a, "@%.*s", STR_F(key->codes->name));
  struct str s = key->codes->codes.v[0];
  for (size_t i = 1; i < key->codes->codes.n; i++)
    s = arena_printf(a, "%.*s|%.*s", STR_F(s), STR_F(key->codes->codes.v[i]));
  return key->codes->codes.n > 1 ? arena_printf(a, "(%.*s)", STR_F(s)) : s;
}

static struct str segment_text(struct arena *a, const struct skeleton_item *item) {
  static const char plus[] = "++++++++", colons[] = "::::::::";
  const struct skeleton_part *key = item->key;
  if (!key || key->element >= sizeof plus || key->component >= sizeof colons) return item->name;
  return arena_printf(a, "%.*s%.*s%.*s%.*s", STR_F(item->name), (int)key->element, plus, (int)key->component - 1,
                      colons, STR_F(key_text(a, key)));
}

/* A group is told by the segment behind its trigger, which says which of several it is. */
struct str skeleton_item_text(struct arena *a, const struct skeleton_item *item) {
  while (item->kind == SKELETON_SEQUENCE) item = &item->items.v[0];
  if (item->kind == SKELETON_SEGMENT)
    return item->parts.n && item->parts.v[0].element == 1 && item->name.p[0] == 'S' && item->name.p[1] <= '9'
               ? item->name
               : segment_text(a, item);
  const struct skeleton_item *second = &item->items.v[item->kind == SKELETON_GROUP && item->items.n > 1];
  if (second->kind != SKELETON_SEGMENT || second == &item->items.v[0]) return item->name;
  return arena_printf(a, "%.*s (%.*s)", STR_F(item->name), STR_F(segment_text(a, second)));
}
