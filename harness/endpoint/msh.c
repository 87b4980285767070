#include "endpoint/msh.h"

/* By what has been seen: E is EnvelopeIdentifier, M is MESSAGEIDENTIFIER. */
static const struct msh_decision by_seen[] = {
    [DEDUP_NEW] = {MSH_POSITIVE, NULL, true},
    /* E and M seen: the content is ignored, and acknowledged as the first time. */
    [DEDUP_DUPLICATE] = {MSH_AGAIN, NULL, false},
    /* E new, M seen: sent again. */
    [DEDUP_RESENT] = {MSH_AGAIN, NULL, false},
    /* E seen, M new: an error, which may be answered with an exception. */
    [DEDUP_ERROR] = {MSH_NEGATIVE, "Sequence", false},
};

struct msh_decision msh_decide(const struct msh_arrival *a) {
  static const struct msh_decision ignored = {MSH_SILENT, NULL, false}, broken = {MSH_NEGATIVE, "Syntax", false};
  struct msh_decision d = by_seen[a->seen];
  /* An SBDH acknowledgement is itself never acknowledged, whatever it asks for. */
  if (a->content == SBDH_RECEIPT || a->content == SBDH_EXCEPTION) return ignored;
  if (!a->valid) d = broken;
  if (!a->asks) d.answer = MSH_SILENT, d.exception = NULL;
  return d;
}

const char *msh_answer_name(enum msh_answer answer) {
  static const char *const names[] = {
      [MSH_SILENT] = "silent", [MSH_POSITIVE] = "positive", [MSH_AGAIN] = "again", [MSH_NEGATIVE] = "negative"};
  return names[answer];
}
