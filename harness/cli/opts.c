#include "cli/opts.h"

#include "cli/help.h"
#include "validate/letter_shelf.h"

#include <string.h>

static const struct opt *find(const struct opt *table, struct str name) {
  for (const struct opt *o = table; o->name; o++)
    if (str_eqz(name, o->name)) return o;
  return NULL;
}

static void complain(struct cli *c, const struct command *self, const struct opt *table, struct str name) {
  const char *nearest = NULL;
  size_t best = name.n / 3 + 2; /* farther than that is no misspelling */
  for (const struct opt *o = table; o->name; o++) {
    size_t d = str_distance(name, str_z(o->name));
    if (d < best) best = d, nearest = o->name;
  }
  if (nearest)
    cli_usage(c, "unknown option --%.*s; did you mean --%s?", STR_F(name), nearest);
  else
    cli_usage(c, "unknown option --%.*s; see testcamp %s --help", STR_F(name), self->name);
}

static bool store_value(struct cli *c, const struct opt *o, const char *value) {
  struct opt_list *list = o->to;
  if (o->kind == OPT_FLAG) *(bool *)o->to = true;
  if (o->kind == OPT_TEXT) *(const char **)o->to = value;
  if (o->kind != OPT_LIST) return true;
  if (list->n == OPTS_LIST_MAX) {
    cli_usage(c, "--%s stands more than %d times", o->name, OPTS_LIST_MAX);
    return false;
  }
  list->v[list->n++] = value;
  return true;
}

/* One "--name", "--name value" or "--name=value"; *i moves past it. */
static bool read_option(struct cli *c, const struct command *self, const struct opt *table, int argc, char **argv,
                        int *i) {
  struct str value = str_z(argv[*i] + 2);
  bool equals = str_index(value, '=') != SIZE_MAX;
  struct str name = str_cut(&value, '=');
  const struct opt *o = find(table, name);
  if (!o) return complain(c, self, table, name), false;
  if (o->kind == OPT_FLAG && equals) return cli_usage(c, "--%s takes no value", o->name), false;
  if (o->kind != OPT_FLAG && !equals && ++*i == argc)
    return cli_usage(c, "--%s needs a value: --%s %s", o->name, o->name, o->argument), false;
  return store_value(c, o, equals ? value.p : argv[*i]);
}

static enum opts_result check_schemas(struct cli *c) {
  struct error e;
  if (!c->schemas || letter_schemas_check(c->schemas, c->arena, &e) == 0) return OPTS_GO;
  cli_usage(c, "--schemas: %s", e.text);
  return OPTS_WRONG;
}

enum opts_result opts_read(struct cli *c, const struct command *self, const struct opt *table, int argc, char **argv,
                           struct opt_list *rest) {
  bool only_rest = false;
  rest->n = 0;
  for (int i = 0; i < argc; i++) {
    if (!only_rest && !strcmp(argv[i], "--")) {
      only_rest = true;
    } else if (!only_rest && (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))) {
      help_print(c, self, table);
      return OPTS_HELP;
    } else if (!only_rest && !strncmp(argv[i], "--", 2)) {
      if (!read_option(c, self, table, argc, argv, &i)) return OPTS_WRONG;
    } else if (rest->n == OPTS_LIST_MAX) {
      cli_usage(c, "more than %d arguments", OPTS_LIST_MAX);
      return OPTS_WRONG;
    } else {
      rest->v[rest->n++] = argv[i];
    }
  }
  return check_schemas(c);
}

static bool is_one_of(const char *name, const char *const *list) {
  for (; *list; list++)
    if (!strcmp(name, *list)) return true;
  return false;
}

static void add_word(struct opt_words *out, struct arena *a, const struct opt *o, const char *value) {
  VEC_PUSH(a, &out->list, value ? arena_printf(a, "--%s=%s", o->name, value) : arena_printf(a, "--%s", o->name));
}

void opts_words(struct opt_words *out, struct arena *a, const struct opt *table, const char *const *skip) {
  for (const struct opt *o = table; o->name; o++) {
    if (is_one_of(o->name, skip)) continue;
    const struct opt_list *many = o->kind == OPT_LIST ? o->to : NULL;
    const char *text = o->kind == OPT_TEXT ? *(const char **)o->to : NULL;
    if (o->kind == OPT_FLAG && *(bool *)o->to) add_word(out, a, o, NULL);
    if (text) add_word(out, a, o, text);
    for (size_t i = 0; many && i < many->n; i++) add_word(out, a, o, many->v[i]);
  }
}
