#include "base/utf8.h"
#include "formats/edifact_int.h"

/* UNA and its six characters: component, element, decimal, release, reserved, end (ISO 9735, 7.1). */
#define UNA_SIGNS 3
#define SYNTAX_BYTES_MAX 20

static const struct edifact_signs defaults = {':', '+', '.', '?', '\''};

/* ---- service characters ---- */

static bool may_be_sign(char c) {
  return c > ' ' && c < 0x7F && !ascii_is_alnum(c);
}

static bool are_distinct(const char *signs, size_t n) {
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < i; k++)
      if (signs[i] == signs[k]) return false;
  return true;
}

size_t edifact_skip_blanks(struct str s, size_t at) {
  while (at < s.n && str_is_blank(s.p[at])) at++;
  return at;
}

size_t edifact_skip_bom(struct str s) {
  return str_starts(s, STR("\xEF\xBB\xBF")) ? 3 : 0;
}

/* Where UNA stands if there is one: a byte order mark and blanks may come before it. */
static struct str from_una(struct str s) {
  return str_sub(s, edifact_skip_blanks(s, edifact_skip_bom(s)), s.n);
}

enum edifact_una edifact_una_of(struct str bytes) {
  bytes = from_una(bytes);
  if (!str_starts(bytes, STR("UNA"))) return EDIFACT_UNA_NONE;
  if (bytes.n < EDIFACT_UNA_BYTES) return EDIFACT_UNA_BAD;
  const char *una = bytes.p + UNA_SIGNS, separators[] = {una[0], una[1], una[5], una[3]};
  bool releases = una[3] != ' ';
  for (size_t i = 0; i < 3 + (size_t)releases; i++)
    if (!may_be_sign(separators[i])) return EDIFACT_UNA_BAD;
  if (!are_distinct(separators, sizeof separators)) return EDIFACT_UNA_BAD;
  return str_starts(bytes, STR("UNA:+.? '")) ? EDIFACT_UNA_USUAL : EDIFACT_UNA_OTHER;
}

struct edifact_signs edifact_signs_of(struct str s) {
  enum edifact_una una = edifact_una_of(s);
  s = from_una(s);
  if (una == EDIFACT_UNA_NONE || una == EDIFACT_UNA_BAD) return defaults;
  return (struct edifact_signs){s.p[3], s.p[4], s.p[5], s.p[6], s.p[8]};
}

/* ---- character sets ---- */

/* ISO 9735 version 3, annex A, and version 4, which has those behind UNOF. MedCom writes UNOC. */
static const struct edifact_charset charsets[] = {
    {"UNOC", EDIFACT_LATIN1, EDIFACT_CHARSET_MEDCOM}, {"UNOA", EDIFACT_CAPITALS, EDIFACT_CHARSET_OTHER},
    {"UNOB", EDIFACT_ASCII, EDIFACT_CHARSET_OTHER},   {"UNOY", EDIFACT_UTF8, EDIFACT_CHARSET_OTHER},
    {"UNOW", EDIFACT_UTF8, EDIFACT_CHARSET_OTHER},    {"UNOD", EDIFACT_LATIN1, EDIFACT_CHARSET_UNREAD},
    {"UNOE", EDIFACT_LATIN1, EDIFACT_CHARSET_UNREAD}, {"UNOF", EDIFACT_LATIN1, EDIFACT_CHARSET_UNREAD},
    {"UNOG", EDIFACT_LATIN1, EDIFACT_CHARSET_UNREAD}, {"UNOH", EDIFACT_LATIN1, EDIFACT_CHARSET_UNREAD},
    {"UNOI", EDIFACT_LATIN1, EDIFACT_CHARSET_UNREAD}, {"UNOJ", EDIFACT_LATIN1, EDIFACT_CHARSET_UNREAD},
    {"UNOK", EDIFACT_LATIN1, EDIFACT_CHARSET_UNREAD}, {"UNOX", EDIFACT_LATIN1, EDIFACT_CHARSET_UNREAD},
};

const struct edifact_charset *edifact_charset_named(struct str id) {
  for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++)
    if (str_eqz(id, charsets[i].id)) return &charsets[i];
  return NULL;
}

/* The characters of levels A and B beside letters, digits and the service characters (ISO 9735, annex A). */
static bool is_mark(char c) {
  return memchr(" .,-()/=!\"%&*;<>'+:?", c, 20) != NULL;
}

static bool is_in_set(enum edifact_coding coding, unsigned char c) {
  if (c < ' ' || c == 0x7F) return false;
  if (coding == EDIFACT_LATIN1) return c < 0x80 || c >= 0xA0;
  if (coding == EDIFACT_UTF8) return true;
  if (coding == EDIFACT_CAPITALS && c >= 'a' && c <= 'z') return false;
  return ascii_is_alnum((char)c) || is_mark((char)c);
}

void edifact_chars_init(struct edifact_chars *c, struct edifact_signs signs, struct str syntax) {
  const struct edifact_charset *set = edifact_charset_named(syntax);
  *c = (struct edifact_chars){.signs = signs, .coding = set ? set->coding : EDIFACT_LATIN1};
  for (unsigned i = 0; i < 256; i++)
    if (!is_in_set(c->coding, (unsigned char)i))
      c->class[i] = CLASS_ODD;
    else if (i >= 0x80)
      c->class[i] = CLASS_HIGH;
  c->class['\r'] = c->class['\n'] = CLASS_LINE;
  c->class[(unsigned char)signs.component] = CLASS_COMPONENT;
  c->class[(unsigned char)signs.element] = CLASS_ELEMENT;
  c->class[(unsigned char)signs.end] = CLASS_END;
  if (signs.release != ' ') c->class[(unsigned char)signs.release] = CLASS_RELEASE;
}

/* UNB+UNOC:3+...: the first component of the first element. */
static struct str syntax_of(struct str s, const struct edifact_signs *signs) {
  s = from_una(s);
  size_t at = edifact_skip_blanks(s, str_starts(s, STR("UNA")) ? EDIFACT_UNA_BYTES : 0);
  s = str_sub(s, at, at + SYNTAX_BYTES_MAX);
  if (!str_starts(s, STR("UNB")) || s.n < 4 || s.p[3] != signs->element) return (struct str){0};
  s = str_sub(s, 4, s.n);
  size_t n = 0;
  while (n < s.n && s.p[n] != signs->component && s.p[n] != signs->element && s.p[n] != signs->end) n++;
  return str_sub(s, 0, n);
}

void edifact_chars_of(struct edifact_chars *c, struct str bytes) {
  struct edifact_signs signs = edifact_signs_of(bytes);
  edifact_chars_init(c, signs, syntax_of(bytes, &signs));
}

/* ---- texts ---- */

struct decoder {
  struct edifact_decoded *d;
  const struct edifact_chars *c;
  struct str raw;
  char *out;
};

static void trouble(struct decoder *x, enum edifact_trouble t, size_t at) {
  if (x->d->at[t] == SIZE_MAX) x->d->at[t] = at;
}

/* A byte of ISO-8859-1 is the character of its number. */
static void put_latin(struct decoder *x, unsigned char c) {
  if (c >= 0x80) x->out[x->d->n++] = (char)(0xC0 | c >> 6);
  x->out[x->d->n++] = (char)(c < 0x80 ? c : 0x80 | (c & 0x3F));
}

static void put_all(struct decoder *x, size_t from, size_t n, bool as_utf8) {
  for (size_t i = from; i < from + n; i++)
    if (as_utf8)
      x->out[x->d->n++] = x->raw.p[i];
    else
      put_latin(x, (unsigned char)x->raw.p[i]);
}

/* UTF-8 where ISO-8859-1 was promised: letters of it are two bytes, A with tilde or circumflex and a sign, which nobody
 * writes; other leading bytes are letters that may stand before a sign, unless a byte follows that no text has. */
static bool looks_like_utf8(const char *p, size_t n) {
  if (n < 2) return false;
  if ((unsigned char)*p <= 0xC3) return true;
  for (size_t i = 1; i < n; i++)
    if ((unsigned char)p[i] < 0xA0) return true;
  return false;
}

/* A byte beyond ASCII, and those that belong to it; gives how many. */
static size_t put_high(struct decoder *x, size_t at) {
  uint32_t cp;
  size_t n = utf8_decode(x->raw, at, &cp);
  bool utf8 = x->c->coding == EDIFACT_UTF8 && n;
  if (x->c->coding != EDIFACT_UTF8 && looks_like_utf8(x->raw.p + at, n)) {
    trouble(x, TROUBLE_UTF8, at);
  } else if (!utf8) {
    n = 1;
    if (x->c->coding == EDIFACT_UTF8 || x->c->class[(unsigned char)x->raw.p[at]] == CLASS_ODD)
      trouble(x, TROUBLE_CHARACTER, at);
    else
      trouble(x, TROUBLE_LATIN, at);
  }
  put_all(x, at, n, utf8);
  return n;
}

static bool is_sign(enum edifact_class class) {
  return class >= CLASS_COMPONENT && class <= CLASS_RELEASE;
}

/* A release character frees the sign behind it, and stands before nothing else (legacy.md 3.1). */
static size_t put_released(struct decoder *x, size_t at) {
  if (at + 1 < x->raw.n && is_sign(x->c->class[(unsigned char)x->raw.p[at + 1]])) {
    put_latin(x, (unsigned char)x->raw.p[at + 1]);
    return 2;
  }
  trouble(x, TROUBLE_RELEASE, at);
  put_latin(x, (unsigned char)x->raw.p[at]);
  return 1;
}

static size_t put_character(struct decoder *x, size_t at) {
  unsigned char c = (unsigned char)x->raw.p[at];
  enum edifact_class class = x->c->class[c];
  if (class == CLASS_RELEASE) return put_released(x, at);
  if (class == CLASS_LINE) {
    trouble(x, TROUBLE_LINE, at);
    return 1;
  }
  if (c >= 0x80) return put_high(x, at);
  if (class == CLASS_ODD) trouble(x, TROUBLE_CHARACTER, at);
  x->out[x->d->n++] = (char)c;
  return 1;
}

void edifact_decode(struct edifact_decoded *d, char *out, const struct edifact_chars *c, struct str raw) {
  struct decoder x = {d, c, raw, out};
  d->n = 0;
  for (size_t i = 0; i < TROUBLES_N; i++) d->at[i] = SIZE_MAX;
  for (size_t at = 0; at < raw.n;) at += put_character(&x, at);
}
