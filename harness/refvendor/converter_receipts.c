/* Receipts on their way back: found by the pairs of ids that the conversion left, those of several letters together. */
#include "base/file.h"
#include "refvendor/converter.h"

#define PAIRS_FILE "pairs.tsv"
#define PAIRS_BYTES_MAX ((size_t)64 << 20)

/* The texts of a pair, in the order in which the file has them. */
static const size_t columns[] = {offsetof(struct convert_pair, bundle),   offsetof(struct convert_pair, header),
                                 offsetof(struct convert_pair, envelope), offsetof(struct convert_pair, letter),
                                 offsetof(struct convert_pair, version),  offsetof(struct convert_pair, sender),
                                 offsetof(struct convert_pair, receiver), offsetof(struct convert_pair, why_invalid),
                                 offsetof(struct convert_pair, time),     offsetof(struct convert_pair, activity)};

static struct str *column(struct convert_pair *p, size_t i) {
  return (struct str *)(void *)((char *)p + columns[i]);
}

static void add(struct refvendor *v, const struct convert_pair *p) {
  struct rv_pair kept = {.ids = *p};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
    *column(&kept.ids, i) = arena_str(v->arena, *column(&kept.ids, i));
  VEC_PUSH(v->arena, &v->converter->pairs, kept);
}

/* A pair is one line; it is written before the letter goes out. */
static void write_all(const struct refvendor *v) {
  struct arena *a = arena_new(0);
  struct buf b;
  struct error e;
  buf_init(&b, PAIRS_BYTES_MAX);
  for (size_t k = 0; k < v->converter->pairs.n; k++)
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
      if (i) buf_byte(&b, '\t');
      buf_add(&b, *column(&v->converter->pairs.v[k].ids, i));
      if (i + 1 == sizeof columns / sizeof *columns) buf_byte(&b, '\n');
    }
  if (file_write(file_join(a, v->o->keep, PAIRS_FILE), buf_str(&b), &e) < 0) rv_log(v, "%s", e.text);
  buf_release(&b);
  arena_free(a);
}

/* The defect: what this letter became is taken for what the first one became. */
static void confuse(const struct refvendor *v, struct convert_pair *p) {
  if (v->converter->pairs.n == 0) return;
  const struct convert_pair *other = &v->converter->pairs.v[0].ids;
  p->letter = other->letter;
  p->envelope = other->envelope;
}

void rv_converter_remember(struct refvendor *v, const struct convert_pair *p) {
  struct convert_pair kept = *p;
  if (rv_has(v, DEFECT_CONVERT_WRONG_PAIR)) confuse(v, &kept);
  if (rv_has(v, DEFECT_CONVERT_NO_EXPLANATION)) kept.why_invalid = (struct str){0};
  add(v, &kept);
  if (v->o->keep) write_all(v);
}

int rv_converter_recall(struct refvendor *v, struct error *e) {
  if (!v->o->keep) return 0;
  struct str rest = {0};
  const char *path = file_join(v->arena, v->o->keep, PAIRS_FILE);
  if (file_exists(path) && file_read(&rest, v->arena, path, PAIRS_BYTES_MAX, e) < 0) return -1;
  while (rest.n) {
    struct str line = str_cut(&rest, '\n');
    struct convert_pair p = {0};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) *column(&p, i) = str_cut(&line, '\t');
    if (p.header.n) add(v, &p);
  }
  return 0;
}

/* ---- from FHIR ---- */

static bool is_header(const struct rv_converter *c, struct str header) {
  for (size_t i = 0; i < c->pairs.n; i++)
    if (header.n && str_eq_nocase(c->pairs.v[i].ids.header, header)) return true;
  return false;
}

/* An Acknowledgement becomes a receipt for each letter that its message was made of. */
static bool take_fhir(struct rv_held *h) {
  struct source in = {STR("Acknowledgement"), h->envelope.payload};
  if (h->glance.answers.n == 0 || !is_header(h->v->converter, h->glance.answers.v[0])) return false;
  rv_converter_send(h, CONVERT_XCTL, &in, 1);
  return true;
}

/* ---- from OIOXML ---- */

static struct rv_pair *pair_of(const struct rv_held *h, struct str letter) {
  const struct rv_converter *c = h->v->converter;
  for (size_t i = 0; i < c->pairs.n; i++) {
    struct rv_pair *p = &c->pairs.v[i];
    if (letter.n && str_eq(p->ids.letter, letter) && str_eq(p->ids.receiver, h->envelope.sender)) return p;
  }
  return NULL;
}

/* The receipts of all letters that a message became; 0 while one of them has none yet. */
static size_t gather(const struct rv_converter *c, struct str header, struct source *inputs) {
  size_t n = 0;
  for (size_t i = 0; i < c->pairs.n && n < CONVERT_INPUTS_MAX; i++) {
    const struct rv_pair *p = &c->pairs.v[i];
    if (!str_eq(p->ids.header, header)) continue;
    if (!p->receipt.n) return 0;
    inputs[n++] = (struct source){STR("XCTL"), p->receipt};
  }
  return n;
}

/* One message has one answer: it waits until there is a receipt for each letter, and is sent once. */
static void answer(struct rv_held *h, struct rv_pair *p) {
  struct source inputs[CONVERT_INPUTS_MAX] = {{STR("XCTL"), p->receipt}};
  size_t n = gather(h->v->converter, p->ids.header, inputs);
  if (n == 0 && rv_has(h->v, DEFECT_CONVERT_ANSWERS_EARLY)) n = 1;
  if (n == 0) {
    rv_log(h->v, "the receipt for %.*s waits for the other one", STR_F(p->ids.letter));
    return;
  }
  for (size_t i = 0; i < h->v->converter->pairs.n; i++)
    if (str_eq(h->v->converter->pairs.v[i].ids.header, p->ids.header)) h->v->converter->pairs.v[i].answered = true;
  rv_converter_send(h, CONVERT_ACKNOWLEDGEMENT, inputs, n);
}

static bool take_oioxml(struct rv_held *h) {
  struct rv_pair *p = NULL;
  for (size_t i = 0; i < h->glance.answers.n && !p; i++) p = pair_of(h, h->glance.answers.v[i]);
  if (!p) return false;
  if (p->answered) {
    rv_log(h->v, "another receipt for %.*s is ignored", STR_F(p->ids.letter));
    return true;
  }
  p->receipt = arena_str(h->v->arena, h->envelope.payload);
  answer(h, p);
  return true;
}

bool rv_converter_receipt(struct rv_held *h) {
  return str_eqz(h->glance.type, "Acknowledgement") ? take_fhir(h) : take_oioxml(h);
}
