#include "tests/validate/shared.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/file.h"

#define INDEX_MAX ((size_t)16 << 20)
#define MESSAGE_MAX ((size_t)64 << 20)

const char *shared_dir(struct arena *a) {
  const char *set = getenv("TESTCAMP_SHARED");
  const char *dir = set ? set : TEST_ROOT "/../shared";
  (void)a;
  return file_is_dir(dir) ? dir : NULL;
}

static bool has_part(struct str path, const char *const *parts) {
  for (; *parts; parts++)
    if (str_find(path, str_z(*parts), 0) != SIZE_MAX) return true;
  return false;
}

static void call(const char *dir, struct str path, void (*fn)(struct arena *a, struct source src)) {
  struct arena *a = arena_new(0);
  struct error e;
  struct str bytes, file = arena_printf(a, "%s/examples/%.*s", dir, STR_F(path));
  cr_assert_eq(file_read(&bytes, a, file.p, MESSAGE_MAX, &e), 0, "%s", e.text);
  fn(a, (struct source){path, bytes});
  arena_free(a);
}

size_t shared_each_valid(const char *const *parts, void (*fn)(struct arena *a, struct source src)) {
  struct arena *a = arena_new(0);
  const char *dir = shared_dir(a);
  struct error e;
  struct str index;
  size_t n = 0;
  cr_assert_eq(file_read(&index, a, file_join(a, dir, "examples/index.tsv"), INDEX_MAX, &e), 0, "%s", e.text);
  while (index.n) {
    struct str line = str_cut(&index, '\n'), columns[6];
    for (size_t i = 0; i < 6; i++) columns[i] = str_cut(&line, '\t');
    bool message = str_eqz(columns[2], "Bundle");
    if (!message || !str_eqz(columns[5], "valid") || !has_part(columns[0], parts)) continue;
    call(dir, columns[0], fn);
    n++;
  }
  arena_free(a);
  return n;
}

void shared_drop(struct findings *f, const char *prefix) {
  size_t kept = 0;
  for (size_t i = 0; i < f->list.n; i++)
    if (!str_starts(f->list.v[i].rule, str_z(prefix))) f->list.v[kept++] = f->list.v[i];
  f->list.n = kept;
}

struct str shared_list(struct arena *a, const struct findings *f) {
  struct buf out;
  buf_init(&out, 1 << 20);
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    buf_printf(&out, "%.*s %d:%d\n", STR_F(x->rule), x->where.line, x->where.col);
  }
  return buf_take(&out, a);
}
