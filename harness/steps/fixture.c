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

/* "#name" is one that travels with the protocol; else it is a file. */
int fixture_load(struct str *bytes, const struct expander *x, struct str file, struct error *e) {
  struct arena *a = x->v->scratch;
  if (str_starts(file, STR("#"))) {
    const struct node *own = protocol_fixture(x->v->state->plan->protocol, str_sub(file, 1, file.n));
    if (!own) return error_set(e, ERR_CONFIG, "the protocol has no fixture \"%.*s\"", STR_F(file));
    *bytes = own->text;
    return 0;
  }
  if (!file_name_is_inside(file))
    return error_set(e, ERR_CONFIG, "the fixture \"%.*s\" is outside fixtures/", STR_F(file));
  const char *path = file_join(a, file_join(a, x->v->services->data_dir, "fixtures"), arena_z(a, file));
  if (file_read(bytes, a, path, FIXTURE_BYTES_MAX, e) == 0) return 0;
  return error_set(e, e->code, "fixtures/%.*s %s", STR_F(file),
                   file_exists(path) ? "cannot be read, or is too large" : "is not there");
}

static int read_resource(struct node **out, enum resource_form *form, const struct expander *x, struct source src,
                         struct error *e) {
  struct arena *a = x->v->scratch;
  struct findings found;
  findings_init(&found, a);
  int read = resource_read(out, form, a, src, &found);
  if (findings_error(&found, e) < 0) return -1;
  if (read < 0) return error_at(e, ERR_SYNTAX, src.name, 0, 0, "it is no FHIR resource");
  return expand_node(*out, x, src.name, e);
}

int fixture_read(struct node **out, enum resource_form *form, const struct expander *x, struct str file,
                 struct error *e) {
  struct source src = {.name = file};
  return fixture_load(&src.bytes, x, file, e) < 0 ? -1 : read_resource(out, form, x, src, e);
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

static void check_with(struct keys *k, const struct node *with) {
  for (NODE_EACH(c, with))
    if (c->kind != NODE_STRING) keys_complain(k, c, "the value of \"%.*s\" must be a text", STR_F(c->name));
}

void fixture_parse(struct keys *k, const struct node *args) {
  struct str fixture = keys_text(args, "fixture");
  if (fixture.n && !expand_has(fixture) && !file_name_is_inside(fixture))
    keys_complain(k, node_child(args, "fixture"), "a fixture is a file under fixtures/, not \"%.*s\"", STR_F(fixture));
  check_with(k, node_child(args, "with"));
  change_parse(k, node_child(args, "change"), fixture);
}

static int read_with(struct facts *own, const struct expander *x, struct error *e) {
  for (NODE_EACH(c, node_child(x->v->at->step->args_node, "with"))) {
    struct str value;
    if (expand_text(&value, x, c->text, EXPAND_PLAIN, e) < 0) return -1;
    /* Empty values count as well: facts_put would leave them out. */
    VEC_PUSH(own->arena, &own->list, ((struct fact){c->name, value}));
  }
  return 0;
}

int fixture_open(struct source *out, const struct expander *x, struct facts *own, struct error *e) {
  struct str named = keys_text(x->v->at->step->args_node, "fixture");
  if (expand_text(&out->name, x, named, EXPAND_PLAIN, e) < 0 || read_with(own, x, e) < 0) return -1;
  return fixture_load(&out->bytes, x, out->name, e);
}

int fixture_take(struct node **out, enum resource_form *form, const struct expander *x, struct source src,
                 struct error *e) {
  if (read_resource(out, form, x, src, e) < 0) return -1;
  return fixture_change(*out, x, node_child(x->v->at->step->args_node, "change"), e);
}

int fixture_make(struct node **out, enum resource_form *form, const struct expander *x, struct facts *own,
                 struct error *e) {
  struct source src;
  return fixture_open(&src, x, own, e) < 0 ? -1 : fixture_take(out, form, x, src, e);
}

enum resource_form form_of_step(const struct step_view *v) {
  struct str form = keys_text(v->at->step->args_node, "form");
  if (!form.n) form = view_vendor(v)->form;
  return str_eqz(form, "xml") ? RESOURCE_XML : RESOURCE_JSON;
}

bool list_has(const struct node *list, const char *word) {
  if (list && list->kind != NODE_ARRAY) return str_eqz(list->text, word);
  for (NODE_EACH(c, list))
    if (str_eqz(c->text, word)) return true;
  return false;
}
