/* explain: every rule of every room, and every constraint of the built-in definitions, in one place. */
#include "cli/commands.h"
#include "cli/constraints.h"
#include "cli/examples.h"
#include "cli/opts.h"
#include "cli/present.h"
#include "cli/rules.h"

#include <string.h>

#define PLACES_SHOWN 10 /* of a constraint that many definitions repeat */
#define NEAREST_SHOWN 3 /* names like one that is not known */

static void print_rule(struct cli *c, const struct rule *r) {
  fprintf(c->out, "%s%s%s  %s\n  en  %s\n  da  %s\n  %s\n", cli_colour(c->colour_out, "1"), r->id,
          cli_colour(c->colour_out, "0"), severity_name(r->severity), r->en, r->da, r->source);
}

static void print_places(struct cli *c, const struct constraint *x) {
  for (size_t i = 0; i < x->places.n && i < PLACES_SHOWN; i++)
    fprintf(c->out, "  %.*s  %.*s\n", STR_F(x->places.v[i].profile), STR_F(x->places.v[i].element));
  if (x->places.n > PLACES_SHOWN) fprintf(c->out, "  and %zu more elements\n", x->places.n - PLACES_SHOWN);
}

static void print_constraint(struct cli *c, const struct constraint *x) {
  enum severity s = x->severity == CONSTRAINT_ERROR ? SEV_ERROR : SEV_WARNING;
  struct str lines[] = {x->text.en, x->text.da, x->expression};
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) lines[i] = present_one_line(c->arena, lines[i]);
  fprintf(c->out, "%s%.*s%s  %s\n  en  %.*s\n  da  %.*s\n  FHIRPath  %.*s\n", cli_colour(c->colour_out, "1"),
          STR_F(x->key), cli_colour(c->colour_out, "0"), severity_name(s), STR_F(lines[0]), STR_F(lines[1]),
          STR_F(lines[2]));
  print_places(c, x);
}

/* --- what is asked for -------------------------------------------------------------- */

/* What a message looks like that keeps the rule, and one that does not; else how it is judged. */
static void print_shown(struct cli *c, struct examples *x, const struct rule *r) {
  struct error e;
  const struct example *ex = examples_of(x, str_z(r->id));
  const struct said *how = ex ? NULL : examples_judged(x, str_z(r->id));
  if (ex && example_print(x, ex, &e) < 0) cli_fail(c, &e);
  if (how) fprintf(c->out, "  judged\n  en  %.*s\n  da  %.*s\n", STR_F(how->en), STR_F(how->da));
}

/* Rules by the beginning of their id, constraints by their whole key: hundreds of keys begin with a few letters. x
 * NULL: without examples. */
static size_t explain_rules(struct cli *c, struct examples *x, struct str asked) {
  size_t n = 0;
  for (size_t i = 0; rules_at(i); i++) {
    if (!str_starts(str_z(rules_at(i)->id), asked)) continue;
    print_rule(c, rules_at(i));
    if (x) print_shown(c, x, rules_at(i));
    n++;
  }
  return n;
}

static size_t explain_constraints(struct cli *c, const struct constraints *list, struct str asked) {
  size_t n = 0;
  for (size_t i = 0; i < list->n; i++) {
    if (asked.n && !str_eq_nocase(list->v[i]->key, asked)) continue;
    print_constraint(c, list->v[i]);
    n++;
  }
  return n;
}

/* --- the nearest --------------------------------------------------------------------- */

struct near {
  struct str name[NEAREST_SHOWN];
  size_t distance[NEAREST_SHOWN];
  size_t n;
};

static bool has_name(const struct near *near, struct str name) {
  for (size_t i = 0; i < near->n; i++)
    if (str_eq(near->name[i], name)) return true;
  return false;
}

static void offer(struct near *near, struct str asked, struct str name) {
  size_t distance = str_distance(asked, name), at = near->n;
  if (distance > asked.n / 3 + 1 || has_name(near, name)) return;
  while (at > 0 && near->distance[at - 1] > distance) at--;
  if (at == NEAREST_SHOWN) return;
  if (near->n < NEAREST_SHOWN) near->n++;
  for (size_t i = near->n - 1; i > at; i--) {
    near->name[i] = near->name[i - 1];
    near->distance[i] = near->distance[i - 1];
  }
  near->name[at] = name;
  near->distance[at] = distance;
}

static int unknown(struct cli *c, const struct constraints *list, struct str asked) {
  struct near near = {.n = 0};
  struct buf b;
  for (size_t i = 0; rules_at(i); i++) offer(&near, asked, str_z(rules_at(i)->id));
  for (size_t i = 0; i < list->n; i++) offer(&near, asked, list->v[i]->key);
  buf_init(&b, 1000);
  for (size_t i = 0; i < near.n; i++) buf_printf(&b, "%s%.*s", i ? ", " : "; like it: ", STR_F(near.name[i]));
  struct str like = buf_take(&b, c->arena);
  return cli_usage(c,
                   "no rule begins with \"%.*s\", and no constraint has it as its key%.*s; testcamp explain lists all "
                   "but those that a protocol makes itself: they stand there as \"rule\", explained by \"because\"",
                   STR_F(asked), STR_F(like));
}

static int cmd_explain(struct cli *c, const struct command *self, int argc, char **argv) {
  struct opt_list rest;
  const char *lang = NULL;
  const struct opt table[] = {{"lang", OPT_TEXT, "da|en", "language of what is found in an example", &lang}, {0}};
  struct constraints list;
  struct examples x;
  struct error e;
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  c->danish = lang && !strcmp(lang, "da");
  if (constraints_read(&list, c->arena, &e)) return cli_fail(c, &e);
  if (!rest.n) {
    explain_rules(c, NULL, STR(""));
    explain_constraints(c, &list, STR(""));
  }
  if (rest.n && examples_open(&x, c, &e)) return cli_fail(c, &e);
  for (size_t i = 0; i < rest.n; i++) {
    struct str asked = str_z(rest.v[i]);
    if (!asked.n || explain_rules(c, &x, asked) + explain_constraints(c, &list, asked) == 0)
      return unknown(c, &list, asked);
  }
  return EXIT_OK;
}

const struct command command_explain = {.name = "explain",
                                        .arguments = "[RULE|CONSTRAINT...]",
                                        .summary = "what a rule or constraint says, its source, and examples",
                                        .run = cmd_explain};
