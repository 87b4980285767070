/* change: a deliberate fault made out of a valid message. */
#include "fhir/change.h"

#include "steps/steps_int.h"

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
