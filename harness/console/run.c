#include "base/clock.h"
#include "console/runpage_int.h"
#include "state/attempt.h"

#include <string.h>

const struct record *run_page_record(struct visit *v) {
  struct record *r = ARENA_NEW(v->arena, struct record);
  *r = (struct record){0};
  state_record(r, v->arena, run_state(v->run));
  return r;
}

const struct record_step *run_page_step(const struct record *r, struct str id) {
  for (size_t c = 0; c < r->cases.n; c++)
    for (size_t i = 0; i < r->cases.v[c].steps.n; i++)
      if (str_eq(r->cases.v[c].steps.v[i].id, id)) return &r->cases.v[c].steps.v[i];
  return NULL;
}

/* As the address says it, which the router has compared: it stays when a command or a child took so long that the run
 * was let go of. */
struct str run_page_id(const struct visit *v) {
  return v->parts[0];
}

struct str text_of(const struct visit *v, const struct text *t) {
  struct str s = said_in_both(v, t->en, t->da);
  return s.n ? s : t->en;
}

const char *assessment_word(const struct visit *v, enum assessment a) {
  if (a == ASSESSMENT_NOT_RELEVANT) return visit_word(v, "Not relevant", "Ikke relevant");
  return a == ASSESSMENT_NONE ? "–" : assessment_name(a);
}

/* ---- the head ---- */

/* As it was last told: steps may have been repeated with a newer one. */
static struct str version_now(const struct visit *v, const struct record *r) {
  struct str told = run_state(v->run)->system_version;
  return told.n ? told : r->system_version;
}

/* A system without an address fetches what is for it; nothing is said of an inbox where files go by hand or by FHIR. */
static bool has_inbox(const struct visit *v) {
  const struct vendor *w = run_state(v->run)->plan->vendor;
  return str_ends(w->exchange, STR("-http")) && !w->address.n && str_starts(str_z(run_address(v->run)), STR("http"));
}

/* For who sends there: whoever knows an address can send to it. That of this run alone comes first; the other is that
 * of all runs of the system in this role (hub.h). Without network it is this page that takes files, where the command
 * line names a command. */
static void write_open_addresses(struct visit *v) {
  struct str shared = str_z(run_address(v->run)), run = run_page_id(v);
  if (str_starts(shared, STR("testcamp ")))
    return page_fact(v, "Send to", "Send til", str_z(visit_word(v, "this page, as files", "denne side, som filer")));
  if (!shared.n) return;
  page_fact(v, "Send to", "Send til", arena_printf(v->arena, "%.*s/%.*s", STR_F(shared), STR_F(run)));
  if (has_inbox(v))
    page_fact(v, "Fetch from", "Hent fra", arena_printf(v->arena, "%.*s/%.*s/inbox", STR_F(shared), STR_F(run)));
  page_fact(v, "Or, while no other run of the system waits", "Eller, når intet andet af systemets testforløb venter",
            shared);
}

static void write_addresses(struct visit *v, const struct record *r) {
  if (v->run_is_open) write_open_addresses(v);
  for (size_t i = 0; i < r->services.n; i++)
    page_fact(v, arena_z(v->arena, r->services.v[i].name), arena_z(v->arena, r->services.v[i].name),
              r->services.v[i].address);
}

static void write_facts(struct visit *v, const struct record *r) {
  bool certify = str_eqz(r->mode, RECORD_CERTIFY);
  page_open(v, "dl", "facts");
  page_fact(v, "System", "System", arena_printf(v->arena, "%.*s %.*s", STR_F(r->system), STR_F(version_now(v, r))));
  page_fact(v, "Vendor", "Leverandør", r->vendor);
  page_fact(v, "Standard", "Standard",
            arena_printf(v->arena, "%.*s %.*s",
                         STR_F(v->danish && r->standard_danish.n ? r->standard_danish : r->standard),
                         STR_F(r->standard_version)));
  page_fact(v, "Test protocol", "Testprotokol",
            arena_printf(v->arena, "%.*s %.*s", STR_F(r->protocol), STR_F(r->protocol_version)));
  page_fact(v, "Kind of test", "Testtype",
            str_z(certify ? visit_word(v, "Certification (live test)", "Certificering (livetest)")
                          : visit_word(v, "Self-test", "Egentest")));
  page_fact(v, "Begun", "Begyndt", when_text(v, r->started));
  page_fact(v, "Ended", "Afsluttet", when_text(v, r->ended));
  page_fact(v, "Run id", "Testforløbets id", r->run);
  if (v->who.role != ROLE_VIEWER) write_addresses(v, r);
  page_close(v);
}

/* How far MedCom has come: of the numbered steps that were played. */
static void write_assessed(struct visit *v, const struct record *r) {
  size_t done = 0, all = 0;
  for (size_t c = 0; c < r->cases.n; c++)
    for (size_t i = 0; i < r->cases.v[c].steps.n; i++) {
      const struct record_step *s = &r->cases.v[c].steps.v[i];
      if (!s->number.n || (!verdict_executed(s->verdict) && !s->assessments.n)) continue;
      all++;
      done += s->assessments.n > 0;
    }
  page_printf_in(v, "span", "tag", "%zu/%zu %s", done, all,
                 visit_word(v, "assessed by MedCom", "med MedCom vurdering"));
}

static void write_progress(struct visit *v, const struct run_card *k, const struct record *r) {
  page_open(v, "p", "progress");
  page_verdict(v, k->verdict);
  page_open(v, "progress", NULL);
  page_attr(v, "max", "%zu", k->steps ? k->steps : 1), page_attr(v, "value", "%zu", k->judged);
  page_attr(v, "aria-label", "%s", visit_word(v, "Steps judged", "Bedømte teststeps"));
  page_close(v);
  page_printf_in(v, "span", NULL, "%zu/%zu %s", k->judged, k->steps, visit_word(v, "steps judged", "teststeps bedømt"));
  if (k->failed) page_printf_in(v, "span", "badge fail", "%zu %s", k->failed, visit_word(v, "failed", "fejl"));
  if (str_eqz(r->mode, RECORD_CERTIFY)) write_assessed(v, r);
  if (k->certifiable) page_say_in(v, "span", "badge pass", "ready for approval", "klar til godkendelse");
  page_close(v);
}

/* ---- who must act ---- */

static struct str left_text(struct visit *v, struct run_wait w) {
  if (w.left < 0) return str_z(visit_word(v, "no deadline", "ingen frist"));
  return arena_printf(v->arena, "%.*s %s", STR_F(duration_left(v->arena, w.left)), visit_word(v, "left", "tilbage"));
}

static void write_wait(struct visit *v, const struct state_step *st, bool first) {
  static const char *const owners[][3] = {{"vendor", "The vendor acts", "Leverandøren handler"},
                                          {"medcom", "MedCom acts", "MedCom handler"},
                                          {"harness", "testcamp acts", "testcamp handler"}};
  page_open(v, "li", NULL);
  page_printf_in(v, "strong", NULL, "%.*s ", STR_F(st->step->id));
  for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
    if (str_eqz(st->owner, owners[i][0])) page_say_in(v, "span", "tag", owners[i][1], owners[i][2]);
  page_printf_in(v, "span", "soft", " %.*s", STR_F(left_text(v, run_wait(v->run, st, v->now))));
  run_page_prompt(v, st, first);
  page_close(v);
}

/* Those behind are folded away: a run may wait in many cases at once. */
#define WAITS_SHOWN 4

static void fold_waits(struct visit *v) {
  page_close(v);
  page_open(v, "details", NULL), page_attr(v, "id", "more-waits");
  page_say_in(v, "summary", NULL, "More that waits", "Mere der venter");
  page_open(v, "ul", "waits");
}

static void write_waits(struct visit *v) {
  const struct state *s = run_state(v->run);
  size_t n = 0;
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_step *st = state_current(&s->cases[i]);
    if (!st || !st->opened) continue;
    if (!n) {
      page_open(v, "h2", NULL), page_attr(v, "id", "now"), page_say(v, "Now", "Nu"), page_close(v);
      page_open(v, "ul", "waits");
    }
    if (n == WAITS_SHOWN) fold_waits(v);
    write_wait(v, st, !n);
    n++;
  }
  if (n) page_close(v);
  if (n > WAITS_SHOWN) page_close(v);
}

/* Nobody waits for them, so that nothing above tells of them; who sent one wonders where it is. */
static void write_unmatched(struct visit *v, const struct record *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->exchanges.n; i++) {
    const struct record_exchange *x = &r->exchanges.v[i];
    if (x->outbound || x->step.n) continue;
    if (!n++) {
      page_open(v, "p", "notice wait");
      page_say(v, "No test step wanted what came from the system; see why:",
               "Intet teststep ventede det, der kom fra systemet; se hvorfor:");
    }
    page_text(v, STR(" "));
    page_link(v, x->id, "/runs/%.*s/messages/%.*s", STR_F(run_page_id(v)), STR_F(x->id));
  }
  if (n) page_close(v);
}

/* ---- cases ---- */

/* The printed protocol stands next to the run, and stays there while cases are looked at. */
static bool is_beside(const struct visit *v) {
  return http_query(v->request, "beside").n > 0 && v->who.role != ROLE_VIEWER;
}

static bool is_current(const struct visit *v, struct str case_id) {
  const struct state *s = run_state(v->run);
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_step *st = state_current(&s->cases[i]);
    if (st && st->opened && str_eq(s->cases[i].plan->c->id, case_id)) return true;
  }
  return false;
}

static size_t count_verdict(const struct record_case *c, enum verdict verdict) {
  size_t n = 0;
  for (size_t i = 0; i < c->steps.n; i++) n += c->steps.v[i].verdict == verdict;
  return n;
}

static void write_case_row(struct visit *v, const struct record_case *c, bool shown) {
  page_open(v, "tr", shown ? "shown" : NULL);
  page_open(v, "td", NULL);
  if (v->who.role == ROLE_VIEWER) /* who is not shown its steps */
    page_text(v, c->id);
  else
    page_link(v, c->id, "/runs/%.*s?%scase=%.*s#case", STR_F(run_page_id(v)), is_beside(v) ? "beside=1&" : "",
              STR_F(c->id));
  page_close(v);
  page_open(v, "td", NULL);
  page_text(v, text_of(v, &c->title));
  if (c->reason.n) page_printf_in(v, "span", "soft", " (%.*s)", STR_F(run_page_reason(v, c->reason)));
  page_close(v);
  page_open(v, "td", NULL), page_verdict(v, c->verdict), page_close(v);
  page_printf_in(v, "td", "number", "%zu", count_verdict(c, VERDICT_FAIL));
  page_printf_in(v, "td", "number", "%zu", c->steps.n - count_verdict(c, VERDICT_NOT_APPLICABLE));
  page_close(v);
}

/* The case that was asked for, else the one where something happens, else the first that failed. */
static const struct record_case *shown_case(struct visit *v, const struct record *r) {
  struct str asked = http_query(v->request, "case");
  const struct record_case *failed = NULL;
  for (size_t i = 0; i < r->cases.n; i++)
    if (str_eq(r->cases.v[i].id, asked)) return &r->cases.v[i];
  for (size_t i = 0; i < r->cases.n; i++) {
    if (is_current(v, r->cases.v[i].id)) return &r->cases.v[i];
    if (!failed && r->cases.v[i].verdict == VERDICT_FAIL) failed = &r->cases.v[i];
  }
  return failed;
}

static void write_cases(struct visit *v, const struct record *r) {
  static const char *const heads[][2] = {{"Section", "Afsnit"}, {"Title", "Titel"},    {"Verdict", "Bedømmelse"},
                                         {"Failed", "Fejl"},    {"Steps", "Teststep"}, {NULL, NULL}};
  const struct record_case *shown = shown_case(v, r);
  page_say_in(v, "h2", NULL, "Sections", "Afsnit");
  page_table(v, "cases", heads);
  for (size_t i = 0; i < r->cases.n; i++) write_case_row(v, &r->cases.v[i], &r->cases.v[i] == shown);
  page_table_end(v);
  if (shown && v->who.role != ROLE_VIEWER) run_page_case(v, r, shown);
}

/* ---- messages ---- */

/* Statuses that are no number (endpoint.h), in the words of the report. */
static void write_status(struct visit *v, const struct record_exchange *x) {
  static const char *const words[][3] = {{"ready", "ready to be fetched", "klar til afhentning"},
                                         {"delayed", "held back", "holdt tilbage"},
                                         {"dropped", "not sent, on purpose", "med vilje ikke sendt"}};
  int64_t code;
  if (x->failure.n) return page_complaint_in(v, "td", NULL, x->failure);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eqz(x->status, words[i][0])) return page_say_in(v, "td", NULL, words[i][1], words[i][2]);
  page_printf_in(v, "td", NULL, "%s%.*s", str_int(x->status, &code) ? "HTTP " : "", STR_F(x->status));
}

static void write_exchange(struct visit *v, const struct record_exchange *x) {
  page_open(v, "tr", !x->outbound && !x->step.n ? "unmatched" : NULL);
  page_open(v, "td", NULL);
  page_link(v, x->id, "/runs/%.*s/messages/%.*s", STR_F(run_page_id(v)), STR_F(x->id));
  page_close(v);
  page_say_in(v, "td", NULL, x->outbound ? "→ to the system" : "← from the system",
              x->outbound ? "→ til systemet" : "← fra systemet");
  page_text_in(v, "td", NULL, x->name.n ? x->name : facts_get(&x->facts, "event"));
  page_open(v, "td", NULL);
  if (x->step.n)
    page_text(v, x->step);
  else if (!x->outbound)
    page_say_in(v, "span", "tag", "no step wanted it", "intet teststep ventede den");
  page_close(v);
  write_status(v, x);
  page_text_in(v, "td", NULL, when_to_the_second(v, x->at));
  page_close(v);
}

/* The newest, and all that nobody wanted. */
#define EXCHANGES_SHOWN 30

static void write_exchanges(struct visit *v, const struct record *r) {
  static const char *const heads[][2] = {
      {"Message", "Meddelelse"}, {"Way", "Retning"},  {"What", "Hvad"}, {"Step", "Teststep"},
      {"State", "Status"},       {"When", "Hvornår"}, {NULL, NULL}};
  bool all = http_query(v->request, "all").n > 0;
  page_say_in(v, "h2", NULL, "Messages", "Meddelelser");
  if (!r->exchanges.n) {
    page_say_in(v, "p", "soft", "None yet.", "Ingen endnu.");
    return;
  }
  page_table(v, "exchanges", heads);
  for (size_t i = r->exchanges.n; i > 0; i--) {
    const struct record_exchange *x = &r->exchanges.v[i - 1];
    if (all || r->exchanges.n - i < EXCHANGES_SHOWN || (!x->outbound && !x->step.n)) write_exchange(v, x);
  }
  page_table_end(v);
  if (all || r->exchanges.n <= EXCHANGES_SHOWN) return;
  page_open(v, "p", NULL);
  page_link(v, arena_printf(v->arena, "%s %zu", visit_word(v, "Show all", "Vis alle"), r->exchanges.n),
            "/runs/%.*s?all=1", STR_F(run_page_id(v)));
  page_close(v);
}

/* ---- the page ---- */

/* Somebody paused it, or ended it: who, and why. */
static void write_halted(struct visit *v) {
  const struct state *s = run_state(v->run);
  const struct event *ev = s->paused ? s->paused : s->aborted;
  if (!ev) return;
  struct str by = event_get(ev, "by"), why = event_get(ev, "why");
  page_open(v, "p", "notice wait");
  page_say_in(v, "strong", NULL, s->paused ? "The run is paused; its deadlines stand still." : "The run was ended.",
              s->paused ? "Testforløbet er sat på pause; fristerne står stille." : "Testforløbet blev afbrudt.");
  page_printf_in(v, "span", NULL, " %.*s · %.*s%s%.*s", STR_F(by), STR_F(when_text(v, ev->at)), why.n ? " · " : "",
                 STR_F(why));
  page_close(v);
}

static void write_live(struct visit *v, const struct record *r) {
  struct run_card k = run_card_of(v);
  write_progress(v, &k, r);
  if (r->damage.n) page_complaint_in(v, "p", "notice error", r->damage);
  if (v->who.role != ROLE_VIEWER) {
    bool paused = run_state(v->run)->paused != NULL;
    write_halted(v);
    run_page_carried(v, r);
    if (paused) run_page_deeds(v, r);
    if (!r->ended) write_unmatched(v, r);
    write_waits(v);
    if (!paused) run_page_deeds(v, r);
  }
  write_cases(v, r);
  if (v->who.role != ROLE_VIEWER) write_exchanges(v, r);
}

static void write_links(struct visit *v) {
  static const char *const formats[][3] = {
      {"html", "Report", "Rapport"}, {"pdf", "PDF", "PDF"},    {"svg", "Sequence diagram", "Sekvensdiagram"},
      {"junit", "JUnit", "JUnit"},   {"json", "JSON", "JSON"}, {"testreport", "TestReport", "TestReport"},
      {"csv", "CSV", "CSV"},         {"xlsx", "XLSX", "XLSX"}, {"bundle", "Evidence bundle", "Evidenspakke"}};
  struct str id = run_page_id(v);
  page_open(v, "p", "links");
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
    page_link(v, str_z(visit_word(v, formats[i][1], formats[i][2])), "/runs/%.*s/report/%s", STR_F(id), formats[i][0]);
  if (run_card_of(v).certifiable) {
    page_link(v, str_z(visit_word(v, "Certificate", "Certifikat")), "/runs/%.*s/report/certificate", STR_F(id));
    page_link(v, str_z(visit_word(v, "Certificate as PDF", "Certifikat som PDF")), "/runs/%.*s/report/certificate.pdf",
              STR_F(id));
  }
  page_link(v, str_z(visit_word(v, "MedCom's Word document", "MedComs Word-dokument")), "/runs/%.*s/word", STR_F(id));
  page_link(v, str_z(visit_word(v, "Printed protocol", "Trykt testprotokol")), "/runs/%.*s/protocol", STR_F(id));
  if (is_beside(v))
    page_link(v, str_z(visit_word(v, "The run alone", "Testforløbet alene")), "/runs/%.*s", STR_F(id));
  else
    page_link(v, str_z(visit_word(v, "Protocol beside the run", "Testprotokol ved siden af")), "/runs/%.*s?beside=1",
              STR_F(id));
  page_link(v, str_z(visit_word(v, "Hand-over and review", "Indsendelse og gennemsyn")), "/runs/%.*s/handover",
            STR_F(id));
  if (v->who.role == ROLE_MEDCOM)
    page_link(v, str_z(visit_word(v, "Bundle with MedCom's revision", "Evidenspakke med MedComs revision")),
              "/runs/%.*s/report/bundle.medcom", STR_F(id));
  run_page_more_links(v);
  page_close(v);
}

/* The printed protocol next to the run, for who plays it; below it where there is no room. */
static void write_beside(struct visit *v) {
  page_open(v, "iframe", NULL);
  page_attr(v, "src", "/runs/%.*s/protocol", STR_F(run_page_id(v)));
  page_attr(v, "title", "%s", visit_word(v, "Printed protocol", "Trykt testprotokol"));
  page_attr(v, "sandbox", "%s", "");
  page_close(v);
}

/* A viewer sees how far it is and what became of it, nothing of what was sent or answered. */
static void get_run(struct visit *v) {
  const struct record *r = run_page_record(v);
  struct str id = run_page_id(v), query = v->request->query;
  if (http_query(v->request, "part").n) {
    visit_begin_part(v);
    write_live(v, r);
    visit_page(v);
    return;
  }
  const char *title = arena_z(v->arena, text_of(v, &r->title));
  visit_begin(v, title, title);
  write_facts(v, r);
  if (v->who.role != ROLE_VIEWER) write_links(v);
  bool beside = is_beside(v);
  page_open(v, "div", beside ? "beside" : NULL);
  page_open(v, "div", NULL);
  page_live(v, "/runs/%.*s/events", STR_F(id));
  page_attr(v, "data-part", "/runs/%.*s?part=1%s%.*s", STR_F(id), query.n ? "&" : "", STR_F(query));
  write_live(v, r);
  page_close(v);
  if (beside) write_beside(v);
  visit_page(v);
}

static void get_events(struct visit *v) {
  live_hold(v, run_page_id(v));
}

const struct route run_routes[] = {
    {"GET", "/runs/*", FOR_ALL, ROUTE_RUN, get_run}, {"GET", "/runs/*/events", FOR_ALL, ROUTE_RUN_ID, get_events}, {0}};
