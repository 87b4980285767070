/* defect: what the reference vendor can be made to do wrong on the wire, one at a time.
 *
 * Each is something that it does: it answers late, twice, or not at all, or depends on what it saw before. Each breaks
 * exactly one thing, so that a protocol can be shown to notice it. What is wrong with the content of a message is
 * declared instead (declared.h). The names of both are those of --defect, and --list-defects prints both. */
#ifndef REFVENDOR_DEFECT_H
#define REFVENDOR_DEFECT_H

#include "base/str.h"

enum defect {
  DEFECT_WRONG_ACK_CODE,
  DEFECT_NO_ACK,
  DEFECT_ACKS_AN_ACK,
  DEFECT_ACKS_INVALID_OK,
  DEFECT_ACK_WRONG_IDENTIFIER,
  DEFECT_LATE,
  DEFECT_SAME_BUNDLE_ID_ON_RESEND,
  DEFECT_NEGATIVE_AFTER_POSITIVE,
  DEFECT_CONTRADICTS_ITSELF,
  DEFECT_REFUSES_WRONG_ORDER,
  DEFECT_REFUSES_XML,
  DEFECT_NO_RESEND,
  DEFECT_NEW_HEADER_ON_RESEND,
  DEFECT_FORWARD_KEEPS_THREAD,
  DEFECT_SAME_ENVELOPE_ID,
  DEFECT_REFUSES_MESSAGES,
  DEFECT_REFUSES_ACKS,
  DEFECT_REFUSES_TO_ACT,
  DEFECT_SENDS_NOTHING,
  DEFECT_SENDS_TWICE,
  DEFECT_ACKS_TWICE,
  DEFECT_ACKS_TRANSIENT,
  DEFECT_RECEIPT_FOR_ACK,
  DEFECT_FORGETS_DUPLICATES,
  DEFECT_RESENDS_AFTER_OK,
  DEFECT_CHANGED_ON_RESEND,
  DEFECT_SAME_ENVELOPE_ON_RESEND,
  DEFECT_NO_TIMEOUT_RESEND,
  DEFECT_RESENDS_FOREVER,
  DEFECT_REACTS_TO_COPIES,
  DEFECT_TAKES_USED_BUNDLE,
  DEFECT_TAKES_USED_ENVELOPE,
  DEFECT_OLD_TIMES_ON_RESEND,
  DEFECT_RESENDS_REFUSED,
  DEFECT_NEW_MESSAGE_ID_ON_RESEND,
  DEFECT_POSITIVE_AFTER_NEGATIVE,
  DEFECT_RECEIPT_POSITIVE,
  DEFECTS_N
};

struct defect_row {
  const char *name;
  const char *en, *da;
};

extern const struct defect_row defects[DEFECTS_N];

/* The defect of that name, or -1. */
int defect_find(struct str name);

#endif
