/* register: the organisations of the test world, and what look-ups in SOR and EER would tell of one; devices and
 * patients with it. */
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

static void print_row(const struct shown *s, const char *en, const char *da, struct str text) {
  if (text.n) fprintf(s->cli->out, "%-14s%.*s\n", say(s, en, da), STR_F(text));
}

static void print_device_of(const struct shown *s, const char *word, const struct register_device *d) {
  if (d) fprintf(s->cli->out, "%-14s%.*s (%.*s)\n", word, STR_F(d->name), STR_F(d->device_id));
}

/* What EER knows, where that is anything. */
static void print_endpoint(const struct shown *s, const struct register_endpoint *p) {
  FILE *to = s->cli->out;
  if (!p) return;
  fprintf(to, "%-14s%.*s, %.*s, %s %.*s%s%.*s\n", say(s, "endpoint", "endepunkt"), STR_F(p->connection),
          STR_F(p->status), say(s, "from", "fra"), STR_F(p->start), p->end.n ? say(s, " to ", " til ") : "",
          STR_F(p->end));
  print_row(s, "", "", p->address);
  print_device_of(s, "  MSH", p->msh);
  print_device_of(s, "  AP", p->ap);
  for (size_t i = 0; i < p->payloads.n; i++)
    print_row(s, i ? "" : "  takes", i ? "" : "  tager imod", p->payloads.v[i]);
}

static void print_eer(const struct shown *s, const struct register_unit *u) {
  print_row(s, "ydernummer", "ydernummer", u->yder);
  print_row(s, "address", "adresse", u->street);
  if (u->postal_code.n) fprintf(s->cli->out, "%-14s%.*s %.*s\n", "", STR_F(u->postal_code), STR_F(u->city));
  print_device_of(s, "EUA", u->eua);
  print_device_of(s, "MSH", u->msh);
  print_endpoint(s, u->endpoint);
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
  print_eer(s, u);
}

static void print_device(const struct shown *s, const struct register_device *d) {
  print_row(s, "device", "enhed", d->name);
  print_row(s, "identifier", "identifikator", d->device_id);
  print_row(s, "type", "type", d->type);
  print_row(s, "manufacturer", "producent", d->manufacturer);
  print_row(s, "status", "status", d->status);
  if (d->owner) print_row(s, "owner", "ejer", d->owner->name);
}

static void print_patient(const struct shown *s, const struct register_patient *p) {
  print_row(s, "patient", "patient", p->cpr);
  print_row(s, "practice", "læge",
            p->practice ? p->practice->name : str_z(say(s, "none (group 2)", "ingen (gruppe 2)")));
}

/* All that is no unit, a line each. */
static void print_rest(const struct shown *s) {
  FILE *to = s->cli->out;
  if (s->all->devices.n) fprintf(to, "\n");
  for (size_t i = 0; i < s->all->devices.n; i++) {
    const struct register_device *d = s->all->devices.v[i];
    fprintf(to, "%-5.*s%-20.*s%.*s%s\n", STR_F(d->type), STR_F(d->device_id), STR_F(d->name),
            str_eqz(d->status, "active") ? "" : say(s, ", inactive", ", ikke aktiv"));
  }
}

/* False where nobody has that number or name. */
static bool print_one(const struct shown *s, struct str what) {
  const struct register_unit *u = sor_register_find(s->all, what);
  const struct register_device *d = sor_register_device(s->all, what);
  const struct register_patient *p = sor_register_patient(s->all, what);
  if (!u) u = sor_register_practice(s->all, what);
  if (u)
    print_unit(s, u);
  else if (d)
    print_device(s, d);
  else if (p)
    print_patient(s, p);
  return u || d || p;
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
  if (!rest.n) print_below(&s, NULL), print_rest(&s);
  for (size_t i = 0; i < rest.n; i++) {
    if (i) fprintf(c->out, "\n");
    if (print_one(&s, str_z(rest.v[i]))) continue;
    cli_usage(c,
              "the register has no unit with the SOR id, location number, ydernummer or name \"%s\", and no device or "
              "patient; testcamp register lists all",
              rest.v[i]);
    return EXIT_FAILED;
  }
  return EXIT_OK;
}

const struct command command_register = {.name = "register",
                                         .arguments = "[--lang da|en] [SOR|GLN|YDER|CPR|NAME...]",
                                         .summary = "organisations of the test world, as a look-up in SOR",
                                         .run = cmd_register};
