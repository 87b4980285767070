#include "cli/commands.h"
#include "cli/document.h"
#include "cli/opts.h"

#include "base/file.h"
#include "diff/diff.h"
#include "diff/semantic.h"
#include "fhir/resource.h"
#include "formats/yaml.h"
#include "validate/message.h"

#include <string.h>

#define DIFF_FILE_MAX ((size_t)256 << 20)

static int read_tree(struct cli *c, const char *file, const struct node **tree, struct error *e) {
  struct message m;
  struct str bytes;
  if (file_map(&bytes, c->arena, file, DIFF_FILE_MAX, e) < 0) return -1;
  message_read(&m, c->arena, (struct source){str_z(file), bytes});
  *tree = message_tree(&m);
  if (!*tree) {
    if (findings_error(&m.wellformed, e) < 0) return -1;
    return error_at(e, ERR_SYNTAX, str_z(file), 0, 0, "holds no FHIR resource, EDIFACT interchange or OIOXML letter");
  }
  return 0;
}

static int read_rules(struct cli *c, const char *file, struct diff_rules **rules, struct error *e) {
  struct source src = {.name = str_z(file)};
  struct findings f;
  struct node *yaml;
  findings_init(&f, c->arena);
  if (file_read(&src.bytes, c->arena, file, YAML_BYTES_MAX, e) < 0) return -1;
  if (yaml_read(&yaml, c->arena, src, &f) < 0) return findings_error(&f, e);
  return diff_rules_read(rules, c->arena, yaml, src.name, e);
}

/* What the file holds, without an envelope: its tree, in whichever format. */
static int read_letter(struct cli *c, const char *file, const struct conversion_rules *r, struct correspondence *out,
                       struct error *e) {
  struct message m;
  struct str bytes;
  if (file_map(&bytes, c->arena, file, DIFF_FILE_MAX, e) < 0) return -1;
  message_read(&m, c->arena, (struct source){str_z(file), bytes});
  if (m.resource) return correspondence_of(out, c->arena, r, m.resource, MAPPING_FHIR, m.payload.name, e);
  if (m.letter) return correspondence_of(out, c->arena, r, m.letter, MAPPING_OIOXML, m.payload.name, e);
  if (m.interchange) return correspondence_of(out, c->arena, r, m.interchange, MAPPING_EDIFACT, m.payload.name, e);
  if (findings_error(&m.wellformed, e) < 0) return -1;
  return error_at(e, ERR_SYNTAX, str_z(file), 0, 0, "holds no FHIR message, OIOXML letter or EDIFACT interchange");
}

/* OIOXML or EDIFACT, which only a comparison by meaning understands. */
static bool is_legacy(struct cli *c, const char *file) {
  struct message m;
  struct str bytes;
  struct error e;
  if (file_map(&bytes, c->arena, file, DIFF_FILE_MAX, &e) < 0) return false;
  message_read(&m, c->arena, (struct source){str_z(file), bytes});
  return !m.resource && (m.letter || m.interchange);
}

/* A letter with those that hold what is attached to it. */
static int read_side(struct cli *c, const char *file, const struct opt_list *with, const struct conversion_rules *r,
                     struct correspondence *out, struct error *e) {
  if (read_letter(c, file, r, out, e) < 0) return -1;
  for (size_t i = 0; i < with->n; i++) {
    struct correspondence objects;
    if (read_letter(c, with->v[i], r, &objects, e) < 0) return -1;
    if (!str_eqz(objects.type, "BIN01"))
      return error_at(e, ERR_CONFIG, str_z(with->v[i]), 0, 0, "it is no XBIN01 or BIN01");
    correspondence_join(out, &objects);
  }
  return 0;
}

struct sides {
  const char *expected, *actual, *format;
  struct str again; /* the command by which they are compared */
  struct opt_list expected_with, actual_with;
};

/* The n differences, and the exit code. */
static int tell(struct cli *c, const struct sides *s, const struct findings *f, size_t n) {
  struct document d;
  struct buf b;
  int code = n ? EXIT_FAILED : EXIT_OK;
  if (document_begin(&d, c, s->format)) {
    d.again = s->again;
    document_add(&d, s->actual, f);
    document_end(&d, code);
    return code;
  }
  buf_init(&b, CLI_OUTPUT_MAX);
  diff_print(&b, f);
  cli_print(c->out, buf_str(&b));
  buf_release(&b);
  return code;
}

static int semantic(struct cli *c, const struct sides *s) {
  struct correspondence expected, actual;
  struct conversion_rules *rules;
  struct findings f;
  struct error e;
  char *dir;
  findings_init(&f, c->arena);
  if (file_data_dir(&dir, c->arena, &e) < 0 || conversion_rules_load(&rules, c->arena, dir, &e) < 0)
    return cli_fail(c, &e);
  if (read_side(c, s->expected, &s->expected_with, rules, &expected, &e) < 0 ||
      read_side(c, s->actual, &s->actual_with, rules, &actual, &e) < 0)
    return cli_fail(c, &e);
  return tell(c, s, &f, diff_semantic(&f, &expected, &actual));
}

static int by_tree(struct cli *c, const struct sides *s, const char *rules_file) {
  struct error e;
  struct findings f;
  struct diff_rules *rules = NULL;
  const struct node *expected, *actual;
  if (rules_file && read_rules(c, rules_file, &rules, &e) < 0) return cli_fail(c, &e);
  if (read_tree(c, s->expected, &expected, &e) < 0 || read_tree(c, s->actual, &actual, &e) < 0) return cli_fail(c, &e);
  findings_init(&f, c->arena);
  return tell(c, s, &f, diff_trees(&f, expected, str_z(s->expected), actual, str_z(s->actual), rules));
}

static int cmd_diff(struct cli *c, const struct command *self, int argc, char **argv) {
  struct opt_list rest;
  const char *rules_file = NULL;
  bool by_meaning = false;
  struct sides sides = {.format = "text"};
  const struct opt table[] = {
      {"semantic", OPT_FLAG, NULL, "compare what the letters say, in whatever format each is", &by_meaning},
      {"rules", OPT_TEXT, "FILE", "match rules (YAML): ignore, keyed, mapped, times, only", &rules_file},
      {"expected-with", OPT_LIST, "FILE", "an XBIN01 or BIN01 that belongs to EXPECTED; repeatable",
       &sides.expected_with},
      {"actual-with", OPT_LIST, "FILE", "an XBIN01 or BIN01 that belongs to ACTUAL; repeatable", &sides.actual_with},
      {"format", OPT_TEXT, "FORMAT", "text (default), json: a list of findings, as of validate", &sides.format},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (rest.n != 2) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  if (strcmp(sides.format, "text") != 0 && strcmp(sides.format, "json") != 0)
    return cli_usage(c, "--format %s: there is text, json", sides.format);
  struct opt_words called = {0};
  document_called(&called, c, self, table);
  sides.again = document_again(c, &called, rest.v, rest.n);
  sides.expected = rest.v[0];
  sides.actual = rest.v[1];
  if (!by_meaning && !rules_file) by_meaning = is_legacy(c, sides.expected) || is_legacy(c, sides.actual);
  if (by_meaning && rules_file) return cli_usage(c, "match rules are for trees; --semantic compares what letters say");
  if (by_meaning) return semantic(c, &sides);
  if (sides.expected_with.n || sides.actual_with.n)
    return cli_usage(c, "what is attached is looked at by --semantic alone");
  return by_tree(c, &sides, rules_file);
}

const struct command command_diff = {.name = "diff",
                                     .arguments = "[--rules FILE | --semantic] [--format FORMAT] EXPECTED ACTUAL",
                                     .summary =
                                         "compare two messages: trees by rules, or letters of any format by meaning",
                                     .run = cmd_diff};
