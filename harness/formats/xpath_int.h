/* xpath_int: an expression's names, looked at before libxml2 evaluates it. */
#ifndef FORMATS_XPATH_INT_H
#define FORMATS_XPATH_INT_H

#include <libxml/xpath.h>

#include "base/error.h"

/* Checks that every prefix and function in the expression is known to ctxt, and
 * that there are no variables: libxml2 finds these only where evaluation comes by. */
int xpath_check_names(struct str expression, xmlXPathContextPtr ctxt, struct error *e);

/* Fails with the column (in characters) of an offset in the expression. */
int xpath_error(struct error *e, struct str expression, size_t at, const char *what, struct str name);

#endif
