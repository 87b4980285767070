#include "console/guide.h"
#include "console/paging.h"

static void write_waits(struct visit *v, const struct run_card *k) {
  page_open(v, "td", NULL);
  if (k->paused) page_say_in(v, "span", "tag", "paused", "på pause");
  if (k->waits_vendor) page_say_in(v, "span", "tag", "vendor", "leverandør");
  if (k->waits_medcom) page_say_in(v, "span", "tag", "MedCom", "MedCom");
  page_close(v);
}

static void write_run(struct visit *v, const struct run_card *k) {
  struct str title = v->danish ? k->title.da : k->title.en;
  page_open(v, "tr", NULL);
  page_open(v, "td", NULL);
  page_link(v, k->run, "/runs/%.*s", STR_F(k->run));
  page_close(v);
  page_text_in(v, "td", NULL, title.n ? title : k->protocol);
  page_printf_in(v, "td", NULL, "%.*s %.*s", STR_F(k->system), STR_F(k->system_version));
  page_text_in(v, "td", NULL, k->vendor);
  page_say_in(v, "td", NULL, str_eqz(k->mode, "certify") ? "certification" : "self-test",
              str_eqz(k->mode, "certify") ? "certificering" : "egentest");
  page_open(v, "td", NULL);
  if (k->damage.n)
    page_complaint_in(v, "span", "badge harness", k->damage);
  else
    page_verdict(v, k->verdict);
  page_close(v);
  page_printf_in(v, "td", "number", "%zu/%zu", k->judged, k->steps);
  write_waits(v, k);
  page_text_in(v, "td", NULL, when_text(v, k->last_at));
  page_close(v);
}

static bool has_words(struct visit *v, const struct run_card *k, struct str words) {
  struct str all =
      arena_printf(v->arena, "%.*s %.*s %.*s %.*s %.*s %.*s %.*s %.*s %s", STR_F(k->run), STR_F(k->protocol),
                   STR_F(k->title.en), STR_F(k->title.da), STR_F(k->system), STR_F(k->system_version), STR_F(k->vendor),
                   STR_F(k->mode), verdict_word(v, k->verdict));
  return page_has_words(v, all, words);
}

/* Fewer are seen at a glance. */
#define SEARCHED_MIN 10

static size_t choose(struct visit *v, struct run_card *cards, size_t n) {
  struct str words = http_query(v->request, "q");
  size_t chosen = 0;
  for (size_t i = 0; words.n && i < n; i++)
    if (has_words(v, &cards[i], words)) cards[chosen++] = cards[i];
  return words.n ? chosen : n;
}

static void write_runs(struct visit *v) {
  static const char *const heads[][2] = {{"Run", "Testforløb"},    {"Protocol", "Testprotokol"},
                                         {"System", "System"},     {"Vendor", "Leverandør"},
                                         {"Kind", "Type"},         {"Result", "Resultat"},
                                         {"Steps", "Teststep"},    {"Waits for", "Venter på"},
                                         {"Last event", "Senest"}, {NULL, NULL}};
  struct run_card *cards;
  struct paging p = paging_of(v, "page");
  size_t n;
  run_cards_get(v, &cards, &n);
  size_t all = n;
  n = choose(v, cards, n);
  if (!all) {
    page_say_in(v, "p", NULL, "There are no runs yet.", "Der er ingen testforløb endnu.");
    guide_first(v, "first");
    return;
  }
  if (all > n) page_printf_in(v, "p", "soft", "%zu / %zu", n, all);
  page_table(v, "runs", heads);
  for (size_t i = 0; i < n; i++)
    if (paging_takes(&p)) write_run(v, &cards[i]);
  page_table_end(v);
  page_paging(v, &p, "/", http_query(v->request, "q"));
}

static void get_runs(struct visit *v) {
  bool part = http_query(v->request, "part").n > 0;
  if (part)
    visit_begin_part(v);
  else
    visit_begin(v, "Runs", "Testforløb");
  if (!part) {
    struct run_card *cards;
    size_t n;
    struct str query = v->request->query, words = http_query(v->request, "q");
    run_cards_get(v, &cards, &n);
    if (n >= SEARCHED_MIN || words.n)
      page_search(v, "/", words, "Run, protocol, system, vendor or result",
                  "Testforløb, testprotokol, system, leverandør eller resultat");
    page_open(v, "div", NULL), page_live(v, "/events");
    page_attr(v, "data-part", "/?part=1%s%.*s", query.n ? "&" : "", STR_F(query));
  }
  write_runs(v);
  visit_page(v);
}

static void get_events(struct visit *v) {
  live_hold(v, v->who.role == ROLE_VENDOR ? live_topic_of(v->arena, v->who.organisation) : STR("runs"));
}

const struct route home_routes[] = {
    {"GET", "/", FOR_ALL, ROUTE_PLAIN, get_runs}, {"GET", "/events", FOR_ALL, ROUTE_PLAIN, get_events}, {0}};
