/* Which type a node has, whether it may, and what this type and its profiles demand. */
#include "validate/profile_int.h"

bool type_is_primitive(struct str type) {
  return type.n && type.p[0] >= 'a' && type.p[0] <= 'z';
}

/* The type with its first letter in upper case is what follows the choice's name. */
static bool is_suffix(struct str type, struct str suffix) {
  return type.n == suffix.n && str_eq_nocase(str_sub(type, 0, 1), str_sub(suffix, 0, 1)) &&
         str_eq(str_sub(type, 1, type.n), str_sub(suffix, 1, suffix.n));
}

static struct str choice_type(const struct schema_element *e, struct str suffix) {
  for (size_t i = 0; i < e->def->types.n; i++) {
    struct str type = schema_type_name(e->def->types.v[i].name);
    if (is_suffix(type, suffix)) return type;
  }
  return (struct str){0};
}

struct str check_type_of(const struct schema_element *e, const struct node *n) {
  if (n->type.n) return n->type;
  const struct schema_element *of = e->choice ? e : e->sliced && e->sliced->choice ? e->sliced : NULL;
  while (of && of->sliced) of = of->sliced;
  if (of && n->name.n > of->name.n) {
    struct str suffix = str_sub(n->name, of->name.n, n->name.n);
    struct str type = choice_type(e, suffix);
    if (!type.n) type = choice_type(of, suffix);
    return type.n ? type : suffix;
  }
  return e->def->types.n ? schema_type_name(e->def->types.v[0].name) : (struct str){0};
}

static bool allows(struct checker *k, const struct element_type *t, struct str type) {
  struct str name = schema_type_name(t->name);
  if (str_eq(name, type) || str_eqz(name, "Resource") || str_eqz(name, "Element")) return true;
  if (is_suffix(type, name)) return true;
  return shapes_is_a(k->cache->shapes, type, name);
}

static const struct element_type *find_type(struct checker *k, const struct schema_element *e, struct str type) {
  for (size_t i = 0; i < e->def->types.n; i++)
    if (str_eq(schema_type_name(e->def->types.v[i].name), type)) return &e->def->types.v[i];
  for (size_t i = 0; i < e->def->types.n; i++)
    if (allows(k, &e->def->types.v[i], type)) return &e->def->types.v[i];
  return NULL;
}

static struct str type_list(struct checker *k, const struct schema_element *e) {
  struct buf b;
  buf_init(&b, 4096);
  for (size_t i = 0; i < e->def->types.n; i++) {
    if (i) buf_addz(&b, ", ");
    buf_add(&b, schema_type_name(e->def->types.v[i].name));
  }
  return buf_take(&b, k->a);
}

struct str type_written(struct checker *k, struct str type) {
  if (!type.n || schema_of_type(k->cache, type)) return type;
  char *small = arena_z(k->a, type);
  if (*small >= 'A' && *small <= 'Z') *small = (char)(*small | 32);
  return schema_of_type(k->cache, str_z(small)) ? str_z(small) : type;
}

static bool is_object(const struct node *n) {
  return n->kind == NODE_OBJECT;
}

/* An element of a complex type is an object; a primitive one is not. In XML both look alike. */
static bool check_form(struct checker *k, const struct node *n, const struct schema_element *e, struct str type) {
  if (type_is_primitive(type) && is_object(n)) {
    if (k->form == RESOURCE_XML) return true;
    CHECK(k, PROFILE_NO_PRIMITIVE, n, e, type);
    return false;
  }
  if (!type_is_primitive(type) && type.n && !is_object(n) && n->kind != NODE_NULL) {
    CHECK(k, PROFILE_NO_COMPLEX, n, e, type);
    return false;
  }
  return true;
}

bool check_type(struct checker *k, const struct node *n, const struct schema_element *e, struct str type) {
  if (!e->parent) return true;
  if (!e->def->types.n) return true;
  if (!find_type(k, e, type)) {
    CHECK(k, PROFILE_TYPE, n, e, type_written(k, type), type_list(k, e));
    return false;
  }
  return check_form(k, n, e, type);
}

/* --- profiles on a type ----------------------------------------------------------- */

static bool is_base_profile(struct str canonical, struct str type) {
  struct str head = STR("http://hl7.org/fhir/StructureDefinition/");
  canonical = canonical_cut(canonical, NULL);
  return str_starts(canonical, head) && str_eq(str_sub(canonical, head.n, canonical.n), type);
}

static struct str strings(struct checker *k, const struct strs *list) {
  struct buf b;
  buf_init(&b, 4096);
  for (size_t i = 0; i < list->n; i++) {
    if (i) buf_addz(&b, ", ");
    buf_add(&b, list->v[i]);
  }
  return buf_take(&b, k->a);
}

static void check_one_profile(struct checker *k, const struct node *n, const struct schema_element *e,
                              struct str canonical) {
  struct schema *s = schema_of_profile(k->cache, canonical, e->schema);
  if (s)
    check_against(k, n, s);
  else
    CHECK(k, PROFILE_UNKNOWN, n, e, canonical);
}

/* Several profiles on a type: one of them must fit. */
static void check_any_profile(struct checker *k, const struct node *n, const struct schema_element *e,
                              const struct strs *profiles) {
  struct str missing = {0};
  struct schema *open = NULL;
  for (size_t i = 0; i < profiles->n; i++) {
    struct schema *s = schema_of_profile(k->cache, profiles->v[i], e->schema);
    if (!s)
      missing = profiles->v[i];
    else if (!check_conforms(k, n, s))
      continue;
    else if (!check_is_open(k, n, s))
      return;
    else if (!open)
      open = s;
  }
  if (open)
    check_add_open(k, n, open);
  else if (missing.n)
    CHECK(k, PROFILE_UNKNOWN, n, e, missing);
  else {
    struct reasons why = {0};
    struct finding *f = CHECK(k, PROFILE_NO_MATCH, n, e, strings(k, profiles));
    if (f) why_profiles(k, &why, n, e->schema, profiles);
    findings_explain(k->f, f, &why);
  }
}

static void check_profiles(struct checker *k, const struct node *n, const struct schema_element *e,
                           const struct element_type *t, struct str type) {
  if (t->profiles.n == 1 && !is_base_profile(t->profiles.v[0], type)) check_one_profile(k, n, e, t->profiles.v[0]);
  if (t->profiles.n > 1) check_any_profile(k, n, e, &t->profiles);
}

/* The type itself is checked once, where the base definition holds the element. */
static void check_base_type(struct checker *k, const struct node *n, const struct schema_element *e, struct str type) {
  if (str_eqz(type, "xhtml")) {
    check_narrative(k, n);
    return;
  }
  if (e->children.n && !type_is_primitive(type) && (str_eqz(type, "BackboneElement") || str_eqz(type, "Element")))
    return;
  struct schema *s = schema_of_type(k->cache, type);
  if (!s) {
    CHECK(k, PROFILE_TYPE_UNKNOWN, n, e, type);
    return;
  }
  check_against(k, n, s);
  if (type_is_primitive(type)) check_primitive(k, n, type);
  if (str_eqz(type, "Extension")) check_extension(k, n);
  if (str_eqz(type, "Coding")) check_coding(k, n);
  if (str_eqz(type, "Attachment")) check_attachment(k, n);
  if (str_eqz(type, "Identifier")) check_identifier(k, n);
}

/* An element that holds a resource holds one that says its type. */
static bool lacks_resource_type(const struct node *n, const struct schema_element *e, struct str type) {
  return !n->type.n && e->def->types.n && schema_is_base(e->schema) && n->kind == NODE_OBJECT &&
         str_eqz(type, "Resource");
}

void check_types(struct checker *k, const struct node *n, const struct schema_element *e, struct str type) {
  const struct element_type *t = find_type(k, e, type);
  if (!t) return;
  if (lacks_resource_type(n, e, type)) {
    CHECK(k, PROFILE_NO_TYPE, n, e);
    return;
  }
  if (n->type.n) {
    if (schema_is_base(e->schema)) check_resource(k, n);
  } else if (schema_is_base(e->schema)) {
    check_base_type(k, n, e, type);
  }
  check_profiles(k, n, e, t, type);
  if (str_eqz(type, "Narrative") && !schema_is_base(e->schema)) check_narrative_control(k, n, e);
  if (t->targets.n || t->aggregation || str_eqz(type, "Reference")) check_reference(k, n, e, t);
}
