#include "base/file.h"
#include "standards/letters.h"
#include "standards/skeleton.h"

#define COLUMNS_MAX 5
#define ROWS_MAX 1000 /* of a table */

static const char *const fidelities[] = {"full", "older", "none"};

const char *skeleton_fidelity_name(enum skeleton_fidelity f) {
  return fidelities[f];
}

/* The cells of a row of n columns, neither more nor fewer. */
static int read_cells(struct str *out, size_t n, struct str row, struct str name, int line, struct error *e) {
  size_t i = 0;
  while (row.n && i < n) out[i++] = str_cut(&row, '\t');
  if (i < n || row.n) return error_at(e, ERR_CONFIG, name, line, 1, "a row has %zu columns", n);
  return 0;
}

/* Several versions may have one skeleton, which is named in alike.tsv. */
static struct str file_of(const struct skeletons *s, struct str version) {
  for (size_t i = 0; i < s->alike.n; i++)
    if (str_eq(s->alike.v[i].version, version)) return s->alike.v[i].skeleton;
  return version;
}

static void take_letter(struct skeletons *s, struct arena *a, const struct letter_type *t) {
  static const enum skeleton_fidelity fidelities_of[] = {
      [LETTER_NONE] = SKELETON_NONE, [LETTER_OLDER] = SKELETON_OLDER, [LETTER_FULL] = SKELETON_FULL};
  if (t->edifact.fidelity == LETTER_ABSENT) return;
  struct skeleton_version v = {.type = t->type,
                               .version = t->edifact.version,
                               .message = t->message,
                               .function = t->function,
                               .current = t->edifact.current,
                               .fidelity = fidelities_of[t->edifact.fidelity],
                               .revision = t->edifact.revision};
  if (v.fidelity != SKELETON_NONE) v.skeleton = file_of(s, t->edifact.from);
  VEC_PUSH(a, &s->versions, v);
}

static int read_alike(struct skeletons *out, struct arena *a, const struct str *c, struct str name, int line,
                      struct error *e) {
  if (!file_name_is_inside(c[1])) return error_at(e, ERR_CONFIG, name, line, 1, "that is no name of a skeleton");
  VEC_PUSH(a, &out->alike, ((struct skeleton_alike){c[0], c[1]}));
  return 0;
}

static int read_accept(struct skeletons *out, struct arena *a, const struct str *c, struct str name, int line,
                       struct error *e) {
  (void)name, (void)line, (void)e;
  VEC_PUSH(a, &out->accepts, ((struct skeleton_accept){c[0], c[1], c[2], c[3], c[4]}));
  return 0;
}

static int read_table(struct skeletons *out, struct arena *a, struct str bytes, struct str name, size_t columns,
                      int (*read)(struct skeletons *, struct arena *, const struct str *, struct str, int,
                                  struct error *),
                      struct error *e) {
  struct str cells[COLUMNS_MAX];
  size_t rows = 0;
  for (int line = 1; bytes.n; line++) {
    struct str row = str_cut(&bytes, '\n');
    if (!row.n || row.p[0] == '#') continue;
    if (++rows > ROWS_MAX) return error_at(e, ERR_LIMIT, name, line, 1, "more than %d rows", ROWS_MAX);
    if (read_cells(cells, columns, row, name, line, e) < 0 || read(out, a, cells, name, line, e) < 0) return -1;
  }
  return 0;
}

int skeleton_alike_read(struct skeletons *out, struct arena *a, struct str bytes, struct str name, struct error *e) {
  return read_table(out, a, bytes, name, 2, read_alike, e);
}

int skeleton_accepts_read(struct skeletons *out, struct arena *a, struct str bytes, struct str name, struct error *e) {
  return read_table(out, a, bytes, name, 5, read_accept, e);
}

const struct skeleton_accept *skeletons_accept(const struct skeletons *s, struct str skeleton, struct str segment,
                                               struct str place, struct str value) {
  for (size_t i = 0; i < s->accepts.n; i++) {
    const struct skeleton_accept *x = &s->accepts.v[i];
    if (str_eq(x->skeleton, skeleton) && str_eq(x->segment, segment) && str_eq(x->place, place) &&
        str_eq(x->value, value))
      return x;
  }
  return NULL;
}

static int read_file(struct str *bytes, struct str *path, struct arena *a, struct str dir, const char *name,
                     struct error *e) {
  const char *p = file_join(a, dir.p, name);
  *path = str_z(p);
  return file_read(bytes, a, p, SKELETON_BYTES_MAX, e);
}

int skeletons_load(struct skeletons **out, struct arena *a, const char *data_dir, struct error *e) {
  struct skeletons *s = ARENA_NEW(a, struct skeletons);
  struct str bytes, path;
  s->dir = str_z(file_join(a, data_dir, SKELETON_DIR));
  struct letters *letters;
  if (read_file(&bytes, &path, a, s->dir, "alike.tsv", e) < 0) return -1;
  if (skeleton_alike_read(s, a, bytes, path, e) < 0 || letters_load(&letters, a, data_dir, e) < 0) return -1;
  for (size_t i = 0; i < letters->list.n; i++) take_letter(s, a, &letters->list.v[i]);
  if (read_file(&bytes, &path, a, s->dir, "lists.skel", e) < 0) return -1;
  if (skeleton_lists_read(&s->lists, a, bytes, path, e) < 0) return -1;
  if (read_file(&bytes, &path, a, s->dir, "accept.tsv", e) < 0) return -1;
  if (skeleton_accepts_read(s, a, bytes, path, e) < 0) return -1;
  *out = s;
  return 0;
}

const struct skeleton_version *skeletons_version(const struct skeletons *s, struct str version) {
  for (size_t i = 0; i < s->versions.n; i++)
    if (str_eq(s->versions.v[i].version, version)) return &s->versions.v[i];
  return NULL;
}

const struct skeleton_version *skeletons_type(const struct skeletons *s, struct str type) {
  for (size_t i = 0; i < s->versions.n; i++)
    if (str_eq(s->versions.v[i].type, type)) return &s->versions.v[i];
  return NULL;
}

int skeletons_open(struct skeleton **out, struct arena *a, const struct skeletons *s, const struct skeleton_version *v,
                   struct error *e) {
  struct str bytes, path;
  if (!v->skeleton.n) BUG("a version without a skeleton is opened");
  const char *name = arena_printf(a, "%.*s.skel", STR_F(v->skeleton)).p;
  if (read_file(&bytes, &path, a, s->dir, name, e) < 0) return -1;
  return skeleton_read(out, a, bytes, path, &s->lists, e);
}

struct str skeleton_version_of(const struct node *message) {
  return edifact_text(node_child(message, "UNH"), 2, 5);
}

struct str skeleton_function_of(const struct node *message) {
  return edifact_text(node_child(message, "UNH"), 3, 1);
}
