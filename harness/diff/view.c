/* Views: a tree without what is ignored, in groups of one name, hashed from the leaves up. */
#include "diff/diff_int.h"

static uint64_t mix(uint64_t x, uint64_t y) {
  x ^= y + UINT64_C(0x9e3779b97f4a7c15) + (x << 6) + (x >> 2);
  x *= UINT64_C(0xff51afd7ed558ccd);
  return x ^ (x >> 33);
}

bool diff_same_name(const struct node *x, const struct node *y) {
  return str_eq(x->name, y->name) && (x->kind == NODE_ATTR) == (y->kind == NODE_ATTR) &&
         (x->kind < NODE_ELEMENT || y->kind < NODE_ELEMENT || str_eq(x->ns, y->ns));
}

enum node_kind diff_view_kind(enum syntax syntax, const struct node *n) {
  if (syntax != SYNTAX_FHIR) return n->kind;
  if (n->kind == NODE_NUMBER || n->kind == NODE_BOOL) return NODE_STRING;
  /* XML cannot tell a primitive without a value from an element. */
  return n->kind == NODE_NULL ? NODE_OBJECT : n->kind;
}

/* ---- paths ---- */

static void states_begin(struct tree *t, const struct node *root) {
  for (size_t i = 0; t->rules && i < t->rules->list.n; i++) {
    const struct match *m = &t->rules->list.v[i];
    uint64_t s = diff_match_begin(m);
    if (t->syntax == SYNTAX_FHIR) s = diff_match_step(m, s, root->type);
    if (t->syntax == SYNTAX_XML) s = diff_match_step(m, s, root->name);
    t->states[0][i] = s;
  }
}

/* A resource inside another is also where a path that begins with its type begins. */
static void states_step(struct tree *t, const struct node *n, int depth) {
  struct str name = n->name;
  if (!t->rules) return;
  if (n->kind == NODE_ATTR) name = arena_printf(t->a, "@%.*s", STR_F(n->name));
  bool item = n->parent && n->parent->kind == NODE_ARRAY;
  for (size_t i = 0; i < t->rules->list.n; i++) {
    const struct match *m = &t->rules->list.v[i];
    uint64_t before = t->states[depth - 1][i];
    uint64_t s = item ? before : diff_match_step(m, before, name);
    if (n->type.n) s |= diff_match_step(m, diff_match_begin(m), n->type);
    t->states[depth][i] = s;
  }
}

static const struct match *state_of(const struct tree *t, int depth, enum match_kind from, enum match_kind to) {
  for (size_t i = 0; t->rules && i < t->rules->list.n; i++) {
    const struct match *m = &t->rules->list.v[i];
    if (m->kind >= from && m->kind <= to && diff_match_done(m, t->states[depth][i])) return m;
  }
  return NULL;
}

static void states_room(struct tree *t, int depth) {
  if (!t->states[depth])
    t->states[depth] = ARENA_ARRAY(t->a, uint64_t, t->rules && t->rules->list.n ? t->rules->list.n : 1);
}

/* ---- groups ---- */

static struct str group_key(struct arena *a, const struct node *n) {
  if (n->kind == NODE_ATTR) return arena_printf(a, "@%.*s %.*s", STR_F(n->ns), STR_F(n->name));
  if (n->kind == NODE_ELEMENT) return arena_printf(a, "%.*s %.*s", STR_F(n->ns), STR_F(n->name));
  return n->name;
}

struct children {
  VEC(struct group) groups;
  struct map map; /* index + 1, once there are many */
  bool mapped;
};

static void children_map(struct arena *a, struct children *c) {
  c->mapped = true;
  map_init(&c->map, a);
  for (size_t i = 0; i < c->groups.n; i++)
    map_set(&c->map, group_key(a, c->groups.v[i].items.v[0]->n), (void *)(uintptr_t)(i + 1));
}

static struct group *children_group(struct arena *a, struct children *c, const struct node *n) {
  size_t k = c->groups.n;
  if (k && diff_same_name(c->groups.v[k - 1].items.v[0]->n, n)) return &c->groups.v[k - 1];
  if (k == DIFF_GROUPS_LINEAR && !c->mapped) children_map(a, c);
  if (c->mapped) {
    struct str key = group_key(a, n);
    size_t at = (uintptr_t)map_get(&c->map, key);
    if (at) return &c->groups.v[at - 1];
    map_set(&c->map, key, (void *)(uintptr_t)(k + 1));
    return VEC_ADD(a, &c->groups);
  }
  for (size_t i = 0; i < k; i++)
    if (diff_same_name(c->groups.v[i].items.v[0]->n, n)) return &c->groups.v[i];
  return VEC_ADD(a, &c->groups);
}

void diff_groups_index(struct groups_index *x, struct arena *a, const struct view *v) {
  *x = (struct groups_index){.arena = a, .v = v};
  if (v->groups_n <= DIFF_GROUPS_LINEAR) return;
  map_init(&x->map, a);
  for (unsigned i = 0; i < v->groups_n; i++) map_set(&x->map, group_key(a, v->groups[i].items.v[0]->n), &v->groups[i]);
}

struct group *diff_groups_find(const struct groups_index *x, const struct node *like) {
  if (x->v->groups_n > DIFF_GROUPS_LINEAR) return map_get(&x->map, group_key(x->arena, like));
  for (unsigned i = 0; i < x->v->groups_n; i++)
    if (diff_same_name(x->v->groups[i].items.v[0]->n, like)) return &x->v->groups[i];
  return NULL;
}

/* ---- values ---- */

static void value_take(struct tree *t, struct view *v) {
  const struct node *n = v->n;
  v->text = n->text;
  if (t->syntax == SYNTAX_FHIR && n->kind == NODE_STRING && str_eqz(n->name, "div") && n->text.n &&
      n->text.p[0] == '<') {
    v->text = diff_narrative(t->a, n->text);
    v->flags |= VIEW_XHTML;
  }
}

static struct id *id_take(struct tree *t, struct str text) {
  struct str value = diff_reference_parse(text).id;
  struct id *id = map_get(&t->ids, value);
  if (id) return id;
  id = ARENA_NEW(t->a, struct id);
  id->value = value;
  map_set(&t->ids, value, id);
  return id;
}

static uint64_t value_hash(struct tree *t, const struct view *v, enum hash which) {
  struct instant time;
  if (v->flags & VIEW_PARTIAL) return 1;
  if (v->id) return which ? mix(2, v->id->signature[which]) : 2;
  if ((v->flags & VIEW_TIME) && diff_instant_parse(t->a, v->text, &time)) return mix(3, (uint64_t)time.form);
  return mix((uint64_t)diff_view_kind(t->syntax, v->n) + 4, mix(str_hash(v->text), str_hash(v->n->type)));
}

/* Order counts among children of one name only, and not where a rule takes it away. */
static uint64_t view_hash(struct tree *t, const struct view *v, enum hash which) {
  uint64_t sum = 0;
  for (unsigned g = 0; g < v->groups_n; g++) {
    const struct group *group = &v->groups[g];
    uint64_t name = str_hash(group->items.v[0]->n->name);
    for (size_t i = 0; i < group->items.n; i++)
      sum += mix(mix(name, group->items.v[i]->list ? 0 : i + 1), group->items.v[i]->hash[which]);
  }
  return mix(value_hash(t, v, which), sum);
}

/* ---- the tree ---- */

static struct view *view_make(struct tree *t, const struct node *n, int depth, bool inside);

static void child_make(struct tree *t, struct view *v, struct children *c, const struct node *child, int depth,
                       bool inside) {
  if (child->kind == NODE_ATTR && str_eqz(child->ns, NODE_XMLNS)) return;
  if (depth == DIFF_DEPTH_MAX || t->nodes >= DIFF_NODES_MAX) {
    if (!t->over) t->over = child;
    return;
  }
  states_room(t, depth + 1);
  states_step(t, child, depth + 1);
  struct view *made = view_make(t, child, depth + 1, inside);
  if (!made) return;
  struct group *group = children_group(t->a, c, child);
  made->index = (unsigned)group->items.n;
  made->seq = v->seq++;
  VEC_PUSH(t->a, &group->items, made);
}

/* inside: under a path of `only`, or there is none. NULL when nothing of n is compared. */
static struct view *view_make(struct tree *t, const struct node *n, int depth, bool inside) {
  if (state_of(t, depth, MATCH_IGNORE, MATCH_IGNORE)) return NULL;
  inside = inside || state_of(t, depth, MATCH_ONLY, MATCH_ONLY);
  struct view *v = ARENA_NEW(t->a, struct view);
  struct children c = {0};
  t->nodes++;
  v->n = n;
  value_take(t, v);
  if (!inside) v->flags |= VIEW_PARTIAL;
  if (state_of(t, depth, MATCH_TIME, MATCH_TIME)) v->flags |= VIEW_TIME;
  if (v->text.n && state_of(t, depth, MATCH_MAPPED, MATCH_MAPPED)) v->id = id_take(t, v->text);
  /* The rule of a JSON list is that of its items: they stand at the same path. */
  if (n->kind != NODE_ARRAY) v->list = state_of(t, depth, MATCH_SET, MATCH_KEYED);
  for (const struct node *attr = n->attrs; attr; attr = attr->next) child_make(t, v, &c, attr, depth, inside);
  for (NODE_EACH(child, n)) child_make(t, v, &c, child, depth, inside);
  v->seq = 0;
  v->groups = c.groups.v;
  v->groups_n = (unsigned)c.groups.n;
  if (!inside && !v->groups_n && depth) return NULL;
  v->hash[HASH_ALIKE] = v->hash[HASH_CONTENT] = v->hash[HASH_TYPE] = view_hash(t, v, HASH_ALIKE);
  return v;
}

/* What an id is like: what it occurs in (resources and items of lists), and under which name. */
static void ids_sign(struct view *v, uint64_t content, uint64_t type) {
  if (v->id) {
    uint64_t name = str_hash(v->n->name);
    v->id->signature[HASH_CONTENT] += mix(content, name);
    v->id->signature[HASH_TYPE] += mix(type, name);
  }
  for (unsigned g = 0; g < v->groups_n; g++) {
    struct group *group = &v->groups[g];
    for (size_t i = 0; i < group->items.n; i++) {
      struct view *item = group->items.v[i];
      bool unit = item->n->type.n || item->list || group->items.n > 1;
      uint64_t item_type = item->n->type.n ? str_hash(item->n->type) : type;
      ids_sign(item, unit ? item->hash[HASH_ALIKE] : content, item_type);
    }
  }
}

static void hash_again(struct tree *t, struct view *v) {
  for (unsigned g = 0; g < v->groups_n; g++)
    for (size_t i = 0; i < v->groups[g].items.n; i++) hash_again(t, v->groups[g].items.v[i]);
  v->hash[HASH_CONTENT] = view_hash(t, v, HASH_CONTENT);
  v->hash[HASH_TYPE] = view_hash(t, v, HASH_TYPE);
}

void diff_tree_view(struct tree *t, const struct node *root) {
  map_init(&t->ids, t->a);
  states_room(t, 0);
  states_begin(t, root);
  t->root = view_make(t, root, 0, !t->rules || !t->rules->only);
  if (!t->root || t->ids.n == 0) return;
  ids_sign(t->root, 0, 0);
  hash_again(t, t->root);
}
