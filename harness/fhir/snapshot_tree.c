#include "fhir/snapshot_int.h"

struct branch *branch_child(const struct branch *b, struct str name) {
  for (size_t i = 0; i < b->children.n; i++)
    if (str_eq(b->children.v[i]->name, name)) return b->children.v[i];
  return NULL;
}

struct branch *branch_slice(const struct branch *b, struct str name) {
  for (size_t i = 0; i < b->slices.n; i++)
    if (str_eq(b->slices.v[i]->e.slice_name, name)) return b->slices.v[i];
  return NULL;
}

struct branch *branch_add(struct arena *a, struct branches *to, struct str name, const struct package *package) {
  struct branch *b = ARENA_NEW(a, struct branch);
  b->name = name;
  b->package = package;
  VEC_PUSH(a, to, b);
  return b;
}

static size_t branches_count(const struct branches *list) {
  size_t n = 0;
  for (size_t i = 0; i < list->n; i++) n += branch_count(list->v[i]);
  return n;
}

size_t branch_count(const struct branch *b) {
  return 1 + branches_count(&b->children) + branches_count(&b->slices);
}

static void branches_copy(struct arena *a, struct branches *out, const struct branches *from) {
  for (size_t i = 0; i < from->n; i++) {
    struct branch *copy = branch_copy(a, from->v[i], true);
    VEC_PUSH(a, out, copy);
  }
}

struct branch *branch_copy(struct arena *a, const struct branch *b, bool with_slices) {
  struct branch *out = ARENA_NEW(a, struct branch);
  out->e = b->e;
  out->name = b->name;
  out->package = b->package;
  branches_copy(a, &out->children, &b->children);
  if (with_slices) branches_copy(a, &out->slices, &b->slices);
  return out;
}

/* --- from a list --- */

/* The open branch of each depth while a list is read. */
struct reading {
  struct arena *arena;
  const struct package *package;
  struct branch *open[SNAPSHOT_DEPTH_MAX];
  struct str paths[SNAPSHOT_DEPTH_MAX];
  size_t depth; /* open ones */
};

static bool path_is_below(struct str path, struct str parent) {
  return path.n > parent.n && str_starts(path, parent) && path.p[parent.n] == '.';
}

static struct str path_tail(struct str path) {
  for (size_t i = path.n; i > 0; i--)
    if (path.p[i - 1] == '.') return str_sub(path, i, path.n);
  return path;
}

static void reading_open(struct reading *r, struct branch *b, struct str path) {
  if (r->depth == SNAPSHOT_DEPTH_MAX) return;
  r->open[r->depth] = b;
  r->paths[r->depth++] = path;
}

/* Old snapshots call a slice of a choice by its type ("Observation.valueQuantity") while it slices "value[x]". */
static struct branch *slicer_of(const struct branch *parent, const struct element *e, struct str name) {
  struct branch *same = branch_child(parent, name);
  if (same || !parent->children.n) return same;
  struct branch *last = parent->children.v[parent->children.n - 1];
  bool choice = str_ends(last->name, STR("[x]")) && str_starts(name, str_sub(last->name, 0, last->name.n - 3));
  return choice && str_eq(e->slice_name, name) ? last : NULL;
}

static void reading_add(struct reading *r, const struct element *e) {
  while (r->depth && !path_is_below(e->path, r->paths[r->depth - 1])) r->depth--;
  if (!r->depth) return;
  struct branch *parent = r->open[r->depth - 1], *slicer = NULL;
  struct str name = path_tail(e->path);
  if (e->slice_name.n) slicer = slicer_of(parent, e, name);
  struct branch *b = branch_add(r->arena, slicer ? &slicer->slices : &parent->children, name, r->package);
  b->e = *e;
  if (slicer) b->name = slicer->name;
  reading_open(r, b, e->path);
}

struct branch *branch_read(struct arena *a, const struct elements *list, const struct package *package) {
  if (!list->n) return NULL;
  struct branch *root = ARENA_NEW(a, struct branch);
  root->e = list->v[0];
  root->name = list->v[0].path;
  root->package = package;
  struct reading r = {.arena = a, .package = package};
  reading_open(&r, root, root->name);
  for (size_t i = 1; i < list->n; i++) reading_add(&r, &list->v[i]);
  return root;
}

/* --- to a list --- */

struct writing {
  struct arena *arena;
  struct elements *out;
  struct error *e;
  struct str root;
};

/* A branch on its way out; parent NULL for the root. */
struct placed {
  struct str path, id;
};

static struct placed placed_below(struct arena *a, const struct placed *parent, const struct branch *b) {
  struct placed p;
  const char *colon = b->e.slice_name.n ? ":" : "";
  p.path = arena_printf(a, "%.*s.%.*s", STR_F(parent->path), STR_F(b->name));
  p.id = arena_printf(a, "%.*s.%.*s%s%.*s", STR_F(parent->id), STR_F(b->name), colon, STR_F(b->e.slice_name));
  return p;
}

static int write_one(struct writing *w, const struct branch *b, const struct placed *at) {
  if (w->out->n == SNAPSHOT_ELEMENTS_MAX)
    return error_set(w->e, ERR_LIMIT, "the snapshot has more than %d elements", SNAPSHOT_ELEMENTS_MAX);
  struct element *e = VEC_ADD(w->arena, w->out);
  *e = b->e;
  e->path = at->path;
  e->id = at->id;
  e->has_min = e->has_max = true;
  if (e->base_path.n) return 0;
  e->base_path = e->path;
  e->base_min = e->min;
  e->base_max = e->max;
  return 0;
}

static int write_children(struct writing *w, const struct branch *b, const struct placed *at, int depth);

static int write_branch(struct writing *w, const struct branch *b, const struct placed *parent, int depth) {
  if (depth > SNAPSHOT_DEPTH_MAX)
    return error_set(w->e, ERR_LIMIT, "the snapshot is deeper than %d elements", SNAPSHOT_DEPTH_MAX);
  struct placed at = placed_below(w->arena, parent, b);
  if (write_one(w, b, &at) || write_children(w, b, &at, depth)) return -1;
  for (size_t i = 0; i < b->slices.n; i++)
    if (write_branch(w, b->slices.v[i], parent, depth)) return -1;
  return 0;
}

static int write_children(struct writing *w, const struct branch *b, const struct placed *at, int depth) {
  for (size_t i = 0; i < b->children.n; i++)
    if (write_branch(w, b->children.v[i], at, depth + 1)) return -1;
  return 0;
}

int branch_write(struct elements *out, struct arena *a, const struct branch *root, struct error *e) {
  struct writing w = {.arena = a, .out = out, .e = e};
  struct placed at = {root->name, root->name};
  return write_one(&w, root, &at) || write_children(&w, root, &at, 1) ? -1 : 0;
}
