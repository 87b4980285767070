/* Why an element does not belong to a slice: which discriminator tells it, what was found and what is needed. */
#include "validate/profile_int.h"

/* --- the parts of a text --------------------------------------------------------- */

/* The discriminator's path as people read it; empty: the element itself. */
static struct str plain_path(const struct discriminator *d) {
  struct str head = STR("$this.");
  if (str_eqz(d->path, "$this")) return (struct str){0};
  return str_starts(d->path, head) ? str_sub(d->path, head.n, d->path.n) : d->path;
}

static struct said subject(struct checker *k, const struct discriminator *d) {
  struct str path = plain_path(d), call = STR("resolve()");
  if (!path.n) return (struct said){STR("it"), STR("det")};
  if (str_eq(path, call)) return (struct said){STR("what it points to"), STR("det, den peger på,")};
  if (!str_ends(path, STR(".resolve()"))) return said_same(path);
  path = str_sub(path, 0, path.n - call.n - 1);
  return why_printf(k, "what %x points to", "det, %x peger på,", path, path);
}

static struct said join(struct checker *k, struct said head, const char *en, const char *da, struct str x,
                        struct str y) {
  struct said tail = why_printf(k, en, da, x, y);
  return (struct said){arena_printf(k->a, "%.*s%.*s", STR_F(head.en), STR_F(tail.en)),
                       arena_printf(k->a, "%.*s%.*s", STR_F(head.da), STR_F(tail.da))};
}

static struct str found_values(struct checker *k, const struct misses *m) {
  struct buf b;
  buf_init(&b, 600);
  for (size_t i = 0; i < m->found_n && i < WHY_REASONS_MAX; i++) {
    if (i) buf_addz(&b, "', '");
    buf_add(&b, value_text(k->a, m->found[i]));
  }
  if (m->found_n > WHY_REASONS_MAX) buf_addz(&b, "', …'");
  return buf_take(&b, k->a);
}

/* --- one miss, by kind ------------------------------------------------------------- */

struct telling {
  struct checker *k;
  struct reasons *r; /* where it is told */
  int depth;
  const struct discriminator *d;
  const struct misses *m;
  struct said what; /* the discriminator's path */
};

static void tell(const struct telling *t, const char *en, const char *da, struct str x, struct str y) {
  reasons_add(t->r, t->k->a, t->depth, (struct place){0}, join(t->k, t->what, en, da, x, y));
}

static bool nothing_found(const struct telling *t, struct str wanted) {
  if (t->m->found_n) return false;
  if (str_find(t->d->path, STR("resolve()"), 0) != SIZE_MAX)
    tell(t, " is not in the message", " findes ikke i meddelelsen", wanted, wanted);
  else if (wanted.n)
    tell(t, " is missing; it must be '%x'", " mangler; det skal være '%x'", wanted, wanted);
  else
    tell(t, " is missing", " mangler", wanted, wanted);
  return true;
}

/* What is fixed further down: the first faults of each item, as the element itself would find them. */
static void tell_below(const struct telling *t, const struct schema_element *e) {
  for (size_t i = 0; i < t->m->found_n && i < WHY_REASONS_MAX; i++) {
    struct findings trial, *before = t->k->f;
    findings_init(&trial, t->k->a);
    t->k->f = &trial;
    check_element(t->k, t->m->found[i], e, check_type_of(e, t->m->found[i]));
    t->k->f = before;
    why_findings(t->k, t->r, t->depth, &trial);
  }
}

static void tell_value(const struct telling *t, const struct schema_element *e) {
  const struct element *d = e->def;
  const struct node *wanted = d->fixed.node ? d->fixed.node : d->pattern.node;
  struct str need = wanted ? value_text(t->k->a, wanted) : (struct str){0};
  if (nothing_found(t, need)) return;
  struct str found = found_values(t->k, t->m);
  if (wanted)
    tell(t, " is '%x'; it must be '%y'", " er '%x'; det skal være '%y'", found, need);
  else if (d->binding.strength == BINDING_REQUIRED)
    tell(t, " '%x' is not in the value set %y", " '%x' findes ikke i værdisættet %y", found, d->binding.value_set);
  else
    tell_below(t, e);
}

static void tell_exists(const struct telling *t, const struct schema_element *e) {
  if (e->def->max == 0)
    tell(t, " is there, and must not be", " findes, men må ikke være der", e->def->path, e->def->path);
  else
    tell(t, " is missing", " mangler", e->def->path, e->def->path);
}

static struct str types_of(const struct telling *t, const struct schema_element *e) {
  struct buf b;
  buf_init(&b, 600);
  if (!e->parent) buf_add(&b, e->schema->structure->type);
  for (size_t i = 0; e->parent && i < e->def->types.n; i++) {
    if (i) buf_addz(&b, ", ");
    buf_add(&b, schema_type_name(e->def->types.v[i].name));
  }
  return buf_take(&b, t->k->a);
}

static void tell_type(const struct telling *t, const struct schema_element *e) {
  if (nothing_found(t, (struct str){0})) return;
  const struct node *n = t->m->found[0];
  struct str is = n->type.n ? n->type : check_type_of(e, n);
  tell(t, " has the type %x; the type must be %y", " har typen %x; typen skal være %y", type_written(t->k, is),
       types_of(t, e));
}

static void tell_profile(const struct telling *t, const struct schema_element *e) {
  if (nothing_found(t, (struct str){0})) return;
  struct strs profiles = {0};
  struct str own = e->schema->structure->url;
  if (!e->parent) VEC_PUSH(t->k->a, &profiles, own);
  for (size_t i = 0; e->parent && i < e->def->types.n; i++)
    for (size_t j = 0; j < e->def->types.v[i].profiles.n; j++)
      VEC_PUSH(t->k->a, &profiles, e->def->types.v[i].profiles.v[j]);
  struct reasons why = {0};
  why_profiles(t->k, &why, t->m->found[0], e->schema, &profiles);
  for (size_t i = 0; i < why.n; i++)
    reasons_add(t->r, t->k->a, t->depth + why.v[i].depth, why.v[i].where, why.v[i].text);
}

static void tell_miss(const struct telling *t, const struct miss *miss) {
  static void (*const kinds[])(const struct telling *,
                               const struct schema_element *) = {[DISCRIMINATOR_VALUE] = tell_value,
                                                                 [DISCRIMINATOR_EXISTS] = tell_exists,
                                                                 [DISCRIMINATOR_PATTERN] = tell_value,
                                                                 [DISCRIMINATOR_TYPE] = tell_type,
                                                                 [DISCRIMINATOR_PROFILE] = tell_profile};
  if (miss->e && miss->kind != DISCRIMINATOR_UNKNOWN)
    kinds[miss->kind](t, miss->e);
  else if (!nothing_found(t, miss->url))
    tell(t, " is '%x'; it must be '%y'", " er '%x'; det skal være '%y'", found_values(t->k, t->m), miss->url);
}

/* --- one candidate ------------------------------------------------------------------- */

/* The first discriminator that says no decides; how it says so. */
static void collect(struct checker *k, struct reasons *r, const struct node *n, const struct schema_element *slice,
                    const struct discriminator *d, size_t d_n) {
  for (size_t i = 0; i < d_n; i++) {
    struct misses m;
    if (discriminator_match(k, n, slice, &d[i]) != 0) continue;
    discriminator_misses(&m, k, n, slice, &d[i]);
    struct telling t = {k, r, 0, &d[i], &m, subject(k, &d[i])};
    for (size_t j = 0; j < m.n && j < WHY_REASONS_MAX; j++) tell_miss(&t, &m.v[j]);
    return;
  }
}

/* One reason goes on the same line, more below it. */
static void tell_candidate(struct checker *k, struct reasons *r, const struct node *n,
                           const struct schema_element *slice, const struct discriminator *d, size_t d_n) {
  struct reasons why = {0};
  struct str name = slice->def->slice_name;
  collect(k, &why, n, slice, d, d_n);
  struct said head = why_printf(k, "not the slice '%x'", "ikke slicen '%x'", name, name);
  bool single = why.n == 1 && !why.v[0].where.line;
  if (single)
    head = (struct said){arena_printf(k->a, "%.*s: %.*s", STR_F(head.en), STR_F(why.v[0].text.en)),
                         arena_printf(k->a, "%.*s: %.*s", STR_F(head.da), STR_F(why.v[0].text.da))};
  else if (why.n)
    head = why_printf(k, "not the slice '%x':", "ikke slicen '%x':", name, name);
  reasons_add(r, k->a, 0, check_place(k, n), head);
  for (size_t i = 0; !single && i < why.n; i++) reasons_add(r, k->a, why.v[i].depth + 1, why.v[i].where, why.v[i].text);
}

/* What the discriminator leads to is of another resource type: no near miss. */
static bool is_far(struct checker *k, const struct node *n, const struct schema_element *slice,
                   const struct discriminator *d, size_t d_n) {
  struct misses m;
  if (d_n != 1 || d->kind != DISCRIMINATOR_PROFILE) return false;
  discriminator_misses(&m, k, n, slice, d);
  if (!m.n || !m.found_n || !m.found[0]->type.n) return false;
  for (size_t i = 0; i < m.n; i++) {
    const struct schema_element *e = m.v[i].e;
    struct schema *s = e ? e->schema : NULL;
    if (e && e->parent && e->def->types.n && e->def->types.v[0].profiles.n)
      s = schema_of_profile(k->cache, e->def->types.v[0].profiles.v[0], e->schema);
    if (!s || str_eq(s->structure->type, m.found[0]->type)) return false;
  }
  return true;
}

void why_no_slice(struct checker *k, struct reasons *r, const struct node *const *nodes, size_t n,
                  const struct schema_element *slice, const struct discriminator *d, size_t d_n) {
  size_t told = 0, far = 0;
  for (size_t i = 0; i < n; i++) {
    if (is_far(k, nodes[i], slice, d, d_n))
      far++;
    else if (told < WHY_CANDIDATES_MAX) {
      tell_candidate(k, r, nodes[i], slice, d, d_n);
      told++;
    }
  }
  why_more(k, r, 0, n - far - told);
  static const struct said rest = {STR_INIT("the rest: resources of other types"),
                                   STR_INIT("resten: ressourcer af andre typer")};
  static const struct said none = {STR_INIT("there are only resources of other types"),
                                   STR_INIT("der er kun ressourcer af andre typer")};
  if (far) reasons_add(r, k->a, 0, (struct place){0}, told ? rest : none);
  if (!told) why_slice(k, r, slice, d, d_n);
}

void why_in_no_slice(struct checker *k, struct reasons *r, const struct node *n, const struct schema_element *e,
                     const struct discriminator *d, size_t d_n) {
  size_t told = 0;
  for (size_t i = 0; i < e->slices.n && told < WHY_CANDIDATES_MAX; i++, told++)
    tell_candidate(k, r, n, e->slices.v[i], d, d_n);
  why_more(k, r, 0, e->slices.n - told);
}

/* --- what would be one ------------------------------------------------------------------ */

static struct said needed(const struct telling *t, const struct miss *miss) {
  struct checker *k = t->k;
  const struct schema_element *e = miss->e;
  struct said none = {{0}, {0}};
  if (!e) return why_printf(k, "be '%x'", "være '%x'", miss->url, miss->url);
  const struct node *value = e->def->fixed.node ? e->def->fixed.node : e->def->pattern.node;
  struct str url = e->schema->structure->url, types = types_of(t, e);
  if (miss->kind == DISCRIMINATOR_EXISTS)
    return e->def->max == 0 ? why_printf(k, "be left out", "udelades", url, url)
                            : why_printf(k, "be there", "være der", url, url);
  if (miss->kind == DISCRIMINATOR_TYPE) return why_printf(k, "have the type %x", "have typen %x", types, types);
  if (miss->kind == DISCRIMINATOR_PROFILE) {
    for (size_t i = 0; e->parent && i < e->def->types.n; i++)
      if (e->def->types.v[i].profiles.n) url = e->def->types.v[i].profiles.v[0];
    return why_printf(k, "conform to %x", "overholde %x", url, url);
  }
  if (value) return why_printf(k, "be '%x'", "være '%x'", value_text(k->a, value), url);
  url = e->def->binding.value_set;
  return e->def->binding.strength == BINDING_REQUIRED
             ? why_printf(k, "be from the value set %x", "være fra værdisættet %x", url, url)
             : none;
}

void why_slice(struct checker *k, struct reasons *r, const struct schema_element *slice, const struct discriminator *d,
               size_t d_n) {
  for (size_t i = 0; i < d_n; i++) {
    struct misses m;
    discriminator_misses(&m, k, NULL, slice, &d[i]);
    struct telling t = {k, r, 0, &d[i], &m, subject(k, &d[i])};
    for (size_t j = 0; j < m.n && j < WHY_REASONS_MAX; j++) {
      struct said need = needed(&t, &m.v[j]);
      if (!need.en.n) continue;
      struct said text = {why_printf(k, "to be this slice, %x must %y", "", t.what.en, need.en).en,
                          why_printf(k, "", "for at være denne slice skal %x %y", t.what.da, need.da).da};
      reasons_add(r, k->a, 0, (struct place){0}, text);
    }
  }
}
