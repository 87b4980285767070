/* The use cases of a printed protocol and their step tables, in MedCom's columns. */
#include "report/printed_int.h"

static const char *const status_names[] = {
    [CASE_MANDATORY] = "mandatory", [CASE_OPTIONAL] = "optional", [CASE_CONDITIONAL] = "conditional"};

static struct str case_anchor(struct print *p, const struct protocol_case *c) {
  return arena_printf(p->d.a, "case-%.*s", STR_F(c->id));
}

static struct str title_of(struct print *p, const struct protocol_case *c) {
  return print_text(p, c->title);
}

/* --- overview ------------------------------------------------------------------ */

static size_t by_persons(const struct protocol_case *c) {
  size_t n = 0;
  for (size_t i = 0; i < c->steps.n; i++) n += step_is_by_person(c->steps.v[i]);
  return n;
}

static void put_counts(struct print *p, size_t steps, size_t persons) {
  doc_text_cell(&p->d, WORD_STEPS_N, NULL, doc_number(&p->d, steps));
  doc_text_cell(&p->d, WORD_BY_MACHINE, NULL, doc_number(&p->d, steps - persons));
  doc_text_cell(&p->d, WORD_BY_PERSONS, NULL, doc_number(&p->d, persons));
}

static void put_overview_case(struct print *p, const struct protocol_case *c) {
  struct str condition = print_condition(p, c->when);
  print_row(p, NULL);
  doc_cell(&p->d, WORD_USE_CASE, NULL);
  doc_link(&p->d, NULL, case_anchor(p, c), c->id);
  html_textz(&p->d.w, " ");
  doc_text(&p->d, title_of(p, c));
  doc_close(&p->d);
  doc_cell(&p->d, WORD_KIND, NULL);
  doc_text(&p->d, report_word_term(p->d.lang, str_z(status_names[c->status])));
  html_textz(&p->d.w, " ");
  if (condition.n) doc_element(&p->d, "span", "tag", condition);
  doc_close(&p->d);
  put_counts(p, c->steps.n, by_persons(c));
  doc_close(&p->d);
}

void print_overview(struct print *p) {
  static const enum report_word heads[] = {WORD_USE_CASE,   WORD_KIND,       WORD_STEPS_N,
                                           WORD_BY_MACHINE, WORD_BY_PERSONS, WORDS_N};
  const struct protocol *protocol = p->in->protocol;
  size_t steps = 0, persons = 0;
  doc_section(&p->d, "cases", WORD_USE_CASES);
  doc_table(&p->d, "list contents", heads);
  for (size_t i = 0; i < protocol->cases.n; i++) {
    put_overview_case(p, protocol->cases.v[i]);
    steps += protocol->cases.v[i]->steps.n;
    persons += by_persons(protocol->cases.v[i]);
  }
  print_row(p, "total");
  doc_cell(&p->d, WORD_USE_CASE, NULL);
  doc_word_element(&p->d, "strong", NULL, WORD_TOTAL);
  doc_close(&p->d);
  doc_text_cell(&p->d, WORD_KIND, NULL, (struct str){0});
  put_counts(p, steps, persons);
  doc_close(&p->d);
  doc_table_end(&p->d);
  doc_section_end(&p->d);
}

/* --- steps ---------------------------------------------------------------------- */

static void put_tag(struct print *p, struct str text) {
  if (text.n) doc_element(&p->d, "span", "tag", text);
}

static struct str joined(struct print *p, const struct str *v, size_t n) {
  struct str all = {0};
  for (size_t i = 0; i < n; i++)
    all = arena_printf(p->d.a, "%.*s%s%.*s", STR_F(all), i ? ", " : "", STR_F(report_word_term(p->d.lang, v[i])));
  return all;
}

static void put_number(struct print *p, const struct step *s) {
  const struct compare_row *change = print_change(p, s);
  html_open(&p->d.w, "th");
  html_attrz(&p->d.w, "scope", "row");
  html_attrz(&p->d.w, "role", "rowheader");
  doc_link(&p->d, "self", arena_printf(p->d.a, "step-%.*s", STR_F(s->id)), s->id);
  put_tag(p, print_party(p, s->at));
  if (s->optional) put_tag(p, str_z(doc_word(&p->d, WORD_OPTIONAL_STEP)));
  if (change && change->why != COMPARE_SAME) doc_element(&p->d, "span", "tag warn", print_change_text(p, change));
  doc_close(&p->d);
}

static void put_action(struct print *p, const struct step *s) {
  doc_cell(&p->d, WORD_COL_ACTION, NULL);
  doc_text(&p->d, print_text(p, s->action));
  html_textz(&p->d.w, " ");
  doc_element(&p->d, "span", "word", str_z(s->kind->word));
  put_tag(p, print_step_condition(p, s));
  if (s->either.n) put_tag(p, print_fill(p, WORD_ONE_OF, s->either, (struct str){0}));
  doc_close(&p->d);
}

static void put_expected(struct print *p, const struct step *s) {
  struct str evidence = joined(p, s->evidence.v, s->evidence.n), rules = joined(p, s->verifies.v, s->verifies.n);
  doc_cell(&p->d, WORD_COL_EXPECTED, NULL);
  doc_text(&p->d, print_text(p, s->expected));
  if (evidence.n) put_tag(p, print_fill(p, WORD_EVIDENCE_ASKED, evidence, (struct str){0}));
  if (rules.n) put_tag(p, print_fill(p, WORD_VERIFIES_ASKED, rules, (struct str){0}));
  doc_close(&p->d);
}

static void put_step(struct print *p, const struct step *s) {
  bool is_sub = str_index(s->id, '+') != SIZE_MAX;
  print_row(p, is_sub ? "step sub" : "step");
  doc_attr(&p->d, "id", arena_printf(p->d.a, "step-%.*s", STR_F(s->id)));
  put_number(p, s);
  put_action(p, s);
  doc_text_cell(&p->d, WORD_COL_DATA, NULL, print_text(p, s->test_data));
  put_expected(p, s);
  doc_cell(&p->d, WORD_COL_ACTUAL, NULL);
  if (!step_is_by_person(s)) doc_word_element(&p->d, "span", "tag", WORD_BY_TOOL);
  doc_close(&p->d);
  doc_cell(&p->d, WORD_COL_ASSESSMENT, "assessment");
  if (s->severity.n) put_tag(p, print_fill(p, WORD_SUGGESTS, s->severity, (struct str){0}));
  doc_close(&p->d);
  doc_close(&p->d);
  html_textz(&p->d.w, "\n");
}

static void put_case(struct print *p, const struct protocol_case *c) {
  static const enum report_word columns[] = {WORD_COL_STEP,   WORD_COL_ACTION,     WORD_COL_DATA, WORD_COL_EXPECTED,
                                             WORD_COL_ACTUAL, WORD_COL_ASSESSMENT, WORDS_N};
  html_open(&p->d.w, "h3");
  doc_attr(&p->d, "id", case_anchor(p, c));
  doc_text(&p->d, c->id);
  html_textz(&p->d.w, " ");
  doc_text(&p->d, title_of(p, c));
  html_textz(&p->d.w, " ");
  put_tag(p, report_word_term(p->d.lang, str_z(status_names[c->status])));
  put_tag(p, print_condition(p, c->when));
  doc_close(&p->d);
  doc_table(&p->d, "steps", columns);
  for (size_t i = 0; i < c->steps.n; i++) put_step(p, c->steps.v[i]);
  doc_table_end(&p->d);
  html_textz(&p->d.w, "\n");
}

void print_steps(struct print *p) {
  doc_section(&p->d, "steps", WORD_TEST_STEPS);
  for (size_t i = 0; i < p->in->protocol->cases.n; i++) put_case(p, p->in->protocol->cases.v[i]);
  doc_section_end(&p->d);
}
