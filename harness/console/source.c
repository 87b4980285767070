#include "console/source.h"

#include "base/utf8.h"
#include "console/source_parts.h"
#include "formats/json.h"

#include <stdlib.h>

/* More than these have a list that stays beside the text, and is scrolled by itself. */
#define SOURCE_FINDINGS_FEW 4

/* ---- reading ---- */

static int64_t number_at(const struct node *n, const char *path) {
  int64_t value = 0;
  return str_int(node_text_at(n, path), &value) ? value : 0;
}

static struct source_finding finding_at(const struct visit *v, const struct node *n, const char *place) {
  const struct node *where = node_at(n, place);
  return (struct source_finding){.rule = node_text_at(n, "rule"),
                                 .severity = node_text_at(n, "severity"),
                                 .text = said_in_both(v, node_text_at(n, "en"), node_text_at(n, "da")),
                                 .path = where ? node_text_at(where, "path") : STR(""),
                                 .source = node_text_at(n, "source"),
                                 .line = where ? number_at(where, "line") : 0,
                                 .column = where ? number_at(where, "column") : 0};
}

static const struct node *read_list(struct visit *v, struct str json) {
  struct node *root = NULL;
  struct findings f;
  findings_init(&f, v->arena);
  if (json_read(&root, v->arena, (struct source){STR("findings"), json}, &f) < 0) return NULL;
  return root->kind == NODE_ARRAY ? root : NULL;
}

int source_differences(struct visit *v, struct str json, struct source_finding **expected,
                       struct source_finding **actual, size_t *n) {
  VEC(struct source_finding) here = {0}, there = {0};
  const struct node *root = read_list(v, json);
  if (!root) return -1;
  for (NODE_EACH(c, root)) {
    VEC_PUSH(v->arena, &here, finding_at(v, c, "where"));
    VEC_PUSH(v->arena, &there, finding_at(v, c, "other"));
  }
  *actual = here.v, *expected = there.v, *n = here.n;
  return 0;
}

int source_findings(struct visit *v, struct str json, struct source_finding **out, size_t *n) {
  struct source_finding *other;
  return source_differences(v, json, &other, out, n);
}

/* ---- the list ---- */

void page_rule(struct visit *v, struct str rule, bool of_protocol) {
  if (of_protocol)
    page_text_in(v, "span", NULL, rule);
  else
    page_link(v, rule, "/explain/%.*s", STR_F(rule));
}

/* Anchors of findings: f1 where lines are L1; Pf1 where they are P1. */
static const char *finding_anchor(struct visit *v, char letter, size_t number) {
  return letter == 'L' ? arena_printf(v->arena, "f%zu", number).p : arena_printf(v->arena, "%cf%zu", letter, number).p;
}

static void write_finding(struct visit *v, char letter, const struct source_finding *f, size_t number) {
  page_open(v, "li", "finding");
  page_attr(v, "id", "%s", finding_anchor(v, letter, number)), page_attr(v, "tabindex", "-1");
  page_severity(v, f->severity);
  page_text(v, STR(" "));
  if (f->line) {
    struct str place = arena_printf(v->arena, "%s %lld:%lld", visit_word(v, "line", "linje"), (long long)f->line,
                                    (long long)f->column);
    page_link(v, place, "#%c%lld", letter, (long long)f->line);
    page_text(v, STR(" "));
  }
  page_text_in(v, "span", "said", f->text);
  page_open(v, "div", "soft");
  page_rule(v, f->rule, f->of_protocol);
  if (f->path.n) page_printf_in(v, "span", NULL, " · %.*s", STR_F(f->path));
  if (f->source.n) page_printf_in(v, "span", NULL, " · %.*s", STR_F(f->source));
  page_close(v);
  page_close(v);
}

void page_findings_as(struct visit *v, char letter, const struct source_finding *f, size_t n) {
  page_open(v, "ol", n > SOURCE_FINDINGS_FEW ? "findings tall" : "findings");
  if (n > SOURCE_FINDINGS_FEW) page_attr(v, "tabindex", "0");
  page_attr(v, "data-findings", "%zu", n);
  for (size_t i = 0; i < n && i < SOURCE_FINDINGS_MAX; i++) write_finding(v, letter, &f[i], i + 1);
  page_close(v);
  if (n > SOURCE_FINDINGS_MAX)
    page_printf_in(v, "p", NULL, "%s %d / %zu", visit_word(v, "Shown:", "Vist:"), SOURCE_FINDINGS_MAX, n);
}

void page_findings(struct visit *v, const struct source_finding *f, size_t n) {
  page_findings_as(v, 'L', f, n);
}

/* ---- differences ---- */

static void write_place(struct visit *v, char letter, const struct source_finding *f, const char *en, const char *da) {
  if (!f->line && !f->path.n) return;
  page_open(v, "div", "soft");
  page_say(v, en, da);
  page_text(v, STR(" "));
  if (f->line)
    page_link(v, arena_printf(v->arena, "%lld:%lld", (long long)f->line, (long long)f->column), "#%c%lld", letter,
              (long long)f->line);
  page_printf_in(v, "span", NULL, " %.*s", STR_F(f->path));
  page_close(v);
}

/* Marks of both sides lead here. */
static void write_difference(struct visit *v, const struct source_finding *expected,
                             const struct source_finding *actual, size_t number) {
  page_open(v, "li", "finding");
  page_attr(v, "id", "%s", finding_anchor(v, 'E', number)), page_attr(v, "tabindex", "-1");
  page_open(v, "span", NULL), page_attr(v, "id", "%s", finding_anchor(v, 'A', number)), page_close(v);
  page_text_in(v, "span", "said", actual->text);
  page_text(v, STR(" "));
  page_rule(v, actual->rule, actual->of_protocol);
  write_place(v, 'E', expected, "expected", "forventet");
  write_place(v, 'A', actual, "actual", "faktisk");
  page_close(v);
}

void page_differences(struct visit *v, const struct source_finding *expected, const struct source_finding *actual,
                      size_t n) {
  page_open(v, "ol", "findings tall"), page_attr(v, "tabindex", "0");
  page_attr(v, "data-findings", "%zu", n);
  for (size_t i = 0; i < n && i < SOURCE_FINDINGS_MAX; i++) write_difference(v, &expected[i], &actual[i], i + 1);
  page_close(v);
  if (n > SOURCE_FINDINGS_MAX)
    page_printf_in(v, "p", NULL, "%s %d / %zu", visit_word(v, "Shown:", "Vist:"), SOURCE_FINDINGS_MAX, n);
}

/* ---- the lines ---- */

struct mark {
  int64_t line, column;
  size_t finding; /* from 1 */
};

static int by_place(const void *a, const void *b) {
  const struct mark *x = a, *y = b;
  if (x->line != y->line) return x->line < y->line ? -1 : 1;
  if (x->column != y->column) return x->column < y->column ? -1 : 1;
  return x->finding < y->finding ? -1 : 1;
}

static size_t collect(struct visit *v, const struct source_finding *f, size_t n, struct mark **out) {
  size_t used = 0;
  *out = arena_alloc(v->arena, (n + 1) * sizeof **out);
  for (size_t i = 0; i < n && i < SOURCE_FINDINGS_MAX; i++)
    if (f[i].line) (*out)[used++] = (struct mark){f[i].line, f[i].column, i + 1};
  qsort(*out, used, sizeof **out, by_place);
  return used;
}

/* Text with what has no picture told as its number, so that it can be seen. */
static void write_shown(struct visit *v, struct str s) {
  size_t from = 0, at = 0;
  while (at < s.n) {
    uint32_t cp;
    size_t n = utf8_decode(s, at, &cp);
    if (n && source_has_picture(cp)) {
      at += n;
      continue;
    }
    page_text(v, str_sub(s, from, at));
    page_printf_in(v, "span", "raw", n ? "<%02X>" : "<byte %02X>", n ? cp : (uint32_t)(unsigned char)s.p[at]);
    at += n ? n : 1;
    from = at;
  }
  page_text(v, str_sub(s, from, s.n));
}

/* Bytes of the first `characters` characters. */
static size_t prefix(struct str s, int64_t characters) {
  size_t at = 0;
  for (int64_t i = 0; i < characters && at < s.n; i++) {
    uint32_t cp;
    size_t n = utf8_decode(s, at, &cp);
    at += n ? n : 1;
  }
  return at;
}

static void write_mark(struct visit *v, char letter, const struct mark *m, struct str what) {
  page_open(v, "a", "mark");
  page_attr(v, "href", "#%s", finding_anchor(v, letter, m->finding));
  page_attr(v, "title", "%s %zu", visit_word(v, "Finding", "Fund"), m->finding);
  write_shown(v, what.n ? what : STR("¶"));
  page_printf_in(v, "sup", NULL, "%zu", m->finding);
  page_close(v);
}

/* column: of its first character; over 1, it goes on from the part before. */
static void write_line(struct visit *v, char letter, struct str line, int64_t number, int64_t column,
                       const struct mark *m, size_t n) {
  size_t at = 0;
  page_open(v, "span", n ? "line marked" : "line");
  page_attr(v, "id", "%c%lld", letter, (long long)number);
  page_printf_in(v, "span", "no", column > 1 ? "…%lld" : "%lld", (long long)number);
  page_open(v, "span", "code");
  for (size_t i = 0; i < n; i++) {
    size_t from = prefix(line, m[i].column > column ? m[i].column - column : 0);
    size_t to = from + prefix(str_sub(line, from, line.n), 1);
    if (from < at) from = to = at; /* a second one at the same place: only its number */
    write_shown(v, str_sub(line, at, from));
    write_mark(v, letter, &m[i], str_sub(line, from, to));
    at = to;
  }
  write_shown(v, str_sub(line, at, line.n));
  page_close(v);
  page_close(v);
}

/* How much of it is shown: as much as a page can hold. */
static size_t shown_size(struct str s) {
  size_t at = 0, lines = 0, raw = 0;
  while (at < s.n && at < SOURCE_SHOWN_MAX && lines < SOURCE_LINES_MAX && raw < SOURCE_RAW_MAX) {
    uint32_t cp = 0;
    size_t n = utf8_decode(s, at, &cp);
    lines += n && cp == '\n';
    raw += !n || !(source_has_picture(cp) || cp == '\n');
    at += n ? n : 1;
  }
  return at;
}

/* Lines from that number on; column: of the first character; marks in order, those before the first line are not here.
 */
static void write_lines(struct visit *v, char letter, struct str rest, int64_t number, int64_t column,
                        const struct mark *m, size_t n) {
  page_open(v, "pre", "source");
  page_attr(v, "tabindex", "0");
  for (size_t at = 0; rest.n; number++, column = 1) {
    struct str line = str_cut(&rest, '\n');
    if (line.n && line.p[line.n - 1] == '\r') line.n--;
    while (at < n && m[at].line < number) at++;
    size_t from = at;
    while (at < n && m[at].line == number) at++;
    write_line(v, letter, line, number, column, m + from, at - from);
  }
  page_close(v);
}

void page_source_as(struct visit *v, char letter, struct str bytes, const struct source_finding *f, size_t n) {
  struct mark *marks;
  size_t marks_n = collect(v, f, n, &marks), shown = shown_size(bytes);
  write_lines(v, letter, str_sub(bytes, 0, shown), 1, 1, marks, marks_n);
  if (bytes.n > shown)
    page_printf_in(v, "p", NULL, "%s %zu / %zu byte", visit_word(v, "Shown:", "Vist:"), shown, bytes.n);
}

void page_source(struct visit *v, struct str bytes, const struct source_finding *f, size_t n) {
  page_source_as(v, 'L', bytes, f, n);
}

/* ---- in parts ---- */

/* Markup of a finding in the list and in the text, but for its own words. */
#define FINDING_WEIGHT 420
#define NEAR 6 /* parts on either side of the shown one that have a link of their own */

static size_t weight_of(const struct source_finding *f) {
  return FINDING_WEIGHT + 5 * (f->text.n + f->path.n) / 4 + f->source.n + 2 * f->rule.n;
}

/* By place, if there are several parts: then they are numbered in that order. */
static const struct source_finding *in_order(struct visit *v, struct source_whole *w, size_t *parts_n,
                                             struct source_part **parts) {
  struct source_place *places = arena_alloc(v->arena, (w->n + 1) * sizeof *places);
  struct source_finding *f = arena_alloc(v->arena, (w->n + 1) * sizeof *f);
  for (size_t i = 0; i < w->n; i++)
    places[i] = (struct source_place){w->f[i].line, w->f[i].column, weight_of(&w->f[i]), i};
  *parts_n = source_cut(v->arena, w->bytes, places, w->n, parts);
  if (*parts_n == 1) return w->f;
  for (size_t i = 0; i < w->n; i++) f[i] = w->f[places[i].finding];
  return f;
}

/* A query argument that is about the text of that letter: "P3" is 3 for P. False: it is not. */
static bool asked(struct visit *v, const char *name, char letter, struct str *out) {
  *out = http_query(v->request, name);
  if (!out->n || out->p[0] != letter) return false;
  *out = str_sub(*out, 1, out->n);
  return true;
}

static size_t asked_part(struct visit *v, char letter, const struct source_part *parts, size_t n) {
  struct str text;
  int64_t number = 0, line = 0, column = 1;
  if (asked(v, "part", letter, &text) && str_int(text, &number) && number > 0)
    return (uint64_t)number < n ? (size_t)number - 1 : n - 1;
  if (!asked(v, "at", letter, &text) || !str_int(str_cut(&text, ':'), &line)) return 0;
  if (text.n && !str_int(text, &column)) column = 1;
  return source_part_of(parts, n, line, column);
}

struct source_shown source_show(struct visit *v, struct source_whole w) {
  struct source_shown s = {.letter = w.letter, .bytes = w.bytes, .address = w.address, .findings = w.n};
  const struct source_finding *f = in_order(v, &w, &s.n, &s.parts);
  struct str text;
  s.at = asked_part(v, w.letter, s.parts, s.n);
  s.asked = asked(v, "part", w.letter, &text) || asked(v, "at", w.letter, &text);
  s.f = f + s.parts[s.at].first;
  return s;
}

static struct str part_address(struct visit *v, const struct source_shown *s, size_t part) {
  return arena_printf(v->arena, "%.*spart=%c%zu", STR_F(s->address), s->letter, part + 1);
}

/* To the first or the last finding of a part. */
static struct str finding_address(struct visit *v, const struct source_shown *s, size_t part, bool last) {
  const struct source_part *p = &s->parts[part];
  return arena_printf(v->arena, "%.*s#%s", STR_F(part_address(v, s, part)),
                      finding_anchor(v, s->letter, last ? p->end : p->first + 1));
}

/* The next part in that direction that has findings; s->n: none. */
static size_t part_with_findings(const struct source_shown *s, bool back) {
  for (size_t i = s->at; back ? i-- > 0 : ++i < s->n;)
    if (s->parts[i].end > s->parts[i].first) return i;
  return s->n;
}

static void write_part_link(struct visit *v, const struct source_shown *s, size_t part) {
  const struct source_part *p = &s->parts[part];
  page_open(v, "a", NULL);
  html_attr(&v->html, "href", part_address(v, s, part));
  page_attr(v, "title", "%s %lld–%lld", visit_word(v, "Lines", "Linje"), (long long)p->line, (long long)p->last);
  if (part == s->at) page_attr(v, "aria-current", "page");
  page_text(v, arena_printf(v->arena, "%zu", part + 1));
  if (p->end > p->first)
    page_printf_in(v, "span", "soft", visit_word(v, " (%zu findings)", " (%zu fund)"), p->end - p->first);
  page_close(v);
}

static void write_steps(struct visit *v, const struct source_shown *s) {
  size_t next = part_with_findings(s, false), before = part_with_findings(s, true);
  if (s->at) page_link(v, str_z(visit_word(v, "Previous part", "Forrige del")), "%s", part_address(v, s, s->at - 1).p);
  if (s->at + 1 < s->n)
    page_link(v, str_z(visit_word(v, "Next part", "Næste del")), "%s", part_address(v, s, s->at + 1).p);
  if (before < s->n)
    page_link(v, str_z(visit_word(v, "Findings before this part", "Fund før denne del")), "%s",
              finding_address(v, s, before, true).p);
  if (next < s->n)
    page_link(v, str_z(visit_word(v, "Findings after this part", "Fund efter denne del")), "%s",
              finding_address(v, s, next, false).p);
}

void page_source_parts(struct visit *v, const struct source_shown *s) {
  const struct source_part *p = &s->parts[s->at];
  if (s->n == 1) return;
  page_open(v, "nav", "parts");
  page_attr(v, "aria-label", "%s %c", visit_word(v, "Parts of the text", "Tekstens dele"), s->letter);
  page_printf_in(v, "p", NULL,
                 visit_word(v, "Part %zu of %zu: lines %lld–%lld, with %zu of %zu findings, in order of their place.",
                            "Del %zu af %zu: linje %lld–%lld med %zu af %zu fund, i stedernes orden."),
                 s->at + 1, s->n, (long long)p->line, (long long)p->last, p->end - p->first, s->findings);
  page_open(v, "p", "links"), write_steps(v, s), page_close(v);
  page_open(v, "p", "links");
  for (size_t i = 0, shown = 0; i < s->n; i++) {
    if (i && i + 1 < s->n && (i + NEAR < s->at || i > s->at + NEAR)) continue;
    if (i > shown) page_text(v, STR("…"));
    write_part_link(v, s, i);
    shown = i + 1;
  }
  page_close(v);
  page_close(v);
}

void page_source_findings(struct visit *v, const struct source_shown *s) {
  const struct source_part *p = &s->parts[s->at];
  size_t n = p->end - p->first, next = part_with_findings(s, false), before = part_with_findings(s, true);
  if (!n && next == s->n && before == s->n) return;
  page_open(v, "ol", n > SOURCE_FINDINGS_FEW ? "findings tall" : "findings");
  if (n > SOURCE_FINDINGS_FEW) page_attr(v, "tabindex", "0");
  page_attr(v, "start", "%zu", p->first + 1);
  page_attr(v, "data-findings", "%zu", n);
  if (next < s->n) html_attr(&v->html, "data-next", finding_address(v, s, next, false));
  if (before < s->n) html_attr(&v->html, "data-previous", finding_address(v, s, before, true));
  for (size_t i = 0; i < n; i++) write_finding(v, s->letter, &s->f[i], p->first + i + 1);
  page_close(v);
}

void page_source_text(struct visit *v, const struct source_shown *s) {
  const struct source_part *p = &s->parts[s->at];
  struct mark *marks;
  size_t n = collect(v, s->f, p->end - p->first, &marks);
  for (size_t i = 0; i < n; i++) marks[i].finding += p->first;
  write_lines(v, s->letter, str_sub(s->bytes, p->from, p->to), p->line, p->column, marks, n);
  if (s->n > 1) page_open(v, "p", "links"), write_steps(v, s), page_close(v);
}
