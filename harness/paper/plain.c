#include "paper/plain_int.h"

#include "base/utf8.h"

#define TEXT_MAX ((size_t)256 << 20)
#define TERM_WIDTH 30 /* the names of facts */

/* Where somebody is to write something. */
static const char blank[] = "______________________________";

void plain_pad(struct plain *p, size_t n, char c) {
  for (size_t i = 0; i < n; i++) buf_byte(p->out, c);
}

/* --- text ------------------------------------------------------------------------- */

static void add_word_break(struct buf *b) {
  if (b->n && b->p[b->n - 1] != ' ') buf_byte(b, ' ');
}

static void add_text(struct buf *b, const struct sheet_node *n);

static void add_marked(struct buf *b, const struct sheet_node *n, char open, char close) {
  add_word_break(b);
  buf_byte(b, open);
  size_t from = b->n;
  for (SHEET_EACH(c, n)) add_text(b, c);
  while (b->n > from && b->p[b->n - 1] == ' ') b->n--;
  buf_byte(b, close);
  buf_byte(b, ' ');
}

static void add_text(struct buf *b, const struct sheet_node *n) {
  if (sheet_has_class(n, "tag")) {
    add_marked(b, n, '[', ']');
    return;
  }
  if (sheet_has_class(n, "word")) {
    add_marked(b, n, '(', ')');
    return;
  }
  if (sheet_has_class(n, "box")) add_word_break(b);
  for (size_t i = 0; i < n->text.n; i++) {
    if (str_is_blank(n->text.p[i]))
      add_word_break(b);
    else
      buf_byte(b, n->text.p[i]);
  }
  for (SHEET_EACH(c, n)) add_text(b, c);
}

struct str plain_text(struct plain *p, const struct sheet_node *n) {
  struct buf b;
  buf_init(&b, TEXT_MAX);
  add_text(&b, n);
  return str_trim(buf_take(&b, p->a));
}

/* Bytes of the first `width` characters. */
static size_t bytes_of(struct str s, size_t width) {
  size_t at = 0;
  for (size_t n = 0; at < s.n && n < width; n++) {
    uint32_t cp;
    size_t len = utf8_decode(s, at, &cp);
    at += len ? len : 1;
  }
  return at;
}

struct str plain_cut(struct str *rest, size_t width) {
  size_t fits = bytes_of(*rest, width), at = fits;
  if (fits < rest->n)
    while (at && rest->p[at] != ' ') at--;
  if (at == 0) at = fits;
  if (at == 0) at = rest->n;
  struct str line = str_trim(str_sub(*rest, 0, at));
  *rest = str_trim(str_sub(*rest, at, rest->n));
  return line;
}

void plain_fold(struct plain *p, struct str text, struct plain_fold f) {
  while (text.n) {
    struct str line = plain_cut(&text, f.right - f.left);
    if (f.at > f.left) {
      buf_byte(p->out, '\n');
      f.at = 0;
    }
    plain_pad(p, f.left - f.at, ' ');
    buf_add(p->out, line);
    f.at = f.left + utf8_length(line);
    if (text.n) f.at = f.right + 1;
  }
}

static void put_text(struct plain *p, struct str text, size_t left) {
  if (!text.n) return;
  plain_fold(p, text, (struct plain_fold){left, p->width, 0});
  buf_byte(p->out, '\n');
}

/* --- blocks ------------------------------------------------------------------------ */

static void put_blocks(struct plain *p, const struct sheet_node *n);

static void put_heading(struct plain *p, const struct sheet_node *n, char line) {
  struct str text = plain_text(p, n);
  size_t width = utf8_length(text);
  if (!str_ends(buf_str(p->out), STR("\n\n"))) buf_byte(p->out, '\n');
  put_text(p, text, 0);
  if (line) {
    plain_pad(p, width < p->width ? width : p->width, line);
    buf_byte(p->out, '\n');
  }
  buf_byte(p->out, '\n');
}

static void put_h1(struct plain *p, const struct sheet_node *n) {
  put_heading(p, n, '=');
}

static void put_h2(struct plain *p, const struct sheet_node *n) {
  put_heading(p, n, '-');
}

static void put_h3(struct plain *p, const struct sheet_node *n) {
  put_heading(p, n, 0);
}

static void put_paragraph(struct plain *p, const struct sheet_node *n) {
  put_text(p, plain_text(p, n), 0);
}

static void put_item(struct plain *p, const struct sheet_node *n) {
  buf_addz(p->out, "- ");
  plain_fold(p, plain_text(p, n), (struct plain_fold){2, p->width, 2});
  buf_byte(p->out, '\n');
}

/* dt and dd, in a div of their own. */
static void put_fact(struct plain *p, const struct sheet_node *n) {
  const struct sheet_node *dt = sheet_find(n, "dt"), *dd = sheet_find(n, "dd");
  struct str term = dt ? plain_text(p, dt) : STR(""), value = dd ? plain_text(p, dd) : STR("");
  size_t width = utf8_length(term);
  if (!value.n) value = str_sub(str_z(blank), 0, p->width - TERM_WIDTH);
  buf_add(p->out, term);
  if (width >= TERM_WIDTH) width = p->width; /* the value goes on a line of its own */
  plain_fold(p, value, (struct plain_fold){TERM_WIDTH, p->width, width});
  buf_byte(p->out, '\n');
}

static void put_facts(struct plain *p, const struct sheet_node *n) {
  for (SHEET_EACH(c, n)) put_fact(p, c);
}

static void put_nothing(struct plain *p, const struct sheet_node *n) {
  (void)p;
  (void)n;
}

static const struct {
  const char *element;
  void (*put)(struct plain *p, const struct sheet_node *n);
} blocks[] = {{"head", put_nothing}, {"nav", put_nothing},  {"script", put_nothing}, {"button", put_nothing},
              {"h1", put_h1},        {"h2", put_h2},        {"h3", put_h3},          {"h4", put_h3},
              {"p", put_paragraph},  {"li", put_item},      {"dl", put_facts},       {"table", plain_table},
              {"a", put_nothing},    {"pre", put_paragraph}};

static void put_blocks(struct plain *p, const struct sheet_node *n) {
  for (SHEET_EACH(c, n)) {
    size_t i = 0;
    while (i < sizeof blocks / sizeof *blocks && !sheet_is(c, blocks[i].element)) i++;
    if (i < sizeof blocks / sizeof *blocks)
      blocks[i].put(p, c);
    else if (c->element.n)
      put_blocks(p, c);
    else
      put_text(p, str_trim(c->text), 0);
  }
}

void plain_write(struct buf *out, const struct sheet_node *root, size_t width) {
  struct plain p = {.out = out, .a = arena_new(0), .width = width};
  put_blocks(&p, root);
  arena_free(p.a);
}
