#include <string.h>

#include "formats/xml_int.h"

/* A walk over the tags of a document. It is only right as far as the document is well-formed: behind its first fatal
 * error libxml2 is given nothing but blanks (xml.c). */
struct scan {
  struct str s;
  struct arena *a; /* of cuts; NULL: nothing is cut */
  struct xml_shown *shown;
};

static size_t find_byte(struct str s, char c, size_t from) {
  const char *p = from < s.n ? memchr(s.p + from, c, s.n - from) : NULL;
  return p ? (size_t)(p - s.p) : SIZE_MAX;
}

static void cut(const struct scan *z, size_t from, size_t to, size_t lines) {
  if (to > from) VEC_PUSH(z->a, &z->shown->cuts, ((struct xml_cut){from, to - from, lines}));
}

/* "xmlns:p" and the like mean something to libxml2. Looks back to the value before at most, even where no blank is
 * between the two, or many long values would each be walked over for all that follow. */
static bool is_reserved(struct str s, size_t quote) {
  size_t to = quote;
  while (to && (str_is_blank(s.p[to - 1]) || s.p[to - 1] == '=')) to--;
  size_t from = to;
  while (from && !str_is_blank(s.p[from - 1]) && s.p[from - 1] != '"' && s.p[from - 1] != '\'') from--;
  return str_starts(str_sub(s, from, to), STR("xml"));
}

/* Cuts all but the first byte, if libxml2 would find nothing in it but line ends. */
static void cut_value(const struct scan *z, size_t from, size_t to) {
  struct str value = str_sub(z->s, from, to);
  size_t at = 0, lines = 0;
  if (!z->a || value.n < XML_LONG_VALUE || is_reserved(z->s, from - 1)) return;
  while ((at = str_skip_plain(value, at, '&', '<')) < value.n) {
    if (!str_is_blank(value.p[at])) return;
    lines += value.p[at] == '\n' && at > 0;
    at++;
  }
  cut(z, from + 1, to, lines);
}

/* The same of text that xml.c takes from the source whole. Its first letter stays: outside the root element it is an
 * error. */
static void cut_text(const struct scan *z, size_t from, size_t to) {
  if (!z->a || to - from < XML_LONG_VALUE) return;
  while (from < to && str_is_blank(z->s.p[from]))
    if (z->s.p[from++] == '\r') return;
  struct str text = str_sub(z->s, from, to);
  if (text.n && str_skip_plain(text, 0, '&', ']') == text.n) cut(z, from + 1, to, 0);
}

/* Offset behind the tag at `at`; counts its quoted values. SIZE_MAX: no end. */
static size_t skip_tag(const struct scan *z, size_t at, size_t *values) {
  *values = 0;
  while (at < z->s.n && z->s.p[at] != '>') {
    char c = z->s.p[at++];
    if (c != '"' && c != '\'') continue;
    size_t end = find_byte(z->s, c, at);
    if (end == SIZE_MAX) return end;
    cut_value(z, at, end);
    at = end + 1;
    ++*values;
  }
  return at < z->s.n ? at + 1 : SIZE_MAX;
}

/* Offset behind the comment, CDATA section or instruction at `at`; `at` if none is there. */
static size_t skip_other(struct str s, size_t at) {
  static const struct {
    struct str head, end;
  } others[] = {
      {STR_INIT("<!--"), STR_INIT("-->")},
      {STR_INIT("<![CDATA["), STR_INIT("]]>")},
      {STR_INIT("<?"), STR_INIT("?>")},
  };
  struct str rest = {s.p + at, s.n - at};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    if (!str_starts(rest, others[i].head)) continue;
    size_t end = str_find(s, others[i].end, at + others[i].head.n);
    return end == SIZE_MAX ? SIZE_MAX : end + others[i].end.n;
  }
  return at;
}

/* Walks over all tags; the offset of the first one with more than max values, or SIZE_MAX. */
static size_t walk(const struct scan *z, size_t max) {
  size_t at = 0, from = 0, values;
  while ((at = find_byte(z->s, '<', at)) != SIZE_MAX) {
    cut_text(z, from, at);
    size_t end = skip_other(z->s, at);
    if (end == at) {
      end = skip_tag(z, at + 1, &values);
      if (values > max) return at;
    }
    if (end == SIZE_MAX) return SIZE_MAX;
    at = from = end;
  }
  return SIZE_MAX;
}

/* Line ends stay: libxml2 tells lines in its messages. */
static void show(struct xml_shown *out, struct arena *a, struct str s) {
  size_t n = s.n, at = 0;
  for (size_t i = 0; i < out->cuts.n; i++) n -= out->cuts.v[i].n - out->cuts.v[i].lines;
  char *p = arena_alloc(a, n), *to = p;
  for (size_t i = 0; i < out->cuts.n; i++) {
    struct xml_cut *c = &out->cuts.v[i];
    memcpy(to, s.p + at, c->at - at);
    to += c->at - at;
    memset(to, '\n', c->lines);
    to += c->lines;
    at = c->at + c->n;
    c->at = (size_t)(to - p);
    c->n -= c->lines;
  }
  memcpy(to, s.p + at, s.n - at);
  out->s = (struct str){p, n};
}

size_t xml_show(struct xml_shown *out, struct arena *a, struct str s, size_t max) {
  *out = (struct xml_shown){.s = s};
  size_t crowded = walk(&(struct scan){s, a, out}, max);
  if (out->cuts.n && crowded == SIZE_MAX) show(out, a, s);
  return crowded;
}

size_t xml_shown_source(struct xml_shown *x, size_t at) {
  if (at < x->last) x->passed = x->skipped = 0;
  x->last = at;
  for (; x->passed < x->cuts.n && x->cuts.v[x->passed].at <= at; x->passed++) x->skipped += x->cuts.v[x->passed].n;
  return at + x->skipped;
}
