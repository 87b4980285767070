/* /check/regress: what changes when messages are judged by other definitions, by `testcamp regress`. It may take long,
 * so that it is done by a job that waits for nobody: one at a time, how far it is on the page of whoever looks, and
 * what came of it kept until the next one or the end of serve. */
#include "base/clock.h"
#include "console/check_int.h"
#include "console/offers.h"
#include "net/loop.h"

#define SECONDS_MAX (30 * 60)
#define TICK_MS 1000
#define TOPIC STR("check-regress")
#define NAME_MAX 200

struct errand {
  struct console *console;
  struct arena *arena;
  struct job *job; /* NULL: it has ended */
  struct loop_timer *ticker;
  struct str from, to, by;
  int64_t began, ended;
  struct done done;
};

/* ---- the job ---- */

static void on_tick(void *payload) {
  struct errand *x = payload;
  x->ticker = loop_after(x->console->loop, TICK_MS, on_tick, x);
  live_touch(x->console, TOPIC);
}

static void on_done(void *payload, const struct done *d) {
  struct errand *x = payload;
  loop_cancel(x->console->loop, x->ticker);
  x->job = NULL, x->ticker = NULL;
  x->done = *d, x->ended = clock_wall();
  if (d->code > DONE_KILLED) x->done.out = STR(""); /* half of it looks like all of it */
  live_touch(x->console, TOPIC);
}

void regress_free(struct console *c) {
  if (!c->errand) return;
  if (c->errand->ticker) loop_cancel(c->loop, c->errand->ticker);
  arena_free(c->errand->arena);
  c->errand = NULL;
}

/* ---- the page ---- */

/* What the command has written last behind a carriage return: "12/173 ". */
static struct str how_far(struct visit *v, const struct errand *x) {
  struct str all = str_trim(job_said_last(x->job, v->arena));
  for (size_t i = all.n; i > 0; i--)
    if (all.p[i - 1] == '\r' || all.p[i - 1] == '\n') return str_sub(all, i, all.n);
  return all;
}

static void write_working(struct visit *v, const struct errand *x) {
  struct str far = how_far(v, x), whole = far;
  struct str done = str_cut(&whole, '/');
  int64_t n = 0, of = 0;
  page_open(v, "p", "notice wait");
  page_attr(v, "role", "status");
  page_say(v, "At work: ", "I gang: ");
  if (str_int(done, &n) && str_int(whole, &of)) {
    page_open(v, "progress", NULL), page_attr(v, "max", "%lld", (long long)of),
        page_attr(v, "value", "%lld", (long long)n);
    page_close(v);
    page_printf_in(v, "span", NULL, " %lld %s %lld %s", (long long)n, visit_word(v, "of", "af"), (long long)of,
                   visit_word(v, "messages", "meddelelser"));
  } else if (str_eqz(far, "faults")) {
    page_say(v, "messages with a seeded fault", "meddelelser med en indlagt fejl");
  } else {
    page_say(v, "the definitions are read", "definitionerne læses");
  }
  page_close(v);
  form_open(v, false, "/check/regress/stop");
  form_button(v, NULL, NULL, "danger small", "Stop", "Stop");
  page_close(v);
}

static void write_verdict(struct visit *v, const struct done *d) {
  static const struct {
    int code;
    const char *cls, *en, *da;
  } rows[] = {{0, "notice", "Nothing changes that is not agreed.", "Intet ændres, som ikke er aftalt."},
              {1, "notice error", "Something changes that is not agreed.", "Noget ændres, som ikke er aftalt."},
              {3, "notice wait", "Nothing is seen to change, but not all could be judged.",
               "Der ses ingen ændring, men ikke alt kunne bedømmes."}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (d->code == rows[i].code) {
      page_say_in(v, "p", rows[i].cls, rows[i].en, rows[i].da);
      return;
    }
  if (d->code > DONE_KILLED)
    page_say_in(v, "p", "notice error", "It was stopped, or took too long.",
                "Den blev stoppet eller tog for lang tid.");
  else
    page_say_in(v, "p", "notice error", "They could not be compared.", "De kunne ikke sammenlignes.");
}

/* Without how far it was. */
static struct str complaints(struct str err) {
  for (size_t i = err.n; i > 0; i--)
    if (err.p[i - 1] == '\r')
      return str_trim(str_starts(str_sub(err, i, err.n), STR("\033[K")) ? str_sub(err, i + 3, err.n)
                                                                        : str_sub(err, i, err.n));
  return str_trim(err);
}

static void write_state(struct visit *v) {
  const struct errand *x = v->console->errand;
  if (!x) return;
  page_printf_in(v, "h2", NULL, "%.*s → %.*s", STR_F(x->from), STR_F(x->to));
  if (x->by.n)
    page_printf_in(v, "p", "soft", "%s %.*s, %.*s", visit_word(v, "Asked for by", "Ønsket af"), STR_F(x->by),
                   STR_F(when_text(v, x->began)));
  if (x->job) {
    write_working(v, x);
    return;
  }
  write_verdict(v, &x->done);
  check_said(v, visit_without_folders(v, complaints(x->done.err)));
  if (x->done.out.n) page_save_link(v, "regress.txt", visit_without_folders(v, x->done.out));
  check_said(v, visit_without_folders(v, x->done.out));
}

static void write_side(struct visit *v, const char *name, const char *file, const char *en, const char *da) {
  page_open(v, "fieldset", NULL);
  page_say_in(v, "legend", NULL, en, da);
  form_input(v, "text", name, webform_get(&v->form, name), "NAME@VERSION", "NAVN@VERSION");
  form_input(v, "file", file, STR(""), "or a package (.tgz)", "eller en pakke (.tgz)");
  page_close(v);
}

static void write_protocols(struct visit *v) {
  struct offer **list;
  struct str chosen = webform_get(&v->form, "protocol");
  size_t n;
  offers_protocols(v->console, &list, &n);
  form_select(v, "protocol", "Test protocols whose steps are looked at", "Testprotokoller, hvis teststep ses på");
  form_option(v, STR(""), str_z(visit_word(v, "all", "alle")), !chosen.n);
  for (size_t i = 0; i < n; i++)
    form_option(v, list[i]->id, arena_printf(v->arena, "%.*s %.*s", STR_F(list[i]->id), STR_F(list[i]->version)),
                str_eq(chosen, list[i]->id));
  form_select_end(v);
}

static void write_choice(struct visit *v, const char *name, const char *en, const char *da) {
  form_choice(v, "checkbox", name, "yes", webform_get(&v->form, name).n > 0, en, da);
}

static void begin(struct visit *v) {
  visit_begin(v, "Change of definitions", "Ændrede definitioner");
  check_tabs(v);
  page_say_in(
      v, "p", "soft",
      "What is judged otherwise when FHIR definitions change: the examples of both packages and the messages of "
      "the test protocols, as they are and with seeded faults, are judged by both.",
      "Det, der bedømmes anderledes, når FHIR-definitioner ændres: eksemplerne i begge pakker og "
      "testprotokollernes meddelelser, som de er og med indlagte fejl, bedømmes efter begge.");
  form_open(v, true, "/check/regress");
  page_open(v, "div", "sides");
  write_side(v, "from", "from-file", "Before", "Før");
  write_side(v, "to", "to-file", "After", "Efter");
  page_close(v);
  write_protocols(v);
  form_input(v, "file", "accept", STR(""), "Changes that are agreed (the file of --accept), if any",
             "Ændringer, der er aftalt (filen til --accept), hvis der er nogen");
  write_choice(v, "recorded", "also what systems sent in the runs here",
               "også det, systemer har sendt i testforløb her");
  write_choice(v, "no-faults", "without seeded faults (faster)", "uden indlagte fejl (hurtigere)");
  write_choice(v, "all", "agreed changes too, and everything in full", "også aftalte ændringer, og alt i fuld længde");
  form_button(v, NULL, NULL, "main", "Compare", "Sammenlign");
  page_close(v);
}

static void get_regress(struct visit *v) {
  if (http_query(v->request, "part").n) {
    visit_begin_part(v);
    write_state(v);
    visit_page(v);
    return;
  }
  begin(v);
  page_open(v, "div", NULL);
  page_live(v, "/check/regress/events");
  page_attr(v, "data-part", "/check/regress?part=1");
  write_state(v);
  page_close(v);
  visit_page(v);
}

static void get_events(struct visit *v) {
  live_hold(v, TOPIC);
}

/* ---- what is asked for ---- */

/* A package by its name: never a path, which the command would take as well. */
static bool is_package(struct str s) {
  size_t at = 0;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    at += c == '@';
    if (!plain && c != '@' && (c != '.' || i == 0)) return false;
  }
  return at == 1 && s.n <= NAME_MAX;
}

static const struct webform_field *file_of(struct visit *v, const char *name) {
  const struct webform_field *f = webform_nth(&v->form, name, 0);
  return f && f->is_file && f->value.n ? f : NULL;
}

/* The option for a side; NULL: nothing that it could be, or (*e) its file could not be kept. */
static const char *side(struct visit *v, struct errand *x, const char *name, const char *file, struct str *shown,
                        struct error *e) {
  const struct webform_field *f = file_of(v, file);
  struct str text = str_trim(webform_get(&v->form, name));
  if (!f && !is_package(text)) return error_set(e, ERR_CONFIG, "%s: NAME@VERSION, or a package, is needed", name), NULL;
  *shown = arena_str(x->arena, !f ? text : f->file_name.n ? f->file_name : str_z(file));
  if (!f) return arena_printf(x->arena, "--%s=%.*s", name, STR_F(text)).p;
  const char *path = console_file(x->console, x->arena, arena_printf(x->arena, "%s.tgz", name), f->value, e);
  return path ? arena_printf(x->arena, "--%s=%s", name, path).p : NULL;
}

#define WORDS_MAX 12

static int order(struct visit *v, struct errand *x, const char *argv[WORDS_MAX], struct error *e) {
  const struct webform_field *accept = file_of(v, "accept");
  struct str id = webform_get(&v->form, "protocol");
  const struct offer *p = id.n ? offers_protocol(v->console, id) : NULL;
  size_t n = 0;
  argv[n++] = "regress", argv[n++] = "--progress";
  if (!(argv[n++] = side(v, x, "from", "from-file", &x->from, e))) return -1;
  if (!(argv[n++] = side(v, x, "to", "to-file", &x->to, e))) return -1;
  if (p) argv[n++] = arena_printf(x->arena, "--protocol=%s", offers_path(v->console, v->arena, p->path)).p;
  if (webform_get(&v->form, "recorded").n) argv[n++] = arena_str(x->arena, str_z(store_option(v))).p;
  if (webform_get(&v->form, "no-faults").n) argv[n++] = "--faults=none";
  if (webform_get(&v->form, "all").n) argv[n++] = "--all";
  if (!accept) return 0;
  const char *path = console_file(x->console, x->arena, STR("accepted"), accept->value, e);
  if (!path) return -1;
  argv[n++] = arena_printf(x->arena, "--accept=%s", path).p;
  return 0;
}

static int begin_errand(struct visit *v, struct errand *x, struct error *e) {
  const char *argv[WORDS_MAX] = {NULL};
  const struct job_order o = {x->console, x->arena, v->who.id, SECONDS_MAX, on_done, x};
  if (order(v, x, argv, e) < 0) return -1;
  camp_settle(v->console->options.camp);
  x->job = job_begin(&o, argv, e);
  return x->job ? 0 : -1;
}

static void post_regress(struct visit *v) {
  struct console *c = v->console;
  struct error e;
  if (c->errand && c->errand->job)
    return visit_refuse(v, 409, "One comparison is at work already; wait until it has ended, or stop it.",
                        "En sammenligning er allerede i gang; vent, til den er færdig, eller stop den.");
  struct arena *a = arena_new(0);
  struct errand *x = ARENA_NEW(a, struct errand);
  *x = (struct errand){.console = c, .arena = a, .began = v->now, .by = arena_str(a, v->who.initials)};
  if (begin_errand(v, x, &e) < 0) {
    arena_free(a);
    if (e.code == ERR_CONFIG)
      return visit_ask_again(v, begin, "Both sides need NAME@VERSION of a package, or its file.",
                             "Begge sider skal have NAVN@VERSION på en pakke eller dens fil.");
    return visit_fail(v, &e);
  }
  regress_free(c);
  c->errand = x;
  x->ticker = loop_after(c->loop, TICK_MS, on_tick, x);
  audit(v, "regress", arena_printf(v->arena, "%.*s %.*s", STR_F(x->from), STR_F(x->to)));
  live_touch(c, TOPIC);
  visit_go(v, "/check/regress");
}

static void post_stop(struct visit *v) {
  if (v->console->errand && v->console->errand->job) job_stop(v->console->errand->job);
  visit_go(v, "/check/regress");
}

const struct route check_regress_routes[] = {{"GET", "/check/regress", FOR_MEDCOM, ROUTE_PLAIN, get_regress},
                                             {"GET", "/check/regress/events", FOR_MEDCOM, ROUTE_PLAIN, get_events},
                                             {"POST", "/check/regress", FOR_MEDCOM, ROUTE_PLAIN, post_regress},
                                             {"POST", "/check/regress/stop", FOR_MEDCOM, ROUTE_PLAIN, post_stop},
                                             {0}};
