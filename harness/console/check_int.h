/* check_int: what the pages share that look at a file without any run (/check and below it): the tabs, what was given,
 * and the fields for it. Nothing that is given is kept. */
#ifndef CONSOLE_CHECK_INT_H
#define CONSOLE_CHECK_INT_H

#include "console/console_int.h"

/* What was pasted comes back with the answer, unless it is so large that a page should not hold it twice. */
#define CHECK_KEPT_MAX ((size_t)256 << 10)

/* As it came: in a file, or pasted, and then under that name. */
struct given {
  struct str name, bytes;
};

struct given given_read(struct visit *v, const char *file_field, const char *text_field, const char *name);
/* The pages that the visitor may see; that of the visit is marked. */
void check_tabs(struct visit *v);
/* A field to paste into, with what was pasted before, and one for a file. */
void check_input(struct visit *v, const char *file, const char *text, const char *en, const char *da);
struct str check_kept(struct visit *v, const char *name);

#endif
