#include "run/run_int.h"

#include "base/file.h"
#include "base/uuid.h"

static struct run *run_new(const struct run_options *o) {
  struct arena *a = o->site ? arena_new_small(0) : arena_new(0);
  struct run *r = ARENA_NEW(a, struct run);
  r->o = *o;
  r->arena = a;
  r->scratch = o->site ? o->site->scratch : arena_new(0);
  r->own_shelf.arena = a;
  r->shelf = o->site && o->site->shelf ? o->site->shelf : &r->own_shelf;
  r->state = state_new(a, o->plan);
  r->parked = ARENA_ARRAY(a, bool, r->state->cases_n + 1);
  r->prompted = ARENA_ARRAY(a, bool, r->state->cases_n + 1);
  r->wanted = ARENA_ARRAY(a, bool, r->state->cases_n + 1);
  r->overtaken = ARENA_ARRAY(a, bool, r->state->cases_n + 1);
  run_parties_make(r);
  return r;
}

static bool is_taken(struct run *r, struct str id) {
  struct event *first;
  struct error e;
  return store_first(r->o.store, r->scratch, id, &first, &e) == 0 || e.code == ERR_SYNTAX;
}

/* The same seed, protocol and vendor give the same run id, numbered from the second one in a store; without a seed it
 * is new. */
static void name_run(struct run *r) {
  const struct plan *p = r->o.plan;
  struct str *parts = ARENA_ARRAY(r->scratch, struct str, p->parties.n + 2);
  parts[0] = p->protocol->digest;
  parts[1] = p->vendor->digest;
  for (size_t i = 0; i < p->parties.n; i++) parts[i + 2] = p->parties.v[i].vendor->digest;
  r->seed = r->o.seed ? arena_str(r->arena, str_z(r->o.seed)) : uuid_random(r->arena);
  r->launch_seed = r->seed;
  struct str id = uuid_derive(r->arena, r->seed, p->parties.n + 2, parts);
  struct str day = time_utc(r->arena, r->o.clock.logical ? CLOCK_LOGICAL_START : clock_wall());
  struct str first = arena_printf(r->arena, "%.4s%.2s%.2s-%.8s", day.p, day.p + 5, day.p + 8, id.p);
  r->id = first;
  for (size_t n = 2; is_taken(r, r->id); n++) r->id = arena_printf(r->arena, "%.*s-%zu", STR_F(first), n);
}

static int put_blob(struct run *r, struct event *ev, const char *name, struct str bytes, struct error *e) {
  char digest[SHA256_HEX + 1];
  if (store_blob_put(r->o.store, bytes, digest, e) < 0) return -1;
  facts_put(&ev->data, str_z(name), str_z(digest));
  return 0;
}

/* The vendor files of the others, each under its name. */
static int put_parties(struct run *r, struct event *ev, struct error *e) {
  for (size_t i = 0; i < r->o.plan->parties.n; i++) {
    const struct plan_party *p = &r->o.plan->parties.v[i];
    const char *blob = arena_printf(r->scratch, "party.%zu.blob", i + 1).p;
    facts_put(&ev->data, arena_printf(r->scratch, "party.%zu", i + 1), p->name);
    facts_put(&ev->data, arena_printf(r->scratch, "party.%zu.file", i + 1), p->vendor->source.name);
    if (put_blob(r, ev, blob, p->vendor->source.bytes, e) < 0) return -1;
  }
  return 0;
}

static void put_standards(struct run *r, struct event *ev) {
  const char *digest = r->o.standards.digest;
  if (digest && *digest) facts_put(&ev->data, STR("standards"), str_z(digest));
  if (r->o.standards.schemas) facts_put(&ev->data, STR("schemas"), str_z(r->o.standards.schemas));
}

static int emit_started(struct run *r, struct error *e) {
  const struct plan *p = r->o.plan;
  struct event *ev = run_event(r, "run-started", NULL);
  facts_put(&ev->data, STR("run"), r->id);
  facts_put(&ev->data, STR("protocol"), p->protocol->id);
  facts_put(&ev->data, STR("protocol.file"), str_z(file_base(arena_z(r->scratch, p->protocol->source.name))));
  facts_put(&ev->data, STR("vendor.file"), p->vendor->source.name);
  facts_put(&ev->data, STR("seed"), r->seed);
  facts_put(&ev->data, STR("mode"), str_z(r->o.mode));
  facts_put(&ev->data, STR("program"), str_z(r->o.program));
  if (r->o.course) facts_put(&ev->data, STR("course"), r->o.course->id);
  put_standards(r, ev);
  if (r->o.by_hand) facts_put(&ev->data, STR("by-hand"), STR("true"));
  facts_put(&ev->data, STR("clock.scale"), arena_printf(r->scratch, "%g", r->o.clock.scale));
  facts_put(&ev->data, STR("logical"), str_z(r->o.clock.logical ? "true" : "false"));
  for (size_t i = 0, n = 0; i < p->cases.n; i++)
    if (!p->cases.v[i].applies && str_eqz(p->cases.v[i].reason, RECORD_NOT_CHOSEN))
      facts_put(&ev->data, arena_printf(r->scratch, "left-out.%zu", ++n), p->cases.v[i].c->id);
  if (put_blob(r, ev, "protocol.blob", p->protocol->source.bytes, e) < 0) return -1;
  if (put_blob(r, ev, "vendor.blob", p->vendor->source.bytes, e) < 0 || put_parties(r, ev, e) < 0) return -1;
  if (r->o.persons.n && put_blob(r, ev, "persons.blob", r->o.persons, e) < 0) return -1;
  if (r->o.known.n && put_blob(r, ev, "known.blob", r->o.known.file, e) < 0) return -1;
  return run_emit(r, ev);
}

static int emit_parameters(struct run *r) {
  const struct protocol *p = r->o.plan->protocol;
  for (size_t i = 0; i < p->parameters.n; i++) {
    const struct protocol_parameter *pa = &p->parameters.v[i];
    struct str set = r->o.parameters ? facts_get(r->o.parameters, arena_z(r->scratch, pa->name)) : (struct str){0};
    struct event *ev = run_event(r, "parameter", NULL);
    facts_put(&ev->data, STR("name"), pa->name);
    facts_put(&ev->data, STR("value"), set.n ? set : pa->value);
    facts_put(&ev->data, STR("source"), set.n ? STR("command line") : pa->source);
    if (run_emit(r, ev) < 0) return -1;
  }
  return 0;
}

/* In the same transaction as the beginning of the run: neither stands without the other. */
static int tell_course(struct run *r, struct error *e) {
  if (!r->o.course) return 0;
  struct event *ev = run_event(r, "course-live-test", NULL);
  facts_put(&ev->data, STR("run"), r->id);
  facts_put(&ev->data, STR("protocol"), r->o.plan->protocol->id);
  return courses_act(r->o.store, r->o.course, ev, e);
}

static int emit_known(struct run *r) {
  for (size_t i = 0; i < r->o.known.n; i++) {
    const struct facts *issue = &r->o.known.issues[i];
    struct event *ev = run_event(r, "known-issue", NULL);
    for (size_t k = 0; k < issue->list.n; k++) facts_put(&ev->data, issue->list.v[k].name, issue->list.v[k].value);
    if (run_emit(r, ev) < 0) return -1;
  }
  return 0;
}

static int emit_harness(struct run *r) {
  struct event *ev = run_event(r, "harness-started", NULL);
  facts_put(&ev->data, STR("program"), str_z(r->o.program));
  put_standards(r, ev);
  return run_emit(r, ev);
}

static int commit(struct run *r, struct error *e) {
  if (r->broken) {
    *e = r->error;
    return -1;
  }
  r->dirty = false;
  return store_commit(r->o.store, e);
}

int run_client(struct run *r, struct error *e) {
  return r->client ? 0 : http_client_open(&r->client, r->loop, e);
}

static int open_wire(struct run *r, struct error *e) {
  const struct run_site *site = r->o.site;
  if (site)
    r->loop = site->loop;
  else if (loop_open(&r->loop, e) < 0)
    return -1;
  if (run_parties_open(r, e) < 0) return -1;
  run_host_init(r);
  if (!site) loop_after_turn(r->loop, run_flush, r);
  r->going = site != NULL;
  return 0;
}

int run_start(struct run **out, const struct run_options *o, struct error *e) {
  struct run *r = run_new(o);
  name_run(r);
  if (open_wire(r, e) < 0) goto fail;
  if (emit_started(r, e) < 0 || emit_parameters(r) < 0 || emit_known(r) < 0 || run_note_addresses(r) < 0 ||
      tell_course(r, e) < 0 || run_carry(r) < 0 || commit(r, e) < 0) {
    if (r->broken) *e = r->error;
    goto fail;
  }
  if (!o->by_hand && run_launch(r, e) < 0) goto fail;
  *out = r;
  return 0;
fail:
  run_close(r);
  return -1;
}

static int fold(void *payload, struct event *ev, struct error *e) {
  const struct run_beside *b = payload;
  return state_apply(b->run->state, ev, e) < 0 ? -1 : run_beside_fold(b, e);
}

/* The log, and what was said beside it; a review that is damaged keeps nobody from the log itself. */
static int fold_all(struct run *r, struct arena *a, struct error *e) {
  struct run_beside b;
  struct error of_review;
  int review = run_beside_read(&b, r, a, &of_review);
  if (store_replay(r->o.store, r->id, a, fold, &b, e) < 0) return -1;
  if (review == 0) return run_beside_whole(&b, e);
  *e = of_review;
  return -1;
}

static int replay(struct run *r, struct str id, struct error *e) {
  struct arena *a = arena_new(0);
  r->id = arena_str(r->arena, id);
  int result = fold_all(r, a, e);
  arena_free(a);
  if (result < 0 && r->o.even_damaged && r->state->started && e->code == ERR_SYNTAX) {
    r->state->damage = arena_str(r->arena, str_z(e->text));
    result = 0;
  }
  if (result < 0) return -1;
  if (!r->state->started) return error_set(e, ERR_SYNTAX, "run %.*s has no beginning", STR_F(id));
  r->seed = event_get(r->state->started, "seed");
  r->launch_seed = arena_printf(r->arena, "%.*s-%lld", STR_F(r->seed), (long long)r->state->events);
  r->o.clock.logical_now = r->state->last_at;
  return 0;
}

int run_look(struct run **out, struct str id, const struct run_options *o, struct error *e) {
  struct run *r = run_new(o);
  run_host_init(r);
  if (replay(r, id, e) < 0) {
    run_close(r);
    return -1;
  }
  run_host_init(r);
  *out = r;
  return 0;
}

/* Asks the vendor's system once more: whether it heard us the first time cannot be known. */
static void ask_again(struct run *r, struct state_step *st) {
  struct error e;
  struct step_view v = run_view(r, st);
  if (st->answer || !run_has_hook(r, st)) return;
  if (st->step->kind->effect(&v, &r->host, &e) < 0) run_break(r, &e);
}

/* What was under way when the harness stopped: sends without a result go again, unchanged, and waits are armed. */
static void pick_up(struct run *r) {
  for (size_t i = 0; i < r->state->messages.n; i++) {
    struct state_message *m = r->state->messages.v[i];
    bool delayed = str_eqz(m->status, ENDPOINT_DELAYED);
    if (m->outbound && ((!m->status.n && !m->failure.n) || delayed))
      VEC_PUSH(r->arena, &r->posts, ((struct run_post){.step = m->owner, .message = m->id}));
  }
  for (size_t i = 0; i < r->state->faults.n; i++) run_fault_port(r, r->state->faults.v[i]);
  for (size_t i = 0; i < r->state->cases_n; i++) {
    struct state_step *st = state_current(&r->state->cases[i]);
    if (!st || !st->opened) continue;
    ask_again(r, st);
    run_arm(r, st);
  }
  run_touch(r);
}

static bool has_unsent(const struct run *r) {
  for (size_t i = 0; i < r->state->messages.n; i++) {
    const struct state_message *m = r->state->messages.v[i];
    if (m->outbound && !m->status.n && !m->failure.n) return true;
  }
  return false;
}

/* As after a crash: what goes out again may have got through, and duplicates of it are ours. Not when it is opened, for
 * the store that failed may still have no room, and the run's address must be there to say so. */
static void pick_up_again(struct run *r) {
  if (!r->resumes) return;
  r->resumes = false;
  bool schemas = r->o.standards.schemas && !state_schemas(r->state).n;
  if (((has_unsent(r) || schemas) && emit_harness(r) < 0) || run_note_addresses(r) < 0) return;
  pick_up(r);
}

/* Half of a run's letters would be judged by one thing and half by another. Schemas where there were none so far are
 * noted, and count from then on. */
static int check_schemas(const struct run *r, struct error *e) {
  struct str was = state_schemas(r->state);
  const char *now = r->o.standards.schemas;
  if (!was.n || (now && str_eqz(was, now))) return 0;
  if (!now)
    return error_set(e, ERR_CONFIG,
                     "the run judges letters by schemas (SHA-256 %.*s); give their folder with --schemas", STR_F(was));
  return error_set(e, ERR_CONFIG, "the run judges letters by other schemas (SHA-256 %.*s) than those of --schemas (%s)",
                   STR_F(was), now);
}

int run_reopen(struct run **out, struct str id, const struct run_options *o, struct error *e) {
  if (run_look(out, id, o, e) < 0) return -1;
  if (check_schemas(*out, e) == 0 && open_wire(*out, e) == 0) {
    (*out)->resumes = true;
    run_touch(*out);
    return 0;
  }
  run_close(*out);
  return -1;
}

static int fold_new(void *payload, struct event *ev, struct error *e) {
  const struct run_beside *b = payload;
  if (ev->seq > b->run->state->events && state_apply(b->run->state, ev, e) < 0) return -1;
  return run_beside_fold(b, e);
}

int run_catch_up(struct run *r, struct error *e) {
  struct arena *a = arena_new(0);
  struct run_beside b;
  int result = run_beside_read(&b, r, a, e);
  if (result == 0) result = store_replay(r->o.store, r->id, a, fold_new, &b, e);
  arena_free(a);
  run_unpark(r);
  run_touch(r);
  return result;
}

int run_resume(struct run **out, struct str id, const struct run_options *o, struct error *e) {
  struct run *r;
  if (run_look(&r, id, o, e) < 0) return -1;
  if (check_schemas(r, e) < 0) goto fail;
  if (open_wire(r, e) < 0) goto fail;
  if (emit_harness(r) < 0 || run_note_addresses(r) < 0 || commit(r, e) < 0) {
    if (r->broken) *e = r->error;
    goto fail;
  }
  if (!o->by_hand && run_launch(r, e) < 0) goto fail;
  pick_up(r);
  *out = r;
  return 0;
fail:
  run_close(r);
  return -1;
}

static bool all_done(const struct run *r) {
  for (size_t i = 0; i < r->state->cases_n; i++) {
    const struct state_case *c = &r->state->cases[i];
    if (c->plan->applies && (!c->opened || c->cursor < c->n)) return false;
  }
  return true;
}

static bool may_end(const struct run *r) {
  return all_done(r) && !r->state->ended_at;
}

static void note_end(struct run *r) {
  struct event *ev = run_event(r, "run-ended", NULL);
  facts_put(&ev->data, STR("verdict"), str_z(verdict_name(state_verdict(r->state))));
  run_emit(r, ev);
}

void run_note_stop(struct run *r) {
  struct event *ev = run_event(r, "harness-stopped", NULL);
  facts_put(&ev->data, STR("reason"), STR("nothing more can be done now"));
  run_emit(r, ev);
}

void run_move(struct run *r) {
  pick_up_again(r);
  run_advance(r);
  if (!r->broken && may_end(r)) note_end(r);
  arena_reset(r->scratch);
}

static int end_run(struct run *r, struct error *e) {
  (may_end(r) ? note_end : run_note_stop)(r);
  return commit(r, e);
}

/* Whoever is being refused gets the answer before the address is closed. */
static void say_farewell(struct run *r) {
  int64_t until = clock_monotonic() + RUN_FAREWELL_MS;
  r->going = false;
  while (r->loop && clock_monotonic() < until) loop_turn(r->loop, until - clock_monotonic());
}

int run_go(struct run *r, struct error *e) {
  r->stopped = false;
  r->going = true;
  run_flush(r);
  while (!r->stopped) loop_turn(r->loop, -1);
  if (!r->broken) return end_run(r, e);
  say_farewell(r);
  *e = r->error;
  return -1;
}

void run_stop(struct run *r) {
  r->stopped = true;
}

void run_close(struct run *r) {
  if (!r) return;
  run_trigger_end(r);
  run_retry_end(r);
  for (size_t i = 0; i < r->timers.n; i++) loop_cancel(r->loop, r->timers.v[i]->timer);
  if (r->hold_timer) loop_cancel(r->loop, r->hold_timer);
  run_parties_stop(r);
  run_refuse(r, "the run was closed");
  run_parties_close(r);
  if (r->client) http_client_close(r->client);
  if (r->loop && !r->o.site) loop_close(r->loop);
  if (!r->o.site) arena_free(r->scratch);
  arena_free(r->arena);
}

const struct state *run_state(const struct run *r) {
  return r->state;
}

struct loop *run_loop(struct run *r) {
  return r->loop;
}

const char *run_address(const struct run *r) {
  return r->parties_n && r->parties[0].endpoint ? endpoint_address(r->parties[0].endpoint) : "";
}
