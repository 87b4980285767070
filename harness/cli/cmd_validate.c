#include "cli/commands.h"
#include "cli/opts.h"
#include "cli/present.h"

#include "base/file.h"
#include "validate/validate.h"

#include <string.h>

#define VALIDATE_FILE_MAX ((size_t)256 << 20)

struct validate_args {
  struct opt_list files;
  const char *level, *format, *lang, *undecided;
};

static void print_findings(struct cli *c, const struct validate_args *a, const char *file, const struct findings *f) {
  if (!strcmp(a->format, "tsv")) return present_tsv(c, f);
  if (!strcmp(a->format, "json")) return present_json(c, f);
  int worst = findings_worst(f);
  const char *word = worst == SEV_ERROR ? "invalid" : worst == SEV_UNDECIDED ? "could not be judged" : "valid";
  fprintf(c->out, "%s: %s at level %s\n", file, word, a->level);
  present_findings(c, c->out, f, "  ", c->colour_out);
}

static int validate_file(struct cli *c, const struct validate_args *a, const char *file, enum validate_level level) {
  struct arena *own = arena_new(0);
  struct str bytes;
  struct error e;
  struct message m;
  struct findings f;
  if (file_map(&bytes, own, file, VALIDATE_FILE_MAX, &e) < 0) {
    arena_free(own);
    return cli_fail(c, &e);
  }
  findings_init(&f, own);
  message_read(&m, own, (struct source){str_z(file), bytes});
  validate_message(&m, level, &f);
  print_findings(c, a, file, &f);
  int worst = findings_worst(&f);
  arena_free(own);
  if (worst == SEV_ERROR) return EXIT_FAILED;
  return worst == SEV_UNDECIDED && strcmp(a->undecided, "list") ? EXIT_UNJUDGED : EXIT_OK;
}

static bool one_of(const char *word, const char *const *list) {
  for (; *list; list++)
    if (!strcmp(word, *list)) return true;
  return false;
}

static int cmd_validate(struct cli *c, const struct command *self, int argc, char **argv) {
  struct validate_args a = {.level = "bundle", .format = "text", .lang = "en", .undecided = "fail"};
  enum validate_level level;
  const struct opt table[] = {
      {"level", OPT_TEXT, "LEVEL", "wellformed, envelope, bundle (default), profile", &a.level},
      {"format", OPT_TEXT, "FORMAT", "text (default), tsv, json", &a.format},
      {"undecided", OPT_TEXT, "fail|list", "list: undecided findings do not change the exit code", &a.undecided},
      {"lang", OPT_TEXT, "da|en", "language", &a.lang},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.files);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.files.n == 0) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  if (!validate_level_parse(str_z(a.level), &level))
    return cli_usage(c, "--level %s: there is wellformed, envelope, bundle, profile", a.level);
  if (!one_of(a.format, (const char *const[]){"text", "tsv", "json", NULL}))
    return cli_usage(c, "--format %s: there is text, tsv, json", a.format);
  if (!one_of(a.undecided, (const char *const[]){"fail", "list", NULL}))
    return cli_usage(c, "--undecided %s: there is fail and list", a.undecided);
  c->danish = !strcmp(a.lang, "da");
  int worst = EXIT_OK;
  for (size_t i = 0; i < a.files.n; i++) {
    int code = validate_file(c, &a, a.files.v[i], level);
    if (code == EXIT_USAGE || (worst != EXIT_USAGE && (code == EXIT_FAILED || worst == EXIT_OK))) worst = code;
  }
  return worst;
}

const struct command command_validate = {.name = "validate",
                                         .arguments = "[--level LEVEL] [--format FORMAT] FILE...",
                                         .summary = "judge messages without a run",
                                         .run = cmd_validate};
