/* Armed faults: which message is hit, and what is closed and opened again. What is done is decided from the log alone,
 * so that a resumed run goes on with the same faults; the bytes and the wire are the endpoint's (endpoint/fault.h). */
#include "run/run_int.h"

#include "base/file.h"
#include "base/uuid.h"
#include "net/http_client.h"
#include "net/http_server.h"

static bool is_over(const struct state_fault *sf, const struct fault *f) {
  return sf->ended || (f->kind != FAULT_REFUSE && (int64_t)sf->applied >= f->count);
}

static struct fault fault_of(const struct state_fault *sf) {
  struct fault f;
  if (!fault_get(&f, &sf->armed->data)) BUG("a fault of the log is none: it was checked when the step was read");
  return f;
}

/* The number that the next message of these facts has for the fault. */
static int64_t next_number(const struct run *r, const struct state_fault *sf, const struct fault *f,
                           enum fault_direction way) {
  int64_t n = 1;
  for (size_t i = 0; i < r->state->messages.n; i++) {
    const struct state_message *m = r->state->messages.v[i];
    if (m->seq <= sf->armed->seq || m->outbound != (way == FAULT_SENT) || m->request) continue;
    if (!str_eq(m->party, sf->step->step->at)) continue;
    if (facts_get(&m->facts, "tls.fault").n) continue; /* a connection, no message */
    /* One that was spoilt may not show any more what it was. */
    n += m->fault_step == sf->step || fault_counts(f, way, &m->facts);
  }
  return n;
}

/* What the fault hit first; NULL. */
static const struct state_message *first_hit(const struct run *r, const struct state_fault *sf) {
  for (size_t i = 0; i < r->state->messages.n; i++)
    if (r->state->messages.v[i]->fault_step == sf->step && r->state->messages.v[i]->seq > sf->armed->seq)
      return r->state->messages.v[i];
  return NULL;
}

static bool is_hit(const struct run *r, const struct state_fault *sf, const struct fault *f, enum fault_direction way,
                   const struct facts *facts) {
  const struct state_message *first = f->again ? first_hit(r, sf) : NULL;
  if (is_over(sf, f) || !fault_counts(f, way, facts)) return false;
  return first ? fault_is_same(&first->facts, facts) : fault_hits(f, next_number(r, sf, f, way));
}

bool run_fault_hit(struct run *r, enum fault_direction way, struct str party, const struct facts *facts,
                   struct run_hit *out) {
  for (size_t i = 0; i < r->state->faults.n; i++) {
    struct state_fault *sf = r->state->faults.v[i];
    struct fault f = fault_of(sf);
    if (!str_eq(sf->step->step->at, party)) continue;
    if (!is_hit(r, sf, &f, way, facts)) continue;
    *out = (struct run_hit){.step = sf->step, .fault = f};
    return true;
  }
  return false;
}

struct event *run_fault_event(struct run *r, const struct run_hit *hit, struct str message) {
  struct event *ev = run_event(r, "fault-applied", hit->step);
  facts_put(&ev->data, STR("fault"), str_z(fault_rows[hit->fault.kind].name));
  facts_put(&ev->data, STR("message"), message);
  return ev;
}

int run_fault_alter(struct run *r, const struct run_hit *hit, struct str message, struct step_send *m,
                    struct error *e) {
  struct str parts[] = {hit->step->step->id, message};
  struct str seed = uuid_derive(r->scratch, r->seed, 2, parts);
  if (!fault_rows[hit->fault.kind].alters) return 0;
  if (fault_alter(&m->wire, r->scratch, &hit->fault, m->wire, &m->facts, seed, e) < 0) return -1;
  m->payload = (struct str){0};
  facts_init(&m->facts, r->scratch);
  endpoint_describe(&m->facts, m->file, m->wire, r->shelf);
  return 0;
}

bool run_fault_of(const struct run *r, const struct state_message *m, struct fault *out) {
  const struct state_fault *sf = m->fault_step ? state_fault_find(r->state, m->fault_step) : NULL;
  if (sf) *out = fault_of(sf);
  return sf != NULL;
}

/* ---- the port ---- */

/* Armed by a run that was alone, and resumed among others: their port is left alone. */
static bool port_is_shared(const struct run *r) {
  return r->o.site && r->o.site->hub;
}

static struct endpoint *port_of(const struct run *r, const struct state_fault *sf) {
  return run_party(r, sf->step->step->at)->endpoint;
}

/* ---- TLS ---- */

static struct state_fault *tls_fault(const struct run_party *p) {
  const struct run *r = p->run;
  for (size_t i = 0; i < r->state->faults.n; i++) {
    struct state_fault *sf = r->state->faults.v[i];
    struct fault f = fault_of(sf);
    if (f.kind == FAULT_BAD_TLS && !is_over(sf, &f) && str_eq(sf->step->step->at, p->name)) return sf;
  }
  return NULL;
}

static struct event *connection_event(struct run_party *p, const struct fault *f, struct str peer, const char *outcome,
                                      const char *why) {
  struct run *r = p->run;
  struct event *ev = run_event(r, "received", NULL);
  facts_put(&ev->data, STR("message"), run_next_message(r));
  facts_put(&ev->data, STR("party"), p->name);
  facts_put(&ev->data, STR("via"), STR("http"));
  if (!r->o.clock.logical) facts_put(&ev->data, STR("peer"), peer); /* ports differ from run to run */
  facts_put(&ev->data, STR("file"), STR("connection.txt"));
  facts_put(&ev->data, STR("fact.content-type"), STR("text/plain"));
  facts_put(&ev->data, STR("fact.tls.fault"), f->how);
  facts_put(&ev->data, STR("fact.tls.outcome"), str_z(outcome));
  facts_put(&ev->data, STR("fact.tls.why"), str_z(why));
  return ev;
}

static void hit_tls(struct run *r, struct state_fault *sf, struct str message) {
  struct run_hit hit = {.step = sf->step, .fault = fault_of(sf)};
  if (run_emit(r, run_fault_event(r, &hit, message)) < 0 || !is_over(sf, &hit.fault)) return;
  VEC_PUSH(r->arena, &r->posts, ((struct run_post){.step = sf->step, .fault = sf}));
}

bool run_tls_connection(struct run_party *p, struct str peer, const char *outcome, const char *why) {
  struct run *r = p->run;
  struct state_fault *sf = tls_fault(p);
  char digest[SHA256_HEX + 1];
  struct error e;
  if (!sf) return false;
  struct fault f = fault_of(sf);
  struct event *ev = connection_event(p, &f, peer, outcome, why);
  if (store_blob_put(r->o.store, str_z(why), digest, &e) < 0) {
    run_break(r, &e);
    return true;
  }
  ev->blob = arena_str(r->scratch, str_z(digest));
  if (run_emit(r, ev) == 0) hit_tls(r, sf, event_get(ev, "message"));
  return true;
}

/* One that was under way when the fault was armed came over what was right. */
void run_tls_request(struct run_party *p, const struct endpoint_arrival *in) {
  if (tls_fault(p) && !endpoint_outlived(in->handle))
    (void)run_tls_connection(p, in->peer, "accepted", "the request that follows came over it");
}

/* The wrong certificate is read when it is needed: keys are never kept. */
static int read_bad_tls(struct http_tls *out, const struct run_party *p, const struct fault *f, struct error *e) {
  struct arena *a = p->run->scratch;
  const struct vendor_pem *own = &p->vendor->tls;
  *out = *p->tls;
  out->speaks = str_eqz(f->how, FAULT_TLS_OLD) ? HTTP_SPEAKS_TLS_1_1 : HTTP_SPEAKS_TLS;
  if (out->speaks == HTTP_SPEAKS_TLS_1_1) return 0;
  const char *file = arena_z(a, fault_tls_file(a, own->certificate, f->how));
  const char *key = arena_z(a, fault_tls_file(a, own->key, f->how));
  if (file_read(&out->certificate, a, file, HTTP_IDENTITY_MAX, e) == 0 &&
      file_read(&out->key, a, key, HTTP_IDENTITY_MAX, e) == 0)
    return 0;
  struct str why = arena_str(a, str_z(e->text));
  return error_set(e, ERR_CONFIG, "the fault bad-tls has no certificate (testcamp certs --faults makes them): %.*s",
                   STR_F(why));
}

static void set_tls(struct run *r, const struct state_fault *sf, bool bad) {
  const struct run_party *p = run_party(r, sf->step->step->at);
  struct fault f = fault_of(sf);
  struct http_tls tls = {0};
  struct error e;
  if (!p->tls) {
    (void)error_set(&e, ERR_CONFIG, "the fault bad-tls needs \"tls\" in the vendor file");
    return run_break(r, &e);
  }
  if (bad && read_bad_tls(&tls, p, &f, &e) < 0) return run_break(r, &e);
  if (endpoint_retls(p->endpoint, bad ? &tls : p->tls, &e) < 0) run_break(r, &e);
}

/* It has hit as often as it was to: the next connection sees what is right again, unless another fault was armed. */
static void calm_tls(struct run *r, const struct state_fault *sf) {
  bool another = tls_fault(run_party(r, sf->step->step->at));
  if (!another && !sf->ended && !port_is_shared(r)) set_tls(r, sf, false);
}

static void end_fault(struct run *r, struct state_fault *sf) {
  struct fault f = fault_of(sf);
  struct error e;
  if (fault_rows[f.kind].port && port_is_shared(r)) {
    run_emit(r, run_event(r, "fault-ended", sf->step));
    return;
  }
  if (f.kind == FAULT_RESET) endpoint_reset_next(port_of(r, sf), 0, 0);
  if (f.kind == FAULT_BAD_TLS) set_tls(r, sf, false);
  if (f.kind == FAULT_REFUSE && endpoint_port(port_of(r, sf), true, &e) < 0) return run_break(r, &e);
  run_emit(r, run_event(r, "fault-ended", sf->step));
}

struct closed_port {
  struct run *run;
  struct state_fault *fault;
};

static void on_open(void *payload) {
  struct closed_port *p = payload;
  if (!p->fault->ended && !p->run->broken) end_fault(p->run, p->fault);
}

static void close_port(struct run *r, struct state_fault *sf, int64_t ms) {
  struct error e;
  struct closed_port *p = ARENA_NEW(r->arena, struct closed_port);
  *p = (struct closed_port){r, sf};
  if (endpoint_port(port_of(r, sf), false, &e) < 0) return run_break(r, &e);
  loop_after(r->loop, ms > 0 ? ms : 0, on_open, p);
}

void run_fault_armed(struct run *r, struct state_step *st) {
  struct state_fault *sf = state_fault_find(r->state, st);
  struct fault f = fault_of(sf);
  if (!fault_rows[f.kind].port) return;
  struct run_hit hit = {.step = st, .fault = f};
  if (f.kind == FAULT_REFUSE) run_emit(r, run_fault_event(r, &hit, (struct str){0}));
  VEC_PUSH(r->arena, &r->posts, ((struct run_post){.step = st, .fault = sf}));
}

void run_fault_port(struct run *r, struct state_fault *sf) {
  struct fault f = fault_of(sf);
  /* After a resume the rest of the time; stamps of a seeded run tell nothing of it. */
  int64_t gone = r->o.clock.logical ? 0 : r->state->last_at - sf->armed->at;
  size_t passes = sf->applied ? 0 : (size_t)(f.nth - 1);
  if (f.kind == FAULT_BAD_TLS && is_over(sf, &f)) return calm_tls(r, sf);
  if (is_over(sf, &f)) return;
  if (fault_rows[f.kind].port && port_is_shared(r)) return end_fault(r, sf);
  if (f.kind == FAULT_REFUSE) return close_port(r, sf, f.ms - gone);
  if (f.kind == FAULT_BAD_TLS) return set_tls(r, sf, true);
  if (f.kind == FAULT_RESET) endpoint_reset_next(port_of(r, sf), passes, (size_t)f.count - sf->applied);
}

/* As with what arrives: in a seeded run it has its place behind what is under way. */
void run_reset(void *party) {
  struct run_party *p = party;
  if (p->run->o.clock.logical)
    p->held_resets++;
  else
    run_note_reset(p);
}

void run_note_reset(struct run_party *p) {
  struct run *r = p->run;
  for (size_t i = 0; i < r->state->faults.n && !r->broken; i++) {
    struct state_fault *sf = r->state->faults.v[i];
    struct run_hit hit = {.step = sf->step, .fault = fault_of(sf)};
    if (hit.fault.kind != FAULT_RESET || is_over(sf, &hit.fault) || !str_eq(sf->step->step->at, p->name)) continue;
    run_emit(r, run_fault_event(r, &hit, (struct str){0}));
    return;
  }
}

void run_faults_end(struct run *r, const struct state_case *sc) {
  if (sc->cursor < sc->n) return;
  for (size_t i = 0; i < r->state->faults.n && !r->broken; i++) {
    struct state_fault *sf = r->state->faults.v[i];
    struct fault f = fault_of(sf);
    if (sf->step->in == sc && !is_over(sf, &f)) end_fault(r, sf);
  }
}

/* Only a fault delays. */
bool run_delayed(const struct run *r) {
  for (size_t i = 0; r->state->faults.n && i < r->state->messages.n; i++)
    if (str_eqz(r->state->messages.v[i]->status, ENDPOINT_DELAYED)) return true;
  return false;
}
