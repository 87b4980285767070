/* How a system is connected, on its page: the addresses for each role and of each open test, and the test message. */
#include "console/systems_int.h"

static const char *const roles[][3] = {{"sender", "as sender", "som afsender"},
                                       {"receiver", "as receiver", "som modtager"}};

static bool fetches(const struct vendor *w) {
  return str_ends(w->exchange, STR("-http")) && !w->address.n;
}

static bool is_by_hand(const struct vendor *w) {
  return str_eqz(w->exchange, "upload");
}

static const char *exchange_word(const struct visit *v, const struct vendor *w) {
  for (size_t i = 0; i < SYSTEMS_KINDS; i++)
    if (str_eqz(w->exchange, systems_kinds[i][0])) return visit_word(v, systems_kinds[i][1], systems_kinds[i][2]);
  return arena_z(v->arena, w->exchange);
}

/* An address for each role: what a vendor sets up before the first run. */
static void write_addresses(struct visit *v, const struct vendor *w) {
  for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
    const struct camp *c = v->console->options.camp;
    struct str at = camp_address(c, v->arena, w->system, str_z(roles[i][0]));
    const char *word = visit_word(v, roles[i][1], roles[i][2]);
    const char *does = str_ends(w->exchange, STR("-http")) ? visit_word(v, "It sends to,", "Det sender til,")
                                                           : visit_word(v, "It calls,", "Det kalder,");
    page_printf_in(v, "dt", NULL, "%s %s", does, word);
    page_text_in(v, "dd", NULL, at);
    if (!fetches(w)) continue;
    page_printf_in(v, "dt", NULL, "%s %s", visit_word(v, "It fetches from,", "Det henter fra,"), word);
    page_printf_in(v, "dd", NULL, "%.*s/inbox", STR_F(at));
  }
}

static void write_open_run(struct visit *v, const struct vendor *w, const struct run_card *k, const struct run *run) {
  page_open(v, "tr", NULL);
  page_open(v, "td", NULL);
  page_link(v, v->danish ? k->title.da : k->title.en, "/runs/%.*s", STR_F(k->run));
  page_printf_in(v, "div", "soft", "%s", page_role(v, k->role));
  page_close(v);
  page_printf_in(v, "td", "words", "%s/%.*s", run_address(run), STR_F(k->run));
  if (fetches(w)) page_printf_in(v, "td", "words", "%s/%.*s/inbox", run_address(run), STR_F(k->run));
  page_close(v);
}

/* Several tests of a role at once are told apart by these. */
static void write_open_runs(struct visit *v, const struct vendor *w) {
  static const char *const to[][2] = {{"Open test", "Åben test"}, {"Send to", "Send til"}, {NULL, NULL}};
  static const char *const both[][2] = {
      {"Open test", "Åben test"}, {"Send to", "Send til"}, {"Fetch from", "Hent fra"}, {NULL, NULL}};
  struct run_card *all;
  struct error e;
  size_t n, shown = 0;
  if (system_cards(v, v->system, &all, &n, &e) < 0) return;
  for (size_t i = 0; i < n; i++) {
    const struct run *run = camp_run(v->console->options.camp, all[i].run);
    if (!run || all[i].ended_at || !run_address(run)[0]) continue;
    if (!shown++) page_table(v, "addresses", fetches(w) ? both : to);
    write_open_run(v, w, &all[i], run);
  }
  if (shown) page_table_end(v);
}

static void write_connection(struct visit *v, const struct vendor *w) {
  page_say_in(v, "h2", NULL, "How to connect", "Sådan forbindes systemet");
  page_open(v, "dl", "facts");
  page_fact(v, "Exchange", "Udveksling", str_z(exchange_word(v, w)));
  if (!is_by_hand(w)) write_addresses(v, w);
  page_fact(v, "We send to", "Vi sender til", w->address);
  page_fact(v, "Form", "Format", w->form);
  page_fact(v, "Its GLN", "Dets lokationsnummer (GLN)", facts_get(&w->variables, "vendor.gln"));
  page_fact(v, "Our GLN", "Vores lokationsnummer (GLN)", facts_get(&w->variables, "counterpart.gln"));
  page_fact(v, "Our second GLN", "Vores andet lokationsnummer (GLN)", facts_get(&w->variables, "counterpart.2.gln"));
  page_close(v);
  if (is_by_hand(w)) {
    page_say_in(v, "p", NULL, "Messages are handed in and fetched as files, on the page of each run.",
                "Meddelelser indleveres og hentes som filer på siden for hvert testforløb.");
    return;
  }
  page_say_in(v, "p", "soft",
              "These addresses answer while a test of that role is open. Each open test has one of its own besides, "
              "which stands here then: use it when several tests of a role are open at once.",
              "Adresserne svarer, mens en test i den rolle er åben. Hver åben test har desuden sin egen, som da står "
              "her: brug den, når flere test i en rolle er åbne samtidig.");
  write_open_runs(v, w);
}

static void write_hello(struct visit *v, const struct vendor *w) {
  if (v->console->options.certificate.n) {
    page_open(v, "p", NULL);
    page_link(v,
              str_z(visit_word(v, "Our certificate, to trust (PEM)", "Vores certifikat, som skal have tillid (PEM)")),
              "/systems/%lld/certificate", (long long)v->system);
    page_close(v);
  }
  if (!w->address.n && !is_by_hand(w) && !fetches(w)) return;
  form_open(v, false, "/systems/%lld/hello", (long long)v->system);
  form_button(v, NULL, NULL, NULL, "Send me a test message", "Send mig en prøvemeddelelse");
  page_close(v);
  if (fetches(w))
    page_say_in(v, "p", "soft hint", "It is laid ready: the page that follows names the address to fetch it from.",
                "Den lægges klar: den næste side viser adressen, den hentes fra.");
}

void systems_connection(struct visit *v, const struct vendor *w) {
  write_connection(v, w);
  write_hello(v, w);
}
