/* state: where a run stands: the pure fold of its events.
 *
 * state_apply is the only thing that changes a state; it does no I/O and asks no clock. The same events give the same
 * state, whether they come from a live run, from a resumed one, or from a bundle. Everything lives in the arena given
 * to state_new; message bytes are not held, only their digests. */
#ifndef STATE_STATE_H
#define STATE_STATE_H

#include "base/map.h"
#include "plan/plan.h"
#include "record/event.h"
#include "record/record.h"

struct state_message {
  struct str id; /* "m1", "m2", ... in order of appearance */
  bool outbound;
  struct str party;                      /* whose mailbox it is in: a party, a service; empty: the system under test */
  struct state_message *answers;         /* outbound: the simulated MSH's own answer to that one; NULL: it is none */
  struct state_message *relayed;         /* outbound: what another system sent, and this one gets unchanged */
  int64_t seq, at;                       /* of the event that brought it */
  struct str ident;                      /* endpoint_arrival.ident */
  struct str via, file, digest, payload; /* payload: digest of the bare payload (outbound), or empty */
  struct facts facts;                    /* validate/message.h */
  struct str name;                       /* `as` of the step that sent or matched it */
  struct state_step *owner;              /* that step, NULL while unmatched */
  struct str status, failure;            /* outbound: of the last send-result; empty while under way */
  size_t tries;                          /* outbound, in this process only: how often it was tried again */
  size_t doubts;                         /* times that the harness went down before it was known whether it (or its
                                          * answer, inbound) got through */
  bool quarantined;                      /* held for a CPR number of nobody on the list; no step gets it */
  bool past;                             /* of an earlier attempt of its step: its name means another one now */
  struct str why;                        /* inbound: a person gave it to its step, for this reason */
  bool fetched;                          /* outbound: somebody took it (get, inbox) */
  struct str fault;                      /* what a fault step did to it on its way, or empty; fault_step: which one */
  struct state_step *fault_step;
  bool lost;                        /* inbound: a fault kept it from being taken; it is shown, and satisfies nothing */
  struct event *request;            /* outbound: the http-intent of a request to a REST server; NULL: a message */
  struct state_message *same_ident; /* the one before it that has its ident; NULL: none */
};

/* Which attempt of a step this is (state/attempt.h). */
struct state_attempt {
  size_t number;             /* 1, 2, ... */
  struct state_step *before; /* the one before, as it was left; NULL for the first */
  int64_t seq;               /* of the event that asked for it; 0 for the first. What came before satisfies nothing */
  size_t series;             /* which attempt of the run it belongs to; 0: as planned. Identifiers are made by it */
  struct str by, why;
  struct str system_version; /* of the system under test when it was begun */
  /* Of the newest only: the attempt that MedCom lets stand; 0: the newest. */
  size_t stands;
  struct str stands_by, stands_why;
};

/* A verdict of another run that was taken over, because nothing of the step has changed since. */
struct state_carried {
  struct str run; /* empty: none was */
  enum verdict verdict;
  enum assessment assessment;
  struct str system_version;
  int64_t at;
  struct str confirmed_by; /* MedCom's initials; empty: not yet */
};

/* A fault step that was judged, and what it still has to do. */
struct state_fault {
  struct state_step *step;
  struct event *armed;
  size_t applied; /* how often */
  bool ended;
};

/* One version of a resource that the simulated FHIR server holds: the last one of a type and id is the current one. */
struct state_resource {
  struct str party; /* whose server it is on: a party, a service; empty: that of the system under test */
  struct str type, id;
  int64_t version, at, seq;            /* at, seq: of the event that brought it */
  struct str digest;                   /* of its bytes; of what is gone, empty */
  bool gone;                           /* deleted, by the system or by a step */
  const struct state_step *removed_by; /* that step; NULL: none */
  size_t before;                       /* number of the version before it that has its id; 0: none */
};

struct state_step {
  struct step *step;
  struct state_case *in;
  bool opened;
  int64_t opened_seq, opened_at;
  struct str owner;     /* vendor, medcom, harness: who must act while it waits; empty: nobody */
  int64_t deadline;     /* ms of deadline time from opening; -1 none */
  int64_t downtime;     /* ms by the stamps, while it was open, that did not pass or in which the harness was not up */
  bool timer;           /* the deadline has passed */
  enum verdict verdict; /* VERDICT_NONE until judged */
  struct findings findings;
  VEC(struct record_dispute) disputes;
  struct text actual;
  int64_t judged_at;
  struct state_message *message; /* sent or matched by this step */
  struct event *answer;          /* the last answer event */
  struct event *scripts;         /* what came of TestScripts in other runs, as this one found it; NULL: nothing */
  /* What MedCom said of it, oldest first: the last of each stands, the others stay to be seen. */
  VEC(struct record_assessment) assessments;
  VEC(struct record_revision) revisions;
  struct facts captured; /* the variables that this attempt set */
  struct state_attempt attempt;
  struct state_carried carried;
  bool absent;         /* MedCom's own step, before the event that puts it in */
  struct event *added; /* that event; NULL for a step of the protocol */
};

struct state_case {
  const struct plan_case *plan;
  struct state_step *steps; /* as many as plan->c->steps.n */
  size_t n;
  size_t cursor; /* index of the current step; n when done */
  bool opened;   /* false again while steps of it wait to be played once more */
  int64_t opened_seq;
};

struct state {
  struct arena *arena;
  const struct plan *plan;
  struct facts addresses; /* service.NAME.address -> where it is now */
  struct event *started;  /* the run-started event; NULL before */
  struct str run;
  struct state_case *cases;
  size_t cases_n;
  VEC(struct state_message *) messages;
  /* The same messages, as they are looked for: a run may have many. */
  struct map by_id, by_ident;          /* by_ident: the last one, see same_ident */
  VEC(struct state_message *) named;   /* those that a step ever sent or matched */
  VEC(struct state_message *) doubted; /* those with doubts */
  VEC(struct state_fault *) faults;
  VEC(struct state_resource) resources; /* all versions, oldest first */
  struct map resource_ids;              /* id -> the last version of any type and server that has it */
  struct facts variables;               /* captured: name -> value */
  struct facts parameters;
  VEC(struct record_issue) issues;        /* known ones that the run was told of */
  VEC(struct record_standards) standards; /* each one that was judged by, in order */
  struct str system_version;              /* of the system under test, as last told */
  size_t series;                          /* how often steps were set back */
  int64_t last_at, ended_at;
  struct event *paused;  /* a person paused the run, and nobody has gone on with it; NULL: it is not */
  struct event *aborted; /* a person ended it; NULL: it ended by itself, or not yet */
  int64_t stopped_at;    /* when the harness stopped in order; 0 while it is up, or was killed */
  int64_t events;
  size_t reviews;                 /* how many were folded in by state_review */
  int64_t changes;                /* events after which a message that no step wanted may be wanted by one */
  struct str damage;              /* why the log behind this is not whole; empty: it is */
  VEC(struct event *) tombstones; /* the redacted events, in order */
  bool test_persons_only;         /* declared for what is handed in */
};

struct state *state_new(struct arena *a, const struct plan *p);
/* Folds one event in; the event is copied as far as needed. An event that does not fit (unknown case, step, message)
 * is ERR_SYNTAX: a damaged log. */
MUST_CHECK int state_apply(struct state *s, const struct event *ev, struct error *e);
/* Folds in what MedCom said of a run that is not its own: revised, upheld. Such an event is none of the run's log, and
 * says in `on` after how many events of it it was said: that is where it is folded in. */
MUST_CHECK int state_review(struct state *s, const struct event *ev, struct error *e);

struct state_case *state_case_find(const struct state *s, struct str id);
struct state_step *state_step_find(const struct state *s, struct str id);
/* The message of this id; NULL. */
struct state_message *state_message_of(const struct state *s, struct str id);
/* The message that the newest attempt of a step called `name`, or that has this id ("m3"); NULL. */
struct state_message *state_message_find(const struct state *s, struct str name);
/* True if an inbound message may well be there only because of a crash of ours: it came before, and we may have fallen
 * silent before we answered; or it is one more answer to what we may have sent twice. */
bool state_doubted(const struct state *s, const struct state_message *m);
/* The same for one that no step has: not more of them than what our crashes can have caused. */
bool state_excused(const struct state *s, const struct state_message *m);
/* The current version of a resource, which may be gone; NULL if there never was one. */
const struct state_resource *state_resource_find(const struct state *s, struct str party, struct str type,
                                                 struct str id);
/* The fault that a step armed last; NULL. */
struct state_fault *state_fault_find(const struct state *s, const struct state_step *st);
/* The current step of an open case, NULL when it is done or not opened. */
struct state_step *state_current(const struct state_case *c);
/* The machine's verdict of a case and of the run, as revised: record/algebra.h has the rules. */
enum verdict state_case_verdict(const struct state_case *c);
enum verdict state_verdict(const struct state *s);
/* Digest of the schemas that letters are judged by as of now; empty: none were given, or it was not noted. */
struct str state_schemas(const struct state *s);
/* The tombstone of a blob that was erased or blacked out; NULL: it was not. */
const struct event *state_redacted(const struct state *s, struct str digest);
/* The one that tells what is shown of it now: a copy may have been redacted in its turn. NULL: it was not redacted. */
const struct event *state_tombstone(const struct state *s, struct str digest);
/* The state laid out for the algebra (record/algebra.h), in a. */
void state_algebra(struct algebra_run *out, struct arena *a, const struct state *s);
/* MedCom's assessment that stands, or none. */
enum assessment state_assessment(const struct state_step *st);
/* True if the run is one that MedCom assesses: a live test, not a self-test. */
bool state_is_assessed(const struct state *s);
/* What a run knows under a name: captured, a parameter, or of the vendor file; empty if nothing. */
struct str state_variable(const struct state *s, struct str name);
/* A text of the protocol with ${...} replaced, facts of messages included; what is not known yet stays. */
struct str state_text(struct arena *a, const struct state *s, struct str text);
/* The record of the state as it stands, without bytes of exchanges (the caller fills those it wants embedded). */
void state_record(struct record *out, struct arena *a, const struct state *s);

#endif
