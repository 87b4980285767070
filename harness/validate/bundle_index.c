#include "validate/bundle_int.h"

#define URN_UUID "urn:uuid:"
/* Extensions of other makers may stand beside MedCom's. */
#define USE_EXTENSION "/medcom-messaging-destinationUseExtension"

static struct str without_version(struct str reference) {
  size_t at = str_find(reference, STR("/_history/"), 0);
  return at == SIZE_MAX ? reference : str_sub(reference, 0, at);
}

struct str bundle_without_urn(struct str value) {
  return str_starts(value, STR(URN_UUID)) ? str_sub(value, sizeof URN_UUID - 1, value.n) : value;
}

struct str bundle_last_part(struct str reference) {
  struct str rest = bundle_without_urn(without_version(reference));
  size_t at;
  while ((at = str_index(rest, '/')) != SIZE_MAX) rest = str_sub(rest, at + 1, rest.n);
  return rest;
}

/* The first one stands: what comes again is a finding of its own (bundle.entry.full-url.repeated). */
static void put_once(struct map *m, struct str key, const struct node *value) {
  if (key.n && !map_get(m, key)) map_set(m, key, (void *)(uintptr_t)value);
}

static void index_entry(struct bundle *b, const struct node *entry) {
  const struct node *r = node_child(entry, "resource");
  struct str url = node_text_at(entry, "fullUrl");
  if (!r) return;
  VEC_PUSH(b->arena, &b->resources, r);
  put_once(&b->by_url, url, r);
  struct str id = node_text_at(r, "id");
  if (id.n) put_once(&b->by_id, arena_printf(b->arena, "%.*s/%.*s", STR_F(r->type), STR_F(id)), r);
  if (!b->header && str_eqz(r->type, "MessageHeader")) b->header = r;
}

/* An absolute reference that is no fullUrl here is not looked for by its type and id: it may be another server's. */
const struct node *bundle_resolve(const struct bundle *b, struct str reference) {
  struct str r = without_version(reference);
  const struct node *found = map_get(&b->by_url, r);
  return found ? found : map_get(&b->by_id, r);
}

const struct node *bundle_target(const struct bundle *b, const struct node *reference) {
  struct str r = node_text_at(reference, "reference");
  return r.n ? bundle_resolve(b, r) : NULL;
}

const struct node *bundle_first(const struct bundle *b, const char *type) {
  for (size_t i = 0; i < b->resources.n; i++)
    if (str_eqz(b->resources.v[i]->type, type)) return b->resources.v[i];
  return NULL;
}

size_t bundle_count(const struct bundle *b, const char *type) {
  size_t n = 0;
  for (size_t i = 0; i < b->resources.n; i++) n += str_eqz(b->resources.v[i]->type, type);
  return n;
}

bool bundle_is_own(const struct bundle *b, const struct node *provenance) {
  for (const struct node *t = node_child(provenance, "target"); t; t = node_again(t))
    if (b->header && bundle_target(b, t) == b->header) return true;
  return false;
}

static const struct node *own_provenance(const struct bundle *b) {
  for (size_t i = 0; i < b->resources.n; i++)
    if (str_eqz(b->resources.v[i]->type, "Provenance") && bundle_is_own(b, b->resources.v[i])) return b->resources.v[i];
  return NULL;
}

void bundle_index(struct bundle *b, struct arena *a, const struct node *root) {
  *b = (struct bundle){.arena = a, .root = root};
  map_init(&b->by_url, a);
  map_init(&b->by_id, a);
  for (NODE_EACH(c, root))
    if (str_eqz(c->name, "entry")) index_entry(b, c);
  b->own = own_provenance(b);
}

/* Entities of role source name the message's own payloads (dk-medcom-carecommunication 5.0, Provenance). */
const struct node *bundle_previous(const struct node *provenance) {
  for (const struct node *e = node_child(provenance, "entity"); e; e = node_again(e))
    if (!str_eqz(node_text_at(e, "role"), "source")) return e;
  return NULL;
}

struct str bundle_use(const struct node *destination) {
  for (const struct node *x = node_child(destination, "extension"); x; x = node_again(x))
    if (str_ends(node_text_at(x, "url"), STR(USE_EXTENSION))) return node_text_at(x, "valueCoding.code");
  return (struct str){0};
}

const struct node *bundle_communication(const struct bundle *b) {
  for (const struct node *f = node_child(b->header, "focus"); f; f = node_again(f)) {
    const struct node *r = bundle_target(b, f);
    if (r && str_eqz(r->type, "Communication")) return r;
  }
  return bundle_first(b, "Communication");
}

const struct node *bundle_identifier(const struct node *resource, const char *system, const char *other) {
  for (const struct node *i = node_child(resource, "identifier"); i; i = node_again(i)) {
    struct str s = node_text_at(i, "system");
    if (str_eqz(s, system) || (other && str_eqz(s, other))) return node_child(i, "value");
  }
  return NULL;
}

bool bundle_is_major(const struct bundle *b, const char *major) {
  struct str version = node_text_at(b->header, "definition");
  size_t bar = str_index(version, '|');
  if (bar == SIZE_MAX) return false;
  version = str_sub(version, bar + 1, version.n);
  return str_eqz(str_cut(&version, '.'), major);
}
