/* algebra: what the verdicts and assessments of steps come to, as a pure function over plain data.
 *
 * The caller lays a run out as struct algebra_run (state and record have their own adapters); nothing is kept. A sum is
 * the same thing at every level: a step, a case (which is one of MedCom's use cases), a section of MedCom's numbering
 * ("3.3"), a whole protocol, and a role with all its protocols. It holds the machine's verdict, MedCom's worst
 * assessment, counts, and what blocks a certification: no blocks means certifiable.
 *
 * Rules (architecture.md, Verdicts; the verdict scale of MedCom's test protocols):
 *   - any fail makes the whole fail, else error, inconclusive, waiting, pass; errors are counted beside a fail;
 *   - of a group of alternatives one that passes is enough, and one that MedCom accepts;
 *   - a step assessed F1, F2 or F3 blocks, an optional one too;
 *   - every mandatory step of MedCom's numbering that applies must be assessed OK, F4 or not relevant;
 *   - what was executed and did not pass blocks until MedCom has assessed it, or the numbered step it stands under;
 *     what was judged after that (played again, put in by MedCom, revised) needs a word of its own;
 *   - optional steps that were not executed do not block;
 *   - only a whole, ended run that MedCom assesses, on an unscaled clock, can certify. */
#ifndef RECORD_ALGEBRA_H
#define RECORD_ALGEBRA_H

#include "base/finding.h"
#include "base/vec.h"
#include "record/verdict.h"

struct algebra_step {
  struct str id;
  struct str under;  /* the numbered step that it belongs to ("3.3.4.5" of "3.3.4.5+1"); empty for a numbered one */
  struct str either; /* its group of alternatives in the case; empty: none */
  enum verdict verdict;
  enum assessment assessment;
  int64_t judged_at, assessed_at; /* when the verdict that stands was given, and the assessment; 0: not */
  bool optional;
};

struct algebra_case {
  struct str id;
  bool applies;
  bool chosen; /* false: left out of this run by choice */
  bool opened;
  bool optional;
  VEC(struct algebra_step) steps;
};

struct algebra_run {
  struct str protocol;
  bool assessed; /* MedCom assesses it: a live test, not a self-test */
  bool ended;
  bool damaged;   /* the log or a message was damaged or lost */
  bool real_time; /* deadlines were real ones */
  VEC(struct algebra_case) cases;
};

enum block_why {
  BLOCK_SELF_TEST,    /* not a run that MedCom assesses */
  BLOCK_OPEN,         /* the run has not ended */
  BLOCK_CLOCK,        /* deadlines were scaled */
  BLOCK_DAMAGED,      /* the record is not whole */
  BLOCK_NOTHING,      /* nothing was tested, or nothing assessed */
  BLOCK_NOT_CHOSEN,   /* a case was left out of the run */
  BLOCK_FAULT,        /* F1, F2 or F3 */
  BLOCK_NOT_EXECUTED, /* a mandatory step was not carried out, nor assessed as not relevant */
  BLOCK_NOT_ASSESSED,
  BLOCK_ALTERNATIVES, /* no step of a group of alternatives was accepted; step is the name of the group */
  BLOCKS_N
};

struct block {
  enum block_why why;
  struct str protocol, case_id, step; /* empty where it is about more than that */
  enum verdict verdict;
  enum assessment assessment;
};

struct sum {
  enum verdict verdict;
  enum assessment assessment; /* the worst that was given; none: no step is assessed */
  size_t steps[VERDICTS];     /* how many, by verdict; those of a case that does not apply are not applicable */
  size_t assessed[ASSESSMENTS];
  VEC(struct block) blocks;
};

/* The sum of what scope names: "" the protocol, "3.3" a section, "3.3.4" a case, "3.3.4.5" a step; in a. A scope that
 * is not there gives the sum of nothing, which blocks. That a whole run has not ended, or not in real time, is told of
 * for the protocol alone. */
void algebra_sum(struct sum *out, struct arena *a, const struct algebra_run *run, struct str scope);
/* The sum of a role: all its protocols together. No protocol shows nothing: inconclusive, and it blocks. */
void algebra_role(struct sum *out, struct arena *a, const struct algebra_run *runs, size_t n);
bool sum_certifiable(const struct sum *s);
/* "3.3.4.5" of "3.3.4.5+1", empty for an id without "+" (protocol/protocol.h makes them). */
struct str algebra_under(struct str step_id);
/* "self-test", "not-assessed", ...: the name of a reason in JSON. */
const char *block_name(enum block_why why);
/* What blocks, in words for people, where it is included; in a. */
struct said block_text(struct arena *a, const struct block *b);

#endif
