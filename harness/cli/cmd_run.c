#include "cli/commands.h"
#include "cli/drive.h"
#include "cli/dry_run.h"
#include "cli/known.h"
#include "cli/present.h"
#include "cli/publish.h"
#include "cli/scripts.h"
#include "cli/serve.h"
#include "cli/since.h"
#include "endpoint/endpoint.h"
#include "lint/lint.h"
#include "steps/steps.h"

#include <string.h>

struct run_args {
  struct opt_list protocols, vendors, cases, set;
  struct scripts_args scripts;
  const char *answers, *mode, *report, *seed, *store, *scale, *launch, *listen, *lang, *since, *persons, *known_issues,
      *format;
  struct known_issues *known; /* NULL: none */
  bool quiet, verbose, by_hand, dry_run;
};

static enum opts_result read_args(struct cli *c, const struct command *self, struct run_args *a, int argc,
                                  char **argv) {
  const struct opt table[] = {
      {"vendor", OPT_LIST, "[ROLE|PARTY=]FILE", "the vendor's system; one each for several that take part",
       &a->vendors},
      {"case", OPT_LIST, "ID", "only this case; may be repeated", &a->cases},
      {"since", OPT_TEXT, "RUN", "only what has changed since that run; the rest carries over", &a->since},
      {"answers", OPT_TEXT, "FILE", "answers of persons, instead of asking", &a->answers},
      {"mode", OPT_TEXT, "MODE", "self-test (default) or certify", &a->mode},
      {"report", OPT_TEXT, "DIR", "write reports there (default: reports)", &a->report},
      {"persons", OPT_TEXT, "FILE", "further test persons: CPR numbers, one a line", &a->persons},
      {"seed", OPT_TEXT, "N", "repeatable: identifiers and times follow from N", &a->seed},
      {"store", OPT_TEXT, "FILE", "event log (default: in the user's state folder)", &a->store},
      {"set", OPT_LIST, "NAME=VALUE", "another value for a parameter of the protocol", &a->set},
      SCRIPTS_OPTIONS(&a->scripts),
      {"clock-scale", OPT_TEXT, "N", "deadlines pass N times faster; needs clock: {scalable: true}", &a->scale},
      {"launch", OPT_TEXT, "COMMAND", "start the system by this instead of the vendor file's command", &a->launch},
      {"listen", OPT_TEXT, "HOST:PORT", "where the simulated VANS listens", &a->listen},
      {"known-issues", OPT_TEXT, "FILE", "findings that are agreed upon", &a->known_issues},
      OPT_SCHEMAS(c),
      {"by-hand", OPT_FLAG, NULL, "messages only by put and get", &a->by_hand},
      {"lang", OPT_TEXT, "da|en", "language of what is printed", &a->lang},
      {"dry-run", OPT_FLAG, NULL, "only say what will and will not be tested, and why", &a->dry_run},
      {"format", OPT_TEXT, "text|json", "of --dry-run", &a->format},
      {"quiet", OPT_FLAG, NULL, "no step list", &a->quiet},
      {"verbose", OPT_FLAG, NULL, "passed steps and messages too", &a->verbose},
      {0}};
  return opts_read(c, self, table, argc, argv, &a->protocols);
}

/* "NAME=FILE", of a role or a party, or "FILE", where a plain one will do. */
static const char *vendor_of(const struct run_args *a, struct str name, bool or_plain) {
  const char *plain = NULL;
  for (size_t i = 0; i < a->vendors.n; i++) {
    struct str rest = str_z(a->vendors.v[i]);
    bool named = str_index(rest, '=') != SIZE_MAX;
    struct str said = str_cut(&rest, '=');
    if (named && str_eq(said, name)) return rest.p;
    if (!named && !plain) plain = a->vendors.v[i];
  }
  return or_plain ? plain : NULL;
}

static int set_parameters(struct session *s, const struct run_args *a, const struct protocol *p, struct error *e) {
  struct facts *f = ARENA_NEW(s->arena, struct facts);
  facts_init(f, s->arena);
  for (size_t i = 0; i < a->set.n; i++) {
    struct str value = str_z(a->set.v[i]);
    struct str name = str_cut(&value, '=');
    const struct protocol_parameter *known = NULL;
    int64_t ms;
    for (size_t k = 0; k < p->parameters.n; k++)
      if (str_eq(p->parameters.v[k].name, name)) known = &p->parameters.v[k];
    if (!known)
      return error_set(e, ERR_CONFIG, "--set %s: protocol %.*s has no parameter of that name", a->set.v[i],
                       STR_F(p->id));
    if (duration_parse(known->value, &ms) && !duration_parse(value, &ms))
      return error_set(e, ERR_CONFIG, "--set %s: that is no duration, such as %.*s", a->set.v[i], STR_F(known->value));
    facts_put(f, name, value);
  }
  s->options.parameters = f;
  return 0;
}

static bool is_certify(const struct run_args *a) {
  return a->mode && !strcmp(a->mode, RECORD_CERTIFY);
}

/* A scaled clock is only for systems whose own intervals can be set, and never for a certification. */
static int set_clock(struct session *s, const struct run_args *a, const struct vendor *v, struct error *e) {
  double scale = 1;
  if (a->seed)
    clock_init_logical(&s->options.clock);
  else
    clock_init(&s->options.clock);
  if (!a->scale) return 0;
  if (!str_double(str_z(a->scale), &scale) || scale < 1 || scale > 100000)
    return error_set(e, ERR_CONFIG, "--clock-scale %s: a number from 1 to 100000 is needed", a->scale);
  if (!v->clock_scalable)
    return error_set(e, ERR_CONFIG,
                     "--clock-scale: %.*s does not declare `clock: {scalable: true}`, so its deadlines are real ones",
                     STR_F(v->source.name));
  if (scale != 1 && is_certify(a))
    return error_set(e, ERR_CONFIG, "--clock-scale is refused in mode certify: deadlines are real ones there");
  s->options.clock.scale = scale;
  return 0;
}

static int set_options(struct session *s, const struct run_args *a, const struct protocol *p, const struct vendor *v,
                       struct error *e) {
  s->options.mode = a->mode ? a->mode : "self-test";
  s->options.seed = a->seed;
  s->options.launch = a->launch;
  s->options.listen = a->listen;
  s->options.by_hand = a->by_hand;
  return set_parameters(s, a, p, e) < 0 ? -1 : set_clock(s, a, v, e);
}

/* Every vendor file given, against every other. */
static int check_vendors(struct session *s, const struct run_args *a, struct error *e) {
  struct vendor *v[OPTS_LIST_MAX];
  for (size_t i = 0; i < a->vendors.n; i++) {
    struct str rest = str_z(a->vendors.v[i]);
    struct str role = str_cut(&rest, '=');
    if (vendor_load(&v[i], s->arena, rest.n ? rest.p : role.p, e) < 0) return -1;
    for (size_t k = 0; k < i; k++)
      if (!str_eq(v[i]->digest, v[k]->digest) && vendor_check_distinct(v[k], v[i], e) < 0) return -1;
  }
  return 0;
}

/* A live test belongs to a course, whose self-test MedCom has accepted; with real times only. */
static int attach_course(struct session *s, const struct run_args *a, struct error *e) {
  struct courses all;
  s->options.course = NULL;
  if (!is_certify(a)) return 0;
  if (a->seed) return error_set(e, ERR_CONFIG, "--seed is refused in mode certify: its times are not real ones");
  if (courses_load(&all, s->store, s->arena, e) < 0) return -1;
  return courses_for_live_test(&all, s->plan, &s->options.course, e);
}

/* The files that the protocol's role and its parties have. */
static int load_vendors(struct session *s, const struct run_args *a, const struct protocol *p, struct plan_vendors *v,
                        struct error *e) {
  struct plan_party *others = ARENA_ARRAY(s->arena, struct plan_party, p->parties.n + 1);
  const char *own = vendor_of(a, p->role, true);
  if (!own) return error_set(e, ERR_CONFIG, "no --vendor for role %.*s", STR_F(p->role));
  v->others = others;
  for (size_t i = 0; i < p->parties.n; i++) {
    struct plan_party *party = &others[v->others_n];
    const char *file = vendor_of(a, p->parties.v[i].name, false);
    party->name = p->parties.v[i].name;
    if (!file) continue;
    if (vendor_load(&party->vendor, s->arena, file, e) < 0) return -1;
    v->others_n++;
  }
  return vendor_load(&v->own, s->arena, own, e);
}

/* Vendor, plan, standards, options: all that a run is made of, before one begins. */
static int prepare(struct session *s, const struct run_args *a, struct protocol *p, const struct opt_list *cases,
                   struct error *e) {
  struct plan_vendors v = {0};
  if (session_persons(s, a->persons, e) < 0 || load_vendors(s, a, p, &v, e) < 0) return -1;
  if (session_plan(s, p, &v, cases, e) < 0 || answers_declared(s->options.answers, v.own, e) < 0) return -1;
  if (session_standards(s, e) < 0 || set_options(s, a, p, v.own, e) < 0 || attach_course(s, a, e) < 0) return -1;
  return known_for_run(s, a->known, e);
}

struct outcome {
  struct scripts_table *scripts; /* NULL: the protocol is not of TestScripts */
  int code;
  bool interrupted;
};

static int play(struct session *s, const struct run_args *a, struct since *since, struct outcome *out,
                struct error *e) {
  struct drive d;
  const struct protocol *p = s->plan->protocol;
  drive_init(&d, s, true, a->report ? a->report : "reports");
  int started = run_start(&d.run, &s->options, e);
  since_close(since, s);
  if (started < 0) return -1;
  fprintf(s->cli->err, "%s%.*s%s  %s  %s\n", cli_colour(s->cli->colour_err, "1"), STR_F(p->id),
          cli_colour(s->cli->colour_err, "0"), arena_z(s->arena, run_state(d.run)->run), run_address(d.run));
  out->code = drive_go(&d);
  out->interrupted = d.interrupted;
  if (out->scripts) scripts_note(out->scripts, s->cli, run_state(d.run));
  run_close(d.run);
  return 0;
}

static int run_one(struct session *s, const struct run_args *a, struct protocol *p, struct outcome *out,
                   struct error *e) {
  struct since since = {0};
  /* A set of scripts is several protocols: a case is of one of them. */
  const struct opt_list *cases = out->scripts ? scripts_cases(s->cli, p, &a->cases) : &a->cases;
  if (a->cases.n && !cases->n) return 0;
  if (prepare(s, a, p, cases, e) < 0) return -1;
  if (a->since && since_open(&since, s, a->since, e) < 0) return -1;
  if (!a->dry_run && !s->cli->serve) return play(s, a, &since, out, e);
  int result = 0;
  if (a->dry_run)
    dry_run_print(s, a->format && !strcmp(a->format, "json"));
  else
    result = serve_run(s, (struct str){0}, e);
  since_close(&since, s);
  return result;
}

/* The worst of two exit codes: failed, then unjudged, then passed. */
static int worse(int a, int b) {
  if (a == EXIT_FAILED || b == EXIT_FAILED) return EXIT_FAILED;
  return a > b ? a : b;
}

/* A protocol with a mistake is not run. Reads it, prints every mistake, and says whether there is none. */
static bool load_protocol(struct session *s, const char *path, struct protocol **p, struct error *e) {
  struct findings f;
  findings_init(&f, s->arena);
  if (protocol_load(p, s->arena, path, s->options.data_dir, step_kinds, e) < 0) return false;
  if (lint_protocol(&f, s->arena, *p, s->options.data_dir, NULL) == 0) return true;
  present_lines(s->cli, s->cli->err, &f, s->cli->colour_err);
  (void)error_set(e, ERR_CONFIG, "%s has mistakes and is not run", path);
  return false;
}

/* All that is to be run: a set of TestScripts is a protocol for each role in it. */
struct loaded {
  struct protocol *v[2 * OPTS_LIST_MAX];
  bool scripts[2 * OPTS_LIST_MAX];
  size_t n;
};

static int load_one(struct session *s, const struct run_args *a, const char *path, struct loaded *l, struct error *e) {
  struct scripts_protocols made = {0};
  struct scripts_args scripts = a->scripts;
  struct str rest = str_z(a->vendors.v[0]), role = str_cut(&rest, '=');
  struct vendor *v;
  if (!testscript_is(s->arena, path)) return load_protocol(s, path, &l->v[l->n++], e) ? 0 : -1;
  if (vendor_load(&v, s->arena, rest.n ? rest.p : role.p, e) < 0) return -1;
  /* A script may be meant for either side: the vendor file says which one the system is. */
  if (!scripts.system && v->rest.n && !endpoint_is_rest(v->exchange)) scripts.system = "server";
  if (scripts_load(&made, s->cli, path, &scripts, e) < 0) return -1;
  for (size_t i = 0; i < made.n; i++) {
    l->scripts[l->n] = true;
    l->v[l->n++] = made.v[i];
  }
  return 0;
}

/* A case that is chosen must be there. */
static int check_cases(const struct run_args *a, const struct loaded *l, struct error *e) {
  for (size_t i = 0; i < a->cases.n; i++) {
    bool known = false;
    for (size_t k = 0; k < l->n; k++)
      known = known || !l->scripts[k] || protocol_case_find(l->v[k], str_z(a->cases.v[i]));
    if (!known) return error_set(e, ERR_CONFIG, "--case %s: no script has that id", a->cases.v[i]);
  }
  return 0;
}

static int load_all(struct session *s, const struct run_args *a, struct loaded *l, struct error *e) {
  struct answers *an = NULL;
  for (size_t i = 0; i < a->protocols.n; i++)
    if (load_one(s, a, a->protocols.v[i], l, e) < 0) return -1;
  if (check_cases(a, l, e) < 0) return -1;
  if (a->answers && answers_load(&an, s->arena, a->answers, e) < 0) return -1;
  s->options.answers = an;
  return answers_check(an, (const struct protocol *const *)l->v, l->n, e);
}

static int run_all(struct session *s, const struct run_args *a) {
  struct error e;
  struct loaded *l = ARENA_NEW(s->arena, struct loaded);
  struct scripts_table scripts = {0};
  struct outcome out = {0};
  int all = EXIT_OK;
  if (load_all(s, a, l, &e) < 0 || check_vendors(s, a, &e) < 0) return cli_fail(s->cli, &e);
  if (!a->dry_run && publish_prepare(a->report ? a->report : "reports", &e) < 0) return cli_fail(s->cli, &e);
  for (size_t i = 0; i < l->n && !out.interrupted; i++) {
    out = (struct outcome){.scripts = l->scripts[i] ? &scripts : NULL};
    if (run_one(s, a, l->v[i], &out, &e) < 0) {
      out.code = cli_fail(s->cli, &e);
      if (!out.scripts) return out.code;
      scripts_note_error(&scripts, s->cli, l->v[i], &e);
    }
    all = worse(all, out.code);
  }
  scripts_print(&scripts, s->cli);
  return all;
}

/* ---- a look at several ---- */

static bool is_overview(const struct run_args *a) {
  return a->dry_run && a->protocols.n > 1 && a->format && !strcmp(a->format, "json");
}

/* Whether it could be a live test hangs on the courses of a store: looked at where one is given. */
static const struct error *refused_live_test(struct session *s, const struct run_args *a, const struct courses *all,
                                             struct error *why) {
  struct course *course;
  return a->store && courses_for_live_test(all, s->plan, &course, why) < 0 ? why : NULL;
}

static int overview(struct session *s, const struct run_args *a) {
  struct dry_run_list list;
  struct courses courses = {0};
  struct error e, why;
  if (check_vendors(s, a, &e) < 0) return cli_fail(s->cli, &e);
  if (a->store && courses_load(&courses, s->store, s->arena, &e) < 0) return cli_fail(s->cli, &e);
  dry_run_begin(&list);
  for (size_t i = 0; i < a->protocols.n; i++) {
    struct loaded l = {.n = 0};
    const char *file = a->protocols.v[i];
    int result = load_one(s, a, file, &l, &e);
    for (size_t k = 0; result == 0 && k < l.n; k++) {
      result = prepare(s, a, l.v[k], &a->cases, &e);
      if (result == 0) dry_run_add(&list, s, file, refused_live_test(s, a, &courses, &why));
    }
    if (result < 0) dry_run_add_error(&list, file, &e);
  }
  dry_run_end(&list, s->cli);
  return EXIT_OK;
}

static bool is_whole(struct cli *c, const struct run_args *a, const struct command *self) {
  static const char *const missing[] = {"the file of a protocol is missing",
                                        "--vendor FILE is missing: the system to test"};
  if (a->protocols.n && a->vendors.n) return true;
  cli_usage(c, "%s; usage: testcamp %s %s", missing[a->protocols.n > 0], self->name, self->arguments);
  return false;
}

static bool right_use(struct cli *c, const struct run_args *a, const struct command *self) {
  if (!is_whole(c, a, self)) return false;
  if (a->since && a->protocols.n > 1) {
    cli_usage(c, "--since goes with one protocol: the run that it names was of one");
    return false;
  }
  if (a->mode && strcmp(a->mode, "self-test") && strcmp(a->mode, "certify")) {
    cli_usage(c, "--mode %s: there is self-test and certify", a->mode);
    return false;
  }
  if (a->format && (!a->dry_run || (strcmp(a->format, "text") && strcmp(a->format, "json")))) {
    cli_usage(c, "--format is that of --dry-run: text or json; reports have --report");
    return false;
  }
  if (a->lang && strcmp(a->lang, "da") && strcmp(a->lang, "en")) {
    cli_usage(c, "--lang %s: there is da and en", a->lang);
    return false;
  }
  return true;
}

/* A dry run needs the store only for what hangs on another run, and then reads it. */
static int open_session(struct session *s, struct cli *c, const struct run_args *a, struct error *e) {
  bool looks = a->since || is_certify(a) || (is_overview(a) && a->store);
  if (a->dry_run && !looks) return session_open_dry(s, c, e);
  return session_open(s, c, a->store, a->dry_run ? STORE_READ : STORE_WRITE, e);
}

static int cmd_run(struct cli *c, const struct command *self, int argc, char **argv) {
  struct run_args a = {0};
  struct session s;
  struct error e;
  enum opts_result r = read_args(c, self, &a, argc, argv);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (!right_use(c, &a, self)) return EXIT_USAGE;
  c->danish = a.lang && !strcmp(a.lang, "da");
  c->log.level = a.quiet ? LOG_QUIET : a.verbose ? LOG_VERBOSE : LOG_NORMAL;
  int code =
      a.known_issues ? known_open(&a.known, c, a.known_issues, a.seed ? CLOCK_LOGICAL_START : clock_wall()) : EXIT_OK;
  if (code != EXIT_OK) return code;
  if (open_session(&s, c, &a, &e) < 0) return cli_fail(c, &e);
  code = is_overview(&a) ? overview(&s, &a) : run_all(&s, &a);
  session_close(&s);
  return code;
}

const struct command command_run = {.name = "run",
                                    .arguments = "PROTOCOL|TESTSCRIPT... --vendor FILE [OPTION...]",
                                    .summary = "run test protocols against a vendor's system",
                                    .run = cmd_run,
                                    .writes = true};
