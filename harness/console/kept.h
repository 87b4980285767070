/* kept: what somebody wrote into a form that was refused, so that the page which says why has it in its fields again.
 *
 * In memory only, for a minute, one form a browser (the cookie of its session), and only of who is known; never files,
 * passwords and the token. The form is found again by its address, and by its hidden fields where a page has several
 * of that address (form_open, form_hidden). */
#ifndef CONSOLE_KEPT_H
#define CONSOLE_KEPT_H

#include "console/webform.h"

#define KEPT_FORMS_MAX 100
#define KEPT_BYTES_MAX ((size_t)256 << 10) /* of a form; a larger one is not kept */
#define KEPT_MS 60000

struct kept;

struct kept *kept_new(void);
void kept_free(struct kept *k);
/* Takes the place of what was kept of that browser. */
void kept_put(struct kept *k, struct str who, struct str path, const struct webform *f, int64_t now);
/* What is kept of it, once, in a; false: nothing. */
bool kept_take(struct kept *k, struct str who, int64_t now, struct arena *a, struct str *path, struct webform *out);

#endif
