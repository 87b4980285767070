/* Recursive descent with binding strengths (FHIRPath N1, section 2 and 8). */
#include "fhir/fhirpath_int.h"

struct parser {
  struct arena *a;
  struct str text;
  const struct fp_token *tokens;
  size_t at;
  int depth;
  struct error *e;
};

#define BINDING_TYPE 8 /* is, as */

static struct fp_node *parse_expression(struct parser *p, int binding);

static const struct fp_token *now(const struct parser *p) {
  return &p->tokens[p->at];
}

static bool is_symbol(const struct parser *p, const char *symbol) {
  return now(p)->kind == FP_SYMBOL && str_eqz(now(p)->text, symbol);
}

static struct fp_node *fail(struct parser *p, const char *expected) {
  const struct fp_token *t = now(p);
  if (t->kind == FP_END)
    fp_fail(p->e, ERR_SYNTAX, p->text, t->at, "%s expected at the end of the expression", expected);
  else
    fp_fail(p->e, ERR_SYNTAX, p->text, t->at, "%s expected instead of '%.*s'", expected,
            STR_F(str_sub(t->text, 0, 40)));
  return NULL;
}

static bool take(struct parser *p, const char *symbol) {
  if (!is_symbol(p, symbol)) return false;
  p->at++;
  return true;
}

static bool expect(struct parser *p, const char *symbol) {
  if (take(p, symbol)) return true;
  fail(p, symbol);
  return false;
}

static struct fp_node *make(struct parser *p, enum fp_kind kind, struct fp_node *left, struct fp_node *right) {
  struct fp_node *n = ARENA_NEW(p->a, struct fp_node);
  n->kind = kind;
  n->at = left ? left->at : now(p)->at;
  n->left = left;
  n->right = right;
  if (left) n->depth = left->depth + 1;
  if (right && right->depth >= n->depth) n->depth = right->depth + 1;
  if (n->depth <= FHIRPATH_TREE_MAX) return n;
  fp_fail(p->e, ERR_LIMIT, p->text, n->at, "an expression of more than %d chained parts", FHIRPATH_TREE_MAX);
  return NULL;
}

static bool is_name(const struct fp_token *t) {
  return t->kind == FP_WORD || t->kind == FP_QUOTED;
}

static bool parse_args(struct parser *p, struct fp_node *call) {
  struct fp_node **tail = &call->args;
  if (take(p, ")")) return true;
  do {
    struct fp_node *arg = parse_expression(p, 0);
    if (!arg) return false;
    if (arg->depth >= call->depth) call->depth = arg->depth + 1;
    *tail = arg;
    tail = &arg->next;
    call->args_n++;
  } while (take(p, ","));
  return expect(p, ")");
}

static struct fp_node *check_call(struct parser *p, struct fp_node *n) {
  n->fn = fp_function_find(n->text);
  if (!n->fn) {
    fp_fail(p->e, ERR_UNSUPPORTED, p->text, n->at, "there is no function %.*s()", STR_F(str_sub(n->text, 0, 60)));
    return NULL;
  }
  if (n->args_n >= n->fn->min && n->args_n <= n->fn->max) return n;
  fp_fail(p->e, ERR_SYNTAX, p->text, n->at, "%s() takes %zu to %zu arguments, not %zu", n->fn->name, n->fn->min,
          n->fn->max, n->args_n);
  return NULL;
}

/* name or name(args), of left or (NULL) of $this */
static struct fp_node *parse_invocation(struct parser *p, struct fp_node *left) {
  if (left && now(p)->kind == FP_DOLLAR) return fail(p, "a name");
  if (!is_name(now(p))) return fail(p, left ? "a name" : "a value");
  struct fp_node *n = make(p, FP_NAME, left, NULL);
  if (!n) return NULL;
  n->at = now(p)->at;
  n->text = now(p)->text;
  p->at++;
  if (!take(p, "(")) return n;
  n->kind = FP_CALL;
  return parse_args(p, n) ? check_call(p, n) : NULL;
}

static struct fp_node *literal(struct parser *p, enum fhirpath_type type, struct str text) {
  struct fp_node *n = make(p, FP_LITERAL, NULL, NULL);
  n->literal.type = type;
  n->literal.text = text;
  return n;
}

/* A number, with a unit behind it a quantity. */
static struct fp_node *parse_number(struct parser *p) {
  struct str number = now(p)->text;
  bool fraction = str_index(number, '.') != SIZE_MAX;
  struct fp_node *n = literal(p, fraction ? FHIRPATH_DECIMAL : FHIRPATH_INTEGER, number);
  struct decimal value;
  if (!decimal_parse(&value, number)) return fail(p, "a shorter number");
  p->at++;
  const struct fp_token *unit = now(p);
  const char *calendar = unit->kind == FP_WORD ? quantity_calendar(unit->text) : NULL;
  if (unit->kind != FP_STRING_T && !calendar) return n;
  n->literal.type = FHIRPATH_QUANTITY;
  n->literal.unit = calendar ? str_z(calendar) : unit->text;
  n->literal.text = arena_printf(p->a, calendar ? "%.*s %.*s" : "%.*s '%.*s'", STR_F(number), STR_F(n->literal.unit));
  p->at++;
  return n;
}

static struct fp_node *parse_moment(struct parser *p) {
  struct str text = now(p)->text;
  enum fhirpath_type type = FHIRPATH_DATE;
  if (str_index(text, 'T') == 0)
    type = FHIRPATH_TIME;
  else if (str_index(text, 'T') != SIZE_MAX)
    type = FHIRPATH_DATETIME;
  struct moment m;
  if (!moment_parse(&m, type, text)) return fail(p, "a date or time that exists");
  if (type == FHIRPATH_TIME) text = str_sub(text, 1, text.n);
  if (type == FHIRPATH_DATETIME && str_ends(text, STR("T"))) text = str_sub(text, 0, text.n - 1);
  struct fp_node *n = literal(p, type, text);
  p->at++;
  return n;
}

static struct fp_node *parse_dollar(struct parser *p) {
  static const struct {
    const char *name;
    enum fp_kind kind;
  } names[] = {{"this", FP_THIS}, {"index", FP_INDEX}, {"total", FP_TOTAL}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (!str_eqz(now(p)->text, names[i].name)) continue;
    struct fp_node *n = make(p, names[i].kind, NULL, NULL);
    p->at++;
    return n;
  }
  return fail(p, "$this, $index or $total");
}

static struct fp_node *parse_brackets(struct parser *p) {
  if (take(p, "(")) {
    struct fp_node *n = parse_expression(p, 0);
    return n && expect(p, ")") ? n : NULL;
  }
  if (!take(p, "{")) return fail(p, "a value");
  struct fp_node *n = make(p, FP_EMPTY, NULL, NULL);
  return expect(p, "}") ? n : NULL;
}

static struct fp_node *parse_string(struct parser *p) {
  struct fp_node *n = literal(p, FHIRPATH_STRING, now(p)->text);
  p->at++;
  return n;
}

static struct fp_node *parse_variable(struct parser *p) {
  struct fp_node *n = make(p, FP_VARIABLE, NULL, NULL);
  n->text = now(p)->text;
  p->at++;
  return n;
}

static struct fp_node *parse_word(struct parser *p) {
  struct str word = now(p)->text;
  bool truth = now(p)->kind == FP_WORD && (str_eqz(word, "true") || str_eqz(word, "false"));
  if (!truth) return parse_invocation(p, NULL);
  struct fp_node *n = literal(p, FHIRPATH_BOOLEAN, word);
  p->at++;
  return n;
}

static struct fp_node *parse_end(struct parser *p) {
  return fail(p, "a value");
}

static struct fp_node *parse_term(struct parser *p) {
  static struct fp_node *(*const readers[])(struct parser *) = {
      [FP_END] = parse_end,         [FP_WORD] = parse_word,        [FP_QUOTED] = parse_word,
      [FP_STRING_T] = parse_string, [FP_NUMBER_T] = parse_number,  [FP_DATE_T] = parse_moment,
      [FP_DOLLAR] = parse_dollar,   [FP_PERCENT] = parse_variable, [FP_SYMBOL] = parse_brackets,
  };
  return readers[now(p)->kind](p);
}

/* A term with what hangs on it: .name .name(args) [index] */
static struct fp_node *parse_postfix(struct parser *p) {
  struct fp_node *n = parse_term(p);
  while (n) {
    if (take(p, ".")) {
      n = parse_invocation(p, n);
    } else if (take(p, "[")) {
      struct fp_node *index = parse_expression(p, 0);
      n = index && expect(p, "]") ? make(p, FP_INDEXER, n, index) : NULL;
    } else {
      break;
    }
  }
  return n;
}

static struct fp_node *parse_unary(struct parser *p) {
  if (!is_symbol(p, "-") && !is_symbol(p, "+")) return parse_postfix(p);
  struct str sign = now(p)->text;
  size_t at = now(p)->at;
  p->at++;
  if (++p->depth > FHIRPATH_DEPTH_MAX) return fail(p, "an expression less deeply nested");
  struct fp_node *of = parse_unary(p);
  p->depth--;
  struct fp_node *n = of ? make(p, FP_POLARITY, of, NULL) : NULL;
  if (!n) return NULL;
  n->at = at;
  n->text = sign;
  return n;
}

/* Patient, FHIR.Patient, System.String, FHIR.`Patient` */
static bool parse_type(struct parser *p, struct str *out) {
  if (!is_name(now(p))) return fail(p, "a type") != NULL;
  *out = now(p)->text;
  p->at++;
  if (!is_symbol(p, ".") || !is_name(&p->tokens[p->at + 1])) return true;
  if (!str_eqz(*out, "FHIR") && !str_eqz(*out, "System")) return true;
  p->at++;
  *out = arena_printf(p->a, "%.*s.%.*s", STR_F(*out), STR_F(now(p)->text));
  p->at++;
  return true;
}

static struct fp_node *parse_type_operator(struct parser *p, struct fp_node *left) {
  struct fp_node *n = make(p, FP_TYPE, left, NULL);
  if (!n) return NULL;
  bool is = str_eqz(now(p)->text, "is");
  n->at = now(p)->at;
  p->at++;
  n->fn = fp_function_find(is ? STR("is") : STR("as"));
  return parse_type(p, &n->text) ? n : NULL;
}

static bool at_type_operator(const struct parser *p) {
  return now(p)->kind == FP_WORD && (str_eqz(now(p)->text, "is") || str_eqz(now(p)->text, "as"));
}

/* Operators that bind tighter than binding, left to right. */
static struct fp_node *parse_operators(struct parser *p, int binding) {
  struct fp_node *left = parse_unary(p);
  while (left) {
    const struct fp_token *t = now(p);
    if (at_type_operator(p) && binding < BINDING_TYPE) {
      left = parse_type_operator(p, left);
      continue;
    }
    const struct fp_operator *op = t->kind == FP_SYMBOL || t->kind == FP_WORD ? fp_operator_find(t->text) : NULL;
    if (!op || op->binding <= binding) break;
    p->at++;
    struct fp_node *right = parse_expression(p, op->binding);
    left = right ? make(p, FP_BINARY, left, right) : NULL;
    if (!left) break;
    left->at = t->at;
    left->op = op;
  }
  return left;
}

static struct fp_node *parse_expression(struct parser *p, int binding) {
  if (++p->depth > FHIRPATH_DEPTH_MAX) {
    fp_fail(p->e, ERR_LIMIT, p->text, now(p)->at, "an expression nested deeper than %d", FHIRPATH_DEPTH_MAX);
    return NULL;
  }
  struct fp_node *n = parse_operators(p, binding);
  p->depth--;
  return n;
}

int fhirpath_parse(struct fhirpath **out, struct arena *a, struct str expression, struct error *e) {
  struct fp_token *tokens;
  size_t n;
  *out = NULL;
  struct fhirpath *fp = ARENA_NEW(a, struct fhirpath);
  fp->text = arena_str(a, expression);
  fp->checked = ARENA_NEW(a, struct fp_checked);
  if (fp_lex(&tokens, &n, a, fp->text, e)) return -1;
  struct parser p = {a, fp->text, tokens, 0, 0, e};
  fp->root = parse_expression(&p, 0);
  if (!fp->root) return -1;
  if (now(&p)->kind != FP_END) {
    fail(&p, "the end");
    return -1;
  }
  *out = fp;
  return 0;
}

static void each_variable(const struct fp_node *n, void (*fn)(void *payload, struct str name), void *payload) {
  if (!n) return;
  if (n->kind == FP_VARIABLE) fn(payload, n->text);
  each_variable(n->left, fn, payload);
  each_variable(n->right, fn, payload);
  for (const struct fp_node *arg = n->args; arg; arg = arg->next) each_variable(arg, fn, payload);
}

void fhirpath_each_variable(const struct fhirpath *fp, void (*fn)(void *payload, struct str name), void *payload) {
  each_variable(fp->root, fn, payload);
}
