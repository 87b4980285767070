#include "formats/edifact_text.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "formats/edifact.h"

#define TEXT_MAX ((size_t)256 << 20)
/* A white space this near to the beginning is no place to wrap at. */
#define WRAP_LEAST 2

struct format {
  char font, style, align;
};

/* ---- reading ---- */

static char one_of(const char *known, char c) {
  for (const char *k = known; *k; k++)
    if (*k == c) return c;
  return *known;
}

static struct format format_of(const struct node *ftx) {
  struct str s = edifact_text(ftx, 2, 1);
  char c[3] = {0};
  for (size_t i = 0; i < 3 && i < s.n; i++) c[i] = s.p[i];
  return (struct format){one_of("PF", c[0]), one_of("0FUK", c[1]), one_of("0HM", c[2])};
}

struct reading {
  struct free_text *out;
  struct arena *arena;
  struct buf joined; /* the last run, as soon as it is of several components */
  bool open;         /* the last line goes on */
};

static struct free_run *last_run(struct reading *r) {
  struct free_line *l = r->out->lines.n ? &r->out->lines.v[r->out->lines.n - 1] : NULL;
  return l && l->runs.n ? &l->runs.v[l->runs.n - 1] : NULL;
}

static void end_run(struct reading *r) {
  if (!r->joined.n) return;
  last_run(r)->text = arena_str(r->arena, buf_str(&r->joined));
  buf_clear(&r->joined);
}

static struct free_line *line_for(struct reading *r, const struct node *n, struct format f) {
  struct free_line *last = r->out->lines.n ? &r->out->lines.v[r->out->lines.n - 1] : NULL;
  if (r->open && last->align == f.align) return last;
  end_run(r);
  VEC_PUSH(r->arena, &r->out->lines, ((struct free_line){.align = f.align, .node = n}));
  r->open = false;
  return &r->out->lines.v[r->out->lines.n - 1];
}

static void join(struct reading *r, struct free_run *run, struct str text) {
  if (!r->joined.n) buf_add(&r->joined, run->text);
  buf_add(&r->joined, text);
}

static void add_run(struct reading *r, struct free_line *l, struct str text, const struct node *n, struct format f) {
  struct free_run *last = l->runs.n ? &l->runs.v[l->runs.n - 1] : NULL;
  if (!text.n) return;
  if (last && last->font == f.font && last->style == f.style) {
    join(r, last, text);
    return;
  }
  end_run(r);
  VEC_PUSH(r->arena, &l->runs, ((struct free_run){text, f.font, f.style, n}));
}

/* What goes on is never an empty line: there, '.' is a full stop. */
static void read_component(struct reading *r, const struct node *n, struct format f) {
  struct free_line *l = line_for(r, n, f);
  struct str text = n->text;
  bool goes_on = str_ends(text, STR("\\"));
  if (goes_on) text = str_sub(text, 0, text.n - 1);
  if (r->open || !str_eqz(text, ".") || goes_on) add_run(r, l, text, n, f);
  r->open = goes_on;
}

static const struct node *last_filled(const struct node *list) {
  const struct node *last = NULL;
  for (NODE_EACH(c, list))
    if (c->text.n) last = c;
  return last;
}

static void read_segment(struct reading *r, const struct node *ftx) {
  const struct node *text = edifact_element(ftx, 4, 0);
  struct format f = format_of(ftx);
  if (!text) return;
  if (text->kind != NODE_ARRAY) {
    if (text->text.n) read_component(r, text, f);
    return;
  }
  const struct node *last = last_filled(text);
  for (const struct node *c = last ? text->first : NULL; c; c = c == last ? NULL : c->next) read_component(r, c, f);
}

/* In the first component of the elements 1 to n. */
static bool is_alike(const struct node *x, const struct node *y, size_t n) {
  bool same = str_eq(x->name, y->name);
  for (size_t e = 1; same && e <= n; e++) same = str_eq(edifact_text(x, e, 1), edifact_text(y, e, 1));
  return same;
}

static const struct node *read_alike(struct free_text *out, struct arena *a, const struct node *ftx, size_t elements) {
  struct reading r = {.out = out, .arena = a};
  *out = (struct free_text){0};
  buf_init(&r.joined, TEXT_MAX);
  const struct node *n = ftx;
  for (; n && is_alike(n, ftx, elements); n = n->next) read_segment(&r, n);
  end_run(&r);
  buf_release(&r.joined);
  return n;
}

const struct node *free_text_read(struct free_text *out, struct arena *a, const struct node *ftx) {
  return read_alike(out, a, ftx, 1);
}

const struct node *free_text_read_format(struct free_text *out, struct arena *a, const struct node *ftx) {
  return read_alike(out, a, ftx, 2);
}

/* ---- writing ---- */

struct writing {
  struct arena *arena;
  struct node *parent, *text; /* text: the element of the FTX that is being filled; NULL: none */
  struct str code;
  struct format format;
  size_t segments;
};

static struct node *add_string(struct writing *w, struct node *parent, struct str text) {
  struct node *n = node_new(w->arena, NODE_STRING);
  n->text = text;
  node_append(parent, n);
  return n;
}

static void begin_segment(struct writing *w, struct format f) {
  struct node *ftx = node_new(w->arena, NODE_SEGMENT);
  ftx->name = STR("FTX");
  node_append(w->parent, ftx);
  add_string(w, ftx, w->code);
  add_string(w, ftx, arena_printf(w->arena, "%c%c%c", f.font, f.style, f.align));
  add_string(w, ftx, (struct str){0});
  w->text = node_new(w->arena, NODE_ARRAY);
  node_append(ftx, w->text);
  w->format = f;
  w->segments++;
}

static bool same_format(struct format x, struct format y) {
  return x.font == y.font && x.style == y.style && x.align == y.align;
}

static void put_component(struct writing *w, struct format f, struct str text) {
  if (!w->text || w->text->count == FREE_TEXT_COMPONENTS || !same_format(w->format, f)) begin_segment(w, f);
  add_string(w, w->text, text);
}

/* Not by printf: a text may hold any character. */
static struct str with_behind(struct writing *w, struct str text, char c) {
  char *p = arena_alloc(w->arena, text.n + 1);
  memcpy(p, text.p, text.n);
  p[text.n] = c;
  return (struct str){p, text.n + 1};
}

static void put_part(struct writing *w, struct format f, struct str text, bool goes_on) {
  put_component(w, f, goes_on ? with_behind(w, text, '\\') : text);
}

/* Bytes of the first n characters. */
static size_t bytes_of(struct str s, size_t n) {
  size_t at = 0;
  uint32_t cp;
  for (; n && at < s.n; n--) {
    size_t length = utf8_decode(s, at, &cp);
    at += length ? length : 1;
  }
  return at;
}

/* Behind the last white space, so that it stays before the '\'; where there is none, hard (legacy.md 3.5). */
static size_t wrap_at(struct str s) {
  size_t most = bytes_of(s, FREE_TEXT_WIDTH - 1), at = most;
  while (at > 0 && !str_is_blank(s.p[at - 1])) at--;
  return at > WRAP_LEAST + 1 ? at : most;
}

static void put_run(struct writing *w, struct format f, struct str text, bool goes_on) {
  while (bytes_of(text, FREE_TEXT_WIDTH - 1) < text.n) {
    size_t at = wrap_at(text);
    put_part(w, f, str_sub(text, 0, at), true);
    text = str_sub(text, at, text.n);
  }
  put_part(w, f, text, goes_on);
}

static size_t filled_runs(const struct free_line *l) {
  size_t n = 0;
  for (size_t i = 0; i < l->runs.n; i++) n += l->runs.v[i].text.n > 0;
  return n;
}

/* What would mean something else gets a blank behind. */
static struct str as_written(struct writing *w, struct str text, bool alone, bool last) {
  bool changes = (alone && str_eqz(text, ".")) || (last && str_ends(text, STR("\\")));
  return changes ? with_behind(w, text, ' ') : text;
}

static void put_line(struct writing *w, const struct free_line *l) {
  struct format f = {'P', '0', l->align};
  size_t left = filled_runs(l);
  bool alone = left == 1;
  if (!left) put_component(w, f, STR("."));
  for (size_t i = 0; i < l->runs.n; i++) {
    const struct free_run *run = &l->runs.v[i];
    if (!run->text.n) continue;
    f.font = run->font;
    f.style = run->style;
    left--;
    put_run(w, f, as_written(w, run->text, alone, !left), left > 0);
  }
}

size_t free_text_write(struct node *parent, struct arena *a, struct str code, const struct free_text *t) {
  struct writing w = {.arena = a, .parent = parent, .code = code};
  for (size_t i = 0; i < t->lines.n; i++) put_line(&w, &t->lines.v[i]);
  return w.segments;
}

/* ---- plain ---- */

static void add_line(struct free_text *t, struct arena *a, struct str line) {
  struct free_line l = {.align = '0'};
  if (line.n) VEC_PUSH(a, &l.runs, ((struct free_run){line, 'P', '0', NULL}));
  VEC_PUSH(a, &t->lines, l);
}

void free_text_add(struct free_text *t, struct arena *a, struct str text) {
  struct str rest = text;
  for (bool last = false; !last;) {
    struct str line = str_cut(&rest, '\n');
    last = line.p + line.n == text.p + text.n;
    if (str_ends(line, STR("\r"))) line.n--;
    add_line(t, a, line);
  }
}

static void put_plain(struct buf *b, const struct free_line *l) {
  for (size_t i = 0; i < l->runs.n; i++) buf_add(b, l->runs.v[i].text);
}

struct str free_line_plain(struct arena *a, const struct free_line *l) {
  struct buf b;
  buf_init(&b, TEXT_MAX);
  put_plain(&b, l);
  return buf_take(&b, a);
}

struct str free_text_plain(struct arena *a, const struct free_text *t) {
  struct buf b;
  buf_init(&b, TEXT_MAX);
  for (size_t i = 0; i < t->lines.n; i++) {
    if (i) buf_byte(&b, '\n');
    put_plain(&b, &t->lines.v[i]);
  }
  return buf_take(&b, a);
}
