/* step_api: what a step word sees and may do (protocol/step_kind.h).
 *
 * A view is read-only and enough to judge; a host is only given to an effect. Both are filled by the run room. */
#ifndef STATE_STEP_API_H
#define STATE_STEP_API_H

#include "base/clock.h"
#include "state/state.h"

struct shapes;
struct profile_cache;
struct letter_shelf;

/* What judging needs from outside the state: bytes by digest, data files, facts of the standards. */
struct step_services {
  int (*blob)(void *context, struct str digest, struct arena *a, struct str *out, struct error *e);
  void *context;
  const char *data_dir;
  struct str seed;                /* for derived ids; never empty */
  const struct shapes *shapes;    /* fhir/resource.h */
  struct profile_cache *profiles; /* validate/profile.h; NULL: profiles cannot be judged */
  struct letter_shelf *letters;   /* validate/letter_shelf.h; NULL: what is shipped, read anew for each letter */
  struct clock *clock;            /* stamps of what an effect makes; NULL while judging again */
};

struct step_view {
  const struct state *state;
  const struct state_case *in;
  const struct state_step *at; /* at->step->args are the kind's own arguments */
  struct arena *scratch;       /* until the step is judged */
  const struct step_services *services;
};

/* A message to be sent: bytes on the wire, the bare payload, and its facts. */
struct step_send {
  struct str name; /* `as` */
  struct str wire;
  struct str payload; /* empty for a receipt */
  struct str content_type;
  struct str file; /* suggested file name for get and folders: "3.1.1.1_received.xml" */
  struct facts facts;
};

/* A request to the REST server of the vendor's system; a path behind its address. */
struct step_request {
  struct str name; /* `as` of the answer */
  struct str method, path, content_type, body;
  struct facts headers;
  int64_t timeout_ms;
};

/* TestScripts of a package, NAME@VERSION; only: "*" in it stands for any text. */
struct step_scripts {
  struct str package, only;
};

struct step_host {
  void *context;
  /* Puts a message on its way after the commit; the step is ready when the result is in. */
  int (*send)(void *context, const struct step_view *v, const struct step_send *m, struct error *e);
  /* Asks the vendor's system to act, when its file declares an HTTP or command trigger: json is the request. Returns 1
   * if it was asked, 0 if a person must be (no such trigger), -1 on error. */
  int (*trigger)(void *context, const struct step_view *v, struct str json, struct error *e);
  /* The same for a request; the step's message is the answer when it is in, the request when there was none. */
  int (*request)(void *context, const struct step_view *v, const struct step_request *q, struct error *e);
  /* Takes a resource from the simulated FHIR server. */
  int (*remove)(void *context, const struct step_view *v, struct str type, struct str id, struct error *e);
  /* Arms a fault (endpoint/fault.h, as facts) from the commit on. */
  int (*arm)(void *context, const struct step_view *v, const struct facts *fault, struct error *e);
  /* Looks for what came of the system's other runs of TestScripts, and notes it (the event scripts-found). Returns 1 if
   * there are such runs, 0 if there are none, -1 on error. */
  int (*scripts)(void *context, const struct step_view *v, const struct step_scripts *q, struct error *e);
  /* Says who must act now and until when (-1: no deadline). */
  void (*wait)(void *context, const struct step_view *v, const char *owner, int64_t deadline_ms);
};

struct judgement {
  enum verdict verdict; /* set to PASS before judge is called; findings of severity error make it FAIL and undecided
                         * ones INCONCLUSIVE afterwards, unless judge set ERROR or NOT_APPLICABLE */
  struct findings findings;
  struct text actual;    /* what was seen, in v->scratch */
  struct facts captured; /* variables to set */
};

/* Behind that column of a line, as the text is written in its file, columns move by so many characters. */
struct step_shift {
  int line, col, by;
};

/* A fixture as a step compared with it: the values of its variables put in, by what the run knows. Those that it does
 * not know stay as they are written. */
struct step_compared {
  struct str name; /* of the file; empty: it was a message of the run */
  struct str bytes;
  size_t unknown;                /* values that stay */
  VEC(struct step_shift) shifts; /* in the order of the text; none where findings count in the bytes above */
};

#endif
