/* A harness as the commands put it together, and what its store says afterwards. */
#include "tests/run/crash/crash.h"

#include "base/file.h"
#include "cli/session.h"
#include "fhir/resource.h"
#include "run/camp.h"
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
  struct camp *camp; /* in the harness's process, if it is one */
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
  struct world *w = context;
  (void)s;
  crash_event(ev);
  if (w->camp && event_is(ev, "run-ended")) camp_stop(w->camp);
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
                                    .observer = {.context = w, .event = on_event},
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
  struct plan_vendors v = {0};
  struct str text = replaced(w->arena, w->vendor_text, "${launch.address}", vendor_url);
  if (vendor_read(&v.own, w->arena, (struct source){STR("refvendor.yaml"), text}, &e) < 0 ||
      session_plan(&w->session, w->protocol, &v, all, &e) < 0)
    crash_fail("%s", e.text);
}

const char *world_data(const struct world *w) {
  return w->session.options.data_dir;
}

static void check_standing(const struct run *r) {
  char standing[SHA256_HEX + 1];
  world_standing(standing, run_state(r));
  if (!str_eqz(str_z(standing), crash_shared->standing)) crash_fail("the run does not stand where it stood");
}

static int go_alone(struct world *w, struct str id, struct error *e) {
  struct run *r;
  const struct run_options *o = &w->session.options;
  if ((id.n ? run_resume(&r, id, o, e) : run_start(&r, o, e)) < 0) return -1;
  if (id.n) check_standing(r);
  int rc = run_go(r, e);
  run_close(r);
  return rc;
}

static int go_in_camp(struct world *w, struct str id, struct error *e) {
  struct run *r;
  struct run_options *o = &w->session.options;
  struct camp_options co = {.store = o->store, .listen = o->listen, .log = {.level = LOG_QUIET}};
  o->listen = NULL;
  if (camp_open(&w->camp, &co, e) < 0 || camp_add(w->camp, id, o, &r, e) < 0) return -1;
  if (id.n) check_standing(r);
  camp_go(w->camp);
  camp_close(w->camp);
  return 0;
}

_Noreturn void world_harness(struct world *w, const char *path, struct str id) {
  struct error e;
  struct store *store = NULL;
  crash_role = CRASH_HARNESS;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int rc = store_open(&store, path, STORE_WRITE, &e);
  w->session.options.store = store;
  if (rc == 0) rc = crash_shared->camp ? go_in_camp(w, id, &e) : go_alone(w, id, &e);
  if (rc < 0) snprintf(crash_shared->error, sizeof crash_shared->error, "%s", e.text);
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

static void check_blobs(struct store *s, struct arena *a, const struct map *digests) {
  for (size_t i = 0; i < digests->n; i++) {
    struct str bytes, want = digests->entries[i].key;
    struct error e;
    char digest[SHA256_HEX + 1];
    if (store_blob_get(s, want, a, &bytes, &e) < 0) crash_fail("a message is lost: %s", e.text);
    sha256_hex(digest, bytes);
    if (!str_eqz(want, digest)) crash_fail("the message %.*s was altered", STR_F(want));
  }
}

static int fold_box(void *payload, struct event *ev, struct error *e) {
  struct folding *f = payload;
  (void)e;
  if (event_is(ev, "received")) count(&f->look->received, f->arena, ev->blob);
  return 0;
}

static void look_at(struct look *out, struct arena *a, struct world *w, struct store *s, const struct store_run *run) {
  struct error e;
  bool box = str_starts(run->run, STR(MAILBOX_PREFIX));
  struct folding f = {out, a, box ? NULL : state_new(a, w->session.plan)};
  if (!box && out->state) crash_fail("there are two runs");
  if (store_replay(s, run->run, a, box ? fold_box : fold, &f, &e) < 0) crash_fail("the log cannot be read: %s", e.text);
  if (box) return;
  out->run = run->run;
  out->state = f.state;
}

void world_look(struct look *out, struct arena *a, struct world *w, const char *path) {
  struct store *s;
  struct store_run *runs;
  size_t n;
  struct error e;
  *out = (struct look){0};
  map_init(&out->received, a);
  map_init(&out->sent, a);
  if (!file_exists(path)) return; /* never half made: schema.c */
  if (store_open(&s, path, STORE_READ, &e) < 0) crash_fail("the store cannot be opened: %s", e.text);
  if (store_runs(s, a, &runs, &n, &e) < 0) crash_fail("the runs cannot be listed: %s", e.text);
  for (size_t i = 0; i < n; i++) look_at(out, a, w, s, &runs[i]);
  check_blobs(s, a, &out->received);
  check_blobs(s, a, &out->sent);
  store_close(s);
}
