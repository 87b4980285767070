/* accounts: who may use the console, and as what.
 *
 * medcom sees and does everything; vendor what is of its own organisation; viewer looks at boards and results, never at
 * messages. An account is never deleted, only closed: the log names it. Sessions: the cookie holds 32 random bytes in
 * hex, the table only their digest; a session ends SESSION_IDLE_MS after it was last seen and SESSION_WHOLE_MS after it
 * began. Times are the caller's (clock_wall). */
#ifndef CONSOLE_ACCOUNTS_H
#define CONSOLE_ACCOUNTS_H

#include "console/db.h"

#define SESSION_IDLE_MS (INT64_C(12) * 3600 * 1000)
#define SESSION_WHOLE_MS (INT64_C(7) * 24 * 3600 * 1000)
#define INVITATION_MS (INT64_C(7) * 24 * 3600 * 1000)
#define TOKEN_HEX 64
#define ACCOUNT_NAME_MAX 60

enum account_role { ROLE_VIEWER, ROLE_VENDOR, ROLE_MEDCOM, ROLES_N };

struct account {
  int64_t id; /* 0: nobody's: the person at this machine, where there are no accounts */
  struct str name, full_name, initials, language;
  enum account_role role;
  int64_t organisation; /* 0: MedCom */
  struct str organisation_name;
  struct str password; /* as kept (console/password.h) */
  bool closed;
};

/* "medcom". */
const char *account_role_name(enum account_role r);
bool account_role_parse(struct str name, enum account_role *out);
/* How many have chosen a password, closed ones too: whoever closes the last one does not open the console to all. */
MUST_CHECK int accounts_count(struct db *d, int64_t *n, struct error *e);
/* Checks name (letters, digits, ".-_@", up to ACCOUNT_NAME_MAX), initials and role (a vendor has an organisation,
 * nobody else has), and adds it; id becomes its number. A password that is not yet chosen is empty and fits nothing. */
MUST_CHECK int account_add(struct db *d, struct account *acc, int64_t now, struct error *e);
/* By name; out->id is 0 if there is none. Closed ones are found too. */
MUST_CHECK int account_named(struct db *d, struct arena *a, struct str name, struct account *out, struct error *e);
MUST_CHECK int account_of(struct db *d, struct arena *a, int64_t id, struct account *out, struct error *e);
/* All of an organisation (-1: all), by name. */
MUST_CHECK int accounts_list(struct db *d, struct arena *a, int64_t organisation, struct account **out, size_t *n,
                             struct error *e);
/* Both end all its sessions too, and its invitation. */
MUST_CHECK int account_set_password(struct db *d, int64_t id, struct str kept, struct error *e);
MUST_CHECK int account_close(struct db *d, int64_t id, bool closed, struct error *e);
MUST_CHECK int account_set_language(struct db *d, int64_t id, struct str language, struct error *e);

/* 32 random bytes in hex, in a. */
struct str token_new(struct arena *a);
/* Begins a session and gives what the cookie shall hold. who: as it was when its password was looked at; if it has
 * been closed or has another password since, the cookie is nobody's. */
MUST_CHECK int session_begin(struct db *d, struct arena *a, const struct account *who, int64_t now, struct str *cookie,
                             struct error *e);
/* Who that cookie is of; out->id 0: of nobody (any more). */
MUST_CHECK int session_account(struct db *d, struct arena *a, struct str cookie, int64_t now, struct account *out,
                               struct error *e);
MUST_CHECK int session_end(struct db *d, struct str cookie, struct error *e);
/* A token that lets a person choose a password once, and whose it is (out->id 0: nobody's, or too late). */
MUST_CHECK int invitation_new(struct db *d, struct arena *a, int64_t account, int64_t now, struct str *token,
                              struct error *e);
MUST_CHECK int invitation_account(struct db *d, struct arena *a, struct str token, int64_t now, struct account *out,
                                  struct error *e);
MUST_CHECK int invitation_use(struct db *d, struct str token, struct str kept, struct error *e);
/* A text of this console by name, made by token_new when it is not there yet: what forms are signed by. */
MUST_CHECK int setting_secret(struct db *d, struct arena *a, const char *name, struct str *out, struct error *e);

#endif
