/* The messages: each a <details>, closed until somebody wants it. */
#include "report/sequence_int.h"

#include "base/utf8.h"

static void fact_row(struct doc *d, struct str name, struct str value) {
  if (!value.n) return;
  html_open(&d->w, "div");
  doc_element(d, "dt", NULL, name);
  doc_element(d, "dd", NULL, value);
  doc_close(d);
}

static void word_row(struct doc *d, enum report_word name, struct str value) {
  fact_row(d, str_z(doc_word(d, name)), value);
}

static void time_row(struct doc *d, int64_t at) {
  html_open(&d->w, "div");
  doc_word_element(d, "dt", NULL, WORD_TIME);
  html_open(&d->w, "dd");
  doc_time(d, at);
  doc_close(d);
  doc_close(d);
}

static void step_row(struct doc *d, const struct doc_message *m) {
  html_open(&d->w, "div");
  doc_word_element(d, "dt", NULL, WORD_TEST_STEP);
  html_open(&d->w, "dd");
  if (m->step)
    doc_link(d, "step-link", m->step->anchor, m->step->step->id);
  else
    doc_text(d, m->exchange->step.n ? m->exchange->step : str_z(doc_word(d, WORD_UNMATCHED)));
  doc_close(d);
  doc_close(d);
}

static void put_digest(struct doc *d, struct str digest) {
  if (!digest.n) return;
  html_open(&d->w, "div");
  doc_word_element(d, "dt", NULL, WORD_DIGEST);
  doc_element(d, "dd", "mono", digest);
  doc_close(d);
}

/* Values of these are words of ours, all others are the message's own. */
static struct str fact_value(const struct doc *d, const struct fact *f) {
  static const char *const ours[] = {"kind", "envelope", "form"};
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
    if (str_eqz(f->name, ours[i])) return report_word_term(d->lang, f->value);
  return f->value;
}

/* Whose system is meant, where several took part; and that a message only went on from one to another. */
static struct str direction(const struct doc *d, const struct record_exchange *x) {
  struct str none = {0}, whose = doc_party(d, x->party);
  if (x->relays.n && whose.n) return report_word_fill(d->a, d->lang, WORD_RELAYED_TO_PARTY, whose, x->relays);
  if (x->relays.n) return report_word_fill(d->a, d->lang, WORD_RELAYED_TO_SYSTEM, x->relays, none);
  if (!whose.n) return str_z(doc_word(d, x->outbound ? WORD_TO_SYSTEM : WORD_FROM_SYSTEM));
  return report_word_fill(d->a, d->lang, x->outbound ? WORD_TO_PARTY : WORD_FROM_PARTY, whose, none);
}

static void put_facts(struct doc *d, const struct doc_message *m) {
  const struct record_exchange *x = m->exchange;
  doc_open(d, "dl", "message-facts");
  word_row(d, WORD_DIRECTION, direction(d, x));
  time_row(d, x->at);
  step_row(d, m);
  word_row(d, WORD_VIA, report_word_term(d->lang, x->via));
  word_row(d, WORD_SEQUENCE_BECAME, sequence_became(d, x));
  word_row(d, WORD_ORIGINAL_FILE, x->file);
  word_row(d, WORD_SIZE, report_word_fill(d->a, d->lang, WORD_BYTES, doc_number(d, x->size), (struct str){0}));
  for (size_t i = 0; i < x->facts.list.n; i++) {
    const struct fact *f = &x->facts.list.v[i];
    fact_row(d, report_word_term(d->lang, f->name), fact_value(d, f));
  }
  put_digest(d, x->digest);
  doc_close(d);
}

static bool is_unmatched(const struct record_exchange *x) {
  return !x->outbound && !x->step.n;
}

static void put_near_miss(struct doc *d, const struct record_exchange *x) {
  struct str text = report_text((struct text){x->near_miss_en, x->near_miss_da}, d->lang);
  if (!text.n) return;
  doc_open(d, "p", "warning");
  doc_word_element(d, "strong", NULL, WORD_NEAR_MISS);
  html_textz(&d->w, ": ");
  doc_text(d, text);
  doc_close(d);
}

static void put_own_findings(struct doc *d, const struct record_exchange *x) {
  if (!x->findings.list.n && !x->findings.dropped) return;
  doc_word_element(d, "h4", NULL, WORD_FINDINGS);
  doc_findings(d, &x->findings);
}

static void put_view(struct doc *d, const struct doc_view *v, enum report_word heading, bool is_open) {
  html_open(&d->w, "details");
  if (is_open) html_attrz(&d->w, "open", "");
  html_open(&d->w, "summary");
  html_textz(&d->w, doc_word(d, heading));
  html_textz(&d->w, " ");
  struct str size = report_word_fill(d->a, d->lang, WORD_BYTES, doc_number(d, v->listing.bytes.n), (struct str){0});
  doc_element(d, "span", "muted", size);
  doc_close(d);
  doc_listing(d, v);
  doc_close(d);
}

static void put_file_link(struct doc *d, const struct record_exchange *x) {
  struct str file = report_exchange_file(d->a, x);
  html_open(&d->w, "p");
  html_textz(&d->w, doc_word(d, WORD_NOT_EMBEDDED));
  html_textz(&d->w, " ");
  html_open(&d->w, "a");
  doc_attr(d, "href", arena_printf(d->a, "exchanges/%.*s", STR_F(file)));
  doc_text(d, arena_printf(d->a, "exchanges/%.*s", STR_F(file)));
  doc_close(d);
  doc_close(d);
}

/* Why the bytes are not, or not as they came, in the report. */
static void put_withheld(struct doc *d, const struct record_exchange *x) {
  struct str text = str_z(doc_word(d, WORD_QUARANTINED));
  if (!x->withheld.n) return;
  if (!str_eqz(x->withheld, "quarantined"))
    text = report_word_fill(d->a, d->lang, x->copy.n ? WORD_BLACKED_OUT : WORD_ERASED, x->withheld_by, x->withheld_why);
  doc_element(d, "p", "warning", text);
}

static void put_body(struct doc *d, const struct doc_message *m) {
  const struct record_exchange *x = m->exchange;
  put_withheld(d, x);
  if (x->withheld.n && !x->copy.n) return;
  bool has_payload = x->payload.n > 0;
  if (!x->size && !x->bytes.n) {
    doc_word_element(d, "p", NULL, WORD_EMPTY_MESSAGE);
    return;
  }
  if (!x->bytes.n) put_file_link(d, x);
  if (has_payload) put_view(d, &m->payload, WORD_PAYLOAD, true);
  if (x->bytes.n) put_view(d, &m->wire, WORD_WIRE, !has_payload);
}

/* What the message is, in the line that opens it. */
static struct str title_of(const struct record_exchange *x) {
  static const char *const names[] = {"response.code", "activity", "event", "letter", "envelope.receipt", "kind"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct str value = facts_get(&x->facts, names[i]);
    if (value.n) return value;
  }
  return (struct str){0};
}

static void put_summary(struct doc *d, const struct doc_message *m) {
  const struct record_exchange *x = m->exchange;
  html_open(&d->w, "summary");
  doc_element(d, "b", "mono", x->id);
  doc_element(d, "span", x->outbound ? "way out" : "way in", direction(d, x));
  doc_element(d, "span", NULL, x->name.n ? x->name : STR(""));
  doc_element(d, "span", NULL, report_word_term(d->lang, title_of(x)));
  if (is_unmatched(x)) doc_word_element(d, "span", "tag warn", WORD_UNMATCHED);
  size_t marks = m->wire.marks.n + m->payload.marks.n;
  if (marks) doc_element(d, "span", "tag", arena_printf(d->a, "\u2691 %zu", marks));
  doc_time(d, x->at);
  doc_close(d);
}

static void put_message(struct doc *d, const struct doc_message *m) {
  doc_open(d, "details", "message");
  doc_attr(d, "id", m->anchor);
  put_summary(d, m);
  put_near_miss(d, m->exchange);
  put_facts(d, m);
  put_own_findings(d, m->exchange);
  put_body(d, m);
  doc_close(d);
  html_textz(&d->w, "\n");
}

void doc_exchanges(struct doc *d) {
  struct sequence_ties ties;
  sequence_ties(&ties, d);
  doc_section(d, "messages", WORD_EXCHANGES);
  doc_sequence(&ties, NULL, false);
  if (!d->r->exchanges.n) doc_word_element(d, "p", NULL, WORD_NO_EXCHANGES);
  doc_open(d, "p", "all");
  html_attrz(&d->w, "hidden", "");
  doc_open(d, "button", "open-all");
  html_attrz(&d->w, "type", "button");
  html_textz(&d->w, doc_word(d, WORD_OPEN_ALL));
  doc_close(d);
  doc_open(d, "button", "close-all");
  html_attrz(&d->w, "type", "button");
  html_textz(&d->w, doc_word(d, WORD_CLOSE_ALL));
  doc_close(d);
  doc_close(d);
  for (size_t i = 0; i < d->r->exchanges.n; i++) put_message(d, &d->messages[i]);
  doc_section_end(d);
}
