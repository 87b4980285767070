#include "report/report_int.h"

const struct report_format *const report_formats[] = {&report_html, &report_junit, &report_json, &report_testreport,
                                                      &report_svg,  &report_csv,   &report_xlsx, NULL};

static const char *const lang_names[] = {[REPORT_EN] = "en", [REPORT_DA] = "da"};

const struct report_format *report_format_named(struct str name) {
  for (size_t i = 0; report_formats[i]; i++)
    if (str_eqz(name, report_formats[i]->name)) return report_formats[i];
  return NULL;
}

bool report_lang_parse(struct str name, enum report_lang *out) {
  for (size_t i = 0; i < sizeof lang_names / sizeof *lang_names; i++) {
    if (!str_eqz(name, lang_names[i])) continue;
    *out = (enum report_lang)i;
    return true;
  }
  return false;
}

/* How the bytes begin tells what a viewer should open them with. */
static const char *extension_of(const struct record_exchange *x) {
  struct str s = str_trim(x->bytes);
  if (str_starts(s, STR("\xEF\xBB\xBF"))) s = str_sub(s, 3, s.n);
  if (str_starts(s, STR("<"))) return "xml";
  if (str_starts(s, STR("{")) || str_starts(s, STR("["))) return "json";
  if (str_starts(s, STR("UNA")) || str_starts(s, STR("UNB"))) return "edi";
  /* Over RECORD_EMBED_MAX the bytes are not here: what reading them said is. */
  struct str envelope = facts_get(&x->facts, "envelope");
  if (str_eqz(envelope, "vans") || str_eqz(envelope, "sbdh")) return "xml";
  struct str form = facts_get(&x->facts, "form");
  return str_eqz(form, "xml") ? "xml" : str_eqz(form, "json") ? "json" : "txt";
}

/* An id becomes part of a file name: nothing in it may lead to another folder. */
static struct str file_part(struct arena *a, struct str id) {
  char *z = arena_z(a, id);
  for (char *p = z; *p; p++) {
    bool keep = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
    if (!keep) *p = '-';
  }
  return *z ? str_z(z) : STR("message");
}

struct str report_exchange_file(struct arena *a, const struct record_exchange *x) {
  return arena_printf(a, "%.*s-%s.%s", STR_F(file_part(a, x->id)), x->outbound ? "out" : "in", extension_of(x));
}

struct str report_file_name(struct arena *a, const struct report_format *f, enum report_lang lang) {
  if (f->by_lang) return arena_printf(a, "report.%s.%s", lang_names[lang], f->extension);
  return arena_printf(a, "%s.%s", f->file ? f->file : f->name, f->extension);
}

struct str report_text(struct text t, enum report_lang lang) {
  struct str own = lang == REPORT_DA ? t.da : t.en;
  return own.n ? own : lang == REPORT_DA ? t.en : t.da;
}

struct str report_finding_text(const struct finding *f, enum report_lang lang) {
  return report_text((struct text){f->en, f->da}, lang);
}

struct str report_reason_text(const struct reason *r, enum report_lang lang) {
  return report_text((struct text){r->text.en, r->text.da}, lang);
}

size_t report_steps(const struct record *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->cases.n; i++) n += r->cases.v[i].steps.n;
  return n;
}

enum verdict report_verdict(const struct record_case *c, const struct record_step *s) {
  bool is_excused = s->verdict == VERDICT_NONE && c->verdict == VERDICT_NOT_APPLICABLE;
  return is_excused ? VERDICT_NOT_APPLICABLE : s->verdict;
}

size_t report_count_in(const struct record_case *c, enum verdict v) {
  size_t n = 0;
  for (size_t i = 0; i < c->steps.n; i++) n += !c->steps.v[i].carried_from.n && report_verdict(c, &c->steps.v[i]) == v;
  return n;
}

size_t report_carried_in(const struct record_case *c) {
  size_t n = 0;
  for (size_t i = 0; i < c->steps.n; i++) n += c->steps.v[i].carried_from.n != 0;
  return n;
}

size_t report_count(const struct record *r, enum verdict v) {
  size_t n = 0;
  for (size_t i = 0; i < r->cases.n; i++) n += report_count_in(&r->cases.v[i], v);
  return n;
}
