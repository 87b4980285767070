#include "console/source_parts.h"

#include "base/utf8.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#define LINE_WEIGHT 90  /* its number and its elements */
#define RAW_WEIGHT 40   /* what has no picture */
#define ESCAPE_WEIGHT 6 /* "&quot;" */
#define BACK_MAX 2000   /* bytes; so far back a good place is looked for */

bool source_has_picture(uint32_t cp) {
  static const uint32_t without[][2] = {{0, 0x08}, {0x0a, 0x1f}, {0x7f, 0x9f}, {0x202a, 0x202e}, {0x2066, 0x2069}};
  for (size_t i = 0; i < sizeof without / sizeof *without; i++)
    if (cp >= without[i][0] && cp <= without[i][1]) return false;
  return true;
}

/* ---- pieces: a line, or what a part can hold of a long one ---- */

struct piece {
  size_t to, weight;
  int64_t characters;
  bool whole; /* the line ends with it */
};

static size_t weight_of(uint32_t cp, size_t n) {
  if (!n || !source_has_picture(cp)) return RAW_WEIGHT;
  return cp < 0x80 && strchr("<>&\"'", (int)cp) ? ESCAPE_WEIGHT : n;
}

static struct piece piece_at(struct str s, size_t at, int64_t characters) {
  struct piece p = {.to = at}, good = p;
  while (p.to < s.n && p.to - at < PART_BYTES && p.weight < PART_WEIGHT / 2 && p.characters < characters) {
    uint32_t cp = 0;
    size_t n = utf8_decode(s, p.to, &cp);
    p.to += n ? n : 1;
    p.characters++;
    if (n && cp == '\n') {
      p.whole = true;
      return p;
    }
    p.weight += weight_of(cp, n);
    if (n && (cp == '\'' || cp == '>' || cp == ',')) good = p;
  }
  if (p.to == s.n) {
    p.whole = true;
    return p;
  }
  return p.to - good.to < BACK_MAX && good.to > at ? good : p;
}

/* So many characters, that what was found in them leaves room for them in a part; at least one. */
static int64_t room(const struct source_place *places, size_t n, int64_t line, int64_t column) {
  size_t found = 0;
  for (size_t i = 0; i < n && places[i].line <= line; i++) {
    found += places[i].weight;
    if (found > PART_WEIGHT / 2 && places[i].line == line && places[i].column > column)
      return places[i].column - column;
  }
  return INT64_MAX;
}

/* ---- parts ---- */

struct cutter {
  struct arena *arena;
  VEC(struct source_part) parts;
  size_t weight, lines; /* of the last of parts */
};

/* A part that begins with this piece. */
static struct source_part *begin(struct cutter *c, size_t at, int64_t line, int64_t column, const struct piece *p) {
  size_t first = c->parts.n ? c->parts.v[c->parts.n - 1].end : 0;
  struct source_part *part = VEC_ADD(c->arena, &c->parts);
  *part = (struct source_part){at, p->to, first, first, line, column, line};
  c->weight = p->weight + LINE_WEIGHT, c->lines = 1;
  return part;
}

/* With the weight of the findings in it. */
static struct source_part *add(struct cutter *c, size_t at, int64_t line, int64_t column, const struct piece *p,
                               size_t found) {
  struct source_part *part = c->parts.n ? &c->parts.v[c->parts.n - 1] : NULL;
  bool full = !part || c->lines >= PART_LINES || p->to - part->from > PART_BYTES ||
              c->weight + p->weight + LINE_WEIGHT + found > PART_WEIGHT;
  if (full || column > 1) return begin(c, at, line, column, p);
  part->to = p->to, part->last = line;
  c->weight += p->weight + LINE_WEIGHT, c->lines++;
  return part;
}

static int by_place(const void *a, const void *b) {
  const struct source_place *x = a, *y = b;
  if (x->line != y->line) return x->line < y->line ? -1 : 1;
  if (x->column != y->column) return x->column < y->column ? -1 : 1;
  return x->finding < y->finding ? -1 : x->finding > y->finding;
}

static bool is_in(const struct source_place *f, int64_t line, int64_t column, const struct piece *p) {
  return f->line < line || (f->line == line && (p->whole || f->column < column + p->characters));
}

size_t source_cut(struct arena *a, struct str bytes, struct source_place *places, size_t n, struct source_part **out) {
  struct cutter c = {.arena = a};
  size_t at = 0, f = 0;
  int64_t line = 1, column = 1;
  if (n) qsort(places, n, sizeof *places, by_place);
  do {
    struct piece p = piece_at(bytes, at, room(places + f, n - f, line, column));
    size_t end = f, found = 0;
    for (; end < n && (p.to == bytes.n || is_in(&places[end], line, column, &p)); end++) found += places[end].weight;
    struct source_part *part = add(&c, at, line, column, &p, found);
    for (; f < end; f++) {
      if (c.weight + places[f].weight > PART_WEIGHT && part->end > part->first) part = begin(&c, at, line, column, &p);
      c.weight += places[f].weight;
      part->end++;
    }
    column = p.whole ? 1 : column + p.characters;
    line += p.whole;
    at = p.to;
  } while (at < bytes.n);
  *out = c.parts.v;
  return c.parts.n;
}

size_t source_part_of(const struct source_part *parts, size_t n, int64_t line, int64_t column) {
  size_t i = 0;
  while (i + 1 < n && (parts[i + 1].line < line || (parts[i + 1].line == line && parts[i + 1].column <= column))) i++;
  return i;
}
