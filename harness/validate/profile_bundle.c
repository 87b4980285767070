/* What FHIR demands of a Bundle beyond its definition: fullUrls, links, and that all entries belong to it
 * (FHIR R4, 3.1.1 and 2.2 and 2.4). */
#include "validate/profile_int.h"

static bool is_one_of(struct str s, const char *const *list) {
  for (; *list; list++)
    if (str_eqz(s, *list)) return true;
  return false;
}

static bool is_absolute(struct str s) {
  size_t colon = str_index(s, ':'), slash = str_index(s, '/');
  return colon != SIZE_MAX && colon > 0 && (slash == SIZE_MAX || colon < slash);
}

/* --- fullUrl ---------------------------------------------------------------------- */

static bool is_id(struct str s) {
  if (!s.n || s.n > 64) return false;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (!((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '.')) return false;
  }
  return true;
}

/* An address on a server names type and id at its end; these must be the resource's. */
static void check_rest_url(struct checker *k, const struct node *entry, const struct node *resource, struct str url) {
  struct str type = reference_type(url), id = node_text_at(resource, "id"), rest = url, last = {0};
  if (!str_starts(url, STR("http")) || !type.n) return;
  struct schema *s = schema_of_type(k->cache, type);
  if (!s || s->structure->kind != STRUCTURE_RESOURCE) return;
  size_t history = str_find(rest, STR("/_history/"), 0);
  if (history != SIZE_MAX) rest = str_sub(rest, 0, history);
  while (rest.n) last = str_cut(&rest, '/');
  if (is_id(last) && (!str_eq(type, resource->type) || !str_eq(last, id)))
    CHECK(k, PROFILE_BUNDLE_FULL_URL_ID, entry, NULL, url, resource->type, id);
}

static void check_full_url(struct checker *k, const struct node *entry, struct str type) {
  static const char *const without[] = {"transaction", "batch", "transaction-response", "batch-response", NULL};
  struct str url = node_text_at(entry, "fullUrl");
  const struct node *resource = node_child(entry, "resource");
  if (!resource) return;
  if (!url.n) {
    if (!is_one_of(type, without)) CHECK(k, PROFILE_BUNDLE_FULL_URL, entry, NULL);
    return;
  }
  if (!is_absolute(url)) {
    struct finding *f = CHECK(k, PROFILE_BUNDLE_FULL_URL_ABSOLUTE, entry, NULL, url);
    if (f && str_eqz(type, "message")) f->severity = SEV_WARNING; /* MedCom's own messages have relative ones */
  } else {
    check_rest_url(k, entry, resource, url);
  }
}

/* --- links ------------------------------------------------------------------------- */

static void check_links(struct checker *k, const struct node *bundle, struct str type) {
  static const char *const search[] = {"first", "previous", "prev", "next", "last", NULL};
  static const char *const paged[] = {"searchset", "history", NULL};
  static const char *const single[] = {"self", "first", "previous", "prev", "next", "last", NULL};
  for (const struct node *l = node_child(bundle, "link"); l; l = node_again(l)) {
    struct str relation = node_text_at(l, "relation");
    if (is_one_of(relation, search) && !is_one_of(type, paged))
      CHECK(k, PROFILE_BUNDLE_LINK_SEARCH, node_child(l, "relation"), NULL, relation);
    if (!is_one_of(relation, single)) continue;
    for (const struct node *b = node_child(bundle, "link"); b != l; b = node_again(b))
      if (str_eq(node_text_at(b, "relation"), relation)) {
        CHECK(k, PROFILE_BUNDLE_LINK_TWICE, l, NULL, relation);
        break;
      }
  }
}

/* --- reachable from the first entry ---------------------------------------------------- */

struct reach {
  struct checker *k;
  struct map index; /* address of a resource -> number + 1 */
  size_t n;
  const struct node **resources;
  struct {
    size_t *v;
    size_t n, cap;
  } * edges; /* both directions */
};

static size_t number_of(const struct reach *r, const struct node *resource) {
  const void *p = resource;
  return (size_t)(uintptr_t)map_get(&r->index, (struct str){(const char *)&p, sizeof p});
}

static void add_edge(struct reach *r, size_t from, const struct node *n, struct str reference) {
  const struct node *to = reference.n ? reference_resolve(r->k, n, reference) : NULL;
  size_t at = to ? number_of(r, check_resource_above(to)) : 0;
  if (!at) return;
  VEC_PUSH(r->k->a, &r->edges[from], at - 1);
  VEC_PUSH(r->k->a, &r->edges[at - 1], from);
}

static void add_edges(struct reach *r, size_t from, const struct node *n, int depth) {
  if (depth > PROFILE_DEPTH_MAX) return;
  if (str_eqz(n->name, "reference") && !n->first) add_edge(r, from, n, n->text);
  for (NODE_EACH(c, n)) add_edges(r, from, c, depth + 1);
}

static void mark(const struct reach *r, bool *seen) {
  size_t *queue = ARENA_ARRAY(r->k->a, size_t, r->n + 1), head = 0, tail = 0;
  queue[tail++] = 0;
  seen[0] = true;
  while (head < tail) {
    size_t at = queue[head++];
    for (size_t i = 0; i < r->edges[at].n; i++)
      if (!seen[r->edges[at].v[i]]) {
        seen[r->edges[at].v[i]] = true;
        queue[tail++] = r->edges[at].v[i];
      }
  }
}

static void index_resources(struct reach *r, const struct node *bundle) {
  size_t count = node_count(bundle, "entry");
  r->resources = ARENA_ARRAY(r->k->a, const struct node *, count + 1);
  map_init(&r->index, r->k->a);
  for (NODE_EACH(c, bundle)) {
    const struct node *resource = str_eqz(c->name, "entry") ? node_child(c, "resource") : NULL;
    if (!resource) continue;
    const void *p = resource;
    r->resources[r->n++] = resource;
    map_set(&r->index, arena_str(r->k->a, (struct str){(const char *)&p, sizeof p}), (void *)(uintptr_t)r->n);
  }
  r->edges = arena_alloc(r->k->a, sizeof *r->edges * (r->n + 1));
}

/* FHIR R4, 3.3.1: a document may bring its stylesheets, named by links; seen from its first entry. An address elsewhere
 * is fetched there. */
static void add_stylesheets(struct reach *r, const struct node *bundle) {
  for (const struct node *l = node_child(bundle, "link"); l; l = node_again(l)) {
    const struct node *url = node_child(l, "url");
    if (!url || !url->text.n || !str_eqz(node_text_at(l, "relation"), "stylesheet")) continue;
    add_edge(r, 0, r->resources[0], url->text);
    if (!is_absolute(url->text) && !reference_resolve(r->k, r->resources[0], url->text))
      CHECK(r->k, PROFILE_BUNDLE_STYLESHEET, url, NULL, url->text);
  }
}

static void check_reachable(struct checker *k, const struct node *bundle, enum profile_rule rule) {
  struct reach r = {.k = k};
  index_resources(&r, bundle);
  if (r.n < 2) return;
  for (size_t i = 0; i < r.n; i++) add_edges(&r, i, r.resources[i], 0);
  if (rule == PROFILE_BUNDLE_ORPHAN) add_stylesheets(&r, bundle);
  bool *seen = ARENA_ARRAY(k->a, bool, r.n);
  mark(&r, seen);
  for (size_t i = 0; i < r.n; i++)
    if (!seen[i])
      CHECK(k, rule, r.resources[i]->parent, NULL, node_text_at(r.resources[i]->parent, "fullUrl"),
            r.resources[0]->type);
}

/* --- references that have to be in the Bundle --------------------------------------------- */

static void check_there(struct checker *k, const struct node *n) {
  struct str reference = node_text_at(n, "reference");
  if (reference.n && !reference_resolve(k, n, reference)) CHECK(k, PROFILE_REFERENCE_UNRESOLVED, n, NULL, reference);
}

static void check_paths(struct checker *k, const struct node *n, const char *const *path) {
  for (const struct node *c = node_child(n, path[0]); c; c = node_again(c)) {
    if (path[1])
      check_paths(k, c, path + 1);
    else
      check_there(k, c);
  }
}

/* FHIR R4, 3.3.1: what a document's Composition points at is in the document. */
static void check_sections(struct checker *k, const struct node *n, int depth) {
  static const char *const author[] = {"author", NULL}, *const focus[] = {"focus", NULL},
                           *const entry[] = {"entry", NULL};
  if (depth > PROFILE_DEPTH_MAX) return;
  for (const struct node *s = node_child(n, "section"); s; s = node_again(s)) {
    check_paths(k, s, author);
    check_paths(k, s, focus);
    check_paths(k, s, entry);
    check_sections(k, s, depth + 1);
  }
}

static void check_document(struct checker *k, const struct node *bundle, const struct node *first) {
  static const char *const paths[][3] = {{"subject"},           {"encounter"}, {"author"},
                                         {"attester", "party"}, {"custodian"}, {"event", "detail"}};
  if (!str_eqz(first->type, "Composition")) return; /* bdl-11 says so */
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) check_paths(k, first, paths[i]);
  check_sections(k, first, 0);
  check_reachable(k, bundle, PROFILE_BUNDLE_ORPHAN);
}

static void check_message(struct checker *k, const struct node *bundle, const struct node *first) {
  static const char *const focus[] = {"focus", NULL};
  if (!str_eqz(first->type, "MessageHeader")) return; /* bdl-12 says so */
  check_paths(k, first, focus);
  check_reachable(k, bundle, PROFILE_BUNDLE_ORPHAN_MESSAGE);
}

void check_bundle(struct checker *k, const struct node *n) {
  struct str type = node_text_at(n, "type");
  const struct node *entry = node_child(n, "entry"), *first = node_child(entry, "resource");
  check_links(k, n, type);
  for (; entry; entry = node_again(entry)) check_full_url(k, entry, type);
  if (first && str_eqz(type, "document")) check_document(k, n, first);
  if (first && str_eqz(type, "message")) check_message(k, n, first);
}

/* --- element ids ----------------------------------------------------------------------------- */

static void collect_ids(struct checker *k, const struct node *n, struct map *seen, int depth) {
  if (depth > PROFILE_DEPTH_MAX) return;
  for (NODE_EACH(c, n)) {
    const struct node *id = c->type.n ? NULL : node_child(c, "id");
    if (id && id->text.n && !map_set(seen, id->text, (void *)1)) CHECK(k, PROFILE_DUPLICATE_ID, c, NULL, id->text);
    if (!c->type.n) collect_ids(k, c, seen, depth + 1);
  }
}

static void collect_all(struct checker *k, const struct node *n) {
  struct map seen;
  map_init(&seen, k->a);
  collect_ids(k, n, &seen, 0);
}

/* FHIR R4, 2.3.0.3: ids of contained resources are unique within the resource. */
static void check_contained_ids(struct checker *k, const struct node *resource) {
  struct map seen;
  if (!node_child(resource, "contained")) return;
  map_init(&seen, k->a);
  for (const struct node *c = node_child(resource, "contained"); c; c = node_again(c)) {
    struct str id = node_text_at(c, "id");
    if (id.n && !map_set(&seen, id, (void *)1)) CHECK(k, PROFILE_CONTAINED_TWICE, c, NULL, id);
  }
}

/* FHIR R4, 2.1.27.3: ids of elements are unique within the resource; but a StructureDefinition has those of its
 * elements in snapshot and differential. */
void check_ids(struct checker *k, const struct node *resource) {
  check_contained_ids(k, resource);
  if (!str_eqz(resource->type, "StructureDefinition")) return collect_all(k, resource);
  collect_all(k, node_child(resource, "snapshot"));
  collect_all(k, node_child(resource, "differential"));
}
