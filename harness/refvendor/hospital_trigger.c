/* What a trigger can make a hospital do: {"action": "admit", "stay": "a", ...}. */
#include "refvendor/hospital.h"

#define DAY_MS INT64_C(86400000)

/* Another department of the house. */
static const struct refvendor_party elsewhere = {{0}, STR_INIT("8888051000016002"), STR_INIT("Kirurgisk Afdeling")};

static struct str kept(const struct rv_call *c, const char *path, const char *otherwise) {
  struct str s = rv_call_text(c, path);
  return s.n ? arena_str(c->v->arena, s) : str_z(otherwise);
}

/* time: just so, with date and zone. at: "HH:MM" of the day, days-ago: how many days back; without `at` it happens now.
 * Never in the time to come. */
static struct str event_time(struct rv_call *c) {
  struct str now = rv_now(c->v, c->v->arena), at = rv_call_text(c, "at"), time = rv_call_text(c, "time");
  int64_t ms, today, days = 0;
  bool zone;
  if (time.n) return arena_str(c->v->arena, time);
  if (at.n == 0 || !time_parse(now, &today, &zone)) return now;
  (void)str_int(rv_call_text(c, "days-ago"), &days);
  for (; days <= 366; days++) {
    struct str day = time_danish(c->a, today - days * DAY_MS);
    struct str s = arena_printf(c->v->arena, "%.*sT%.*s:00%.*s", STR_F(str_sub(day, 0, 10)), STR_F(at),
                                STR_F(str_sub(day, 19, day.n)));
    if (time_parse(s, &ms, &zone) && ms <= today) return s;
  }
  return now;
}

static struct rv_stay *find(const struct refvendor *v, struct str name) {
  for (size_t i = v->stays.n; i-- > 0;)
    if (str_eq(v->stays.v[i]->name, name)) return v->stays.v[i];
  return NULL;
}

/* The stay that the trigger names; NULL (and refused) if it is not known. */
static struct rv_stay *stay_of(struct rv_call *c) {
  struct str name = rv_call_text(c, "stay");
  struct rv_stay *s = find(c->v, name);
  if (!s) rv_call_refuse(c, 404, arena_printf(c->a, "no stay \"%.*s\" is known: admit somebody first", STR_F(name)));
  return s;
}

static void tell(struct rv_call *c, struct rv_stay *s, struct str activity, const char *role) {
  s->latest = rv_hospital_compose(c->v, s, activity, role);
  s->asks = false;
  rv_call_sent(c, rv_send_letter(c->v, s->latest)->header_id);
}

static struct refvendor_party receiver_of(struct rv_call *c) {
  struct arena *a = c->v->arena;
  struct refvendor_party p = rv_call_receiver(c);
  (void)rv_call_needs_receiver(c, &p);
  return (struct refvendor_party){arena_str(a, p.gln), arena_str(a, p.sor), arena_str(a, p.name)};
}

/* A new stay; within the same region and house the episode of care goes on (protocol 3.3.2.4). */
static struct rv_stay *open_stay(struct rv_call *c) {
  struct arena *a = c->v->arena;
  const struct rv_stay *before = find(c->v, rv_call_text(c, "continues"));
  struct rv_stay *s = ARENA_NEW(a, struct rv_stay);
  *s = (struct rv_stay){.name = kept(c, "stay", ""),
                        .cpr = kept(c, "patient.cpr", "2512489996"),
                        .given = kept(c, "patient.given", "Nanna"),
                        .family = kept(c, "patient.family", "Prøveborg"),
                        .department = c->v->o->own,
                        .receiver = receiver_of(c)};
  s->episode = before ? before->episode : arena_printf(a, "urn:uuid:%.*s", STR_F(rv_id(c->v, a)));
  VEC_PUSH(a, &c->v->stays, s);
  return s;
}

/* An acute ambulant patient who is admitted goes on in the same stay. */
static void act_admit(struct rv_call *c) {
  bool emergency = str_eqz(rv_call_text(c, "kind"), "emergency");
  struct rv_stay *s = find(c->v, rv_call_text(c, "stay"));
  if (!s) s = open_stay(c);
  s->class = emergency ? STR("EMER") : STR("IMP");
  s->activity = emergency ? STR("admit-emergency") : STR("admit-inpatient");
  s->status = STR("in-progress");
  s->started = event_time(c);
  s->asks = rv_call_is_true(c, "report");
  if (!c->status) tell(c, s, s->activity, "revision");
}

static void act_leave(struct rv_call *c) {
  struct rv_stay *s = stay_of(c);
  if (!s) return;
  s->left = event_time(c);
  s->back = (struct str){0};
  s->status = STR("onleave");
  s->activity = STR("start-leave-inpatient");
  tell(c, s, s->activity, "revision");
}

static void act_return(struct rv_call *c) {
  struct rv_stay *s = stay_of(c);
  if (!s) return;
  s->back = event_time(c);
  s->status = STR("in-progress");
  s->activity = STR("end-leave-inpatient");
  tell(c, s, s->activity, "revision");
}

static void act_discharge(struct rv_call *c) {
  struct rv_stay *s = stay_of(c);
  if (!s) return;
  s->ended = event_time(c);
  s->status = STR("finished");
  s->activity = str_eqz(s->class, "EMER") ? STR("discharge-emergency-home") : STR("discharge-inpatient-home");
  tell(c, s, s->activity, "revision");
}

/* A death has no activity of its own: it keeps the one before (notifications of type MORS). */
static void act_die(struct rv_call *c) {
  struct rv_stay *s = find(c->v, rv_call_text(c, "stay"));
  if (!s) {
    s = open_stay(c);
    s->class = STR("IMP");
    s->activity = STR("admit-inpatient");
    s->started = event_time(c);
  }
  s->ended = event_time(c);
  s->alive = s->status.n ? s->status : STR("in-progress");
  s->status = kept(c, "status", "finished");
  s->deceased = true;
  if (!c->status) tell(c, s, s->activity, "revision");
}

/* What the stay was before its last event. */
static void undo(struct rv_stay *s) {
  static const struct {
    const char *activity, *status, *before;
  } rows[] = {{"admit-inpatient", "entered-in-error", "admit-inpatient"},
              {"admit-emergency", "entered-in-error", "admit-emergency"},
              {"start-leave-inpatient", "in-progress", "admit-inpatient"},
              {"end-leave-inpatient", "onleave", "start-leave-inpatient"},
              {"discharge-inpatient-home", "in-progress", "admit-inpatient"},
              {"discharge-emergency-home", "in-progress", "admit-emergency"}};
  s->ended = (struct str){0};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (!str_eqz(s->activity, rows[i].activity)) continue;
    s->status = str_z(rows[i].status);
    s->activity = str_z(rows[i].before);
    return;
  }
}

/* A death has no activity of its own: without it the stay is as it was before. */
static void revive(struct rv_stay *s) {
  s->deceased = false;
  s->ended = (struct str){0};
  s->status = s->alive;
}

static void act_cancel(struct rv_call *c) {
  struct rv_stay *s = stay_of(c);
  if (!s) return;
  struct str activity = arena_printf(c->v->arena, "cancel-%.*s", STR_F(s->activity));
  if (s->deceased)
    revive(s);
  else
    undo(s);
  tell(c, s, activity, "removal");
}

static void change_department(struct rv_stay *s) {
  s->department.sor = elsewhere.sor;
  s->department.name = elsewhere.name;
}

/* After the discharge nobody is told of a correction to the admission (protocol 3.3.11.5). */
static void act_correct(struct rv_call *c) {
  struct rv_stay *s = stay_of(c);
  struct str what = rv_call_text(c, "what");
  if (!s) return;
  c->status = 200;
  if (str_eqz(what, "start")) s->started = event_time(c);
  if (str_eqz(what, "end")) s->ended = event_time(c);
  if (str_eqz(what, "department")) change_department(s);
  if (s->ended.n && !str_eqz(what, "end") && !rv_has(c->v, DEFECT_CORRECTS_AFTER_END)) return;
  tell(c, s, arena_printf(c->v->arena, "revise-%.*s", STR_F(s->activity)), "revision");
}

/* To another department, hospital or hospice: nobody is told, as the next one tells of itself. */
static void act_move(struct rv_call *c) {
  struct rv_stay *s = stay_of(c);
  if (!s) return;
  c->status = 200;
  rv_log(c->v, "the patient of stay %.*s moves to %.*s", STR_F(s->name), STR_F(rv_call_text(c, "to")));
  if (!rv_has(c->v, DEFECT_TELLS_OF_MOVES)) return;
  s->ended = event_time(c);
  s->status = STR("finished");
  tell(c, s, STR("discharge-inpatient-home"), "revision");
}

static void act_plan(struct rv_call *c) {
  const struct rv_stay *s = stay_of(c);
  if (!s) return;
  struct rv_municipal letter = {.kind = &rv_care_plan,
                                .cpr = s->cpr,
                                .given = s->given,
                                .family = s->family,
                                .episode = rv_municipal_episode(c->v->arena, s->episode),
                                .to = s->receiver};
  c->status = 200;
  if (!rv_has(c->v, DEFECT_NO_LETTER)) rv_municipal_send(c->v, &letter);
}

const struct rv_action rv_hospital_actions[] = {{"admit", act_admit},     {"leave", act_leave},
                                                {"return", act_return},   {"discharge", act_discharge},
                                                {"die", act_die},         {"cancel", act_cancel},
                                                {"correct", act_correct}, {"move", act_move},
                                                {"plan", act_plan},       {0}};

const char *const rv_hospital_keys[] = {"stay", "kind",     "report",    "status", "at",
                                        "time", "days-ago", "continues", "what",   NULL};
