/* A strip of a diagram as SVG: heads, lifelines, arrows. Whole numbers only. */
#include "report/sequence_int.h"

#define GUTTER 92 /* ids and times, left of the first lifeline */
#define EDGE 118  /* room on both sides of the outer lifelines, for half a head */
#define HEAD_WIDTH 226
#define HEAD_HEIGHT 42
#define LABEL_LEAST 320 /* a text may be wider than its arrow: nothing else is in its row */
#define HEAD_GAP 14     /* between heads */
#define ROW 46          /* an arrow and its two texts */
#define ROW_TEXT 14     /* base line of the text above it */
#define ROW_ARROW 21
#define ROW_TIME 29
#define ROW_RESULT 35
#define HEAD_FOOT 6 /* lifelines begin with some room */
#define FOOT 10     /* lifelines go on below the last arrow */
#define KEY_ROW 22
#define KEY_SAMPLE 44
#define KEY_GAP 22
#define MARGIN 6
#define TEXT_SIZE 13
#define SMALL_SIZE 11
#define TIP 9 /* length of an arrow's tip */
#define CROSS 5
#define LOOP 30 /* an arrow from a lifeline to itself */
#define LOOP_HEIGHT 12
#define LINE_GAP 6 /* between a lifeline and a text beside it */

/* --- small parts ----------------------------------------------------------------------- */

static void put_number(struct doc *d, const char *name, int value) {
  doc_attr(d, name, arena_printf(d->a, "%d", value));
}

static void put_path(struct doc *d, const char *cls, struct str data) {
  doc_open(d, "path", cls);
  doc_attr(d, "d", data);
  doc_close(d);
}

struct box {
  int x, y, width, height;
};

static void put_box(struct doc *d, const char *cls, struct box b) {
  doc_open(d, "rect", cls);
  put_number(d, "x", b.x);
  put_number(d, "y", b.y);
  put_number(d, "width", b.width);
  put_number(d, "height", b.height);
  doc_close(d);
}

void sequence_draw_text(struct doc *d, const char *cls, int x, int y, const char *anchor, struct str text) {
  if (!text.n) return;
  doc_open(d, "text", cls);
  put_number(d, "x", x);
  put_number(d, "y", y);
  html_attrz(&d->w, "text-anchor", anchor);
  doc_text(d, text);
  doc_close(d);
}

void sequence_svg_open(struct doc *d, int width, int height, struct str title, struct str about) {
  doc_open(d, "svg", "sq");
  html_attrz(&d->w, "xmlns", "http://www.w3.org/2000/svg");
  put_number(d, "width", width);
  put_number(d, "height", height);
  doc_attr(d, "viewBox", arena_printf(d->a, "0 0 %d %d", width, height));
  html_attrz(&d->w, "role", "group");
  doc_element(d, "title", NULL, title);
  doc_element(d, "desc", NULL, about);
  put_box(d, "sq-ground", (struct box){0, 0, width, height});
}

/* --- where things stand ---------------------------------------------------------------- */

static int distance(const struct sequence *s) {
  static const int by_lines[] = {460, 460, 460, 350, 290};
  return s->lines.n < sizeof by_lines / sizeof *by_lines ? by_lines[s->lines.n] : 240;
}

static int line_x(const struct sequence *s, size_t line) {
  return GUTTER + EDGE + (int)line * distance(s);
}

int sequence_width(const struct sequence *s) {
  return line_x(s, s->lines.n ? s->lines.n - 1 : 0) + EDGE + MARGIN;
}

/* --- the key --------------------------------------------------------------------------- */

static const struct key_row {
  enum sequence_mark mark;
  enum report_word word;
} key_rows[SEQUENCE_MARKS] = {
    {MARK_RELAYED, WORD_SEQUENCE_KEY_RELAYED}, {MARK_AGAIN, WORD_SEQUENCE_KEY_AGAIN},
    {MARK_REFUSED, WORD_SEQUENCE_KEY_REFUSED}, {MARK_LOST, WORD_SEQUENCE_KEY_LOST},
    {MARK_WRONG, WORD_SEQUENCE_WRONG},         {MARK_UNMATCHED, WORD_UNMATCHED},
};

static int key_item_width(const struct doc *d, const struct key_row *k) {
  return KEY_SAMPLE + LINE_GAP + sequence_text_width(str_z(doc_word(d, k->word)), SMALL_SIZE) + KEY_GAP;
}

/* Gives each row of the key that is used its place; the number of lines of it. */
static int place_key(const struct sequence *s, struct box places[SEQUENCE_MARKS]) {
  int x = MARGIN, lines = 0, most = sequence_width(s) - MARGIN;
  for (size_t i = 0; i < SEQUENCE_MARKS; i++) {
    if (!(s->marks & key_rows[i].mark)) continue;
    int width = key_item_width(s->d, &key_rows[i]);
    if (!lines || x + width - KEY_GAP > most) {
      lines++;
      x = MARGIN;
    }
    places[i] = (struct box){x, (lines - 1) * KEY_ROW, width, KEY_ROW};
    x += width;
  }
  return lines;
}

/* --- arrows ---------------------------------------------------------------------------- */

/* Of an arrow, or of a sample of one in the key: from x to x, at y. */
struct wire {
  struct doc *d;
  int from, to, y;
  unsigned marks;
};

static int way(const struct wire *w) {
  return w->from < w->to ? 1 : -1;
}

/* A class for each mark, beside those that say what it is a part of. */
static const char *classes(struct arena *a, const char *own, unsigned marks) {
  static const struct {
    unsigned mark;
    const char *cls;
  } rows[] = {{MARK_RELAYED, "sq-relayed"}, {MARK_AGAIN, "sq-again"}, {MARK_REFUSED, "sq-refused"},
              {MARK_LOST, "sq-lost"},       {MARK_WRONG, "sq-wrong"}, {MARK_UNMATCHED, "sq-unmatched"}};
  struct str out = str_z(own);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (marks & rows[i].mark) out = arena_printf(a, "%.*s %s", STR_F(out), rows[i].cls);
  return arena_z(a, out);
}

static void put_tip(const struct wire *w, int at) {
  int back = at - way(w) * TIP;
  if (w->marks & MARK_RELAYED)
    put_path(w->d, "sq-open", arena_printf(w->d->a, "M%d %dL%d %dL%d %d", back, w->y - 5, at, w->y, back, w->y + 5));
  else
    put_path(w->d, "sq-tip", arena_printf(w->d->a, "M%d %dL%d %dL%d %dZ", back, w->y - 5, at, w->y, back, w->y + 5));
}

/* What testcamp does to a service of its own goes over no wire. */
static void put_loop(struct doc *d, int x, int y, unsigned marks) {
  struct wire back = {d, .from = x + LOOP, .to = x, .y = y + LOOP_HEIGHT / 2, .marks = marks};
  put_path(d, "sq-wire", arena_printf(d->a, "M%d %dH%dV%dH%d", x, y - LOOP_HEIGHT / 2, x + LOOP, back.y, x));
  put_tip(&back, x);
}

static void put_cross(const struct wire *w, int x) {
  int l = x - CROSS, r = x + CROSS, t = w->y - CROSS, b = w->y + CROSS;
  put_path(w->d, "sq-cross", arena_printf(w->d->a, "M%d %dL%d %dM%d %dL%d %d", l, t, r, b, l, b, r, t));
}

/* What was refused comes to a wall before the lifeline. */
static void put_wall(const struct wire *w, int x) {
  put_path(w->d, "sq-wall", arena_printf(w->d->a, "M%d %dV%d", x, w->y - 8, w->y + 8));
}

/* A flag at the beginning. */
static void put_flag(const struct wire *w) {
  int x = w->from + way(w) * 12, tip = x + way(w) * 11;
  put_path(w->d, "sq-flag",
           arena_printf(w->d->a, "M%d %dV%dL%d %dL%d %d", x, w->y + 7, w->y - 10, tip, w->y - 6, x, w->y - 2));
}

/* A diamond at the beginning: it hangs on nothing. */
static void put_diamond(const struct wire *w) {
  int x = w->from + way(w) * 6, l = x - 5, r = x + 5, t = w->y - 5, b = w->y + 5;
  put_path(w->d, "sq-loose", arena_printf(w->d->a, "M%d %dL%d %dL%d %dL%d %dZ", l, w->y, x, t, r, w->y, x, b));
}

static void put_wire(const struct wire *w) {
  int end = w->to;
  if (w->marks & MARK_LOST) end = w->from + (w->to - w->from) * 7 / 8;
  if (w->marks & MARK_REFUSED) end -= way(w) * 8;
  put_path(w->d, "sq-wire", arena_printf(w->d->a, "M%d %dH%d", w->from, w->y, end));
  if (w->marks & MARK_LOST)
    put_cross(w, end);
  else
    put_tip(w, end);
  if (w->marks & MARK_AGAIN && !(w->marks & MARK_LOST)) put_tip(w, end - way(w) * TIP);
  if (w->marks & MARK_REFUSED) put_wall(w, end + way(w) * 2);
  if (w->marks & MARK_UNMATCHED) put_diamond(w);
  if (w->marks & MARK_WRONG) put_flag(w);
}

/* --- strips ---------------------------------------------------------------------------- */

static void put_head(const struct sequence *s, size_t i, int top) {
  struct doc *d = s->d;
  const struct sequence_line *line = &s->lines.v[i];
  int x = line_x(s, i), width = distance(s) - HEAD_GAP < HEAD_WIDTH ? distance(s) - HEAD_GAP : HEAD_WIDTH;
  bool ours = line->kind == LINE_HARNESS || line->kind == LINE_SERVICE || line->kind == LINE_REGISTER;
  struct str title = report_visible(d->a, line->title), role = report_visible(d->a, sequence_line_role(s, line));
  put_box(d, ours ? "sq-head sq-ours" : "sq-head", (struct box){x - width / 2, top, width, HEAD_HEIGHT});
  sequence_draw_text(d, "sq-name", x, top + 18, "middle", sequence_text_fit(d->a, title, TEXT_SIZE, width - 12));
  sequence_draw_text(d, "sq-small", x, top + 34, "middle", sequence_text_fit(d->a, role, SMALL_SIZE, width - 12));
}

/* Above and below an arrow, in its middle; at the left of one that goes nowhere. */
static void put_labels(const struct sequence *s, const struct sequence_arrow *arrow, int top) {
  struct doc *d = s->d;
  int from = line_x(s, arrow->from), to = line_x(s, arrow->to), room = from < to ? to - from : from - to;
  bool is_loop = from == to;
  const char *anchor = is_loop ? "end" : "middle";
  size_t span = from < to ? arrow->to - arrow->from : arrow->from - arrow->to;
  int at = is_loop ? from - 2 * LINE_GAP : (from + to) / 2;
  if (span && span % 2 == 0) at -= distance(s) / 2; /* the middle is a lifeline of somebody else */
  room = (is_loop ? from - GUTTER : room) - 4 * LINE_GAP;
  int least = is_loop || room > LABEL_LEAST ? room : LABEL_LEAST;
  struct str what = sequence_text_fit(d->a, arrow->what, TEXT_SIZE, least);
  if (arrow->marks & MARK_LOST) least = room * 3 / 4 - 2 * CROSS; /* up to the cross */
  struct str result = sequence_text_fit(d->a, arrow->result, SMALL_SIZE, least);
  sequence_draw_text(d, "sq-what", at, top + ROW_TEXT, anchor, what);
  sequence_draw_text(d, "sq-small", at, top + ROW_RESULT, anchor, result);
}

static void put_gutter(const struct sequence *s, const struct sequence_arrow *arrow, int top) {
  struct doc *d = s->d;
  const struct record_exchange *x = arrow->message->exchange;
  struct str id = sequence_text_fit(d->a, report_visible(d->a, x->id), TEXT_SIZE, GUTTER - MARGIN);
  sequence_draw_text(d, "sq-id", MARGIN, top + ROW_TEXT, "start", id);
  if (x->at)
    sequence_draw_text(d, "sq-small", MARGIN, top + ROW_TIME, "start", str_sub(doc_time_text(d, x->at), 11, 19));
}

static void put_arrow(const struct sequence *s, size_t i, int top, struct str page) {
  struct doc *d = s->d;
  const struct sequence_arrow *arrow = &s->arrows.v[i];
  struct str anchor = arrow->message->anchor;
  doc_open(d, "a", classes(d->a, "sq-arrow", arrow->marks));
  doc_attr(d, "href", arena_printf(d->a, "%.*s#%.*s", STR_F(page), STR_F(anchor)));
  doc_element(d, "title", NULL, sequence_told(s, arrow));
  put_box(d, "sq-hit", (struct box){1, top + 1, sequence_width(s) - 2, ROW - 2});
  put_gutter(s, arrow, top);
  put_labels(s, arrow, top);
  if (arrow->from == arrow->to)
    put_loop(d, line_x(s, arrow->to), top + ROW_ARROW, arrow->marks);
  else
    put_wire(&(struct wire){d, line_x(s, arrow->from), line_x(s, arrow->to), top + ROW_ARROW, arrow->marks});
  doc_close(d);
  html_textz(&d->w, "\n");
}

static bool is_last(const struct sequence *s, size_t strip) {
  return strip + 1 == s->strips.n;
}

/* Below the last strip. */
static void put_key(const struct sequence *s, int top) {
  struct box places[SEQUENCE_MARKS];
  if (!place_key(s, places)) return;
  for (size_t i = 0; i < SEQUENCE_MARKS; i++) {
    if (!(s->marks & key_rows[i].mark)) continue;
    int x = places[i].x, y = top + places[i].y + KEY_ROW / 2;
    doc_open(s->d, "g", classes(s->d->a, "sq-key", key_rows[i].mark));
    put_wire(&(struct wire){s->d, x, x + KEY_SAMPLE, y, key_rows[i].mark});
    struct str word = str_z(doc_word(s->d, key_rows[i].word));
    sequence_draw_text(s->d, "sq-small", x + KEY_SAMPLE + LINE_GAP, y + 4, "start", word);
    doc_close(s->d);
  }
}

static int strip_foot(const struct sequence *s, size_t strip) {
  size_t n = s->strips.v[strip].to - s->strips.v[strip].from;
  return MARGIN + HEAD_HEIGHT + HEAD_FOOT + (int)n * ROW + FOOT;
}

int sequence_strip_height(const struct sequence *s, size_t strip) {
  struct box places[SEQUENCE_MARKS];
  return strip_foot(s, strip) + MARGIN + (is_last(s, strip) ? place_key(s, places) * KEY_ROW : 0);
}

void sequence_draw_strip(const struct sequence *s, size_t strip, int top, struct str page) {
  const struct sequence_strip *k = &s->strips.v[strip];
  struct doc *d = s->d;
  int first = top + MARGIN + HEAD_HEIGHT, last = top + strip_foot(s, strip);
  int64_t at = s->arrows.v[k->from].message->exchange->at;
  for (size_t i = 0; i < s->lines.n; i++)
    put_path(d, "sq-line", arena_printf(d->a, "M%d %dV%d", line_x(s, i), first, last));
  for (size_t i = 0; i < s->lines.n; i++) put_head(s, i, top + MARGIN);
  if (at) sequence_draw_text(d, "sq-small", MARGIN, first - 8, "start", str_sub(doc_time_text(d, at), 0, 10));
  for (size_t i = k->from; i < k->to; i++) put_arrow(s, i, first + HEAD_FOOT + (int)(i - k->from) * ROW, page);
  if (is_last(s, strip)) put_key(s, last);
}

/* --- in the HTML report ---------------------------------------------------------------- */

static struct str title_of(struct doc *d, const struct record_case *c) {
  if (!c) return str_z(doc_word(d, WORD_SEQUENCE_OF_NO_CASE));
  struct str title = report_text(c->title, d->lang);
  return report_word_fill(d->a, d->lang, WORD_SEQUENCE_OF, c->id, title);
}

static struct str about(const struct sequence *s) {
  struct str names = {0};
  for (size_t i = 0; i < s->lines.n; i++)
    names = arena_printf(s->d->a, "%.*s%s%.*s", STR_F(names), i ? ", " : "", STR_F(s->lines.v[i].title));
  return report_word_fill(s->d->a, s->d->lang, WORD_SEQUENCE_ABOUT, names, (struct str){0});
}

void doc_sequence(const struct sequence_ties *t, const struct record_case *c, bool is_open) {
  struct doc *d = t->d;
  struct sequence s;
  sequence_make(&s, t, c);
  if (!s.arrows.n) return;
  doc_open(d, "details", "sequence");
  if (is_open || s.hands_on) html_attrz(&d->w, "open", ""); /* between two systems it is what people look at */
  html_open(&d->w, "summary");
  doc_text(d, report_word_fill(d->a, d->lang, c ? WORD_SEQUENCE : WORD_SEQUENCE_NO_CASE, doc_number(d, s.arrows.n),
                               (struct str){0}));
  doc_close(d);
  for (size_t i = 0; i < s.strips.n; i++) {
    doc_open(d, "div", "strip");
    sequence_svg_open(d, sequence_width(&s), sequence_strip_height(&s, i), title_of(d, c), about(&s));
    sequence_draw_strip(&s, i, 0, (struct str){0});
    doc_close(d);
    doc_close(d);
  }
  if (s.dropped)
    doc_element(d, "p", "small",
                report_word_fill(d->a, d->lang, WORD_SEQUENCE_MORE, doc_number(d, s.dropped), (struct str){0}));
  doc_close(d);
  html_textz(&d->w, "\n");
}
