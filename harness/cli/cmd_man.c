/* man: the manual page, made from the tables that options are read by, so that it is never behind them. */
#include "base/file.h"
#include "cli/commands.h"
#include "cli/help.h"

#include <string.h>

#define PROSE_MAX ((size_t)1 << 20)

static const char bare[] = ".TH TESTCAMP 1 \"\" \"testcamp\" \"User Commands\"\n"
                           ".SH NAME\ntestcamp \\- certification test harness for Danish health messaging\n"
                           ".SH SYNOPSIS\n@SYNOPSIS@\n.SH COMMANDS\n@COMMANDS@\n";

static void synopsis(struct cli *c) {
  for (size_t i = 0; commands[i]; i++) {
    struct str arguments = help_troff(c->arena, str_z(commands[i]->arguments));
    fprintf(c->out, "%s.B testcamp %s\n%.*s\n", i ? ".br\n" : "", commands[i]->name, STR_F(arguments));
  }
}

/* Each command is asked for its help, and opts_read prints it as troff. */
static void all_commands(struct cli *c) {
  struct cli inner = *c;
  char help[] = "--help", *argv[] = {help};
  inner.man = true;
  for (size_t i = 0; commands[i]; i++)
    if (commands[i]->run(&inner, commands[i], 1, argv) != EXIT_OK) BUG("%s does not explain itself", commands[i]->name);
}

static int write_page(struct cli *c, const char *prose, struct error *e) {
  struct str rest = str_z(bare);
  if (prose && file_read(&rest, c->arena, prose, PROSE_MAX, e) < 0) return -1;
  while (rest.n) {
    struct str line = str_cut(&rest, '\n');
    if (str_eqz(line, "@SYNOPSIS@"))
      synopsis(c);
    else if (str_eqz(line, "@COMMANDS@"))
      all_commands(c);
    else
      fprintf(c->out, "%.*s\n", STR_F(line));
  }
  return 0;
}

static int cmd_man(struct cli *c, const struct command *self, int argc, char **argv) {
  struct opt_list rest;
  struct error e;
  const struct opt table[] = {{0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (rest.n > 1) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  return write_page(c, rest.n ? rest.v[0] : NULL, &e) < 0 ? cli_fail(c, &e) : EXIT_OK;
}

const struct command command_man = {.name = "man",
                                    .arguments = "[PROSE]",
                                    .summary = "print the manual page, the lines @SYNOPSIS@ and @COMMANDS@ of PROSE "
                                               "filled in",
                                    .run = cmd_man};
