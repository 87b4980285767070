/* letter_reply: what the simulated VANS and receiving system answer a letter with by themselves, in EDIFACT and OIOXML.
 *
 * Pure: a question in, the bytes of a receipt out. A letter for somebody unknown gets the network's refusal (CTL01,
 * XCTL01 with LOK), one whose syntax is wrong the receiver's (CTL02, XCTL02 with SYN), any other CTL03 or XCTL03 if it
 * asks for that; one that came before the answer that it got then; a receipt nothing. It goes in a VANSEnvelope where
 * the letter came in one. */
#ifndef ENDPOINT_LETTER_REPLY_H
#define ENDPOINT_LETTER_REPLY_H

#include "base/error.h"
#include "base/str.h"

struct arena;

struct letter_question {
  struct str name, wire;     /* of what came */
  bool known;                /* its receiver is somebody here */
  struct str first;          /* what the same letter was answered with before; empty: it is new */
  struct str id, message_id; /* UUIDs to make identifiers of */
  int64_t now;
  const char *data_dir; /* of the table standards/receipts.h */
};

/* *reply is empty where nothing is to be answered. */
MUST_CHECK int letter_reply(struct str *reply, struct arena *a, const struct letter_question *q, struct error *e);

#endif
