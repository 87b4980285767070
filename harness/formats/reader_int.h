/* reader_int: what the readers share. */
#ifndef FORMATS_READER_INT_H
#define FORMATS_READER_INT_H

#include "formats/node.h"

/* "NAME value" of a limit, for the findings that name it. */
#define READER_TEXT_(x) #x
#define READER_TEXT(x) READER_TEXT_(x)
#define LIMIT_OF(name) STR(#name " " READER_TEXT(name))

/* Adds a finding of rule (key, line of the first) for every member of object
 * whose name stands there before, in order of position; gives their number.
 * Members without a name (p NULL) are left out. */
size_t reader_duplicates(const struct node *object, struct arena *scratch, struct str message, const struct rule *rule,
                         struct findings *f);

#endif
