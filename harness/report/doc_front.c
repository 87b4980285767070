/* The front: what was tested, how it ended and by which rule, and the boxes that MedCom fills in. */
#include "report/doc_int.h"

#define NO_TEXT ((struct str){0})

static void time_fact(struct doc *d, enum report_word name, int64_t ms) {
  html_open(&d->w, "div");
  doc_word_element(d, "dt", NULL, name);
  html_open(&d->w, "dd");
  if (ms)
    doc_time(d, ms);
  else
    html_textz(&d->w, doc_word(d, WORD_NOT_ENDED));
  doc_close(d);
  doc_close(d);
}

static struct str name_and_version(struct doc *d, struct str name, struct str version) {
  return version.n ? arena_printf(d->a, "%.*s %.*s", STR_F(name), STR_F(version)) : name;
}

static void put_standard(struct doc *d) {
  const struct record *r = d->r;
  doc_facts(d, WORD_STANDARD);
  doc_fact(d, WORD_NAME_EN, NULL, r->standard);
  doc_fact(d, WORD_NAME_DA, NULL, r->standard_danish);
  doc_fact(d, WORD_VERSION, NULL, r->standard_version);
  doc_fact(d, WORD_TYPE, NULL, r->standard_type);
  doc_fact(d, WORD_PROTOCOL, NULL, name_and_version(d, r->protocol, r->protocol_version));
  doc_fact(d, WORD_ROLE, NULL, report_word_term(d->lang, r->role));
  for (size_t i = 0; i < r->packages.n; i++) doc_fact(d, WORD_PACKAGES, "mono", r->packages.v[i]);
  doc_facts_end(d);
}

static void put_system(struct doc *d) {
  const struct record *r = d->r;
  doc_facts(d, WORD_VENDOR_AND_SYSTEM);
  doc_fact(d, WORD_VENDOR, NULL, r->vendor);
  doc_fact(d, WORD_CONTACT, NULL, r->contact);
  doc_fact(d, WORD_SYSTEM, NULL, r->system);
  doc_fact(d, WORD_SYSTEM_VERSION, NULL, r->system_version);
  doc_fact(d, WORD_SYSTEM_TYPE, NULL, r->system_type);
  doc_facts_end(d);
}

struct str doc_party(const struct doc *d, struct str name) {
  for (size_t i = 0; i < d->r->parties.n && name.n; i++)
    if (str_eq(d->r->parties.v[i].name, name)) return report_text(d->r->parties.v[i].title, d->lang);
  for (size_t i = 0; i < d->r->services.n && name.n; i++)
    if (str_eq(d->r->services.v[i].name, name)) return report_text(d->r->services.v[i].title, d->lang);
  return name;
}

static void put_services(struct doc *d) {
  const struct record *r = d->r;
  if (!r->services.n) return;
  doc_facts(d, WORD_SERVICES);
  for (size_t i = 0; i < r->services.n; i++) {
    const struct record_service *s = &r->services.v[i];
    html_open(&d->w, "div");
    doc_element(d, "dt", NULL, report_text(s->title, d->lang));
    doc_element(d, "dd", "mono", s->address);
    doc_close(d);
  }
  doc_facts_end(d);
}

static void put_parties(struct doc *d) {
  const struct record *r = d->r;
  if (!r->parties.n) return;
  doc_facts(d, WORD_OTHER_SYSTEMS);
  for (size_t i = 0; i < r->parties.n; i++) {
    const struct record_party *p = &r->parties.v[i];
    struct str system = name_and_version(d, p->system, p->system_version);
    html_open(&d->w, "div");
    doc_element(d, "dt", NULL, report_text(p->title, d->lang));
    doc_element(d, "dd", NULL, arena_printf(d->a, "%.*s, %.*s", STR_F(system), STR_F(p->vendor)));
    doc_close(d);
  }
  doc_facts_end(d);
}

static void put_test(struct doc *d) {
  const struct record *r = d->r;
  doc_facts(d, WORD_THE_TEST);
  doc_fact(d, WORD_TEST_TYPE, NULL, report_word_term(d->lang, r->mode));
  doc_fact(d, WORD_RUN, "mono", r->run);
  doc_fact(d, WORD_COURSE, "mono", r->course);
  time_fact(d, WORD_STARTED, r->started);
  time_fact(d, WORD_ENDED, r->ended);
  doc_fact(d, WORD_SEED, "mono", r->seed);
  doc_fact(d, WORD_PROGRAM, NULL, r->program);
  doc_facts_end(d);
}

/* Only when the harness was given other definitions while the run was open, the time is told from which each counts. */
static void put_standards_digests(struct doc *d) {
  const struct record *r = d->r;
  for (size_t i = 0; i < r->standards.n; i++) {
    struct str digest = r->standards.v[i].digest, since = doc_time_text(d, r->standards.v[i].since);
    if (r->standards.n > 1) digest = report_word_fill(d->a, d->lang, WORD_STANDARDS_SINCE, digest, since);
    doc_fact(d, WORD_STANDARDS_DIGEST, "mono", digest);
    struct str schemas = r->standards.v[i].schemas;
    if (!schemas.n) continue;
    if (r->standards.n > 1) schemas = report_word_fill(d->a, d->lang, WORD_STANDARDS_SINCE, schemas, since);
    doc_fact(d, WORD_SCHEMAS_DIGEST, "mono", schemas);
  }
}

static void put_digests(struct doc *d) {
  doc_word_element(d, "p", "small", WORD_DANISH_TIME);
  doc_open(d, "dl", "digests");
  doc_fact(d, WORD_PROTOCOL_DIGEST, "mono", d->r->protocol_digest);
  doc_fact(d, WORD_VENDOR_DIGEST, "mono", d->r->vendor_digest);
  put_standards_digests(d);
  doc_close(d);
}

/* The rule that gave the result, by which verdict it is and which steps it counts. */
static const enum report_word why_words[] = {
    [VERDICT_NONE] = WORD_WHY_NONE,
    [VERDICT_PASS] = WORD_WHY_PASS,
    [VERDICT_NOT_APPLICABLE] = WORD_WHY_NOT_APPLICABLE,
    [VERDICT_WAITING] = WORD_WHY_WAITING,
    [VERDICT_INCONCLUSIVE] = WORD_WHY_INCONCLUSIVE,
    [VERDICT_ERROR] = WORD_WHY_ERROR,
    [VERDICT_FAIL] = WORD_WHY_FAIL,
};

static struct str why_text(struct doc *d) {
  enum verdict v = d->r->verdict;
  size_t n = report_count(d->r, v);
  if (v == VERDICT_WAITING) n += report_count(d->r, VERDICT_NONE);
  return report_word_fill(d->a, d->lang, why_words[v], doc_number(d, n), doc_number(d, report_steps(d->r)));
}

static const enum verdict shown_order[] = {VERDICT_PASS,    VERDICT_FAIL, VERDICT_INCONCLUSIVE,  VERDICT_ERROR,
                                           VERDICT_WAITING, VERDICT_NONE, VERDICT_NOT_APPLICABLE};

static void put_counts(struct doc *d) {
  doc_open(d, "ul", "counts");
  html_attrz(&d->w, "aria-label", doc_word(d, WORD_VERDICTS));
  for (size_t i = 0; i < sizeof shown_order / sizeof *shown_order; i++) {
    size_t n = report_count(d->r, shown_order[i]);
    if (!n) continue;
    html_open(&d->w, "li");
    doc_element(d, "b", NULL, doc_number(d, n));
    html_textz(&d->w, " ");
    doc_verdict(d, shown_order[i]);
    doc_close(d);
  }
  doc_close(d);
}

static const struct finding *worst_finding(const struct record_step *s) {
  const struct finding *worst = NULL;
  for (size_t i = 0; i < s->findings.list.n; i++)
    if (!worst || s->findings.list.v[i].severity > worst->severity) worst = &s->findings.list.v[i];
  return worst;
}

static void put_bad_step(struct doc *d, const struct doc_step *s) {
  const struct finding *f = worst_finding(s->step);
  html_open(&d->w, "li");
  doc_link(d, "step-link", s->anchor, s->step->id);
  html_textz(&d->w, " ");
  doc_element(d, "span", "muted", report_text(s->in->title, d->lang));
  doc_open(d, "div", NULL);
  doc_text(d, f ? report_finding_text(f, d->lang) : report_text(s->step->actual, d->lang));
  if (f) {
    html_textz(&d->w, " ");
    doc_element(d, "code", "rule", f->rule);
  }
  if (f && f->where.message.n) {
    html_textz(&d->w, " ");
    doc_place(d, &f->where);
  }
  doc_close(d);
  doc_close(d);
}

static void put_bad_steps(struct doc *d, enum verdict v, enum report_word heading) {
  if (!report_count(d->r, v)) return;
  doc_word_element(d, "h3", NULL, heading);
  doc_open(d, "ul", "bad-steps");
  for (size_t i = 0; i < d->r->cases.n; i++)
    for (size_t j = 0; j < d->r->cases.v[i].steps.n; j++)
      if (d->r->cases.v[i].steps.v[j].verdict == v) put_bad_step(d, &d->steps[i][j]);
  doc_close(d);
}

static bool clock_is_scaled(const struct record *r) {
  double scale;
  return r->clock_scale.n && (!str_double(r->clock_scale, &scale) || scale != 1);
}

static size_t not_chosen(const struct record *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->cases.n; i++) n += str_eqz(r->cases.v[i].reason, RECORD_NOT_CHOSEN);
  return n;
}

static void put_warning(struct doc *d, struct str text) {
  doc_open(d, "p", "warning");
  doc_word_element(d, "strong", NULL, WORD_ATTENTION);
  html_textz(&d->w, ": ");
  doc_text(d, text);
  doc_close(d);
}

/* Who reads a shared report has to know that it is not word for word. */
static void put_masked(struct doc *d) {
  const struct {
    int64_t n;
    enum report_word word;
  } rows[] = {{d->r->masked_cprs, WORD_MASKED_CPRS},
              {d->r->masked_tokens, WORD_MASKED_TOKENS},
              {d->r->masked_keys, WORD_MASKED_KEYS}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].n)
      put_warning(d, report_word_fill(d->a, d->lang, rows[i].word, doc_number(d, (size_t)rows[i].n), NO_TEXT));
}

static void put_result(struct doc *d) {
  doc_section(d, "result", WORD_RESULT_MACHINE);
  doc_open(d, "div", arena_printf(d->a, "outcome v-%s", verdict_name(d->r->verdict)).p);
  doc_open(d, "p", "big");
  doc_verdict(d, d->r->verdict);
  doc_close(d);
  doc_open(d, "div", NULL);
  doc_element(d, "p", "why", why_text(d));
  put_counts(d);
  doc_close(d);
  doc_close(d);
  if (d->r->damage.n) put_warning(d, report_word_fill(d->a, d->lang, WORD_DAMAGED, d->r->damage, NO_TEXT));
  if (!d->r->ended) put_warning(d, str_z(doc_word(d, WORD_STILL_OPEN)));
  if (not_chosen(d->r))
    put_warning(d, report_word_fill(d->a, d->lang, WORD_PARTIAL_WARNING, doc_number(d, not_chosen(d->r)),
                                    doc_number(d, d->r->cases.n)));
  if (clock_is_scaled(d->r))
    put_warning(d, report_word_fill(d->a, d->lang, WORD_CLOCK_WARNING, d->r->clock_scale, NO_TEXT));
  put_masked(d);
  put_bad_steps(d, VERDICT_FAIL, WORD_FAILED_STEPS);
  put_bad_steps(d, VERDICT_ERROR, WORD_ERROR_STEPS);
  doc_section_end(d);
}

/* Those of MedCom's scale, the worst first. */
static void put_assessments(struct doc *d, const struct sum *sum) {
  doc_word_element(d, "h3", NULL, WORD_ASSESSMENTS);
  doc_open(d, "ul", "counts");
  for (int i = ASSESSMENTS - 1; i > ASSESSMENT_NONE; i--) {
    html_open(&d->w, "li");
    doc_element(d, "b", NULL, doc_number(d, sum->assessed[i]));
    html_textz(&d->w, " ");
    doc_text(d, report_word_term(d->lang, str_z(assessment_name((enum assessment)i))));
    doc_close(d);
  }
  doc_close(d);
  doc_word_element(d, "p", "why", sum_certifiable(sum) ? WORD_CERTIFIABLE_YES : WORD_CERTIFIABLE_NO);
}

static void put_block(struct doc *d, const struct block *b) {
  struct said text = block_text(d->a, b);
  const struct doc_step *s = doc_step_of(d, b->case_id, b->step);
  html_open(&d->w, "li");
  if (s)
    doc_link(d, "step-link", s->anchor, d->lang == REPORT_DA ? text.da : text.en);
  else
    doc_text(d, d->lang == REPORT_DA ? text.da : text.en);
  doc_close(d);
}

/* A run that is hardly assessed yet lacks much: the first of it tell enough. */
#define BLOCKS_SHOWN 100

static void put_blocks(struct doc *d, const struct sum *sum) {
  if (sum_certifiable(sum)) return;
  size_t n = sum->blocks.n < BLOCKS_SHOWN ? sum->blocks.n : BLOCKS_SHOWN;
  doc_word_element(d, "h3", NULL, WORD_BLOCKS);
  html_open(&d->w, "ul");
  for (size_t i = 0; i < n; i++) put_block(d, &sum->blocks.v[i]);
  doc_close(d);
  if (n == sum->blocks.n) return;
  doc_element(d, "p", NULL,
              report_word_fill(d->a, d->lang, WORD_MORE_BLOCKS, doc_number(d, sum->blocks.n - n), NO_TEXT));
}

static void put_certifiable(struct doc *d) {
  struct sum sum;
  record_sum(&sum, d->a, d->r, NO_TEXT);
  put_assessments(d, &sum);
  put_blocks(d, &sum);
}

/* Section 2.3 of MedCom's protocols. */
static void put_signature(struct doc *d) {
  const struct record_decision *decision = &d->r->decision;
  doc_section(d, "medcom", WORD_BY_MEDCOM);
  bool is_live = str_eqz(d->r->mode, RECORD_CERTIFY);
  if (is_live) put_certifiable(d);
  doc_decision(d, decision);
  doc_word_element(d, "p", "small", is_live ? WORD_RULE_NOTE : WORD_SELF_TEST_NOTE);
  doc_section_end(d);
}

void doc_front(struct doc *d) {
  doc_open(d, "section", "columns");
  html_attrz(&d->w, "aria-label", doc_word(d, WORD_THE_TEST));
  put_standard(d);
  put_system(d);
  put_parties(d);
  put_services(d);
  put_test(d);
  doc_close(d);
  put_result(d);
  put_signature(d);
  put_digests(d);
}
