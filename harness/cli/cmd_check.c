/* check: whether a store is whole, and what of it can be saved. */
#include "cli/commands.h"
#include "cli/opts.h"
#include "store/store.h"

#include "base/file.h"

#include <unistd.h>

struct check_args {
  struct opt_list rest;
  const char *store, *copy_to;
};

/* One line a damage: the run, the event, the blob, as far as they are concerned. */
static void on_damage(void *context, const struct store_damage *d) {
  struct cli *c = context;
  if (d->run.n) fprintf(c->out, "%.*s: ", STR_F(d->run));
  if (d->seq) fprintf(c->out, "event %lld: ", (long long)d->seq);
  fprintf(c->out, "%s\n", d->what);
}

/* Half a copy would pass for a whole one later. */
static void remove_copy(const char *path) {
  static const char *const parts[] = {"", "-wal", "-shm", ".lock"};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) unlink(arena_printf(a, "%s%s", path, parts[i]).p);
  arena_free(a);
}

static int look(struct store *s, const struct check_args *a, const struct store_eye *eye, struct store_tally *t,
                struct error *e) {
  struct store *to;
  if (!a->copy_to) return store_check(s, eye, t, e);
  if (file_exists(a->copy_to))
    return error_set(e, ERR_CONFIG, "--copy-to %s: it is there already; name a file that is not", a->copy_to);
  if (store_open(&to, a->copy_to, STORE_WRITE, e) < 0) return -1;
  int result = store_salvage(s, to, eye, t, e);
  store_close(to);
  if (result < 0) remove_copy(a->copy_to);
  return result;
}

/* So damaged that it is not even a store any more. */
static int cannot_begin(struct cli *c, const struct error *e) {
  fprintf(c->out, "%s\n", e->text);
  return EXIT_FAILED;
}

static int check(struct cli *c, const struct check_args *a) {
  struct store *s;
  struct error e;
  struct store_tally t;
  struct store_eye eye = {c, on_damage};
  const char *path = a->store ? a->store : store_default_path(c->arena);
  if (store_open(&s, path, STORE_READ, &e) < 0) return e.code == ERR_SYNTAX ? cannot_begin(c, &e) : cli_fail(c, &e);
  int result = look(s, a, &eye, &t, &e);
  store_close(s);
  if (result < 0) return cli_fail(c, &e);
  fprintf(c->out, "%s: %zu runs, %zu events, %zu blobs %s\n", path, t.runs, t.events, t.blobs,
          t.damages ? "are whole; the rest is damaged, as said above" : "are whole");
  if (a->copy_to) fprintf(c->out, "what is whole is in %s now\n", a->copy_to);
  return t.damages ? EXIT_FAILED : EXIT_OK;
}

static int cmd_check(struct cli *c, const struct command *self, int argc, char **argv) {
  struct check_args a = {0};
  const struct opt table[] = {{"store", OPT_TEXT, "FILE", "event log", &a.store},
                              {"copy-to", OPT_TEXT, "FILE", "put what is whole into a new store", &a.copy_to},
                              {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  return check(c, &a);
}

const struct command command_check = {.name = "check",
                                      .arguments = "[--store FILE] [--copy-to FILE]",
                                      .summary = "see whether the event log is whole, and save what is",
                                      .run = cmd_check};
