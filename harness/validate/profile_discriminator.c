/* Discriminators: the same path is walked in the instance and in the definition of the slice, and what is found at its
 * end is compared. The definition's side goes through type.profile, the profile of an extension, and the target
 * profiles behind resolve() (FHIR R4, 5.1.0.15). */
#include "validate/profile_int.h"

enum step_kind { STEP_NAME, STEP_EXTENSION, STEP_RESOLVE, STEP_TYPE };

struct step {
  enum step_kind kind;
  struct str text;
};

#define STEPS_MAX 16
#define NODES_MAX 1000

struct path {
  struct step v[STEPS_MAX];
  size_t n;
};

/* --- the path ------------------------------------------------------------------- */

static struct str unquoted(struct str s) {
  s = str_trim(s);
  if (s.n >= 2 && (s.p[0] == '\'' || s.p[0] == '"')) s = str_sub(s, 1, s.n - 1);
  return s;
}

/* Up to the next '.' that is not in brackets or quotes. */
static struct str cut_step(struct str *rest) {
  size_t depth = 0, i = 0;
  bool quoted = false;
  for (; i < rest->n; i++) {
    char c = rest->p[i];
    if (c == '\'') quoted = !quoted;
    if (quoted) continue;
    if (c == '(') depth++;
    if (c == ')' && depth) depth--;
    if (c == '.' && !depth) break;
  }
  struct str step = str_sub(*rest, 0, i);
  *rest = str_sub(*rest, i + 1, rest->n);
  return step;
}

static bool read_call(struct step *s, struct str name, struct str args) {
  static const struct {
    const char *name;
    enum step_kind kind;
  } calls[] = {{"extension", STEP_EXTENSION}, {"resolve", STEP_RESOLVE}, {"ofType", STEP_TYPE}, {"as", STEP_TYPE}};
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    if (str_eqz(name, calls[i].name)) {
      *s = (struct step){calls[i].kind, unquoted(args)};
      return true;
    }
  return false;
}

static bool read_path(struct path *p, struct str text) {
  p->n = 0;
  while (text.n) {
    struct str part = str_trim(cut_step(&text));
    size_t bracket = str_index(part, '(');
    if (str_eqz(part, "$this") || !part.n) continue;
    if (p->n == STEPS_MAX) return false;
    struct step *s = &p->v[p->n++];
    if (bracket == SIZE_MAX)
      *s = (struct step){STEP_NAME, part};
    else if (!read_call(s, str_sub(part, 0, bracket), str_sub(part, bracket + 1, part.n - 1)))
      return false;
  }
  return true;
}

/* --- the instance ------------------------------------------------------------------ */

struct nodes {
  const struct node **v;
  size_t n, cap;
};

static void add_node(struct checker *k, struct nodes *to, const struct node *n) {
  if (n && to->n < NODES_MAX) VEC_PUSH(k->a, to, n);
}

static bool is_choice_of(struct str name, struct str base) {
  return name.n > base.n && str_starts(name, base) && name.p[base.n] >= 'A' && name.p[base.n] <= 'Z';
}

static void step_name(struct checker *k, struct nodes *to, const struct node *n, struct str name) {
  bool exact = node_child_str(n, name);
  for (NODE_EACH(c, n))
    if (exact ? str_eq(c->name, name) : is_choice_of(c->name, name)) add_node(k, to, c);
}

static void step_extension(struct checker *k, struct nodes *to, const struct node *n, struct str url) {
  for (NODE_EACH(c, n))
    if ((str_eqz(c->name, "extension") || str_eqz(c->name, "modifierExtension")) && str_eq(node_text_at(c, "url"), url))
      add_node(k, to, c);
}

static void step_resolve(struct checker *k, struct nodes *to, const struct node *n, struct str unused) {
  (void)unused;
  struct str reference = n->first ? node_text_at(n, "reference") : n->text;
  add_node(k, to, reference_resolve(k, n, reference));
}

static void step_type(struct checker *k, struct nodes *to, const struct node *n, struct str type) {
  if (n->type.n ? str_eq(n->type, type) : str_ends(n->name, str_sub(type, 1, type.n))) add_node(k, to, n);
}

static struct nodes walk_instance(struct checker *k, const struct node *n, const struct path *p) {
  static void (*const steps[])(struct checker *, struct nodes *, const struct node *,
                               struct str) = {[STEP_NAME] = step_name,
                                              [STEP_EXTENSION] = step_extension,
                                              [STEP_RESOLVE] = step_resolve,
                                              [STEP_TYPE] = step_type};
  struct nodes now = {0};
  add_node(k, &now, n);
  for (size_t i = 0; i < p->n; i++) {
    struct nodes next = {0};
    for (size_t j = 0; j < now.n; j++) steps[p->v[i].kind](k, &next, now.v[j], p->v[i].text);
    now = next;
  }
  return now;
}

/* --- the definition ------------------------------------------------------------------ */

enum answer { NO, YES, NONE /* nothing is said */, UNKNOWN };

struct walk {
  struct checker *k;
  const struct path *path;
  enum discriminator_kind kind;
  const struct nodes *found; /* in the instance */
  int depth;
  struct misses *misses; /* NULL: nobody asks what did not fit */
};

static enum answer both(enum answer x, enum answer y) {
  if (x == NONE) return y;
  if (y == NONE) return x;
  if (x == NO || y == NO) return NO;
  return x == UNKNOWN || y == UNKNOWN ? UNKNOWN : YES;
}

static enum answer either(enum answer x, enum answer y) {
  if (x == NONE) return y;
  if (y == NONE) return x;
  if (x == YES || y == YES) return YES;
  return x == UNKNOWN || y == UNKNOWN ? UNKNOWN : NO;
}

static enum answer walk_definition(struct walk *w, const struct schema_element *e, size_t at);

static enum answer any_fixed(struct walk *w, const struct node *value,
                             bool (*fits)(struct checker *, const struct node *, const struct node *)) {
  for (size_t i = 0; i < w->found->n; i++)
    if (fits(w->k, value, w->found->v[i])) return YES;
  return NO;
}

static enum answer any_member(struct walk *w, const struct schema_element *e) {
  enum answer all = NO;
  struct str why;
  for (size_t i = 0; i < w->found->n; i++) {
    const struct node *n = w->found->v[i];
    enum terminology_answer in =
        binding_member(w->k, n, check_type_of(e, n), e->def->binding.value_set, e->schema, &why);
    all = either(all, in == TERMINOLOGY_YES ? YES : in == TERMINOLOGY_NO ? NO : UNKNOWN);
  }
  return all;
}

/* Fixed values and patterns below the element that the path ends at: all of them must fit one item. */
static bool says_something_below(const struct schema_element *e, int depth) {
  if (depth > 6) return false;
  for (size_t i = 0; i < e->children.n; i++) {
    const struct element *d = e->children.v[i]->def;
    if (d->fixed.node || d->pattern.node || d->binding.strength == BINDING_REQUIRED) {
      if (d->min > 0 || d->fixed.node || d->pattern.node) return true;
    }
    if (says_something_below(e->children.v[i], depth + 1)) return true;
  }
  return false;
}

static bool fits_below(struct walk *w, const struct schema_element *e, const struct node *n) {
  struct findings trial, *before = w->k->f;
  findings_init(&trial, w->k->a);
  w->k->f = &trial;
  check_element(w->k, n, e, check_type_of(e, n));
  w->k->f = before;
  return findings_worst(&trial) != SEV_ERROR;
}

static enum answer any_below(struct walk *w, const struct schema_element *e) {
  for (size_t i = 0; i < w->found->n; i++)
    if (fits_below(w, e, w->found->v[i])) return YES;
  return NO;
}

static enum answer end_value(struct walk *w, const struct schema_element *e) {
  const struct element *d = e->def;
  if (d->fixed.node) return any_fixed(w, d->fixed.node, value_is_fixed);
  if (d->pattern.node) return any_fixed(w, d->pattern.node, value_fits_pattern);
  if (says_something_below(e, 0)) return any_below(w, e);
  if (d->binding.strength == BINDING_REQUIRED && !schema_is_base(e->schema)) return any_member(w, e);
  return NONE;
}

static enum answer end_exists(struct walk *w, const struct schema_element *e) {
  if (e->def->max == 0) return w->found->n == 0 ? YES : NO;
  if (e->def->min > 0) return w->found->n > 0 ? YES : NO;
  return NONE;
}

static bool type_fits(struct checker *k, const struct node *n, struct str wanted) {
  if (n->type.n) return str_eq(n->type, wanted) || shapes_is_a(k->cache->shapes, n->type, wanted);
  return n->name.n >= wanted.n &&
         str_eq(str_sub(n->name, n->name.n - wanted.n + 1, n->name.n), str_sub(wanted, 1, wanted.n));
}

static enum answer end_type(struct walk *w, const struct schema_element *e) {
  struct str own = e->parent ? (struct str){0} : e->schema->structure->type;
  if (w->found->n == 0) return NO;
  for (size_t i = 0; i < w->found->n; i++) {
    if (own.n && type_fits(w->k, w->found->v[i], own)) return YES;
    for (size_t t = 0; t < e->def->types.n && !own.n; t++)
      if (type_fits(w->k, w->found->v[i], schema_type_name(e->def->types.v[t].name))) return YES;
  }
  return own.n || e->def->types.n ? NO : NONE;
}

static enum answer conforms(struct walk *w, struct schema *s) {
  for (size_t i = 0; i < w->found->n; i++)
    if (check_conforms(w->k, w->found->v[i], s)) return YES;
  return NO;
}

static enum answer end_profile(struct walk *w, const struct schema_element *e) {
  if (!e->parent) return conforms(w, e->schema);
  enum answer any = NONE;
  for (size_t t = 0; t < e->def->types.n; t++)
    for (size_t i = 0; i < e->def->types.v[t].profiles.n; i++) {
      struct schema *s = schema_of_profile(w->k->cache, e->def->types.v[t].profiles.v[i], e->schema);
      any = either(any, s ? conforms(w, s) : UNKNOWN);
    }
  return any;
}

static enum answer at_end(struct walk *w, const struct schema_element *e) {
  static enum answer (*const ends[])(struct walk *,
                                     const struct schema_element *) = {[DISCRIMINATOR_VALUE] = end_value,
                                                                       [DISCRIMINATOR_EXISTS] = end_exists,
                                                                       [DISCRIMINATOR_PATTERN] = end_value,
                                                                       [DISCRIMINATOR_TYPE] = end_type,
                                                                       [DISCRIMINATOR_PROFILE] = end_profile};
  enum answer a = w->kind == DISCRIMINATOR_UNKNOWN ? UNKNOWN : ends[w->kind](w, e);
  if (a == NO && w->misses) VEC_PUSH(w->k->a, w->misses, ((struct miss){.kind = w->kind, .e = e}));
  return a;
}

/* A child with its slices: a choice narrowed by a slice, or a list of which a slice must be there. */
static enum answer into_child(struct walk *w, const struct schema_element *child, size_t at) {
  enum answer own = walk_definition(w, child, at), any = NONE;
  for (size_t i = 0; i < child->slices.n; i++)
    if (child->choice || child->slices.v[i]->def->min > 0)
      any = either(any, walk_definition(w, child->slices.v[i], at));
  return both(own, any);
}

static bool is_extension_slice(const struct schema_element *s, struct str url) {
  for (size_t t = 0; t < s->def->types.n; t++)
    for (size_t i = 0; i < s->def->types.v[t].profiles.n; i++)
      if (str_eq(canonical_cut(s->def->types.v[t].profiles.v[i], NULL), url)) return true;
  const struct schema_element *u = schema_child(s, STR("url"));
  return u && u->def->fixed.node && str_eq(u->def->fixed.node->text, url);
}

static enum answer into_extension(struct walk *w, const struct schema_element *e, size_t at) {
  struct str url = w->path->v[at].text;
  for (size_t i = 0; i < e->children.n; i++) {
    const struct schema_element *c = e->children.v[i];
    if (!str_eqz(c->name, "extension") && !str_eqz(c->name, "modifierExtension")) continue;
    for (size_t j = 0; j < c->slices.n; j++)
      if (is_extension_slice(c->slices.v[j], url)) return walk_definition(w, c->slices.v[j], at + 1);
  }
  return NONE;
}

static enum answer into_targets(struct walk *w, const struct schema_element *e, size_t at) {
  enum answer any = NONE;
  for (size_t t = 0; t < e->def->types.n; t++)
    for (size_t i = 0; i < e->def->types.v[t].targets.n; i++) {
      struct schema *s = schema_of_profile(w->k->cache, e->def->types.v[t].targets.v[i], e->schema);
      any = either(any, s && !s->problem ? walk_definition(w, s->root, at + 1) : UNKNOWN);
    }
  return any;
}

static enum answer own_step(struct walk *w, const struct schema_element *e, size_t at) {
  const struct step *s = &w->path->v[at];
  if (s->kind == STEP_TYPE) return walk_definition(w, e, at + 1);
  if (s->kind == STEP_EXTENSION) return into_extension(w, e, at);
  if (s->kind == STEP_RESOLVE) return into_targets(w, e, at);
  const struct schema_element *c = schema_child(e, s->text);
  return c ? into_child(w, c, at + 1) : NONE;
}

/* An extension whose definition is not there is still known by its url, which is that of the profile. */
static enum answer by_missing_profile(struct walk *w, const struct element_type *t, struct str canonical) {
  bool url = w->path->n == 1 && w->path->v[0].kind == STEP_NAME && str_eqz(w->path->v[0].text, "url");
  if (!url || !str_eqz(t->name, "Extension")) return UNKNOWN;
  for (size_t i = 0; i < w->found->n; i++)
    if (str_eq(w->found->v[i]->text, canonical_cut(canonical, NULL))) return YES;
  if (w->misses) VEC_PUSH(w->k->a, w->misses, ((struct miss){.kind = w->kind, .url = canonical_cut(canonical, NULL)}));
  return NO;
}

/* The profiles on the element's type say more: identifier.system is often fixed only there. */
static enum answer through_profiles(struct walk *w, const struct schema_element *e, size_t at) {
  enum answer any = NONE;
  for (size_t t = 0; t < e->def->types.n; t++)
    for (size_t i = 0; i < e->def->types.v[t].profiles.n; i++) {
      struct schema *s = schema_of_profile(w->k->cache, e->def->types.v[t].profiles.v[i], e->schema);
      enum answer one = s && !s->problem ? walk_definition(w, s->root, at)
                                         : by_missing_profile(w, &e->def->types.v[t], e->def->types.v[t].profiles.v[i]);
      any = either(any, one);
    }
  return any;
}

static enum answer walk_definition(struct walk *w, const struct schema_element *e, size_t at) {
  if (w->depth > STEPS_MAX * 4) return UNKNOWN;
  w->depth++;
  enum answer own = at == w->path->n ? at_end(w, e) : own_step(w, e, at);
  bool done = own == NO || (at == w->path->n && (w->kind == DISCRIMINATOR_PROFILE || w->kind == DISCRIMINATOR_TYPE));
  enum answer all = done && own != NONE ? own : both(own, through_profiles(w, e, at));
  w->depth--;
  return all;
}

/* --- the comparison --------------------------------------------------------------- */

/* Nothing fixed: that the element must, or must not, be there tells the slice. */
static int by_existence(struct walk *w, const struct schema_element *slice) {
  w->kind = DISCRIMINATOR_EXISTS;
  enum answer a = walk_definition(w, slice, 0);
  return a == YES ? 1 : a == NO ? 0 : a == NONE ? DISCRIMINATOR_SILENT : -1;
}

int discriminator_match(struct checker *k, const struct node *n, const struct schema_element *slice,
                        const struct discriminator *d) {
  struct path p;
  if (!read_path(&p, d->path)) return -1;
  struct nodes found = walk_instance(k, n, &p);
  struct walk w = {k, &p, d->kind, &found, 0, NULL};
  enum answer a = walk_definition(&w, slice, 0);
  if (a == NONE) return by_existence(&w, slice);
  return a == UNKNOWN ? -1 : a == YES;
}

void discriminator_misses(struct misses *out, struct checker *k, const struct node *n,
                          const struct schema_element *slice, const struct discriminator *d) {
  struct path p;
  *out = (struct misses){0};
  if (!read_path(&p, d->path)) return;
  struct nodes found = walk_instance(k, n, &p);
  struct walk w = {k, &p, d->kind, &found, 0, out};
  if (walk_definition(&w, slice, 0) == NONE) by_existence(&w, slice);
  out->found = found.v;
  out->found_n = found.n;
}
