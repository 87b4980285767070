/* The systems that take part: the one under test, and those that the protocol names beside it. What one of them sends
 * to another goes on to it unchanged, as a VANS would carry it, and is an exchange of the run both times. */
#include "base/file.h"
#include "endpoint/rest.h"
#include "net/http_server.h"
#include "run/run_int.h"

void run_parties_make(struct run *r) {
  const struct plan *p = r->o.plan;
  const struct protocol *protocol = p->protocol;
  r->parties = ARENA_ARRAY(r->arena, struct run_party, p->parties.n + protocol->services.n + 1);
  r->parties_n = p->parties.n + 1;
  r->parties[0] = (struct run_party){.run = r, .vendor = p->vendor};
  for (size_t i = 0; i < p->parties.n; i++)
    r->parties[i + 1] = (struct run_party){.run = r, .name = p->parties.v[i].name, .vendor = p->parties.v[i].vendor};
  for (size_t i = 0; i < protocol->services.n; i++) {
    const struct protocol_service *s = &protocol->services.v[i];
    struct vendor *vendor = plan_vendor(p, s->of);
    if (vendor) r->parties[r->parties_n++] = (struct run_party){r, .name = s->name, .vendor = vendor, .service = s};
  }
}

struct run_party *run_party(const struct run *r, struct str name) {
  for (size_t i = 0; i < r->parties_n; i++)
    if (str_eq(r->parties[i].name, name)) return &r->parties[i];
  BUG("no system %.*s takes part", STR_F(name));
}

const struct run_party *run_party_at(const struct run *r, struct str mailbox) {
  for (size_t i = 0; i < r->parties_n; i++) {
    const struct run_party *p = &r->parties[i];
    struct str address = p->endpoint ? str_z(endpoint_address(p->endpoint)) : (struct str){0};
    bool longer = address.n > mailbox.n && address.p[address.n - mailbox.n - 1] == '/';
    if (longer && str_ends(address, mailbox)) return p;
  }
  return NULL;
}

static bool has_ended(void *party) {
  return ((const struct run_party *)party)->run->state->ended_at != 0;
}

/* Which of the services of its system it is, from 1. */
static int64_t service_number(const struct run_party *p) {
  const struct run *r = p->run;
  int64_t n = 1;
  for (const struct run_party *o = r->parties; o < p; o++) n += o->service && o->vendor == p->vendor;
  return n;
}

/* A service has a port of its own, so that a fault can close it: any free one, or those behind the system's fixed one.
 */
static const char *listen_of(const struct run_party *p) {
  struct run *r = p->run;
  const char *asked = p->vendor == r->o.plan->vendor ? r->o.listen : NULL;
  struct str listen = asked ? str_z(asked) : p->vendor->listen, port = listen;
  int64_t number = 0;
  if (!p->service) return p->name.n || !asked ? arena_z(r->arena, p->vendor->listen) : asked;
  while (str_index(port, ':') != SIZE_MAX) (void)str_cut(&port, ':');
  struct str host = str_sub(listen, 0, listen.n - port.n);
  if (str_int(port, &number) && number) number += service_number(p);
  return arena_printf(r->arena, "%.*s%lld", STR_F(host), (long long)number).p;
}

static int read_pem(struct str *out, struct run *r, struct str file, struct error *e) {
  if (!file.n) return 0;
  return file_read(out, r->arena, arena_z(r->arena, file), HTTP_IDENTITY_MAX, e);
}

/* Read each time the run is opened: keys are never kept in the store. A site has one address for all, in the clear. */
static int read_tls(struct run_party *p, struct error *e) {
  static const char *const clients[] = {
      [HTTP_CLIENTS_ANY] = "any", [HTTP_CLIENTS_ASKED] = "asked", [HTTP_CLIENTS_REQUIRED] = "required"};
  struct run *r = p->run;
  const struct vendor *v = p->vendor;
  if (!v->tls.certificate.n || r->o.site) return 0;
  p->tls = ARENA_NEW(r->arena, struct http_tls);
  for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
    if (str_eqz(v->clients, clients[i])) p->tls->clients = (enum http_clients)i;
  p->tls->known = v->certificates.n > 0;
  if (read_pem(&p->tls->certificate, r, v->tls.certificate, e) < 0 || read_pem(&p->tls->key, r, v->tls.key, e) < 0)
    return -1;
  return read_pem(&p->tls->authorities, r, v->tls.trust, e);
}

static const char *name_or_null(struct arena *a, struct str file) {
  return file.n ? arena_z(a, file) : NULL;
}

static int read_identity(struct run_party *p, struct error *e) {
  struct arena *a = p->run->arena;
  const struct vendor_pem *pem = &p->vendor->identity;
  if (!pem->certificate.n && !pem->trust.n) return 0;
  p->identity = ARENA_NEW(a, struct http_identity);
  return http_identity_read(p->identity, a, name_or_null(a, pem->certificate), name_or_null(a, pem->key),
                            name_or_null(a, pem->trust), e);
}

static void set_own_wire(struct endpoint_config *c, const struct run_party *p) {
  struct run *r = p->run;
  const struct vendor *v = p->vendor;
  bool own_address = str_find(v->address, STR("${"), 0) == SIZE_MAX;
  c->kind = r->o.by_hand ? STR("upload") : v->exchange;
  c->address = own_address ? arena_z(r->arena, v->address) : "";
  c->folder_to = arena_z(r->arena, v->folder_to);
  c->folder_from = arena_z(r->arena, v->folder_from);
}

static int open_one(struct run_party *p, struct error *e) {
  struct run *r = p->run;
  const struct vendor *v = p->vendor;
  if (read_tls(p, e) < 0 || read_identity(p, e) < 0 || run_tokens_prepare(p, e) < 0) return -1;
  struct endpoint_config c = {.kind = p->service ? p->service->kind : (struct str){0},
                              .system = v->system,
                              .role = p->name.n ? p->name : r->o.plan->protocol->role,
                              .listen = listen_of(p),
                              .address = "",
                              .folder_to = "",
                              .folder_from = "",
                              .spool_dir = store_spool_dir(r->o.store),
                              .data_dir = r->o.data_dir,
                              .shelf = r->shelf,
                              .hub = r->o.site ? r->o.site->hub : NULL,
                              .tls = p->tls,
                              .identity = p->identity,
                              .clients = v->certificates.v,
                              .clients_n = v->certificates.n,
                              .shapes = r->o.shapes,
                              .profiles = r->o.standards.profiles,
                              .guard = run_guard(p),
                              .oauth = p->oauth,
                              .owner = arena_printf(r->arena, "%.*s of %.*s", STR_F(v->system), STR_F(v->name)),
                              .run = r->id};
  if (!p->service) set_own_wire(&c, p);
  struct endpoint_events ev = {.context = p,
                               .received = run_received,
                               .refused = run_refused,
                               .sent = run_sent,
                               .resources = run_resources,
                               .resource = run_resource,
                               .reset = run_reset,
                               .ready = run_ready,
                               .fetch = run_fetch,
                               .claims = run_claims,
                               .ended = has_ended};
  return endpoint_open(&p->endpoint, r->loop, &c, &ev, e);
}

int run_parties_open(struct run *r, struct error *e) {
  /* Authorization servers first: the others take their tokens. */
  for (size_t i = 0; i < r->parties_n; i++)
    if (run_is_authorization(&r->parties[i]) && open_one(&r->parties[i], e) < 0) return -1;
  for (size_t i = 0; i < r->parties_n; i++)
    if (!run_is_authorization(&r->parties[i]) && open_one(&r->parties[i], e) < 0) return -1;
  return 0;
}

void run_parties_stop(struct run *r) {
  for (size_t i = 0; i < r->parties_n; i++)
    if (r->parties[i].child) child_stop(r->parties[i].child);
}

void run_parties_close(struct run *r) {
  for (size_t i = 0; i < r->parties_n; i++) endpoint_close(r->parties[i].endpoint);
}

/* ---- addresses of services ---- */

#define SYMBOLIC_ORIGIN "http://testcamp.invalid"

/* Ports differ from run to run: a seeded run has them as symbols. */
static struct str symbolic(const struct run_party *p) {
  struct str address = str_z(endpoint_address(p->endpoint));
  size_t host = str_find(address, STR("://"), 0),
         path = host == SIZE_MAX ? host : str_find(address, STR("/"), host + 3);
  if (!p->run->o.clock.logical || path == SIZE_MAX) return address;
  return arena_printf(p->run->arena, "%s%.*s", SYMBOLIC_ORIGIN, STR_F(str_sub(address, path, address.n)));
}

int run_note_addresses(struct run *r) {
  struct event *ev = run_event(r, "addresses", NULL);
  bool any = false;
  for (size_t i = 0; i < r->parties_n; i++) {
    const struct run_party *p = &r->parties[i];
    if (!p->service) continue;
    struct str name = arena_printf(r->scratch, "service.%.*s.address", STR_F(p->name)), address = symbolic(p);
    facts_put(&ev->data, name, address);
    any = any || !str_eq(state_variable(r->state, name), address);
  }
  return any ? run_emit(r, ev) : 0;
}

struct str run_real_addresses(struct run *r, struct str text) {
  for (size_t i = 0; i < r->parties_n; i++)
    if (r->parties[i].service)
      text = run_replace(r->arena, text, symbolic(&r->parties[i]), endpoint_address(r->parties[i].endpoint));
  return text;
}

const char *run_service_address(const struct run *r, struct str service) {
  for (size_t i = 1; i < r->parties_n; i++)
    if (r->parties[i].endpoint && str_eq(r->parties[i].name, service)) return endpoint_address(r->parties[i].endpoint);
  return NULL;
}

/* ---- relaying ---- */

/* What a service is told is not on its way to anybody; nor is a copy for the register of messages (EMR), which may be
 * addressed as its message is: testcamp is that register. */
static struct run_party *addressed(const struct run *r, const struct state_message *m) {
  if (protocol_service(r->o.plan->protocol, m->party)) return NULL;
  if (str_eqz(facts_get(&m->facts, "sbdh.kind"), "copy")) return NULL;
  struct str gln = facts_get(&m->facts, "envelope.receiver");
  if (!gln.n) gln = facts_get(&m->facts, "receiver.gln");
  for (size_t i = 0; i < r->parties_n && gln.n; i++) {
    struct run_party *p = &r->parties[i];
    if (!p->service && !str_eq(p->name, m->party) && str_eq(facts_get(&p->vendor->variables, "vendor.gln"), gln))
      return p;
  }
  return NULL;
}

/* What it was on the FHIR server that it came to is no matter of the one that it goes on to: there it lies anew. */
static void facts_of_way(struct facts *out, struct arena *a, const struct state_message *m,
                         const struct run_party *to) {
  facts_init(out, a);
  for (size_t i = 0; i < m->facts.list.n; i++) {
    const struct fact *f = &m->facts.list.v[i];
    if (!str_starts(f->name, STR("rest.")) && !str_starts(f->name, STR("http."))) facts_put(out, f->name, f->value);
  }
  struct str id = facts_get(&m->facts, "bundle.id");
  bool bare = str_eqz(facts_get(&m->facts, "envelope"), "none");
  if (bare && rest_id_valid(id) && str_eqz(to->vendor->exchange, "fhir-rest")) {
    facts_put(out, STR("rest.interaction"), STR(REST_PRELOAD));
    facts_put(out, STR("rest.type"), STR("Bundle"));
    facts_put(out, STR("rest.id"), id);
  }
}

static bool is_refused(const struct state_message *m) {
  return facts_get(&m->facts, "rest.interaction").n && !facts_get(&m->facts, "rest.version").n;
}

static struct run_party *next_of(const struct run *r, const struct state_message *m) {
  return m->lost || is_refused(m) || m->quarantined ? NULL : addressed(r, m);
}

bool run_goes_on(const struct run *r, const struct state_message *m) {
  return next_of(r, m) != NULL;
}

/* Beside its events: what of it a fault of the simulated network changes. */
struct relay {
  struct run_party *to;
  const struct state_message *of;
  struct str id, file, digest;
  struct facts facts;
  bool is_hit;
  struct run_hit hit;
};

/* A fault hits it as it hits a message of ours; bytes are read for one that changes them alone. */
static int spoil(struct relay *x, struct run *r, struct error *e) {
  char digest[SHA256_HEX + 1];
  struct step_send m = {.file = x->file, .facts = x->facts};
  x->is_hit = run_fault_hit(r, FAULT_SENT, x->to->name, &x->of->facts, &x->hit);
  if (!x->is_hit || !fault_rows[x->hit.fault.kind].alters) return 0;
  if (store_blob_get(r->o.store, x->digest, r->scratch, &m.wire, e) < 0 ||
      run_fault_alter(r, &x->hit, x->id, &m, e) < 0 || store_blob_put(r->o.store, m.wire, digest, e) < 0)
    return -1;
  x->digest = arena_str(r->scratch, str_z(digest));
  x->facts = m.facts;
  return 0;
}

static struct event *relay_event(struct run *r, const struct relay *x) {
  struct event *ev = run_event(r, "relayed", NULL);
  struct str type = facts_get(&x->of->facts, "content-type");
  facts_put(&ev->data, STR("message"), x->id);
  facts_put(&ev->data, STR("of"), x->of->id);
  facts_put(&ev->data, STR("party"), x->to->name);
  facts_put(&ev->data, STR("via"), r->o.by_hand ? STR("upload") : x->to->vendor->exchange);
  facts_put(&ev->data, STR("file"), x->file);
  event_put_facts(ev, &x->facts);
  if (!type.n) type = str_ends(x->file, STR("json")) ? STR("application/fhir+json") : STR("application/xml");
  facts_put(&ev->data, STR("fact.content-type"), type);
  ev->blob = x->digest;
  return ev;
}

void run_relay(struct run *r, const struct state_message *m) {
  struct relay x = {.to = next_of(r, m), .of = m, .digest = m->digest};
  struct error e;
  if (!x.to) return;
  bool json = str_eqz(facts_get(&m->facts, "envelope"), "none") && str_eqz(facts_get(&m->facts, "form"), "json");
  x.id = run_next_message(r);
  x.file = arena_printf(r->scratch, "%.*s_relayed.%s", STR_F(m->id), json ? "json" : "xml");
  facts_of_way(&x.facts, r->scratch, m, x.to);
  if (spoil(&x, r, &e) < 0) return run_break(r, &e);
  if (run_emit(r, relay_event(r, &x)) < 0) return;
  if (x.is_hit && run_emit(r, run_fault_event(r, &x.hit, x.id)) < 0) return;
  VEC_PUSH(r->arena, &r->posts, ((struct run_post){.message = arena_str(r->arena, x.id)}));
}
