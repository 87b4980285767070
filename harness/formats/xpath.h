/* xpath: XPath 1.0 over an XML tree of ours (libxml2), positions kept.
 *
 * The prefixes known to an expression are those of `names` (prefix, URI,
 * prefix, URI, ..., NULL), plus "v" for the VANSEnvelope, "s" for the ehmiSBDH and "f" for FHIR.
 * Evaluation is bounded in depth and operations. */
#ifndef FORMATS_XPATH_H
#define FORMATS_XPATH_H

#include "formats/node.h"

#define XPATH_OPS_MAX 10000000

/* The names keep clear of libxml2's own. */
enum xpath_kind { XPATH_KIND_NODES, XPATH_KIND_STRING, XPATH_KIND_NUMBER, XPATH_KIND_BOOL };

struct xpath_result {
  enum xpath_kind kind;
  struct node **nodes; /* NODES: our nodes (elements, attributes, texts), in document order */
  size_t n;
  struct str text; /* other kinds: the value as XPath's string() gives it */
};

/* Checks an expression without evaluating it. */
MUST_CHECK int xpath_check(struct str expression, const char *const *names, struct error *e);
/* Evaluates with root's document as context. */
MUST_CHECK int xpath_eval(struct xpath_result *out, struct arena *a, const struct node *root, struct str expression,
                          const char *const *names, struct error *e);
/* The text of a node as XPath's string() gives it. */
struct str xpath_string(struct arena *a, const struct node *n);

#endif
