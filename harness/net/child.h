/* child: another program, on the loop (reference vendor, trigger commands). */
#ifndef NET_CHILD_H
#define NET_CHILD_H

#include "base/error.h"
#include "base/str.h"

#define CHILD_LINE_MAX 4096

struct loop;
struct child;

struct child_events {
  void (*line)(void *payload, struct str line); /* each line of its standard output; longer ones are cut */
  void (*ended)(void *payload, int exit_code);  /* 128 + signal when killed */
  void *payload;
};

/* Starts argv[0] (looked up in PATH when it has no '/'; beside our own executable first). It is killed (SIGTERM) when
 * we end, also when we are killed (PR_SET_PDEATHSIG). Standard error is ours. */
MUST_CHECK int child_start(struct child **out, struct loop *l, const char *const *argv, const struct child_events *ev,
                           struct error *e);
/* The same with those bytes as its standard input (else it is empty). */
MUST_CHECK int child_start_fed(struct child **out, struct loop *l, const char *const *argv, struct str input,
                               const struct child_events *ev, struct error *e);
/* Ends it if it still runs (SIGTERM to its process group, after a second SIGKILL; waits for that) and frees; ended is
 * not called. Must be called after `ended` too. */
void child_stop(struct child *c);

#endif
