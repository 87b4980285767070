/* judge_again: what `testcamp rejudge` judges again, and by what. */
#ifndef CLI_JUDGE_AGAIN_H
#define CLI_JUDGE_AGAIN_H

#include "cli/session.h"
#include "validate/known_issues.h"

#define REJUDGE_BUNDLES_MAX 1000 /* in one folder */

struct rejudge_args {
  struct opt_list rest, uses;
  const char *packages, *protocol, *known_issues, *store, *lang;
  bool all;
};

struct rejudging_all {
  const struct rejudge_args *args;
  struct known_issues *known; /* NULL: those of each run */
  size_t worse, unjudged;     /* runs, bundles or messages */
};

/* One run of the session's store: prints what changed, per step. worse: a verdict got worse; unjudged: the run as it is
 * judged now is neither passed nor failed. */
MUST_CHECK int rejudge_run(struct session *s, const struct rejudge_args *a, struct known_issues *known, struct str run,
                           bool *worse, bool *unjudged, struct error *e);
/* True if a folder holds evidence bundles (.tar.gz). */
bool rejudge_is_of_bundles(struct arena *a, const char *dir);
/* Each bundle of a folder, in a store of its own that is deleted afterwards. One that is not intact is told and counts
 * as not judged. */
MUST_CHECK int rejudge_bundles(struct cli *c, struct rejudging_all *j, const char *dir, struct error *e);
/* Each message of a folder: by the newest built-in or added version of the first --use package, and by that package. */
MUST_CHECK int rejudge_messages(struct cli *c, const struct rejudge_args *a, const char *dir, bool *worse,
                                bool *unjudged, struct error *e);

#endif
