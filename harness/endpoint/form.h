/* form: names and values as application/x-www-form-urlencoded writes them, in a body or behind '?'.
 *
 * Strict: an escape that is none, and bytes that are no UTF-8, are told and not guessed at. Values stand in the arena;
 * nothing is kept. */
#ifndef ENDPOINT_FORM_H
#define ENDPOINT_FORM_H

#include "base/buf.h"
#include "base/fact.h"

#define FORM_MAX ((size_t)64 << 10) /* bytes of a form in a body */
#define FORM_PAIRS_MAX 100

struct form {
  VEC(struct fact) pairs; /* decoded, as often as they stand there */
  bool broken; /* an escape or a character is wrong; broken_at is its name, as it came: a value may be a secret */
  struct str broken_at;
  bool full; /* more than FORM_PAIRS_MAX */
};

void form_read(struct form *out, struct arena *a, struct str text);
/* The first value of that name, NULL if it does not stand there. */
const struct str *form_get(const struct form *f, const char *name);
size_t form_count(const struct form *f, struct str name);
/* Does that name stand there? Looks at all of text, however long. */
bool form_mentions(struct arena *a, struct str text, const char *name);
/* text as it may be kept: the values of those names (a list that ends with NULL) are the digests of them. */
struct str form_kept(struct arena *a, struct str text, const char *const *secrets);
/* True if a Content-Type says that it is a form. */
bool form_is(struct str content_type);

#endif
