#include "cli/examples.h"

#include "base/file.h"
#include "cli/packages.h"

#define TABLE_MAX ((size_t)1 << 20)
#define BASE_MAX ((size_t)1 << 20)
#define LINES_AROUND 1
#define LINE_SHOWN ((size_t)160)

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

static int add_example(struct examples *x, struct str row) {
  struct arena *a = x->cli->arena;
  struct example ex;
  ex.rule = str_cut(&row, '\t');
  ex.base = str_cut(&row, '\t');
  ex.level = str_cut(&row, '\t');
  ex.with = (struct str){0};
  if (str_starts(ex.level, STR("+"))) {
    ex.with = str_sub(ex.level, 1, ex.level.n);
    ex.level = STR("-");
    if (!file_name_is_inside(ex.with)) return -1;
  }
  ex.find = unescape(a, str_cut(&row, '\t'));
  ex.replace = unescape(a, row);
  if (!ex.find.n || !file_name_is_inside(ex.base)) return -1;
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
      return error_at(e, ERR_SYNTAX, str_z(path), line, 0, "a column is missing");
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

int example_make(struct example_pair *out, const struct examples *x, const struct example *ex, struct error *e) {
  struct arena *a = x->cli->arena;
  struct buf b;
  char *path = file_join(a, x->folder, arena_z(a, ex->base));
  if (file_read(&out->passing, a, path, BASE_MAX, e) < 0) return -1;
  out->at = str_find(out->passing, ex->find, 0);
  if (out->at == SIZE_MAX || str_find(out->passing, ex->find, out->at + 1) != SIZE_MAX)
    return error_at(e, ERR_SYNTAX, str_z(path), 0, 0, "the example of %.*s: what it changes must stand there once",
                    STR_F(ex->rule));
  buf_init(&b, 2 * BASE_MAX);
  buf_add(&b, str_sub(out->passing, 0, out->at));
  buf_add(&b, ex->replace);
  buf_add(&b, str_sub(out->passing, out->at + ex->find.n, out->passing.n));
  out->failing = buf_take(&b, a);
  return 0;
}

static int open_book(struct examples_book *out, struct examples *x, struct str with, struct error *e) {
  struct arena *a = x->cli->arena;
  struct shapes *shapes;
  struct book *b = book_new(a);
  if (shapes_read(&shapes, a, x->data, e) < 0 || packages_add_standards(x->cli, b, x->data, NULL, e) < 0) return -1;
  if (with.n && book_add_file(b, file_join(a, x->folder, arena_z(a, with)), e) < 0) return -1;
  *out = (struct examples_book){with, profile_cache_new(a, b, shapes)};
  return 0;
}

/* The definitions are read once for all examples that need the same. */
static int find_book(struct profile_cache **out, struct examples *x, struct str with, struct error *e) {
  struct examples_book b;
  for (size_t i = 0; i < x->books.n; i++)
    if (str_eq(x->books.v[i].with, with)) {
      *out = x->books.v[i].cache;
      return 0;
    }
  if (open_book(&b, x, with, e) < 0) return -1;
  VEC_PUSH(x->cli->arena, &x->books, b);
  *out = b.cache;
  return 0;
}

int example_judge(struct findings *out, struct examples *x, const struct example *ex, struct str bytes,
                  struct error *e) {
  struct arena *a = x->cli->arena;
  struct message m;
  enum validate_level level;
  bool as_found = str_eqz(ex->level, "-");
  if (!as_found && !validate_level_parse(ex->level, &level))
    return error_set(e, ERR_SYNTAX, "the example of %.*s: there is no level %.*s", STR_F(ex->rule), STR_F(ex->level));
  struct profile_cache *cache = NULL;
  if (as_found && find_book(&cache, x, ex->with, e) < 0) return -1;
  findings_init(out, a);
  message_read_by(&m, a, (struct source){ex->base, bytes}, &(struct message_options){.letters = &x->letters});
  struct profile_options o = {.cache = cache, .form = m.form};
  if (as_found)
    validate_as_found(&m, &o, out);
  else
    validate_message(&m, level, NULL, out);
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

int example_print(struct examples *x, const struct example *ex, struct error *e) {
  struct cli *c = x->cli;
  struct example_pair p;
  struct findings f;
  if (example_make(&p, x, ex, e) < 0 || example_judge(&f, x, ex, p.failing, e) < 0) return -1;
  const struct finding *found = finding_of(&f, ex->rule);
  fprintf(c->out, "  example  fixtures/examples/%.*s\n", STR_F(ex->base));
  if (ex->with.n) fprintf(c->out, "  with  fixtures/examples/%.*s\n", STR_F(ex->with));
  print_side(c, "passes", p.passing, p.at, ex->find.n, 0);
  print_side(c, "fails", p.failing, p.at, ex->replace.n, marked_line(found, ex->base));
  if (!found) return 0;
  fprintf(c->out, "        %d:%d %s %.*s: %.*s\n", found->where.line, found->where.col, severity_name(found->severity),
          STR_F(found->rule), STR_F(found->en));
  return 0;
}
