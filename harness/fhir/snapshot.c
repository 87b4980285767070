#include "fhir/snapshot_int.h"

enum { STATE_NONE, STATE_BUSY, STATE_MADE, STATE_FAILED }; /* struct structure, generated_state */

static int merge_branch(struct snapshot_maker *m, struct branch *b, const struct branch *d);
static int merge_child(struct snapshot_maker *m, struct branch *b, const struct branch *d, const struct branch *parent);

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
    element_underlay(&b->e, root);
    if (m->older) constraints_add(m->arena, &b->e, root);
    if (str_eqz(d->e.types.v[0].code, "Extension")) {
      b->e.min = root->min;
      b->e.max = root->max;
    }
  }
  element_merge(m->arena, b, d);
}

/* A slice that the base does not have (NULL past a limit): a copy of the element that is sliced, or of the slice that
 * is sliced again. It has to be there only if the differential says so; but the only slice of a choice is there as
 * often as the choice, as publishers have it. */
static struct branch *new_slice(struct snapshot_maker *m, struct branch *slicer, const struct branch *original,
                                struct str name, bool alone) {
  size_t slash = str_index(name, '/'), at = slicer->slices.n;
  const struct branch *from = original;
  if (slash != SIZE_MAX) {
    const struct branch *outer = branch_slice(slicer, str_sub(name, 0, slash));
    if (outer) from = outer;
  }
  if (maker_spend(m, branch_count(from))) return NULL;
  struct branch *slice = branch_copy(m->arena, from, false);
  slice->e.slicing = (struct element_slicing){0};
  slice->e.slice_name = name;
  if (!alone || !str_ends(slice->name, STR("[x]")) || slicer->slices.n) slice->e.min = 0;
  VEC_PUSH(m->arena, &slicer->slices, slice);
  if (from == original) return slice;
  while (at > 0 && !str_eq(slicer->slices.v[at - 1]->e.slice_name, from->e.slice_name) &&
         !(str_starts(slicer->slices.v[at - 1]->e.slice_name, str_sub(name, 0, slash + 1)))) {
    slicer->slices.v[at] = slicer->slices.v[at - 1];
    slicer->slices.v[--at] = slice;
  }
  return slice;
}

/* A base definition tells the elements itself, save those that all groups of elements have. */
static bool is_walked_into(const struct snapshot_maker *m, const struct branch *b) {
  if (m->structure->derivation != DERIVATION_SPECIALIZATION) return true;
  struct str code = b->e.types.n == 1 ? b->e.types.v[0].code : (struct str){0};
  return str_eqz(code, "BackboneElement") || str_eqz(code, "Element");
}

static int merge_children(struct snapshot_maker *m, struct branch *b, const struct branch *d) {
  if (d->children.n && is_walked_into(m, b) && branch_expand(m, b)) return -1;
  for (size_t i = 0; i < d->children.n; i++)
    if (merge_child(m, b, d->children.v[i], d)) return -1;
  return 0;
}

static void one_type(struct snapshot_maker *m, struct branch *b, struct str code) {
  struct element_type type = {.code = code, .name = code};
  for (size_t i = 0; i < b->e.types.n; i++)
    if (str_eq(b->e.types.v[i].code, code)) type = b->e.types.v[i];
  b->e.types.v = NULL;
  b->e.types.n = b->e.types.cap = 0;
  VEC_PUSH(m->arena, &b->e.types, type);
}

/* What the differential says of a slice, over what it says below the slicer. */
static struct branch *overlay(struct arena *a, const struct branch *under, const struct branch *over) {
  struct branch *out = branch_copy(a, under, true);
  element_merge(a, out, over);
  for (size_t i = 0; i < over->children.n; i++) {
    const struct branch *child = over->children.v[i];
    size_t k = 0;
    while (k < out->children.n && !str_eq(out->children.v[k]->name, child->name)) k++;
    if (k == out->children.n) VEC_PUSH(a, &out->children, NULL);
    out->children.v[k] = out->children.v[k] ? overlay(a, out->children.v[k], child) : branch_copy(a, child, true);
  }
  for (size_t i = 0; i < over->slices.n; i++) {
    const struct branch *slice = over->slices.v[i];
    size_t k = 0;
    while (k < out->slices.n && !str_eq(out->slices.v[k]->e.slice_name, slice->e.slice_name)) k++;
    if (k == out->slices.n) VEC_PUSH(a, &out->slices, NULL);
    out->slices.v[k] = out->slices.v[k] ? overlay(a, out->slices.v[k], slice) : branch_copy(a, slice, true);
  }
  return out;
}

/* original: the slicer before the differential changed it. What the differential says below the slicer goes for its
 * new slices as well; older publishers left it at the slicer. */
static int merge_slice(struct snapshot_maker *m, struct branch *slicer, const struct branch *original,
                       const struct branch *d, const struct branch *of_slicer) {
  struct branch *slice = branch_slice(slicer, d->e.slice_name);
  if (slice) return merge_branch(m, slice, d);
  slice = new_slice(m, slicer, original, d->e.slice_name, of_slicer->slices.n == 1);
  if (!slice) return -1;
  struct str code = choice_type(slicer, d->e.slice_name);
  if (code.n) one_type(m, slice, code);
  merge_one(m, slice, d);
  if (m->older || !of_slicer->children.n) return merge_children(m, slice, d);
  struct branch below = {.children = of_slicer->children};
  if (maker_spend(m, branch_count(&below))) return -1;
  return merge_children(m, slice, overlay(m->arena, &below, &(struct branch){.children = d->children}));
}

/* --- choices of types --- */

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

/* The slice that the differential wants to be there: no other type is left then, as the choice is there once. */
static const struct branch *needed_slice(const struct branch *choice, const struct branch *d) {
  for (size_t i = 0; i < d->slices.n; i++) {
    const struct element *said = &d->slices.v[i]->e;
    const struct branch *slice = branch_slice(choice, said->slice_name);
    if (said->has_min && said->min > 0 && slice && slice->e.types.n == 1) return slice;
  }
  return NULL;
}

static bool slices_by_type(const struct branch *b) {
  const struct element_slicing *s = &b->e.slicing;
  return s->there && str_ends(b->name, STR("[x]")) && s->discriminators.n == 1 &&
         s->discriminators.v[0].kind == DISCRIMINATOR_TYPE && str_eqz(s->discriminators.v[0].path, "$this");
}

/* What the slices of a choice by type mean for the choice: publishers close it when no type is left over, and when a
 * differential goes on with slices of the base without a word on the slicing. */
static void settle_choice(struct snapshot_maker *m, struct branch *choice, const struct branch *d, bool went_on) {
  if (!slices_by_type(choice)) return;
  const struct branch *needed = needed_slice(choice, d);
  if (needed) one_type(m, choice, needed->e.types.v[0].code);
  if (needed || went_on || slices_cover(choice)) choice->e.slicing.rules = SLICING_CLOSED;
}

/* A slicer that the differential leaves out is there as often as its slices have to be. */
static void raise_min(struct branch *slicer) {
  int sum = 0;
  for (size_t i = 0; i < slicer->slices.n; i++)
    if (str_index(slicer->slices.v[i]->e.slice_name, '/') == SIZE_MAX && sum < INT32_MAX / 2)
      sum += slicer->slices.v[i]->e.min;
  if (sum > slicer->e.min) slicer->e.min = sum;
}

/* How many types of a choice a differential calls by short names; *last is the last of them. */
static size_t named_types(const struct branch *choice, const struct branch *parent, const struct branch **last) {
  struct str stem = str_sub(choice->name, 0, choice->name.n - 3);
  size_t n = 0;
  for (size_t i = 0; i < parent->children.n; i++) {
    const struct branch *d = parent->children.v[i];
    if (!str_starts(d->name, stem) || str_eq(d->name, choice->name)) continue;
    *last = d;
    n++;
  }
  return n;
}

/* The value of an extension has just the types that its differential names ("valueCode", "valueCoding") without naming
 * value[x]: done with the last of them, d. */
static void narrow_value(struct snapshot_maker *m, struct branch *choice, const struct branch *d,
                         const struct branch *parent) {
  const struct branch *last = NULL;
  size_t n = named_types(choice, parent, &last);
  if (branch_child(parent, choice->name)) return;
  if (last != d || n != choice->slices.n || !str_eqz(choice->e.base_path, "Extension.value[x]")) return;
  choice->e.types.v = NULL;
  choice->e.types.n = choice->e.types.cap = 0;
  for (size_t i = 0; i < n; i++)
    if (choice->slices.v[i]->e.types.n) VEC_PUSH(m->arena, &choice->e.types, choice->slices.v[i]->e.types.v[0]);
}

/* What d says of a choice by the short name of one of its types, for settle_choice. */
static void settle_typed(struct snapshot_maker *m, struct branch *choice, const struct branch *slice,
                         const struct branch *d, bool sliced) {
  struct branch said = {0};
  *branch_add(m->arena, &said.slices, slice->name, NULL) = *slice;
  said.slices.v[0]->e.has_min = d->e.has_min;
  settle_choice(m, choice, &said, sliced);
}

/* "valueQuantity" for "value[x]": the slice of that type; or the choice itself, when it has no other type and the
 * differential only passes through. parent: what holds d. */
static int merge_typed(struct snapshot_maker *m, struct branch *choice, const struct branch *d, struct str code,
                       const struct branch *parent) {
  struct branch *slice = branch_slice(choice, d->name);
  const struct branch *last;
  bool sliced = choice->e.slicing.there, went_on = slice != NULL;
  if (!d->e.node && !d->slices.n && !sliced && choice->e.types.n == 1) return merge_branch(m, choice, d);
  slicing_imply(m->arena, choice);
  if (!slice) {
    slice = new_slice(m, choice, choice, d->name, named_types(choice, parent, &last) == 1);
    if (!slice) return -1;
    one_type(m, slice, code);
  }
  if (merge_branch(m, slice, d)) return -1;
  for (size_t i = 0; i < d->slices.n; i++)
    if (merge_branch(m, slice, d->slices.v[i])) return -1;
  narrow_value(m, choice, d, parent);
  settle_typed(m, choice, slice, d, went_on);
  if (!branch_child(parent, choice->name)) raise_min(choice);
  return 0;
}

/* A slice of what is not sliced, alone: its name is ignored, and it is the element itself. */
static const struct branch *lone_slice(const struct branch *b, const struct branch *d) {
  bool sliced = b->e.slicing.there || b->slices.n || d->e.slicing.there;
  if (sliced || d->e.node || d->children.n || d->slices.n != 1 || str_ends(b->name, STR("[x]"))) return NULL;
  return str_eqz(b->name, "extension") || str_eqz(b->name, "modifierExtension") ? NULL : d->slices.v[0];
}

static int merge_slices(struct snapshot_maker *m, struct branch *b, const struct branch *original,
                        const struct branch *d) {
  bool went_on = b->slices.n && !d->e.slicing.there;
  slicing_imply(m->arena, b);
  for (size_t i = 0; i < d->slices.n; i++)
    if (merge_slice(m, b, original, d->slices.v[i], d)) return -1;
  settle_choice(m, b, d, went_on);
  if (!d->e.node && !m->older) raise_min(b);
  return 0;
}

static struct branch *new_element(struct snapshot_maker *m, struct branch *b, const struct branch *d) {
  if (m->structure->derivation != DERIVATION_SPECIALIZATION) return NULL;
  struct branch *child = branch_copy(m->arena, d, false);
  child->children = (struct branches){0};
  VEC_PUSH(m->arena, &b->children, child);
  return child;
}

/* parent: what holds d. */
static int merge_child(struct snapshot_maker *m, struct branch *b, const struct branch *d,
                       const struct branch *parent) {
  struct str code;
  struct branch *child = branch_meant(b, d->name, &code);
  if (!child) child = new_element(m, b, d);
  if (!child) return no_element(m, b, d);
  if (code.n) return merge_typed(m, child, d, code, parent);
  const struct branch *lone = lone_slice(child, d);
  if (lone || !d->slices.n) return merge_branch(m, child, lone ? lone : d);
  const struct branch *original = branch_copy(m->arena, child, false);
  return merge_branch(m, child, d) || merge_slices(m, child, original, d) ? -1 : 0;
}

static int merge_branch(struct snapshot_maker *m, struct branch *b, const struct branch *d) {
  merge_one(m, b, d);
  return merge_children(m, b, d);
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
  if (!s->base.n) return error_set(m->e, ERR_CONFIG, "%.*s names no base definition", STR_F(s->url));
  if (!base) return error_set(m->e, ERR_CONFIG, "%.*s: its base %.*s is not there", STR_F(s->url), STR_F(s->base));
  if (snapshot_of(&list, m, base)) return -1;
  m->base = list;
  *out = branch_read(m->arena, list, base->package);
  if (!*out) return error_set(m->e, ERR_CONFIG, "%.*s: its base %.*s has no elements", STR_F(s->url), STR_F(s->base));
  keep_bases(*out, (*out)->name, m->arena);
  if (s->derivation == DERIVATION_SPECIALIZATION && s->differential.n) (*out)->name = s->differential.v[0].path;
  return 0;
}

/* Until the summer of 2024 publishers copied the constraints of a datatype's profile to the element, kept what is said
 * below a slicer from its slices, and counted no slices together. A snapshot that is compared with the published one is
 * made as it was made then. */
static bool is_older(const struct snapshot_maker *m) {
  const struct package *p = m->structure->package;
  return m->mode != SNAPSHOT_PUBLISHED && p && p->date.n && str_cmp(p->date, STR("202407")) < 0;
}

static int generate(struct snapshot_maker *m) {
  struct branch *base, *differential;
  m->older = is_older(m);
  if (read_base(&base, m) || differential_read(&differential, m->arena, m->structure, m->e)) return -1;
  if (maker_spend(m, branch_count(base)) || merge_branch(m, base, differential)) return -1;
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
  if (s->generated_state == STATE_FAILED && m->chain)
    return error_set(m->e, ERR_CONFIG, "the snapshot of %.*s could not be made", STR_F(s->url));
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
  struct snapshot_maker inner = {.arena = m->arena, .book = m->book, .mode = m->mode, .e = m->e};
  inner.structure = s;
  inner.chain = m->chain + 1;
  return snapshot_with(out, &inner, m->mode != SNAPSHOT_ALL || s->derivation != DERIVATION_CONSTRAINT);
}

int structure_snapshot(const struct elements **out, struct arena *a, struct book *b, struct structure *s,
                       enum snapshot_mode mode, struct error *e) {
  struct snapshot_maker m = {.arena = a, .book = b, .mode = mode, .structure = s, .e = e};
  return snapshot_with(out, &m, mode == SNAPSHOT_PUBLISHED);
}
