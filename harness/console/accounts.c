#include "console/accounts.h"

#include "base/buf.h"
#include "base/hash.h"

#include <openssl/rand.h>

#define TOKEN_BYTES 32
#define INITIALS_MAX 12

static const char *const roles[ROLES_N] = {
    [ROLE_VIEWER] = "viewer", [ROLE_VENDOR] = "vendor", [ROLE_MEDCOM] = "medcom"};

const char *account_role_name(enum account_role r) {
  return roles[r];
}

bool account_role_parse(struct str name, enum account_role *out) {
  for (int i = 0; i < ROLES_N; i++)
    if (str_eqz(name, roles[i])) return *out = (enum account_role)i, true;
  return false;
}

/* ---- accounts ---- */

#define COLUMNS                                                                                                        \
  "a.id, a.name, a.full_name, a.initials, a.language, a.role, a.organisation, coalesce(o.name, ''), a.password, "      \
  "a.closed"
#define FROM " FROM accounts a LEFT JOIN organisations o ON o.id = a.organisation "

static void read_row(struct account *out, const struct db_rows *r, size_t row) {
  *out = (struct account){.id = db_number(r, row, 0),
                          .name = db_cell(r, row, 1),
                          .full_name = db_cell(r, row, 2),
                          .initials = db_cell(r, row, 3),
                          .language = db_cell(r, row, 4),
                          .organisation = db_number(r, row, 6),
                          .organisation_name = db_cell(r, row, 7),
                          .password = db_cell(r, row, 8),
                          .closed = db_number(r, row, 9) != 0};
  if (!account_role_parse(db_cell(r, row, 5), &out->role)) out->role = ROLE_VIEWER;
}

static void read_first(struct account *out, const struct db_rows *r) {
  *out = (struct account){0};
  if (r->n) read_row(out, r, 0);
}

int accounts_count(struct db *d, int64_t *n, struct error *e) {
  struct arena *a = arena_new_small(0);
  struct db_rows r = {0};
  int result = db_get(d, a, &r, e, "SELECT count(*) FROM accounts WHERE password <> ''", "");
  *n = result == 0 ? db_number(&r, 0, 0) : 0;
  arena_free(a);
  return result;
}

static int check_name(struct str name, struct error *e) {
  bool fine = name.n > 0 && name.n <= ACCOUNT_NAME_MAX;
  for (size_t i = 0; fine && i < name.n; i++) fine = ascii_is_alnum(name.p[i]) || strchr(".-_@", name.p[i]);
  if (fine) return 0;
  return error_set(e, ERR_CONFIG, "the name of an account is 1 to %d of a-z, A-Z, 0-9 and .-_@", ACCOUNT_NAME_MAX);
}

static int check_initials(struct str s, struct error *e) {
  bool fine = s.n > 0 && s.n <= INITIALS_MAX;
  for (size_t i = 0; fine && i < s.n; i++) fine = !str_is_blank(s.p[i]) && (unsigned char)s.p[i] >= ' ';
  return fine ? 0 : error_set(e, ERR_CONFIG, "initials are 1 to %d characters without blanks", INITIALS_MAX);
}

int account_add(struct db *d, struct account *acc, int64_t now, struct error *e) {
  if (check_name(acc->name, e) < 0 || check_initials(acc->initials, e) < 0) return -1;
  if ((acc->role == ROLE_VENDOR) != (acc->organisation != 0))
    return error_set(e, ERR_CONFIG, "a vendor's account belongs to an organisation, and only a vendor's does");
  if (db_do(d, e,
            "INSERT INTO accounts (name, full_name, initials, role, organisation, password, language, at) "
            "SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE ? IN (SELECT 0 UNION SELECT id FROM organisations)",
            "ssszissii", acc->name, acc->full_name, acc->initials, roles[acc->role], acc->organisation, acc->password,
            acc->language, now, acc->organisation) < 0)
    return e->code == ERR_CONFIG ? error_set(e, ERR_CONFIG, "there is an account %.*s already", STR_F(acc->name)) : -1;
  if (db_changed(d) != 1) return error_set(e, ERR_CONFIG, "there is no such organisation");
  acc->id = db_last(d);
  return 0;
}

int account_named(struct db *d, struct arena *a, struct str name, struct account *out, struct error *e) {
  struct db_rows r = {0};
  if (db_get(d, a, &r, e, "SELECT " COLUMNS FROM "WHERE a.name = ?", "s", name) < 0) return -1;
  read_first(out, &r);
  return 0;
}

int account_of(struct db *d, struct arena *a, int64_t id, struct account *out, struct error *e) {
  struct db_rows r = {0};
  if (db_get(d, a, &r, e, "SELECT " COLUMNS FROM "WHERE a.id = ?", "i", id) < 0) return -1;
  read_first(out, &r);
  return 0;
}

int accounts_list(struct db *d, struct arena *a, int64_t organisation, struct account **out, size_t *n,
                  struct error *e) {
  struct db_rows r = {0};
  if (db_get(d, a, &r, e, "SELECT " COLUMNS FROM "WHERE ? IN (-1, a.organisation) ORDER BY a.name", "i", organisation) <
      0)
    return -1;
  *n = r.n;
  *out = arena_alloc(a, (r.n + 1) * sizeof **out);
  for (size_t i = 0; i < r.n; i++) read_row(&(*out)[i], &r, i);
  return 0;
}

/* What lets somebody in besides a password: sessions, and a link that lies in a mailbox. */
static int end_ways_in(struct db *d, int64_t id, struct error *e) {
  if (db_do(d, e, "DELETE FROM sessions WHERE account = ?", "i", id) < 0) return -1;
  return db_do(d, e, "DELETE FROM invitations WHERE account = ?", "i", id);
}

int account_set_password(struct db *d, int64_t id, struct str kept, struct error *e) {
  if (end_ways_in(d, id, e) < 0) return -1;
  return db_do(d, e, "UPDATE accounts SET password = ? WHERE id = ?", "si", kept, id);
}

int account_close(struct db *d, int64_t id, bool closed, struct error *e) {
  if (closed && end_ways_in(d, id, e) < 0) return -1;
  return db_do(d, e, "UPDATE accounts SET closed = ? WHERE id = ?", "ii", (int64_t)closed, id);
}

int account_set_language(struct db *d, int64_t id, struct str language, struct error *e) {
  return db_do(d, e, "UPDATE accounts SET language = ? WHERE id = ?", "si", language, id);
}

/* ---- sessions and invitations ---- */

struct str token_new(struct arena *a) {
  unsigned char bytes[TOKEN_BYTES];
  struct buf b;
  if (RAND_bytes(bytes, TOKEN_BYTES) != 1) BUG("no random numbers");
  buf_init(&b, TOKEN_HEX + 1);
  for (size_t i = 0; i < TOKEN_BYTES; i++) buf_printf(&b, "%02x", bytes[i]);
  return buf_take(&b, a);
}

static struct str digest_of(struct arena *a, struct str token) {
  char hex[SHA256_HEX + 1];
  sha256_hex(hex, token);
  return arena_str(a, str_z(hex));
}

int session_begin(struct db *d, struct arena *a, const struct account *who, int64_t now, struct str *cookie,
                  struct error *e) {
  *cookie = token_new(a);
  if (db_do(d, e, "DELETE FROM sessions WHERE seen < ? OR began < ?", "ii", now - SESSION_IDLE_MS,
            now - SESSION_WHOLE_MS) < 0)
    return -1;
  return db_do(d, e,
               "INSERT INTO sessions (token, account, began, seen) SELECT ?, id, ?, ? FROM accounts WHERE id = ? AND "
               "password = ? AND closed = 0",
               "siiis", digest_of(a, *cookie), now, now, who->id, who->password);
}

/* A session is not written anew with every request: once a minute is often enough. */
#define SEEN_EVERY_MS 60000

int session_account(struct db *d, struct arena *a, struct str cookie, int64_t now, struct account *out,
                    struct error *e) {
  struct db_rows r = {0};
  *out = (struct account){0};
  if (cookie.n != TOKEN_HEX) return 0;
  struct str token = digest_of(a, cookie);
  if (db_get(d, a, &r, e,
             "SELECT " COLUMNS ", s.seen" FROM "JOIN sessions s ON s.account = a.id "
             "WHERE s.token = ? AND s.seen >= ? AND s.began >= ? AND a.closed = 0",
             "sii", token, now - SESSION_IDLE_MS, now - SESSION_WHOLE_MS) < 0)
    return -1;
  read_first(out, &r);
  if (!out->id || now - db_number(&r, 0, 10) < SEEN_EVERY_MS) return 0;
  return db_do(d, e, "UPDATE sessions SET seen = ? WHERE token = ?", "is", now, token);
}

int session_end(struct db *d, struct str cookie, struct error *e) {
  struct arena *a = arena_new_small(0);
  int result = db_do(d, e, "DELETE FROM sessions WHERE token = ?", "s", digest_of(a, cookie));
  arena_free(a);
  return result;
}

int invitation_new(struct db *d, struct arena *a, int64_t account, int64_t now, struct str *token, struct error *e) {
  *token = token_new(a);
  if (db_do(d, e, "DELETE FROM invitations WHERE account = ? OR until < ?", "ii", account, now) < 0) return -1;
  return db_do(d, e, "INSERT INTO invitations (token, account, until) VALUES (?, ?, ?)", "sii", digest_of(a, *token),
               account, now + INVITATION_MS);
}

int invitation_account(struct db *d, struct arena *a, struct str token, int64_t now, struct account *out,
                       struct error *e) {
  struct db_rows r = {0};
  if (db_get(d, a, &r, e,
             "SELECT " COLUMNS FROM "JOIN invitations i ON i.account = a.id WHERE i.token = ? AND i.until >= ? AND "
             "a.closed = 0",
             "si", digest_of(a, token), now) < 0)
    return -1;
  read_first(out, &r);
  return 0;
}

int invitation_use(struct db *d, struct str token, struct str kept, struct error *e) {
  struct arena *a = arena_new_small(0);
  struct str digest = digest_of(a, token);
  struct db_rows r = {0};
  int result = db_get(d, a, &r, e, "SELECT account FROM invitations WHERE token = ?", "s", digest);
  if (result == 0 && !r.n) result = error_set(e, ERR_CONFIG, "the invitation has been used or is too old");
  if (result == 0) result = account_set_password(d, db_number(&r, 0, 0), kept, e);
  arena_free(a);
  return result;
}

int setting_secret(struct db *d, struct arena *a, const char *name, struct str *out, struct error *e) {
  struct db_rows r = {0};
  if (db_do(d, e, "INSERT OR IGNORE INTO settings (name, value) VALUES (?, ?)", "zs", name, token_new(a)) < 0 ||
      db_get(d, a, &r, e, "SELECT value FROM settings WHERE name = ?", "z", name) < 0)
    return -1;
  *out = db_cell(&r, 0, 0);
  return 0;
}
