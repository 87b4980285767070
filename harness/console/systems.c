#include "console/systems.h"

int systems_get(struct visit *v, struct system **out, size_t *n, struct error *e) {
  struct db_rows r = {0};
  int64_t only = v->who.role == ROLE_VENDOR ? v->who.organisation : -1;
  if (db_get(v->console->db, v->arena, &r, e,
             "SELECT s.id, s.organisation, s.revision, o.name, s.name, s.version, s.file FROM systems s "
             "JOIN organisations o ON o.id = s.organisation WHERE ? IN (-1, s.organisation) "
             "ORDER BY o.name, s.name, s.version",
             "i", only) < 0)
    return -1;
  *n = r.n;
  *out = arena_alloc(v->arena, (r.n + 1) * sizeof **out);
  for (size_t i = 0; i < r.n; i++)
    (*out)[i] = (struct system){.id = db_number(&r, i, 0),
                                .organisation = db_number(&r, i, 1),
                                .revision = db_number(&r, i, 2),
                                .organisation_name = db_cell(&r, i, 3),
                                .name = db_cell(&r, i, 4),
                                .version = db_cell(&r, i, 5),
                                .file = db_cell(&r, i, 6)};
  return 0;
}

int system_vendor_file(struct visit *v, int64_t system, const char **path, int64_t *organisation, struct error *e) {
  struct system *all;
  size_t n;
  if (systems_get(v, &all, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    if (all[i].id != system) continue;
    *organisation = all[i].organisation;
    *path = visit_file_try(v, STR("system.yaml"), all[i].file, e);
    return *path ? 0 : -1;
  }
  return error_set(e, ERR_CONFIG, "there is no such system");
}
