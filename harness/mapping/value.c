/* What stands at a place, as it is compared. */
#include "base/base64.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "formats/edifact.h"
#include "formats/edifact_text.h"
#include "mapping/mapping_int.h"

#define VALUE_MAX ((size_t)8 << 20)
#define LOCAL_LEN 16 /* "2026-01-05T10:00" */

struct str mapping_trimmed(struct arena *a, struct str s) {
  struct buf b;
  buf_init(&b, s.n + 1);
  bool blank = false;
  s = str_trim(s);
  for (size_t i = 0; i < s.n; i++) {
    if (str_is_blank(s.p[i])) {
      blank = true;
      continue;
    }
    if (blank) buf_byte(&b, ' ');
    blank = false;
    buf_byte(&b, s.p[i]);
  }
  return buf_take(&b, a);
}

/* ---- times ---- */

struct str mapping_local(struct arena *a, struct str instant) {
  int64_t ms;
  bool zone;
  if (!time_parse(instant, &ms, &zone)) return (struct str){0};
  if (!zone) return str_sub(instant, 0, LOCAL_LEN);
  return str_sub(time_danish(a, ms), 0, LOCAL_LEN);
}

static struct str digits_to_local(struct arena *a, struct str d) {
  if (d.n < 8) return d;
  struct str date = arena_printf(a, "%.4s-%.2s-%.2s", d.p, d.p + 4, d.p + 6);
  if (d.n < 12) return date;
  return arena_printf(a, "%.*sT%.*s:%.*s", STR_F(date), STR_F(str_sub(d, 8, 10)), STR_F(str_sub(d, 10, 12)));
}

/* Files of samples have lines cut anywhere: a line end is no character of EDIFACT. */
static struct str without_line_ends(struct arena *a, struct str s) {
  struct buf b;
  if (str_index(s, '\n') == SIZE_MAX && str_index(s, '\r') == SIZE_MAX) return s;
  buf_init(&b, s.n + 1);
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] != '\n' && s.p[i] != '\r') buf_byte(&b, s.p[i]);
  return buf_take(&b, a);
}

/* UNB S004, "981213:1210"; or a DTM, "137:199812131202:203". */
static struct str edifact_time(struct arena *a, const struct node *n) {
  struct str first = n->kind == NODE_ARRAY && n->first ? n->first->text : n->text;
  struct str second = n->kind == NODE_ARRAY && n->first && n->first->next ? n->first->next->text : (struct str){0};
  second = without_line_ends(a, second);
  if (n->parent && str_eqz(n->parent->name, "DTM")) return second.n >= 8 ? digits_to_local(a, second) : second;
  int64_t year;
  first = without_line_ends(a, first);
  if (first.n != 6 || !str_int(str_sub(first, 0, 2), &year)) return first;
  return digits_to_local(
      a, arena_printf(a, "%s%.*s%.*s", year <= EDIFACT_YEAR_PIVOT ? "20" : "19", STR_F(first), STR_F(second)));
}

static struct str oioxml_time(struct arena *a, const struct node *n) {
  struct str date = str_trim(node_text_at(n, "Date")), time = str_trim(node_text_at(n, "Time"));
  if (!time.n) time = str_trim(node_text_at(n, "TimeWithSec"));
  if (!date.n) return str_trim(n->text);
  if (!time.n) return date;
  return arena_printf(a, "%.*sT%.*s", STR_F(date), STR_F(str_sub(time, 0, 5)));
}

static struct str time_value(const struct looker *l, const struct hit *h) {
  if (l->format == MAPPING_EDIFACT) return edifact_time(l->a, h->node);
  if (l->format == MAPPING_OIOXML) return oioxml_time(l->a, h->node);
  struct str local = mapping_local(l->a, h->text);
  return local.n ? local : h->text;
}

/* ---- free text ---- */

struct str mapping_line(struct str text, size_t i) {
  struct str line = {0};
  while (i-- > 0) {
    if (!text.n) return (struct str){0};
    line = str_cut(&text, '\n');
  }
  return line;
}

static void put_formatted(struct buf *b, const struct node *n) {
  if (str_eqz(n->name, "Break"))
    buf_byte(b, '\n');
  else if (str_eqz(n->name, "Space"))
    buf_byte(b, ' ');
  else if (!n->first)
    buf_add(b, n->text);
  for (NODE_EACH(c, n)) put_formatted(b, c);
}

struct str mapping_formatted(struct arena *a, const struct node *n) {
  struct buf b;
  buf_init(&b, VALUE_MAX);
  put_formatted(&b, n);
  return buf_take(&b, a);
}

static void put_lines(struct buf *b, struct arena *a, const struct free_text *t) {
  for (size_t i = 0; i < t->lines.n; i++) {
    if (b->n) buf_byte(b, '\n');
    buf_add(b, without_line_ends(a, free_line_plain(a, &t->lines.v[i])));
  }
}

/* Segments of one code that stand behind each other are read as one text. */
static bool goes_on(const struct hits *h, size_t i) {
  const struct node *before = i ? h->v[i - 1].node : NULL;
  return before && before->next == h->v[i].node && str_eq(edifact_text(before, 1, 1), edifact_text(h->v[i].node, 1, 1));
}

struct str mapping_free_text(struct arena *a, const struct hits *segments) {
  struct buf b;
  buf_init(&b, VALUE_MAX);
  for (size_t i = 0; i < segments->n; i++) {
    struct free_text t;
    if (goes_on(segments, i)) continue;
    free_text_read(&t, a, segments->v[i].node);
    put_lines(&b, a, &t);
  }
  return buf_take(&b, a);
}

/* Every line without blanks at its ends, and no empty lines at the beginning and end of all. */
static struct str lines_value(struct arena *a, struct str text) {
  struct buf b;
  buf_init(&b, VALUE_MAX);
  while (text.n) {
    struct str line = mapping_trimmed(a, str_cut(&text, '\n'));
    if (!line.n && !b.n) continue;
    buf_add(&b, line);
    buf_byte(&b, '\n');
  }
  while (b.n && b.p[b.n - 1] == '\n') b.n--;
  return buf_take(&b, a);
}

/* ---- the others ---- */

static struct str uuid_value(struct arena *a, struct str s) {
  struct buf b;
  s = utf8_lower(a, str_trim(s));
  if (str_starts(s, STR("urn:uuid:"))) s = str_sub(s, 9, s.n);
  buf_init(&b, s.n + 1);
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] != '-') buf_byte(&b, s.p[i]);
  return buf_take(&b, a);
}

static struct str cpr_value(struct arena *a, struct str s) {
  if (s.n != 11 || s.p[6] != '-') return s;
  return arena_printf(a, "%.*s%.*s", STR_F(str_sub(s, 0, 6)), STR_F(str_sub(s, 7, 11)));
}

static struct str digits_value(struct arena *a, struct str s) {
  struct buf b;
  buf_init(&b, s.n + 1);
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] >= '0' && s.p[i] <= '9') buf_byte(&b, s.p[i]);
  struct str d = buf_take(&b, a);
  return d.n == 10 && str_starts(d, STR("45")) ? str_sub(d, 2, d.n) : d; /* +45 12 34 56 78 */
}

static struct str words_value(const struct looker *l, const struct hits *h) {
  struct buf b;
  buf_init(&b, VALUE_MAX);
  for (size_t i = 0; i < h->n; i++) {
    if (b.n) buf_byte(&b, ' ');
    buf_add(&b, h->v[i].text);
  }
  return mapping_trimmed(l->a, buf_take(&b, l->a));
}

static struct str digest(struct arena *a, size_t n, const char *hex) {
  return arena_printf(a, "%zu octets, SHA-256 %s", n, hex);
}

static struct str data_value(const struct looker *l, const struct hit *h) {
  struct str octets = h->text;
  size_t bad;
  struct arena_mark mark = arena_mark(l->a);
  if (l->format != MAPPING_EDIFACT && base64_decode(&octets, l->a, h->text, &bad) < 0) return STR("not base64");
  char hex[SHA256_HEX + 1];
  size_t n = octets.n;
  sha256_hex(hex, octets);
  arena_rewind(l->a, mark);
  return digest(l->a, n, hex);
}

/* Several comments are paragraphs of one. */
static struct str formatted_texts(struct arena *a, const struct hits *h) {
  struct buf b;
  buf_init(&b, VALUE_MAX);
  for (size_t i = 0; i < h->n; i++) {
    if (i && b.n && b.p[b.n - 1] != '\n') buf_byte(&b, '\n');
    buf_add(&b, mapping_formatted(a, h->v[i].node));
  }
  return buf_take(&b, a);
}

static struct str lines_of(const struct looker *l, const struct hits *h) {
  if (l->format == MAPPING_EDIFACT) return mapping_free_text(l->a, h);
  if (l->format == MAPPING_OIOXML) return formatted_texts(l->a, h);
  return h->v[0].text;
}

static struct str value_of(struct str *literal, const struct looker *l, const struct mapping_row *row,
                           const struct hits *h) {
  struct str s = h->v[0].text;
  if (l->format == MAPPING_EDIFACT && row->as != AS_DATA) s = without_line_ends(l->a, s);
  *literal = s;
  switch (row->as) {
  case AS_EXACT:
    return str_trim(s);
  case AS_UUID:
    return uuid_value(l->a, s);
  case AS_CPR:
    return cpr_value(l->a, str_trim(s));
  case AS_WORDS:
    return *literal = words_value(l, h);
  case AS_LINES:
    *literal = lines_of(l, h);
    return lines_value(l->a, *literal);
  case AS_TIME: {
    struct str v = time_value(l, &h->v[0]);
    if (l->format != MAPPING_FHIR) *literal = v;
    return v;
  }
  case AS_PHONE:
    return digits_value(l->a, s);
  case AS_VERSION:
    return str_starts(s, STR("X")) ? str_sub(str_trim(s), 1, s.n) : str_trim(s);
  case AS_DATA:
    return data_value(l, &h->v[0]);
  default:
    return mapping_trimmed(l->a, s);
  }
}

/* Where a letter must have something, "_" stands for nothing. */
static bool is_nothing(const struct looker *l, struct str value) {
  return !value.n || (l->format != MAPPING_FHIR && str_eqz(value, "_"));
}

bool mapping_value(struct mapping_element *out, const struct looker *l, const struct mapping_row *row,
                   const struct hits *h) {
  if (!h->n) return false;
  struct str value = value_of(&out->literal, l, row, h);
  if (row->codes) {
    const struct mapping_code *c = mapping_code_of(row->codes, l->format, value);
    if (c) value = c->value;
  }
  out->row = row;
  out->node = h->v[0].node;
  out->value = value;
  return !is_nothing(l, value);
}
