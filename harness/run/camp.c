#include "run/camp.h"

#include "base/map.h"
#include "endpoint/hub.h"
#include "run/mailbox.h"
#include "run/run_int.h"

/* How long until a run that could not be read again is tried once more. */
#define AGAIN_MS INT64_C(1000)

struct member {
  struct camp *camp;
  struct run *run; /* NULL: it could not be read again yet */
  struct str id;
  struct run_options options;
  struct run_site site;
  struct loop_timer *again; /* it could not be read, and is tried again then */
  bool queued;
};

struct camp {
  struct arena *arena;
  struct camp_options o;
  struct loop *loop;
  struct arena *scratch;
  struct endpoint_hub *hub;
  struct mailboxes *mailboxes;
  struct sbdh_shelf shelf;
  VEC(struct member *) members;
  VEC(struct member *) queue; /* those that something happened to in this turn */
  struct map by_id;
  struct camp_counts counts;
  bool stopped, joining; /* joining: a member is being made, the queue waits */
  bool turned;           /* the loop has, meanwhile */
};

static void touched(void *context) {
  struct member *m = context;
  if (m->queued) return;
  m->queued = true;
  VEC_PUSH(m->camp->arena, &m->camp->queue, m);
}

/* ---- a turn ---- */

static void read_again(void *member) {
  struct member *m = member;
  struct error e;
  m->run = NULL;
  m->again = NULL;
  if (m->camp->stopped || run_reopen(&m->run, m->id, &m->options, &e) == 0) return;
  log_say(&m->camp->o.log, LOG_NORMAL, "run %.*s cannot be read now: %s; trying again", STR_F(m->id), e.text);
  m->run = NULL;
  m->again = loop_after(m->camp->loop, AGAIN_MS, read_again, m);
}

/* Nothing else may ever happen to it. */
static void touch_later(void *member) {
  touched(member);
}

/* What is not in the log did not happen. */
static void fail_turn(struct camp *c, const struct error *e) {
  size_t refused = mailboxes_refuse(c->mailboxes, e->text);
  for (size_t i = 0; i < c->queue.n; i++) {
    struct member *m = c->queue.v[i];
    if (!m->run) continue;
    refused += run_refuse(m->run, e->text);
    run_close(m->run);
    read_again(m);
    loop_after(c->loop, AGAIN_MS, touch_later, m);
  }
  c->counts.refused += refused;
  log_say(&c->o.log, LOG_NORMAL, "nothing of this turn was kept, %zu messages were refused: %s", refused, e->text);
}

/* Something of its own is wrong with a run; its log says where it stood. */
static void drop_broken(struct member *m) {
  const struct error *e = m->run ? run_broken(m->run) : NULL;
  if (!e) return;
  log_say(&m->camp->o.log, LOG_NORMAL, "run %.*s was stopped: %s; go on with: testcamp resume", STR_F(m->id), e->text);
  run_close(m->run);
  m->run = NULL;
}

static bool move_all(struct camp *c) {
  bool dirty = false;
  for (size_t i = 0; i < c->queue.n; i++) {
    struct member *m = c->queue.v[i];
    if (!m->run) continue;
    run_move(m->run);
    dirty = dirty || run_is_dirty(m->run);
  }
  size_t given = c->queue.n ? mailboxes_offer(c->mailboxes) : 0;
  return given || dirty || mailboxes_dirty(c->mailboxes);
}

static void release_all(struct camp *c) {
  size_t kept = mailboxes_release(c->mailboxes);
  c->counts.unclaimed += kept;
  c->counts.received += kept;
  for (size_t i = 0; i < c->queue.n; i++)
    if (c->queue.v[i]->run) c->counts.received += run_release(c->queue.v[i]->run);
}

static void flush(void *camp) {
  struct camp *c = camp;
  struct error e;
  c->turned = true;
  if (c->joining) return;
  while (move_all(c)) {
    c->counts.commits++;
    if (store_commit(c->o.store, &e) < 0) {
      fail_turn(c, &e);
      break;
    }
    release_all(c);
  }
  for (size_t i = 0; i < c->queue.n; i++) {
    c->queue.v[i]->queued = false;
    drop_broken(c->queue.v[i]);
  }
  c->queue.n = 0;
  arena_reset(c->scratch);
}

/* ---- members ---- */

static void on_unclaimed(void *camp, struct str mailbox, const struct endpoint_arrival *in, size_t claims) {
  struct camp *c = camp;
  mailboxes_take(c->mailboxes, mailbox, in, claims);
}

static void on_refused(void *camp, struct str peer, struct str path, int status, const char *why) {
  struct camp *c = camp;
  log_say(&c->o.log, LOG_NORMAL, "refused from %.*s to %.*s: HTTP %d, %s", STR_F(peer), STR_F(path), status, why);
}

static size_t runs_at(void *camp, struct str name, struct run **out, size_t max) {
  struct camp *c = camp;
  size_t n = 0;
  for (size_t i = 0; i < c->members.n && n < max; i++) {
    struct run *r = c->members.v[i]->run;
    if (r && run_party_at(r, name) && !run_state(r)->ended_at) out[n++] = r;
  }
  return n;
}

int camp_open(struct camp **out, const struct camp_options *o, struct error *e) {
  struct arena *a = arena_new((size_t)4 << 30);
  struct camp *c = ARENA_NEW(a, struct camp);
  c->arena = a;
  c->o = *o;
  map_init(&c->by_id, a);
  c->mailboxes = mailboxes_new(a, o->store, &(struct mailbox_runs){.at = runs_at, .context = c});
  c->scratch = arena_new(0);
  c->shelf.arena = a;
  struct hub_events ev = {.context = c, .unclaimed = on_unclaimed, .refused = on_refused};
  if (loop_open(&c->loop, e) < 0) goto fail;
  if (endpoint_hub_open(&c->hub, c->loop, o->listen, store_spool_dir(o->store), o->tls, &ev, e) < 0) goto fail;
  loop_after_turn(c->loop, flush, c);
  *out = c;
  return 0;
fail:
  if (c->loop) loop_close(c->loop);
  arena_free(c->scratch);
  arena_free(a);
  return -1;
}

static struct member *member_new(struct camp *c, const struct run_options *o) {
  struct member *m = ARENA_NEW(c->arena, struct member);
  *m = (struct member){.camp = c, .options = *o};
  m->site = (struct run_site){
      .context = m, .loop = c->loop, .scratch = c->scratch, .hub = c->hub, .shelf = &c->shelf, .touched = touched};
  m->options.site = &m->site;
  m->options.store = c->o.store;
  m->options.log = c->o.log;
  return m;
}

/* A run that is added anew is not read again as well: it would be there twice. NULL: none was to be. */
static struct member *forget(struct camp *c, struct str id) {
  struct member *before = map_get(&c->by_id, id);
  if (!before || !before->again) return NULL;
  loop_cancel(c->loop, before->again);
  before->again = NULL;
  return before;
}

static void drop_from_queue(struct camp *c, const struct member *m) {
  for (size_t i = 0; i < c->queue.n; i++)
    if (c->queue.v[i] == m) c->queue.v[i] = c->queue.v[--c->queue.n];
}

/* While a system was started, the loop turned: what came is in no turn yet, and its peers wait. A beginning that fails
 * before that leaves the transaction to whoever rolls it back. */
static void make_up(struct camp *c) {
  c->joining = false;
  if (c->turned) flush(c);
}

int camp_add(struct camp *c, struct str id, const struct run_options *o, struct run **out, struct error *e) {
  if (c->members.n == CAMP_RUNS_MAX) return error_set(e, ERR_LIMIT, "more than %d runs in one testcamp", CAMP_RUNS_MAX);
  struct member *m = member_new(c, o);
  flush(c); /* what others have appended is not to hang on this one's commit */
  struct member *before = forget(c, id);
  c->joining = true;
  c->turned = false;
  int result = id.n ? run_resume(&m->run, id, &m->options, e) : run_start(&m->run, &m->options, e);
  if (result < 0) {
    drop_from_queue(c, m);
    if (before) before->again = loop_after(c->loop, AGAIN_MS, read_again, before);
    make_up(c);
    return -1;
  }
  m->id = arena_str(c->arena, run_state(m->run)->run);
  /* What only a beginning needs belongs to the caller. */
  m->options.seed = m->options.launch = m->options.listen = NULL;
  m->options.parameters = NULL;
  m->options.course = NULL;
  m->options.carry = NULL;
  m->options.persons = (struct str){0};
  (void)map_set(&c->by_id, m->id, m);
  VEC_PUSH(c->arena, &c->members, m);
  touched(m);
  make_up(c);
  if (out) *out = m->run;
  if (m->run) return 0;
  return error_set(e, ERR_IO, "run %.*s is in the store, but does not go on now; the server tells why", STR_F(m->id));
}

struct run *camp_run(struct camp *c, struct str id) {
  struct member *m = map_get(&c->by_id, id);
  return m ? m->run : NULL;
}

const struct run *camp_same_gln(const struct camp *c, const struct vendor *v) {
  struct str gln = facts_get(&v->variables, "vendor.gln");
  for (size_t i = 0; i < c->members.n; i++) {
    const struct member *m = c->members.v[i];
    const struct vendor *other = m->options.plan->vendor;
    bool same_system = str_eq(other->system, v->system) && str_eq(other->name, v->name);
    if (m->run && !same_system && str_eq(facts_get(&other->variables, "vendor.gln"), gln)) return m->run;
  }
  return NULL;
}

void camp_know(struct camp *c, struct str system) {
  endpoint_hub_know(c->hub, system);
}

bool camp_is_joining(const struct camp *c) {
  return c->joining;
}

void camp_settle(struct camp *c) {
  flush(c);
}

void camp_catch_up(struct camp *c, struct str prefix) {
  struct error e;
  for (size_t i = 0; i < c->members.n && prefix.n; i++) {
    struct member *m = c->members.v[i];
    if (!m->run || !str_starts(m->id, prefix) || run_catch_up(m->run, &e) == 0) continue;
    run_close(m->run);
    read_again(m);
  }
}

void camp_read_again(struct camp *c, struct str id, const struct run_options *o) {
  struct member *m = map_get(&c->by_id, id);
  if (!m || !m->run) return;
  m->options.plan = o->plan;
  if (o->answers) m->options.answers = o->answers;
  run_close(m->run);
  read_again(m);
  touched(m);
}

void camp_drop(struct camp *c, struct str id) {
  struct member *m = map_get(&c->by_id, id);
  if (!m) return;
  (void)forget(c, id);
  drop_from_queue(c, m);
  m->queued = false;
  run_close(m->run);
  m->run = NULL;
}

void camp_go(struct camp *c) {
  flush(c); /* what was under way when the harness went down goes out now, not when something next happens */
  while (!c->stopped) loop_turn(c->loop, -1);
}

void camp_stop(struct camp *c) {
  c->stopped = true;
}

void camp_close(struct camp *c) {
  struct error e;
  if (!c) return;
  c->stopped = true;
  for (size_t i = 0; i < c->members.n; i++) {
    struct run *r = c->members.v[i]->run;
    if (r && !run_broken(r) && !run_state(r)->ended_at) run_note_stop(r);
  }
  if (store_commit(c->o.store, &e) < 0)
    log_say(&c->o.log, LOG_NORMAL, "that the harness stops could not be noted: %s", e.text);
  for (size_t i = 0; i < c->members.n; i++) run_close(c->members.v[i]->run);
  endpoint_hub_close(c->hub);
  loop_close(c->loop);
  arena_free(c->scratch);
  arena_free(c->arena);
}

const char *camp_url(const struct camp *c) {
  return endpoint_hub_url(c->hub);
}

struct str camp_address(const struct camp *c, struct arena *a, struct str system, struct str role) {
  return arena_printf(a, "%s/%.*s/%.*s", camp_url(c), STR_F(endpoint_url_part(a, system)),
                      STR_F(endpoint_url_part(a, role)));
}

struct loop *camp_loop(struct camp *c) {
  return c->loop;
}

struct camp_counts camp_count(const struct camp *c) {
  struct camp_counts n = c->counts;
  n.runs = 0;
  for (size_t i = 0; i < c->members.n; i++)
    n.runs += c->members.v[i]->run && !run_state(c->members.v[i]->run)->ended_at;
  return n;
}
