/* A run beside another one, by other rules, and as it is kept: what only reads is done by commands in a child. */
#include "base/utf8.h"
#include "console/offers.h"
#include "console/runpage_int.h"

#include <string.h>

#define USES_MAX 10 /* packages to judge by, at once */

void run_page_more_links(struct visit *v) {
  static const struct {
    const char *page, *en, *da;
    bool medcom;
  } links[] = {{"compare", "Compare with another run", "Sammenlign med et andet testforløb", false},
               {"rejudge", "Judge again", "Bedøm igen", false},
               {"verify", "Is it unaltered?", "Er den uændret?", false},
               {"insert", "Put in a step", "Indsæt teststep", true}};
  for (size_t i = 0; i < sizeof links / sizeof *links; i++)
    if (!links[i].medcom || v->who.role == ROLE_MEDCOM)
      page_link(v, str_z(visit_word(v, links[i].en, links[i].da)), "/runs/%.*s/%s", STR_F(run_page_id(v)),
                links[i].page);
}

/* ---- what a command printed ---- */

/* Its lines, with what went ("- ...") and what came ("+ ...") told apart by more than the sign. */
static void write_lines(struct visit *v, struct str text) {
  page_open(v, "pre", "wrap changes");
  while (text.n) {
    struct str line = str_cut(&text, '\n'), said = str_trim(line);
    bool sign = said.n > 2 && said.p[1] == ' ' && line.p[0] == ' ';
    if (sign && said.p[0] == '-')
      page_text_in(v, "del", "gone", line);
    else if (sign && said.p[0] == '+')
      page_text_in(v, "ins", "come", line);
    else
      page_text_in(v, "span", NULL, line);
    page_text(v, STR("\n"));
  }
  page_close(v);
}

static void write_complaint(struct visit *v, const struct done *d) {
  struct str text = visit_without_folders(v, str_trim(d->err.n ? d->err : d->out));
  page_say_in(v, "p", "notice error", "That could not be done:", "Det kunne ikke lade sig gøre:");
  page_complaint_in(v, "pre", "wrap", utf8_head(text, 4000));
}

static void begin(struct visit *v, const char *en, const char *da) {
  visit_begin(v, en, da);
  page_open(v, "p", "links");
  page_link(v, str_z(visit_word(v, "Back to the run", "Tilbage til testforløbet")), "/runs/%.*s",
            STR_F(run_page_id(v)));
}

/* ---- beside another run ---- */

static const char *mode_word(const struct visit *v, struct str mode) {
  return str_eqz(mode, RECORD_CERTIFY) ? visit_word(v, "Certification (live test)", "Certificering (livetest)")
                                       : visit_word(v, "Self-test", "Egentest");
}

static void write_other(struct visit *v, const struct run_card *k) {
  page_open(v, "tr", NULL);
  page_open(v, "td", NULL);
  page_link(v, k->run, "/runs/%.*s/compare/%.*s", STR_F(run_page_id(v)), STR_F(k->run));
  page_close(v);
  page_open(v, "td", NULL), page_verdict(v, k->verdict), page_close(v);
  page_text_in(v, "td", NULL, when_text(v, k->started_at));
  page_printf_in(v, "td", NULL, "%.*s %.*s", STR_F(k->system), STR_F(k->system_version));
  page_text_in(v, "td", NULL, k->vendor);
  page_text_in(v, "td", NULL, k->protocol);
  page_text_in(v, "td", NULL, str_z(mode_word(v, k->mode)));
  page_close(v);
}

static bool is_same_system(const struct run_card *k, const struct run_card *own) {
  return str_eq(k->system, own->system) && str_eq(k->vendor, own->vendor);
}

/* Of the same protocol: its own system's first, for they are what is compared most; then other systems'. */
static size_t write_others(struct visit *v, const struct run_card *all, size_t n, const struct run_card *own,
                           bool system, bool protocol) {
  static const char *const heads[][2] = {
      {"Run", "Testforløb"},    {"Verdict", "Bedømmelse"},         {"Begun", "Begyndt"},         {"System", "System"},
      {"Vendor", "Leverandør"}, {"Test protocol", "Testprotokol"}, {"Kind of test", "Testtype"}, {NULL, NULL}};
  size_t shown = 0;
  for (size_t i = 0; i < n; i++) {
    if (all[i].damage.n || str_eq(all[i].run, own->run)) continue;
    if (is_same_system(&all[i], own) != system || str_eq(all[i].protocol, own->protocol) != protocol) continue;
    if (!shown++) {
      if (system && protocol)
        page_say_in(v, "h2", NULL, "The same system and test protocol", "Samme system og testprotokol");
      else if (protocol)
        page_say_in(v, "h2", NULL, "Other systems, the same test protocol", "Andre systemer, samme testprotokol");
      else
        page_say_in(v, "h2", NULL, "The same system, other test protocols", "Samme system, andre testprotokoller");
      page_table(v, "runs", heads);
    }
    write_other(v, &all[i]);
  }
  if (shown) page_table_end(v);
  return shown;
}

static void get_compare(struct visit *v) {
  struct run_card *all, own = run_card_of(v);
  size_t n, shown = 0;
  run_cards_get(v, &all, &n);
  begin(v, "Compare with another run", "Sammenlign med et andet testforløb");
  page_close(v);
  page_printf_in(v, "p", NULL, "%.*s · %.*s %.*s · %.*s", STR_F(own.run), STR_F(own.system), STR_F(own.system_version),
                 STR_F(own.protocol));
  shown += write_others(v, all, n, &own, true, true);
  shown += write_others(v, all, n, &own, false, true);
  shown += write_others(v, all, n, &own, true, false);
  if (!shown)
    page_say_in(v, "p", "soft", "There is no other run of this system or test protocol yet.",
                "Der er endnu intet andet testforløb for systemet eller testprotokollen.");
  visit_page(v);
}

/* The other run of the address is found and checked as the router found the first. */
static bool find_both(struct visit *v, struct run **earlier, struct run **later) {
  struct run *other;
  bool is_open;
  if (!visit_find_run(v, v->parts[1], &other, &is_open)) return false;
  if (!visit_find_run(v, v->parts[0], &v->run, &v->run_is_open)) return false;
  const struct state *own = run_state(v->run), *theirs = run_state(other);
  bool first = !theirs->started || (own->started && own->started->at <= theirs->started->at);
  *earlier = first ? v->run : other;
  *later = first ? other : v->run;
  return true;
}

static void write_one_of_two(struct visit *v, const struct run *r, const char *en, const char *da) {
  const struct state *s = run_state(r);
  const struct plan *p = s->plan;
  page_open(v, "tr", NULL);
  page_open(v, "th", NULL), page_attr(v, "scope", "row"), page_say(v, en, da), page_close(v);
  page_open(v, "td", NULL), page_link(v, s->run, "/runs/%.*s", STR_F(s->run)), page_close(v);
  page_open(v, "td", NULL), page_verdict(v, state_verdict(s)), page_close(v);
  page_text_in(v, "td", NULL, when_text(v, s->started ? s->started->at : 0));
  page_printf_in(v, "td", NULL, "%.*s %.*s", STR_F(p->vendor->system),
                 STR_F(s->system_version.n ? s->system_version : p->vendor->version));
  page_printf_in(v, "td", NULL, "%.*s %.*s", STR_F(p->protocol->id), STR_F(p->protocol->version));
  page_text_in(v, "td", NULL, str_z(mode_word(v, s->started ? event_get(s->started, "mode") : STR(""))));
  page_close(v);
}

static void write_two(struct visit *v, const struct run *earlier, const struct run *later) {
  static const char *const heads[][2] = {{"", ""},
                                         {"Run", "Testforløb"},
                                         {"Verdict", "Bedømmelse"},
                                         {"Begun", "Begyndt"},
                                         {"System", "System"},
                                         {"Test protocol", "Testprotokol"},
                                         {"Kind of test", "Testtype"},
                                         {NULL, NULL}};
  page_table(v, "runs", heads);
  write_one_of_two(v, earlier, "Earlier", "Tidligere");
  write_one_of_two(v, later, "Later", "Senere");
  page_table_end(v);
}

static void show_comparison(struct visit *v, const struct done *d) {
  struct run *earlier, *later;
  if (!find_both(v, &earlier, &later)) return;
  begin(v, "Two runs compared", "To testforløb sammenlignet");
  page_link(v, str_z(visit_word(v, "Choose another run", "Vælg et andet testforløb")), "/runs/%.*s/compare",
            STR_F(run_page_id(v)));
  page_close(v);
  write_two(v, earlier, later);
  if (d->code > 1 || !d->out.n) {
    write_complaint(v, d);
  } else {
    page_say_in(v, "p", d->code ? "notice wait" : "notice",
                d->code ? "They differ: of each, what became of the earlier in the later." : "No step differs.",
                d->code ? "De er forskellige: for hvert teststep, hvad der er blevet af det tidligere i det senere."
                        : "Intet teststep er forskelligt.");
    write_lines(v, d->out);
  }
  visit_page(v);
}

static void get_comparison(struct visit *v) {
  struct run *earlier, *later;
  if (!find_both(v, &earlier, &later)) return;
  const char *first = arena_z(v->arena, run_state(earlier)->run), *second = arena_z(v->arena, run_state(later)->run);
  camp_settle(v->console->options.camp);
  do_reading(v, (const char *const[]){"report", first, second, "--format=diff", lang_option(v), store_option(v), NULL},
             show_comparison);
}

/* ---- by other rules ---- */

static void write_packages(struct visit *v, const struct protocol *p) {
  form_input(v, "text", "use", webform_get(&v->form, "use"), "By these packages: NAME@VERSION, with blanks between",
             "Efter disse pakker: NAVN@VERSION, med mellemrum imellem");
  if (!p->packages.n) return;
  page_open(v, "p", "soft");
  page_say(v, "The protocol judges by: ", "Testprotokollen bedømmer efter: ");
  for (size_t i = 0; i < p->packages.n; i++)
    page_printf_in(v, "code", NULL, "%s%.*s", i ? " " : "", STR_F(p->packages.v[i]));
  page_close(v);
}

static void write_protocols(struct visit *v, const struct protocol *own) {
  struct offer **list;
  struct str chosen = webform_get(&v->form, "protocol");
  size_t n;
  offers_protocols(v->console, &list, &n);
  form_select(v, "protocol", "By this test protocol", "Efter denne testprotokol");
  form_option(v, STR(""),
              arena_printf(v->arena, "%s %.*s %.*s", visit_word(v, "as it was played:", "som den blev spillet:"),
                           STR_F(own->id), STR_F(own->version)),
              !chosen.n);
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i]->standard, own->standard) && str_eq(list[i]->role, own->role))
      form_option(v, list[i]->id, arena_printf(v->arena, "%.*s %.*s", STR_F(list[i]->id), STR_F(list[i]->version)),
                  str_eq(chosen, list[i]->id));
  form_select_end(v);
}

static void begin_rejudge(struct visit *v) {
  const struct protocol *own = run_state(v->run)->plan->protocol;
  begin(v, "Judge again", "Bedøm igen");
  page_close(v);
  page_say_in(v, "p", "soft",
              "What was recorded is judged by the rules of today, other packages or another test protocol, without the "
              "system. It shows what would change; the run stays as it is.",
              "Det optagne bedømmes efter reglerne i dag, andre pakker eller en anden testprotokol, uden systemet. Her "
              "vises, hvad der ville blive anderledes; testforløbet ændres ikke.");
  form_open(v, true, "/runs/%.*s/rejudge", STR_F(run_page_id(v)));
  write_protocols(v, own);
  if (v->who.role == ROLE_MEDCOM)
    form_input(v, "file", "file", STR(""), "or by a protocol that is not in the data folder yet",
               "eller efter en protokol, der endnu ikke er i datamappen");
  write_packages(v, own);
  if (v->who.role == ROLE_MEDCOM)
    form_input(v, "file", "known", STR(""), "By these findings that are agreed upon, instead of those of the run",
               "Med disse fund, der er aftalt, i stedet for testforløbets egne");
  form_button(v, NULL, NULL, "main", "Judge", "Bedøm");
  page_close(v);
}

static void get_rejudge(struct visit *v) {
  begin_rejudge(v);
  visit_page(v);
}

static void show_rejudged(struct visit *v, const struct done *d) {
  if (!visit_find_run(v, run_page_id(v), &v->run, &v->run_is_open)) return;
  begin_rejudge(v);
  page_say_in(v, "h2", NULL, "What would change", "Det, der ville blive anderledes");
  if (d->code == 0)
    page_say_in(v, "p", "notice", "Nothing gets worse.", "Intet bliver værre.");
  else if (d->code == 1)
    page_say_in(v, "p", "notice error", "Something gets worse.", "Noget bliver værre.");
  else if (d->code == 3 && d->out.n)
    page_say_in(v, "p", "notice wait", "Nothing gets worse, but the run is neither passed nor failed.",
                "Intet bliver værre, men testforløbet er hverken godkendt eller fejlet.");
  else
    write_complaint(v, d);
  if (d->code < 2 || (d->code == 3 && d->out.n)) write_lines(v, d->out);
  visit_page(v);
}

/* The protocol to judge by: MedCom's file, or one of the data folder, or (*path NULL) as it was played. False: the
 * visit is ended. */
static bool chosen_protocol(struct visit *v, const char **path) {
  const struct webform_field *f = webform_nth(&v->form, "file", 0);
  struct str id = webform_get(&v->form, "protocol");
  const struct offer *p = id.n ? offers_protocol(v->console, id) : NULL;
  *path = p ? offers_path(v->console, v->arena, p->path) : NULL;
  if (v->who.role == ROLE_MEDCOM && f && f->is_file && f->value.n)
    return (*path = visit_file(v, STR("protocol.yaml"), f->value)) != NULL;
  if (!id.n || p) return true;
  visit_refuse(v, 400, "That protocol is not in the data folder any more.",
               "Den testprotokol ligger ikke længere i datamappen.");
  return false;
}

static void post_rejudge(struct visit *v) {
  const char *argv[8 + USES_MAX] = {"rejudge", lang_option(v), store_option(v)}, *path;
  const struct webform_field *known = webform_nth(&v->form, "known", 0);
  struct str rest = webform_get(&v->form, "use");
  size_t n = 3, uses = 0;
  if (!chosen_protocol(v, &path)) return;
  if (path) argv[n++] = arena_printf(v->arena, "--protocol=%s", path).p;
  while (rest.n && uses <= USES_MAX) {
    struct str use = str_trim(str_cut(&rest, ' '));
    if (use.n) argv[n++] = arena_printf(v->arena, "--use=%.*s", STR_F(use)).p, uses++;
  }
  if (uses > USES_MAX) {
    visit_ask_again(v, begin_rejudge, "At most 10 packages at once: name fewer.",
                    "Højst 10 pakker ad gangen: angiv færre.");
    return;
  }
  if (v->who.role == ROLE_MEDCOM && known && known->is_file && known->value.n) {
    if (!(path = visit_file(v, STR("known-issues.yaml"), known->value))) return;
    argv[n++] = arena_printf(v->arena, "--known-issues=%s", path).p;
  }
  argv[n++] = "--", argv[n++] = arena_z(v->arena, run_page_id(v));
  camp_settle(v->console->options.camp);
  do_reading(v, argv, show_rejudged);
}

/* ---- as it is kept ---- */

static void show_verified(struct visit *v, const struct done *d) {
  begin(v, "Is it unaltered?", "Er den uændret?");
  page_link(v, str_z(visit_word(v, "Evidence bundle", "Evidenspakke")), "/runs/%.*s/report/bundle",
            STR_F(run_page_id(v)));
  page_close(v);
  if (d->code > 1 || !d->out.n) {
    write_complaint(v, d);
  } else {
    if (d->code == 0)
      page_say_in(v, "p", "notice", "Whole and unaltered.", "Hel og uændret.");
    else
      page_say_in(v, "p", "notice error", "Not whole, or not as it was made.",
                  "Ikke hel eller ikke, som den blev lavet.");
    page_text_in(v, "pre", "wrap", visit_without_folders(v, str_trim(d->out)));
  }
  page_open(v, "p", NULL);
  page_link(v,
            str_z(visit_word(v, "Check a bundle that was fetched before",
                             "Kontrollér en evidenspakke, der er hentet tidligere")),
            "/check/bundle");
  page_close(v);
  visit_page(v);
}

static void get_verify(struct visit *v) {
  camp_settle(v->console->options.camp);
  do_reading(
      v,
      (const char *const[]){"verify", lang_option(v), store_option(v), "--", arena_z(v->arena, run_page_id(v)), NULL},
      show_verified);
}

const struct route run_more_routes[] = {{"GET", "/runs/*/compare", FOR_PARTNERS, ROUTE_RUN, get_compare},
                                        {"GET", "/runs/*/compare/*", FOR_PARTNERS, ROUTE_RUN, get_comparison},
                                        {"GET", "/runs/*/rejudge", FOR_PARTNERS, ROUTE_RUN, get_rejudge},
                                        {"POST", "/runs/*/rejudge", FOR_PARTNERS, ROUTE_RUN, post_rejudge},
                                        {"GET", "/runs/*/verify", FOR_PARTNERS, ROUTE_RUN, get_verify},
                                        {0}};
