#include "fhir/shapes.h"

#include "base/file.h"
#include "base/map.h"

#include <string.h>

#define FACTS_FILE "fixtures/standards/fhir-r4.tsv"

struct shapes {
  struct map rows; /* path -> struct shape */
  struct str open; /* the types of Extension.value[x], which "*" stands for */
};

static struct shape *read_row(struct arena *a, struct str line, int order) {
  struct str rest = line;
  struct shape *row = ARENA_NEW(a, struct shape);
  int64_t min = 0;
  row->path = str_cut(&rest, '\t');
  struct str low = str_cut(&rest, '\t');
  struct str high = str_cut(&rest, '\t');
  row->types = rest;
  if (!row->path.n || row->path.n >= SHAPES_PATH_MAX || !high.n || !str_int(low, &min)) return NULL;
  row->min = (int)min;
  row->many = !str_eqz(high, "1");
  row->is_type = str_index(row->path, '.') == SIZE_MAX;
  row->order = order;
  return row;
}

int shapes_read(struct shapes **out, struct arena *a, const char *data_dir, struct error *e) {
  struct str text;
  const char *path = file_join(a, data_dir, FACTS_FILE);
  if (file_read(&text, a, path, SHAPES_FILE_MAX, e)) return -1;
  struct shapes *s = ARENA_NEW(a, struct shapes);
  map_init(&s->rows, a);
  for (int line = 1; text.n; line++) {
    struct str row_text = str_cut(&text, '\n');
    if (!row_text.n || row_text.p[0] == '#') continue;
    struct shape *row = read_row(a, row_text, line);
    if (!row)
      return error_at(e, ERR_SYNTAX, str_z(path), line, 1, "a row needs path, min, max and types, separated by tabs");
    map_set(&s->rows, row->path, row);
  }
  const struct shape *open = shapes_find(s, STR("Extension.value[x]"));
  s->open = open ? open->types : (struct str){0};
  *out = s;
  return 0;
}

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
    struct str type = choice_type(str_eqz(row->types, "*") ? s->open : row->types, str_sub(name, i, name.n));
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
