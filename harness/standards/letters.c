#include "standards/letters.h"

#include "base/file.h"
#include "base/utf8.h"

enum column {
  TYPE,
  VERSION,
  MESSAGE,
  FUNCTION,
  EDIFACT,
  EDIFACT_FROM,
  EDIFACT_REVISION,
  XML_VERSION,
  XML_TYPE,
  TYPE_CODE,
  ELEMENT,
  NAMESPACES,
  XML,
  XML_FROM,
  XML_REVISION,
  CURRENT,
  DANISH,
  ENGLISH,
  SOURCE,
  COLUMNS
};

struct reader {
  struct letters *l;
  struct str name;
  int line;
  struct str row[COLUMNS];
  struct error *e;
};

static const char *const fidelities[] = {
    [LETTER_ABSENT] = "absent", [LETTER_NONE] = "none", [LETTER_OLDER] = "older", [LETTER_FULL] = "full"};

const char *letter_fidelity_name(enum letter_fidelity f) {
  return fidelities[f];
}

static int wrong(struct reader *r, const char *what, struct str value) {
  return error_at(r->e, ERR_SYNTAX, r->name, r->line, 1, "%s \"%.*s\"", what, STR_F(value));
}

static struct str value_of(struct str cell) {
  return str_eqz(cell, "-") ? (struct str){0} : cell;
}

static int split(struct reader *r, struct str row) {
  size_t n = 0;
  for (; row.n && n < COLUMNS; n++) {
    r->row[n] = str_cut(&row, '\t');
    if (!r->row[n].n)
      return wrong(r, "an empty column (a dash says that there is nothing) in the row of", r->row[TYPE]);
  }
  if (n == COLUMNS && !row.n) return 0;
  return error_at(r->e, ERR_SYNTAX, r->name, r->line, 1, "a row has %d columns, separated by a tab", COLUMNS);
}

static int read_fidelity(struct reader *r, enum letter_fidelity *out, struct str word) {
  *out = LETTER_ABSENT;
  if (!value_of(word).n) return 0;
  for (size_t i = LETTER_NONE; i <= LETTER_FULL; i++) {
    if (!str_eqz(word, fidelities[i])) continue;
    *out = (enum letter_fidelity)i;
    return 0;
  }
  return wrong(r, "the fidelity is full, older, none or a dash, not", word);
}

static int read_form(struct reader *r, struct letter_form *out, enum column version, enum column fidelity) {
  out->version = value_of(r->row[version]);
  out->from = value_of(r->row[fidelity + 1]);
  out->revision = value_of(r->row[fidelity + 2]);
  if (read_fidelity(r, &out->fidelity, r->row[fidelity])) return -1;
  if ((out->fidelity == LETTER_ABSENT) != !out->version.n)
    return wrong(r, "a form has a version and a fidelity, or neither, in the row of", r->row[TYPE]);
  bool known = out->fidelity >= LETTER_OLDER;
  if (known != (out->from.n > 0) || known != (out->revision.n > 0))
    return wrong(r, "a known structure, and no other, has a version and a revision, in the row of", r->row[TYPE]);
  if ((out->fidelity == LETTER_FULL) != (out->from.n > 0 && str_eq(out->from, out->version)))
    return wrong(r, "full is the structure of the same version, older that of another, in the row of", r->row[TYPE]);
  return 0;
}

static int read_current(struct reader *r, struct letter_type *t) {
  struct str word = r->row[CURRENT];
  bool both = str_eqz(word, "both"), edifact = str_eqz(word, "edifact"), xml = str_eqz(word, "xml");
  if (!both && !edifact && !xml && !str_eqz(word, "no"))
    return wrong(r, "current is both, edifact, xml or no, not", word);
  t->edifact.current = both || edifact;
  t->xml.current = both || xml;
  if ((t->edifact.current && !t->edifact.version.n) || (t->xml.current && !t->xml.version.n))
    return wrong(r, "a form that there is not cannot be current, in the row of", r->row[TYPE]);
  return 0;
}

static int read_namespaces(struct reader *r, struct letter_type *t) {
  struct str rest = value_of(r->row[NAMESPACES]);
  while (rest.n) {
    if (t->namespaces.n == LETTER_NAMESPACES_MAX) return wrong(r, "too many namespaces in the row of", r->row[TYPE]);
    VEC_PUSH(r->l->arena, &t->namespaces, str_cut(&rest, ' '));
  }
  return 0;
}

/* One key for a namespace and an element in it. */
static struct str element_key(struct arena *a, struct str ns, struct str element) {
  return arena_printf(a, "%.*s %.*s", STR_F(ns), STR_F(element));
}

static int enter(struct reader *r, struct map *m, struct str key, size_t row) {
  if (!key.n) return 0;
  if (map_get(m, key)) return wrong(r, "there is a row already for", key);
  size_t *index = ARENA_NEW(r->l->arena, size_t);
  *index = row;
  map_set(m, key, index);
  return 0;
}

static int index_row(struct reader *r, const struct letter_type *t, size_t row) {
  struct letters *l = r->l;
  if (enter(r, &l->by_version, t->edifact.version, row)) return -1;
  if (enter(r, &l->by_version_code, t->xml.version, row)) return -1;
  for (size_t i = 0; t->element.n && i < t->namespaces.n; i++)
    if (enter(r, &l->by_element, element_key(l->arena, t->namespaces.v[i], t->element), row)) return -1;
  return 0;
}

static int read_row(struct reader *r, struct str line) {
  struct letters *l = r->l;
  if (split(r, line)) return -1;
  if (l->list.n == LETTERS_MAX) return wrong(r, "too many rows, at", r->row[TYPE]);
  struct letter_type t = {.type = r->row[TYPE],
                          .message = value_of(r->row[MESSAGE]),
                          .function = value_of(r->row[FUNCTION]),
                          .xml_type = value_of(r->row[XML_TYPE]),
                          .type_code = value_of(r->row[TYPE_CODE]),
                          .element = value_of(r->row[ELEMENT]),
                          .danish = r->row[DANISH],
                          .english = r->row[ENGLISH],
                          .source = r->row[SOURCE]};
  if (read_form(r, &t.edifact, VERSION, EDIFACT) || read_form(r, &t.xml, XML_VERSION, XML) || read_current(r, &t) ||
      read_namespaces(r, &t))
    return -1;
  if (!t.edifact.version.n && !t.xml.version.n) return wrong(r, "there is no form at all of", t.type);
  if ((t.edifact.version.n > 0) != (t.message.n > 0 && t.function.n > 0))
    return wrong(r, "the EDIFACT form has a message and a function, in the row of", t.type);
  if ((t.xml.version.n > 0) != (t.xml_type.n > 0)) return wrong(r, "the OIOXML form has a type, in the row of", t.type);
  VEC_PUSH(l->arena, &l->list, t);
  return index_row(r, &t, l->list.n - 1);
}

int letters_read(struct letters **out, struct arena *a, struct source src, struct error *e) {
  struct letters *l = ARENA_NEW(a, struct letters);
  struct reader r = {.l = l, .name = src.name, .e = e};
  *l = (struct letters){.arena = a};
  map_init(&l->by_version, a);
  map_init(&l->by_version_code, a);
  map_init(&l->by_element, a);
  if (src.bytes.n > LETTERS_BYTES_MAX)
    return error_at(e, ERR_LIMIT, src.name, 0, 0, "a catalogue of messages has at most %zu bytes", LETTERS_BYTES_MAX);
  for (struct str rest = src.bytes; rest.n;) {
    struct str line = str_cut(&rest, '\n');
    r.line++;
    if (!str_trim(line).n || str_starts(line, STR("#"))) continue;
    if (utf8_check(line) != SIZE_MAX) return wrong(&r, "not UTF-8, in the row behind that of", r.row[TYPE]);
    if (read_row(&r, line)) return -1;
  }
  *out = l;
  return 0;
}

int letters_load(struct letters **out, struct arena *a, const char *data_dir, struct error *e) {
  const char *file = file_join(a, data_dir, LETTERS_FILE);
  struct source src = {.name = str_z(file)};
  if (file_read(&src.bytes, a, file, LETTERS_BYTES_MAX, e)) return -1;
  return letters_read(out, a, src, e);
}

static const struct letter_type *row_at(const struct letters *l, const struct map *m, struct str key) {
  const size_t *row = key.n ? map_get(m, key) : NULL;
  return row ? &l->list.v[*row] : NULL;
}

const struct letter_type *letters_of_version(const struct letters *l, struct str version) {
  return row_at(l, &l->by_version, version);
}

const struct letter_type *letters_of_version_code(const struct letters *l, struct str version_code) {
  return row_at(l, &l->by_version_code, version_code);
}

const struct letter_type *letters_of_element(const struct letters *l, struct str ns, struct str element) {
  struct arena *scratch = arena_new_small(0);
  const struct letter_type *t = row_at(l, &l->by_element, element_key(scratch, ns, element));
  arena_free(scratch);
  return t;
}

const struct letter_type *letters_of_type(const struct letters *l, struct str type, const struct letter_type *after) {
  const struct letter_type *end = l->list.v + l->list.n;
  for (const struct letter_type *t = after ? after + 1 : l->list.v; t < end; t++)
    if (str_eq(t->type, type) || (t->xml_type.n && str_eq(t->xml_type, type))) return t;
  return NULL;
}

bool letter_has_namespace(const struct letter_type *t, struct str ns) {
  for (size_t i = 0; i < t->namespaces.n; i++)
    if (str_eq(t->namespaces.v[i], ns)) return true;
  return false;
}

/* "http://rep.oio.dk/medcom.dk/xml/schemas/2014/10/08/", "urn:oio:medcom:municipality:1.0.4". */
struct str letter_namespace_dir(struct arena *a, struct str ns) {
  static const struct str schemas = STR_INIT("/xml/schemas/"), urn = STR_INIT("urn:oio:medcom:");
  size_t at = str_find(ns, schemas, 0);
  struct str dir = {0};
  if (str_starts(ns, urn))
    dir = str_sub(ns, urn.n, ns.n);
  else if (str_starts(ns, STR("http://rep.oio.dk/")) && at != SIZE_MAX)
    dir = str_sub(ns, at + schemas.n, ns.n);
  while (str_ends(dir, STR("/"))) dir.n--;
  char *z = arena_z(a, dir);
  for (char *p = z; *p; p++)
    if (*p == ':') *p = '/';
  return (struct str){z, dir.n};
}
