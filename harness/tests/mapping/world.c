#include "world.h"
#include "base/uuid.h"

void world_open(struct world *w) {
  struct error e;
  struct sor_register *sor;
  struct shapes *shapes;
  const char *set = getenv("TESTCAMP_SHARED");
  *w = (struct world){.a = arena_new(0)};
  findings_init(&w->f, w->a);
  cr_assert_eq(conversion_rules_load(&w->rules, w->a, TEST_ROOT, &e), 0, "%s:%d:%d: %s", e.file, e.line, e.col, e.text);
  cr_assert_eq(sor_register_load(&sor, w->a, TEST_ROOT, &e), 0);
  cr_assert_eq(shapes_read(&shapes, w->a, TEST_ROOT, &e), 0);
  w->o = (struct convert_options){
      .rules = w->rules, .seed = STR("seed"), .now = CLOCK_LOGICAL_START, .sor = sor, .shapes = shapes};
  w->shared = set ? set : TEST_ROOT "/../shared";
  if (!file_is_dir(file_join(w->a, w->shared, "legacy"))) w->shared = NULL;
}

void world_close(struct world *w) {
  arena_free(w->a);
}

struct source world_file(struct world *w, const char *path) {
  struct error e;
  struct str bytes;
  const char *whole = w->shared ? file_join(w->a, w->shared, path) : path;
  cr_assert_eq(file_read(&bytes, w->a, whole, FILE_MAX, &e), 0, "%s: %s", whole, e.text);
  return (struct source){str_z(path), bytes};
}

struct source world_data(struct world *w, const char *name) {
  struct error e;
  struct str bytes;
  const char *path = file_join(w->a, TEST_DATA, name);
  cr_assert_eq(file_read(&bytes, w->a, path, FILE_MAX, &e), 0, "%s: %s", path, e.text);
  return (struct source){str_z(name), bytes};
}

struct conversion world_convert(struct world *w, enum convert_type to, const struct source *in, size_t n) {
  struct conversion out;
  struct error e;
  w->o.to = to;
  cr_assert_eq(convert(&out, w->a, &w->o, in, n, &w->f, &e), 0, "%s: %s", e.file, e.text);
  return out;
}

void world_refused(struct world *w, enum convert_type to, const struct source *in, size_t n, const char *text) {
  struct conversion out;
  struct error e = {0};
  w->o.to = to;
  cr_assert_eq(convert(&out, w->a, &w->o, in, n, &w->f, &e), -1);
  cr_expect(strstr(e.text, text), "%s", e.text);
}

struct correspondence world_read(struct world *w, struct source s) {
  struct correspondence c;
  struct error e;
  cr_assert_eq(correspondence_read(&c, w->a, w->rules, s, &e), 0, "%s: %s", e.file, e.text);
  return c;
}

bool world_told(const struct world *w, const char *rule) {
  for (size_t i = 0; i < w->f.list.n; i++)
    if (str_eqz(w->f.list.v[i].rule, rule)) return true;
  return false;
}

struct source world_out(const struct conversion *c, size_t i) {
  cr_assert_lt(i, c->out.n);
  return (struct source){c->out.v[i].type, c->out.v[i].bytes};
}

/* What the fixtures ask a run for. */
static struct str known(struct world *w, struct str name) {
  static const char *const values[][2] = {{"person.cpr", "2512489996"},
                                          {"person.given", "Nancy Ann"},
                                          {"person.family", "Berggren"},
                                          {"from.gln", "5790008888025"},
                                          {"from.sor", "8888021000016001"},
                                          {"from.organisation", "Hjemmeplejen"},
                                          {"to.gln", "5790008888049"},
                                          {"to.sor", "8888041000016006"},
                                          {"to.organisation", "Sygeplejen"},
                                          {"counterpart.2.gln", "5790008888124"},
                                          {"counterpart.2.sor", "8888121000016002"},
                                          {"counterpart.2.organisation", "Myndighedsafdelingen"}};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    if (str_eqz(name, values[i][0])) return str_z(values[i][1]);
  if (str_starts(name, STR("now-1 min"))) return STR("2026-01-12T10:59:00+01:00");
  if (str_starts(name, STR("now"))) return STR("2026-01-12T08:00:00+01:00");
  return uuid_derive(w->a, STR("fixture"), 1, &name);
}

struct source world_fixture(struct world *w, const char *name) {
  struct error e;
  struct str bytes;
  struct buf b;
  cr_assert_eq(file_read(&bytes, w->a, file_join(w->a, TEST_ROOT "/fixtures", name), FILE_MAX, &e), 0, "%s", e.text);
  buf_init(&b, FILE_MAX);
  while (bytes.n) {
    size_t at = str_find(bytes, STR("${"), 0);
    buf_add(&b, str_sub(bytes, 0, at));
    if (at == SIZE_MAX) break;
    bytes = str_sub(bytes, at + 2, bytes.n);
    buf_add(&b, known(w, str_cut(&bytes, '}')));
  }
  return (struct source){str_z(name), buf_take(&b, w->a)};
}
