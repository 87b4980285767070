#include "cli/cli.h"

#include <string.h>

#include <stdarg.h>

int cli_fail(struct cli *c, const struct error *e) {
  char text[ERROR_FILE_MAX + ERROR_TEXT_MAX];
  error_format(e, text, sizeof text);
  fprintf(c->err, "testcamp: %s%s%s\n", cli_colour(c->colour_err, "31"), text, cli_colour(c->colour_err, "0"));
  bool ours = e->code == ERR_PEER || e->code == ERR_TIMEOUT || e->code == ERR_UNSUPPORTED;
  return ours ? EXIT_UNJUDGED : EXIT_USAGE;
}

int cli_usage(struct cli *c, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  fprintf(c->err, "testcamp: %s", cli_colour(c->colour_err, "31"));
  vfprintf(c->err, fmt, ap);
  fprintf(c->err, "%s\n", cli_colour(c->colour_err, "0"));
  va_end(ap);
  return EXIT_USAGE;
}

void cli_print(FILE *to, struct str s) {
  if (s.n) fwrite(s.p, 1, s.n, to);
}

static const struct {
  const char *code, *escape;
} colours[] = {{"0", "\033[0m"},   {"1", "\033[1m"},   {"2", "\033[2m"},
               {"31", "\033[31m"}, {"32", "\033[32m"}, {"33", "\033[33m"}};

const char *cli_colour(bool on, const char *code) {
  for (size_t i = 0; on && i < sizeof colours / sizeof *colours; i++)
    if (str_eqz(str_z(code), colours[i].code)) return colours[i].escape;
  return "";
}

static int unknown(struct cli *c, const char *word) {
  const char *nearest = NULL;
  size_t best = strlen(word) / 3 + 2; /* farther than that is no misspelling */
  for (size_t i = 0; commands[i]; i++) {
    size_t d = str_distance(str_z(word), str_z(commands[i]->name));
    if (d < best) best = d, nearest = commands[i]->name;
  }
  if (nearest) return cli_usage(c, "unknown command \"%s\"; did you mean \"%s\"?", word, nearest);
  return cli_usage(c, "unknown command \"%s\"; testcamp --help lists them", word);
}

int cli_dispatch(struct cli *c, int argc, char **argv) {
  for (size_t i = 0; commands[i]; i++)
    if (!strcmp(commands[i]->name, argv[0])) return commands[i]->run(c, commands[i], argc - 1, argv + 1);
  return unknown(c, argv[0]);
}

struct str cli_safe(struct arena *a, struct str s) {
  char *z = arena_z(a, s);
  for (size_t i = 0; i < s.n; i++) {
    unsigned char b = (unsigned char)z[i], before = i ? (unsigned char)z[i - 1] : 0;
    bool is_c1 = before == 0xC2 && b >= 0x80 && b < 0xA0;
    if ((b < 0x20 && b != '\n') || b == 0x7F || is_c1) z[i] = '?';
  }
  return (struct str){z, s.n};
}
