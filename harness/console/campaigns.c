/* Campaigns: every system that is approved for a standard has to be tested anew, by another protocol, by a date. */
#include "base/clock.h"
#include "console/concerned.h"
#include "console/offers.h"

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
static enum progress farthest(const struct campaign *c, const struct concerned *s, const struct run_card *cards,
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
  page_open(v, "p", NULL);
  page_link(v, str_z(visit_word(v, "Approved systems", "Godkendte systemer")), "/approved");
  page_close(v);
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

static int add(struct visit *v, const struct campaign *c, struct error *e) {
  int result =
      db_do(v->console->db, e, "INSERT INTO campaigns (name, standard, protocol, due, at) VALUES (?, ?, ?, ?, ?)",
            "ssssi", c->name, c->standard, c->protocol, c->due, v->now);
  return visit_in_words(v, result, e, "There is a campaign of that name already.",
                        "Der er allerede en kampagne med det navn.");
}

static void post_campaigns(struct visit *v) {
  struct campaign c = {0};
  struct error e;
  if (!read_campaign(v, &c)) {
    visit_go(v, "/campaigns");
  } else if (add(v, &c, &e) < 0) {
    visit_complain(v, visit_without_folders(v, str_z(e.text)));
    visit_go(v, "/campaigns");
  } else {
    visit_go(v, "/campaigns/%lld", (long long)db_last(v->console->db));
  }
}

static void write_system(struct visit *v, const struct campaign *c, const struct concerned *s,
                         const struct run_card *cards, size_t n) {
  const struct run_card *run;
  enum progress p = farthest(c, s, cards, n, &run);
  bool late = p != LIVE_TEST_PASSED && str_cmp(str_sub(time_danish(v->arena, v->now), 0, 10), c->due) > 0;
  page_open(v, "tr", NULL);
  page_text_in(v, "td", NULL, s->vendor);
  page_printf_in(v, "td", NULL, "%.*s %.*s", STR_F(s->system), STR_F(s->version));
  page_text_in(v, "td", NULL, s->channel);
  page_text_in(v, "td", "soft", s->basis.n ? s->basis : str_z(visit_word(v, "course", "forløb")));
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
  static const char *const heads[][2] = {{"Vendor", "Leverandør"},
                                         {"Approved system", "Godkendt system"},
                                         {"Channel", "Kanal"},
                                         {"By", "Efter"},
                                         {"State", "Status"},
                                         {"Run", "Testforløb"},
                                         {NULL, NULL}};
  struct concerned *all;
  struct run_card *cards;
  size_t n, shown = 0;
  if (concerned_by(v, c->standard, &all, &shown, e) < 0) return -1;
  run_cards_get(v, &cards, &n);
  page_table(v, "systems", heads);
  for (size_t i = 0; i < shown; i++) write_system(v, c, &all[i], cards, n);
  page_table_end(v);
  if (!shown)
    page_say_in(
        v, "p", "soft",
        "No system is approved for that standard, neither by a course of this store nor by a list that was read in.",
        "Ingen systemer er godkendt til den standard, hverken ved et forløb i dette lager eller i en indlæst liste.");
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
  if (write_systems(v, c, &e) < 0) page_complaint_in(v, "p", "notice error", str_z(e.text));
  visit_page(v);
}

const struct route campaign_routes[] = {{"GET", "/campaigns", FOR_MEDCOM, ROUTE_PLAIN, get_campaigns},
                                        {"POST", "/campaigns", FOR_MEDCOM, ROUTE_PLAIN, post_campaigns},
                                        {"GET", "/campaigns/*", FOR_MEDCOM, ROUTE_PLAIN, get_campaign},
                                        {0}};
