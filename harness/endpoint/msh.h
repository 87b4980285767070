/* msh: what a message service handler does with an ehmiSBDH that comes to it (dk-ehmi-sbdh 2.0, acknowledgement flow
 * and duplicates), and whether the one under test did so. Pure: the same arrival, the same decision.
 *
 * Who drives it says what has been seen before (envelope/dedup.h), and sends what comes of it (envelope/sbdh.h). */
#ifndef ENDPOINT_MSH_H
#define ENDPOINT_MSH_H

#include "envelope/dedup.h"
#include "envelope/sbdh.h"

struct msh_arrival {
  enum sbdh_content content;
  bool asks;              /* it has the scope that asks for an acknowledgement */
  const char *refusal;    /* the exception for what is wrong with it; NULL: envelope and payload hold what they must */
  enum dedup_action seen; /* its EnvelopeIdentifier and MESSAGEIDENTIFIER among those that came before */
};

enum msh_answer {
  MSH_SILENT,   /* none */
  MSH_POSITIVE, /* a receipt */
  MSH_AGAIN,    /* what the first one was answered with, in a new envelope; a receipt where that was never answered */
  MSH_NEGATIVE  /* an exception */
};

struct msh_decision {
  enum msh_answer answer;
  const char *exception; /* of a negative answer: "Syntax", "Sequence" */
  bool deliver;          /* to the end user's application */
};

/* The exception that an MSH answers these findings of an envelope with: "Syntax", "Sequence"; NULL where it takes it.
 */
const char *msh_refusal(const struct findings *f);
struct msh_decision msh_decide(const struct msh_arrival *a);
/* "silent", "positive", "again", "negative". */
const char *msh_answer_name(enum msh_answer answer);

struct message;

struct msh_question {
  struct source wire;         /* what came */
  const struct message *read; /* the same, if it was read already by the same profile; else NULL */
  enum dedup_action seen;     /* its ids among those of its kind and mailbox that came before */
  struct str first;           /* the bytes of what the first of this message was answered with; empty: of none */
  struct str id, message_id;  /* of the answer: EnvelopeIdentifier, MESSAGEIDENTIFIER */
  struct str now;             /* with its offset */
  struct sbdh_shelf *shelf;   /* of the EHMI profile */
};

/* The bytes of the answer, in the arena; empty where there is none, or nobody could be answered. */
MUST_CHECK int msh_reply(struct str *out, struct arena *a, const struct msh_question *q, struct error *e);

#endif
