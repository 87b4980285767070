#include "report/sequence_int.h"

#include <stdlib.h>

/* --- what messages have to do with each other ----------------------------------------- */

/* A request, or the answer to one: that two of them are alike says nothing. */
static bool is_rest(const struct record_exchange *x) {
  static const char *const names[] = {"http.method", "http.status", "rest.interaction"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (facts_get(&x->facts, names[i]).n) return true;
  return false;
}

static struct str content_key(struct arena *a, const struct record_exchange *x, const char *what, struct str value) {
  return arena_printf(a, "%d %s %.*s\n%.*s", x->outbound, what, STR_F(value), STR_F(x->party));
}

/* The exchange with that key that came first; NULL if x is. */
static const struct record_exchange *first_of(struct map *seen, struct str key, const struct record_exchange *x) {
  const struct record_exchange *first = map_get(seen, key);
  if (!first) map_set(seen, key, (void *)(uintptr_t)x);
  return first;
}

bool sequence_is_copy(const struct record_exchange *x) {
  return str_eqz(facts_get(&x->facts, "sbdh.kind"), "copy");
}

/* By its bytes, or by the identifier that a resend keeps. */
static const struct record_exchange *same_before(struct map *seen, struct arena *a, const struct record_exchange *x) {
  struct str header = facts_get(&x->facts, "header.id");
  if (sequence_is_copy(x)) header = (struct str){0}; /* to somebody else */
  const struct record_exchange *by_bytes = NULL, *by_header = NULL;
  if (x->size && x->digest.n) by_bytes = first_of(seen, content_key(a, x, "digest", x->digest), x);
  if (header.n) by_header = first_of(seen, content_key(a, x, "header", header), x);
  return by_header ? by_header : by_bytes;
}

static void note_header(struct sequence_ties *t, const struct record_exchange *x) {
  struct str header = facts_get(&x->facts, "header.id"), letter = facts_get(&x->facts, "letter.id");
  struct str key = header.n ? header : letter;
  if (key.n && !x->relays.n && !map_get(&t->by_header, key)) map_set(&t->by_header, key, (void *)(uintptr_t)x);
}

void sequence_ties(struct sequence_ties *t, struct doc *d) {
  struct map seen;
  *t = (struct sequence_ties){.d = d, .same = ARENA_ARRAY(d->a, const struct record_exchange *, d->r->exchanges.n + 1)};
  map_init(&seen, d->a);
  map_init(&t->by_header, d->a);
  map_init(&t->copies, d->a);
  for (size_t i = 0; i < d->r->exchanges.n; i++) {
    const struct record_exchange *x = &d->r->exchanges.v[i];
    if (!is_rest(x)) t->same[i] = same_before(&seen, d->a, x);
    note_header(t, x);
    struct str envelope = facts_get(&x->facts, "envelope.id");
    if (sequence_is_copy(x) && envelope.n) map_set(&t->copies, envelope, (void *)(uintptr_t)x);
  }
}

/* --- lifelines ------------------------------------------------------------------------ */

static const struct record_party *party_of(const struct record *r, struct str name) {
  for (size_t i = 0; i < r->parties.n; i++)
    if (str_eq(r->parties.v[i].name, name)) return &r->parties.v[i];
  return NULL;
}

/* The lifeline of that kind and name, which is added where it is new. */
static size_t line_of(struct sequence *s, enum sequence_line_kind kind, struct str name, struct str title) {
  for (size_t i = 0; i < s->lines.n; i++)
    if (s->lines.v[i].kind == kind && str_eq(s->lines.v[i].name, name)) return i;
  if (s->lines.n < SEQUENCE_LINES_MAX) {
    VEC_PUSH(s->d->a, &s->lines, ((struct sequence_line){kind, name, sequence_text_short(s->d->a, title)}));
    return s->lines.n - 1;
  }
  struct sequence_line *last = &s->lines.v[s->lines.n - 1];
  *last = (struct sequence_line){.kind = LINE_OTHERS, .title = str_z(doc_word(s->d, WORD_SEQUENCE_OTHERS))};
  return s->lines.n - 1;
}

/* The two ends of the wire that an exchange went over. A name that is no party's is a service that testcamp plays. */
struct ends {
  size_t theirs, ours; /* lifelines */
};

static bool is_service(const struct record *r, struct str party) {
  return party.n && !party_of(r, party);
}

/* NULL: a record from before services, or one that does not tell of it. */
static const struct record_service *service_of(const struct record *r, struct str name) {
  for (size_t i = 0; i < r->services.n; i++)
    if (str_eq(r->services.v[i].name, name)) return &r->services.v[i];
  return NULL;
}

static size_t system_line(struct sequence *s) {
  struct str name = s->d->r->system;
  return line_of(s, LINE_SYSTEM, (struct str){0}, name.n ? name : str_z(doc_word(s->d, WORD_SYSTEM)));
}

static size_t harness_line(struct sequence *s) {
  return line_of(s, LINE_HARNESS, (struct str){0}, STR("testcamp"));
}

static size_t register_line(struct sequence *s) {
  return line_of(s, LINE_REGISTER, (struct str){0}, str_z(doc_word(s->d, WORD_SEQUENCE_REGISTER)));
}

static size_t party_line(struct sequence *s, const struct record_party *p) {
  struct str title = p->system.n ? p->system : doc_party(s->d, p->name);
  return line_of(s, LINE_PARTY, p->name, title);
}

/* A copy for the register of messages, and the receipt of it. */
static bool is_of_register(const struct sequence *s, const struct record_exchange *x) {
  struct str answers = facts_get(&x->facts, "envelope.original");
  return sequence_is_copy(x) || (answers.n && map_get(&s->ties->copies, answers));
}

/* Whose request it is that came to a service; of one that several systems share nobody's where it does not tell. */
static size_t caller_line(struct sequence *s, const struct record_exchange *x, const struct record_service *service,
                          size_t ours) {
  const struct record *r = s->d->r;
  struct str caller = facts_get(&x->facts, FACT_CALLER);
  bool shared = service && service->shared;
  const struct record_party *p = service ? party_of(r, shared ? caller : service->of) : NULL;
  if (p) return party_line(s, p);
  return shared && !caller.n ? ours : system_line(s);
}

static struct ends ends_of(struct sequence *s, const struct record_exchange *x) {
  const struct record *r = s->d->r;
  const struct record_party *p = party_of(r, x->party);
  if (!is_service(r, x->party)) {
    size_t theirs = p ? party_line(s, p) : system_line(s);
    return (struct ends){.theirs = theirs, .ours = is_of_register(s, x) ? register_line(s) : harness_line(s)};
  }
  const struct record_service *known = service_of(r, x->party);
  struct str title = known ? report_text(known->title, s->d->lang) : (struct str){0};
  size_t ours = line_of(s, LINE_SERVICE, x->party, title.n ? title : x->party);
  return (struct ends){.theirs = caller_line(s, x, known, ours), .ours = ours};
}

static bool is_shared(const struct record *r, const struct record_exchange *x) {
  const struct record_service *known = is_service(r, x->party) ? service_of(r, x->party) : NULL;
  return known && known->shared;
}

/* The system under test stands at the left, then testcamp and its services, and the others at the right; behind them
 * what they share, and the register of messages. */
static void make_lines(struct sequence *s, const struct doc_message *const *messages, size_t n) {
  const struct record *r = s->d->r;
  if (n) (void)system_line(s);
  for (size_t i = 0; i < n; i++)
    if (!is_service(r, messages[i]->exchange->party) && !is_of_register(s, messages[i]->exchange))
      (void)harness_line(s);
  for (size_t i = 0; i < n; i++)
    if (is_service(r, messages[i]->exchange->party) && !is_shared(r, messages[i]->exchange))
      (void)ends_of(s, messages[i]->exchange);
  for (size_t i = 0; i < n; i++)
    if (party_of(r, messages[i]->exchange->party)) (void)ends_of(s, messages[i]->exchange);
  for (size_t i = 0; i < n; i++) (void)ends_of(s, messages[i]->exchange);
}

/* --- arrows --------------------------------------------------------------------------- */

static int compare_times(const void *x, const void *y) {
  const struct doc_message *const *m = x, *const *n = y;
  int64_t p = (*m)->exchange->at, q = (*n)->exchange->at;
  if (p != q) return p < q ? -1 : 1;
  return *m < *n ? -1 : *m > *n; /* of one list: in its order */
}

/* NULL: it belongs to none. */
static const struct record_case *case_of(const struct record *r, struct str id) {
  for (size_t i = 0; i < r->cases.n; i++)
    if (str_eq(r->cases.v[i].id, id)) return &r->cases.v[i];
  return NULL;
}

static const struct doc_message **messages_of(struct doc *d, const struct record_case *c, size_t *n) {
  const struct doc_message **out = ARENA_ARRAY(d->a, const struct doc_message *, d->r->exchanges.n + 1);
  *n = 0;
  for (size_t i = 0; i < d->r->exchanges.n; i++)
    if (case_of(d->r, d->r->exchanges.v[i].case_id) == c) out[(*n)++] = &d->messages[i];
  if (*n) qsort(out, *n, sizeof *out, compare_times);
  return out;
}

/* Put on a server that testcamp plays: the system gets it only if it asks for it. */
static bool is_preload(const struct record_exchange *x) {
  return str_eqz(facts_get(&x->facts, "rest.interaction"), "preload");
}

static void add_arrow(struct sequence *s, const struct sequence_ties *t, const struct doc_message *m) {
  const struct record_exchange *x = m->exchange;
  struct ends ends = ends_of(s, x);
  if (is_preload(x)) ends.theirs = ends.ours;
  struct sequence_arrow *arrow = VEC_ADD(s->d->a, &s->arrows);
  *arrow = (struct sequence_arrow){.message = m,
                                   .from = x->outbound ? ends.ours : ends.theirs,
                                   .to = x->outbound ? ends.theirs : ends.ours,
                                   .marks = sequence_marks(t, m),
                                   .what = sequence_text_short(s->d->a, sequence_what(s->d, x)),
                                   .result = sequence_text_short(s->d->a, sequence_result(t, m))};
  s->marks |= arrow->marks;
  s->hands_on = s->hands_on || (x->relays.n && str_eqz(facts_get(&x->facts, "envelope"), "sbdh"));
}

static struct str day_of(const struct sequence *s, size_t arrow) {
  return str_sub(doc_time_text(s->d, s->arrows.v[arrow].message->exchange->at), 0, 10);
}

static void make_strips(struct sequence *s) {
  for (size_t i = 0; i < s->arrows.n; i++) {
    struct sequence_strip *last = s->strips.n ? &s->strips.v[s->strips.n - 1] : NULL;
    bool goes_on = last && last->to - last->from < SEQUENCE_STRIP_MAX && str_eq(day_of(s, last->from), day_of(s, i));
    if (!goes_on) {
      last = VEC_ADD(s->d->a, &s->strips);
      last->from = i;
    }
    last->to = i + 1;
  }
}

void sequence_make(struct sequence *s, const struct sequence_ties *t, const struct record_case *c) {
  size_t n;
  *s = (struct sequence){.d = t->d, .ties = t};
  const struct doc_message **messages = messages_of(t->d, c, &n);
  size_t shown = n < SEQUENCE_ARROWS_MAX ? n : SEQUENCE_ARROWS_MAX;
  s->dropped = n - shown;
  make_lines(s, messages, shown);
  for (size_t i = 0; i < shown; i++) add_arrow(s, t, messages[i]);
  make_strips(s);
}
