#include "fhir/snapshot_int.h"

enum { STATE_NONE, STATE_BUSY, STATE_MADE, STATE_FAILED }; /* struct structure, generated_state */

static int merge_branch(struct snapshot_maker *m, struct branch *b, const struct branch *d);

static int no_element(struct snapshot_maker *m, const struct branch *b, const struct branch *d) {
  return error_set(m->e, ERR_CONFIG, "%.*s: the differential names %.*s below %.*s, which its base does not have",
                   STR_F(m->structure->url), STR_F(d->name), STR_F(b->name));
}

/* The merged element of one branch, without what is below. An extension's own cardinality counts, other profiles say
 * nothing of how often an element is there. */
static void merge_one(struct snapshot_maker *m, struct branch *b, const struct branch *d) {
  if (!d->e.node) return;
  const struct element *root = d->e.types.n == 1 ? profile_root(m, &d->e, d->package) : NULL;
  if (root) {
    element_underlay(m->arena, b, root);
    if (str_eqz(d->e.types.v[0].code, "Extension")) {
      b->e.min = root->min;
      b->e.max = root->max;
    }
  }
  element_merge(m->arena, b, d);
}

/* A slice that the base does not have: a copy of the element that is sliced, or of the slice that is sliced again. */
static struct branch *new_slice(struct snapshot_maker *m, struct branch *slicer, const struct branch *original,
                                struct str name) {
  size_t slash = str_index(name, '/'), at = slicer->slices.n;
  const struct branch *from = original;
  if (slash != SIZE_MAX) {
    const struct branch *outer = branch_slice(slicer, str_sub(name, 0, slash));
    if (outer) from = outer;
  }
  struct branch *slice = branch_copy(m->arena, from, false);
  slice->e.slicing = (struct element_slicing){0};
  slice->e.slice_name = name;
  slice->e.min = 0;
  VEC_PUSH(m->arena, &slicer->slices, slice);
  if (from == original) return slice;
  while (at > 0 && !str_eq(slicer->slices.v[at - 1]->e.slice_name, from->e.slice_name) &&
         !(str_starts(slicer->slices.v[at - 1]->e.slice_name, str_sub(name, 0, slash + 1)))) {
    slicer->slices.v[at] = slicer->slices.v[at - 1];
    slicer->slices.v[--at] = slice;
  }
  return slice;
}

/* original: the slicer before the differential changed it. */
static int merge_slice(struct snapshot_maker *m, struct branch *slicer, const struct branch *original,
                       const struct branch *d) {
  struct branch *slice = branch_slice(slicer, d->e.slice_name);
  if (!slice) slice = new_slice(m, slicer, original, d->e.slice_name);
  return merge_branch(m, slice, d);
}

/* --- choices of types --- */

static void one_type(struct snapshot_maker *m, struct branch *b, struct str code) {
  struct element_type type = {.code = code, .name = code};
  for (size_t i = 0; i < b->e.types.n; i++)
    if (str_eq(b->e.types.v[i].code, code)) type = b->e.types.v[i];
  b->e.types.v = NULL;
  b->e.types.n = b->e.types.cap = 0;
  VEC_PUSH(m->arena, &b->e.types, type);
}

static bool slices_cover(const struct branch *choice) {
  for (size_t i = 0; i < choice->e.types.n; i++) {
    size_t k = 0;
    while (k < choice->slices.n && !(choice->slices.v[k]->e.types.n == 1 &&
                                     str_eq(choice->slices.v[k]->e.types.v[0].code, choice->e.types.v[i].code)))
      k++;
    if (k == choice->slices.n) return false;
  }
  return true;
}

/* The slice that has to be there: no other type is left then, as the choice is there once. */
static const struct branch *needed_slice(const struct branch *choice) {
  for (size_t i = 0; i < choice->slices.n; i++)
    if (choice->slices.v[i]->e.min > 0 && choice->slices.v[i]->e.types.n == 1) return choice->slices.v[i];
  return NULL;
}

static bool slices_by_type(const struct branch *b) {
  const struct element_slicing *s = &b->e.slicing;
  return s->there && str_ends(b->name, STR("[x]")) && s->discriminators.n == 1 &&
         s->discriminators.v[0].kind == DISCRIMINATOR_TYPE && str_eqz(s->discriminators.v[0].path, "$this");
}

/* What the slices of a choice by type mean for the choice: publishers close it when no type is left over, and when a
 * differential goes on with slices of the base without a word on the slicing. */
static void settle_choice(struct snapshot_maker *m, struct branch *choice, bool went_on) {
  if (!slices_by_type(choice)) return;
  const struct branch *needed = needed_slice(choice);
  if (needed) one_type(m, choice, needed->e.types.v[0].code);
  if (needed || went_on || slices_cover(choice)) choice->e.slicing.rules = SLICING_CLOSED;
}

/* "valueQuantity" for "value[x]": the slice of that type. */
static int merge_typed(struct snapshot_maker *m, struct branch *choice, const struct branch *d, struct str code) {
  struct branch *slice = branch_slice(choice, d->name);
  bool sliced = choice->e.slicing.there;
  slicing_imply(m->arena, choice);
  if (!slice) {
    slice = new_slice(m, choice, choice, d->name);
    one_type(m, slice, code);
  }
  if (merge_branch(m, slice, d)) return -1;
  if (!sliced && str_eqz(m->original->name, "Extension") && str_eqz(choice->e.base_path, "Extension.value[x]"))
    one_type(m, choice, code);
  settle_choice(m, choice, sliced);
  return 0;
}

static int merge_child(struct snapshot_maker *m, struct branch *b, const struct branch *d) {
  struct str code;
  struct branch *child = branch_meant(b, d->name, &code);
  if (!child && m->structure->derivation == DERIVATION_SPECIALIZATION) {
    child = branch_copy(m->arena, d, false);
    child->children = (struct branches){0};
    VEC_PUSH(m->arena, &b->children, child);
  }
  if (!child) return no_element(m, b, d);
  if (code.n) return merge_typed(m, child, d, code);
  const struct branch *original = d->slices.n ? branch_copy(m->arena, child, false) : NULL;
  bool went_on = child->slices.n && !d->e.slicing.there;
  if (merge_branch(m, child, d)) return -1;
  if (d->slices.n) slicing_imply(m->arena, child);
  for (size_t i = 0; i < d->slices.n; i++)
    if (merge_slice(m, child, original, d->slices.v[i])) return -1;
  if (d->slices.n) settle_choice(m, child, went_on);
  return 0;
}

static int merge_branch(struct snapshot_maker *m, struct branch *b, const struct branch *d) {
  merge_one(m, b, d);
  if (d->children.n && m->structure->derivation != DERIVATION_SPECIALIZATION && branch_expand(m, b)) return -1;
  for (size_t i = 0; i < d->children.n; i++)
    if (merge_child(m, b, d->children.v[i])) return -1;
  return 0;
}

/* --- a whole definition --- */

static void keep_bases(struct branch *b, struct str path, struct arena *a) {
  if (!b->e.base_path.n) {
    b->e.base_path = path;
    b->e.base_min = b->e.min;
    b->e.base_max = b->e.max;
  }
  for (size_t i = 0; i < b->children.n; i++) {
    struct branch *c = b->children.v[i];
    keep_bases(c, arena_printf(a, "%.*s.%.*s", STR_F(path), STR_F(c->name)), a);
  }
}

static int read_base(struct branch **out, struct snapshot_maker *m) {
  struct structure *s = m->structure;
  struct structure *base = s->base.n ? book_structure(m->book, s->base, s->package) : NULL;
  const struct elements *list;
  if (!base) return error_set(m->e, ERR_CONFIG, "%.*s: its base %.*s is not there", STR_F(s->url), STR_F(s->base));
  if (snapshot_of(&list, m, base)) return -1;
  *out = branch_read(m->arena, list, base->package);
  if (!*out) return error_set(m->e, ERR_CONFIG, "%.*s: its base %.*s has no elements", STR_F(s->url), STR_F(s->base));
  keep_bases(*out, (*out)->name, m->arena);
  if (s->derivation == DERIVATION_SPECIALIZATION && s->differential.n) (*out)->name = s->differential.v[0].path;
  return 0;
}

static int generate(struct snapshot_maker *m) {
  struct branch *base, *differential;
  if (read_base(&base, m) || differential_read(&differential, m->arena, m->structure, m->e)) return -1;
  m->original = branch_copy(m->arena, base, true);
  if (merge_branch(m, base, differential)) return -1;
  struct elements list = {0};
  if (branch_write(&list, m->arena, base, m->e)) return -1;
  m->structure->generated = list;
  return 0;
}

static int make(struct snapshot_maker *m) {
  struct structure *s = m->structure;
  if (s->generated_state == STATE_BUSY)
    return error_set(m->e, ERR_CONFIG, "%.*s builds on itself, by way of its bases or of profiles on its datatypes",
                     STR_F(s->url));
  if (m->chain > SNAPSHOT_CHAIN_MAX)
    return error_set(m->e, ERR_LIMIT, "%.*s: more than %d definitions build on each other", STR_F(s->url),
                     SNAPSHOT_CHAIN_MAX);
  s->generated_state = STATE_BUSY;
  int failed = generate(m);
  s->generated_state = failed ? STATE_FAILED : STATE_MADE;
  return failed;
}

static int snapshot_with(const struct elements **out, struct snapshot_maker *m, bool published) {
  struct structure *s = m->structure;
  if (published && s->snapshot.n) {
    *out = &s->snapshot;
    return 0;
  }
  if (s->generated_state != STATE_MADE && make(m)) return -1;
  *out = &s->generated;
  return 0;
}

int snapshot_of(const struct elements **out, struct snapshot_maker *m, struct structure *s) {
  struct snapshot_maker inner = *m;
  inner.structure = s;
  inner.original = NULL;
  inner.chain++;
  return snapshot_with(out, &inner, m->mode != SNAPSHOT_ALL || s->derivation != DERIVATION_CONSTRAINT);
}

int structure_snapshot(const struct elements **out, struct arena *a, struct book *b, struct structure *s,
                       enum snapshot_mode mode, struct error *e) {
  struct snapshot_maker m = {.arena = a, .book = b, .mode = mode, .structure = s, .e = e};
  return snapshot_with(out, &m, mode == SNAPSHOT_PUBLISHED);
}
