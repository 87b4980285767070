/* MedCom's queue of runs that vendors handed in, and the page on which one is looked through. */
#include "console/inspection.h"

#include <stdio.h>

/* ---- the queue ---- */

static void write_row(struct visit *v, const struct run_card *k, const struct inspection *r) {
  struct str title = v->danish ? k->title.da : k->title.en;
  page_open(v, "tr", NULL);
  page_open(v, "td", NULL), page_link(v, k->run, "/review/%.*s", STR_F(k->run)), page_close(v);
  page_text_in(v, "td", NULL, k->vendor);
  page_printf_in(v, "td", NULL, "%.*s %.*s", STR_F(k->system), STR_F(k->system_version));
  page_text_in(v, "td", NULL, title.n ? title : k->protocol);
  page_open(v, "td", NULL), page_verdict(v, k->verdict), page_close(v);
  page_printf_in(v, "td", NULL, "%s", review_word(v, review_state(r)));
  page_text_in(v, "td", NULL, when_text(v, r->acts.n ? r->acts.v[r->acts.n - 1].at : k->last_at));
  page_close(v);
}

#define DONE_SHOWN 200 /* those that wait are all shown */

static void write_queue(struct visit *v, const struct map *runs, bool waits) {
  static const char *const heads[][2] = {
      {"Run", "Testforløb"},  {"Vendor", "Leverandør"}, {"System", "System"}, {"Protocol", "Testprotokol"},
      {"Result", "Resultat"}, {"State", "Status"},      {"Since", "Siden"},   {NULL, NULL}};
  struct run_card *k;
  struct error e;
  size_t n, shown = 0;
  run_cards_get(v, &k, &n);
  for (size_t i = 0; i < n && (waits || shown < DONE_SHOWN); i++) {
    const struct run_card *card = &k[waits ? n - 1 - i : i]; /* who waited longest comes first; what was done last */
    struct inspection r;
    if (!map_get(runs, card->run) || review_read(v, card->run, &r, &e) < 0) continue;
    struct str state = review_state(&r);
    bool is_waiting = str_eqz(state, "submitted") || str_eqz(state, "received");
    if (!state.n || is_waiting != waits) continue;
    if (!shown++) page_table(v, "queue", heads);
    write_row(v, card, &r);
  }
  if (shown) page_table_end(v);
  if (!waits && shown == DONE_SHOWN)
    page_say_in(v, "p", "soft", "The latest 200; older ones are found among the runs.",
                "De seneste 200; ældre findes blandt testforløbene.");
  if (!shown) page_say_in(v, "p", "soft", "None.", "Ingen.");
}

static void get_queue(struct visit *v) {
  struct map runs;
  struct error e;
  if (review_runs(v, &runs, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  visit_begin(v, "Review", "Gennemsyn");
  page_open(v, "p", NULL);
  page_link(v, str_z(visit_word(v, "Courses to an approval", "Forløb til godkendelse")), "/courses");
  page_close(v);
  page_say_in(v, "h2", NULL, "Waits for MedCom", "Venter på MedCom");
  write_queue(v, &runs, true);
  page_open(v, "details", "form panel");
  page_say_in(v, "summary", NULL, "Take in an evidence bundle", "Modtag en evidenspakke");
  form_open(v, true, "/review/upload");
  form_input(v, "file", "file", STR(""), "Bundle of a vendor's self-test", "Evidenspakke fra leverandørens egentest");
  form_button(v, NULL, NULL, "main", "Take in", "Modtag");
  page_close(v);
  page_close(v);
  page_say_in(v, "h2", NULL, "Given back or signed off", "Sendt tilbage eller underskrevet");
  write_queue(v, &runs, false);
  visit_page(v);
}

static void post_upload(struct visit *v) {
  const struct webform_field *f = webform_nth(&v->form, "file", 0);
  v->notice_is_error = true;
  if (!f || !f->is_file || !f->value.n) {
    v->notice = str_z(visit_word(v, "Choose a file first.", "Vælg først en fil."));
  } else {
    const char *path = visit_file(v, STR("bundle.tgz"), f->value);
    if (!path) return;
    struct done d = do_command(v, (const char *const[]){"receive", lang_option(v), "--", path, NULL});
    visit_complain(v, d.err);
    v->notice = str_trim(d.out), v->notice_is_error = d.code != 0;
  }
  visit_go(v, "/review");
}

/* ---- one run: the vendor's beside MedCom's ---- */

static void write_vendor_part(struct visit *v, const struct record_step *s) {
  page_open(v, "td", NULL);
  page_verdict(v, s->revisions.n ? s->revisions.v[0].was : s->verdict);
  page_text_in(v, "div", NULL, text_of(v, &s->actual));
  if (s->answered_by.n) page_printf_in(v, "div", "soft", "%s %.*s", visit_word(v, "by", "af"), STR_F(s->answered_by));
  for (size_t i = 0; i < s->evidence.n; i++) {
    page_link(v, s->evidence.v[i].name, "/runs/%.*s/evidence/%.*s", STR_F(run_page_id(v)),
              STR_F(s->evidence.v[i].digest));
    page_text(v, STR(" "));
  }
  for (size_t i = 0; i < s->exchanges.n; i++) {
    page_link(v, s->exchanges.v[i], "/runs/%.*s/messages/%.*s", STR_F(run_page_id(v)), STR_F(s->exchanges.v[i]));
    page_text(v, STR(" "));
  }
  page_open(v, "ul", "findings");
  for (size_t i = 0; i < s->findings.list.n; i++) run_page_finding(v, &s->findings.list.v[i], i + 1);
  page_close(v);
  page_close(v);
}

static void open_form(struct visit *v, const char *deed, const struct record_step *s, size_t seen) {
  form_open(v, false, "/review/%.*s/%s", STR_F(run_page_id(v)), deed);
  form_hidden(v, "step", s->id);
  form_hidden(v, "seen", arena_printf(v->arena, "%zu", seen));
}

static void write_dispute(struct visit *v, const struct record_step *s, const struct record_dispute *d) {
  page_open(v, "div", "dispute");
  page_printf_in(v, "div", NULL, "%s %lld: %.*s · %.*s", visit_word(v, "Contested: finding", "Indsigelse: fund"),
                 (long long)d->finding, STR_F(d->why), STR_F(d->by));
  if (d->answered_by.n) {
    page_printf_in(v, "div", NULL, "%s: %.*s · %.*s", visit_word(v, "Upheld", "Fastholdt"), STR_F(d->answer),
                   STR_F(d->answered_by));
  } else {
    open_form(v, "uphold", s, 0);
    form_hidden(v, "finding", arena_printf(v->arena, "%lld", (long long)d->finding));
    form_input(v, "text", "why", STR(""), "We stand by it, because", "Vi fastholder, fordi");
    run_page_initials(v);
    form_button(v, NULL, NULL, NULL, "Uphold", "Fasthold");
    page_close(v);
  }
  page_close(v);
}

static size_t notes_of(const struct inspection *r, struct str step) {
  size_t n = 0;
  for (size_t i = 0; i < r->notes.n; i++) n += str_eq(r->notes.v[i].step, step);
  return n;
}

/* Every note and revision makes it another one. */
static size_t said_of(const struct inspection *r, const struct record_step *s) {
  return notes_of(r, s->id) + s->revisions.n;
}

static void write_judge_form(struct visit *v, const struct inspection *r, const struct record_step *s) {
  static const char *const verdicts[][3] = {
      {"", "– none: a note for MedCom alone –", "– ingen: kun en note til MedCom –"},
      {"pass", "OK", "OK"},
      {"fail", "Fail", "Fejl"},
      {"inconclusive", "Inconclusive", "Uafklaret"},
      {"not-applicable", "Not relevant", "Ikke relevant"}};
  form_fold(v, "form", "Revise, or write a note", "Ret bedømmelsen, eller skriv en note", "step", s->id,
            "/review/%.*s/judge", STR_F(run_page_id(v)));
  form_hidden(v, "seen", arena_printf(v->arena, "%zu", said_of(r, s)));
  form_select(v, "verdict", "Revised verdict", "Ændret bedømmelse");
  for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++)
    form_option(v, str_z(verdicts[i][0]), str_z(visit_word(v, verdicts[i][1], verdicts[i][2])), i == 0);
  form_select_end(v);
  form_area(v, "why", STR(""), "Reason, which the vendor and the report get; or the note",
            "Begrundelse, som leverandøren og rapporten får; eller noten");
  run_page_initials(v);
  form_button(v, NULL, NULL, "main", "Save", "Gem");
  page_close(v);
  page_close(v);
}

static void write_medcom_part(struct visit *v, const struct inspection *r, const struct record_step *s) {
  page_open(v, "td", NULL);
  if (s->revisions.n)
    page_verdict(v, s->verdict);
  else
    page_say_in(v, "span", "soft", "not revised", "ikke ændret");
  run_page_revisions(v, s);
  for (size_t i = 0; i < r->notes.n; i++) {
    const struct review_note *n = &r->notes.v[i];
    if (!str_eq(n->step, s->id)) continue;
    page_text_in(v, "div", "said", n->text);
    page_printf_in(v, "div", "soft", "%s · %.*s · %.*s", "note", STR_F(n->by), STR_F(when_text(v, n->at)));
  }
  for (size_t i = 0; i < s->disputes.n; i++) write_dispute(v, s, &s->disputes.v[i]);
  write_judge_form(v, r, s);
  page_close(v);
}

static void write_case(struct visit *v, const struct inspection *r, const struct record_case *c) {
  static const char *const heads[][2] = {
      {"Step", "Teststep"}, {"Expected", "Forventet"}, {"Vendor", "Leverandør"}, {"MedCom", "MedCom"}, {NULL, NULL}};
  page_printf_in(v, "h2", NULL, "%.*s %.*s", STR_F(c->id), STR_F(text_of(v, &c->title)));
  page_table(v, "steps", heads);
  for (size_t i = 0; i < c->steps.n; i++) {
    const struct record_step *s = &c->steps.v[i];
    bool plain = !s->number.n && !s->findings.list.n && !s->revisions.n && s->verdict == VERDICT_PASS;
    if (plain) continue;
    page_open(v, "tr", NULL), page_attr(v, "id", "s%.*s", STR_F(s->id));
    page_text_in(v, "td", NULL, s->id);
    page_text_in(v, "td", NULL, text_of(v, &s->expected));
    write_vendor_part(v, s);
    write_medcom_part(v, r, s);
    page_close(v);
  }
  page_table_end(v);
}

/* What a decision was made on: it changes with every event, note and act. */
static struct str seen_now(struct visit *v, const struct inspection *r) {
  const struct state *s = run_state(v->run);
  return arena_printf(v->arena, "%lld.%zu.%zu", (long long)s->events + (long long)s->reviews, r->notes.n, r->acts.n);
}

static void write_decision(struct visit *v, const struct inspection *r, size_t open) {
  page_open(v, "section", "panel");
  page_say_in(v, "h2", NULL, "Decide", "Afgør");
  if (open)
    page_printf_in(v, "p", NULL, "%s: %zu. %s", visit_word(v, "Open steps", "Åbne teststep"), open,
                   visit_word(v, "They are not judged, inconclusive, or contested without an answer.",
                              "De er ikke bedømt, uafklarede eller med en ubesvaret indsigelse."));
  form_open(v, false, "/review/%.*s/decide", STR_F(run_page_id(v)));
  form_by_choice(v);
  form_hidden(v, "seen", seen_now(v, r));
  form_area(v, "text", STR(""), "Text for the vendor (needed to give it back)",
            "Tekst til leverandøren (kræves for at sende tilbage)");
  run_page_initials(v);
  page_open(v, "div", "row");
  if (!open) form_button(v, "do", "signed", "main", "Sign off", "Underskriv");
  form_button(v, "do", "returned", NULL, "Give back to the vendor", "Send tilbage til leverandøren");
  page_close(v);
  page_close(v);
  page_close(v);
}

static void get_review(struct visit *v) {
  const struct record *rec = run_page_record(v);
  struct inspection r;
  struct error e;
  if (review_read(v, run_page_id(v), &r, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  visit_begin(v, "Review of a run", "Gennemsyn af et testforløb");
  page_printf_in(v, "p", NULL, "%.*s %.*s · %.*s · %s", STR_F(rec->system), STR_F(rec->system_version),
                 STR_F(rec->vendor), review_word(v, review_state(&r)));
  page_open(v, "p", NULL);
  page_link(v, str_z(visit_word(v, "The run itself", "Selve testforløbet")), "/runs/%.*s", STR_F(rec->run));
  page_close(v);
  review_write_acts(v, &r);
  write_decision(v, &r, review_open(rec));
  for (size_t i = 0; i < rec->cases.n; i++)
    if (rec->cases.v[i].verdict != VERDICT_NOT_APPLICABLE) write_case(v, &r, &rec->cases.v[i]);
  visit_page(v);
}

/* ---- what is done there ---- */

static struct str field(const struct visit *v, const char *name) {
  return str_trim(webform_get(&v->form, name));
}

/* Nothing is done; what was written is in the form again (console/kept.h). */
static void say_no(struct visit *v, const char *en, const char *da) {
  v->notice_is_error = true;
  v->notice = arena_str(v->arena, str_z(visit_word(v, en, da)));
}

/* The newest of what was done and said. */
struct latest {
  struct str by, what;
  int64_t at;
};

static void later(struct latest *l, struct str by, struct str what, int64_t at) {
  if (at >= l->at) *l = (struct latest){by, what, at};
}

static void look_at_step(struct visit *v, struct latest *l, const struct record_step *s) {
  for (size_t i = 0; i < s->revisions.n; i++) {
    const struct record_revision *x = &s->revisions.v[i];
    struct str what =
        arena_printf(v->arena, "%.*s: %s, %.*s", STR_F(s->id), verdict_word(v, x->verdict), STR_F(x->why));
    later(l, x->by, what, x->at);
  }
  for (size_t i = 0; i < s->disputes.n; i++) {
    const struct record_dispute *x = &s->disputes.v[i];
    later(l, x->by, x->why, x->at);
    if (x->answered_by.n) later(l, x->answered_by, x->answer, x->answered_at);
  }
}

/* Of one step, or (NULL) of the whole. */
static struct latest latest(struct visit *v, const struct inspection *r, const struct record_step *one) {
  struct latest l = {0};
  const struct record *rec = run_page_record(v);
  for (size_t c = 0; c < rec->cases.n; c++)
    for (size_t i = 0; i < rec->cases.v[c].steps.n; i++)
      if (!one || str_eq(one->id, rec->cases.v[c].steps.v[i].id)) look_at_step(v, &l, &rec->cases.v[c].steps.v[i]);
  for (size_t i = 0; i < r->notes.n; i++)
    if (!one || str_eq(r->notes.v[i].step, one->id)) later(&l, r->notes.v[i].by, r->notes.v[i].text, r->notes.v[i].at);
  for (size_t i = 0; i < r->acts.n && !one; i++)
    later(&l, r->acts.v[i].by, str_z(review_word(v, r->acts.v[i].act)), r->acts.v[i].at);
  return l;
}

static void tell_later(struct visit *v, const struct inspection *r, const struct record_step *one) {
  struct latest l = latest(v, r, one);
  v->notice_is_error = true;
  v->notice =
      arena_printf(v->arena, "%s %.*s (%.*s). %s",
                   visit_word(v, "Nothing was changed: somebody else was here while you looked:",
                              "Intet er ændret: en anden har været her, mens du så på det:"),
                   STR_F(l.by), STR_F(l.what),
                   visit_word(v, "What you wrote is still in the form: look again, and send it if it holds.",
                              "Det du skrev, står stadig i formularen: se igen, og send det, hvis det gælder."));
}

static const struct record_step *find_step(struct visit *v) {
  const struct record *rec = run_page_record(v);
  struct str id = webform_get(&v->form, "step");
  for (size_t c = 0; c < rec->cases.n; c++)
    for (size_t i = 0; i < rec->cases.v[c].steps.n; i++)
      if (str_eq(rec->cases.v[c].steps.v[i].id, id)) return &rec->cases.v[c].steps.v[i];
  return NULL;
}

static int keep_note(struct visit *v, const struct record_step *s, struct error *e) {
  return db_do(v->console->db, e,
               "INSERT INTO review_notes (run, step, verdict, text, by, at) VALUES (?, ?, '', ?, ?, ?)", "ssssi",
               run_page_id(v), s->id, field(v, "why"), review_by(v), v->now);
}

static void revise(struct visit *v, const struct record_step *s, struct str verdict) {
  struct done d = do_command(v, (const char *const[]){"revise", arena_z(v->arena, run_page_id(v)),
                                                      arena_printf(v->arena, "--verdict=%.*s", STR_F(verdict)).p,
                                                      arena_printf(v->arena, "--by=%.*s", STR_F(review_by(v))).p,
                                                      arena_printf(v->arena, "--why=%.*s", STR_F(field(v, "why"))).p,
                                                      "--", s->id.p, NULL});
  (void)done_well(v, &d);
}

static void judge(struct visit *v, const struct inspection *r, const struct record_step *s) {
  struct str verdict = field(v, "verdict"), why = field(v, "why");
  enum verdict ignored;
  struct error e;
  int64_t seen = -1;
  (void)str_int(field(v, "seen"), &seen);
  if (!review_by(v).n || !why.n || why.n > REVIEW_TEXT_MAX || (verdict.n && !verdict_parse(verdict, &ignored)))
    say_no(v, "A revision or a note needs a text of at most 20,000 bytes and initials.",
           "En ændring eller en note kræver en tekst på højst 20.000 bytes og initialer.");
  else if (verdict.n && seen != (int64_t)said_of(r, s))
    tell_later(v, r, s);
  else if (verdict.n)
    revise(v, s, verdict);
  else if (keep_note(v, s, &e) < 0)
    visit_complain(v, str_z(e.text));
}

static void go_to(struct visit *v, struct str run, struct str step) {
  visit_go(v, "/review/%.*s%s%.*s", STR_F(run), step.n ? "#s" : "", STR_F(step));
}

static void post_judge(struct visit *v) {
  const struct record_step *s = find_step(v);
  struct str run = arena_str(v->arena, run_page_id(v));
  struct inspection r;
  struct error e;
  if (!s) {
    visit_refuse(v, 400, "The run has no such step.", "Testforløbet har ikke det teststep.");
    return;
  }
  if (review_read(v, run, &r, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  struct str step = arena_str(v->arena, s->id);
  judge(v, &r, s);
  go_to(v, run, step);
}

static void post_uphold(struct visit *v) {
  const struct record_step *s = find_step(v);
  struct str run = arena_str(v->arena, run_page_id(v)), step = s ? arena_str(v->arena, s->id) : STR("");
  int64_t finding;
  if (!s || !str_int(field(v, "finding"), &finding)) {
    visit_refuse(v, 400, "The run has no such finding.", "Testforløbet har ikke det fund.");
    return;
  }
  struct done d =
      do_command(v, (const char *const[]){"uphold", arena_printf(v->arena, "--by=%.*s", STR_F(review_by(v))).p,
                                          arena_printf(v->arena, "--why=%.*s", STR_F(field(v, "why"))).p, "--",
                                          arena_z(v->arena, run), arena_z(v->arena, step),
                                          arena_printf(v->arena, "%lld", (long long)finding).p, NULL});
  (void)done_well(v, &d);
  go_to(v, run, step);
}

static void decide(struct visit *v, const struct inspection *r, size_t open) {
  bool sign = str_eqz(field(v, "do"), "signed");
  struct str text = field(v, "text"), state = review_state(r);
  struct error e;
  if (!str_eq(field(v, "seen"), seen_now(v, r)))
    tell_later(v, r, NULL);
  else if (!str_eqz(state, "submitted") && !str_eqz(state, "received"))
    say_no(v, "This run does not wait for a review.", "Testforløbet venter ikke på gennemsyn.");
  else if (sign && open)
    say_no(v, "Steps are open: it cannot be signed off yet.", "Der er åbne teststep: det kan ikke underskrives endnu.");
  else if (!sign && !text.n)
    say_no(v, "Write to the vendor why it is given back.", "Skriv til leverandøren, hvorfor det sendes tilbage.");
  else if (review_act_add(v, run_page_id(v), sign ? "signed" : "returned", text, &e) < 0)
    visit_complain(v, str_z(e.text));
  else
    console_touched(v->console, run_page_id(v));
}

static void post_decide(struct visit *v) {
  struct str run = arena_str(v->arena, run_page_id(v));
  struct inspection r;
  struct error e;
  if (review_read(v, run, &r, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  decide(v, &r, review_open(run_page_record(v)));
  go_to(v, run, STR(""));
}

const struct route review_routes[] = {{"GET", "/review", FOR_MEDCOM, ROUTE_PLAIN, get_queue},
                                      {"POST", "/review/upload", FOR_MEDCOM, ROUTE_PLAIN, post_upload},
                                      {"GET", "/review/*", FOR_MEDCOM, ROUTE_RUN, get_review},
                                      {"POST", "/review/*/judge", FOR_MEDCOM, ROUTE_RUN, post_judge},
                                      {"POST", "/review/*/uphold", FOR_MEDCOM, ROUTE_RUN, post_uphold},
                                      {"POST", "/review/*/decide", FOR_MEDCOM, ROUTE_RUN, post_decide},
                                      {0}};
