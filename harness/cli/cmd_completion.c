/* Completion for shells. The script knows no option by itself: it asks `testcamp COMMAND --help`, which is printed from
 * the same table that the options are read by, so that it is never behind. */
#include <string.h>

#include "cli/commands.h"
#include "cli/opts.h"

static const char bash[] =
    "_testcamp() {\n"
    "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} help "
    "values=''\n"
    "  COMPREPLY=()\n"
    "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
    "    values=$(testcamp --help 2>/dev/null | sed -n 's/^  \\([a-z][a-z-]*\\) .*/\\1/p')\n"
    "  else\n"
    "    help=$(testcamp \"$command\" --help 2>/dev/null)\n"
    "    case $before in\n"
    "      --*[!a-z-]*) ;;\n"
    "      --*) values=$(sed -n \"s/^  $before \\([a-z0-9-]*|[a-z0-9|-]*\\) .*/\\1/p\" <<<\"$help\" | tr '|' ' ') ;;\n"
    "    esac\n"
    /* "text (default), json: a list", "self-test (default) or certify": what an option may be stands in its text */
    "    [ -n \"$values\" ] || [[ $before != --* ]] || values=$(sed -n \"s/^  $before [A-Z]* *//p\" <<<\"$help\" | sed "
    "'s/:.*//' |\n"
    "      grep -E '^[a-z-]+( \\(default\\))?((, | or )[a-z-]+( \\(default\\))?)*$' | grep -F '(default)' | sed "
    "'s/(default)//; s/,/ /g; s/ or / /g')\n"
    /* "[list|show|start]", "add FILE... | list": what a command does */
    "    if [ -z \"$values\" ] && [ \"$COMP_CWORD\" -eq 2 ] && [[ $word != -* ]]; then\n"
    "      values=$(sed -n \"1s/^usage: testcamp $command \\[*\\([a-z]\\)/\\1/p\" <<<\"$help\" | tr '|' '\\n' | sed -n "
    "'s/^ *\\([a-z][a-z-]*\\).*/\\1/p')\n"
    "    fi\n"
    "    if [ -z \"$values\" ] && [[ $word == -* ]]; then\n"
    "      values=$(sed -n 's/^  \\(--[a-z-]*\\).*/\\1/p' <<<\"$help\")\n"
    "    fi\n"
    "  fi\n"
    "  if [ -n \"$values\" ]; then COMPREPLY=($(compgen -W \"$values\" -- \"$word\")); fi\n"
    "}\n"
    "complete -o default -F _testcamp testcamp\n";

static const char fish[] = "complete -c testcamp -n __fish_use_subcommand -f -a \"(testcamp --help | string match -r "
                           "-g '^  ([a-z][a-z-]*) ')\"\n"
                           "complete -c testcamp -n 'not __fish_use_subcommand' "
                           "-a \"(testcamp (commandline -opc)[2] --help | string match -r -g '^  (--[a-z-]*)')\"\n";

static int cmd_completion(struct cli *c, const struct command *self, int argc, char **argv) {
  struct opt_list rest;
  const struct opt table[] = {{0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (rest.n != 1) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  if (!strcmp(rest.v[0], "bash"))
    fputs(bash, c->out);
  else if (!strcmp(rest.v[0], "zsh"))
    fprintf(c->out, "autoload -U +X bashcompinit && bashcompinit\n%s", bash);
  else if (!strcmp(rest.v[0], "fish"))
    fputs(fish, c->out);
  else
    return cli_usage(c, "%s: there is bash, zsh, fish", rest.v[0]);
  return EXIT_OK;
}

const struct command command_completion = {.name = "completion",
                                           .arguments = "bash|zsh|fish",
                                           .summary =
                                               "print completion for a shell: source <(testcamp completion bash)",
                                           .run = cmd_completion};
