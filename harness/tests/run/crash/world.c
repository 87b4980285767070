/* A harness as the commands put it together, and what its store says afterwards. */
#include "tests/run/crash/crash.h"

#include "base/file.h"
#include "cli/session.h"
#include "fhir/resource.h"
#include "steps/steps.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#define VERDICTS_MAX ((size_t)1 << 20)

struct world {
  struct arena *arena;
  struct cli cli;
  struct session session;
  struct protocol *protocol;
  struct str vendor_text;
};

void crash_fail(const char *fmt, ...) {
  va_list ap;
  fprintf(stderr, "FAIL: ");
  va_start(ap, fmt);
  vfprintf(stderr, fmt, ap);
  va_end(ap);
  if (crash_shared && *crash_shared->where)
    fprintf(stderr, "\n  the harness was stopped for the %zuth time at: %s", crash_shared->hits, crash_shared->where);
  fprintf(stderr, "\n");
  if (crash_role == CRASH_PARENT) exit(1);
  _exit(1);
}

static struct str replaced(struct arena *a, struct str text, const char *what, const char *by) {
  size_t at = str_find(text, str_z(what), 0);
  if (at == SIZE_MAX) return text;
  struct str rest = str_sub(text, at + str_z(what).n, text.n);
  return arena_printf(a, "%.*s%s%.*s", (int)at, text.p, by, STR_F(replaced(a, rest, what, by)));
}

/* The vendor file of the reference vendor, but for its launch: that system is started by us. */
static void load_vendor(struct world *w, const char *data_dir) {
  struct error e;
  struct str text;
  const char *path = file_join(w->arena, data_dir, "vendors/reference/refvendor.yaml");
  if (file_read(&text, w->arena, path, VERDICTS_MAX, &e) != 0) crash_fail("%s", e.text);
  size_t from = str_find(text, STR("\nlaunch:"), 0), to = str_find(text, STR("\nclock:"), 0);
  if (from == SIZE_MAX || to == SIZE_MAX) crash_fail("%s has another form", path);
  w->vendor_text = arena_printf(w->arena, "%.*s%.*s", (int)from, text.p, STR_F(str_sub(text, to, text.n)));
}

static void on_event(void *context, const struct state *s, const struct event *ev) {
  (void)context, (void)s;
  crash_event(ev);
}

struct world *world_load(struct arena *a, const char *protocol, const char *listen, double scale) {
  struct world *w = ARENA_NEW(a, struct world);
  struct session *s = &w->session;
  struct shapes *shapes;
  char *data;
  struct error e;
  w->arena = a;
  w->cli = (struct cli){.arena = a, .out = stdout, .err = stderr, .log = {.to = stderr}, .version = "0"};
  *s = (struct session){.cli = &w->cli, .arena = a};
  if (file_data_dir(&data, a, &e) < 0 || shapes_read(&shapes, a, data, &e) < 0) crash_fail("%s", e.text);
  s->options = (struct run_options){.kinds = step_kinds,
                                    .shapes = shapes,
                                    .data_dir = data,
                                    .program = "0",
                                    .mode = "self-test",
                                    .listen = listen,
                                    .observer = {.event = on_event},
                                    .log = w->cli.log};
  clock_init(&s->options.clock);
  s->options.clock.scale = scale;
  if (protocol_load(&w->protocol, a, protocol, data, step_kinds, &e) < 0) crash_fail("%s", e.text);
  load_vendor(w, data);
  world_meet(w, "http://127.0.0.1:1");
  if (session_standards(s, &e) < 0) crash_fail("%s", e.text);
  return w;
}

void world_meet(struct world *w, const char *vendor_url) {
  struct opt_list *all = ARENA_NEW(w->arena, struct opt_list);
  struct error e;
  struct vendor *v;
  struct str text = replaced(w->arena, w->vendor_text, "${launch.address}", vendor_url);
  if (vendor_read(&v, w->arena, (struct source){STR("refvendor.yaml"), text}, &e) < 0 ||
      session_plan(&w->session, w->protocol, v, all, &e) < 0)
    crash_fail("%s", e.text);
}

const char *world_data(const struct world *w) {
  return w->session.options.data_dir;
}

_Noreturn void world_harness(struct world *w, const char *path, struct str id) {
  struct error e;
  struct store *store = NULL;
  struct run *r = NULL;
  struct run_options *o = &w->session.options;
  char standing[SHA256_HEX + 1];
  crash_role = CRASH_HARNESS;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int rc = store_open(&store, path, STORE_WRITE, &e);
  o->store = store;
  if (rc == 0) rc = id.n ? run_resume(&r, id, o, &e) : run_start(&r, o, &e);
  if (rc == 0 && id.n) {
    world_standing(standing, run_state(r));
    if (!str_eqz(str_z(standing), crash_shared->standing)) crash_fail("the run does not stand where it stood");
  }
  if (rc == 0) rc = run_go(r, &e);
  if (rc < 0) snprintf(crash_shared->error, sizeof crash_shared->error, "%s", e.text);
  run_close(r);
  store_close(store);
  _exit(rc < 0 ? CRASH_EXIT_ERROR : 0);
}

void world_standing(char out[SHA256_HEX + 1], const struct state *s) {
  struct buf b;
  buf_init(&b, VERDICTS_MAX);
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_case *c = &s->cases[i];
    const struct state_step *st = state_current(c);
    buf_printf(&b, "%d %zu", c->opened, c->cursor);
    if (st)
      buf_printf(&b, " %d %.*s %lld %d %d", st->opened, STR_F(st->owner), (long long)st->deadline, st->timer,
                 st->message != NULL);
    buf_byte(&b, '\n');
  }
  for (size_t i = 0; i < s->messages.n; i++) {
    const struct state_message *m = s->messages.v[i];
    buf_printf(&b, "%.*s %.*s %.*s\n", STR_F(m->id), STR_F(m->digest), STR_F(m->status));
  }
  sha256_hex(out, buf_str(&b));
  buf_release(&b);
}

struct str world_verdicts(struct arena *a, const struct state *s) {
  struct buf b;
  buf_init(&b, VERDICTS_MAX);
  for (size_t i = 0; i < s->cases_n; i++)
    for (size_t k = 0; k < s->cases[i].n; k++) {
      const struct state_step *st = &s->cases[i].steps[k];
      buf_printf(&b, "%.*s %s", STR_F(st->step->id), verdict_name(st->verdict));
      for (size_t f = 0; f < st->findings.list.n; f++)
        if (st->findings.list.v[f].severity != SEV_INFO) buf_printf(&b, " %.*s", STR_F(st->findings.list.v[f].rule));
      buf_byte(&b, '\n');
    }
  return buf_take(&b, a);
}

/* ---- looking ---- */

static void count(struct map *m, struct arena *a, struct str digest) {
  size_t *n = map_get(m, digest);
  if (!n) {
    n = ARENA_NEW(a, size_t);
    map_set(m, arena_str(a, digest), n);
  }
  ++*n;
}

struct folding {
  struct look *look;
  struct arena *arena;
  struct state *state;
};

static int fold(void *payload, struct event *ev, struct error *e) {
  struct folding *f = payload;
  struct look *l = f->look;
  l->events++;
  if (event_is(ev, "received")) count(&l->received, f->arena, ev->blob);
  if (event_is(ev, "send-intent")) count(&l->sent, f->arena, ev->blob);
  if (event_is(ev, "run-ended")) l->ended = true;
  return state_apply(f->state, ev, e);
}

void world_look(struct look *out, struct arena *a, struct world *w, const char *path) {
  struct store *s;
  struct store_run *runs;
  size_t n;
  struct error e;
  *out = (struct look){0};
  map_init(&out->received, a);
  map_init(&out->sent, a);
  if (!file_exists(path)) return; /* never half made: store.c */
  if (store_open(&s, path, STORE_READ, &e) < 0) crash_fail("the store cannot be opened: %s", e.text);
  if (store_runs(s, a, &runs, &n, &e) < 0) crash_fail("the runs cannot be listed: %s", e.text);
  if (n > 1) crash_fail("there are %zu runs", n);
  if (n == 1) {
    struct folding f = {out, a, state_new(a, w->session.plan)};
    out->run = runs[0].run;
    out->state = f.state;
    if (store_replay(s, out->run, a, fold, &f, &e) < 0) crash_fail("the log cannot be read: %s", e.text);
    for (size_t i = 0; i < f.state->messages.n; i++) {
      struct str bytes;
      char digest[SHA256_HEX + 1];
      struct str want = f.state->messages.v[i]->digest;
      if (store_blob_get(s, want, a, &bytes, &e) < 0) crash_fail("a message is lost: %s", e.text);
      sha256_hex(digest, bytes);
      if (!str_eqz(want, digest)) crash_fail("message %zu was altered", i + 1);
    }
  }
  store_close(s);
}
