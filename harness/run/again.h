/* again: steps of a run that are played once more, put in by MedCom, or taken over from another run.
 *
 * All of it is done to a run that was opened with run_look: the event is appended and folded in, and the caller commits
 * and goes on with run_resume, where the steps that were set back are what is left to play. Nothing that was judged is
 * lost (state/attempt.h). */
#ifndef RUN_AGAIN_H
#define RUN_AGAIN_H

#include "run/run.h"
#include "state/attempt.h"
#include "state/carry.h"
#include "state/depends.h"

/* Largest fixture that is looked into for what binds messages together. */
#define AGAIN_FIXTURE_MAX ((size_t)16 << 20)

/* What playing steps again comes to: a mark for each step of the graph. */
struct again_set {
  struct depends *depends;
  struct depends_mark *marks;
  size_t n; /* steps that are played again */
};

/* Reads fixtures for the graph; context is the folder of data files (const char *). */
struct str again_fixture(void *context, struct arena *a, struct str file);
/* The smallest set to be played with these steps (ids or numbers): what they need from the wire, what depends on it,
 * and what a case waits for now if it is set back behind that. A system that is launched for the run remembers nothing,
 * so what was sent to it before is sent again too. Error: an unknown step, or one that was not begun. */
MUST_CHECK int run_again_set(struct again_set *out, struct run *r, const struct str *steps, size_t n, struct error *e);
/* Sets them back. system_version empty: as before. */
MUST_CHECK int run_repeat(struct run *r, const struct again_set *set, struct str system_version,
                          const struct review *word, struct error *e);
/* MedCom says which attempt of a step stands. */
MUST_CHECK int run_stand(struct run *r, struct str step, int64_t attempt, const struct review *word, struct error *e);
/* Steps that the caller put into the protocol of this run (protocol/insert.h) before it was opened: n of them, behind
 * `after`, from the bytes of a file. */
MUST_CHECK int run_insert(struct run *r, struct step *const *steps, size_t n, struct str after, struct source src,
                          const struct review *word, struct error *e);
/* MedCom confirms what was taken over: these steps, or (n 0) all that wait for it; *done becomes how many. */
MUST_CHECK int run_confirm(struct run *r, const struct str *steps, size_t n, struct str by, size_t *done,
                           struct error *e);

#endif
