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
    for (size_t k = 2; k < 4; k++) page_text_in(v, "td", "day", day_text_of(v, db_cell(&r, i, k)));
    page_text_in(v, "td", NULL, db_cell(&r, i, 4));
    page_close(v);
  }
  page_table_end(v);
  return 0;
}

static void write_camp_fields(struct visit *v, const struct camp_page *c) {
  form_input(v, "text", "name", c->name, "Name", "Navn");
  form_input(v, "date", "starts", c->starts, "First day", "Første dag");
  form_input(v, "date", "ends", c->ends, "Last day", "Sidste dag");
  form_input(v, "text", "place", c->place, "Place", "Sted");
}

static void get_camps(struct visit *v) {
  struct error e;
  visit_begin(v, "Test camps", "Testcamps");
  if (write_camps(v, &e) < 0) page_complaint_in(v, "p", "notice error", str_z(e.text));
  if (v->who.role == ROLE_MEDCOM) {
    form_fold(v, "form panel", "New test camp", "Ny testcamp", NULL, STR(""), "/camps");
    write_camp_fields(v, &(struct camp_page){0});
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

/* What people call a protocol; its id if it is gone. */
static struct str title_of(struct visit *v, struct str protocol) {
  const struct offer *p = offers_protocol(v->console, protocol);
  struct str title = !p ? STR("") : v->danish ? p->title.da : p->title.en;
  return title.n ? title : protocol;
}

static void write_freezes(struct visit *v, const struct camp_page *c, const struct camp_task *t) {
  struct str flags[] = {camp_task_change(v, t), camp_task_late(v, c, t)};
  page_printf_in(v, "span", NULL, "%.*s %.12s", STR_F(t->version), t->digest.n ? t->digest.p : "");
  if (!t->digest.n) page_say_in(v, "span", "soft", "not frozen", "ikke frosset");
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
    if (flags[i].n) page_open(v, "div", NULL), page_text_in(v, "span", "badge fail", flags[i]), page_close(v);
  for (size_t i = t->before.n; i > 0; i--) {
    const struct camp_freeze *f = &t->before.v[i - 1];
    page_printf_in(v, "div", "soft", "%s %.*s %.12s, %s %.*s (%.*s)", visit_word(v, "before:", "før:"),
                   STR_F(f->version), arena_z(v->arena, f->digest), visit_word(v, "until", "til"),
                   STR_F(when_text(v, f->until)), STR_F(f->by));
  }
}

static void write_task(struct visit *v, const struct camp_page *c, const struct camp_task *t) {
  const struct offer *p = offers_protocol(v->console, t->protocol);
  page_open(v, "tr", NULL);
  page_open(v, "td", NULL);
  page_link(v, title_of(v, t->protocol), "/protocols/%.*s", STR_F(t->protocol));
  page_text_in(v, "div", "soft", t->protocol);
  page_close(v);
  page_printf_in(v, "td", NULL, "%s", p ? page_role(v, p->role) : "");
  page_open(v, "td", NULL), write_freezes(v, c, t), page_close(v);
  page_text_in(v, "td", "day", when_text(v, t->frozen_at));
  page_open(v, "td", NULL), write_remove(v, c, "task", t->protocol, t->protocol), page_close(v);
  page_close(v);
}

static void write_tasks(struct visit *v, const struct camp_page *c) {
  static const char *const heads[][2] = {{"Test protocol", "Testprotokol"},
                                         {"Role", "Rolle"},
                                         {"Frozen version", "Frosset version"},
                                         {"Since", "Siden"},
                                         {"", ""},
                                         {NULL, NULL}};
  page_say_in(v, "h2", NULL, "What is tested", "Det, der testes");
  if (c->tasks.n) page_table(v, "tasks", heads);
  for (size_t i = 0; i < c->tasks.n; i++) write_task(v, c, &c->tasks.v[i]);
  if (c->tasks.n) page_table_end(v);
}

static void write_add_task(struct visit *v, const struct camp_page *c) {
  struct offer **list;
  size_t n;
  if (!is_medcom(v)) return;
  offers_protocols(v->console, &list, &n);
  page_open(v, "div", "row adding");
  form_open(v, false, "/camps/%lld/tasks", (long long)c->id);
  page_open(v, "div", "row");
  form_select(v, "protocol", "Add a protocol", "Tilføj testprotokol");
  for (size_t i = 0; i < n; i++) form_option(v, list[i]->id, v->danish ? list[i]->title.da : list[i]->title.en, false);
  form_select_end(v);
  form_button(v, NULL, NULL, NULL, "Add", "Tilføj");
  page_close(v);
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
  form_select(v, "system", "Add a system", "Tilføj system");
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
  page_open(v, "div", "row adding");
  write_system_choice(v);
  form_button(v, NULL, NULL, NULL, "Add", "Tilføj");
  page_close(v);
  page_close(v);
}

/* "28-11-2026 09:30"; a time of before days and times were two fields stays as it is. */
static struct str slot_text(struct visit *v, struct str when) {
  return arena_printf(v->arena, "%.*s%.*s", STR_F(day_text_of(v, str_sub(when, 0, 10))),
                      STR_F(str_sub(when, 10, when.n)));
}

static void write_begin(struct visit *v, const struct camp_slot *s) {
  if (v->who.role == ROLE_VIEWER) return;
  page_link(v, str_z(visit_word(v, "Begin", "Begynd")), "/start?protocol=%.*s&system=system:%lld", STR_F(s->protocol),
            (long long)s->system);
}

static const char *const slot_heads[][2] = {
    {"When", "Hvornår"},  {"Table", "Bord"}, {"Who", "Hvem"}, {"Test protocol", "Testprotokol"},
    {"Tester", "Tester"}, {"", ""},          {NULL, NULL}};

/* On a phone, where the heads of the table are not there, each cell says what it is (style.css). */
static void write_slot(struct visit *v, const struct camp_page *c, const struct camp_slot *s) {
  struct str cells[] = {slot_text(v, s->when), s->table, s->who, title_of(v, s->protocol), s->tester};
  page_open(v, "tr", NULL);
  for (size_t k = 0; k < sizeof cells / sizeof *cells; k++) {
    page_open(v, "td", k ? NULL : "day");
    if (k && cells[k].n) page_attr(v, "data-head", "%s", visit_word(v, slot_heads[k][0], slot_heads[k][1]));
    page_text(v, cells[k]);
    page_close(v);
  }
  page_open(v, "td", NULL);
  page_open(v, "div", "links");
  write_begin(v, s);
  write_remove(v, c, "slot", arena_printf(v->arena, "%lld", (long long)s->id), cells[0]);
  page_close(v);
  page_close(v);
  page_close(v);
}

static void write_slots(struct visit *v, const struct camp_page *c) {
  page_say_in(v, "h2", NULL, "Plan", "Program");
  if (!c->slots.n) page_say_in(v, "p", "soft", "There are no slots yet.", "Der er ingen tider endnu.");
  if (c->slots.n) page_table(v, "slots", slot_heads);
  for (size_t i = 0; i < c->slots.n; i++) write_slot(v, c, &c->slots.v[i]);
  if (c->slots.n) page_table_end(v);
}

static void write_slot_fields(struct visit *v, const struct camp_page *c) {
  form_input(v, "date", "day", c->starts, "Day", "Dag");
  form_input(v, "time", "time", STR(""), "Time", "Klokkeslæt");
  form_input(v, "text", "place", STR(""), "Table", "Bord");
  form_select(v, "system", "System", "System");
  for (size_t i = 0; i < c->members.n; i++) {
    const struct camp_member *m = &c->members.v[i];
    form_option(
        v, arena_printf(v->arena, "%lld", (long long)m->system),
        arena_printf(v->arena, "%.*s, %.*s %.*s", STR_F(m->organisation_name), STR_F(m->name), STR_F(m->version)),
        false);
  }
  form_select_end(v);
  form_select(v, "protocol", "Test protocol", "Testprotokol");
  for (size_t i = 0; i < c->tasks.n; i++)
    form_option(v, c->tasks.v[i].protocol, title_of(v, c->tasks.v[i].protocol), false);
  form_select_end(v);
  form_input(v, "text", "tester", STR(""), "Tester", "Tester");
}

static void write_add_slot(struct visit *v, const struct camp_page *c) {
  if (!is_medcom(v)) return;
  if (!c->tasks.n || !c->members.n) {
    page_say_in(v, "p", "soft", "Slots are made when there is something to test and somebody who takes part.",
                "Tider laves, når der er noget at teste og nogen, der deltager.");
    return;
  }
  form_fold(v, "form panel", "New slot", "Ny tid", NULL, STR(""), "/camps/%lld/slots", (long long)c->id);
  write_slot_fields(v, c);
  form_button(v, NULL, NULL, "main", "Add", "Tilføj");
  page_close(v);
  page_close(v);
}

static void write_change(struct visit *v, const struct camp_page *c) {
  if (!is_medcom(v)) return;
  form_fold(v, "form panel", "Change name, days or place", "Ret navn, dage eller sted", NULL, STR(""),
            "/camps/%lld/change", (long long)c->id);
  write_camp_fields(v, c);
  form_button(v, NULL, NULL, "main", "Save", "Gem");
  page_close(v);
  page_close(v);
}

static void get_camp(struct visit *v) {
  struct camp_page c;
  if (!camp_find(v, &c)) return;
  const char *name = arena_z(v->arena, c.name);
  visit_begin(v, name, name);
  page_printf_in(v, "p", "soft", "%.*s – %.*s%s%.*s", STR_F(day_text_of(v, c.starts)), STR_F(day_text_of(v, c.ends)),
                 c.place.n ? " · " : "", STR_F(c.place));
  page_open(v, "p", NULL);
  page_link(v, str_z(visit_word(v, "Board of this camp", "Campens tavle")), "/board?camp=%lld", (long long)c.id);
  page_close(v);
  write_change(v, &c);
  write_tasks(v, &c);
  write_add_task(v, &c);
  write_members(v, &c);
  write_add_member(v, &c);
  write_slots(v, &c);
  write_add_slot(v, &c);
  visit_page(v);
}

const struct route camp_routes[] = {
    {"GET", "/camps", FOR_ALL, ROUTE_PLAIN, get_camps}, {"GET", "/camps/*", FOR_ALL, ROUTE_PLAIN, get_camp}, {0}};
