#include "endpoint/hub_int.h"

#include "base/file.h"
#include "endpoint/server_rules.h"
#include "net/http_server.h"
#include "validate/message.h"

const struct endpoint_kind *const endpoint_kinds[] = {&endpoint_vans_http,
                                                      &endpoint_vans_folder,
                                                      &endpoint_sbdh_http,
                                                      &endpoint_sbdh_folder,
                                                      &endpoint_upload,
                                                      &endpoint_fhirrest,
                                                      &endpoint_eds,
                                                      &endpoint_authorization,
                                                      &endpoint_eer,
                                                      &endpoint_eas,
                                                      NULL};

static const struct endpoint_kind *kind_named(struct str name) {
  for (size_t i = 0; endpoint_kinds[i]; i++)
    if (str_eqz(name, endpoint_kinds[i]->name)) return endpoint_kinds[i];
  return NULL;
}

bool endpoint_is_rest(struct str kind) {
  const struct endpoint_kind *k = kind_named(kind);
  return k && k->rest;
}

bool endpoint_is_http(struct str kind) {
  const struct endpoint_kind *k = kind_named(kind);
  return k && k->request;
}

struct str endpoint_url_part(struct arena *a, struct str name) {
  char *z = arena_z(a, name);
  size_t n = 0;
  for (size_t i = 0; i < name.n; i++) {
    char c = name.p[i];
    if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
    bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain)
      z[n++] = c;
    else if (n && z[n - 1] != '-')
      z[n++] = '-';
  }
  while (n && z[n - 1] == '-') n--;
  return n ? (struct str){z, n} : STR("system");
}

static const char *copy_z(struct arena *a, const char *z) {
  return arena_z(a, str_z(z));
}

/* Whoever judges requests by EHMI's rules does so with the severities of its profile. */
static int load_profile(struct endpoint *ep, struct error *e) {
  static const char *const servers[] = {"eds", "eas", "eer", "authorization", NULL};
  struct ehmi_profile *p;
  for (const char *const *name = servers; *name; name++) {
    if (!str_eqz(ep->config.kind, *name) || !ep->config.data_dir) continue;
    if (ehmi_profile_load(&p, ep->arena, ep->config.data_dir, e) < 0 || server_rules_check(p, e) < 0) return -1;
    ep->profile = p;
  }
  return 0;
}

int endpoint_open(struct endpoint **out, struct loop *l, const struct endpoint_config *c,
                  const struct endpoint_events *ev, struct error *e) {
  const struct endpoint_kind *kind = kind_named(c->kind);
  if (!kind) return error_set(e, ERR_CONFIG, "there is no way to exchange messages called \"%.*s\"", STR_F(c->kind));
  struct arena *a = c->hub ? arena_new_small(0) : arena_new(0);
  struct endpoint *ep = ARENA_NEW(a, struct endpoint);
  *ep = (struct endpoint){.arena = a, .loop = l, .kind = kind, .events = *ev};
  ep->config = (struct endpoint_config){.kind = arena_str(a, c->kind),
                                        .system = endpoint_url_part(a, c->system),
                                        .role = endpoint_url_part(a, c->role),
                                        .listen = copy_z(a, c->listen),
                                        .address = copy_z(a, c->address),
                                        .folder_to = copy_z(a, c->folder_to),
                                        .folder_from = copy_z(a, c->folder_from),
                                        .spool_dir = copy_z(a, c->spool_dir),
                                        .hub = c->hub,
                                        .tls = c->tls,
                                        .identity = c->identity,
                                        .shapes = c->shapes,
                                        .profiles = c->profiles,
                                        .data_dir = c->data_dir ? copy_z(a, c->data_dir) : NULL,
                                        .shelf = c->shelf,
                                        .guard = c->guard,
                                        .oauth = c->oauth,
                                        .owner = arena_str(a, c->owner),
                                        .run = arena_str(a, c->run)};
  if (load_profile(ep, e) < 0 || clients_read(&ep->clients, a, c->clients, c->clients_n, e) < 0 ||
      kind->open(ep, e) < 0) {
    arena_free(a);
    return -1;
  }
  *out = ep;
  return 0;
}

void endpoint_close(struct endpoint *ep) {
  if (!ep) return;
  endpoint_faults_close(ep);
  ep->kind->close(ep);
  arena_free(ep->arena);
}

const char *endpoint_address(const struct endpoint *ep) {
  return ep->address;
}

void endpoint_send(struct endpoint *ep, struct str message, struct str wire, struct str content_type, struct str file) {
  ep->kind->send(ep, message, wire, content_type, file);
}

void endpoint_accept(struct endpoint *ep, struct arrival *in, struct str message) {
  ep->kind->accept(ep, in, message);
}

void endpoint_decide(struct endpoint *ep, struct endpoint_arrival *in, const struct endpoint_decision *d) {
  if (!ep->kind->decide) return;
  struct facts *facts = ARENA_NEW(d->arena, struct facts);
  facts_init(facts, d->arena);
  for (size_t i = 0; i < in->facts->list.n; i++)
    facts_put(facts, in->facts->list.v[i].name, in->facts->list.v[i].value);
  ep->kind->decide(ep, in, facts, d);
  in->facts = facts;
}

void endpoint_refuse(struct endpoint *ep, struct arrival *in, const char *why) {
  ep->kind->refuse(ep, in, why);
}

void endpoint_redirect(struct endpoint *ep, struct str address) {
  ep->config.address = arena_z(ep->arena, address);
}

static void describe(struct facts *out, struct message *m, struct arena *a, struct source wire,
                     struct sbdh_shelf *shelf) {
  struct message_options o = {.shelf = shelf};
  message_read_by(m, a, wire, &o);
  for (size_t i = 0; i < m->facts.list.n; i++) facts_put(out, m->facts.list.v[i].name, m->facts.list.v[i].value);
}

void endpoint_describe(struct facts *out, struct str name, struct str bytes, struct sbdh_shelf *shelf) {
  struct arena *a = arena_new(0);
  struct message m;
  describe(out, &m, a, (struct source){name, bytes}, shelf);
  arena_free(a);
}

void endpoint_deliver(struct endpoint *ep, struct endpoint_arrival *in) {
  struct arena *a = arena_new(0), *tree = arena_new(0);
  struct message m = {0};
  struct facts facts;
  struct error e;
  struct str bytes = in->body;
  facts_init(&facts, a);
  /* What cannot be read is stored all the same, without facts: it is shown as unmatched. */
  if (in->body_file && file_map(&bytes, a, in->body_file, HTTP_BODY_MAX, &e) < 0) bytes = (struct str){0};
  /* What has no body says what it is by the facts that it brings. */
  if (in->size || !in->facts) describe(&facts, &m, tree, (struct source){in->file, bytes}, ep->config.shelf);
  if (m.envelope && m.envelope->sbdh)
    in->read = &m;
  else
    arena_reset(tree);
  for (size_t i = 0; in->facts && i < in->facts->list.n; i++)
    facts_put(&facts, in->facts->list.v[i].name, in->facts->list.v[i].value);
  in->facts = &facts;
  ep->events.received(ep->events.context, in);
  arena_free(tree);
  arena_free(a);
}
