/* What MedCom makes and changes of test camps: days, tasks and what is frozen of them, who takes part, and when. */
#include "console/camps.h"
#include "console/offers.h"

static struct str field(const struct visit *v, const char *name) {
  return str_trim(webform_get(&v->form, name));
}

static void say_no(struct visit *v, const char *en, const char *da) {
  v->notice = arena_str(v->arena, str_z(visit_word(v, en, da))), v->notice_is_error = true;
}

static void go_back(struct visit *v, const struct camp_page *c) {
  visit_go(v, "/camps/%lld", (long long)c->id);
}

/* What kept something from being done becomes the notice. */
static void told(struct visit *v, int result, const struct error *e) {
  if (result < 0) visit_complain(v, visit_without_folders(v, str_z(e->text)));
}

static int name_is_free(const struct visit *v, int result, struct error *e) {
  return visit_in_words(v, result, e, "There is a test camp of that name already.",
                        "Der er allerede en testcamp med det navn.");
}

/* ---- a camp ---- */

/* Name, days and place as they were written; false, with a notice, if they are not right. */
static bool read_camp(struct visit *v, struct camp_page *c) {
  c->name = field(v, "name"), c->place = field(v, "place");
  if (!c->name.n) {
    say_no(v, "A test camp has a name.", "En testcamp har et navn.");
    return false;
  }
  if (!form_day(v, "starts", &c->starts) || !form_day(v, "ends", &c->ends)) return false;
  if (str_cmp(c->ends, c->starts) >= 0) return true;
  say_no(v, "The last day is before the first one.", "Den sidste dag er før den første.");
  return false;
}

static void post_camps(struct visit *v) {
  struct camp_page c = {0};
  struct error e;
  if (!read_camp(v, &c)) {
    visit_go(v, "/camps");
    return;
  }
  int result = db_do(v->console->db, &e, "INSERT INTO camps (name, place, starts, ends, at) VALUES (?, ?, ?, ?, ?)",
                     "ssssi", c.name, c.place, c.starts, c.ends, v->now);
  told(v, name_is_free(v, result, &e), &e);
  if (result < 0)
    visit_go(v, "/camps");
  else
    visit_go(v, "/camps/%lld", (long long)db_last(v->console->db));
}

static void post_change(struct visit *v) {
  struct camp_page c;
  struct error e;
  if (!camp_find(v, &c)) return;
  if (read_camp(v, &c)) {
    int result = db_do(v->console->db, &e, "UPDATE camps SET name = ?, place = ?, starts = ?, ends = ? WHERE id = ?",
                       "ssssi", c.name, c.place, c.starts, c.ends, c.id);
    told(v, name_is_free(v, result, &e), &e);
  }
  go_back(v, &c);
}

/* ---- what is tested ---- */

static void post_tasks(struct visit *v) {
  struct camp_page c;
  struct error e;
  if (!camp_find(v, &c)) return;
  const struct offer *p = offers_protocol(v->console, webform_get(&v->form, "protocol"));
  if (!p)
    say_no(v, "There is no such protocol.", "Den testprotokol findes ikke.");
  else
    told(
        v,
        db_do(v->console->db, &e, "INSERT OR IGNORE INTO camp_tasks (camp, protocol) VALUES (?, ?)", "is", c.id, p->id),
        &e);
  go_back(v, &c);
}

/* What was frozen before is kept: that it changed late is not forgotten by freezing it anew. */
static int freeze(struct visit *v, const struct camp_page *c, const struct camp_task *t, struct error *e) {
  const struct offer *p = offers_protocol(v->console, t->protocol);
  struct db *d = v->console->db;
  if (!p || str_eqz(t->digest, p->digest)) return 0;
  struct str by = v->who.initials.n ? v->who.initials : STR("MedCom"); /* at this machine alone nobody has initials */
  if (t->digest.n && db_do(d, e,
                           "INSERT INTO camp_freezes (camp, protocol, version, digest, frozen_at, until, by)"
                           " VALUES (?, ?, ?, ?, ?, ?, ?)",
                           "isssiis", c->id, t->protocol, t->version, t->digest, t->frozen_at, v->now, by) < 0)
    return -1;
  return db_do(d, e, "UPDATE camp_tasks SET version = ?, digest = ?, frozen_at = ? WHERE camp = ? AND protocol = ?",
               "sziis", p->version, p->digest, v->now, c->id, t->protocol);
}

static int freeze_all(struct visit *v, const struct camp_page *c, struct error *e) {
  struct db *d = v->console->db;
  if (db_begin(d, e) < 0) return -1;
  for (size_t i = 0; i < c->tasks.n; i++) {
    if (freeze(v, c, &c->tasks.v[i], e) == 0) continue;
    db_undo(d);
    return -1;
  }
  return db_end(d, e);
}

static void post_freeze(struct visit *v) {
  struct camp_page c;
  struct error e;
  if (!camp_find(v, &c)) return;
  told(v, freeze_all(v, &c, &e), &e);
  audit(v, "frozen", c.name);
  go_back(v, &c);
}

/* ---- who comes, and when ---- */

static void post_members(struct visit *v) {
  struct camp_page c;
  struct error e;
  int64_t system = 0;
  if (!camp_find(v, &c)) return;
  (void)str_int(webform_get(&v->form, "system"), &system);
  int result =
      db_do(v->console->db, &e, "INSERT OR IGNORE INTO camp_members (camp, system) VALUES (?, ?)", "ii", c.id, system);
  told(v, visit_in_words(v, result, &e, "There is no such system.", "Det system findes ikke."), &e);
  go_back(v, &c);
}

/* "09:30" of that, of "9.30", or of what a browser sends; false: no such time. */
static bool read_clock(struct visit *v, struct str *out) {
  struct str minute = field(v, "time");
  char between = str_find(minute, STR(":"), 0) == SIZE_MAX ? '.' : ':';
  struct str hour = str_cut(&minute, between);
  int64_t h, m;
  if (hour.n < 1 || hour.n > 2 || minute.n != 2 || !str_int(hour, &h) || !str_int(minute, &m)) return false;
  if (h < 0 || h > 23 || m < 0 || m > 59) return false;
  *out = arena_printf(v->arena, "%02lld:%02lld", (long long)h, (long long)m);
  return true;
}

static const struct camp_member *member(const struct visit *v, const struct camp_page *c) {
  int64_t system = 0;
  (void)str_int(webform_get(&v->form, "system"), &system);
  for (size_t i = 0; i < c->members.n; i++)
    if (c->members.v[i].system == system) return &c->members.v[i];
  return NULL;
}

/* The slot as it was written; false, with a notice, if it is not right. */
static bool read_slot(struct visit *v, const struct camp_page *c, struct camp_slot *s) {
  struct str day, time;
  const struct camp_member *m = member(v, c);
  if (!form_day(v, "day", &day)) return false;
  s->table = field(v, "place"), s->tester = field(v, "tester"), s->protocol = webform_get(&v->form, "protocol");
  if (str_cmp(day, c->starts) < 0 || str_cmp(day, c->ends) > 0)
    say_no(v, "That day is not one of the camp's.", "Den dag er ikke en af campens.");
  else if (!read_clock(v, &time))
    say_no(v, "A slot has a time, such as 09:30.", "En tid har et klokkeslæt, for eksempel 09:30.");
  else if (!m || !camp_task_find(c, s->protocol))
    say_no(v, "A slot is of a system that takes part, and of a protocol that is tested here.",
           "En tid er for et system, der deltager, og en testprotokol, der testes her.");
  else
    s->system = m->system, s->when = arena_printf(v->arena, "%.*s %.*s", STR_F(day), STR_F(time));
  return s->when.n > 0;
}

/* Nobody sits at two tables, and no table has two systems at once. */
static bool is_taken(struct visit *v, const struct camp_page *c, const struct camp_slot *s) {
  for (size_t i = 0; i < c->slots.n; i++) {
    const struct camp_slot *o = &c->slots.v[i];
    bool meets = o->system == s->system || (s->table.n && str_eq(o->table, s->table));
    if (!str_eq(o->when, s->when) || !meets) continue;
    v->notice_is_error = true;
    v->notice = arena_printf(v->arena, "%s: %.*s, %s %.*s", visit_word(v, "That time is taken", "Den tid er optaget"),
                             STR_F(o->who), visit_word(v, "table", "bord"), STR_F(o->table));
    return true;
  }
  return false;
}

static void post_slots(struct visit *v) {
  struct camp_page c;
  struct camp_slot s = {0};
  struct error e;
  if (!camp_find(v, &c)) return;
  if (read_slot(v, &c, &s) && !is_taken(v, &c, &s))
    told(v,
         db_do(v->console->db, &e,
               "INSERT INTO camp_slots (camp, starts, place, system, protocol, tester) VALUES (?, ?, ?, ?, ?, ?)",
               "ississ", c.id, s.when, s.table, s.system, s.protocol, s.tester),
         &e);
  go_back(v, &c);
}

/* ---- removing ---- */

/* What is in the plan stays until its slots are removed: nobody loses a time by a slip. */
static bool is_planned(const struct camp_page *c, struct str what, struct str key) {
  int64_t system = 0;
  (void)str_int(key, &system);
  for (size_t i = 0; i < c->slots.n; i++) {
    const struct camp_slot *s = &c->slots.v[i];
    if (str_eqz(what, "task") && str_eq(s->protocol, key)) return true;
    if (str_eqz(what, "member") && s->system == system) return true;
  }
  return false;
}

static void post_remove(struct visit *v) {
  static const char *const rows[][2] = {{"task", "DELETE FROM camp_tasks WHERE camp = ? AND protocol = ?"},
                                        {"member", "DELETE FROM camp_members WHERE camp = ? AND system = ?"},
                                        {"slot", "DELETE FROM camp_slots WHERE camp = ? AND id = ?"}};
  struct camp_page c;
  struct error e;
  struct str what = webform_get(&v->form, "what"), key = webform_get(&v->form, "key");
  if (!camp_find(v, &c)) return;
  bool planned = is_planned(&c, what, key);
  if (planned)
    say_no(v, "It has slots in the plan: remove these first.", "Der er tider i programmet: fjern dem først.");
  for (size_t i = 0; i < sizeof rows / sizeof *rows && !planned; i++)
    if (str_eqz(what, rows[i][0])) told(v, db_do(v->console->db, &e, rows[i][1], "is", c.id, key), &e);
  go_back(v, &c);
}

const struct route camp_do_routes[] = {{"POST", "/camps", FOR_MEDCOM, ROUTE_PLAIN, post_camps},
                                       {"POST", "/camps/*/change", FOR_MEDCOM, ROUTE_PLAIN, post_change},
                                       {"POST", "/camps/*/tasks", FOR_MEDCOM, ROUTE_PLAIN, post_tasks},
                                       {"POST", "/camps/*/freeze", FOR_MEDCOM, ROUTE_PLAIN, post_freeze},
                                       {"POST", "/camps/*/members", FOR_MEDCOM, ROUTE_PLAIN, post_members},
                                       {"POST", "/camps/*/slots", FOR_MEDCOM, ROUTE_PLAIN, post_slots},
                                       {"POST", "/camps/*/remove", FOR_MEDCOM, ROUTE_PLAIN, post_remove},
                                       {0}};
