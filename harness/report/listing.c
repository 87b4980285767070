#include "report/listing_int.h"

#include "base/buf.h"
#include "base/utf8.h"

#define DECLARATION_MAX ((size_t)200)

struct cutter {
  struct listing *l;
  struct arena *a;
  const struct breaker *breaker;
  const char *end;      /* of what is shown */
  int depth, row_depth; /* after the byte looked at; of a row that begins at it */
  bool quoted;
};

/* How a syntax may be broken. `cut` looks at a byte, keeps depths and quoting, and tells whether a row may begin at it.
 */
struct breaker {
  const char *begin; /* one of these is the first byte */
  bool (*cut)(struct cutter *c, struct str line, size_t at);
};

/* A quote that an odd number of backslashes stands before belongs to the string. */
static bool is_escaped(struct str line, size_t at) {
  size_t slashes = 0;
  while (slashes < at && line.p[at - 1 - slashes] == '\\') slashes++;
  return slashes % 2 == 1;
}

static bool is_one_of(char c, const char *set) {
  return c && str_index(str_z(set), c) != SIZE_MAX;
}

static bool cut_json(struct cutter *c, struct str line, size_t at) {
  char now = line.p[at], before = at ? line.p[at - 1] : 0;
  bool was_quoted = c->quoted;
  if (now == '"' && !is_escaped(line, at)) c->quoted = !c->quoted;
  if (was_quoted) return false;
  bool closes = is_one_of(now, "}]"), after_opening = is_one_of(before, "{[");
  if (closes && c->depth > 0) c->depth--;
  c->row_depth = c->depth;
  if (is_one_of(now, "{[")) c->depth++;
  return closes ? !after_opening : after_opening || before == ',';
}

/* Only "><" is a place to break: text stays beside its tags. */
static bool cut_xml(struct cutter *c, struct str line, size_t at) {
  char now = line.p[at], next = at + 1 < line.n ? line.p[at + 1] : 0;
  if (now == '>' && at > 0 && line.p[at - 1] == '/' && c->depth > 0) c->depth--;
  if (now != '<') return false;
  if (next == '/' && c->depth > 0) c->depth--;
  c->row_depth = c->depth;
  if (next != '/' && next != '!' && next != '?') c->depth++;
  return at > 0 && line.p[at - 1] == '>';
}

/* After a segment's terminator that no release character takes back. */
static bool cut_edifact(struct cutter *c, struct str line, size_t at) {
  (void)c;
  return at > 0 && line.p[at - 1] == '\'' && (at < 2 || line.p[at - 2] != '?');
}

static const struct breaker breakers[] = {{"{[", cut_json}, {"<", cut_xml}, {"U", cut_edifact}};

static const struct breaker *breaker_for(struct str bytes) {
  struct str s = str_trim(bytes);
  if (str_starts(s, STR("\xEF\xBB\xBF"))) s = str_sub(s, 3, s.n);
  for (size_t i = 0; s.n && i < sizeof breakers / sizeof *breakers; i++)
    if (str_index(str_z(breakers[i].begin), s.p[0]) != SIZE_MAX) return &breakers[i];
  return NULL;
}

static int characters(struct str s) {
  int n = 0;
  for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
  return n;
}

static void add_row(struct cutter *c, int line, int col, int depth, struct str text) {
  struct listing *l = c->l;
  if (l->rest) return;
  if (l->rows.n >= LISTING_ROWS_MAX) {
    l->rest = (size_t)(c->end - text.p);
    l->rest_line = line;
    return;
  }
  if (depth > LISTING_DEPTH_MAX) depth = LISTING_DEPTH_MAX;
  VEC_PUSH(c->a, &l->rows, ((struct listing_row){line, col, depth, text}));
}

static void break_line(struct cutter *c, int number, struct str line) {
  size_t from = 0;
  int col = 1, depth = 0;
  c->depth = c->row_depth = 0;
  c->quoted = false;
  for (size_t at = 0; at < line.n; at++) {
    if (!c->breaker->cut(c, line, at)) continue;
    add_row(c, number, col, depth, str_sub(line, from, at));
    col += characters(str_sub(line, from, at));
    from = at;
    depth = c->row_depth;
  }
  add_row(c, number, col, depth, str_sub(line, from, line.n));
}

static void add_line(struct cutter *c, int number, struct str line) {
  if (c->breaker && line.n > LISTING_LINE_MAX) {
    break_line(c, number, line);
    return;
  }
  add_row(c, number, 1, 0, line);
}

static bool declares_latin(struct str bytes) {
  struct str declaration = str_sub(bytes, 0, str_find(bytes, STR("?>"), 0));
  struct str told = str_sub(declaration, 0, DECLARATION_MAX);
  return str_find(told, STR("ISO-8859-1"), 0) != SIZE_MAX || str_find(told, STR("windows-1252"), 0) != SIZE_MAX;
}

/* EDIFACT is ISO-8859-1, and OIOXML may say that it is: then a byte is a character. */
static struct str shown(struct arena *a, struct str bytes, const struct breaker *breaker) {
  struct buf b;
  bool letter = breaker && (breaker->cut == cut_edifact || (breaker->cut == cut_xml && declares_latin(bytes)));
  if (!letter || utf8_check(bytes) == SIZE_MAX) return bytes;
  buf_init(&b, 2 * bytes.n);
  for (size_t i = 0; i < bytes.n; i++) utf8_put(&b, (unsigned char)bytes.p[i]);
  return buf_take(&b, a);
}

void listing_init(struct listing *l, struct arena *a, struct str bytes) {
  *l = (struct listing){.bytes = bytes};
  const struct breaker *breaker = breaker_for(bytes);
  struct str rest = shown(a, bytes, breaker);
  if (!rest.n) return;
  struct cutter c = {.l = l, .a = a, .breaker = breaker, .end = rest.p + rest.n};
  for (int number = 1; rest.n && !l->rest; number++) {
    struct str line = str_cut(&rest, '\n');
    if (line.n && line.p[line.n - 1] == '\r') line.n--;
    add_line(&c, number, line);
  }
}

/* The last row that begins at or before the position. */
size_t listing_find(const struct listing *l, int line, int col) {
  if (line < 1 || l->rows.n == 0) return SIZE_MAX;
  if (col < 1) col = 1;
  size_t low = 0, high = l->rows.n;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    const struct listing_row *r = &l->rows.v[mid];
    if (r->line < line || (r->line == line && r->col <= col))
      low = mid + 1;
    else
      high = mid;
  }
  if (low == 0 || l->rows.v[low - 1].line != line) return SIZE_MAX;
  return low - 1;
}
