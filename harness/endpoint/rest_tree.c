#include "base/clock.h"
#include "endpoint/rest_int.h"

#define INDENT 2

bool rest_id_valid(struct str id) {
  if (!id.n || id.n > REST_ID_MAX || str_eqz(id, ".") || str_eqz(id, "..")) return false;
  for (size_t i = 0; i < id.n; i++)
    if (!ascii_is_alnum(id.p[i]) && id.p[i] != '-' && id.p[i] != '.') return false;
  return true;
}

struct node *rest_add(struct arena *a, struct node *parent, const char *name, enum node_kind kind, struct str text) {
  struct node *n = node_new(a, kind);
  n->name = str_z(name);
  n->text = text;
  node_append(parent, n);
  return n;
}

/* Moves the last child behind another one, or in front of all (NULL): XML without shapes is written as the tree is. */
static void move_last(struct node *parent, struct node *behind) {
  struct node *child = parent->last, *next = behind ? behind->next : parent->first;
  if (next == child) return;
  node_remove(child);
  child->parent = parent;
  child->next = next;
  *(behind ? &behind->next : &parent->first) = child;
  parent->count++;
}

/* The child of that name, made behind another one where it is missing. */
static struct node *child_at(struct arena *a, struct node *parent, const char *name, enum node_kind kind,
                             struct node *behind) {
  struct node *n = node_child(parent, name);
  if (n) return n;
  n = rest_add(a, parent, name, kind, (struct str){0});
  move_last(parent, behind);
  return n;
}

void rest_set_id(struct arena *a, struct node *root, struct str id) {
  child_at(a, root, "id", NODE_STRING, NULL)->text = arena_str(a, id);
}

void rest_stamp(struct arena *a, struct node *root, struct str id, int64_t version, int64_t at) {
  rest_set_id(a, root, id);
  struct node *meta = child_at(a, root, "meta", NODE_OBJECT, node_child(root, "id"));
  struct node *number = child_at(a, meta, "versionId", NODE_STRING, NULL);
  number->text = arena_printf(a, "%lld", (long long)version);
  struct node *time = node_child(meta, "lastUpdated");
  if (time) node_remove(time);
  if (at > 0) child_at(a, meta, "lastUpdated", NODE_STRING, number)->text = time_danish(a, at);
}

void rest_put_tree(struct rest_answer *out, struct arena *a, const struct node *root, enum resource_form form,
                   const struct shapes *shapes) {
  struct buf b;
  buf_init(&b, REST_ANSWER_MAX);
  resource_write(&b, root, form, shapes, INDENT);
  bool full = b.full;
  out->content_type = resource_mime(form);
  out->body = buf_take(&b, a);
  if (full) rest_refuse(out, a, &(struct rest_issue){REST_BROKEN, {STR("the answer is too large")}}, form);
}
