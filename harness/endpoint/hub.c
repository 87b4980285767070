#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "endpoint/hub_int.h"
#include "endpoint/rest.h"
#include "net/http_server.h"

struct prefix {
  struct str path, owner; /* owner: vendor and system */
  VEC(struct endpoint *) members;
};

struct endpoint_hub {
  struct arena *arena;
  struct http_server *server;
  struct hub_events events;
  struct map prefixes; /* path -> struct prefix */
  size_t prefixes_n;
  struct map known; /* systems, whether or not a run of theirs is open */
};

static const char plain[] = "text/plain; charset=utf-8";
static const char no_run[] = "no run is open for this system now; try again\n",
                  no_system[] = "no system has this address; it is /<system>/<role>\n";

static void say(struct http_request *r, int status, const char *text) {
  http_reply(r, status, plain, str_z(text));
}

/* "/a/b" of "/a/b/c"; the whole path where it has no more parts. */
static struct str first_parts(struct str path) {
  size_t at = path.n ? str_find(path, STR("/"), 1) : SIZE_MAX;
  if (at != SIZE_MAX) at = str_find(path, STR("/"), at + 1);
  return at == SIZE_MAX ? path : str_sub(path, 0, at);
}

static struct endpoint *member_of_run(const struct prefix *p, struct str rest, struct str *behind) {
  if (!rest.n) return NULL;
  struct str name = str_sub(rest, 1, rest.n);
  *behind = name;
  name = str_cut(behind, '/');
  for (size_t i = 0; i < p->members.n; i++)
    if (str_eq(p->members.v[i]->config.run, name)) {
      *behind = str_sub(rest, 1 + name.n, rest.n);
      return p->members.v[i];
    }
  return NULL;
}

/* The only member whose open step wants the message; NULL with how many do. */
static struct endpoint *claimer(const struct prefix *p, const struct facts *facts, size_t *claims) {
  struct endpoint *only = NULL;
  *claims = 0;
  for (size_t i = 0; i < p->members.n; i++) {
    struct endpoint *ep = p->members.v[i];
    if (!ep->events.claims || !ep->events.claims(ep->events.context, facts)) continue;
    only = ep;
    (*claims)++;
  }
  return *claims == 1 ? only : NULL;
}

/* The only member that has not ended; NULL. What nobody waits for yet may be early for it. */
static struct endpoint *only_open(const struct prefix *p) {
  struct endpoint *only = NULL;
  for (size_t i = 0; i < p->members.n; i++) {
    struct endpoint *ep = p->members.v[i];
    if (ep->events.ended && ep->events.ended(ep->events.context)) continue;
    if (only) return NULL;
    only = ep;
  }
  return only;
}

/* The only member whose FHIR server holds what the request is about; NULL. */
static struct endpoint *holder(const struct prefix *p, const struct facts *facts) {
  struct str type = facts_get(facts, "rest.type"), id = facts_get(facts, "rest.id");
  struct endpoint *only = NULL;
  for (size_t i = 0; i < p->members.n && id.n; i++) {
    struct endpoint *ep = p->members.v[i];
    const struct rest_resource *list;
    size_t n = ep->events.resources(ep->events.context, &list);
    for (size_t k = 0; k < n; k++) {
      if (!str_eq(list[k].type, type) || !str_eq(list[k].id, id) || ep == only) continue;
      if (only) return NULL;
      only = ep;
    }
  }
  return only;
}

struct choosing {
  struct endpoint_hub *hub;
  const struct prefix *prefix;
  struct http_request *request;
  struct str rest;
};

static void name_several(struct endpoint_hub *h, const struct prefix *p, struct http_request *r) {
  struct buf b;
  buf_init(&b, (size_t)1 << 20);
  buf_printf(&b, "several runs are open here; each has its own address:\n");
  for (size_t i = 0; i < p->members.n; i++)
    buf_printf(&b, "%s%.*s/%.*s\n", endpoint_hub_url(h), STR_F(p->path), STR_F(p->members.v[i]->config.run));
  http_reply(r, 300, plain, buf_str(&b));
  buf_release(&b);
}

/* A request that changes or reads what a server holds cannot wait until somebody says whose it is. */
static bool is_answered_now(const struct prefix *p) {
  return p->members.v[0]->kind->decide != NULL;
}

/* What nobody waits for is kept for any of them: it has to be each one's system that sent it. The first of whose system
 * it is not; NULL. */
static struct endpoint *stranger_to(const struct prefix *p, const struct http_request *r, const char **why) {
  for (size_t i = 0; i < p->members.n; i++)
    if ((*why = http_party_stranger(p->members.v[i], r))) return p->members.v[i];
  return NULL;
}

static void choose(void *context, const struct endpoint_arrival *in) {
  const struct choosing *c = context;
  size_t claims;
  const char *why;
  struct endpoint *foreign, *ep = claimer(c->prefix, in->facts, &claims);
  bool now = is_answered_now(c->prefix);
  if (!ep && now) ep = holder(c->prefix, in->facts);
  if (!ep && !claims) ep = only_open(c->prefix);
  if (ep)
    http_party_take(ep, c->request, c->rest);
  else if ((foreign = stranger_to(c->prefix, c->request, &why)))
    http_party_turn_away(foreign, c->request, why);
  else if (now)
    name_several(c->hub, c->prefix, c->request);
  else
    c->hub->events.unclaimed(c->hub->events.context, str_sub(c->prefix->path, 1, c->prefix->path.n), in, claims);
}

static void share_out(struct endpoint_hub *h, const struct prefix *p, struct http_request *r, struct str rest) {
  struct choosing c = {h, p, r, rest};
  struct endpoint stand_in = {.events = {.context = &c, .received = choose}};
  struct endpoint_arrival in = p->members.v[0]->kind->arrival(p->members.v[0], r, rest);
  endpoint_deliver(&stand_in, &in);
}

#define INBOX "/inbox"

/* What a run that has not ended holds ready, if it is the only one; else what all of them do, told apart by run. A
 * vendor that looks there again and again knows of no runs. */
static void fetch_of_several(struct endpoint_hub *h, const struct prefix *p, struct http_request *r, struct str rest) {
  struct endpoint *only = only_open(p), *ep = NULL;
  struct str behind = str_sub(rest, sizeof INBOX - 1, rest.n), message;
  const char *why;
  if ((ep = member_of_run(p, behind, &message)))
    http_party_take(ep, r, arena_printf(r->arena, INBOX "%.*s", STR_F(message)));
  else if (only)
    http_party_take(only, r, rest);
  else if ((ep = stranger_to(p, r, &why)))
    http_party_turn_away(ep, r, why);
  else if (!behind.n)
    message_http_inboxes(p->members.v, p->members.n, r);
  else
    name_several(h, p, r);
}

static void to_several(struct endpoint_hub *h, const struct prefix *p, struct http_request *r, struct str rest) {
  bool post = str_eqz(r->method, "POST");
  if (is_answered_now(p)) return share_out(h, p, r, rest);
  if (post && message_http_takes(rest)) return share_out(h, p, r, (struct str){0});
  if (str_eqz(r->method, "GET") && str_starts(rest, STR(INBOX))) return fetch_of_several(h, p, r, rest);
  name_several(h, p, r);
}

static bool is_known(const struct endpoint_hub *h, struct str path) {
  struct str system = str_sub(path, path.n ? 1 : 0, path.n);
  return map_get(&h->known, str_cut(&system, '/')) != NULL;
}

static void on_request(void *payload, struct http_request *r) {
  struct endpoint_hub *h = payload;
  struct str whole = http_party_path(r), path = first_parts(whole), rest = str_sub(whole, path.n, whole.n), behind;
  const struct prefix *p = map_get(&h->prefixes, path);
  if (!p && is_known(h, path)) return say(r, 503, no_run);
  if (!p) return say(r, 404, no_system);
  while (rest.n && rest.p[rest.n - 1] == '/') rest.n--;
  struct endpoint *ep = member_of_run(p, rest, &behind);
  if (ep) return http_party_take(ep, r, behind);
  if (!p->members.n) return say(r, 503, no_run);
  if (p->members.n == 1) return http_party_take(p->members.v[0], r, rest);
  to_several(h, p, r, rest);
}

/* Whose body can go nowhere is told so before it is read. */
static void on_limit(void *payload, struct http_request *r, struct http_limit *limit) {
  struct endpoint_hub *h = payload;
  struct str path = first_parts(http_party_path(r));
  const struct prefix *p = map_get(&h->prefixes, path);
  if (p && p->members.n) return http_party_limit(limit);
  bool known = p || is_known(h, path);
  http_party_limit_stranger(limit, known ? 503 : 404, known ? no_run : no_system);
}

/* The only run that a path is of, for what no step has seen; NULL. */
static struct endpoint *run_of(const struct endpoint_hub *h, struct str path) {
  struct str first = first_parts(path), rest = str_sub(path, first.n, path.n), behind;
  const struct prefix *p = map_get(&h->prefixes, first);
  struct endpoint *ep = p ? member_of_run(p, rest, &behind) : NULL;
  return ep || !p ? ep : only_open(p);
}

/* A message that was too large is told in the run that it was meant for. */
static void on_refused(void *payload, struct str peer, struct str path, int status, const char *why) {
  struct endpoint_hub *h = payload;
  struct endpoint *ep = status == 413 ? run_of(h, path) : NULL;
  if (ep && ep->events.refused) return ep->events.refused(ep->events.context, peer, status, why);
  if (h->events.refused) h->events.refused(h->events.context, peer, path, status, why);
}

int endpoint_hub_open(struct endpoint_hub **out, struct loop *l, const char *listen, const char *spool_dir,
                      const struct http_tls *tls, const struct hub_events *ev, struct error *e) {
  struct arena *a = arena_new(0);
  struct endpoint_hub *h = ARENA_NEW(a, struct endpoint_hub);
  h->arena = a;
  h->events = *ev;
  map_init(&h->prefixes, a);
  map_init(&h->known, a);
  struct http_handler handler = {.request = on_request, .limit = on_limit, .refused = on_refused, .payload = h};
  int opened = tls ? http_server_open_tls(&h->server, l, listen, spool_dir, &handler, tls, e)
                   : http_server_open(&h->server, l, listen, spool_dir, &handler, e);
  if (opened < 0) {
    arena_free(a);
    return -1;
  }
  *out = h;
  return 0;
}

void endpoint_hub_close(struct endpoint_hub *h) {
  if (!h) return;
  http_server_close(h->server);
  arena_free(h->arena);
}

const char *endpoint_hub_url(const struct endpoint_hub *h) {
  return http_server_url(h->server);
}

void endpoint_hub_know(struct endpoint_hub *h, struct str system) {
  (void)map_set(&h->known, endpoint_url_part(h->arena, system), h);
}

void endpoint_hub_settle(struct arrival *in, struct str message, const char *why) {
  vans_http_settle(in, message, why);
}

static struct prefix *prefix_new(struct endpoint_hub *h, struct str path, struct str owner, struct error *e) {
  if (h->prefixes_n == HUB_PREFIXES_MAX) {
    (void)error_set(e, ERR_LIMIT, "more than %d addresses in one testcamp", HUB_PREFIXES_MAX);
    return NULL;
  }
  struct prefix *p = ARENA_NEW(h->arena, struct prefix);
  p->path = arena_str(h->arena, path);
  p->owner = arena_str(h->arena, owner);
  (void)map_set(&h->prefixes, p->path, p);
  h->prefixes_n++;
  return p;
}

int hub_join(struct endpoint_hub *h, struct endpoint *ep, struct str path, struct error *e) {
  struct prefix *p = map_get(&h->prefixes, path);
  if (!p && !(p = prefix_new(h, path, ep->config.owner, e))) return -1;
  if (!str_eq(p->owner, ep->config.owner))
    return error_set(e, ERR_CONFIG,
                     "the address %.*s belongs to %.*s; %.*s needs another name, or its messages would be mixed",
                     STR_F(path), STR_F(p->owner), STR_F(ep->config.owner));
  const struct endpoint_kind *there = p->members.n ? p->members.v[0]->kind : ep->kind;
  if (there != ep->kind && (there->decide || ep->kind->decide))
    return error_set(e, ERR_CONFIG, "the address %.*s is of kind %s in a run that is open; it cannot be %s at once",
                     STR_F(path), there->name, ep->kind->name);
  VEC_PUSH(h->arena, &p->members, ep);
  return 0;
}

void hub_leave(struct endpoint_hub *h, struct endpoint *ep) {
  struct prefix *p =
      map_get(&h->prefixes, arena_printf(ep->arena, "/%.*s/%.*s", STR_F(ep->config.system), STR_F(ep->config.role)));
  for (size_t i = 0; p && i < p->members.n; i++) {
    if (p->members.v[i] != ep) continue;
    for (; i + 1 < p->members.n; i++) p->members.v[i] = p->members.v[i + 1];
    p->members.n--;
  }
}
