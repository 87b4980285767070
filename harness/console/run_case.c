#include "console/runpage_int.h"
#include "state/attempt.h"

#include <string.h>

/* ---- findings ---- */

bool run_page_payload(struct str *message) {
  static const struct str mark = STR_INIT("#payload");
  if (!str_ends(*message, mark)) return false;
  message->n -= mark.n;
  return true;
}

void run_page_finding(struct visit *v, const struct finding *f, size_t number) {
  static const char *const cls[] = {[SEV_INFO] = "badge",
                                    [SEV_WARNING] = "badge waiting",
                                    [SEV_UNDECIDED] = "badge inconclusive",
                                    [SEV_ERROR] = "badge fail"};
  static const char *const words[][2] = {[SEV_INFO] = {"information", "oplysning"},
                                         [SEV_WARNING] = {"warning", "advarsel"},
                                         [SEV_UNDECIDED] = {"undecided", "uafklaret"},
                                         [SEV_ERROR] = {"error", "fejl"}};
  page_open(v, "li", "finding");
  page_say_in(v, "span", cls[f->severity], words[f->severity][0], words[f->severity][1]);
  page_printf_in(v, "span", "soft", " %zu ", number);
  page_text_in(v, "span", "said", said_in_both(v, f->en, f->da));
  page_open(v, "div", "soft");
  page_link(v, f->rule, "/explain/%.*s", STR_F(f->rule));
  if (f->where.message.n && f->where.line) {
    page_text(v, STR(" · "));
    struct str message = f->where.message;
    bool payload = run_page_payload(&message);
    page_link(v, arena_printf(v->arena, "%.*s:%d:%d", STR_F(message), f->where.line, f->where.col),
              "/runs/%.*s/messages/%.*s#%c%d", STR_F(run_page_id(v)), STR_F(message), payload ? 'P' : 'L',
              f->where.line);
  }
  if (f->where.path.n) page_printf_in(v, "span", NULL, " · %.*s", STR_F(f->where.path));
  page_close(v);
  page_close(v);
}

/* The others are folded away: a step may have a thousand. */
#define FINDINGS_SHOWN 3

static void write_findings(struct visit *v, const struct findings *f, struct str step) {
  if (!f->list.n) return;
  page_open(v, "ul", "findings");
  for (size_t i = 0; i < f->list.n && i < FINDINGS_SHOWN; i++) run_page_finding(v, &f->list.v[i], i + 1);
  page_close(v);
  if (f->list.n <= FINDINGS_SHOWN) return;
  page_open(v, "details", NULL), page_attr(v, "id", "more-%.*s", STR_F(step));
  page_printf_in(v, "summary", NULL, visit_word(v, "%zu more findings", "%zu fund mere"), f->list.n - FINDINGS_SHOWN);
  page_open(v, "ul", "findings");
  for (size_t i = FINDINGS_SHOWN; i < f->list.n; i++) run_page_finding(v, &f->list.v[i], i + 1);
  page_close(v);
  page_close(v);
}

/* ---- MedCom's assessment ---- */

static bool may_assess(const struct visit *v, const struct record *r) {
  return v->who.role == ROLE_MEDCOM && str_eqz(r->mode, RECORD_CERTIFY);
}

static void write_assess(struct visit *v, const struct record_step *s) {
  static const struct {
    const char *value, *key;
  } choices[] = {{"OK", "5 o"}, {"F1", "1"}, {"F2", "2"}, {"F3", "3"}, {"F4", "4"}, {"not-relevant", "0"}};
  enum assessment now;
  form_open(v, false, "/runs/%.*s/assess", STR_F(run_page_id(v)));
  form_by_choice(v);
  form_hidden(v, "step", s->id);
  form_hidden(v, "seen", arena_printf(v->arena, "%zu", s->assessments.n));
  page_open(v, "div", "assess");
  for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
    bool is = assessment_parse(str_z(choices[i].value), &now) && now == s->assessment;
    page_open(v, "button", is ? "small chosen" : "small");
    page_attr(v, "name", "as"), page_attr(v, "value", "%s", choices[i].value),
        page_attr(v, "data-key", "%s", choices[i].key);
    page_attr(v, "aria-pressed", "%s", is ? "true" : "false");
    page_text(v, str_z(assessment_word(v, now)));
    page_close(v);
  }
  page_close(v);
  page_open(v, "details", "form");
  page_say_in(v, "summary", NULL, "Remark", "Bemærkning");
  form_input(v, "text", "why", STR(""), "Remark (needed to change an assessment)",
             "Bemærkning (kræves for at ændre en vurdering)");
  run_page_initials(v);
  page_close(v);
  page_close(v);
}

static void write_assessments(struct visit *v, const struct record_step *s) {
  for (size_t i = 0; i < s->assessments.n; i++) {
    const struct record_assessment *a = &s->assessments.v[i];
    page_printf_in(v, i + 1 == s->assessments.n ? "div" : "del", "soft", "%s · %.*s · %.*s%s%.*s",
                   assessment_word(v, a->assessment), STR_F(a->by), STR_F(when_text(v, a->at)), a->why.n ? " · " : "",
                   STR_F(a->why));
  }
}

/* ---- a step ---- */

void run_page_revisions(struct visit *v, const struct record_step *s) {
  for (size_t i = 0; i < s->revisions.n; i++) {
    const struct record_revision *x = &s->revisions.v[i];
    page_printf_in(v, "div", NULL, "%s %s → %s: %.*s", visit_word(v, "Revised", "Ændret"), verdict_word(v, x->was),
                   verdict_word(v, x->verdict), STR_F(x->why));
    page_printf_in(v, "div", "soft", "%.*s · %.*s", STR_F(x->by), STR_F(when_text(v, x->at)));
  }
}

static void write_repeat(struct visit *v, const struct record_step *s) {
  const struct state_step *newest = state_step_find(run_state(v->run), s->id);
  form_open(v, false, "/runs/%.*s/repeat", STR_F(run_page_id(v)));
  form_hidden(v, "step", s->id);
  form_hidden(v, "seen", arena_printf(v->arena, "%zu", newest ? newest->attempt.number : 0));
  form_input(v, "text", "why", STR(""), "Play it again, because", "Gentag, fordi");
  form_input(v, "text", "system-version", STR(""), "New version of the system (if it has one)",
             "Ny version af systemet (hvis den har fået en)");
  run_page_initials(v);
  form_button(v, NULL, NULL, NULL, "Repeat", "Gentag");
  page_close(v);
}

static void write_revise(struct visit *v, const struct record_step *s) {
  form_open(v, false, "/runs/%.*s/revise", STR_F(run_page_id(v)));
  form_hidden(v, "step", s->id);
  form_hidden(v, "seen", arena_printf(v->arena, "%zu", s->revisions.n));
  form_select(v, "verdict", "Other verdict", "Anden bedømmelse");
  form_option(v, STR("pass"), STR("OK"), false);
  form_option(v, STR("fail"), str_z(visit_word(v, "Fail", "Fejl")), false);
  form_option(v, STR("inconclusive"), str_z(visit_word(v, "Inconclusive", "Uafklaret")), false);
  form_option(v, STR("not-applicable"), str_z(visit_word(v, "Not relevant", "Ikke relevant")), false);
  form_select_end(v);
  form_input(v, "text", "why", STR(""), "Because", "Fordi");
  run_page_initials(v);
  form_button(v, NULL, NULL, NULL, "Revise", "Ret");
  page_close(v);
}

static void write_more(struct visit *v, const struct record *r, const struct record_step *s) {
  bool medcom = v->who.role == ROLE_MEDCOM;
  page_open(v, "details", "form");
  page_say_in(v, "summary", NULL, "More", "Mere");
  write_repeat(v, s);
  if (medcom && str_eqz(r->mode, RECORD_CERTIFY)) write_revise(v, s);
  if (medcom) run_page_insert_link(v, s);
  page_close(v);
}

static bool is_picture(struct str name) {
  static const char *const ends[] = {".png", ".jpg", ".jpeg"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    size_t n = strlen(ends[i]);
    if (name.n > n && str_eq_nocase(str_sub(name, name.n - n, name.n), str_z(ends[i]))) return true;
  }
  return false;
}

void run_page_evidence(struct visit *v, const struct record_evidence *x) {
  const struct event *gone = state_tombstone(run_state(v->run), x->digest);
  if (gone) {
    page_printf_in(v, "div", "soft", "%.*s", STR_F(x->name));
    run_page_tombstone(v, gone);
    return;
  }
  struct str address = arena_printf(v->arena, "/runs/%.*s/evidence/%.*s", STR_F(run_page_id(v)), STR_F(x->digest));
  page_open(v, "a", "evidence");
  page_attr(v, "href", "%.*s", STR_F(address));
  if (is_picture(x->name)) {
    page_open(v, "img", "thumb");
    page_attr(v, "src", "%.*s", STR_F(address)), page_attr(v, "loading", "lazy"), page_attr(v, "alt", "%s", "");
    page_close(v);
  }
  page_text(v, x->name);
  page_close(v);
  run_page_redact_link(v, x->digest);
}

/* On a phone the heads of the table are not there: each cell says what it is (style.css). */
static void open_cell(struct visit *v, const char *en, const char *da) {
  page_open(v, "td", NULL);
  page_attr(v, "data-head", "%s", visit_word(v, en, da));
}

struct str run_page_reason(const struct visit *v, struct str reason) {
  return str_eqz(reason, RECORD_NOT_CHOSEN) ? str_z(visit_word(v, "not chosen", "fravalgt")) : reason;
}

static void write_actual(struct visit *v, const struct record_step *s) {
  open_cell(v, "Actual", "Faktisk");
  struct str actual = text_of(v, &s->actual);
  if (actual.n) page_text_in(v, "div", NULL, actual);
  if (s->reason.n) page_text_in(v, "div", "soft", run_page_reason(v, s->reason));
  for (size_t i = 0; i < s->exchanges.n; i++) {
    page_link(v, s->exchanges.v[i], "/runs/%.*s/messages/%.*s", STR_F(run_page_id(v)), STR_F(s->exchanges.v[i]));
    page_text(v, STR(" "));
  }
  for (size_t i = 0; i < s->evidence.n; i++) run_page_evidence(v, &s->evidence.v[i]);
  if (str_eqz(s->word, "diff") && verdict_executed(s->verdict)) {
    page_open(v, "div", NULL);
    page_link(v, str_z(visit_word(v, "Beside each other", "Side om side")), "/runs/%.*s/diff/%.*s",
              STR_F(run_page_id(v)), STR_F(run_page_encoded(v, s->id)));
    page_close(v);
  }
  write_findings(v, &s->findings, s->id);
  page_close(v);
}

static void write_verdict(struct visit *v, const struct record *r, const struct record_step *s) {
  open_cell(v, "Verdict", "Bedømmelse");
  page_verdict(v, s->verdict);
  if (s->suggests.n && s->verdict == VERDICT_FAIL)
    page_printf_in(v, "div", "soft", "%s %.*s", visit_word(v, "suggests", "foreslår"), STR_F(s->suggests));
  run_page_revisions(v, s);
  if (s->answered_by.n) page_printf_in(v, "div", "soft", "%s %.*s", visit_word(v, "by", "af"), STR_F(s->answered_by));
  run_page_attempts(v, s);
  if (run_page_may_steer(v) && verdict_executed(s->verdict)) write_more(v, r, s);
  page_close(v);
}

static void write_step(struct visit *v, const struct record *r, const struct record_step *s) {
  bool assess = may_assess(v, r) && s->number.n && s->verdict != VERDICT_NONE;
  page_open(v, "tr", s->number.n ? "step" : "substep");
  page_attr(v, "id", "s%.*s", STR_F(s->id));
  if (assess) page_attr(v, "tabindex", "0"), page_attr(v, "data-keys", "%s", "");
  page_text_in(v, "td", NULL, s->id);
  open_cell(v, "Action", "Handling");
  page_text_in(v, "div", NULL, text_of(v, &s->action));
  if (s->test_data.en.n) page_text_in(v, "div", "soft", text_of(v, &s->test_data));
  run_page_origin(v, s);
  page_close(v);
  open_cell(v, "Expected", "Forventet"), page_text(v, text_of(v, &s->expected)), page_close(v);
  write_actual(v, s);
  write_verdict(v, r, s);
  if (str_eqz(r->mode, RECORD_CERTIFY)) {
    open_cell(v, "MedCom's assessment", "MedCom vurdering");
    write_assessments(v, s);
    if (assess) write_assess(v, s);
    page_close(v);
  }
  page_close(v);
}

/* What the machine does under a numbered step is shown when it says something: it failed, waits, or could not tell. */
static bool speaks(const struct record_step *s) {
  return s->number.n || s->findings.list.n || !(s->verdict == VERDICT_PASS || s->verdict == VERDICT_NOT_APPLICABLE);
}

static void write_accept(struct visit *v, const struct record *r) {
  if (!may_assess(v, r) || !r->ended) return;
  form_open(v, false, "/runs/%.*s/accept", STR_F(run_page_id(v)));
  page_open(v, "div", "row");
  run_page_initials(v);
  form_button(v, NULL, NULL, NULL, "Assess OK all that the machine passed", "Vurdér alt maskinelt OK som OK");
  page_close(v);
  page_close(v);
}

static void write_keys(struct visit *v, const struct record *r) {
  if (may_assess(v, r))
    page_say_in(
        v, "p", "soft keys",
        "Keys at a test step: j and k or the arrows to the next and the last one; 1–4 for F1–F4, 5 or o for OK, "
        "0 for Not relevant.",
        "Taster ved et teststep: j og k eller pilene til det næste og det forrige; 1–4 for F1–F4, 5 eller o for "
        "OK, 0 for Ikke relevant.");
}

void run_page_case(struct visit *v, const struct record *r, const struct record_case *c) {
  static const char *const heads[][2] = {{"Step", "Teststep"},
                                         {"Action and test data", "Handling og testdata"},
                                         {"Expected", "Forventet"},
                                         {"Actual", "Faktisk"},
                                         {"Verdict", "Bedømmelse"},
                                         {"MedCom's assessment", "MedCom vurdering"},
                                         {NULL, NULL}};
  static const char *const self_heads[][2] = {
      {"Step", "Teststep"},      {"Action and test data", "Handling og testdata"},
      {"Expected", "Forventet"}, {"Actual", "Faktisk"},
      {"Verdict", "Bedømmelse"}, {NULL, NULL}};
  bool every = http_query(v->request, "every").n > 0;
  size_t left_out = 0;
  page_open(v, "section", NULL), page_attr(v, "id", "case");
  page_printf_in(v, "h2", NULL, "%.*s %.*s", STR_F(c->id), STR_F(text_of(v, &c->title)));
  write_accept(v, r);
  write_keys(v, r);
  page_table(v, "steps", str_eqz(r->mode, RECORD_CERTIFY) ? heads : self_heads);
  for (size_t i = 0; i < c->steps.n; i++)
    if (every || speaks(&c->steps.v[i]))
      write_step(v, r, &c->steps.v[i]);
    else
      left_out++;
  page_table_end(v);
  if (left_out) {
    page_open(v, "p", NULL);
    page_link(v,
              arena_printf(v->arena,
                           visit_word(v, "%zu more that the machine found OK", "%zu mere, som maskinen fandt OK"),
                           left_out),
              "/runs/%.*s?case=%.*s&every=1#case", STR_F(run_page_id(v)), STR_F(c->id));
    page_close(v);
  }
  page_close(v);
}

/* ---- a prompt ---- */

void run_page_initials(struct visit *v) {
  if (!v->who.initials.n) form_input(v, "text", "by", run_page_own_initials(v), "Initials", "Initialer");
}

/* Somebody is asked: not a message that is waited for, and no clock that runs. */
static bool asks(const struct state_step *st) {
  bool person = str_eqz(st->owner, "vendor") || str_eqz(st->owner, "medcom");
  return person && !st->step->kind->wants && st->deadline < 0;
}

static bool may_answer(const struct visit *v, const struct state_step *st) {
  if (v->who.role == ROLE_MEDCOM) return true;
  return v->who.role == ROLE_VENDOR && str_eqz(st->owner, "vendor");
}

static void write_said(struct visit *v, const char *en, const char *da, const struct protocol_text *t) {
  struct str s = str_trim(state_text(v->arena, run_state(v->run), v->danish && t->da.n ? t->da : t->en));
  if (!s.n) return;
  page_open(v, "p", "said");
  page_say_in(v, "strong", NULL, en, da);
  page_printf_in(v, "span", NULL, " %.*s", STR_F(s));
  page_close(v);
}

void run_page_declare(struct visit *v) {
  const struct state *s = run_state(v->run);
  if (s->test_persons_only || s->plan->vendor->test_persons_only) return;
  page_open(v, "label", "choice");
  page_open(v, "input", NULL);
  page_attr(v, "type", "checkbox"), page_attr(v, "name", "test-persons"), page_attr(v, "value", "yes");
  page_close(v);
  page_say(v, " What I hand in shows test persons only", " Det, jeg afleverer, viser kun testpersoner");
  page_close(v);
}

/* What the step demands; without it an answer leaves the step undecided, and nobody should be surprised by that. */
static void write_demanded(struct visit *v, const struct step *s) {
  static const char *const kinds[][3] = {
      {"screenshot", "screenshot", "skærmbillede"}, {"file", "file", "fil"}, {"log", "log", "logfil"}};
  if (!s->evidence.n) return;
  page_open(v, "p", "demanded");
  page_say_in(v, "strong", NULL, "Demanded here:", "Kræves her:");
  for (size_t i = 0; i < s->evidence.n; i++) {
    const char *kind = arena_z(v->arena, s->evidence.v[i]);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
      if (str_eqz(s->evidence.v[i], kinds[k][0])) kind = visit_word(v, kinds[k][1], kinds[k][2]);
    page_printf_in(v, "span", NULL, "%s %s", i ? "," : "", kind);
  }
  page_close(v);
  page_open(v, "label", "choice");
  page_open(v, "input", NULL);
  page_attr(v, "type", "checkbox"), page_attr(v, "name", "without"), page_attr(v, "value", "yes");
  page_close(v);
  page_say(v, " Answer without it: the step becomes inconclusive", " Svar uden: teststeppet bliver uafklaret");
  page_close(v);
}

static void write_answer_form(struct visit *v, const struct state_step *st) {
  static const char *const answers[][4] = {{"ok", "main", "OK", "OK"},
                                           {"fail", "danger", "Fail", "Fejl"},
                                           {"not-relevant", NULL, "Not relevant", "Ikke relevant"},
                                           {"done", NULL, "Done", "Udført"}};
  form_open(v, true, "/runs/%.*s/answer", STR_F(run_page_id(v)));
  form_by_choice(v);
  form_hidden(v, "step", st->step->id);
  form_hidden(v, "seen", arena_printf(v->arena, "%lld", (long long)st->opened_seq));
  page_open(v, "div", "drop"), page_attr(v, "data-drop", "%s", "");
  form_area(v, "text", STR(""), "What you saw", "Hvad du så");
  page_open(v, "label", "field");
  page_say_in(v, "span", NULL, "Evidence: screenshots or files (drop or paste them here)",
              "Dokumentation: skærmbilleder eller filer (kan trækkes eller indsættes her)");
  page_open(v, "input", NULL);
  page_attr(v, "type", "file"), page_attr(v, "name", "evidence"), page_attr(v, "multiple", "%s", "");
  page_close(v);
  page_close(v);
  page_close(v);
  write_demanded(v, st->step);
  run_page_declare(v);
  run_page_initials(v);
  page_open(v, "div", "row");
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
    form_button(v, "answer", answers[i][0], answers[i][1], answers[i][2], answers[i][3]);
  page_close(v);
  page_close(v);
}

void run_page_prompt(struct visit *v, const struct state_step *st, bool open) {
  const struct step *p = st->step;
  write_said(v, "Do:", "Gør:", &p->action);
  write_said(v, "Test data:", "Testdata:", &p->test_data);
  write_said(v, "Expected:", "Forventet:", &p->expected);
  if (!asks(st) || !v->run_is_open || !may_answer(v, st)) return;
  page_open(v, "details", "answer"), page_attr(v, "id", "answer-%.*s", STR_F(p->id));
  if (open) page_attr(v, "open", "%s", "");
  page_say_in(v, "summary", NULL, "Answer", "Svar");
  write_answer_form(v, st);
  page_close(v);
}
