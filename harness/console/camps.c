#include "console/camps.h"

#include "base/clock.h"
#include "console/offers.h"

static int get_tasks(struct visit *v, struct camp_page *c, struct error *e) {
  struct db_rows r = {0};
  if (db_get(v->console->db, v->arena, &r, e,
             "SELECT protocol, version, digest, frozen_at FROM camp_tasks WHERE camp = ? ORDER BY protocol", "i",
             c->id) < 0)
    return -1;
  for (size_t i = 0; i < r.n; i++)
    VEC_PUSH(v->arena, &c->tasks,
             ((struct camp_task){db_cell(&r, i, 0), db_cell(&r, i, 1), db_cell(&r, i, 2), db_number(&r, i, 3)}));
  return 0;
}

/* -1: everybody's. */
static int64_t only(const struct visit *v) {
  return v->who.role == ROLE_VENDOR ? v->who.organisation : -1;
}

static int get_members(struct visit *v, struct camp_page *c, struct error *e) {
  struct db_rows r = {0};
  if (db_get(v->console->db, v->arena, &r, e,
             "SELECT s.id, s.organisation, o.name, s.name, s.version FROM camp_members m"
             " JOIN systems s ON s.id = m.system JOIN organisations o ON o.id = s.organisation"
             " WHERE m.camp = ? AND ? IN (-1, s.organisation) ORDER BY o.name, s.name",
             "ii", c->id, only(v)) < 0)
    return -1;
  for (size_t i = 0; i < r.n; i++)
    VEC_PUSH(v->arena, &c->members,
             ((struct camp_member){db_number(&r, i, 0), db_number(&r, i, 1), db_cell(&r, i, 2), db_cell(&r, i, 3),
                                   db_cell(&r, i, 4)}));
  return 0;
}

static int get_slots(struct visit *v, struct camp_page *c, struct error *e) {
  struct db_rows r = {0};
  if (db_get(v->console->db, v->arena, &r, e,
             "SELECT l.id, l.system, s.organisation, l.starts, l.place, l.protocol, l.tester,"
             " o.name || ', ' || s.name || ' ' || s.version FROM camp_slots l JOIN systems s ON s.id = l.system"
             " JOIN organisations o ON o.id = s.organisation"
             " WHERE l.camp = ? AND ? IN (-1, s.organisation) ORDER BY l.starts, l.place",
             "ii", c->id, only(v)) < 0)
    return -1;
  for (size_t i = 0; i < r.n; i++)
    VEC_PUSH(v->arena, &c->slots,
             ((struct camp_slot){.id = db_number(&r, i, 0),
                                 .system = db_number(&r, i, 1),
                                 .organisation = db_number(&r, i, 2),
                                 .when = db_cell(&r, i, 3),
                                 .table = db_cell(&r, i, 4),
                                 .protocol = db_cell(&r, i, 5),
                                 .tester = db_cell(&r, i, 6),
                                 .who = db_cell(&r, i, 7)}));
  return 0;
}

int camp_page_get(struct visit *v, int64_t id, struct camp_page *out, struct error *e) {
  struct db_rows r = {0};
  *out = (struct camp_page){0};
  if (db_get(v->console->db, v->arena, &r, e, "SELECT id, name, place, starts, ends FROM camps WHERE id = ?", "i", id) <
      0)
    return -1;
  if (!r.n) return 0;
  out->id = db_number(&r, 0, 0);
  out->name = db_cell(&r, 0, 1), out->place = db_cell(&r, 0, 2);
  out->starts = db_cell(&r, 0, 3), out->ends = db_cell(&r, 0, 4);
  return get_tasks(v, out, e) < 0 || get_members(v, out, e) < 0 || get_slots(v, out, e) < 0 ? -1 : 0;
}

struct str camp_task_change(struct visit *v, const struct camp_task *t) {
  const struct offer *now = offers_protocol(v->console, t->protocol);
  if (!t->digest.n || (now && str_eqz(t->digest, now->digest))) return STR("");
  if (!now) return str_z(visit_word(v, "the frozen protocol is gone", "den frosne testprotokol er væk"));
  return arena_printf(v->arena, "%s %.*s (%s %.*s, %.12s)",
                      visit_word(v, "changed since it was frozen on", "ændret siden den blev frosset"),
                      STR_F(when_text(v, t->frozen_at)), visit_word(v, "now", "nu"), STR_F(now->version), now->digest);
}

struct str camp_change_of(struct visit *v, struct str protocol) {
  struct db_rows r = {0};
  struct error e;
  if (db_get(
          v->console->db, v->arena, &r, &e,
          "SELECT t.protocol, t.version, t.digest, t.frozen_at, c.name FROM camp_tasks t JOIN camps c ON c.id = t.camp"
          " WHERE t.protocol = ? AND t.digest <> '' AND c.ends >= ?",
          "ss", protocol, str_sub(time_danish(v->arena, v->now), 0, 10)) < 0)
    return STR("");
  for (size_t i = 0; i < r.n; i++) {
    struct camp_task t = {db_cell(&r, i, 0), db_cell(&r, i, 1), db_cell(&r, i, 2), db_number(&r, i, 3)};
    struct str change = camp_task_change(v, &t);
    if (change.n) return arena_printf(v->arena, "%.*s: %.*s", STR_F(db_cell(&r, i, 4)), STR_F(change));
  }
  return STR("");
}
