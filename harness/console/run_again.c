/* What MedCom says of the attempts of a step, puts into a run, and confirms of what was carried over. */
#include "base/percent.h"
#include "console/runpage_int.h"
#include "state/attempt.h"

static struct str field(const struct visit *v, const char *name) {
  return webform_get(&v->form, name);
}

struct str run_page_encoded(struct visit *v, struct str id) {
  struct buf b;
  buf_init(&b, 1024);
  percent_encode(&b, id);
  return buf_take(&b, v->arena);
}

static void write_back(struct visit *v, const struct state_step *st) {
  struct str run = run_page_id(v);
  page_open(v, "p", "links");
  if (st)
    page_link(v, str_z(visit_word(v, "Back to the step", "Tilbage til teststeppet")), "/runs/%.*s?case=%.*s#s%.*s",
              STR_F(run), STR_F(run_page_encoded(v, st->in->plan->c->id)), STR_F(run_page_encoded(v, st->step->id)));
  page_link(v, str_z(visit_word(v, "Back to the run", "Tilbage til testforløbet")), "/runs/%.*s", STR_F(run));
  page_close(v);
}

static const struct record_step *recorded(const struct record *r, struct str id) {
  for (size_t c = 0; c < r->cases.n; c++)
    for (size_t i = 0; i < r->cases.v[c].steps.n; i++)
      if (str_eq(r->cases.v[c].steps.v[i].id, id)) return &r->cases.v[c].steps.v[i];
  return NULL;
}

/* ---- in the table of steps ---- */

void run_page_origin(struct visit *v, const struct record_step *s) {
  if (s->inserted_by.n) {
    page_open(v, "div", "soft");
    page_say_in(v, "span", "tag", "MedCom's own step", "MedComs eget teststep");
    page_printf_in(v, "span", NULL, " %.*s · %.*s", STR_F(s->inserted_by), STR_F(s->inserted_why));
    page_close(v);
  }
  if (!s->carried_from.n) return;
  page_open(v, "div", "soft");
  page_say(v, "carried over from run ", "overført fra testforløb ");
  page_link(v, s->carried_from, "/runs/%.*s", STR_F(s->carried_from));
  if (s->confirmed_by.n)
    page_printf_in(v, "span", NULL, " · %s %.*s", visit_word(v, "confirmed by", "bekræftet af"),
                   STR_F(s->confirmed_by));
  else
    page_say(v, " · not confirmed by MedCom yet", " · endnu ikke bekræftet af MedCom");
  page_close(v);
}

void run_page_attempts(struct visit *v, const struct record_step *s) {
  if (s->attempts.n < 2) return;
  page_open(v, "div", NULL);
  page_link(v, arena_printf(v->arena, visit_word(v, "%zu attempts", "%zu forsøg"), s->attempts.n),
            "/runs/%.*s/attempts/%.*s", STR_F(run_page_id(v)), STR_F(run_page_encoded(v, s->id)));
  page_close(v);
}

void run_page_insert_link(struct visit *v, const struct record_step *s) {
  page_open(v, "p", NULL);
  page_link(v,
            str_z(visit_word(v, "Put in a step of MedCom's own behind it", "Indsæt MedComs eget teststep efter det")),
            "/runs/%.*s/insert?after=%.*s", STR_F(run_page_id(v)), STR_F(run_page_encoded(v, s->id)));
  page_close(v);
}

/* ---- which attempt counts ---- */

/* How many there are, and which of them counts by MedCom's word: what who decides has to have seen. */
static struct str attempts_seen(struct visit *v, const struct state_step *newest) {
  return arena_printf(v->arena, "%zu/%zu", newest->attempt.number, newest->attempt.stands);
}

static void write_stand_form(struct visit *v, const struct state_step *newest, const struct record_attempt *a) {
  page_open(v, "details", "form");
  page_say_in(v, "summary", NULL, "Let it count", "Lad det gælde");
  form_open(v, false, "/runs/%.*s/stand", STR_F(run_page_id(v)));
  form_hidden(v, "step", newest->step->id);
  form_hidden(v, "attempt", arena_printf(v->arena, "%lld", (long long)a->number));
  form_hidden(v, "seen", attempts_seen(v, newest));
  form_input(v, "text", "why", STR(""), "Because", "Fordi");
  page_open(v, "label", "choice");
  page_open(v, "input", NULL);
  page_attr(v, "type", "checkbox"), page_attr(v, "name", "together"), page_attr(v, "value", "yes");
  page_close(v);
  page_say(v, " Also for the steps that were played with it",
           " Også for de teststeps, der blev gentaget sammen med det");
  page_close(v);
  run_page_initials(v);
  form_button(v, NULL, NULL, "main", "This attempt counts", "Dette forsøg gælder");
  page_close(v);
  page_close(v);
}

static void write_what_came(struct visit *v, const struct record_attempt *a) {
  page_open(v, "td", NULL);
  page_text_in(v, "div", NULL, text_of(v, &a->actual));
  for (size_t i = 0; i < a->exchanges.n; i++) {
    page_link(v, a->exchanges.v[i], "/runs/%.*s/messages/%.*s", STR_F(run_page_id(v)), STR_F(a->exchanges.v[i]));
    page_text(v, STR(" "));
  }
  for (size_t i = 0; i < a->evidence.n; i++) run_page_evidence(v, &a->evidence.v[i]);
  if (a->findings.list.n) page_open(v, "ul", "findings");
  for (size_t i = 0; i < a->findings.list.n; i++) run_page_finding(v, &a->findings.list.v[i], i + 1);
  if (a->findings.list.n) page_close(v);
  page_close(v);
}

static void write_attempt(struct visit *v, const struct state_step *newest, const struct record_attempt *a) {
  page_open(v, "tr", a->stands ? "shown" : NULL);
  page_printf_in(v, "td", NULL, "%lld", (long long)a->number);
  page_text_in(v, "td", NULL, a->system_version);
  page_open(v, "td", NULL);
  if (a->by.n || a->why.n)
    page_printf_in(v, "div", NULL, "%.*s%s%.*s", STR_F(a->by), a->by.n && a->why.n ? " · " : "", STR_F(a->why));
  page_text_in(v, "div", "soft", when_text(v, a->at));
  page_close(v);
  write_what_came(v, a);
  page_open(v, "td", NULL), page_verdict(v, a->verdict);
  if (a->assessment != ASSESSMENT_NONE)
    page_printf_in(v, "div", "soft", "%s %s", visit_word(v, "MedCom's assessment", "MedCom vurdering"),
                   assessment_word(v, a->assessment));
  page_close(v);
  page_open(v, "td", NULL);
  if (a->stands)
    page_say_in(v, "span", "badge pass", "counts", "gælder");
  else if (v->who.role == ROLE_MEDCOM && a->verdict != VERDICT_NONE)
    write_stand_form(v, newest, a);
  page_close(v);
  page_close(v);
}

static void get_attempts(struct visit *v) {
  static const char *const heads[][2] = {{"Attempt", "Forsøg"},
                                         {"Version of the system", "Systemets version"},
                                         {"Played because", "Gentaget fordi"},
                                         {"Actual", "Faktisk"},
                                         {"Verdict", "Bedømmelse"},
                                         {"Which counts", "Hvad der gælder"},
                                         {NULL, NULL}};
  const struct state_step *newest = state_step_find(run_state(v->run), v->parts[1]);
  const struct record_step *s = newest ? recorded(run_page_record(v), newest->step->id) : NULL;
  if (!s || s->attempts.n < 2) {
    visit_refuse(v, 404, "That step was not played more than once.", "Det teststep er ikke spillet mere end én gang.");
    return;
  }
  const char *title = arena_printf(v->arena, "%s %.*s", visit_word(v, "Attempts of", "Forsøg på"), STR_F(s->id)).p;
  visit_begin(v, title, title);
  write_back(v, newest);
  page_text_in(v, "p", NULL, text_of(v, &s->action));
  if (s->stands_by.n)
    page_printf_in(v, "p", "notice", "%s %.*s · %.*s",
                   visit_word(v, "MedCom says which attempt counts:", "MedCom siger, hvilket forsøg der gælder:"),
                   STR_F(s->stands_by), STR_F(s->stands_why));
  else
    page_say_in(v, "p", "soft", "The newest attempt counts, unless MedCom says otherwise. All are kept.",
                "Det nyeste forsøg gælder, medmindre MedCom siger andet. Alle bevares.");
  page_table(v, "steps attempts", heads);
  for (size_t i = 0; i < s->attempts.n; i++) write_attempt(v, newest, &s->attempts.v[i]);
  page_table_end(v);
  visit_page(v);
}

static void post_stand(struct visit *v) {
  const struct state_step *newest = state_step_find(run_state(v->run), field(v, "step"));
  int64_t attempt;
  if (!newest || !str_int(field(v, "attempt"), &attempt)) {
    visit_refuse(v, 400, "The run has no such step.", "Testforløbet har ikke det teststep.");
    return;
  }
  struct str address = arena_printf(v->arena, "/runs/%.*s/attempts/%.*s", STR_F(run_page_id(v)),
                                    STR_F(run_page_encoded(v, newest->step->id)));
  if (!str_eq(field(v, "seen"), attempts_seen(v, newest))) {
    run_page_tell_later(v, address, "it was played again, or somebody else said which attempt counts:",
                        "er det gentaget, eller en anden har sagt, hvilket forsøg der gælder:",
                        newest->attempt.stands_by, newest->attempt.stands_why);
    return;
  }
  if (!run_page_knows_who(v, address)) return;
  struct run_words w = run_words(v, "stand");
  run_words_by(&w);
  run_words_option(&w, "why", field(v, "why"));
  if (field(v, "together").n) run_words_add(&w, "--together");
  run_words_add(&w, "--");
  run_words_add(&w, arena_z(v->arena, newest->step->id));
  run_words_add(&w, arena_printf(v->arena, "%lld", (long long)attempt).p);
  run_words_do(&w, address);
}

/* ---- a step of MedCom's own ---- */

/* The last one that was put in, and how many there are. */
static const struct state_step *last_added(const struct visit *v, size_t *n) {
  const struct state *s = run_state(v->run);
  const struct state_step *last = NULL;
  *n = 0;
  for (size_t c = 0; c < s->cases_n; c++)
    for (size_t i = 0; i < s->cases[c].n; i++) {
      const struct state_step *st = &s->cases[c].steps[i];
      if (!st->added) continue;
      ++*n;
      if (!last || st->added->seq > last->added->seq) last = st;
    }
  return last;
}

static struct str added_seen(struct visit *v) {
  size_t n;
  (void)last_added(v, &n);
  return arena_printf(v->arena, "%zu", n);
}

static void write_after(struct visit *v, struct str chosen) {
  const struct state *s = run_state(v->run);
  form_select(v, "after", "Behind this step, and what belongs to it",
              "Efter dette teststep, og det, der hører til det");
  for (size_t c = 0; c < s->cases_n; c++) {
    if (!s->cases[c].plan->applies) continue;
    for (size_t i = 0; i < s->cases[c].n; i++) {
      const struct step *p = s->cases[c].steps[i].step;
      form_option(v, p->id, arena_printf(v->arena, "%.*s  %s", STR_F(p->id), p->kind->word), str_eq(p->id, chosen));
    }
  }
  form_select_end(v);
}

static void write_steps_area(struct visit *v, struct str text, int64_t line) {
  page_open(v, "div", "drop"), page_attr(v, "data-drop", "%s", "");
  page_open(v, "label", "field");
  page_say_in(v, "span", NULL, "One step or more, in the protocol language (protocols/README.md)",
              "Et eller flere teststeps i protokolsproget (protocols/README.md)");
  page_open(v, "textarea", "code");
  page_attr(v, "name", "text"), page_attr(v, "rows", "10"), page_attr(v, "spellcheck", "false");
  if (line > 0) page_attr(v, "data-line", "%lld", (long long)line);
  /* The first line end after the tag is none of the text's (HTML, 13.1.2.5). */
  page_text(v, arena_printf(v->arena, "\n%.*s", STR_F(text)));
  page_close(v);
  page_close(v);
  form_input(v, "file", "file", STR(""), "or a file (it can be dropped here)", "eller en fil (den kan trækkes hertil)");
  page_close(v);
}

static void write_example(struct visit *v) {
  static const char example[] =
      "- action: {en: The same with another type., da: Det samme med en anden type.}\n"
      "  send: {fixture: carecommunication/new-nursing.json, as: own}\n"
      "- expect-ack: {to: own, code: ok, within: \"${ack_within}\"}\n"
      "- manual: {ask: {en: Show the message on the screen., da: Vis meddelelsen på skærmen.}}\n";
  page_open(v, "details", NULL);
  page_say_in(v, "summary", NULL, "An example", "Et eksempel");
  page_text_in(v, "pre", "wrap", STR(example));
  page_close(v);
}

/* The form, as it was filled in where it comes back; line: of the first mistake, 0 if none is known. */
static void show_insert(struct visit *v, struct str after, struct str text, int64_t line, int status) {
  visit_begin(v, "Put in a step of MedCom's own", "Indsæt MedComs eget teststep");
  write_back(v, state_step_find(run_state(v->run), after));
  page_say_in(
      v, "p", "soft",
      "The step gets an id of its own, is marked as MedCom's in every report, and the run goes on with it. It "
      "cannot be taken out again.",
      "Teststeppet får sit eget id, er mærket som MedComs i alle rapporter, og testforløbet fortsætter med det. "
      "Det kan ikke tages ud igen.");
  form_open(v, true, "/runs/%.*s/insert", STR_F(run_page_id(v)));
  form_hidden(v, "seen", added_seen(v));
  write_after(v, after);
  write_steps_area(v, text, line);
  form_input(v, "text", "why", field(v, "why"), "Because", "Fordi");
  run_page_initials(v);
  form_button(v, NULL, NULL, "main", "Put it in", "Indsæt");
  page_close(v);
  write_example(v);
  visit_page_status(v, status);
}

static void get_insert(struct visit *v) {
  show_insert(v, http_query(v->request, "after"), STR(""), 0, 200);
}

/* The line of the first mistake that is told as FILE:LINE:..., 0 if none is. */
static int64_t line_of(struct str said) {
  int64_t line;
  (void)str_cut(&said, ':');
  return str_int(str_cut(&said, ':'), &line) ? line : 0;
}

/* The steps as a file of their own; NULL: there is nothing, or the visit is ended. */
static const char *steps_file(struct visit *v, struct str *text) {
  const struct webform_field *f = webform_nth(&v->form, "file", 0);
  bool is_file = f && f->is_file && f->value.n;
  *text = is_file ? f->value : field(v, "text");
  return visit_file(v, is_file ? f->file_name : STR("step.yaml"), *text);
}

static bool insert_is_stale(struct visit *v, struct str after, struct str text) {
  size_t n;
  const struct state_step *last = last_added(v, &n);
  if (!last || str_eq(field(v, "seen"), added_seen(v))) return false;
  v->notice_is_error = true;
  v->notice =
      arena_printf(v->arena, "%s %.*s %.*s · %.*s. %s",
                   visit_word(v, "Nothing was changed: while you wrote, somebody else put in",
                              "Intet er ændret: mens du skrev, har en anden indsat"),
                   STR_F(last->step->id), STR_F(event_get(last->added, "by")), STR_F(event_get(last->added, "why")),
                   visit_word(v, "Look again, and decide anew: what you wrote is below.",
                              "Se igen, og tag stilling på ny: det du skrev, står nedenfor."));
  show_insert(v, after, text, 0, 409);
  return true;
}

/* The steps that the command says it put in, a line each: "put in 3.2.1+MC1  manual". */
static struct str put_in(struct visit *v, struct str out) {
  static const struct str said = STR_INIT("put in ");
  struct str steps = STR("");
  while (out.n) {
    struct str line = str_cut(&out, '\n');
    if (!str_starts(line, said)) continue;
    line = str_sub(line, said.n, line.n);
    struct str step = str_cut(&line, ' ');
    steps = arena_printf(v->arena, "%.*s%s%.*s", STR_F(steps), steps.n ? ", " : "", STR_F(step));
  }
  return steps.n ? arena_printf(v->arena, "%s %.*s", visit_word(v, "Put in:", "Indsat:"), STR_F(steps)) : steps;
}

static void post_insert(struct visit *v) {
  struct str text, after = field(v, "after"), run = run_page_id(v);
  const char *path = steps_file(v, &text);
  if (!path || insert_is_stale(v, after, text)) return;
  struct run_words w = run_words(v, "insert");
  run_words_option(&w, "after", after);
  run_words_option(&w, "file", str_z(path));
  run_words_by(&w);
  run_words_option(&w, "why", field(v, "why"));
  w.v[w.n] = NULL;
  struct done d = do_command(v, w.v);
  bool well = done_well(v, &d) && d.code == 0;
  if (d.out.n || well) { /* it is put in, even if the run could not go on with it then */
    visit_complain(v, well ? STR("") : d.err);
    v->notice = put_in(v, d.out), v->notice_is_error = !well;
    visit_go(v, "/runs/%.*s", STR_F(run));
  } else if (visit_find_run(v, run, &v->run, &v->run_is_open)) {
    visit_complain(v, d.err);
    show_insert(v, after, text, line_of(v->complaint), 400);
  }
}

/* ---- what was carried over ---- */

#define CONFIRM_MAX 40 /* at once, where not all are */

static bool waits(const struct record_step *s) {
  return s->carried_from.n && !s->confirmed_by.n;
}

static size_t count_waiting(const struct record *r, struct str *by) {
  size_t n = 0;
  for (size_t c = 0; c < r->cases.n; c++)
    for (size_t i = 0; i < r->cases.v[c].steps.n; i++) {
      const struct record_step *s = &r->cases.v[c].steps.v[i];
      n += waits(s);
      if (by && s->confirmed_by.n) *by = s->confirmed_by;
    }
  return n;
}

void run_page_carried(struct visit *v, const struct record *r) {
  size_t n = count_waiting(r, NULL);
  if (!n) return;
  page_open(v, "p", "notice wait");
  page_printf_in(v, "strong", NULL,
                 visit_word(v, "%zu steps were carried over from another run and wait for MedCom. ",
                            "%zu teststeps er overført fra et andet testforløb og afventer MedCom. "),
                 n);
  page_link(v, str_z(visit_word(v, "See them", "Se dem")), "/runs/%.*s/carried", STR_F(run_page_id(v)));
  page_close(v);
}

static void write_carried(struct visit *v, const struct record_case *c, const struct record_step *s, bool confirms) {
  page_open(v, "tr", NULL);
  page_open(v, "td", NULL);
  if (confirms) {
    page_open(v, "input", NULL);
    page_attr(v, "type", "checkbox"), page_attr(v, "name", "step"), html_attr(&v->html, "value", s->id);
    page_attr(v, "id", "c%.*s", STR_F(s->id));
    page_close(v);
    page_open(v, "label", NULL), page_attr(v, "for", "c%.*s", STR_F(s->id));
    page_printf_in(v, "span", NULL, " %.*s", STR_F(s->id));
    page_close(v);
  } else {
    page_text(v, s->id);
  }
  page_close(v);
  page_open(v, "td", NULL);
  page_text_in(v, "div", NULL, text_of(v, &s->action));
  page_text_in(v, "div", "soft", text_of(v, &c->title));
  page_close(v);
  page_text_in(v, "td", NULL, text_of(v, &s->actual));
  page_open(v, "td", NULL);
  page_link(v, s->carried_from, "/runs/%.*s?case=%.*s#s%.*s", STR_F(s->carried_from), STR_F(run_page_encoded(v, c->id)),
            STR_F(run_page_encoded(v, s->id)));
  page_text_in(v, "div", "soft", s->system_version);
  page_close(v);
  page_close(v);
}

static void write_waiting(struct visit *v, const struct record *r, size_t n) {
  static const char *const heads[][2] = {
      {"Step", "Teststep"}, {"Action", "Handling"}, {"Actual", "Faktisk"}, {"Played in", "Spillet i"}, {NULL, NULL}};
  bool confirms = v->who.role == ROLE_MEDCOM;
  if (confirms) {
    form_open(v, false, "/runs/%.*s/confirm", STR_F(run_page_id(v)));
    form_by_choice(v);
    form_hidden(v, "seen", arena_printf(v->arena, "%zu", n));
    page_open(v, "div", "row");
    run_page_initials(v);
    form_button(v, "which", "chosen", "main", "Confirm those that are ticked", "Bekræft de afkrydsede");
    form_button(v, "which", "all", NULL, "Confirm all", "Bekræft alle");
    page_close(v);
  }
  page_table(v, "steps carried", heads);
  for (size_t c = 0; c < r->cases.n; c++)
    for (size_t i = 0; i < r->cases.v[c].steps.n; i++)
      if (waits(&r->cases.v[c].steps.v[i])) write_carried(v, &r->cases.v[c], &r->cases.v[c].steps.v[i], confirms);
  page_table_end(v);
  if (confirms) page_close(v);
}

static void get_carried(struct visit *v) {
  const struct record *r = run_page_record(v);
  size_t n = count_waiting(r, NULL);
  visit_begin(v, "Carried over from another run", "Overført fra et andet testforløb");
  write_back(v, NULL);
  if (n) {
    page_say_in(v, "p", "soft",
                "Nothing of these steps has changed since the run that played them. They count when MedCom has "
                "confirmed them.",
                "Intet ved disse teststeps er ændret siden det testforløb, der spillede dem. De tæller, når MedCom har "
                "bekræftet dem.");
    write_waiting(v, r, n);
  } else {
    page_say_in(v, "p", "notice", "Nothing waits to be confirmed.", "Intet afventer bekræftelse.");
  }
  visit_page(v);
}

static void refuse_confirm(struct visit *v, struct str address, const char *en, const char *da) {
  v->notice = str_z(visit_word(v, en, da));
  v->notice_is_error = true;
  visit_go(v, "%.*s", STR_F(address));
}

static void post_confirm(struct visit *v) {
  struct str by = STR(""), address = arena_printf(v->arena, "/runs/%.*s/carried", STR_F(run_page_id(v)));
  const struct webform_field *f;
  bool all = str_eqz(field(v, "which"), "all");
  int64_t seen;
  size_t n = count_waiting(run_page_record(v), &by);
  if (!str_int(field(v, "seen"), &seen) || (size_t)seen != n) {
    run_page_tell_later(v, address, "somebody else confirmed some of it:", "har en anden bekræftet noget af det:", by,
                        STR(""));
    return;
  }
  if (!run_page_knows_who(v, address)) return;
  struct run_words w = run_words(v, "confirm");
  run_words_by(&w);
  run_words_add(&w, "--");
  for (n = 0; !all && (f = webform_nth(&v->form, "step", n)) && n < CONFIRM_MAX; n++)
    run_words_add(&w, arena_z(v->arena, f->value));
  /* No step at all would mean all of them to the command. */
  if (!all && !n)
    refuse_confirm(v, address, "Tick the steps first.", "Afkryds teststeps først.");
  else if (!all && webform_nth(&v->form, "step", n))
    refuse_confirm(v, address, "At most 40 at once: confirm fewer, or all.",
                   "Højst 40 ad gangen: bekræft færre, eller alle.");
  else
    run_words_do(&w, address);
}

const struct route run_again_routes[] = {{"GET", "/runs/*/attempts/*", FOR_PARTNERS, ROUTE_RUN, get_attempts},
                                         {"POST", "/runs/*/stand", FOR_MEDCOM, ROUTE_RUN, post_stand},
                                         {"GET", "/runs/*/insert", FOR_MEDCOM, ROUTE_RUN, get_insert},
                                         {"POST", "/runs/*/insert", FOR_MEDCOM, ROUTE_RUN, post_insert},
                                         {"GET", "/runs/*/carried", FOR_PARTNERS, ROUTE_RUN, get_carried},
                                         {"POST", "/runs/*/confirm", FOR_MEDCOM, ROUTE_RUN, post_confirm},
                                         {0}};
