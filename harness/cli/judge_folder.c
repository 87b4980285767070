#include "cli/judge_again.h"
#include "cli/packages.h"

#include "base/file.h"
#include "cli/bundle.h"
#include "lint/regress.h"
#include "seal/seal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- bundles ---------------------------------------------------------------------------- */

static bool is_bundle(const char *name) {
  return str_ends(str_z(name), STR(".tar.gz"));
}

bool rejudge_is_of_bundles(struct arena *a, const char *dir) {
  char **names;
  size_t n;
  struct error e;
  if (file_list(&names, &n, a, dir, &e)) return false;
  for (size_t i = 0; i < n; i++)
    if (is_bundle(names[i])) return true;
  return false;
}

/* The files of a store: the log, its journals and lock, and the folder of large blobs. */
static void remove_folder(const char *dir) {
  struct arena *a = arena_new(0);
  char **names;
  size_t n = 0;
  struct error e;
  if (file_list(&names, &n, a, dir, &e)) n = 0;
  for (size_t i = 0; i < n; i++) {
    const char *path = file_join(a, dir, names[i]);
    if (file_is_dir(path))
      remove_folder(path);
    else
      unlink(path);
  }
  rmdir(dir);
  arena_free(a);
}

static int judge_imported(struct cli *c, struct rejudging_all *j, const struct seal_bundle *b, struct source src,
                          const char *store, struct error *e) {
  struct session s;
  bool worse = false, unjudged = false;
  if (session_open(&s, c, store, STORE_WRITE, e) < 0) return -1;
  int rc = seal_import(s.store, b, src, 0, e);
  if (rc == 0) rc = store_commit(s.store, e);
  if (rc == 0) rc = rejudge_run(&s, j->args, j->known, b->run, &worse, &unjudged, e);
  session_close(&s);
  j->worse += worse;
  j->unjudged += unjudged;
  return rc;
}

static int judge_bundle(struct cli *c, struct rejudging_all *j, const char *path, const char *store, struct error *e) {
  struct source src = {.name = str_z(path)};
  struct seal_bundle *b;
  if (file_map(&src.bytes, c->arena, path, SEAL_BUNDLE_MAX, e) < 0 || seal_verify(&b, c->arena, src, e) < 0) return -1;
  if (b->state != SEAL_INTACT)
    return error_set(e, ERR_SYNTAX, "%s is %s; see testcamp verify", path, seal_state_name(b->state));
  return judge_imported(c, j, b, src, store, e);
}

int rejudge_bundles(struct cli *c, struct rejudging_all *j, const char *dir, struct error *e) {
  char **names;
  size_t n, done = 0;
  const char *tmp = getenv("TMPDIR");
  char *work = arena_z(c->arena, arena_printf(c->arena, "%s/testcamp-XXXXXX", tmp && *tmp ? tmp : "/tmp"));
  if (file_list(&names, &n, c->arena, dir, e)) return -1;
  if (!mkdtemp(work)) return error_set(e, ERR_IO, "%s cannot be made; set TMPDIR", work);
  for (size_t i = 0; i < n; i++) {
    if (!is_bundle(names[i])) continue;
    if (done == REJUDGE_BUNDLES_MAX) {
      error_set(e, ERR_LIMIT, "%s has over %d bundles: %s and those behind it are not judged", dir, REJUDGE_BUNDLES_MAX,
                names[i]);
      cli_fail(c, e);
      j->unjudged++;
      break;
    }
    const char *store = file_join(c->arena, work, arena_printf(c->arena, "%zu.sqlite", done++).p);
    if (judge_bundle(c, j, file_join(c->arena, dir, names[i]), store, e) == 0) continue;
    cli_fail(c, e);
    j->unjudged++;
  }
  remove_folder(work);
  return 0;
}

/* --- messages --------------------------------------------------------------------------- */

static const char *word(int severity) {
  return severity == SEV_ERROR ? "invalid" : severity == SEV_UNDECIDED ? "could not be judged" : "valid";
}

static int open_side(struct regress_side *out, struct cli *c, const struct rejudge_args *a, struct str spec,
                     const char *data, struct error *e) {
  struct shapes *shapes;
  struct book *b = book_new(c->arena);
  struct str name, version;
  if (shapes_read(&shapes, c->arena, data, e)) return -1;
  if (packages_add_own(c, b, a->packages, e)) return -1;
  if (packages_add_standards(c, b, data, NULL, e)) return -1;
  if (!package_spec_parse(spec, &name, &version))
    return error_set(e, ERR_CONFIG, "\"%.*s\" is no NAME@VERSION", STR_F(spec));
  if (!version.n) {
    const struct package *newest = book_package(b, name, version);
    if (newest) spec = arena_printf(c->arena, "%.*s@%.*s", STR_F(name), STR_F(newest->version));
  }
  return regress_side_open(out, c->arena, b, spec, shapes, e);
}

static void put_message(struct cli *c, const struct regress *r, const struct regress_input *in) {
  fprintf(c->out, "%.*s: %s -> %s\n", STR_F(in->name), word(in->before), word(in->after));
  for (size_t i = 0; i < r->rows.n; i++) {
    const struct regress_row *row = r->rows.v[i];
    for (size_t k = 0; k < row->inputs.n; k++)
      if (str_eq(row->inputs.v[k], in->name))
        fprintf(c->out, "    %s %.*s %.*s %.*s: %.*s -> %.*s\n", regress_change_name(row->change), STR_F(row->rule),
                STR_F(row->element), STR_F(row->constraint), STR_F(row->before.n ? row->before : STR("-")),
                STR_F(row->after.n ? row->after : STR("-")));
  }
}

static bool is_worse(const struct regress_input *in) {
  int before = in->before < SEV_UNDECIDED ? 0 : in->before, after = in->after < SEV_UNDECIDED ? 0 : in->after;
  return after > before;
}

int rejudge_messages(struct cli *c, const struct rejudge_args *a, const char *dir, bool *worse, bool *unjudged,
                     struct error *e) {
  struct regress r;
  struct regress_side x, y;
  char *data;
  if (a->uses.n != 1) return error_set(e, ERR_CONFIG, "the messages of %s need one --use NAME@VERSION", dir);
  struct str rest = str_z(a->uses.v[0]), name = str_cut(&rest, '@');
  if (file_data_dir(&data, c->arena, e)) return -1;
  if (open_side(&x, c, a, name, data, e) || open_side(&y, c, a, str_z(a->uses.v[0]), data, e)) return -1;
  regress_init(&r, c->arena, x, y);
  if (regress_add_folder(&r, dir, e)) return -1;
  if (!r.inputs.n) return error_set(e, ERR_CONFIG, "%s holds neither bundles nor messages", dir);
  fprintf(c->out, "%.*s -> %.*s\n", STR_F(x.name), STR_F(y.name));
  for (size_t i = 0; i < r.inputs.n; i++) {
    regress_judge(&r, r.inputs.v[i]);
    put_message(c, &r, r.inputs.v[i]);
    *worse = *worse || is_worse(r.inputs.v[i]);
    *unjudged = *unjudged || r.inputs.v[i]->after == SEV_UNDECIDED;
  }
  return 0;
}
