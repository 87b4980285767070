/* receipt_judge: is this the right receipt for that mail? The rules `receipt.*`.
 *
 * Pure: what is compared is given, nothing is kept. Findings go into the arena of the list, at the place of what is
 * wrong in the receipt. What nobody can tell (the original is not known, a time that is published nowhere) is not
 * judged. Severities are the table's (standards/receipts.h) where it says some. */
#ifndef ENVELOPE_RECEIPT_JUDGE_H
#define ENVELOPE_RECEIPT_JUDGE_H

#include "base/finding.h"
#include "envelope/receipt.h"
#include "standards/receipts.h"

struct receipt_case {
  struct str message; /* what the receipt is called in places */
  const struct receipt *receipt;
  const struct mail *original;         /* NULL: not known */
  int64_t sent_at, came_at;            /* of the original and of the receipt, ms; 0: not known */
  const struct receipt_duties *duties; /* NULL: no times, and severities as in the rules */
};

/* Another receipt of the same original, that came earlier. */
struct receipt_earlier {
  struct str message;
  const struct receipt *receipt;
};

extern const struct rule *const receipt_rules;
extern const size_t receipt_rules_n;

void receipt_judge(const struct receipt_case *c, struct findings *f);
/* Never yes and then no for one letter, nor the other way round; and the same once more is told. again: the original
 * went out more than once, so that it is right to answer it more than once. */
void receipt_judge_earlier(const struct receipt_case *c, const struct receipt_earlier *earlier, bool again,
                           struct findings *f);
/* The positive receipt that a mail asks for, in its own syntax; NULL where none is to be sent. */
const struct receipt_row *receipt_asked(const struct mail *m, const struct receipt_duties *d);

#endif
