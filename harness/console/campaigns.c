/* Campaigns: every system that is approved for a standard has to be tested anew, by another protocol, by a date. */
#include "base/clock.h"
#include "console/approved_lists.h"
#include "console/console_int.h"
#include "console/offers.h"
#include "run/courses.h"

struct campaign {
  int64_t id;
  struct str name, standard, protocol, due;
};

/* ---- who is concerned, and how far they are ---- */

enum progress { NOT_STARTED, SELF_TEST_UNDER_WAY, SELF_TEST_PASSED, LIVE_TEST, LIVE_TEST_PASSED };

static const struct {
  const char *cls, *en, *da;
} progress_words[] = {[NOT_STARTED] = {"badge none", "not begun", "ikke begyndt"},
                      [SELF_TEST_UNDER_WAY] = {"badge waiting", "self-test under way", "egentest i gang"},
                      [SELF_TEST_PASSED] = {"badge waiting", "self-test OK", "egentest OK"},
                      [LIVE_TEST] = {"badge waiting", "live test under way", "livetest i gang"},
                      [LIVE_TEST_PASSED] = {"badge pass", "ready for approval", "klar til godkendelse"}};

static enum progress progress_of(const struct run_card *k) {
  if (str_eqz(k->mode, "certify")) return k->certifiable ? LIVE_TEST_PASSED : LIVE_TEST;
  return k->ended_at && k->verdict == VERDICT_PASS ? SELF_TEST_PASSED : SELF_TEST_UNDER_WAY;
}

/* Any version of the system counts: that it has a new one may be why it is tested anew. */
static enum progress farthest(const struct campaign *c, const struct course_subject *s, const struct run_card *cards,
                              size_t n, const struct run_card **run) {
  enum progress best = NOT_STARTED;
  *run = NULL;
  for (size_t i = 0; i < n; i++) {
    if (!str_eq(cards[i].protocol, c->protocol) || !str_eq_nocase(cards[i].system, s->system) ||
        !str_eq_nocase(cards[i].vendor, s->vendor))
      continue;
    enum progress p = progress_of(&cards[i]);
    if (*run && p <= best) continue;
    best = p, *run = &cards[i];
  }
  return best;
}

/* "RPT01", or with its version, "RPT01 R0131K"; never RPT01F for RPT01. */
static bool is_of(const struct campaign *c, struct str standard, struct str version) {
  struct str rest = c->standard, word = str_cut(&rest, ' ');
  bool fits = !str_trim(rest).n || str_eq(str_trim(rest), version);
  return str_eq_nocase(c->standard, standard) || (str_eq_nocase(word, standard) && fits);
}

/* A system that has to be tested anew. */
struct concerned {
  struct course_subject subject; /* of a list: without the version of the system */
  struct str list;               /* what says so, where it is no course of this store */
};

struct all_concerned {
  VEC(struct concerned) list;
};

/* Decided here, whether with approval or without: what a list says of it is older. */
static bool is_decided_here(const struct courses *all, const struct course_subject *s) {
  for (size_t i = 0; i < all->list.n; i++) {
    const struct course_subject *x = &all->list.v[i]->subject;
    bool same = str_eq_nocase(x->vendor, s->vendor) && str_eq_nocase(x->system, s->system) &&
                str_eq_nocase(x->standard, s->standard) && str_eq(x->standard_version, s->standard_version);
    if (same && str_eq(x->role, s->role) && all->list.v[i]->decision.at) return true;
  }
  return false;
}

/* A row of a list as the subject of a course: "RPT01 (R0131K)" apart, and the channel as the role that it is of. */
static struct course_subject subject_of(const struct approval *row) {
  struct str version = row->cells[APPROVAL_STANDARD_ID], standard = str_trim(str_cut(&version, '('));
  struct str channel = row->cells[APPROVAL_CHANNEL];
  version = str_trim(str_cut(&version, ')'));
  struct str role = str_eqz(channel, "Sende") ? STR("sender") : str_eqz(channel, "Modtage") ? STR("receiver") : channel;
  return (struct course_subject){.vendor = row->cells[APPROVAL_VENDOR],
                                 .system = row->cells[APPROVAL_SYSTEM],
                                 .standard = standard,
                                 .standard_version = version,
                                 .role = role};
}

/* Systems that courses of this store approved, and those of the published lists that were read into it. */
static int find_concerned(struct visit *v, const struct campaign *c, struct all_concerned *out, struct error *e) {
  struct courses courses = {0};
  struct approvals lists;
  struct store *s = v->console->options.store;
  if (courses_load(&courses, s, v->arena, e) < 0) return -1;
  if (approved_lists_load(&lists, s, v->arena, v->danish, e) < 0) return -1;
  for (size_t i = 0; i < courses.list.n; i++) {
    const struct course *x = courses.list.v[i];
    bool approved = x->decision.at && x->decision.approved;
    if (approved && is_of(c, x->subject.standard, x->subject.standard_version))
      VEC_PUSH(v->arena, &out->list, ((struct concerned){.subject = x->subject}));
  }
  for (size_t i = 0; i < lists.rows.n; i++) {
    const struct approval *row = &lists.rows.v[i];
    struct concerned x = {subject_of(row), row->basis};
    bool fits = is_of(c, x.subject.standard, x.subject.standard_version) ||
                str_eq_nocase(c->standard, row->cells[APPROVAL_STANDARD]);
    if (str_eqz(row->cells[APPROVAL_STATUS], "Godkendt") && fits && !is_decided_here(&courses, &x.subject))
      VEC_PUSH(v->arena, &out->list, x);
  }
  return 0;
}

/* ---- pages ---- */

static int read_all(struct visit *v, int64_t id, struct campaign **out, size_t *n, struct error *e) {
  struct db_rows r = {0};
  if (db_get(v->console->db, v->arena, &r, e,
             "SELECT id, name, standard, protocol, due FROM campaigns WHERE ? IN (0, id) ORDER BY due", "i", id) < 0)
    return -1;
  *n = r.n;
  *out = arena_alloc(v->arena, (r.n + 1) * sizeof **out);
  for (size_t i = 0; i < r.n; i++)
    (*out)[i] = (struct campaign){db_number(&r, i, 0), db_cell(&r, i, 1), db_cell(&r, i, 2), db_cell(&r, i, 3),
                                  db_cell(&r, i, 4)};
  return 0;
}

static void write_new(struct visit *v) {
  struct offer **list;
  size_t n;
  offers_protocols(v->console, &list, &n);
  form_fold(v, "form panel", "New campaign", "Ny kampagne", NULL, STR(""), "/campaigns");
  form_input(v, "text", "name", STR(""), "Name", "Navn");
  form_input(v, "text", "standard", STR(""), "Every system approved for this standard",
             "Alle systemer godkendt til standarden");
  form_select(v, "protocol", "is tested by this protocol", "testes efter testprotokollen");
  for (size_t i = 0; i < n; i++) form_option(v, list[i]->id, v->danish ? list[i]->title.da : list[i]->title.en, false);
  form_select_end(v);
  form_input(v, "date", "due", STR(""), "by", "senest");
  form_button(v, NULL, NULL, "main", "Create", "Opret");
  page_close(v);
  page_close(v);
}

static void get_campaigns(struct visit *v) {
  static const char *const heads[][2] = {{"Campaign", "Kampagne"},
                                         {"Approved for", "Godkendt til"},
                                         {"Test protocol", "Testprotokol"},
                                         {"By", "Senest"},
                                         {NULL, NULL}};
  struct campaign *all;
  struct error e;
  size_t n;
  if (read_all(v, 0, &all, &n, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  visit_begin(v, "Campaigns", "Kampagner");
  if (n) page_table(v, "campaigns", heads);
  for (size_t i = 0; i < n; i++) {
    page_open(v, "tr", NULL);
    page_open(v, "td", NULL), page_link(v, all[i].name, "/campaigns/%lld", (long long)all[i].id), page_close(v);
    page_text_in(v, "td", NULL, all[i].standard);
    page_text_in(v, "td", NULL, all[i].protocol);
    page_text_in(v, "td", "day", day_text_of(v, all[i].due));
    page_close(v);
  }
  if (n) page_table_end(v);
  write_new(v);
  visit_page(v);
}

/* False, with a notice: it is not right. */
static bool read_campaign(struct visit *v, struct campaign *c) {
  c->name = str_trim(webform_get(&v->form, "name")), c->standard = str_trim(webform_get(&v->form, "standard"));
  const struct offer *p = offers_protocol(v->console, webform_get(&v->form, "protocol"));
  if (c->name.n && c->standard.n && p) {
    c->protocol = p->id;
    return form_day(v, "due", &c->due);
  }
  v->notice_is_error = true;
  v->notice = str_z(visit_word(v, "A campaign has a name, a standard, a protocol and a date.",
                               "En kampagne har et navn, en standard, en testprotokol og en dato."));
  return false;
}

static void post_campaigns(struct visit *v) {
  struct campaign c = {0};
  struct error e;
  if (!read_campaign(v, &c)) {
    visit_go(v, "/campaigns");
  } else if (db_do(v->console->db, &e,
                   "INSERT INTO campaigns (name, standard, protocol, due, at) VALUES (?, ?, ?, ?, ?)", "ssssi", c.name,
                   c.standard, c.protocol, c.due, v->now) < 0) {
    v->notice = arena_str(v->arena, str_z(e.text)), v->notice_is_error = true;
    visit_go(v, "/campaigns");
  } else {
    visit_go(v, "/campaigns/%lld", (long long)db_last(v->console->db));
  }
}

static void write_system(struct visit *v, const struct campaign *c, const struct concerned *x, enum progress p,
                         const struct run_card *run) {
  const struct course_subject *s = &x->subject;
  bool late = p != LIVE_TEST_PASSED && str_cmp(str_sub(time_danish(v->arena, v->now), 0, 10), c->due) > 0;
  page_open(v, "tr", NULL);
  page_text_in(v, "td", NULL, s->vendor);
  page_open(v, "td", NULL);
  page_printf_in(v, "span", NULL, "%.*s %.*s", STR_F(s->system), STR_F(s->system_version));
  if (x->list.n) page_text_in(v, "div", "soft", x->list);
  page_close(v);
  page_printf_in(v, "td", NULL, "%s", page_role(v, s->role));
  page_open(v, "td", NULL);
  page_say_in(v, "span", progress_words[p].cls, progress_words[p].en, progress_words[p].da);
  if (late) page_say_in(v, "span", "badge fail", "overdue", "overskredet");
  page_close(v);
  page_open(v, "td", NULL);
  if (run) page_link(v, run->run, "/runs/%.*s", STR_F(run->run));
  page_close(v);
  page_close(v);
}

static int write_systems(struct visit *v, const struct campaign *c, struct error *e) {
  static const char *const heads[][2] = {{"Vendor", "Leverandør"}, {"Approved system", "Godkendt system"},
                                         {"Role", "Rolle"},        {"State", "Status"},
                                         {"Run", "Testforløb"},    {NULL, NULL}};
  struct all_concerned all = {0};
  struct run_card *cards;
  size_t n, done = 0;
  if (find_concerned(v, c, &all, e) < 0) return -1;
  if (!all.list.n) {
    page_say_in(v, "p", "soft",
                "No system is approved for that standard, by a course or a list that was read into this store "
                "(testcamp approvals).",
                "Ingen systemer er godkendt til den standard, hverken ved et forløb eller på en liste, der er læst ind "
                "i dette lager (testcamp approvals).");
    return 0;
  }
  run_cards_get(v, &cards, &n);
  page_table(v, "systems", heads);
  for (size_t i = 0; i < all.list.n; i++) {
    const struct run_card *run;
    enum progress p = farthest(c, &all.list.v[i].subject, cards, n, &run);
    done += p == LIVE_TEST_PASSED;
    write_system(v, c, &all.list.v[i], p, run);
  }
  page_table_end(v);
  page_printf_in(v, "p", "soft", "%zu %s %zu %s", done, visit_word(v, "of", "af"), all.list.n,
                 visit_word(v, "are ready for approval", "er klar til godkendelse"));
  return 0;
}

static void get_campaign(struct visit *v) {
  struct campaign *c = NULL;
  struct error e;
  size_t n = 0;
  int64_t id = 0;
  if (str_int(v->parts[0], &id) && id > 0 && read_all(v, id, &c, &n, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  if (!n) {
    visit_refuse(v, 404, "There is no such campaign.", "Den kampagne findes ikke.");
    return;
  }
  bool part = http_query(v->request, "part").n > 0;
  const char *name = arena_z(v->arena, c->name);
  if (part) {
    visit_begin_part(v);
  } else {
    visit_begin(v, name, name);
    page_printf_in(v, "p", "soft", "%.*s → %.*s · %s %.*s", STR_F(c->standard), STR_F(c->protocol),
                   visit_word(v, "by", "senest"), STR_F(day_text_of(v, c->due)));
    page_open(v, "div", NULL);
    page_live(v, "/events"), page_attr(v, "data-part", "/campaigns/%lld?part=1", (long long)c->id);
  }
  if (write_systems(v, c, &e) < 0) page_text_in(v, "p", "notice error", str_z(e.text));
  visit_page(v);
}

const struct route campaign_routes[] = {{"GET", "/campaigns", FOR_MEDCOM, ROUTE_PLAIN, get_campaigns},
                                        {"POST", "/campaigns", FOR_MEDCOM, ROUTE_PLAIN, post_campaigns},
                                        {"GET", "/campaigns/*", FOR_MEDCOM, ROUTE_PLAIN, get_campaign},
                                        {0}};
