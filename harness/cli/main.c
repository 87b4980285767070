/* testcamp: finds the command and hands over. */
#include "cli/control.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_help(FILE *to) {
  fprintf(to, "usage: testcamp COMMAND [OPTION...] [ARGUMENT...]\n\n"
              "Certification test harness for Danish health messaging.\n\n");
  for (size_t i = 0; commands[i]; i++) fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
  fprintf(to, "\n'testcamp COMMAND --help' shows the options of one.\n"
              "Exit codes: 0 passed or valid, 1 failed or invalid, 2 wrong use or unreadable input,\n"
              "3 could not be judged or is waiting.\n");
}

static bool colours(FILE *f) {
  const char *no = getenv("NO_COLOR");
  return isatty(fileno(f)) && !(no && *no);
}

static int dispatch(struct cli *c, int argc, char **argv) {
  if (argc < 2) {
    print_help(c->err);
    return EXIT_USAGE;
  }
  if (!strcmp(argv[1], "help") && argc == 3) return cli_dispatch(c, 2, (char *[]){argv[2], (char[]){"--help"}, NULL});
  if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
    print_help(c->out);
    return EXIT_OK;
  }
  if (!strcmp(argv[1], "--version")) {
    fprintf(c->out, "testcamp %s\n", c->version);
    return EXIT_OK;
  }
  int code;
  if (control_forward(c, argc - 1, argv + 1, &code)) return code;
  return cli_dispatch(c, argc - 1, argv + 1);
}

int main(int argc, char **argv) {
  struct cli c = {.arena = arena_new(0),
                  .out = stdout,
                  .err = stderr,
                  .colour_out = colours(stdout),
                  .colour_err = colours(stderr),
                  .log = {.to = stderr, .level = LOG_NORMAL},
                  .version = TESTCAMP_VERSION};
  int code = dispatch(&c, argc, argv);
  arena_free(c.arena);
  if (fflush(stdout) != 0) {
    fprintf(stderr, "testcamp: the output could not be written\n");
    return EXIT_UNJUDGED;
  }
  return code;
}
