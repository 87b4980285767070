#include "fhir/snapshot_int.h"

/* Lists are never shared with the definition they came from once they grow. */
void constraints_add(struct arena *a, struct element *to, const struct element *from) {
  struct element merged = {0};
  for (size_t i = 0; i < to->constraints.n; i++) VEC_PUSH(a, &merged.constraints, to->constraints.v[i]);
  for (size_t i = 0; i < from->constraints.n; i++) {
    size_t k = 0;
    while (k < merged.constraints.n && !str_eq(merged.constraints.v[k].key, from->constraints.v[i].key)) k++;
    if (k == merged.constraints.n) VEC_PUSH(a, &merged.constraints, from->constraints.v[i]);
  }
  to->constraints.v = merged.constraints.v;
  to->constraints.n = merged.constraints.n;
  to->constraints.cap = merged.constraints.cap;
}

static void merge_value(struct element_value *to, const struct element_value *from) {
  if (from->node) *to = *from;
}

static void merge_binding(struct element_binding *to, const struct element_binding *from) {
  if (from->strength == BINDING_NONE && !from->value_set.n) return;
  if (from->strength != BINDING_NONE) to->strength = from->strength;
  if (from->value_set.n) to->value_set = from->value_set;
  to->max_value_set = from->max_value_set;
}

static void merge_cardinality(struct element *to, const struct element *from) {
  if (from->has_min) to->min = from->min;
  if (from->has_max) to->max = from->max;
  to->has_min |= from->has_min;
  to->has_max |= from->has_max;
}

static void merge_flags(struct element *to, const struct element *from) {
  if (from->has_is_modifier) to->is_modifier = from->is_modifier;
  if (from->has_must_support) to->must_support = from->must_support;
  to->has_is_modifier |= from->has_is_modifier;
  to->has_must_support |= from->has_must_support;
  if (from->max_length) to->max_length = from->max_length;
}

static void merge_values(struct element *to, const struct element *from) {
  merge_value(&to->fixed, &from->fixed);
  merge_value(&to->pattern, &from->pattern);
  merge_value(&to->min_value, &from->min_value);
  merge_value(&to->max_value, &from->max_value);
}

static void merge_types(struct branch *b, const struct branch *d) {
  if (!d->e.types.n) return;
  b->e.types.v = d->e.types.v;
  b->e.types.n = b->e.types.cap = d->e.types.n;
  b->package = d->package;
}

void element_merge(struct arena *a, struct branch *b, const struct branch *d) {
  struct element *to = &b->e;
  const struct element *from = &d->e;
  if (!from->node) return;
  to->node = from->node;
  merge_cardinality(to, from);
  to->bad_number |= from->bad_number;
  merge_types(b, d);
  merge_values(to, from);
  merge_binding(&to->binding, &from->binding);
  merge_flags(to, from);
  if (from->content_reference.n) to->content_reference = from->content_reference;
  if (from->slicing.there) to->slicing = from->slicing;
  constraints_add(a, to, from);
}

static void underlay_value(struct element_value *to, const struct element_value *from) {
  if (from->node && !to->node) *to = *from;
}

void element_underlay(struct element *to, const struct element *root) {
  underlay_value(&to->fixed, &root->fixed);
  underlay_value(&to->pattern, &root->pattern);
  underlay_value(&to->min_value, &root->min_value);
  underlay_value(&to->max_value, &root->max_value);
  if (root->binding.strength != BINDING_NONE) to->binding = root->binding;
  if (!to->max_length) to->max_length = root->max_length;
  to->is_modifier = to->is_modifier || root->is_modifier;
}

static void imply(struct arena *a, struct element_slicing *s, enum discriminator_kind kind, const char *path) {
  *s = (struct element_slicing){.there = true, .rules = SLICING_OPEN};
  VEC_PUSH(a, &s->discriminators, ((struct discriminator){kind, str_z(path)}));
}

void slicing_imply(struct arena *a, struct branch *slicer) {
  struct element_slicing *s = &slicer->e.slicing;
  if (s->there) return;
  if (str_eqz(slicer->name, "extension") || str_eqz(slicer->name, "modifierExtension"))
    imply(a, s, DISCRIMINATOR_VALUE, "url");
  else if (str_ends(slicer->name, STR("[x]")))
    imply(a, s, DISCRIMINATOR_TYPE, "$this");
}
