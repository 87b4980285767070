/* Receipts that are sent without a step: each ehmiSBDH that comes is answered as endpoint/msh.h decides, each letter as
 * endpoint/letter_reply.h does, before anything else happens to it. */
#include "base/uuid.h"
#include "endpoint/letter_reply.h"
#include "endpoint/msh.h"
#include "run/run_int.h"

static struct str fact(const struct state_message *m, const char *name) {
  return facts_get(&m->facts, name);
}

/* What a mailbox has seen of one kind of envelope: a copy for the register of messages has the ids of what it is a copy
 * of, and is another kind. A key is an id; the value is the first message that had it, or its answer. */
struct run_seen {
  struct str party, kind;
  struct map envelopes, messages, answers;
};

static struct run_seen *seen_of(struct run *r, const struct state_message *m) {
  struct str kind = fact(m, "sbdh.kind");
  for (size_t i = 0; i < r->seen.n; i++)
    if (str_eq(r->seen.v[i]->party, m->party) && str_eq(r->seen.v[i]->kind, kind)) return r->seen.v[i];
  struct run_seen *s = ARENA_NEW(r->arena, struct run_seen);
  s->party = m->party;
  s->kind = kind;
  map_init(&s->envelopes, r->arena);
  map_init(&s->messages, r->arena);
  map_init(&s->answers, r->arena);
  VEC_PUSH(r->arena, &r->seen, s);
  return s;
}

static void keep_first(struct map *m, struct str id, struct state_message *x) {
  if (id.n && !map_get(m, id)) (void)map_set(m, id, x);
}

static void see(struct run *r, struct state_message *m) {
  struct str envelope = fact(m, "envelope.id"), message = fact(m, "envelope.message");
  if (m->answers) keep_first(&seen_of(r, m->answers)->answers, fact(m->answers, "envelope.message"), m);
  if (m->outbound || m->lost || !envelope.n || !message.n) return;
  struct run_seen *s = seen_of(r, m);
  keep_first(&s->envelopes, envelope, m);
  keep_first(&s->messages, message, m);
}

/* All that came since the last time. */
static struct run_seen *look_on(struct run *r, const struct state_message *m) {
  for (; r->seen_n < r->state->messages.n; r->seen_n++) see(r, r->state->messages.v[r->seen_n]);
  return seen_of(r, m);
}

static bool came_before(const struct map *ids, struct str id, const struct state_message *m) {
  const struct state_message *first = map_get(ids, id);
  return first && first->seq < m->seq;
}

static enum dedup_action action_for(const struct run_seen *s, const struct state_message *m) {
  struct str envelope = fact(m, "envelope.id"), message = fact(m, "envelope.message");
  if (!envelope.n || !message.n) return DEDUP_NEW;
  return dedup_action_of(came_before(&s->envelopes, envelope, m), came_before(&s->messages, message, m));
}

/* What the first one that had this message was answered with. */
static struct str first_answer(struct run *r, const struct run_seen *s, const struct state_message *m) {
  struct error e;
  struct str bytes;
  const struct state_message *o = map_get(&s->answers, fact(m, "envelope.message"));
  if (o && store_blob_get(r->o.store, o->digest, r->scratch, &bytes, &e) == 0) return bytes;
  return (struct str){0};
}

static struct str id_of(struct run *r, const struct state_message *m, const char *what) {
  struct str parts[] = {m->id, STR("receipt"), str_z(what)};
  return uuid_derive(r->scratch, r->seed, 3, parts);
}

static int ask(struct str *reply, struct run *r, const struct state_message *m, const struct message *read,
               struct error *e) {
  const struct run_seen *s = look_on(r, m);
  struct msh_question q = {.wire = {.name = m->id},
                           .read = read,
                           .seen = action_for(s, m),
                           .first = first_answer(r, s, m),
                           .id = id_of(r, m, "envelope"),
                           .message_id = id_of(r, m, "message"),
                           .now = time_danish(r->scratch, clock_stamp(&r->o.clock)),
                           .shelf = r->shelf};
  if (!read && store_blob_get(r->o.store, m->digest, r->scratch, &q.wire.bytes, e) < 0) return -1;
  return msh_reply(reply, r->scratch, &q, e);
}

static bool is_at(const struct run *r, const char *name, struct str gln) {
  return str_eq(plan_variable(r->o.plan, str_z(name)), gln);
}

/* One of the simulated organisations, or of the systems that take part. */
static bool is_known(struct run *r, struct str gln) {
  if (is_at(r, "counterpart.gln", gln) || is_at(r, "vendor.gln", gln)) return true;
  for (size_t i = 2;; i++) {
    struct str name = arena_printf(r->scratch, "counterpart.%zu.gln", i);
    struct str have = plan_variable(r->o.plan, name);
    if (!have.n) break;
    if (str_eq(have, gln)) return true;
  }
  for (size_t i = 0; i < r->o.plan->parties.n; i++)
    if (is_at(r, arena_z(r->scratch, arena_printf(r->scratch, "%.*s.gln", STR_F(r->o.plan->parties.v[i].name))), gln))
      return true;
  return false;
}

static int ask_letter(struct str *reply, struct run *r, const struct state_message *m, struct error *e) {
  struct letter_question q = {.name = m->id,
                              .known = is_known(r, fact(m, "interchange.receiver")),
                              .first = first_answer(r, look_on(r, m), m),
                              .id = id_of(r, m, "envelope"),
                              .message_id = id_of(r, m, "message"),
                              .now = clock_stamp(&r->o.clock),
                              .data_dir = r->o.data_dir};
  if (store_blob_get(r->o.store, m->digest, r->scratch, &q.wire, e) < 0) return -1;
  return letter_reply(reply, r->scratch, &q, e);
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
  facts_put(&ev->data, STR("fact.content-type"), m->content_type);
  ev->blob = arena_str(r->scratch, str_z(digest));
  return run_emit(r, ev);
}

/* A fault hits it as it hits the receipt of a step. */
static int send_it(struct run *r, const struct state_message *of, struct str wire, struct error *e) {
  struct run_hit hit;
  struct str id = run_next_message(r);
  bool edifact = !str_starts(wire, STR("<"));
  struct step_send m = {.wire = wire,
                        .content_type = edifact ? STR("application/EDIFACT") : STR("application/xml"),
                        .file = arena_printf(r->scratch, "%.*s_receipt.%s", STR_F(of->id), edifact ? "edi" : "xml")};
  facts_init(&m.facts, r->scratch);
  endpoint_describe(&m.facts, m.file, wire, r->shelf);
  bool is_hit = run_fault_hit(r, FAULT_SENT, of->party, &m.facts, &hit);
  if (is_hit && run_fault_alter(r, &hit, id, &m, e) < 0) return -1;
  if (note(r, of, &m, id, e) < 0 || (is_hit && run_emit(r, run_fault_event(r, &hit, id)) < 0)) {
    if (r->broken) *e = r->error;
    return -1;
  }
  VEC_PUSH(r->arena, &r->posts, ((struct run_post){.message = arena_str(r->arena, id)}));
  return 0;
}

void run_receipt(struct run *r, const struct state_message *m, const struct message *read) {
  struct str reply;
  struct error e;
  bool sbdh = str_eqz(fact(m, "envelope"), "sbdh"), letter = fact(m, "letters").n != 0;
  if (!r->o.plan->protocol->receipts || (!sbdh && !letter) || m->lost || m->quarantined || !r->o.data_dir) return;
  if (run_goes_on(r, m)) return; /* whoever it goes on to answers */
  int asked = letter && !sbdh ? ask_letter(&reply, r, m, &e) : ask(&reply, r, m, read, &e);
  if (asked < 0 || (reply.n && send_it(r, m, reply, &e) < 0)) run_break(r, &e);
}
