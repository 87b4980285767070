#include "facts_scope.h"

#include <stdlib.h>

#include "base/file.h"

static const char *const roots[] = {
    "medcom.fhir.dk.carecommunication@5.0.2",
    "medcom.fhir.dk.carecommunication@3.0.0",
    "medcom.fhir.dk.hospitalnotification@3.0.1",
    "medcom.fhir.dk.hospitalnotification@3.0.2",
    "medcom.fhir.dk.acknowledgement@2.0.3",
    "medcom.fhir.dk.homecareobservation@1.2.1",
    "medcom.fhir.dk.conditionlist@1.0.1",
    "dk.ehmi.eds@1.0.2",
    "dk.ehmi.eer@2.0.1-draft",
    "dk.ehmi.eas@2.0.0",
};

/* Whose packages are shipped whole. */
static const struct str whole[] = {STR_INIT("medcom.fhir.dk."), STR_INIT("dk.ehmi."), STR_INIT("hl7.fhir.dk.")};

const char *facts_shared(struct arena *a) {
  const char *shared = getenv("TESTCAMP_SHARED");
  const char *dir = file_join(a, shared ? shared : TEST_ROOT "/../shared", "packages");
  return file_is_dir(dir) ? dir : NULL;
}

bool facts_scope_is_whole(const struct package *p) {
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
    if (str_starts(p->name, whole[i])) return true;
  return false;
}

static void want(struct facts_scope *s, struct package_item *item) {
  if (!item || !item->package) return;
  const struct package *p = item->package;
  struct str key = arena_printf(s->arena, "%.*s@%.*s %.*s", STR_F(p->name), STR_F(p->version), STR_F(item->file));
  if (!map_set(&s->wanted, key, item)) return;
  VEC_PUSH(s->arena, &s->items, item);
  for (size_t i = 0; i < s->packages.n; i++)
    if (s->packages.v[i] == p) return;
  VEC_PUSH(s->arena, &s->packages, item->package);
}

bool facts_scope_wants(void *context, struct package_item *item) {
  struct facts_scope *s = context;
  const struct package *p = item->package;
  struct str key = arena_printf(s->arena, "%.*s@%.*s %.*s", STR_F(p->name), STR_F(p->version), STR_F(item->file));
  return map_get(&s->wanted, key) != NULL;
}

bool facts_scope_keeps_snapshot(void *context, struct package_item *item) {
  (void)context;
  return str_eqz(item->package->name, "medcom.fhir.dk.hospitalnotification") &&
         str_eqz(item->package->version, "3.0.1") && str_eqz(item->id, "medcom-hospitalNotification-messageHeader");
}

static void want_canonical(struct facts_scope *s, const char *type, struct str canonical, const struct package *from) {
  if (!canonical.n || canonical.p[0] == '#') return;
  struct package_item *item = book_item(s->book, type, canonical, from);
  if (!item) item = book_item(s->book, type, canonical_cut(canonical, NULL), from);
  want(s, item);
}

static void want_all(struct facts_scope *s, const char *type, const struct strs *list, const struct package *from) {
  for (size_t i = 0; i < list->n; i++) want_canonical(s, type, list->v[i], from);
}

static void follow_element(struct facts_scope *s, const struct element *e, const struct package *from) {
  for (size_t i = 0; i < e->types.n; i++) {
    want_all(s, "StructureDefinition", &e->types.v[i].profiles, from);
    want_all(s, "StructureDefinition", &e->types.v[i].targets, from);
  }
  if (e->binding.strength >= BINDING_EXTENSIBLE || facts_scope_is_whole(from))
    want_canonical(s, "ValueSet", e->binding.value_set, from);
  want_canonical(s, "ValueSet", e->binding.max_value_set, from);
}

static void follow_structure(struct facts_scope *s, struct package_item *item) {
  const struct structure *made = book_item_structure(s->book, item);
  if (!made) return;
  want_canonical(s, "StructureDefinition", made->base, item->package);
  want_all(s, "StructureDefinition", &made->imposes, item->package);
  for (size_t i = 0; i < made->differential.n; i++) follow_element(s, &made->differential.v[i], item->package);
}

static void follow_value_set(struct facts_scope *s, struct package_item *item) {
  const struct value_set *vs = book_value_set(
      s->book, arena_printf(s->arena, "%.*s|%.*s", STR_F(item->url), STR_F(item->version)), item->package);
  if (!vs) return;
  for (size_t i = 0; i < vs->includes.n + vs->excludes.n; i++) {
    const struct value_set_part *p = i < vs->includes.n ? &vs->includes.v[i] : &vs->excludes.v[i - vs->includes.n];
    want_all(s, "ValueSet", &p->value_sets, item->package);
    if (p->system.n && (!p->concepts.n || facts_scope_is_whole(item->package)))
      want_canonical(s, "CodeSystem", p->system, item->package);
  }
}

static void follow(struct facts_scope *s) {
  for (size_t i = 0; i < s->items.n; i++) {
    struct package_item *item = s->items.v[i];
    if (str_eqz(item->type, "StructureDefinition")) follow_structure(s, item);
    if (str_eqz(item->type, "ValueSet")) follow_value_set(s, item);
  }
}

/* A package's structures, or everything. */
static void want_package(struct facts_scope *s, struct package *p, bool structures_only) {
  struct error e = {0};
  if (package_load(p, &e)) return;
  for (size_t i = 0; i < p->items.n; i++)
    if (!structures_only || str_eqz(p->items.v[i]->type, "StructureDefinition")) want(s, p->items.v[i]);
}

bool facts_scope_read(struct facts_scope *s, struct arena *a) {
  const char *dir = facts_shared(a);
  struct error e = {0};
  *s = (struct facts_scope){.arena = a};
  if (!dir) return false;
  s->book = book_new(a);
  map_init(&s->wanted, a);
  if (book_add_folder(s->book, dir, &e)) return false;
  want_package(s, book_package(s->book, STR("hl7.fhir.r4.core"), STR("4.0.1")), true);
  for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
    struct str name, version;
    struct package **list;
    if (!package_spec_parse(str_z(roots[i]), &name, &version)) return false;
    size_t n = book_closure(&list, s->book, book_package(s->book, name, version));
    for (size_t k = 0; k < n; k++)
      if (facts_scope_is_whole(list[k])) want_package(s, list[k], false);
  }
  follow(s);
  return true;
}
