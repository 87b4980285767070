#include "cli/help.h"

#include <string.h>

struct str help_troff(struct arena *a, struct str s) {
  struct buf b;
  buf_init(&b, (size_t)1 << 20);
  if (s.n && (s.p[0] == '.' || s.p[0] == '\'')) buf_addz(&b, "\\&");
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '\\')
      buf_addz(&b, "\\e");
    else if (s.p[i] == '-')
      buf_addz(&b, "\\-");
    else if (s.p[i] == '\'')
      buf_addz(&b, "\\(aq");
    else
      buf_byte(&b, s.p[i]);
  }
  return buf_take(&b, a);
}

static const char *code_text(const struct help *h, int code) {
  if (code == EXIT_OK) return "done, and none of what follows";
  if (code == EXIT_FAILED) return h->failed;
  if (code == EXIT_USAGE) return "wrong use, or what cannot be read";
  return h->unjudged ? h->unjudged : "it could not be done: a peer that does not answer, or a form that is not known";
}

static const int codes[] = {EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_UNJUDGED};
#define CODES_N (sizeof codes / sizeof *codes)

static void print_text(struct cli *c, const struct command *self, const struct opt *table, const struct help *h) {
  fprintf(c->out, "usage: testcamp %s %s\n\n%s\n", self->name, self->arguments, self->summary);
  if (table[0].name) fprintf(c->out, "\n");
  for (const struct opt *o = table; o->name; o++) {
    struct str left =
        arena_printf(c->arena, "--%s%s%s", o->name, o->argument ? " " : "", o->argument ? o->argument : "");
    fprintf(c->out, "  %-24s %s\n", left.p, o->help);
  }
  fprintf(c->out, "\nexamples:\n");
  for (size_t i = 0; i < HELP_EXAMPLES_MAX && h->examples[i]; i++) fprintf(c->out, "  testcamp %s\n", h->examples[i]);
  fprintf(c->out, "\nexit codes:\n");
  for (size_t i = 0; i < CODES_N; i++)
    if (code_text(h, codes[i])) fprintf(c->out, "  %d  %s\n", codes[i], code_text(h, codes[i]));
}

static const char *troff(struct cli *c, const char *s) {
  return arena_z(c->arena, help_troff(c->arena, str_z(s)));
}

static void print_man(struct cli *c, const struct command *self, const struct opt *table, const struct help *h) {
  fprintf(c->out, ".SS testcamp %s\n%s.\n.PP\n.B testcamp %s\n%s\n", troff(c, self->name), troff(c, self->summary),
          troff(c, self->name), troff(c, self->arguments));
  for (const struct opt *o = table; o->name; o++) {
    fprintf(c->out, ".TP\n\\fB\\-\\-%s\\fR", troff(c, o->name));
    if (o->argument) fprintf(c->out, " \\fI%s\\fR", troff(c, o->argument));
    fprintf(c->out, "\n%s\n", troff(c, o->help));
  }
  fprintf(c->out, ".PP\n.nf\n");
  for (size_t i = 0; i < HELP_EXAMPLES_MAX && h->examples[i]; i++)
    fprintf(c->out, "    testcamp %s\n", troff(c, h->examples[i]));
  fprintf(c->out, ".fi\n.PP\nExit status:");
  for (size_t i = 0; i < CODES_N; i++)
    if (code_text(h, codes[i])) fprintf(c->out, "%s %d %s", i ? ";" : "", codes[i], troff(c, code_text(h, codes[i])));
  fprintf(c->out, ".\n");
}

void help_print(struct cli *c, const struct command *self, const struct opt *table) {
  const struct help *h = help_of(self->name);
  if (!h) BUG("the command %s has no row in help_table.c", self->name);
  (c->man ? print_man : print_text)(c, self, table, h);
}
