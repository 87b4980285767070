/* run: drives one run of one protocol against one vendor system.
 *
 * The order is always: append events, fold them into the state, commit at the end of the loop turn, and only then let
 * the effects out (messages, answers to peers, triggers). A run can be opened anew or from its events (resume), in
 * which case it stands where it stood: sends without a result go out again unchanged. The step table is an argument.
 *
 * A case that waits for a person who does not answer now, or for a message in an exchange by hand, is parked; the next
 * case is opened. So is one whose step lets time pass for longer than RUN_PATIENCE_MS: its time goes on though nothing
 * runs. One that listens for longer is only overtaken: the next case opens, and the run stays up to hear. run_go
 * returns when everything is judged or parked. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "base/log.h"
#include "formats/deep.h"
#include "run/answers.h"
#include "run/courses.h"
#include "state/step_api.h"
#include "store/store.h"

#define RUN_INITIALS_MAX 12
#define RUN_WHY_MAX 4000
/* Real time after which a tester is not kept waiting by one case. */
#define RUN_PATIENCE_MS INT64_C(60000)

struct run;
struct sbdh_shelf;
struct profile_cache;
struct letter_shelf;

/* What messages are judged by. The digest is over the definitions (fhir/compiled.h), so that a verdict can be had again
 * elsewhere by the same ones. */
struct run_standards {
  struct profile_cache *profiles; /* validate/profile.h; NULL: profiles cannot be judged */
  struct letter_shelf *letters;   /* validate/letter_shelf.h; NULL: what is shipped, read anew for each letter */
  const char *digest;             /* SHA-256 in hex; empty: not known */
  const char *schemas;            /* the same of the operator's schemas of letters; NULL: there are none */
};

struct loop;
struct endpoint_hub;

/* What the runs of one process share (run/camp.h); touched is told whenever the run has something for the next turn. */
struct run_site {
  void *context;
  struct loop *loop;
  struct arena *scratch; /* emptied between runs: nothing in it outlives a call */
  struct endpoint_hub *hub;
  struct sbdh_shelf *shelf; /* for all runs; NULL: each has its own */
  void (*touched)(void *context);
};

/* Findings that are agreed upon (validate/known_issues.h). A run keeps what it was told of them in its log, and asks
 * apply what becomes of the findings of each step, as of the time of the last event. */
struct run_known {
  const struct facts *issues; /* one each, as the event known-issue has it */
  size_t n;
  struct str file; /* all of them as a file: a run that is taken up again goes by the same */
  /* NULL: nothing is agreed upon. */
  void (*apply)(void *context, struct profile_cache *profiles, struct findings *f, int64_t at);
  void *context;
};

struct run_observer {
  void *context;
  /* After every event was folded in; for the live step list. */
  void (*event)(void *context, const struct state *s, const struct event *ev);
  /* A person must act and may do so now, by run_answer in a later turn. Return false when nobody can be asked: the case
   * is then parked. NULL: nobody can. */
  bool (*ask)(void *context, struct run *r, const struct state_step *st);
};

/* Who says so, by initials, and why. */
struct review {
  struct str by, why;
};

/* Initials are a few letters without blanks, and the reason is not over RUN_WHY_MAX bytes; else an error. */
MUST_CHECK int review_check(const struct review *rv, struct error *e);

struct carry;

struct run_options {
  struct store *store;
  struct clock clock;
  const struct step_kind *const *kinds;
  const struct plan *plan;
  const struct shapes *shapes;
  struct run_standards standards;
  struct deep_number foreign; /* tells CPR numbers of nobody on the list of test persons; wanted NULL: nobody looks */
  struct str persons;         /* the operator's list of test persons, kept with a new run; may be empty */
  struct run_known known;
  const char *data_dir;
  const char *program;            /* version of testcamp */
  const char *mode;               /* self-test, certify */
  struct course *course;          /* that a live test belongs to; it is told when the run starts. NULL: none */
  const char *seed;               /* NULL: random */
  const char *listen;             /* NULL: what the vendor file says */
  bool even_damaged;              /* run_look: up to the damage, which state.damage tells, instead of an error */
  bool log_only;                  /* run_look: without what MedCom said of it beside its log */
  bool by_hand;                   /* no wire, no launch: messages only by put and get, whatever the vendor file says */
  const char *launch;             /* NULL: what the vendor file says; else a command line */
  int64_t patience_ms;            /* 0: RUN_PATIENCE_MS */
  const struct answers *answers;  /* may be NULL */
  const struct facts *parameters; /* overrides: name -> value; may be NULL */
  const struct carry *carry;      /* what is taken over from an earlier run (state/carry.h); may be NULL */
  struct run_observer observer;
  const struct run_site *site; /* NULL: the run is alone, with a loop and an address of its own */
  struct log log;
};

/* A new run: writes run-started. */
MUST_CHECK int run_start(struct run **out, const struct run_options *o, struct error *e);
/* A run that was begun before: folds its events. */
MUST_CHECK int run_resume(struct run **out, struct str id, const struct run_options *o, struct error *e);
/* The same without opening endpoints: put, get, answer, report. */
MUST_CHECK int run_look(struct run **out, struct str id, const struct run_options *o, struct error *e);
/* Turns the loop until all cases are judged or parked, or run_stop. -1 when the harness could not go on. */
MUST_CHECK int run_go(struct run *r, struct error *e);
/* Ends run_go after this turn; the run can be resumed. */
void run_stop(struct run *r);
void run_close(struct run *r);

/* For a run with a site, in place of run_go. A run in the log that this process had open before: what was
 * under way goes on, noted as a start of the harness where something goes out again. */
MUST_CHECK int run_reopen(struct run **out, struct str id, const struct run_options *o, struct error *e);
/* Folds in what another writer of this process has appended to its log, and goes on with it. */
MUST_CHECK int run_catch_up(struct run *r, struct error *e);
/* Moves the cursors, and ends the run when all is judged: appends to the transaction, which the owner commits. */
void run_move(struct run *r);
/* Something was appended since run_release. */
bool run_is_dirty(const struct run *r);
/* After the commit: answers peers, sends, triggers; how many arrivals were answered. */
size_t run_release(struct run *r);
/* Nothing was committed: peers are told why; how many. The run is of no use any more: close it and open it again. */
size_t run_refuse(struct run *r, const char *why);
/* Why the harness cannot go on with it; NULL when it can. */
const struct error *run_broken(const struct run *r);
/* Notes that the harness stops; the owner commits. */
void run_note_stop(struct run *r);

const struct state *run_state(const struct run *r);
struct loop *run_loop(struct run *r);
const char *run_address(const struct run *r);
/* Where a service of the protocol is reached; NULL: the system that it is of does not take part. */
const char *run_service_address(const struct run *r, struct str service);
/* An open wait: how long its owner has, in deadline time (-1: no deadline), and when it goes on or is over if nothing
 * happens until then and the harness stays as it is (0: that is not known: the harness is down, or nothing ends it). */
struct run_wait {
  int64_t left, due;
};
struct run_wait run_wait(const struct run *r, const struct state_step *st, int64_t now);
/* Which CPR numbers are of nobody on the run's list. */
struct deep_number run_foreign(const struct run *r);
/* A person's answer to the step that waits: done, ok, fail, not-relevant. Evidence: names and paths of files. */
MUST_CHECK int run_answer(struct run *r, const struct state_step *st, const struct answer *an, struct error *e);
/* Leaves the case of this step parked and opens the next. */
void run_park(struct run *r, const struct state_step *st);
/* Opens that case now, or takes up a parked one again, whatever the others wait for; false if no such case applies or
 * it is done. */
bool run_open_case(struct run *r, struct str id);
/* A message by hand, as if it had come over the wire; gives its number ("m4") in the state's arena. */
MUST_CHECK int run_put(struct run *r, const char *path, struct str *id, struct error *e);
/* A person gives an unmatched message to an open step. */
MUST_CHECK int run_attach(struct run *r, struct str message, struct str step, const char *why, struct error *e);
/* A person lets a message out of quarantine: it may be matched with a step from then on. */
MUST_CHECK int run_unquarantine(struct run *r, struct str message, struct str by, struct str why, struct error *e);
/* Notes that only test persons are in what is handed in; how: option, terminal, answers, vendor-file. */
MUST_CHECK int run_declare(struct run *r, const char *how, struct error *e);
/* MedCom's assessment of steps, all of them or none, in a live test: refused in a self-test, and for a step that was
 * not executed unless it is not relevant. Another one than before needs a why. Commit makes it stand. */
MUST_CHECK int run_assess(struct run *r, const struct state_step *const *steps, size_t n, enum assessment as,
                          const struct review *rv, struct error *e);
/* Assesses as OK every numbered step that has passed, with all that stands under it, and is not assessed yet. */
MUST_CHECK int run_accept_passed(struct run *r, const struct review *rv, size_t *accepted, struct error *e);
/* Puts MedCom's verdict in the place of the one that stands; the why is needed. In a live test it is an event of the
 * run. Of a self-test, when it has ended and also where it came as a bundle, it stands in a chain beside the run
 * (STORE_REVIEW): it is in all that is shown and reported here, and in no bundle. */
MUST_CHECK int run_revise(struct run *r, const struct state_step *st, enum verdict v, const struct review *rv,
                          struct error *e);
/* A finding that a vendor does not agree with, and MedCom's answer to that. */
struct dispute {
  struct str finding; /* its number in the step, from 1, or its rule where one finding has it */
  struct str by, why;
};
/* Refused without by and why, for a finding that is not there, for one that is contested already, and in a run that
 * came as a bundle. Commit makes it stand. */
MUST_CHECK int run_contest(struct run *r, const struct state_step *st, const struct dispute *d, struct error *e);
/* Refused for a finding that nobody contests. Of a run that came as a bundle it stands beside the run, as a revision of
 * a self-test does. */
MUST_CHECK int run_uphold(struct run *r, const struct state_step *st, const struct dispute *d, struct error *e);
/* Notes that an outbound message was fetched. */
MUST_CHECK int run_note_fetched(struct run *r, struct str message, const char *by, struct error *e);
/* Puts the pictures of the evidence into such a record, as far as they are not too large (record/record.h). */
void run_pictures(struct run *r, struct record *out, struct arena *a);
struct step_compared; /* state/step_api.h */
/* What the step compared with, as it was put together for it, in a; nothing if it compares nothing, or a message. */
MUST_CHECK int run_compared(struct run *r, const struct state_step *st, struct step_compared *out, struct arena *a,
                            struct error *e);
/* The record as it stands, exchanges with their bytes, findings and near misses, in a. */
MUST_CHECK int run_record(struct run *r, struct record *out, struct arena *a, struct error *e);

#endif
