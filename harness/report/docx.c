#include "report/docx.h"

#include <stdlib.h>

#include "formats/archive.h"
#include "formats/xml.h"
#include "report/docx_int.h"
#include "report/report_int.h"

#define DOCUMENT "word/document.xml"
#define HEADING_MAX 60
#define CELL_TEXT_MAX 4096 /* of a cell that is read; no number or heading is longer */

/* A change of the text: bytes from..to become text. */
struct edit {
  size_t from, to;
  struct str text;
};

struct cell {
  size_t column, span; /* where it stands in the grid */
  struct str text;
  struct docx_tag paragraph; /* the last one; to 0: none */
  bool empty;                /* and it holds no run */
  size_t paragraph_end;      /* where "</w:p>" begins */
};

struct table {
  size_t columns[DOCX_COLUMNS]; /* in the grid, plus 1; 0: not there */
  struct cell cells[DOCX_CELLS_MAX];
  size_t n;
};

struct filler {
  struct arena *arena;
  const struct record *r;
  struct str xml;
  enum report_lang lang;
  struct docx_filled *done;
  VEC(struct edit) edits;
  struct table tables[DOCX_TABLES_DEEP];
  size_t depth, skipped; /* tables that are too deep are passed over */
  size_t text_from;      /* where the text of a <w:t> begins; 0: not in one */
};

static struct table *top(struct filler *f) {
  return f->depth && !f->skipped ? &f->tables[f->depth - 1] : NULL;
}

static struct cell *cell_of(struct filler *f) {
  struct table *t = top(f);
  return t && t->n ? &t->cells[t->n - 1] : NULL;
}

/* ---- what a row gets ---- */

static struct str run_of(struct filler *f, struct str prefix, struct str text) {
  struct str shown = report_visible(f->arena, text), rest = shown;
  struct buf b;
  buf_init(&b, REPORT_MAX);
  buf_printf(&b, "<%.*sr>", STR_F(prefix));
  while (rest.n) {
    struct str line = str_cut(&rest, '\n');
    buf_printf(&b, "<%.*st xml:space=\"preserve\">", STR_F(prefix));
    xml_escape_text(&b, line);
    buf_printf(&b, "</%.*st>", STR_F(prefix));
    if (rest.n) buf_printf(&b, "<%.*sbr/>", STR_F(prefix));
  }
  buf_printf(&b, "</%.*sr>", STR_F(prefix));
  return buf_take(&b, f->arena);
}

/* The empty paragraph at the end of a cell takes the text; else it gets a paragraph of its own behind it, and Word
 * wants every cell to end with one. */
static void put_text(struct filler *f, const struct cell *c, struct str text) {
  struct str p = c->paragraph.prefix, run = run_of(f, p, text);
  if (!text.n || !c->paragraph.to) return;
  if (c->paragraph.empty)
    VEC_PUSH(f->arena, &f->edits,
             ((struct edit){c->paragraph.to - 2, c->paragraph.to,
                            arena_printf(f->arena, ">%.*s</%.*sp>", STR_F(run), STR_F(p))}));
  else if (c->empty)
    VEC_PUSH(f->arena, &f->edits, ((struct edit){c->paragraph_end, c->paragraph_end, run}));
  else
    VEC_PUSH(f->arena, &f->edits,
             ((struct edit){c->paragraph.to, c->paragraph.to,
                            arena_printf(f->arena, "<%.*sp>%.*s</%.*sp>", STR_F(p), STR_F(run), STR_F(p))}));
}

static const struct cell *cell_at(const struct table *t, size_t column) {
  for (size_t i = 0; i < t->n; i++)
    if (column >= t->cells[i].column && column < t->cells[i].column + t->cells[i].span) return &t->cells[i];
  return NULL;
}

static struct str cell_text(const struct cell *c) {
  return str_trim(c->text);
}

/* A row is the heading if two of its cells are short and name a column: one word in a sentence makes none. */
static void read_headings(struct filler *f, struct table *t) {
  size_t columns[DOCX_COLUMNS] = {0}, named = 0;
  for (size_t i = 0; i < t->n; i++) {
    struct str text = cell_text(&t->cells[i]);
    enum docx_column c = text.n <= HEADING_MAX ? docx_column_of(f->arena, text) : DOCX_COLUMNS;
    if (c == DOCX_COLUMNS || columns[c]) continue;
    columns[c] = t->cells[i].column + 1;
    named++;
  }
  if (named > 1) memcpy(t->columns, columns, sizeof t->columns);
}

static void fill_row(struct filler *f, const struct table *t, struct str number) {
  struct str cells[DOCX_COLUMNS];
  if (!docx_cells_of(cells, f->arena, f->r, number, f->lang)) {
    VEC_PUSH(f->arena, &f->done->unplayed, arena_str(f->arena, number));
    return;
  }
  VEC_PUSH(f->arena, &f->done->placed, arena_str(f->arena, number));
  for (size_t i = 0; i < DOCX_COLUMNS; i++) {
    const struct cell *c = t->columns[i] ? cell_at(t, t->columns[i] - 1) : NULL;
    if (c && !(cells[i].n && str_eq(cell_text(c), cells[i]))) put_text(f, c, cells[i]);
  }
}

static void row_ends(struct filler *f) {
  struct table *t = top(f);
  if (!t) return;
  if (t->n && docx_is_number(cell_text(&t->cells[0]))) {
    if (t->columns[DOCX_ACTUAL] || t->columns[DOCX_ASSESSMENT]) fill_row(f, t, cell_text(&t->cells[0]));
  } else {
    read_headings(f, t);
  }
  t->n = 0;
}

/* ---- what the tags mean ---- */

static void table_tag(struct filler *f, const struct docx_tag *t) {
  if (t->closes && f->skipped) {
    f->skipped--;
  } else if (t->closes && f->depth) {
    row_ends(f);
    f->depth--;
  } else if (!t->closes && f->depth == DOCX_TABLES_DEEP) {
    f->skipped++;
  } else if (!t->closes) {
    f->tables[f->depth++] = (struct table){.n = 0};
  }
}

static void row_tag(struct filler *f, const struct docx_tag *t) {
  if (t->closes) row_ends(f);
}

static void cell_tag(struct filler *f, const struct docx_tag *t) {
  struct table *table = top(f);
  if (t->closes || !table || table->n == DOCX_CELLS_MAX) return;
  const struct cell *before = cell_of(f);
  struct cell *c = &table->cells[table->n++];
  *c = (struct cell){.span = 1, .column = before ? before->column + before->span : 0};
}

static void span_tag(struct filler *f, const struct docx_tag *t) {
  struct cell *c = cell_of(f);
  int64_t n;
  if (c && str_int(docx_attribute(t, f->xml, "val"), &n) && n > 0 && n <= DOCX_CELLS_MAX) c->span = (size_t)n;
}

static void add_text(struct filler *f, struct cell *c, struct str more) {
  if (c->text.n + more.n <= CELL_TEXT_MAX) c->text = arena_printf(f->arena, "%.*s%.*s", STR_F(c->text), STR_F(more));
}

static void paragraph_tag(struct filler *f, const struct docx_tag *t) {
  struct cell *c = cell_of(f);
  if (!c) return;
  if (!t->closes) {
    c->paragraph = *t;
    c->empty = true;
    if (c->text.n) add_text(f, c, STR(" "));
  } else if (c->paragraph.from) {
    c->paragraph_end = t->from;
    c->paragraph.to = t->to;
  }
}

static void run_tag(struct filler *f, const struct docx_tag *t) {
  (void)t;
  if (cell_of(f)) cell_of(f)->empty = false;
}

static void text_tag(struct filler *f, const struct docx_tag *t) {
  struct cell *c = cell_of(f);
  if (t->closes && c && f->text_from) add_text(f, c, str_sub(f->xml, f->text_from, t->from));
  f->text_from = t->closes || t->empty ? 0 : t->to;
}

static void on_tag(struct filler *f, const struct docx_tag *t) {
  static const struct {
    const char *name;
    void (*fn)(struct filler *f, const struct docx_tag *t);
  } tags[] = {{"tbl", table_tag},   {"tr", row_tag}, {"tc", cell_tag}, {"gridSpan", span_tag},
              {"p", paragraph_tag}, {"r", run_tag},  {"t", text_tag}};
  for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
    if (str_eqz(t->name, tags[i].name)) tags[i].fn(f, t);
}

/* ---- the document ---- */

static int by_place(const void *x, const void *y) {
  const struct edit *a = x, *b = y;
  return (a->from > b->from) - (a->from < b->from);
}

static struct str apply(struct filler *f) {
  struct buf b;
  size_t at = 0;
  buf_init(&b, REPORT_MAX);
  if (f->edits.n) qsort(f->edits.v, f->edits.n, sizeof *f->edits.v, by_place);
  for (size_t i = 0; i < f->edits.n; i++) {
    const struct edit *x = &f->edits.v[i];
    if (x->from < at) continue;
    buf_add(&b, str_sub(f->xml, at, x->from));
    buf_add(&b, x->text);
    at = x->to;
  }
  buf_add(&b, str_sub(f->xml, at, f->xml.n));
  return buf_take(&b, f->arena);
}

struct str docx_fill_document(struct docx_filled *done, struct arena *a, const struct record *r, struct str xml,
                              enum report_lang lang) {
  struct filler *f = ARENA_NEW(a, struct filler);
  struct docx_tag t;
  *f = (struct filler){.arena = a, .r = r, .xml = xml, .lang = lang, .done = done};
  for (size_t at = 0; docx_next_tag(&t, xml, &at);) on_tag(f, &t);
  while (f->depth) {
    row_ends(f);
    f->depth--;
  }
  return apply(f);
}

static bool is_listed(const struct str *list, size_t n, struct str number) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i], number)) return true;
  return false;
}

static void list_unplaced(struct docx_filled *done, struct arena *a, const struct record *r) {
  for (size_t i = 0; i < r->cases.n; i++)
    for (size_t k = 0; k < r->cases.v[i].steps.n; k++) {
      struct str n = r->cases.v[i].steps.v[k].number;
      if (n.n && !is_listed(done->placed.v, done->placed.n, n) && !is_listed(done->unplaced.v, done->unplaced.n, n))
        VEC_PUSH(a, &done->unplaced, n);
    }
}

struct parts {
  struct arena *arena;
  VEC(struct archive_file) v;
};

static int take_part(void *context, struct str name, struct str bytes, struct error *e) {
  struct parts *p = context;
  (void)e;
  VEC_PUSH(p->arena, &p->v, ((struct archive_file){arena_str(p->arena, name), arena_str(p->arena, bytes)}));
  return 0;
}

static int read_template(struct parts *p, struct source template, struct error *e) {
  struct archive_visitor v = {
      .limits = {DOCX_PART_MAX, DOCX_TOTAL_MAX, DOCX_PARTS_MAX}, .context = p, .member = take_part};
  return archive_each(template, &v, e);
}

static struct archive_file *document_of(const struct parts *p) {
  for (size_t i = 0; i < p->v.n; i++)
    if (str_eqz(p->v.v[i].name, DOCUMENT)) return &p->v.v[i];
  return NULL;
}

static int check_document(struct arena *a, struct source template, const struct archive_file *doc, struct error *e) {
  struct findings f;
  struct node *root;
  if (!doc) return error_set(e, ERR_SYNTAX, "%.*s is no Word document: it has no part " DOCUMENT, STR_F(template.name));
  findings_init(&f, a);
  xml_read(&root, a, (struct source){arena_printf(a, "%.*s#" DOCUMENT, STR_F(template.name)), doc->bytes}, &f);
  return findings_error(&f, e);
}

int docx_fill(struct buf *out, struct docx_filled *done, struct arena *a, const struct record *r,
              struct source template, enum report_lang lang, struct error *e) {
  struct parts p = {.arena = a};
  *done = (struct docx_filled){0};
  if (read_template(&p, template, e) < 0) return -1;
  struct archive_file *doc = document_of(&p);
  if (check_document(a, template, doc, e) < 0) return -1;
  doc->bytes = docx_fill_document(done, a, r, doc->bytes, lang);
  list_unplaced(done, a, r);
  if (!done->placed.n)
    return error_set(e, ERR_CONFIG,
                     "%.*s has no table of test steps of this run: a heading row with \"Actual result\" and \"MedCom "
                     "assessment\" (or their Danish names), and rows that begin with the number of a step",
                     STR_F(template.name));
  return archive_zip(out, p.v.v, p.v.n, e);
}
