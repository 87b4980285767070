/* Lists of approved systems as they are published: by hand, in a spreadsheet, so that each row is looked at. */
#include "report/approval.h"

#include "base/map.h"
#include "base/utf8.h"

#define FROM "MedCom: the list of approved systems, its columns"

const struct rule approval_rules[APPROVAL_RULES_N] = {
    [APPROVAL_EMPTY] = {"approval.empty", SEV_ERROR, FROM, "the column \"{1}\" is empty; the row is kept out",
                        "kolonnen \"{1}\" er tom; rækken er udeladt"},
    [APPROVAL_WORD] = {"approval.word", SEV_ERROR, FROM,
                       "\"{2}\" in the column \"{1}\" is none of: {3}; the row is kept out",
                       "\"{2}\" i kolonnen \"{1}\" er ingen af: {3}; rækken er udeladt"},
    [APPROVAL_BROKEN] = {"approval.broken", SEV_ERROR, "RFC 4180 section 2",
                         "text stands behind a closing quote, so that the cells of the row are not certain; it is kept "
                         "out",
                         "der står tekst efter et afsluttende anførselstegn, så rækkens celler er uvisse; den er "
                         "udeladt"},
    [APPROVAL_TWICE] = {"approval.twice", SEV_WARNING, FROM, "the row stands in line {1} already; it counts once",
                        "rækken står allerede i linje {1}; den tæller én gang"},
    [APPROVAL_CONTRADICTS] = {"approval.contradicts", SEV_ERROR, FROM,
                              "line {1} says \"{2}\" of the same system, standard and channel, this one \"{3}\"; both "
                              "are kept out",
                              "linje {1} siger \"{2}\" om samme system, standard og kanal, denne \"{3}\"; begge er "
                              "udeladt"},
    [APPROVAL_NO_COLUMN] = {"approval.no-column", SEV_INFO, FROM, "the column \"{1}\" is not read",
                            "kolonnen \"{1}\" læses ikke"},
    [APPROVAL_WINDOWS] = {"approval.windows", SEV_INFO, "Unicode", "the file is no UTF-8: it is read as Windows-1252",
                          "filen er ikke UTF-8: den læses som Windows-1252"},
};

static const char *const channels[] = {"Sende", "Modtage", "Webservice", NULL};
static const char *const statuses[] = {"Godkendt", "Ikke Godkendt", "Tester", "Test mangler", NULL};

/* Where a column has to be filled, and with one of which words. */
static const struct {
  bool needed;
  const char *const *words;
} demands[APPROVAL_COLUMNS] = {[APPROVAL_SYSTEM] = {.needed = true},
                               [APPROVAL_VENDOR] = {.needed = true},
                               [APPROVAL_STANDARD_ID] = {.needed = true},
                               [APPROVAL_CHANNEL] = {.needed = true, .words = channels},
                               [APPROVAL_STATUS] = {.needed = true, .words = statuses}};

struct reading {
  struct arena *arena;
  struct source src;
  struct findings *findings;
  struct approvals *out;
  size_t columns[APPROVAL_COLUMNS]; /* in the grid, plus 1 */
  struct map seen;                  /* key -> struct twin */
};

/* The rows of one key, by their number in out. */
struct twin {
  size_t row;
  bool contradicted;
};

static struct place place_of(const struct reading *r, int line, int col, struct str sheet) {
  return (struct place){.message = r->src.name, .line = line, .col = col, .path = sheet};
}

/* Blanks and line ends of any number are one blank: cells are broken by hand. */
static struct str squeezed(struct arena *a, struct str s) {
  struct str trimmed = str_trim(s);
  char *p = ARENA_ARRAY(a, char, trimmed.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < trimmed.n; i++) {
    bool blank = (unsigned char)trimmed.p[i] <= ' ';
    if (blank && n && p[n - 1] == ' ') continue;
    p[n++] = trimmed.p[i];
    if (blank) p[n - 1] = ' ';
  }
  return (struct str){p, n};
}

/* What our own CSV puts before a text that a spreadsheet would take for a formula. */
static struct str without_guard(struct str s) {
  bool guarded = s.n > 1 && s.p[0] == '\'' && memchr("=+-@", s.p[1], 4);
  return guarded ? str_sub(s, 1, s.n) : s;
}

static struct str cell_at(const struct reading *r, const struct grid_row *row, enum approval_column c) {
  size_t at = r->columns[c];
  struct str text = at && at <= row->cells.n ? row->cells.v[at - 1].text : (struct str){0};
  return without_guard(squeezed(r->arena, text));
}

static enum approval_column heading_of(struct arena *a, struct str text) {
  struct str s = utf8_check(text) == SIZE_MAX ? utf8_lower(a, squeezed(a, text)) : text;
  for (size_t c = 0; c < APPROVAL_COLUMNS; c++)
    if (str_eq(s, utf8_lower(a, str_z(approval_headings[c])))) return (enum approval_column)c;
  return str_eqz(s, "systemtype") ? APPROVAL_SYSTEM_TYPE : APPROVAL_COLUMNS;
}

/* True if the row has all headings. */
static bool read_headings(struct reading *r, const struct grid_row *row) {
  size_t named = 0;
  memset(r->columns, 0, sizeof r->columns);
  for (size_t i = 0; i < row->cells.n; i++) {
    enum approval_column c = heading_of(r->arena, row->cells.v[i].text);
    if (c == APPROVAL_COLUMNS || r->columns[c]) continue;
    r->columns[c] = i + 1;
    named++;
  }
  return named == APPROVAL_COLUMNS;
}

static void tell_others(struct reading *r, const struct grid_row *row, struct str sheet) {
  for (size_t i = 0; i < row->cells.n; i++) {
    const struct grid_cell *c = &row->cells.v[i];
    bool used = false;
    for (size_t k = 0; k < APPROVAL_COLUMNS; k++) used = used || r->columns[k] == i + 1;
    if (!used && str_trim(c->text).n)
      FINDING(r->findings, &approval_rules[APPROVAL_NO_COLUMN], place_of(r, c->line, c->col, sheet),
              squeezed(r->arena, c->text));
  }
}

static struct str listed(struct arena *a, const char *const *words) {
  struct str all = str_z(words[0]);
  for (size_t i = 1; words[i]; i++) all = arena_printf(a, "%.*s, %s", STR_F(all), words[i]);
  return all;
}

static bool check_cell(struct reading *r, struct str *cell, enum approval_column c, struct place where) {
  const char *const *words = demands[c].words;
  struct str name = str_z(approval_headings[c]);
  if (demands[c].needed && !cell->n) return FINDING(r->findings, &approval_rules[APPROVAL_EMPTY], where, name), false;
  for (size_t i = 0; words && words[i]; i++) {
    if (!str_eq_nocase(*cell, str_z(words[i]))) continue;
    *cell = str_z(words[i]);
    return true;
  }
  if (!words) return true;
  FINDING(r->findings, &approval_rules[APPROVAL_WORD], where, name, *cell, listed(r->arena, words));
  return false;
}

static bool check_row(struct reading *r, struct approval *out, const struct grid_row *row, struct str sheet) {
  bool good = !row->fault_col;
  if (!good) FINDING(r->findings, &approval_rules[APPROVAL_BROKEN], place_of(r, row->line, row->fault_col, sheet));
  for (size_t c = 0; c < APPROVAL_COLUMNS; c++) {
    size_t at = r->columns[c];
    int col = at <= row->cells.n ? row->cells.v[at - 1].col : 0, line = col ? row->cells.v[at - 1].line : row->line;
    out->cells[c] = cell_at(r, row, (enum approval_column)c);
    good = check_cell(r, &out->cells[c], (enum approval_column)c, place_of(r, line, col, sheet)) && good;
  }
  return good;
}

static struct str key_of(struct arena *a, const struct approval *x) {
  struct str key = {0};
  for (size_t c = 0; c < APPROVAL_STATUS; c++)
    if (c != APPROVAL_STANDARD) key = arena_printf(a, "%.*s%.*s\x1f", STR_F(key), STR_F(x->cells[c]));
  return utf8_check(key) == SIZE_MAX ? utf8_lower(a, key) : key;
}

/* Of two rows that say the same one is enough; of two that do not, neither can be believed. */
static void put(struct reading *r, const struct approval *x, struct place where) {
  struct str key = key_of(r->arena, x);
  struct twin *t = map_get(&r->seen, key);
  if (!t) {
    t = ARENA_NEW(r->arena, struct twin);
    t->row = r->out->rows.n;
    (void)map_set(&r->seen, key, t);
    VEC_PUSH(r->arena, &r->out->rows, *x);
    return;
  }
  const struct approval *first = &r->out->rows.v[t->row];
  struct str line = arena_printf(r->arena, "%d", first->line), said = first->cells[APPROVAL_STATUS];
  r->out->kept_out++;
  if (str_eq(said, x->cells[APPROVAL_STATUS])) {
    FINDING(r->findings, &approval_rules[APPROVAL_TWICE], where, line);
  } else {
    FINDING(r->findings, &approval_rules[APPROVAL_CONTRADICTS], where, line, said, x->cells[APPROVAL_STATUS]);
    t->contradicted = true;
  }
}

static void drop_contradicted(struct reading *r) {
  bool *gone = ARENA_ARRAY(r->arena, bool, r->out->rows.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < r->seen.n; i++) {
    const struct twin *t = r->seen.entries[i].value;
    gone[t->row] = t->contradicted;
    r->out->kept_out += t->contradicted;
  }
  for (size_t i = 0; i < r->out->rows.n; i++)
    if (!gone[i]) r->out->rows.v[n++] = r->out->rows.v[i];
  r->out->rows.n = n;
}

static bool is_blank_row(const struct grid_row *row) {
  for (size_t i = 0; i < row->cells.n; i++)
    if (str_trim(row->cells.v[i].text).n) return false;
  return true;
}

static void read_rows(struct reading *r, const struct grid *g, size_t from) {
  for (size_t i = from; i < g->rows.n; i++) {
    const struct grid_row *row = &g->rows.v[i];
    struct approval x = {.line = row->line};
    if (is_blank_row(row)) continue;
    if (check_row(r, &x, row, g->sheet))
      put(r, &x, place_of(r, row->line, 1, g->sheet));
    else
      r->out->kept_out++;
  }
  drop_contradicted(r);
}

int approvals_read(struct approvals *out, struct arena *a, struct source src, struct findings *f, struct error *e) {
  struct grids grids;
  struct reading r = {.arena = a, .src = src, .findings = f, .out = out};
  *out = (struct approvals){0};
  map_init(&r.seen, a);
  if (grid_read(&grids, a, src, e) < 0) return -1;
  if (grids.windows) FINDING(f, &approval_rules[APPROVAL_WINDOWS], place_of(&r, 0, 0, (struct str){0}));
  for (size_t s = 0; s < grids.list.n; s++) {
    const struct grid *g = &grids.list.v[s];
    for (size_t i = 0; i < g->rows.n; i++) {
      if (!read_headings(&r, &g->rows.v[i])) continue;
      tell_others(&r, &g->rows.v[i], g->sheet);
      read_rows(&r, g, i + 1);
      return 0;
    }
  }
  return error_at(e, ERR_SYNTAX, src.name, 0, 0,
                  "no row has the headings of the list of approved systems: System, Leverandør, Systemtype/Oversigt, "
                  "Standard, Standard ID (Version), Kanal, Teststatus");
}
