/* Constraints in FHIRPath; those that stand on every element are judged without it. */
#include "base/file.h"
#include "validate/profile_int.h"

#define SMALL_MAX 4                /* values in an object that is shown whole */
#define SAID_MAX ((size_t)8 << 10) /* bytes of an expression in a text */

enum { INVARIANT_NEW, INVARIANT_READY, INVARIANT_NATIVE, INVARIANT_SKIP, INVARIANT_BAD };

/* Judged elsewhere: the narrative, and references to contained resources (empty without a reference:
 * profile_reference.c). */
static const char *const elsewhere[] = {"txt-1", "txt-2", "ref-1", NULL};

static bool is_one_of(struct str s, const char *const *list) {
  for (; *list; list++)
    if (str_eqz(s, *list)) return true;
  return false;
}

static bool has_content(struct checker *k, const struct node *n) {
  (void)k;
  if (n->text.n) return true;
  for (NODE_EACH(c, n))
    if (!str_eqz(c->name, "id")) return true;
  return false;
}

static bool one_of_both(struct checker *k, const struct node *n) {
  (void)k;
  bool extension = node_child(n, "extension"), value = false;
  for (NODE_EACH(c, n)) value = value || (str_starts(c->name, STR("value")) && c->name.n > 5);
  return extension != value;
}

/* --- dom-3 ------------------------------------------------------------------- */

/* What refers to contained resources: "#id" -> the contained resource that says so, the whole if it is said outside of
 * them, SEVERAL if more than one place does. */
struct mentions {
  struct arena *a;
  struct map by;
  const struct node *from;
};

static const struct node several;
#define SEVERAL ((void *)(uintptr_t)&several)

static void mention(struct mentions *m, struct str text) {
  const void *now = map_get(&m->by, text);
  map_set(&m->by, text, now && now != m->from ? SEVERAL : (void *)(uintptr_t)m->from);
}

/* Every "#..." in the markup: up to what cannot stand in an attribute, and up to what cannot stand in an id. */
static void mention_markup(struct mentions *m, struct str text) {
  static const char id[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
  for (size_t at = str_index(text, '#'); at < text.n; at++) {
    if (text.p[at] != '#') continue;
    size_t n = 1, id_n = 1;
    while (at + id_n < text.n && str_index(str_z(id), text.p[at + id_n]) != SIZE_MAX) id_n++;
    while (at + n < text.n && str_index(STR("\"'<>& \t\r\n#"), text.p[at + n]) == SIZE_MAX) n++;
    mention(m, str_sub(text, at, at + id_n));
    if (n != id_n) mention(m, str_sub(text, at, at + n));
  }
}

static void mention_all(struct mentions *m, const struct node *n) {
  if (str_starts(n->text, STR("#"))) mention(m, n->text);
  if (n->kind == NODE_STRING && str_eqz(n->name, "div")) mention_markup(m, n->text);
  for (NODE_EACH(c, n)) mention_all(m, c);
}

static bool mentions_container(const struct node *n) {
  if (str_eqz(n->text, "#")) return true;
  if (n->kind == NODE_STRING && str_eqz(n->name, "div") && str_index(n->text, '#') != SIZE_MAX) return true;
  for (NODE_EACH(c, n))
    if (mentions_container(c)) return true;
  return false;
}

/* A contained resource is referred to from the rest of the resource, or refers to it. References of any kind count,
 * and so do those in the narrative, which the published expression cannot see. */
static size_t contained_unused(struct checker *k, const struct node *n, const struct node **out) {
  struct mentions m = {k->a, .from = n};
  size_t unused = 0;
  if (!node_child(n, "contained")) return 0;
  map_init(&m.by, k->a);
  for (NODE_EACH(c, n)) {
    m.from = str_eqz(c->name, "contained") ? c : n;
    mention_all(&m, c);
  }
  for (const struct node *c = node_child(n, "contained"); c; c = node_again(c)) {
    struct str id = node_text_at(c, "id");
    if (mentions_container(c)) continue;
    const void *by = id.n ? map_get(&m.by, arena_printf(k->a, "#%.*s", STR_F(id))) : NULL;
    if (!by || by == c) out[unused++] = c;
  }
  return unused;
}

static bool is_one_of_types(const struct node *bundle, const char *const *types) {
  return is_one_of(node_text_at(bundle, "type"), types);
}

static bool all_entries_have(const struct node *bundle, const char *name, bool wanted) {
  for (const struct node *e = node_child(bundle, "entry"); e; e = node_again(e))
    if ((node_child(e, name) != NULL) != wanted) return false;
  return true;
}

static bool requests_fit(struct checker *k, const struct node *n) {
  static const char *const types[] = {"batch", "transaction", "history", NULL};
  (void)k;
  return all_entries_have(n, "request", is_one_of_types(n, types));
}

static bool responses_fit(struct checker *k, const struct node *n) {
  static const char *const types[] = {"batch-response", "transaction-response", "history", NULL};
  (void)k;
  return all_entries_have(n, "response", is_one_of_types(n, types));
}

static bool full_urls_differ(struct checker *k, const struct node *n) {
  struct map seen;
  map_init(&seen, k->a);
  if (str_eqz(node_text_at(n, "type"), "history")) return true;
  for (const struct node *e = node_child(n, "entry"); e; e = node_again(e)) {
    struct str url = node_text_at(e, "fullUrl"), version = node_text_at(e, "resource.meta.versionId");
    if (url.n && !map_set(&seen, arena_printf(k->a, "%.*s %.*s", STR_F(url), STR_F(version)), (void *)1)) return false;
  }
  return true;
}

/* Constraints that stand on every element, or whose expression costs the square of the number of entries. The head of
 * the expression tells that it is still the one that is meant. */
static const struct native {
  const char *key, *head;
  bool (*holds)(struct checker *k, const struct node *n);
  /* Instead: what is at fault, which is told of itself; out has room for all children. */
  size_t (*faults)(struct checker *k, const struct node *n, const struct node **out);
} natives[] = {
    {"ele-1", "hasValue() or (children().count() > id.count())", has_content, NULL},
    {"ext-1", "extension.exists() != value.exists()", one_of_both, NULL},
    {"dom-3", "contained.where(", NULL, contained_unused},
    {"bdl-3", "entry.all(request.exists() = (%resource.type = 'batch' or", requests_fit, NULL},
    {"bdl-4", "entry.all(response.exists() = (%resource.type = 'batch-response' or", responses_fit, NULL},
    {"bdl-7", "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource", full_urls_differ, NULL},
};

static const struct native *native_of(const struct element_constraint *c) {
  for (size_t i = 0; i < sizeof natives / sizeof *natives; i++)
    if (str_eqz(c->key, natives[i].key) && str_starts(c->expression, str_z(natives[i].head))) return &natives[i];
  return NULL;
}

static unsigned char kind_of(const struct element_constraint *c) {
  if (!c->expression.n || is_one_of(c->key, elsewhere)) return INVARIANT_SKIP;
  return native_of(c) ? INVARIANT_NATIVE : INVARIANT_NEW;
}

/* --- what FHIRPath asks for ---------------------------------------------------------- */

static const struct node *resolve(void *context, struct str reference) {
  struct checker *k = context;
  return reference_resolve(k, k->at, reference);
}

static struct str guess_type(const struct node *n) {
  if (n->kind != NODE_OBJECT) return STR("code");
  return node_child(n, "coding") || !node_child(n, "code") ? STR("CodeableConcept") : STR("Coding");
}

static int member_of(void *context, const struct node *n, struct str value_set) {
  struct checker *k = context;
  struct str why;
  enum terminology_answer in =
      binding_member(k, n, guess_type(n), value_set, k->at_element ? k->at_element->schema : NULL, &why);
  return in == TERMINOLOGY_UNKNOWN ? -1 : in == TERMINOLOGY_YES;
}

static int conforms_to(void *context, const struct node *n, struct str profile) {
  struct checker *k = context;
  struct schema *s = schema_of_profile(k->cache, profile, k->at_element ? k->at_element->schema : NULL);
  if (!s || s->problem) return -1;
  struct reasons *why = k->refused;
  k->refused = NULL; /* invariants met on the way are not this one */
  bool conforms = check_conforms(k, n, s);
  k->refused = why;
  if (conforms && check_is_open(k, n, s)) return -1;
  if (!conforms && why && why->n < FINDING_REASONS_MAX) why_profile(k, why, n, s);
  return conforms;
}

static int html_checks(void *context, const struct node *div) {
  struct checker *k = context;
  struct findings found, *was = k->f;
  findings_init(&found, k->a);
  k->f = &found;
  check_narrative(k, div);
  k->f = was;
  return findings_worst(&found) != SEV_ERROR;
}

void profile_fhirpath(struct fhirpath_env *env, struct arena *a, const struct node *resource,
                      const struct profile_options *o) {
  struct checker *k = ARENA_NEW(a, struct checker);
  struct findings *ignored = ARENA_NEW(a, struct findings);
  struct profile_question q = {resource, (struct str){0}, o};
  checker_init(k, ignored, a, &q);
  env->member_of = member_of;
  env->conforms_to = conforms_to;
  env->html_checks = html_checks;
  env->context = k;
  env->shapes = o->cache->shapes;
}

static int evaluate(struct checker *k, const struct node *n, const struct schema_element *e, const struct fhirpath *fp,
                    bool *holds, struct error *err) {
  const struct node *r = check_resource_above(e->parent && n->parent ? n->parent : n);
  const struct node *host = r && r->parent && str_eqz(r->name, "contained") ? check_resource_above(r->parent) : r;
  struct fhirpath_env env = {.resource = r,
                             .root_resource = host,
                             .clock = NULL,
                             .resolve = resolve,
                             .member_of = member_of,
                             .conforms_to = conforms_to,
                             .html_checks = html_checks,
                             .context = k,
                             .shapes = k->cache->shapes,
                             .any_name = true};
  struct fhirpath_result result = {0};
  const struct node *at = k->at;
  const struct schema_element *at_element = k->at_element;
  struct arena_mark before = arena_mark(k->stack);
  k->at = n;
  k->at_element = e;
  int code = fhirpath_eval(&result, k->stack, fp, n, &env, err);
  if (!code) code = fhirpath_true(holds, &result, err);
  k->costly += code && err->code == ERR_LIMIT;
  k->at = at;
  k->at_element = at_element;
  arena_rewind(k->stack, before);
  return code;
}

/* --- what is said of it --------------------------------------------------------------- */

static struct invariants *texts_of(struct checker *k) {
  struct profile_cache *c = k->cache;
  struct error e = {0};
  char *data;
  if (!c->texts && !c->texts_error &&
      (file_data_dir(&data, c->arena, &e) || invariants_open(&c->texts, c->arena, data, &e))) {
    c->texts_error = ARENA_NEW(c->arena, struct error);
    *c->texts_error = e;
  }
  k->texts_missing = k->texts_missing || c->texts_error;
  return c->texts;
}

static struct str one_line(struct checker *k, struct str s) {
  struct buf b;
  buf_init(&b, SAID_MAX);
  for (size_t i = 0; i < s.n; i++) {
    bool blank = s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t';
    if (!blank || (b.n && b.p[b.n - 1] != ' ')) buf_byte(&b, blank ? ' ' : s.p[i]);
  }
  return buf_take(&b, k->a);
}

/* Our text; else the one of the package, in its language; else the expression. */
static struct said said_of(struct checker *k, const struct element_constraint *c) {
  struct invariants *texts = texts_of(k);
  const struct invariant *own = texts ? invariants_find(texts, c->key, c->expression) : NULL;
  if (own) return own->text;
  if (c->human.n) return said_same(one_line(k, c->human));
  struct str x = one_line(k, c->expression);
  return why_printf(k, "This must be true: %x", "Dette skal være sandt: %x", x, x);
}

/* A value that can be shown whole: a plain one, or an object of a few plain ones. */
static bool is_small(const struct node *n) {
  if (!n->first || n->type.n) return n->text.n > 0;
  for (NODE_EACH(c, n))
    if (c->first) return false;
  return n->count <= SMALL_MAX;
}

static struct said found_in(struct checker *k, const struct node *n) {
  if (!is_small(n)) return (struct said){{0}, {0}};
  struct str value = value_text(k->a, n);
  return why_printf(k, " Found: '%x'.", " Fundet: '%x'.", value, value);
}

static struct finding *add_invariant(struct checker *k, enum profile_rule rule, const struct node *n,
                                     const struct schema_element *e, const struct element_constraint *c,
                                     struct said detail) {
  struct finding *f = CHECK_SAID(k, rule, n, e, said_same(c->key), said_of(k, c), detail);
  if (!f) return NULL;
  f->expression = arena_str(k->f->arena, one_line(k, c->expression));
  f->constraint = arena_str(k->f->arena, c->key);
  if (is_small(n)) f->found = arena_str(k->f->arena, value_text(k->a, n));
  return f;
}

static void judge_expression(struct checker *k, const struct node *n, const struct schema_element *e, size_t i) {
  const struct element_constraint *c = &e->def->constraints.v[i];
  struct error err = {0};
  bool holds = false;
  struct reasons why = {0}, *above = k->refused;
  k->refused = &why;
  int code = evaluate(k, n, e, e->invariants[i], &holds, &err);
  k->refused = above;
  if (code) {
    add_invariant(k, PROFILE_INVARIANT_UNDECIDED, n, e, c, said_same(str_z(err.text)));
    return;
  }
  if (holds) return;
  enum profile_rule rule = c->severity == CONSTRAINT_ERROR ? PROFILE_INVARIANT : PROFILE_INVARIANT_WARNING;
  findings_explain(k->f, add_invariant(k, rule, n, e, c, found_in(k, n)), &why);
}

static void parse(struct checker *k, struct schema_element *e, size_t i) {
  const struct element_constraint *c = &e->def->constraints.v[i];
  struct error err = {0};
  e->invariant_state[i] = kind_of(c);
  if (e->invariant_state[i] != INVARIANT_NEW) return;
  e->invariant_state[i] = INVARIANT_READY;
  if (!fhirpath_parse(&e->invariants[i], k->cache->arena, c->expression, &err)) return;
  e->invariant_state[i] = INVARIANT_BAD;
  e->invariant_why[i] = (struct said){
      arena_printf(k->cache->arena, "the expression cannot be read, at character %d: %s", err.col, err.text),
      arena_printf(k->cache->arena, "udtrykket kan ikke læses, ved tegn %d: %s", err.col, err.text)};
}

static void judge_native(struct checker *k, const struct native *native, const struct node *n,
                         const struct schema_element *e, const struct element_constraint *c) {
  if (native->holds && !native->holds(k, n)) add_invariant(k, PROFILE_INVARIANT, n, e, c, found_in(k, n));
  if (!native->faults || !n->count) return;
  const struct node **at = ARENA_ARRAY(k->a, const struct node *, n->count);
  size_t faults = native->faults(k, n, at);
  for (size_t i = 0; i < faults; i++) add_invariant(k, PROFILE_INVARIANT, at[i], e, c, found_in(k, at[i]));
}

static void judge(struct checker *k, const struct node *n, const struct schema_element *e, size_t i) {
  const struct element_constraint *c = &e->def->constraints.v[i];
  unsigned char state = e->invariant_state[i];
  if (state == INVARIANT_READY) judge_expression(k, n, e, i);
  if (state == INVARIANT_NATIVE) judge_native(k, native_of(c), n, e, c);
  if (state == INVARIANT_BAD) add_invariant(k, PROFILE_INVARIANT_UNDECIDED, n, e, c, e->invariant_why[i]);
}

void check_invariants(struct checker *k, const struct node *n, const struct schema_element *e) {
  size_t count = e->def->constraints.n;
  struct schema_element *own = (struct schema_element *)e; /* the cache of parsed expressions */
  if (!count) return;
  if (!own->invariants) {
    own->invariants = ARENA_ARRAY(k->cache->arena, struct fhirpath *, count);
    own->invariant_why = ARENA_ARRAY(k->cache->arena, struct said, count);
    own->invariant_state = ARENA_ARRAY(k->cache->arena, unsigned char, count);
  }
  for (size_t i = 0; i < count && k->costly <= PROFILE_COSTLY_MAX; i++) {
    if (own->invariant_state[i] == INVARIANT_NEW) parse(k, own, i);
    judge(k, n, e, i);
  }
}
