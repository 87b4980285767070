/* Text with its inks: one layout for all that stands in a line. */
#include "paper/pdf/build.h"

#include "base/utf8.h"

#define TEXT_MAX ((size_t)64 << 20)
#define MONO "DejaVu Sans Mono, Liberation Mono, monospace"
/* Of what was folded for a browser (long base64), so many characters are printed. */
#define FOLDED_SHOWN 60
/* Pango counts the width of a whole paragraph in 1/1024 points as an int: a longer one goes on as another. */
#define PARAGRAPH_MAX ((size_t)20000)

struct writing {
  struct build *build;
  struct buf text;
  PangoAttrList *attributes;
  VEC(struct box_link) links;
  bool keeps_lines; /* line ends stay, blanks too */
  size_t paragraph; /* where it began */
};

static void add_attribute(struct writing *w, PangoAttribute *attr, size_t from) {
  attr->start_index = (guint)from;
  attr->end_index = (guint)w->text.n;
  pango_attr_list_insert(w->attributes, attr);
}

static guint16 part(double x) {
  return (guint16)(x * 65535);
}

static void add_ink(struct writing *w, struct ink ink, size_t from) {
  struct colour c = ink_colours[ink.colour];
  if (from == w->text.n) return;
  add_attribute(w, pango_attr_size_new_absolute((int)(ink.size * PANGO_SCALE)), from);
  if (ink.bold) add_attribute(w, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from);
  if (ink.mono) add_attribute(w, pango_attr_family_new(MONO), from);
  add_attribute(w, pango_attr_insert_hyphens_new(FALSE), from);
  if (ink.colour != INK_TEXT) add_attribute(w, pango_attr_foreground_new(part(c.r), part(c.g), part(c.b)), from);
}

static bool at_line_start(const struct writing *w) {
  return !w->text.n || w->text.p[w->text.n - 1] == '\n';
}

static void add_byte(struct writing *w, char c) {
  size_t n = w->text.n - w->paragraph;
  bool is_inside = ((unsigned char)c & 0xC0) == 0x80; /* of a character */
  bool may_end = c == ' ' || (n > 2 * PARAGRAPH_MAX && !is_inside);
  if (c == '\r') return;
  if (n > PARAGRAPH_MAX && may_end) buf_byte(&w->text, '\n');
  if (at_line_start(w)) w->paragraph = w->text.n;
  if (c != ' ' || !at_line_start(w) || w->keeps_lines) buf_byte(&w->text, c);
}

/* Blanks as in HTML: a run of them is one, none at the start of a line. */
static void add_text(struct writing *w, struct str s, struct ink ink) {
  size_t from = w->text.n;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    bool is_blank = str_is_blank(c) && !w->keeps_lines && !(c == '\n' && ink.lines);
    if (is_blank && (at_line_start(w) || w->text.p[w->text.n - 1] == ' ')) continue;
    add_byte(w, is_blank ? ' ' : c);
  }
  add_ink(w, ink, from);
}

static void add_folded(struct writing *w, const struct sheet_node *n, struct ink ink) {
  struct str all = sheet_text(w->build->a, n);
  if (all.n <= FOLDED_SHOWN) {
    add_text(w, all, ink);
    return;
  }
  add_text(w, arena_printf(w->build->a, "%.*s\u2026 (%zu)", FOLDED_SHOWN, all.p, utf8_length(all)), ink);
}

/* A tag is a remark under what it belongs to; a badge and a chip stand apart from their neighbours. */
static void set_apart(struct writing *w, const struct sheet_node *n) {
  if (at_line_start(w)) return;
  bool is_under = sheet_has_class(n, "tag") && !sheet_is(n->parent, "summary");
  if (is_under || sheet_is(n, "br"))
    buf_byte(&w->text, '\n');
  else if (sheet_has_class(n, "chip") || sheet_has_class(n, "box") || (n->element.n && sheet_is(n->parent, "summary")))
    buf_addz(&w->text, "   ");
}

static void add_node(struct writing *w, const struct sheet_node *n, struct ink outer) {
  struct ink ink = n->element.n ? style_ink(n, outer) : outer;
  if (style_is_hidden(n)) return;
  set_apart(w, n);
  size_t from = w->text.n;
  if (sheet_has_class(n, "b64")) {
    add_folded(w, n, ink);
    return;
  }
  add_text(w, n->text, ink);
  for (SHEET_EACH(c, n)) add_node(w, c, ink);
  if (sheet_has_class(n, "tag")) buf_byte(&w->text, ' ');
  if (str_starts(n->href, STR("#")) && w->text.n > from)
    VEC_PUSH(w->build->a, &w->links, ((struct box_link){(int)from, (int)w->text.n, str_sub(n->href, 1, n->href.n)}));
}

static PangoLayout *layout_of(struct writing *w, bool centred) {
  PangoLayout *l = pango_layout_new(w->build->context);
  pango_layout_set_text(l, w->text.p ? w->text.p : "", (int)w->text.n);
  pango_layout_set_attributes(l, w->attributes);
  pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
  if (centred) pango_layout_set_alignment(l, PANGO_ALIGN_CENTER);
  return l;
}

static void begin(struct writing *w, struct build *b, bool keeps_lines) {
  *w = (struct writing){.build = b, .keeps_lines = keeps_lines};
  buf_init(&w->text, TEXT_MAX);
  w->attributes = pango_attr_list_new();
}

static struct box *end(struct writing *w, bool centred) {
  struct box *box = build_new(w->build, BOX_TEXT, NULL);
  box->layout = layout_of(w, centred);
  box->links.v = w->links.v;
  box->links.n = w->links.n;
  pango_attr_list_unref(w->attributes);
  buf_release(&w->text);
  return box;
}

struct box *build_text(struct build *b, const struct sheet_node *first, const struct sheet_node *stop, struct ink ink) {
  struct writing w;
  begin(&w, b, false);
  for (const struct sheet_node *n = first; n != stop; n = n->next) add_node(&w, n, ink);
  while (w.text.n && str_is_blank(w.text.p[w.text.n - 1])) w.text.n--;
  if (w.text.n) return end(&w, ink.centred);
  pango_attr_list_unref(w.attributes);
  buf_release(&w.text);
  return NULL;
}

struct box *build_plain(struct build *b, struct str text, struct ink ink) {
  struct writing w;
  begin(&w, b, true);
  add_text(&w, text, ink);
  return end(&w, false);
}
