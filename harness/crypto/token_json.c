#include "crypto/token_int.h"

#include "formats/json.h"

static int depth_of(const struct node *n) {
  int deepest = 0;
  for (NODE_EACH(c, n)) {
    int d = depth_of(c);
    if (d > deepest) deepest = d;
  }
  return n->kind == NODE_OBJECT || n->kind == NODE_ARRAY ? deepest + 1 : deepest;
}

/* The first error that the reader found, as a reason. */
static struct said reason_of(const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++)
    if (f->list.v[i].severity == SEV_ERROR) return (struct said){f->list.v[i].en, f->list.v[i].da};
  return (struct said){STR("it is something else"), STR("det er noget andet")};
}

int token_object(const struct node **out, struct arena *a, struct source src, enum token_rule r, struct findings *f) {
  struct findings own;
  struct node *root;
  struct place where = {.message = src.name, .line = 1, .col = 1};
  struct said what = said_same(src.name);
  findings_init(&own, a);
  bool read = json_read(&root, a, src, &own) == 0 && findings_worst(&own) < (int)SEV_ERROR;
  if (!read || root->kind != NODE_OBJECT) {
    struct said why = reason_of(&own);
    if (own.list.n) where = own.list.v[0].where;
    if (r == JWKS_R_FORM) what = why;
    findings_add_said(f, &token_rules[r], where, 2, (struct said[]){what, why});
    return -1;
  }
  if (depth_of(root) > TOKEN_DEPTH_MAX) {
    FINDING(f, &token_rules[TOKEN_R_DEPTH], where, src.name, arena_printf(a, "%d", TOKEN_DEPTH_MAX));
    return -1;
  }
  *out = root;
  return 0;
}
