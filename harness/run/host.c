/* What an effect may do, and what a step sees. */
#include "run/run_int.h"

static int host_blob(void *context, struct str digest, struct arena *a, struct str *out, struct error *e) {
  struct run *r = context;
  return store_blob_get(r->o.store, digest, a, out, e);
}

static void put_z(struct event *ev, const char *name, struct str value) {
  facts_put(&ev->data, str_z(name), value);
}

static int put_send(struct run *r, const struct step_view *v, const struct step_send *m, struct str id,
                    struct error *e) {
  char wire[SHA256_HEX + 1], payload[SHA256_HEX + 1] = "";
  if (store_blob_put(r->o.store, m->wire, wire, e) < 0) return -1;
  if (m->payload.n && store_blob_put(r->o.store, m->payload, payload, e) < 0) return -1;
  struct event *ev = run_event(r, "send-intent", v->at);
  put_z(ev, "message", id);
  put_z(ev, "as", m->name);
  put_z(ev, "party", v->at->step->at);
  put_z(ev, "via", plan_exchange(r->o.plan, v->at->step->at));
  put_z(ev, "file", m->file);
  put_z(ev, "payload", str_z(payload));
  event_put_facts(ev, &m->facts);
  facts_put(&ev->data, STR("fact.content-type"), m->content_type);
  ev->blob = arena_str(r->scratch, str_z(wire));
  VEC_PUSH(r->arena, &r->pending_events, ev);
  return 0;
}

/* A fault is decided here, so that the log holds the bytes that really go out. */
static int host_send(void *context, const struct step_view *v, const struct step_send *m, struct error *e) {
  struct run *r = context;
  struct step_send sent = *m;
  struct run_hit hit;
  struct str id = run_next_message(r);
  bool is_hit = run_fault_hit(r, FAULT_SENT, v->at->step->at, &m->facts, &hit);
  if (is_hit && run_fault_alter(r, &hit, id, &sent, e) < 0) return -1;
  if (put_send(r, v, &sent, id, e) < 0) return -1;
  if (is_hit) VEC_PUSH(r->arena, &r->pending_events, run_fault_event(r, &hit, id));
  return 0;
}

static int host_remove(void *context, const struct step_view *v, struct str type, struct str id, struct error *e) {
  struct run *r = context;
  struct event *ev = run_event(r, "resource-removed", v->at);
  (void)e;
  put_z(ev, "party", v->at->step->at);
  put_z(ev, "type", type);
  put_z(ev, "id", id);
  VEC_PUSH(r->arena, &r->pending_events, ev);
  return 0;
}

static int host_arm(void *context, const struct step_view *v, const struct facts *facts, struct error *e) {
  struct run *r = context;
  struct fault f;
  struct str at = v->at->step->at;
  struct vendor_wire wire = plan_wire(r->o.plan->protocol, plan_vendor(r->o.plan, at), at);
  if (!fault_get(&f, facts)) BUG("a fault step made no fault");
  bool shared = wire.shared_port || (r->o.site && r->o.site->hub);
  const char *why = fault_refusal(&f, run_by_hand(r, at) ? STR("upload") : wire.exchange, shared);
  if (why) return error_set(e, ERR_CONFIG, "the fault %s cannot be made over %s", fault_rows[f.kind].name, why);
  struct event *ev = run_event(r, "fault-armed", v->at);
  for (size_t i = 0; i < facts->list.n; i++) facts_put(&ev->data, facts->list.v[i].name, facts->list.v[i].value);
  VEC_PUSH(r->arena, &r->pending_events, ev);
  return 0;
}

/* A system with a hook is asked by it; the call itself waits for the commit. */
static int host_trigger(void *context, const struct step_view *v, struct str json, struct error *e) {
  struct run *r = context;
  (void)e;
  if (r->o.by_hand || plan_vendor(r->o.plan, v->at->step->party)->trigger == TRIGGER_PERSON) return 0;
  VEC_PUSH(
      r->arena, &r->posts,
      ((struct run_post){.step = state_step_find(r->state, v->at->step->id), .trigger = arena_str(r->arena, json)}));
  return 1;
}

static void host_wait(void *context, const struct step_view *v, const char *owner, int64_t deadline_ms) {
  struct run *r = context;
  (void)v;
  r->wait_owner = owner;
  r->wait_deadline = deadline_ms;
}

void run_host_init(struct run *r) {
  r->host = (struct step_host){.context = r,
                               .send = host_send,
                               .request = run_host_request,
                               .remove = host_remove,
                               .arm = host_arm,
                               .trigger = host_trigger,
                               .scripts = run_host_scripts,
                               .wait = host_wait};
  r->services = (struct step_services){.blob = host_blob,
                                       .context = r,
                                       .data_dir = r->o.data_dir,
                                       .seed = r->seed,
                                       .shapes = r->o.shapes,
                                       .profiles = r->o.standards.profiles,
                                       .letters = r->o.standards.letters,
                                       .clock = &r->o.clock};
}

struct step_view run_view(struct run *r, const struct state_step *st) {
  return (struct step_view){.state = r->state, .in = st->in, .at = st, .scratch = r->scratch, .services = &r->services};
}
