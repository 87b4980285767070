/* Names of messages: each is given with `as` by one step, and used by later ones. */
#include "fhir/fhirpath.h"
#include "lint/lint_int.h"

struct use {
  const char *key;
  const char *except; /* words in which the key means something else, "|" between them */
};

/* Keys of a step word whose value is the name of a message. `expected` is a name or a file: fixtures.c. */
static const struct use uses[] = {{"on", "fault"}, {"answers", NULL},        {"again", NULL}, {"pass", NULL},
                                  {"to", "send"},  {"of", "assert|capture"}, {"body", NULL}};

/* FHIRPath N1 9 and FHIR R4 2.1.9.1.5; `vs-...` and `ext-...` besides. */
static const char *const constants[] = {"context", "resource", "rootResource", "ucum", "sct", "loinc"};

static struct lint_name *name_of(const struct lint *l, struct str name) {
  return map_get(&l->names, name);
}

const struct lint_name *lint_name(const struct lint *l, struct str name) {
  return name_of(l, name);
}

void lint_name_used(const struct lint *l, struct str name) {
  name_of(l, name)->used = true;
}

static const struct node *as_of(const struct step *s) {
  const struct node *as = s->args_node->kind == NODE_OBJECT ? node_child(s->args_node, "as") : NULL;
  return as && as->text.n ? as : NULL;
}

static void collect(struct lint *l, const struct node *as, bool variable, bool lost) {
  if (name_of(l, as->text)) return;
  struct lint_name *n = ARENA_NEW(l->arena, struct lint_name);
  *n = (struct lint_name){.name = as->text, .node = as, .variable = variable, .given = lost, .lost = lost};
  map_set(&l->names, as->text, n);
}

/* What a step gives that has no known word, or two of them: to complain of its name as well would only confuse. */
static void collect_lost(struct lint *l, const struct protocol_case *c) {
  for (NODE_EACH(step, node_child(c->node, "steps")))
    for (NODE_EACH(word, step)) {
      const struct node *as = word->kind == NODE_OBJECT ? node_child(word, "as") : NULL;
      if (as && as->text.n) collect(l, as, false, true);
    }
}

/* What is passed on came from a system. */
static bool is_ours(const struct step *s) {
  return str_starts(str_z(s->kind->word), STR("send")) && !node_child(s->args_node, "pass");
}

void names_collect(struct lint *l) {
  map_init(&l->names, l->arena);
  for (size_t i = 0; i < l->protocol->cases.n; i++) {
    const struct protocol_case *c = l->protocol->cases.v[i];
    for (size_t j = 0; j < c->steps.n; j++) {
      const struct node *as = as_of(c->steps.v[j]);
      if (as) collect(l, as, str_eqz(str_z(c->steps.v[j]->kind->word), "capture"), false);
      if (!as) continue;
      name_of(l, as->text)->from = c->steps.v[j]->source;
      name_of(l, as->text)->ours = is_ours(c->steps.v[j]);
    }
  }
  for (size_t i = 0; i < l->protocol->cases.n; i++) collect_lost(l, l->protocol->cases.v[i]);
}

void names_give(struct lint *l, const struct step *s) {
  const struct node *as = as_of(s);
  if (as) name_of(l, as->text)->given = true;
}

static void unknown_name(struct lint *l, const struct node *at) {
  struct str best = {0};
  size_t distance = SIZE_MAX;
  for (size_t i = 0; i < l->names.n; i++) lint_nearer(at->text, l->names.entries[i].key, &best, &distance);
  if (best.n)
    LINT(l, LINT_NAME_NEAR, lint_place(l, at), at->text, best);
  else
    LINT(l, LINT_NAME, lint_place(l, at), at->text);
}

static void check_use(struct lint *l, const struct node *at) {
  if (at->kind != NODE_STRING || str_find(at->text, STR("${"), 0) != SIZE_MAX) return;
  const struct lint_name *n = name_of(l, at->text);
  if (!n)
    unknown_name(l, at);
  else if (n->variable)
    LINT(l, LINT_NAME_VARIABLE, lint_place(l, at), at->text);
  else if (!n->given)
    LINT(l, LINT_NAME_EARLY, lint_place(l, at), at->text, arena_printf(l->arena, "%d", n->node->line));
}

struct percent {
  struct lint *lint;
  const struct node *at;
};

static bool is_constant(struct str name) {
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
    if (str_eqz(name, constants[i])) return true;
  return str_starts(name, STR("vs-")) || str_starts(name, STR("ext-"));
}

static void check_percent(void *payload, struct str name) {
  struct percent *p = payload;
  const struct lint_name *n = name_of(p->lint, name);
  if (is_constant(name) || (n && n->given && !n->variable)) return;
  struct str written = arena_printf(p->lint->arena, "%%%.*s", STR_F(name));
  size_t offset = str_find(p->at->text, written, 0);
  LINT(p->lint, LINT_FHIRPATH_NAME, lint_place_in(p->lint, p->at, offset == SIZE_MAX ? 0 : offset), name);
}

struct str lint_without_variables(struct arena *a, struct str text, char by) {
  struct buf b;
  buf_init(&b, text.n + 1);
  while (text.n) {
    size_t open = str_find(text, STR("${"), 0), close = open == SIZE_MAX ? open : str_find(text, STR("}"), open);
    buf_add(&b, str_sub(text, 0, open));
    if (close == SIZE_MAX) break;
    buf_byte(&b, by);
    text = str_sub(text, close + 1, text.n);
  }
  return buf_take(&b, a);
}

/* One that cannot be parsed was told of when the step was read. */
static void check_fhirpath(struct lint *l, const struct node *at) {
  struct percent p = {l, at};
  struct fhirpath *parsed;
  struct error e;
  if (at->kind != NODE_STRING) return;
  if (fhirpath_parse(&parsed, l->arena, lint_without_variables(l->arena, at->text, 'x'), &e) == 0)
    fhirpath_each_variable(parsed, check_percent, &p);
}

static bool is_meant(const struct use *u, const char *word) {
  for (struct str rest = str_z(u->except); rest.n;)
    if (str_eqz(str_cut(&rest, '|'), word)) return false;
  return true;
}

void names_check(struct lint *l, const struct step *s) {
  if (s->args_node->kind != NODE_OBJECT) return;
  for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
    const struct node *at = node_child(s->args_node, uses[i].key);
    if (!at || !is_meant(&uses[i], s->kind->word)) continue;
    if (at->kind != NODE_ARRAY) check_use(l, at);
    for (const struct node *c = at->kind == NODE_ARRAY ? at->first : NULL; c; c = c->next) check_use(l, c);
  }
  const struct node *fhirpath = node_child(s->args_node, "fhirpath");
  if (fhirpath) check_fhirpath(l, fhirpath);
}
