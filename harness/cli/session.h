/* session: what the commands that work on runs have in common: the store, and what a run is made of.
 *
 * session_open opens the store and the data folder. session_load_* fill plan and options, either from files (a new run)
 * or from the blobs of a run in the store (an old one), so that a run is always continued by what it was begun with. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "base/map.h"
#include "cli/opts.h"
#include "run/run.h"
#include "standards/persons.h"
#include "validate/letter_shelf.h"

/* What the sessions of one process share: protocols and vendors by digest, standards by the packages that are pinned,
 * plans by both. Everything lives in arena. */
struct session_cache {
  struct arena *arena;
  struct map protocols, vendors, plans, standards, persons;
};

struct session {
  struct cli *cli;
  struct arena *arena;
  struct store *store;
  struct plan *plan;
  struct run_options options;
  bool damaged;                /* a run of the store could not be read as a whole */
  struct session_cache *cache; /* may be NULL */
  struct persons *persons;     /* of the plan: official ones, the vendor file's, the operator's */
};

void session_cache_init(struct session_cache *c, struct arena *a);

/* store_path NULL: the default one. */
MUST_CHECK int session_open(struct session *s, struct cli *c, const char *store_path, enum store_mode mode,
                            struct error *e);
/* The same without a store: what only plans. */
MUST_CHECK int session_open_dry(struct session *s, struct cli *c, struct error *e);
void session_close(struct session *s);
/* A plan for the systems that take part. */
MUST_CHECK int session_plan(struct session *s, struct protocol *p, const struct plan_vendors *v,
                            const struct opt_list *cases, struct error *e);
/* Inside a server: the plan of that run once more, living as long as the server. */
MUST_CHECK int session_keep(struct session *s, struct str run, struct error *e);
/* The operator's own list of test persons for a new run; call it before session_plan. */
MUST_CHECK int session_persons(struct session *s, const char *path, struct error *e);
/* Fills persons and options.foreign; session_plan and session_load_run do so. */
MUST_CHECK int session_know_persons(struct session *s, struct error *e);
/* What the run judges by: the built-in standards, with the packages that the plan's protocol names pinned; one that is
 * not built in is looked for among those that were added (`testcamp package add`). Call it when the plan is there and
 * the run is to go on. */
MUST_CHECK int session_standards(struct session *s, struct error *e);
/* What letters are judged by, by --schemas or as shipped; lives in a. */
struct letter_shelf *session_letters(struct session *s, struct arena *a);
/* The digest of the folder of --schemas (letter_schemas_digest), in a; NULL without. */
MUST_CHECK int session_schemas(struct session *s, struct arena *a, const char **out, struct error *e);
/* The answers of persons from a file, for the run at hand; path NULL: none. A step that its protocol does not have is
 * an error. */
MUST_CHECK int session_answers(struct session *s, const char *path, struct error *e);
/* Puts the plan of the cache in place of an equal one, made there if it has none. */
MUST_CHECK int session_share(struct session *s, struct error *e);
/* Plan and options of the run whose id begins with prefix; *run becomes its whole id. */
MUST_CHECK int session_load_run(struct session *s, struct str prefix, struct str *run, struct error *e);
/* MedCom's own steps of that run, put into another protocol that it is to be judged by, where they stood in its own. */
MUST_CHECK int session_insert_again(struct session *s, struct str run, struct protocol *p, struct error *e);

#endif
