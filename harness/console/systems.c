#include "console/systems.h"

#include "console/system_certificates.h"
#include "console/vendor_guard.h"

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

int system_read(struct visit *v, struct str file, struct str organisation, struct vendor **out, struct error *e) {
  struct source src = {STR("system.yaml"), file};
  if (vendor_read(out, v->arena, src, e) < 0) return -1;
  return vendor_guard(*out, organisation, str_z(v->console->options.listen), e);
}

int system_get(struct visit *v, int64_t id, struct system *out, struct error *e) {
  struct system *all;
  size_t n;
  if (systems_get(v, &all, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++)
    if (all[i].id == id) return *out = all[i], 0;
  return error_set(e, ERR_CONFIG, "there is no such system");
}

static int is_free(const struct visit *v, int result, struct error *e) {
  return visit_in_words(v, result, e,
                        "The organisation has a system of that name and version already: open that one and change "
                        "its file, or give this one another version.",
                        "Organisationen har allerede et system med det navn og den version: åbn det og ret dets fil, "
                        "eller giv dette en anden version.");
}

int system_save(struct visit *v, struct system *s, struct error *e) {
  struct db *d = v->console->db;
  struct vendor *w;
  if (system_read(v, s->file, s->organisation_name, &w, e) < 0) return -1;
  if (s->id) {
    int result =
        db_do(d, e,
              "UPDATE systems SET name = ?, version = ?, file = ?, revision = revision + 1, at = ? WHERE id = ? "
              "AND revision = ?",
              "sssiii", w->system, w->version, s->file, v->now, s->id, s->revision);
    if (is_free(v, result, e) < 0) return -1;
    return db_changed(d) == 1 ? 0 : 1;
  }
  int result = db_do(d, e, "INSERT INTO systems (organisation, name, version, file, at) VALUES (?, ?, ?, ?, ?)",
                     "isssi", s->organisation, w->system, w->version, s->file, v->now);
  if (is_free(v, result, e) < 0) return -1;
  s->id = db_last(d);
  return 0;
}

int system_vendor_file(struct visit *v, int64_t system, const char **path, int64_t *organisation, struct error *e) {
  struct system s;
  struct vendor *w;
  if (system_get(v, system, &s, e) < 0) return -1;
  /* Read anew: what is refused may have become more since it was saved. */
  if (system_read(v, s.file, s.organisation_name, &w, e) < 0) return -1;
  *organisation = s.organisation;
  if (system_certificates_add(v, system, &s.file, e) < 0) return -1;
  *path = visit_file_try(v, STR("system.yaml"), s.file, e);
  return *path ? 0 : -1;
}
