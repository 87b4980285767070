/* Courses: the way of a system from its self-test to an approval, with what can be done at each stage. Each act is the
 * command `testcamp course`, which refuses what is too early and says what is missing. */
#include "console/guide.h"
#include "console/offers.h"
#include "console/systems.h"
#include "run/courses.h"

static struct str pick(const struct visit *v, struct said s) {
  return v->danish ? s.da : s.en;
}

/* ---- all of them ---- */

static void write_course_row(struct visit *v, const struct course *c) {
  page_open(v, "tr", NULL);
  page_open(v, "td", NULL);
  page_link(v, course_subject_text(v->arena, &c->subject), "/courses/%.*s", STR_F(c->id));
  page_close(v);
  page_text_in(v, "td", NULL, pick(v, course_stage_text(c->stage)));
  page_open(v, "td", NULL);
  if (c->stage < COURSE_PUBLISHED)
    page_say_in(v, "span", "tag", course_next_is_vendors(c->stage) ? "vendor" : "MedCom",
                course_next_is_vendors(c->stage) ? "leverandør" : "MedCom");
  page_close(v);
  page_text_in(v, "td", NULL, c->acts.n ? when_text(v, c->acts.v[c->acts.n - 1].at) : STR(""));
  page_close(v);
}

static void write_start(struct visit *v) {
  struct offer **list;
  struct system *systems;
  struct str *files;
  size_t n, systems_n = 0, files_n = 0;
  struct error e;
  offers_protocols(v->console, &list, &n);
  if (systems_get(v, &systems, &systems_n, &e) < 0) systems_n = 0;
  offers_vendors(v->console, v->arena, &files, &files_n);
  form_fold(v, "form panel", "New course", "Nyt forløb", NULL, STR(""), "/courses");
  form_select(v, "protocol", "Test protocol", "Testprotokol");
  for (size_t i = 0; i < n; i++) form_option(v, list[i]->id, v->danish ? list[i]->title.da : list[i]->title.en, false);
  form_select_end(v);
  form_select(v, "system", "System", "System");
  for (size_t i = 0; i < systems_n; i++)
    form_option(v, arena_printf(v->arena, "system:%lld", (long long)systems[i].id),
                arena_printf(v->arena, "%.*s, %.*s %.*s", STR_F(systems[i].organisation_name), STR_F(systems[i].name),
                             STR_F(systems[i].version)),
                false);
  for (size_t i = 0; i < files_n; i++)
    form_option(v, arena_printf(v->arena, "file:%.*s", STR_F(files[i])), files[i], false);
  form_select_end(v);
  form_button(v, NULL, NULL, "main", "Start", "Start");
  page_close(v);
  page_close(v);
}

static void get_courses(struct visit *v) {
  static const char *const heads[][2] = {
      {"System", "System"}, {"Stage", "Trin"}, {"Waits for", "Venter på"}, {"Last act", "Senest"}, {NULL, NULL}};
  struct courses all = {0};
  struct error e;
  if (courses_load(&all, v->console->options.store, v->arena, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  visit_begin(v, "Courses to an approval", "Forløb til godkendelse");
  if (all.list.n) page_table(v, "courses", heads);
  for (size_t i = all.list.n; i > 0; i--) write_course_row(v, all.list.v[i - 1]);
  if (all.list.n)
    page_table_end(v);
  else
    page_say_in(v, "p", NULL, "There are no courses yet.", "Der er ingen forløb endnu."), guide_first(v, "live");
  write_start(v);
  visit_page(v);
}

/* ---- one of them ---- */

static struct course *find(struct visit *v) {
  struct course *c = NULL;
  struct error e;
  if (!str_starts(v->parts[0], STR(COURSE_PREFIX)) ||
      courses_get(&c, v->console->options.store, v->arena, v->parts[0], &e) < 0 || !c)
    visit_refuse(v, 404, "There is no such course.", "Det forløb findes ikke.");
  return c;
}

static void write_act(struct visit *v, const struct course_act *a) {
  page_open(v, "li", NULL);
  page_printf_in(v, "span", "soft", "%.*s ", STR_F(when_text(v, a->at)));
  page_text(v, pick(v, course_act_text(a->kind)));
  if (a->what.n) page_printf_in(v, "span", NULL, " (%.*s)", STR_F(a->what));
  if (a->by.n) page_printf_in(v, "span", NULL, ", %.*s", STR_F(a->by));
  if (a->why.n) page_printf_in(v, "span", NULL, ": %.*s", STR_F(a->why));
  page_close(v);
}

static void open_act(struct visit *v, const struct course *c, const char *verb, const char *en, const char *da) {
  form_fold(v, "form panel", en, da, "verb", str_z(verb), "/courses/%.*s", STR_F(c->id));
  form_hidden(v, "seen", arena_printf(v->arena, "%zu", c->acts.n));
}

static void close_act(struct visit *v, const char *en, const char *da) {
  if (!v->who.initials.n) form_input(v, "text", "by", STR(""), "Initials", "Initialer");
  form_button(v, NULL, NULL, "main", en, da);
  page_close(v);
  page_close(v);
}

static void write_why(struct visit *v) {
  form_input(v, "text", "why", STR(""), "Remark or reason", "Bemærkning eller begrundelse");
}

/* The self-tests that may be submitted: ended runs of this system by one of the course's protocols. */
static void write_submit(struct visit *v, const struct course *c) {
  struct run_card *cards;
  size_t n;
  run_cards_get(v, &cards, &n);
  open_act(v, c, "submit", "Submit the self-test", "Indsend egentesten");
  form_select(v, "run", "Run", "Testforløb");
  for (size_t i = 0; i < n; i++)
    if (cards[i].ended_at && course_protocol_find(c, cards[i].protocol) && str_eq(cards[i].system, c->subject.system))
      form_option(v, cards[i].run,
                  arena_printf(v->arena, "%.*s, %.*s", STR_F(cards[i].run), STR_F(when_text(v, cards[i].ended_at))),
                  false);
  form_select_end(v);
  close_act(v, "Submit", "Indsend");
}

static void write_approval(struct visit *v, const struct course *c) {
  if (!c->required.n) return;
  open_act(v, c, "approval", "Note another approval", "Notér anden godkendelse");
  form_select(v, "name", "Approval", "Godkendelse");
  for (size_t i = 0; i < c->required.n; i++) form_option(v, c->required.v[i], c->required.v[i], false);
  form_select_end(v);
  write_why(v);
  close_act(v, "Note", "Notér");
}

static void write_decide(struct visit *v, const struct course *c) {
  open_act(v, c, "decide", "Decide", "Afgør");
  form_select(v, "approved", "Result", "Resultat");
  form_option(v, STR(""), str_z(visit_word(v, "– choose –", "– vælg –")), true); /* nobody approves by leaving it */
  form_option(v, STR("yes"), str_z(visit_word(v, "Approved", "Godkendt")), false);
  form_option(v, STR("no"), str_z(visit_word(v, "Not approved", "Ikke Godkendt")), false);
  form_select_end(v);
  form_input(v, "date", "date", STR(""), "Date of the test", "Dato for testen");
  form_input(v, "text", "place", STR(""), "Place", "Sted");
  write_why(v);
  close_act(v, "Decide", "Afgør");
}

static void write_acts(struct visit *v, const struct course *c) {
  enum course_stage s = c->stage;
  if (s == COURSE_SELF_TEST || s == COURSE_RETURNED) write_submit(v, c);
  if (s == COURSE_SUBMITTED) {
    open_act(v, c, "accept", "Accept the self-test", "Acceptér egentesten");
    close_act(v, "Accept", "Acceptér");
    open_act(v, c, "return", "Return the self-test", "Returnér egentesten");
    write_why(v);
    close_act(v, "Return", "Returnér");
  }
  if (s == COURSE_LIVE_TEST || s == COURSE_APPROVALS) write_approval(v, c), write_decide(v, c);
  if (s == COURSE_DECIDED) {
    open_act(v, c, "publish", "Publish", "Offentliggør");
    close_act(v, "Publish", "Offentliggør");
  }
}

static void get_course(struct visit *v) {
  const struct course *c = find(v);
  if (!c) return;
  visit_begin(v, "Course to an approval", "Forløb til godkendelse");
  page_text_in(v, "h2", NULL, course_subject_text(v->arena, &c->subject));
  page_open(v, "p", NULL);
  page_text_in(v, "span", "badge", pick(v, course_stage_text(c->stage)));
  page_close(v);
  page_text_in(v, "p", NULL, pick(v, course_next_text(c->stage)));
  page_open(v, "ul", NULL);
  for (size_t i = 0; i < c->protocols.n; i++) {
    const struct course_protocol *p = &c->protocols.v[i];
    page_open(v, "li", NULL);
    page_text(v, p->id);
    if (p->self_test.n) page_text(v, STR(" · ")), page_link(v, p->self_test, "/runs/%.*s", STR_F(p->self_test));
    if (p->live_test.n) page_text(v, STR(" · ")), page_link(v, p->live_test, "/runs/%.*s", STR_F(p->live_test));
    page_close(v);
  }
  page_close(v);
  write_acts(v, c);
  page_say_in(v, "h2", NULL, "What was done", "Det, der er sket");
  page_open(v, "ol", NULL);
  for (size_t i = 0; i < c->acts.n; i++) write_act(v, &c->acts.v[i]);
  page_close(v);
  visit_page(v);
}

/* ---- acts ---- */

#define WORDS_MAX 16

static void add_option(struct visit *v, const char **argv, size_t *n, const char *name, struct str value) {
  value = str_trim(value);
  if (value.n) argv[(*n)++] = arena_printf(v->arena, "--%s=%.*s", name, STR_F(value)).p;
}

/* Nothing is done, and what was written is in the form again (console/kept.h). */
static void say_no(struct visit *v, const struct course *c, const char *en, const char *da) {
  v->notice_is_error = true;
  v->notice = str_z(visit_word(v, en, da));
  visit_go(v, "/courses/%.*s", STR_F(c->id));
}

static void tell_later(struct visit *v, const struct course *c) {
  const struct course_act *a = c->acts.n ? &c->acts.v[c->acts.n - 1] : NULL;
  struct str what = a ? pick(v, course_act_text(a->kind)) : STR(""), by = a ? a->by : STR("");
  say_no(v, c,
         arena_printf(v->arena, "Nothing was done: somebody else has gone on with this course meanwhile: %.*s (%.*s).",
                      STR_F(what), STR_F(by))
             .p,
         arena_printf(v->arena, "Intet er gjort: en anden er imens gået videre med forløbet: %.*s (%.*s).", STR_F(what),
                      STR_F(by))
             .p);
}

/* What a person has to choose or write right; false: the visit is ended. */
static bool check_decision(struct visit *v, const struct course *c, struct str *day) {
  if (!webform_get(&v->form, "approved").n) {
    say_no(v, c, "Nothing was done: choose a result first.", "Intet er gjort: vælg først et resultat.");
    return false;
  }
  if (form_day(v, "date", day)) return true;
  visit_go(v, "/courses/%.*s", STR_F(c->id));
  return false;
}

static void post_course(struct visit *v) {
  static const char *const verbs[][2] = {{"submit", "run"},    {"accept", NULL}, {"return", NULL},
                                         {"approval", "name"}, {"decide", NULL}, {"publish", NULL}};
  static const char *const options[] = {"why", "approved", "place"};
  const struct course *c = find(v);
  const char *argv[WORDS_MAX] = {"course"}, *argument = NULL, *verb = NULL;
  struct str day = STR("");
  size_t n = 1;
  int64_t seen = -1;
  if (!c) return;
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (str_eqz(webform_get(&v->form, "verb"), verbs[i][0])) verb = verbs[i][0], argument = verbs[i][1];
  if (!verb) {
    visit_refuse(v, 400, "That is no act of a course.", "Det er ingen handling i et forløb.");
    return;
  }
  if (!str_int(webform_get(&v->form, "seen"), &seen) || seen != (int64_t)c->acts.n) {
    tell_later(v, c);
    return;
  }
  if (str_eqz(str_z(verb), "decide") && !check_decision(v, c, &day)) return;
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    add_option(v, argv, &n, options[i], webform_get(&v->form, options[i]));
  add_option(v, argv, &n, "date", day);
  add_option(v, argv, &n, "by", v->who.initials.n ? v->who.initials : webform_get(&v->form, "by"));
  argv[n++] = "--", argv[n++] = verb, argv[n++] = arena_z(v->arena, c->id);
  if (argument) argv[n++] = arena_z(v->arena, webform_get(&v->form, argument));
  struct done d = do_command(v, argv);
  (void)done_well(v, &d);
  visit_go(v, "/courses/%.*s", STR_F(c->id));
}

static void post_courses(struct visit *v) {
  struct str choice = webform_get(&v->form, "system");
  const struct offer *p = offers_protocol(v->console, webform_get(&v->form, "protocol"));
  const char *file = NULL;
  int64_t organisation, system;
  struct error e = {.code = ERR_CONFIG};
  if (!p || start_vendor_file(v, choice, &file, &organisation, &system, &e) < 0) {
    visit_complain(v, p ? str_z(e.text) : STR("there is no such protocol any more"));
    visit_go(v, "/courses");
    return;
  }
  struct done d = do_command(v, (const char *const[]){"course", arena_printf(v->arena, "--vendor=%s", file).p, "--",
                                                      "start", offers_path(v->console, v->arena, p->path), NULL});
  (void)done_well(v, &d);
  visit_go(v, "/courses");
}

const struct route course_routes[] = {{"GET", "/courses", FOR_MEDCOM, ROUTE_PLAIN, get_courses},
                                      {"POST", "/courses", FOR_MEDCOM, ROUTE_PLAIN, post_courses},
                                      {"GET", "/courses/*", FOR_MEDCOM, ROUTE_PLAIN, get_course},
                                      {"POST", "/courses/*", FOR_MEDCOM, ROUTE_PLAIN, post_course},
                                      {0}};
