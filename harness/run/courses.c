#include "run/courses.h"

#include "base/clock.h"
#include "base/uuid.h"

#include <string.h>

static int fold(void *payload, struct event *ev, struct error *e) {
  return course_apply(payload, ev, e);
}

int courses_load(struct courses *out, struct store *s, struct arena *a, struct error *e) {
  struct store_run *chains;
  size_t n;
  *out = (struct courses){0};
  if (store_courses(s, a, &chains, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    struct course *c = course_new(a);
    if (store_replay(s, chains[i].run, a, fold, c, e) < 0) return -1;
    VEC_PUSH(a, &out->list, c);
  }
  return 0;
}

int courses_get(struct course **out, struct store *s, struct arena *a, struct str id, struct error *e) {
  struct store_run *chains;
  size_t n;
  *out = NULL;
  if (!id.n) return 0;
  if (store_courses(s, a, &chains, &n, e) < 0) return -1;
  for (size_t i = 0; i < n && !*out; i++)
    if (str_eq(chains[i].run, id)) *out = course_new(a);
  return *out ? store_replay(s, id, a, fold, *out, e) : 0;
}

static bool begins(const struct course *c, struct str prefix) {
  size_t known = strlen(COURSE_PREFIX);
  return str_starts(c->id, prefix) || str_starts(str_sub(c->id, known, c->id.n), prefix);
}

int courses_find(const struct courses *all, struct str prefix, struct course **out, struct error *e) {
  size_t n = 0;
  *out = NULL;
  for (size_t i = 0; i < all->list.n && prefix.n; i++) {
    if (!begins(all->list.v[i], prefix)) continue;
    *out = all->list.v[i];
    n++;
  }
  if (n == 1) return 0;
  if (n > 1) return error_set(e, ERR_CONFIG, "%zu courses begin with %.*s; write more of the id", n, STR_F(prefix));
  return error_set(e, ERR_CONFIG, "no course begins with \"%.*s\"; `testcamp course list` shows them", STR_F(prefix));
}

struct course *courses_of(const struct courses *all, const struct course_subject *s) {
  struct course *found = NULL;
  for (size_t i = 0; i < all->list.n; i++) {
    struct course *c = all->list.v[i];
    if (!course_subject_eq(&c->subject, s)) continue;
    bool better = !found || found->stage >= COURSE_DECIDED || c->stage < COURSE_DECIDED;
    if (better) found = c;
  }
  return found;
}

struct str courses_new_id(struct arena *a, int64_t at) {
  struct str day = time_utc(a, at), id = uuid_random(a);
  return arena_printf(a, COURSE_PREFIX "%.4s%.2s%.2s-%.8s", day.p, day.p + 5, day.p + 8, id.p);
}

int courses_act(struct store *s, struct course *c, struct event *ev, struct error *e) {
  const char *kind = arena_z(c->arena, ev->kind);
  struct str id = c->stage == COURSE_NEW ? event_get(ev, "course") : c->id;
  if (course_may(c, kind, e) < 0 || store_append(s, id, ev, e) < 0) return -1;
  return course_apply(c, ev, e);
}

/* Why there is no course to attach to: none at all, or one for another version of the system. */
static int none_found(const struct courses *all, const struct course_subject *own, struct error *e) {
  struct arena *a = arena_new(0);
  const struct course *near = NULL;
  for (size_t i = 0; i < all->list.n; i++)
    if (course_subject_is_near(&all->list.v[i]->subject, own)) near = all->list.v[i];
  struct str subject = course_subject_text(a, own);
  if (near)
    (void)error_set(e, ERR_CONFIG,
                    "a live test is of the system version whose self-test was accepted: course %.*s is about version "
                    "%.*s, this is %.*s; a new version begins with testcamp course start",
                    STR_F(near->id), STR_F(near->subject.system_version), STR_F(subject));
  else
    (void)error_set(e, ERR_CONFIG,
                    "there is no course for %.*s: a live test needs an accepted self-test; begin with testcamp course "
                    "start",
                    STR_F(subject));
  arena_free(a);
  return -1;
}

int courses_for_live_test(const struct courses *all, const struct plan *p, struct course **out, struct error *e) {
  struct course_subject own = course_subject_of(p);
  *out = courses_of(all, &own);
  return *out ? course_check_live_test(*out, p, e) : none_found(all, &own, e);
}
