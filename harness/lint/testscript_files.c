/* The files of a set: from a folder, an archive, or around one file. Nothing outside of it is ever read. */
#include "base/file.h"
#include "formats/archive.h"
#include "lint/testscript_int.h"

#include <sys/stat.h>

struct ts_reading {
  struct testscript_set *set;
  struct error *e;
};

static bool is_wanted(struct str name) {
  return str_ends(name, STR(".json")) || str_ends(name, STR(".xml"));
}

static int keep(struct testscript_set *s, struct str name, struct str bytes, struct error *e) {
  s->bytes += bytes.n;
  if (s->bytes > TESTSCRIPT_SET_MAX || s->files.n >= TESTSCRIPT_FILES_MAX)
    return error_at(e, ERR_LIMIT, s->name, 0, 0, "more than %d files or %zu bytes of them", TESTSCRIPT_FILES_MAX,
                    TESTSCRIPT_SET_MAX);
  struct source *src = ARENA_NEW(s->arena, struct source);
  name = arena_str(s->arena, name);
  src->bytes = arena_str(s->arena, bytes);
  src->name = arena_printf(s->arena, "%.*s/%.*s", STR_F(s->name), STR_F(name));
  map_set(&s->files, name, src);
  return 0;
}

static bool wants(void *context, struct str name) {
  (void)context;
  return is_wanted(name);
}

static int member(void *context, struct str name, struct str bytes, struct error *e) {
  return keep(context, name, bytes, e);
}

static int read_archive(struct testscript_set *s, const char *path, struct error *e) {
  struct source src = {.name = s->name};
  struct archive_visitor v = {.limits = {TESTSCRIPT_FILE_MAX, TESTSCRIPT_SET_MAX, TESTSCRIPT_FILES_MAX},
                              .context = s,
                              .wants = wants,
                              .member = member};
  if (file_read(&src.bytes, s->arena, path, TESTSCRIPT_SET_MAX, e) < 0) return -1;
  return archive_each(src, &v, e);
}

/* A link could lead out of the folder: it is passed over. */
static bool is_link(const char *path) {
  struct stat st;
  return lstat(path, &st) != 0 || S_ISLNK(st.st_mode);
}

static int read_folder(struct testscript_set *s, const char *path, struct str below, int depth, struct error *e) {
  char **names;
  size_t n;
  if (depth > TESTSCRIPT_DEPTH_MAX) return error_at(e, ERR_LIMIT, str_z(path), 0, 0, "folders are nested too deep");
  if (file_list(&names, &n, s->arena, path, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    const char *full = file_join(s->arena, path, names[i]);
    struct str name = arena_printf(s->arena, "%.*s%s%s", STR_F(below), below.n ? "/" : "", names[i]), bytes;
    if (is_link(full)) continue;
    if (file_is_dir(full)) {
      if (read_folder(s, full, name, depth + 1, e) < 0) return -1;
    } else if (is_wanted(name) &&
               (file_read(&bytes, s->arena, full, TESTSCRIPT_FILE_MAX, e) < 0 || keep(s, name, bytes, e) < 0)) {
      return -1;
    }
  }
  return 0;
}

static int read_one(struct testscript_set *s, const char *path, struct error *e) {
  struct str bytes;
  s->dir = file_dir(s->arena, path);
  if (file_read(&bytes, s->arena, path, TESTSCRIPT_FILE_MAX, e) < 0) return -1;
  struct source *src = ARENA_NEW(s->arena, struct source);
  *src = (struct source){s->name, bytes};
  map_set(&s->files, str_z(file_base(path)), src);
  return 0;
}

int ts_files_read(struct testscript_set *s, const char *path, struct error *e) {
  struct str name = str_z(path);
  if (file_is_dir(path)) return read_folder(s, path, (struct str){0}, 0, e);
  bool packed = str_ends(name, STR(".tgz")) || str_ends(name, STR(".tar.gz")) || str_ends(name, STR(".zip"));
  return packed ? read_archive(s, path, e) : read_one(s, path, e);
}

const struct source *ts_file(struct testscript_set *s, struct str name) {
  struct source *src = map_get(&s->files, name);
  struct error e;
  struct str bytes;
  if (src || !s->dir || !file_name_is_inside(name)) return src;
  const char *path = file_join(s->arena, s->dir, arena_z(s->arena, name));
  if (is_link(path) || file_is_dir(path) || file_read(&bytes, s->arena, path, TESTSCRIPT_FILE_MAX, &e) < 0) return NULL;
  src = ARENA_NEW(s->arena, struct source);
  *src = (struct source){str_z(path), bytes};
  map_set(&s->files, arena_str(s->arena, name), src);
  return src;
}

bool ts_resolve(struct arena *a, struct str folder, struct str reference, struct str *out) {
  struct str parts[64], rest;
  size_t n = 0;
  /* An absolute one begins at the root of the set: repositories of scripts write them so. */
  bool absolute = str_starts(reference, STR("/"));
  struct str whole = absolute ? reference : arena_printf(a, "%.*s/%.*s", STR_F(folder), STR_F(reference));
  for (rest = whole; rest.n;) {
    struct str part = str_cut(&rest, '/');
    if (part.n == 0 || str_eqz(part, ".")) continue;
    bool up = str_eqz(part, "..");
    if ((up && n == 0) || n == sizeof parts / sizeof *parts) return false;
    if (up)
      n--;
    else
      parts[n++] = part;
  }
  struct buf b;
  buf_init(&b, whole.n + 1);
  for (size_t i = 0; i < n; i++) buf_printf(&b, "%s%.*s", i ? "/" : "", STR_F(parts[i]));
  *out = buf_take(&b, a);
  return true;
}

const struct node *ts_aid(const struct testscript_set *s, const char *kind, struct str name) {
  for (size_t i = 0; i < s->aids.n; i++) {
    const struct node *found = node_child_str(node_child(s->aids.v[i], kind), name);
    if (found) return found;
  }
  return NULL;
}
