/* Bindings to value sets, and codes against their code systems. */
#include "validate/profile_int.h"

static struct terminology_code coding_of(const struct node *n) {
  return (struct terminology_code){node_text_at(n, "system"), node_text_at(n, "version"), node_text_at(n, "code")};
}

static enum terminology_answer better(enum terminology_answer x, enum terminology_answer y) {
  if (x == TERMINOLOGY_YES || y == TERMINOLOGY_YES) return TERMINOLOGY_YES;
  return x == TERMINOLOGY_UNKNOWN ? x : y;
}

static enum terminology_answer one_code(struct checker *k, const struct value_set *vs, struct terminology_code code,
                                        bool any_system, struct str *why) {
  if (!code.code.n) return TERMINOLOGY_NO;
  struct terminology_reply r = terminology_member(k->a, k->cache->book, vs, code, any_system);
  if (r.answer == TERMINOLOGY_UNKNOWN) *why = r.why;
  return r.answer;
}

enum terminology_answer binding_member(struct checker *k, const struct node *n, struct str type, struct str value_set,
                                       const struct schema *from, struct str *why) {
  struct value_set *vs = book_value_set(k->cache->book, value_set, from ? from->structure->package : NULL);
  *why = (struct str){0};
  if (!vs) {
    *why = arena_printf(k->a, "the value set %.*s is not there", STR_F(value_set));
    return TERMINOLOGY_UNKNOWN;
  }
  if (type_is_primitive(type)) return one_code(k, vs, (struct terminology_code){.code = n->text}, true, why);
  if (!str_eqz(type, "CodeableConcept")) return one_code(k, vs, coding_of(n), false, why);
  enum terminology_answer any = TERMINOLOGY_NO;
  for (const struct node *c = node_child(n, "coding"); c; c = node_again(c))
    any = better(any, one_code(k, vs, coding_of(c), false, why));
  return any;
}

static bool has_code(const struct node *n, struct str type) {
  if (type_is_primitive(type)) return n->text.n > 0;
  if (!str_eqz(type, "CodeableConcept")) return node_child(n, "code") != NULL;
  return node_child(n, "coding") != NULL;
}

static bool is_coded(struct str type) {
  static const char *const coded[] = {"code",     "Coding", "CodeableConcept", "Quantity", "string", "uri",
                                      "Duration", "Age",    "Distance",        "Count",    NULL};
  for (size_t i = 0; coded[i]; i++)
    if (str_eqz(type, coded[i])) return true;
  return false;
}

static void settle_place(struct checker *k, const struct node *n) {
  if (n) map_set(&k->settled, arena_printf(k->a, "%d:%d", n->line, n->col), (void *)1);
}

/* The profile's own value set has the code, and with it the system as it stands there. */
static void settle(struct checker *k, const struct node *n) {
  settle_place(k, n);
  settle_place(k, node_child(n, "system"));
  for (const struct node *c = node_child(n, "coding"); c; c = node_again(c)) settle_place(k, node_child(c, "system"));
}

static void check_required(struct checker *k, const struct node *n, const struct schema_element *e, struct str type) {
  const struct element_binding *b = &e->def->binding;
  struct str why;
  if (!has_code(n, type)) {
    bool open = str_eqz(type, "Quantity");
    if (!open) why_value_set(k, CHECK(k, PROFILE_BINDING_NO_CODE, n, e, b->value_set), n, e, b->value_set);
    return;
  }
  enum terminology_answer in = binding_member(k, n, type, b->value_set, e->schema, &why);
  if (in == TERMINOLOGY_YES && !schema_is_base(e->schema)) settle(k, n);
  if (in == TERMINOLOGY_NO)
    why_value_set(k, CHECK(k, PROFILE_BINDING, n, e, value_text(k->a, n), b->value_set), n, e, b->value_set);
  if (in == TERMINOLOGY_UNKNOWN) CHECK(k, PROFILE_BINDING_UNDECIDED, n, e, value_text(k->a, n), b->value_set, why);
}

static void check_extensible(struct checker *k, const struct node *n, const struct schema_element *e, struct str type) {
  const struct element_binding *b = &e->def->binding;
  struct str why;
  if (has_code(n, type) && binding_member(k, n, type, b->value_set, e->schema, &why) == TERMINOLOGY_NO)
    why_value_set(k, CHECK(k, PROFILE_BINDING_EXTENSIBLE, n, e, value_text(k->a, n), b->value_set), n, e, b->value_set);
}

static void check_max(struct checker *k, const struct node *n, const struct schema_element *e, struct str type) {
  const struct element_binding *b = &e->def->binding;
  struct str why;
  if (has_code(n, type) && binding_member(k, n, type, b->max_value_set, e->schema, &why) == TERMINOLOGY_NO)
    CHECK(k, PROFILE_BINDING_MAX, n, e, value_text(k->a, n), b->max_value_set);
}

void check_binding(struct checker *k, const struct node *n, const struct schema_element *e, struct str type) {
  const struct element_binding *b = &e->def->binding;
  if (b->strength == BINDING_NONE || !is_coded(type)) return;
  if (b->strength == BINDING_REQUIRED && b->value_set.n) check_required(k, n, e, type);
  if (b->strength == BINDING_EXTENSIBLE && b->value_set.n) check_extensible(k, n, e, type);
  if (b->max_value_set.n) check_max(k, n, e, type);
}

static bool is_absolute(struct str uri) {
  size_t colon = str_index(uri, ':'), slash = str_index(uri, '/');
  return colon != SIZE_MAX && colon > 0 && (slash == SIZE_MAX || colon < slash);
}

static bool system_is_absolute(struct checker *k, const struct node *n) {
  const struct node *system = node_child(n, "system");
  if (!system || !system->text.n || is_absolute(system->text)) return true;
  CHECK(k, PROFILE_SYSTEM_RELATIVE, system, NULL, system->text);
  return false;
}

void check_identifier(struct checker *k, const struct node *n) {
  const struct node *value = node_child(n, "value");
  system_is_absolute(k, n);
  if (value && value->text.n && str_eqz(node_text_at(n, "system"), "urn:ietf:rfc:3986") && !is_absolute(value->text))
    CHECK(k, PROFILE_IDENTIFIER_URI, value, NULL, value->text);
}

/* SNOMED's editions and versions have URIs of their own, which published resources do use as the system. */
static bool is_edition(struct str rest, const char *known) {
  return str_eqz(STR("http://snomed.info/sct"), known) && rest.n && rest.p[0] == '/';
}

/* A well-known system written nearly right. */
static void check_system(struct checker *k, const struct node *system) {
  static const char *const known[] = {"http://snomed.info/sct", "http://loinc.org", "http://unitsofmeasure.org",
                                      "http://www.nlm.nih.gov/research/umls/rxnorm", NULL};
  struct str url = system->text;
  for (size_t i = 0; known[i]; i++)
    if (str_starts(url, str_z(known[i])) && !str_eqz(url, known[i]) &&
        !is_edition(str_sub(url, str_z(known[i]).n, url.n), known[i]))
      CHECK(k, PROFILE_SYSTEM_NEAR, system, NULL, url, str_z(known[i]));
}

/* A code that its own, complete code system does not have is wrong whatever the binding. */
void check_coding(struct checker *k, const struct node *n) {
  struct terminology_code code = coding_of(n);
  if (!code.system.n || !system_is_absolute(k, n)) return;
  check_system(k, node_child(n, "system"));
  const struct package *from = k->from ? k->from->structure->package : NULL;
  struct package_item *item = book_item(k->cache->book, "CodeSystem", code.system, from);
  if (!item && (str_find(code.system, STR("/ValueSet/"), 0) != SIZE_MAX ||
                book_item(k->cache->book, "ValueSet", code.system, from)))
    CHECK(k, PROFILE_SYSTEM_VALUE_SET, node_child(n, "system"), NULL, code.system);
  if (!item || !code.code.n) return;
  if (item->supplements.n) {
    CHECK(k, PROFILE_SUPPLEMENT, node_child(n, "system"), NULL, code.system);
    return;
  }
  if (terminology_lookup(k->a, k->cache->book, code, from).answer != TERMINOLOGY_NO) return;
  struct finding *f = CHECK(k, PROFILE_CODE_UNKNOWN, node_child(n, "code"), NULL, code.code, code.system);
  if (f && book_stands_in(k->cache->book, from, item->package)) f->severity = SEV_UNDECIDED;
  why_code_system(k, f, code.system, code.code);
}
