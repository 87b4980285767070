#include "lint/lint_int.h"
#include "plan/plan.h"

#include "base/file.h"
#include "base/utf8.h"

#define ARGS_MAX 2
/* A word further away than this, or than half its length, is no misspelling. */
#define NEAR_MAX 3

static bool complained(const struct findings *f, const struct place *at) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct place *p = &f->list.v[i].where;
    if (at->line && p->line == at->line && p->col == at->col && str_eq(p->message, at->message)) return true;
  }
  return false;
}

void lint_complain(struct lint *l, enum lint_rule rule, struct place at, const struct str *args) {
  size_t n = 0;
  const char *text = lint_rules[rule].en;
  while (n < ARGS_MAX && str_find(str_z(text), arena_printf(l->arena, "{%zu}", n + 1), 0) != SIZE_MAX) n++;
  if (!complained(l->findings, &at)) findings_add(l->findings, &lint_rules[rule], at, n, args);
}

struct place lint_place(struct lint *l, const struct node *n) {
  return node_place(l->arena, l->source->name, n);
}

/* Offset in the source of a line and column; SIZE_MAX if there is none. */
static size_t offset_of(struct str bytes, int line, int col) {
  size_t at = 0;
  for (; line > 1; line--) {
    at = str_find(bytes, STR("\n"), at);
    if (at == SIZE_MAX) return at;
    at++;
  }
  for (uint32_t cp; col > 1 && at < bytes.n; col--) {
    size_t n = utf8_decode(bytes, at, &cp);
    at += n ? n : 1;
  }
  return at;
}

struct place lint_place_in(struct lint *l, const struct node *scalar, size_t offset) {
  struct place p = lint_place(l, scalar);
  struct str bytes = l->source->bytes, before = str_sub(scalar->text, 0, offset);
  size_t start = offset_of(bytes, scalar->line, scalar->col);
  if (start >= bytes.n) return p;
  size_t quote = bytes.p[start] == '"' || bytes.p[start] == '\'' ? 1 : 0;
  /* Only if the source holds just the same bytes: no escapes, no folding. */
  if (!str_starts(str_sub(bytes, start + quote, bytes.n), str_sub(scalar->text, 0, offset + 1))) return p;
  if (str_index(before, '\n') != SIZE_MAX) return p;
  p.col += (int)(quote + utf8_length(before));
  return p;
}

void lint_nearer(struct str word, struct str known, struct str *best, size_t *distance) {
  size_t d = str_distance(word, known);
  if (d > NEAR_MAX || d * 2 > word.n || d >= *distance) return;
  *best = known;
  *distance = d;
}

/* Of another system, and so of another vendor's file. */
static bool is_of_other(const struct lint *l, const struct node *owner) {
  return protocol_owner(l->protocol, keys_text(owner, "party")).n != 0;
}

/* Those that follow from the `ehmi` block of a vendor file instead of standing among its capabilities. */
static const char *const stations[] = {"station-eua", "station-msh", "station-ap"};

static void know(struct lint *l, struct str name) {
  map_set(&l->known, name, l);
}

/* The example names each capability that a shipped protocol asks for; a protocol describes those of its own. */
static void know_capabilities(struct lint *l) {
  struct vendor *v;
  struct error e;
  const char *example = file_join(l->arena, l->data_dir, "vendors/example/example.yaml");
  map_init(&l->capabilities, l->arena);
  map_init(&l->known, l->arena);
  if (!file_exists(example) || vendor_load(&v, l->arena, example, &e) < 0) return;
  for (size_t i = 0; i < v->capabilities.list.n; i++) know(l, v->capabilities.list.v[i].name);
  for (size_t i = 0; i < sizeof stations / sizeof *stations; i++) know(l, str_z(stations[i]));
  for (size_t i = 0; i < l->protocol->capabilities.n; i++) know(l, l->protocol->capabilities.v[i].name);
}

/* What an unknown capability may be a misspelling of; "" for a known one, and for one unlike any. */
static struct str meant_capability(const struct lint *l, struct str name) {
  struct str best = {0};
  size_t distance = SIZE_MAX;
  if (map_get(&l->known, name)) return best;
  for (size_t i = 0; i < l->known.n; i++) lint_nearer(name, l->known.entries[i].key, &best, &distance);
  return best;
}

/* Each capability once, where it is asked for first. Anyone may invent one, but then the protocol describes it. */
static void check_capability(struct lint *l, const struct node *owner) {
  const struct node *when = node_child(owner, "when");
  if (!when || when->text.n == 0) return;
  struct str name = str_starts(when->text, STR("!")) ? str_sub(when->text, 1, when->text.n) : when->text;
  struct str meant = meant_capability(l, name);
  bool strange = l->known.n && !map_get(&l->known, name);
  bool judged = l->vendor && !is_of_other(l, owner);
  bool declared = judged && facts_get(&l->vendor->capabilities, arena_z(l->arena, name)).n;
  if (declared || (!judged && !strange) || map_get(&l->capabilities, name)) return;
  map_set(&l->capabilities, name, (void *)when);
  if (meant.n)
    LINT(l, judged ? LINT_CAPABILITY_WRONG : LINT_CAPABILITY_NEAR, lint_place(l, when), name, meant);
  else if (judged)
    LINT(l, LINT_CAPABILITY, lint_place(l, when), name, l->vendor->source.name);
  else
    LINT(l, LINT_CAPABILITY_NEW, lint_place(l, when), name);
}

/* Expressions that are true of every message. */
static const struct {
  const char *key, *text;
} tautologies[] = {
    {"fhirpath", "true"}, {"fhirpath", "true()"}, {"fhirpath", "1 = 1"}, {"xpath", "true()"}, {"xpath", "1 = 1"},
    {"matches", ""},      {"matches", ".*"},      {"matches", "^.*$"},   {"contains", ""},    {"starts", ""},
};

/* `equals: true` of a true expression is as empty as the expression alone. */
static bool asks_more(const struct node *args) {
  static const char *const operators[] = {"not",    "in",  "matches", "contains", "starts", "count",
                                          "exists", "has", "less",    "greater",  "unique"};
  const struct node *equals = node_child(args, "equals");
  if (equals && !str_eqz(equals->text, "true")) return true;
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
    if (node_child(args, operators[i])) return true;
  return false;
}

static void check_assert(struct lint *l, const struct step *s) {
  if (!str_eqz(str_z(s->kind->word), "assert") || s->args_node->kind != NODE_OBJECT) return;
  for (size_t i = 0; i < sizeof tautologies / sizeof *tautologies; i++) {
    const struct node *n = node_child(s->args_node, tautologies[i].key);
    bool expression = str_ends(str_z(tautologies[i].key), STR("path"));
    if (!n || !str_eqz(str_trim(n->text), tautologies[i].text) || (expression && asks_more(s->args_node))) continue;
    LINT(l, LINT_ALWAYS_TRUE, lint_place(l, n),
         arena_printf(l->arena, "%s: %s", tautologies[i].key, tautologies[i].text));
  }
}

static void check_either(struct lint *l, const struct step *s) {
  size_t n = 0;
  if (s->either.n == 0) return;
  for (size_t i = 0; i < s->in->steps.n; i++) n += str_eq(s->in->steps.v[i]->either, s->either);
  if (n == 1) LINT(l, LINT_EITHER, lint_place(l, node_child(s->node, "either")), s->either);
}

/* What goes into a message that we make. */
static bool is_made(const struct node *arg) {
  return str_eqz(arg->name, "with") || str_eqz(arg->name, "scopes");
}

/* Variables of a step: in the values of `with` more is allowed, in texts of the printed protocol less. */
static void check_variables(struct lint *l, const struct step *s) {
  struct str word = str_z(s->kind->word);
  bool sends = str_starts(word, STR("send")), asks = str_eqz(word, "http") || str_eqz(word, "preload");
  struct lint_scope text = {0}, args = {.parties = sends, .making = asks},
                    with = {.making = true, .parties = sends || asks};
  for (NODE_EACH(c, s->node))
    if (c != s->args_node) variables_check(l, c, &text);
  if (s->args_node->text.n) variables_check(l, s->args_node, &args);
  for (NODE_EACH(c, s->args_node)) variables_check(l, c, is_made(c) ? &with : &args);
}

/* What this system's exchange cannot do. */
static void check_fits(struct lint *l, const struct step *s) {
  struct error e;
  if (!l->vendor || !s->kind->fits) return;
  struct vendor_wire wire = plan_wire(l->protocol, l->vendor, s->at);
  if (s->kind->fits(s, &wire, &e) == 0) return;
  LINT(l, LINT_FITS, lint_place(l, s->args_node), str_z(e.text));
}

static void check_step(struct lint *l, const struct step *s) {
  l->source = s->source;
  check_capability(l, s->node);
  names_check(l, s);
  check_variables(l, s);
  fixtures_check(l, s);
  check_assert(l, s);
  useless_check_step(l, s);
  check_either(l, s);
  check_fits(l, s);
  if (s->action.en.n == 0) LINT(l, LINT_NO_ACTION, lint_place(l, s->node), s->id);
  names_give(l, s);
}

static void check_case(struct lint *l, const struct protocol_case *c) {
  check_capability(l, c->node);
  const struct node *steps = node_child(c->node, "steps");
  if (steps && steps->count == 0) LINT(l, LINT_EMPTY_SECTION, lint_place(l, steps), STR(""));
  for (size_t i = 0; i < c->steps.n; i++) check_step(l, c->steps.v[i]);
  l->source = &l->protocol->source;
}

/* Places are in src, names are those of the whole protocol up to where the steps were put in. */
int lint_insert(struct findings *f, struct arena *a, const struct protocol *p, const struct insert *in,
                struct source src, const char *data_dir, const struct vendor *vendor_or_null) {
  size_t before = findings_count(f, SEV_ERROR);
  struct protocol of_src = *p;
  struct lint l = {.findings = f, .arena = a, .protocol = &of_src, .source = &of_src.source, .vendor = vendor_or_null};
  of_src.source = src;
  l.fixtures = file_join(a, data_dir, "fixtures");
  l.data_dir = data_dir;
  know_capabilities(&l);
  map_init(&l.parameters, a);
  names_collect(&l);
  for (size_t c = 0; c < p->cases.n; c++) {
    const struct protocol_case *pc = p->cases.v[c];
    for (size_t i = 0; i < (pc == in->in ? in->first : pc->steps.n); i++) names_give(&l, pc->steps.v[i]);
    if (pc == in->in) break;
  }
  for (size_t i = 0; i < in->n; i++) check_step(&l, in->in->steps.v[in->first + i]);
  return findings_count(f, SEV_ERROR) > before ? -1 : 0;
}

int lint_protocol(struct findings *f, struct arena *a, const struct protocol *p, const char *data_dir,
                  const struct vendor *vendor_or_null) {
  size_t before = findings_count(f, SEV_ERROR);
  struct lint l = {.findings = f, .arena = a, .protocol = p, .source = &p->source, .vendor = vendor_or_null};
  l.fixtures = file_join(a, data_dir, "fixtures");
  l.data_dir = data_dir;
  know_capabilities(&l);
  map_init(&l.parameters, a);
  names_collect(&l);
  for (size_t i = 0; i < p->cases.n; i++) check_case(&l, p->cases.v[i]);
  useless_check_unused(&l);
  return findings_count(f, SEV_ERROR) > before ? -1 : 0;
}
