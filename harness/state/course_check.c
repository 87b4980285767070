/* What a course demands of runs, of approvals, and what it claims in the end. */
#include "state/course.h"

#include "state/attempt.h"

struct course_subject course_subject_of(const struct plan *p) {
  return (struct course_subject){.vendor = p->vendor->name,
                                 .system = p->vendor->system,
                                 .system_version = p->vendor->version,
                                 .standard = p->protocol->standard,
                                 .standard_version = p->protocol->standard_version,
                                 .role = p->protocol->role};
}

bool course_subject_is_near(const struct course_subject *a, const struct course_subject *b) {
  return str_eq(a->vendor, b->vendor) && str_eq(a->system, b->system) && str_eq(a->standard, b->standard) &&
         str_eq(a->standard_version, b->standard_version) && str_eq(a->role, b->role);
}

bool course_subject_eq(const struct course_subject *a, const struct course_subject *b) {
  return course_subject_is_near(a, b) && str_eq(a->system_version, b->system_version);
}

/* MedCom's protocols and lists name a role by what the system does. */
static struct str role_word(struct str role) {
  if (str_eqz(role, "sender")) return STR("send");
  return str_eqz(role, "receiver") ? STR("receive") : role;
}

struct str course_approval_name(struct arena *a, const struct course_subject *s) {
  return arena_printf(a, "%.*s %.*s %.*s", STR_F(s->standard), STR_F(s->standard_version), STR_F(role_word(s->role)));
}

struct str course_subject_text(struct arena *a, const struct course_subject *s) {
  struct str what = course_approval_name(a, s);
  return arena_printf(a, "%.*s %.*s (%.*s), %.*s", STR_F(s->system), STR_F(s->system_version), STR_F(s->vendor),
                      STR_F(what));
}

static int check_subject(const struct course *c, const struct plan *p, struct error *e) {
  struct arena *a = arena_new(0);
  struct course_subject own = course_subject_of(p);
  int rc = 0;
  if (!course_subject_eq(&c->subject, &own)) {
    struct str of_course = course_subject_text(a, &c->subject), of_run = course_subject_text(a, &own);
    rc = error_set(e, ERR_CONFIG, "course %.*s is about %.*s, and this is %.*s", STR_F(c->id), STR_F(of_course),
                   STR_F(of_run));
  } else if (!course_protocol_find(c, p->protocol->id)) {
    rc = error_set(e, ERR_CONFIG, "protocol %.*s is not one of those that course %.*s was started with",
                   STR_F(p->protocol->id), STR_F(c->id));
  }
  arena_free(a);
  return rc;
}

static int check_whole(const struct plan *p, const char *what, struct error *e) {
  for (size_t i = 0; i < p->cases.n; i++)
    if (str_eqz(p->cases.v[i].reason, RECORD_NOT_CHOSEN))
      return error_set(e, ERR_CONFIG, "%s is of the whole protocol: case %.*s was not chosen", what,
                       STR_F(p->cases.v[i].c->id));
  return 0;
}

/* What stands of a step must have been shown by this version of the system, or be confirmed by MedCom. */
static int check_stands(const struct course *c, const struct state_step *st, struct error *e) {
  struct str id = st->step->id, version = st->attempt.system_version;
  if (st->carried.run.n && !st->carried.confirmed_by.n)
    return error_set(e, ERR_CONFIG, "step %.*s was carried over from run %.*s and waits for testcamp confirm",
                     STR_F(id), STR_F(st->carried.run));
  if (st->carried.run.n || !version.n || str_eq(version, c->subject.system_version)) return 0;
  return error_set(e, ERR_CONFIG, "what stands of step %.*s was played with version %.*s of the system", STR_F(id),
                   STR_F(version));
}

static int check_all_stand(const struct course *c, const struct state *s, struct error *e) {
  for (size_t i = 0; i < s->cases_n; i++)
    for (size_t k = 0; k < s->cases[i].n && s->cases[i].plan->applies; k++)
      if (check_stands(c, state_attempt_standing(&s->cases[i].steps[k]), e) < 0) return -1;
  return 0;
}

int course_check_self_test(const struct course *c, const struct state *s, struct error *e) {
  if (check_subject(c, s->plan, e) < 0 || check_whole(s->plan, "a self-test", e) < 0) return -1;
  if (state_is_assessed(s)) return error_set(e, ERR_CONFIG, "run %.*s is a live test, no self-test", STR_F(s->run));
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_step *st = state_current(&s->cases[i]);
    if (st && s->cases[i].plan->applies)
      return error_set(e, ERR_CONFIG, "run %.*s is not complete: step %.*s is not done; testcamp resume %.*s goes on",
                       STR_F(s->run), STR_F(st->step->id), STR_F(s->run));
  }
  if (check_all_stand(c, s, e) < 0) return -1;
  if (s->ended_at) return 0;
  return error_set(e, ERR_CONFIG, "run %.*s has not ended; testcamp resume %.*s goes on", STR_F(s->run), STR_F(s->run));
}

int course_check_live_test(const struct course *c, const struct plan *p, struct error *e) {
  if (check_subject(c, p, e) < 0 || check_whole(p, "a live test", e) < 0) return -1;
  return course_may(c, "course-live-test", e);
}

/* A protocol without a live test has shown nothing: its sum is that of no run. */
void course_sum(struct sum *out, struct arena *a, const struct course *c, const struct state *const *tests) {
  struct algebra_run runs[COURSE_PROTOCOLS_MAX];
  size_t n = c->protocols.n < COURSE_PROTOCOLS_MAX ? c->protocols.n : COURSE_PROTOCOLS_MAX;
  for (size_t i = 0; i < n; i++) {
    runs[i] =
        (struct algebra_run){.protocol = c->protocols.v[i].id, .assessed = true, .ended = true, .real_time = true};
    if (tests[i]) state_algebra(&runs[i], a, tests[i]);
  }
  algebra_role(out, a, runs, n);
}

bool course_claims(const struct course *c) {
  return c->stage == COURSE_PUBLISHED && c->decision.approved;
}

static bool is_noted(const struct course *c, struct str name) {
  for (size_t i = 0; i < c->approvals.n; i++)
    if (str_eq(c->approvals.v[i].name, name)) return true;
  return false;
}

/* An approval is of a system for a version of a standard; the system's own version does not end it. */
static bool is_claimed(const struct course *c, const struct course *const *others, size_t n, struct str name) {
  struct arena *a = arena_new(0);
  bool found = false;
  for (size_t i = 0; i < n && !found; i++) {
    const struct course_subject *s = &others[i]->subject;
    if (!course_claims(others[i]) || !str_eq(s->vendor, c->subject.vendor) || !str_eq(s->system, c->subject.system))
      continue;
    found = str_eq(course_approval_name(a, s), name);
  }
  arena_free(a);
  return found;
}

bool course_lacks(const struct course *c, const struct course *const *others, size_t n, size_t *i) {
  for (; *i < c->required.n; ++*i)
    if (!is_noted(c, c->required.v[*i]) && !is_claimed(c, others, n, c->required.v[*i])) return true;
  return false;
}

static int refuse_blocked(const struct sum *tests, const char *what, struct error *e) {
  struct arena *a = arena_new(0);
  const struct block *b = &tests->blocks.v[0];
  struct said text = block_text(a, b);
  if (tests->blocks.n > 1)
    (void)error_set(e, ERR_CONFIG,
                    "%s: the live test of %.*s is not certifiable: %.*s, and more; testcamp course show lists it", what,
                    STR_F(b->protocol), STR_F(text.en));
  else
    (void)error_set(e, ERR_CONFIG, "%s: the live test of %.*s is not certifiable: %.*s", what, STR_F(b->protocol),
                    STR_F(text.en));
  arena_free(a);
  return -1;
}

static bool is_required(const struct course *c, struct str name) {
  for (size_t i = 0; i < c->required.n; i++)
    if (str_eq(c->required.v[i], name)) return true;
  return false;
}

static int refuse_strange(const struct course *c, struct str name, struct error *e) {
  struct arena *a = arena_new(0);
  struct str known = {0};
  for (size_t i = 0; i < c->required.n; i++)
    known = arena_printf(a, "%.*s%s\"%.*s\"", STR_F(known), i ? ", " : "", STR_F(c->required.v[i]));
  (void)error_set(e, ERR_CONFIG, "the course requires no approval \"%.*s\"; it requires: %.*s", STR_F(name),
                  STR_F(known.n ? known : STR("none")));
  arena_free(a);
  return -1;
}

int course_check_approval(const struct course *c, struct str name, const struct sum *tests,
                          const struct course *const *others, size_t n, struct error *e) {
  if (!is_required(c, name)) return refuse_strange(c, name, e);
  if (course_may(c, "course-approval", e) < 0) return -1;
  if (!str_eqz(name, COURSE_VANS_TEST)) return 0;
  if (!sum_certifiable(tests)) return refuse_blocked(tests, COURSE_VANS_TEST, e);
  for (size_t i = 0; course_lacks(c, others, n, &i); i++)
    if (!str_eqz(c->required.v[i], COURSE_VANS_TEST))
      return error_set(e, ERR_CONFIG, COURSE_VANS_TEST ": it comes last, and \"%.*s\" is still missing",
                       STR_F(c->required.v[i]));
  return 0;
}

int course_check_approvable(const struct course *c, const struct sum *tests, const struct course *const *others,
                            size_t n, struct error *e) {
  size_t i = 0;
  if (course_may(c, "course-decided", e) < 0) return -1;
  if (!sum_certifiable(tests)) return refuse_blocked(tests, "the course cannot be approved", e);
  if (!course_lacks(c, others, n, &i)) return 0;
  return error_set(e, ERR_CONFIG,
                   "the course cannot be approved: \"%.*s\" is missing; testcamp course approval notes it",
                   STR_F(c->required.v[i]));
}
