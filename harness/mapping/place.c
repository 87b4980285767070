/* Places of the table, looked for in the trees of each format. */
#include "formats/edifact.h"
#include "mapping/mapping_int.h"

#define EDIFACT_PATH_MAX 1000

static void push(struct hits *out, const struct looker *l, const struct node *n, struct str text) {
  VEC_PUSH(l->a, out, ((struct hit){n, text}));
}

/* ---- FHIR ---- */

int mapping_find_fhir(struct hits *out, const struct looker *l, const struct node *base, const struct mapping_place *p,
                      struct error *e) {
  struct fhirpath_env env = {.resource = l->root, .root_resource = l->root, .any_name = true};
  struct fhirpath_result r;
  if (fhirpath_eval(&r, l->a, p->path, base, &env, e) < 0) return -1;
  for (size_t i = 0; i < r.values.n; i++) push(out, l, r.values.v[i].node, r.values.v[i].text);
  return 0;
}

/* ---- OIOXML ---- */

/* "Name", "Name[Child=text]", "Name[Child^text]". */
static bool fits(const struct node *n, struct str step) {
  size_t open = str_index(step, '[');
  if (n->kind != NODE_ELEMENT || !str_eq(n->name, str_sub(step, 0, open))) return false;
  if (open == SIZE_MAX) return true;
  struct str inside = str_sub(step, open + 1, step.n - 1);
  size_t op = str_index(inside, '=');
  bool whole = op != SIZE_MAX;
  if (!whole) op = str_index(inside, '^');
  struct str want = str_sub(inside, op + 1, inside.n);
  const struct node *child = node_child_str(n, str_sub(inside, 0, op));
  if (!child) return false;
  return whole ? str_eq(str_trim(child->text), want) : str_starts(str_trim(child->text), want);
}

static void below(struct hits *out, const struct looker *l, const struct node *n, struct str path) {
  struct str rest = path, step = str_cut(&rest, '/');
  for (NODE_EACH(c, n)) {
    if (!fits(c, step)) continue;
    if (rest.n)
      below(out, l, c, rest);
    else
      push(out, l, c, c->text);
  }
}

int mapping_find_oioxml(struct hits *out, const struct looker *l, const struct node *base, struct str path) {
  if (str_starts(path, STR("/")))
    below(out, l, l->root, str_sub(path, 1, path.n));
  else
    below(out, l, base, path);
  return 0;
}

/* ---- EDIFACT ---- */

static struct str with_roles(const struct looker *l, struct str path) {
  struct buf b;
  buf_init(&b, EDIFACT_PATH_MAX);
  while (path.n) {
    size_t at = str_index(path, '{');
    buf_add(&b, str_sub(path, 0, at));
    if (at == SIZE_MAX) break;
    path = str_sub(path, at + 1, path.n);
    struct str role = str_cut(&path, '}');
    buf_add(&b, str_eqz(role, "sender") ? l->sender : l->receiver);
  }
  return buf_take(&b, l->a);
}

/* Does a segment begin as a label, "RSL", "IMD+A+DNM" or "COM+:TE" (the second component), says? */
static bool begins(const struct node *segment, struct str label) {
  if (segment->kind != NODE_SEGMENT || !str_eq(segment->name, str_cut(&label, '+'))) return false;
  for (size_t i = 1; label.n; i++) {
    struct str part = str_cut(&label, '+');
    bool second = str_starts(part, STR(":"));
    if (second) part = str_sub(part, 1, part.n);
    if (part.n && !str_eq(edifact_text(segment, i, second ? 2 : 1), part)) return false;
  }
  return true;
}

static void push_position(struct hits *out, const struct looker *l, const struct node *segment, struct str position) {
  struct str rest = position, first = str_cut(&rest, '.');
  int64_t e = 0, c = 0;
  if (!str_int(first, &e) || (rest.n && !str_int(rest, &c)) || e < 1 || c < 0) return;
  const struct node *n = edifact_element(segment, (size_t)e, (size_t)c);
  if (n) push(out, l, n, n->text);
}

/* The item of the list is itself a segment: the path begins with it. */
static void of_segment(struct hits *out, const struct looker *l, const struct node *segment, struct str path) {
  struct str rest = path, label = str_cut(&rest, '/');
  if (!begins(segment, label)) return;
  if (rest.n)
    push_position(out, l, segment, rest);
  else
    push(out, l, segment, (struct str){0});
}

static int of_group(struct hits *out, const struct looker *l, const struct node *group, struct str path,
                    struct error *e) {
  struct edifact_hits found;
  if (edifact_find(&found, l->a, group, path, e) < 0) return -1;
  for (size_t i = 0; i < found.n; i++) push(out, l, found.v[i], found.v[i]->text);
  return 0;
}

static int from(struct hits *out, const struct looker *l, const struct node *base, struct str path, struct error *e) {
  if (!path.n) {
    push(out, l, base, (struct str){0});
    return 0;
  }
  if (base->kind != NODE_SEGMENT) return of_group(out, l, base, path, e);
  of_segment(out, l, base, path);
  return 0;
}

/* Those of a name that follow a segment at once. */
static void following(struct hits *out, const struct looker *l, const struct node *segment, struct str path) {
  struct str rest = path, name = str_cut(&rest, '/');
  for (const struct node *n = segment->next; n && str_eq(n->name, name); n = n->next) {
    if (rest.n)
      push_position(out, l, n, rest);
    else
      push(out, l, n, (struct str){0});
  }
}

/* The next segment of the message, also in the groups behind. */
static const struct node *next_segment(const struct node *n) {
  while (n && !n->next) {
    n = n->parent;
    if (n && str_eqz(n->name, "message")) return NULL;
  }
  n = n ? n->next : NULL;
  while (n && n->kind == NODE_GROUP && n->first) n = n->first;
  return n;
}

/* Those behind a segment, up to the next of its name: the rest of an item that has no group of its own, or that an
 * explicit group within it divides (MEDRPT: S20 in the hidden S18). */
static void behind(struct hits *out, const struct looker *l, const struct node *segment, struct str path) {
  struct str rest = path, label = str_cut(&rest, '/');
  for (const struct node *n = next_segment(segment); n; n = next_segment(n)) {
    if (n->kind == NODE_SEGMENT && str_eq(n->name, segment->name)) return;
    if (!begins(n, label)) continue;
    if (rest.n)
      push_position(out, l, n, rest);
    else
      push(out, l, n, (struct str){0});
  }
}

/* The one at once before a segment, if it is of that name. */
static void before(struct hits *out, const struct looker *l, const struct node *segment, struct str path) {
  struct str rest = path, name = str_cut(&rest, '/');
  const struct node *n = segment->parent ? segment->parent->first : NULL;
  while (n && n->next != segment) n = n->next;
  if (n && n->kind == NODE_SEGMENT && str_eq(n->name, name)) push_position(out, l, n, rest);
}

static size_t operator_at(struct str path) {
  for (size_t i = 0; i < path.n; i++)
    if (strchr("^>~<", path.p[i])) return i;
  return SIZE_MAX;
}

/* The part behind '^', '>', '~' or '<', from every hit of the part before it. */
static int in_two(struct hits *out, const struct looker *l, const struct node *base, struct str path, size_t at,
                  struct error *e) {
  struct hits first = {0};
  struct str second = str_sub(path, at + 1, path.n);
  if (from(&first, l, base, str_sub(path, 0, at), e) < 0) return -1;
  for (size_t i = 0; i < first.n; i++) {
    const struct node *n = first.v[i].node;
    if (path.p[at] == '>')
      following(out, l, n, second);
    else if (path.p[at] == '~')
      behind(out, l, n, second);
    else if (path.p[at] == '<')
      before(out, l, n, second);
    else if (n->parent && of_group(out, l, n->parent, second, e) < 0)
      return -1;
  }
  return 0;
}

static void octets(struct hits *out, const struct looker *l, const struct node *uno) {
  const struct node *n = uno->next;
  if (n && n->kind == NODE_BINARY) push(out, l, n, n->text);
}

/* "#2": that line of the free text of the first segment, by itself. */
static void keep_line(struct hits *h, const struct looker *l, struct str number) {
  int64_t i;
  if (!h->n || !str_int(number, &i) || i < 1) {
    h->n = 0;
    return;
  }
  struct hits alone = {.v = &(struct hit){.node = node_copy(l->a, h->v[0].node)}, .n = 1};
  struct str line = mapping_line(mapping_free_text(l->a, &alone), (size_t)i);
  h->n = line.n ? 1 : 0;
  h->v[0].text = line;
}

int mapping_find_edifact(struct hits *out, const struct looker *l, const struct node *base, struct str path,
                         struct error *e) {
  if (str_eqz(path, "=octets")) {
    octets(out, l, base);
    return 0;
  }
  path = with_roles(l, path);
  if (str_starts(path, STR("/"))) {
    base = l->root;
    path = str_sub(path, 1, path.n);
  }
  size_t hash = str_index(path, '#');
  struct str plain = str_sub(path, 0, hash);
  size_t at = operator_at(plain);
  int rc = at == SIZE_MAX ? from(out, l, base, plain, e) : in_two(out, l, base, plain, at, e);
  if (rc == 0 && hash != SIZE_MAX) keep_line(out, l, str_sub(path, hash + 1, path.n));
  return rc;
}

/* ---- */

static bool has_any(const struct hits *h) {
  for (size_t i = 0; i < h->n; i++)
    if (h->v[i].text.n || (h->v[i].node && h->v[i].node->first)) return true;
  return false;
}

int mapping_find(struct hits *out, const struct looker *l, const struct node *base, const struct mapping_places *at,
                 struct error *e) {
  for (size_t i = 0; i < at->n; i++) {
    const struct mapping_place *p = &at->v[i];
    out->n = 0;
    int rc = l->format == MAPPING_FHIR     ? mapping_find_fhir(out, l, base, p, e)
             : l->format == MAPPING_OIOXML ? mapping_find_oioxml(out, l, base, p->text)
                                           : mapping_find_edifact(out, l, base, p->text, e);
    if (rc < 0) return -1;
    if (has_any(out)) return 0;
  }
  return 0;
}
