#include "formats/edifact.h"

/* A path is short: names of groups, a segment with qualifiers, a position. */
#define PATH_BYTES_MAX 1000
#define STEPS_MAX 12
#define LABEL_BYTES_MAX 35

struct step {
  struct str name; /* "PNA+PAT" whole */
  size_t nth;      /* 0: all */
  size_t e, c;     /* of a position; e 0: it is a name */
};

struct path {
  struct step steps[STEPS_MAX];
  size_t n;
};

/* ---- reading a path ---- */

static bool digits(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n > 0;
}

/* "2" or "2.1". */
static bool read_position(struct step *out, struct str s) {
  struct str rest = s, e = str_cut(&rest, '.');
  int64_t n;
  if (!digits(e) || !str_int(e, &n) || n < 1 || n > EDIFACT_ELEMENTS_MAX) return false;
  out->e = (size_t)n;
  if (e.n == s.n) return true;
  if (!digits(rest) || !str_int(rest, &n) || n < 1 || n > EDIFACT_COMPONENTS_MAX) return false;
  out->c = (size_t)n;
  return true;
}

static int read_name(struct step *out, struct str s, struct error *e) {
  out->name = s;
  if (s.p[s.n - 1] != ']') return 0;
  size_t at = s.n - 1;
  while (at && s.p[at] != '[') at--;
  struct str inside = str_sub(s, at + 1, s.n - 1);
  int64_t n;
  if (!at || !digits(inside) || !str_int(inside, &n) || n < 1)
    return error_set(e, ERR_SYNTAX, "\"%.*s\" is no place in a path: behind a name stands a number in brackets, [2]",
                     STR_F(s));
  out->nth = (size_t)n;
  out->name = str_sub(s, 0, at);
  return 0;
}

static int read_step(struct path *p, struct str s, bool last, struct error *e) {
  struct step *step = &p->steps[p->n];
  *step = (struct step){0};
  if (!s.n) return error_set(e, ERR_SYNTAX, "a part of the path is empty: \"S07/PNA+PAT/2.1\" is one that is whole");
  p->n++;
  if (s.p[0] < '0' || s.p[0] > '9') return read_name(step, s, e);
  if (last && p->n > 1 && read_position(step, s)) return 0;
  return error_set(e, ERR_SYNTAX,
                   "\"%.*s\" is no place in a path: element, or element.component, stands as a number at its end",
                   STR_F(s));
}

static int read_path(struct path *p, struct str s, struct error *e) {
  struct str rest = s;
  p->n = 0;
  if (!s.n || s.n > PATH_BYTES_MAX) return error_set(e, ERR_SYNTAX, "a path has 1 to %d characters", PATH_BYTES_MAX);
  for (bool last = false; !last;) {
    struct str part = str_cut(&rest, '/');
    last = part.p + part.n == s.p + s.n;
    if (p->n == STEPS_MAX) return error_set(e, ERR_LIMIT, "a path has at most %d parts", STEPS_MAX);
    if (read_step(p, part, last, e) < 0) return -1;
  }
  return 0;
}

/* ---- finding ---- */

/* Components that the label names must be those of the element; what it leaves empty may be anything. */
static bool fits_element(const struct node *segment, size_t e, struct str label) {
  struct str rest = label;
  for (size_t c = 1; rest.n; c++) {
    struct str part = str_cut(&rest, ':');
    if (part.n && !str_eq(part, edifact_text(segment, e, c))) return false;
  }
  return true;
}

static bool fits(const struct node *n, struct str label) {
  struct str rest = label;
  if (!str_eq(str_cut(&rest, '+'), n->name)) return false;
  for (size_t e = 1; rest.n; e++)
    if (!fits_element(n, e, str_cut(&rest, '+'))) return false;
  return true;
}

struct search {
  struct edifact_hits *out;
  struct arena *arena;
  const struct path *path;
};

static void found(struct search *s, const struct node *n, size_t i);

static void at_position(struct search *s, const struct node *segment, const struct step *step) {
  const struct node *n = segment->kind == NODE_SEGMENT ? edifact_element(segment, step->e, step->c) : NULL;
  if (n) VEC_PUSH(s->arena, s->out, n);
}

static bool has_child_that_fits(const struct node *n, struct str name) {
  for (NODE_EACH(c, n))
    if (fits(c, name)) return true;
  return false;
}

/* Looks for step i below n: among the children, and in groups that the path leaves out only if none of them fits. seen
 * counts those that fit. */
static void below(struct search *s, const struct node *n, size_t i, size_t *seen) {
  const struct step *step = &s->path->steps[i];
  bool here = has_child_that_fits(n, step->name);
  for (NODE_EACH(c, n)) {
    if (here && fits(c, step->name)) {
      if (!step->nth || ++*seen == step->nth) found(s, c, i + 1);
    } else if (!here && c->kind == NODE_GROUP) {
      below(s, c, i, seen);
    }
  }
}

static void found(struct search *s, const struct node *n, size_t i) {
  size_t seen = 0;
  if (i == s->path->n)
    VEC_PUSH(s->arena, s->out, n);
  else if (s->path->steps[i].e)
    at_position(s, n, &s->path->steps[i]);
  else
    below(s, n, i, &seen);
}

int edifact_find(struct edifact_hits *out, struct arena *a, const struct node *root, struct str path, struct error *e) {
  struct path p;
  struct search s = {out, a, &p};
  *out = (struct edifact_hits){0};
  if (read_path(&p, path, e) < 0) return -1;
  found(&s, root, 0);
  return 0;
}

/* ---- the path of a node ---- */

/* What can stand in a path as it is. */
static bool is_word(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (!ascii_is_alnum(s.p[i])) return false;
  return s.n > 0 && s.n <= LABEL_BYTES_MAX;
}

/* "PNA+PAT": a segment is known by its tag and by what begins its first element. */
static struct str label(struct arena *a, const struct node *n) {
  if (n->kind != NODE_SEGMENT || str_starts(n->name, STR("U")) || str_eq(n->name, n->parent->name)) return n->name;
  struct str qualifier = edifact_text(n, 1, 1);
  return is_word(qualifier) ? arena_printf(a, "%.*s+%.*s", STR_F(n->name), STR_F(qualifier)) : n->name;
}

/* Which one it is of those under its parent that its label fits, from 1; 0: it fits no other. */
static size_t which(const struct node *n, struct str label) {
  size_t before = 0, after = 0;
  bool passed = false;
  for (NODE_EACH(c, n->parent)) {
    if (c == n)
      passed = true;
    else if (fits(c, label))
      (passed ? &after : &before)[0]++;
  }
  return before + after ? before + 1 : 0;
}

static void put_steps(struct buf *b, struct arena *a, const struct node *n) {
  if (!n->parent) return;
  put_steps(b, a, n->parent);
  struct str name = label(a, n);
  size_t index = which(n, name);
  if (str_eqz(n->name, "message") && !index) return;
  if (b->n) buf_byte(b, '/');
  buf_add(b, name);
  if (index) buf_printf(b, "[%zu]", index);
}

static size_t position(const struct node *n) {
  size_t i = 1;
  for (NODE_EACH(c, n->parent)) {
    if (c == n) break;
    i++;
  }
  return i;
}

struct str edifact_path(struct arena *a, const struct node *n) {
  const struct node *segment = n, *element = NULL, *component = NULL;
  struct buf b;
  if (n->kind == NODE_STRING || n->kind == NODE_ARRAY) {
    component = n->parent && n->parent->kind == NODE_ARRAY ? n : NULL;
    element = component ? n->parent : n;
    segment = element->parent;
  }
  buf_init(&b, PATH_BYTES_MAX);
  if (segment) put_steps(&b, a, segment);
  if (element && segment) buf_printf(&b, "/%zu", position(element));
  if (component) buf_printf(&b, ".%zu", position(component));
  return buf_take(&b, a);
}
