/* flow: whether messages that belong together fit each other, by the rules flow.* (standards/flow_rules.h).
 *
 * Pure: it knows the messages of a correspondence, in whatever format, what is declared of them, and the data
 * (standards/flows.h). The families of rules and what they are about:
 *   flow.default-answer     a referral and its answers
 *   flow.admission-report   a notification (advis or HospitalNotification) and the reports that came; none is told of
 *   flow.wish               any letter
 *   flow.limit              any letter of which a limit is known
 *   flow.binary             a letter with references to objects and the letters that have them
 *   flow.pathology          a report of pathology; declared: `handled`
 *   flow.referral           a referral and the letters with objects; declared: `route`
 * Declared facts, all of which may be left out:
 *   asks      true, false: the notification asks for a report, whatever it says itself
 *   sent      automatic, manual: how the report came to be sent (automatic)
 *   revision  2026-12-31: the day of the revision that the system sends by
 *   handled   how many of the codes the system handled
 *   route     dnhf: the referral goes by the national referral service with a document */
#ifndef VALIDATE_FLOW_H
#define VALIDATE_FLOW_H

#include "standards/flows.h"
#include "validate/message.h"

/* Letters of all messages of a case, and letters in one of them. */
#define FLOW_LETTERS_MAX 1000

struct flow_case {
  const struct flows *flows;
  struct str rule;               /* a rule, or the beginning of several */
  const struct message *request; /* the letter, notification or referral */
  const struct message *const *answers;
  size_t answers_n;
  const int64_t *at;         /* when they came, the request first, ms since 1970; NULL: not known */
  const struct facts *given; /* what is declared; may be NULL */
};

/* Judges, with paths and places in the messages; scratch need not outlive the call. */
void flow_judge(struct findings *f, struct arena *scratch, const struct flow_case *c);
/* True if some rule of flows begins like that, or is it. */
bool flow_rule_exists(struct str rule);
/* True if that is a declared fact. */
bool flow_fact_exists(struct str name);

#endif
