/* What is wrong with a script itself: told with its place, and never held against the system under test. */
#include "fhir/fhirpath.h"
#include "lint/lint_int.h"
#include "lint/testscript_int.h"

struct checking {
  struct testscript_set *set;
  struct ts_script *script;
  struct findings *findings;
  struct ts_action *action;     /* at hand; NULL: a variable or fixture */
  struct ts_variable *variable; /* at hand; NULL: none */
  const struct node *at;        /* the text at hand */
};

#define COMPLAIN(c, rule, at, ...)                                                                                     \
  complain((c), (rule), (at), (struct str[]){__VA_ARGS__}, sizeof((struct str[]){__VA_ARGS__}) / sizeof(struct str))

/* An error, or what is not supported, keeps the action from being done. */
static void complain(struct checking *c, enum testscript_rule rule, const struct node *at, const struct str *args,
                     size_t n) {
  const struct rule *r = &testscript_rules[rule];
  const struct finding *f = findings_add(c->findings, r, node_place(c->set->arena, c->script->src.name, at), n, args);
  struct said *fault = c->action ? &c->action->fault : c->variable ? &c->variable->fault : NULL;
  if (!f || r->severity < SEV_UNDECIDED || !fault || fault->en.n) return;
  *fault = (struct said){arena_printf(c->set->arena, "%d:%d: %.*s", at->line, at->col, STR_F(f->en)),
                         arena_printf(c->set->arena, "%d:%d: %.*s", at->line, at->col, STR_F(f->da))};
}

/* Is it a fixture, or what an operation calls its request or response? */
static bool is_source(const struct ts_script *x, struct str id) {
  if (ts_fixture_find(x, id)) return true;
  for (size_t i = 0; i < x->actions.n; i++)
    if (!x->actions.v[i].asserts && (str_eq(node_text_at(x->actions.v[i].node, "requestId"), id) ||
                                     str_eq(node_text_at(x->actions.v[i].node, "responseId"), id)))
      return true;
  return false;
}

static void use_variable(void *payload, struct str name, size_t from, size_t to) {
  struct checking *c = payload;
  struct ts_variable *v = ts_variable_find(c->script, name);
  struct str near = {0};
  size_t distance = SIZE_MAX;
  (void)from, (void)to;
  if (v && v->source.n && !is_source(c->script, v->source) && !node_child(v->node, "defaultValue"))
    COMPLAIN(c, TS_VARIABLE_SOURCE, c->at, name, v->source);
  if (v) {
    v->used = true;
    if (c->action && !c->action->fault.en.n) c->action->fault = v->fault;
    return;
  }
  for (size_t i = 0; i < c->script->variables.n; i++)
    lint_nearer(name, c->script->variables.v[i].name, &near, &distance);
  if (near.n)
    COMPLAIN(c, TS_VARIABLE_NEAR, c->at, name, near);
  else
    COMPLAIN(c, TS_VARIABLE, c->at, name);
}

/* "$name" looks like one, and is none. */
static void check_bare(struct checking *c, struct str text) {
  for (size_t at = 0; (at = str_find(text, STR("$"), at)) != SIZE_MAX; at++) {
    size_t end = at + 1;
    while (end < text.n && (ascii_is_alnum(text.p[end]) || text.p[end] == '-' || text.p[end] == '_')) end++;
    struct str name = str_sub(text, at + 1, end);
    if (name.n > 1 && !str_eqz(name, "this") && !str_eqz(name, "index") && !str_eqz(name, "total"))
      COMPLAIN(c, TS_VARIABLE_BARE, c->at, name);
  }
}

static void check_text(struct checking *c, const struct node *at) {
  if (!at) return;
  c->at = at;
  ts_each_variable(at->text, use_variable, c);
  check_bare(c, at->text);
}

/* Functions that give a number. */
static const char *const counting[] = {"count()", "length()", "toInteger()", "toDecimal()", "sum()"};

/* FHIRPath has no conversion in `=`: 2 = '2' is false whatever is counted. */
static bool compares_with_text(struct str text, struct str function) {
  for (size_t at = 0; (at = str_find(text, function, at)) != SIZE_MAX; at++) {
    struct str rest = str_trim(str_sub(text, at + function.n, text.n));
    size_t op = str_starts(rest, STR("!=")) ? 2 : str_starts(rest, STR("=")) ? 1 : 0;
    if (op && str_starts(str_trim(str_sub(rest, op, rest.n)), STR("'"))) return true;
  }
  return false;
}

static bool check_types(struct checking *c, const struct node *at) {
  for (size_t i = 0; i < sizeof counting / sizeof *counting; i++) {
    if (!compares_with_text(at->text, str_z(counting[i]))) continue;
    COMPLAIN(c, TS_TYPES, at, str_z(counting[i]));
    return false;
  }
  return true;
}

/* A number may stand without quotes; which expressions give one is told by how they end. */
static bool gives_number(const struct ts_variable *v) {
  struct str expression = v ? node_text_at(v->node, "expression") : (struct str){0};
  double number;
  for (size_t i = 0; i < sizeof counting / sizeof *counting; i++)
    if (str_ends(expression, str_z(counting[i]))) return true;
  return !v || str_double(node_text_at(v->node, "defaultValue"), &number);
}

static bool check_quotes(struct checking *c, const struct node *at) {
  bool quoted = false;
  for (size_t i = 0; i < at->text.n; i++) {
    if (at->text.p[i] == '\'' && (i == 0 || at->text.p[i - 1] != '\\')) quoted = !quoted;
    struct str rest = str_sub(at->text, i, at->text.n);
    if (quoted || !str_starts(rest, STR("${"))) continue;
    struct str name = str_sub(rest, 2, str_index(rest, '}'));
    if (gives_number(ts_variable_find(c->script, name))) continue;
    COMPLAIN(c, TS_UNQUOTED, at, name);
    return false;
  }
  return true;
}

/* The name of a type is no element of FHIR, though JSON writes it as one. */
static bool check_type_name(struct checking *c, const struct node *at) {
  struct str word = STR("resourceType");
  bool quoted = false;
  for (size_t i = 0; i < at->text.n; i++) {
    if (at->text.p[i] == '\'') quoted = !quoted;
    struct str rest = str_sub(at->text, i, at->text.n);
    if (quoted || !str_starts(rest, word) || (rest.n > word.n && ascii_is_alnum(rest.p[word.n]))) continue;
    COMPLAIN(c, TS_FHIRPATH, at,
             STR("FHIRPath: \"resourceType\" is no element of a resource; write ofType(...) or is"));
    return false;
  }
  return true;
}

static void check_expression(struct checking *c, const struct node *at) {
  struct fhirpath *fp;
  struct error e;
  if (!at) return;
  check_text(c, at);
  if (!check_quotes(c, at) || !check_type_name(c, at)) return;
  /* A number: a text too, where it stands in quotes. */
  struct str text = lint_without_variables(c->set->arena, at->text, '1');
  if (fhirpath_parse(&fp, c->set->arena, text, &e) < 0)
    COMPLAIN(c, e.code == ERR_UNSUPPORTED ? TS_UNSUPPORTED : TS_FHIRPATH, at,
             arena_printf(c->set->arena, "FHIRPath, at %d:%d of it: %s", e.line, e.col, e.text));
  else if (check_types(c, at) && c->set->o->shapes && str_starts(text, STR("Bundle.")) &&
           fhirpath_check(fp, c->set->o->shapes, STR("Bundle"), &e) < 0)
    COMPLAIN(c, TS_FHIRPATH, at, arena_printf(c->set->arena, "FHIRPath: %s", e.text));
}

static void check_reference(struct checking *c, const char *name) {
  const struct node *at = node_child(c->action->node, name);
  if (at && !is_source(c->script, at->text)) COMPLAIN(c, TS_REFERENCE, at, at->text);
}

static bool has_profile(const struct ts_script *x, struct str id) {
  for (NODE_EACH(n, x->root))
    if (str_eqz(n->name, "profile") && str_eq(node_text_at(n, "id"), id)) return true;
  return false;
}

static void check_assert(struct checking *c) {
  const struct node *n = c->action->node, *profile = node_child(n, "validateProfileId");
  static const char *const texts[] = {"value", "requestURL", "headerField"};
  struct str why;
  check_expression(c, node_child(n, "expression"));
  check_expression(c, node_child(n, "compareToSourceExpression"));
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) check_text(c, node_child(n, texts[i]));
  check_reference(c, "sourceId");
  check_reference(c, "compareToSourceId");
  if (profile && !has_profile(c->script, profile->text)) COMPLAIN(c, TS_PROFILE, profile, profile->text);
  if (!ts_assert_known(c->action, &why)) COMPLAIN(c, TS_UNSUPPORTED, n, why);
}

/* The harness needs the file of what it sends itself. */
static void check_fixture_sent(struct checking *c, const struct node *source) {
  struct ts_fixture *f = (struct ts_fixture *)ts_fixture_find(c->script, source->text);
  if (!f || ts_by_system(c->script, c->action)) return;
  f->sent = true;
  if (f->tree) return;
  if (f->fault.en.n) {
    c->action->fault = f->fault;
    return;
  }
  if (f->where == TS_OUTSIDE)
    COMPLAIN(c, TS_FIXTURE_OUTSIDE, node_at(f->node, "resource.reference"), f->reference);
  else
    COMPLAIN(c, TS_FIXTURE, f->node, f->id, f->reference);
  f->fault = c->action->fault;
}

static void check_operation(struct checking *c) {
  const struct node *n = c->action->node, *source = node_child(n, "sourceId");
  struct str why;
  check_text(c, node_child(n, "params"));
  check_text(c, node_child(n, "url"));
  check_reference(c, "sourceId");
  check_reference(c, "targetId");
  if (source) check_fixture_sent(c, source);
  for (NODE_EACH(h, n))
    if (str_eqz(h->name, "requestHeader")) check_text(c, node_child(h, "value"));
  if (!ts_operation_known(c->script, c->action, c->set->arena, &why)) COMPLAIN(c, TS_UNSUPPORTED, n, why);
}

static void check_variables(struct checking *c) {
  for (size_t i = 0; i < c->script->variables.n; i++) {
    struct ts_variable *v = c->variable = &c->script->variables.v[i];
    const struct node *path = node_child(v->node, "path");
    check_expression(c, node_child(v->node, "expression"));
    if (path && !ts_path(c->set->arena, path->text).n)
      COMPLAIN(c, TS_UNSUPPORTED, path, arena_printf(c->set->arena, "the path \"%.*s\"", STR_F(path->text)));
  }
  c->variable = NULL;
}

static void check_unused(struct checking *c) {
  for (size_t i = 0; i < c->script->variables.n; i++) {
    const struct ts_variable *v = &c->script->variables.v[i];
    if (!v->used) COMPLAIN(c, TS_VARIABLE_UNUSED, v->node, v->name);
  }
}

/* The fixture whose id the text is made of; NULL. */
static struct ts_fixture *fixture_in(struct checking *c, struct str text) {
  const struct ts_script *x = c->script;
  for (size_t i = 0; i < x->variables.n; i++) {
    const struct ts_variable *v = &x->variables.v[i];
    if (!str_ends(node_text_at(v->node, "expression"), STR("id"))) continue;
    if (str_find(text, arena_printf(c->set->arena, "${%.*s}", STR_F(v->name)), 0) != SIZE_MAX)
      return (struct ts_fixture *)ts_fixture_find(x, v->source);
  }
  return NULL;
}

/* A fixture that is put there and never read, while another is read twice: the wrong one was written. */
static void check_reads(struct checking *c) {
  for (size_t i = 0; i < c->script->actions.n; i++) {
    const struct ts_action *act = &c->script->actions.v[i];
    const struct node *params = node_child(act->node, "params");
    struct ts_fixture *f = params && str_eqz(ts_code(act), "read") ? fixture_in(c, params->text) : NULL;
    if (!f) continue;
    for (size_t k = 0; f->read && k < c->script->fixtures.n; k++) {
      struct ts_fixture *other = &c->script->fixtures.v[k];
      bool never = other->sent && !other->read;
      for (size_t m = i + 1; m < c->script->actions.n && never; m++) {
        const struct node *later = node_child(c->script->actions.v[m].node, "params");
        never = !later || fixture_in(c, later->text) != other;
      }
      if (never) COMPLAIN(c, TS_FIXTURE_UNREAD, params, other->id, f->id);
    }
    f->read = true;
  }
}

void ts_check(struct testscript_set *s, struct ts_script *x, struct findings *f) {
  struct checking c = {.set = s, .script = x, .findings = f};
  const struct node start = {.line = 1, .col = 1};
  if (x->checked) return;
  x->checked = true;
  if (!x->root || x->actions.n == 0) {
    if (x->root) x->why = STR("the script has no action: there is nothing to test");
    COMPLAIN(&c, TS_FORM, x->root ? x->root : &start, x->why);
    return;
  }
  check_variables(&c);
  for (size_t i = 0; i < x->actions.n; i++) {
    c.action = &x->actions.v[i];
    (c.action->asserts ? check_assert : check_operation)(&c);
  }
  c.action = NULL;
  check_unused(&c);
  check_reads(&c);
}
