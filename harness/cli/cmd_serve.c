/* serve: one process for a whole testcamp. All open runs of the store, new ones by `testcamp run` beside it, and one
 * address; commands that write are carried out here (cli/control.h). */
#include "base/file.h"
#include "cli/approvals.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/drive.h"
#include "cli/known.h"
#include "cli/notify.h"
#include "cli/publish.h"
#include "cli/received.h"
#include "cli/serve.h"
#include "cli/serve_known.h"
#include "console/console.h"
#include "endpoint/endpoint.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "protocol/insert.h"
#include "run/camp.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_LISTEN "127.0.0.1:8650"

struct serve_args {
  struct opt_list rest;
  const char *store, *listen, *report, *lang;
  const char *certificate, *key, *trust, *clients, *notify;
  const char *console;
  bool quiet;
};

struct serve {
  struct cli *cli;
  struct arena *arena; /* as long as the server */
  struct session *session;
  struct camp *camp;
  struct run_observer observer;
  const char *report_dir;
  struct console *console;            /* NULL: none was asked for, or not yet */
  const struct http_tls *console_tls; /* that of the systems' address, without asking for certificates */
  bool tls;
  struct notify *notify; /* NULL: nobody is told */
  VEC(struct str) ended; /* runs whose reports are to be written after this turn */
};

/* ---- runs that end ---- */

static void publish_ended(void *payload) {
  struct serve *v = payload;
  for (size_t i = 0; i < v->ended.n; i++) {
    struct run *r = camp_run(v->camp, v->ended.v[i]);
    struct cli c = *v->cli;
    struct error e;
    const char *html;
    if (!r || !run_state(r)->ended_at) continue; /* the turn was not kept: it ends once more */
    c.arena = arena_new(0);
    struct session s = *v->session;
    s.cli = &c;
    s.arena = c.arena;
    if (publish_run(&s, r, v->report_dir, &html, &e) < 0)
      cli_fail(&c, &e);
    else
      fprintf(c.err, "%.*s  %s  %s\n", STR_F(v->ended.v[i]), verdict_name(state_verdict(run_state(r))), html);
    arena_free(c.arena);
  }
  v->ended.n = 0;
}

static void on_event(void *context, const struct state *s, const struct event *ev) {
  struct serve *v = context;
  if (v->console) console_touched(v->console, s->run);
  if (v->notify) notify_event(v->notify, s);
  if (!event_is(ev, "run-ended")) return;
  if (!v->ended.n) loop_after(camp_loop(v->camp), 0, publish_ended, v);
  VEC_PUSH(v->arena, &v->ended, arena_str(v->arena, s->run));
}

/* ---- runs that come ---- */

static void warn_of_same_gln(struct session *s, const struct vendor *vendor) {
  const struct run *same = camp_same_gln(s->cli->serve->camp, vendor);
  if (!same) return;
  const struct vendor *other = run_state(same)->plan->vendor;
  fprintf(s->cli->err,
          "testcamp: %.*s has the GLN %.*s, and so has %.*s of %.*s: one of the two files is wrong. Their messages are "
          "told apart by the address they come to.\n",
          STR_F(vendor->system), STR_F(facts_get(&vendor->variables, "vendor.gln")), STR_F(other->system),
          STR_F(other->name));
}

/* A plan with steps of MedCom's own is of that run alone. */
static int keep_plan(struct session *s, struct str id, struct error *e) {
  return protocol_has_added(s->plan->protocol) ? session_keep(s, id, e) : session_share(s, e);
}

static int keep_options(struct session *s, struct str id, struct error *e) {
  struct serve *v = s->cli->serve;
  if (keep_plan(s, id, e) < 0 || session_standards(s, e) < 0) return -1;
  if (known_of_run(s, v->arena, (struct source){STR("known issues of the run"), s->options.known.file}, e) < 0)
    return -1;
  s->options.mode = arena_z(v->arena, str_z(s->options.mode));
  s->options.observer = v->observer;
  s->options.log = v->cli->log;
  s->cli->keep = s->cli->keep || s->options.answers;
  return 0;
}

static int check_exchange(const struct serve *s, const struct vendor *v, struct error *e) {
  if (str_eqz(v->exchange, "upload")) return 0; /* files go by put and get, or by the console */
  if (!endpoint_is_http(v->exchange))
    return error_set(e, ERR_CONFIG,
                     "%.*s exchanges messages by %.*s; serve takes systems that are reached over HTTP (vans-http, "
                     "sbdh-http, fhir-rest, eds, eer, eas), and upload",
                     STR_F(v->system), STR_F(v->exchange));
  if (!v->tls.certificate.n || s->tls) return 0;
  return error_set(
      e, ERR_CONFIG,
      "%.*s wants to be spoken to over TLS (\"tls\" in its vendor file), and the one address of serve does "
      "not speak it: start serve with --certificate and --key, or test the system in a process of its own",
      STR_F(v->system));
}

int serve_run(struct session *s, struct str id, struct error *e) {
  struct serve *v = s->cli->serve;
  struct run *r = id.n ? camp_run(v->camp, id) : NULL;
  if (!r) {
    if (check_exchange(v, s->plan->vendor, e) < 0) return -1;
    for (size_t i = 0; i < s->plan->parties.n; i++)
      if (check_exchange(v, s->plan->parties.v[i].vendor, e) < 0) return -1;
    if (s->options.clock.logical)
      return error_set(e, ERR_CONFIG,
                       "a run with --seed has a clock of its own and is alone: go on with it, or begin it, "
                       "when no server has the store");
    if (keep_options(s, id, e) < 0) return -1;
    warn_of_same_gln(s, s->plan->vendor);
    if (camp_add(v->camp, id, &s->options, &r, e) < 0) return -1;
    if (v->notify && id.n) notify_known(v->notify, run_state(r));
  }
  fprintf(s->cli->out, "%.*s  %.*s  %.*s  %s\n", STR_F(run_state(r)->run), STR_F(s->plan->protocol->id),
          STR_F(s->plan->vendor->system), run_address(r));
  drive_say_services(s->cli, s->cli->out, r);
  if (v->console)
    fprintf(s->cli->err, s->cli->danish ? "følg den på %s/runs/%.*s\n" : "follow it at %s/runs/%.*s\n",
            console_url(v->console), STR_F(run_state(r)->run));
  return 0;
}

static bool is_launched(const struct plan *p) {
  bool any = p->vendor->launch.n > 0;
  for (size_t i = 0; i < p->parties.n; i++) any = any || p->parties.v[i].vendor->launch.n;
  return any;
}

/* A system that we started ends with the run that is let go of, and is started anew with it. */
int serve_again(struct session *s, struct str id, struct error *e) {
  struct camp *camp = s->cli->serve->camp;
  if (camp_run(camp, id) && is_launched(s->plan)) {
    camp_drop(camp, id);
  } else if (camp_run(camp, id)) {
    if (keep_plan(s, id, e) < 0) return -1;
    s->cli->keep = s->cli->keep || s->options.answers;
    camp_read_again(camp, id, &s->options);
  }
  return serve_run(s, id, e);
}

void serve_drop(struct session *s, struct str id) {
  if (s->cli->serve) camp_drop(s->cli->serve->camp, id);
}

static void add_stored(struct serve *v, struct str run) {
  struct cli c = *v->cli;
  struct session s;
  struct error e;
  struct str id;
  c.arena = arena_new(0);
  c.host = v->session;
  c.serve = v;
  if (session_open(&s, &c, NULL, STORE_WRITE, &e) < 0 || session_load_run(&s, run, &id, &e) < 0 ||
      serve_run(&s, id, &e) < 0)
    cli_fail(&c, &e);
  arena_free(c.arena);
}

const char *serve_report_dir(const struct session *s) {
  return s->cli->serve ? s->cli->serve->report_dir : "reports";
}

void serve_catch_up(struct session *s, struct str run) {
  if (s->cli->serve) camp_catch_up(s->cli->serve->camp, run);
}

/* Whether a run goes on when serve comes up: what was said of it last counts. */
struct looking {
  bool ended_known, paused_known, stands;
};

static bool look_for_end(void *payload, const struct event *ev) {
  struct looking *l = payload;
  bool ended = event_is(ev, "run-ended"), paused = event_is(ev, "paused");
  l->stands = (!l->ended_known && ended) || (!l->paused_known && paused);
  l->ended_known = l->ended_known || event_is(ev, "attempt") || event_is(ev, "inserted");
  l->paused_known = l->paused_known || event_is(ev, "harness-started");
  return l->stands || (l->ended_known && l->paused_known);
}

/* A run that came as a bundle is never gone on with: its vendor file may name commands. */
static bool is_own_run(struct store *store, struct arena *a, const struct store_run *run) {
  return (!run->first || event_is(run->first, "run-started")) && !received_is(store, a, run->run);
}

static bool is_open_run(struct store *store, struct arena *a, const struct store_run *run) {
  struct looking l = {0};
  struct error e;
  return store_backwards(store, run->run, a, look_for_end, &l, &e) < 0 || !l.stands;
}

static int add_all_stored(struct serve *v, struct error *e) {
  struct arena *a = arena_new((size_t)1 << 30);
  struct store *store = v->session->store;
  struct store_run *runs;
  struct serve_known known;
  size_t n;
  int result = store_runs(store, a, &runs, &n, e);
  serve_known_init(&known, a, v->camp, store);
  for (size_t i = 0; result == 0 && i < n; i++) {
    struct arena *scratch = arena_new(0);
    if (is_own_run(store, scratch, &runs[i])) {
      serve_known_add(&known, runs[i].first);
      if (is_open_run(store, scratch, &runs[i])) add_stored(v, runs[i].run);
    }
    arena_free(scratch);
  }
  arena_free(a);
  return result;
}

/* ---- commands from beside ---- */

static int on_command(void *context, FILE *out, FILE *err, int argc, char **argv) {
  struct serve *v = context;
  struct cli c = {.arena = arena_new(0),
                  .out = out,
                  .err = err,
                  .log = {.to = err, .level = v->cli->log.level},
                  .version = v->cli->version,
                  .schemas = v->cli->schemas,
                  .host = v->session,
                  .serve = v};
  if (camp_is_joining(v->camp)) {
    int busy = cli_usage(&c, "the server is starting the system of another run; try again in a moment");
    arena_free(c.arena);
    return busy;
  }
  camp_settle(v->camp);
  int code = cli_dispatch(&c, argc, argv);
  store_rollback(v->session->store); /* of a command that failed half way */
  /* The run may stand behind options; a word that happens to be the beginning of another's id does no harm. */
  for (int i = 1; i < argc; i++) camp_catch_up(v->camp, str_z(argv[i]));
  if (!c.keep) arena_free(c.arena);
  if (v->console) console_touched(v->console, argc > 1 ? str_z(argv[1]) : STR(""));
  return code;
}

/* ---- the console ---- */

/* Commands from beside change the working folder while they are carried out. */
static const char *absolute(struct arena *a, const char *path) {
  char *here = getcwd(NULL, 0);
  const char *whole = here ? file_join(a, here, path) : path;
  free(here);
  return whole;
}

static void close_run(void *run) {
  run_close(run);
}

static int look_at(void *context, struct str run, struct arena *a, struct run **out, struct error *e) {
  struct serve *v = context;
  struct cli *c = ARENA_NEW(a, struct cli);
  struct session *s = ARENA_NEW(a, struct session);
  struct str id;
  *c = *v->cli;
  c->arena = a;
  c->host = v->session;
  c->serve = v;
  if (session_open(s, c, NULL, STORE_READ, e) < 0 || session_load_run(s, run, &id, e) < 0) return -1;
  if (!str_eq(id, run)) return error_set(e, ERR_CONFIG, "there is no run %.*s", STR_F(run));
  s->options.even_damaged = true;
  if (run_look(out, id, &s->options, e) < 0) return -1;
  arena_defer(a, close_run, *out);
  return 0;
}

static int look_at_approvals(void *context, struct arena *a, bool danish, struct approvals *out, struct error *e) {
  struct serve *v = context;
  struct cli c = *v->cli;
  struct session s;
  c.arena = a;
  c.host = v->session;
  c.serve = v;
  c.danish = danish;
  return session_open(&s, &c, NULL, STORE_READ, e) < 0 ? -1 : approvals_load(out, &s, e);
}

static const char *program_path(struct arena *a) {
  char *path = arena_alloc(a, PATH_MAX);
  ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
  path[n < 0 ? 0 : n] = '\0';
  return path;
}

/* Beside the one address of the systems: at this machine only, at the port after it. */
static const char *console_address(struct arena *a, const struct serve_args *args) {
  const char *listen = args->listen ? args->listen : DEFAULT_LISTEN, *colon = strrchr(listen, ':');
  int64_t port = 0;
  if (args->console) return args->console;
  if (!colon || !str_int(str_z(colon + 1), &port) || port >= UINT16_MAX) port = 0;
  return arena_printf(a, "127.0.0.1:%lld", (long long)(port ? port + 1 : 0)).p;
}

static int open_console(struct serve *v, const struct serve_args *args, const char *store_path, struct error *e) {
  struct cli *c = v->cli;
  const char *listen = console_address(v->arena, args);
  struct console_options o = {
      .camp = v->camp,
      .store = v->session->store,
      .store_path = absolute(v->arena, store_path),
      .data_dir = v->session->options.data_dir,
      .report_dir = v->report_dir,
      .listen = listen,
      .tls = console_is_local(listen) ? NULL : v->console_tls,
      .certificate = v->console_tls ? v->console_tls->certificate : STR(""),
      .program = program_path(v->arena),
      .version = c->version,
      .danish = c->danish,
      .host = {.context = v, .command = on_command, .look = look_at, .approvals = look_at_approvals},
      .log = c->log};
  if (!strcmp(listen, "none")) return 0;
  if (console_open(&v->console, &o, e) < 0) return -1;
  fprintf(c->err, "console at %s\n", console_url(v->console));
  return 0;
}

static void on_signal(void *payload, int signal) {
  struct serve *v = payload;
  (void)signal;
  camp_stop(v->camp);
}

static int go(struct serve *v, const struct serve_args *args, const char *store_path, struct error *e) {
  struct control *control;
  struct control_handler h = {.run = on_command, .context = v};
  if (control_open(&control, camp_loop(v->camp), store_path, &h, e) < 0) return -1;
  int result = loop_on_signal(camp_loop(v->camp), on_signal, v, e);
  if (result == 0) result = add_all_stored(v, e);
  if (result == 0) result = open_console(v, args, store_path, e);
  if (result == 0) {
    fprintf(v->cli->err, "serving %zu runs at %s; start more with: testcamp run\n", camp_count(v->camp).runs,
            camp_url(v->camp));
    camp_go(v->camp);
  }
  console_close(v->console);
  v->console = NULL;
  control_close(control);
  return result;
}

static const struct state *find_state(void *context, struct str run) {
  struct serve *v = context;
  const struct run *r = camp_run(v->camp, run);
  return r ? run_state(r) : NULL;
}

static int open_notify(struct serve *v, const char *file, struct error *e) {
  struct notify_config *config = ARENA_NEW(v->arena, struct notify_config);
  struct source src = {.name = str_z(file)};
  if (!file) return 0;
  if (file_read(&src.bytes, v->arena, file, NOTIFY_FILE_MAX, e) < 0 || notify_read(config, v->arena, src, e) < 0)
    return -1;
  return notify_open(&v->notify, v->arena, v->cli, camp_loop(v->camp), config, find_state, v, e);
}

static int read_pem(struct str *out, struct arena *a, const char *file, struct error *e) {
  return file ? file_read(out, a, file, HTTP_IDENTITY_MAX, e) : 0;
}

/* Systems may be known by their certificates alone (vendor files), so that they are asked for where nobody is trusted;
 * demanded they can only be by those who know whom to believe. */
static int read_tls(struct http_tls *t, struct arena *a, const struct serve_args *args, struct error *e) {
  static const char *const names[] = {
      [HTTP_CLIENTS_ANY] = "any", [HTTP_CLIENTS_ASKED] = "asked", [HTTP_CLIENTS_REQUIRED] = "required"};
  const char *clients = args->clients ? args->clients : "asked";
  size_t n = sizeof names / sizeof *names, i = 0;
  while (i < n && strcmp(clients, names[i]) != 0) i++;
  if (i == n) return error_set(e, ERR_CONFIG, "--clients %s: it is any, asked or required", clients);
  if (!args->certificate || !args->key)
    return error_set(e, ERR_CONFIG, "--certificate and --key go together: what serve shows, and its key");
  if (i == HTTP_CLIENTS_REQUIRED && !args->trust)
    return error_set(e, ERR_CONFIG, "--clients %s needs --trust: the authorities that their certificates lead to",
                     clients);
  t->clients = (enum http_clients)i;
  t->known = true;
  if (read_pem(&t->certificate, a, args->certificate, e) < 0 || read_pem(&t->key, a, args->key, e) < 0) return -1;
  return read_pem(&t->authorities, a, args->trust, e);
}

static int serve(struct session *s, const struct serve_args *a, const char *store_path, struct error *e) {
  struct serve v = {.cli = s->cli, .arena = s->arena, .session = s};
  struct session_cache cache;
  struct camp_options o = {.store = s->store, .listen = a->listen ? a->listen : DEFAULT_LISTEN, .log = s->cli->log};
  struct http_tls tls = {0}, console_tls;
  v.tls = a->certificate || a->key || a->trust || a->clients;
  if (v.tls && read_tls(&tls, s->arena, a, e) < 0) return -1;
  if (v.tls) o.tls = &tls;
  console_tls = (struct http_tls){.certificate = tls.certificate, .key = tls.key};
  if (v.tls) v.console_tls = &console_tls;
  v.report_dir = absolute(s->arena, a->report ? a->report : "reports");
  s->options.data_dir = absolute(s->arena, s->options.data_dir);
  v.observer = (struct run_observer){.context = &v, .event = on_event};
  session_cache_init(&cache, s->arena);
  s->cache = &cache;
  if (publish_prepare(v.report_dir, e) < 0 || camp_open(&v.camp, &o, e) < 0) return -1;
  int result = open_notify(&v, a->notify, e) < 0 ? -1 : go(&v, a, store_path, e);
  notify_close(v.notify);
  v.notify = NULL;
  camp_close(v.camp);
  return result;
}

static int cmd_serve(struct cli *c, const struct command *self, int argc, char **argv) {
  struct serve_args a = {0};
  struct session s;
  struct error e;
  const struct opt table[] = {
      {"listen", OPT_TEXT, "HOST:PORT", "the one address of all systems (default: " DEFAULT_LISTEN ")", &a.listen},
      {"console", OPT_TEXT, "HOST:PORT|none", "where browsers find the console (default: this machine, the next port)",
       &a.console},
      {"certificate", OPT_TEXT, "FILE", "speak TLS, and show this certificate (PEM)", &a.certificate},
      {"key", OPT_TEXT, "FILE", "its private key (PEM)", &a.key},
      {"trust", OPT_TEXT, "FILE", "authorities that the systems' certificates have to lead to (PEM)", &a.trust},
      {"clients", OPT_TEXT, "any|asked|required", "whether systems show a certificate (default: asked)", &a.clients},
      {"report", OPT_TEXT, "DIR", "write reports there when a run ends (default: reports)", &a.report},
      {"notify", OPT_TEXT, "FILE", "tell by webhook or mail who is waited for (YAML; see testcamp(1))", &a.notify},
      OPT_SCHEMAS(c),
      {"store", OPT_TEXT, "FILE", "event log", &a.store},
      {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
      {"quiet", OPT_FLAG, NULL, "say only what went wrong", &a.quiet},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = a.lang && !strcmp(a.lang, "da");
  if (a.quiet) c->log.level = LOG_QUIET;
  const char *path = a.store ? a.store : store_default_path(c->arena);
  if (session_open(&s, c, absolute(c->arena, path), STORE_WRITE, &e) < 0) return cli_fail(c, &e);
  int code = serve(&s, &a, path, &e) < 0 ? cli_fail(c, &e) : EXIT_OK;
  session_close(&s);
  return code;
}

const struct command command_serve = {.name = "serve",
                                      .arguments = "[OPTION...]",
                                      .summary = "serve all open runs of a testcamp at one address",
                                      .run = cmd_serve};
