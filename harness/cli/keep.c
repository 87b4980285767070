#include "cli/keep.h"

#include "base/file.h"

const char *keep_path(const struct keep *k, struct arena *a, struct str name, struct str version) {
  return file_join(a, k->dir, arena_printf(a, "%.*s-%.*s.tgz", STR_F(name), STR_F(version)).p);
}

static int check_same(const struct keep *k, struct arena *a, const char *to, struct str bytes, bool *same,
                      struct error *e) {
  struct str old;
  *same = false;
  if (!file_exists(to)) return 0;
  if (file_map(&old, a, to, PACKAGE_FILE_MAX, e)) return k->replace ? 0 : -1;
  *same = str_eq(old, bytes);
  if (*same || k->replace) return 0;
  return error_set(e, ERR_CONFIG, "%s is there already with other content; --replace puts the new one in its place",
                   to);
}

int keep_package(const struct keep *k, struct arena *a, const struct package *p, struct str bytes, bool *same,
                 struct error *e) {
  const char *to = keep_path(k, a, p->name, p->version);
  if (check_same(k, a, to, bytes, same, e)) return -1;
  return *same ? 0 : file_write(to, bytes, e);
}
