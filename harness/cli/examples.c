#include "cli/examples.h"

#include "base/base64.h"
#include "base/file.h"
#include "envelope/envelope.h"

#define TABLE_MAX ((size_t)1 << 20)
#define BASE_MAX ((size_t)1 << 20)
#define LINES_AROUND 1
#define LINE_SHOWN ((size_t)160)
#define FOLDER "fixtures/examples/"

/* --- reading --------------------------------------------------------------------------- */

static int digit_of(char c) {
  static const char digits[] = "0123456789ABCDEF";
  size_t at = str_index(str_z(digits), c);
  return at == SIZE_MAX ? -1 : (int)at;
}

/* The byte that an escape stands for, and where it ends: \n, \r, \t and \\ as in C, \xF8 two digits in capitals. */
static char escaped(struct str s, size_t *at) {
  char c = s.p[(*at)++];
  if (c == 'x' && *at + 2 <= s.n && digit_of(s.p[*at]) >= 0 && digit_of(s.p[*at + 1]) >= 0) {
    c = (char)(digit_of(s.p[*at]) * 16 + digit_of(s.p[*at + 1]));
    *at += 2;
    return c;
  }
  return (char)(c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c);
}

/* A row is a line of UTF-8, what it stands for any bytes. */
static struct str unescape(struct arena *a, struct str s) {
  char *out = arena_z(a, s);
  size_t n = 0;
  for (size_t i = 0; i < s.n;) {
    char c = s.p[i++];
    out[n++] = c == '\\' && i < s.n ? escaped(s, &i) : c;
  }
  return (struct str){out, n};
}

static const struct {
  const char *column, *word;
} hows[] = {[EXAMPLE_ALONE] = {"", ""},
            [EXAMPLE_ANSWERS] = {"answers", "answers"},
            [EXAMPLE_ANSWERED] = {"answered", "answered by"},
            [EXAMPLE_AFTER] = {"after", "after"},
            [EXAMPLE_WITH] = {"with", "with"}};

const char *example_how_word(enum example_how how) {
  return hows[how].word;
}

static enum example_how how_of(struct str word) {
  for (size_t i = 1; i < sizeof hows / sizeof *hows; i++)
    if (str_eqz(word, hows[i].column)) return (enum example_how)i;
  return EXAMPLE_ALONE;
}

/* A level, and a word and the file beside it; "-" may be left out where these stand. */
static int read_how(struct example *ex, struct str column) {
  struct str word = str_cut(&column, ' ');
  ex->how = how_of(word);
  ex->level = ex->how == EXAMPLE_ALONE ? word : STR("-");
  if (ex->how == EXAMPLE_ALONE) ex->how = how_of(str_cut(&column, ' '));
  ex->beside = column;
  bool right = ex->how == EXAMPLE_ALONE ? !column.n : file_name_is_inside(column);
  return right ? 0 : -1;
}

static int add_example(struct examples *x, struct str row) {
  struct arena *a = x->cli->arena;
  struct example ex;
  ex.rule = str_cut(&row, '\t');
  ex.base = str_cut(&row, '\t');
  struct str payload = ex.base;
  ex.file = str_cut(&payload, '#');
  int bad = read_how(&ex, str_cut(&row, '\t'));
  ex.find = unescape(a, str_cut(&row, '\t'));
  ex.replace = unescape(a, row);
  if (bad || !ex.find.n || !file_name_is_inside(ex.file) || (payload.n && !str_eqz(payload, "payload"))) return -1;
  VEC_PUSH(a, &x->list, ex);
  return 0;
}

static int add_judged(struct examples *x, struct str row) {
  struct judged j;
  j.begins = str_cut(&row, '\t');
  j.how.en = str_cut(&row, '\t');
  j.how.da = row;
  if (!j.how.da.n) return -1;
  VEC_PUSH(x->cli->arena, &x->judged, j);
  return 0;
}

static int read_table(struct examples *x, const char *name, int (*add)(struct examples *, struct str),
                      struct error *e) {
  char *path = file_join(x->cli->arena, x->folder, name);
  struct str rest;
  if (file_read(&rest, x->cli->arena, path, TABLE_MAX, e) < 0) return -1;
  for (int line = 1; rest.n; line++) {
    struct str row = str_cut(&rest, '\n');
    if (row.n && row.p[0] != '#' && add(x, row) < 0)
      return error_at(e, ERR_SYNTAX, str_z(path), line, 0, "a column is missing, or wrong");
  }
  return 0;
}

int examples_open(struct examples *x, struct cli *c, struct error *e) {
  *x = (struct examples){.cli = c};
  if (file_data_dir(&x->data, c->arena, e) < 0) return -1;
  x->folder = file_join(c->arena, x->data, "fixtures/examples");
  letter_shelf_init(&x->letters, c->arena, NULL);
  return read_table(x, "examples.tsv", add_example, e) < 0 ? -1 : read_table(x, "judged.tsv", add_judged, e);
}

const struct example *examples_of(const struct examples *x, struct str rule) {
  for (size_t i = 0; i < x->list.n; i++)
    if (str_eq(x->list.v[i].rule, rule)) return &x->list.v[i];
  return NULL;
}

const struct said *examples_judged(const struct examples *x, struct str rule) {
  const struct judged *best = NULL;
  for (size_t i = 0; i < x->judged.n; i++) {
    const struct judged *j = &x->judged.v[i];
    if (str_starts(rule, j->begins) && (!best || j->begins.n > best->begins.n)) best = j;
  }
  return best ? &best->how : NULL;
}

/* --- the pair -------------------------------------------------------------------------- */

int examples_read(struct str *out, const struct examples *x, struct str file, struct error *e) {
  struct arena *a = x->cli->arena;
  return file_read(out, a, file_join(a, x->folder, arena_z(a, file)), BASE_MAX, e);
}

static int cannot(const struct example *ex, struct error *e, const char *why) {
  return error_at(e, ERR_SYNTAX, ex->file, 0, 0, "the example of %.*s: %s", STR_F(ex->rule), why);
}

/* The only place where a piece of text stands in another; SIZE_MAX if it does not, or not just once. */
static size_t only_place(struct str s, struct str piece) {
  size_t at = str_find(s, piece, 0);
  return at == SIZE_MAX || str_find(s, piece, at + 1) != SIZE_MAX ? SIZE_MAX : at;
}

static struct str with_other(struct arena *a, struct str s, size_t at, size_t n, struct str other) {
  struct buf b;
  buf_init(&b, 2 * BASE_MAX);
  buf_add(&b, str_sub(s, 0, at));
  buf_add(&b, other);
  buf_add(&b, str_sub(s, at + n, s.n));
  return buf_take(&b, a);
}

static struct str base64_of(struct arena *a, struct str bytes) {
  struct buf b;
  buf_init(&b, 2 * BASE_MAX);
  base64_encode(&b, bytes);
  return buf_take(&b, a);
}

/* What the envelope holds; empty if it is none. */
static struct str held_by(struct arena *a, struct str bytes) {
  const struct envelope_kind *kind = envelope_sniff(bytes);
  struct envelope env = {0};
  struct findings f;
  findings_init(&f, a);
  if (!kind || kind->read(&env, a, (struct source){STR("envelope"), bytes}, &f) < 0) return (struct str){0};
  return env.payload;
}

int example_make(struct example_pair *out, const struct examples *x, const struct example *ex, struct error *e) {
  struct arena *a = x->cli->arena;
  bool within = !str_eq(ex->file, ex->base);
  if (examples_read(&out->passing, x, ex->file, e) < 0) return -1;
  out->shown_passing = within ? held_by(a, out->passing) : out->passing;
  out->at = only_place(out->shown_passing, ex->find);
  if (out->at == SIZE_MAX) return cannot(ex, e, "what it changes must stand there once");
  out->shown_failing = with_other(a, out->shown_passing, out->at, ex->find.n, ex->replace);
  out->failing = out->shown_failing;
  if (!within) return 0;
  struct str wrapped = base64_of(a, out->shown_passing);
  size_t at = only_place(out->passing, wrapped);
  if (at == SIZE_MAX) return cannot(ex, e, "the base64 of what it holds must stand there in one piece");
  out->failing = with_other(a, out->passing, at, wrapped.n, base64_of(a, out->shown_failing));
  return 0;
}

/* --- what is shown --------------------------------------------------------------------- */

static size_t line_of(struct str s, size_t at) {
  size_t n = 1;
  for (size_t i = 0; i < at && i < s.n; i++) n += s.p[i] == '\n';
  return n;
}

static void print_line(struct cli *c, size_t number, struct str line, bool marked) {
  struct str shown = cli_safe(c->arena, str_sub(line, 0, LINE_SHOWN));
  fprintf(c->out, "  %s%4zu  %.*s%s\n", marked ? "> " : "  ", number, STR_F(shown), line.n > LINE_SHOWN ? " ..." : "");
}

/* Lines from..to of a message; the one that a finding stands at is marked, and is among them. */
static void print_lines(struct cli *c, struct str s, size_t from, size_t to, size_t marked) {
  for (size_t number = 1; s.n; number++) {
    struct str line = str_cut(&s, '\n');
    if (number == marked || (number >= from && number <= to)) print_line(c, number, line, number == marked);
  }
}

static const struct finding *finding_of(const struct findings *f, struct str rule) {
  for (size_t i = 0; i < f->list.n; i++)
    if (str_eq(f->list.v[i].rule, rule)) return &f->list.v[i];
  return NULL;
}

/* Lines of the change and one before and behind. */
static void print_side(struct cli *c, const char *word, struct str s, size_t at, size_t n, size_t marked) {
  size_t from = line_of(s, at), to = line_of(s, at + (n ? n - 1 : 0));
  fprintf(c->out, "  %s\n", word);
  print_lines(c, s, from > LINES_AROUND ? from - LINES_AROUND : 1, to + LINES_AROUND, marked);
}

/* 0: it has no line in the file itself (what an envelope holds has lines of its own). */
static size_t marked_line(const struct finding *f, struct str file) {
  return f && f->where.line > 0 && str_eq(f->where.message, file) ? (size_t)f->where.line : 0;
}

static void print_head(struct cli *c, const struct example *ex) {
  fprintf(c->out, "  example  " FOLDER "%.*s", STR_F(ex->base));
  if (ex->how != EXAMPLE_ALONE) fprintf(c->out, ", %s " FOLDER "%.*s", example_how_word(ex->how), STR_F(ex->beside));
  fputc('\n', c->out);
}

/* The file is named where it is another one than that which is shown. */
static void print_found(struct cli *c, const struct finding *f, struct str file) {
  bool other = f->where.message.n && !str_eq(f->where.message, file);
  struct str name = other ? f->where.message : STR("");
  fprintf(c->out, "        %.*s%s%d:%d %s %.*s: %.*s\n", STR_F(name), other ? ":" : "", f->where.line, f->where.col,
          severity_name(f->severity), STR_F(f->rule), STR_F(c->danish ? f->da : f->en));
}

int example_print(struct examples *x, const struct example *ex, struct error *e) {
  struct cli *c = x->cli;
  struct example_pair p;
  struct findings f;
  if (example_make(&p, x, ex, e) < 0 || example_judge(&f, x, ex, p.failing, e) < 0) return -1;
  const struct finding *found = finding_of(&f, ex->rule);
  print_head(c, ex);
  print_side(c, "passes", p.shown_passing, p.at, ex->find.n, 0);
  print_side(c, "fails", p.shown_failing, p.at, ex->replace.n, marked_line(found, ex->base));
  if (found) print_found(c, found, ex->base);
  return 0;
}
