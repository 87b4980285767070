/* Receipts that the simulated MSH sends by itself: each ehmiSBDH that comes is answered as endpoint/msh.h decides,
 * before anything else happens to it. */
#include "base/uuid.h"
#include "endpoint/msh.h"
#include "run/run_int.h"

static struct str fact(const struct state_message *m, const char *name) {
  return facts_get(&m->facts, name);
}

/* ---- what was seen ---- */

/* Of one mailbox and one kind: a copy for the register of messages has the ids of what it is a copy of. */
struct run_seen {
  struct dedup dedup;
  struct map answers; /* MESSAGEIDENTIFIER -> digest of what its first envelope was answered with */
};

static struct run_seen *seen_of(struct run *r, const struct state_message *m) {
  struct str kind = fact(m, "sbdh.kind");
  struct str key = arena_printf(r->scratch, "%.*s\n%.*s", STR_F(m->party), STR_F(kind));
  if (!r->receipts.seen.arena) map_init(&r->receipts.seen, r->arena);
  struct run_seen *seen = map_get(&r->receipts.seen, key);
  if (seen) return seen;
  seen = ARENA_NEW(r->arena, struct run_seen);
  dedup_init(&seen->dedup, r->arena);
  map_init(&seen->answers, r->arena);
  map_set(&r->receipts.seen, arena_str(r->arena, key), seen);
  return seen;
}

static enum dedup_action note_arrival(struct run *r, const struct state_message *m) {
  struct str envelope = fact(m, "envelope.id"), message = fact(m, "envelope.message");
  if (m->lost || !envelope.n || !message.n) return DEDUP_NEW;
  return dedup_see(&seen_of(r, m)->dedup, r->arena, envelope, message);
}

static void note_answer(struct run *r, const struct state_message *m) {
  struct map *answers = &seen_of(r, m->answers)->answers;
  struct str message = fact(m->answers, "envelope.message");
  if (!map_get(answers, message)) map_set(answers, message, (void *)&m->digest);
}

/* Each message is looked at once, in order; what the newest one is among those before it. */
static enum dedup_action note_all(struct run *r) {
  const struct state *s = r->state;
  enum dedup_action action = DEDUP_NEW;
  for (; r->receipts.noted < s->messages.n; r->receipts.noted++) {
    const struct state_message *m = s->messages.v[r->receipts.noted];
    if (!m->outbound)
      action = note_arrival(r, m);
    else if (m->answers)
      note_answer(r, m);
  }
  return action;
}

/* What the first one that had this message was answered with; empty: with nothing. */
static struct str first_answer(struct run *r, const struct state_message *m) {
  struct error e;
  struct str bytes;
  const struct str *digest = map_get(&seen_of(r, m)->answers, fact(m, "envelope.message"));
  if (!digest || store_blob_get(r->o.store, *digest, r->scratch, &bytes, &e) < 0) return (struct str){0};
  return bytes;
}

/* ---- answering ---- */

static struct str id_of(struct run *r, const struct state_message *m, const char *what) {
  struct str parts[] = {m->id, STR("receipt"), str_z(what)};
  return uuid_derive(r->scratch, r->seed, 3, parts);
}

static int ask(struct str *reply, struct run *r, const struct state_message *m, enum dedup_action seen,
               struct error *e) {
  struct msh_question q = {.wire = {.name = m->id},
                           .seen = seen,
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
  enum dedup_action seen = note_all(r);
  if (run_goes_on(r, m)) return; /* whoever it goes on to answers */
  if (ask(&reply, r, m, seen, &e) < 0 || (reply.n && send_it(r, m, reply, &e) < 0)) run_break(r, &e);
}
