/* Extensions in short: one line for what nearly every extension says in the same words, and a line for each part.
 *
 *   extension URL CARDINALITY TYPES FLAGS fields      TYPES of value[x]; none: there are parts
 *   :part CARDINALITY TYPES FLAGS fields              the extension inside
 *
 * They are lengthened to the lines of a structure's elements; what does not come back word by word stays long. */
#include "fhir/facts_int.h"

#define LONG_MAX ((size_t)1 << 20) /* bytes of one extension */

/* Fields of value[x] in the short line; the others are the definition's. */
static const struct str value_fields[] = {STR_INIT("bind="),  STR_INIT("bindmax="), STR_INIT("fixed="),
                                          STR_INIT("least="), STR_INIT("most="),    STR_INIT("pattern="),
                                          STR_INIT("ref="),   STR_INIT("length="),  STR_INIT("regex=")};

static bool is_value_field(struct str field) {
  for (size_t i = 0; i < sizeof value_fields / sizeof *value_fields; i++)
    if (str_starts(field, value_fields[i])) return true;
  return false;
}

struct str facts_head_fields(struct arena *a, struct str fields) {
  struct buf b;
  buf_init(&b, LONG_MAX);
  while (fields.n) {
    struct str one = str_cut(&fields, '\t');
    if (is_value_field(one)) continue;
    if (b.n) buf_byte(&b, '\t');
    buf_add(&b, one);
  }
  return buf_take(&b, a);
}

/* --- from short to long --- */

static void put_row(struct buf *out, struct str id, struct str cardinality, struct str types, struct str flags) {
  buf_printf(out, "%.*s\t%.*s", STR_F(id), STR_F(cardinality));
  if (types.n || flags.n) buf_printf(out, "\t%.*s", STR_F(types));
  if (flags.n) buf_printf(out, "\t%.*s", STR_F(flags));
  buf_byte(out, '\n');
}

static void put_value(struct buf *out, struct str at, struct str types, struct str fields) {
  bool first = true;
  buf_printf(out, "%.*s.value[x]\t1..\t%.*s", STR_F(at), STR_F(types));
  while (fields.n) {
    struct str one = str_cut(&fields, '\t');
    if (is_value_field(one)) buf_printf(out, "%s%.*s", first ? "\t\t" : "\t", STR_F(one)), first = false;
  }
  buf_byte(out, '\n');
}

void facts_lengthen_head(struct buf *out, struct str url, struct str line) {
  struct str cardinality = str_cut(&line, '\t'), types = str_cut(&line, '\t'), flags = str_cut(&line, '\t');
  put_row(out, STR("."), cardinality, STR(""), flags);
  if (!types.n) return;
  buf_printf(out, ".extension\t..0\n.url\t\t\t\tfixed=Uri \"%.*s\"\n", STR_F(url));
  put_value(out, STR(""), types, line);
}

void facts_lengthen_part(struct buf *out, struct arena *a, struct str line) {
  struct str name = str_cut(&line, '\t'), at = arena_printf(a, ".extension%.*s", STR_F(name));
  struct str cardinality = str_cut(&line, '\t'), types = str_cut(&line, '\t'), flags = str_cut(&line, '\t');
  put_row(out, at, cardinality, STR("Extension"), flags);
  buf_printf(out, "%.*s.extension\t..0\n%.*s.url\t\turi\t\tfixed=Uri \"%.*s\"\n", STR_F(at), STR_F(at),
             STR_F(str_sub(name, 1, name.n)));
  put_value(out, at, types, line);
}

void facts_lengthen_end(struct buf *out, struct str url) {
  buf_printf(out, ".url\t\t\t\tfixed=Uri \"%.*s\"\n.value[x]\t0..0\n", STR_F(url));
}

/* --- from long to short --- */

/* Of the row of value[x]. */
static struct str value_of(struct str row, struct str *fields) {
  str_cut(&row, '\t');
  str_cut(&row, '\t');
  struct str types = str_cut(&row, '\t');
  str_cut(&row, '\t');
  *fields = row;
  return types;
}

static void put_short(struct buf *out, struct str cardinality, struct str types, struct str flags, struct str fields) {
  buf_printf(out, "\t%.*s", STR_F(cardinality));
  if (types.n || flags.n || fields.n) buf_printf(out, "\t%.*s", STR_F(types));
  if (flags.n || fields.n) buf_printf(out, "\t%.*s", STR_F(flags));
  if (fields.n) buf_printf(out, "\t%.*s", STR_F(fields));
}

static struct str line_at(struct str rows, size_t n) {
  while (n--) str_cut(&rows, '\n');
  return str_cut(&rows, '\n');
}

/* The lines of parts, and the long form that they stand for. */
static void shorten_parts(struct buf *parts, struct buf *again, struct arena *a, struct str rows) {
  static const struct str before = STR_INIT(".extension:");
  while (rows.n) {
    struct str fields, value = line_at(rows, 3), row = str_cut(&rows, '\n'), id = str_cut(&row, '\t');
    if (!str_starts(id, before)) break;
    struct str cardinality = str_cut(&row, '\t'), types = value_of(value, &fields);
    str_cut(&row, '\t');
    size_t from = parts->n;
    buf_add(parts, str_sub(id, before.n - 1, id.n));
    put_short(parts, cardinality, types, row, fields);
    facts_lengthen_part(again, a, str_sub(buf_str(parts), from, parts->n));
    buf_byte(parts, '\n');
    for (int i = 0; i < 3; i++) str_cut(&rows, '\n');
  }
}

bool facts_shorten(struct str *head, struct str *parts, struct arena *a, struct str url, struct str rows) {
  struct buf h, p, again;
  struct str fields = {0}, rest = rows, row = str_cut(&rest, '\n'), last = line_at(rest, 2);
  buf_init(&h, LONG_MAX);
  buf_init(&p, LONG_MAX);
  buf_init(&again, LONG_MAX);
  str_cut(&row, '\t');
  struct str cardinality = str_cut(&row, '\t'), types = {0};
  str_cut(&row, '\t');
  bool simple = str_starts(last, STR(".value[x]\t"));
  if (simple) types = value_of(last, &fields);
  put_short(&h, cardinality, types, row, fields);
  facts_lengthen_head(&again, url, str_sub(buf_str(&h), 1, h.n));
  if (!types.n) shorten_parts(&p, &again, a, rest);
  if (!types.n) facts_lengthen_end(&again, url);
  bool same = str_eq(buf_str(&again), rows);
  *head = buf_take(&h, a);
  *parts = buf_take(&p, a);
  buf_release(&again);
  return same;
}
