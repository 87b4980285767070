/* step_kind: what a step word is: how it is written, what it does, how it is judged.
 *
 * The steps room fills one such row a word; protocol, run and lint know only this. A kind splits effect (may send,
 * may open a wait) from judge (pure: the same view gives the same judgement; rejudge calls only this). The types of
 * the view and the host belong to state/step_api.h. */
#ifndef PROTOCOL_STEP_KIND_H
#define PROTOCOL_STEP_KIND_H

#include "protocol/keys.h"

struct step;
struct step_view;
struct step_host;
struct judgement;
struct state_message;
struct vendor_wire; /* plan/vendor.h */
struct step_compared;

enum step_ready { STEP_WAIT, STEP_READY };
enum step_wants { WANTS_NOT, WANTS_NEARLY, WANTS_IT };

/* What a step is to the steps around it (state/depends.h): it only looks at what is there; it makes the system under
 * test act; it waits for what that sends; it asks a person; it only makes ready for the next that acts or waits. */
enum step_part { STEP_LOOKS, STEP_ACTS, STEP_WAITS, STEP_ASKS, STEP_PREPARES };

struct step_kind {
  const char *word;
  enum step_part part;
  const struct key *keys; /* of the word's mapping; NULL: the value is free */
  /* The key whose value names a service of the protocol, and the kinds that it may have ("eds|fhir-rest"); or NULL. */
  const char *service_key, *service_kinds;
  /* It looks at all that came to the service in its case, and waits for none of it. */
  bool gathers;
  /* Checks the arguments and fills step->args; mistakes go to k->findings. */
  void (*parse)(struct step *s, struct keys *k);
  /* Done once when the cursor reaches the step, before its events are committed; may be NULL. */
  int (*effect)(const struct step_view *v, struct step_host *h, struct error *e);
  /* Does an open step of this kind want that inbound message? By type and correlation only. NEARLY: the type fits, the
   * correlation does not; why_en and why_da (in v->scratch) tell the difference. NULL: the kind takes no messages. */
  enum step_wants (*wants)(const struct step_view *v, const struct state_message *m, struct str *why_en,
                           struct str *why_da);
  /* Can it be judged now? NULL: at once after its effect. */
  enum step_ready (*ready)(const struct step_view *v);
  void (*judge)(const struct step_view *v, struct judgement *j);
  /* What judge compares with, if that is no message of the run: for people to look at. NULL: it compares nothing. */
  int (*compared)(const struct step_view *v, struct step_compared *out, struct error *e);
  /* Can it be done with this system, over the wire of its mailbox, at all? An error that names what its file lacks
   * stops the run before it starts. NULL: always. */
  int (*fits)(const struct step *s, const struct vendor_wire *w, struct error *e);
};

#endif
