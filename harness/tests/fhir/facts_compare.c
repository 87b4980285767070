#include "facts_compare.h"

static bool same_strs(const struct strs *x, const struct strs *y) {
  if (x->n != y->n) return false;
  for (size_t i = 0; i < x->n; i++)
    if (!str_eq(x->v[i], y->v[i])) return false;
  return true;
}

/* --- elements --- */

static bool same_base(const struct element *x, const struct element *y) {
  return str_eq(x->base_path, y->base_path) && x->base_min == y->base_min && x->base_max == y->base_max;
}

static bool same_names(const struct element *x, const struct element *y) {
  return str_eq(x->id, y->id) && str_eq(x->path, y->path) && str_eq(x->slice_name, y->slice_name) &&
         str_eq(x->content_reference, y->content_reference);
}

static bool same_cardinality(const struct element *x, const struct element *y) {
  return x->has_min == y->has_min && x->has_max == y->has_max && x->min == y->min && x->max == y->max;
}

static bool same_flags(const struct element *x, const struct element *y) {
  return x->has_must_support == y->has_must_support && x->must_support == y->must_support &&
         x->has_is_modifier == y->has_is_modifier && x->is_modifier == y->is_modifier &&
         x->xml_attribute == y->xml_attribute && x->max_length == y->max_length;
}

static bool same_types(const struct element *x, const struct element *y) {
  if (x->types.n != y->types.n) return false;
  for (size_t i = 0; i < x->types.n; i++) {
    const struct element_type *p = &x->types.v[i], *q = &y->types.v[i];
    if (!str_eq(p->code, q->code) || !str_eq(p->name, q->name) || !str_eq(p->regex, q->regex) ||
        !same_strs(&p->profiles, &q->profiles) || !same_strs(&p->targets, &q->targets) ||
        p->aggregation != q->aggregation || p->versioning != q->versioning)
      return false;
  }
  return true;
}

static bool same_value(const struct element_value *x, const struct element_value *y) {
  if (!x->node || !y->node) return x->node == y->node;
  return str_eq(x->type, y->type) && node_equal(x->node, y->node);
}

static bool same_values(const struct element *x, const struct element *y) {
  return same_value(&x->fixed, &y->fixed) && same_value(&x->pattern, &y->pattern) &&
         same_value(&x->min_value, &y->min_value) && same_value(&x->max_value, &y->max_value);
}

static bool same_binding(const struct element *x, const struct element *y) {
  return x->binding.strength == y->binding.strength && str_eq(x->binding.value_set, y->binding.value_set) &&
         str_eq(x->binding.max_value_set, y->binding.max_value_set);
}

static bool same_slicing(const struct element *x, const struct element *y) {
  const struct element_slicing *p = &x->slicing, *q = &y->slicing;
  if (p->there != q->there || p->ordered != q->ordered || p->rules != q->rules ||
      p->discriminators.n != q->discriminators.n)
    return false;
  for (size_t i = 0; i < p->discriminators.n; i++)
    if (p->discriminators.v[i].kind != q->discriminators.v[i].kind ||
        !str_eq(p->discriminators.v[i].path, q->discriminators.v[i].path))
      return false;
  return true;
}

static bool same_constraints(const struct element *x, const struct element *y) {
  if (x->constraints.n != y->constraints.n) return false;
  for (size_t i = 0; i < x->constraints.n; i++) {
    const struct element_constraint *p = &x->constraints.v[i], *q = &y->constraints.v[i];
    if (!str_eq(p->key, q->key) || !str_eq(p->expression, q->expression) || p->severity != q->severity ||
        p->best_practice != q->best_practice || (p->source.n && q->source.n && !str_eq(p->source, q->source)))
      return false;
  }
  return true;
}

static const struct {
  const char *name;
  bool (*same)(const struct element *x, const struct element *y);
} aspects[] = {
    {"names", same_names},     {"cardinality", same_cardinality},         {"types", same_types},
    {"flags", same_flags},     {"fixed, pattern or limits", same_values}, {"binding", same_binding},
    {"slicing", same_slicing}, {"constraints", same_constraints},
};

size_t compare_elements(struct buf *out, const struct elements *x, const struct elements *y) {
  size_t n = 0;
  if (x->n != y->n) {
    buf_printf(out, "  %zu elements, and %zu\n", x->n, y->n);
    n++;
  }
  for (size_t i = 0; i < x->n && i < y->n; i++)
    for (size_t k = 0; k < sizeof aspects / sizeof *aspects; k++) {
      if (aspects[k].same(&x->v[i], &y->v[i])) continue;
      buf_printf(out, "  %.*s, %.*s: %s\n", STR_F(x->v[i].id), STR_F(y->v[i].id), aspects[k].name);
      n++;
    }
  return n;
}

static bool same_contexts(const struct structure *x, const struct structure *y) {
  if (x->contexts.n != y->contexts.n || !same_strs(&x->context_invariants, &y->context_invariants)) return false;
  for (size_t i = 0; i < x->contexts.n; i++)
    if (!str_eq(x->contexts.v[i].type, y->contexts.v[i].type) ||
        !str_eq(x->contexts.v[i].expression, y->contexts.v[i].expression))
      return false;
  return true;
}

/* A heading where a name should be is prose, and not shipped. */
static bool same_name(struct str published, struct str shipped) {
  return str_index(published, ' ') == SIZE_MAX ? str_eq(published, shipped) : str_index(shipped, ' ') == SIZE_MAX;
}

static bool same_identity(const struct structure *x, const struct structure *y) {
  return str_eq(x->url, y->url) && str_eq(x->version, y->version) && str_eq(x->id, y->id) &&
         same_name(x->name, y->name) && str_eq(x->status, y->status);
}

static bool same_head(const struct structure *x, const struct structure *y) {
  return same_identity(x, y) && str_eq(x->type, y->type) && str_eq(x->base, y->base) && x->kind == y->kind &&
         x->derivation == y->derivation && x->abstract == y->abstract && same_contexts(x, y) &&
         same_strs(&x->imposes, &y->imposes);
}

static size_t compare_snapshots(struct buf *out, const struct elements *x, const struct elements *y) {
  size_t n = compare_elements(out, x, y);
  for (size_t i = 0; i < x->n && i < y->n; i++) n += !same_base(&x->v[i], &y->v[i]);
  return n;
}

size_t compare_structures(struct buf *out, const struct structure *x, const struct structure *y) {
  bool same = same_head(x, y);
  if (!same) buf_addz(out, "  the head\n");
  size_t n = !same + compare_elements(out, &x->differential, &y->differential);
  return y->snapshot.n && y->base.n ? n + compare_snapshots(out, &x->snapshot, &y->snapshot) : n;
}

/* --- value sets and code systems --- */

static bool same_concepts(const struct value_set_part *x, const struct value_set_part *y) {
  if (x->concepts.n != y->concepts.n) return false;
  for (size_t i = 0; i < x->concepts.n; i++)
    if (!str_eq(x->concepts.v[i].code, y->concepts.v[i].code)) return false;
  return true;
}

static bool same_filters(const struct value_set_part *x, const struct value_set_part *y) {
  if (x->filters.n != y->filters.n) return false;
  for (size_t i = 0; i < x->filters.n; i++) {
    const struct value_set_filter *p = &x->filters.v[i], *q = &y->filters.v[i];
    if (!str_eq(p->property, q->property) || !str_eq(p->op, q->op) || !str_eq(p->value, q->value)) return false;
  }
  return true;
}

static bool same_part(const struct value_set_part *x, const struct value_set_part *y) {
  return str_eq(x->system, y->system) && str_eq(x->version, y->version) && same_concepts(x, y) && same_filters(x, y) &&
         same_strs(&x->value_sets, &y->value_sets);
}

size_t compare_value_sets(struct buf *out, const struct value_set *x, const struct value_set *y) {
  size_t n = 0;
  bool same = str_eq(x->url, y->url) && str_eq(x->version, y->version) && str_eq(x->status, y->status) &&
              x->has_compose == y->has_compose && x->includes.n == y->includes.n && x->excludes.n == y->excludes.n;
  if (!same) {
    buf_addz(out, "  the head\n");
    return 1;
  }
  for (size_t i = 0; i < x->includes.n; i++) n += !same_part(&x->includes.v[i], &y->includes.v[i]);
  for (size_t i = 0; i < x->excludes.n; i++) n += !same_part(&x->excludes.v[i], &y->excludes.v[i]);
  if (n) buf_printf(out, "  %zu parts\n", n);
  return n;
}

static bool same_concept(const struct code_concept *x, const struct code_concept *y) {
  if (!str_eq(x->code, y->code) || x->abstract != y->abstract || x->inactive != y->inactive ||
      x->parents.n != y->parents.n)
    return false;
  for (size_t i = 0; i < x->parents.n; i++)
    if (x->parents.v[i] != y->parents.v[i]) return false;
  return true;
}

size_t compare_code_systems(struct buf *out, const struct code_system *x, const struct code_system *y) {
  size_t n = 0;
  bool same = str_eq(x->url, y->url) && str_eq(x->version, y->version) && str_eq(x->supplements, y->supplements) &&
              str_eq(x->value_set, y->value_set) && str_eq(x->hierarchy_meaning, y->hierarchy_meaning) &&
              x->content == y->content && x->case_insensitive == y->case_insensitive && x->concepts.n == y->concepts.n;
  if (!same) {
    buf_addz(out, "  the head\n");
    return 1;
  }
  for (size_t i = 0; i < x->concepts.n; i++) {
    if (same_concept(&x->concepts.v[i], &y->concepts.v[i])) continue;
    buf_printf(out, "  %.*s\n", STR_F(x->concepts.v[i].code));
    n++;
  }
  return n;
}
