/* What the endpoint tells us, and what it asks. */
#include "base/file.h"
#include "base/utf8.h"
#include "net/http_server.h"
#include "run/run_int.h"

/* A service is there for the system all the same. */
bool run_by_hand(const struct run *r, struct str mailbox) {
  if (protocol_service(r->o.plan->protocol, mailbox)) return false;
  return r->o.by_hand || str_eqz(plan_vendor(r->o.plan, mailbox)->exchange, "upload");
}

static int keep_bytes(struct run *r, const struct endpoint_arrival *in, struct str bytes, char digest[SHA256_HEX + 1],
                      struct error *e) {
  size_t size;
  if (in->body_file && in->movable) return store_blob_adopt(r->o.store, in->body_file, digest, &size, e);
  return store_blob_put(r->o.store, bytes, digest, e);
}

/* A file of the vendor's that is gone, locked or too large stays where it is; the run goes on. */
static int read_theirs(const struct run_party *from, const struct endpoint_arrival *in, struct str *bytes) {
  struct run *r = from->run;
  struct error e;
  if (!in->body_file || in->movable || file_map(bytes, r->scratch, in->body_file, RUN_PUT_MAX, &e) == 0) return 0;
  log_say(&r->o.log, LOG_NORMAL, "a file is left where it is: %s", e.text);
  endpoint_refuse(from->endpoint, in->handle, e.text);
  return -1;
}

/* A file that was committed before a crash but not moved away yet: it is the same message, not one more. */
static const struct state_message *seen_before(const struct run_party *from, const struct endpoint_arrival *in) {
  const struct run *r = from->run;
  const struct state_message *m = in->ident.n ? map_get(&r->state->by_ident, in->ident) : NULL;
  for (; m; m = m->same_ident) {
    /* In the log a name that is no UTF-8 was made one. */
    bool same_name = str_eq(m->file, in->file) || utf8_check(in->file) != SIZE_MAX;
    if (!m->outbound && str_eq(m->party, from->name) && same_name) return m;
  }
  return NULL;
}

/* The bytes of a body that is in a file of ours: mapped before the file goes. */
static struct str read_spooled(struct run *r, const struct endpoint_arrival *in, struct str bytes) {
  struct error e;
  struct str mapped;
  if (!in->body_file || !in->movable || file_map(&mapped, r->scratch, in->body_file, RUN_PUT_MAX, &e) < 0) return bytes;
  return mapped;
}

static bool is_repeat(const struct state_message *m, const struct endpoint_arrival *in, const char *digest) {
  static const char *const same[] = {"rest.interaction", "http.path", "http.query"};
  for (size_t i = 0; i < sizeof same / sizeof *same; i++)
    if (!str_eq(facts_get(&m->facts, same[i]), facts_get(in->facts, same[i]))) return false;
  return str_eqz(m->digest, digest);
}

/* A message whose answer a crash of ours may have cut off comes again as it was: it is noted, and is the same message
 * still. */
static const struct state_message *came_before_crash(const struct run_party *from, const struct endpoint_arrival *in,
                                                     const char *digest) {
  const struct state *s = from->run->state;
  struct str interaction = facts_get(in->facts, "rest.interaction");
  const struct state_message *first = NULL;
  bool rest = interaction.n > 0;
  /* Of a FHIR server's requests only a create is another one when it is made again. */
  if (rest && !str_eqz(interaction, "create")) return NULL;
  for (size_t i = 0; i < s->doubted.n; i++) {
    const struct state_message *m = s->doubted.v[i];
    if (m->outbound || m->lost || !str_eq(m->party, from->name) || !is_repeat(m, in, digest)) continue;
    /* It was refused; or its step is played again, and that creates another one. */
    if (rest && (!facts_get(&m->facts, "rest.version").n || m->past)) continue;
    if (!first || m->seq < first->seq) first = m;
  }
  return first;
}

static void note_again(struct run_party *from, struct endpoint_arrival *in, const struct state_message *again) {
  struct run *r = from->run;
  struct event *ev = run_event(r, "repeated", NULL);
  facts_put(&ev->data, STR("message"), again->id);
  run_decide(from, in, (struct str){0}, again->id, again, NULL);
  if (!r->o.clock.logical) facts_put(&ev->data, STR("peer"), in->peer); /* ports differ from run to run */
  if (run_emit(r, ev) < 0) return endpoint_refuse(from->endpoint, in->handle, r->error.text);
  VEC_PUSH(r->arena, &r->arrivals, ((struct run_arrival){.from = from, .handle = in->handle, .message = again->id}));
}

/* What the system read of ours is the message, not the request for it. */
static int keep_given(struct run *r, const struct endpoint_arrival *in, char digest[SHA256_HEX + 1], struct str *bytes,
                      struct error *e) {
  if (!in->given.n && *digest) return 0;
  *bytes = in->given;
  return store_blob_put(r->o.store, in->given, digest, e);
}

static void refuse_all(const struct run_party *from, const struct endpoint_arrival *in, const struct error *e) {
  endpoint_refuse(from->endpoint, in->handle, e->text);
  run_break(from->run, e);
}

/* A fault that keeps it from being taken leaves it in the log all the same; one that only delays the answer does not.
 */
static void note_received(struct run_party *from, struct endpoint_arrival *in, char digest[SHA256_HEX + 1],
                          struct str bytes) {
  struct run *r = from->run;
  struct run_hit hit;
  struct error e;
  run_tls_request(from, in);
  if (r->broken) return endpoint_refuse(from->endpoint, in->handle, r->error.text);
  struct str id = run_next_message(r);
  bool is_hit = run_fault_hit(r, FAULT_RECEIVED, from->name, in->facts, &hit);
  bool lost = is_hit && fault_rows[hit.fault.kind].lost;
  if (!lost) run_decide(from, in, bytes, id, NULL, is_hit ? &hit.fault : NULL);
  if (keep_given(r, in, digest, &bytes, &e) < 0) return refuse_all(from, in, &e);
  struct str caller = run_caller(from, in->facts);
  struct event *ev = lost ? run_fault_event(r, &hit, id) : run_event(r, "received", NULL);
  facts_put(&ev->data, STR("message"), id);
  facts_put(&ev->data, STR("party"), from->name);
  facts_put(&ev->data, STR("via"), in->via);
  if (!r->o.clock.logical) facts_put(&ev->data, STR("peer"), in->peer); /* ports differ from run to run */
  facts_put(&ev->data, STR("file"), in->file);
  facts_put(&ev->data, STR("ident"), in->ident);
  event_put_facts(ev, in->facts);
  if (caller.n) facts_put(&ev->data, STR("fact." FACT_CALLER), caller);
  run_quarantine(r, ev, bytes);
  ev->blob = arena_str(r->scratch, str_z(digest));
  if (run_emit(r, ev) < 0 || (is_hit && !lost && run_emit(r, run_fault_event(r, &hit, id)) < 0))
    return endpoint_refuse(from->endpoint, in->handle, r->error.text);
  struct run_arrival arrival = {.from = from, .handle = in->handle, .message = id, .hit = is_hit};
  if (is_hit) arrival.fault = hit.fault;
  VEC_PUSH(r->arena, &r->arrivals, arrival);
  run_receipt(r, state_message_find(r->state, id), in->read);
  run_relay(r, state_message_find(r->state, id));
}

void run_received(void *party, const struct endpoint_arrival *in) {
  struct run_party *from = party;
  struct run *r = from->run;
  struct error e;
  char digest[SHA256_HEX + 1] = "";
  struct str bytes = in->body;
  if (r->broken) return endpoint_refuse(from->endpoint, in->handle, "the run has been stopped");
  if (run_hold(from, in)) return;
  const struct state_message *again = seen_before(from, in);
  if (again) return endpoint_accept(from->endpoint, in->handle, again->id);
  if (read_theirs(from, in, &bytes) < 0) return;
  struct str scanned = read_spooled(r, in, bytes);
  bool asks = !in->size && facts_get(in->facts, "rest.interaction").n;
  if (!asks && keep_bytes(r, in, bytes, digest, &e) < 0) return refuse_all(from, in, &e);
  struct endpoint_arrival decided = *in;
  again = came_before_crash(from, in, digest);
  if (again)
    note_again(from, &decided, again);
  else
    note_received(from, &decided, digest, scanned);
}

/* What a connection came to that a fault of our TLS may have hit; true if that is all there is to tell. */
static bool note_connection(struct run_party *p, struct str peer, int status, const char *why) {
  if (status) return run_tls_connection(p, peer, "accepted", why) && false;
  if (!str_starts(str_z(why), STR("TLS:"))) return false;
  return run_tls_connection(p, peer, http_client_declined(why) ? "refused" : "unclear", why);
}

/* What was refused is noted. Without room for a message the harness must not go on: the vendor did send, and its
 * deadline would run out for nothing. */
void run_refused(void *party, struct str peer, int status, const char *why) {
  struct run *r = ((struct run_party *)party)->run;
  struct error e;
  if (r->broken || note_connection(party, peer, status, why)) return;
  if (status >= 500) {
    (void)error_set(&e, ERR_IO, "a message could not be received: %s", why);
    return run_break(r, &e);
  }
  struct event *ev = run_event(r, "refused", NULL);
  facts_put(&ev->data, STR("peer"), peer);
  facts_put(&ev->data, STR("status"), arena_printf(r->scratch, "%d", status));
  facts_put(&ev->data, STR("why"), str_z(why));
  run_emit(r, ev);
  log_say(&r->o.log, LOG_NORMAL, "refused from %.*s: HTTP %d, %s", STR_F(peer), status, why);
}

/* A system that is not up yet is called again for a while; only what went wrong before it was connected is tried again.
 */
static const int64_t retry_ms[] = {250, 500, 1000, 2000, 3000, 4000};

struct retry {
  struct run *run;
  struct state_message *message;
  struct loop_timer *timer;
};

static void on_retry(void *payload) {
  struct retry *t = payload;
  t->timer = NULL;
  VEC_PUSH(t->run->arena, &t->run->posts, ((struct run_post){.step = t->message->owner, .message = t->message->id}));
  run_touch(t->run);
}

void run_retry_end(struct run *r) {
  for (size_t i = 0; i < r->retries.n; i++) loop_cancel(r->loop, r->retries.v[i]->timer);
}

static bool try_again(struct run *r, struct state_message *m, const struct endpoint_result *res) {
  bool nobody = !res->status.n && str_find(res->failure, STR("refused"), 0) != SIZE_MAX;
  if (!nobody || !r->loop || m->tries == sizeof retry_ms / sizeof *retry_ms) return false;
  if (m->tries == 0) log_say(&r->o.log, LOG_NORMAL, "%.*s: %.*s; trying again", STR_F(m->id), STR_F(res->failure));
  struct retry *t = ARENA_NEW(r->arena, struct retry);
  *t = (struct retry){.run = r, .message = m};
  t->timer = loop_after(r->loop, retry_ms[m->tries++], on_retry, t);
  VEC_PUSH(r->arena, &r->retries, t);
  return true;
}

void run_sent(void *party, struct str message, const struct endpoint_result *res) {
  struct run *r = ((struct run_party *)party)->run;
  struct state_message *m = state_message_find(r->state, message);
  if (r->broken || !m || try_again(r, m, res) || run_hold_result(r, m, res)) return;
  run_note_sent(r, m, res);
}

void run_note_sent(struct run *r, struct state_message *m, const struct endpoint_result *res) {
  struct event *ev = run_event(r, "send-result", m->owner);
  facts_put(&ev->data, STR("message"), m->id);
  facts_put(&ev->data, STR("status"), res->status);
  facts_put(&ev->data, STR("failure"), res->failure);
  run_emit(r, ev);
}

size_t run_ready(void *party, struct arena *a, struct endpoint_ready **out) {
  const struct run_party *to = party;
  const struct run *r = to->run;
  size_t n = 0;
  *out = ARENA_ARRAY(a, struct endpoint_ready, r->state->messages.n + 1);
  for (size_t i = 0; i < r->state->messages.n; i++) {
    const struct state_message *m = r->state->messages.v[i];
    bool never = m->request || str_eqz(m->status, ENDPOINT_DROPPED);
    if (m->outbound && !never && str_eq(m->party, to->name))
      (*out)[n++] = (struct endpoint_ready){m->id, m->file, facts_get(&m->facts, "content-type")};
  }
  return n;
}

int run_fetch(void *party, struct str message, struct arena *a, struct str *bytes, struct error *e) {
  const struct run_party *to = party;
  struct run *r = to->run;
  const struct state_message *m = state_message_find(r->state, message);
  if (!m || !m->outbound || m->request || !str_eq(m->party, to->name))
    return error_set(e, ERR_CONFIG, "there is no message %.*s for you\n", STR_F(message));
  if (store_blob_get(r->o.store, m->digest, a, bytes, e) < 0) return -1;
  return m->fetched ? 0 : run_note_fetched(r, m->id, "inbox", e);
}

int run_note_fetched(struct run *r, struct str message, const char *by, struct error *e) {
  struct event *ev = run_event(r, "fetched", NULL);
  facts_put(&ev->data, STR("message"), message);
  facts_put(&ev->data, STR("by"), str_z(by));
  if (run_emit(r, ev) == 0) return 0;
  *e = r->error;
  return -1;
}
