/* change: a deliberate fault made out of a valid message. */
#include "fhir/change.h"

#include "steps/steps_int.h"

static void check_path(struct keys *k, const struct node *path, struct str fixture) {
  struct fhirpath *fp;
  struct error e = {0};
  if (expand_has(path->text)) return;
  bool letter = letter_path_is(path, fixture);
  int rc = letter ? letter_path_check(path, fixture, &e) : fhirpath_parse(&fp, k->arena, path->text, &e);
  if (rc == 0) return;
  struct node at = args_offset(path, e.line, e.col);
  keys_complain(k, &at, "%s%s", letter ? "" : "FHIRPath: ", e.text);
}

static void check_change(struct keys *k, const struct node *item, struct str fixture) {
  static const struct key table[] = {{"remove", KEY_FHIRPATH, false, NULL},
                                     {"set", KEY_FHIRPATH, false, NULL},
                                     {"copy", KEY_FHIRPATH, false, NULL},
                                     {"value", KEY_TEXT, false, NULL},
                                     {0}};
  size_t n = 0;
  if (!keys_check(k, item, table)) return;
  for (NODE_EACH(c, item)) {
    if (str_eqz(c->name, "value")) continue;
    check_path(k, c, fixture);
    n++;
  }
  if (n != 1) keys_complain(k, item, "a change is just one of \"remove\", \"set\" (with \"value\") and \"copy\"");
  if (!node_child(item, "set") != !node_child(item, "value"))
    keys_complain(k, item, "\"set\" and \"value\" belong together");
}

void change_parse(struct keys *k, const struct node *list, struct str fixture) {
  if (list && list->kind != NODE_ARRAY) keys_complain(k, list, "\"change\" is a list of changes, in order");
  if (list && list->kind == NODE_ARRAY)
    for (NODE_EACH(item, list)) check_change(k, item, fixture);
}

/* The verb of an item, with its variables replaced. */
static int read_change(struct change *c, const struct expander *x, const struct node *item, struct error *e) {
  static const char *const verbs[] = {"remove", "set", "copy"};
  const struct node *path = NULL;
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs && !path; i++) path = node_child(item, verbs[i]);
  *c = (struct change){.verb = path->name};
  if (expand_text(&c->path, x, path->text, EXPAND_FHIRPATH, e) < 0) return -1;
  return expand_text(&c->value, x, keys_text(item, "value"), EXPAND_PLAIN, e);
}

static int change_one(struct node *root, const struct expander *x, const struct node *item, struct error *e) {
  struct change c;
  size_t n;
  if (read_change(&c, x, item, e) < 0 || change_apply(&n, x->v->scratch, root, &c, NULL, e) < 0) return -1;
  if (n) return 0;
  return error_set(e, ERR_CONFIG, "\"%.*s\" finds nothing in the fixture to change", STR_F(c.path));
}

int fixture_change(struct node *root, const struct expander *x, const struct node *changes, struct error *e) {
  for (NODE_EACH(item, changes)) {
    if (change_one(root, x, item, e) == 0) continue;
    struct error why = *e;
    return error_at(e, why.code, x->v->state->plan->protocol->source.name, item->line, item->col, "%s", why.text);
  }
  return 0;
}
