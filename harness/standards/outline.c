#include "standards/outline.h"

#include "base/file.h"
#include "base/utf8.h"
#include "standards/letters.h"

#define FIELDS_MAX 512

static const char *const bases[] = {[OUTLINE_STRING] = "string",
                                    [OUTLINE_TOKEN] = "token",
                                    [OUTLINE_URI] = "anyURI",
                                    [OUTLINE_BOOLEAN] = "boolean",
                                    [OUTLINE_INT] = "int",
                                    [OUTLINE_INTEGER] = "integer",
                                    [OUTLINE_NOT_NEGATIVE] = "nonNegativeInteger",
                                    [OUTLINE_POSITIVE] = "positiveInteger",
                                    [OUTLINE_DECIMAL] = "decimal",
                                    [OUTLINE_FLOAT] = "float",
                                    [OUTLINE_DATE] = "date",
                                    [OUTLINE_DATE_TIME] = "dateTime"};

/* What is open at a depth: the particles that stand there are appended to it. */
struct level {
  struct outline_type *type;
  struct outline_particle *group; /* NULL: the type itself */
  struct outline_particle *last;
};

/* An element whose type is looked up at the end. */
struct pending {
  struct outline_particle *of;
  struct str type;
};

struct reader {
  struct outline *s;
  struct arena *a;
  struct str name;
  int line;
  struct str fields[FIELDS_MAX];
  size_t n;
  struct level levels[OUTLINE_DEPTH_MAX + 1];
  size_t depth; /* levels that are open */
  VEC(struct pending) named;
  struct error *e;
};

const char *outline_base_name(enum outline_base b) {
  return bases[b];
}

static int wrong(struct reader *r, const char *what, struct str value) {
  return error_at(r->e, ERR_SYNTAX, r->name, r->line, 1, "%s \"%.*s\"", what, STR_F(value));
}

static int split(struct reader *r, struct str line) {
  r->n = 0;
  do {
    if (r->n == FIELDS_MAX) return wrong(r, "too many fields in the line of", r->fields[0]);
    r->fields[r->n++] = str_cut(&line, '\t');
  } while (line.n);
  return 0;
}

static bool read_base(struct str word, enum outline_base *out) {
  for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
    if (!str_eqz(word, bases[i])) continue;
    *out = (enum outline_base)i;
    return true;
  }
  return false;
}

/* "1..35", "0..*". */
static bool read_range(struct str range, int64_t *min, int64_t *max) {
  size_t dots = str_find(range, STR(".."), 0);
  struct str end = dots == SIZE_MAX ? (struct str){0} : str_sub(range, dots + 2, range.n);
  if (dots == SIZE_MAX || !str_int(str_sub(range, 0, dots), min)) return false;
  *max = OUTLINE_MANY;
  if (!str_eqz(end, "*") && (!str_int(end, max) || *max < *min)) return false;
  return *min >= 0 && *min <= OUTLINE_OCCURS_MAX && *max <= OUTLINE_OCCURS_MAX;
}

static bool read_number(struct str word, const char *key, double *out, bool *has) {
  struct str value = str_sub(word, strlen(key), word.n);
  if (!str_starts(word, str_z(key))) return false;
  *has = str_double(value, out);
  return *has;
}

static bool read_small(struct str word, const char *key, int *out) {
  int64_t n;
  if (!str_starts(word, str_z(key)) || !str_int(str_sub(word, strlen(key), word.n), &n) || n < 0 || n > 1000)
    return false;
  *out = (int)n;
  return true;
}

static bool read_length(struct str word, struct outline_facets *f) {
  int64_t min, max;
  if (!str_starts(word, STR("#")) || !read_range(str_sub(word, 1, word.n), &min, &max)) return false;
  f->has_length = true;
  f->length_min = (long)min;
  f->length_max = (long)max;
  return true;
}

static int read_facets(struct reader *r, struct outline_facets *f, size_t from) {
  f->fraction = f->digits = -1;
  for (size_t i = from; i < r->n; i++) {
    struct str word = r->fields[i];
    if (str_starts(word, STR("=")))
      VEC_PUSH(r->a, &f->codes, str_sub(word, 1, word.n));
    else if (str_starts(word, STR("~")))
      VEC_PUSH(r->a, &f->patterns, str_sub(word, 1, word.n));
    else if (!read_length(word, f) && !read_number(word, "min=", &f->min, &f->has_min) &&
             !read_number(word, "max=", &f->max, &f->has_max) &&
             !read_number(word, "above=", &f->above, &f->has_above) &&
             !read_number(word, "below=", &f->below, &f->has_below) && !read_small(word, "fraction=", &f->fraction) &&
             !read_small(word, "digits=", &f->digits))
      return wrong(r, "no facet of a value:", word);
  }
  return 0;
}

static void open_type(struct reader *r, struct outline_type *t) {
  r->levels[r->depth++] = (struct level){.type = t};
}

static struct outline_type *new_type(struct reader *r, struct str name, enum outline_kind kind) {
  struct outline_type *t = ARENA_NEW(r->a, struct outline_type);
  *t = (struct outline_type){.name = name, .kind = kind};
  return t;
}

/* simple NAME BASE FACET...; complex NAME [mixed] */
static int read_type(struct reader *r, bool simple) {
  if (r->n < 2 || !r->fields[1].n) return wrong(r, "a type has a name, behind", r->fields[0]);
  struct str name = r->fields[1];
  struct outline_type *t = new_type(r, name, simple ? OUTLINE_VALUE : OUTLINE_ELEMENTS);
  r->depth = 0;
  if (!map_set(&r->s->types, name, t)) return wrong(r, "there is a type already that is called", name);
  if (simple) {
    if (r->n < 3 || !read_base(r->fields[2], &t->base)) return wrong(r, "an unknown base of the type", name);
    return read_facets(r, &t->facets, 3);
  }
  t->mixed = r->n > 2 && str_eqz(r->fields[2], "mixed");
  if (r->n > 2 + (size_t)t->mixed) return wrong(r, "too many fields in the line of", name);
  open_type(r, t);
  return 0;
}

static void append(struct level *l, struct outline_particle *p) {
  p->parent = l->group;
  struct outline_particle **first = l->group ? &l->group->first : &l->type->first;
  if (l->last)
    l->last->next = p;
  else
    *first = p;
  l->last = p;
}

/* NAME MIN..MAX TYPE; NAME MIN..MAX BASE FACET...; NAME MIN..MAX - (or mixed) and what is in it below. */
static int read_element(struct reader *r, struct outline_particle *p) {
  if (r->n < 3) return wrong(r, "an element has a number and a type:", p->name);
  struct str word = r->fields[2];
  bool mixed = str_eqz(word, "mixed");
  enum outline_base base;
  if (read_base(word, &base)) {
    p->type = new_type(r, (struct str){0}, OUTLINE_VALUE);
    p->type->base = base;
    return read_facets(r, &p->type->facets, 3);
  }
  if (r->n > 3) return wrong(r, "too many fields in the line of", p->name);
  if (str_eqz(word, "any")) {
    p->type = new_type(r, (struct str){0}, OUTLINE_ANY);
  } else if (mixed || str_eqz(word, "-")) {
    p->type = new_type(r, (struct str){0}, OUTLINE_ELEMENTS);
    p->type->mixed = mixed;
    open_type(r, p->type);
  } else {
    VEC_PUSH(r->a, &r->named, ((struct pending){p, word}));
  }
  return 0;
}

static int read_particle(struct reader *r, struct str line) {
  size_t depth = 0;
  int64_t min, max;
  while (depth < line.n && line.p[depth] == ' ') depth++;
  if (depth > OUTLINE_DEPTH_MAX - 1 || depth > r->depth)
    return wrong(r, "this stands deeper than what could hold it:", line);
  r->depth = depth;
  r->fields[0] = str_sub(r->fields[0], depth, r->fields[0].n);
  struct outline_particle *p = ARENA_NEW(r->a, struct outline_particle);
  *p = (struct outline_particle){.name = r->fields[0], .line = r->line};
  if (!p->name.n || r->n < 2 || !read_range(r->fields[1], &min, &max) || max == 0)
    return wrong(r, "a name and how often it stands (0..1, 1..*) are expected, not", line);
  p->min = (int)min;
  p->max = (int)max;
  append(&r->levels[depth - 1], p);
  bool choice = str_eqz(p->name, "|");
  if (!choice && !str_eqz(p->name, "&")) return read_element(r, p);
  p->order = choice ? OUTLINE_CHOICE : OUTLINE_SEQUENCE;
  if (r->n > 2) return wrong(r, "too many fields in the line of", p->name);
  r->levels[r->depth++] = (struct level){.type = r->levels[depth - 1].type, .group = p};
  return 0;
}

static int read_line(struct reader *r, struct str line) {
  if (split(r, line)) return -1;
  if (str_starts(line, STR(" "))) return read_particle(r, line);
  if (str_eqz(r->fields[0], "simple")) return read_type(r, true);
  if (str_eqz(r->fields[0], "complex")) return read_type(r, false);
  if (!str_eqz(r->fields[0], "namespace") || r->n != 2 || r->s->ns.n || !r->fields[1].n)
    return wrong(r, "a line begins with namespace (once), simple, complex or a blank, not with", r->fields[0]);
  r->s->ns = r->fields[1];
  return 0;
}

static int resolve(struct reader *r) {
  for (size_t i = 0; i < r->named.n; i++) {
    struct outline_particle *p = r->named.v[i].of;
    p->type = map_get(&r->s->types, r->named.v[i].type);
    r->line = p->line;
    if (!p->type) return wrong(r, "there is no type", r->named.v[i].type);
  }
  r->s->root = map_get(&r->s->types, STR("Emessage"));
  r->line = 0;
  if (!r->s->ns.n || !r->s->root) return wrong(r, "a structure has a namespace and the type", STR("Emessage"));
  return 0;
}

int outline_read(struct outline **out, struct arena *a, struct source src, struct error *e) {
  struct reader *r = ARENA_NEW(a, struct reader);
  *r = (struct reader){.s = ARENA_NEW(a, struct outline), .a = a, .name = src.name, .e = e};
  map_init(&r->s->types, a);
  if (src.bytes.n > OUTLINE_BYTES_MAX)
    return error_at(e, ERR_LIMIT, src.name, 0, 0, "a structure has at most %zu bytes", OUTLINE_BYTES_MAX);
  for (struct str rest = src.bytes; rest.n;) {
    struct str line = str_cut(&rest, '\n');
    if (++r->line > OUTLINE_LINES_MAX) return wrong(r, "too many lines, at", line);
    if (!str_trim(line).n || str_starts(line, STR("#"))) continue;
    if (utf8_check(line) != SIZE_MAX) return wrong(r, "not UTF-8, behind", r->fields[0]);
    if (read_line(r, line)) return -1;
  }
  *out = r->s;
  return resolve(r);
}

int outline_load(struct outline **out, struct arena *a, const char *data_dir, struct str ns, struct error *e) {
  struct str dir = letter_namespace_dir(a, ns);
  *out = NULL;
  if (!dir.n) return 0;
  char *name = arena_z(a, arena_printf(a, "%.*s.outline", STR_F(dir)));
  for (char *p = name; *p; p++)
    if (*p == '/') *p = '-';
  const char *file = file_join(a, file_join(a, data_dir, OUTLINE_DIR), name);
  struct source src = {.name = str_z(file)};
  if (!file_exists(file)) return 0;
  if (file_read(&src.bytes, a, file, OUTLINE_BYTES_MAX, e)) return -1;
  return outline_read(out, a, src, e);
}

static const struct outline_particle *find_among(const struct outline_particle *p, struct str name) {
  for (; p; p = p->next) {
    if (p->order == OUTLINE_ELEMENT) {
      if (str_eq(p->name, name)) return p;
      continue;
    }
    const struct outline_particle *inside = find_among(p->first, name);
    if (inside) return inside;
  }
  return NULL;
}

const struct outline_particle *outline_find(const struct outline_type *t, struct str name) {
  return t->kind == OUTLINE_ELEMENTS ? find_among(t->first, name) : NULL;
}

bool outline_may_be_empty(const struct outline_particle *p) {
  if (p->min == 0) return true;
  if (p->order == OUTLINE_ELEMENT) return false;
  for (const struct outline_particle *x = p->first; x; x = x->next)
    if (outline_may_be_empty(x) == (p->order == OUTLINE_CHOICE)) return p->order == OUTLINE_CHOICE;
  return p->order == OUTLINE_SEQUENCE || !p->first;
}

bool outline_starts(const struct outline_particle *p, struct str name) {
  if (p->order == OUTLINE_ELEMENT) return str_eq(p->name, name);
  for (const struct outline_particle *x = p->first; x; x = x->next) {
    if (outline_starts(x, name)) return true;
    if (p->order == OUTLINE_SEQUENCE && !outline_may_be_empty(x)) return false;
  }
  return false;
}
