/* scripts: FHIR TestScripts among the arguments of run, lint and import, and the table of what came of each. */
#ifndef CLI_SCRIPTS_H
#define CLI_SCRIPTS_H

#include "cli/opts.h"
#include "lint/testscript.h"
#include "state/state.h"

/* What a command was told of TestScripts. */
struct scripts_args {
  struct opt_list use; /* packages that take the place of those of a set */
  const char *aids;    /* a file of aids; NULL: only those that come along */
  const char *system;  /* client, server; NULL: as the scripts say, or the vendor file */
};
#define SCRIPTS_OPTIONS(a)                                                                                             \
  {"use", OPT_LIST, "NAME@VERSION", "for TestScripts: this package instead of theirs", &(a)->use},                     \
      {"system", OPT_TEXT, "client|server", "for TestScripts: what the system under test is", &(a)->system}, {         \
    "aids", OPT_TEXT, "FILE", "for TestScripts: stand-ins and triggers (fixtures/testscripts/README.md)", &(a)->aids   \
  }

/* The set at path; args may be NULL. */
MUST_CHECK int scripts_open(struct testscript_set **out, struct cli *c, const char *path,
                            const struct scripts_args *args, struct error *e);

struct scripts_protocols {
  struct protocol *v[2];
  size_t n;
};
/* Its scripts as protocols to be run, one a role. */
MUST_CHECK int scripts_load(struct scripts_protocols *out, struct cli *c, const char *path,
                            const struct scripts_args *args, struct error *e);

struct scripts_row {
  struct str id, why;
  enum verdict verdict;
};
/* What came of all scripts of one command. */
struct scripts_table {
  VEC(struct scripts_row) rows;
};
/* A row for each case of a run. */
void scripts_note(struct scripts_table *t, struct cli *c, const struct state *s);
/* The same for a protocol that could not be run. */
void scripts_note_error(struct scripts_table *t, struct cli *c, const struct protocol *p, const struct error *e);
/* Those of the chosen cases that are of this protocol; all: there are none chosen at all. */
struct opt_list *scripts_cases(struct cli *c, const struct protocol *p, const struct opt_list *chosen);
void scripts_print(const struct scripts_table *t, struct cli *c);

#endif
