/* webform: what a browser sends with POST: application/x-www-form-urlencoded, or multipart/form-data with files (RFC
 * 7578).
 *
 * Bodies are foreign bytes: everything has a limit, and what cannot be read is an error whose text is for the person
 * who sent it. Names and values borrow from the body or lie in the arena; line ends in values are made "\n", and what
 * is no UTF-8 is an error, except in files. */
#ifndef CONSOLE_WEBFORM_H
#define CONSOLE_WEBFORM_H

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"

#define WEBFORM_FIELDS_MAX 2000
#define WEBFORM_VALUE_MAX ((size_t)1 << 20) /* of a field that is no file */
#define WEBFORM_BOUNDARY_MAX 70             /* RFC 2046, 5.1.1 */
#define WEBFORM_FILE_NAME_MAX 200

struct webform_field {
  struct str name, value;
  bool is_file;
  struct str file_name; /* the last part of it, without control characters; may be empty */
};

struct webform {
  VEC(struct webform_field) fields;
};

/* Reads a body of that Content-Type; an empty one gives an empty form. */
MUST_CHECK int webform_read(struct webform *out, struct arena *a, struct str content_type, struct str body,
                            struct error *e);
/* The value of the first field of that name that is no file; empty if there is none. */
struct str webform_get(const struct webform *f, const char *name);
/* The n-th field of that name, from 0; NULL. */
const struct webform_field *webform_nth(const struct webform *f, const char *name, size_t n);

#endif
