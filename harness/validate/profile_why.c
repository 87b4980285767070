/* Why: the parts of a finding's reasons, in both languages. */
#include "validate/profile_int.h"

#define TEXT_MAX ((size_t)4 << 10)

/* %x and %y in a text are replaced. */
static struct str fill(struct checker *k, const char *text, struct str x, struct str y) {
  struct buf b;
  buf_init(&b, TEXT_MAX);
  for (const char *c = text; *c; c++) {
    bool is_x = c[0] == '%' && c[1] == 'x', is_y = c[0] == '%' && c[1] == 'y';
    if (!is_x && !is_y) {
      buf_byte(&b, *c);
      continue;
    }
    buf_add(&b, is_x ? x : y);
    c++;
  }
  return buf_take(&b, k->a);
}

struct said why_printf(struct checker *k, const char *en, const char *da, struct str x, struct str y) {
  return (struct said){fill(k, en, x, y), fill(k, da, x, y)};
}

static struct str number(struct checker *k, size_t n) {
  return arena_printf(k->a, "%zu", n);
}

struct said why_times(struct checker *k, size_t n) {
  if (n == 1) return (struct said){STR("once"), STR("én gang")};
  if (n == 2) return (struct said){STR("twice"), STR("to gange")};
  return why_printf(k, "%x times", "%x gange", number(k, n), (struct str){0});
}

struct said why_number(struct checker *k, size_t n) {
  if (n == 0) return (struct said){STR("none"), STR("ingen")};
  return said_same(number(k, n));
}

void why_more(struct checker *k, struct reasons *r, int depth, size_t n) {
  if (n)
    reasons_add(r, k->a, depth, (struct place){0},
                why_printf(k, "… and %x more", "… og %x mere", number(k, n), (struct str){0}));
}

static void add_nested(struct checker *k, struct reasons *r, int depth, const struct reasons *from, int from_depth) {
  for (size_t i = 0; i < from->n; i++)
    if (from->v[i].depth >= from_depth)
      reasons_add(r, k->a, depth + from->v[i].depth - from_depth, from->v[i].where, from->v[i].text);
}

/* A reference to what is at fault is no fault of its own: what matters is what it leads to. */
static bool is_chain(const struct finding *f) {
  return f->reasons.n && str_eqz(f->rule, profile_rule_table[PROFILE_REFERENCE_PROFILE].id);
}

static void add_chain(struct checker *k, struct reasons *r, int depth, const struct finding *f) {
  size_t heads = 0;
  for (size_t i = 0; i < f->reasons.n; i++) heads += f->reasons.v[i].depth == 0;
  reasons_add(
      r, k->a, depth, f->where,
      why_printf(k, "what '%x' points to has faults:", "det, som '%x' peger på, har fejl:", f->found, f->found));
  add_nested(k, r, depth + 1, &f->reasons, heads == 1 && f->reasons.n > 1);
}

void why_findings(struct checker *k, struct reasons *r, int depth, const struct findings *found) {
  size_t told = 0, errors = findings_count(found, SEV_ERROR);
  for (size_t i = 0; i < found->list.n && told < WHY_REASONS_MAX; i++) {
    const struct finding *f = &found->list.v[i];
    if (f->severity != SEV_ERROR) continue;
    if (is_chain(f)) {
      add_chain(k, r, depth, f);
    } else {
      reasons_add(r, k->a, depth, f->where, (struct said){f->en, f->da});
      add_nested(k, r, depth + 1, &f->reasons, 0);
    }
    told++;
  }
  why_more(k, r, depth, errors - told);
}

static struct str short_name(struct str url) {
  struct str bare = canonical_cut(url, NULL);
  size_t slash = bare.n;
  while (slash && bare.p[slash - 1] != '/') slash--;
  return str_sub(bare, slash, bare.n);
}

void why_profile(struct checker *k, struct reasons *r, const struct node *n, struct schema *s) {
  struct str name = short_name(s->structure->url);
  if (n->type.n && !str_eq(n->type, s->structure->type)) {
    reasons_add(r, k->a, 0, (struct place){0},
                why_printf(k, "the profile %x is for %y", "profilen %x er for %y", name, s->structure->type));
    return;
  }
  if (schema_is_base(s)) return;
  reasons_add(r, k->a, 0, check_place(k, n),
              why_printf(k, "does not conform to %x:", "overholder ikke %x:", name, name));
  why_findings(k, r, 1, check_outcome(k, n, s)->found);
}

void why_profiles(struct checker *k, struct reasons *r, const struct node *n, const struct schema *from,
                  const struct strs *profiles) {
  for (size_t i = 0; i < profiles->n && i < WHY_CANDIDATES_MAX; i++) {
    struct schema *s = schema_of_profile(k->cache, profiles->v[i], from);
    if (s) why_profile(k, r, n, s);
  }
  if (profiles->n > WHY_CANDIDATES_MAX) why_more(k, r, 0, profiles->n - WHY_CANDIDATES_MAX);
}
