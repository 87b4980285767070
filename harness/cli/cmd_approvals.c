/* approvals: reads MedCom's list of approved systems into the store, so that older approvals count. */
#include "cli/approvals.h"
#include "cli/commands.h"
#include "cli/present.h"

#include "base/clock.h"
#include "base/file.h"

#include <string.h>

struct approvals_args {
  struct opt_list files;
  const char *as_of, *by, *store, *lang;
};

static bool is_day(struct str s) {
  struct arena *a = arena_new(0);
  int64_t ms;
  bool zone, good = s.n == 10 && time_parse(arena_printf(a, "%.*sT00:00:00Z", STR_F(s)), &ms, &zone);
  arena_free(a);
  return good;
}

/* 1: rows were kept out. */
static int read_one(struct session *s, const struct approvals_args *a, struct str as_of, const char *path,
                    struct error *e) {
  struct cli *c = s->cli;
  struct approvals list;
  struct findings f;
  struct source src = {.name = str_z(path)};
  findings_init(&f, c->arena);
  if (file_read(&src.bytes, c->arena, path, GRID_BYTES_MAX, e) < 0 || approvals_read(&list, c->arena, src, &f, e) < 0)
    return -1;
  present_lines(c, c->err, &f, c->colour_err);
  if (f.dropped) fprintf(c->err, c->danish ? "... og %zu til\n" : "... and %zu more\n", f.dropped);
  if (approvals_keep(s, src, &list, as_of, str_z(a->by), e) < 0) return -1;
  fprintf(c->out, c->danish ? "%s: %zu rækker læst, %zu udeladt\n" : "%s: %zu rows read, %zu kept out\n", path,
          list.rows.n, list.kept_out);
  return list.kept_out > 0;
}

static int cmd_approvals(struct cli *c, const struct command *self, int argc, char **argv) {
  struct approvals_args a = {0};
  struct session s;
  struct error e;
  const struct opt table[] = {{"as-of", OPT_TEXT, "YYYY-MM-DD", "the day of the list (default: today)", &a.as_of},
                              {"by", OPT_TEXT, "INITIALS", "who reads it in", &a.by},
                              {"store", OPT_TEXT, "FILE", "event log", &a.store},
                              {"lang", OPT_TEXT, "da|en", "language of what is printed", &a.lang},
                              {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.files);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (!a.files.n) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  c->danish = a.lang && !strcmp(a.lang, "da");
  struct str as_of = a.as_of ? str_z(a.as_of) : str_sub(time_danish(c->arena, clock_wall()), 0, 10);
  if (!is_day(as_of)) return cli_usage(c, "--as-of %s: a day is written YYYY-MM-DD", a.as_of);
  if (session_open(&s, c, a.store, STORE_WRITE, &e) < 0) return cli_fail(c, &e);
  int code = EXIT_OK;
  for (size_t i = 0; i < a.files.n; i++) {
    int rc = read_one(&s, &a, as_of, a.files.v[i], &e);
    if (rc < 0) code = cli_fail(c, &e);
    if (rc > 0 && code == EXIT_OK) code = EXIT_FAILED;
  }
  session_close(&s);
  return code;
}

const struct command command_approvals = {.name = "approvals",
                                          .arguments = "FILE.csv|FILE.xlsx... [--as-of YYYY-MM-DD] [--by INITIALS]",
                                          .summary = "read MedCom's list of approved systems into the store",
                                          .run = cmd_approvals,
                                          .writes = true};
