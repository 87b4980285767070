/* The fold of a course: one row an event kind, with the stages that it fits and the one it leads to. */
#include "state/course.h"

#include "base/clock.h"

struct fold {
  struct course *c;
  const struct event *ev;
  struct error *e;
};

static int misfit(struct fold *f, const char *what) {
  return error_set(f->e, ERR_SYNTAX, "event %lld (%.*s) of course %.*s does not fit: %s", (long long)f->ev->seq,
                   STR_F(f->ev->kind), STR_F(f->c->id), what);
}

static struct str keep(struct fold *f, const char *name) {
  return arena_str(f->c->arena, event_get(f->ev, name));
}

/* The datum "name.1", "name.2", ...: empty behind the last. */
static struct str keep_nth(struct fold *f, const char *name, size_t n) {
  return keep(f, arena_printf(f->c->arena, "%s.%zu", name, n).p);
}

static int on_started(struct fold *f) {
  struct course *c = f->c;
  c->id = keep(f, "course");
  c->system_type = keep(f, "system.type");
  c->subject = (struct course_subject){.vendor = keep(f, "vendor"),
                                       .system = keep(f, "system"),
                                       .system_version = keep(f, "system.version"),
                                       .standard = keep(f, "standard"),
                                       .standard_version = keep(f, "standard.version"),
                                       .role = keep(f, "role")};
  struct str value;
  for (size_t i = 1; (value = keep_nth(f, "protocol", i)).n; i++)
    VEC_PUSH(c->arena, &c->protocols, ((struct course_protocol){.id = value}));
  for (size_t i = 1; (value = keep_nth(f, "required", i)).n; i++) VEC_PUSH(c->arena, &c->required, value);
  return c->id.n && c->protocols.n ? 0 : misfit(f, "it has no id or no protocol");
}

/* One run for each protocol, in their order. */
static int on_submitted(struct fold *f) {
  for (size_t i = 0; i < f->c->protocols.n; i++) {
    struct str run = keep_nth(f, "run", i + 1);
    if (!run.n) return misfit(f, "a protocol has no run");
    f->c->protocols.v[i].self_test = run;
  }
  return 0;
}

static int on_live_test(struct fold *f) {
  struct course_protocol *p = course_protocol_find(f->c, event_get(f->ev, "protocol"));
  if (!p) return misfit(f, "no such protocol");
  p->live_test = keep(f, "run");
  return p->live_test.n ? 0 : misfit(f, "no run");
}

static int on_approval(struct fold *f) {
  struct course_approval got = {keep(f, "name"), keep(f, "by"), keep(f, "why"), f->ev->at};
  VEC_PUSH(f->c->arena, &f->c->approvals, got);
  return 0;
}

static int on_decided(struct fold *f) {
  struct str approved = event_get(f->ev, "approved");
  if (!str_eqz(approved, "yes") && !str_eqz(approved, "no")) return misfit(f, "neither yes nor no");
  f->c->decision = (struct record_decision){.approved = str_eqz(approved, "yes"),
                                            .by = keep(f, "by"),
                                            .remarks = keep(f, "why"),
                                            .date = keep(f, "date"),
                                            .place = keep(f, "place"),
                                            .at = f->ev->at};
  return 0;
}

static int on_published(struct fold *f) {
  f->c->published_at = f->ev->at;
  return 0;
}

#define AT(stage) (1u << (stage))

static const struct move {
  const char *kind;
  unsigned from;
  enum course_stage to;
  int (*keep)(struct fold *f);
  const char *what; /* "cannot be ..." */
  struct said did;
} moves[] = {
    {"course-started",
     AT(COURSE_NEW),
     COURSE_SELF_TEST,
     on_started,
     "started",
     {STR_INIT("started"), STR_INIT("startet")}},
    {"course-submitted",
     AT(COURSE_SELF_TEST) | AT(COURSE_RETURNED),
     COURSE_SUBMITTED,
     on_submitted,
     "submitted",
     {STR_INIT("self-test submitted"), STR_INIT("egentest indsendt")}},
    {"course-accepted",
     AT(COURSE_SUBMITTED),
     COURSE_ACCEPTED,
     NULL,
     "accepted",
     {STR_INIT("self-test accepted"), STR_INIT("egentest godkendt")}},
    {"course-returned",
     AT(COURSE_SUBMITTED),
     COURSE_RETURNED,
     NULL,
     "returned",
     {STR_INIT("self-test returned"), STR_INIT("egentest returneret")}},
    {"course-live-test",
     AT(COURSE_ACCEPTED) | AT(COURSE_LIVE_TEST) | AT(COURSE_APPROVALS),
     COURSE_LIVE_TEST,
     on_live_test,
     "tested live",
     {STR_INIT("live test begun"), STR_INIT("livetest begyndt")}},
    {"course-approval",
     AT(COURSE_LIVE_TEST) | AT(COURSE_APPROVALS),
     COURSE_APPROVALS,
     on_approval,
     "given another approval",
     {STR_INIT("other approval noted"), STR_INIT("anden godkendelse noteret")}},
    {"course-decided",
     AT(COURSE_LIVE_TEST) | AT(COURSE_APPROVALS),
     COURSE_DECIDED,
     on_decided,
     "decided",
     {STR_INIT("decided"), STR_INIT("afgjort")}},
    {"course-published",
     AT(COURSE_DECIDED),
     COURSE_PUBLISHED,
     on_published,
     "published",
     {STR_INIT("published"), STR_INIT("offentliggjort")}},
};

#define MOVES (sizeof moves / sizeof *moves)

static const struct {
  const char *name;
  struct said stage, next;
  const char *command; /* that does what is next; NULL: nothing is */
} stages[COURSE_STAGES] = {
    [COURSE_NEW] = {"new", {STR_INIT("not begun"), STR_INIT("ikke begyndt")}, {STR_INIT("-"), STR_INIT("-")}, NULL},
    [COURSE_SELF_TEST] = {"self-test",
                          {STR_INIT("self-test"), STR_INIT("egentest")},
                          {STR_INIT("the self-test has to be submitted"), STR_INIT("egentesten skal indsendes")},
                          "testcamp course submit"},
    [COURSE_SUBMITTED] = {"submitted",
                          {STR_INIT("self-test submitted"), STR_INIT("egentest indsendt")},
                          {STR_INIT("MedCom has to accept or return the self-test"),
                           STR_INIT("MedCom skal godkende eller returnere egentesten")},
                          "testcamp course accept, or return"},
    [COURSE_RETURNED] = {"returned",
                         {STR_INIT("self-test returned"), STR_INIT("egentest returneret")},
                         {STR_INIT("a new self-test has to be submitted"), STR_INIT("en ny egentest skal indsendes")},
                         "testcamp course submit"},
    [COURSE_ACCEPTED] = {"accepted",
                         {STR_INIT("self-test accepted"), STR_INIT("egentest godkendt")},
                         {STR_INIT("the live test has to be held"), STR_INIT("livetesten skal holdes")},
                         "testcamp run --mode certify"},
    [COURSE_LIVE_TEST] = {"live-test",
                          {STR_INIT("live test"), STR_INIT("livetest")},
                          {STR_INIT("MedCom has to assess and decide"), STR_INIT("MedCom skal vurdere og afgøre")},
                          "testcamp assess, course approval, course decide"},
    [COURSE_APPROVALS] = {"approvals",
                          {STR_INIT("other approvals"), STR_INIT("øvrige godkendelser")},
                          {STR_INIT("MedCom has to decide"), STR_INIT("MedCom skal afgøre")},
                          "testcamp course decide"},
    [COURSE_DECIDED] = {"decided",
                        {STR_INIT("decided"), STR_INIT("afgjort")},
                        {STR_INIT("MedCom has to publish the decision"),
                         STR_INIT("MedCom skal offentliggøre afgørelsen")},
                        "testcamp course publish"},
    [COURSE_PUBLISHED] = {"published",
                          {STR_INIT("published"), STR_INIT("offentliggjort")},
                          {STR_INIT("it is at its end; a new version of the system or the standard begins a new one"),
                           STR_INIT("forløbet er slut; en ny version af systemet eller standarden begynder et nyt")},
                          NULL},
};

const char *course_stage_name(enum course_stage s) {
  return stages[s].name;
}

struct said course_stage_text(enum course_stage s) {
  return stages[s].stage;
}

struct said course_next_text(enum course_stage s) {
  return stages[s].next;
}

const char *course_next_command(enum course_stage s) {
  return stages[s].command;
}

bool course_next_is_vendors(enum course_stage s) {
  return s == COURSE_SELF_TEST || s == COURSE_RETURNED;
}

static const struct move *move_of(struct str kind) {
  for (size_t i = 0; i < MOVES; i++)
    if (str_eqz(kind, moves[i].kind)) return &moves[i];
  return NULL;
}

struct said course_act_text(struct str kind) {
  const struct move *m = move_of(kind);
  return m ? m->did : (struct said){0};
}

struct course *course_new(struct arena *a) {
  struct course *c = ARENA_NEW(a, struct course);
  c->arena = a;
  return c;
}

struct course_protocol *course_protocol_find(const struct course *c, struct str id) {
  for (size_t i = 0; i < c->protocols.n; i++)
    if (str_eq(c->protocols.v[i].id, id)) return &c->protocols.v[i];
  return NULL;
}

/* What the act is about: its run or runs, or the approval. */
static struct str what_of(struct fold *f) {
  struct str all = keep(f, "run"), run;
  if (!all.n) all = keep(f, "name");
  for (size_t i = 1; (run = keep_nth(f, "run", i)).n; i++)
    all = all.n ? arena_printf(f->c->arena, "%.*s, %.*s", STR_F(all), STR_F(run)) : run;
  return all;
}

int course_apply(struct course *c, const struct event *ev, struct error *e) {
  struct fold f = {c, ev, e};
  const struct move *m = move_of(ev->kind);
  if (!m) return misfit(&f, "this version does not know the kind");
  if (!(m->from & AT(c->stage))) return misfit(&f, "the course is at another stage");
  if (m->keep && m->keep(&f) < 0) return -1;
  c->stage = m->to;
  VEC_PUSH(c->arena, &c->acts,
           ((struct course_act){.kind = arena_str(c->arena, ev->kind),
                                .by = keep(&f, "by"),
                                .why = keep(&f, "why"),
                                .what = what_of(&f),
                                .at = ev->at}));
  return 0;
}

int course_may(const struct course *c, const char *kind, struct error *e) {
  const struct move *m = move_of(str_z(kind));
  if (!m) BUG("no act %s", kind);
  if (m->from & AT(c->stage)) return 0;
  struct said stage = stages[c->stage].stage, next = stages[c->stage].next;
  const char *command = stages[c->stage].command;
  if (command)
    return error_set(e, ERR_CONFIG, "course %.*s cannot be %s: it stands at \"%.*s\"; %.*s: %s", STR_F(c->id), m->what,
                     STR_F(stage.en), STR_F(next.en), command);
  return error_set(e, ERR_CONFIG, "course %.*s cannot be %s: it stands at \"%.*s\"; %.*s", STR_F(c->id), m->what,
                   STR_F(stage.en), STR_F(next.en));
}

static void put_nth(struct event *ev, const char *name, size_t n, struct str value) {
  facts_put(&ev->data, arena_printf(ev->data.arena, "%s.%zu", name, n), value);
}

static int check_alike(const struct protocol *first, const struct protocol *p, struct error *e) {
  bool alike = str_eq(first->standard, p->standard) && str_eq(first->standard_version, p->standard_version) &&
               str_eq(first->role, p->role);
  if (alike) return 0;
  return error_set(
      e, ERR_CONFIG,
      "%.*s is for %.*s %.*s %.*s, %.*s for %.*s %.*s %.*s; a course is about one standard, in one version "
      "and role",
      STR_F(first->id), STR_F(first->standard), STR_F(first->standard_version), STR_F(first->role), STR_F(p->id),
      STR_F(p->standard), STR_F(p->standard_version), STR_F(p->role));
}

static bool has_required(const struct event *ev, size_t n, struct str name) {
  for (size_t i = 1; i <= n; i++)
    if (str_eq(event_get(ev, arena_printf(ev->data.arena, "required.%zu", i).p), name)) return true;
  return false;
}

int course_begin(struct event *ev, const struct vendor *v, struct protocol *const *p, size_t n, struct error *e) {
  size_t required = 0;
  if (n > COURSE_PROTOCOLS_MAX)
    return error_set(e, ERR_LIMIT, "a course has at most %d protocols", COURSE_PROTOCOLS_MAX);
  facts_put(&ev->data, STR("vendor"), v->name);
  facts_put(&ev->data, STR("system"), v->system);
  facts_put(&ev->data, STR("system.version"), v->version);
  facts_put(&ev->data, STR("system.type"), v->type);
  facts_put(&ev->data, STR("standard"), p[0]->standard);
  facts_put(&ev->data, STR("standard.version"), p[0]->standard_version);
  facts_put(&ev->data, STR("role"), p[0]->role);
  for (size_t i = 0; i < n; i++) {
    if (check_alike(p[0], p[i], e) < 0) return -1;
    put_nth(ev, "protocol", i + 1, p[i]->id);
    for (size_t k = 0; k < p[i]->requires.n; k++)
      if (!has_required(ev, required, p[i]->requires.v[k])) put_nth(ev, "required", ++required, p[i]->requires.v[k]);
  }
  return 0;
}
