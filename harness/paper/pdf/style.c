#include "paper/pdf/style.h"

#define HEX(r, g, b)                                                                                                   \
  { (r) / 255.0, (g) / 255.0, (b) / 255.0 }

const struct colour ink_colours[INKS_N] = {
    [INK_TEXT] = HEX(0x1b, 0x1f, 0x24), [INK_MUTED] = HEX(0x55, 0x5d, 0x66), [INK_LINK] = HEX(0x0b, 0x4f, 0x8a),
    [INK_OK] = HEX(0x17, 0x63, 0x2f),   [INK_FAIL] = HEX(0xa8, 0x12, 0x1f),  [INK_MAYBE] = HEX(0x7a, 0x4b, 0x00),
    [INK_TOOL] = HEX(0x6a, 0x23, 0x86), [INK_WAIT] = HEX(0x1d, 0x57, 0x91)};

const struct colour fill_colours[FILLS_N] = {[FILL_SOFT] = HEX(0xf0, 0xf2, 0xf5),
                                             [FILL_SUB] = HEX(0xfa, 0xfb, 0xfc),
                                             [FILL_FAIL] = HEX(0xfd, 0xf2, 0xf2),
                                             [FILL_WARN] = HEX(0xff, 0xf6, 0xe5),
                                             [FILL_OFF] = HEX(0xf6, 0xf7, 0xf8)};

const struct colour line_colour = HEX(0xb8, 0xbf, 0xc7);

static const struct paper across = {842, 595, 40, 48, 45, 9, false, true},
                          upright = {595, 842, 72, 76, 72, 11, true, false};

const struct paper *style_paper(const struct sheet_node *root) {
  const struct sheet_node *body = sheet_find(root, "body");
  return body && sheet_has_class(body, "upright") ? &upright : &across;
}

double paper_text_width(const struct paper *p) {
  return p->width - 2 * p->side;
}

double paper_text_height(const struct paper *p) {
  return p->height - p->top - p->bottom;
}

/* A rule is for an element, or (with a dot) for a class, or (with a hash) for an id. Sizes of 0 and colours of INK_TEXT
 * leave what was. */
static const struct ink_rule {
  const char *name;
  double size;
  bool bold, thin, mono;
  enum ink_name colour;
} ink_rules[] = {
    {"h1", 20, true, false, false, INK_TEXT},         {"h2", 13, true, false, false, INK_TEXT},
    {"h3", 10.5, true, false, false, INK_TEXT},       {"h4", 9.5, true, false, false, INK_TEXT},
    {"th", 0, true, false, false, INK_TEXT},          {"b", 0, true, false, false, INK_TEXT},
    {"strong", 0, true, false, false, INK_TEXT},      {"summary", 0, true, false, false, INK_TEXT},
    {"dt", 0, false, true, false, INK_MUTED},         {"code", 7.5, false, false, true, INK_TEXT},
    {".steps", 8, false, false, false, INK_TEXT},     {".sub", 7.5, false, true, false, INK_TEXT},
    {".kind", 10, true, false, false, INK_MUTED},     {".lead", 11, false, false, false, INK_TEXT},
    {".why", 0, true, false, false, INK_TEXT},        {".big", 15, false, false, false, INK_TEXT},
    {".small", 8, false, false, false, INK_MUTED},    {".muted", 0, false, false, false, INK_MUTED},
    {".mono", 7.5, false, false, true, INK_TEXT},     {".listing", 6.5, false, false, true, INK_TEXT},
    {".badge", 0, true, false, false, INK_TEXT},      {".v-pass", 0, false, false, false, INK_OK},
    {".v-fail", 0, false, false, false, INK_FAIL},    {".v-inconclusive", 0, false, false, false, INK_MAYBE},
    {".v-error", 0, false, false, false, INK_TOOL},   {".v-waiting", 0, false, false, false, INK_WAIT},
    {".v-none", 0, false, false, false, INK_MUTED},   {".v-not-applicable", 0, false, false, false, INK_MUTED},
    {".tag", 7, false, true, false, INK_MUTED},       {".warn", 0, true, false, false, INK_MAYBE},
    {".word", 6.5, false, true, true, INK_MUTED},     {".step-link", 0, true, false, false, INK_LINK},
    {".chip", 0, false, false, false, INK_LINK},      {".said", 0, true, false, false, INK_TEXT},
    {".source", 7.5, false, false, false, INK_MUTED}, {".demanded", 7.5, false, false, false, INK_MUTED},
    {".path", 0, false, false, false, INK_MUTED},     {".grand", 36, true, false, false, INK_LINK},
    {".named", 19, true, false, false, INK_TEXT},     {".granted", 28, true, false, false, INK_OK},
    {".pen", 8.5, false, false, false, INK_MUTED},
};

static const struct shape_rule {
  const char *name;
  struct shape shape;
} shape_rules[] = {
    {"h1", {.before = 4, .after = 6, .keep = true, .outline = 1}},
    {"h2", {.before = 20, .after = 8, .keep = true, .ruled = true, .outline = 1}},
    {"h3", {.before = 14, .after = 5, .keep = true, .outline = 2}},
    {"h4", {.before = 8, .after = 4, .keep = true}},
    {"p", {.before = 3, .after = 4}},
    {".intro", {.before = 3, .after = 4, .keep = true}},
    {"ul", {.before = 3, .after = 4}},
    {"li", {.left = 10, .before = 1, .after = 1}},
    {"dl", {.before = 2, .after = 6}},
    {"dd", {.before = 1}},
    {"table", {.before = 3, .after = 8}},
    {"summary", {.before = 4, .after = 3, .keep = true}},
    {"footer", {.before = 24}},
    {".columns", {.before = 14, .after = 4, .whole = true}},
    {".message-facts", {.whole = true}},
    {"#medcom", {.whole = true}},
    {".facts", {.whole = true}},
    {"#introduction", {.new_page = true}},
    {"#steps", {.new_page = true}},
    {"#messages", {.new_page = true}},
    {".outcome", {.before = 4, .after = 6, .pad = 8, .framed = true, .whole = true}},
    {".warning",
     {.before = 5, .after = 5, .pad = 5, .fill = FILL_WARN, .has_bar = true, .bar = INK_MAYBE, .whole = true}},
    {".findings", {.before = 2, .after = 2}},
    {".finding", {.before = 3, .after = 2, .pad = 4, .fill = FILL_OFF, .has_bar = true, .bar = INK_MUTED}},
    {".s-error", {.before = 3, .after = 2, .pad = 4, .fill = FILL_FAIL, .has_bar = true, .bar = INK_FAIL}},
    {".s-warning", {.before = 3, .after = 2, .pad = 4, .fill = FILL_WARN, .has_bar = true, .bar = INK_MAYBE}},
    {".s-undecided", {.before = 3, .after = 2, .pad = 4, .fill = FILL_WARN, .has_bar = true, .bar = INK_MAYBE}},
    {".hit", {.fill = FILL_WARN}},
    {".message", {.before = 4, .after = 6, .pad = 5, .framed = true}},
    {".listing", {.before = 3, .after = 5, .pad = 3}},
    {".excerpt", {.before = 1, .after = 2, .pad = 2, .framed = true}},
    {".reasons", {.left = 8}},
    {"figure", {.before = 12, .after = 8}},
    {"figcaption", {.after = 4, .keep = true}},
    {".grand", {.before = 8, .after = 34, .outline = 1}},
    {".named", {.before = 8, .after = 16}},
    {".granted", {.before = 10, .after = 34}},
    {".deed", {.before = 6, .after = 6}},
    {".pens", {.before = 50, .after = 44}},
    {".pen", {.whole = true}},
};

static bool rule_fits(const char *name, const struct sheet_node *n) {
  if (name[0] == '#') return str_eqz(n->id, name + 1);
  return name[0] == '.' ? sheet_has_class(n, name + 1) : sheet_is(n, name);
}

struct ink style_ink(const struct sheet_node *n, struct ink outer) {
  if (sheet_has_class(n, "outcome")) return outer; /* its colour is for the frame only */
  for (size_t i = 0; i < sizeof ink_rules / sizeof *ink_rules; i++) {
    const struct ink_rule *r = &ink_rules[i];
    if (!rule_fits(r->name, n)) continue;
    if (r->size > 0) outer.size = r->size;
    if (r->colour != INK_TEXT) outer.colour = r->colour;
    outer.bold = (outer.bold || r->bold) && !r->thin;
    outer.mono = outer.mono || r->mono;
  }
  outer.centred = outer.centred || sheet_has_class(n, "centred");
  outer.lines = outer.lines || sheet_has_class(n, "lines");
  return outer;
}

struct shape style_shape(const struct sheet_node *n) {
  struct shape out = {.before = 0};
  for (size_t i = 0; i < sizeof shape_rules / sizeof *shape_rules; i++)
    if (rule_fits(shape_rules[i].name, n)) out = shape_rules[i].shape;
  return out;
}

static bool fits_any(const struct sheet_node *n, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (rule_fits(names[i], n)) return true;
  return false;
}

bool style_is_block(const struct sheet_node *n) {
  static const char *const names[] = {"body", "header", "main", "section", "footer",     "div",     "p",
                                      "ul",   "ol",     "li",   "dl",      "dt",         "dd",      "h1",
                                      "h2",   "h3",     "h4",   "table",   "details",    "summary", "pre",
                                      "html", "svg",    "img",  "figure",  "figcaption", ".excerpt"};
  return fits_any(n, names, sizeof names / sizeof *names);
}

bool style_is_hidden(const struct sheet_node *n) {
  static const char *const names[] = {"head", "nav", "script", "style", "button", ".skip", ".all", "footer"};
  return fits_any(n, names, sizeof names / sizeof *names);
}
