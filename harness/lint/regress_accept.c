/* The file of agreed changes. */
#include "formats/yaml.h"
#include "lint/regress_int.h"

static const struct key file_keys[] = {{"accept", KEY_NODE, true, NULL}, {0}};
static const struct key row_keys[] = {{"change", KEY_TEXT, false, "newly-failing|no-longer-failing|changed|definition"},
                                      {"rule", KEY_TEXT, false, NULL},
                                      {"profile", KEY_TEXT, false, NULL},
                                      {"element", KEY_TEXT, false, NULL},
                                      {"constraint", KEY_TEXT, false, NULL},
                                      {"reason", KEY_TEXT, true, NULL},
                                      {"by", KEY_TEXT, false, NULL},
                                      {0}};

static void read_row(struct regress *r, struct keys *k, const struct node *n) {
  if (n->kind != NODE_OBJECT) {
    keys_complain(k, n, "a row of \"accept\" is a mapping: rule, profile, element, constraint, change, reason, by");
    return;
  }
  if (!keys_check(k, n, row_keys)) return;
  struct regress_accept a = {.change = keys_text(n, "change"),
                             .rule = keys_text(n, "rule"),
                             .profile = keys_text(n, "profile"),
                             .element = keys_text(n, "element"),
                             .constraint = keys_text(n, "constraint"),
                             .reason = keys_text(n, "reason"),
                             .by = keys_text(n, "by"),
                             .line = n->line};
  if (!a.rule.n && !a.profile.n && !a.element.n && !a.constraint.n)
    keys_complain(k, n, "this row agrees to everything; say which rule, profile, element or constraint it is about");
  else
    VEC_PUSH(r->arena, &r->accepts, a);
}

int regress_accept_read(struct regress *r, struct source src, struct error *e) {
  struct node *root;
  struct findings f;
  struct keys k = {r->arena, src.name, &f};
  findings_init(&f, r->arena);
  if (yaml_read(&root, r->arena, src, &f) < 0) return findings_error(&f, e);
  if (root->kind != NODE_OBJECT) return error_at(e, ERR_SYNTAX, src.name, 1, 1, "a mapping with \"accept\" is needed");
  if (keys_check(&k, root, file_keys)) {
    const struct node *list = node_child(root, "accept");
    if (list->kind == NODE_ARRAY || list->kind == NODE_NULL)
      for (NODE_EACH(n, list)) read_row(r, &k, n);
    else
      keys_complain(&k, list, "\"accept\" is a list");
  }
  return findings_error(&f, e);
}
