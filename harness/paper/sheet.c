#include "paper/sheet.h"

#include "base/buf.h"
#include "base/utf8.h"

#define TEXT_MAX ((size_t)256 << 20)

struct reading {
  struct arena *a;
  struct str html;
  size_t at;
  int depth;
  struct sheet_node *open; /* the innermost element */
  struct error *error;
};

static int fault(struct reading *r, const char *what) {
  return error_set(r->error, ERR_SYNTAX, "not a document of testcamp: %s at byte %zu", what, r->at);
}

static bool in_list(struct str s, const char *const *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(s, list[i])) return true;
  return false;
}

static bool is_void(struct str element) {
  static const char *const names[] = {"meta", "br", "hr", "link", "input", "img"};
  return in_list(element, names, sizeof names / sizeof *names);
}

/* Elements whose content is not text of the document. */
static bool is_foreign(struct str element) {
  static const char *const names[] = {"style", "script"};
  return in_list(element, names, sizeof names / sizeof *names);
}

/* --- text ------------------------------------------------------------------------- */

static const struct {
  struct str entity;
  char c;
} entities[] = {{STR_INIT("&amp;"), '&'},
                {STR_INIT("&lt;"), '<'},
                {STR_INIT("&gt;"), '>'},
                {STR_INIT("&quot;"), '"'},
                {STR_INIT("&#39;"), '\''}};

/* Replaces entities; false at one that our writer does not make. */
static bool decode(struct arena *a, struct str s, struct str *out) {
  struct buf b;
  *out = s;
  if (str_index(s, '&') == SIZE_MAX) return true;
  buf_init(&b, TEXT_MAX);
  while (s.n) {
    size_t i = 0, plain = str_index(s, '&');
    buf_add(&b, str_sub(s, 0, plain));
    s = str_sub(s, plain, s.n);
    if (!s.n) break;
    while (i < sizeof entities / sizeof *entities && !str_starts(s, entities[i].entity)) i++;
    if (i == sizeof entities / sizeof *entities) {
      buf_release(&b);
      return false;
    }
    buf_byte(&b, entities[i].c);
    s = str_sub(s, entities[i].entity.n, s.n);
  }
  *out = buf_take(&b, a);
  return true;
}

static struct sheet_node *add_node(struct reading *r) {
  struct sheet_node *n = ARENA_NEW(r->a, struct sheet_node);
  *n = (struct sheet_node){.parent = r->open, .colspan = 1};
  if (r->open->last)
    r->open->last->next = n;
  else
    r->open->first = n;
  r->open->last = n;
  return n;
}

static int read_text(struct reading *r) {
  size_t end = str_find(r->html, STR("<"), r->at);
  struct str raw = str_sub(r->html, r->at, end), text;
  if (!decode(r->a, raw, &text)) return fault(r, "an unknown entity");
  add_node(r)->text = text;
  r->at += raw.n;
  return 0;
}

/* --- tags ------------------------------------------------------------------------- */

static void set_drawn(struct arena *a, struct sheet_node *n, struct str name, struct str value) {
  static const struct {
    const char *name;
    size_t offset;
  } kept[] = {{"x", offsetof(struct sheet_drawn, x)},         {"y", offsetof(struct sheet_drawn, y)},
              {"width", offsetof(struct sheet_drawn, width)}, {"height", offsetof(struct sheet_drawn, height)},
              {"d", offsetof(struct sheet_drawn, path)},      {"text-anchor", offsetof(struct sheet_drawn, anchor)}};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
    if (!str_eqz(name, kept[i].name)) continue;
    if (!n->drawn) n->drawn = ARENA_NEW(a, struct sheet_drawn);
    *(struct str *)(void *)((char *)n->drawn + kept[i].offset) = value;
  }
}

static void set_attr(struct sheet_node *n, struct str name, struct str value) {
  int64_t number;
  const struct {
    const char *name;
    struct str *to;
  } kept[] = {{"class", &n->cls}, {"id", &n->id},     {"href", &n->href},
              {"src", &n->src},   {"lang", &n->lang}, {"datetime", &n->datetime}};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
    if (str_eqz(name, kept[i].name)) *kept[i].to = value;
  if (str_eqz(name, "open")) n->open = true;
  if (str_eqz(name, "colspan") && str_int(value, &number) && number > 0 && number < 1000) n->colspan = (int)number;
}

/* name="value", with a blank before it; a name alone is taken too. */
static int read_attr(struct reading *r, struct sheet_node *n) {
  struct str rest = str_sub(r->html, r->at, r->html.n), value = {0};
  size_t k = 0;
  while (k < rest.n && rest.p[k] != '=' && rest.p[k] != '>' && !str_is_blank(rest.p[k])) k++;
  struct str name = str_sub(rest, 0, k);
  r->at += k;
  if (k == 0) return fault(r, "a broken attribute");
  if (k == rest.n || rest.p[k] != '=') {
    set_attr(n, name, value);
    return 0;
  }
  size_t end = k + 1 < rest.n && rest.p[k + 1] == '"' ? str_find(rest, STR("\""), k + 2) : SIZE_MAX;
  if (end == SIZE_MAX) return fault(r, "an attribute without quotes");
  if (!decode(r->a, str_sub(rest, k + 2, end), &value)) return fault(r, "an unknown entity");
  r->at += end + 1 - k;
  set_attr(n, name, value);
  set_drawn(r->a, n, name, value);
  return 0;
}

static size_t name_length(struct str s) {
  size_t n = 0;
  while (n < s.n && (ascii_is_alnum(s.p[n]) || s.p[n] == '-')) n++;
  return n;
}

static int skip_foreign(struct reading *r, struct str element) {
  struct str end = arena_printf(r->a, "</%.*s>", STR_F(element));
  size_t at = str_find(r->html, end, r->at);
  if (at == SIZE_MAX) return fault(r, "an element without an end");
  r->at = at;
  return 0;
}

static int read_open(struct reading *r) {
  struct str rest = str_sub(r->html, r->at + 1, r->html.n);
  size_t k = name_length(rest);
  if (k == 0) return fault(r, "a broken tag");
  struct sheet_node *n = add_node(r);
  n->element = str_sub(rest, 0, k);
  r->at += 1 + k;
  for (;;) {
    while (r->at < r->html.n && str_is_blank(r->html.p[r->at])) r->at++;
    if (r->at == r->html.n) return fault(r, "a tag without an end");
    if (r->html.p[r->at] == '>') break;
    if (read_attr(r, n) < 0) return -1;
  }
  r->at++;
  if (is_void(n->element)) return 0;
  if (++r->depth > SHEET_DEPTH_MAX) return fault(r, "elements nested too deep");
  r->open = n;
  return is_foreign(n->element) ? skip_foreign(r, n->element) : 0;
}

static int read_close(struct reading *r) {
  struct str rest = str_sub(r->html, r->at + 2, r->html.n);
  size_t k = name_length(rest);
  if (k == rest.n || rest.p[k] != '>') return fault(r, "a broken tag");
  if (!r->open->parent || !str_eq(r->open->element, str_sub(rest, 0, k))) return fault(r, "a tag that closes another");
  r->open = r->open->parent;
  r->depth--;
  r->at += k + 3;
  return 0;
}

static int read_one(struct reading *r) {
  struct str rest = str_sub(r->html, r->at, r->html.n);
  if (rest.p[0] != '<') return read_text(r);
  if (str_starts(rest, STR("</"))) return read_close(r);
  if (!str_starts(rest, STR("<!"))) return read_open(r);
  size_t end = str_index(rest, '>');
  if (end == SIZE_MAX) return fault(r, "a tag without an end");
  r->at += end + 1;
  return 0;
}

int sheet_read(struct sheet_node **root, struct arena *a, struct str html, struct error *e) {
  struct reading r = {.a = a, .html = html, .error = e};
  size_t bad = utf8_check(html);
  *root = r.open = ARENA_NEW(a, struct sheet_node);
  **root = (struct sheet_node){.colspan = 1};
  if (bad != SIZE_MAX) {
    r.at = bad;
    return fault(&r, "bytes that are not UTF-8");
  }
  while (r.at < html.n)
    if (read_one(&r) < 0) return -1;
  return r.open == *root ? 0 : fault(&r, "an element without an end");
}

/* --- looking ---------------------------------------------------------------------- */

bool sheet_has_class(const struct sheet_node *n, const char *cls) {
  struct str rest = n->cls;
  while (rest.n)
    if (str_eqz(str_cut(&rest, ' '), cls)) return true;
  return false;
}

bool sheet_is(const struct sheet_node *n, const char *element) {
  return str_eqz(n->element, element);
}

const struct sheet_node *sheet_find(const struct sheet_node *n, const char *element) {
  const struct sheet_node *found = sheet_is(n, element) ? n : NULL;
  for (const struct sheet_node *c = n->first; c && !found; c = c->next) found = sheet_find(c, element);
  return found;
}

static void add_text(struct buf *b, const struct sheet_node *n) {
  for (size_t i = 0; i < n->text.n; i++) {
    char c = n->text.p[i];
    if (!str_is_blank(c))
      buf_byte(b, c);
    else if (b->n && b->p[b->n - 1] != ' ')
      buf_byte(b, ' ');
  }
  for (SHEET_EACH(c, n)) add_text(b, c);
}

struct str sheet_text(struct arena *a, const struct sheet_node *n) {
  struct buf b;
  buf_init(&b, TEXT_MAX);
  add_text(&b, n);
  return str_trim(buf_take(&b, a));
}
