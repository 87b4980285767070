/* Fixtures: a message template under fixtures/, its variables replaced in the tree, so that nothing needs escaping. */
#include "base/file.h"
#include "formats/xml.h"
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
static int fixture_bytes(struct str *bytes, const struct expander *x, struct str file, struct error *e) {
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

int fixture_read(struct node **out, enum resource_form *form, const struct expander *x, struct str file,
                 struct error *e) {
  struct arena *a = x->v->scratch;
  struct findings found;
  struct str bytes;
  if (fixture_bytes(&bytes, x, file, e) < 0) return -1;
  findings_init(&found, a);
  *form = RESOURCE_XML;
  bool letter = str_eqz(envelope_root_name(bytes), "Emessage");
  int read = letter ? xml_read(out, a, (struct source){file, bytes}, &found)
                    : resource_read(out, form, a, (struct source){file, bytes}, &found);
  if (findings_error(&found, e) < 0) return -1;
  if (read < 0) return error_at(e, ERR_SYNTAX, file, 0, 0, "it is no FHIR resource");
  return expand_node(*out, x, file, e);
}

int fixture_write(struct str *out, const struct step_view *v, const struct node *root, enum resource_form from,
                  enum resource_form to, struct error *e) {
  struct buf b;
  if (root->kind != NODE_ELEMENT && from != to && to == RESOURCE_JSON && !v->services->shapes)
    return error_set(e, ERR_CONFIG, "the facts of FHIR R4 are not there, so XML cannot be written as JSON");
  buf_init(&b, FIXTURE_BYTES_MAX);
  if (root->kind == NODE_ELEMENT) /* an OIOXML letter has one form only */
    xml_write(&b, root, 2);
  else
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
  change_parse(k, node_child(args, "change"));
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

int fixture_make(struct node **out, enum resource_form *form, const struct expander *x, struct facts *own,
                 struct error *e) {
  const struct node *args = x->v->at->step->args_node;
  struct str file;
  if (expand_text(&file, x, keys_text(args, "fixture"), EXPAND_PLAIN, e) < 0 || read_with(own, x, e) < 0) return -1;
  if (fixture_read(out, form, x, file, e) < 0) return -1;
  return fixture_change(*out, x, node_child(args, "change"), e);
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
