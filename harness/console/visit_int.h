/* visit_int: what only the router and the pages of login need of a visit: cookies, and the token of its forms. */
#ifndef CONSOLE_VISIT_INT_H
#define CONSOLE_VISIT_INT_H

#include "console/console_int.h"

/* Between what was complained of and the notice, in the cookie that carries both, percent-encoded. */
#define VISIT_NOTICE_CUT '!'

/* A cookie that came with the request; empty if there is none. */
struct str visit_cookie(struct visit *v, const char *name);
/* The cookie of the session, from now on. */
void visit_set_cookie(struct visit *v, struct str value, int64_t seconds);

#endif
