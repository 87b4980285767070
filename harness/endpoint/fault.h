/* fault: what is done to messages on purpose, so that a vendor's system shows how it takes it.
 *
 * A table of kinds and a pure decision: given a fault that is armed, is this message counted, and is the one with that
 * number hit? The same seed alters the same bytes in the same way. Nothing here has a state: how many were counted is
 * told by the event log, and what is done on the wire is done by the endpoint (endpoint_misbehave, endpoint_send_with,
 * endpoint_port). All strings borrow. */
#ifndef ENDPOINT_FAULT_H
#define ENDPOINT_FAULT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/fact.h"

enum fault_kind {
  FAULT_REFUSE,      /* the port is closed for ms */
  FAULT_RESET,       /* connections are reset before anything is read */
  FAULT_UNAVAILABLE, /* a message that comes is answered with status, and not taken */
  FAULT_TIME_OUT,    /* it is not answered for ms, then cut, and not taken */
  FAULT_CUT,         /* it is read to its end, and the connection cut without an answer */
  FAULT_DROP_RECEIPT,
  FAULT_DUPLICATE,
  FAULT_DELAY,   /* by ms: a message that we send, or our answer to one that comes */
  FAULT_REORDER, /* one that we send goes out after the next one, or after ms */
  FAULT_WRONG_RECEIPT,
  FAULT_CORRUPT_ENVELOPE,
  FAULT_UNFIT,        /* what is created is refused as if it did not fit its profile, and not taken */
  FAULT_FORBIDDEN,    /* as if its sender had no right to it */
  FAULT_UNAUTHORIZED, /* as if its token were worth nothing any more */
  FAULT_LOST_ANSWER,  /* it is taken, and the connection cut without an answer */
  FAULT_BAD_TLS,      /* a port speaks TLS as no client may accept it, as `how` says, until count connections came */
  FAULT_WRONG_ANSWER, /* an authorization server answers wrong, as `how` says (oauth_wrongs) */
  FAULT_KINDS_N
};

/* Which messages a kind can hit. */
enum fault_direction { FAULT_SENT = 1, FAULT_RECEIVED = 2 };

/* Most messages that one fault hits, and the longest time that it takes. */
#define FAULT_COUNT_MAX INT64_C(1000)
#define FAULT_MS_MAX INT64_C(3600000)

struct fault_row {
  const char *name;
  unsigned directions;   /* enum fault_direction */
  bool port;             /* needs a port that is the system's own */
  bool receipts;         /* hits acknowledgements and receipts of ours only */
  bool enveloped;        /* hits messages in an envelope only */
  bool creates;          /* hits what is created on a FHIR server only */
  bool alters;           /* other bytes go out: fault_alter */
  bool lost;             /* what comes is not taken */
  int64_t ms;            /* when it says none; 0: it has no time */
  const char *exchanges; /* where it can be done: "vans-http|vans-folder", or "http": whatever is reached over it */
  const char *en, *da;   /* what is done, for the printed protocol */
};
extern const struct fault_row fault_rows[FAULT_KINDS_N];

struct fault {
  enum fault_kind kind;
  enum fault_direction on;
  struct str event;   /* only messages of that event, receipt or EDS subtype; empty: all */
  int64_t nth, count; /* the nth that is counted, and so many in a row */
  bool again;         /* after the nth that event only, however often it comes, up to count */
  int64_t ms;
  int status;     /* unavailable */
  struct str how; /* corrupt-envelope: a row of its own table; empty: by the seed. wrong-receipt: "parties", which are
                     the wrong way round; empty: it names another message. wrong-answer: one of oauth_wrongs. bad-tls:
                     one of fault_tls_file, or FAULT_TLS_OLD */
};

/* The kind of that name; FAULT_KINDS_N if there is none. */
enum fault_kind fault_kind_find(struct str name);
/* Into an event, and back; false if what is there is no fault. */
void fault_put(struct facts *out, const struct fault *f);
bool fault_get(struct fault *out, const struct facts *data);
/* Why it cannot be done in that exchange; NULL if it can. */
const char *fault_refusal(const struct fault *f, struct str exchange, bool shared_port);
/* Is a message of that direction and those facts one that is counted? */
bool fault_counts(const struct fault *f, enum fault_direction way, const struct facts *facts);
/* Is the counted message with that number (from 1) hit? */
bool fault_hits(const struct fault *f, int64_t number);
/* Kinds that refuse for good what comes: only they may hit the same event again. */
bool fault_may_hit_again(const struct fault *f);
/* Do both facts tell of one event of EDS, whenever it was recorded? */
bool fault_is_same(const struct facts *x, const struct facts *y);
/* The bytes that go out instead, in a: `seed` is all that chance knows (run, step, message). ERR_SYNTAX if wire is
 * nothing that could be altered so. */
MUST_CHECK int fault_alter(struct str *out, struct arena *a, const struct fault *f, struct str wire,
                           const struct facts *facts, struct str seed, struct error *e);
/* bad-tls: the name that `testcamp certs --faults` gives what is wrong with a certificate. */
#define FAULT_TLS_OLD "tls-1.1" /* the certificate is sound, and TLS 1.1 all that is spoken */
/* The file of the certificate that is wrong so: it lies beside the sound one ("server-x.pem" and
 * "server-x-expired.pem"). */
struct str fault_tls_file(struct arena *a, struct str sound, struct str how);
/* How an envelope can be spoilt, a receipt and an authorization server be wrong: "cut|tag|...". */
extern const char fault_hows[];
/* Does `how` say something for that kind, and is it there where it must be? */
bool fault_how_fits(const struct fault *f);

#endif
