/* drive: turns a run until it stands, then says where it stands. Shared by run, resume, put and answer. */
#ifndef CLI_DRIVE_H
#define CLI_DRIVE_H

#include "cli/prompt.h"
#include "cli/session.h"
#include "net/loop.h"

struct drive {
  struct cli *cli;
  struct session *session;
  struct prompt prompt;
  struct run *run;
  const char *report_dir; /* NULL: no reports */
  bool interrupted;       /* by a signal: begin nothing more */
  bool tells;             /* nobody is asked at a terminal: what is waited for is told as the run goes */
  struct loop_timer *tick;
  struct map seen; /* waits by step and time: those that have stood for a tick; those that were told */
};

/* Sets the observer in the session's options; call before run_start or run_resume. interactive: may ask at a terminal,
 * and where there is none, tells once on standard error what it waits for longer than a moment. */
void drive_init(struct drive *d, struct session *s, bool interactive, const char *report_dir);
/* The services that testcamp plays in the run, and their addresses: a line each. */
void drive_say_services(struct cli *c, FILE *to, const struct run *r);
/* Runs, prints waits, summary and report path; gives the exit code. */
int drive_go(struct drive *d);

#endif
