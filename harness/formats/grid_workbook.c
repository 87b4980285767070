/* Workbooks (ECMA-376 part 1, SpreadsheetML): names of elements are told apart without their namespace, for there are a
 * strict and a transitional one. */
#include "formats/archive.h"
#include "formats/grid_int.h"
#include "formats/xml.h"

#include "base/map.h"

#define WORKBOOK "xl/workbook.xml"
#define RELATIONS "xl/_rels/workbook.xml.rels"
#define STRINGS "xl/sharedStrings.xml"

struct book {
  struct arena *arena;
  struct source src;
  struct map parts; /* name -> struct str of its bytes */
  VEC(struct str) strings;
};

static bool wanted(void *context, struct str name) {
  (void)context;
  return str_starts(name, STR("xl/")) && (str_ends(name, STR(".xml")) || str_ends(name, STR(".rels")));
}

static int take(void *context, struct str name, struct str bytes, struct error *e) {
  struct book *b = context;
  struct str *kept = ARENA_NEW(b->arena, struct str);
  (void)e;
  *kept = arena_str(b->arena, bytes);
  (void)map_set(&b->parts, arena_str(b->arena, name), kept);
  return 0;
}

/* *out NULL: there is no such part. */
static int part(struct node **out, struct book *b, struct str name, struct error *e) {
  struct str *bytes = map_get(&b->parts, name);
  struct findings f;
  *out = NULL;
  if (!bytes) return 0;
  findings_init(&f, b->arena);
  struct str whole = arena_printf(b->arena, "%.*s#%.*s", STR_F(b->src.name), STR_F(name));
  xml_read(out, b->arena, (struct source){whole, *bytes}, &f);
  return findings_error(&f, e);
}

static struct str attribute(const struct node *n, const char *name) {
  for (const struct node *a = n->attrs; a; a = a->next)
    if (str_eqz(a->name, name)) return a->text;
  return (struct str){0};
}

/* A text is one, or comes in runs that look different; how it is pronounced (rPh) is no part of it. */
static struct str text_of(struct arena *a, const struct node *n) {
  struct buf b;
  buf_init(&b, (size_t)GRID_CELL_MAX + 1);
  for (NODE_EACH(c, n)) {
    if (str_eqz(c->name, "t")) buf_add(&b, c->text);
    if (str_eqz(c->name, "r") && node_child(c, "t")) buf_add(&b, node_child(c, "t")->text);
  }
  return buf_take(&b, a);
}

static int read_strings(struct book *b, struct error *e) {
  struct node *root;
  if (part(&root, b, STR(STRINGS), e) < 0) return -1;
  for (NODE_EACH(si, root))
    if (str_eqz(si->name, "si")) VEC_PUSH(b->arena, &b->strings, text_of(b->arena, si));
  return 0;
}

/* "B12": column 2. Without a reference a cell follows the one before. */
static size_t column_of(struct str ref, size_t before) {
  size_t n = 0;
  for (size_t i = 0; i < ref.n && ref.p[i] >= 'A' && ref.p[i] <= 'Z' && n <= GRID_COLUMNS_MAX; i++)
    n = n * 26 + (size_t)(ref.p[i] - 'A') + 1;
  return n ? n : before + 1;
}

static int value_of(struct str *out, struct book *b, const struct node *c, struct grid_cell at, struct error *e) {
  const struct node *v = node_child(c, "v");
  struct str type = attribute(c, "t");
  int64_t i;
  *out = v ? v->text : (struct str){0};
  if (str_eqz(type, "inlineStr")) *out = text_of(b->arena, node_child(c, "is"));
  if (!str_eqz(type, "s") || !v) return 0;
  if (!str_int(v->text, &i) || i < 0 || (size_t)i >= b->strings.n)
    return error_at(e, ERR_SYNTAX, b->src.name, at.line, at.col, "the cell names the text %.*s, and there are %zu",
                    STR_F(v->text), b->strings.n);
  *out = b->strings.v[i];
  return 0;
}

static int read_row(struct book *b, struct grid *g, const struct node *row, int line, struct error *e) {
  struct grid_row *r;
  size_t column = 0;
  if (grid_add_row(&r, b->arena, g, b->src, line, e) < 0) return -1;
  for (NODE_EACH(c, row)) {
    if (!str_eqz(c->name, "c")) continue;
    column = column_of(attribute(c, "r"), column);
    struct grid_cell cell = {.line = line, .col = (int)column};
    if (value_of(&cell.text, b, c, cell, e) < 0) return -1;
    /* Cells that are only coloured may stand far out. */
    if (cell.text.n && grid_put(r, b->arena, b->src, column, cell, e) < 0) return -1;
  }
  return 0;
}

static int read_sheet(struct grids *out, struct book *b, struct str name, struct str file, struct error *e) {
  struct node *root;
  int line = 0;
  if (part(&root, b, file, e) < 0) return -1;
  if (!root)
    return error_at(e, ERR_SYNTAX, b->src.name, 0, 0, "the sheet \"%.*s\" is not in the workbook", STR_F(name));
  struct grid *g = VEC_ADD(b->arena, &out->list);
  g->sheet = name;
  const struct node *data = node_child(root, "sheetData");
  for (NODE_EACH(row, data)) {
    int64_t number;
    if (!str_eqz(row->name, "row")) continue;
    line = str_int(attribute(row, "r"), &number) && number > 0 && number < INT32_MAX ? (int)number : line + 1;
    if (read_row(b, g, row, line, e) < 0) return -1;
  }
  return 0;
}

/* "worksheets/sheet1.xml" below xl/, or "/xl/worksheets/sheet1.xml". */
static struct str target_of(struct arena *a, const struct node *relations, struct str id) {
  for (NODE_EACH(r, relations)) {
    struct str target = attribute(r, "Target");
    if (!id.n || !str_eq(attribute(r, "Id"), id)) continue;
    return str_starts(target, STR("/")) ? str_sub(target, 1, target.n) : arena_printf(a, "xl/%.*s", STR_F(target));
  }
  return (struct str){0};
}

static int read_sheets(struct grids *out, struct book *b, struct error *e) {
  struct node *root, *relations;
  if (part(&root, b, STR(WORKBOOK), e) < 0 || part(&relations, b, STR(RELATIONS), e) < 0) return -1;
  if (!root || !relations)
    return error_at(e, ERR_SYNTAX, b->src.name, 0, 0, "no workbook: " WORKBOOK " or its relations are not there");
  const struct node *sheets = node_child(root, "sheets");
  for (NODE_EACH(s, sheets)) {
    if (out->list.n == GRID_SHEETS_MAX)
      return error_at(e, ERR_LIMIT, b->src.name, 0, 0, "more than %d sheets", GRID_SHEETS_MAX);
    /* "r:id" (and not "sheetId") names the relation. */
    struct str file = target_of(b->arena, relations, attribute(s, "id"));
    if (str_find(file, STR("worksheets/"), 0) == SIZE_MAX) continue; /* a chart on a sheet of its own */
    if (read_sheet(out, b, attribute(s, "name"), file, e) < 0) return -1;
  }
  return 0;
}

int grid_read_workbook(struct grids *out, struct arena *a, struct source src, struct error *e) {
  struct book b = {.arena = a, .src = src};
  struct archive_visitor v = {
      .limits = {GRID_BYTES_MAX, GRID_TOTAL_MAX, GRID_PARTS_MAX}, .context = &b, .wants = wanted, .member = take};
  map_init(&b.parts, a);
  if (archive_each(src, &v, e) < 0 || read_strings(&b, e) < 0) return -1;
  return read_sheets(out, &b, e);
}
