#include "base/clock.h"
#include "console/camps.h"
#include "console/guide.h"
#include "console/offers.h"
#include "console/systems.h"

/* ---- all camps ---- */

static int write_camps(struct visit *v, struct error *e) {
  static const char *const heads[][2] = {
      {"Test camp", "Testcamp"}, {"From", "Fra"}, {"To", "Til"}, {"Place", "Sted"}, {NULL, NULL}};
  struct db_rows r = {0};
  int64_t only = v->who.role == ROLE_VENDOR ? v->who.organisation : -1;
  if (db_get(v->console->db, v->arena, &r, e,
             "SELECT id, name, starts, ends, place FROM camps WHERE ? = -1 OR id IN (SELECT m.camp FROM camp_members m"
             " JOIN systems s ON s.id = m.system WHERE s.organisation = ?) ORDER BY starts DESC",
             "ii", only, only) < 0)
    return -1;
  if (!r.n) page_say_in(v, "p", NULL, "There are no test camps.", "Der er ingen testcamps.");
  if (!r.n) return guide_first(v, "camps"), 0;
  page_table(v, "camps", heads);
  for (size_t i = 0; i < r.n; i++) {
    page_open(v, "tr", NULL);
    page_open(v, "td", NULL), page_link(v, db_cell(&r, i, 1), "/camps/%.*s", STR_F(db_cell(&r, i, 0))), page_close(v);
    for (size_t k = 2; k < 5; k++) page_text_in(v, "td", NULL, db_cell(&r, i, k));
    page_close(v);
  }
  page_table_end(v);
  return 0;
}

static void get_camps(struct visit *v) {
  struct error e;
  visit_begin(v, "Test camps", "Testcamps");
  if (write_camps(v, &e) < 0) page_text_in(v, "p", "notice error", str_z(e.text));
  if (v->who.role == ROLE_MEDCOM) {
    page_open(v, "details", "form panel");
    page_say_in(v, "summary", NULL, "New test camp", "Ny testcamp");
    form_open(v, false, "/camps");
    form_input(v, "text", "name", STR(""), "Name", "Navn");
    form_input(v, "date", "starts", STR(""), "First day", "Første dag");
    form_input(v, "date", "ends", STR(""), "Last day", "Sidste dag");
    form_input(v, "text", "place", STR(""), "Place", "Sted");
    form_button(v, NULL, NULL, "main", "Create", "Opret");
    page_close(v);
    page_close(v);
    page_open(v, "p", NULL);
    page_link(v, str_z(visit_word(v, "Campaigns", "Kampagner")), "/campaigns");
    page_text(v, STR(" · "));
    page_link(v, str_z(visit_word(v, "Approved systems", "Godkendte systemer")), "/approved");
    page_close(v);
  }
  visit_page(v);
}

/* "2026-11-29". */
static bool is_day(struct visit *v, struct str s) {
  int64_t ms;
  bool zone;
  return s.n == 10 && time_parse(arena_printf(v->arena, "%.*sT00:00:00Z", STR_F(s)), &ms, &zone);
}

static void refuse(struct visit *v, struct str why, const char *address) {
  v->notice = arena_str(v->arena, why), v->notice_is_error = true;
  visit_go(v, "%s", address);
}

static void post_camps(struct visit *v) {
  struct str name = str_trim(webform_get(&v->form, "name")), starts = webform_get(&v->form, "starts"),
             ends = webform_get(&v->form, "ends");
  struct error e;
  if (!name.n || !is_day(v, starts) || !is_day(v, ends) || str_cmp(ends, starts) < 0)
    refuse(v,
           str_z(visit_word(v, "A camp has a name, a first day, and a last day that is not before it.",
                            "En testcamp har et navn, en første dag og en sidste dag, der ikke er før den.")),
           "/camps");
  else if (db_do(v->console->db, &e, "INSERT INTO camps (name, place, starts, ends, at) VALUES (?, ?, ?, ?, ?)",
                 "ssssi", name, webform_get(&v->form, "place"), starts, ends, v->now) < 0)
    refuse(v, str_z(e.text), "/camps");
  else
    visit_go(v, "/camps/%lld", (long long)db_last(v->console->db));
}

/* ---- one camp ---- */

static bool is_medcom(const struct visit *v) {
  return v->who.role == ROLE_MEDCOM;
}

static void write_remove(struct visit *v, const struct camp_page *c, const char *what, struct str key,
                         struct str named) {
  if (!is_medcom(v)) return;
  form_open(v, false, "/camps/%lld/remove", (long long)c->id);
  form_hidden(v, "what", str_z(what));
  form_hidden(v, "key", key);
  page_open(v, "button", "quiet");
  page_attr(v, "aria-label", "%s %.*s", visit_word(v, "Remove", "Fjern"), STR_F(named));
  page_say(v, "Remove", "Fjern");
  page_close(v);
  page_close(v);
}

static void write_tasks(struct visit *v, const struct camp_page *c) {
  static const char *const heads[][2] = {{"Test protocol", "Testprotokol"},
                                         {"Frozen version", "Frosset version"},
                                         {"Since", "Siden"},
                                         {"", ""},
                                         {NULL, NULL}};
  page_say_in(v, "h2", NULL, "What is tested", "Det der testes");
  if (c->tasks.n) page_table(v, "tasks", heads);
  for (size_t i = 0; i < c->tasks.n; i++) {
    const struct camp_task *t = &c->tasks.v[i];
    struct str change = camp_task_change(v, t);
    page_open(v, "tr", NULL);
    page_open(v, "td", NULL), page_link(v, t->protocol, "/protocols/%.*s", STR_F(t->protocol)), page_close(v);
    page_open(v, "td", NULL);
    page_printf_in(v, "span", NULL, "%.*s %.12s", STR_F(t->version), t->digest.n ? t->digest.p : "");
    if (change.n) page_open(v, "div", NULL), page_text_in(v, "span", "badge fail", change), page_close(v);
    page_close(v);
    page_text_in(v, "td", NULL, when_text(v, t->frozen_at));
    page_open(v, "td", NULL), write_remove(v, c, "task", t->protocol, t->protocol), page_close(v);
    page_close(v);
  }
  if (c->tasks.n) page_table_end(v);
}

static void write_add_task(struct visit *v, const struct camp_page *c) {
  struct offer **list;
  size_t n;
  if (!is_medcom(v)) return;
  offers_protocols(v->console, &list, &n);
  page_open(v, "div", "row");
  form_open(v, false, "/camps/%lld/tasks", (long long)c->id);
  form_select(v, "protocol", "Add a protocol", "Tilføj testprotokol");
  for (size_t i = 0; i < n; i++) form_option(v, list[i]->id, v->danish ? list[i]->title.da : list[i]->title.en, false);
  form_select_end(v);
  form_button(v, NULL, NULL, NULL, "Add", "Tilføj");
  page_close(v);
  if (c->tasks.n) {
    form_open(v, false, "/camps/%lld/freeze", (long long)c->id);
    form_button(v, NULL, NULL, NULL, "Freeze all as they are now", "Frys alle, som de er nu");
    page_close(v);
  }
  page_close(v);
}

static void write_members(struct visit *v, const struct camp_page *c) {
  static const char *const heads[][2] = {
      {"Organisation", "Organisation"}, {"System", "System"}, {"", ""}, {NULL, NULL}};
  page_say_in(v, "h2", NULL, "Who takes part", "Deltagere");
  if (c->members.n) page_table(v, "members", heads);
  for (size_t i = 0; i < c->members.n; i++) {
    const struct camp_member *m = &c->members.v[i];
    page_open(v, "tr", NULL);
    page_text_in(v, "td", NULL, m->organisation_name);
    page_printf_in(v, "td", NULL, "%.*s %.*s", STR_F(m->name), STR_F(m->version));
    page_open(v, "td", NULL);
    write_remove(v, c, "member", arena_printf(v->arena, "%lld", (long long)m->system), m->name);
    page_close(v);
    page_close(v);
  }
  if (c->members.n) page_table_end(v);
}

static void write_system_choice(struct visit *v) {
  struct system *list;
  size_t n;
  struct error e;
  form_select(v, "system", "System", "System");
  if (systems_get(v, &list, &n, &e) == 0)
    for (size_t i = 0; i < n; i++)
      form_option(v, arena_printf(v->arena, "%lld", (long long)list[i].id),
                  arena_printf(v->arena, "%.*s, %.*s %.*s", STR_F(list[i].organisation_name), STR_F(list[i].name),
                               STR_F(list[i].version)),
                  false);
  form_select_end(v);
}

static void write_add_member(struct visit *v, const struct camp_page *c) {
  if (!is_medcom(v)) return;
  form_open(v, false, "/camps/%lld/members", (long long)c->id);
  page_open(v, "div", "row");
  write_system_choice(v);
  form_button(v, NULL, NULL, NULL, "Add", "Tilføj");
  page_close(v);
  page_close(v);
}

static void write_slots(struct visit *v, const struct camp_page *c) {
  static const char *const heads[][2] = {
      {"When", "Hvornår"},  {"Table", "Bord"}, {"Who", "Hvem"}, {"Test protocol", "Testprotokol"},
      {"Tester", "Tester"}, {"", ""},          {NULL, NULL}};
  page_say_in(v, "h2", NULL, "Plan", "Program");
  if (c->slots.n) page_table(v, "slots", heads);
  for (size_t i = 0; i < c->slots.n; i++) {
    const struct camp_slot *s = &c->slots.v[i];
    struct str cells[] = {s->when, s->table, s->who, s->protocol, s->tester};
    page_open(v, "tr", NULL);
    for (size_t k = 0; k < 5; k++) page_text_in(v, "td", NULL, cells[k]);
    page_open(v, "td", NULL);
    write_remove(v, c, "slot", arena_printf(v->arena, "%lld", (long long)s->id), s->when);
    page_close(v);
    page_close(v);
  }
  if (c->slots.n) page_table_end(v);
}

static void write_add_slot(struct visit *v, const struct camp_page *c) {
  if (!is_medcom(v) || !c->tasks.n) return;
  page_open(v, "details", "form panel");
  page_say_in(v, "summary", NULL, "New slot", "Ny tid");
  form_open(v, false, "/camps/%lld/slots", (long long)c->id);
  form_input(v, "text", "starts", c->starts, "When (2026-11-29 09:30)", "Hvornår (2026-11-29 09:30)");
  form_input(v, "text", "place", STR(""), "Table", "Bord");
  write_system_choice(v);
  form_select(v, "protocol", "Test protocol", "Testprotokol");
  for (size_t i = 0; i < c->tasks.n; i++) form_option(v, c->tasks.v[i].protocol, c->tasks.v[i].protocol, false);
  form_select_end(v);
  form_input(v, "text", "tester", STR(""), "Tester", "Tester");
  form_button(v, NULL, NULL, "main", "Add", "Tilføj");
  page_close(v);
  page_close(v);
}

/* The camp of the address as the visitor may see it; false: the visit is ended. A vendor without a part in it sees
 * none. */
static bool find_camp(struct visit *v, struct camp_page *c) {
  int64_t id = 0;
  struct error e;
  if (str_int(v->parts[0], &id) && camp_page_get(v, id, c, &e) < 0) return visit_fail(v, &e), false;
  if (c->id && (v->who.role != ROLE_VENDOR || c->members.n)) return true;
  visit_refuse(v, 404, "There is no such page, or it is not yours to see.",
               "Der er ingen sådan side, eller du må ikke se den.");
  return false;
}

static void get_camp(struct visit *v) {
  struct camp_page c = {0};
  if (!find_camp(v, &c)) return;
  const char *name = arena_z(v->arena, c.name);
  visit_begin(v, name, name);
  page_printf_in(v, "p", "soft", "%.*s – %.*s · %.*s", STR_F(c.starts), STR_F(c.ends), STR_F(c.place));
  page_open(v, "p", NULL);
  page_link(v, str_z(visit_word(v, "Board of this camp", "Campens tavle")), "/board?camp=%lld", (long long)c.id);
  page_close(v);
  write_tasks(v, &c);
  write_add_task(v, &c);
  write_members(v, &c);
  write_add_member(v, &c);
  write_slots(v, &c);
  write_add_slot(v, &c);
  visit_page(v);
}

/* ---- what is changed about it ---- */

static void go_back(struct visit *v, const struct camp_page *c, int result, const struct error *e) {
  if (result < 0) v->notice = arena_str(v->arena, str_z(e->text)), v->notice_is_error = true;
  visit_go(v, "/camps/%lld", (long long)c->id);
}

static void post_tasks(struct visit *v) {
  struct camp_page c = {0};
  struct error e;
  if (!find_camp(v, &c)) return;
  const struct offer *p = offers_protocol(v->console, webform_get(&v->form, "protocol"));
  int result = p ? db_do(v->console->db, &e, "INSERT OR IGNORE INTO camp_tasks (camp, protocol) VALUES (?, ?)", "is",
                         c.id, p->id)
                 : error_set(&e, ERR_CONFIG, "%s", visit_word(v, "There is no such protocol.", "Den findes ikke."));
  go_back(v, &c, result, &e);
}

static void post_freeze(struct visit *v) {
  struct camp_page c = {0};
  struct error e;
  int result = 0;
  if (!find_camp(v, &c)) return;
  for (size_t i = 0; i < c.tasks.n && result == 0; i++) {
    const struct offer *p = offers_protocol(v->console, c.tasks.v[i].protocol);
    if (p)
      result = db_do(v->console->db, &e,
                     "UPDATE camp_tasks SET version = ?, digest = ?, frozen_at = ? WHERE camp = ? AND protocol = ?",
                     "sziis", p->version, p->digest, v->now, c.id, p->id);
  }
  audit(v, "frozen", c.name);
  go_back(v, &c, result, &e);
}

static void post_members(struct visit *v) {
  struct camp_page c = {0};
  struct error e;
  int64_t system = 0;
  if (!find_camp(v, &c)) return;
  (void)str_int(webform_get(&v->form, "system"), &system);
  int result =
      db_do(v->console->db, &e, "INSERT OR IGNORE INTO camp_members (camp, system) VALUES (?, ?)", "ii", c.id, system);
  go_back(v, &c, result, &e);
}

static void post_slots(struct visit *v) {
  struct camp_page c = {0};
  struct error e;
  int64_t system = 0;
  if (!find_camp(v, &c)) return;
  (void)str_int(webform_get(&v->form, "system"), &system);
  int result = db_do(v->console->db, &e,
                     "INSERT INTO camp_slots (camp, starts, place, system, protocol, tester) VALUES (?, ?, ?, ?, ?, ?)",
                     "ississ", c.id, webform_get(&v->form, "starts"), webform_get(&v->form, "place"), system,
                     webform_get(&v->form, "protocol"), webform_get(&v->form, "tester"));
  go_back(v, &c, result, &e);
}

static void post_remove(struct visit *v) {
  static const char *const rows[][2] = {{"task", "DELETE FROM camp_tasks WHERE camp = ? AND protocol = ?"},
                                        {"member", "DELETE FROM camp_members WHERE camp = ? AND system = ?"},
                                        {"slot", "DELETE FROM camp_slots WHERE camp = ? AND id = ?"}};
  struct camp_page c = {0};
  struct error e;
  int result = 0;
  if (!find_camp(v, &c)) return;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (str_eqz(webform_get(&v->form, "what"), rows[i][0]))
      result = db_do(v->console->db, &e, rows[i][1], "is", c.id, webform_get(&v->form, "key"));
  go_back(v, &c, result, &e);
}

const struct route camp_routes[] = {{"GET", "/camps", FOR_ALL, ROUTE_PLAIN, get_camps},
                                    {"POST", "/camps", FOR_MEDCOM, ROUTE_PLAIN, post_camps},
                                    {"GET", "/camps/*", FOR_ALL, ROUTE_PLAIN, get_camp},
                                    {"POST", "/camps/*/tasks", FOR_MEDCOM, ROUTE_PLAIN, post_tasks},
                                    {"POST", "/camps/*/freeze", FOR_MEDCOM, ROUTE_PLAIN, post_freeze},
                                    {"POST", "/camps/*/members", FOR_MEDCOM, ROUTE_PLAIN, post_members},
                                    {"POST", "/camps/*/slots", FOR_MEDCOM, ROUTE_PLAIN, post_slots},
                                    {"POST", "/camps/*/remove", FOR_MEDCOM, ROUTE_PLAIN, post_remove},
                                    {0}};
