/* FHIRPath N1, section 2 and the grammar's lexer rules. */
#include "base/utf8.h"
#include "fhir/fhirpath_int.h"

#define EXPRESSION_MAX (1u << 20)

struct lexer {
  struct str text;
  size_t at;
  struct arena *a;
  struct error *e;
};

int fp_line(struct str expression, size_t at) {
  int line = 1, col = 1;
  utf8_position(expression, at, &line, &col);
  return line;
}

int fp_column(struct str expression, size_t at) {
  int line = 1, col = 1;
  utf8_position(expression, at, &line, &col);
  return col;
}

static char peek(const struct lexer *l, size_t ahead) {
  return l->at + ahead < l->text.n ? l->text.p[l->at + ahead] : '\0';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static struct str since(const struct lexer *l, size_t from) {
  return str_sub(l->text, from, l->at);
}

/* Blanks and comments; -1 where a comment has no end. */
static int skip_blank(struct lexer *l) {
  for (;;) {
    char c = peek(l, 0);
    if (l->at < l->text.n && (c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
      l->at++;
    } else if (c == '/' && peek(l, 1) == '/') {
      while (l->at < l->text.n && peek(l, 0) != '\n') l->at++;
    } else if (c == '/' && peek(l, 1) == '*') {
      size_t end = str_find(l->text, STR("*/"), l->at + 2);
      if (end == SIZE_MAX) return fp_fail(l->e, ERR_SYNTAX, l->text, l->at, "a comment without an end");
      l->at = end + 2;
    } else {
      return 0;
    }
  }
}

static int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* Four hex digits at the place of the lexer, or -1. */
static int read_hex4(struct lexer *l) {
  int value = 0;
  for (size_t i = 0; i < 4; i++) {
    int h = hex_value(peek(l, i));
    if (h < 0) return -1;
    value = value * 16 + h;
  }
  l->at += 4;
  return value;
}

static int read_unicode(struct lexer *l, struct buf *b) {
  size_t from = l->at;
  int high = read_hex4(l);
  uint32_t cp = (uint32_t)high;
  if (high >= 0xD800 && high < 0xDC00 && peek(l, 0) == '\\' && peek(l, 1) == 'u') {
    l->at += 2;
    int low = read_hex4(l);
    if (low >= 0xDC00 && low < 0xE000) cp = 0x10000 + (((uint32_t)high - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
  }
  if (high < 0 || (cp >= 0xD800 && cp < 0xE000))
    return fp_fail(l->e, ERR_SYNTAX, l->text, from, "\\u needs four hex digits of a character");
  utf8_put(b, cp);
  return 0;
}

static int read_escape(struct lexer *l, struct buf *b) {
  static const char from[] = "'\"`\\/fnrt", to[] = "'\"`\\/\f\n\r\t";
  char c = peek(l, 1);
  l->at += 2;
  if (c == 'u') return read_unicode(l, b);
  for (size_t i = 0; from[i]; i++)
    if (c == from[i]) {
      buf_byte(b, to[i]);
      return 0;
    }
  return fp_fail(l->e, ERR_SYNTAX, l->text, l->at - 2, "there is no escape \\%c", c > ' ' && c < 127 ? c : '?');
}

/* Text between two quotes of that kind. */
static int read_quoted(struct lexer *l, char quote, struct str *out) {
  size_t from = l->at++;
  struct buf b;
  buf_init(&b, EXPRESSION_MAX);
  while (l->at < l->text.n && peek(l, 0) != quote) {
    if (peek(l, 0) != '\\') {
      buf_byte(&b, l->text.p[l->at++]);
    } else if (read_escape(l, &b)) {
      buf_release(&b);
      return -1;
    }
  }
  *out = buf_take(&b, l->a);
  if (l->at >= l->text.n) return fp_fail(l->e, ERR_SYNTAX, l->text, from, "a %c without its end", quote);
  l->at++;
  return 0;
}

static void skip_digits(struct lexer *l) {
  while (is_digit(peek(l, 0))) l->at++;
}

static void skip_word(struct lexer *l) {
  while (is_letter(peek(l, 0)) || is_digit(peek(l, 0))) l->at++;
}

static void skip_time(struct lexer *l) {
  skip_digits(l);
  for (int i = 0; i < 2 && peek(l, 0) == ':' && is_digit(peek(l, 1)); i++) {
    l->at++;
    skip_digits(l);
  }
  if (peek(l, 0) == '.' && is_digit(peek(l, 1))) {
    l->at++;
    skip_digits(l);
  }
}

static void skip_zone(struct lexer *l) {
  if (peek(l, 0) == 'Z') {
    l->at++;
  } else if ((peek(l, 0) == '+' || peek(l, 0) == '-') && is_digit(peek(l, 1)) && is_digit(peek(l, 2)) &&
             peek(l, 3) == ':') {
    l->at += 4;
    skip_digits(l);
  }
}

/* @2015, @2015-02-04T14:34:28+10:00, @T14:30 */
static struct str read_moment(struct lexer *l) {
  size_t from = ++l->at;
  bool time_only = peek(l, 0) == 'T';
  if (!time_only) {
    skip_digits(l);
    for (int i = 0; i < 2 && peek(l, 0) == '-' && is_digit(peek(l, 1)); i++) {
      l->at++;
      skip_digits(l);
    }
  }
  if (peek(l, 0) == 'T') {
    l->at++;
    skip_time(l);
    if (!time_only) skip_zone(l);
  }
  return since(l, from);
}

static struct str read_number(struct lexer *l) {
  size_t from = l->at;
  skip_digits(l);
  if (peek(l, 0) == '.' && is_digit(peek(l, 1))) {
    l->at++;
    skip_digits(l);
  }
  return since(l, from);
}

static int read_symbol(struct lexer *l, struct str *out) {
  static const char *const symbols[] = {"!=", "!~", "<=", ">=", "(", ")", "[", "]", "{", "}", ".",
                                        ",",  "+",  "-",  "*",  "/", "&", "|", "=", "~", "<", ">"};
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    struct str s = str_z(symbols[i]);
    if (!str_starts(str_sub(l->text, l->at, l->text.n), s)) continue;
    *out = s;
    l->at += s.n;
    return 0;
  }
  char c = peek(l, 0);
  if (c > ' ' && c < 127) return fp_fail(l->e, ERR_SYNTAX, l->text, l->at, "unexpected character %c", c);
  return fp_fail(l->e, ERR_SYNTAX, l->text, l->at, "unexpected character");
}

static int read_variable(struct lexer *l, struct str *out) {
  l->at++;
  if (peek(l, 0) == '`' || peek(l, 0) == '\'') return read_quoted(l, peek(l, 0), out);
  size_t from = l->at;
  skip_word(l);
  while (peek(l, 0) == '-' && is_letter(peek(l, 1))) { /* %vs-name, %ext-name without quotes, as in N1 examples */
    struct str head = since(l, from);
    if (!str_starts(head, STR("vs")) && !str_starts(head, STR("ext"))) break;
    l->at++;
    skip_word(l);
  }
  *out = since(l, from);
  if (!out->n) return fp_fail(l->e, ERR_SYNTAX, l->text, from, "%% needs a name");
  return 0;
}

static int read_token(struct lexer *l, struct fp_token *t) {
  char c = peek(l, 0);
  t->at = l->at;
  if (is_letter(c)) {
    t->kind = FP_WORD;
    skip_word(l);
    t->text = since(l, t->at);
    return 0;
  }
  if (is_digit(c)) {
    t->kind = FP_NUMBER_T;
    t->text = read_number(l);
    return 0;
  }
  if (c == '@') {
    t->kind = FP_DATE_T;
    t->text = read_moment(l);
    return 0;
  }
  if (c == '$') {
    t->kind = FP_DOLLAR;
    l->at++;
    skip_word(l);
    t->text = since(l, t->at + 1);
    return 0;
  }
  t->kind = c == '\'' ? FP_STRING_T : c == '`' ? FP_QUOTED : c == '%' ? FP_PERCENT : FP_SYMBOL;
  if (c == '%') return read_variable(l, &t->text);
  if (c == '\'' || c == '`') return read_quoted(l, c, &t->text);
  return read_symbol(l, &t->text);
}

int fp_lex(struct fp_token **out, size_t *n, struct arena *a, struct str text, struct error *e) {
  struct lexer l = {text, 0, a, e};
  VEC(struct fp_token) tokens = {0};
  if (text.n > EXPRESSION_MAX) return error_set(e, ERR_LIMIT, "an expression of more than %u bytes", EXPRESSION_MAX);
  if (utf8_check(text) != SIZE_MAX)
    return fp_fail(e, ERR_SYNTAX, str_sub(text, 0, utf8_check(text)), utf8_check(text), "not valid UTF-8");
  for (;;) {
    if (skip_blank(&l)) return -1;
    struct fp_token t = {FP_END, {0}, l.at};
    bool end = l.at >= text.n;
    if (!end && read_token(&l, &t)) return -1;
    VEC_PUSH(a, &tokens, t);
    if (end) break;
  }
  *out = tokens.v;
  *n = tokens.n;
  return 0;
}
