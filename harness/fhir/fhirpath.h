/* fhirpath: FHIRPath N1 (normative 1.0/2.0.0) over FHIR trees of resource.h.
 *
 * An expression is parsed once into an arena (fhirpath_parse) and evaluated as
 * often as wanted. Three files: fhirpath_lex.c, fhirpath_parse.c,
 * fhirpath_eval.c, and one file a family of functions with one row a function
 * in fhirpath_functions.c. Errors in the expression name line and column
 * within it. An error during evaluation (singleton expected, unknown function
 * argument type) is an error with the position in the expression, never an
 * empty result. Unsupported functions are ERR_UNSUPPORTED when parsed. */
#ifndef FHIR_FHIRPATH_H
#define FHIR_FHIRPATH_H

#include "base/buf.h"
#include "base/clock.h"
#include "formats/node.h"

struct shape;
struct shapes;

#define FHIRPATH_DEPTH_MAX 200          /* nesting of an expression */
#define FHIRPATH_TREE_MAX 1500          /* depth of a parsed expression: chains of operators and dots */
#define FHIRPATH_STEPS_MAX 20000000     /* evaluation steps of one call */
#define FHIRPATH_BYTES_MAX (256u << 20) /* memory of one evaluation */
#define FHIRPATH_TEXT_MAX (4u << 20)    /* bytes of one computed string */

enum fhirpath_type {
  FHIRPATH_BOOLEAN,
  FHIRPATH_STRING,
  FHIRPATH_INTEGER,
  FHIRPATH_DECIMAL,
  FHIRPATH_DATE,
  FHIRPATH_DATETIME,
  FHIRPATH_TIME,
  FHIRPATH_QUANTITY,
  FHIRPATH_NODE /* an element that is not a primitive value */
};

/* One item of a collection. node is the element it came from (NULL for computed values): primitives that come
 * from an element have both its system type and its node. */
struct fhirpath_value {
  enum fhirpath_type type;
  struct str text; /* literal: "true", "12", "1.50", "2024-02-29", "4.5 'mg'" (number and unit) */
  struct str unit; /* QUANTITY only: "mg", "week" */
  const struct node *node;
  struct str fhir;           /* its FHIR type ("code", "HumanName", "BackboneElement"); empty: computed or unknown */
  const struct shape *shape; /* where its children are described (fhir/shapes.h); NULL: unknown */
};

struct fhirpath_result {
  VEC(struct fhirpath_value) values;
};

/* A named value of the environment: %name. */
struct fhirpath_variable {
  struct str name;
  const struct node *node; /* either a node */
  struct str text;         /* or a string */
};

struct fhirpath_env {
  const struct node *resource, *root_resource; /* %resource, %rootResource; NULL: the input's */
  const struct fhirpath_variable *variables;
  size_t variables_n;
  struct clock *clock; /* now(), today(); NULL: an error to use them */
  /* Answers for resolve(), memberOf(), conformsTo(), htmlChecks(); NULL: resolve() looks into the root Bundle and
   * contained, the others are ERR_UNSUPPORTED. Returns 1 yes, 0 no, -1 unknown (error). */
  const struct node *(*resolve)(void *context, struct str reference);
  int (*member_of)(void *context, const struct node *coded, struct str value_set);
  int (*conforms_to)(void *context, const struct node *n, struct str profile);
  int (*html_checks)(void *context, const struct node *div);
  void *context;
  /* FHIR type knowledge; NULL: types are guessed from the form of the tree, and names are not checked. With it,
   * a name that no instance can have is an error (static check from the type of the input). */
  const struct shapes *shapes;
  /* Such names mean empty instead, as validators of published rules take them: there are rules in force that name what
   * cannot be there. */
  bool any_name;
  /* With shapes: what has no order (children(), descendants()) may not be counted off by skip(), first(), [0]. */
  bool strict;
};

struct fhirpath; /* a parsed expression */

MUST_CHECK int fhirpath_parse(struct fhirpath **out, struct arena *a, struct str expression, struct error *e);
/* Evaluates over one input node (the context); result in a. */
MUST_CHECK int fhirpath_eval(struct fhirpath_result *out, struct arena *a, const struct fhirpath *fp,
                             const struct node *input, const struct fhirpath_env *env, struct error *e);
/* A collection as a truth value: one true = 1, empty or one false = 0, else (several, not boolean: a single
 * non-boolean counts as true, section 4.5) -1 with an error. */
MUST_CHECK int fhirpath_true(bool *out, const struct fhirpath_result *r, struct error *e);
/* Static check: -1 if the expression, asked of the element at path ("Bundle.entry"), names what no instance can have.
 * Paths that the facts do not know are not checked. */
MUST_CHECK int fhirpath_check(const struct fhirpath *fp, const struct shapes *shapes, struct str path, struct error *e);
/* Calls fn for each %name an expression uses (lint). */
void fhirpath_each_variable(const struct fhirpath *fp, void (*fn)(void *payload, struct str name), void *payload);
/* "Boolean", "String", "Integer", ...; for a node its FHIR type if known, else "Element". */
const char *fhirpath_type_name(enum fhirpath_type type);

/* Prints a collection. tsv: a line an item, "type:value" (FHIR type if known, else boolean, string, integer, decimal,
 * date, dateTime, time, Quantity), with \\ \t \r \n escaped; else the value alone. Elements are printed as JSON. */
void fhirpath_print(struct buf *out, const struct fhirpath_result *r, bool tsv);

#endif
