/* The board: which system has come how far with which protocol, live, for a wall or a desk. */
#include "console/camps.h"
#include "console/guide.h"
#include "console/offers.h"
#include "record/record.h"
#include "run/courses.h"

#include <stdlib.h>

#define ROWS_MAX 400
#define COLUMNS_MAX 80

/* ---- what a cell says ---- */

enum standing {
  STANDS_FAILED,
  STANDS_MEDCOM,
  STANDS_VENDOR,
  STANDS_UNDER_WAY,
  STANDS_UNCLEAR,
  STANDS_PASSED,
  STANDS_READY,
  STANDS_APPROVED,
  STANDINGS
};

/* Never by colour alone: a sign and a word each. */
static const struct {
  const char *cls, *sign, *en, *da;
} standings[STANDINGS] = {
    [STANDS_FAILED] = {"failed", "✗", "failed", "fejl"},
    [STANDS_MEDCOM] = {"medcom", "◆", "MedCom to act", "venter på MedCom"},
    [STANDS_VENDOR] = {"vendor", "◇", "vendor to act", "venter på leverandør"},
    [STANDS_UNDER_WAY] = {"way", "▶", "under way", "i gang"},
    [STANDS_UNCLEAR] = {"unclear", "?", "inconclusive", "uafklaret"},
    [STANDS_PASSED] = {"passed", "✓", "OK by machine", "OK maskinelt"},
    [STANDS_READY] = {"ready", "✓✓", "ready for approval", "klar til godkendelse"},
    [STANDS_APPROVED] = {"approved", "★", "approved", "Godkendt"},
};

static bool is_approved(const struct courses *all, const struct run_card *k) {
  for (size_t i = 0; i < all->list.n; i++) {
    const struct course *c = all->list.v[i];
    if (!c->decision.at || !c->decision.approved) continue;
    if (!str_eq(c->subject.system, k->system) || !str_eq(c->subject.system_version, k->system_version)) continue;
    for (size_t p = 0; p < c->protocols.n; p++)
      if (str_eq(c->protocols.v[p].id, k->protocol) && str_eq(c->protocols.v[p].live_test, k->run)) return true;
  }
  return false;
}

static enum standing standing_of(const struct courses *all, const struct run_card *k) {
  if (k->certifiable) return is_approved(all, k) ? STANDS_APPROVED : STANDS_READY;
  if (k->verdict == VERDICT_FAIL) return STANDS_FAILED;
  if (k->waits_medcom) return STANDS_MEDCOM;
  if (k->waits_vendor) return STANDS_VENDOR;
  if (!k->ended_at && !k->damage.n) return STANDS_UNDER_WAY;
  return k->verdict == VERDICT_PASS ? STANDS_PASSED : STANDS_UNCLEAR;
}

/* ---- laying it out ---- */

struct column {
  struct str protocol, role, title;
};

struct line {
  int64_t member; /* of a camp: the number of its system; 0: all runs are shown */
  struct str vendor, system, version;
  const struct run_card *cells[COLUMNS_MAX]; /* the newest run of each */
};

struct board {
  struct column columns[COLUMNS_MAX];
  struct line *lines;
  size_t columns_n, lines_n;
  struct courses courses;
  struct camp_page *camp; /* NULL: all runs */
  size_t count[STANDINGS];
};

static size_t column_for(struct board *b, const struct visit *v, const struct run_card *k) {
  struct str title = v->danish ? k->title.da : k->title.en;
  if (b->camp && !camp_task_find(b->camp, k->protocol)) return COLUMNS_MAX;
  for (size_t i = 0; i < b->columns_n; i++)
    if (str_eq(b->columns[i].protocol, k->protocol)) return i;
  if (b->columns_n == COLUMNS_MAX) return COLUMNS_MAX;
  b->columns[b->columns_n] = (struct column){k->protocol, k->role, title.n ? title : k->protocol};
  return b->columns_n++;
}

static struct line *line_for(struct board *b, const struct run_card *k) {
  const struct camp_member *m = b->camp ? camp_member_of(b->camp, k) : NULL;
  if (b->camp && !m) return NULL;
  for (size_t i = 0; i < b->lines_n; i++) {
    struct line *l = &b->lines[i];
    if (m && l->member == m->system) return l;
    if (!m && str_eq(l->vendor, k->vendor) && str_eq(l->system, k->system) && str_eq(l->version, k->system_version))
      return l;
  }
  if (b->lines_n == ROWS_MAX) return NULL;
  struct line *l = &b->lines[b->lines_n++];
  *l = (struct line){.vendor = k->vendor, .system = k->system, .version = k->system_version};
  if (m) *l = (struct line){m->system, m->organisation_name, m->name, m->version, {0}};
  return l;
}

/* A camp's board shows what has not begun, too. */
static void lay_out_camp(struct board *b, struct visit *v) {
  for (size_t i = 0; b->camp && i < b->camp->tasks.n; i++) {
    const struct offer *p = offers_protocol(v->console, b->camp->tasks.v[i].protocol);
    struct run_card k = {.protocol = b->camp->tasks.v[i].protocol};
    if (p) k.title = p->title, k.role = p->role;
    (void)column_for(b, v, &k);
  }
  for (size_t i = 0; b->camp && i < b->camp->members.n; i++) {
    const struct camp_member *m = &b->camp->members.v[i];
    struct run_card k = {.vendor = m->organisation_name,
                         .organisation = m->organisation,
                         .system = m->name,
                         .system_version = m->version};
    (void)line_for(b, &k);
  }
}

/* The camp of ?camp=N, as the visitor may see it. */
static int camp_of(struct visit *v, struct camp_page **out, struct error *e) {
  int64_t id = 0;
  struct str asked = http_query(v->request, "camp");
  *out = NULL;
  if (!asked.n) return 0;
  *out = ARENA_NEW(v->arena, struct camp_page);
  return str_int(asked, &id) ? camp_page_get(v, id, *out, e) : (**out = (struct camp_page){0}, 0);
}

/* Not read yet, not to be read, or a message to try the connection: nobody is on the way to anything by that. */
static bool is_shown(const struct board *b, const struct run_card *k) {
  bool hello = str_eqz(k->protocol, "test-message") && !str_eqz(k->mode, RECORD_CERTIFY) && !b->camp;
  return !k->damage.n && k->protocol.n && !hello;
}

static int by_title(const void *a, const void *b) {
  const struct column *x = a, *y = b;
  int order = str_cmp(x->title, y->title);
  return order ? order : str_cmp(x->protocol, y->protocol);
}

static int by_vendor(const void *a, const void *b) {
  const struct line *x = a, *y = b;
  int order = str_cmp(x->vendor, y->vendor);
  if (!order) order = str_cmp(x->system, y->system);
  return order ? order : str_cmp(x->version, y->version);
}

/* Who looks at a wall finds a system where it was: runs that begin move nothing. A camp has an order of its own. */
static void order_board(struct board *b, const struct visit *v, const struct run_card *cards, size_t n) {
  if (b->camp) return;
  for (size_t i = 0; i < n; i++)
    if (is_shown(b, &cards[i]) && column_for(b, v, &cards[i]) < COLUMNS_MAX) (void)line_for(b, &cards[i]);
  qsort(b->columns, b->columns_n, sizeof *b->columns, by_title);
  qsort(b->lines, b->lines_n, sizeof *b->lines, by_vendor);
}

/* Cards are newest first: the first one of a cell is the one that shows. */
static struct board *lay_out(struct visit *v, struct error *e) {
  struct board *b = ARENA_NEW(v->arena, struct board);
  struct run_card *cards;
  size_t n;
  *b = (struct board){.lines = arena_alloc(v->arena, ROWS_MAX * sizeof *b->lines)};
  if (courses_load(&b->courses, v->console->options.store, v->arena, e) < 0) return NULL;
  if (camp_of(v, &b->camp, e) < 0) return NULL;
  lay_out_camp(b, v);
  run_cards_get(v, &cards, &n);
  order_board(b, v, cards, n);
  for (size_t i = 0; i < n; i++) {
    if (!is_shown(b, &cards[i])) continue;
    size_t column = column_for(b, v, &cards[i]);
    struct line *l = column < COLUMNS_MAX ? line_for(b, &cards[i]) : NULL;
    if (!l || l->cells[column]) continue;
    l->cells[column] = &cards[i];
    b->count[standing_of(&b->courses, &cards[i])]++;
  }
  return b;
}

/* ---- writing ---- */

/* It was made by another version of the protocol than is frozen. */
static bool is_other_version(const struct board *b, const struct run_card *k) {
  const struct camp_task *t = b->camp ? camp_task_find(b->camp, k->protocol) : NULL;
  return t && t->digest.n && !str_eq(t->digest, k->digest);
}

/* From a camp's board a test is begun by who may. */
static void write_none(struct visit *v, const struct line *l, const struct column *c) {
  bool begins = l->member && v->who.role != ROLE_VIEWER;
  page_open(v, "td", "cell none");
  if (begins) {
    page_open(v, "a", NULL);
    page_attr(v, "href", "/start?protocol=%.*s&system=system:%lld", STR_F(c->protocol), (long long)l->member);
    page_attr(v, "title", "%s", visit_word(v, "Begin", "Begynd"));
  }
  page_say_in(v, "span", "hidden", begins ? "not begun: begin" : "not begun",
              begins ? "ikke begyndt: begynd" : "ikke begyndt");
  if (begins) page_close(v);
  page_close(v);
}

/* A board has a thousand of them: its sign is of the style sheet, by the class. */
static void write_cell(struct visit *v, const struct board *b, const struct line *l, size_t column) {
  const struct run_card *k = l->cells[column];
  if (!k) {
    write_none(v, l, &b->columns[column]);
    return;
  }
  enum standing s = standing_of(&b->courses, k);
  page_open(v, "td", arena_printf(v->arena, "cell %s", standings[s].cls).p);
  page_open(v, "a", NULL);
  page_attr(v, "href", "/runs/%.*s", STR_F(k->run));
  page_say_in(v, "b", NULL, standings[s].en, standings[s].da);
  if (!k->ended_at) page_printf_in(v, "i", NULL, "%zu/%zu", k->judged, k->steps);
  if (is_other_version(b, k)) page_say_in(v, "i", NULL, "⚠ not the frozen version", "⚠ ikke den frosne version");
  page_close(v);
  page_close(v);
}

static void write_changes(struct visit *v, const struct board *b) {
  for (size_t i = 0; b->camp && i < b->camp->tasks.n; i++) {
    const struct camp_task *t = &b->camp->tasks.v[i];
    struct str changes[] = {camp_task_change(v, t), camp_task_late(v, b->camp, t)};
    for (size_t k = 0; k < sizeof changes / sizeof *changes; k++)
      if (changes[k].n) page_printf_in(v, "p", "notice error", "%.*s: %.*s", STR_F(t->protocol), STR_F(changes[k]));
  }
}

static void write_heads(struct visit *v, const struct board *b) {
  page_open(v, "thead", NULL);
  page_open(v, "tr", NULL);
  page_open(v, "th", NULL), page_attr(v, "scope", "col"), page_say(v, "System", "System"), page_close(v);
  for (size_t i = 0; i < b->columns_n; i++) {
    page_open(v, "th", NULL);
    page_attr(v, "scope", "col"), page_attr(v, "title", "%.*s", STR_F(b->columns[i].protocol));
    page_text(v, b->columns[i].title);
    if (b->columns[i].role.n) page_printf_in(v, "span", "soft", "%s", page_role(v, b->columns[i].role));
    page_close(v);
  }
  page_close(v);
  page_close(v);
}

static void write_line(struct visit *v, const struct board *b, const struct line *l) {
  page_open(v, "tr", NULL);
  page_open(v, "th", NULL);
  page_attr(v, "scope", "row");
  page_printf_in(v, "span", "system", "%.*s %.*s", STR_F(l->system), STR_F(l->version));
  page_text_in(v, "span", "soft", l->vendor);
  page_close(v);
  for (size_t i = 0; i < b->columns_n; i++) write_cell(v, b, l, i);
  page_close(v);
}

static void write_counts(struct visit *v, const struct board *b) {
  page_open(v, "ul", "counts");
  for (int i = STANDINGS - 1; i >= 0; i--) {
    if (!b->count[i]) continue;
    page_open(v, "li", arena_printf(v->arena, "cell %s", standings[i].cls).p);
    page_printf_in(v, "strong", NULL, "%s %zu", standings[i].sign, b->count[i]);
    page_text(v, STR(" "));
    page_say(v, standings[i].en, standings[i].da);
    page_close(v);
  }
  page_close(v);
}

static void write_board(struct visit *v) {
  struct error e;
  struct board *b = lay_out(v, &e);
  if (!b || !b->lines_n) {
    if (b)
      page_say_in(v, "p", NULL, "There are no runs yet.", "Der er ingen testforløb endnu."), guide_first(v, "first");
    else
      page_complaint_in(v, "p", "notice error", str_z(e.text));
    return;
  }
  write_changes(v, b);
  write_counts(v, b);
  page_open(v, "div", "scroll");
  page_attr(v, "tabindex", "0"), page_attr(v, "role", "group");
  page_attr(v, "aria-label", "%s", visit_word(v, "Board", "Tavle"));
  page_open(v, "table", "board");
  write_heads(v, b);
  page_open(v, "tbody", NULL);
  for (size_t i = 0; i < b->lines_n; i++) write_line(v, b, &b->lines[i]);
  page_close(v);
  page_close(v);
  page_close(v);
  page_printf_in(v, "p", "soft", "%s %.*s", visit_word(v, "As of", "Status"), STR_F(when_text(v, v->now)));
}

/* ---- one rendering for all who watch ---- */

/* MedCom and viewers see the same board; what was rendered for one is sent to all until a run moves. */
struct board_page {
  int64_t age;
  struct buf html;
};

static struct board_page *kept_page(struct visit *v) {
  struct console *c = v->console;
  if (!c->boards) {
    c->boards = arena_alloc(c->arena, 2 * sizeof *c->boards);
    for (int i = 0; i < 2; i++) {
      c->boards[i] = (struct board_page){.age = -1};
      buf_init(&c->boards[i].html, PAGE_MAX);
    }
  }
  return &c->boards[v->danish];
}

void board_free(struct console *c) {
  for (int i = 0; c->boards && i < 2; i++) buf_release(&c->boards[i].html);
}

static void write_kept(struct visit *v) {
  bool own = v->who.role == ROLE_VENDOR || http_query(v->request, "camp").n > 0;
  struct board_page *kept = own ? NULL : kept_page(v);
  if (kept && kept->age == run_cards_age(v->console)) {
    html_text(&v->html, STR("")); /* closes the open tag */
    buf_add(&v->out, buf_str(&kept->html));
    return;
  }
  html_text(&v->html, STR(""));
  size_t from = v->out.n;
  int64_t age = run_cards_age(v->console);
  write_board(v);
  if (!kept) return;
  buf_clear(&kept->html);
  buf_add(&kept->html, str_sub(buf_str(&v->out), from, v->out.n));
  kept->age = age;
}

/* "?camp=3&big=1" with what is wanted of it; digits only. */
static struct str address(struct visit *v, const char *more) {
  int64_t camp = 0;
  bool has = str_int(http_query(v->request, "camp"), &camp);
  struct str s = has ? arena_printf(v->arena, "/board?camp=%lld", (long long)camp) : STR("/board");
  return *more ? arena_printf(v->arena, "%.*s%c%s", STR_F(s), has ? '&' : '?', more) : s;
}

/* A camp's board has its name; not for a vendor without a part in it. */
static void begin_board(struct visit *v) {
  struct camp_page *c;
  struct error e;
  bool known = camp_of(v, &c, &e) == 0 && c && c->id && (v->who.role != ROLE_VENDOR || c->members.n);
  const char *name = known ? arena_printf(v->arena, ": %.*s", STR_F(c->name)).p : "";
  visit_begin(v, arena_printf(v->arena, "Board%s", name).p, arena_printf(v->arena, "Tavle%s", name).p);
}

static void get_board(struct visit *v) {
  bool big = http_query(v->request, "big").n > 0;
  if (http_query(v->request, "part").n) {
    visit_begin_part(v);
  } else {
    begin_board(v);
    page_open(v, "p", NULL);
    page_link(v,
              str_z(big ? visit_word(v, "Normal size", "Normal størrelse")
                        : visit_word(v, "For the wall (large)", "Til væggen (stor)")),
              "%.*s", STR_F(address(v, big ? "" : "big=1")));
    page_close(v);
    page_open(v, "div", big ? "big" : NULL);
    page_live(v, "/events"), page_attr(v, "data-part", "%.*s", STR_F(address(v, "part=1")));
  }
  write_kept(v);
  visit_page(v);
}

const struct route board_routes[] = {{"GET", "/board", FOR_ALL, ROUTE_PLAIN, get_board}, {0}};
