/* depends: which steps of a plan hang on which, and what must be played again when some are.
 *
 * Pure: a plan and the texts of its fixtures give the graph; everything lives in the arena. Steps are numbered in the
 * order of the protocol, over all cases; those that do not apply to the vendor's system take no part.
 *
 * A step hangs on another one
 *   by name     it uses a message or variable that the other gave (on, to, again, answers, expected, ${...}, %name);
 *   by cause    it waits for a message, and the other is what made the system send: the message that `to` names, else
 *               the last step before it in the case that makes the system act;
 *   by identity both make messages of one case with the same ${uuid:label}, so that they belong to one thread;
 *   by order    the other makes ready for it (wait), or it is a person's, who looks at what the other brought about.
 *
 * A link is fresh if the step can be played again only with the other one: an assertion needs a new message. Where it
 * is not, what the other left in the run can be used once more, as long as the system still knows it. */
#ifndef STATE_DEPENDS_H
#define STATE_DEPENDS_H

#include "plan/plan.h"

enum depends_why { DEPENDS_NOT, DEPENDS_ASKED, DEPENDS_USES, DEPENDS_NEEDED };

struct depends_link {
  size_t step, on; /* step hangs on on */
  bool fresh;
};

struct depends {
  struct arena *arena;
  const struct plan *plan;
  size_t n;
  struct step **steps; /* n; NULL where it does not apply */
  VEC(struct depends_link) links;
};

/* What is played again, and why: of is the step that drew this one in (USES: it hangs on of; NEEDED: of needs it). */
struct depends_mark {
  enum depends_why why;
  size_t of;
};

/* The text of fixtures/<file>, empty if it cannot be read. */
struct depends_files {
  struct str (*read)(void *context, struct arena *a, struct str file);
  void *context;
};

struct depends *depends_make(struct arena *a, const struct plan *p, struct depends_files files);
/* Number of a step; d->n if it takes no part. */
size_t depends_index(const struct depends *d, const struct step *s);
/* Marks whatever must be played with the steps that are marked (n marks). anew: nothing that was played before is still
 * there to be used, so every link counts as fresh. */
void depends_close(struct depends_mark *marks, const struct depends *d, bool anew);

#endif
