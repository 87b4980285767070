/* One protocol, one vendor, one plan in memory, however many runs are made of them. */
#include "cli/session.h"

void session_cache_init(struct session_cache *c, struct arena *a) {
  c->arena = a;
  map_init(&c->protocols, a);
  map_init(&c->vendors, a);
  map_init(&c->plans, a);
  map_init(&c->standards, a);
  map_init(&c->persons, a);
}

static struct source copy(struct arena *a, struct source src) {
  return (struct source){arena_str(a, src.name), arena_str(a, src.bytes)};
}

static struct protocol *protocol_of(struct session *s, const struct protocol *p, struct error *e) {
  struct session_cache *c = s->cache;
  struct protocol *have = map_get(&c->protocols, p->digest);
  struct findings f;
  if (have) return have;
  findings_init(&f, c->arena);
  if (protocol_read(&have, c->arena, copy(c->arena, p->source), s->options.kinds, &f) < 0) {
    (void)findings_error(&f, e);
    return NULL;
  }
  (void)map_set(&c->protocols, have->digest, have);
  return have;
}

static struct vendor *vendor_of(struct session *s, const struct vendor *v, struct error *e) {
  struct session_cache *c = s->cache;
  struct vendor *have = map_get(&c->vendors, v->digest);
  if (have) return have;
  if (vendor_read(&have, c->arena, copy(c->arena, v->source), e) < 0) return NULL;
  (void)map_set(&c->vendors, have->digest, have);
  return have;
}

static struct str plan_key(struct arena *a, const struct plan *p) {
  struct str key = arena_printf(a, "%.*s %.*s", STR_F(p->protocol->digest), STR_F(p->vendor->digest));
  for (size_t i = 0; i < p->parties.n; i++)
    key = arena_printf(a, "%.*s %.*s", STR_F(key), STR_F(p->parties.v[i].vendor->digest));
  for (size_t i = 0; i < p->cases.n; i++)
    if (!p->cases.v[i].applies) key = arena_printf(a, "%.*s -%zu", STR_F(key), i);
  return key;
}

static size_t chosen(struct str *only, const struct plan *p) {
  size_t n = 0;
  bool any = false;
  for (size_t i = 0; i < p->cases.n; i++) {
    bool out = str_eqz(p->cases.v[i].reason, RECORD_NOT_CHOSEN);
    any = any || out;
    if (!out) only[n++] = p->cases.v[i].c->id;
  }
  return any ? n : 0;
}

int session_keep(struct session *s, struct str run, struct error *e) {
  struct session own = *s;
  struct str id;
  own.arena = s->cache->arena;
  if (session_load_run(&own, run, &id, e) < 0) return -1;
  s->plan = own.plan;
  s->options.plan = own.plan;
  return 0;
}

/* The systems of the plan, as they are kept. */
static int vendors_of(struct session *s, struct plan_vendors *out, struct error *e) {
  const struct plan *was = s->plan;
  struct plan_party *others = ARENA_ARRAY(s->cache->arena, struct plan_party, was->parties.n + 1);
  *out = (struct plan_vendors){.own = vendor_of(s, was->vendor, e), .others = others, .others_n = was->parties.n};
  if (!out->own) return -1;
  for (size_t i = 0; i < was->parties.n; i++) {
    others[i].name = arena_str(s->cache->arena, was->parties.v[i].name);
    others[i].vendor = vendor_of(s, was->parties.v[i].vendor, e);
    if (!others[i].vendor) return -1;
  }
  return 0;
}

int session_share(struct session *s, struct error *e) {
  struct session_cache *c = s->cache;
  struct str key = plan_key(s->arena, s->plan);
  struct plan *have = map_get(&c->plans, key);
  if (!have) {
    struct protocol *p = protocol_of(s, s->plan->protocol, e);
    struct plan_vendors v;
    if (!p || vendors_of(s, &v, e) < 0) return -1;
    struct str *only = ARENA_ARRAY(s->arena, struct str, s->plan->cases.n + 1);
    size_t n = chosen(only, s->plan);
    if (plan_make_with(&have, c->arena, p, &v, only, n, e) < 0) return -1;
    (void)map_set(&c->plans, arena_str(c->arena, key), have);
  }
  s->plan = have;
  s->options.plan = have;
  return 0;
}
