/* run_int: what the files of the run room share. */
#ifndef RUN_RUN_INT_H
#define RUN_RUN_INT_H

#include "endpoint/endpoint.h"
#include "net/child.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "run/run.h"

/* How long a launched system may take until it tells its address. */
#define RUN_LAUNCH_MS INT64_C(15000)
/* Largest file that put takes. */
#define RUN_PUT_MAX ((size_t)256 << 20)
/* How long an arrival may be held back in a seeded run. */
#define RUN_HOLD_MS INT64_C(2000)
/* How long peers that are being refused are given when the harness cannot go on. */
#define RUN_FAREWELL_MS INT64_C(1000)
/* A step of the machine's clock that is worth a note. */
#define RUN_CLOCK_STEP_MS INT64_C(2000)
#define RUN_EVIDENCE_MAX ((size_t)64 << 20)

/* An effect that waits for the commit. */
struct run_post {
  struct state_step *step;
  struct str message; /* a message to send, or */
  struct str trigger; /* a trigger to call with this JSON */
};

struct run_arrival {
  struct arrival *handle;
  struct str message;
};

struct trigger_call;
struct retry;

struct run_timer {
  struct run *run;
  struct state_step *step;
  struct loop_timer *timer;
};

struct run {
  struct run_options o;
  struct arena *arena;   /* as long as the run */
  struct arena *scratch; /* one step */
  struct str id, seed;
  /* ${seed} for the launched system: another one each time it is started, so that it repeats no ids. */
  struct str launch_seed;
  struct state *state;
  struct loop *loop;
  struct endpoint *endpoint;
  struct http_client *client;
  struct child *child;
  const char *launch_address; /* what the launched system told; NULL before */
  struct step_services services;
  struct step_host host;
  /* Collected by the host while an effect runs. */
  const char *wait_owner;
  int64_t wait_deadline;
  VEC(struct event *) pending_events;
  /* Released after the commit. */
  VEC(struct run_post) posts;
  VEC(struct run_arrival) arrivals;
  VEC(struct run_timer *) timers;
  VEC(struct trigger_call *) calls; /* commands that were started as triggers */
  VEC(struct retry *) retries;      /* sends that wait to be tried again */
  /* Seeded runs only: arrivals that wait until nothing of ours is under way. */
  VEC(struct endpoint_arrival) held;
  struct loop_timer *hold_timer;
  bool hold_over, releasing;
  size_t hooks; /* triggers under way */
  /* How far the wall clock is ahead of the one that never steps; 0: not known yet. */
  int64_t ahead;
  bool dirty;   /* appended since the last commit */
  bool going;   /* run_go was called: cursors may move */
  bool stopped; /* run_stop, or nothing left to do */
  bool broken;  /* error holds why the harness cannot go on */
  struct error error;
  bool *parked;   /* one a case */
  bool *prompted; /* one a case: a person was asked about its current step */
  bool *wanted;   /* one a case: a person wants it opened now */
};

/* There is something to commit or to release in this turn. */
void run_touch(struct run *r);
/* The client of triggers, made when it is first needed. */
MUST_CHECK int run_client(struct run *r, struct error *e);
/* Cases that nobody could be asked about are tried again. */
void run_unpark(struct run *r);
/* Cancels what waits to be tried again. */
void run_retry_end(struct run *r);
/* Does an open step want a message with these facts? */
bool run_claims(void *run, const struct facts *facts);
/* Appends and folds; -1 sets broken. */
int run_emit(struct run *r, struct event *ev);
struct event *run_event(struct run *r, const char *kind, const struct state_step *st);
struct str run_next_message(struct run *r);
void run_break(struct run *r, const struct error *e);
/* An error if the course that this live test belongs to is decided: what it rests on stands (review.c). */
int run_undecided(struct run *r, struct error *e);
/* Notes what is taken over from an earlier run (again.c). */
int run_carry(struct run *r);
/* Moves every cursor as far as it goes, opens cases, parks. */
void run_advance(struct run *r);
/* What a judgement comes to: findings decide, unless the word itself said error or not applicable. */
enum verdict run_final_verdict(const struct judgement *j);
/* Judges an open step, and emits what comes of it. */
void run_judge(struct run *r, struct state_step *st);
/* Commits and releases effects; after every loop turn. */
void run_flush(void *run);
void run_host_init(struct run *r);
struct step_view run_view(struct run *r, const struct state_step *st);
/* Wire. */
void run_received(void *run, const struct endpoint_arrival *in);
void run_refused(void *run, struct str peer, int status, const char *why);
void run_sent(void *run, struct str message, const struct endpoint_result *res);
size_t run_ready(void *run, struct arena *a, struct endpoint_ready **out);
int run_fetch(void *run, struct str message, struct arena *a, struct str *bytes, struct error *e);
/* Puts a message that is received into quarantine, if its bytes hold a CPR number of nobody on the list; the number
 * goes from the event's own data. */
void run_quarantine(struct run *r, struct event *received, struct str bytes);
/* True if the arrival has to wait; and hands over the first that has waited long enough. */
bool run_hold(struct run *r, const struct endpoint_arrival *in);
bool run_release_held(struct run *r);
/* Gives unmatched messages to the one open step that wants each. */
void run_match(struct run *r);
/* True if nothing can come by itself. */
bool run_by_hand(const struct run *r);
/* Timers of open steps. */
void run_arm(struct run *r, struct state_step *st);
void run_disarm(struct run *r, const struct state_step *st);
/* The launched system and the trigger. */
int run_launch(struct run *r, struct error *e);
void run_trigger(struct run *r, struct state_step *st, struct str json);
/* Ends the commands that still run. */
void run_trigger_end(struct run *r);
/* True if the vendor's system itself is asked to do this step. */
bool run_has_hook(const struct run *r, const struct state_step *st);
/* ${harness.address} and ${launch.address} replaced. */
const char *run_expand_address(struct run *r, struct str text);

#endif
