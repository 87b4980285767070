/* courses: the courses of a store, and acts upon them.
 *
 * Folded from their chains by courses_load, into its arena. courses_act appends to the store without committing:
 * several acts, or an act and a run, stand together or not at all. */
#ifndef RUN_COURSES_H
#define RUN_COURSES_H

#include "state/course.h"
#include "store/store.h"

struct courses {
  VEC(struct course *) list; /* oldest first */
};

MUST_CHECK int courses_load(struct courses *out, struct store *s, struct arena *a, struct error *e);
/* The course of that id; NULL if the store does not hold it (a run may have come without its course). */
MUST_CHECK int courses_get(struct course **out, struct store *s, struct arena *a, struct str id, struct error *e);
/* The one whose id, with or without "course-", begins with prefix; an error if there is none or several. */
MUST_CHECK int courses_find(const struct courses *all, struct str prefix, struct course **out, struct error *e);
/* The newest course of that subject that is not decided, else the newest; NULL if there is none. */
struct course *courses_of(const struct courses *all, const struct course_subject *s);
/* A new id, "course-20260105-1a2b3c4d", for a course that begins at that time; in a. */
struct str courses_new_id(struct arena *a, int64_t at);
/* Checks that the act fits the course, folds it in and appends it. The event's data are the caller's. */
MUST_CHECK int courses_act(struct store *s, struct course *c, struct event *ev, struct error *e);
/* The course that a live test of this plan belongs to: one with an accepted self-test of the same vendor, system and
 * version, standard and version, and role. Without it an error says which step of the course is missing. */
MUST_CHECK int courses_for_live_test(const struct courses *all, const struct plan *p, struct course **out,
                                     struct error *e);

#endif
