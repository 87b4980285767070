#include "fhir/snapshot_int.h"

/* One step of an element's place: "value[x]:valueQuantity" is name and slice. */
struct step {
  struct str name, slice;
};

struct steps {
  struct step v[SNAPSHOT_DEPTH_MAX];
  size_t n;
};

/* Where the last elements stood, for those without an id: each slice stays open until its slicer is met again. */
struct placing {
  struct arena *arena;
  const struct structure *structure;
  struct branch *root;
  struct steps last;
  struct error *e;
};

static int split(struct steps *out, struct str path, bool ids) {
  out->n = 0;
  while (path.n) {
    if (out->n == SNAPSHOT_DEPTH_MAX) return -1;
    struct str part = str_cut(&path, '.');
    struct step *s = &out->v[out->n++];
    size_t colon = ids ? str_index(part, ':') : SIZE_MAX;
    s->name = str_sub(part, 0, colon);
    s->slice = colon == SIZE_MAX ? (struct str){0} : str_sub(part, colon + 1, part.n);
  }
  return 0;
}

/* "value" of "value[x]"; empty if it is no choice. */
static struct str choice_stem(struct str name) {
  return str_ends(name, STR("[x]")) ? str_sub(name, 0, name.n - 3) : (struct str){0};
}

static bool same_element(struct str by_id, struct str by_path) {
  struct str stem = choice_stem(by_id);
  return str_eq(by_id, by_path) || (stem.n && str_starts(by_path, stem));
}

/* True if the id is made of the path as 5.1.0.8 (element ids) wants it; then it tells the slices above the element. */
static bool id_tells(struct steps *by_id, const struct steps *by_path, struct str id) {
  if (!id.n || split(by_id, id, true) || by_id->n != by_path->n) return false;
  for (size_t i = 1; i < by_id->n; i++)
    if (!same_element(by_id->v[i].name, by_path->v[i].name)) return false;
  return true;
}

/* Slices of the steps above, from where the last element stood. */
static void inherit_slices(struct steps *steps, const struct steps *last) {
  for (size_t i = 1; i + 1 < steps->n && i < last->n; i++) {
    if (!str_eq(steps->v[i].name, last->v[i].name)) return;
    steps->v[i].slice = last->v[i].slice;
  }
}

static int place_steps(struct steps *out, const struct placing *p, const struct element *e) {
  struct steps by_id;
  if (split(out, e->path, false) || !out->n)
    return error_set(p->e, ERR_LIMIT, "an element of %.*s has an empty path or one of more than %d parts",
                     STR_F(p->structure->url), SNAPSHOT_DEPTH_MAX);
  if (id_tells(&by_id, out, e->id))
    *out = by_id;
  else
    inherit_slices(out, &p->last);
  if (e->slice_name.n) out->v[out->n - 1].slice = e->slice_name;
  return 0;
}

/* NULL when there are too many slices. */
static struct branch *find_or_add(const struct placing *p, struct branch *parent, const struct step *s) {
  struct branch *b = branch_child(parent, s->name);
  if (!b) b = branch_add(p->arena, &parent->children, s->name, p->structure->package);
  if (!s->slice.n) return b;
  struct branch *slice = branch_slice(b, s->slice);
  if (slice || b->slices.n == SNAPSHOT_SLICES_MAX) return slice;
  slice = branch_add(p->arena, &b->slices, s->name, p->structure->package);
  slice->e.slice_name = s->slice;
  return slice;
}

static int place(struct placing *p, const struct element *e) {
  struct steps steps;
  if (place_steps(&steps, p, e)) return -1;
  struct branch *b = p->root;
  for (size_t i = 1; b && i < steps.n; i++) b = find_or_add(p, b, &steps.v[i]);
  if (!b)
    return error_set(p->e, ERR_LIMIT, "%.*s: an element on the way to %.*s has more than %d slices",
                     STR_F(p->structure->url), STR_F(e->path), SNAPSHOT_SLICES_MAX);
  struct str slice = b->e.slice_name;
  b->e = *e;
  b->e.slice_name = slice;
  p->last = steps;
  return 0;
}

int differential_read(struct branch **out, struct arena *a, const struct structure *s, struct error *e) {
  struct placing p = {.arena = a, .structure = s, .root = ARENA_NEW(a, struct branch), .e = e};
  p.root->package = s->package;
  for (size_t i = 0; i < s->differential.n; i++)
    if (place(&p, &s->differential.v[i])) return -1;
  *out = p.root;
  return 0;
}
