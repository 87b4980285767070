#include "run/mailbox.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/vec.h"
#include "run/camp.h"
#include "run/run_int.h"

struct box {
  struct str chain;
  size_t messages;
  struct map before; /* digest -> number of what came to an earlier process */
};

struct taken {
  struct arrival *handle;
  struct str message;
  struct box *box;
  bool is_new;
};

/* A message that is nobody's yet, and how far each run of its address was when it came. */
struct offer {
  struct str name, message;
  struct box *box;
  struct facts facts;
  bool given; /* in this turn: over once it is committed */
  size_t runs;
  struct {
    struct str run;
    int64_t events;
  } then[MAILBOX_RUNS_MAX];
};

struct mailboxes {
  struct mailbox_runs runs;
  VEC(struct offer *) offers;
  struct arena *arena;
  struct store *store;
  struct map boxes; /* name -> struct box */
  VEC(struct taken) taken;
  bool failed; /* the transaction is spoiled, which its end must tell */
};

struct mailboxes *mailboxes_new(struct arena *a, struct store *s, const struct mailbox_runs *runs) {
  struct mailboxes *m = ARENA_NEW(a, struct mailboxes);
  m->runs = *runs;
  m->arena = a;
  m->store = s;
  map_init(&m->boxes, a);
  return m;
}

/* ---- reading ---- */

struct reading {
  struct arena *arena;
  VEC(struct mailbox_message) list;
};

static int fold(void *payload, struct event *ev, struct error *e) {
  struct reading *r = payload;
  if (event_is(ev, "received")) {
    VEC_PUSH(r->arena, &r->list, ((struct mailbox_message){.received = ev}));
    return 0;
  }
  if (event_is(ev, "salvaged") || event_is(ev, "repeated")) return 0;
  if (event_is(ev, "redacted")) return 0; /* a tombstone changes nothing of where a message belongs */
  for (size_t i = 0; i < r->list.n && event_is(ev, "given"); i++)
    if (str_eq(event_get(r->list.v[i].received, "message"), event_get(ev, "message"))) {
      r->list.v[i].given_to = event_get(ev, "run");
      return 0;
    }
  return error_set(e, ERR_SYNTAX, "event %lld (%.*s) of a mailbox does not fit", (long long)ev->seq, STR_F(ev->kind));
}

int mailbox_read(struct store *s, struct str name, struct arena *a, struct mailbox_message **out, size_t *n,
                 struct error *e) {
  struct reading r = {.arena = a};
  if (store_replay(s, name, a, fold, &r, e) < 0 && e->code != ERR_CONFIG) return -1; /* ERR_CONFIG: nothing came yet */
  *out = r.list.v;
  *n = r.list.n;
  return 0;
}

/* ---- taking ---- */

static struct str chain_name(struct arena *a, struct str name) {
  size_t at = str_find(name, STR("/"), 0);
  if (at == SIZE_MAX) return arena_printf(a, MAILBOX_PREFIX "%.*s", STR_F(name));
  struct str role = str_sub(name, at + 1, name.n);
  return arena_printf(a, MAILBOX_PREFIX "%.*s-%.*s", (int)at, name.p, STR_F(role));
}

static void note_before(struct mailboxes *m, struct box *b, const struct mailbox_message *list, size_t n) {
  map_init(&b->before, m->arena);
  for (size_t i = 0; i < n; i++) {
    struct str *id = ARENA_NEW(m->arena, struct str);
    *id = arena_str(m->arena, event_get(list[i].received, "message"));
    (void)map_set(&b->before, arena_str(m->arena, list[i].received->blob), id);
  }
}

static struct box *box_of(struct mailboxes *m, struct str name, struct error *e) {
  struct box *b = map_get(&m->boxes, name);
  struct mailbox_message *there;
  size_t n;
  if (b) return b;
  struct arena *scratch = arena_new(0);
  struct str chain = chain_name(m->arena, name);
  if (mailbox_read(m->store, chain, scratch, &there, &n, e) == 0) {
    b = ARENA_NEW(m->arena, struct box);
    *b = (struct box){.chain = chain, .messages = n};
    note_before(m, b, there, n);
    (void)map_set(&m->boxes, arena_str(m->arena, name), b);
  }
  arena_free(scratch);
  return b;
}

static void describe(struct event *ev, const struct endpoint_arrival *in, size_t claims, const char *digest) {
  facts_put(&ev->data, STR("via"), in->via);
  facts_put(&ev->data, STR("peer"), in->peer);
  facts_put(&ev->data, STR("file"), in->file);
  facts_put(&ev->data, STR("why"), claims ? STR("several") : STR("nobody"));
  event_put_facts(ev, in->facts);
  ev->blob = str_z(digest);
}

/* What came before a crash of ours, and comes again because its answer was cut off, keeps its number. */
static int append(struct mailboxes *m, struct box *b, const struct endpoint_arrival *in, size_t claims, struct str *id,
                  struct error *e) {
  char digest[SHA256_HEX + 1];
  size_t size;
  int result = in->body_file ? store_blob_adopt(m->store, in->body_file, digest, &size, e)
                             : store_blob_put(m->store, in->body, digest, e);
  if (result < 0) return -1;
  const struct str *before = map_get(&b->before, str_z(digest));
  struct arena *a = arena_new(0);
  struct event *ev = event_new(a, before ? "repeated" : "received", clock_wall(), (struct str){0}, (struct str){0});
  if (before) *id = *before;
  facts_put(&ev->data, STR("message"), *id);
  if (before)
    facts_put(&ev->data, STR("peer"), in->peer);
  else
    describe(ev, in, claims, digest);
  result = store_append(m->store, b->chain, ev, e);
  arena_free(a);
  if (result == 0 && !before) b->messages++;
  return result;
}

static void drop_offer(struct mailboxes *m, size_t at) {
  for (size_t i = at + 1; i < m->offers.n; i++) m->offers.v[i - 1] = m->offers.v[i];
  m->offers.n--;
}

static void remember(struct mailboxes *m, struct str name, struct box *b, struct str id, const struct facts *facts) {
  struct run *runs[MAILBOX_RUNS_MAX];
  struct offer *o = ARENA_NEW(m->arena, struct offer);
  *o = (struct offer){.name = arena_str(m->arena, name), .message = id, .box = b};
  facts_init(&o->facts, m->arena);
  for (size_t i = 0; i < facts->list.n; i++) facts_put(&o->facts, facts->list.v[i].name, facts->list.v[i].value);
  o->runs = m->runs.at(m->runs.context, name, runs, MAILBOX_RUNS_MAX);
  for (size_t i = 0; i < o->runs; i++) {
    o->then[i].run = arena_str(m->arena, runs[i]->id);
    o->then[i].events = runs[i]->state->events;
  }
  if (m->offers.n == MAILBOX_OFFERS_MAX) drop_offer(m, 0);
  VEC_PUSH(m->arena, &m->offers, o);
}

void mailboxes_take(struct mailboxes *m, struct str name, const struct endpoint_arrival *in, size_t claims) {
  struct error e;
  struct box *b = box_of(m, name, &e);
  struct str id = arena_printf(m->arena, "m%zu", b ? b->messages + 1 : 0);
  size_t before = b ? b->messages : 0;
  if (!b || append(m, b, in, claims, &id, &e) < 0) {
    m->failed = true;
    endpoint_hub_settle(in->handle, (struct str){0}, e.text);
    return;
  }
  VEC_PUSH(m->arena, &m->taken, ((struct taken){in->handle, id, b, b->messages > before}));
  if (b->messages > before) remember(m, name, b, id, in->facts);
}

bool mailboxes_dirty(const struct mailboxes *m) {
  return m->taken.n > 0 || m->failed;
}

size_t mailboxes_release(struct mailboxes *m) {
  size_t n = m->taken.n;
  for (size_t i = m->offers.n; i > 0; i--)
    if (m->offers.v[i - 1]->given) drop_offer(m, i - 1);
  for (size_t i = 0; i < n; i++) endpoint_hub_settle(m->taken.v[i].handle, m->taken.v[i].message, NULL);
  m->taken.n = 0;
  m->failed = false;
  return n;
}

/* It did not come after all. */
static void forget_offer(struct mailboxes *m, const struct taken *t) {
  for (size_t i = m->offers.n; i > 0; i--)
    if (m->offers.v[i - 1]->box == t->box && str_eq(m->offers.v[i - 1]->message, t->message)) drop_offer(m, i - 1);
}

size_t mailboxes_refuse(struct mailboxes *m, const char *why) {
  size_t n = m->taken.n;
  for (size_t i = 0; i < m->offers.n; i++) m->offers.v[i]->given = false;
  for (size_t i = 0; i < n; i++) {
    m->taken.v[i].box->messages -= m->taken.v[i].is_new;
    if (m->taken.v[i].is_new) forget_offer(m, &m->taken.v[i]);
    endpoint_hub_settle(m->taken.v[i].handle, (struct str){0}, why);
  }
  m->taken.n = 0;
  m->failed = false;
  return n;
}

/* ---- giving ---- */

static const struct mailbox_message *find(const struct mailbox_message *list, size_t n, struct str id) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(event_get(list[i].received, "message"), id)) return &list[i];
  return NULL;
}

static int note_given(struct run *r, struct str mailbox, struct str message, const char *why, struct error *e) {
  struct event *ev = run_event(r, "given", NULL);
  facts_put(&ev->data, STR("message"), message);
  facts_put(&ev->data, STR("run"), r->id);
  facts_put(&ev->data, STR("why"), str_z(why));
  return store_append(r->o.store, mailbox, ev, e);
}

/* Whose mailbox it is; the role of the system under test is no name of a party or service. */
static struct str party_of(const struct run *r, struct str chain) {
  for (size_t i = 1; i < r->parties_n; i++) {
    struct str name = r->parties[i].name;
    if (str_ends(chain, name) && chain.n > name.n && chain.p[chain.n - name.n - 1] == '-') return name;
  }
  return (struct str){0};
}

static int receive_again(struct run *r, struct str mailbox, const struct event *old, struct str *id) {
  struct event *ev = run_event(r, "received", NULL);
  struct str bytes;
  struct error e;
  *id = run_next_message(r);
  facts_put(&ev->data, STR("message"), *id);
  for (size_t i = 0; i < old->data.list.n; i++) {
    const struct fact *f = &old->data.list.v[i];
    if (!str_eqz(f->name, "message") && !str_eqz(f->name, "why")) facts_put(&ev->data, f->name, f->value);
  }
  facts_put(&ev->data, STR("party"), party_of(r, mailbox));
  facts_put(&ev->data, STR("mailbox"), mailbox);
  ev->blob = old->blob;
  if (store_blob_get(r->o.store, old->blob, r->scratch, &bytes, &e) == 0) run_quarantine(r, ev, bytes);
  if (run_emit(r, ev) < 0) return -1;
  run_receipt(r, state_message_find(r->state, *id), NULL);
  run_relay(r, state_message_find(r->state, *id));
  return 0;
}

int run_take(struct run *r, struct str mailbox, struct str message, const char *why, struct str *id, struct error *e) {
  struct mailbox_message *list;
  size_t n;
  if (mailbox_read(r->o.store, mailbox, r->scratch, &list, &n, e) < 0) return -1;
  const struct mailbox_message *m = find(list, n, message);
  if (!m)
    return error_set(e, ERR_CONFIG, "there is no message %.*s in %.*s; see testcamp list unmatched", STR_F(message),
                     STR_F(mailbox));
  if (m->given_to.n)
    return error_set(e, ERR_CONFIG, "message %.*s was given to run %.*s", STR_F(message), STR_F(m->given_to));
  if (note_given(r, mailbox, message, why, e) < 0) return -1;
  if (receive_again(r, mailbox, m->received, id) == 0) return 0;
  *e = r->error;
  return -1;
}

/* The only run that would take it, of those that were open when it came. */
static struct run *taker(struct mailboxes *m, const struct offer *o) {
  struct run *runs[MAILBOX_RUNS_MAX], *only = NULL;
  size_t n = m->runs.at(m->runs.context, o->name, runs, MAILBOX_RUNS_MAX);
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < o->runs; k++) {
      struct str party = run_party_at(runs[i], o->name)->name;
      if (!str_eq(o->then[k].run, runs[i]->id)) continue;
      if (!run_would_take(runs[i], party, &o->facts, o->then[k].events)) continue;
      if (only) return NULL;
      only = runs[i];
    }
  }
  return only;
}

size_t mailboxes_offer(struct mailboxes *m) {
  size_t given = 0;
  for (size_t i = 0; i < m->offers.n && !m->failed;) {
    struct offer *o = m->offers.v[i];
    struct run *r = o->given ? NULL : taker(m, o);
    struct str id;
    struct error e;
    if (!r || r->broken) {
      i++;
      continue;
    }
    o->given = run_take(r, o->box->chain, o->message, "a step of it waits for the message now", &id, &e) == 0;
    m->failed = !o->given && (r->broken || e.code == ERR_IO);
    if (o->given)
      given++;
    else if (!m->failed)
      drop_offer(m, i); /* a person was faster */
  }
  return given;
}
