#include "endpoint/rest.h"

bool rest_id_valid(struct str id) {
  if (!id.n || id.n > REST_ID_MAX || str_eqz(id, ".") || str_eqz(id, "..")) return false;
  for (size_t i = 0; i < id.n; i++)
    if (!ascii_is_alnum(id.p[i]) && id.p[i] != '-' && id.p[i] != '.') return false;
  return true;
}

/* Puts a child in front of all others. */
static void put_first(struct node *parent, struct node *child) {
  node_append(parent, child);
  struct node *before = parent->first;
  if (before == child) return;
  node_remove(child);
  child->parent = parent;
  child->next = before;
  parent->first = child;
  parent->count++;
}

void rest_set_id(struct arena *a, struct node *root, struct str id) {
  struct node *n = node_child(root, "id");
  if (!n) {
    n = node_new(a, NODE_STRING);
    n->name = STR("id");
    put_first(root, n);
  }
  n->text = arena_str(a, id);
}
