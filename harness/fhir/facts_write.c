/* From definitions to lines of facts. */
#include <stdlib.h>

#include "fhir/facts_int.h"

const struct facts_prefix facts_prefixes[] = {
    {STR_INIT("$s"), STR_INIT("http://hl7.org/fhir/StructureDefinition/")},
    {STR_INIT("$v"), STR_INIT("http://hl7.org/fhir/ValueSet/")},
    {STR_INIT("$h"), STR_INIT("http://hl7.org/fhir/")},
    {STR_INIT("$p"), STR_INIT("http://hl7.org/fhirpath/")},
    {STR_INIT("$ts"), STR_INIT("http://terminology.hl7.org/CodeSystem/")},
    {STR_INIT("$tv"), STR_INIT("http://terminology.hl7.org/ValueSet/")},
    {STR_INIT("$ds"), STR_INIT("http://hl7.dk/fhir/core/StructureDefinition/")},
    {STR_INIT("$d"), STR_INIT("http://hl7.dk/fhir/core/")},
    {STR_INIT("$mc"), STR_INIT("http://medcomfhir.dk/ig/core/StructureDefinition/")},
    {STR_INIT("$mm"), STR_INIT("http://medcomfhir.dk/ig/messaging/StructureDefinition/")},
    {STR_INIT("$mt"), STR_INIT("http://medcomfhir.dk/ig/terminology/")},
    {STR_INIT("$m"), STR_INIT("http://medcomfhir.dk/ig/")},
    {STR_INIT("$e"), STR_INIT("http://medcomehmi.dk/ig/")},
    {STR_INIT("$i"), STR_INIT("https://profiles.ihe.net/ITI/")},
};
const size_t facts_prefixes_n = sizeof facts_prefixes / sizeof *facts_prefixes;

#define PREFIXES_N (sizeof facts_prefixes / sizeof *facts_prefixes)
#define CODES_MAX ((size_t)8 << 20) /* bytes of one value */

/* Properties of a concept that are written by name: subsumedBy and notSelectable have marks of their own, and the
 * others are prose, or nothing that validation looks at. */
static const char *const kept_properties[] = {"inactive", "status", "parent", "child"};

struct writing {
  struct buf *out;
  struct arena *a;
  struct package *package;
  struct error *e;
  bool used[PREFIXES_N];
  const struct facts_choice *choice;
  bool in_snapshot;
  struct str status; /* that most definitions have */
  const char *what;  /* why it cannot be written */
};

/* --- words --- */

static void put_plain(struct buf *out, struct str s) {
  static const char from[] = "\t\n\r\\", to[] = "tnr\\";
  for (size_t i = 0; i < s.n; i++) {
    size_t k = 0;
    while (k < sizeof from - 1 && from[k] != s.p[i]) k++;
    if (k < sizeof from - 1) buf_byte(out, '\\');
    buf_byte(out, k < sizeof from - 1 ? to[k] : s.p[i]);
  }
}

static size_t prefix_of(struct str url) {
  size_t best = PREFIXES_N;
  for (size_t i = 0; i < PREFIXES_N; i++)
    if (str_starts(url, facts_prefixes[i].url) &&
        (best == PREFIXES_N || facts_prefixes[i].url.n > facts_prefixes[best].url.n))
      best = i;
  return best;
}

/* A name without ':' that is read as one of the base types. */
static bool is_base_name(struct str rest) {
  return rest.n && str_index(rest, ':') == SIZE_MAX && rest.p[0] != '$' && rest.p[0] != '=';
}

static void put_canonical(struct writing *w, struct str url) {
  size_t i = prefix_of(url);
  struct str rest = i < PREFIXES_N ? str_sub(url, facts_prefixes[i].url.n, url.n) : url;
  if (i == 0 && is_base_name(rest)) {
    put_plain(w->out, rest);
  } else if (i < PREFIXES_N) {
    w->used[i] = true;
    buf_printf(w->out, "%.*s/", STR_F(facts_prefixes[i].key));
    put_plain(w->out, rest);
  } else {
    if (url.n && (str_index(url, ':') == SIZE_MAX || url.p[0] == '$' || url.p[0] == '=')) buf_byte(w->out, '=');
    put_plain(w->out, url);
  }
}

static void put_field(struct writing *w, const char *key, struct str value) {
  buf_printf(w->out, "\t%s=", key);
  put_plain(w->out, value);
}

static void put_field_url(struct writing *w, const char *key, struct str url) {
  buf_printf(w->out, "\t%s=", key);
  put_canonical(w, url);
}

static struct str last_part(struct str url) {
  size_t slash = url.n;
  while (slash && url.p[slash - 1] != '/') slash--;
  return str_sub(url, slash, url.n);
}

/* A name is for programs (sdf-0: no blanks); a heading in its place is prose. */
static bool is_name(struct str name) {
  return str_index(name, ' ') == SIZE_MAX;
}

/* Identity fields that the head of any definition has. */
static void put_identity(struct writing *w, const struct node *n, struct str url, bool named, bool is_short) {
  struct str version = node_text_at(n, "version"), id = node_text_at(n, "id"), name = node_text_at(n, "name");
  struct str status = node_text_at(n, "status"), known = id.n ? id : last_part(url);
  if (version.n && !str_eq(version, w->package->version)) put_field(w, "version", version);
  if (!str_eq(known, last_part(url))) put_field(w, "id", known);
  if (named && is_name(name) && !str_eq(name, is_short ? facts_extension_name(known) : known))
    put_field(w, "name", name);
  if (!str_eq(status, w->status)) put_field(w, "status", status);
}

/* --- elements --- */

static void put_types(struct writing *w, const struct element *x);

static bool is_bare(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] == ' ' || s.p[i] == ',' || s.p[i] == '{' || s.p[i] == '}' || s.p[i] == '(' || s.p[i] == ')')
      return false;
  return true;
}

static void put_list(struct writing *w, char open, const struct strs *list, char close) {
  if (!list->n) return;
  buf_byte(w->out, open);
  for (size_t i = 0; i < list->n; i++) {
    if (!is_bare(list->v[i])) w->what = "a canonical with a blank, a comma or a bracket";
    if (i) buf_byte(w->out, ',');
    put_canonical(w, list->v[i]);
  }
  buf_byte(w->out, close);
}

static void put_aggregation(struct writing *w, const struct element_type *t) {
  static const struct {
    enum aggregation bit;
    const char *name;
  } bits[] = {
      {AGGREGATION_CONTAINED, "contained"}, {AGGREGATION_REFERENCED, "referenced"}, {AGGREGATION_BUNDLED, "bundled"}};
  static const char *const versionings[] = {"", "either", "independent", "specific"};
  for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
    if (t->aggregation & bits[i].bit) buf_printf(w->out, "+%s", bits[i].name);
  if (t->versioning) buf_printf(w->out, "+%s", versionings[t->versioning]);
}

static void put_types(struct writing *w, const struct element *x) {
  for (size_t i = 0; i < x->types.n; i++) {
    const struct element_type *t = &x->types.v[i];
    if (i) buf_byte(w->out, '|');
    if (prefix_of(t->code) < PREFIXES_N)
      put_canonical(w, t->code);
    else
      put_plain(w->out, t->code);
    if (!str_eq(t->name, t->code)) {
      buf_byte(w->out, '<');
      put_plain(w->out, t->name);
      buf_byte(w->out, '>');
    }
    put_list(w, '{', &t->profiles, '}');
    put_list(w, '(', &t->targets, ')');
    put_aggregation(w, t);
    if (t->regex.n && x->types.n > 1) w->what = "a regex on one of several types";
    if (!is_bare(t->code)) w->what = "a type with a blank or a bracket";
  }
}

static void put_cardinality(struct writing *w, const struct element *x) {
  if (!x->has_min && !x->has_max) return;
  if (x->has_min) buf_printf(w->out, "%d", x->min);
  buf_addz(w->out, "..");
  if (x->has_max && x->max == DEFINITION_UNBOUNDED) buf_byte(w->out, '*');
  if (x->has_max && x->max != DEFINITION_UNBOUNDED) buf_printf(w->out, "%d", x->max);
}

static void put_flags(struct writing *w, const struct element *x) {
  if (x->has_must_support) buf_byte(w->out, x->must_support ? 'S' : 's');
  if (x->has_is_modifier) buf_byte(w->out, x->is_modifier ? 'M' : 'm');
  if (x->xml_attribute) buf_byte(w->out, 'A');
}

/* The JSON of a value, written as the only member of a resource and cut out of it. */
static void put_value(struct writing *w, const char *key, const struct element_value *v, const char *head) {
  static const struct str before = STR_INIT("{\"resourceType\":\"Basic\",\"v\":");
  if (!v->node) return;
  struct node *root = node_new(w->a, NODE_OBJECT), *copy = node_copy(w->a, v->node);
  struct buf json;
  root->type = STR("Basic");
  copy->name = STR("v");
  copy->flags &= ~(unsigned)NODE_LISTED;
  node_append(root, copy);
  buf_init(&json, CODES_MAX);
  resource_write(&json, root, RESOURCE_JSON, NULL, 0);
  struct str text = str_trim(buf_str(&json));
  struct str tail = str_sub(v->node->name, str_z(head).n, v->node->name.n); /* "Code" of "fixedCode" */
  if (!str_starts(text, before)) w->what = "a value with an id or extensions only";
  buf_printf(w->out, "\t%s=", key);
  put_plain(w->out, tail);
  buf_byte(w->out, ' ');
  if (text.n > before.n) put_plain(w->out, str_sub(text, before.n, text.n - 1));
  buf_release(&json);
}

static void put_slicing(struct writing *w, const struct element_slicing *s) {
  if (!s->there) return;
  buf_printf(w->out, "\tslicing=%s%s", slicing_rules_name(s->rules), s->ordered ? " ordered" : "");
  for (size_t i = 0; i < s->discriminators.n; i++) {
    const struct discriminator *d = &s->discriminators.v[i];
    buf_printf(w->out, "\tby=%s ", discriminator_kind_name(d->kind));
    put_plain(w->out, d->path);
  }
}

static void put_binding(struct writing *w, const struct element_binding *b) {
  if (!b->strength) return;
  buf_printf(w->out, "\tbind=%s", binding_strength_name(b->strength));
  if (b->value_set.n) buf_byte(w->out, ' ');
  put_canonical(w, b->value_set);
  if (b->max_value_set.n) put_field_url(w, "bindmax", b->max_value_set);
}

static void put_constraint(struct writing *w, const struct structure *s, const struct element_constraint *c) {
  buf_byte(w->out, '\t');
  put_plain(w->out, c->key);
  buf_printf(w->out, "\t%s%s\t", c->severity == CONSTRAINT_WARNING ? "warning" : "error",
             c->best_practice ? " best" : "");
  put_plain(w->out, c->expression);
  if (c->source.n && !str_eq(c->source, s->url)) put_field_url(w, "source", c->source);
  buf_byte(w->out, '\n');
}

/* The path that an id names: without what stands from ':' to '.'. */
static struct str path_of(struct arena *a, struct str id) {
  struct buf b;
  buf_init(&b, CODES_MAX);
  while (id.n) {
    struct str segment = str_cut(&id, '.');
    buf_add(&b, str_cut(&segment, ':'));
    if (id.n) buf_byte(&b, '.');
  }
  return buf_take(&b, a);
}

static struct str slice_of(struct str id) {
  struct str last = id;
  for (size_t dot; (dot = str_index(last, '.')) != SIZE_MAX;) last = str_sub(last, dot + 1, last.n);
  for (size_t colon; (colon = str_index(last, ':')) != SIZE_MAX;) last = str_sub(last, colon + 1, last.n);
  return last.n < id.n && id.p[id.n - last.n - 1] == ':' ? last : (struct str){0};
}

/* "." for the root, ".name:slice.more" below; what the id does not tell is said by fields. */
static struct str put_names(struct writing *w, const struct structure *s, const struct element *x) {
  struct str root = s->kind == STRUCTURE_LOGICAL ? last_part(s->type) : s->type, id = x->id.n ? x->id : x->path;
  bool below = str_starts(id, root) && id.n > root.n && id.p[root.n] == '.';
  if (!below && !str_eq(id, root)) id = root;
  if (below)
    put_plain(w->out, str_sub(id, root.n, id.n));
  else
    buf_byte(w->out, '.');
  return id;
}

static void put_odd_names(struct writing *w, const struct element *x, struct str id) {
  if (!str_eq(id, x->id)) put_field(w, "id", x->id);
  if (!str_eq(path_of(w->a, id), x->path)) put_field(w, "path", x->path);
  if (!str_eq(slice_of(id), x->slice_name)) put_field(w, "slice", x->slice_name);
}

/* "Resource.id 0..1" */
static void put_base(struct writing *w, const struct element *x) {
  buf_addz(w->out, "\tbase=");
  put_plain(w->out, x->base_path);
  buf_printf(w->out, " %d..", x->base_min);
  if (x->base_max == DEFINITION_UNBOUNDED)
    buf_byte(w->out, '*');
  else
    buf_printf(w->out, "%d", x->base_max);
}

static void put_element(struct writing *w, const struct structure *s, const struct element *x) {
  size_t filled;
  struct str id = put_names(w, s, x);
  filled = w->out->n;
  buf_byte(w->out, '\t');
  put_cardinality(w, x);
  if (w->out->n > filled + 1) filled = w->out->n;
  buf_byte(w->out, '\t');
  put_types(w, x);
  if (x->types.n) filled = w->out->n;
  buf_byte(w->out, '\t');
  put_flags(w, x);
  if (w->out->p[w->out->n - 1] != '\t') filled = w->out->n;
  size_t fixed_columns = w->out->n;
  if (x->content_reference.n) put_field(w, "ref", x->content_reference);
  put_binding(w, &x->binding);
  put_slicing(w, &x->slicing);
  put_value(w, "fixed", &x->fixed, "fixed");
  put_value(w, "pattern", &x->pattern, "pattern");
  put_value(w, "least", &x->min_value, "minValue");
  put_value(w, "most", &x->max_value, "maxValue");
  if (x->max_length) buf_printf(w->out, "\tlength=%lld", (long long)x->max_length);
  if (x->types.n && x->types.v[0].regex.n) put_field(w, "regex", x->types.v[0].regex);
  if (w->in_snapshot && x->base_path.n) put_base(w, x);
  put_odd_names(w, x, id);
  if (w->out->n == fixed_columns) w->out->n = filled; /* no empty columns at the end */
  buf_byte(w->out, '\n');
  for (size_t i = 0; i < x->constraints.n; i++) put_constraint(w, s, &x->constraints.v[i]);
}

/* --- StructureDefinition --- */

static void put_elements(struct writing *w, struct package_item *item, const struct structure *s) {
  for (size_t i = 0; i < s->differential.n; i++) put_element(w, s, &s->differential.v[i]);
  if (!w->choice->keeps_snapshot || !w->choice->keeps_snapshot(w->choice->context, item)) return;
  buf_addz(w->out, "=\n");
  w->in_snapshot = true;
  for (size_t i = 0; i < s->snapshot.n; i++) put_element(w, s, &s->snapshot.v[i]);
  w->in_snapshot = false;
}

/* Contexts in their order; elements in a row are one field. */
static void put_contexts(struct writing *w, const struct structure *s) {
  bool in_row = false;
  for (size_t i = 0; i < s->contexts.n; i++) {
    const struct structure_context *c = &s->contexts.v[i];
    bool plain = str_eqz(c->type, "element") && is_bare(c->expression);
    buf_addz(w->out, !plain ? "\tcontext=" : in_row ? "," : "\ton=");
    if (!plain) {
      put_plain(w->out, c->type);
      buf_byte(w->out, ' ');
    }
    put_plain(w->out, c->expression);
    in_row = plain;
  }
}

static void put_structure_fields(struct writing *w, const struct node *n, const struct structure *s, bool is_short) {
  put_identity(w, n, s->url, true, is_short);
  if (s->fhir_version.n && !str_eq(s->fhir_version, w->package->fhir_version)) put_field(w, "fhir", s->fhir_version);
  put_contexts(w, s);
  for (size_t i = 0; i < s->context_invariants.n; i++) put_field(w, "invariant", s->context_invariants.v[i]);
  for (size_t i = 0; i < s->imposes.n; i++) put_field_url(w, "imposes", s->imposes.v[i]);
  buf_byte(w->out, '\n');
}

static bool is_extension(const struct structure *s) {
  return str_eqz(s->type, "Extension") && str_eqz(s->base, FACTS_BASE_TYPES "Extension") &&
         s->derivation == DERIVATION_CONSTRAINT && s->kind == STRUCTURE_COMPLEX && !s->abstract;
}

static void put_long_head(struct writing *w, const struct structure *s, struct str url) {
  static const char *const kinds[] = {"primitive-type", "complex-type", "resource", "logical"};
  static const char *const derivations[] = {"", " specialization", " constraint"};
  buf_addz(w->out, "\nstructure\t");
  put_canonical(w, url);
  buf_byte(w->out, '\t');
  if (prefix_of(s->type) < PREFIXES_N)
    put_canonical(w, s->type);
  else
    put_plain(w->out, s->type);
  buf_byte(w->out, '\t');
  put_canonical(w, s->base);
  buf_printf(w->out, "\t%s%s%s", kinds[s->kind], derivations[s->derivation], s->abstract ? " abstract" : "");
}

/* The rows of elements, by themselves. */
static struct str rows_of(struct writing *w, struct package_item *item, const struct structure *s) {
  struct buf rows, *out = w->out;
  buf_init(&rows, FACTS_FILE_MAX);
  w->out = &rows;
  put_elements(w, item, s);
  w->out = out;
  return buf_take(&rows, w->a);
}

static void put_structure(struct writing *w, struct package_item *item, const struct node *n) {
  struct structure *s = structure_read(w->a, n, w->package);
  struct str rows = rows_of(w, item, s), head, parts;
  bool is_short = is_extension(s) && facts_shorten(&head, &parts, w->a, item->url, rows);
  if (is_short) {
    buf_addz(w->out, "\nextension\t");
    put_canonical(w, item->url);
    buf_add(w->out, head);
    size_t tabs = 0;
    for (size_t i = 0; i < head.n; i++) tabs += head.p[i] == '\t';
    while (tabs++ < 3) buf_byte(w->out, '\t');
  } else {
    put_long_head(w, s, item->url);
  }
  put_structure_fields(w, n, s, is_short);
  buf_add(w->out, is_short ? parts : rows);
}

/* --- ValueSet --- */

static void put_part(struct writing *w, const struct value_set_part *p, char mark) {
  buf_printf(w->out, "%c\t", mark);
  put_canonical(w, p->system);
  if (p->version.n) buf_byte(w->out, '\t');
  put_plain(w->out, p->version);
  buf_byte(w->out, '\n');
  for (size_t i = 0; i < p->concepts.n; i++) {
    buf_byte(w->out, '\t');
    put_plain(w->out, p->concepts.v[i].code);
    buf_byte(w->out, '\n');
  }
  for (size_t i = 0; i < p->filters.n; i++) {
    const struct str words[] = {p->filters.v[i].property, p->filters.v[i].op, p->filters.v[i].value};
    buf_byte(w->out, '?');
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
      buf_byte(w->out, '\t');
      put_plain(w->out, words[k]);
    }
    buf_byte(w->out, '\n');
  }
  for (size_t i = 0; i < p->value_sets.n; i++) {
    buf_addz(w->out, "@\t");
    put_canonical(w, p->value_sets.v[i]);
    buf_byte(w->out, '\n');
  }
}

static void put_value_set(struct writing *w, struct package_item *item, const struct node *n) {
  struct value_set *vs = value_set_read(w->a, n, w->package);
  buf_addz(w->out, "\nvalueset\t");
  put_canonical(w, item->url);
  put_identity(w, n, vs->url, false, false);
  buf_byte(w->out, '\n');
  if (!vs->has_compose && vs->has_expansion) w->what = "a value set that has an expansion only";
  for (size_t i = 0; i < vs->includes.n; i++) put_part(w, &vs->includes.v[i], '+');
  for (size_t i = 0; i < vs->excludes.n; i++) put_part(w, &vs->excludes.v[i], '-');
}

/* --- CodeSystem --- */

static struct str property_value(const struct node *property) {
  for (NODE_EACH(c, property))
    if (str_starts(c->name, STR("value"))) return c->kind == NODE_OBJECT ? node_text_at(c, "code") : c->text;
  return (struct str){0};
}

/* What a concept is where nothing is said. */
static bool says_nothing(struct str value) {
  return !value.n || str_eqz(value, "active") || str_eqz(value, "false");
}

static void put_property(struct writing *w, struct str code, struct str value) {
  if (says_nothing(value)) return;
  if (str_eqz(code, "notSelectable")) buf_addz(w->out, "\t!");
  for (size_t i = 0; i < sizeof kept_properties / sizeof *kept_properties; i++)
    if (str_eqz(code, kept_properties[i])) put_field(w, kept_properties[i], value);
  if (!str_eqz(code, "subsumedBy")) return;
  buf_addz(w->out, "\t^");
  put_plain(w->out, value);
}

static void put_properties(struct writing *w, const struct node *concept) {
  for (NODE_EACH(p, concept))
    if (str_eqz(p->name, "property")) put_property(w, node_text_at(p, "code"), property_value(p));
}

static void put_concepts(struct writing *w, const struct node *n, size_t depth) {
  if (depth > FACTS_DEPTH_MAX) {
    w->what = "codes nested too deep";
    return;
  }
  for (NODE_EACH(c, n)) {
    if (!str_eqz(c->name, "concept")) continue;
    for (size_t i = 0; i < depth; i++) buf_byte(w->out, '\t');
    put_plain(w->out, node_text_at(c, "code"));
    put_properties(w, c);
    buf_byte(w->out, '\n');
    put_concepts(w, c, depth + 1);
  }
}

static void put_code_system(struct writing *w, struct package_item *item, const struct node *n) {
  struct str sensitive = node_text_at(n, "caseSensitive"), hierarchy = node_text_at(n, "hierarchyMeaning");
  struct str value_set = node_text_at(n, "valueSet"), supplements = node_text_at(n, "supplements");
  buf_addz(w->out, "\ncodesystem\t");
  put_canonical(w, item->url);
  buf_byte(w->out, '\t');
  put_plain(w->out, node_text_at(n, "content"));
  put_identity(w, n, item->url, false, false);
  if (str_eqz(sensitive, "false")) put_field(w, "case", sensitive);
  if (hierarchy.n) put_field(w, "hierarchy", hierarchy);
  if (value_set.n) put_field_url(w, "valueset", value_set);
  if (supplements.n) put_field_url(w, "supplements", supplements);
  buf_byte(w->out, '\n');
  put_concepts(w, n, 1);
}

/* --- packages --- */

static const struct {
  const char *type;
  void (*put)(struct writing *w, struct package_item *item, const struct node *n);
} kinds[] = {
    {"StructureDefinition", put_structure},
    {"ValueSet", put_value_set},
    {"CodeSystem", put_code_system},
};
#define KINDS_N (sizeof kinds / sizeof *kinds)

static size_t kind_of(const struct package_item *item) {
  size_t k = 0;
  while (k < KINDS_N && !str_eqz(item->type, kinds[k].type)) k++;
  return k;
}

static int by_kind_and_url(const void *x, const void *y) {
  const struct package_item *a = *(struct package_item *const *)x, *b = *(struct package_item *const *)y;
  size_t ka = kind_of(a), kb = kind_of(b);
  if (ka != kb) return ka < kb ? -1 : 1;
  int rc = str_cmp(a->url, b->url);
  return rc ? rc : str_cmp(a->file, b->file);
}

struct item_list {
  struct package_item **v;
  size_t n, cap;
};

static int put_items(struct writing *w, const struct item_list *items) {
  for (size_t i = 0; i < items->n; i++) {
    struct package_item *item = items->v[i];
    const struct node *n = package_item_node(item, w->a);
    if (!n) return item->why ? (*w->e = *item->why, -1) : -1;
    kinds[kind_of(item)].put(w, item, n);
    if (w->what) return error_set(w->e, ERR_CONFIG, "%.*s has %s", STR_F(item->url), w->what);
  }
  return w->out->full ? error_set(w->e, ERR_LIMIT, "the facts are more than %zu bytes", w->out->max) : 0;
}

static void put_head(struct buf *out, const struct writing *w, bool all) {
  const struct package *p = w->package;
  buf_addz(out, "facts\t" FACTS_VERSION "\n# Made from the published package. Form: fixtures/standards/README.md.\n");
  buf_printf(out, "package\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", STR_F(p->name), STR_F(p->version), STR_F(p->canonical),
             STR_F(p->fhir_version), STR_F(p->type));
  if (!all) buf_addz(out, "part\n");
  for (size_t i = 0; i < p->dependencies.n; i++)
    buf_printf(out, "depends\t%.*s\t%.*s\n", STR_F(p->dependencies.v[i].name), STR_F(p->dependencies.v[i].version));
  if (!str_eqz(w->status, "active")) buf_printf(out, "status\t%.*s\n", STR_F(w->status));
  for (size_t i = 0; i < PREFIXES_N; i++)
    if (w->used[i]) buf_printf(out, "prefix\t%.*s\t%.*s\n", STR_F(facts_prefixes[i].key), STR_F(facts_prefixes[i].url));
}

static bool is_draft(struct package_item *item, struct arena *a) {
  const struct node *n = package_item_node(item, a);
  return n && str_eqz(node_text_at(n, "status"), "draft");
}

static bool is_writable(const struct package_item *item) {
  return kind_of(item) < KINDS_N && item->url.n;
}

int facts_write(struct buf *out, struct arena *a, struct package *p, const struct facts_choice *choice,
                struct error *e) {
  struct item_list items = {0};
  struct buf body;
  struct writing w = {.out = &body, .a = a, .package = p, .e = e, .choice = choice};
  bool all = true;
  for (size_t i = 0; i < p->items.n; i++) {
    struct package_item *item = p->items.v[i];
    if (!is_writable(item)) continue;
    bool wanted = !choice->wants || choice->wants(choice->context, item);
    if (wanted) VEC_PUSH(a, &items, item);
    all = all && wanted;
  }
  size_t drafts = 0;
  for (size_t i = 0; i < items.n; i++) drafts += is_draft(items.v[i], a);
  w.status = drafts * 2 > items.n ? STR("draft") : STR("active");
  if (items.n) qsort(items.v, items.n, sizeof *items.v, by_kind_and_url);
  buf_init(&body, FACTS_FILE_MAX);
  int rc = put_items(&w, &items);
  if (!rc) put_head(out, &w, all);
  if (!rc) buf_add(out, buf_str(&body));
  buf_release(&body);
  return rc;
}
