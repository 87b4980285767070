/* playing: what repeat and insert have in common: a run that is opened, changed, and played on from there. */
#ifndef CLI_PLAYING_H
#define CLI_PLAYING_H

#include "cli/review.h"

struct playing {
  struct opt_list rest;
  const char *store, *answers, *report, *by, *why, *lang, *listen, *launch;
  bool quiet, verbose;
};

/* The options that both have, for their tables; ends with a comma. */
#define PLAYING_OPTIONS(a)                                                                                             \
  {"why", OPT_TEXT, "TEXT", "the reason, for the record", &(a)->why},                                                  \
      {"answers", OPT_TEXT, "FILE", "answers of persons, instead of asking", &(a)->answers},                           \
      {"report", OPT_TEXT, "DIR", "write reports there (default: reports)", &(a)->report},                             \
      {"store", OPT_TEXT, "FILE", "event log", &(a)->store},                                                           \
      {"launch", OPT_TEXT, "COMMAND", "start the system by this instead of the vendor file's command", &(a)->launch},  \
      {"listen", OPT_TEXT, "HOST:PORT", "where the simulated VANS listens", &(a)->listen},                             \
      {"lang", OPT_TEXT, "da|en", "language of what is printed", &(a)->lang},                                          \
      {"quiet", OPT_FLAG, NULL, "no step list", &(a)->quiet}, {                                                        \
    "verbose", OPT_FLAG, NULL, "passed steps and messages too", &(a)->verbose                                          \
  }

/* Language and how much is told. */
void playing_set_up(struct cli *c, const struct playing *a);
/* Opens the store and the run, closes it again, and plays on: change (between the two) does what the command is for to
 * the run that stands open in rv, commits it, and tells of it; prepare (may be NULL) comes before it is opened, when
 * its plan is there. Gives the exit code. */
int playing_go(struct cli *c, const struct playing *a,
               int (*prepare)(struct session *s, void *payload, struct error *e),
               int (*change)(struct reviewing *rv, void *payload, struct error *e), void *payload);

#endif
