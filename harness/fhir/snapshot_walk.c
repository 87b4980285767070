#include "fhir/snapshot_int.h"

/* "value" + "Quantity": the name of a choice with this type in an instance. */
static bool names_type(struct str tail, struct str code) {
  if (tail.n != code.n || !code.n) return false;
  char first = code.p[0] >= 'a' && code.p[0] <= 'z' ? (char)(code.p[0] - 'a' + 'A') : code.p[0];
  return tail.p[0] == first && str_eq(str_sub(tail, 1, tail.n), str_sub(code, 1, code.n));
}

struct str choice_type(const struct branch *choice, struct str name) {
  struct str stem = str_sub(choice->name, 0, choice->name.n - 3), none = {0};
  if (!str_ends(choice->name, STR("[x]")) || !str_starts(name, stem)) return none;
  struct str tail = str_sub(name, stem.n, name.n);
  for (size_t i = 0; i < choice->e.types.n; i++)
    if (names_type(tail, choice->e.types.v[i].code)) return choice->e.types.v[i].code;
  return none;
}

/* "value[x]" is meant by one that an older snapshot has renamed to "valueQuantity". */
static bool is_renamed(const struct branch *b, struct str name) {
  if (!str_ends(name, STR("[x]")) || str_ends(b->name, STR("[x]"))) return false;
  struct str stem = str_sub(name, 0, name.n - 3);
  return str_starts(b->name, stem) && b->e.base_path.n > name.n && str_ends(b->e.base_path, name);
}

struct branch *branch_meant(const struct branch *b, struct str name, struct str *code) {
  struct branch *same = branch_child(b, name);
  *code = (struct str){0};
  if (same) return same;
  for (size_t i = 0; i < b->children.n; i++) {
    struct branch *c = b->children.v[i];
    *code = choice_type(c, name);
    if (code->n || is_renamed(c, name)) return c;
  }
  return NULL;
}

/* --- walking in --- */

int maker_spend(struct snapshot_maker *m, size_t n) {
  m->branches += n;
  if (m->branches <= SNAPSHOT_ELEMENTS_MAX) return 0;
  return error_set(m->e, ERR_LIMIT, "%.*s: the snapshot has more than %d elements", STR_F(m->structure->url),
                   SNAPSHOT_ELEMENTS_MAX);
}

static int take_children(struct snapshot_maker *m, struct branch *b, const struct branch *from) {
  if (maker_spend(m, branch_count(from))) return -1;
  for (size_t i = 0; i < from->children.n; i++) {
    struct branch *copy = branch_copy(m->arena, from->children.v[i], true);
    VEC_PUSH(m->arena, &b->children, copy);
  }
  return 0;
}

static int tree_of(const struct branch **out, struct snapshot_maker *m, struct structure *s) {
  const struct elements *list;
  for (size_t i = 0; i < m->trees.n; i++)
    if (m->trees.v[i].structure == s) {
      *out = m->trees.v[i].root;
      return 0;
    }
  if (snapshot_of(&list, m, s)) return -1;
  *out = branch_read(m->arena, list, s->package);
  if (!*out) return error_set(m->e, ERR_CONFIG, "%.*s has no elements", STR_F(s->url));
  VEC_PUSH(m->arena, &m->trees, ((struct snapshot_tree){s, *out}));
  return 0;
}

static const struct branch *at_path(const struct branch *root, struct str path) {
  const struct branch *b = root;
  struct str first = str_cut(&path, '.');
  if (!str_eq(first, root->name)) return NULL;
  while (b && path.n) {
    struct str part = str_cut(&path, '.');
    size_t colon = str_index(part, ':');
    b = branch_child(b, str_sub(part, 0, colon));
    if (b && colon != SIZE_MAX) b = branch_slice(b, str_sub(part, colon + 1, part.n));
  }
  return b;
}

static int expand_reference(struct snapshot_maker *m, struct branch *b) {
  struct str id = b->e.content_reference, rest;
  size_t hash = str_index(id, '#');
  id = hash == SIZE_MAX ? id : str_sub(id, hash + 1, id.n);
  rest = id;
  const struct branch *target = NULL, *tree;
  struct structure *s = book_type(m->book, str_cut(&rest, '.'), b->package);
  if (s && tree_of(&tree, m, s)) return -1;
  if (s) target = at_path(tree, id);
  if (!target && maker_spend(m, m->base->n)) return -1;
  if (!target) target = at_path(branch_read(m->arena, m->base, NULL), id);
  if (!target)
    return error_set(m->e, ERR_CONFIG, "%.*s: the content reference %.*s has no target", STR_F(m->structure->url),
                     STR_F(b->e.content_reference));
  b->e.content_reference = (struct str){0};
  b->e.types.v = target->e.types.v;
  b->e.types.n = b->e.types.cap = target->e.types.n;
  return take_children(m, b, target);
}

static bool is_url(struct str code) {
  return str_find(code, STR("://"), 0) != SIZE_MAX;
}

static struct structure *type_structure(struct snapshot_maker *m, struct str code, const struct package *package) {
  return is_url(code) ? book_structure(m->book, code, package) : book_type(m->book, code, package);
}

/* A profile that is pinned to a version is that version or none. */
static struct structure *pinned(struct structure *s, struct str canonical) {
  struct str version;
  canonical_cut(canonical, &version);
  return s && version.n && !str_eq(s->version, version) ? NULL : s;
}

/* The profile of the element's only type. Of several, one must fit: none of them is demanded. */
static struct structure *profile_structure(struct snapshot_maker *m, const struct element *e,
                                           const struct package *package) {
  if (e->types.n != 1 || e->types.v[0].profiles.n != 1) return NULL;
  struct str canonical = e->types.v[0].profiles.v[0];
  struct structure *s = book_structure(m->book, canonical, package);
  return pinned(s ? s : book_structure(m->book, canonical, m->structure->package), canonical);
}

/* The type to walk into; of several ones, what they have in common. */
static struct str walk_type(const struct element *e) {
  for (size_t i = 1; i < e->types.n; i++)
    if (!str_eq(e->types.v[i].code, e->types.v[0].code)) return STR("Element");
  return e->types.n ? e->types.v[0].name : (struct str){0};
}

int branch_expand(struct snapshot_maker *m, struct branch *b) {
  if (b->children.n) return 0;
  if (b->e.content_reference.n) return expand_reference(m, b);
  const struct branch *tree;
  struct str code = walk_type(&b->e);
  struct structure *s = profile_structure(m, &b->e, b->package);
  if (!s && code.n) s = type_structure(m, code, b->package);
  if (!s)
    return error_set(m->e, ERR_CONFIG, "%.*s: the type %.*s of element %.*s is not there", STR_F(m->structure->url),
                     STR_F(code), STR_F(b->name));
  return tree_of(&tree, m, s) || take_children(m, b, tree) ? -1 : 0;
}

const struct element *profile_root(struct snapshot_maker *m, const struct element *e, const struct package *package) {
  struct structure *s = profile_structure(m, e, package);
  const struct elements *list;
  struct error unused = {0}, *was = m->e;
  if (!s || s->generated_state == 1) return NULL;
  m->e = &unused;
  int failed = snapshot_of(&list, m, s);
  m->e = was;
  return failed || !list->n ? NULL : &list->v[0];
}
