/* assert: an expression over a message, compared by one operator; one row an operator. */
#include "base/map.h"
#include "steps/steps_int.h"

#define ASSERT_SOURCE_MAX ((size_t)1000)

struct asserting;

struct operator{
  const char *key;
  const char *en, *da; /* as in "expected ... X" */
  /* Exactly one of both: does a value hold, or does the whole? -1: cannot be told, a->error says why. */
  int (*value)(struct asserting * a, struct str value);
  int (*whole)(struct asserting * a);
  /* Checks the operator's value in the file; may be NULL. */
  void (*check)(struct keys * k, const struct node *n);
};

struct assert_args {
  struct expression x;
  const struct operator* op;
  const struct node *value; /* NULL: the expression must be true */
  struct protocol_text because;
};

struct asserting {
  const struct step_view *v;
  const struct assert_args *args;
  struct expression_result r;
  VEC(struct str) wanted; /* the operator's values, variables replaced */
  struct error error;
  size_t bad; /* index of the value that does not hold */
};

static struct str wanted(const struct asserting *a) {
  return a->wanted.n ? a->wanted.v[0] : (struct str){0};
}

static int op_equals(struct asserting *a, struct str value) {
  return str_eq(value, wanted(a));
}

static int op_not(struct asserting *a, struct str value) {
  return !str_eq(value, wanted(a));
}

static int op_in(struct asserting *a, struct str value) {
  for (size_t i = 0; i < a->wanted.n; i++)
    if (str_eq(value, a->wanted.v[i])) return 1;
  return 0;
}

static int op_matches(struct asserting *a, struct str value) {
  bool found;
  return regex_match(&found, wanted(a), value, &a->error) < 0 ? -1 : found;
}

static int op_contains(struct asserting *a, struct str value) {
  return str_find(value, wanted(a), 0) != SIZE_MAX;
}

static int op_starts(struct asserting *a, struct str value) {
  return str_starts(value, wanted(a));
}

/* A FHIR date alone, "2026-01-05": it sorts by bytes. */
static bool is_date(struct str s) {
  if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-') return false;
  for (size_t i = 0; i < s.n; i++)
    if (i != 4 && i != 7 && (s.p[i] < '0' || s.p[i] > '9')) return false;
  return true;
}

/* -1, 0, 1 in *order; -1 returned if both are neither numbers nor times. */
static int compare(struct asserting *a, struct str x, struct str y, int *order) {
  double dx, dy;
  int64_t tx, ty;
  bool zx, zy;
  if (str_double(x, &dx) && str_double(y, &dy)) {
    *order = (dx > dy) - (dx < dy);
    return 0;
  }
  if (is_date(x) && is_date(y)) {
    *order = str_cmp(x, y);
    return 0;
  }
  if (time_parse(x, &tx, &zx) && time_parse(y, &ty, &zy) && zx == zy) {
    *order = (tx > ty) - (tx < ty);
    return 0;
  }
  return error_set(&a->error, ERR_SYNTAX, "'%.*s' and '%.*s' are neither both numbers nor both times of one kind",
                   STR_F(x), STR_F(y));
}

static int op_less(struct asserting *a, struct str value) {
  int order;
  return compare(a, value, wanted(a), &order) < 0 ? -1 : order < 0;
}

static int op_greater(struct asserting *a, struct str value) {
  int order;
  return compare(a, value, wanted(a), &order) < 0 ? -1 : order > 0;
}

static int op_count(struct asserting *a) {
  int64_t n;
  if (!str_int(wanted(a), &n)) return error_set(&a->error, ERR_SYNTAX, "'%.*s' is no whole number", STR_F(wanted(a)));
  return (int64_t)a->r.values.n == n;
}

static int op_exists(struct asserting *a) {
  return (a->r.values.n > 0) == str_eqz(wanted(a), "true");
}

/* Of a fact: no other message of the run has it; else: no value comes twice. */
static int unique_fact(struct asserting *a) {
  struct str on = keys_text(a->v->at->step->args_node, "on");
  const struct state_message *self = state_message_find(a->v->state, on);
  if (a->r.values.n == 0) return 0;
  for (size_t i = 0; i < a->v->state->messages.n; i++) {
    const struct state_message *m = a->v->state->messages.v[i];
    if (m != self && str_eq_nocase(facts_find(&m->facts, a->args->x.text), a->r.values.v[0].text)) return 0;
  }
  return 1;
}

/* Among several values one suffices. */
static int op_has(struct asserting *a) {
  for (size_t i = 0; i < a->r.values.n; i++)
    if (str_eq(a->r.values.v[i].text, wanted(a))) return 1;
  return 0;
}

static int op_unique(struct asserting *a) {
  struct map seen;
  if (a->args->x.kind == EXPRESSION_FACT) return unique_fact(a);
  map_init(&seen, a->v->scratch);
  for (size_t i = 0; i < a->r.values.n; i++) {
    a->bad = i;
    if (!map_set(&seen, a->r.values.v[i].text, a)) return 0;
  }
  return a->r.values.n > 0;
}

static int op_true(struct asserting *a) {
  if (a->r.truth < 0) a->error = a->r.wrong;
  return a->r.truth;
}

static void check_pattern(struct keys *k, const struct node *n) {
  struct error e;
  if (expand_has(n->text) || regex_check(n->text, &e) == 0) return;
  struct node at = args_offset(n, e.line, e.col);
  keys_complain(k, &at, "%s", e.text);
}

static void check_count(struct keys *k, const struct node *n) {
  int64_t value;
  if (!expand_has(n->text) && (!str_int(n->text, &value) || value < 0))
    keys_complain(k, n, "\"count\" is a whole number, not \"%.*s\"", STR_F(n->text));
}

static void check_unique(struct keys *k, const struct node *n) {
  if (!str_eqz(n->text, "true")) keys_complain(k, n, "\"unique\" can only be true; leave it out otherwise");
}

static void check_in(struct keys *k, const struct node *n) {
  if (n->kind == NODE_ARRAY && n->count == 0) keys_complain(k, n, "\"in\" needs at least one value");
}

static void check_order(struct keys *k, const struct node *n) {
  int64_t ms;
  double number;
  bool zone;
  if (expand_has(n->text) || str_double(n->text, &number) || time_parse(n->text, &ms, &zone) || is_date(n->text))
    return;
  keys_complain(k, n, "\"%.*s\" compares numbers or times, which \"%.*s\" is not", STR_F(n->name), STR_F(n->text));
}

static const struct operator operators[] = {
    {"equals", "", "", op_equals, NULL, NULL},
    {"not", "other than ", "noget andet end ", op_not, NULL, NULL},
    {"in", "one of ", "en af ", op_in, NULL, check_in},
    {"matches", "a match of ", "noget, der passer med ", op_matches, NULL, check_pattern},
    {"contains", "something that contains ", "noget, der indeholder ", op_contains, NULL, NULL},
    {"starts", "something that begins with ", "noget, der begynder med ", op_starts, NULL, NULL},
    {"count", "a number of values of ", "et antal værdier på ", NULL, op_count, check_count},
    {"exists", "existence: ", "eksistens: ", NULL, op_exists, NULL},
    {"has", "among the values ", "blandt værdierne ", NULL, op_has, NULL},
    {"less", "less than ", "mindre end ", op_less, NULL, check_order},
    {"greater", "greater than ", "større end ", op_greater, NULL, check_order},
    {"unique", "no value twice", "ingen værdi to gange", NULL, op_unique, check_unique},
};
#define OPERATORS (sizeof operators / sizeof *operators)

static const struct operator must_be_true = {NULL, "true", "sandt", NULL, op_true, NULL};

static const struct key keys[] = {{"on", KEY_TEXT, true, NULL},        {"fhirpath", KEY_FHIRPATH, false, NULL},
                                  {"xpath", KEY_XPATH, false, NULL},   {"fact", KEY_TEXT, false, NULL},
                                  {"segment", KEY_TEXT, false, NULL},  {"of", KEY_TEXT, false, "payload|envelope"},
                                  {"equals", KEY_TEXT, false, NULL},   {"not", KEY_TEXT, false, NULL},
                                  {"in", KEY_LIST, false, NULL},       {"matches", KEY_TEXT, false, NULL},
                                  {"contains", KEY_TEXT, false, NULL}, {"starts", KEY_TEXT, false, NULL},
                                  {"count", KEY_TEXT, false, NULL},    {"exists", KEY_BOOL, false, NULL},
                                  {"has", KEY_TEXT, false, NULL},      {"less", KEY_TEXT, false, NULL},
                                  {"greater", KEY_TEXT, false, NULL},  {"unique", KEY_BOOL, false, NULL},
                                  {"because", KEY_TEXT2, false, NULL}, {"rule", KEY_TEXT, false, NULL},
                                  {"warning", KEY_BOOL, false, NULL},  {0}};

static void parse_operator(struct assert_args *args, struct keys *k, const struct node *n) {
  args->op = &must_be_true;
  for (size_t i = 0; i < OPERATORS; i++) {
    const struct node *value = node_child(n, operators[i].key);
    if (!value) continue;
    if (args->value)
      keys_complain(k, value, "an assert has just one operator: \"%s\" stands beside \"%s\"", operators[i].key,
                    args->op->key);
    args->op = &operators[i];
    args->value = value;
    if (operators[i].check) operators[i].check(k, value);
  }
}

/* The operator's value as it is written in the file. */
static struct str value_words(struct arena *a, const struct node *value) {
  struct buf b;
  if (!value || str_eqz(value->name, "unique")) return (struct str){0};
  buf_init(&b, EXPAND_TEXT_MAX);
  if (value->kind != NODE_ARRAY) buf_printf(&b, "'%.*s'", STR_F(value->text));
  if (value->kind == NODE_ARRAY)
    for (NODE_EACH(c, value)) buf_printf(&b, "%s'%.*s'", b.n ? ", " : "", STR_F(c->text));
  return buf_take(&b, a);
}

static void parse(struct step *s, struct keys *k) {
  struct assert_args *args = ARENA_NEW(k->arena, struct assert_args);
  const struct node *n = s->args_node;
  struct str on = keys_text(n, "on");
  s->args = args;
  expression_parse(&args->x, k, n);
  parse_operator(args, k, n);
  keys_text2(&args->because.en, &args->because.da, n, "because");
  struct str value = value_words(k->arena, args->value), what = args->x.text;
  struct protocol_text expected = args->because;
  if (!expected.en.n)
    expected = (struct protocol_text){arena_printf(k->arena, "%.*s: %s%.*s", STR_F(what), args->op->en, STR_F(value)),
                                      arena_printf(k->arena, "%.*s: %s%.*s", STR_F(what), args->op->da, STR_F(value))};
  steps_default_texts(s,
                      (struct protocol_text){arena_printf(k->arena, "The message \"%.*s\" is checked", STR_F(on)),
                                             arena_printf(k->arena, "Meddelelsen \"%.*s\" kontrolleres", STR_F(on))},
                      expected);
}

static int expand_value(struct asserting *a, const struct node *n, struct error *e) {
  struct expander x = {.v = a->v};
  bool pattern = str_eqz(str_z(a->args->op->key), "matches");
  struct str value;
  if (expand_text(&value, &x, n->text, pattern ? EXPAND_REGEX : EXPAND_PLAIN, e) < 0) return -1;
  VEC_PUSH(a->v->scratch, &a->wanted, value);
  return 0;
}

static int expand_values(struct asserting *a, struct error *e) {
  const struct node *n = a->args->value;
  if (n && n->kind != NODE_ARRAY) return expand_value(a, n, e);
  for (NODE_EACH(c, n))
    if (expand_value(a, c, e) < 0) return -1;
  return 0;
}

/* Every value must hold, and there must be one. */
static int holds(struct asserting *a) {
  const struct operator* op = a->args->op;
  if (op->whole) return op->whole(a);
  for (size_t i = 0; i < a->r.values.n; i++) {
    a->bad = i;
    int one = op->value(a, a->r.values.v[i].text);
    if (one != 1) return one;
  }
  return a->r.values.n > 0;
}

static struct str wanted_words(const struct asserting *a) {
  struct expression_result r = {0};
  if (a->args->op == &must_be_true || str_eqz(str_z(a->args->op->key), "unique")) return (struct str){0};
  for (size_t i = 0; i < a->wanted.n; i++)
    VEC_PUSH(a->v->scratch, &r.values, ((struct expression_value){.text = a->wanted.v[i]}));
  return expression_words(a->v->scratch, &r, "");
}

/* Which requirements, else which protocol and step demand it. */
static struct str source_of(const struct step_view *v) {
  const struct step *s = v->at->step;
  const struct protocol *p = v->state->plan->protocol;
  struct buf b;
  buf_init(&b, ASSERT_SOURCE_MAX);
  buf_printf(&b, "%.*s %.*s, %.*s", STR_F(p->id), STR_F(p->version), STR_F(s->number.n ? s->number : s->id));
  for (size_t i = 0; i < s->verifies.n; i++) buf_printf(&b, "%s%.*s", i ? ", " : ": ", STR_F(s->verifies.v[i]));
  return buf_take(&b, v->scratch);
}

static struct str because(const struct asserting *a, struct str text) {
  struct expander x = {.v = a->v};
  struct error e;
  struct str out;
  return expand_text(&out, &x, text, EXPAND_PLAIN, &e) < 0 ? text : out;
}

static void add_finding(struct asserting *a, struct judgement *j, struct str en, struct str da) {
  struct str id = keys_text(a->v->at->step->args_node, "rule");
  struct rule r = steps_rule_table[RULE_ASSERT];
  const struct protocol_text *why = &a->args->because;
  if (id.n) r.id = arena_z(a->v->scratch, id);
  if (keys_bool(a->v->at->step->args_node, "warning")) r.severity = SEV_WARNING;
  r.source = arena_z(a->v->scratch, source_of(a->v));
  r.en = "{1}{3}";
  r.da = "{2}{4}";
  struct str found_en = why->en.n ? arena_printf(a->v->scratch, " (%.*s)", STR_F(en)) : (struct str){0};
  struct str found_da = why->da.n ? arena_printf(a->v->scratch, " (%.*s)", STR_F(da)) : (struct str){0};
  struct place where = a->bad < a->r.values.n ? a->r.values.v[a->bad].where : a->r.where;
  struct finding *f = FINDING(&j->findings, &r, where, why->en.n ? because(a, why->en) : en,
                              why->da.n ? because(a, why->da) : da, found_en, found_da);
  if (f && id.n) f->origin = STR(FINDING_OF_PROTOCOL);
}

/* What was found; where values are counted, how many. */
static struct str found_words(const struct asserting *a, const char *none) {
  struct str words = expression_words(a->v->scratch, &a->r, none);
  if (a->args->op->whole != op_count || a->r.values.n == 0) return words;
  return arena_printf(a->v->scratch, "%zu (%.*s)", a->r.values.n, STR_F(words));
}

static void fail(struct asserting *a, struct judgement *j) {
  struct arena *s = a->v->scratch;
  struct str value = wanted_words(a), what = a->args->x.text;
  struct str en = found_words(a, "nothing"), da = found_words(a, "intet");
  add_finding(
      a, j, arena_printf(s, "%.*s: expected %s%.*s, found %.*s", STR_F(what), a->args->op->en, STR_F(value), STR_F(en)),
      arena_printf(s, "%.*s: forventet %s%.*s, fundet %.*s", STR_F(what), a->args->op->da, STR_F(value), STR_F(da)));
}

static void fail_error(struct asserting *a, struct judgement *j, const struct error *e) {
  struct arena *s = a->v->scratch;
  struct str what = a->args->x.text;
  add_finding(a, j, arena_printf(s, "%.*s: cannot be evaluated: %s", STR_F(what), e->text),
              arena_printf(s, "%.*s: kan ikke udregnes: %s", STR_F(what), e->text));
}

static void judge_result(struct asserting *a, struct judgement *j) {
  struct arena *s = a->v->scratch;
  int result = holds(a);
  struct str en = found_words(a, "nothing"), da = found_words(a, "intet");
  judge_actual(j, arena_printf(s, "Found %.*s", STR_F(en)), arena_printf(s, "Fandt %.*s", STR_F(da)));
  if (result == 0) fail(a, j);
  if (result < 0 && a->error.code == ERR_LIMIT)
    JUDGE(j, RULE_ASSERT_UNDECIDED, a->r.where, a->args->x.text, arena_str(s, str_z(a->error.text)));
  else if (result < 0)
    fail_error(a, j, &a->error);
}

static void judge(const struct step_view *v, struct judgement *j) {
  struct asserting a = {.v = v, .args = v->at->step->args};
  struct error e;
  enum expression_status status = expression_eval(&a.r, &a.args->x, v, j, keys_text(v->at->step->args_node, "on"));
  if (status == EXPRESSION_UNDECIDED) return;
  if (status == EXPRESSION_WRONG) {
    fail_error(&a, j, &a.r.wrong);
    return;
  }
  if (expand_values(&a, &e) < 0)
    judge_unresolved(j, &e);
  else
    judge_result(&a, j);
}

const struct step_kind step_assert = {.word = "assert", .keys = keys, .parse = parse, .judge = judge};
