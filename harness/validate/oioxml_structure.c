/* The structure of a letter by the shipped facts: which elements, in which order, how often. One mistake gives one
 * finding: what stands in the wrong place is told there, and not as missing where it should stand. */
#include "validate/oioxml_int.h"

#include "base/buf.h"

#define PROMISES_MAX 16
#define NAMES_MAX 12 /* of alternatives in a text */
#define NAMES_BYTES 2000
#define XSI "http://www.w3.org/2001/XMLSchema-instance"

/* A required element that is not where it should be, but stands further on. */
struct promise {
  const struct outline_particle *of;
  const struct node *node;
};

/* The children of one element on their way through its type. */
struct content {
  struct oioxml *o;
  const struct node *parent, *at;
  const struct outline_type *type;
  struct promise promises[PROMISES_MAX];
  size_t promises_n;
};

/* What may still come behind a particle. */
struct follow {
  const struct outline_particle *rest;
  const struct outline_particle *again; /* the group that this is in, where it may begin anew */
  const struct follow *outer;
};

static void take(struct content *c, const struct outline_particle *p, const struct follow *f);

/* The name as the structure knows it: none of another namespace. */
static struct str name_of(const struct content *c, const struct node *n) {
  return str_eq(n->ns, c->o->root->ns) ? n->name : (struct str){0};
}

static const struct node *element_from(const struct node *n) {
  while (n && n->kind != NODE_ELEMENT) n = n->next;
  return n;
}

static void advance(struct content *c) {
  c->at = element_from(c->at->next);
}

static bool may_follow(const struct follow *f, struct str name) {
  for (; f; f = f->outer) {
    for (const struct outline_particle *p = f->rest; p; p = p->next)
      if (outline_starts(p, name)) return true;
    if (f->again && outline_starts(f->again, name)) return true;
  }
  return false;
}

/* Text that may be formatted is told apart: what is wrong there is its formatting. */
static bool is_formatted_text(const struct outline_type *t) {
  return t->mixed && outline_find(t, STR("Break"));
}

static bool is_promised(struct content *c, const struct node *n) {
  for (size_t i = 0; i < c->promises_n; i++) {
    if (c->promises[i].node != n) continue;
    c->promises[i] = c->promises[--c->promises_n];
    return true;
  }
  return false;
}

static bool stood_before(const struct content *c, const struct node *n) {
  for (const struct node *x = c->parent->first; x && x != n; x = x->next)
    if (x->kind == NODE_ELEMENT && str_eq(x->name, n->name)) return true;
  return false;
}

static bool is_alternative(const struct outline_particle *p) {
  for (p = p->parent; p; p = p->parent)
    if (p->order == OUTLINE_CHOICE && p->max == 1) return true;
  return false;
}

static bool is_told(const struct oioxml *o, const struct node *n) {
  for (size_t i = o->content_from; i < o->content_to; i++) {
    const struct finding *x = &o->f->list.v[i];
    if (x->severity == SEV_ERROR && x->where.line == n->line && x->where.col == n->col) return true;
  }
  return false;
}

/* An element that nothing here can take. */
static void stray(struct content *c, const struct node *n) {
  const struct outline_particle *p = outline_find(c->type, name_of(c, n));
  bool promised = is_promised(c, n);
  struct oioxml *o = c->o;
  if (is_told(o, n)) return;
  if (!p && is_formatted_text(c->type))
    OIOXML_STRUCTURE(o, OIOXML_FORMATTED_TEXT, n, n->name, c->parent->name);
  else if (!p)
    OIOXML_STRUCTURE(o, OIOXML_UNKNOWN, n, n->name, c->parent->name);
  else if (!promised && stood_before(c, n))
    OIOXML_STRUCTURE(o, OIOXML_REPEATED, n, n->name, arena_printf(o->scratch, "%d", p->max));
  else if (!promised && is_alternative(p))
    OIOXML_STRUCTURE(o, OIOXML_CHOICE, n, n->name);
  else
    OIOXML_STRUCTURE(o, OIOXML_ORDER, n, n->name, c->parent->name);
}

static void missing(struct content *c, const struct outline_particle *p) {
  if (str_eqz(p->name, "VersionCode") && str_eqz(c->parent->name, "Letter")) return; /* a rule of its own says so */
  for (const struct node *x = c->at; x && c->promises_n < PROMISES_MAX; x = element_from(x->next)) {
    if (!str_eq(name_of(c, x), p->name)) continue;
    c->promises[c->promises_n++] = (struct promise){p, x};
    return;
  }
  OIOXML_STRUCTURE(c->o, OIOXML_MISSING, c->parent, c->parent->name, p->name);
}

static void name_alternatives(struct buf *b, const struct outline_particle *p, int *n) {
  for (; p && *n < NAMES_MAX; p = p->next) {
    if (p->order != OUTLINE_ELEMENT) {
      if (p->first) name_alternatives(b, p->first, n);
      continue;
    }
    buf_printf(b, "%s%.*s", (*n)++ ? ", " : "", STR_F(p->name));
    if (p->parent && p->parent->order == OUTLINE_SEQUENCE) return;
  }
}

static void missing_one_of(struct content *c, const struct outline_particle *choice) {
  struct buf b;
  int n = 0;
  buf_init(&b, NAMES_BYTES);
  name_alternatives(&b, choice->first, &n);
  OIOXML_STRUCTURE(c->o, OIOXML_MISSING_ONE_OF, c->parent, c->parent->name, buf_str(&b));
  buf_release(&b);
}

static bool may_take(const struct outline_particle *p, int n) {
  return p->max == OUTLINE_MANY || n < p->max;
}

static bool begins_here(const struct content *c, const struct outline_particle *p) {
  return c->at && outline_starts(p, name_of(c, c->at));
}

static void take_elements(struct content *c, const struct outline_particle *p) {
  int n = 0;
  for (; begins_here(c, p) && may_take(p, n); n++) {
    oioxml_judge_structure(c->o, c->at, p->type);
    advance(c);
  }
  if (n < p->min) missing(c, p);
}

/* What can be taken neither here nor later is told and passed over. */
static void pass_strays(struct content *c, const struct outline_particle *p, const struct follow *f) {
  while (c->at && !begins_here(c, p) && !may_follow(f, name_of(c, c->at))) {
    stray(c, c->at);
    advance(c);
  }
}

static void take_in_order(struct content *c, const struct outline_particle *first, const struct follow *outer,
                          const struct outline_particle *again) {
  for (const struct outline_particle *p = first; p; p = p->next) {
    struct follow f = {p->next, again, outer};
    pass_strays(c, p, &f);
    take(c, p, &f);
  }
}

static void take_sequences(struct content *c, const struct outline_particle *p, const struct follow *f) {
  int n = 0;
  for (; begins_here(c, p) && may_take(p, n); n++) take_in_order(c, p->first, f, may_take(p, n + 1) ? p : NULL);
  if (n < p->min && !outline_may_be_empty(p)) take_in_order(c, p->first, f, NULL);
}

static void take_choices(struct content *c, const struct outline_particle *p, const struct follow *f) {
  int n = 0;
  for (; begins_here(c, p) && may_take(p, n); n++) {
    const struct outline_particle *x = p->first;
    while (!begins_here(c, x)) x = x->next;
    struct follow inner = {NULL, may_take(p, n + 1) ? p : NULL, f};
    take(c, x, &inner);
  }
  if (n < p->min && !outline_may_be_empty(p)) missing_one_of(c, p);
}

static void take(struct content *c, const struct outline_particle *p, const struct follow *f) {
  if (p->order == OUTLINE_ELEMENT)
    take_elements(c, p);
  else if (p->order == OUTLINE_SEQUENCE)
    take_sequences(c, p, f);
  else
    take_choices(c, p, f);
}

static void judge_text_between(struct oioxml *o, const struct node *n) {
  if (str_trim(n->text).n) OIOXML_STRUCTURE(o, OIOXML_TEXT, n, n->name);
  for (NODE_EACH(c, n))
    if (c->kind == NODE_TEXT && str_trim(c->text).n) {
      OIOXML_STRUCTURE(o, OIOXML_TEXT, c, n->name);
      return;
    }
}

static void judge_elements(struct oioxml *o, const struct node *n, const struct outline_type *t) {
  struct content c = {.o = o, .parent = n, .at = element_from(n->first), .type = t};
  if (!t->mixed) judge_text_between(o, n);
  take_in_order(&c, t->first, NULL, NULL);
  for (; c.at; advance(&c)) stray(&c, c.at);
  for (size_t i = 0; i < c.promises_n; i++) OIOXML_STRUCTURE(o, OIOXML_MISSING, n, n->name, c.promises[i].of->name);
}

static void judge_attributes(struct oioxml *o, const struct node *n) {
  for (const struct node *a = n->attrs; a; a = a->next) {
    if (str_eqz(a->ns, NODE_XMLNS)) continue;
    bool hint =
        str_eqz(a->ns, XSI) && (str_eqz(a->name, "schemaLocation") || str_eqz(a->name, "noNamespaceSchemaLocation"));
    if (!hint) OIOXML_STRUCTURE(o, OIOXML_ATTRIBUTE, n, a->name, n->name);
  }
}

void oioxml_judge_structure(struct oioxml *o, const struct node *n, const struct outline_type *t) {
  if (t->kind == OUTLINE_ANY) return;
  judge_attributes(o, n);
  if (t->kind == OUTLINE_ELEMENTS)
    judge_elements(o, n, t);
  else if (element_from(n->first))
    OIOXML_STRUCTURE(o, OIOXML_LEAF, n, n->name);
  else
    oioxml_judge_value(o, n, t);
}
