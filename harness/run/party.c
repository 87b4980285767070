/* The systems that take part: the one under test, and those that the protocol names beside it. What one of them sends
 * to another goes on to it unchanged, as a VANS would carry it, and is an exchange of the run both times. */
#include "endpoint/rest.h"
#include "run/run_int.h"

void run_parties_make(struct run *r) {
  const struct plan *p = r->o.plan;
  r->parties = ARENA_ARRAY(r->arena, struct run_party, p->parties.n + 1);
  r->parties_n = p->parties.n + 1;
  r->parties[0] = (struct run_party){.run = r, .vendor = p->vendor};
  for (size_t i = 0; i < p->parties.n; i++)
    r->parties[i + 1] = (struct run_party){.run = r, .name = p->parties.v[i].name, .vendor = p->parties.v[i].vendor};
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

static int open_one(struct run_party *p, struct error *e) {
  struct run *r = p->run;
  const struct vendor *v = p->vendor;
  bool own_address = str_find(v->address, STR("${"), 0) == SIZE_MAX;
  const char *asked = p->name.n ? NULL : r->o.listen;
  struct endpoint_config c = {.kind = r->o.by_hand ? STR("upload") : v->exchange,
                              .system = v->system,
                              .role = p->name.n ? p->name : r->o.plan->protocol->role,
                              .listen = asked ? asked : arena_z(r->arena, v->listen),
                              .address = own_address ? arena_z(r->arena, v->address) : "",
                              .folder_to = arena_z(r->arena, v->folder_to),
                              .folder_from = arena_z(r->arena, v->folder_from),
                              .spool_dir = store_spool_dir(r->o.store),
                              .hub = r->o.site ? r->o.site->hub : NULL,
                              .shapes = r->o.shapes,
                              .profiles = r->o.standards.profiles,
                              .owner = arena_printf(r->arena, "%.*s of %.*s", STR_F(v->system), STR_F(v->name)),
                              .run = r->id};
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
  for (size_t i = 0; i < r->parties_n; i++)
    if (open_one(&r->parties[i], e) < 0) return -1;
  return 0;
}

void run_parties_stop(struct run *r) {
  for (size_t i = 0; i < r->parties_n; i++)
    if (r->parties[i].child) child_stop(r->parties[i].child);
}

void run_parties_close(struct run *r) {
  for (size_t i = 0; i < r->parties_n; i++) endpoint_close(r->parties[i].endpoint);
}

/* ---- relaying ---- */

static struct run_party *addressed(const struct run *r, const struct state_message *m) {
  struct str gln = facts_get(&m->facts, "envelope.receiver");
  if (!gln.n) gln = facts_get(&m->facts, "receiver.gln");
  for (size_t i = 0; i < r->parties_n && gln.n; i++) {
    struct run_party *p = &r->parties[i];
    if (!str_eq(p->name, m->party) && str_eq(facts_get(&p->vendor->variables, "vendor.gln"), gln)) return p;
  }
  return NULL;
}

/* What it was on the FHIR server that it came to is no matter of the one that it goes on to: there it lies anew. */
static void put_facts(struct event *ev, struct arena *a, const struct state_message *m, const struct run_party *to) {
  struct facts facts;
  facts_init(&facts, a);
  for (size_t i = 0; i < m->facts.list.n; i++) {
    const struct fact *f = &m->facts.list.v[i];
    if (!str_starts(f->name, STR("rest.")) && !str_starts(f->name, STR("http."))) facts_put(&facts, f->name, f->value);
  }
  struct str id = facts_get(&m->facts, "bundle.id");
  bool bare = str_eqz(facts_get(&m->facts, "envelope"), "none");
  if (bare && rest_id_valid(id) && str_eqz(to->vendor->exchange, "fhir-rest")) {
    facts_put(&facts, STR("rest.interaction"), STR(REST_PRELOAD));
    facts_put(&facts, STR("rest.type"), STR("Bundle"));
    facts_put(&facts, STR("rest.id"), id);
  }
  event_put_facts(ev, &facts);
}

static bool is_refused(const struct state_message *m) {
  return facts_get(&m->facts, "rest.interaction").n && !facts_get(&m->facts, "rest.version").n;
}

void run_relay(struct run *r, const struct state_message *m) {
  struct run_party *to = m->lost || is_refused(m) || m->quarantined ? NULL : addressed(r, m);
  if (!to) return;
  struct event *ev = run_event(r, "relayed", NULL);
  struct str id = run_next_message(r), type = facts_get(&m->facts, "content-type");
  bool json = str_eqz(facts_get(&m->facts, "envelope"), "none") && str_eqz(facts_get(&m->facts, "form"), "json");
  facts_put(&ev->data, STR("message"), id);
  facts_put(&ev->data, STR("of"), m->id);
  facts_put(&ev->data, STR("party"), to->name);
  facts_put(&ev->data, STR("via"), r->o.by_hand ? STR("upload") : to->vendor->exchange);
  facts_put(&ev->data, STR("file"), arena_printf(r->scratch, "%.*s_relayed.%s", STR_F(m->id), json ? "json" : "xml"));
  put_facts(ev, r->scratch, m, to);
  if (!type.n)
    facts_put(&ev->data, STR("fact.content-type"), json ? STR("application/fhir+json") : STR("application/xml"));
  ev->blob = m->digest;
  if (run_emit(r, ev) < 0) return;
  VEC_PUSH(r->arena, &r->posts, ((struct run_post){.message = arena_str(r->arena, id)}));
}
