/* check_int: what the pages share that look at a file without any run (/check and below it): the tabs, what was given,
 * and the fields for it. Nothing that is given is kept. */
#ifndef CONSOLE_CHECK_INT_H
#define CONSOLE_CHECK_INT_H

#include "console/console_int.h"

/* What was pasted comes back with the answer, unless it is so large that a page should not hold it twice. */
#define CHECK_KEPT_MAX ((size_t)256 << 10)
/* Of what a command says; what it is about is saved whole. */
#define CHECK_SAID_MAX ((size_t)256 << 10)

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
/* What a command printed, in the visitor's language where it complains; nothing of nothing. */
void check_said(struct visit *v, struct str said);
/* The names of the files that a command has left in the folder v->job_file; 0: none, or it was killed. */
size_t check_made(struct visit *v, const struct done *d, char ***names);
/* The option "--name=FILE" for the file of the field of that name, kept for the child; *option NULL: there is none.
 * False: it could not be kept, and the visit is ended. */
bool check_file_option(struct visit *v, const char *name, const char **option);

#endif
