/* change: a deliberate fault made out of a valid message. */
#include "steps/steps_int.h"

/* What a change is applied to, one node at a time. */
struct change {
  struct arena *arena;
  struct str value;
  struct error *e;
};

static int change_remove(struct change *c, struct node *n) {
  if (!n->parent) return error_set(c->e, ERR_CONFIG, "the whole message cannot be removed");
  node_remove(n);
  return 0;
}

static bool fits(enum node_kind kind, struct str value) {
  double number;
  if (kind == NODE_BOOL) return str_eqz(value, "true") || str_eqz(value, "false");
  return kind == NODE_NUMBER && str_double(value, &number);
}

static int change_set(struct change *c, struct node *n) {
  if (n->kind == NODE_OBJECT || n->kind == NODE_ARRAY)
    return error_set(c->e, ERR_CONFIG, "only a primitive value can be set");
  if (!fits(n->kind, c->value)) n->kind = NODE_STRING;
  n->text = c->value;
  return 0;
}

static int change_copy(struct change *c, struct node *n) {
  if (!n->parent) return error_set(c->e, ERR_CONFIG, "the whole message cannot be copied into itself");
  struct node *copy = node_copy(c->arena, n);
  copy->parent = n->parent;
  copy->next = n->next;
  n->next = copy;
  if (n->parent->last == n) n->parent->last = copy;
  n->parent->count++;
  n->flags |= NODE_LISTED;
  copy->flags |= NODE_LISTED;
  return 0;
}

static const struct {
  const char *key;
  int (*apply)(struct change *c, struct node *n);
} changes_table[] = {{"remove", change_remove}, {"set", change_set}, {"copy", change_copy}};

/* Every node that the path finds, the last first, so that removing one leaves the others where they are. */
static int apply(struct change *c, struct node *root, const struct expander *x, struct str path,
                 int (*fn)(struct change *c, struct node *n)) {
  struct fhirpath *fp;
  struct fhirpath_result found = {0};
  struct fhirpath_env env = {0};
  struct str text;
  if (expand_text(&text, x, path, EXPAND_FHIRPATH, c->e) < 0) return -1;
  if (fhirpath_parse(&fp, c->arena, text, c->e) < 0) return -1;
  if (fhirpath_eval(&found, c->arena, fp, root, &env, c->e) < 0) return -1;
  size_t done = 0;
  for (size_t i = found.values.n; i > 0; i--) {
    if (!found.values.v[i - 1].node) continue;
    if (fn(c, (struct node *)found.values.v[i - 1].node) < 0) return -1;
    done++;
  }
  if (done) return 0;
  return error_set(c->e, ERR_CONFIG, "\"%.*s\" finds nothing in the fixture to change", STR_F(text));
}

static int change_one(struct change *c, struct node *root, const struct expander *x, const struct node *item) {
  for (size_t i = 0; i < sizeof changes_table / sizeof *changes_table; i++) {
    struct str path = keys_text(item, changes_table[i].key);
    if (path.n) return apply(c, root, x, path, changes_table[i].apply);
  }
  return 0;
}

int fixture_change(struct node *root, const struct expander *x, const struct node *changes, struct error *e) {
  for (NODE_EACH(item, changes)) {
    struct change c = {.arena = x->v->scratch, .e = e};
    if (expand_text(&c.value, x, keys_text(item, "value"), EXPAND_PLAIN, e) < 0) return -1;
    if (change_one(&c, root, x, item) == 0) continue;
    struct error why = *e;
    return error_at(e, why.code, x->v->state->plan->protocol->source.name, item->line, item->col, "%s", why.text);
  }
  return 0;
}
