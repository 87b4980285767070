/* opts: the options of a command, from one table that also prints its help. */
#ifndef CLI_OPTS_H
#define CLI_OPTS_H

#include "cli/cli.h"

#include "base/vec.h"

#define OPTS_LIST_MAX 4096

struct opt_list {
  const char *v[OPTS_LIST_MAX];
  size_t n;
};

enum opt_kind { OPT_FLAG, OPT_TEXT, OPT_LIST };

struct opt {
  const char *name; /* without "--"; NULL ends the table */
  enum opt_kind kind;
  const char *argument; /* "FILE"; NULL for a flag */
  const char *help;
  void *to; /* bool *, const char **, struct opt_list * */
};

/* Of every command that judges letters; opts_read sees to it that the folder is one. */
#define OPT_SCHEMAS(c)                                                                                                 \
  { "schemas", OPT_TEXT, "DIR", "folder of MedCom's schemas of OIOXML letters", &(c)->schemas }

enum opts_result { OPTS_GO, OPTS_HELP, OPTS_WRONG };

/* Reads the options in any place; the rest stays in argv[0..*n). HELP: the help was printed; WRONG: the reason was. */
enum opts_result opts_read(struct cli *c, const struct command *self, const struct opt *table, int argc, char **argv,
                           struct opt_list *rest);
/* Words of a command line. */
struct opt_words {
  VEC(struct str) list;
};

/* Appends the options that have a value by now, as a user would write them ("--level=profile"), but for those of skip
 * (NULL-terminated). */
void opts_words(struct opt_words *out, struct arena *a, const struct opt *table, const char *const *skip);

#endif
