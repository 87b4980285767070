/* defect: what the reference vendor can be made to do wrong, one at a time.
 *
 * Each breaks exactly one thing on the wire, so that a protocol can be shown to notice it. The names are those of
 * --defect; the table (defects_table.c) is what --list-defects prints. */
#ifndef REFVENDOR_DEFECT_H
#define REFVENDOR_DEFECT_H

#include "base/str.h"

enum defect {
  DEFECT_WRONG_ACK_CODE,
  DEFECT_NO_ACK,
  DEFECT_ACKS_AN_ACK,
  DEFECT_ACKS_INVALID_OK,
  DEFECT_MISSING_OUTCOME,
  DEFECT_ACK_WRONG_IDENTIFIER,
  DEFECT_ACK_ONE_PROVENANCE,
  DEFECT_LATE,
  DEFECT_SAME_BUNDLE_ID_ON_RESEND,
  DEFECT_NEGATIVE_AFTER_POSITIVE,
  DEFECT_CONTRADICTS_ITSELF,
  DEFECT_REFUSES_WRONG_ORDER,
  DEFECT_REFUSES_XML,
  DEFECT_NO_RESEND,
  DEFECT_NEW_HEADER_ON_RESEND,
  DEFECT_NEW_THREAD_ON_REPLY,
  DEFECT_FORWARD_KEEPS_THREAD,
  DEFECT_LOST_PROVENANCE,
  DEFECT_NO_NEW_PROVENANCE_TARGET,
  DEFECT_LOST_SEGMENTS,
  DEFECT_OLD_DATE_CHANGED,
  DEFECT_OLD_TEXT_CHANGED,
  DEFECT_ATTACHMENT_DATA_REPEATED,
  DEFECT_LOST_IDENTIFIER,
  DEFECT_OTHER_PATIENT,
  DEFECT_LOST_EPISODE,
  DEFECT_LOST_RECIPIENT,
  DEFECT_NO_TOPIC_WITH_OTHER,
  DEFECT_PRIORITY_ALWAYS,
  DEFECT_NO_ZONE,
  DEFECT_WRONG_RECEIVER_GLN,
  DEFECT_PAYLOAD_NOT_BASE64,
  DEFECT_WRONG_MIME,
  DEFECT_WRONG_SIZE,
  DEFECT_WRONG_NAME,
  DEFECT_SAME_ENVELOPE_ID,
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
