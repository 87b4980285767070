/* mutations: the table of defects: what each makes fail in the shipped protocols of a standard (docs/mutations/).
 *
 * Clean runs are recorded once; for each declared defect (refvendor/declared.h) what was received is changed, and the
 * run is judged again (run/run_replay.h). Defects of persons change their answers instead. Defects of the wire are run
 * by e2e/defects.sh; here their rows of e2e/defects/<standard>.tsv are shown, and for those that are nothing but an
 * answer (refused, not done) the run is judged again with that answer, to see which steps they can make fail.
 * Everything lives in the arena of struct cli. */
#ifndef TESTS_MUTATIONS_H
#define TESTS_MUTATIONS_H

#include "base/map.h"
#include "cli/session.h"
#include "refvendor/declared.h"
#include "run/run_replay.h"

/* A clean run of one protocol. */
struct recording {
  struct session session;
  struct str protocol; /* "send": the protocol's file without ".yaml" */
  VEC(const struct event *) events;
  struct run *clean; /* judged again without a change */
  struct map failed; /* ids of steps that some defect made fail */
};

/* A step whose verdict a defect changed. */
struct hit {
  struct str step;
  enum verdict verdict;
  VEC(struct str) rules; /* of the findings that are no mere information, in order, each once */
};

/* What one defect came to in one recording. */
struct outcome {
  size_t changed; /* messages or answers */
  VEC(struct hit) hits;
};

enum way { WAY_MESSAGE, WAY_PERSON, WAY_WIRE };

struct mutant {
  enum way way;
  bool own; /* declared in the file of the standard: it must stand in the rows, and change something */
  struct str id, en;
  const struct declared *declared; /* or */
  const struct told_defect *told;  /* or */
  const struct arrival *arrival;   /* or none of them */
  struct outcome *outcomes;        /* one a recording */
};

/* One line of e2e/defects/<standard>.tsv. */
struct row {
  struct str defect, protocol, case_id, step, rule, clock; /* clock "-": not over the wire */
};

struct mutations {
  struct cli *cli;
  struct arena *arena;
  char *data_dir;
  struct str standard;
  bool content;          /* of content alone: the wire has tests of its own, and may be all that makes a step fail */
  VEC(struct str) files; /* of fixtures/refvendor/defects/: the standard's, then those that its messages may have too */
  struct declared_list declared;
  VEC(struct recording) recordings;
  VEC(struct mutant) mutants;
  VEC(struct row) rows;
};

/* What is wrong with what somebody told: answers of persons, or what the wire said. */
struct told_defect {
  const char *id, *en; /* en NULL: a defect of the wire, which has its own text */
  const char *word;    /* only at steps of this word; NULL: wherever a person is asked */
  void (*change)(struct event *told);
};
extern const struct told_defect told_defects[];
extern const size_t told_defects_n;

/* How often each message is received instead of once. Only steps that fail by it count as made to fail: what merely
 * could no longer be judged was not looked at. */
struct arrival {
  const char *id, *en;
  int times;
};
/* What stands in the column "with" of standards.tsv for a standard that is judged under these too. */
#define ARRIVALS "arrivals"
extern const struct arrival arrivals[];
extern const size_t arrivals_n;

/* rows.c, recorded.c. */
MUST_CHECK int rows_read(struct mutations *m, const char *path, struct error *e);
MUST_CHECK int recording_open(struct mutations *m, const char *store, struct error *e);
/* Fills every outcome. */
MUST_CHECK int mutants_judge(struct mutations *m, struct error *e);
/* check.c: what does not hold, a line each on standard output; their number. */
size_t mutations_check(const struct mutations *m);
/* False for wait and fault, which are the harness's own doing, and capture, which takes down what a later step judges:
 * no system can make them fail, and they are not counted. */
bool word_judges(const struct step_kind *kind);
/* A defect made on a recording, and a run of the vendor's system that had it over the wire: every step whose verdict or
 * rules are not the same, a line each; their number. */
MUST_CHECK int mutations_agree(struct mutations *m, struct str defect, size_t *wrong, struct error *e);
/* table.c: the page. */
void mutations_table(const struct mutations *m, FILE *to);
/* told.c: a file of answers (run --answers) for every step of a protocol that asks a person: all is well, with that
 * file as evidence. */
MUST_CHECK int answers_print(struct mutations *m, const char *protocol, const char *evidence, struct error *e);

/* The row of a defect in a protocol, or NULL. */
const struct row *row_of(const struct mutations *m, struct str defect, struct str protocol);
/* True if there is something to tell of it: it has a row, or changed something. */
bool mutant_counts(const struct mutations *m, const struct mutant *mu);
/* True if the defect made that step fail by that rule. */
bool outcome_has(const struct outcome *o, struct str step, struct str rule);

#endif
