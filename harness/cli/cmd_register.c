/* register: the organisations of the test world, and what a look-up in SOR would tell of one. */
#include "base/file.h"
#include "cli/commands.h"
#include "cli/opts.h"
#include "standards/register.h"

#include <string.h>

struct shown {
  struct cli *cli;
  const struct sor_register *all;
};

static const char *say(const struct shown *s, const char *en, const char *da) {
  return s->cli->danish ? da : en;
}

static size_t depth_of(const struct register_unit *u) {
  size_t n = 0;
  while ((u = u->parent)) n++;
  return n;
}

static void print_line(const struct shown *s, const struct register_unit *u) {
  struct str gln = register_unit_gln(u);
  fprintf(s->cli->out, "%-16.*s  %-13.*s%s  %*s%.*s (%.*s)%s%s\n", STR_F(u->sor), STR_F(gln.n ? gln : STR("-")),
          u->number && u->number != u ? "^" : " ", (int)depth_of(u) * 2, "", STR_F(u->name), STR_F(u->id),
          u->active ? "" : say(s, ", closed", ", lukket"), u->internal ? say(s, ", internal", ", intern") : "");
}

/* A unit, and then those below it. */
static void print_below(const struct shown *s, const struct register_unit *above) {
  for (size_t i = 0; i < s->all->units.n; i++) {
    const struct register_unit *u = s->all->units.v[i];
    if (u->parent != above) continue;
    print_line(s, u);
    print_below(s, u);
  }
}

static void print_types(const struct shown *s, const struct register_unit *u) {
  fprintf(s->cli->out, "%-14s", say(s, "receives", "modtager"));
  size_t n = 0;
  for (size_t i = 0; u->number && i < u->number->receives.n; i++) {
    const struct register_type *t = &u->number->receives.v[i];
    if (!register_unit_receives(u, t->code, t->version)) continue;
    fprintf(s->cli->out, "%s%.*s %.*s", n++ ? ", " : "", STR_F(t->code), STR_F(t->version));
  }
  fprintf(s->cli->out, "%s\n", n ? "" : say(s, "nothing", "intet"));
}

static void print_unit(const struct shown *s, const struct register_unit *u) {
  struct str gln = register_unit_gln(u);
  FILE *to = s->cli->out;
  fprintf(to, "%-14s%.*s\n", say(s, "organisation", "organisation"), STR_F(u->name));
  fprintf(to, "%-14s%.*s\n", say(s, "name", "navn"), STR_F(u->id));
  fprintf(to, "%-14s%.*s\n", say(s, "unit", "enhed"), STR_F(u->kind));
  if (u->parent) fprintf(to, "%-14s%.*s\n", say(s, "below", "under"), STR_F(u->parent->name));
  fprintf(to, "%-14s%.*s\n", "SOR", STR_F(u->sor));
  fprintf(to, "%-14s%.*s", "GLN", STR_F(gln.n ? gln : STR("-")));
  if (u->number && u->number != u)
    fprintf(to, " (%s %.*s)", say(s, "inherited from", "nedarvet fra"), STR_F(u->number->name));
  fprintf(to, "\n%-14s%s%s\n", "status", u->active ? say(s, "active", "aktiv") : say(s, "closed", "lukket"),
          u->internal ? say(s, ", internal number", ", internt nummer") : "");
  print_types(s, u);
}

static int cmd_register(struct cli *c, const struct command *self, int argc, char **argv) {
  struct opt_list rest;
  struct error e;
  const char *lang = NULL;
  char *dir = NULL;
  struct sor_register *all;
  const struct opt table[] = {{"lang", OPT_TEXT, "da|en", "language of what is printed", &lang}, {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (file_data_dir(&dir, c->arena, &e) < 0 || sor_register_load(&all, c->arena, dir, &e) < 0) return cli_fail(c, &e);
  c->danish = lang && !strcmp(lang, "da");
  struct shown s = {c, all};
  if (!rest.n) print_below(&s, NULL);
  for (size_t i = 0; i < rest.n; i++) {
    const struct register_unit *u = sor_register_find(all, str_z(rest.v[i]));
    if (!u) {
      cli_usage(c,
                "the register has no unit with the SOR id, location number or name \"%s\"; testcamp register lists all",
                rest.v[i]);
      return EXIT_FAILED;
    }
    if (i) fprintf(c->out, "\n");
    print_unit(&s, u);
  }
  return EXIT_OK;
}

const struct command command_register = {.name = "register",
                                         .arguments = "[--lang da|en] [SOR|GLN|NAME...]",
                                         .summary = "organisations of the test world, as a look-up in SOR",
                                         .run = cmd_register};
