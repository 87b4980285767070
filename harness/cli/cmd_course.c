/* course: the way of a system to an approval (state/course.h), one act a word. */
#include "cli/commands.h"
#include "cli/course_show.h"

#include "base/clock.h"
#include "steps/steps.h"

#include <string.h>

struct course_args {
  struct opt_list rest; /* behind the word */
  const char *vendor, *by, *why, *approved, *date, *place, *store, *lang;
};

/* One act: the session, all courses, and the one it is about (NULL for list and start). */
struct acting {
  struct session *s;
  const struct course_args *a;
  struct courses all;
  struct course *c;
};

static struct str text_of(const char *z) {
  return z ? str_trim(str_z(z)) : (struct str){0};
}

static struct event *act_event(struct acting *at, const char *kind) {
  struct event *ev = event_new(at->s->arena, kind, clock_wall(), (struct str){0}, (struct str){0});
  facts_put(&ev->data, STR("by"), text_of(at->a->by));
  facts_put(&ev->data, STR("why"), text_of(at->a->why));
  return ev;
}

/* Appends and commits, then shows how the course stands. */
static int act(struct acting *at, struct event *ev, struct error *e) {
  if (courses_act(at->s->store, at->c, ev, e) < 0 || store_commit(at->s->store, e) < 0) return -1;
  course_show(at->s, &at->all, at->c);
  return 0;
}

static int need_why(const struct acting *at, const char *act, struct error *e) {
  if (text_of(at->a->why).n) return 0;
  return error_set(e, ERR_CONFIG, "course %s needs --why TEXT: the reason goes into the record", act);
}

static int do_list(struct acting *at, struct error *e) {
  (void)e;
  for (size_t i = 0; i < at->all.list.n; i++) course_line(at->s->cli, at->all.list.v[i]);
  return 0;
}

static int do_show(struct acting *at, struct error *e) {
  (void)e;
  course_show(at->s, &at->all, at->c);
  return 0;
}

static int check_new(struct acting *at, const struct vendor *v, const struct protocol *p, struct error *e) {
  struct course_subject own = {v->name, v->system, v->version, p->standard, p->standard_version, p->role};
  const struct course *old = courses_of(&at->all, &own);
  if (!old || old->stage >= COURSE_DECIDED) return 0;
  struct str subject = course_subject_text(at->s->arena, &own);
  return error_set(e, ERR_CONFIG, "there is a course for %.*s already, %.*s; it has to be decided first",
                   STR_F(subject), STR_F(old->id));
}

static int do_start(struct acting *at, struct error *e) {
  const struct opt_list *files = &at->a->rest;
  struct protocol **p = ARENA_ARRAY(at->s->arena, struct protocol *, files->n + 1);
  struct vendor *v;
  if (!at->a->vendor) return error_set(e, ERR_CONFIG, "course start needs --vendor FILE");
  if (vendor_load(&v, at->s->arena, at->a->vendor, e) < 0) return -1;
  for (size_t i = 0; i < files->n; i++)
    if (protocol_load(&p[i], at->s->arena, files->v[i], at->s->options.data_dir, step_kinds, e) < 0) return -1;
  struct event *ev = act_event(at, "course-started");
  facts_put(&ev->data, STR("course"), courses_new_id(at->s->arena, ev->at));
  if (course_begin(ev, v, p, files->n, e) < 0 || check_new(at, v, p[0], e) < 0) return -1;
  at->c = course_new(at->s->arena);
  VEC_PUSH(at->s->arena, &at->all.list, at->c);
  return act(at, ev, e);
}

/* One of the runs named for each protocol of the course. */
static int put_self_test(struct acting *at, struct event *ev, const char *name, struct error *e) {
  struct str id;
  struct run *r;
  if (session_load_run(at->s, str_z(name), &id, e) < 0 || run_look(&r, id, &at->s->options, e) < 0) return -1;
  const struct state *st = run_state(r);
  int rc = course_check_self_test(at->c, st, e);
  for (size_t i = 0; i < at->c->protocols.n && rc == 0; i++) {
    struct str key = arena_printf(at->s->arena, "run.%zu", i + 1);
    if (!str_eq(at->c->protocols.v[i].id, st->plan->protocol->id)) continue;
    if (event_get(ev, key.p).n)
      rc = error_set(e, ERR_CONFIG, "two self-tests of protocol %.*s; one is submitted",
                     STR_F(at->c->protocols.v[i].id));
    facts_put(&ev->data, key, id);
  }
  run_close(r);
  return rc;
}

static int do_submit(struct acting *at, struct error *e) {
  struct event *ev = act_event(at, "course-submitted");
  if (course_may(at->c, "course-submitted", e) < 0) return -1;
  for (size_t i = 1; i < at->a->rest.n; i++)
    if (put_self_test(at, ev, at->a->rest.v[i], e) < 0) return -1;
  for (size_t i = 0; i < at->c->protocols.n; i++)
    if (!event_get(ev, arena_printf(at->s->arena, "run.%zu", i + 1).p).n)
      return error_set(e, ERR_CONFIG, "the self-test of protocol %.*s is missing; name a run of each protocol",
                       STR_F(at->c->protocols.v[i].id));
  return act(at, ev, e);
}

static int do_accept(struct acting *at, struct error *e) {
  return act(at, act_event(at, "course-accepted"), e);
}

static int do_return(struct acting *at, struct error *e) {
  if (need_why(at, "return", e) < 0) return -1;
  return act(at, act_event(at, "course-returned"), e);
}

static int do_approval(struct acting *at, struct error *e) {
  struct str name = str_z(at->a->rest.v[1]);
  struct course_view v;
  if (need_why(at, "approval", e) < 0 || course_look(&v, at->s, &at->all, at->c, e) < 0) return -1;
  if (course_check_approval(at->c, name, &v.sum, v.others, at->all.list.n, e) < 0) return -1;
  struct event *ev = act_event(at, "course-approval");
  facts_put(&ev->data, STR("name"), name);
  return act(at, ev, e);
}

/* YYYY-MM-DD, a day that exists. */
static int check_date(struct str date, struct error *e) {
  struct arena *a = arena_new(0);
  int64_t ms;
  bool zone, good = date.n == 10 && time_parse(arena_printf(a, "%.*sT00:00:00Z", STR_F(date)), &ms, &zone);
  arena_free(a);
  return good ? 0 : error_set(e, ERR_CONFIG, "--date needs the day of the test as YYYY-MM-DD");
}

static int check_approvable(struct acting *at, struct error *e) {
  struct course_view v;
  if (course_look(&v, at->s, &at->all, at->c, e) < 0) return -1;
  return course_check_approvable(at->c, &v.sum, v.others, at->all.list.n, e);
}

static int check_decision(struct acting *at, struct error *e) {
  struct str approved = text_of(at->a->approved);
  bool yes = str_eqz(approved, "yes");
  if (!yes && !str_eqz(approved, "no")) return error_set(e, ERR_CONFIG, "course decide needs --approved yes|no");
  if (check_date(text_of(at->a->date), e) < 0) return -1;
  if (!text_of(at->a->place).n) return error_set(e, ERR_CONFIG, "course decide needs --place TEXT: where the test was");
  if (course_may(at->c, "course-decided", e) < 0) return -1;
  return yes ? check_approvable(at, e) : need_why(at, "decide --approved no", e);
}

static int do_decide(struct acting *at, struct error *e) {
  if (check_decision(at, e) < 0) return -1;
  struct event *ev = act_event(at, "course-decided");
  facts_put(&ev->data, STR("approved"), text_of(at->a->approved));
  facts_put(&ev->data, STR("date"), text_of(at->a->date));
  facts_put(&ev->data, STR("place"), text_of(at->a->place));
  return act(at, ev, e);
}

static int do_publish(struct acting *at, struct error *e) {
  return act(at, act_event(at, "course-published"), e);
}

/* least, most: arguments behind the word. by: MedCom does it, and says who. */
static const struct verb {
  const char *word;
  size_t least, most;
  bool course, by;
  enum store_mode mode;
  int (*act)(struct acting *at, struct error *e);
  const char *usage;
} verbs[] = {
    {"list", 0, 0, false, false, STORE_READ, do_list, ""},
    {"show", 1, 1, true, false, STORE_READ, do_show, "COURSE"},
    {"start", 1, COURSE_PROTOCOLS_MAX, false, false, STORE_WRITE, do_start, "PROTOCOL... --vendor FILE"},
    {"submit", 2, COURSE_PROTOCOLS_MAX + 1, true, false, STORE_WRITE, do_submit, "COURSE RUN..."},
    {"accept", 1, 1, true, true, STORE_WRITE, do_accept, "COURSE --by INITIALS [--why TEXT]"},
    {"return", 1, 1, true, true, STORE_WRITE, do_return, "COURSE --by INITIALS --why TEXT"},
    {"approval", 2, 2, true, true, STORE_WRITE, do_approval, "COURSE NAME --by INITIALS --why TEXT"},
    {"decide", 1, 1, true, true, STORE_WRITE, do_decide,
     "COURSE --approved yes|no --by INITIALS --date YYYY-MM-DD --place TEXT [--why REMARKS]"},
    {"publish", 1, 1, true, true, STORE_WRITE, do_publish, "COURSE --by INITIALS"},
};

static const struct verb *verb_of(const char *word) {
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (!strcmp(word, verbs[i].word)) return &verbs[i];
  return NULL;
}

static int check_by(const struct verb *v, const struct course_args *a, struct error *e) {
  struct review said = {text_of(a->by), text_of(a->why)};
  return v->by || said.by.n ? review_check(&said, e) : 0;
}

static int with_course(const struct verb *v, struct acting *at, struct error *e) {
  if (check_by(v, at->a, e) < 0) return -1;
  if (courses_load(&at->all, at->s->store, at->s->arena, e) < 0) return -1;
  if (v->course && courses_find(&at->all, str_z(at->a->rest.v[0]), &at->c, e) < 0) return -1;
  return v->act(at, e);
}

static int cmd_course(struct cli *c, const struct command *self, int argc, char **argv) {
  struct course_args a = {0};
  struct session s;
  struct error e;
  const struct opt table[] = {{"vendor", OPT_TEXT, "FILE", "start: the vendor's system", &a.vendor},
                              {"by", OPT_TEXT, "INITIALS", "who does it", &a.by},
                              {"why", OPT_TEXT, "TEXT", "the reason, or remarks, for the record", &a.why},
                              {"approved", OPT_TEXT, "yes|no", "decide", &a.approved},
                              {"date", OPT_TEXT, "YYYY-MM-DD", "decide: when the test was held", &a.date},
                              {"place", OPT_TEXT, "TEXT", "decide: where the test was held", &a.place},
                              {"store", OPT_TEXT, "FILE", "event log", &a.store},
                              {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
                              {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  const char *word = a.rest.n ? a.rest.v[0] : "list";
  const struct verb *v = verb_of(word);
  if (!v) return cli_usage(c, "\"%s\" is nothing to do with a course; there is %s", word, self->arguments);
  if (a.rest.n) memmove(a.rest.v, a.rest.v + 1, --a.rest.n * sizeof *a.rest.v);
  if (a.rest.n < v->least || a.rest.n > v->most)
    return cli_usage(c, "usage: testcamp %s %s %s", self->name, v->word, v->usage);
  c->danish = a.lang && !strcmp(a.lang, "da");
  if (session_open(&s, c, a.store, v->mode, &e) < 0) return cli_fail(c, &e);
  struct acting at = {.s = &s, .a = &a};
  int code = with_course(v, &at, &e) < 0 ? cli_fail(c, &e) : EXIT_OK;
  session_close(&s);
  return code;
}

const struct command command_course = {.name = "course",
                                       .arguments = "[list|show|start|submit|accept|return|approval|decide|publish]",
                                       .summary = "the way of a system to an approval: self-test, live test, decision",
                                       .run = cmd_course,
                                       .writes = true};
