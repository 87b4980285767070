/* Fixtures: a message template under fixtures/, its variables replaced in the tree, so that nothing needs escaping. */
#include "base/file.h"
#include "steps/steps_int.h"

static int expand_node(struct node *n, const struct expander *x, struct str file, struct error *e) {
  if (expand_has(n->text)) {
    bool markup = str_eqz(n->name, "div") && str_starts(str_trim(n->text), STR("<"));
    struct error why;
    if (expand_text(&n->text, x, n->text, markup ? EXPAND_XML : EXPAND_PLAIN, &why) < 0)
      return error_at(e, why.code, file, n->line, n->col, "%s", why.text);
  }
  for (NODE_EACH(c, n))
    if (expand_node(c, x, file, e) < 0) return -1;
  return 0;
}

int fixture_read(struct node **out, enum resource_form *form, const struct expander *x, struct str file,
                 struct error *e) {
  struct arena *a = x->v->scratch;
  struct findings found;
  struct str bytes;
  if (!file_name_is_inside(file))
    return error_set(e, ERR_CONFIG, "the fixture \"%.*s\" is outside fixtures/", STR_F(file));
  const char *path = file_join(a, file_join(a, x->v->services->data_dir, "fixtures"), arena_z(a, file));
  if (file_read(&bytes, a, path, FIXTURE_BYTES_MAX, e) < 0)
    return error_set(e, e->code, "fixtures/%.*s %s", STR_F(file),
                     file_exists(path) ? "cannot be read, or is too large" : "is not there");
  findings_init(&found, a);
  int read = resource_read(out, form, a, (struct source){file, bytes}, &found);
  if (findings_error(&found, e) < 0) return -1;
  if (read < 0) return error_at(e, ERR_SYNTAX, file, 0, 0, "it is no FHIR resource");
  return expand_node(*out, x, file, e);
}

int fixture_write(struct str *out, const struct step_view *v, const struct node *root, enum resource_form from,
                  enum resource_form to, struct error *e) {
  struct buf b;
  if (from != to && to == RESOURCE_JSON && !v->services->shapes)
    return error_set(e, ERR_CONFIG, "the facts of FHIR R4 are not there, so XML cannot be written as JSON");
  buf_init(&b, FIXTURE_BYTES_MAX);
  resource_write(&b, root, to, v->services->shapes, 2);
  bool full = b.full;
  *out = buf_take(&b, v->scratch);
  return full ? error_set(e, ERR_LIMIT, "the message is larger than %zu bytes", FIXTURE_BYTES_MAX) : 0;
}

bool list_has(const struct node *list, const char *word) {
  if (list && list->kind != NODE_ARRAY) return str_eqz(list->text, word);
  for (NODE_EACH(c, list))
    if (str_eqz(c->text, word)) return true;
  return false;
}
