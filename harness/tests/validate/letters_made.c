#include "tests/validate/letters_made.h"

#include <criterion/criterion.h>

#include "validate/oioxml_int.h"

#define BYTES_MAX ((size_t)1 << 20)
#define DEPTH_MAX 16
#define LONGEST 400

struct maker {
  struct arena *a;
  struct buf b;
  const struct outline *o;
  const struct letter_type *t;
  size_t turn;
  int depth;
};

static void put_elements(struct maker *m, const struct outline_type *t);

static bool fits(struct maker *m, const struct outline_type *t, struct str text) {
  struct node root = {.kind = NODE_ELEMENT}, n = {.kind = NODE_ELEMENT, .name = STR("X")};
  struct findings f;
  struct oioxml o = {.f = &f, .scratch = m->a, .root = &root, .source = STR("made")};
  n.text = text;
  n.parent = &root;
  findings_init(&f, m->a);
  oioxml_judge_value(&o, &n, t);
  return f.list.n == 0;
}

static struct str longest(struct maker *m, const struct outline_facets *f) {
  char many[LONGEST];
  long n = f->length_max == OUTLINE_MANY || f->length_max > LONGEST ? f->length_min : f->length_max;
  memset(many, 'x', sizeof many);
  return arena_str(m->a, (struct str){many, (size_t)n});
}

/* The first of some values that fits. */
static struct str value(struct maker *m, const struct outline_type *t) {
  static const char *const some[] = {"2026-01-05",
                                     "12:30",
                                     "12:30:01",
                                     "2026-01-05T10:00:00",
                                     "true",
                                     "1",
                                     "12",
                                     "123",
                                     "1234",
                                     "1234567890",
                                     "0101901AB1",
                                     "0101900001",
                                     "2000",
                                     "C",
                                     "A",
                                     "0123456789abcdef0123456789abcdef",
                                     "01234567-89AB-CDEF-0123-456789ABCDEF",
                                     "x"};
  const struct outline_facets *f = &t->facets;
  for (size_t i = 0; i < f->codes.n; i++) {
    struct str code = f->codes.v[(m->turn + i) % f->codes.n];
    if (fits(m, t, code)) return code;
  }
  if (f->has_length && fits(m, t, longest(m, f))) return longest(m, f);
  for (size_t i = 0; i < sizeof some / sizeof *some; i++)
    if (fits(m, t, str_z(some[i]))) return str_z(some[i]);
  cr_assert(false, "no value fits %.*s (%s)", STR_F(t->name), outline_base_name(t->base));
  return (struct str){0};
}

static void put_element(struct maker *m, const struct outline_particle *p) {
  const struct outline_type *t = p->type;
  if (m->depth == DEPTH_MAX && p->min == 0) return;
  for (int i = 0; i < (p->min > 1 ? p->min : 1); i++) {
    buf_printf(&m->b, "<%.*s>", STR_F(p->name));
    if (t->kind == OUTLINE_VALUE) buf_add(&m->b, value(m, t));
    if (t->kind == OUTLINE_ELEMENTS && t->mixed) buf_addz(&m->b, "x");
    if (t->kind == OUTLINE_ELEMENTS) put_elements(m, t);
    buf_printf(&m->b, "</%.*s>", STR_F(p->name));
  }
}

static void put_particle(struct maker *m, const struct outline_particle *p) {
  size_t n = 0;
  if (p->order == OUTLINE_ELEMENT) {
    put_element(m, p);
    return;
  }
  for (const struct outline_particle *x = p->first; x; x = x->next) n++;
  size_t chosen = n ? m->turn % n : 0;
  for (const struct outline_particle *x = p->first; x; x = x->next)
    if (p->order == OUTLINE_SEQUENCE || chosen-- == 0) put_particle(m, x);
}

static void put_elements(struct maker *m, const struct outline_type *t) {
  m->depth++;
  for (const struct outline_particle *p = t->first; p; p = p->next) put_particle(m, p);
  m->depth--;
}

struct str letter_made(struct arena *a, const struct outline *o, const struct letter_type *t, size_t turn) {
  struct maker m = {.a = a, .o = o, .t = t, .turn = turn};
  const struct outline_particle *letter = outline_find(o->root, t->element);
  cr_assert_not_null(letter, "%.*s", STR_F(t->element));
  buf_init(&m.b, BYTES_MAX);
  buf_printf(&m.b, "<Emessage xmlns=\"%.*s\">", STR_F(o->ns));
  put_particle(&m, outline_find(o->root, STR("Envelope")));
  put_particle(&m, letter);
  buf_addz(&m.b, "</Emessage>\n");
  return buf_take(&m.b, a);
}
