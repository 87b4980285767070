/* Values: ids, times, narratives, and how a value is shown to people. */
#include "base/clock.h"
#include "base/utf8.h"
#include "diff/diff_int.h"
#include "formats/xml.h"

/* ---- ids ---- */

static bool letters(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= 'a' && s.p[i] <= 'z'))) return false;
  return s.n > 0;
}

static size_t last_slash(struct str s) {
  size_t at = SIZE_MAX;
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] == '/') at = i;
  return at;
}

/* FHIR R4 2.3.0: relative and absolute literal references, urn:uuid, #contained; a version is not part of the id. */
struct reference diff_reference_parse(struct str s) {
  struct reference r = {.id = s};
  if (str_starts(s, STR("urn:uuid:"))) return (struct reference){.id = str_sub(s, 9, s.n)};
  if (str_starts(s, STR("#"))) return (struct reference){.id = str_sub(s, 1, s.n)};
  size_t version = str_find(s, STR("/_history/"), 0);
  if (version != SIZE_MAX) s = str_sub(s, 0, version);
  size_t slash = last_slash(s);
  if (slash == SIZE_MAX) return r;
  struct str head = str_sub(s, 0, slash);
  size_t before = last_slash(head);
  struct str type = before == SIZE_MAX ? head : str_sub(head, before + 1, head.n);
  if (!letters(type) || type.p[0] > 'Z') return r;
  return (struct reference){.type = type, .id = str_sub(s, slash + 1, s.n)};
}

/* ---- times ---- */

bool diff_instant_parse(struct arena *a, struct str s, struct instant *out) {
  static const char full[] = "0000-01-01T00:00:00Z";
  bool zone;
  if (s.n == 4 || s.n == 7 || s.n == 10) {
    struct str whole = arena_printf(a, "%.*s%s", STR_F(s), full + s.n);
    *out = (struct instant){.form = (int)s.n};
    return time_parse(whole, &out->ms, &zone);
  }
  if (s.n < 16 || !time_parse(s, &out->ms, &zone)) return false;
  size_t zone_n = !zone ? 0 : (s.p[s.n - 1] == 'Z' || s.p[s.n - 1] == 'z') ? 1 : 6;
  out->form = zone ? 21 : 20;
  out->zone = str_sub(s, s.n - zone_n, s.n);
  return true;
}

/* ---- narratives ---- */

#define CANONICAL_MAX ((size_t)64 << 20)

struct canonical {
  struct arena *a;
  struct buf out;
  bool edge;  /* at the edge of a block: blanks do not show */
  bool blank; /* blanks were read that may show */
};

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* XHTML elements that stand in a line of text; all others break it. */
static bool is_inline(struct str name) {
  static const char *const names[] = {"a",    "abbr",   "acronym", "b",   "big", "bdo", "cite", "code",
                                      "dfn",  "em",     "i",       "img", "kbd", "q",   "samp", "small",
                                      "span", "strong", "sub",     "sup", "tt",  "var"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_eqz(name, names[i])) return true;
  return false;
}

static void canonical_text(struct canonical *c, struct str s) {
  for (size_t i = 0; i < s.n; i++) {
    if (is_blank(s.p[i])) {
      c->blank = true;
      continue;
    }
    if (c->blank && !c->edge) buf_byte(&c->out, ' ');
    c->blank = c->edge = false;
    buf_byte(&c->out, s.p[i]);
  }
}

static void canonical_tag(struct canonical *c, bool in_line) {
  if (in_line) return;
  c->edge = true;
  c->blank = false;
}

static bool attr_after(const struct node *x, const struct node *y) {
  int order = y ? str_cmp(x->name, y->name) : 1;
  return order > 0 || (order == 0 && str_cmp(x->ns, y->ns) > 0);
}

/* Attributes by name; the reader's XML_ATTRS_MAX keeps this small. */
static void canonical_attrs(struct canonical *c, const struct node *n) {
  const struct node *done = NULL;
  for (;;) {
    const struct node *next = NULL;
    for (const struct node *at = n->attrs; at; at = at->next)
      if (!str_eqz(at->ns, NODE_XMLNS) && attr_after(at, done) && (!next || attr_after(next, at))) next = at;
    if (!next) return;
    buf_printf(&c->out, " %.*s=\"", STR_F(next->name));
    xml_escape_attr(&c->out, next->text);
    buf_byte(&c->out, '"');
    done = next;
  }
}

static void canonical_node(struct canonical *c, const struct node *n, bool pre) {
  if (n->kind == NODE_TEXT) {
    if (pre)
      buf_add(&c->out, n->text);
    else
      canonical_text(c, n->text);
    return;
  }
  bool in_line = is_inline(n->name);
  pre = pre || str_eqz(n->name, "pre");
  canonical_tag(c, in_line);
  buf_printf(&c->out, "<%.*s", STR_F(n->name));
  canonical_attrs(c, n);
  buf_byte(&c->out, '>');
  if (pre)
    buf_add(&c->out, n->text);
  else
    canonical_text(c, n->text);
  for (NODE_EACH(child, n)) canonical_node(c, child, pre);
  canonical_tag(c, in_line);
  buf_printf(&c->out, "</%.*s>", STR_F(n->name));
}

struct str diff_narrative(struct arena *a, struct str markup) {
  struct canonical c = {.a = a, .edge = true};
  struct findings ignored;
  struct node *root;
  findings_init(&ignored, a);
  buf_init(&c.out, CANONICAL_MAX);
  /* What cannot be read (entities without a DTD, a prefix bound further up) is compared as text. */
  if (xml_read(&root, a, (struct source){STR("div"), markup}, &ignored) == 0)
    canonical_node(&c, root, false);
  else
    canonical_text(&c, markup);
  return buf_take(&c.out, a);
}

/* ---- wording ---- */

static bool is_number(struct str s, double *out) {
  size_t sign = s.n && s.p[0] == '-';
  if (s.n <= sign || s.p[sign] < '0' || s.p[sign] > '9') return false;
  if (s.n > sign + 1 && s.p[sign] == '0' && s.p[sign + 1] >= '0' && s.p[sign + 1] <= '9') return false;
  return str_double(s, out);
}

static bool same_but_blanks(struct str x, struct str y) {
  size_t i = 0, k = 0;
  for (;;) {
    while (i < x.n && is_blank(x.p[i])) i++;
    while (k < y.n && is_blank(y.p[k])) k++;
    if (i == x.n || k == y.n) return i == x.n && k == y.n;
    if (x.p[i++] != y.p[k++]) return false;
  }
}

static bool same_letters(struct arena *a, struct str x, struct str y) {
  if (utf8_check(x) != SIZE_MAX || utf8_check(y) != SIZE_MAX) return false;
  return str_eq(utf8_nfc(a, x), utf8_nfc(a, y));
}

enum diff_rule diff_value_wording(struct arena *a, struct str expected, struct str actual, bool numbers) {
  double x, y;
  struct instant e, t;
  /* Whether two literals are the same number is meant exactly here. */
  if (numbers && is_number(expected, &x) && is_number(actual, &y) && !(x < y) && !(x > y)) return DIFF_VALUE_NUMBER;
  if (diff_instant_parse(a, expected, &e) && diff_instant_parse(a, actual, &t) && e.form == t.form && e.form > 20 &&
      e.ms == t.ms)
    return str_eq(e.zone, t.zone) ? DIFF_VALUE_INSTANT : DIFF_ZONE;
  if (same_but_blanks(expected, actual)) return DIFF_VALUE_BLANKS;
  return same_letters(a, expected, actual) ? DIFF_VALUE_UNICODE : DIFF_VALUE;
}

/* ---- shown ---- */

static size_t first_difference(struct str x, struct str y) {
  size_t i = 0;
  while (i < x.n && i < y.n && x.p[i] == y.p[i]) i++;
  return i;
}

static size_t char_start(struct str s, size_t at) {
  while (at > 0 && at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80) at--;
  return at;
}

static void one_line(struct buf *out, struct str s) {
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c == '\n')
      buf_addz(out, "\\n");
    else if (c < ' ' || c == 0x7f)
      buf_printf(out, "\\x%02x", c);
    else
      buf_byte(out, s.p[i]);
  }
}

struct str diff_value_shown(struct arena *a, struct str text, struct str other) {
  size_t from = 0, to = text.n;
  if (text.n > DIFF_SHOWN_MAX) {
    size_t at = first_difference(text, other);
    from = at > DIFF_SHOWN_MAX / 3 ? char_start(text, at - DIFF_SHOWN_MAX / 3) : 0;
    if (text.n - from > DIFF_SHOWN_MAX) to = char_start(text, from + DIFF_SHOWN_MAX);
  }
  struct buf out;
  buf_init(&out, DIFF_SHOWN_MAX * 8);
  if (from) buf_addz(&out, "…");
  one_line(&out, str_sub(text, from, to));
  if (to < text.n) buf_addz(&out, "…");
  return buf_take(&out, a);
}

struct str diff_node_shown(struct arena *a, const struct node *n) {
  struct str name = n->name.n ? n->name : n->type.n ? n->type : str_z(node_kind_name(n->kind));
  const struct node *resource = n->type.n ? n : node_child(n, "resource");
  if (n->kind == NODE_ATTR) name = arena_printf(a, "@%.*s", STR_F(name));
  if (n->text.n)
    return arena_printf(a, "%.*s \"%.*s\"", STR_F(name), STR_F(diff_value_shown(a, n->text, (struct str){0})));
  if (resource && resource->type.n) return arena_printf(a, "%.*s (%.*s)", STR_F(name), STR_F(resource->type));
  return name;
}
