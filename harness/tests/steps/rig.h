/* rig: a run without a run room: a protocol from text, a state made of events, a host that notes what it is asked. */
#ifndef TESTS_STEPS_RIG_H
#define TESTS_STEPS_RIG_H

#include "steps/steps_int.h"

#include "base/hash.h"
#include "base/map.h"

struct rig {
  struct arena *a, *scratch;
  struct findings found; /* of reading the protocol */
  struct protocol *p;
  struct vendor *vendor;
  struct plan *plan;
  struct state *s;
  struct step_services services;
  struct step_host host;
  struct clock clock;
  struct map blobs;
  int64_t seq;
  /* What the host was asked. */
  const char *owner;
  int64_t deadline;
  struct str trigger;
  int trigger_answer;
  struct event *intent;
  struct facts *fault;
  VEC(struct event *) removed;
  struct step_request *request;
  struct event *scripts; /* what the host finds of TestScripts; NULL: nothing */
  struct str package, only;
  struct error error; /* of the last effect */
};

/* Reads a protocol of one case "1" with these steps (YAML, not indented); r->p is NULL if it has mistakes. */
struct rig *rig_new(const char *steps);
/* The same with a vendor that exchanges messages in another way. */
struct rig *rig_new_over(const char *exchange, const char *steps);
void rig_free(struct rig *r);
void rig_apply(struct rig *r, struct event *ev);
struct event *rig_event(struct rig *r, const char *kind, const char *step);
struct step_view rig_view(struct rig *r, const char *step);
/* Opens a step: its effect, then its events; -1 with r->error when the effect fails. */
int rig_open(struct rig *r, const char *step);
/* The result of the send of a step. */
void rig_sent(struct rig *r, const char *step, const char *status, const char *failure);
/* A message comes in; its id. It is given to the step if that wants it. */
struct str rig_receive(struct rig *r, const char *step, struct str bytes);
/* Something of those facts came, without bytes. */
struct str rig_receive_with(struct rig *r, const char *step, const struct facts *facts);
/* The system comes to the simulated FHIR server; the id of the message. */
struct str rig_interact(struct rig *r, const char *step, const char *what, const char *type, struct str id,
                        const char *status, struct str body);
/* The answer of the REST server to the request of a step: status, header lines as facts, body. */
void rig_responded(struct rig *r, const char *step, const char *status, const char *type, const char *body);
void rig_answer(struct rig *r, const char *step, const char *answer, const char *text);
void rig_timer(struct rig *r, const char *step);
bool rig_ready(struct rig *r, const char *step);
/* Judges and applies the verdict. */
struct state_step *rig_judge(struct rig *r, const char *step);
/* Opens and judges. */
struct state_step *rig_do(struct rig *r, const char *step);
/* Opens a send step, lets it through, judges it; the bytes on the wire. */
struct str rig_send(struct rig *r, const char *step);
struct str rig_bytes(struct rig *r, const struct state_message *m);
/* bytes with the first occurrence of what replaced. */
struct str rig_swap(struct rig *r, struct str bytes, const char *what, const char *by);
/* The envelope's payload replaced as in rig_swap. */
struct str rig_swap_payload(struct rig *r, struct str wire, const char *what, const char *by);
/* True if the step has a finding of that rule. */
bool rig_has(const struct state_step *st, const char *rule);
const struct finding *rig_find(const struct state_step *st, const char *rule);

#endif
