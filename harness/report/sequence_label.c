/* What stands at an arrow: what the message is, and what became of it. */
#include "report/sequence_int.h"

/* Identifiers are long, and a few characters tell them apart. */
#define SHORT_ID 8
#define PARTS_MAX ((size_t)4 << 10)

static const struct str none;

/* --- what it is ----------------------------------------------------------------------- */

/* Ours have words, what a message says of itself stands as it is. */
static struct str what_request(struct doc *d, const struct record_exchange *x) {
  struct str method = facts_get(&x->facts, "http.method"), path = facts_get(&x->facts, "http.path");
  struct str query = facts_get(&x->facts, "http.query"), doing = facts_get(&x->facts, "rest.interaction");
  if (method.n) {
    const char *mark = query.n && query.p[0] != '?' ? "?" : "";
    return arena_printf(d->a, "%.*s %.*s%s%.*s", STR_F(method), STR_F(path), mark, STR_F(query));
  }
  if (!doing.n) return none;
  return arena_printf(d->a, "%.*s %.*s", STR_F(report_word_term(d->lang, doing)),
                      STR_F(facts_get(&x->facts, "rest.type")));
}

/* What a station tells EHMI Delivery Status: "MSH: msg-sent". */
static struct str what_status(struct doc *d, const struct record_exchange *x) {
  struct str subtype = facts_get(&x->facts, "eds.subtype"), station = facts_get(&x->facts, "eds.station");
  bool create = str_eqz(facts_get(&x->facts, "rest.interaction"), "create");
  bool failed = str_eqz(facts_get(&x->facts, "eds.outcome"), "8");
  if (!create || !subtype.n) return none;
  return arena_printf(d->a, "%.*s%s%.*s%s%s", STR_F(station), station.n ? ": " : "", STR_F(subtype), failed ? ", " : "",
                      failed ? doc_word(d, WORD_SEQUENCE_FAILURE) : "");
}

static struct str what_answer(struct doc *d, const struct record_exchange *x) {
  return facts_get(&x->facts, "http.status").n ? str_z(doc_word(d, WORD_SEQUENCE_ANSWER)) : none;
}

static struct str what_event(struct doc *d, const struct record_exchange *x) {
  static const char *const details[] = {"response.code", "activity", "encounter.status"};
  struct str event = facts_get(&x->facts, "event");
  for (size_t i = 0; event.n && i < sizeof details / sizeof *details; i++) {
    struct str detail = facts_get(&x->facts, details[i]);
    if (detail.n) return arena_printf(d->a, "%.*s: %.*s", STR_F(event), STR_F(detail));
  }
  return event;
}

static struct str what_copy(struct doc *d, const struct record_exchange *x) {
  if (!sequence_is_copy(x)) return none;
  return report_word_fill(d->a, d->lang, WORD_SEQUENCE_COPY, facts_get(&x->facts, "event"), none);
}

static struct str what_letter(struct doc *d, const struct record_exchange *x) {
  struct str letter = facts_get(&x->facts, "letter");
  return letter.n ? arena_printf(d->a, "%s %.*s", doc_word(d, WORD_SEQUENCE_LETTER), STR_F(letter)) : none;
}

static struct str what_receipt(struct doc *d, const struct record_exchange *x) {
  struct str receipt = facts_get(&x->facts, "envelope.receipt"), exception = facts_get(&x->facts, "sbdh.exception"),
             word = report_word_term(d->lang, STR("envelope.receipt"));
  if (exception.n) receipt = exception;
  return receipt.n ? arena_printf(d->a, "%.*s: %.*s", STR_F(word), STR_F(receipt)) : none;
}

static struct str what_kind(struct doc *d, const struct record_exchange *x) {
  struct str kind = facts_get(&x->facts, "kind");
  return report_word_term(d->lang, kind.n ? kind : STR("unknown"));
}

struct str sequence_what(struct doc *d, const struct record_exchange *x) {
  static struct str (*const ways[])(struct doc * d, const struct record_exchange *x) = {
      what_status, what_request, what_answer, what_copy, what_event, what_letter, what_receipt};
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    struct str what = ways[i](d, x);
    if (what.n) return what;
  }
  return what_kind(d, x);
}

/* --- what became of it ---------------------------------------------------------------- */

static struct str status_of(const struct record_exchange *x) {
  return x->status.n ? x->status : facts_get(&x->facts, "http.status");
}

/* The status of an answer says of what it answers, not of itself. */
static bool is_answer(const struct record_exchange *x) {
  return !x->outbound && !facts_get(&x->facts, "http.method").n && facts_get(&x->facts, "http.status").n;
}

static bool is_refused(const struct record_exchange *x) {
  int64_t code;
  return !is_answer(x) && str_int(status_of(x), &code) && code >= 400;
}

/* Held back for good by a fault that a step asked for (endpoint.h). */
static bool is_dropped(const struct record_exchange *x) {
  return str_eqz(x->status, "dropped");
}

static const struct record_exchange *same_of(const struct sequence_ties *t, const struct doc_message *m) {
  return t->same[m - t->d->messages];
}

/* Tokens are asked for on the way to something else: no step has to wait for them. */
static bool is_unmatched(const struct record_exchange *x) {
  return !x->outbound && !x->step.n && !facts_get(&x->facts, "oauth.request").n;
}

unsigned sequence_marks(const struct sequence_ties *t, const struct doc_message *m) {
  const struct record_exchange *x = m->exchange;
  const struct {
    bool holds;
    enum sequence_mark mark;
  } rows[] = {{x->relays.n && !x->fault.n, MARK_RELAYED},
              {same_of(t, m) != NULL, MARK_AGAIN},
              {is_refused(x), MARK_REFUSED},
              {x->lost || x->failure.n || is_dropped(x), MARK_LOST},
              {m->is_wrong, MARK_WRONG},
              {is_unmatched(x), MARK_UNMATCHED}};
  unsigned marks = 0;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].holds) marks |= rows[i].mark;
  return marks;
}

/* Words for statuses that are no number (endpoint.h). */
static struct str status_text(struct doc *d, const struct record_exchange *x) {
  static const struct {
    const char *status;
    enum report_word word;
  } own[] = {{"ready", WORD_SEQUENCE_READY}, {"delayed", WORD_SEQUENCE_DELAYED}, {"dropped", WORD_SEQUENCE_DROPPED}};
  struct str status = status_of(x);
  int64_t code;
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (str_eqz(status, own[i].status)) return str_z(doc_word(d, own[i].word));
  return str_int(status, &code) ? arena_printf(d->a, "HTTP %.*s", STR_F(status)) : status;
}

struct parts {
  struct doc *d;
  struct buf text;
};

static void part(struct parts *p, struct str text) {
  if (!text.n) return;
  if (p->text.n) buf_addz(&p->text, " \u00B7 ");
  buf_add(&p->text, text);
}

/* The word with a value in it; nothing without the value. */
static void word_part(struct parts *p, enum report_word word, struct str value) {
  if (value.n) part(p, report_word_fill(p->d->a, p->d->lang, word, value, none));
}

static void id_part(struct parts *p, const struct record_exchange *x) {
  static const char *const names[] = {"header.id", "letter.id", "envelope.id", "bundle.id", "rest.id"};
  struct str id = {0};
  for (size_t i = 0; i < sizeof names / sizeof *names && !id.n; i++) id = facts_get(&x->facts, names[i]);
  if (!id.n) return;
  struct str shown = report_visible(p->d->a, id);
  size_t n = shown.n > SHORT_ID + 1 ? SHORT_ID : shown.n;
  while (n < shown.n && ((unsigned char)shown.p[n] & 0xC0) == 0x80) n++; /* to the end of a character */
  word_part(p, WORD_SEQUENCE_ID, arena_printf(p->d->a, "%.*s%s", (int)n, shown.p, n < shown.n ? "\u2026" : ""));
}

static void what_happened(struct parts *p, const struct sequence_ties *t, const struct doc_message *m) {
  const struct record_exchange *x = m->exchange;
  if (x->failure.n) part(p, str_z(doc_word(p->d, WORD_SEQUENCE_UNSENT)));
  if (x->lost) part(p, str_z(doc_word(p->d, WORD_SEQUENCE_LOST)));
  word_part(p, WORD_SEQUENCE_FAULT, x->fault);
  word_part(p, WORD_SEQUENCE_RELAYED, x->relays);
  if (same_of(t, m)) word_part(p, WORD_SEQUENCE_AGAIN, same_of(t, m)->id);
  part(p, status_text(p->d, x));
  if (m->is_wrong) part(p, str_z(doc_word(p->d, WORD_SEQUENCE_WRONG)));
}

struct str sequence_became(struct doc *d, const struct record_exchange *x) {
  struct parts p = {.d = d};
  buf_init(&p.text, PARTS_MAX);
  if (x->failure.n) part(&p, str_z(doc_word(d, WORD_SEQUENCE_UNSENT)));
  part(&p, x->failure);
  if (x->lost) part(&p, str_z(doc_word(d, WORD_SEQUENCE_LOST)));
  word_part(&p, WORD_SEQUENCE_FAULT, x->fault);
  if (x->status.n) part(&p, status_text(d, x)); /* http.status is among the facts */
  return buf_take(&p.text, d->a);
}

struct str sequence_result(const struct sequence_ties *t, const struct doc_message *m) {
  const struct record_exchange *x = m->exchange;
  struct parts p = {.d = t->d};
  buf_init(&p.text, PARTS_MAX);
  what_happened(&p, t, m);
  const struct record_exchange *to = map_get(&t->by_header, facts_get(&x->facts, "response.to"));
  if (to) word_part(&p, WORD_SEQUENCE_ACKNOWLEDGES, to->id);
  if (is_unmatched(x)) part(&p, str_z(doc_word(t->d, WORD_UNMATCHED)));
  word_part(&p, WORD_SEQUENCE_STEP, x->step);
  id_part(&p, x);
  return buf_take(&p.text, t->d->a);
}

/* --- for who does not see it ----------------------------------------------------------- */

struct str sequence_line_role(const struct sequence *s, const struct sequence_line *line) {
  const struct doc *d = s->d;
  static const enum report_word words[] = {[LINE_SYSTEM] = WORD_SEQUENCE_SYSTEM,
                                           [LINE_HARNESS] = WORD_SEQUENCE_HARNESS,
                                           [LINE_SERVICE] = WORD_SEQUENCE_SERVICE,
                                           [LINE_PARTY] = WORD_SEQUENCE_PARTY,
                                           [LINE_REGISTER] = WORD_SEQUENCE_SERVICE};
  struct str party = sequence_text_short(d->a, doc_party(d, line->name));
  if (line->kind == LINE_OTHERS) return none;
  if (line->kind == LINE_HARNESS && s->hands_on) return str_z(doc_word(d, WORD_SEQUENCE_ACCESS_POINTS));
  return line->kind == LINE_PARTY && party.n ? party : str_z(doc_word(d, words[line->kind]));
}

struct str sequence_told(const struct sequence *s, const struct sequence_arrow *arrow) {
  struct doc *d = s->d;
  const struct record_exchange *x = arrow->message->exchange;
  struct str way = report_word_fill(d->a, d->lang, WORD_SEQUENCE_FROM_TO, s->lines.v[arrow->from].title,
                                    s->lines.v[arrow->to].title);
  if (arrow->from == arrow->to) way = s->lines.v[arrow->to].title;
  struct str time = x->at ? doc_time_text(d, x->at) : none;
  return arena_printf(d->a, "%.*s %.*s %.*s: %.*s. %.*s", STR_F(sequence_text_short(d->a, x->id)), STR_F(time),
                      STR_F(way), STR_F(arrow->what), STR_F(arrow->result));
}
