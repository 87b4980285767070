/* cli: what every command gets, and the exit codes (architecture.md, Commands and exit codes).
 *
 * Results go to standard output, progress and logs to standard error. Colours only on a terminal, and not when NO_COLOR
 * is set. A command is one file with one row in commands.c. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/finding.h"
#include "base/log.h"

enum cli_exit { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_UNJUDGED = 3 };

struct serve;
struct session;

#define CLI_OUTPUT_MAX ((size_t)512 << 20)

struct cli {
  struct arena *arena; /* as long as the command */
  FILE *out, *err;
  bool colour_out, colour_err;
  bool danish; /* --lang da */
  bool man;    /* help is printed for the manual page */
  struct log log;
  const char *version;
  const char *schemas; /* --schemas: folder of MedCom's schemas of letters; NULL: none */
  /* Inside `testcamp serve`: its own session, and what runs are added to. NULL otherwise. */
  const struct session *host;
  struct serve *serve;
  bool keep; /* what is in the arena is used by a run that is served: it stays */
};

struct command {
  const char *name;
  const char *arguments; /* of the usage line */
  const char *summary;
  int (*run)(struct cli *c, const struct command *self, int argc, char **argv);
  bool writes; /* to the store of runs: handed to the `serve` that has it open, if one has (cli/control.h) */
};

extern const struct command *const commands[]; /* NULL-terminated, in the order of the help */

/* Runs the command that argv[0] names. */
int cli_dispatch(struct cli *c, int argc, char **argv);
/* "testcamp: file:line:col: text" on standard error; gives the exit code for it (usage for syntax, configuration and
 * files; else unjudged). */
int cli_fail(struct cli *c, const struct error *e);
/* The same for a plain sentence; exit code EXIT_USAGE. */
int cli_usage(struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void cli_print(FILE *to, struct str s);
/* A copy in which no character can move the cursor of a terminal, or more: for what strangers wrote. Line ends stay. */
struct str cli_safe(struct arena *a, struct str s);
/* An escape sequence, or nothing without colours: "1" bold, "31" red, "32" green, "33" yellow, "2" dim, "0" off. */
const char *cli_colour(bool on, const char *code);

#endif
