/* Receipts that the simulated MSH sends by itself: each ehmiSBDH that comes is answered as endpoint/msh.h decides,
 * before anything else happens to it. */
#include "base/uuid.h"
#include "endpoint/msh.h"
#include "run/run_int.h"

static struct str fact(const struct state_message *m, const char *name) {
  return facts_get(&m->facts, name);
}

/* A copy for the register of messages has the ids of what it is a copy of, and is another kind. */
static bool is_alike(const struct state_message *o, const struct state_message *m) {
  return str_eq(o->party, m->party) && str_eq(fact(o, "sbdh.kind"), fact(m, "sbdh.kind"));
}

static size_t put_seen(struct run *r, const struct state_message *m, struct msh_seen *seen) {
  size_t n = 0;
  for (size_t i = 0; i < r->state->messages.n; i++) {
    const struct state_message *o = r->state->messages.v[i];
    struct str envelope = fact(o, "envelope.id"), message = fact(o, "envelope.message");
    if (o->outbound || o->lost || o->seq > m->seq || !is_alike(o, m)) continue;
    if (envelope.n && message.n) seen[n++] = (struct msh_seen){envelope, message};
  }
  return n;
}

/* What the first one that had this message was answered with. */
static struct str first_answer(struct run *r, const struct state_message *m) {
  struct error e;
  struct str bytes;
  for (size_t i = 0; i < r->state->messages.n; i++) {
    const struct state_message *o = r->state->messages.v[i];
    bool same = o->answers && is_alike(o->answers, m) &&
                str_eq(fact(o->answers, "envelope.message"), fact(m, "envelope.message"));
    if (same && store_blob_get(r->o.store, o->digest, r->scratch, &bytes, &e) == 0) return bytes;
  }
  return (struct str){0};
}

static struct str id_of(struct run *r, const struct state_message *m, const char *what) {
  struct str parts[] = {m->id, STR("receipt"), str_z(what)};
  return uuid_derive(r->scratch, r->seed, 3, parts);
}

static int ask(struct str *reply, struct run *r, const struct state_message *m, struct error *e) {
  struct msh_seen *seen = ARENA_ARRAY(r->scratch, struct msh_seen, r->state->messages.n + 1);
  struct msh_question q = {.wire = {.name = m->id},
                           .seen = seen,
                           .seen_n = put_seen(r, m, seen),
                           .first = first_answer(r, m),
                           .id = id_of(r, m, "envelope"),
                           .message_id = id_of(r, m, "message"),
                           .now = time_danish(r->scratch, clock_stamp(&r->o.clock)),
                           .data_dir = r->o.data_dir};
  if (store_blob_get(r->o.store, m->digest, r->scratch, &q.wire.bytes, e) < 0) return -1;
  return msh_reply(reply, r->scratch, &q, e);
}

static int note(struct run *r, const struct state_message *of, const struct step_send *m, struct str id,
                struct error *e) {
  char digest[SHA256_HEX + 1];
  if (store_blob_put(r->o.store, m->wire, digest, e) < 0) return -1;
  struct event *ev = run_event(r, "receipted", NULL);
  facts_put(&ev->data, STR("message"), id);
  facts_put(&ev->data, STR("of"), of->id);
  facts_put(&ev->data, STR("party"), of->party);
  facts_put(&ev->data, STR("via"), r->o.by_hand ? STR("upload") : plan_exchange(r->o.plan, of->party));
  facts_put(&ev->data, STR("file"), m->file);
  event_put_facts(ev, &m->facts);
  facts_put(&ev->data, STR("fact.content-type"), STR("application/xml"));
  ev->blob = arena_str(r->scratch, str_z(digest));
  return run_emit(r, ev);
}

/* A fault hits it as it hits the receipt of a step. */
static int send_it(struct run *r, const struct state_message *of, struct str wire, struct error *e) {
  struct run_hit hit;
  struct str id = run_next_message(r);
  struct step_send m = {.wire = wire, .file = arena_printf(r->scratch, "%.*s_receipt.xml", STR_F(of->id))};
  facts_init(&m.facts, r->scratch);
  endpoint_describe(&m.facts, m.file, wire);
  bool is_hit = run_fault_hit(r, FAULT_SENT, of->party, &m.facts, &hit);
  if (is_hit && run_fault_alter(r, &hit, id, &m, e) < 0) return -1;
  if (note(r, of, &m, id, e) < 0 || (is_hit && run_emit(r, run_fault_event(r, &hit, id)) < 0)) {
    if (r->broken) *e = r->error;
    return -1;
  }
  VEC_PUSH(r->arena, &r->posts, ((struct run_post){.message = arena_str(r->arena, id)}));
  return 0;
}

void run_receipt(struct run *r, const struct state_message *m) {
  struct str reply;
  struct error e;
  bool sbdh = str_eqz(fact(m, "envelope"), "sbdh");
  if (!r->o.plan->protocol->receipts || !sbdh || m->lost || m->quarantined || !r->o.data_dir) return;
  if (run_goes_on(r, m)) return; /* whoever it goes on to answers */
  if (ask(&reply, r, m, &e) < 0 || (reply.n && send_it(r, m, reply, &e) < 0)) run_break(r, &e);
}
