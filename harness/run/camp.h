/* camp: the runs of a whole testcamp in one process: one loop, one store, one HTTP address.
 *
 * Only runs that something happened to are looked at in a turn of the loop, so that a thousand waiting ones cost
 * nothing; all of them share one commit (group commit), and their effects are let out after it. When the store cannot
 * keep a turn, every peer of that turn is refused (507) and the runs it touched are read again from the log, as after
 * a crash; the others go on. A message that no run of its address wants, or several, is kept in a mailbox: a chain of
 * its own in the store, named "mailbox-<system>-<role>", until a person gives it to a run. Runs are told apart by the
 * address that a message came to, never by what stands in it: two systems with the same GLN are reported when the
 * second joins (camp_same_gln), and not mixed.
 *
 * Everything lives in the camp; the plans and standards that runs are opened with belong to the caller and must live as
 * long. */
#ifndef RUN_CAMP_H
#define RUN_CAMP_H

#include "run/run.h"

#define CAMP_RUNS_MAX 20000

struct camp;

struct http_tls;

struct camp_options {
  struct store *store;
  const char *listen;
  const struct http_tls *tls; /* NULL: in the clear; copied */
  struct log log;
};

struct camp_counts {
  size_t runs;     /* open now */
  size_t received; /* messages kept since the start, those in mailboxes included */
  size_t unclaimed;
  size_t refused; /* arrivals that could not be kept */
  size_t commits;
};

MUST_CHECK int camp_open(struct camp **out, const struct camp_options *o, struct error *e);
/* Notes in every open run that the harness stops. */
void camp_close(struct camp *c);
const char *camp_url(const struct camp *c);
/* Where runs of that system in that role take its messages, in a; each open run has one of its own besides
 * (run_address). */
struct str camp_address(const struct camp *c, struct arena *a, struct str system, struct str role);
struct loop *camp_loop(struct camp *c);
struct camp_counts camp_count(const struct camp *c);

/* A new run (id empty), or one of the store; o->site, store and listen are set by the camp. Not from within a turn. The
 * loop turns while the run's system is started: what others get meanwhile is kept and answered before this returns. */
MUST_CHECK int camp_add(struct camp *c, struct str id, const struct run_options *o, struct run **out, struct error *e);
/* The open run of that id; NULL. It may be another struct after the next turn. */
struct run *camp_run(struct camp *c, struct str id);
/* An open run of another system whose organisation has the same GLN as v; NULL if there is none. */
const struct run *camp_same_gln(const struct camp *c, const struct vendor *v);
/* That system has been here before: where no run of it is open, its addresses ask a vendor to try again. */
void camp_know(struct camp *c, struct str system);
/* True while a run is being added, in a turn of the loop that its start makes: nobody else may write to the store. */
bool camp_is_joining(const struct camp *c);
/* Ends the turn so far: what was appended is committed. Before somebody else writes to the store. */
void camp_settle(struct camp *c);
/* Somebody else has appended to the log of the runs whose id begins with prefix: they take it in and go on. */
void camp_catch_up(struct camp *c, struct str prefix);
/* Somebody else has set back steps of an open run, or put some in: it is read again from its log, with the plan of o,
 * and its answers if it has some. */
void camp_read_again(struct camp *c, struct str id, const struct run_options *o);
/* Lets go of a run that a person has paused or ended: its address answers no more, and nothing happens to it until it
 * is added again. */
void camp_drop(struct camp *c, struct str id);
/* Turns the loop until camp_stop, which may have been called before. */
void camp_go(struct camp *c);
void camp_stop(struct camp *c);

/* One message of a mailbox: its event as it was received, and the run that it was given to (empty: none yet). */
struct mailbox_message {
  struct event *received;
  struct str given_to;
};
/* All messages of the mailbox with that chain name, in a. */
MUST_CHECK int mailbox_read(struct store *s, struct str name, struct arena *a, struct mailbox_message **out, size_t *n,
                            struct error *e);
#define MAILBOX_PREFIX "mailbox-"
/* A person gives one of them to this run, where it is received anew; its number there in *id. ERR_CONFIG: no such
 * message, or it was given before. */
MUST_CHECK int run_take(struct run *r, struct str mailbox, struct str message, const char *why, struct str *id,
                        struct error *e);

#endif
