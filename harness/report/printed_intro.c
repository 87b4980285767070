/* The introduction: how the document is read, what is demanded before the test, and what is handed in. */
#include "report/meaning.h"
#include "report/printed_int.h"

#define BLANK_PERSONS 3 /* rows for the vendor's own, where no vendor file names them */
#define PARTIES_MAX 50

static void put_reading(struct print *p) {
  doc_word_element(&p->d, "h3", NULL, WORD_READING);
  print_note(p, WORD_READ_NUMBERS);
  print_note(p, WORD_READ_COLUMNS);
  print_note(p, WORD_READ_SELF_TEST);
}

static void put_scale(struct print *p) {
  static const enum report_word heads[] = {WORD_ASSESSMENT, WORD_MEANING, WORDS_N};
  static const enum assessment rows[] = {ASSESSMENT_F1, ASSESSMENT_F2, ASSESSMENT_F3,
                                         ASSESSMENT_F4, ASSESSMENT_OK, ASSESSMENT_NOT_RELEVANT};
  doc_word_element(&p->d, "h3", NULL, WORD_SCALE);
  doc_table(&p->d, "list narrow", heads);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    print_row(p, NULL);
    doc_text_cell(&p->d, WORD_ASSESSMENT, NULL, report_word_term(p->d.lang, str_z(assessment_name(rows[i]))));
    doc_text_cell(&p->d, WORD_MEANING, NULL, str_z(meaning_of_assessment(p->d.lang, rows[i])));
    doc_close(&p->d);
  }
  doc_table_end(&p->d);
  print_note(p, WORD_SCALE_NOTE);
}

/* The first numbered step that asks for evidence, else any number. */
static struct str example_number(const struct protocol *protocol) {
  struct str any = STR("3.3.1.1");
  for (size_t i = 0; i < protocol->cases.n; i++) {
    const struct protocol_case *c = protocol->cases.v[i];
    for (size_t k = 0; k < c->steps.n; k++)
      if (c->steps.v[k]->evidence.n && c->steps.v[k]->number.n) return c->steps.v[k]->number;
  }
  return any;
}

static void put_evidence(struct print *p) {
  const struct protocol *protocol = p->in->protocol;
  struct str number = example_number(protocol);
  const char *role = str_eqz(protocol->role, "sender") ? "S" : str_eqz(protocol->role, "operator") ? "O" : "R";
  doc_word_element(&p->d, "h3", NULL, WORD_EVIDENCE);
  print_note(p, WORD_EVIDENCE_KINDS);
  print_note(p, WORD_EVIDENCE_NAMES);
  doc_open(&p->d, "p", "mono");
  doc_text(&p->d, arena_printf(p->d.a, "%.*s_%.*s_A_%s.png, %.*s_%.*s_B_%s.xml", STR_F(protocol->standard),
                               STR_F(number), role, STR_F(protocol->standard), STR_F(number), role));
  doc_close(&p->d);
}

static void put_requires(struct print *p) {
  const struct protocol *protocol = p->in->protocol;
  doc_word_element(&p->d, "h3", NULL, WORD_PREREQUISITES);
  print_note(p, protocol->requires.n ? WORD_REQUIRES : WORD_REQUIRES_NOTHING);
  if (!protocol->requires.n) return;
  html_open(&p->d.w, "ul");
  for (size_t i = 0; i < protocol->requires.n; i++) doc_element(&p->d, "li", NULL, protocol->requires.v[i]);
  doc_close(&p->d);
}

/* Every capability that a case or step asks for, once, in their order. */
static void collect(struct print *p, struct facts *out, struct str when) {
  struct str name = str_starts(when, STR("!")) ? str_sub(when, 1, when.n) : when;
  struct str value = p->in->system ? facts_get(p->in->system->capabilities, arena_z(p->d.a, name)) : (struct str){0};
  struct str blank = p->in->system ? str_z(doc_word(&p->d, WORD_WHY_NOT_DECLARED)) : STR(" ");
  if (name.n) facts_put(out, arena_str(p->d.a, name), value.n ? value : blank);
}

static void put_capabilities(struct print *p) {
  static const enum report_word heads[] = {WORD_CAPABILITY, WORD_DECLARED, WORDS_N};
  const struct protocol *protocol = p->in->protocol;
  struct facts asked;
  facts_init(&asked, p->d.a);
  for (size_t i = 0; i < protocol->cases.n; i++) {
    collect(p, &asked, protocol->cases.v[i]->when);
    for (size_t k = 0; k < protocol->cases.v[i]->steps.n; k++)
      if (!protocol->cases.v[i]->steps.v[k]->party.n) collect(p, &asked, protocol->cases.v[i]->steps.v[k]->when);
  }
  if (!asked.list.n) return;
  doc_word_element(&p->d, "h3", NULL, WORD_CAPABILITIES_ASKED);
  print_note(p, WORD_CAPABILITIES_NOTE);
  doc_table(&p->d, "list narrow", heads);
  for (size_t i = 0; i < asked.list.n; i++) {
    print_row(p, NULL);
    doc_text_cell(&p->d, WORD_CAPABILITY, "mono", asked.list.v[i].name);
    doc_text_cell(&p->d, WORD_DECLARED, NULL, report_word_term(p->d.lang, str_trim(asked.list.v[i].value)));
    doc_close(&p->d);
  }
  doc_table_end(&p->d);
}

static void put_parameters(struct print *p) {
  static const enum report_word heads[] = {WORD_PARAMETER, WORD_VALUE, WORD_SOURCE, WORDS_N};
  const struct protocol *protocol = p->in->protocol;
  if (!protocol->parameters.n) return;
  doc_word_element(&p->d, "h3", NULL, WORD_PARAMETERS);
  print_note(p, WORD_PARAMETERS_NOTE);
  doc_table(&p->d, "list", heads);
  for (size_t i = 0; i < protocol->parameters.n; i++) {
    print_row(p, NULL);
    doc_text_cell(&p->d, WORD_PARAMETER, "mono", protocol->parameters.v[i].name);
    doc_text_cell(&p->d, WORD_VALUE, NULL, protocol->parameters.v[i].value);
    doc_text_cell(&p->d, WORD_SOURCE, NULL, protocol->parameters.v[i].source);
    doc_close(&p->d);
  }
  doc_table_end(&p->d);
}

static void put_person(struct print *p, size_t number) {
  print_row(p, NULL);
  doc_text_cell(&p->d, WORD_PERSON, NULL, doc_number(&p->d, number));
  doc_text_cell(&p->d, WORD_CPR, "mono", print_variable(p, "person", number, "cpr"));
  doc_text_cell(&p->d, WORD_GIVEN, NULL, print_variable(p, "person", number, "given"));
  doc_text_cell(&p->d, WORD_FAMILY, NULL, print_variable(p, "person", number, "family"));
  doc_close(&p->d);
}

static void put_party(struct print *p, const char *family, size_t number) {
  struct str who = str_z(doc_word(&p->d, WORD_OWN_ORGANISATION));
  if (strcmp(family, "vendor") != 0) who = arena_printf(p->d.a, "%s %zu", doc_word(&p->d, WORD_COUNTERPART), number);
  print_row(p, NULL);
  doc_text_cell(&p->d, WORD_ORGANISATION, NULL, who);
  doc_text_cell(&p->d, WORD_NAME, NULL, print_variable(p, family, number, "organisation"));
  doc_text_cell(&p->d, WORD_GLN, "mono", print_variable(p, family, number, "gln"));
  doc_text_cell(&p->d, WORD_SOR, "mono", print_variable(p, family, number, "sor"));
  doc_close(&p->d);
}

static void put_persons(struct print *p) {
  static const enum report_word heads[] = {WORD_PERSON, WORD_CPR, WORD_GIVEN, WORD_FAMILY, WORDS_N};
  static const enum report_word party_heads[] = {WORD_ORGANISATION, WORD_NAME, WORD_GLN, WORD_SOR, WORDS_N};
  doc_word_element(&p->d, "h3", NULL, WORD_TEST_PERSONS);
  print_note(p, WORD_PERSONS_NOTE);
  doc_table(&p->d, "list", heads);
  for (size_t i = 1; p->in->system ? i < PARTIES_MAX && print_variable(p, "person", i, "cpr").n : i <= BLANK_PERSONS;
       i++)
    put_person(p, i);
  doc_table_end(&p->d);
  if (!p->in->system) return;
  doc_table(&p->d, "list", party_heads);
  put_party(p, "vendor", 1);
  for (size_t i = 1; i < PARTIES_MAX && print_variable(p, "counterpart", i, "gln").n; i++)
    put_party(p, "counterpart", i);
  doc_table_end(&p->d);
}

void print_introduction(struct print *p) {
  doc_section(&p->d, "introduction", WORD_INTRODUCTION);
  put_reading(p);
  put_requires(p);
  put_persons(p);
  put_capabilities(p);
  put_parameters(p);
  put_evidence(p);
  put_scale(p);
  doc_section_end(&p->d);
}
