#include "formats/json.h"

#include <string.h>

#include "base/utf8.h"
#include "formats/format_rules.h"
#include "formats/reader_int.h"

/* The cursor: `stray` counts the bytes since line_start that begin no character. */
struct reader {
  struct str s;
  size_t at, line_start, stray;
  int line;
  int depth;
  size_t nodes;
  struct str name;
  struct arena *arena, *scratch;
  struct findings *findings;
};

/* What a string held, found in the first pass over it. */
struct string_scan {
  struct str raw;
  size_t bad_bytes;
  bool escapes;
};

static int read_value(struct reader *r, struct node *n);

static int column(const struct reader *r) {
  return (int)(r->at - r->line_start - r->stray) + 1;
}

static struct place here(const struct reader *r, const struct node *n) {
  struct place p = {.message = r->name, .line = r->line, .col = column(r)};
  p.path = node_path_for(r->scratch, r->findings, n);
  return p;
}

static struct str found(const struct reader *r) {
  uint32_t cp = 0;
  if (r->at >= r->s.n) return STR("EOF");
  size_t n = utf8_decode(r->s, r->at, &cp);
  if (!n) return arena_printf(r->scratch, "0x%02X", (unsigned char)r->s.p[r->at]);
  if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0xFEFF) return arena_printf(r->scratch, "U+%04X", (unsigned)cp);
  return arena_printf(r->scratch, "'%.*s'", (int)n, r->s.p + r->at);
}

static int syntax(struct reader *r, const struct node *n, const char *expected) {
  FINDING(r->findings, &format_rules[JSON_SYNTAX], here(r, n), str_z(expected), found(r));
  return -1;
}

static int limit(struct reader *r, const struct node *n, struct str which) {
  FINDING(r->findings, &format_rules[JSON_LIMIT], here(r, n), which);
  return -1;
}

static int peek(const struct reader *r) {
  return r->at < r->s.n ? (unsigned char)r->s.p[r->at] : -1;
}

static void skip_blanks(struct reader *r) {
  for (; r->at < r->s.n; r->at++) {
    char c = r->s.p[r->at];
    if (c == '\n') {
      r->line++;
      r->line_start = r->at + 1;
      r->stray = 0;
    } else if (c != ' ' && c != '\t' && c != '\r') {
      return;
    }
  }
}

static bool is_digit(int c) {
  return c >= '0' && c <= '9';
}

static int digits(struct reader *r, struct node *n) {
  if (!is_digit(peek(r))) return syntax(r, n, "0-9");
  while (is_digit(peek(r))) r->at++;
  return 0;
}

static int read_number(struct reader *r, struct node *n) {
  size_t from = r->at;
  n->kind = NODE_NUMBER;
  if (peek(r) == '-') r->at++;
  if (peek(r) == '0')
    r->at++;
  else if (digits(r, n))
    return -1;
  if (peek(r) == '.') {
    r->at++;
    if (digits(r, n)) return -1;
  }
  if (peek(r) == 'e' || peek(r) == 'E') {
    r->at++;
    if (peek(r) == '+' || peek(r) == '-') r->at++;
    if (digits(r, n)) return -1;
  }
  n->text = str_sub(r->s, from, r->at);
  return 0;
}

static int read_word(struct reader *r, struct node *n) {
  static const struct {
    struct str word;
    enum node_kind kind;
  } words[] = {
      {STR_INIT("true"), NODE_BOOL},
      {STR_INIT("false"), NODE_BOOL},
      {STR_INIT("null"), NODE_NULL},
  };
  struct str rest = str_sub(r->s, r->at, r->s.n);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (!str_starts(rest, words[i].word)) continue;
    n->kind = words[i].kind;
    n->text = str_sub(rest, 0, words[i].word.n);
    r->at += n->text.n;
    return 0;
  }
  return syntax(r, n, "{ [ \" - 0-9 true false null");
}

/* Offset of the first byte at or after `at` that is not plain ASCII inside a string. */
static size_t skip_plain(struct str s, size_t at) {
  return str_skip_plain(s, at, '"', '\\');
}

static int hex_digit(int c) {
  if (is_digit(c)) return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of \uXXXX at offset `at`, or -1. */
static int32_t unicode_escape(struct str s, size_t at) {
  int32_t v = 0;
  if (at + 6 > s.n || s.p[at] != '\\' || s.p[at + 1] != 'u') return -1;
  for (size_t i = at + 2; i < at + 6; i++) {
    int h = hex_digit((unsigned char)s.p[i]);
    if (h < 0) return -1;
    v = v * 16 + h;
  }
  return v;
}

static bool is_high(int32_t v) {
  return v >= 0xD800 && v <= 0xDBFF;
}

static bool is_low(int32_t v) {
  return v >= 0xDC00 && v <= 0xDFFF;
}

/* Length of the \u escape at `at` and its character; halves give U+FFFD. */
static size_t unicode_pair(struct str s, size_t at, uint32_t *cp) {
  int32_t v = unicode_escape(s, at), low = is_high(v) ? unicode_escape(s, at + 6) : -1;
  *cp = 0xFFFD;
  if (is_high(v) && is_low(low)) {
    *cp = 0x10000 + ((uint32_t)(v - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
    return 12;
  }
  if (!is_high(v) && !is_low(v)) *cp = (uint32_t)v;
  return 6;
}

static int scan_unicode(struct reader *r, struct node *n, bool *told) {
  uint32_t cp;
  for (size_t digit = 2; digit < 6; digit++) {
    int c = r->at + digit < r->s.n ? (unsigned char)r->s.p[r->at + digit] : -1;
    if (hex_digit(c) >= 0) continue;
    r->at += digit;
    return syntax(r, n, "0-9 A-F a-f");
  }
  size_t length = unicode_pair(r->s, r->at, &cp);
  bool half = length == 6 && cp == 0xFFFD && unicode_escape(r->s, r->at) != 0xFFFD;
  if (half && !*told) FINDING(r->findings, &format_rules[JSON_SURROGATE], here(r, n), str_sub(r->s, r->at, r->at + 6));
  *told |= half;
  r->at += length;
  return 0;
}

static int scan_escape(struct reader *r, struct node *n, bool *told) {
  int c = r->at + 1 < r->s.n ? (unsigned char)r->s.p[r->at + 1] : -1;
  if (c == 'u') return scan_unicode(r, n, told);
  if (c > 0 && strchr("\"\\/bfnrt", c)) {
    r->at += 2;
    return 0;
  }
  r->at++;
  return syntax(r, n, "\" \\ / b f n r t u");
}

static void scan_beyond_ascii(struct reader *r, struct node *n, struct string_scan *scan) {
  uint32_t cp;
  size_t length = utf8_decode(r->s, r->at, &cp);
  if (!length && !scan->bad_bytes)
    FINDING(r->findings, &format_rules[JSON_UTF8], here(r, n),
            arena_printf(r->scratch, "0x%02X", (unsigned char)r->s.p[r->at]));
  scan->bad_bytes += !length;
  r->at += length ? length : 1;
  r->stray += length ? length - 1 : 0;
}

/* The first pass: finds the end of the string and all that is wrong with it. */
static int scan_string(struct reader *r, struct node *n, struct string_scan *scan) {
  bool told = false;
  size_t from = ++r->at;
  *scan = (struct string_scan){0};
  for (;;) {
    r->at = skip_plain(r->s, r->at);
    int c = peek(r);
    if (c == '"') break;
    if (c < 0x20) return syntax(r, n, c < 0 ? "\"" : "\\u0000-\\u001F");
    if (c == '\\') {
      scan->escapes = true;
      if (scan_escape(r, n, &told)) return -1;
    } else {
      scan_beyond_ascii(r, n, scan);
    }
  }
  scan->raw = str_sub(r->s, from, r->at++);
  return 0;
}

static size_t put_utf8(char *p, uint32_t cp) {
  if (cp < 0x80) {
    p[0] = (char)cp;
    return 1;
  }
  size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
  static const unsigned char heads[] = {0, 0, 0xC0, 0xE0, 0xF0};
  for (size_t i = n; i-- > 1; cp >>= 6) p[i] = (char)(0x80 | (cp & 0x3F));
  p[0] = (char)(heads[n] | cp);
  return n;
}

static char simple_escape(char c) {
  static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
  const char *at = strchr(from, c);
  return at ? to[at - from] : c;
}

/* Decodes what is not plain at raw.p[at] to p; moves both on. */
static size_t decode_one(struct str raw, size_t *at, char *p) {
  uint32_t cp;
  if (raw.p[*at] != '\\') {
    size_t n = utf8_decode(raw, *at, &cp);
    *at += n ? n : 1;
    return put_utf8(p, n ? cp : 0xFFFD);
  }
  if (raw.p[*at + 1] == 'u') {
    *at += unicode_pair(raw, *at, &cp);
    return put_utf8(p, cp);
  }
  *p = simple_escape(raw.p[*at + 1]);
  *at += 2;
  return 1;
}

/* The second pass, only where the value is not the source itself. */
static struct str decode(struct arena *a, const struct string_scan *scan) {
  struct str raw = scan->raw;
  if (!scan->escapes && !scan->bad_bytes) return raw;
  /* an escape never grows; a bad byte becomes the three of U+FFFD */
  char *p = arena_alloc(a, raw.n + 2 * scan->bad_bytes + 1);
  size_t n = 0, at = 0;
  while (at < raw.n) {
    size_t plain = skip_plain(raw, at);
    memcpy(p + n, raw.p + at, plain - at);
    n += plain - at;
    at = plain;
    if (at < raw.n) n += decode_one(raw, &at, p + n);
  }
  return (struct str){p, n};
}

static int read_string(struct reader *r, struct node *n) {
  struct string_scan scan;
  n->kind = NODE_STRING;
  if (scan_string(r, n, &scan)) return -1;
  n->text = decode(r->arena, &scan);
  return 0;
}

static struct node *add_child(struct reader *r, struct node *parent) {
  struct node *n = node_new(r->arena, NODE_NULL);
  node_append(parent, n);
  return n;
}

static int read_member(struct reader *r, struct node *object) {
  struct string_scan scan;
  if (peek(r) != '"') return syntax(r, object, object->count ? "\"" : "\" }");
  struct node *n = add_child(r, object);
  n->name_line = r->line;
  n->name_col = column(r);
  if (scan_string(r, n, &scan)) return -1;
  n->name = decode(r->arena, &scan);
  skip_blanks(r);
  if (peek(r) != ':') return syntax(r, n, ":");
  r->at++;
  return read_value(r, n);
}

static int read_item(struct reader *r, struct node *array) {
  return read_value(r, add_child(r, array));
}

/* Both kinds of list; the opening bracket is next. */
static int read_list(struct reader *r, struct node *n, char end, int (*read_one)(struct reader *, struct node *)) {
  r->at++;
  skip_blanks(r);
  if (peek(r) == end) {
    r->at++;
    return 0;
  }
  for (;;) {
    if (read_one(r, n)) return -1;
    skip_blanks(r);
    if (peek(r) == end) break;
    if (peek(r) != ',') return syntax(r, n, end == '}' ? ", }" : ", ]");
    r->at++;
    skip_blanks(r);
  }
  r->at++;
  return 0;
}

static int read_container(struct reader *r, struct node *n) {
  bool is_object = peek(r) == '{';
  n->kind = is_object ? NODE_OBJECT : NODE_ARRAY;
  if (r->depth == JSON_DEPTH_MAX) return limit(r, n, LIMIT_OF(JSON_DEPTH_MAX));
  r->depth++;
  int rc = is_object ? read_list(r, n, '}', read_member) : read_list(r, n, ']', read_item);
  r->depth--;
  if (!rc && is_object) reader_duplicates(n, r->scratch, r->name, &format_rules[JSON_DUPLICATE_KEY], r->findings);
  return rc;
}

static int read_value(struct reader *r, struct node *n) {
  skip_blanks(r);
  n->line = r->line;
  n->col = column(r);
  if (++r->nodes > JSON_NODES_MAX) return limit(r, NULL, LIMIT_OF(JSON_NODES_MAX));
  int c = peek(r);
  if (c == '"') return read_string(r, n);
  if (c == '{' || c == '[') return read_container(r, n);
  if (c == '-' || is_digit(c)) return read_number(r, n);
  return read_word(r, n);
}

static int read_text(struct reader *r, struct node *root) {
  if (str_starts(r->s, STR("\xEF\xBB\xBF"))) {
    FINDING(r->findings, &format_rules[JSON_BOM], here(r, NULL));
    r->s = str_sub(r->s, 3, r->s.n);
  }
  if (read_value(r, root)) return -1;
  skip_blanks(r);
  return r->at < r->s.n ? syntax(r, NULL, "EOF") : 0;
}

int json_read(struct node **out, struct arena *a, struct source src, struct findings *f) {
  struct reader r = {.s = src.bytes, .name = src.name, .line = 1, .arena = a, .findings = f};
  r.scratch = arena_new(0);
  struct node *root = node_new(a, NODE_NULL);
  int rc = read_text(&r, root);
  arena_free(r.scratch);
  *out = rc ? NULL : root;
  return rc;
}
