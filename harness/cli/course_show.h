/* course_show: how a course stands, in lines for people. */
#ifndef CLI_COURSE_SHOW_H
#define CLI_COURSE_SHOW_H

#include "cli/session.h"
#include "report/approval.h"

/* What a course has shown so far, in the session's arena. */
struct course_view {
  const struct course **others; /* all of the store, its own among them */
  struct sum sum;               /* of its live tests */
  VEC(struct str) lacking;      /* required approvals that are not there */
};

/* Folds the live tests of the course. */
MUST_CHECK int course_look(struct course_view *out, struct session *s, const struct courses *all,
                           const struct course *c, struct error *e);
/* One line: id, stage, subject. */
void course_line(struct cli *c, const struct course *course);
/* One line of who must act next, since when, and how; nothing for one that is published. */
void course_wait_line(struct cli *c, const struct course *course);
/* All of it: what it is about, what was done by whom, what stands in the way, and what comes next. */
void course_show(struct session *s, const struct courses *all, const struct course *c);
/* The row of the list of approved systems that a published course claims; texts borrowed, or made in a. */
struct approval course_claim(const struct course *course, struct arena *a);
/* One line for what a course claims, in the columns of MedCom's list of approved systems, tab separated: system,
 * vendor, system type, standard, standard (version), channel, status; then system version, day of the test, initials,
 * and the course. */
void course_claim_line(struct cli *c, const struct course *course);

#endif
