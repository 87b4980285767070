/* identifier_rules: what is said of a number that has not the form of its kind.
 *
 * One table of rules `identifier.*` for every format; their severities can be set (standards/severities.h), for real
 * systems send numbers that no rule foresaw: location numbers with a wrong check digit, ydernumre of seven digits. */
#ifndef STANDARDS_IDENTIFIER_RULES_H
#define STANDARDS_IDENTIFIER_RULES_H

#include "base/finding.h"

enum identifier_kind {
  IDENTIFIER_CPR,
  IDENTIFIER_RELATIVE,    /* a CPR number of somebody else than the patient */
  IDENTIFIER_REPLACEMENT, /* of a CPR number, of whatever sort: X-eCPR, D-eCPR, a local one */
  IDENTIFIER_D_ECPR,
  IDENTIFIER_GLN,
  IDENTIFIER_MAILBOX, /* a GLN, or the name of a mailbox at a VANS */
  IDENTIFIER_SOR,
  IDENTIFIER_SHAK,
  IDENTIFIER_YDER,
  IDENTIFIER_MUNICIPALITY,
  IDENTIFIER_KINDS_N
};

/* Tells what is wrong with that value, which stands at where; nothing of an empty one. Gives the finding, or NULL. */
struct finding *identifier_judge(struct findings *f, enum identifier_kind kind, struct str value, struct place where);
/* The same of a system below that of D-eCPR which is no region's. */
struct finding *identifier_judge_system(struct findings *f, struct str system, struct place where);

extern const struct rule identifier_rules[];
extern const size_t identifier_rules_n;

#endif
