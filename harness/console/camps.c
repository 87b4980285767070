#include "console/camps.h"

#include "base/clock.h"
#include "console/offers.h"

static int get_freezes(struct visit *v, struct camp_page *c, struct error *e) {
  struct db_rows r = {0};
  if (db_get(v->console->db, v->arena, &r, e,
             "SELECT protocol, version, digest, by, frozen_at, until FROM camp_freezes WHERE camp = ? ORDER BY id", "i",
             c->id) < 0)
    return -1;
  for (size_t i = 0; i < r.n; i++)
    for (size_t k = 0; k < c->tasks.n; k++)
      if (str_eq(c->tasks.v[k].protocol, db_cell(&r, i, 0)))
        VEC_PUSH(v->arena, &c->tasks.v[k].before,
                 ((struct camp_freeze){db_cell(&r, i, 1), db_cell(&r, i, 2), db_cell(&r, i, 3), db_number(&r, i, 4),
                                       db_number(&r, i, 5)}));
  return 0;
}

static int get_tasks(struct visit *v, struct camp_page *c, struct error *e) {
  struct db_rows r = {0};
  if (db_get(v->console->db, v->arena, &r, e,
             "SELECT protocol, version, digest, frozen_at FROM camp_tasks WHERE camp = ? ORDER BY protocol", "i",
             c->id) < 0)
    return -1;
  for (size_t i = 0; i < r.n; i++)
    VEC_PUSH(v->arena, &c->tasks,
             ((struct camp_task){.protocol = db_cell(&r, i, 0),
                                 .version = db_cell(&r, i, 1),
                                 .digest = db_cell(&r, i, 2),
                                 .frozen_at = db_number(&r, i, 3)}));
  return get_freezes(v, c, e);
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
                      visit_word(v, "changed since it was frozen on", "ændret, siden den blev frosset"),
                      STR_F(when_text(v, t->frozen_at)), visit_word(v, "now", "nu"), STR_F(now->version), now->digest);
}

struct str camp_task_late(struct visit *v, const struct camp_page *c, const struct camp_task *t) {
  const struct camp_freeze *last = t->before.n ? &t->before.v[t->before.n - 1] : NULL;
  if (!last || str_cmp(str_sub(time_danish(v->arena, last->until), 0, 10), c->starts) < 0) return STR("");
  return arena_printf(
      v->arena, "%s %.*s (%s %.*s, %.12s; %.*s)",
      visit_word(v, "frozen anew after the camp had begun, on", "frosset på ny efter campens start, den"),
      STR_F(when_text(v, last->until)), visit_word(v, "before", "før"), STR_F(last->version),
      arena_z(v->arena, last->digest), STR_F(last->by));
}

const struct camp_task *camp_task_find(const struct camp_page *c, struct str protocol) {
  for (size_t i = 0; i < c->tasks.n; i++)
    if (str_eq(c->tasks.v[i].protocol, protocol)) return &c->tasks.v[i];
  return NULL;
}

const struct camp_member *camp_member_of(const struct camp_page *c, const struct run_card *k) {
  const struct camp_member *found = NULL;
  for (size_t i = 0; i < c->members.n; i++) {
    const struct camp_member *m = &c->members.v[i];
    bool theirs = k->organisation ? k->organisation == m->organisation : str_eq_nocase(k->vendor, m->organisation_name);
    if (!theirs || !str_eq(m->name, k->system)) continue;
    if (str_eq(m->version, k->system_version)) return m;
    found = m; /* a system that gets a new version at the camp stays who it is */
  }
  return found;
}

bool camp_find(struct visit *v, struct camp_page *c) {
  int64_t id = 0;
  struct error e;
  *c = (struct camp_page){0};
  if (str_int(v->parts[0], &id) && camp_page_get(v, id, c, &e) < 0) return visit_fail(v, &e), false;
  if (c->id && (v->who.role != ROLE_VENDOR || c->members.n)) return true;
  visit_refuse(v, 404, "There is no such page, or it is not yours to see.",
               "Der er ingen sådan side, eller du må ikke se den.");
  return false;
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
    struct camp_task t = {.protocol = db_cell(&r, i, 0),
                          .version = db_cell(&r, i, 1),
                          .digest = db_cell(&r, i, 2),
                          .frozen_at = db_number(&r, i, 3)};
    struct str change = camp_task_change(v, &t);
    if (change.n) return arena_printf(v->arena, "%.*s: %.*s", STR_F(db_cell(&r, i, 4)), STR_F(change));
  }
  return STR("");
}
