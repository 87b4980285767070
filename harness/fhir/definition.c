#include "fhir/definition.h"

#define EXTENSIONS "http://hl7.org/fhir/StructureDefinition/"

struct name_value {
  struct str name;
  int value;
};

#define NAMED(n, v)                                                                                                    \
  { STR_INIT(n), (v) }
#define LOOKUP(table, name, other) lookup((table), sizeof(table) / sizeof *(table), (name), (other))

static const struct name_value strengths[] = {
    NAMED("example", BINDING_EXAMPLE),
    NAMED("preferred", BINDING_PREFERRED),
    NAMED("extensible", BINDING_EXTENSIBLE),
    NAMED("required", BINDING_REQUIRED),
};
static const struct name_value discriminator_kinds[] = {
    NAMED("value", DISCRIMINATOR_VALUE),     NAMED("exists", DISCRIMINATOR_EXISTS),
    NAMED("pattern", DISCRIMINATOR_PATTERN), NAMED("type", DISCRIMINATOR_TYPE),
    NAMED("profile", DISCRIMINATOR_PROFILE),
};
static const struct name_value rules_names[] = {
    NAMED("open", SLICING_OPEN),
    NAMED("closed", SLICING_CLOSED),
    NAMED("openAtEnd", SLICING_OPEN_AT_END),
};
static const struct name_value kinds[] = {
    NAMED("primitive-type", STRUCTURE_PRIMITIVE),
    NAMED("complex-type", STRUCTURE_COMPLEX),
    NAMED("resource", STRUCTURE_RESOURCE),
    NAMED("logical", STRUCTURE_LOGICAL),
};
static const struct name_value derivations[] = {
    NAMED("specialization", DERIVATION_SPECIALIZATION),
    NAMED("constraint", DERIVATION_CONSTRAINT),
};
static const struct name_value aggregations[] = {
    NAMED("contained", AGGREGATION_CONTAINED),
    NAMED("referenced", AGGREGATION_REFERENCED),
    NAMED("bundled", AGGREGATION_BUNDLED),
};
static const struct name_value versionings[] = {
    NAMED("either", REFERENCE_EITHER),
    NAMED("independent", REFERENCE_INDEPENDENT),
    NAMED("specific", REFERENCE_SPECIFIC),
};

static int lookup(const struct name_value *table, size_t n, struct str name, int other) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(table[i].name, name)) return table[i].value;
  return other;
}

static const char *name_of(const struct name_value *table, size_t n, int value, const char *other) {
  for (size_t i = 0; i < n; i++)
    if (table[i].value == value) return table[i].name.p;
  return other;
}

const char *binding_strength_name(enum binding_strength s) {
  return name_of(strengths, sizeof strengths / sizeof *strengths, (int)s, "");
}

const char *discriminator_kind_name(enum discriminator_kind k) {
  return name_of(discriminator_kinds, sizeof discriminator_kinds / sizeof *discriminator_kinds, (int)k, "unknown");
}

const char *slicing_rules_name(enum slicing_rules r) {
  return name_of(rules_names, sizeof rules_names / sizeof *rules_names, (int)r, "open");
}

struct str canonical_cut(struct str canonical, struct str *version) {
  struct str rest = canonical, url = str_cut(&rest, '|');
  if (version) *version = rest;
  return url;
}

/* --- parts of a tree --- */

static struct str text(const struct node *n, const char *name) {
  const struct node *c = node_child(n, name);
  return c ? c->text : (struct str){0};
}

static bool truth(const struct node *n, const char *name) {
  return str_eqz(text(n, name), "true");
}

static bool is_named(const struct node *n, const char *name) {
  return str_eqz(n->name, name);
}

/* The value[x] of an extension. */
static struct str extension_text(const struct node *extension) {
  for (NODE_EACH(c, extension))
    if (str_starts(c->name, STR("value"))) return c->text;
  return (struct str){0};
}

static struct str extension_of(const struct node *n, const char *url) {
  for (NODE_EACH(c, n))
    if (is_named(c, "extension") && str_eqz(text(c, "url"), url)) return extension_text(c);
  return (struct str){0};
}

static void all_texts(struct strs *out, struct arena *a, const struct node *n, const char *name) {
  for (NODE_EACH(c, n))
    if (is_named(c, name) && c->text.n) VEC_PUSH(a, out, c->text);
}

/* A number of at least 0; other when it is none. */
static int number(struct str s, int other) {
  int64_t v;
  return str_int(s, &v) && v >= 0 && v <= INT32_MAX ? (int)v : other;
}

static int max_of(struct str s) {
  return str_eqz(s, "*") ? DEFINITION_UNBOUNDED : number(s, DEFINITION_UNBOUNDED);
}

/* --- elements --- */

static void read_min(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->min = number(n->text, 0);
  e->bad_number |= number(n->text, -1) < 0;
  e->has_min = true;
}

static void read_max(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->max = max_of(n->text);
  e->bad_number |= e->max == DEFINITION_UNBOUNDED && !str_eqz(n->text, "*");
  e->has_max = true;
}

/* The type of a primitive's value, id and url is told by an extension; the one of R4 core names it in a valueUrl. */
static void read_type(struct element *e, struct arena *a, const struct node *n) {
  struct element_type *t = VEC_ADD(a, &e->types);
  t->code = text(n, "code");
  t->name = extension_of(n, EXTENSIONS "structuredefinition-fhir-type");
  if (!t->name.n) t->name = t->code;
  t->regex = extension_of(n, EXTENSIONS "regex");
  all_texts(&t->profiles, a, n, "profile");
  all_texts(&t->targets, a, n, "targetProfile");
  for (NODE_EACH(c, n))
    if (is_named(c, "aggregation")) t->aggregation |= (unsigned)LOOKUP(aggregations, c->text, 0);
  t->versioning = (enum reference_version)LOOKUP(versionings, text(n, "versioning"), REFERENCE_VERSION_NONE);
}

static void read_binding(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->binding.strength = (enum binding_strength)LOOKUP(strengths, text(n, "strength"), BINDING_EXAMPLE);
  e->binding.value_set = text(n, "valueSet");
  e->binding.max_value_set = extension_of(n, EXTENSIONS "elementdefinition-maxValueSet");
}

static void read_constraint(struct element *e, struct arena *a, const struct node *n) {
  struct element_constraint *c = VEC_ADD(a, &e->constraints);
  c->key = text(n, "key");
  c->expression = text(n, "expression");
  c->source = text(n, "source");
  c->human = text(n, "human");
  c->severity = str_eqz(text(n, "severity"), "warning") ? CONSTRAINT_WARNING : CONSTRAINT_ERROR;
  c->best_practice = str_eqz(extension_of(n, EXTENSIONS "elementdefinition-bestpractice"), "true");
}

static void read_slicing(struct element *e, struct arena *a, const struct node *n) {
  e->slicing.there = true;
  e->slicing.ordered = truth(n, "ordered");
  e->slicing.rules = (enum slicing_rules)LOOKUP(rules_names, text(n, "rules"), SLICING_OPEN);
  for (NODE_EACH(c, n)) {
    if (!is_named(c, "discriminator")) continue;
    struct discriminator *d = VEC_ADD(a, &e->slicing.discriminators);
    d->kind = (enum discriminator_kind)LOOKUP(discriminator_kinds, text(c, "type"), DISCRIMINATOR_UNKNOWN);
    d->path = text(c, "path");
  }
}

static void read_base(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->base_path = text(n, "path");
  e->base_min = number(text(n, "min"), 0);
  e->base_max = max_of(text(n, "max"));
}

static void read_is_modifier(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->has_is_modifier = true;
  e->is_modifier = str_eqz(n->text, "true");
}

static void read_must_support(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->has_must_support = true;
  e->must_support = str_eqz(n->text, "true");
}

static void read_max_length(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->max_length = number(n->text, 0);
}

static void read_representation(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->xml_attribute |= str_eqz(n->text, "xmlAttr");
}

static void read_id(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->id = n->text;
}

static void read_path(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->path = n->text;
}

static void read_slice_name(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->slice_name = n->text;
}

static void read_content_reference(struct element *e, struct arena *a, const struct node *n) {
  (void)a;
  e->content_reference = n->text;
}

static const struct {
  struct str name;
  void (*read)(struct element *e, struct arena *a, const struct node *n);
} members[] = {
    {STR_INIT("id"), read_id},
    {STR_INIT("path"), read_path},
    {STR_INIT("min"), read_min},
    {STR_INIT("max"), read_max},
    {STR_INIT("type"), read_type},
    {STR_INIT("base"), read_base},
    {STR_INIT("constraint"), read_constraint},
    {STR_INIT("binding"), read_binding},
    {STR_INIT("slicing"), read_slicing},
    {STR_INIT("sliceName"), read_slice_name},
    {STR_INIT("mustSupport"), read_must_support},
    {STR_INIT("isModifier"), read_is_modifier},
    {STR_INIT("contentReference"), read_content_reference},
    {STR_INIT("maxLength"), read_max_length},
    {STR_INIT("representation"), read_representation},
};

/* The types that the name of fixed[x] can end with in lower case. */
static const struct str primitives[] = {
    STR_INIT("base64Binary"), STR_INIT("boolean"),     STR_INIT("canonical"), STR_INIT("code"),
    STR_INIT("date"),         STR_INIT("dateTime"),    STR_INIT("decimal"),   STR_INIT("id"),
    STR_INIT("instant"),      STR_INIT("integer"),     STR_INIT("integer64"), STR_INIT("markdown"),
    STR_INIT("oid"),          STR_INIT("positiveInt"), STR_INIT("string"),    STR_INIT("time"),
    STR_INIT("unsignedInt"),  STR_INIT("uri"),         STR_INIT("url"),       STR_INIT("uuid"),
};

/* "CodeableConcept" of "patternCodeableConcept", "code" of "fixedCode". */
static struct str type_of_tail(struct str tail) {
  for (size_t i = 0; i < sizeof primitives / sizeof *primitives; i++) {
    struct str p = primitives[i];
    if (p.n == tail.n && (p.p[0] & ~0x20) == tail.p[0] && str_eq(str_sub(p, 1, p.n), str_sub(tail, 1, tail.n)))
      return p;
  }
  return tail;
}

static void read_value(struct element *e, const struct node *n) {
  const struct {
    struct str head;
    struct element_value *to;
  } values[] = {
      {STR("fixed"), &e->fixed},
      {STR("pattern"), &e->pattern},
      {STR("minValue"), &e->min_value},
      {STR("maxValue"), &e->max_value},
  };
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    if (!str_starts(n->name, values[i].head) || n->name.n == values[i].head.n) continue;
    values[i].to->node = n;
    values[i].to->type = type_of_tail(str_sub(n->name, values[i].head.n, n->name.n));
  }
}

void element_read(struct element *out, struct arena *a, const struct node *n) {
  *out = (struct element){.max = DEFINITION_UNBOUNDED, .base_max = DEFINITION_UNBOUNDED, .node = n};
  for (NODE_EACH(c, n)) {
    size_t i = 0, count = sizeof members / sizeof *members;
    while (i < count && !str_eq(members[i].name, c->name)) i++;
    if (i < count)
      members[i].read(out, a, c);
    else
      read_value(out, c);
  }
}

static void read_elements(struct elements *out, struct arena *a, const struct node *holder) {
  size_t n = node_count(holder, "element");
  if (n > DEFINITION_ELEMENTS_MAX) n = DEFINITION_ELEMENTS_MAX;
  out->v = ARENA_ARRAY(a, struct element, n);
  out->cap = n;
  for (NODE_EACH(c, holder))
    if (is_named(c, "element") && out->n < n) element_read(&out->v[out->n++], a, c);
}

/* --- StructureDefinition --- */

static void read_contexts(struct structure *s, struct arena *a, const struct node *n) {
  for (NODE_EACH(c, n)) {
    if (!is_named(c, "context")) continue;
    VEC_PUSH(a, &s->contexts, ((struct structure_context){text(c, "type"), text(c, "expression")}));
  }
  all_texts(&s->context_invariants, a, n, "contextInvariant");
}

static void read_imposes(struct structure *s, struct arena *a, const struct node *n) {
  for (NODE_EACH(c, n)) {
    if (!is_named(c, "extension")) continue;
    if (!str_eqz(text(c, "url"), EXTENSIONS "structuredefinition-imposeProfile")) continue;
    struct str canonical = extension_text(c);
    if (canonical.n) VEC_PUSH(a, &s->imposes, canonical);
  }
}

struct structure *structure_read(struct arena *a, const struct node *n, const struct package *package) {
  if (!n || !str_eqz(n->type, "StructureDefinition")) return NULL;
  struct structure *s = ARENA_NEW(a, struct structure);
  s->node = n;
  s->package = package;
  s->url = text(n, "url");
  s->version = text(n, "version");
  s->id = text(n, "id");
  s->name = text(n, "name");
  s->status = text(n, "status");
  s->fhir_version = text(n, "fhirVersion");
  s->kind = (enum structure_kind)LOOKUP(kinds, text(n, "kind"), STRUCTURE_LOGICAL);
  s->derivation = (enum structure_derivation)LOOKUP(derivations, text(n, "derivation"), DERIVATION_NONE);
  s->abstract = truth(n, "abstract");
  s->type = text(n, "type");
  s->base = text(n, "baseDefinition");
  read_contexts(s, a, n);
  read_imposes(s, a, n);
  read_elements(&s->differential, a, node_child(n, "differential"));
  read_elements(&s->snapshot, a, node_child(n, "snapshot"));
  return s;
}
