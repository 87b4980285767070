#include "fhir/terminology.h"

struct ask {
  struct arena *a;
  struct book *b;
  struct terminology_code code;
  bool any_system;
  const struct value_set *open[TERMINOLOGY_DEPTH_MAX]; /* value sets being asked: a circle adds nothing */
  size_t depth, asks, steps;
  struct str why;
  struct str found_in;
};

static enum terminology_answer unknown(struct ask *q, struct str why) {
  if (!q->why.n) q->why = why;
  return TERMINOLOGY_UNKNOWN;
}

static enum terminology_answer both(enum terminology_answer x, enum terminology_answer y) {
  if (x == TERMINOLOGY_NO || y == TERMINOLOGY_NO) return TERMINOLOGY_NO;
  return x == TERMINOLOGY_UNKNOWN ? x : y;
}

static enum terminology_answer yes_no(bool yes) {
  return yes ? TERMINOLOGY_YES : TERMINOLOGY_NO;
}

static bool is_complete(const struct code_system *cs) {
  return cs && cs->content == CONTENT_COMPLETE && !cs->truncated;
}

/* --- filters of one concept --- */

struct filter_use {
  struct ask *q;
  const struct code_system *cs;
  size_t at; /* the concept asked about */
  const struct value_set_filter *filter;
};

static bool below(const struct filter_use *u, bool self) {
  size_t top = code_system_find(u->cs, u->filter->value);
  if (top == DEFINITION_NONE || (!self && top == u->at)) return false;
  return code_system_is_a(u->cs, u->at, top);
}

static enum terminology_answer filter_is_a(const struct filter_use *u) {
  return yes_no(below(u, true));
}

static enum terminology_answer filter_descendent_of(const struct filter_use *u) {
  return yes_no(below(u, false));
}

static enum terminology_answer filter_is_not_a(const struct filter_use *u) {
  return yes_no(!below(u, true));
}

static enum terminology_answer filter_generalizes(const struct filter_use *u) {
  size_t bottom = code_system_find(u->cs, u->filter->value);
  return yes_no(bottom != DEFINITION_NONE && code_system_is_a(u->cs, bottom, u->at));
}

static struct str property_of(const struct filter_use *u) {
  const struct code_concept *c = &u->cs->concepts.v[u->at];
  if (str_eqz(u->filter->property, "code") || str_eqz(u->filter->property, "concept")) return c->code;
  if (str_eqz(u->filter->property, "display")) return c->display;
  return concept_property(c, arena_z(u->q->a, u->filter->property));
}

static enum terminology_answer filter_equal(const struct filter_use *u) {
  if (str_eqz(u->filter->property, "parent")) {
    size_t parent = code_system_find(u->cs, u->filter->value);
    const struct code_concept *c = &u->cs->concepts.v[u->at];
    for (size_t i = 0; i < c->parents.n; i++)
      if (c->parents.v[i] == parent) return TERMINOLOGY_YES;
    return TERMINOLOGY_NO;
  }
  return yes_no(str_eq(property_of(u), u->filter->value));
}

static bool listed(struct str list, struct str word) {
  while (list.n)
    if (str_eq(str_trim(str_cut(&list, ',')), word)) return true;
  return false;
}

static enum terminology_answer filter_in(const struct filter_use *u) {
  return yes_no(listed(u->filter->value, property_of(u)));
}

static enum terminology_answer filter_not_in(const struct filter_use *u) {
  return yes_no(!listed(u->filter->value, property_of(u)));
}

static enum terminology_answer filter_exists(const struct filter_use *u) {
  return yes_no((property_of(u).n > 0) == str_eqz(u->filter->value, "true"));
}

static const struct {
  const char *op;
  enum terminology_answer (*fn)(const struct filter_use *);
} filters[] = {
    {"is-a", filter_is_a},
    {"descendent-of", filter_descendent_of},
    {"is-not-a", filter_is_not_a},
    {"=", filter_equal},
    {"in", filter_in},
    {"not-in", filter_not_in},
    {"exists", filter_exists},
    {"generalizes", filter_generalizes},
};

static enum terminology_answer one_filter(struct ask *q, const struct code_system *cs, size_t at,
                                          const struct value_set_filter *filter) {
  struct filter_use u = {q, cs, at, filter};
  for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
    if (str_eqz(filter->op, filters[i].op)) return filters[i].fn(&u);
  return unknown(q, arena_printf(q->a, "the filter %.*s is not supported", STR_F(filter->op)));
}

/* --- one include or exclude --- */

/* RFC 5646, 2.1: a language of two or three letters (longer ones are registered nowhere), or x or i; then subtags of
 * up to eight letters and digits. */
static bool is_language_tag(struct str tag) {
  if (str_ends(tag, STR("-"))) return false;
  struct str head = str_cut(&tag, '-');
  for (size_t i = 0; i < head.n; i++)
    if (!((head.p[i] | 32) >= 'a' && (head.p[i] | 32) <= 'z')) return false;
  bool private = str_eq_nocase(head, STR("x")) || str_eq_nocase(head, STR("i"));
  if (private ? !tag.n : head.n < 2 || head.n > 3) return false;
  while (tag.n) {
    struct str sub = str_cut(&tag, '-');
    if (!sub.n || sub.n > 8) return false;
    for (size_t i = 0; i < sub.n; i++)
      if (!ascii_is_alnum(sub.p[i])) return false;
  }
  return true;
}

/* Code systems whose codes follow a grammar that can be judged without a list: BCP-13 and BCP-47. */
static enum terminology_answer by_grammar(struct ask *q, struct str system) {
  struct str code = q->code.code;
  if (str_eqz(system, "urn:ietf:bcp:13")) {
    size_t slash = str_index(code, '/');
    return yes_no(slash != SIZE_MAX && slash > 0 && slash + 1 < code.n && str_index(code, ' ') == SIZE_MAX);
  }
  if (str_eqz(system, "urn:ietf:bcp:47")) return yes_no(is_language_tag(code));
  return unknown(q, arena_printf(q->a, "the code system %.*s is not there", STR_F(system)));
}

static enum terminology_answer in_system(struct ask *q, const struct value_set *vs, const struct value_set_part *part) {
  struct code_system *cs = book_code_system(q->b, part->system, vs->package);
  if (!is_complete(cs)) {
    if (cs && code_system_find(cs, q->code.code) != DEFINITION_NONE && !part->filters.n) return TERMINOLOGY_YES;
    if (cs) return unknown(q, arena_printf(q->a, "the code system %.*s is not complete", STR_F(part->system)));
    return part->filters.n ? unknown(q, arena_printf(q->a, "the code system %.*s is not there", STR_F(part->system)))
                           : by_grammar(q, part->system);
  }
  size_t at = code_system_find(cs, q->code.code);
  if (at == DEFINITION_NONE) return TERMINOLOGY_NO;
  enum terminology_answer all = TERMINOLOGY_YES;
  for (size_t i = 0; i < part->filters.n; i++) all = both(all, one_filter(q, cs, at, &part->filters.v[i]));
  return all;
}

static enum terminology_answer in_list(struct ask *q, const struct value_set_concepts *list) {
  q->steps += list->n;
  for (size_t i = 0; i < list->n; i++)
    if (str_eq(list->v[i].code, q->code.code)) return TERMINOLOGY_YES;
  return TERMINOLOGY_NO;
}

static enum terminology_answer ask(struct ask *q, const struct value_set *vs);

static enum terminology_answer in_named(struct ask *q, const struct value_set *vs, struct str canonical) {
  const struct value_set *other = book_value_set(q->b, canonical, vs->package);
  if (!other) return unknown(q, arena_printf(q->a, "the value set %.*s is not there", STR_F(canonical)));
  return ask(q, other);
}

static enum terminology_answer in_part(struct ask *q, const struct value_set *vs, const struct value_set_part *part) {
  enum terminology_answer all = TERMINOLOGY_YES;
  if (part->system.n) {
    if (!q->any_system && !str_eq(part->system, q->code.system)) return TERMINOLOGY_NO;
    all = part->concepts.n ? in_list(q, &part->concepts) : in_system(q, vs, part);
    if (all == TERMINOLOGY_YES) q->found_in = part->system;
  }
  for (size_t i = 0; i < part->value_sets.n && all != TERMINOLOGY_NO; i++)
    all = both(all, in_named(q, vs, part->value_sets.v[i]));
  return all;
}

static enum terminology_answer in_compose(struct ask *q, const struct value_set *vs) {
  enum terminology_answer in = TERMINOLOGY_NO;
  for (size_t i = 0; i < vs->includes.n && in != TERMINOLOGY_YES; i++) {
    enum terminology_answer one = in_part(q, vs, &vs->includes.v[i]);
    if (one != TERMINOLOGY_NO) in = one;
  }
  for (size_t i = 0; i < vs->excludes.n && in != TERMINOLOGY_NO; i++) {
    enum terminology_answer out = in_part(q, vs, &vs->excludes.v[i]);
    if (out != TERMINOLOGY_NO) in = out == TERMINOLOGY_YES ? TERMINOLOGY_NO : TERMINOLOGY_UNKNOWN;
  }
  return in;
}

static enum terminology_answer in_expansion(struct ask *q, const struct value_set *vs) {
  for (size_t i = 0; i < vs->expansion.n; i++) {
    const struct value_set_concept *c = &vs->expansion.v[i];
    if (c->abstract || !str_eq(c->code, q->code.code) || !(q->any_system || str_eq(c->system, q->code.system)))
      continue;
    q->found_in = c->system;
    return TERMINOLOGY_YES;
  }
  if (vs->expansion_incomplete || vs->truncated) return unknown(q, STR("the expansion is not complete"));
  return TERMINOLOGY_NO;
}

static enum terminology_answer ask(struct ask *q, const struct value_set *vs) {
  for (size_t i = 0; i < q->depth; i++)
    if (q->open[i] == vs) return TERMINOLOGY_NO;
  if (q->depth == TERMINOLOGY_DEPTH_MAX)
    return unknown(
        q, arena_printf(q->a, "value sets name each other too deep (TERMINOLOGY_DEPTH_MAX %d)", TERMINOLOGY_DEPTH_MAX));
  if (++q->asks > TERMINOLOGY_ASKS_MAX)
    return unknown(
        q, arena_printf(q->a, "too many value sets name each other (TERMINOLOGY_ASKS_MAX %d)", TERMINOLOGY_ASKS_MAX));
  if (q->steps > TERMINOLOGY_STEPS_MAX)
    return unknown(
        q, arena_printf(q->a, "there is too much to look through (TERMINOLOGY_STEPS_MAX %d)", TERMINOLOGY_STEPS_MAX));
  if (!vs->has_compose && !vs->has_expansion) return unknown(q, STR("the value set says nothing of its content"));
  q->open[q->depth++] = vs;
  enum terminology_answer answer = TERMINOLOGY_UNKNOWN;
  if (vs->has_compose) answer = in_compose(q, vs);
  if (answer == TERMINOLOGY_UNKNOWN && vs->has_expansion) answer = in_expansion(q, vs);
  q->depth--;
  return answer;
}

struct terminology_reply terminology_member(struct arena *a, struct book *b, const struct value_set *vs,
                                            struct terminology_code code, bool any_system) {
  struct ask q = {.a = a, .b = b, .code = code, .any_system = any_system};
  struct terminology_reply r = {.answer = ask(&q, vs)};
  if (r.answer == TERMINOLOGY_UNKNOWN) r.why = q.why;
  if (r.answer == TERMINOLOGY_YES) r.system = any_system ? q.found_in : code.system;
  return r;
}

struct terminology_reply terminology_lookup(struct arena *a, struct book *b, struct terminology_code code,
                                            const struct package *from) {
  struct ask q = {.a = a, .b = b, .code = code};
  struct terminology_reply r = {.answer = TERMINOLOGY_UNKNOWN, .system = code.system};
  struct code_system *cs = book_code_system(b, code.system, from);
  if (cs && code_system_find(cs, code.code) != DEFINITION_NONE)
    r.answer = TERMINOLOGY_YES;
  else if (is_complete(cs))
    r.answer = TERMINOLOGY_NO;
  else if (!cs)
    r.answer = by_grammar(&q, code.system);
  r.why = r.answer == TERMINOLOGY_UNKNOWN ? q.why : (struct str){0};
  return r;
}
