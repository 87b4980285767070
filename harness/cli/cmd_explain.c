/* explain: every rule of every room, in one place. */
#include "cli/commands.h"
#include "cli/opts.h"
#include "cli/rules.h"

#include <string.h>

static void print_rule(struct cli *c, const struct rule *r) {
  fprintf(c->out, "%s%s%s  %s\n  en  %s\n  da  %s\n  %s\n", cli_colour(c->colour_out, "1"), r->id,
          cli_colour(c->colour_out, "0"), severity_name(r->severity), r->en, r->da, r->source);
}

static int cmd_explain(struct cli *c, const struct command *self, int argc, char **argv) {
  struct opt_list rest;
  const struct opt table[] = {{0}};
  size_t n = 0;
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  for (size_t i = 0; rules_at(i); i++) {
    const struct rule *rule = rules_at(i);
    bool wanted = rest.n == 0;
    for (size_t k = 0; k < rest.n; k++) wanted = wanted || !strncmp(rule->id, rest.v[k], strlen(rest.v[k]));
    if (!wanted) continue;
    print_rule(c, rule);
    n++;
  }
  return n ? EXIT_OK
           : cli_usage(c,
                       "no rule begins with \"%s\"; testcamp explain lists all but those that a protocol "
                       "makes itself: they stand there as \"rule\", explained by \"because\"",
                       rest.v[0]);
}

const struct command command_explain = {.name = "explain",
                                        .arguments = "[RULE...]",
                                        .summary = "what a rule says and where it comes from",
                                        .run = cmd_explain};
