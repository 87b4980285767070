/* run_int: what the files of the run room share. */
#ifndef RUN_RUN_INT_H
#define RUN_RUN_INT_H

#include "base/map.h"
#include "endpoint/endpoint.h"
#include "endpoint/msh.h"
#include "endpoint/rest.h"
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
  struct str message;        /* a message to send, or */
  struct str trigger;        /* a trigger to call with this JSON, or */
  struct state_fault *fault; /* a port to close */
};

/* A mailbox with its wire: that of the system under test is the first, and has no name; then those of the other systems
 * that take part; then those of the services, each beside the system that it is of. */
struct run_party {
  struct run *run;
  struct str name;
  struct vendor *vendor;                  /* of its system */
  const struct protocol_service *service; /* NULL: the system itself */
  struct endpoint *endpoint;
  struct http_tls *tls;                /* of its own address; NULL: plain HTTP */
  struct oauth_setup *oauth;           /* of an authorization server; NULL: it is none */
  struct http_identity *identity;      /* ours before its system; NULL: none */
  size_t held_resets;                  /* of its connections, in a seeded run that is not ready for them */
  VEC(struct rest_resource) resources; /* that its FHIR server holds, as far as the state was looked through */
  size_t looked_at;                    /* of the state's resources */
  struct child *child;
  const char *launch_address; /* what the launched system told; NULL before */
};

struct run_arrival {
  struct run_party *from;
  struct arrival *handle;
  struct str message;
  bool hit; /* by this fault */
  struct fault fault;
};

/* What waits in a seeded run. */
struct run_held {
  struct run_party *from;
  struct endpoint_arrival in;
};

/* The result of a message that a fault held back. */
struct run_late {
  struct str message, status, failure;
};

/* A fault step that hits a message. */
struct run_hit {
  struct state_step *step;
  struct fault fault;
};

/* A client of an authorization server. */
struct run_client {
  struct str id;
  const struct run_party *of;
};

struct trigger_call;
struct run_seen;
struct retry;

struct run_timer {
  struct run *run;
  struct state_step *step;
  struct loop_timer *timer;
};

struct run {
  struct run_options o;
  struct arena *arena;                 /* as long as the run */
  struct arena *scratch;               /* one step */
  struct sbdh_shelf own_shelf, *shelf; /* the EHMI profile; of the site, if the run is one of many */
  struct str id, seed;
  /* ${seed} for the launched system: another one each time it is started, so that it repeats no ids. */
  struct str launch_seed;
  struct state *state;
  struct loop *loop;
  struct run_party *parties;
  size_t parties_n;
  VEC(struct run_client) clients;
  struct http_client *client;
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
  VEC(struct run_held) held;
  struct loop_timer *hold_timer;
  VEC(struct run_late) lates;
  bool hold_over, releasing;
  /* How far run_match has looked, and what state.changes was then. */
  size_t matched;
  int64_t match_changes;
  VEC(struct run_seen *) seen; /* by the simulated MSH, among the first seen_n messages */
  size_t seen_n;
  size_t hooks; /* triggers under way */
  /* How far the wall clock is ahead of the one that never steps; 0: not known yet. */
  int64_t ahead;
  bool resumes; /* run_reopen: what was under way is still to be picked up */
  bool dirty;   /* appended since the last commit */
  bool going;   /* run_go was called: cursors may move */
  bool stopped; /* run_stop, or nothing left to do */
  bool broken;  /* error holds why the harness cannot go on */
  struct error error;
  bool *parked;    /* one a case */
  bool *prompted;  /* one a case: a person was asked about its current step */
  bool *wanted;    /* one a case: a person wants it opened now */
  bool *overtaken; /* one a case: it has listened for long, others go on meanwhile */
};

/* The systems of the plan (party.c). */
void run_parties_make(struct run *r);
/* Each with an endpoint of its own. */
MUST_CHECK int run_parties_open(struct run *r, struct error *e);
/* Ends the launched systems; closes the endpoints. */
void run_parties_stop(struct run *r);
void run_parties_close(struct run *r);
/* tokens.c */
bool run_is_authorization(const struct run_party *p);
/* What an authorization server needs, before it is opened; nothing for others. */
MUST_CHECK int run_tokens_prepare(struct run_party *p, struct error *e);
/* Which system asks a service that several share, by its token, else by the device that an event is of: its name, which
 * for the system under test is the role; empty: it cannot be told, or the service is of one system. */
struct str run_caller(const struct run_party *at, const struct facts *f);
/* Whose tokens a service takes: those of the authorization server of the same system, which is open by then; NULL: it
 * asks for none. */
const struct guard_site *run_guard(const struct run_party *p);
/* What an authorization server decides by. */
void run_tokens_decide(const struct run_party *p, struct endpoint_decision *d, const struct fault *hit);
/* Notes the addresses of the services, where they are not those that the log has. */
MUST_CHECK int run_note_addresses(struct run *r);
/* An address that the log has in its symbolic form (a seeded run) as it is now. */
struct str run_real_addresses(struct run *r, struct str text);
/* The one with that name; what is not of the plan is a bug: it was checked when the protocol was read. */
struct run_party *run_party(const struct run *r, struct str name);
/* A message that one system sent to another goes on to it as it is; noted, and sent after the commit. */
void run_relay(struct run *r, const struct state_message *m);
/* Is it on its way from one system to another, so that nobody here answers it? */
bool run_goes_on(const struct run *r, const struct state_message *m);

/* The simulated MSH's own answer to an ehmiSBDH, where the protocol leaves receipts to it (receipts.c). */
void run_receipt(struct run *r, const struct state_message *m, const struct message *read);

/* There is something to commit or to release in this turn. */
void run_touch(struct run *r);
/* The client of triggers, made when it is first needed. */
MUST_CHECK int run_client(struct run *r, struct error *e);
/* Cases that nobody could be asked about are tried again. */
void run_unpark(struct run *r);
/* Cancels what waits to be tried again. */
void run_retry_end(struct run *r);
/* Does an open step want a message with these facts? */
bool run_claims(void *party, const struct facts *facts);
/* The same for one that came when the run had that many events. */
bool run_would_take(struct run *r, struct str party, const struct facts *facts, int64_t events);
/* The party whose address ends in that mailbox ("<system>/<role>"); NULL: none of the run. */
const struct run_party *run_party_at(const struct run *r, struct str mailbox);
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
/* Judges an open step, and emits what comes of it. */
void run_judge(struct run *r, struct state_step *st);
/* What a judgement comes to: findings decide, unless the word itself said error or not applicable. */
enum verdict run_final_verdict(const struct judgement *j);
/* Commits and releases effects; after every loop turn. */
void run_flush(void *run);
void run_host_init(struct run *r);
struct step_view run_view(struct run *r, const struct state_step *st);
/* Wire: what the endpoint of a party tells and asks. */
void run_received(void *party, const struct endpoint_arrival *in);
void run_refused(void *party, struct str peer, int status, const char *why);
void run_sent(void *party, struct str message, const struct endpoint_result *res);
/* What the simulated FHIR server holds, for its answers (rest.c). */
size_t run_resources(void *party, const struct rest_resource **out);
int run_resource(void *party, struct str digest, struct arena *a, struct str *bytes, struct error *e);
/* What the server's answer to an arrival will be, and what is kept of it: in->given and in->facts. again: it is a
 * create that came before, and whose answer a crash of ours may have cut off; NULL. */
void run_decide(struct run_party *from, struct endpoint_arrival *in, struct str body, struct str message,
                const struct state_message *again, const struct fault *hit);
void run_note_sent(struct run *r, struct state_message *m, const struct endpoint_result *res);
size_t run_ready(void *party, struct arena *a, struct endpoint_ready **out);
int run_fetch(void *party, struct str message, struct arena *a, struct str *bytes, struct error *e);
/* Keeps the result of a late message until every cursor stands; false: it is to be noted now. */
bool run_hold_result(struct run *r, const struct state_message *m, const struct endpoint_result *res);
/* Puts a message that is received into quarantine, if its bytes hold a CPR number of nobody on the list; the number
 * goes from the event's own data. */
void run_quarantine(struct run *r, struct event *received, struct str bytes);
/* True if the arrival has to wait; and hands over the first that has waited long enough. */
bool run_hold(struct run_party *from, const struct endpoint_arrival *in);
bool run_release_held(struct run *r);
/* Gives unmatched messages to the one open step that wants each. */
void run_match(struct run *r);
/* Fills in why an unmatched message fits no step (nearest.c). */
void run_explain(struct run *r, struct record_exchange *x, const struct state_message *m, struct arena *a);
/* What MedCom said beside the log (beside.c), while the log is folded: read before it; folded after each event of it,
 * which takes in what was said until then; whole if nothing is left at its end. Lives in a. */
struct run_beside {
  struct run *run;
  struct arena *arena;
  VEC(struct event *) events;
};
int run_beside_read(struct run_beside *b, struct run *r, struct arena *a, struct error *e);
int run_beside_fold(const struct run_beside *b, struct error *e);
int run_beside_whole(const struct run_beside *b, struct error *e);
/* Says one thing more, by an event of run_event; for the owner to commit. */
int run_beside_say(struct run *r, struct event *ev, struct error *e);
/* True if the run came as a bundle, or if that cannot be told. */
bool run_is_received(struct run *r);
/* True if nothing can come by itself to that mailbox. */
bool run_by_hand(const struct run *r, struct str mailbox);
/* Time passes by itself: nobody has to be there. */
bool run_passes(const struct state_step *st);
/* Parks a case whose time passes for long. */
bool run_is_long(const struct run *r, const struct state_step *st);
/* Timers of open steps. */
void run_arm(struct run *r, struct state_step *st);
void run_disarm(struct run *r, const struct state_step *st);
/* Faults. Is a message hit by one that is armed? */
bool run_fault_hit(struct run *r, enum fault_direction way, struct str party, const struct facts *facts,
                   struct run_hit *out);
/* The event that says so. */
struct event *run_fault_event(struct run *r, const struct run_hit *hit, struct str message);
/* Replaces bytes and facts of what goes out, where the fault alters them. */
int run_fault_alter(struct run *r, const struct run_hit *hit, struct str message, struct step_send *m, struct error *e);
/* The fault that hit a message of ours. */
bool run_fault_of(const struct run *r, const struct state_message *m, struct fault *out);
/* A fault was armed: what it does to the port is put on its way, and done. */
void run_fault_armed(struct run *r, struct state_step *st);
void run_fault_port(struct run *r, struct state_fault *sf);
/* The endpoint reset a connection; and the event of it. */
void run_reset(void *party);
void run_note_reset(struct run_party *p);
/* A connection came to that party, and this is what it came to. Where a fault has made our TLS wrong it has its place
 * among what came, though it may never have got to be a request; false if there is no such fault. */
bool run_tls_connection(struct run_party *p, struct str peer, const char *outcome, const char *why);
/* The same of one that a request came over, before that is noted. */
void run_tls_request(struct run_party *p, const struct endpoint_arrival *in);
/* Faults end with their case. */
void run_faults_end(struct run *r, const struct state_case *sc);
/* True while a message of ours is held back. */
bool run_delayed(const struct run *r);
/* What came of TestScripts in other runs: step_host.scripts (scripts.c). */
int run_host_scripts(void *context, const struct step_view *v, const struct step_scripts *q, struct error *e);
/* Requests to a REST server: step_host.request, and the call itself. */
int run_host_request(void *context, const struct step_view *v, const struct step_request *q, struct error *e);
void run_request(struct run *r, struct state_message *m, struct str body);
/* The launched systems and the trigger. */
int run_launch(struct run *r, struct error *e);
void run_trigger(struct run *r, struct state_step *st, struct str json);
/* Ends the commands that still run. */
void run_trigger_end(struct run *r);
/* True if the vendor's system itself is asked to do this step. */
bool run_has_hook(const struct run *r, const struct state_step *st);
/* Each `what` in the text becomes `by`. */
struct str run_replace(struct arena *a, struct str text, struct str what, const char *by);
/* ${harness.address} and ${launch.address} of that system, ${service.NAME.address}, ${clock.scale} and ${seed}
 * replaced.
 */
const char *run_expand_address(const struct run_party *party, struct str text);

#endif
