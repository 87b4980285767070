#include "protocol/insert.h"

#include "formats/yaml.h"
#include "protocol/protocol_int.h"
#include "protocol/protocol_rules.h"

/* What the protocol has taken already: ids of steps, and names. */
static void take_known(struct protocol_reader *r) {
  const struct protocol *p = r->protocol;
  map_init(&r->sections, r->arena);
  map_init(&r->steps, r->arena);
  map_init(&r->names, r->arena);
  for (size_t i = 0; i < p->parameters.n; i++)
    map_set(&r->names, p->parameters.v[i].name, (void *)p->parameters.v[i].node);
  for (size_t i = 0; i < p->parties.n; i++) map_set(&r->names, p->parties.v[i].name, (void *)p->parties.v[i].node);
  for (size_t i = 0; i < p->services.n; i++) map_set(&r->names, p->services.v[i].name, (void *)p->services.v[i].node);
  for (size_t c = 0; c < p->cases.n; c++) {
    for (size_t i = 0; i < p->cases.v[c]->steps.n; i++) {
      const struct step *s = p->cases.v[c]->steps.v[i];
      const struct node *as = node_child(s->args_node, "as");
      map_set(&r->steps, s->id, (void *)s->node);
      if (as && as->text.n) map_set(&r->names, as->text, (void *)as);
    }
  }
}

/* "3.3.4.5" of "3.3.4.5+M2": what the ids behind it begin with. */
static struct str base_of(const struct step *after) {
  size_t mark = after->added ? str_find(after->id, STR("+M"), 0) : SIZE_MAX;
  return str_sub(after->id, 0, mark);
}

static bool is_under(struct str id, struct str base) {
  return str_starts(id, base) && id.n > base.n && (id.p[base.n] == '+' || id.p[base.n] == '#');
}

static size_t count_added(const struct protocol_case *c, struct str base) {
  size_t n = 0;
  for (size_t i = 0; i < c->steps.n; i++) {
    const struct step *s = c->steps.v[i];
    n += s->added && is_under(s->id, base) && str_starts(str_sub(s->id, base.n, s->id.n), STR("+M"));
  }
  return n;
}

static size_t place_behind(const struct step *after) {
  size_t at = after->index + 1;
  if (!after->number.n) return at;
  while (at < after->in->steps.n && is_under(after->in->steps.v[at]->id, after->id)) at++;
  return at;
}

static void put_in(struct insert *out, struct protocol_case *c, const struct protocol_case *read, size_t at,
                   struct arena *a) {
  *out = (struct insert){c, at, read->steps.n};
  for (size_t i = 0; i < read->steps.n; i++) VEC_ADD(a, &c->steps);
  for (size_t i = c->steps.n; i-- > at + read->steps.n;) c->steps.v[i] = c->steps.v[i - read->steps.n];
  for (size_t i = 0; i < read->steps.n; i++) {
    c->steps.v[at + i] = read->steps.v[i];
    c->steps.v[at + i]->added = true;
    c->steps.v[at + i]->in = c;
  }
  for (size_t i = 0; i < c->steps.n; i++) c->steps.v[i]->index = i;
}

/* A number would be one of MedCom's, and its place is told by `after`. */
static void check_numbers(struct protocol_reader *r, const struct node *list) {
  for (NODE_EACH(n, list)) {
    const struct node *number = n->kind == NODE_OBJECT ? node_child(n, "step") : NULL;
    if (number) keys_complain(&r->keys, number, "a step that is put in has no number of its own; leave \"step\" out");
  }
}

/* The steps of the file as a list; a single one is a list of one. */
static const struct node *list_of(struct protocol_reader *r, struct node *root) {
  struct node *list = root;
  if (root->kind == NODE_OBJECT) {
    list = node_new(r->arena, NODE_ARRAY);
    list->line = root->line, list->col = root->col;
    node_append(list, root);
  }
  if (list->kind == NODE_ARRAY && list->count && list->count <= INSERT_STEPS_MAX) return list;
  keys_complain(&r->keys, root, "this is no step, nor a list of 1 to %d steps", INSERT_STEPS_MAX);
  return NULL;
}

bool protocol_has_added(const struct protocol *p) {
  for (size_t c = 0; c < p->cases.n; c++)
    for (size_t i = 0; i < p->cases.v[c]->steps.n; i++)
      if (p->cases.v[c]->steps.v[i]->added) return true;
  return false;
}

int protocol_insert(struct insert *out, struct protocol *p, struct arena *a, struct source src, struct str after,
                    const struct step_kind *const *kinds, struct findings *f) {
  size_t before = findings_count(f, SEV_ERROR);
  struct protocol *of_src = ARENA_NEW(a, struct protocol); /* what its steps are read as part of */
  struct protocol_reader r = {.arena = a, .kinds = kinds, .protocol = of_src, .mark = "M"};
  struct step *at = protocol_step(p, after);
  struct node *root;
  src.name = arena_str(a, src.name);
  src.bytes = arena_str(a, src.bytes);
  *of_src = *p;
  of_src->source = src;
  r.keys = (struct keys){.arena = a, .file = src.name, .findings = f};
  if (yaml_read(&root, a, src, f) != 0) return -1;
  if (!at) {
    keys_complain(&r.keys, root, "the protocol has no step \"%.*s\" to put it behind", STR_F(after));
    return -1;
  }
  struct protocol_case read = {.id = base_of(at)};
  take_known(&r);
  step_read_init(&r);
  const struct node *list = list_of(&r, root);
  check_numbers(&r, list);
  step_read_behind(&r, &read, list, count_added(at->in, read.id));
  if (findings_count(f, SEV_ERROR) > before) return -1;
  put_in(out, at->in, &read, place_behind(at), a);
  return 0;
}
