#include "report/doc_int.h"

#include <stdlib.h>

#define PAYLOAD_MARK "#payload"

/* prefix + the id with all but safe characters replaced, made unique by a number. */
static struct str new_anchor(struct doc *d, const char *prefix, struct str id) {
  char *z = arena_z(d->a, id);
  for (char *p = z; *p; p++) {
    bool keep = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '.';
    if (!keep) *p = *p == '+' ? '_' : '-';
  }
  struct str anchor = arena_printf(d->a, "%s%s", prefix, z);
  for (int n = 2; map_get(&d->anchors, anchor); n++) anchor = arena_printf(d->a, "%s%s--%d", prefix, z, n);
  map_set(&d->anchors, anchor, d);
  return anchor;
}

static struct str step_key(struct arena *a, struct str case_id, struct str step_id) {
  return arena_printf(a, "%.*s\n%.*s", STR_F(case_id), STR_F(step_id));
}

struct doc_message *doc_message_of(const struct doc *d, struct str id) {
  return map_get(&d->by_id, id);
}

struct doc_step *doc_step_of(const struct doc *d, struct str case_id, struct str step_id) {
  return map_get(&d->by_step, step_key(d->a, case_id, step_id));
}

struct doc_view *doc_view_of(const struct doc *d, const struct place *p, struct doc_message **message) {
  struct str id = p->message;
  bool is_payload = str_ends(id, STR(PAYLOAD_MARK));
  if (is_payload) id.n -= sizeof PAYLOAD_MARK - 1;
  *message = id.n ? doc_message_of(d, id) : NULL;
  if (!*message) return NULL;
  return is_payload ? &(*message)->payload : &(*message)->wire;
}

static void add_step(struct doc *d, struct doc_step *out, const struct record_case *c, const struct record_step *s) {
  *out = (struct doc_step){c, s, new_anchor(d, "step-", s->id)};
  struct str key = step_key(d->a, c->id, s->id);
  if (!map_get(&d->by_step, key)) map_set(&d->by_step, key, out);
}

static void index_steps(struct doc *d) {
  d->steps = ARENA_ARRAY(d->a, struct doc_step *, d->r->cases.n + 1);
  for (size_t i = 0; i < d->r->cases.n; i++) {
    const struct record_case *c = &d->r->cases.v[i];
    d->steps[i] = ARENA_ARRAY(d->a, struct doc_step, c->steps.n + 1);
    for (size_t j = 0; j < c->steps.n; j++) add_step(d, &d->steps[i][j], c, &c->steps.v[j]);
  }
}

static void index_message(struct doc *d, struct doc_message *m, const struct record_exchange *x) {
  *m = (struct doc_message){.exchange = x, .anchor = new_anchor(d, "", x->id.n ? x->id : STR("message"))};
  m->step = x->step.n ? doc_step_of(d, x->case_id, x->step) : NULL;
  m->wire.anchor = m->anchor;
  m->payload.anchor = new_anchor(d, "", arena_printf(d->a, "%.*sp", STR_F(m->anchor)));
  listing_init(&m->wire.listing, d->a, x->bytes);
  listing_init(&m->payload.listing, d->a, x->payload);
  if (!map_get(&d->by_id, x->id)) map_set(&d->by_id, x->id, m);
}

static void index_messages(struct doc *d) {
  d->messages = ARENA_ARRAY(d->a, struct doc_message, d->r->exchanges.n + 1);
  for (size_t i = 0; i < d->r->exchanges.n; i++) index_message(d, &d->messages[i], &d->r->exchanges.v[i]);
}

static void add_mark(struct doc *d, const struct place *p, struct doc_mark mark) {
  struct doc_message *message;
  struct doc_view *view = doc_view_of(d, p, &message);
  mark.row = view ? listing_find(&view->listing, p->line, p->col) : SIZE_MAX;
  if (mark.row != SIZE_MAX) VEC_PUSH(d->a, &view->marks, mark);
}

static void note_error(struct doc *d, const struct finding *f) {
  struct doc_message *message = NULL;
  if (f->severity == SEV_ERROR) (void)doc_view_of(d, &f->where, &message);
  if (message) message->is_wrong = true;
}

static void mark_findings(struct doc *d, const struct findings *f, const struct doc_step *from) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *one = &f->list.v[i];
    note_error(d, one);
    add_mark(d, &one->where, (struct doc_mark){.finding = one, .from = from});
    if (one->other.line) add_mark(d, &one->other, (struct doc_mark){.finding = one, .from = from, .expected = true});
  }
}

static int compare_marks(const void *x, const void *y) {
  const struct doc_mark *m = x, *n = y;
  if (m->row != n->row) return m->row < n->row ? -1 : 1;
  if (m->finding->severity != n->finding->severity) return m->finding->severity > n->finding->severity ? -1 : 1;
  int by_rule = str_cmp(m->finding->rule, n->finding->rule);
  if (by_rule) return by_rule;
  int by_text = str_cmp(m->finding->en, n->finding->en);
  if (by_text) return by_text;
  return str_cmp(m->from ? m->from->anchor : (struct str){0}, n->from ? n->from->anchor : (struct str){0});
}

static bool says_the_same(const struct doc_mark *m, const struct doc_mark *n) {
  return m->row == n->row && m->expected == n->expected && str_eq(m->finding->rule, n->finding->rule) &&
         str_eq(m->finding->en, n->finding->en);
}

/* In order of rows; what reading the message found and a step found again is told once, by the step. */
static void sort_marks(struct doc_view *v) {
  size_t kept = 0;
  if (v->marks.n) qsort(v->marks.v, v->marks.n, sizeof *v->marks.v, compare_marks);
  for (size_t i = 0; i < v->marks.n; i++) {
    bool is_told = i + 1 < v->marks.n && !v->marks.v[i].from && says_the_same(&v->marks.v[i], &v->marks.v[i + 1]);
    if (!is_told) v->marks.v[kept++] = v->marks.v[i];
  }
  v->marks.n = kept;
}

/* Those of earlier attempts too: they are in the messages of that time. */
static void mark_step(struct doc *d, const struct record_step *s, const struct doc_step *from) {
  mark_findings(d, &s->findings, from);
  for (size_t i = 0; i < s->attempts.n; i++)
    if (!s->attempts.v[i].stands) mark_findings(d, &s->attempts.v[i].findings, from);
}

void doc_init(struct doc *d, struct buf *out, const struct record *r, enum report_lang lang) {
  *d = (struct doc){.r = r, .lang = lang, .a = arena_new(0)};
  html_init(&d->w, out);
  map_init(&d->anchors, d->a);
  map_init(&d->by_id, d->a);
  map_init(&d->by_step, d->a);
  index_steps(d);
  index_messages(d);
  for (size_t i = 0; i < r->exchanges.n; i++) mark_findings(d, &r->exchanges.v[i].findings, NULL);
  for (size_t i = 0; i < r->cases.n; i++)
    for (size_t j = 0; j < r->cases.v[i].steps.n; j++) mark_step(d, &r->cases.v[i].steps.v[j], &d->steps[i][j]);
  for (size_t i = 0; i < r->exchanges.n; i++) {
    sort_marks(&d->messages[i].wire);
    sort_marks(&d->messages[i].payload);
  }
}

void doc_release(struct doc *d) {
  arena_free(d->a);
}
