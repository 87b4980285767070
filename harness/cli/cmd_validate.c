#include "cli/commands.h"
#include "cli/document.h"
#include "cli/known.h"
#include "cli/of_run.h"
#include "cli/opts.h"
#include "cli/packages.h"
#include "cli/present.h"
#include "cli/severity_file.h"

#include "base/clock.h"
#include "base/file.h"
#include "validate/known_issues.h"
#include "validate/letter_shelf.h"
#include "validate/profile.h"
#include "validate/validate.h"

#include <string.h>

#define VALIDATE_FILE_MAX ((size_t)256 << 20)

struct validate_args {
  struct opt_list files, uses;
  const char *level, *format, *lang, *undecided;
  const char *packages, *profile, *with, *known_issues;
  struct known_issues *known; /* NULL: none */
  int64_t now;
  bool level_said;
  struct letter_shelf letters;
  struct profile_cache *cache; /* NULL: no profiles are judged */
  struct document *document;   /* NULL: lines, not a document */
  struct opt_words called;
  struct str profiles[1];
  size_t profiles_n;
  const char *severities, *run, *store;
  struct of_run *of;          /* NULL: files; else what is named are messages of that run */
  struct severities severity; /* of rules, where not their own */
};

static const char *const words[][2] = {
    {"invalid", "ugyldig"}, {"could not be judged", "kunne ikke vurderes"}, {"valid", "gyldig"}};

static void print_findings(struct cli *c, const struct validate_args *a, const char *file, const struct findings *f) {
  if (!strcmp(a->format, "tsv")) return present_tsv(c, f);
  if (a->document) {
    a->document->again = document_again(c, &a->called, &file, 1);
    return document_add(a->document, file, f);
  }
  int worst = findings_worst(f);
  int which = worst == SEV_ERROR ? 0 : worst == SEV_UNDECIDED ? 1 : 2;
  fprintf(c->out, c->danish ? "%s: %s på niveauet %s\n" : "%s: %s at level %s\n", file, words[which][c->danish],
          a->level);
  present_findings(c, c->out, f, "  ", c->colour_out);
  present_commands(c, c->out, f, (struct str){0}, "  ");
}

static void judge(const struct validate_args *a, const struct message *m, enum validate_level level,
                  struct findings *f) {
  struct profile_options o = {a->cache, a->profiles, a->profiles_n, m->form, false};
  if (!a->cache) {
    validate_message(m, level, NULL, f);
    return;
  }
  if (!a->level_said) {
    validate_as_found(m, &o, f);
    return;
  }
  validate_message(m, VALIDATE_PROFILE, &o, f);
}

static int load(const struct validate_args *a, const char *file, struct arena *own, struct str *bytes,
                struct error *e) {
  return a->of ? of_run_bytes(a->of, file, own, bytes, e) : file_map(bytes, own, file, VALIDATE_FILE_MAX, e);
}

static int validate_file(struct cli *c, struct validate_args *a, const char *file, enum validate_level level) {
  struct arena *own = arena_new(0);
  struct str bytes;
  struct error e;
  struct message m;
  struct findings f;
  if (load(a, file, own, &bytes, &e) < 0) {
    arena_free(own);
    if (a->document) document_fail(a->document, file, &e);
    return cli_fail(c, &e);
  }
  findings_init(&f, own);
  message_read_by(&m, own, (struct source){str_z(file), bytes}, &(struct message_options){.letters = &a->letters});
  judge(a, &m, level, &f);
  severities_apply(&a->severity, &f, 0);
  known_issues_apply(a->known, &f, a->cache ? profile_cache_book(a->cache) : NULL, a->now);
  print_findings(c, a, file, &f);
  int worst = findings_worst(&f);
  arena_free(own);
  if (worst == SEV_ERROR) return EXIT_FAILED;
  return worst == SEV_UNDECIDED && strcmp(a->undecided, "list") ? EXIT_UNJUDGED : EXIT_OK;
}

static int add_loose(struct book *b, struct arena *a, const char *with, struct error *e) {
  struct str rest = str_z(with ? with : "");
  while (rest.n) {
    struct str file = str_trim(str_cut(&rest, ' '));
    if (file.n && book_add_file(b, arena_z(a, file), e)) return -1;
  }
  return 0;
}

/* Those that were asked for, else those of the run. */
static int use_packages(struct book *b, const struct validate_args *a, struct error *e) {
  for (size_t i = 0; i < a->uses.n; i++)
    if (book_use(b, str_z(a->uses.v[i]), e)) return -1;
  for (size_t i = 0; a->of && !a->uses.n && i < a->of->record.packages.n; i++)
    if (book_use(b, a->of->record.packages.v[i], e)) return -1;
  return 0;
}

/* The profiles that can be judged with: packages (without: the built-in standards), what is pinned among them, and
 * loose definitions. */
static int open_book(struct cli *c, struct validate_args *a, struct error *e) {
  struct arena *arena = c->arena;
  struct shapes *shapes;
  char *data;
  struct book *b = book_new(arena);
  if (file_data_dir(&data, arena, e) || shapes_read(&shapes, arena, data, e)) return -1;
  if (a->packages && packages_add(c, b, a->packages, NULL, e)) return -1;
  if (!a->packages && packages_add_standards(c, b, data, NULL, e)) return -1;
  if (use_packages(b, a, e)) return -1;
  if (add_loose(b, arena, a->with, e)) return -1;
  a->cache = profile_cache_new(arena, b, shapes);
  if (a->profile && a->profile[0]) a->profiles[a->profiles_n++] = str_z(a->profile);
  return 0;
}

static bool one_of(const char *word, const char *const *list) {
  for (; *list; list++)
    if (!strcmp(word, *list)) return true;
  return false;
}

static int judge_each(struct cli *c, struct validate_args *a, enum validate_level level) {
  struct document d;
  int worst = EXIT_OK;
  if (document_begin(&d, c, a->format)) a->document = &d;
  for (size_t i = 0; i < a->files.n; i++) {
    int code = validate_file(c, a, a->files.v[i], level);
    if (code == EXIT_USAGE || (worst != EXIT_USAGE && (code == EXIT_FAILED || worst == EXIT_OK))) worst = code;
  }
  if (a->document) document_end(a->document, worst);
  return worst;
}

/* Severities and known issues: every mistake in a file of those is told; issues that have expired are, too, and not
 * applied. */
static int open_settings(struct cli *c, struct validate_args *a) {
  struct error e;
  if (a->severities && severities_open(&a->severity, c->arena, a->severities, &e)) return cli_fail(c, &e);
  a->now = clock_wall();
  return a->known_issues ? known_open(&a->known, c, a->known_issues, a->now) : EXIT_OK;
}

static int judge_files(struct cli *c, struct validate_args *a) {
  enum validate_level level;
  if (!validate_level_parse(str_z(a->level), &level))
    return cli_usage(c, "--level %s: there is wellformed, envelope, bundle, profile", a->level);
  if (!one_of(a->format, (const char *const[]){"text", "tsv", "json", "sarif", NULL}))
    return cli_usage(c, "--format %s: there is text, tsv, json, sarif", a->format);
  if (!one_of(a->undecided, (const char *const[]){"fail", "list", NULL}))
    return cli_usage(c, "--undecided %s: there is fail and list", a->undecided);
  c->danish = !strcmp(a->lang, "da");
  struct error e;
  letter_shelf_init(&a->letters, c->arena, c->schemas);
  if (level == VALIDATE_PROFILE && open_book(c, a, &e)) return cli_fail(c, &e);
  int code = open_settings(c, a);
  return code == EXIT_OK ? judge_each(c, a, level) : code;
}

/* Messages of a run are judged by the packages that its protocol names. */
static int judge_run(struct cli *c, struct validate_args *a) {
  struct of_run of = {0};
  struct error e;
  if (of_run_open(&of, c, a->store, a->run, &e) < 0) return cli_fail(c, &e);
  a->of = &of;
  int code = judge_files(c, a);
  of_run_close(&of);
  return code;
}

static int cmd_validate(struct cli *c, const struct command *self, int argc, char **argv) {
  struct validate_args a = {.format = "text", .lang = "en", .undecided = "fail"};
  const struct opt table[] = {
      {"level", OPT_TEXT, "LEVEL", "wellformed, envelope, bundle, profile (default)", &a.level},
      {"packages", OPT_TEXT, "DIR", "folder of FHIR packages to judge by (default: built-in)", &a.packages},
      {"use", OPT_LIST, "NAME@VERSION", "the package whose versions count first", &a.uses},
      {"profile", OPT_TEXT, "URL", "a profile to conform to, besides those the resource names", &a.profile},
      OPT_SCHEMAS(c),
      {"with", OPT_TEXT, "\"FILE ...\"", "more definitions, separated by blanks", &a.with},
      {"format", OPT_TEXT, "FORMAT", "text (default), tsv, json, sarif", &a.format},
      {"undecided", OPT_TEXT, "fail|list", "list: undecided findings do not change the exit code", &a.undecided},
      {"known-issues", OPT_TEXT, "FILE", "findings that are agreed upon", &a.known_issues},
      {"severities", OPT_TEXT, "FILE", "severities of rules, where not as explain says", &a.severities},
      {"run", OPT_TEXT, "RUN", "FILE is a message of this run (m3): by the packages of its protocol", &a.run},
      {"store", OPT_TEXT, "FILE", "event log of that run", &a.store},
      {"lang", OPT_TEXT, "da|en", "language", &a.lang},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.files);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.files.n == 0) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  a.level_said = a.level != NULL;
  document_called(&a.called, c, self, table);
  if (!a.level) a.level = "profile";
  return a.run ? judge_run(c, &a) : judge_files(c, &a);
}

const struct command command_validate = {.name = "validate",
                                         .arguments = "[--level LEVEL] [--packages DIR] [--use NAME@VERSION]... "
                                                      "[--profile URL] [--format FORMAT] [--run RUN] "
                                                      "FILE...",
                                         .summary = "judge messages without a run",
                                         .run = cmd_validate};
