/* Which requirements of the standard the steps stand for and what was shown of each; how testcamp plays the standard;
 * and what the validators could not judge in this run: nobody shall take silence for a pass. */
#include "report/doc_int.h"

#define REQUIREMENTS_SHOWN 2000
#define LIMITS_SHOWN 100

/* A requirement, by the id that steps name (`verifies`). */
struct requirement {
  struct str id;
  enum verdict verdict; /* of all its steps together */
  VEC(const struct doc_step *) steps;
};

struct requirements {
  struct map by_id;
  VEC(struct requirement *) list; /* in the order of the steps */
};

static struct requirement *requirement_of(struct doc *d, struct requirements *all, struct str id) {
  struct requirement *q = map_get(&all->by_id, id);
  if (q || all->list.n == REQUIREMENTS_SHOWN) return q;
  q = ARENA_ARRAY(d->a, struct requirement, 1);
  *q = (struct requirement){.id = id};
  map_set(&all->by_id, id, q);
  VEC_PUSH(d->a, &all->list, q);
  return q;
}

static void add_step(struct doc *d, struct requirements *all, const struct doc_step *s) {
  for (size_t i = 0; i < s->step->verifies.n; i++) {
    struct requirement *q = requirement_of(d, all, s->step->verifies.v[i]);
    if (!q) continue;
    enum verdict v = report_verdict(s->in, s->step);
    q->verdict = q->steps.n ? verdict_join(q->verdict, v) : v;
    VEC_PUSH(d->a, &q->steps, s);
  }
}

static void put_requirement(struct doc *d, const struct requirement *q) {
  html_open(&d->w, "tr");
  html_attrz(&d->w, "role", "row");
  doc_text_cell(d, WORD_REQUIREMENT, "mono", q->id);
  doc_cell(d, WORD_STEPS, NULL);
  for (size_t i = 0; i < q->steps.n; i++) {
    if (i) html_textz(&d->w, ", ");
    doc_link(d, "step-link", q->steps.v[i]->anchor, q->steps.v[i]->step->id);
  }
  doc_close(d);
  doc_cell(d, WORD_RESULT, NULL);
  doc_verdict(d, q->verdict);
  doc_close(d);
  doc_close(d);
}

void doc_coverage(struct doc *d) {
  static const enum report_word heads[] = {WORD_REQUIREMENT, WORD_STEPS, WORD_RESULT, WORDS_N};
  struct requirements all = {0};
  size_t shown = 0;
  map_init(&all.by_id, d->a);
  for (size_t i = 0; i < d->r->cases.n; i++)
    for (size_t k = 0; k < d->r->cases.v[i].steps.n; k++) add_step(d, &all, &d->steps[i][k]);
  for (size_t i = 0; i < all.list.n; i++) shown += all.list.v[i]->verdict == VERDICT_PASS;
  doc_section(d, "requirements", WORD_REQUIREMENTS);
  if (!all.list.n) {
    doc_word_element(d, "p", NULL, WORD_NO_REQUIREMENTS);
  } else {
    doc_element(
        d, "p", "intro",
        report_word_fill(d->a, d->lang, WORD_REQUIREMENTS_SHOWN, doc_number(d, shown), doc_number(d, all.list.n)));
    doc_table(d, "list", heads);
    for (size_t i = 0; i < all.list.n; i++) put_requirement(d, all.list.v[i]);
    doc_table_end(d);
  }
  doc_section_end(d);
}

/* --- how the standard is played -------------------------------------------------------- */

static void put_fidelity(struct doc *d, const struct record_fidelity *f) {
  html_open(&d->w, "tr");
  html_attrz(&d->w, "role", "row");
  doc_text_cell(d, WORD_FIDELITY_IS, "how", report_word_term(d->lang, f->is));
  doc_text_cell(d, WORD_FIDELITY_WHAT, NULL, report_text(f->text, d->lang));
  doc_close(d);
}

void doc_fidelity(struct doc *d) {
  static const enum report_word heads[] = {WORD_FIDELITY_IS, WORD_FIDELITY_WHAT, WORDS_N};
  const struct record *r = d->r;
  doc_section(d, "fidelity", WORD_FIDELITY);
  if (!r->fidelity.n) {
    doc_word_element(d, "p", NULL, WORD_NO_FIDELITY);
  } else {
    doc_element(d, "p", "intro",
                report_word_fill(d->a, d->lang, WORD_FIDELITY_NOTE, r->fidelity_program, (struct str){0}));
    doc_table(d, "list", heads);
    for (size_t i = 0; i < r->fidelity.n; i++) put_fidelity(d, &r->fidelity.v[i]);
    doc_table_end(d);
  }
  doc_section_end(d);
}

/* --- what could not be judged ---------------------------------------------------------- */

struct limits {
  struct map told;
  VEC(const struct finding *) list;
};

/* Undecided, or of how far the definitions go (skeleton.fidelity, oioxml.fidelity.older). */
static bool is_limit(const struct finding *f) {
  return f->severity == SEV_UNDECIDED || str_find(f->rule, STR(".fidelity"), 0) != SIZE_MAX;
}

static void add_limits(struct doc *d, struct limits *l, const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    struct str key = arena_printf(d->a, "%.*s\n%.*s", STR_F(x->rule), STR_F(x->en));
    if (!is_limit(x) || l->list.n == LIMITS_SHOWN || map_get(&l->told, key)) continue;
    map_set(&l->told, key, d);
    VEC_PUSH(d->a, &l->list, x);
  }
}

static void put_limit(struct doc *d, const struct finding *f) {
  html_open(&d->w, "tr");
  html_attrz(&d->w, "role", "row");
  doc_text_cell(d, WORD_RULE, "mono", f->rule);
  doc_text_cell(d, WORD_WHY, NULL, report_finding_text(f, d->lang));
  doc_close(d);
}

void doc_limits(struct doc *d) {
  static const enum report_word heads[] = {WORD_RULE, WORD_WHY, WORDS_N};
  struct limits l = {0};
  map_init(&l.told, d->a);
  for (size_t i = 0; i < d->r->exchanges.n; i++) add_limits(d, &l, &d->r->exchanges.v[i].findings);
  for (size_t i = 0; i < d->r->cases.n; i++)
    for (size_t k = 0; k < d->r->cases.v[i].steps.n; k++) add_limits(d, &l, &d->r->cases.v[i].steps.v[k].findings);
  doc_section(d, "limits", WORD_LIMITS);
  doc_word_element(d, "p", l.list.n ? "intro" : NULL, l.list.n ? WORD_LIMITS_NOTE : WORD_NO_LIMITS);
  if (l.list.n) {
    doc_table(d, "list", heads);
    for (size_t i = 0; i < l.list.n; i++) put_limit(d, l.list.v[i]);
    doc_table_end(d);
  }
  doc_section_end(d);
}
