/* course: the way of one system to an approval, as MedCom goes it, and the pure fold of its events.
 *
 * A course (testforløb) is about one subject: a system in one version, for one standard in one version, in one role. It
 * has an event chain of its own in the store, whose id begins with "course-". The stages, in order:
 *
 *   self-test -> submitted -> accepted -> live test -> other approvals -> decided -> published
 *                   |  ^
 *                   v  |
 *                 returned
 *
 * course_apply is the only thing that changes a course; it asks no clock and does no I/O. What only the runs can show
 * (a complete self-test, a live test that is certifiable) is checked by the functions that are given their states. What
 * a system is approved for is claimed by a course that is decided with approval and published, and by nothing else.
 * Everything lives in the arena given to course_new. Source: stages of a test and certification at MedCom, as its test
 * protocols describe them in their sections 1.2, 1.3 and 2. */
#ifndef STATE_COURSE_H
#define STATE_COURSE_H

#include "state/state.h"

#define COURSE_PREFIX "course-"
#define COURSE_PROTOCOLS_MAX 20
/* The required approval that comes last of all (CareCommunication send 5.0.2, section "Testing with VANS-operator"):
 * written so in `requires:` of a protocol. */
#define COURSE_VANS_TEST "VANS operator test"

enum course_stage {
  COURSE_NEW, /* before its first event */
  COURSE_SELF_TEST,
  COURSE_SUBMITTED,
  COURSE_RETURNED,
  COURSE_ACCEPTED,
  COURSE_LIVE_TEST,
  COURSE_APPROVALS,
  COURSE_DECIDED,
  COURSE_PUBLISHED,
  COURSE_STAGES
};

/* What a course, a run and a claim are about. */
struct course_subject {
  struct str vendor, system, system_version;
  struct str standard, standard_version, role;
};

struct course_protocol {
  struct str id;
  struct str self_test, live_test; /* the last run of it that was submitted, and held; empty before */
};

struct course_approval {
  struct str name; /* as the protocol requires it */
  struct str by, why;
  int64_t at;
};

struct course_act {
  struct str kind, by, why, what; /* what: the runs or the approval that it is about */
  int64_t at;
};

struct course {
  struct arena *arena;
  struct str id, system_type;
  struct course_subject subject;
  enum course_stage stage;
  VEC(struct course_protocol) protocols;
  VEC(struct str) required; /* other approvals */
  VEC(struct course_approval) approvals;
  struct record_decision decision; /* at 0: none yet */
  int64_t published_at;
  VEC(struct course_act) acts; /* all of them, oldest first */
};

struct course *course_new(struct arena *a);
/* Folds one event in; one that does not fit is ERR_SYNTAX: a damaged log. */
MUST_CHECK int course_apply(struct course *c, const struct event *ev, struct error *e);
/* True if an event of that kind fits the stage; else ERR_CONFIG says where the course stands and what comes first. */
MUST_CHECK int course_may(const struct course *c, const char *kind, struct error *e);
/* The first event of a course for a vendor's system, by protocols of one standard, version and role: an error if they
 * are not. */
MUST_CHECK int course_begin(struct event *ev, const struct vendor *v, struct protocol *const *p, size_t n,
                            struct error *e);

struct course_subject course_subject_of(const struct plan *p);
bool course_subject_eq(const struct course_subject *a, const struct course_subject *b);
/* The same but for the system's version. */
bool course_subject_is_near(const struct course_subject *a, const struct course_subject *b);
/* "Journal 3.10 (Vendor), CareCommunication 5.0 receive". */
struct str course_subject_text(struct arena *a, const struct course_subject *s);
struct course_protocol *course_protocol_find(const struct course *c, struct str id);

/* A run as self-test for a course: of its subject and one of its protocols, whole, ended, with no step that waits. */
MUST_CHECK int course_check_self_test(const struct course *c, const struct state *s, struct error *e);
/* A plan as live test: same subject (the same version of the system above all), a protocol of the course, all of it. */
MUST_CHECK int course_check_live_test(const struct course *c, const struct plan *p, struct error *e);
/* The sum of the live tests that stand; tests has one state a protocol, in the order of the course, NULL: none held. */
void course_sum(struct sum *out, struct arena *a, const struct course *c, const struct state *const *tests);

/* "Acknowledgement 2.0 receive": what an approval is called where another protocol requires it; in a. */
struct str course_approval_name(struct arena *a, const struct course_subject *s);
/* True if c claims its subject: decided with approval, and published. */
bool course_claims(const struct course *c);
/* The first required approval from index *i on that c does not have, neither noted nor by what the same system claims
 * in others; false when there is none. *i becomes its index. */
bool course_lacks(const struct course *c, const struct course *const *others, size_t n, size_t *i);
/* An other approval that may be noted now: a required one, and the VANS operator's test only when the live tests are
 * certifiable and nothing else is missing. Others: all courses of the store. */
MUST_CHECK int course_check_approval(const struct course *c, struct str name, const struct sum *tests,
                                     const struct course *const *others, size_t n, struct error *e);
/* The approval of the system: live tests that are certifiable, and no required approval missing. */
MUST_CHECK int course_check_approvable(const struct course *c, const struct sum *tests,
                                       const struct course *const *others, size_t n, struct error *e);

/* "self-test", "submitted", ... and in words. */
const char *course_stage_name(enum course_stage s);
struct said course_stage_text(enum course_stage s);
/* What a course that stands there waits for, and the command that does it: NULL where there is nothing to do. */
struct said course_next_text(enum course_stage s);
const char *course_next_command(enum course_stage s);
/* True if that is the vendor's to do, false if MedCom's. */
bool course_next_is_vendors(enum course_stage s);
/* What an event of that kind did; empty for an unknown one. */
struct said course_act_text(struct str kind);

#endif
