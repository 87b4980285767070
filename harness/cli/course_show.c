#include "cli/course_show.h"

#include "base/clock.h"
#include "cli/blocks.h"

/* The state of a run lives in its run: those of the live tests are closed when their sum is known. */
static int sum_of_tests(struct course_view *out, struct session *s, const struct course *c, struct error *e) {
  struct run *runs[COURSE_PROTOCOLS_MAX] = {0};
  const struct state *tests[COURSE_PROTOCOLS_MAX] = {0};
  int rc = 0;
  for (size_t i = 0; i < c->protocols.n && rc == 0; i++) {
    struct str id, name = c->protocols.v[i].live_test;
    if (!name.n) continue;
    rc = session_load_run(s, name, &id, e);
    if (rc == 0) rc = run_look(&runs[i], id, &s->options, e);
    if (rc == 0) tests[i] = run_state(runs[i]);
  }
  if (rc == 0) course_sum(&out->sum, s->arena, c, tests);
  for (size_t i = 0; rc == 0 && i < out->sum.blocks.n; i++) {
    struct block *b = &out->sum.blocks.v[i]; /* its texts outlive the run */
    b->case_id = arena_str(s->arena, b->case_id);
    b->step = arena_str(s->arena, b->step);
  }
  for (size_t i = 0; i < COURSE_PROTOCOLS_MAX; i++) run_close(runs[i]);
  return rc;
}

int course_look(struct course_view *out, struct session *s, const struct courses *all, const struct course *c,
                struct error *e) {
  const struct course **others = ARENA_ARRAY(s->arena, const struct course *, all->list.n + 1);
  *out = (struct course_view){.others = others};
  for (size_t i = 0; i < all->list.n; i++) others[i] = all->list.v[i];
  for (size_t i = 0; course_lacks(c, others, all->list.n, &i); i++) VEC_PUSH(s->arena, &out->lacking, c->required.v[i]);
  return sum_of_tests(out, s, c, e);
}

static struct str pick(const struct cli *c, struct said text) {
  return c->danish ? text.da : text.en;
}

void course_line(struct cli *c, const struct course *course) {
  struct str subject = course_subject_text(c->arena, &course->subject);
  fprintf(c->out, "%-24.*s %-12s %.*s\n", STR_F(course->id), course_stage_name(course->stage), STR_F(subject));
}

static struct str next_text(struct cli *c, enum course_stage stage) {
  struct str text = pick(c, course_next_text(stage));
  const char *command = course_next_command(stage);
  return command ? arena_printf(c->arena, "%.*s: %s", STR_F(text), command) : text;
}

void course_wait_line(struct cli *c, const struct course *course) {
  const char *owner =
      course_next_is_vendors(course->stage) ? (c->danish ? "leverandør" : "vendor") : (c->danish ? "MedCom" : "medcom");
  struct str next = next_text(c, course->stage);
  if (course->stage == COURSE_PUBLISHED || !course->acts.n) return;
  struct str since = time_danish(c->arena, course->acts.v[course->acts.n - 1].at);
  fprintf(c->out, "%-24.*s %-11s %-11s %s %.*s  %.*s\n", STR_F(course->id), owner, course_stage_name(course->stage),
          c->danish ? "siden" : "since", STR_F(since), STR_F(next));
}

static void show_act(struct cli *c, const struct course_act *a) {
  struct str at = time_danish(c->arena, a->at), did = pick(c, course_act_text(a->kind));
  fprintf(c->out, "  %.10s %.5s  %.*s", at.p, at.p + 11, STR_F(did));
  if (a->what.n) fprintf(c->out, " (%.*s)", STR_F(a->what));
  if (a->by.n) fprintf(c->out, ", %.*s", STR_F(a->by));
  if (a->why.n) fprintf(c->out, ": %.*s", STR_F(a->why));
  fputc('\n', c->out);
}

static void show_decision(struct cli *c, const struct record_decision *d) {
  static const char *const words[2][2] = {{"not approved", "ikke godkendt"}, {"approved", "godkendt"}};
  if (!d->at) return;
  fprintf(c->out, "%s: %.*s, %.*s, %.*s\n", words[d->approved][c->danish], STR_F(d->date), STR_F(d->place),
          STR_F(d->by));
}

/* What has to be there before an approval; of a course that is decided there is nothing more to lack. */
static void show_missing(struct session *s, const struct courses *all, const struct course *c) {
  struct cli *to = s->cli;
  struct course_view v;
  struct error e;
  if (c->stage >= COURSE_DECIDED) return;
  if (course_look(&v, s, all, c, &e) < 0) {
    cli_fail(to, &e);
    return;
  }
  bool tested = c->stage >= COURSE_LIVE_TEST;
  if (tested || v.lacking.n)
    fprintf(to->out, "%s\n", to->danish ? "mangler før godkendelse:" : "missing before an approval:");
  if (tested && sum_certifiable(&v.sum) && !v.lacking.n) fprintf(to->out, "  %s\n", to->danish ? "intet" : "nothing");
  if (tested) blocks_show(to, &v.sum, NULL, true);
  for (size_t i = 0; i < v.lacking.n; i++) fprintf(to->out, "  %.*s\n", STR_F(v.lacking.v[i]));
}

void course_show(struct session *s, const struct courses *all, const struct course *c) {
  struct cli *to = s->cli;
  course_line(to, c);
  for (size_t i = 0; i < c->acts.n; i++) show_act(to, &c->acts.v[i]);
  show_decision(to, &c->decision);
  show_missing(s, all, c);
  struct str next = next_text(to, c->stage);
  fprintf(to->out, "%s: %.*s\n", to->danish ? "næste" : "next", STR_F(next));
}

static const struct { const char *role, *channel; } channels[] = {{"sender", "Sende"}, {"receiver", "Modtage"}};

static struct str channel_of(struct str role) {
  for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
    if (str_eqz(role, channels[i].role)) return str_z(channels[i].channel);
  return role;
}

/* A tab or line end in a name would break the line. */
static struct str field(struct cli *c, struct str s) {
  char *z = arena_z(c->arena, s);
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)z[i] < ' ') z[i] = ' ';
  return (struct str){z, s.n};
}

struct approval course_claim(const struct course *course, struct arena *a) {
  const struct course_subject *s = &course->subject;
  return (struct approval){
      .cells = {[APPROVAL_SYSTEM] = s->system,
                [APPROVAL_VENDOR] = s->vendor,
                [APPROVAL_SYSTEM_TYPE] = course->system_type,
                [APPROVAL_STANDARD] = s->standard,
                [APPROVAL_STANDARD_ID] = arena_printf(a, "%.*s (%.*s)", STR_F(s->standard), STR_F(s->standard_version)),
                [APPROVAL_CHANNEL] = channel_of(s->role),
                [APPROVAL_STATUS] = STR("Godkendt")},
      .date = course->decision.date};
}

void course_claim_line(struct cli *c, const struct course *course) {
  struct approval row = course_claim(course, c->arena);
  const struct record_decision *d = &course->decision;
  struct str more[] = {course->subject.system_version, d->date, d->by, course->id};
  for (size_t i = 0; i < APPROVAL_COLUMNS; i++) {
    struct str text = field(c, row.cells[i]);
    fprintf(c->out, "%s%.*s", i ? "\t" : "", STR_F(text));
  }
  for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
    struct str text = field(c, more[i]);
    fprintf(c->out, "\t%.*s", STR_F(text));
  }
  fputc('\n', c->out);
}
