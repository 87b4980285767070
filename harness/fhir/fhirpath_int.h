/* fhirpath_int: what the files of the FHIRPath engine share: the parsed tree, the state of an evaluation, and
 * the operations on values. */
#ifndef FHIR_FHIRPATH_INT_H
#define FHIR_FHIRPATH_INT_H

#include "base/vec.h"
#include "fhir/decimal.h"
#include "fhir/fhirpath.h"
#include "fhir/shapes.h"

struct fp_list {
  struct fhirpath_value *v;
  size_t n, cap;
};

/* --- tokens ------------------------------------------------------------- */

enum fp_token_kind {
  FP_END,
  FP_WORD,     /* name, may be a keyword */
  FP_QUOTED,   /* `name` */
  FP_STRING_T, /* 'text' */
  FP_NUMBER_T,
  FP_DATE_T,  /* @..., text without the @ */
  FP_DOLLAR,  /* $this, text "this" */
  FP_PERCENT, /* %name, text "name" */
  FP_SYMBOL   /* one of the operators and brackets */
};

struct fp_token {
  enum fp_token_kind kind;
  struct str text; /* unescaped */
  size_t at;       /* offset in the expression */
};

/* Splits an expression; -1 with position where it cannot. */
MUST_CHECK int fp_lex(struct fp_token **out, size_t *n, struct arena *a, struct str text, struct error *e);
/* Fills e with line and column of an offset in an expression. */
#define fp_fail(e, code, expression, at, ...)                                                                          \
  error_at((e), (code), STR("FHIRPath"), fp_line((expression), (at)), fp_column((expression), (at)), __VA_ARGS__)
int fp_line(struct str expression, size_t at);
int fp_column(struct str expression, size_t at);

/* --- the tree ------------------------------------------------------------ */

enum fp_kind {
  FP_EMPTY, /* {} */
  FP_LITERAL,
  FP_THIS,
  FP_INDEX,
  FP_TOTAL,
  FP_VARIABLE, /* %text */
  FP_NAME,     /* left.text; left NULL: of $this */
  FP_CALL,     /* left.text(args) */
  FP_INDEXER,  /* left[right] */
  FP_POLARITY, /* -left, +left */
  FP_BINARY,   /* left op right */
  FP_TYPE      /* left is/as text */
};

struct fp_node {
  enum fp_kind kind;
  size_t at;
  int depth;
  struct str text; /* name, operator, type specifier */
  struct fhirpath_value literal;
  struct fp_node *left, *right;
  struct fp_node *args, *next; /* of a call */
  size_t args_n;
  const struct fp_function *fn;
  const struct fp_operator *op;
};

/* What the types of an expression were last found to be sound for: most are judged on the same type again and again. */
struct fp_checked {
  const struct shapes *shapes; /* NULL: nothing yet */
  struct shape_use input;
};

struct fhirpath {
  struct str text;
  struct fp_node *root;
  struct fp_checked *checked;
};

/* --- evaluation ---------------------------------------------------------- */

struct fp_scope {
  const struct fp_list *self; /* $this */
  const struct fp_list *total;
  int64_t index; /* -1: not in a loop */
};

struct fp_eval {
  struct arena *a;
  const struct fhirpath *fp;
  const struct fhirpath_env *env;
  const struct node *input;
  struct error *e;
  size_t at; /* where in the expression we are, for errors */
  size_t steps, bytes;
  int64_t now; /* one moment for the whole evaluation; 0: not asked yet */
};

struct fp_call {
  struct fp_eval *ev;
  const struct fp_node *node;
  const struct fp_list *input;
  const struct fp_scope *scope;
  struct fp_list *out;
};

struct fp_function {
  const char *name;
  size_t min, max;
  int (*fn)(struct fp_call *c);
};

struct fp_operator {
  const char *name;
  int binding; /* higher binds tighter */
  int (*fn)(struct fp_eval *ev, struct fp_list *out, const struct fp_list *x, const struct fp_list *y,
            const char *name);
};

const struct fp_function *fp_function_find(struct str name);
const struct fp_operator *fp_operator_find(struct str name);

/* The value of n within scope; out must be empty. */
int fp_evaluate(struct fp_list *out, struct fp_eval *ev, const struct fp_node *n, const struct fp_scope *scope);
/* One step of work; -1 with an error when a limit is reached. */
int fp_step(struct fp_eval *ev);
#define fp_error(ev, code, ...) fp_fail((ev)->e, (code), (ev)->fp->text, (ev)->at, __VA_ARGS__)
/* Types that can be known before any evaluation: an error where a name cannot be there. */
int fp_check(struct fp_eval *ev, const struct fp_node *n, const struct shape_use *input);

/* --- functions: arguments and results ------------------------------------ */

/* Argument i, evaluated where the call stands. */
int fp_arg(struct fp_call *c, size_t i, struct fp_list *out);
/* Argument i for one item as $this. */
int fp_lambda(struct fp_call *c, size_t i, const struct fhirpath_value *item, int64_t index, struct fp_list *out);
/* Argument i as one string, integer: 1 there, 0 empty, -1 error. */
int fp_arg_string(struct fp_call *c, size_t i, struct str *out);
int fp_arg_int(struct fp_call *c, size_t i, int64_t *out);
/* The input as one value of a kind: 1 there, 0 empty, -1 error. */
int fp_input(struct fp_call *c, const struct fhirpath_value **out);
int fp_input_string(struct fp_call *c, struct str *out);
/* The type specifier that an argument is written as; -1 if it is none. */
int fp_arg_type(struct fp_call *c, size_t i, struct str *out);

void fp_add(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *v);
void fp_add_all(struct fp_eval *ev, struct fp_list *out, const struct fp_list *more);
int fp_put_bool(struct fp_eval *ev, struct fp_list *out, bool value);
int fp_put_int(struct fp_eval *ev, struct fp_list *out, int64_t value);
int fp_put(struct fp_eval *ev, struct fp_list *out, enum fhirpath_type type, struct str text);
/* The text in b, which is released; b has the ceiling FHIRPATH_TEXT_MAX + 1. */
int fp_put_buf(struct fp_eval *ev, struct fp_list *out, struct buf *b);
int fp_put_decimal(struct fp_eval *ev, struct fp_list *out, const struct decimal *x);
int fp_put_quantity(struct fp_eval *ev, struct fp_list *out, const struct decimal *x, struct str unit, bool calendar);
/* A collection as truth: 1, 0, -1 error, FP_UNKNOWN empty. */
#define FP_UNKNOWN 2
int fp_truth(struct fp_eval *ev, const struct fp_list *list);

/* --- values ---------------------------------------------------------------- */

struct fhirpath_value fp_of_node(const struct node *n, const struct shape_use *use);
/* The value of a whole resource. */
struct fhirpath_value fp_of_resource(struct fp_eval *ev, const struct node *n);
/* Children of v called name (choice elements by their short name too). */
int fp_children(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *v, struct str name);
int fp_all_children(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *v);
/* A FHIR Quantity element as a quantity; a string element without a known type as date where like is one. */
struct fhirpath_value fp_plain(struct fp_eval *ev, const struct fhirpath_value *v);
bool fp_is_number(const struct fhirpath_value *v);
bool fp_is_moment(const struct fhirpath_value *v);

/* is / as / ofType. spec: "Patient", "FHIR.Patient", "System.String". */
bool fp_is_type(struct fp_eval *ev, const struct fhirpath_value *v, struct str spec, bool exact);
/* An error if spec names a type that FHIR does not have (only with facts). */
int fp_type_known(struct fp_eval *ev, struct str spec);

/* Equality: 1 equal, 0 not, FP_UNKNOWN. Equivalence: 1 or 0. */
int fp_equal(struct fp_eval *ev, const struct fhirpath_value *x, const struct fhirpath_value *y);
int fp_equivalent(struct fp_eval *ev, const struct fhirpath_value *x, const struct fhirpath_value *y);
int fp_list_equal(struct fp_eval *ev, const struct fp_list *x, const struct fp_list *y);
int fp_list_equivalent(struct fp_eval *ev, const struct fp_list *x, const struct fp_list *y);
/* Order: *sign below, at or above 0. 1 there, 0 unknown (empty), -1 error. */
int fp_compare(struct fp_eval *ev, const struct fhirpath_value *x, const struct fhirpath_value *y, int *sign);
/* 1 if list holds v by equality, 0 if not, -1 error (limit). */
int fp_contains(struct fp_eval *ev, const struct fp_list *list, const struct fhirpath_value *v);
/* Adds v unless it is there. */
int fp_add_distinct(struct fp_eval *ev, struct fp_list *out, const struct fhirpath_value *v);

/* --- moments: dates and times with precision ------------------------------- */

struct moment {
  int part[6]; /* year, month, day, hour, minute, second */
  int ms;
  int parts; /* of part, from the first; time: from hour, first = 3 */
  int first;
  int ms_digits;
  bool zone;
  int offset; /* minutes */
};

/* Reads date, dateTime or time (with or without T); false if it is none that exists. */
bool moment_parse(struct moment *m, enum fhirpath_type type, struct str text);
struct str moment_text(struct arena *a, const struct moment *m, enum fhirpath_type type);
/* 1 with *sign, or 0 when precision or zone leave it open. */
int moment_compare(const struct moment *x, const struct moment *y, int *sign);
/* Adds n (may be negative) units; calendar arithmetic. False past year 1 or 9999. */
bool moment_add(struct moment *m, int64_t n, const char *unit);
/* Days since 1970-01-01, and back. */
int64_t moment_days(int year, int month, int day);

/* --- quantities -------------------------------------------------------------- */

struct quantity {
  struct decimal value;
  struct str unit;
  bool calendar; /* unit is a word: week */
};

bool quantity_of(struct quantity *q, const struct fhirpath_value *v);
/* The calendar unit in the singular ("week" of "weeks"), or NULL. */
const char *quantity_calendar(struct str word);
/* Both in the same unit. False if that cannot be (equivalence: month = 'mo'). */
bool quantity_align(struct quantity *x, struct quantity *y, bool equivalence);
/* q in the unit of like; false if that cannot be. */
bool quantity_convert(struct quantity *q, const struct quantity *like);
/* Reads "4", "4 'mg'", "4 days". */
bool quantity_parse(struct quantity *q, struct str text);

#endif
