/* Extensions: known, in a place where they may stand, and modifiers only where modifiers go (FHIR R4, 2.4). */
#include "validate/profile_int.h"

/* What HL7's publishing tools note in definitions; their package belongs to no standard. */
#define TOOLING "http://hl7.org/fhir/tools/"

static bool is_absolute(struct str url) {
  return str_find(url, STR(":"), 0) != SIZE_MAX;
}

static bool is_extension(const struct node *n) {
  return str_eqz(n->name, "extension") || str_eqz(n->name, "modifierExtension");
}

/* --- context ------------------------------------------------------------------------ */

/* The paths by which the element may be called: its type, each type above, and the path from each of them. */
static struct shape_use use_of(const struct shapes *s, const struct node *n) {
  if (n->type.n || !n->parent) return shapes_type(s, n->type);
  return shapes_child(s, use_of(s, n->parent).content, n->name);
}

/* value[x] for a choice, else the name. */
static struct str element_name(struct checker *k, const struct node *n) {
  struct shape_use use = use_of(k->cache->shapes, n);
  if (!use.choice) return n->name;
  return arena_printf(k->a, "%.*s[x]", (int)(n->name.n - use.type.n), n->name.p);
}

/* "Patient.contact.name": walks up from n while the path's parts match; the first part is a type. */
static bool path_fits(struct checker *k, const struct node *n, struct str path) {
  for (;;) {
    struct shape_use use = use_of(k->cache->shapes, n);
    struct str type = n->type.n ? n->type : use.type;
    if (str_index(path, '.') == SIZE_MAX) return type.n && shapes_is_a(k->cache->shapes, type, path);
    size_t dot = path.n;
    while (dot > 0 && path.p[dot - 1] != '.') dot--;
    struct str last = str_sub(path, dot, path.n), name = element_name(k, n);
    if (!n->parent || (!str_eq(last, name) && !str_eq(last, n->name) && !str_eq(str_sub(name, 0, name.n - 3), last)))
      return false;
    path = str_sub(path, 0, dot - 1);
    n = n->parent;
  }
}

static bool inside_extension(const struct node *n, struct str expression) {
  size_t hash = str_index(expression, '#');
  struct str url = hash == SIZE_MAX ? expression : str_sub(expression, 0, hash);
  return is_extension(n) && str_eq(node_text_at(n, "url"), canonical_cut(url, NULL));
}

static bool fhirpath_fits(struct checker *k, const struct node *n, struct str expression) {
  struct fhirpath *fp;
  struct error e;
  struct fhirpath_result r = {0};
  struct fhirpath_env env = {.shapes = k->cache->shapes};
  if (fhirpath_parse(&fp, k->a, expression, &e)) return true;
  for (const struct node *up = n; up; up = up->parent) {
    if (fhirpath_eval(&r, k->a, fp, up, &env, &e)) continue;
    for (size_t i = 0; i < r.values.n; i++)
      if (r.values.v[i].node == n) return true;
  }
  return false;
}

/* R4's own definitions have these two on the type, though their context is something else. */
static bool is_where_r4_has_it(const struct node *n, const struct structure *extension) {
  return str_eqz(n->name, "type") &&
         (str_ends(extension->url, STR("/StructureDefinition/structuredefinition-fhir-type")) ||
          str_ends(extension->url, STR("/StructureDefinition/regex")));
}

static bool context_fits(struct checker *k, const struct node *n, const struct structure_context *c) {
  if (str_eqz(c->expression, "Element") || str_eqz(c->expression, "*")) return true;
  if (str_eqz(c->type, "extension")) return inside_extension(n, c->expression);
  if (str_eqz(c->type, "fhirpath")) return fhirpath_fits(k, n, c->expression);
  size_t hash = str_index(c->expression, '#');
  struct str path = hash == SIZE_MAX ? c->expression : str_sub(c->expression, hash + 1, c->expression.n);
  struct str head = STR("http://hl7.org/fhir/StructureDefinition/");
  if (str_starts(path, head)) path = str_sub(path, head.n, path.n);
  return path_fits(k, n, path);
}

static void check_context(struct checker *k, const struct node *n, const struct schema *s) {
  const struct structure *st = s->structure;
  if (!n->parent || !st->contexts.n || !k->cache->shapes || is_where_r4_has_it(n->parent, st)) return;
  for (size_t i = 0; i < st->contexts.n; i++)
    if (context_fits(k, n->parent, &st->contexts.v[i])) return;
  CHECK(k, PROFILE_EXTENSION_CONTEXT, n->parent, s->root, st->url);
}

/* --- one extension ---------------------------------------------------------------------- */

static void check_modifier(struct checker *k, const struct node *n, const struct schema *s) {
  bool is = s->root && s->root->def->is_modifier, stands = str_eqz(n->name, "modifierExtension");
  if (is && !stands) CHECK(k, PROFILE_EXTENSION_MODIFIER, n, s->root, s->structure->url);
  if (!is && stands) CHECK(k, PROFILE_EXTENSION_NOT_MODIFIER, n, s->root, s->structure->url);
}

/* A part of a complex extension has a url without a scheme, which the definition of the whole must have. */
static bool defines_part(const struct schema_element *e, struct str url) {
  for (size_t i = 0; i < e->children.n; i++) {
    const struct schema_element *x = e->children.v[i];
    if (!str_eqz(x->name, "extension")) continue;
    for (size_t j = 0; j < x->slices.n; j++) {
      const struct schema_element *u = schema_child(x->slices.v[j], STR("url"));
      if (u && u->def->fixed.node && str_eq(u->def->fixed.node->text, url)) return true;
    }
  }
  return false;
}

/* The whole extension that n is a part of, and the slices passed on the way, are not followed below one level. */
static void check_part(struct checker *k, const struct node *n, struct str url) {
  if (!is_extension(n->parent)) {
    CHECK(k, PROFILE_EXTENSION_RELATIVE, n, NULL, url);
    return;
  }
  struct str whole = node_text_at(n->parent, "url");
  if (!is_absolute(whole)) return;
  struct schema *s = schema_of_profile(k->cache, whole, k->from);
  if (s && s->root && !defines_part(s->root, url)) CHECK(k, PROFILE_EXTENSION_SUB, n, s->root, url, s->structure->url);
}

void check_extension(struct checker *k, const struct node *n) {
  struct str version, url = node_text_at(n, "url"), bare = canonical_cut(url, &version);
  if (!url.n || !n->parent) return;
  if (!is_absolute(url)) {
    check_part(k, n, url);
    return;
  }
  if (version.n) CHECK(k, PROFILE_EXTENSION_VERSION, n, NULL, url);
  struct schema *s = schema_of_profile(k->cache, bare, k->from);
  if (!s) {
    struct finding *f = CHECK(k, PROFILE_EXTENSION_UNKNOWN, n, NULL, url);
    if (f && str_starts(url, STR("http://hl7.org/fhir/5.0/StructureDefinition/extension-")))
      f->severity = SEV_UNDECIDED; /* stands for an element of R5, which needs no definition */
    if (f && (book_may_lack(k->cache->book, bare) || str_starts(url, STR(TOOLING)))) f->severity = SEV_UNDECIDED;
    if (f && str_starts(url, STR("http://example.org/"))) f->severity = SEV_WARNING; /* stands for nothing real */
    return;
  }
  check_against(k, n, s);
  if (s->problem) return;
  check_modifier(k, n, s);
  check_context(k, n, s);
}
