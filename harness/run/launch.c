/* The vendor's system as a child, and the hook that makes it act. */
#include "run/run_int.h"

#define LAUNCH_ARGS_MAX 64

static void on_line(void *payload, struct str line) {
  struct run_party *p = payload;
  if (!str_starts(line, STR("listening "))) return;
  p->launch_address = arena_z(p->run->arena, str_trim(str_sub(line, 10, line.n)));
}

static void on_end(void *payload, int code) {
  struct run_party *p = payload;
  struct error e;
  (void)error_set(&e, ERR_PEER, "the launched vendor system%s%.*s ended by itself with exit code %d",
                  p->name.n ? " of " : "", STR_F(p->name), code);
  run_break(p->run, &e);
}

struct str run_replace(struct arena *a, struct str text, struct str what, const char *by) {
  size_t at = str_find(text, what, 0);
  if (at == SIZE_MAX) return text;
  struct str rest = run_replace(a, str_sub(text, at + what.n, text.n), what, by);
  return arena_printf(a, "%.*s%s%.*s", (int)at, text.p, by, STR_F(rest));
}

/* ${service.eds.address}, of all services of the run. */
static struct str put_services(const struct run *r, struct str text) {
  for (size_t i = 0; i < r->parties_n; i++) {
    const struct run_party *p = &r->parties[i];
    if (!p->service) continue;
    struct str what = arena_printf(r->arena, "${service.%.*s.address}", STR_F(p->name));
    text = run_replace(r->arena, text, what, endpoint_address(p->endpoint));
  }
  return text;
}

/* Two systems with one seed would give the same identifiers. */
static const char *seed_of(const struct run_party *p) {
  struct run *r = p->run;
  if (!p->name.n) return arena_z(r->arena, r->launch_seed);
  return arena_z(r->arena, arena_printf(r->arena, "%.*s-%.*s", STR_F(r->launch_seed), STR_F(p->name)));
}

const char *run_expand_address(const struct run_party *p, struct str text) {
  struct arena *a = p->run->arena;
  text = run_replace(a, text, STR("${harness.address}"), endpoint_address(p->endpoint));
  if (p->launch_address) text = run_replace(a, text, STR("${launch.address}"), p->launch_address);
  text = run_replace(a, text, STR("${clock.scale}"), arena_printf(a, "%g", p->run->o.clock.scale).p);
  return arena_z(a, run_replace(a, put_services(p->run, text), STR("${seed}"), seed_of(p)));
}

/* --launch gives one line, for the system under test; words are split at blanks. */
static size_t launch_words(const struct run_party *p, struct str words[LAUNCH_ARGS_MAX]) {
  size_t n = 0;
  const char *line = p->name.n ? NULL : p->run->o.launch;
  if (!line) {
    for (; n < p->vendor->launch.n && n < LAUNCH_ARGS_MAX; n++) words[n] = p->vendor->launch.v[n];
    return n;
  }
  struct str rest = str_z(line);
  while (rest.n && n < LAUNCH_ARGS_MAX) {
    struct str word = str_cut(&rest, ' ');
    if (word.n) words[n++] = word;
  }
  return n;
}

static int await_address(struct run_party *p, struct error *e) {
  struct run *r = p->run;
  int64_t until = clock_monotonic() + RUN_LAUNCH_MS;
  while (!p->launch_address && !r->broken && clock_monotonic() < until) loop_turn(r->loop, 100);
  if (r->broken) {
    *e = r->error;
    return -1;
  }
  if (!p->launch_address)
    return error_set(e, ERR_TIMEOUT, "the launched vendor system did not print \"listening URL\" within %d seconds",
                     (int)(RUN_LAUNCH_MS / 1000));
  if (p->vendor->address.n) endpoint_redirect(p->endpoint, str_z(run_expand_address(p, p->vendor->address)));
  return 0;
}

static int launch(struct run_party *p, struct error *e) {
  struct str words[LAUNCH_ARGS_MAX];
  const char *argv[LAUNCH_ARGS_MAX + 1];
  size_t n = launch_words(p, words);
  if (n == 0) return 0;
  for (size_t i = 0; i < n; i++) argv[i] = run_expand_address(p, words[i]);
  argv[n] = NULL;
  struct child_events ev = {.line = on_line, .ended = on_end, .payload = p};
  if (child_start(&p->child, p->run->loop, argv, &ev, e) < 0) return -1;
  return await_address(p, e);
}

int run_launch(struct run *r, struct error *e) {
  for (size_t i = 0; i < r->parties_n; i++)
    if (!r->parties[i].service && launch(&r->parties[i], e) < 0) return -1;
  return 0;
}

bool run_has_hook(const struct run *r, const struct state_step *st) {
  bool hook = !r->o.by_hand && plan_vendor(r->o.plan, st->step->party)->trigger != TRIGGER_PERSON;
  return hook && node_child(st->step->args_node, "trigger");
}

struct trigger_call {
  struct run *run;
  struct state_step *step;
  struct child *child; /* of a command, until it has ended */
};

static void hook_answered(struct run *r, struct state_step *st, bool ok, struct str text) {
  r->hooks--;
  if (r->broken || st->verdict != VERDICT_NONE) return;
  struct event *ev = run_event(r, "answer", st);
  facts_put(&ev->data, STR("answer"), str_z(ok ? "done" : "error"));
  facts_put(&ev->data, STR("text"), text);
  facts_put(&ev->data, STR("by"), STR("trigger"));
  run_emit(r, ev);
}

static void on_hook(void *payload, const struct http_answer *an) {
  struct trigger_call *call = payload;
  struct run *r = call->run;
  if (an->failure)
    return hook_answered(r, call->step, false,
                         arena_printf(r->scratch, "the trigger could not be called: %s", an->failure));
  struct str body = str_sub(an->body, 0, 1000);
  bool ok = an->status >= 200 && an->status < 300;
  hook_answered(r, call->step, ok, arena_printf(r->scratch, "HTTP %d %.*s", an->status, STR_F(body)));
}

static void command_ended(void *payload, int code) {
  struct trigger_call *call = payload;
  child_stop(call->child);
  call->child = NULL;
  hook_answered(call->run, call->step, code == 0, arena_printf(call->run->scratch, "exit code %d", code));
}

void run_trigger_end(struct run *r) {
  for (size_t i = 0; i < r->calls.n; i++) child_stop(r->calls.v[i]->child);
  r->calls.n = 0;
}

/* The request is the last argument of a command. */
static void call_command(struct run *r, struct trigger_call *call, struct str json) {
  const struct run_party *p = run_party(r, call->step->step->party);
  const struct vendor *v = p->vendor;
  const char *argv[LAUNCH_ARGS_MAX + 2];
  size_t n = 0;
  struct error e;
  for (; n < v->trigger_command.n && n < LAUNCH_ARGS_MAX; n++) argv[n] = run_expand_address(p, v->trigger_command.v[n]);
  argv[n++] = arena_z(r->arena, json);
  argv[n] = NULL;
  struct child_events ev = {.ended = command_ended, .payload = call};
  if (child_start(&call->child, r->loop, argv, &ev, &e) < 0)
    hook_answered(r, call->step, false, str_z(e.text));
  else
    VEC_PUSH(r->arena, &r->calls, call);
}

void run_trigger(struct run *r, struct state_step *st, struct str json) {
  const struct run_party *p = run_party(r, st->step->party);
  struct trigger_call *call = ARENA_NEW(r->arena, struct trigger_call);
  *call = (struct trigger_call){.run = r, .step = st};
  r->hooks++;
  struct error e;
  json = run_real_addresses(r, json);
  if (p->vendor->trigger == TRIGGER_COMMAND) return call_command(r, call, json);
  if (run_client(r, &e) < 0) return hook_answered(r, call->step, false, str_z(e.text));
  http_send(r->client, "POST", run_expand_address(p, p->vendor->trigger_url), "application/json", json, 0, on_hook,
            call);
}
