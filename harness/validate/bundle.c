#include "base/uuid.h"
#include "validate/validate_int.h"

/* References that deep below a resource are not looked for; readers allow no deeper trees. */
#define DEPTH_MAX 256

static void check_type(const struct judge *j) {
  const struct node *type = node_child(j->b.root, "type");
  struct str found = type ? type->text : (struct str){0};
  bool document = judge_is_document(j);
  if (!str_eqz(found, document ? "document" : "message"))
    JUDGE(j, document ? DOCUMENT_TYPE : BUNDLE_TYPE, type ? type : j->b.root, found);
}

static void check_id(const struct judge *j) {
  const struct node *id = node_child(j->b.root, "id");
  if (!id || id->text.n == 0)
    JUDGE(j, BUNDLE_ID_MISSING, j->b.root);
  else if (!uuid_valid(id->text))
    JUDGE(j, BUNDLE_ID_UUID, id, id->text);
}

static void check_first(const struct judge *j) {
  const struct node *entry = node_child(j->b.root, "entry");
  if (!entry) {
    JUDGE(j, BUNDLE_ENTRY_MISSING, j->b.root);
    return;
  }
  const struct node *first = node_child(entry, "resource");
  if (first && !judge_is_document(j) && !str_eqz(first->type, "MessageHeader"))
    JUDGE(j, BUNDLE_ENTRY_FIRST, first, first->type);
}

/* bdl-7: the same fullUrl may only stand for different versions of a resource. */
static void check_unique(const struct judge *j, const struct node *entry, struct map *seen) {
  struct str url = node_text_at(entry, "fullUrl"), version = node_text_at(entry, "resource.meta.versionId");
  struct str key = arena_printf(j->b.arena, "%.*s %.*s", STR_F(url), STR_F(version));
  if (!map_set(seen, key, seen)) JUDGE(j, BUNDLE_FULL_URL_REPEATED, node_child(entry, "fullUrl"), url);
}

static void check_full_url(const struct judge *j, const struct node *entry, struct map *seen) {
  const struct node *url = node_child(entry, "fullUrl");
  struct str id = node_text_at(entry, "resource.id");
  if (!url || url->text.n == 0) {
    JUDGE(j, BUNDLE_FULL_URL_MISSING, entry);
    return;
  }
  check_unique(j, entry, seen);
  if (id.n && !str_starts(url->text, STR("urn:")) && !str_eq(bundle_last_part(url->text), id))
    JUDGE(j, BUNDLE_FULL_URL_ID, url, url->text, id);
}

static void check_entries(const struct judge *j) {
  struct map seen;
  map_init(&seen, j->b.arena);
  for (const struct node *e = node_child(j->b.root, "entry"); e; e = node_again(e)) {
    check_full_url(j, e, &seen);
    if (!node_child(e, "resource")) JUDGE(j, BUNDLE_ENTRY_RESOURCE, e);
  }
}

/* A resource whose references are checked, with the ids that it contains. */
struct holder {
  const struct node *resource;
  struct map contained;
};

static void holder_init(struct holder *h, struct arena *a, const struct node *resource) {
  h->resource = resource;
  map_init(&h->contained, a);
  for (const struct node *c = node_child(resource, "contained"); c; c = node_again(c))
    map_set(&h->contained, node_text_at(c, "id"), h);
}

/* Provenance.target and entity.what may name earlier messages, which are not in the Bundle. */
static bool may_be_elsewhere(const struct node *resource, const struct node *reference) {
  return str_eqz(resource->type, "Provenance") &&
         (str_eqz(reference->name, "target") || str_eqz(reference->name, "what"));
}

static void check_reference(const struct judge *j, const struct holder *h, const struct node *n) {
  struct str r = n->text;
  const struct node *reference = n->parent;
  bool fragment = r.n && r.p[0] == '#';
  if (r.n == 0 || may_be_elsewhere(h->resource, reference)) return;
  if (fragment ? r.n == 1 || map_get(&h->contained, str_sub(r, 1, r.n)) : bundle_resolve(&j->b, r) != NULL) return;
  bool assigner = str_eqz(reference->name, "assigner");
  JUDGE(j, assigner ? BUNDLE_REFERENCE_ASSIGNER : BUNDLE_REFERENCE, n, r);
}

static void check_references(const struct judge *j, const struct holder *h, const struct node *n, int depth) {
  if (depth > DEPTH_MAX) return;
  for (NODE_EACH(c, n)) {
    if (str_eqz(c->name, "reference") && c->kind == NODE_STRING) check_reference(j, h, c);
    check_references(j, h, c, depth + 1);
  }
}

void judge_bundle(const struct judge *j) {
  check_type(j);
  check_id(j);
  judge_instant(j, j->b.root, "timestamp", BUNDLE_TIMESTAMP_MISSING, BUNDLE_TIMESTAMP, BUNDLE_TIMESTAMP_ZONE);
  check_first(j);
  check_entries(j);
  for (size_t i = 0; i < j->b.resources.n; i++) {
    struct holder h;
    holder_init(&h, j->b.arena, j->b.resources.v[i]);
    check_references(j, &h, h.resource, 0);
  }
}
