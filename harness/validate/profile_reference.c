/* References: what they resolve to, of which type and profile, and where it may stand (FHIR R4, 2.3.0 and 3.1.1.4). */
#include "base/map.h"
#include "validate/profile_int.h"

struct bundle_urls {
  struct map by_url; /* fullUrl -> entry */
  struct map by_id;  /* Type/id -> entry */
};

const struct node *bundle_above(const struct node *n, const struct node **entry) {
  for (; n && n->parent; n = n->parent)
    if (str_eqz(n->name, "entry") && str_eqz(n->parent->type, "Bundle")) {
      *entry = n;
      return n->parent;
    }
  return NULL;
}

static struct bundle_urls *urls_of(struct checker *k, const struct node *bundle) {
  const void *p = bundle;
  struct bundle_urls *u = map_get(&k->bundles, (struct str){(const char *)&p, sizeof p});
  if (u) return u;
  u = ARENA_NEW(k->a, struct bundle_urls);
  map_init(&u->by_url, k->a);
  map_init(&u->by_id, k->a);
  map_set(&k->bundles, arena_str(k->a, (struct str){(const char *)&p, sizeof p}), u);
  for (NODE_EACH(c, bundle)) {
    const struct node *r = str_eqz(c->name, "entry") ? node_child(c, "resource") : NULL;
    struct str url = node_text_at(c, "fullUrl"), id = node_text_at(r, "id");
    if (!r) continue;
    if (url.n && !map_get(&u->by_url, url)) map_set(&u->by_url, url, c);
    if (id.n) map_set(&u->by_id, arena_printf(k->a, "%.*s/%.*s", STR_F(r->type), STR_F(id)), c);
  }
  return u;
}

static struct str without_version(struct str reference) {
  size_t at = str_find(reference, STR("/_history/"), 0);
  return at == SIZE_MAX ? reference : str_sub(reference, 0, at);
}

static bool is_absolute(struct str s) {
  return str_find(s, STR("://"), 0) != SIZE_MAX || str_starts(s, STR("urn:"));
}

/* "http://server/base/" of "http://server/base/Patient/1". */
static struct str rest_base(struct str url) {
  int slashes = 0;
  if (!str_starts(url, STR("http"))) return (struct str){0};
  for (size_t i = url.n; i > 0; i--)
    if (url.p[i - 1] == '/' && ++slashes == 2) return str_sub(url, 0, i);
  return (struct str){0};
}

static const struct node *in_bundle(struct checker *k, const struct node *from, struct str reference) {
  const struct node *entry = NULL, *bundle = bundle_above(from, &entry);
  if (!bundle) return NULL;
  struct bundle_urls *u = urls_of(k, bundle);
  reference = without_version(reference);
  struct str full = node_text_at(entry, "fullUrl"), base = rest_base(full);
  const struct node *found = map_get(&u->by_url, reference);
  if (!found && !is_absolute(reference) && base.n)
    found = map_get(&u->by_url, arena_printf(k->a, "%.*s%.*s", STR_F(base), STR_F(reference)));
  if (!found && !is_absolute(reference) && !full.n) found = map_get(&u->by_id, reference);
  if (found) return node_child(found, "resource");
  return in_bundle(k, bundle, reference);
}

/* FHIRPath on the Bundle as a whole does not tell from which entry it asks: any entry will do. */
static const struct node *in_any_entry(struct checker *k, const struct node *bundle, struct str reference) {
  struct bundle_urls *u = urls_of(k, bundle);
  reference = without_version(reference);
  const struct node *found = map_get(&u->by_url, reference);
  if (!found && !is_absolute(reference)) found = map_get(&u->by_id, reference);
  return node_child(found, "resource");
}

/* The contained resources by id, the first of each; made when first needed. */
static const struct map *contained_of(struct checker *k, const struct node *r) {
  struct str key = {(const char *)&r, sizeof r};
  struct map *ids = map_get(&k->contained, key);
  if (ids) return ids;
  ids = ARENA_NEW(k->a, struct map);
  map_init(ids, k->a);
  for (NODE_EACH(c, r)) {
    struct str id = str_eqz(c->name, "contained") ? node_text_at(c, "id") : (struct str){0};
    if (id.n && !map_get(ids, id)) map_set(ids, id, c);
  }
  map_set(&k->contained, arena_str(k->a, key), ids);
  return ids;
}

static const struct node *contained_in(struct checker *k, const struct node *from, struct str id) {
  const struct node *r = check_resource_above(from);
  if (r && r->parent && str_eqz(r->name, "contained")) r = check_resource_above(r->parent);
  return id.n && r ? map_get(contained_of(k, r), id) : r;
}

const struct node *reference_resolve(struct checker *k, const struct node *from, struct str reference) {
  if (!reference.n) return NULL;
  if (reference.p[0] == '#') return contained_in(k, from, str_sub(reference, 1, reference.n));
  size_t hash = str_index(reference, '#');
  if (hash != SIZE_MAX) reference = str_sub(reference, 0, hash);
  const struct node *found = in_bundle(k, from, reference), *r = check_resource_above(from);
  return found || !r || !str_eqz(r->type, "Bundle") ? found : in_any_entry(k, r, reference);
}

struct str reference_type(struct str reference) {
  struct str type = {0}, rest = without_version(reference);
  if (str_starts(rest, STR("urn:")) || str_index(rest, '?') != SIZE_MAX || str_index(rest, '#') != SIZE_MAX)
    return type;
  struct str before = {0}, last = {0};
  while (rest.n) {
    before = last;
    last = str_cut(&rest, '/');
  }
  if (before.n && before.p[0] >= 'A' && before.p[0] <= 'Z') type = before;
  return type;
}

/* --- targets ---------------------------------------------------------------------- */

static bool type_allowed(struct checker *k, const struct schema_element *e, const struct element_type *t,
                         struct str type, bool *unknown) {
  for (size_t i = 0; i < t->targets.n; i++) {
    struct schema *s = schema_of_profile(k->cache, t->targets.v[i], e->schema);
    if (!s)
      *unknown = true;
    else if (str_eq(s->structure->type, type) || shapes_is_a(k->cache->shapes, type, s->structure->type))
      return true;
  }
  return t->targets.n == 0;
}

static struct str target_list(struct checker *k, const struct element_type *t) {
  struct buf b;
  buf_init(&b, 2000);
  for (size_t i = 0; i < t->targets.n; i++) {
    struct str head = STR("http://hl7.org/fhir/StructureDefinition/"), one = t->targets.v[i];
    if (i) buf_addz(&b, ", ");
    buf_add(&b, str_starts(one, head) ? str_sub(one, head.n, one.n) : one);
  }
  return buf_take(&b, k->a);
}

static bool known_type(struct checker *k, struct str type) {
  struct schema *s = schema_of_type(k->cache, type);
  return s && s->structure->kind == STRUCTURE_RESOURCE;
}

static void check_target_type(struct checker *k, const struct node *n, const struct schema_element *e,
                              const struct element_type *t, struct str type) {
  bool unknown = false;
  if (!type.n || type_allowed(k, e, t, type, &unknown)) return;
  if (unknown)
    CHECK(k, PROFILE_UNKNOWN, n, e, target_list(k, t));
  else
    CHECK(k, PROFILE_REFERENCE_TYPE, n, e, type, target_list(k, t));
}

/* The profiles for its type, each with what it lacks; those for other types only when there is none. */
static void explain_target(struct checker *k, struct finding *f, const struct schema_element *e,
                           const struct element_type *t, const struct node *target) {
  struct strs near = {0};
  struct reasons why = {0};
  for (size_t i = 0; f && i < t->targets.n; i++) {
    struct schema *s = schema_of_profile(k->cache, t->targets.v[i], e->schema);
    if (s && str_eq(s->structure->type, target->type)) VEC_PUSH(k->a, &near, t->targets.v[i]);
  }
  if (f) why_profiles(k, &why, target, e->schema, near.n ? &near : &t->targets);
  findings_explain(k->f, f, &why);
}

/* R4 itself names its profile vitalsigns as what derivedFrom of another may lead to. The reference validator takes
 * targets that are all R4's own as types; whether the profile was meant is open, so its fault alone fails nothing. */
static bool targets_are_of_r4(const struct element_type *t) {
  for (size_t i = 0; i < t->targets.n; i++)
    if (!str_starts(t->targets.v[i], STR("http://hl7.org/fhir/StructureDefinition/"))) return false;
  return true;
}

static void report_target(struct checker *k, const struct node *n, const struct schema_element *e,
                          const struct element_type *t, const struct node *target) {
  struct finding *f = CHECK(k, PROFILE_REFERENCE_PROFILE, n, e, node_text_at(n, "reference"), target_list(k, t));
  if (f && targets_are_of_r4(t)) f->severity = SEV_UNDECIDED;
  explain_target(k, f, e, t, target);
}

static bool fits_target(struct checker *k, const struct node *target, struct schema *s) {
  if (str_eq(s->structure->type, target->type)) return schema_is_base(s) || check_conforms(k, target, s);
  return schema_is_base(s) && shapes_is_a(k->cache->shapes, target->type, s->structure->type);
}

/* The resource must conform to one of the target profiles; what is only a base type was judged by its type. */
static void check_target_profile(struct checker *k, const struct node *n, const struct schema_element *e,
                                 const struct element_type *t, const struct node *target) {
  struct str missing = {0};
  struct schema *open = NULL;
  if (schema_is_base(e->schema)) return;
  for (size_t i = 0; i < t->targets.n; i++) {
    struct schema *s = schema_of_profile(k->cache, t->targets.v[i], e->schema);
    if (!s)
      missing = t->targets.v[i];
    else if (!fits_target(k, target, s))
      continue;
    else if (schema_is_base(s) || !check_is_open(k, target, s))
      return;
    else if (!open)
      open = s;
  }
  if (open)
    check_add_open(k, target, open);
  else if (missing.n)
    CHECK(k, PROFILE_UNKNOWN, n, e, missing);
  else if (t->targets.n)
    report_target(k, n, e, t, target);
}

static struct said places_allowed(struct checker *k, unsigned allowed) {
  static const struct said names[] = {
      [AGGREGATION_CONTAINED] = {STR_INIT("contained"), STR_INIT("indlejret (contained)")},
      [AGGREGATION_REFERENCED] = {STR_INIT("anywhere outside the message"), STR_INIT("et sted uden for meddelelsen")},
      [AGGREGATION_BUNDLED] = {STR_INIT("an entry of the Bundle"), STR_INIT("en entry i Bundle")}};
  struct buf en, da;
  buf_init(&en, 300);
  buf_init(&da, 300);
  for (unsigned i = 1; i < sizeof names / sizeof *names; i <<= 1) {
    if (!(allowed & i)) continue;
    buf_addz(&en, en.n ? " or " : "");
    buf_addz(&da, da.n ? " eller " : "");
    buf_add(&en, names[i].en);
    buf_add(&da, names[i].da);
  }
  struct str text = buf_take(&en, k->a);
  return (struct said){text, buf_take(&da, k->a)};
}

static void check_aggregation(struct checker *k, const struct node *n, const struct schema_element *e, unsigned allowed,
                              struct str reference, const struct node *target) {
  unsigned is = reference.p[0] == '#' ? AGGREGATION_CONTAINED : target ? AGGREGATION_BUNDLED : 0;
  if (!allowed || (is & allowed)) return;
  if (is != AGGREGATION_CONTAINED && (allowed & AGGREGATION_REFERENCED)) return;
  static const struct said names[] = {
      {STR_INIT("not in the message"), STR_INIT("ikke med i meddelelsen")},
      {STR_INIT("contained in the resource that refers to it"),
       STR_INIT("indlejret (contained) i den ressource, der henviser")},
      [AGGREGATION_BUNDLED] = {STR_INIT("an entry of the Bundle"), STR_INIT("en entry i Bundle")}};
  CHECK_SAID(k, PROFILE_REFERENCE_AGGREGATION, n, e, said_same(reference), names[is], places_allowed(k, allowed));
}

static void check_said_type(struct checker *k, const struct node *n, const struct node *target) {
  struct str said = node_text_at(n, "type");
  if (said.n && !str_eq(said, target->type) && known_type(k, said))
    CHECK(k, PROFILE_REFERENCE_TYPE_SAID, n, NULL, said, target->type);
}

/* The type that Reference.type says must be one that is allowed, too; it may be written as the type's URL. */
static void check_said_allowed(struct checker *k, const struct node *n, const struct schema_element *e,
                               const struct element_type *t) {
  struct str said = node_text_at(n, "type"), head = STR("http://hl7.org/fhir/StructureDefinition/");
  bool unknown = false;
  if (str_starts(said, head)) said = str_sub(said, head.n, said.n);
  if (said.n && !type_allowed(k, e, t, said, &unknown) && !unknown)
    CHECK(k, PROFILE_REFERENCE_TYPE_WRONG, n, e, said, target_list(k, t));
}

/* A relative reference whose id is that of an entry with a UUID as fullUrl means this entry, and must be of its type.
 */
static void check_by_uuid(struct checker *k, const struct node *n, struct str reference, struct str type) {
  const struct node *entry, *bundle = bundle_above(n, &entry);
  if (!bundle || !type.n || reference.n < type.n + 1 || is_absolute(reference)) return;
  struct str id = str_sub(reference, type.n + 1, reference.n);
  const struct node *found = map_get(&urls_of(k, bundle)->by_url, arena_printf(k->a, "urn:uuid:%.*s", STR_F(id)));
  const struct node *r = node_child(found, "resource");
  if (r && !str_eq(r->type, type)) CHECK(k, PROFILE_REFERENCE_TYPE_SAID, n, NULL, type, r->type);
}

/* A message brings what its profiles speak of; but a Provenance may name the message before, and an assigner need not
 * be there: worth a look, no fault. Where it has to be there, the aggregation says so. */
static void check_message_has_it(struct checker *k, const struct node *n, const struct schema_element *e,
                                 struct str reference) {
  const struct node *entry, *bundle = bundle_above(n, &entry);
  if (!bundle || schema_is_base(e->schema) || !str_eqz(node_text_at(bundle, "type"), "message")) return;
  if (is_absolute(reference) && !str_starts(reference, STR("urn:uuid:"))) return;
  struct finding *f = CHECK(k, PROFILE_REFERENCE_UNRESOLVED, n, e, reference);
  if (f) f->severity = SEV_WARNING;
}

/* "/Fixtures/a.xml", "../a.xml": a file of somebody's, where no resource can be looked up. In a Bundle nothing but
 * Type/id and Type/id/_history/version can be resolved (FHIR R4, 2.36.4), so "abc" is no reference there. */
static bool is_path(const struct node *n, struct str reference) {
  const struct node *entry;
  if (reference.p[0] == '/' || str_starts(reference, STR("./")) || str_starts(reference, STR("../"))) return true;
  if (is_absolute(reference) || str_index(reference, '?') != SIZE_MAX || reference.p[0] == '#') return false;
  size_t slashes = 0;
  for (size_t i = 0; i < reference.n; i++) slashes += reference.p[i] == '/';
  return slashes != 1 && slashes != 3 && bundle_above(n, &entry);
}

static void check_unresolved(struct checker *k, const struct node *n, const struct schema_element *e,
                             const struct element_type *t, struct str reference) {
  struct str type = reference_type(reference);
  check_by_uuid(k, n, reference, type);
  if (is_path(n, reference)) CHECK(k, PROFILE_REFERENCE_FORM, n, NULL, reference);
  if (t->targets.n) check_message_has_it(k, n, e, reference);
  if (known_type(k, type)) check_target_type(k, n, e, t, type);
}

void check_reference(struct checker *k, const struct node *n, const struct schema_element *e,
                     const struct element_type *t) {
  struct str reference = n->kind == NODE_OBJECT ? node_text_at(n, "reference") : (struct str){0};
  if (!str_eqz(schema_type_name(t->name), "Reference") || !reference.n) return;
  const struct node *target = reference_resolve(k, n, reference);
  if (!target && reference.p[0] == '#' && reference.n > 1) {
    CHECK(k, PROFILE_CONTAINED_MISSING, n, NULL, reference);
    return;
  }
  if (target) {
    check_said_type(k, n, target);
    check_target_type(k, n, e, t, target->type);
    check_target_profile(k, n, e, t, target);
  } else {
    check_unresolved(k, n, e, t, reference);
  }
  check_said_allowed(k, n, e, t);
  if (!schema_is_base(e->schema)) check_aggregation(k, n, e, t->aggregation, reference, target);
}
