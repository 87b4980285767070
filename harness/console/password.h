/* password: what is kept of a password, and whether one fits: scrypt (RFC 7914) by OpenSSL.
 *
 * The kept form says by which cost it was made: "scrypt$N$r$p$salt$key", salt and key in hex, so that the cost can
 * grow. Hashing takes some tenths of a second and tens of megabytes on purpose; it is done in a child process, so that
 * nobody else waits (architecture.md: one thread, one loop). */
#ifndef CONSOLE_PASSWORD_H
#define CONSOLE_PASSWORD_H

#include "base/arena.h"
#include "base/error.h"

#define PASSWORD_MIN 10
#define PASSWORD_MAX 200

struct loop;

/* ERR_CONFIG with a reason for the person who chose it: too short, too long, the name of the account. */
MUST_CHECK int password_check(struct str password, struct str account, struct error *e);
/* Hashes here and now, in a. For commands; the console uses password_start. */
MUST_CHECK int password_hash(struct str *kept, struct arena *a, struct str password, struct error *e);
/* True if that password fits; the comparison takes the same time wherever they differ. Anything kept that is not a
 * whole hash fits nothing, after the same work. */
bool password_fits(struct str kept, struct str password);

/* Those under way in child processes. Freeing it ends them, and nothing of them is told any more. */
struct passwords;
struct passwords *passwords_new(struct loop *l);
void passwords_free(struct passwords *p);
/* Does password_fits in a child process and tells by `done` on the loop; kept empty: there is no such account, and it
 * takes as long all the same. */
MUST_CHECK int password_start(struct passwords *p, struct str kept, struct str password,
                              void (*done)(void *payload, bool fits), void *payload, struct error *e);
/* The same for password_hash; kept is valid during the call, and empty on failure. */
MUST_CHECK int password_start_hash(struct passwords *p, struct str password,
                                   void (*done)(void *payload, struct str kept), void *payload, struct error *e);

#endif
