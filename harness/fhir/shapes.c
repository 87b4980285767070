#include "fhir/shapes.h"

#include "base/file.h"
#include "base/map.h"
#include "fhir/facts.h"

#include <string.h>

#define R4_FACTS "hl7.fhir.r4.core@4.0.1" FACTS_SUFFIX

struct shapes {
  struct map rows; /* path -> struct shape */
};

const struct shape *shapes_find(const struct shapes *s, struct str path) {
  return s ? map_get(&s->rows, path) : NULL;
}

/* The row of "head.name" + tail, without inheritance. */
static const struct shape *find_own(const struct shapes *s, struct str head, struct str name, struct str tail) {
  char path[SHAPES_PATH_MAX];
  size_t n = head.n + 1 + name.n + tail.n;
  if (n > sizeof path || !name.n) return NULL;
  memcpy(path, head.p, head.n);
  path[head.n] = '.';
  memcpy(path + head.n + 1, name.p, name.n);
  if (tail.n) memcpy(path + head.n + 1 + name.n, tail.p, tail.n);
  return shapes_find(s, (struct str){path, n});
}

static const struct shape *find_in(const struct shapes *s, const struct shape *content, struct str name,
                                   struct str tail) {
  for (int i = 0; content && i < SHAPES_CHAIN_MAX; i++) {
    const struct shape *row = find_own(s, content->path, name, tail);
    if (row) return row;
    content = shapes_find(s, content->types);
  }
  return NULL;
}

/* --- from the facts: only what types and their elements are, line by line --- */

struct reading {
  struct arena *a;
  struct shapes *shapes;
  struct str type; /* the structure that the lines belong to; empty: one that is not a type */
  struct str base; /* what it extends */
  bool primitive;
  int line;
};

static struct shape *put_row(struct reading *r, struct str path, struct str cardinality, struct str types) {
  struct shape *row = ARENA_NEW(r->a, struct shape);
  *row = (struct shape){.path = path, .types = types, .order = r->line};
  row->min = cardinality.n && cardinality.p[0] == '1';
  row->many = !str_ends(cardinality, STR("..1"));
  map_set(&r->shapes->rows, path, row);
  return row;
}

/* A definition of a type: "structure URL TYPE BASE KIND specialization", or with nothing to build on. */
static void begin_type(struct reading *r, struct str line) {
  struct str word = str_cut(&line, '\t');
  r->type = (struct str){0};
  if (!str_eqz(word, "structure")) return;
  str_cut(&line, '\t');
  struct str type = str_cut(&line, '\t'), base = str_cut(&line, '\t'), kind = str_cut(&line, '\t');
  if (base.n && str_find(kind, STR(" specialization"), 0) == SIZE_MAX) return;
  if (type.n >= SHAPES_PATH_MAX) return;
  r->type = type;
  r->base = base;
  r->primitive = str_starts(kind, STR("primitive"));
  put_row(r, type, STR("0..*"), base)->is_type = true;
}

/* "Reference(Patient,Group)" is a Reference; "$p/System.String<uri>" a uri, as the value of a primitive System.String.
 */
static struct str bare_type(const struct reading *r, struct str written) {
  size_t n = 0;
  while (n < written.n && written.p[n] != '<' && written.p[n] != '(' && written.p[n] != '{') n++;
  struct str code = str_sub(written, 0, n), rest = str_sub(written, n + 1, written.n);
  bool system = str_starts(code, STR("$p/"));
  if (n < written.n && written.p[n] == '<' && !(system && r->primitive)) return str_cut(&rest, '>');
  return system ? str_sub(code, 3, code.n) : code;
}

/* Types separated by |, without profiles and targets; borrowed where they stand so. */
static struct str bare_types(const struct reading *r, struct str written) {
  size_t n = 0, to = 0;
  while (n < written.n && written.p[n] != '<' && written.p[n] != '(' && written.p[n] != '{' && written.p[n] != '$') n++;
  if (n == written.n) return written;
  char *out = arena_alloc(r->a, written.n + 1);
  while (written.n) {
    size_t end = 0;
    int depth = 0;
    for (; end < written.n && (depth || written.p[end] != '|'); end++)
      depth += (written.p[end] == '(' || written.p[end] == '{') - (written.p[end] == ')' || written.p[end] == '}');
    struct str type = bare_type(r, str_sub(written, 0, end));
    if (to) out[to++] = '|';
    memcpy(out + to, type.p, type.n);
    to += type.n;
    written = str_sub(written, end + 1, written.n);
  }
  return (struct str){out, to};
}

/* ".contact.name  0..1  HumanName ..."; "ref=#Path" in place of types: the content of that element. */
static void read_element(struct reading *r, struct str line) {
  struct str rest = line, tail = str_cut(&rest, '\t'), cardinality = str_cut(&rest, '\t'), types = str_cut(&rest, '\t');
  if (!r->type.n || tail.n < 2 || r->type.n + tail.n >= SHAPES_PATH_MAX) return;
  char *path = arena_alloc(r->a, r->type.n + tail.n);
  memcpy(path, r->type.p, r->type.n);
  memcpy(path + r->type.n, tail.p, tail.n);
  size_t at = types.n ? SIZE_MAX : str_find(rest, STR("ref="), 0);
  if (at != SIZE_MAX) {
    rest = str_sub(rest, at + 4, rest.n);
    types = str_cut(&rest, '\t');
  } else if (!types.n) {
    const struct shape *above = find_in(r->shapes, shapes_find(r->shapes, r->base), str_sub(tail, 1, tail.n), STR(""));
    types = above ? above->types : types;
  }
  put_row(r, (struct str){path, r->type.n + tail.n}, cardinality, bare_types(r, types));
}

static void read_facts(struct reading *r, struct str text) {
  while (text.n) {
    struct str line = str_cut(&text, '\n');
    r->line++;
    if (line.n && line.p[0] == '.')
      read_element(r, line);
    else if (line.n && line.p[0] >= 'a' && line.p[0] <= 'z')
      begin_type(r, line);
  }
}

int shapes_read(struct shapes **out, struct arena *a, const char *data_dir, struct error *e) {
  struct str text;
  const char *path = file_join(a, file_join(a, data_dir, FACTS_PACKAGES), R4_FACTS);
  struct shapes *s = ARENA_NEW(a, struct shapes);
  struct reading r = {.a = a, .shapes = s};
  if (file_map(&text, a, path, SHAPES_FILE_MAX, e)) return -1;
  map_init(&s->rows, a);
  read_facts(&r, text);
  if (!shapes_find(s, STR("Patient")))
    return error_at(e, ERR_SYNTAX, str_z(path), r.line, 1, "the types of FHIR R4 are not in it");
  *out = s;
  return 0;
}

/* --- looking up --- */

bool shapes_is_choice(const struct shapes *s, const struct shape *content, struct str name) {
  return find_in(s, content, name, STR("[x]")) != NULL;
}

/* What an element of that row contains. */
static const struct shape *content_of(const struct shapes *s, const struct shape *row, struct str type) {
  if (row->types.n && row->types.p[0] == '#') return shapes_find(s, str_sub(row->types, 1, row->types.n));
  if (str_eqz(type, "BackboneElement") || str_eqz(type, "Element")) return row;
  return shapes_find(s, type);
}

/* The type among types that suffix ("String", "Quantity") stands for; the first letter of the suffix is upper case. */
static struct str choice_type(struct str types, struct str suffix) {
  while (types.n) {
    struct str type = str_cut(&types, '|');
    if (type.n == suffix.n && str_eq_nocase(str_sub(type, 0, 1), str_sub(suffix, 0, 1)) &&
        str_eq(str_sub(type, 1, type.n), str_sub(suffix, 1, suffix.n)))
      return type;
  }
  return (struct str){0};
}

static struct shape_use find_choice(const struct shapes *s, const struct shape *content, struct str name) {
  for (size_t i = 1; i < name.n; i++) {
    if (name.p[i] < 'A' || name.p[i] > 'Z') continue;
    const struct shape *row = find_in(s, content, str_sub(name, 0, i), STR("[x]"));
    if (!row) continue;
    struct str type = choice_type(row->types, str_sub(name, i, name.n));
    if (type.n) return (struct shape_use){row, shapes_find(s, type), type, true};
  }
  return (struct shape_use){0};
}

struct shape_use shapes_child(const struct shapes *s, const struct shape *content, struct str name) {
  if (!s || !content) return (struct shape_use){0};
  const struct shape *row = find_in(s, content, name, (struct str){0});
  if (!row) return find_choice(s, content, name);
  struct str type = row->types;
  if (type.n && type.p[0] == '#') type = STR("BackboneElement");
  return (struct shape_use){row, content_of(s, row, type), type, false};
}

struct shape_use shapes_type(const struct shapes *s, struct str type) {
  const struct shape *row = shapes_find(s, type);
  if (!row || !row->is_type) return (struct shape_use){.type = type};
  return (struct shape_use){row, row, type, false};
}

struct str shapes_base(const struct shapes *s, struct str type) {
  const struct shape *row = shapes_find(s, type);
  return row && row->is_type ? row->types : (struct str){0};
}

bool shapes_is_a(const struct shapes *s, struct str type, struct str base) {
  for (int i = 0; type.n && i < SHAPES_CHAIN_MAX; i++) {
    if (str_eq(type, base)) return true;
    type = shapes_base(s, type);
  }
  return false;
}

bool shapes_is_primitive(struct str type) {
  return type.n && type.p[0] >= 'a' && type.p[0] <= 'z';
}

static const struct {
  const char *type;
  enum node_kind kind;
} json_kinds[] = {
    {"boolean", NODE_BOOL},       {"decimal", NODE_NUMBER},     {"integer", NODE_NUMBER},
    {"positiveInt", NODE_NUMBER}, {"unsignedInt", NODE_NUMBER},
};

enum node_kind shapes_json_kind(struct str type) {
  for (size_t i = 0; i < sizeof json_kinds / sizeof *json_kinds; i++)
    if (str_eqz(type, json_kinds[i].type)) return json_kinds[i].kind;
  return NODE_STRING;
}
