#include "fhir/change.h"

#include "fhir/fhirpath.h"
#include "fhir/resource.h"

#define CHANGE_JSON_MAX ((size_t)1 << 20)

/* What a change is applied to, one node at a time. */
struct changing {
  struct arena *arena;
  struct node *root;
  const struct change *change;
  const struct shapes *shapes;
  struct fhirpath *from; /* parsed; NULL: there is none */
  struct error *e;
};

static int do_remove(struct changing *c, struct node *n) {
  if (!n->parent) return error_set(c->e, ERR_CONFIG, "the whole message cannot be removed");
  node_remove(n);
  return 0;
}

static bool fits(enum node_kind kind, struct str value) {
  double number;
  if (kind == NODE_BOOL) return str_eqz(value, "true") || str_eqz(value, "false");
  return kind == NODE_NUMBER && str_double(value, &number);
}

static int value_of(struct str *out, struct changing *c, const struct node *n) {
  struct fhirpath_result r = {0};
  struct fhirpath_env env = {.resource = c->root, .root_resource = c->root, .shapes = c->shapes};
  *out = c->change->value;
  if (!c->from) return 0;
  if (fhirpath_eval(&r, c->arena, c->from, n, &env, c->e) < 0) return -1;
  if (r.values.n != 1 || r.values.v[0].type == FHIRPATH_NODE)
    return error_set(c->e, ERR_CONFIG, "\"%.*s\" gives %zu values, where one is to be set", STR_F(c->change->from),
                     r.values.n);
  *out = r.values.v[0].text;
  return 0;
}

static int do_set(struct changing *c, struct node *n) {
  struct str value;
  if (n->kind == NODE_OBJECT || n->kind == NODE_ARRAY)
    return error_set(c->e, ERR_CONFIG, "only a primitive value can be set");
  if (value_of(&value, c, n) < 0) return -1;
  if (!fits(n->kind, value)) n->kind = NODE_STRING;
  n->text = value;
  return 0;
}

static void insert_behind(struct node *at, struct node *n) {
  n->parent = at->parent;
  n->next = at->next;
  at->next = n;
  if (at->parent->last == at) at->parent->last = n;
  at->parent->count++;
}

static int do_copy(struct changing *c, struct node *n) {
  if (!n->parent) return error_set(c->e, ERR_CONFIG, "the whole message cannot be copied into itself");
  struct node *copy = node_copy(c->arena, n);
  insert_behind(n, copy);
  n->flags |= NODE_LISTED;
  copy->flags |= NODE_LISTED;
  return 0;
}

/* The object as the content of a resource: only so are its lists the repeated children that FHIR trees have. */
static int read_members(struct node **out, struct arena *a, struct str json, struct error *e) {
  enum resource_form form;
  struct findings f;
  struct str rest = str_trim(json);
  findings_init(&f, a);
  if (rest.n < 2 || rest.n > CHANGE_JSON_MAX || rest.p[0] != '{')
    return error_set(e, ERR_CONFIG, "what is added is a JSON object, not \"%.*s\"", STR_F(rest));
  struct str text = arena_printf(a, "{\"resourceType\":\"Basic\",%.*s", STR_F(str_sub(rest, 1, rest.n)));
  if (resource_read(out, &form, a, (struct source){STR("value"), text}, &f) == 0 && form == RESOURCE_JSON) return 0;
  return findings_error(&f, e) < 0 ? -1 : error_set(e, ERR_CONFIG, "what is added cannot be read");
}

static struct node *last_named(const struct node *n, struct str name) {
  struct node *last = NULL;
  for (NODE_EACH(c, n))
    if (str_eq(c->name, name)) last = c;
  return last;
}

/* Behind its like, for what repeats stands together in JSON. */
static int do_add(struct changing *c, struct node *n) {
  struct node *members, *next;
  if (read_members(&members, c->arena, c->change->value, c->e) < 0) return -1;
  for (struct node *m = members->first; m; m = next) {
    struct node *like = last_named(n, m->name);
    next = m->next;
    node_remove(m);
    if (like)
      insert_behind(like, m);
    else
      node_append(n, m);
  }
  return 0;
}

enum needs { NEEDS_NOTHING, NEEDS_TEXT, NEEDS_JSON };

static const struct verb {
  const char *name;
  enum needs needs;
  int (*apply)(struct changing *c, struct node *n);
} verbs[] = {{"remove", NEEDS_NOTHING, do_remove},
             {"set", NEEDS_TEXT, do_set},
             {"copy", NEEDS_NOTHING, do_copy},
             {"add", NEEDS_JSON, do_add}};

static const struct verb *verb_of(const struct change *c) {
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (str_eqz(c->verb, verbs[i].name)) return &verbs[i];
  return NULL;
}

static int check_needs(const struct change *c, enum needs needs, struct error *e) {
  bool value = c->value.p != NULL, from = c->from.p != NULL;
  if (needs == NEEDS_NOTHING && (value || from))
    return error_set(e, ERR_CONFIG, "\"%.*s\" takes neither \"value\" nor \"from\"", STR_F(c->verb));
  if (needs == NEEDS_TEXT && value == from)
    return error_set(e, ERR_CONFIG, "\"%.*s\" needs \"value\" or \"from\", not both", STR_F(c->verb));
  if (needs == NEEDS_JSON && (!value || from))
    return error_set(e, ERR_CONFIG, "\"%.*s\" needs \"value\", a JSON object", STR_F(c->verb));
  return 0;
}

int change_check(const struct change *c, struct error *e) {
  const struct verb *v = verb_of(c);
  struct fhirpath *fp;
  struct node *members;
  if (!v) return error_set(e, ERR_CONFIG, "a change is remove, set, copy or add, not \"%.*s\"", STR_F(c->verb));
  if (check_needs(c, v->needs, e) < 0) return -1;
  struct arena *a = arena_new(0);
  int result = fhirpath_parse(&fp, a, c->path, e);
  if (result == 0 && c->from.n) result = fhirpath_parse(&fp, a, c->from, e);
  if (result == 0 && v->needs == NEEDS_JSON) result = read_members(&members, a, c->value, e);
  arena_free(a);
  return result;
}

int change_apply(size_t *n, struct arena *a, struct node *root, const struct change *c, const struct shapes *shapes,
                 struct error *e) {
  struct fhirpath *fp;
  struct fhirpath_result found = {0};
  struct fhirpath_env env = {.shapes = shapes};
  struct changing k = {.shapes = shapes, .arena = a, .root = root, .change = c, .e = e};
  const struct verb *v = verb_of(c);
  *n = 0;
  if (!v) return change_check(c, e);
  if (fhirpath_parse(&fp, a, c->path, e) < 0 || fhirpath_eval(&found, a, fp, root, &env, e) < 0) return -1;
  if (c->from.n && fhirpath_parse(&k.from, a, c->from, e) < 0) return -1;
  for (size_t i = found.values.n; i > 0; i--) {
    if (!found.values.v[i - 1].node) continue;
    if (v->apply(&k, (struct node *)found.values.v[i - 1].node) < 0) return -1;
    ++*n;
  }
  return 0;
}

bool change_is_for(const struct str *codes, size_t n, struct str code) {
  bool asked = false, found = false;
  for (size_t i = 0; i < n; i++) {
    bool not = str_starts(codes[i], STR("!"));
    if (not &&str_eq(str_sub(codes[i], 1, codes[i].n), code)) return false;
    asked = asked || !not ;
    found = found || str_eq(codes[i], code);
  }
  return found || !asked;
}
