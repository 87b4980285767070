#include "cli/commands.h"
#include "cli/packages.h"
#include "cli/regress_print.h"
#include "cli/session.h"
#include "cli/stored.h"

#include "base/file.h"
#include "steps/steps.h"

#include <string.h>
#include <unistd.h>

#define ACCEPT_BYTES_MAX ((size_t)1 << 20)
#define FAULTS_BYTES_MAX ((size_t)1 << 20)
/* Whose addresses and persons stand in the fixtures while they are judged. */
#define REGRESS_FAULTS "fixtures/refvendor/defects"
#define REGRESS_COMMON "common.yaml" /* its names hold in the others */
#define REGRESS_VENDOR "vendors/example/example.yaml"

struct regress_args {
  struct opt_list rest, examples, protocols;
  const struct shapes *shapes;
  const char *faults;
  const char *from, *to, *packages, *accept, *format, *store, *undecided, *output;
  bool all, progress;
};

/* The side's own package first: of the same name and version, the first one counts. */
static int open_side(struct regress_side *out, struct cli *c, const struct regress_args *a, const char *what,
                     const struct shapes *shapes, const char *data, struct error *e) {
  struct book *b = book_new(c->arena);
  struct str spec;
  if (regress_side_put(&spec, b, c->arena, what, e)) return -1;
  if (packages_add_own(c, b, a->packages, e)) return -1;
  if (packages_add_standards(c, b, data, NULL, e)) return -1;
  if (regress_side_open(out, c->arena, b, spec, shapes, e) == 0) return 0;
  struct error why = *e;
  return error_set(e, why.code, "%s: %s; a folder of packages can be named with --packages", what, why.text);
}

static int open_sides(struct regress *r, struct cli *c, struct regress_args *a, const char *data, struct error *e) {
  struct shapes *shapes;
  struct regress_side x, y;
  if (shapes_read(&shapes, c->arena, data, e)) return -1;
  a->shapes = shapes;
  if (open_side(&x, c, a, a->from, shapes, data, e) || open_side(&y, c, a, a->to, shapes, data, e)) return -1;
  regress_init(r, c->arena, x, y);
  return 0;
}

/* --- inputs --------------------------------------------------------------------- */

static int add_examples(struct regress *r, const struct regress_args *a, struct error *e) {
  for (size_t i = 0; i < a->examples.n; i++)
    if (regress_add_folder(r, a->examples.v[i], e)) return -1;
  if (a->examples.n && !r->inputs.n)
    return error_set(e, ERR_CONFIG, "%s holds no messages: no .json or .xml file that is no definition",
                     a->examples.v[0]);
  if (a->examples.n) return 0;
  return regress_add_examples(r, &r->x, e) || regress_add_examples(r, &r->y, e) ? -1 : 0;
}

static int add_protocol(struct regress *r, struct cli *c, const char *path, const struct facts *variables,
                        const char *data, struct error *e) {
  struct protocol *p;
  if (protocol_load(&p, c->arena, path, data, step_kinds, e)) return -1;
  return regress_add_protocol(r, p, variables, data, e);
}

/* protocols/<standard>/<version>/<id>.yaml: every file at that depth. */
static int add_shipped(struct regress *r, struct cli *c, const char *dir, int depth, const struct facts *variables,
                       const char *data, struct error *e) {
  char **names;
  size_t n;
  if (file_list(&names, &n, c->arena, dir, e)) return -1;
  for (size_t i = 0; i < n; i++) {
    const char *path = file_join(c->arena, dir, names[i]);
    int rc = 0;
    if (depth && file_is_dir(path)) rc = add_shipped(r, c, path, depth - 1, variables, data, e);
    if (!depth && str_ends(str_z(path), STR(".yaml"))) rc = add_protocol(r, c, path, variables, data, e);
    if (rc) return -1;
  }
  return 0;
}

static int add_protocols(struct regress *r, struct cli *c, const struct regress_args *a, const char *data,
                         struct error *e) {
  struct vendor *v;
  if (vendor_load(&v, c->arena, file_join(c->arena, data, REGRESS_VENDOR), e)) return -1;
  for (size_t i = 0; i < a->protocols.n; i++)
    if (add_protocol(r, c, a->protocols.v[i], &v->variables, data, e)) return -1;
  if (a->protocols.n) return 0;
  return add_shipped(r, c, file_join(c->arena, data, "protocols"), 2, &v->variables, data, e);
}

/* What systems sent, from the store. */
static int take_stored(void *payload, const struct stored_message *m, struct error *e) {
  (void)e;
  regress_add(payload, REGRESS_RECORDED, m->name, m->system, m->bytes);
  return 0;
}

static int add_all(struct regress *r, struct cli *c, const struct regress_args *a, const char *data, struct error *e) {
  struct source src = {.name = str_z(a->accept)};
  if (a->accept && file_read(&src.bytes, c->arena, a->accept, ACCEPT_BYTES_MAX, e)) return -1;
  if (a->accept && regress_accept_read(r, src, e)) return -1;
  if (add_examples(r, a, e) || add_protocols(r, c, a, data, e)) return -1;
  return a->store ? stored_each(c, a->store, take_stored, r, e) : 0;
}

/* --- the comparison --------------------------------------------------------------- */

/* A file of faults, or a folder of them: the one whose names hold in the others comes first. */
static int read_faults(struct source **out, size_t *n, struct cli *c, const char *path, struct error *e) {
  char **names = NULL;
  size_t all = 0;
  *n = 0;
  if (file_is_dir(path) && file_list(&names, &all, c->arena, path, e)) return -1;
  *out = ARENA_ARRAY(c->arena, struct source, all + 1);
  if (!names) (*out)[(*n)++].name = str_z(path);
  for (int others = 0; others < 2; others++)
    for (size_t i = 0; i < all; i++)
      if (str_ends(str_z(names[i]), STR(".yaml")) && (strcmp(names[i], REGRESS_COMMON) != 0) == others)
        (*out)[(*n)++].name = str_z(file_join(c->arena, path, names[i]));
  for (size_t i = 0; i < *n; i++)
    if (file_read(&(*out)[i].bytes, c->arena, (*out)[i].name.p, FAULTS_BYTES_MAX, e)) return -1;
  return 0;
}

/* "none" is for who wants messages as they are only. */
static int judge_faults(struct regress *r, struct cli *c, const struct regress_args *a, const char *data,
                        struct error *e) {
  struct source *srcs;
  size_t n;
  if (a->faults && !strcmp(a->faults, "none")) return 0;
  if (read_faults(&srcs, &n, c, a->faults ? a->faults : file_join(c->arena, data, REGRESS_FAULTS), e)) return -1;
  return regress_add_faults(r, srcs, n, a->shapes, e);
}

static int judge_all(struct regress *r, struct cli *c, const struct regress_args *a, const char *data,
                     struct error *e) {
  bool progress = a->progress || isatty(fileno(c->err));
  for (size_t i = 0; i < r->inputs.n; i++) {
    if (progress) fprintf(c->err, "\r%zu/%zu ", i + 1, r->inputs.n);
    regress_judge(r, r->inputs.v[i]);
  }
  if (progress) fprintf(c->err, "\rfaults ");
  int rc = judge_faults(r, c, a, data, e);
  if (progress) fprintf(c->err, "\r\033[K");
  regress_definitions(r);
  regress_unverified(r);
  regress_finish(r);
  return rc;
}

/* What a side is judged without: a dependency that is not there, or is there in another version. */
static void tell_missing(struct cli *c, const struct regress_side *side) {
  const struct book_missing *missing;
  size_t n = book_missing(&missing, side->book);
  for (size_t i = 0; i < n; i++) {
    const struct book_missing *m = &missing[i];
    if (!str_eqz(m->type, "package") || !str_eq(m->asker, side->name)) continue;
    log_say(&c->log, LOG_NORMAL, "%.*s asks for %.*s, which is not there%s%.*s", STR_F(m->asker), STR_F(m->canonical),
            m->instead.n ? "; used instead: " : "", STR_F(m->instead));
  }
}

static int print(struct regress *r, struct cli *c, const struct regress_args *a) {
  struct buf b;
  struct error e;
  int rc = 0;
  buf_init(&b, REGRESS_REPORT_MAX);
  regress_format_named(a->format)->write(&b, c, r, a->all);
  if (b.full)
    rc = error_set(&e, ERR_LIMIT, "the table would be over %zu MB", REGRESS_REPORT_MAX >> 20);
  else if (a->output)
    rc = file_write(a->output, cli_safe(c->arena, buf_str(&b)), &e);
  else
    cli_print(c->out, cli_safe(c->arena, buf_str(&b)));
  buf_release(&b);
  return rc ? cli_fail(c, &e) : EXIT_OK;
}

/* What could be judged under neither or only one side is no proof that nothing changed. */
static int result_of(const struct regress *r, const struct regress_args *a) {
  if (regress_open_rows(r)) return EXIT_FAILED;
  if (r->full) return EXIT_UNJUDGED;
  bool undecided = regress_count(r, 0, SEV_UNDECIDED) || regress_count(r, 1, SEV_UNDECIDED);
  return undecided && strcmp(a->undecided, "list") ? EXIT_UNJUDGED : EXIT_OK;
}

static int compare(struct cli *c, struct regress_args *a) {
  struct regress *r = ARENA_NEW(c->arena, struct regress);
  struct error e;
  char *data;
  if (file_data_dir(&data, c->arena, &e) || open_sides(r, c, a, data, &e) || add_all(r, c, a, data, &e) ||
      judge_all(r, c, a, data, &e))
    return cli_fail(c, &e);
  tell_missing(c, &r->x);
  tell_missing(c, &r->y);
  if (r->full)
    log_say(&c->log, LOG_NORMAL, "the table is not whole: more than %d messages or %d rows", REGRESS_INPUTS_MAX,
            REGRESS_ROWS_MAX);
  int code = print(r, c, a);
  return code == EXIT_OK ? result_of(r, a) : code;
}

static int cmd_regress(struct cli *c, const struct command *self, int argc, char **argv) {
  struct regress_args a = {.format = "text", .undecided = "fail"};
  const struct opt table[] = {
      {"from", OPT_TEXT, "X", "NAME@VERSION, a .tgz, or a folder of resources: before", &a.from},
      {"to", OPT_TEXT, "Y", "the same: after", &a.to},
      {"packages", OPT_TEXT, "DIR", "folder of FHIR packages, asked before the built-in ones", &a.packages},
      {"examples", OPT_LIST, "FOLDER", "messages to judge, instead of those of X and Y", &a.examples},
      {"protocol", OPT_LIST, "FILE", "protocols to look at (default: all that are shipped)", &a.protocols},
      {"store", OPT_TEXT, "FILE", "also judge what systems sent in the runs of this event log", &a.store},
      {"faults", OPT_TEXT, "FILE", "faults to seed into messages that are right (default: shipped ones); none",
       &a.faults},
      {"accept", OPT_TEXT, "FILE", "changes that are agreed", &a.accept},
      {"format", OPT_TEXT, "FORMAT", "text (default), markdown, junit", &a.format},
      {"output", OPT_TEXT, "FILE", "write there instead of standard output", &a.output},
      {"all", OPT_FLAG, NULL, "agreed changes too, and lists and values in full", &a.all},
      {"progress", OPT_FLAG, NULL, "tell how far it is, where standard error is no terminal too", &a.progress},
      {"undecided", OPT_TEXT, "fail|list", "list: undecided messages do not change the exit code", &a.undecided},
      {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n || !a.from || !a.to) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  if (!regress_format_named(a.format)) return cli_usage(c, "--format %s: there is text, markdown, junit", a.format);
  if (strcmp(a.undecided, "fail") && strcmp(a.undecided, "list"))
    return cli_usage(c, "--undecided %s: there is fail and list", a.undecided);
  return compare(c, &a);
}

const struct command command_regress = {
    .name = "regress",
    .arguments = "--from X --to Y [--packages DIR] [--examples FOLDER]... [--accept FILE] [--format FORMAT]",
    .summary = "what changes when messages are judged by other definitions",
    .run = cmd_regress};
