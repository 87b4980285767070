#include "cli/regress_print.h"

#include "base/utf8.h"

#include <string.h>

struct str regress_short(struct str canonical) {
  size_t at = canonical.n;
  while (at > 0 && canonical.p[at - 1] != '/') at--;
  return str_sub(canonical, at, canonical.n);
}

size_t regress_count(const struct regress *r, int side, int severity) {
  size_t n = 0;
  for (size_t i = 0; i < r->inputs.n; i++) {
    const struct regress_input *in = r->inputs.v[i];
    n += in->kind != REGRESS_FAULT && (side ? in->after : in->before) == severity;
  }
  return n;
}

static size_t faults(const struct regress *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->inputs.n; i++) n += r->inputs.v[i]->kind == REGRESS_FAULT;
  return n;
}

static size_t rows_of(const struct regress *r, enum regress_change change, bool accepted) {
  size_t n = 0;
  for (size_t i = 0; i < r->rows.n; i++) n += r->rows.v[i]->change == change && !r->rows.v[i]->accepted == !accepted;
  return n;
}

static struct str names(struct arena *a, const struct strs *list, bool all, bool brief) {
  struct buf b;
  buf_init(&b, REGRESS_REPORT_MAX);
  for (size_t i = 0; i < list->n && (all || i < REGRESS_NAMES_SHOWN); i++)
    buf_printf(&b, "%s%.*s", i ? ", " : "", STR_F(brief ? regress_short(list->v[i]) : list->v[i]));
  if (!all && list->n > REGRESS_NAMES_SHOWN) buf_printf(&b, " and %zu more", list->n - REGRESS_NAMES_SHOWN);
  return buf_take(&b, a);
}

static struct str or_dash(struct str s) {
  return s.n ? s : STR("-");
}

/* On one line, as a publisher's line breaks mean nothing in an expression. */
static struct str on_one_line(struct arena *a, struct str s) {
  struct buf b;
  if (!s.n) return s;
  buf_init(&b, s.n);
  for (size_t i = 0; i < s.n; i++) {
    bool blank = s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t';
    if (!blank) buf_byte(&b, s.p[i]);
    if (blank && b.n && b.p[b.n - 1] != ' ') buf_byte(&b, ' ');
  }
  return str_trim(buf_take(&b, a));
}

/* What is shown of a value: of a long one the part in which it differs from the other. */
static struct str value(struct arena *a, struct str s, struct str other, bool all) {
  size_t from = 0;
  s = on_one_line(a, s);
  other = on_one_line(a, other);
  if (all || s.n <= REGRESS_VALUE_SHOWN) return or_dash(s);
  while (from < s.n && from < other.n && s.p[from] == other.p[from]) from++;
  from = from < REGRESS_VALUE_SHOWN - REGRESS_VALUE_LEAD ? 0 : from - REGRESS_VALUE_LEAD;
  while (from && ((unsigned char)s.p[from] & 0xc0) == 0x80) from--; /* within a character */
  struct str part = str_sub(s, from, from + REGRESS_VALUE_SHOWN);
  part.n = utf8_whole(part);
  return arena_printf(a, "%s%.*s%s", from ? "..." : "", STR_F(part), from + part.n < s.n ? "..." : "");
}

/* "MessageHeader.definition [medcom-x-1]", or what there is of it. */
static struct str where(struct arena *a, const struct regress_row *row) {
  if (!row->constraint.n) return row->element;
  return arena_printf(a, "%.*s%s[%.*s]", STR_F(row->element), row->element.n ? " " : "", STR_F(row->constraint));
}

static size_t unused(const struct regress *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->accepts.n; i++) n += r->accepts.v[i].used == 0;
  return n;
}

static struct str accept_words(struct arena *a, const struct regress_accept *x) {
  const struct str parts[] = {x->change, x->rule, x->profile, x->element, x->constraint};
  struct buf b;
  buf_init(&b, 4096);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (parts[i].n) buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_F(parts[i]));
  return buf_take(&b, a);
}

/* --- text ---------------------------------------------------------------------- */

static void text_row(struct buf *b, struct cli *c, const struct regress_row *row, bool all) {
  struct arena *a = c->arena;
  struct str place = where(a, row);
  buf_printf(b, "  %.*s  %.*s%s%.*s\n", STR_F(row->rule), STR_F(names(a, &row->profiles, all, true)),
             place.n ? "  " : "", STR_F(place));
  buf_printf(b, "      %.*s -> %.*s\n", STR_F(value(a, row->before, row->after, all)),
             STR_F(value(a, row->after, row->before, all)));
  if (row->inputs.n) buf_printf(b, "      in: %.*s\n", STR_F(names(a, &row->inputs, all, false)));
  if (row->steps.n) buf_printf(b, "      steps: %.*s\n", STR_F(names(a, &row->steps, all, false)));
  if (row->systems.n) buf_printf(b, "      systems: %.*s\n", STR_F(names(a, &row->systems, true, false)));
  if (row->accepted)
    buf_printf(b, "      agreed: %.*s%s%.*s\n", STR_F(row->accepted->reason), row->accepted->by.n ? ", " : "",
               STR_F(row->accepted->by));
}

static void text_rows(struct buf *b, struct cli *c, const struct regress *r, enum regress_change change, bool all) {
  size_t open = rows_of(r, change, false), agreed = rows_of(r, change, true);
  buf_printf(b, "\n%s: %zu", regress_change_name(change), open);
  if (agreed) buf_printf(b, " (and %zu agreed)", agreed);
  buf_addz(b, "\n");
  for (size_t i = 0; i < r->rows.n; i++) {
    const struct regress_row *row = r->rows.v[i];
    if (row->change == change && (all || !row->accepted)) text_row(b, c, row, all);
  }
}

static void write_text(struct buf *b, struct cli *c, const struct regress *r, bool all) {
  buf_printf(b, "%.*s -> %.*s: %zu messages; errors in %zu -> %zu, undecided %zu -> %zu; %zu with a seeded fault\n",
             STR_F(r->x.name), STR_F(r->y.name), r->inputs.n - faults(r), regress_count(r, 0, SEV_ERROR),
             regress_count(r, 1, SEV_ERROR), regress_count(r, 0, SEV_UNDECIDED), regress_count(r, 1, SEV_UNDECIDED),
             faults(r));
  for (int i = 0; i < REGRESS_CHANGES_N; i++) text_rows(b, c, r, (enum regress_change)i, all);
  buf_printf(b, "\nconstraints of %.*s that no step verifies: %zu\n", STR_F(r->y.name), r->gaps.n);
  for (size_t i = 0; i < r->gaps.n; i++)
    buf_printf(b, "  %.*s  %.*s %.*s\n", STR_F(r->gaps.v[i].key), STR_F(regress_short(r->gaps.v[i].profile)),
               STR_F(r->gaps.v[i].element));
  if (unused(r)) buf_printf(b, "\nagreed, but nothing of the kind changed: %zu\n", unused(r));
  for (size_t i = 0; i < r->accepts.n; i++)
    if (!r->accepts.v[i].used)
      buf_printf(b, "  line %d: %.*s\n", r->accepts.v[i].line, STR_F(accept_words(c->arena, &r->accepts.v[i])));
}

/* --- markdown ------------------------------------------------------------------ */

/* In a cell of a table: "|" would end it, and what stands in angle brackets is HTML. */
static void cell(struct buf *b, struct str s) {
  buf_addz(b, "| ");
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '|' || s.p[i] == '\\' || s.p[i] == '*' || s.p[i] == '`') buf_byte(b, '\\');
    if (s.p[i] == '<')
      buf_addz(b, "&lt;");
    else
      buf_byte(b, s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]);
  }
  buf_byte(b, ' ');
}

static void markdown_row(struct buf *b, struct cli *c, const struct regress_row *row, bool all) {
  struct arena *a = c->arena;
  const struct str cells[] = {row->rule,
                              names(a, &row->profiles, all, true),
                              where(a, row),
                              value(a, row->before, row->after, all),
                              value(a, row->after, row->before, all),
                              names(a, &row->inputs, all, false),
                              names(a, &row->steps, all, false),
                              names(a, &row->systems, true, false),
                              row->accepted ? row->accepted->reason : (struct str){0}};
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) cell(b, cells[i]);
  buf_addz(b, "|\n");
}

static void markdown_rows(struct buf *b, struct cli *c, const struct regress *r, enum regress_change change, bool all) {
  size_t open = rows_of(r, change, false), agreed = rows_of(r, change, true);
  buf_printf(b, "\n### %s: %zu, agreed: %zu\n", regress_change_name(change), open, agreed);
  if (open + agreed == 0) return;
  buf_addz(b, "\n| rule | profile | element | before | after | examples | steps | systems | agreed |\n"
              "|---|---|---|---|---|---|---|---|---|\n");
  for (size_t i = 0; i < r->rows.n; i++)
    if (r->rows.v[i]->change == change) markdown_row(b, c, r->rows.v[i], all);
}

static void write_markdown(struct buf *b, struct cli *c, const struct regress *r, bool all) {
  buf_printf(b,
             "## %.*s compared with %.*s\n\n%zu messages. With errors: %zu before, %zu after. Undecided: %zu before, "
             "%zu after. With a seeded fault besides: %zu.\n",
             STR_F(r->y.name), STR_F(r->x.name), r->inputs.n - faults(r), regress_count(r, 0, SEV_ERROR),
             regress_count(r, 1, SEV_ERROR), regress_count(r, 0, SEV_UNDECIDED), regress_count(r, 1, SEV_UNDECIDED),
             faults(r));
  for (int i = 0; i < REGRESS_CHANGES_N; i++) markdown_rows(b, c, r, (enum regress_change)i, all);
  buf_printf(b, "\n### Constraints that no step verifies: %zu\n", r->gaps.n);
  if (r->gaps.n) buf_addz(b, "\n| constraint | profile | element |\n|---|---|---|\n");
  for (size_t i = 0; i < r->gaps.n; i++) {
    cell(b, r->gaps.v[i].key);
    cell(b, regress_short(r->gaps.v[i].profile));
    cell(b, r->gaps.v[i].element);
    buf_addz(b, "|\n");
  }
  if (unused(r)) buf_printf(b, "\n### Agreed, but nothing of the kind changed: %zu\n\n", unused(r));
  for (size_t i = 0; i < r->accepts.n; i++)
    if (!r->accepts.v[i].used)
      buf_printf(b, "- line %d: %.*s\n", r->accepts.v[i].line, STR_F(accept_words(c->arena, &r->accepts.v[i])));
}

/* --- junit --------------------------------------------------------------------- */

static void attribute(struct buf *b, const char *name, struct str value) {
  buf_printf(b, " %s=\"", name);
  for (size_t i = 0; i < value.n; i++) {
    unsigned char ch = (unsigned char)value.p[i];
    if (ch == '&' || ch == '<' || ch == '>' || ch == '"')
      buf_printf(b, "&#%d;", ch);
    else
      buf_byte(b, ch < 0x20 ? ' ' : (char)ch);
  }
  buf_byte(b, '"');
}

static void junit_row(struct buf *b, struct cli *c, const struct regress_row *row, bool all) {
  struct arena *a = c->arena;
  struct str place = where(a, row);
  struct str text = arena_printf(
      a, "%.*s -> %.*s; examples: %.*s; steps: %.*s; systems: %.*s", STR_F(value(a, row->before, row->after, all)),
      STR_F(value(a, row->after, row->before, all)), STR_F(or_dash(names(a, &row->inputs, true, false))),
      STR_F(or_dash(names(a, &row->steps, true, false))), STR_F(or_dash(names(a, &row->systems, true, false))));
  buf_addz(b, "  <testcase");
  attribute(b, "classname", str_z(regress_change_name(row->change)));
  attribute(
      b, "name",
      arena_printf(a, "%.*s %.*s %.*s", STR_F(row->rule), STR_F(names(a, &row->profiles, true, true)), STR_F(place)));
  buf_addz(b, row->accepted ? "><skipped" : "><failure");
  attribute(b, "message",
            row->accepted ? arena_printf(a, "agreed: %.*s; %.*s", STR_F(row->accepted->reason), STR_F(text)) : text);
  buf_addz(b, "/></testcase>\n");
}

static bool shows_change(const struct regress *r, struct str input) {
  for (size_t i = 0; i < r->rows.n; i++)
    for (size_t k = 0; k < r->rows.v[i]->inputs.n; k++)
      if (str_eq(r->rows.v[i]->inputs.v[k], input)) return true;
  return false;
}

/* A message of which everything is as it was is a test that passed; one that could not be judged is none. */
static size_t junit_same(struct buf *b, const struct regress *r, size_t *unjudged) {
  size_t n = 0;
  *unjudged = 0;
  for (size_t i = 0; i < r->inputs.n; i++) {
    const struct regress_input *in = r->inputs.v[i];
    if (in->kind == REGRESS_FAULT || shows_change(r, in->name)) continue;
    bool undecided = in->before == SEV_UNDECIDED || in->after == SEV_UNDECIDED;
    n++;
    *unjudged += undecided;
    if (!b) continue;
    buf_addz(b, "  <testcase classname=\"unchanged\"");
    attribute(b, "name", in->name);
    buf_addz(b, undecided ? "><skipped message=\"could not be judged\"/></testcase>\n" : "/>\n");
  }
  return n;
}

static void write_junit(struct buf *b, struct cli *c, const struct regress *r, bool all) {
  size_t open = regress_open_rows(r), unjudged, same = junit_same(NULL, r, &unjudged);
  buf_addz(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite");
  attribute(b, "name", arena_printf(c->arena, "regress %.*s %.*s", STR_F(r->x.name), STR_F(r->y.name)));
  buf_printf(b, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", r->rows.n + same, open,
             r->rows.n - open + unjudged);
  for (size_t i = 0; i < r->rows.n; i++) junit_row(b, c, r->rows.v[i], all);
  junit_same(b, r, &unjudged);
  buf_addz(b, "</testsuite>\n");
}

static const struct regress_format formats[] = {
    {"text", write_text}, {"markdown", write_markdown}, {"junit", write_junit}};

const struct regress_format *regress_format_named(const char *name) {
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
    if (!strcmp(name, formats[i].name)) return &formats[i];
  return NULL;
}
