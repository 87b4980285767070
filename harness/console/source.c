#include "console/source.h"

#include "base/utf8.h"
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

struct severity_word {
  const char *name, *cls, *en, *da;
};

static const struct severity_word *severity_word(struct str name) {
  static const struct severity_word words[] = {{"error", "badge fail", "error", "fejl"},
                                               {"warning", "badge waiting", "warning", "advarsel"},
                                               {"undecided", "badge inconclusive", "undecided", "uafklaret"},
                                               {"info", "badge", "information", "oplysning"}};
  size_t n = sizeof words / sizeof *words;
  for (size_t i = 0; i < n; i++)
    if (str_eqz(name, words[i].name)) return &words[i];
  return &words[n - 1];
}

/* Anchors of findings: f1 where lines are L1; Pf1 where they are P1. */
static const char *finding_anchor(struct visit *v, char letter, size_t number) {
  return letter == 'L' ? arena_printf(v->arena, "f%zu", number).p : arena_printf(v->arena, "%cf%zu", letter, number).p;
}

static void write_finding(struct visit *v, char letter, const struct source_finding *f, size_t number) {
  const struct severity_word *w = severity_word(f->severity);
  page_open(v, "li", "finding");
  page_attr(v, "id", "%s", finding_anchor(v, letter, number)), page_attr(v, "tabindex", "-1");
  page_say_in(v, "span", w->cls, w->en, w->da);
  page_text(v, STR(" "));
  if (f->line) {
    struct str place = arena_printf(v->arena, "%s %lld:%lld", visit_word(v, "line", "linje"), (long long)f->line,
                                    (long long)f->column);
    page_link(v, place, "#%c%lld", letter, (long long)f->line);
    page_text(v, STR(" "));
  }
  page_text_in(v, "span", "said", f->text);
  page_open(v, "div", "soft");
  page_link(v, f->rule, "/explain/%.*s", STR_F(f->rule));
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
  page_link(v, actual->rule, "/explain/%.*s", STR_F(actual->rule));
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
  const char *cls;
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
    if (f[i].line) (*out)[used++] = (struct mark){f[i].line, f[i].column, i + 1, severity_word(f[i].severity)->cls};
  qsort(*out, used, sizeof **out, by_place);
  return used;
}

/* Characters without a picture, and those that turn the direction of what follows. */
static bool has_picture(uint32_t cp) {
  static const uint32_t without[][2] = {{0, 0x08}, {0x0a, 0x1f}, {0x7f, 0x9f}, {0x202a, 0x202e}, {0x2066, 0x2069}};
  for (size_t i = 0; i < sizeof without / sizeof *without; i++)
    if (cp >= without[i][0] && cp <= without[i][1]) return false;
  return true;
}

/* Text with what has no picture told as its number, so that it can be seen. */
static void write_shown(struct visit *v, struct str s) {
  size_t from = 0, at = 0;
  while (at < s.n) {
    uint32_t cp;
    size_t n = utf8_decode(s, at, &cp);
    if (n && has_picture(cp)) {
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

static void write_line(struct visit *v, char letter, struct str line, int64_t number, const struct mark *m, size_t n) {
  size_t at = 0;
  page_open(v, "span", n ? "line marked" : "line");
  page_attr(v, "id", "%c%lld", letter, (long long)number);
  page_printf_in(v, "span", "no", "%lld", (long long)number);
  page_open(v, "span", "code");
  for (size_t i = 0; i < n; i++) {
    size_t from = prefix(line, m[i].column > 0 ? m[i].column - 1 : 0);
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
    raw += !n || !(has_picture(cp) || cp == '\n');
    at += n ? n : 1;
  }
  return at;
}

void page_source_as(struct visit *v, char letter, struct str bytes, const struct source_finding *f, size_t n) {
  struct mark *marks;
  size_t marks_n = collect(v, f, n, &marks), at = 0, shown = shown_size(bytes);
  struct str rest = str_sub(bytes, 0, shown);
  page_open(v, "pre", "source");
  page_attr(v, "tabindex", "0");
  for (int64_t number = 1; rest.n; number++) {
    struct str line = str_cut(&rest, '\n');
    size_t from = at;
    if (line.n && line.p[line.n - 1] == '\r') line.n--;
    while (at < marks_n && marks[at].line == number) at++;
    write_line(v, letter, line, number, marks + from, at - from);
  }
  page_close(v);
  if (bytes.n > shown)
    page_printf_in(v, "p", NULL, "%s %zu / %zu byte", visit_word(v, "Shown:", "Vist:"), shown, bytes.n);
}

void page_source(struct visit *v, struct str bytes, const struct source_finding *f, size_t n) {
  page_source_as(v, 'L', bytes, f, n);
}
