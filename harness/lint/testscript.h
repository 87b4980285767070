/* testscript: FHIR TestScripts (R4) as they are: read, checked, and written as a protocol.
 *
 * A set is what one name on the command line stands for: a TestScript file (JSON or XML), a folder, or a .tgz package
 * of them. Each script becomes a case of a protocol: what it puts on the server is `preload` and `remove`, what the
 * system under test does there is `instruct` and `expect`, and its assertions are `assert` and `validate`; a script
 * that has no client of its own (`origin`) asks the system's server with `http`. So it runs, resumes and is reported
 * like any other. What cannot be done, or is wrong in the script itself, becomes an `unsupported` step with the reason:
 * the case is then inconclusive, never the vendor's failure, and the others run. Fixtures are taken from the set only;
 * one that is not there may have a stand-in among the aids (fixtures/testscripts/README.md). Everything lives in the
 * arena. Source: FHIR R4, TestScript. */
#ifndef LINT_TESTSCRIPT_H
#define LINT_TESTSCRIPT_H

#include "fhir/shapes.h"
#include "protocol/protocol.h"

#define TESTSCRIPT_FILE_MAX ((size_t)32 << 20)
#define TESTSCRIPT_SET_MAX ((size_t)256 << 20)
#define TESTSCRIPT_FILES_MAX 20000
#define TESTSCRIPT_DEPTH_MAX 12 /* folders in folders */

struct testscript_set;

/* What the system under test is, of the two sides that a script has: told by its operations with an `origin`, unless it
 * is said, for a script may be meant either way. */
enum testscript_system { TESTSCRIPT_AS_WRITTEN, TESTSCRIPT_CLIENT, TESTSCRIPT_SERVER };

/* What reading and checking need from outside. */
struct testscript_options {
  const char *data_dir;        /* aids, and the fixtures that they name */
  const struct shapes *shapes; /* types of R4, for the static check of expressions; may be NULL */
  const struct step_kind *const *kinds;
  const char *const *use; /* packages as NAME@VERSION that take the place of those of the set */
  size_t use_n;
  enum testscript_system system;
  const char *aids; /* a file of aids that come before those of data_dir; NULL: none */
};

/* A protocol made of the scripts for one role. */
struct testscript_protocol {
  struct str id, role, yaml;
};
struct testscript_protocols {
  VEC(struct testscript_protocol) list;
};

/* True if path is a folder, an archive, or a file that holds a TestScript: not a protocol. */
bool testscript_is(struct arena *a, const char *path);
/* Reads a set; a set without any TestScript is an error. A file in it that cannot be read is a finding of the check. */
MUST_CHECK int testscript_open(struct testscript_set **out, struct arena *a, const char *path,
                               const struct testscript_options *o, struct error *e);
/* The same for the bytes of one script: there are no files around it. */
MUST_CHECK int testscript_open_bytes(struct testscript_set **out, struct arena *a, struct source src,
                                     const struct testscript_options *o, struct error *e);
/* Everything wrong with the scripts, with its place; -1 when one of the findings is an error. */
int testscript_check(struct testscript_set *s, struct findings *f);
/* Number of scripts in the set. */
size_t testscript_count(const struct testscript_set *s);
/* The scripts as protocols that protocol_read accepts, one a role. */
void testscript_write(struct testscript_protocols *out, struct testscript_set *s);

extern const struct rule *const testscript_rule_table;
extern const size_t testscript_rule_table_n;

#endif
