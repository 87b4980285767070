/* What a newer version of a protocol changed, for a vendor who knows the older one. */
#include "report/printed_int.h"

const struct compare_row *print_change(const struct print *p, const struct step *s) {
  const struct comparison *c = p->in->changes;
  for (size_t i = 0; c && i < c->rows.n; i++)
    if (c->rows.v[i].now == s) return &c->rows.v[i];
  return NULL;
}

struct str print_change_text(struct print *p, const struct compare_row *row) {
  static const enum report_word words[] = {[COMPARE_NEW] = WORD_CHANGE_NEW,
                                           [COMPARE_CHANGED] = WORD_CHANGE_KEY,
                                           [COMPARE_PARAMETER] = WORD_CHANGE_PARAMETER};
  if (row->why == COMPARE_SAME) return (struct str){0};
  return print_fill(p, words[row->why], report_word_term(p->d.lang, row->what), (struct str){0});
}

static void put_row(struct print *p, const struct step *s, bool is_there, struct str what) {
  print_row(p, NULL);
  doc_cell(&p->d, WORD_COL_STEP, NULL);
  if (is_there)
    doc_link(&p->d, "step-link", arena_printf(p->d.a, "step-%.*s", STR_F(s->id)), s->id);
  else
    doc_text(&p->d, s->id);
  doc_close(&p->d);
  doc_text_cell(&p->d, WORD_COL_ACTION, NULL, print_text(p, s->action));
  doc_text_cell(&p->d, WORD_CHANGE, NULL, what);
  doc_close(&p->d);
}

static void put_table(struct print *p, const struct comparison *c) {
  static const enum report_word heads[] = {WORD_COL_STEP, WORD_COL_ACTION, WORD_CHANGE, WORDS_N};
  doc_table(&p->d, "list changes", heads);
  for (size_t i = 0; i < c->rows.n; i++)
    if (c->rows.v[i].why != COMPARE_SAME) put_row(p, c->rows.v[i].now, true, print_change_text(p, &c->rows.v[i]));
  for (size_t i = 0; i < c->gone.n; i++) put_row(p, c->gone.v[i], false, str_z(doc_word(&p->d, WORD_CHANGE_GONE)));
  doc_table_end(&p->d);
}

void print_changes(struct print *p) {
  const struct comparison *c = p->in->changes;
  struct str run = p->in->since_run;
  if (!c) return;
  doc_section(&p->d, "changes", WORD_CHANGES);
  doc_element(&p->d, "p", NULL,
              run.n ? print_fill(p, WORD_CHANGES_RUN, run, c->was->version)
                    : print_fill(p, WORD_CHANGES_SINCE, c->was->id, c->was->version));
  doc_element(&p->d, "p", "why",
              print_fill(p, c->changed ? WORD_CHANGES_COUNT : WORD_CHANGES_NONE, doc_number(&p->d, c->changed),
                         doc_number(&p->d, c->rows.n)));
  if (c->changed || c->gone.n) put_table(p, c);
  doc_section_end(&p->d);
}
