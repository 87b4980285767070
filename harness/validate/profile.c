/* Entry: one resource, the profiles asked for, and the findings sorted with each said once. */
#include "validate/profile_int.h"

#include <stdlib.h>

const struct node *check_resource_above(const struct node *n) {
  while (n && !n->type.n && n->parent) n = n->parent;
  return n;
}

/* --- places ------------------------------------------------------------------ */

static struct shape_use use_of(const struct shapes *s, const struct node *n) {
  if (n->type.n || !n->parent) return shapes_type(s, n->type);
  return shapes_child(s, use_of(s, n->parent).content, n->name);
}

/* Which of its name n is. Findings come mostly in the order of the message: the count goes on from the node asked for
 * before on this level, so that a message of many entries is not walked from its start for each. */
static size_t index_among(struct checker *k, const struct node *n) {
  size_t depth = 0;
  for (const struct node *up = n->parent; up; up = up->parent) depth++;
  struct cursor *c = &k->cursors[depth % PLACE_CURSORS];
  const struct node *at = c->node;
  size_t index = c->index;
  if (!at || at->parent != n->parent || !str_eq(at->name, n->name)) at = NULL;
  while (at && at != n) {
    at = at->next;
    index += at && str_eq(at->name, n->name);
  }
  if (!at) index = node_index(n);
  *c = (struct cursor){n, index};
  return index;
}

/* FHIRPath: an index wherever the element can repeat, choices as value.ofType(Quantity). */
static struct str path_of(struct checker *k, const struct node *n) {
  if (!n->parent) return n->type.n ? n->type : n->name;
  struct str head = path_of(k, n->parent);
  struct shape_use use = {0};
  if (k->cache->shapes) {
    struct shape_use above = use_of(k->cache->shapes, n->parent);
    use = above.content ? shapes_child(k->cache->shapes, above.content, n->name) : use;
  }
  if (use.choice && n->name.n > use.type.n)
    return arena_printf(k->a, "%.*s.%.*s.ofType(%.*s)", STR_F(head), (int)(n->name.n - use.type.n), n->name.p,
                        STR_F(use.type));
  size_t index = index_among(k, n);
  bool several = index || (n->flags & NODE_LISTED) || (n->next && str_eq(n->next->name, n->name));
  bool many = use.element ? use.element->many : several;
  if (!many) return arena_printf(k->a, "%.*s.%.*s", STR_F(head), STR_F(n->name));
  return arena_printf(k->a, "%.*s.%.*s[%zu]", STR_F(head), STR_F(n->name), index);
}

struct place check_place(struct checker *k, const struct node *n) {
  struct place where = {.message = k->message};
  if (!n) return where;
  where.line = n->line;
  where.col = n->col;
  if (k->f->list.n < FINDINGS_MAX) where.path = path_of(k, n);
  return where;
}

void check_told_of_parent(struct checker *k, struct finding *f, const struct node *n) {
  if (f && n->parent && f->where.path.n) f->where.path = arena_str(k->f->arena, path_of(k, n->parent));
}

/* Which profile and element demand it; what no profile says is demanded by what is being checked. */
static void name_source(struct checker *k, struct finding *f, const struct schema_element *e) {
  if (!e) e = k->current;
  if (!e) return;
  const struct structure *s = e->schema->structure;
  struct str id = e->def->id.n ? e->def->id : e->def->path;
  f->profile = s->version.n ? arena_printf(k->f->arena, "%.*s|%.*s", STR_F(s->url), STR_F(s->version))
                            : arena_str(k->f->arena, s->url);
  f->element = arena_str(k->f->arena, id);
}

/* Another version of the package was meant than the one that is there. */
static bool is_by_stand_in(struct checker *k, const struct schema_element *e) {
  if (!e) e = k->current;
  return e && k->from && !schema_is_base(e->schema) &&
         book_stands_in(k->cache->book, k->from->structure->package, e->schema->structure->package);
}

struct finding *check_add_said(struct checker *k, enum profile_rule rule, const struct node *n,
                               const struct schema_element *e, size_t args_n, const struct said *args) {
  struct finding *f = findings_add_said(k->f, &profile_rule_table[rule], check_place(k, n), args_n, args);
  unsigned found = profile_rule_found(rule);
  if (!f) return NULL;
  name_source(k, f, e);
  if (f->severity == SEV_ERROR && is_by_stand_in(k, e)) f->severity = SEV_UNDECIDED;
  if (found && found <= args_n) f->found = arena_str(k->f->arena, args[found - 1].en);
  return f;
}

struct finding *check_add(struct checker *k, enum profile_rule rule, const struct node *n,
                          const struct schema_element *e, size_t args_n, const struct str *args) {
  struct said both[FINDING_ARGS_MAX];
  if (args_n > FINDING_ARGS_MAX) BUG("a profile rule is given %zu arguments", args_n);
  for (size_t i = 0; i < args_n; i++) both[i] = said_same(args[i]);
  return check_add_said(k, rule, n, e, args_n, both);
}

/* --- order ------------------------------------------------------------------- */

static int by_place(const void *x, const void *y) {
  const struct finding *const *a = x, *const *b = y;
  if ((*a)->where.line != (*b)->where.line) return (*a)->where.line < (*b)->where.line ? -1 : 1;
  if ((*a)->where.col != (*b)->where.col) return (*a)->where.col < (*b)->where.col ? -1 : 1;
  return *a < *b ? -1 : 1;
}

/* A profile that binds a code to a value set of its own has chosen it over the one that its base recommends, and with
 * it the systems that it names: MedCom's medcom-acknowledgement-issue-details (terminology 1.4.0) names a value set as
 * one, and so must who sends its codes. */
static bool is_settled(struct checker *k, const struct finding *f) {
  bool can_be = str_eqz(f->rule, profile_rule_table[PROFILE_BINDING_EXTENSIBLE].id) ||
                str_eqz(f->rule, profile_rule_table[PROFILE_SYSTEM_VALUE_SET].id);
  return can_be && map_get(&k->settled, arena_printf(k->a, "%d:%d", f->where.line, f->where.col));
}

/* The same fault is found against the base type and against each profile: it is said once. */
static void report(struct findings *to, struct checker *k, const struct findings *from) {
  struct findings once;
  struct map seen;
  size_t n = from->list.n;
  const struct finding **sorted = ARENA_ARRAY(k->a, const struct finding *, n + 1);
  for (size_t i = 0; i < n; i++) sorted[i] = &from->list.v[i];
  qsort(sorted, n, sizeof *sorted, by_place);
  findings_init(&once, k->a);
  map_init(&seen, k->a);
  for (size_t i = 0; i < n; i++) {
    const struct finding *f = sorted[i];
    struct str key = arena_printf(k->a, "%d:%d %.*s %.*s", f->where.line, f->where.col, STR_F(f->rule), STR_F(f->en));
    if (map_set(&seen, key, (void *)1) && !is_settled(k, f)) VEC_PUSH(once.arena, &once.list, *f);
  }
  once.dropped = from->dropped;
  for (int i = 0; i < FINDING_SEVERITIES; i++) once.dropped_of[i] = from->dropped_of[i];
  findings_join(to, &once);
}

struct book *profile_cache_book(const struct profile_cache *c) {
  return c->book;
}

/* --- entry -------------------------------------------------------------------- */

static void check_asked(struct checker *k, const struct profile_options *o) {
  for (size_t i = 0; i < o->profiles_n; i++) {
    struct schema *s = schema_of_profile(k->cache, o->profiles[i], k->from);
    if (!s)
      CHECK(k, PROFILE_UNKNOWN, k->root, NULL, o->profiles[i]);
    else
      check_against(k, k->root, s);
  }
}

static void free_stack(void *stack) {
  arena_free(stack);
}

void checker_init(struct checker *k, struct findings *f, struct arena *a, const struct profile_question *q) {
  *k = (struct checker){.a = a,
                        .cache = q->options->cache,
                        .f = f,
                        .message = q->message,
                        .root = q->resource,
                        .form = q->options->form,
                        .in_run = q->options->in_run,
                        .stack = arena_new(0)};
  arena_defer(a, free_stack, k->stack);
  findings_init(f, a);
  map_init(&k->bundles, a);
  map_init(&k->settled, a);
  map_init(&k->contained, a);
}

void profile_judge(struct findings *f, struct arena *a, const struct profile_question *q, const struct schema *from) {
  struct findings all;
  struct checker k;
  const struct profile_options *o = q->options;
  checker_init(&k, &all, a, q);
  k.from = from;
  check_resource(&k, q->resource);
  check_asked(&k, o);
  if (k.limit) CHECK(&k, PROFILE_LIMIT, q->resource, NULL, str_z(k.limit));
  if (k.texts_missing) CHECK(&k, PROFILE_INVARIANT_TEXTS, q->resource, NULL, str_z(o->cache->texts_error->text));
  report(f, &k, &all);
}

void profile_validate(struct findings *f, struct arena *a, const struct node *resource, struct str message,
                      const struct profile_options *o) {
  struct profile_question q = {resource, message, o};
  profile_judge_versions(f, a, &q);
}
