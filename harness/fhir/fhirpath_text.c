/* Regular expressions (N1 5.6.9 to 5.6.11, PCRE2 with limits), and the encodings of N1 2.1. */
#include "base/base64.h"
#include "base/utf8.h"
#include "fhir/fhirpath_functions.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#define MATCH_LIMIT 2000000
#define MATCH_HEAP_KB 20000

/* What one use of a regular expression holds, to be released together. */
struct regex {
  pcre2_code *code;
  pcre2_match_data *data;
  pcre2_match_context *limits;
};

static void regex_release(struct regex *r) {
  pcre2_match_data_free(r->data);
  pcre2_match_context_free(r->limits);
  pcre2_code_free(r->code);
}

static int regex_init(struct regex *r, struct fp_eval *ev, struct str pattern, uint32_t options) {
  int code;
  PCRE2_SIZE at;
  PCRE2_UCHAR text[200];
  memset(r, 0, sizeof *r);
  PCRE2_SPTR p = (PCRE2_SPTR)(pattern.n ? pattern.p : "");
  r->code = pcre2_compile(p, pattern.n, PCRE2_UTF | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C | options, &code, &at, NULL);
  if (!r->code) {
    pcre2_get_error_message(code, text, sizeof text);
    return fp_error(ev, ERR_SYNTAX, "bad regular expression: %s", (const char *)text);
  }
  r->data = pcre2_match_data_create_from_pattern(r->code, NULL);
  r->limits = pcre2_match_context_create(NULL);
  if (!r->data || !r->limits) BUG("out of memory");
  pcre2_set_match_limit(r->limits, MATCH_LIMIT);
  pcre2_set_heap_limit(r->limits, MATCH_HEAP_KB);
  return 0;
}

/* 1 and the place of the match, 0 none, -1 a limit is reached. */
static int regex_find(struct regex *r, struct fp_eval *ev, struct str s, size_t from, uint32_t options) {
  int rc = pcre2_match(r->code, (PCRE2_SPTR)(s.n ? s.p : ""), s.n, from, options, r->data, r->limits);
  if (rc == PCRE2_ERROR_NOMATCH) return 0;
  if (rc < 0) return fp_error(ev, ERR_LIMIT, "the regular expression takes too long on this text");
  return 1;
}

/* The flags i and m of matches() in N1 2.1. */
static int read_flags(struct fp_call *c, size_t i, uint32_t *options) {
  struct str flags = {0};
  *options = 0;
  if (c->node->args_n <= i) return 0;
  if (fp_arg_string(c, i, &flags) < 0) return -1;
  for (size_t k = 0; k < flags.n; k++) *options |= flags.p[k] == 'i' ? PCRE2_CASELESS : PCRE2_MULTILINE;
  return 0;
}

static int matches(struct fp_call *c, uint32_t whole) {
  struct str s, pattern;
  uint32_t options;
  struct regex r;
  int there = fp_input_string(c, &s);
  if (there < 0) return -1;
  int given = fp_arg_string(c, 0, &pattern);
  if (given < 0 || read_flags(c, 1, &options)) return -1;
  if (!there || !given) return 0;
  if (regex_init(&r, c->ev, pattern, options | (whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0))) return -1;
  int found = regex_find(&r, c->ev, s, 0, 0);
  regex_release(&r);
  return found < 0 ? -1 : fp_put_bool(c->ev, c->out, found);
}

int fp_fn_matches(struct fp_call *c) {
  return matches(c, false);
}

int fp_fn_matches_full(struct fp_call *c) {
  return matches(c, true);
}

/* The number of the group that "$1" or "${name}" at s.p[i] stands for, or -1; *end is behind it. */
static int group_at(const struct regex *r, struct fp_eval *ev, struct str with, size_t i, size_t *end) {
  if (with.p[i] != '$' || i + 1 >= with.n) return -1;
  char c = with.p[i + 1];
  *end = i + 2;
  if (c >= '0' && c <= '9') return c - '0';
  size_t close = str_find(with, STR("}"), i);
  if (c != '{' || close == SIZE_MAX) return -1;
  *end = close + 1;
  return pcre2_substring_number_from_name(r->code, (PCRE2_SPTR)arena_z(ev->a, str_sub(with, i + 2, close)));
}

static void add_replacement(struct buf *b, const struct regex *r, struct fp_eval *ev, struct str s, struct str with) {
  const PCRE2_SIZE *place = pcre2_get_ovector_pointer(r->data);
  int groups = (int)pcre2_get_ovector_count(r->data);
  for (size_t i = 0; i < with.n;) {
    size_t end = i;
    int number = group_at(r, ev, with, i, &end);
    if (number < 0 || number >= groups) {
      buf_byte(b, with.p[i++]);
      continue;
    }
    if (place[2 * number] != PCRE2_UNSET) buf_add(b, str_sub(s, place[2 * number], place[2 * number + 1]));
    i = end;
  }
}

static int replace_matches(struct fp_call *c, struct regex *r, struct str s, struct str with, struct buf *b) {
  size_t from = 0;
  while (from <= s.n && !b->full) {
    if (fp_step(c->ev)) return -1;
    int found = regex_find(r, c->ev, s, from, from ? PCRE2_NO_UTF_CHECK : 0);
    if (found < 0) return -1;
    if (!found) break;
    const PCRE2_SIZE *place = pcre2_get_ovector_pointer(r->data);
    size_t start = place[0], end = place[1];
    buf_add(b, str_sub(s, from, start));
    add_replacement(b, r, c->ev, s, with);
    from = end;
    if (start != end) continue;
    uint32_t cp; /* an empty match: one character goes over as it is */
    size_t width = end < s.n ? utf8_decode(s, end, &cp) : 1;
    buf_add(b, str_sub(s, end, end + (width ? width : 1)));
    from = end + (width ? width : 1);
  }
  if (from < s.n) buf_add(b, str_sub(s, from, s.n));
  return 0;
}

int fp_fn_replace_matches(struct fp_call *c) {
  struct str s, pattern, with;
  uint32_t options;
  struct regex r;
  int there = fp_input_string(c, &s);
  if (there < 0) return -1;
  int given = fp_arg_string(c, 0, &pattern), second = given < 0 ? -1 : fp_arg_string(c, 1, &with);
  if (second < 0 || read_flags(c, 2, &options)) return -1;
  if (!there || !given || !second) return 0;
  if (!pattern.n) return fp_put(c->ev, c->out, FHIRPATH_STRING, s);
  if (regex_init(&r, c->ev, pattern, options)) return -1;
  struct buf b;
  buf_init(&b, FHIRPATH_TEXT_MAX + 1);
  int rc = replace_matches(c, &r, s, with, &b);
  regex_release(&r);
  if (!rc) return fp_put_buf(c->ev, c->out, &b);
  buf_release(&b);
  return -1;
}

/* --- encode, decode, escape, unescape --- */

static void swap(char *p, size_t n, const char *from, const char *to) {
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; from[k]; k++)
      if (p[i] == from[k]) {
        p[i] = to[k];
        break;
      }
}

static void encode_hex(struct buf *b, struct str s) {
  for (size_t i = 0; i < s.n; i++) buf_printf(b, "%02x", (unsigned char)s.p[i]);
}

static int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool decode_hex(struct buf *b, struct str s) {
  for (size_t i = 0; i + 1 < s.n; i += 2) {
    int high = hex(s.p[i]), low = hex(s.p[i + 1]);
    if (high < 0 || low < 0) return false;
    buf_byte(b, (char)(high * 16 + low));
  }
  return s.n % 2 == 0;
}

static bool decode_base64(struct fp_eval *ev, struct buf *b, struct str s, bool url) {
  struct str bytes;
  size_t bad;
  char *text = arena_z(ev->a, s);
  if (url) swap(text, s.n, "-_", "+/");
  if (base64_decode(&bytes, ev->a, (struct str){text, s.n}, &bad)) return false;
  buf_add(b, bytes);
  return true;
}

/* Replaces what stands in column `from` of the table by the other column. */
static const char *const html_table[][2] = {
    {"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}};
static const char *const json_table[][2] = {
    {"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}, {"\r", "\\r"}, {"\t", "\\t"}};

static void translate(struct buf *b, struct str s, const char *const table[][2], size_t rows, size_t from) {
  for (size_t i = 0; i < s.n;) {
    size_t k = 0;
    struct str rest = str_sub(s, i, s.n);
    while (k < rows && !str_starts(rest, str_z(table[k][from]))) k++;
    if (k < rows) {
      buf_addz(b, table[k][1 - from]);
      i += strlen(table[k][from]);
    } else {
      buf_byte(b, s.p[i++]);
    }
  }
}

/* Input and the name of the encoding; then fn does it. */
static int with_format(struct fp_call *c, bool (*fn)(struct fp_eval *, struct buf *, struct str, struct str)) {
  struct str s, format;
  int there = fp_input_string(c, &s);
  if (there < 0) return -1;
  int given = fp_arg_string(c, 0, &format);
  if (given < 0 || !there || !given) return given < 0 ? -1 : 0;
  struct buf b;
  buf_init(&b, FHIRPATH_TEXT_MAX + 1);
  if (fn(c->ev, &b, s, format) && utf8_check(buf_str(&b)) == SIZE_MAX) return fp_put_buf(c->ev, c->out, &b);
  buf_release(&b);
  return 0;
}

static bool encode(struct fp_eval *ev, struct buf *b, struct str s, struct str format) {
  (void)ev;
  if (str_eqz(format, "hex")) {
    encode_hex(b, s);
    return true;
  }
  base64_encode(b, s);
  if (str_eqz(format, "urlbase64")) swap(b->p, b->n, "+/", "-_");
  return str_eqz(format, "base64") || str_eqz(format, "urlbase64");
}

static bool decode(struct fp_eval *ev, struct buf *b, struct str s, struct str format) {
  if (str_eqz(format, "hex")) return decode_hex(b, s);
  if (!str_eqz(format, "base64") && !str_eqz(format, "urlbase64")) return false;
  return decode_base64(ev, b, s, str_eqz(format, "urlbase64"));
}

static bool translate_format(struct buf *b, struct str s, struct str format, size_t from) {
  if (str_eqz(format, "html"))
    translate(b, s, html_table, sizeof html_table / sizeof *html_table, from);
  else if (str_eqz(format, "json"))
    translate(b, s, json_table, sizeof json_table / sizeof *json_table, from);
  else
    return false;
  return true;
}

static bool escape(struct fp_eval *ev, struct buf *b, struct str s, struct str format) {
  (void)ev;
  return translate_format(b, s, format, 0);
}

static bool unescape(struct fp_eval *ev, struct buf *b, struct str s, struct str format) {
  (void)ev;
  return translate_format(b, s, format, 1);
}

int fp_fn_encode(struct fp_call *c) {
  return with_format(c, encode);
}

int fp_fn_decode(struct fp_call *c) {
  return with_format(c, decode);
}

int fp_fn_escape(struct fp_call *c) {
  return with_format(c, escape);
}

int fp_fn_unescape(struct fp_call *c) {
  return with_format(c, unescape);
}
