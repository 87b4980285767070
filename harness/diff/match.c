/* Match rules: reading them from YAML, and paths with * and ** as small automata. */
#include "diff/diff_int.h"

#define STATE(i) (UINT64_C(1) << (i))

static const struct section {
  const char *name;
  enum match_kind kind;
} sections[] = {{"ignore", MATCH_IGNORE}, {"keyed", MATCH_KEYED}, {"mapped", MATCH_MAPPED},
                {"times", MATCH_TIME},    {"only", MATCH_ONLY},   {"set", MATCH_SET}};
#define SECTIONS_N (sizeof sections / sizeof *sections)

struct reading {
  struct diff_rules *rules;
  struct arena *a;
  struct str file;
  struct error *e;
};

#define REFUSE(r, n, ...) error_at((r)->e, ERR_SYNTAX, (r)->file, (n)->line, (n)->col, __VA_ARGS__)

static const struct section *section_find(struct str name) {
  for (size_t i = 0; i < SECTIONS_N; i++)
    if (str_eqz(name, sections[i].name)) return &sections[i];
  return NULL;
}

static const char *section_nearest(struct str name) {
  const struct section *best = &sections[0];
  for (size_t i = 1; i < SECTIONS_N; i++)
    if (str_distance(name, str_z(sections[i].name)) < str_distance(name, str_z(best->name))) best = &sections[i];
  return best->name;
}

/* A segment is *, ** or a name; an index would have no meaning once lists are aligned. */
static const char *segment_wrong(struct str s) {
  if (s.n == 0) return "has an empty part";
  if (str_eqz(s, "*") || str_eqz(s, "**")) return NULL;
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c == '[' || c == ']') return "has an index; leave it out, lists are matched by keyed or set";
    if (c == '*') return "has * inside a name; * stands for a whole name";
    if (c <= ' ') return "has a blank";
  }
  return NULL;
}

static int path_read(struct reading *r, struct match *m, struct str text, const struct node *at) {
  char separator = '.';
  struct str rest = text;
  if (str_starts(text, STR("/"))) {
    separator = '/';
    rest = str_sub(text, 1, text.n);
  }
  if (rest.n == 0) return REFUSE(r, at, "an empty path");
  bool more = true;
  while (more) {
    more = str_index(rest, separator) != SIZE_MAX;
    struct str part = str_cut(&rest, separator);
    const char *wrong = segment_wrong(part);
    if (wrong) return REFUSE(r, at, "the path \"%.*s\" %s", STR_F(text), wrong);
    if (m->n == DIFF_SEGMENTS_MAX)
      return REFUSE(r, at, "the path \"%.*s\" has over %d parts", STR_F(text), DIFF_SEGMENTS_MAX);
    m->segment[m->n++] = arena_str(r->a, part);
  }
  return 0;
}

static int match_add(struct reading *r, struct match **out, enum match_kind kind, struct str path,
                     const struct node *at) {
  if (r->rules->list.n == DIFF_RULES_MAX) return REFUSE(r, at, "over %d paths", DIFF_RULES_MAX);
  struct match *m = VEC_ADD(r->a, &r->rules->list);
  m->kind = kind;
  if (kind == MATCH_ONLY) r->rules->only = true;
  *out = m;
  return path_read(r, m, path, at);
}

static int paths_read(struct reading *r, const struct node *value, enum match_kind kind) {
  struct match *m;
  if (value->kind == NODE_STRING) return match_add(r, &m, kind, value->text, value);
  if (value->kind != NODE_ARRAY) return REFUSE(r, value, "expected a list of paths");
  for (NODE_EACH(item, value)) {
    if (item->kind != NODE_STRING) return REFUSE(r, item, "expected a path");
    if (match_add(r, &m, kind, item->text, item)) return -1;
  }
  return 0;
}

static int key_add(struct reading *r, struct match *m, const struct node *key) {
  struct match checked = {0};
  if (key->kind != NODE_STRING) return REFUSE(r, key, "expected a key: a path from an item of the list");
  if (str_index(key->text, '*') != SIZE_MAX || str_starts(key->text, STR("/")))
    return REFUSE(r, key, "the key \"%.*s\" must be plain names with points between", STR_F(key->text));
  if (m->keys_n == DIFF_KEYS_MAX) return REFUSE(r, key, "over %d keys", DIFF_KEYS_MAX);
  m->keys[m->keys_n++] = arena_str(r->a, key->text);
  return path_read(r, &checked, key->text, key);
}

static int keyed_read(struct reading *r, const struct node *value) {
  if (value->kind != NODE_OBJECT) return REFUSE(r, value, "expected a mapping of paths to keys");
  for (NODE_EACH(item, value)) {
    struct match *m;
    if (match_add(r, &m, MATCH_KEYED, item->name, item)) return -1;
    if (item->kind == NODE_STRING && str_eqz(item->text, "set")) {
      m->kind = MATCH_SET;
      continue;
    }
    if (item->kind != NODE_ARRAY) {
      if (key_add(r, m, item)) return -1;
      continue;
    }
    if (!item->first) return REFUSE(r, item, "expected a key");
    for (NODE_EACH(key, item))
      if (key_add(r, m, key)) return -1;
  }
  return 0;
}

int diff_rules_read(struct diff_rules **out, struct arena *a, const struct node *yaml, struct str file,
                    struct error *e) {
  struct reading r = {ARENA_NEW(a, struct diff_rules), a, file, e};
  if (yaml->kind != NODE_OBJECT)
    return REFUSE(&r, yaml, "match rules are a mapping, not a %s", node_kind_name(yaml->kind));
  for (NODE_EACH(part, yaml)) {
    const struct section *s = section_find(part->name);
    if (!s)
      return error_at(e, ERR_SYNTAX, file, part->name_line, part->name_col,
                      "unknown match rule \"%.*s\"; did you mean \"%s\"?", STR_F(part->name),
                      section_nearest(part->name));
    if (s->kind == MATCH_KEYED ? keyed_read(&r, part) : paths_read(&r, part, s->kind)) return -1;
  }
  *out = r.rules;
  return 0;
}

/* ** may stand for no name at all. */
static uint64_t closure(const struct match *m, uint64_t states) {
  for (size_t i = 0; i < m->n; i++)
    if ((states & STATE(i)) && str_eqz(m->segment[i], "**")) states |= STATE(i + 1);
  return states;
}

uint64_t diff_match_begin(const struct match *m) {
  return closure(m, STATE(0));
}

uint64_t diff_match_step(const struct match *m, uint64_t states, struct str name) {
  uint64_t next = 0;
  for (size_t i = 0; i < m->n && states >> i; i++) {
    if (!(states & STATE(i))) continue;
    if (str_eqz(m->segment[i], "**"))
      next |= STATE(i);
    else if (str_eqz(m->segment[i], "*") || str_eq(m->segment[i], name))
      next |= STATE(i + 1);
  }
  return closure(m, next);
}

bool diff_match_done(const struct match *m, uint64_t states) {
  return (states & STATE(m->n)) != 0;
}
