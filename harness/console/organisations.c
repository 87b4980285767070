#include "console/organisations.h"

#include "base/utf8.h"

static int check_name(struct str name, struct error *e) {
  bool fine = name.n > 0 && name.n <= ORGANISATION_NAME_MAX && utf8_check(name) == SIZE_MAX;
  for (size_t i = 0; fine && i < name.n; i++) fine = (unsigned char)name.p[i] >= ' ' && name.p[i] != 0x7f;
  if (fine) return 0;
  return error_set(e, ERR_CONFIG, "the name of an organisation is 1 to %d bytes of text on one line",
                   ORGANISATION_NAME_MAX);
}

int organisation_add(struct db *d, struct organisation *o, int64_t now, struct error *e) {
  o->name = str_trim(o->name);
  if (check_name(o->name, e) < 0) return -1;
  if (db_do(d, e, "INSERT INTO organisations (name, contact, email, at) VALUES (?, ?, ?, ?)", "sssi", o->name,
            o->contact, o->email, now) < 0)
    return e->code == ERR_CONFIG ? error_set(e, ERR_CONFIG, "there is an organisation %.*s already", STR_F(o->name))
                                 : -1;
  o->id = db_last(d);
  return 0;
}

int organisations_get(struct db *d, struct arena *a, int64_t id, struct organisation **out, size_t *n,
                      struct error *e) {
  struct db_rows r = {0};
  if (db_get(d, a, &r, e,
             "SELECT o.id, o.name, o.contact, o.email,"
             " (SELECT count(*) FROM accounts WHERE organisation = o.id AND closed = 0),"
             " (SELECT count(*) FROM systems WHERE organisation = o.id),"
             " (SELECT count(*) FROM run_owners WHERE organisation = o.id)"
             " FROM organisations o WHERE ? IN (0, o.id) ORDER BY o.name",
             "i", id) < 0)
    return -1;
  *n = r.n;
  *out = arena_alloc(a, (r.n + 1) * sizeof **out);
  for (size_t i = 0; i < r.n; i++)
    (*out)[i] = (struct organisation){.id = db_number(&r, i, 0),
                                      .name = db_cell(&r, i, 1),
                                      .contact = db_cell(&r, i, 2),
                                      .email = db_cell(&r, i, 3),
                                      .accounts = db_number(&r, i, 4),
                                      .systems = db_number(&r, i, 5),
                                      .runs = db_number(&r, i, 6)};
  return 0;
}

int organisation_named(struct db *d, struct str name, int64_t *id, struct error *e) {
  struct arena *a = arena_new_small(0);
  struct db_rows r = {0};
  int result = db_get(d, a, &r, e, "SELECT id FROM organisations WHERE name = ?", "s", str_trim(name));
  *id = db_number(&r, 0, 0);
  arena_free(a);
  return result;
}
