#include "report/approved.h"

#include "base/clock.h"
#include "formats/html.h"
#include "report/report_int.h"
#include "report/report_words_int.h"

struct place_named {
  const char *name;
  struct str value;
};

/* The first thing that keeps the run from a certificate; there is always one in a sum that is not certifiable. */
static int refuse(struct arena *a, const struct record *r, enum report_lang lang, struct error *e) {
  struct sum sum;
  record_sum(&sum, a, r, (struct str){0});
  if (!sum_certifiable(&sum)) {
    struct said why = block_text(a, &sum.blocks.v[0]);
    if (lang == REPORT_DA)
      return error_set(e, ERR_CONFIG, "intet certifikat: testforløbet kan ikke godkendes: %.*s", STR_F(why.da));
    return error_set(e, ERR_CONFIG, "no certificate: the run is not certifiable: %.*s", STR_F(why.en));
  }
  if (!r->decision.at || !r->decision.approved)
    return error_set(e, ERR_CONFIG, "%s (testcamp course decide)",
                     lang == REPORT_DA ? "intet certifikat: MedCom har ikke godkendt det"
                                       : "no certificate: MedCom has not approved it");
  return 0;
}

static struct str standards_digest(const struct record *r) {
  return r->standards.n ? r->standards.v[r->standards.n - 1].digest : (struct str){0};
}

static const struct str *value_of(const struct place_named *places, size_t n, struct str name) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(name, places[i].name)) return &places[i].value;
  return NULL;
}

static int line_at(struct str s, size_t at) {
  int line = 1;
  for (size_t i = 0; i < at; i++) line += s.p[i] == '\n';
  return line;
}

static int fill(struct buf *out, struct arena *a, const struct place_named *places, size_t n, struct source t,
                struct error *e) {
  struct html_writer w;
  html_init(&w, out);
  for (size_t at = 0; at < t.bytes.n;) {
    size_t open = str_find(t.bytes, STR("{{"), at), end;
    buf_add(out, str_sub(t.bytes, at, open));
    if (open == SIZE_MAX) break;
    end = str_find(t.bytes, STR("}}"), open);
    if (end == SIZE_MAX)
      return error_at(e, ERR_SYNTAX, t.name, line_at(t.bytes, open), 0, "the place does not end: }} is missing");
    struct str name = str_trim(str_sub(t.bytes, open + 2, end));
    const struct str *value = value_of(places, n, name);
    if (!value)
      return error_at(e, ERR_SYNTAX, t.name, line_at(t.bytes, open), 0, "there is no place \"%.*s\"", STR_F(name));
    html_text(&w, report_visible(a, *value));
    at = end + 2;
  }
  return 0;
}

int certificate_write(struct buf *out, struct arena *a, const struct record *r, enum report_lang lang,
                      struct source template, struct error *e) {
  const struct place_named places[] = {
      {"approved", STR("Godkendt")},
      {"run", r->run},
      {"vendor", r->vendor},
      {"system", r->system},
      {"system-version", r->system_version},
      {"standard", lang == REPORT_DA && r->standard_danish.n ? r->standard_danish : r->standard},
      {"standard-version", r->standard_version},
      {"role", report_word_term(lang, r->role)},
      {"protocol", r->protocol},
      {"protocol-version", r->protocol_version},
      {"protocol-digest", r->protocol_digest},
      {"standards-digest", standards_digest(r)},
      {"program", r->program},
      {"date", day_text(a, r->decision.date, lang == REPORT_DA)},
      {"place", r->decision.place},
      {"by", r->decision.by},
      {"remarks", r->decision.remarks},
  };
  if (refuse(a, r, lang, e) < 0) return -1;
  return fill(out, a, places, sizeof places / sizeof *places, template, e);
}
