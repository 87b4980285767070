#include "endpoint/msh.h"

/* What an MSH refuses an envelope for, by the beginning of the rule, in the order in which one exception goes before
 * another: "not well-formed or schema-invalid", and "wrong type of document" (ebBP signals 2.0.4; dk-ehmi-sbdh 2.0.1,
 * acknowledgement flow). Ids that are not those of the Bundle tell of content that was tampered with. Whatever else is
 * wrong is for the system behind, or for who tests the sender. */
static const struct {
  const char *rule, *exception;
} refusals[] = {{"sbdh.element.", "Syntax"},
                {"sbdh.attribute.", "Syntax"},
                {"sbdh.namespace", "Syntax"},
                {"sbdh.fixed", "Syntax"},
                {"sbdh.date-time", "Syntax"},
                {"sbdh.content.", "Syntax"},
                {"sbdh.base64", "Syntax"},
                {"sbdh.scope.unknown", "Syntax"},
                {"sbdh.scope.identifier", "Syntax"},
                {"sbdh.payload.message-id", "Syntax"},
                {"sbdh.payload.bundle-id", "Syntax"},
                {"sbdh.standard", "Sequence"},
                {"sbdh.document-id", "Sequence"}};

static bool refused_for(const struct findings *f, const char *rule) {
  for (size_t i = 0; i < f->list.n; i++)
    if (f->list.v[i].severity == SEV_ERROR && str_starts(f->list.v[i].rule, str_z(rule))) return true;
  return false;
}

const char *msh_refusal(const struct findings *f) {
  for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
    if (refused_for(f, refusals[i].rule)) return refusals[i].exception;
  return NULL;
}

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
  static const struct msh_decision ignored = {MSH_SILENT, NULL, false};
  struct msh_decision d = by_seen[a->seen];
  /* An SBDH acknowledgement is itself never acknowledged, whatever it asks for. */
  if (a->content == SBDH_RECEIPT || a->content == SBDH_EXCEPTION) return ignored;
  if (a->refusal) d = (struct msh_decision){MSH_NEGATIVE, a->refusal, false};
  if (!a->asks) d.answer = MSH_SILENT, d.exception = NULL;
  return d;
}

const char *msh_answer_name(enum msh_answer answer) {
  static const char *const names[] = {
      [MSH_SILENT] = "silent", [MSH_POSITIVE] = "positive", [MSH_AGAIN] = "again", [MSH_NEGATIVE] = "negative"};
  return names[answer];
}
