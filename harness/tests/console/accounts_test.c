#include "tests/console/rig.h"

#include <criterion/criterion.h>

#define NOW INT64_C(1800000000000)

static struct rig r;

static void set_up(void) {
  rig_open(&r);
}

static void tear_down(void) {
  rig_close(&r);
}

TestSuite(accounts, .init = set_up, .fini = tear_down);

/* Whose that cookie is then; 0: nobody's. */
static int64_t whose(struct str cookie, int64_t now) {
  struct account acc;
  cr_assert_eq(session_account(r.db, r.arena, cookie, now, &acc, &r.e), 0, "%s", r.e.text);
  return acc.id;
}

static struct account account(int64_t id) {
  struct account acc;
  cr_assert_eq(account_of(r.db, r.arena, id, &acc, &r.e), 0, "%s", r.e.text);
  return acc;
}

static struct str session_as(const struct account *who) {
  struct str cookie;
  cr_assert_eq(session_begin(r.db, r.arena, who, NOW, &cookie, &r.e), 0, "%s", r.e.text);
  return cookie;
}

static struct str session(int64_t id) {
  struct account acc = account(id);
  return session_as(&acc);
}

Test(accounts, a_cookie_is_of_one_person) {
  struct account anna = rig_account(&r, "anna", ROLE_MEDCOM, 0), bo = rig_account(&r, "bo", ROLE_VIEWER, 0);
  struct str annas = session(anna.id), bos = session(bo.id);
  cr_expect_eq(whose(annas, NOW), anna.id);
  cr_expect_eq(whose(bos, NOW), bo.id);
  cr_expect_eq(session_end(r.db, annas, &r.e), 0);
  cr_expect_eq(whose(annas, NOW), 0);
  cr_expect_eq(whose(bos, NOW), bo.id);
}

Test(accounts, forged_cookies_are_of_nobody) {
  struct str cookie = session(rig_account(&r, "anna", ROLE_MEDCOM, 0).id), other = arena_str(r.arena, cookie);
  ((char *)other.p)[63] = other.p[63] == '0' ? '1' : '0';
  cr_expect_eq(whose(other, NOW), 0);
  cr_expect_eq(whose(str_sub(cookie, 0, 63), NOW), 0);
  cr_expect_eq(whose(STR(""), NOW), 0);
  cr_expect_eq(whose(STR("' OR 1=1 --"), NOW), 0);
}

Test(accounts, the_table_does_not_hold_the_cookie) {
  struct str cookie = session(rig_account(&r, "anna", ROLE_MEDCOM, 0).id);
  struct db_rows rows = {0};
  cr_assert_eq(db_get(r.db, r.arena, &rows, &r.e, "SELECT token FROM sessions", ""), 0);
  cr_assert_eq(rows.n, 1);
  cr_expect(!str_eq(db_cell(&rows, 0, 0), cookie));
  cr_expect_eq(whose(db_cell(&rows, 0, 0), NOW), 0);
}

Test(accounts, a_session_ends_when_nobody_is_there) {
  int64_t anna = rig_account(&r, "anna", ROLE_MEDCOM, 0).id;
  struct str cookie = session(anna);
  cr_expect_eq(whose(cookie, NOW + SESSION_IDLE_MS), anna);
  cr_expect_eq(whose(cookie, NOW + 2 * SESSION_IDLE_MS), anna);
  cr_expect_eq(whose(cookie, NOW + 3 * SESSION_IDLE_MS + 1), 0);
}

Test(accounts, a_session_ends_after_a_week_whoever_is_there) {
  int64_t anna = rig_account(&r, "anna", ROLE_MEDCOM, 0).id;
  struct str cookie = session(anna);
  int64_t now = NOW;
  for (; now <= NOW + SESSION_WHOLE_MS; now += SESSION_IDLE_MS) cr_assert_eq(whose(cookie, now), anna);
  cr_expect_eq(whose(cookie, NOW + SESSION_WHOLE_MS + 1), 0);
}

Test(accounts, closing_one_ends_its_sessions) {
  int64_t anna = rig_account(&r, "anna", ROLE_MEDCOM, 0).id, bo = rig_account(&r, "bo", ROLE_VIEWER, 0).id;
  struct str annas = session(anna), bos = session(bo);
  cr_assert_eq(account_close(r.db, anna, true, &r.e), 0);
  cr_expect_eq(whose(annas, NOW), 0);
  cr_expect_eq(whose(bos, NOW), bo);
  struct str after = session(anna);
  cr_expect_eq(whose(after, NOW), 0, "a closed one has no session, however it was begun");
  cr_assert_eq(account_close(r.db, anna, false, &r.e), 0);
  cr_expect_eq(whose(annas, NOW), 0, "opened again, the old session is over all the same");
}

Test(accounts, a_new_password_ends_the_sessions) {
  int64_t anna = rig_account(&r, "anna", ROLE_MEDCOM, 0).id;
  struct str cookie = session(anna);
  cr_assert_eq(account_set_password(r.db, anna, STR("new"), &r.e), 0);
  cr_expect_eq(whose(cookie, NOW), 0);
}

/* A login takes a while, in which somebody may shut that way in. */
Test(accounts, a_login_under_way_does_not_outlive_a_new_password) {
  struct account before = account(rig_account(&r, "anna", ROLE_MEDCOM, 0).id);
  cr_assert_eq(account_set_password(r.db, before.id, STR("new"), &r.e), 0);
  cr_expect_eq(whose(session_as(&before), NOW), 0);
  cr_expect_eq(whose(session(before.id), NOW), before.id);
}

Test(accounts, a_login_under_way_does_not_outlive_a_closing) {
  struct account before = account(rig_account(&r, "anna", ROLE_MEDCOM, 0).id);
  cr_assert_eq(account_close(r.db, before.id, true, &r.e), 0);
  struct str cookie = session_as(&before);
  cr_assert_eq(account_close(r.db, before.id, false, &r.e), 0);
  cr_expect_eq(whose(cookie, NOW), 0, "opened again, it is over all the same");
}

/* ---- invitations ---- */

static struct str invitation(int64_t account) {
  struct str token;
  cr_assert_eq(invitation_new(r.db, r.arena, account, NOW, &token, &r.e), 0, "%s", r.e.text);
  return token;
}

static int64_t invited(struct str token, int64_t now) {
  struct account acc;
  cr_assert_eq(invitation_account(r.db, r.arena, token, now, &acc, &r.e), 0, "%s", r.e.text);
  return acc.id;
}

Test(accounts, an_invitation_is_used_once) {
  int64_t anna = rig_account(&r, "anna", ROLE_MEDCOM, 0).id;
  struct str token = invitation(anna);
  cr_expect_eq(invited(token, NOW), anna);
  cr_assert_eq(invitation_use(r.db, token, STR("one"), &r.e), 0, "%s", r.e.text);
  cr_expect_eq(invited(token, NOW), 0);
  cr_expect_lt(invitation_use(r.db, token, STR("two"), &r.e), 0);
  cr_expect_eq(r.e.code, ERR_CONFIG);
  struct account acc;
  cr_assert_eq(account_of(r.db, r.arena, anna, &acc, &r.e), 0);
  cr_expect(str_eqz(acc.password, "one"));
}

Test(accounts, an_invitation_grows_old) {
  struct account anna = rig_account(&r, "anna", ROLE_MEDCOM, 0);
  struct str token = invitation(anna.id);
  cr_expect_eq(invited(token, NOW + INVITATION_MS), anna.id);
  cr_expect_eq(invited(token, NOW + INVITATION_MS + 1), 0);
}

Test(accounts, the_last_invitation_counts) {
  struct account anna = rig_account(&r, "anna", ROLE_MEDCOM, 0);
  struct str first = invitation(anna.id), second = invitation(anna.id);
  cr_expect_eq(invited(first, NOW), 0);
  cr_expect_eq(invited(second, NOW), anna.id);
}

/* A link that lies in a mailbox must not outlive what it was for. */
Test(accounts, no_invitation_outlives_a_password_or_a_closing) {
  struct account anna = rig_account(&r, "anna", ROLE_MEDCOM, 0);
  struct str token = invitation(anna.id);
  cr_assert_eq(account_set_password(r.db, anna.id, STR("by the command line"), &r.e), 0);
  cr_expect_eq(invited(token, NOW), 0);
  token = invitation(anna.id);
  cr_assert_eq(account_close(r.db, anna.id, true, &r.e), 0);
  cr_expect_eq(invited(token, NOW), 0);
  cr_assert_eq(account_close(r.db, anna.id, false, &r.e), 0);
  cr_expect_eq(invited(token, NOW), 0);
}

/* ---- who can be added ---- */

Test(accounts, who_cannot_be_added) {
  int64_t o = rig_organisation(&r, "Vendor");
  (void)rig_account(&r, "anna", ROLE_MEDCOM, 0);
  static const struct {
    const char *name, *initials;
    enum account_role role;
    bool of_vendor;
  } rows[] = {
      {"", "XX", ROLE_MEDCOM, false},        {"a b", "XX", ROLE_MEDCOM, false}, {"<b>", "XX", ROLE_MEDCOM, false},
      {"bo", "", ROLE_MEDCOM, false},        {"bo", "X X", ROLE_MEDCOM, false}, {"bo", "XX", ROLE_VENDOR, false},
      {"bo", "XX", ROLE_MEDCOM, true},       {"bo", "XX", ROLE_VIEWER, true},   {"ANNA", "XX", ROLE_MEDCOM, false},
      {"../anna", "XX", ROLE_MEDCOM, false}, {"bo\n", "XX", ROLE_MEDCOM, false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct account acc = {.name = str_z(rows[i].name),
                          .initials = str_z(rows[i].initials),
                          .role = rows[i].role,
                          .organisation = rows[i].of_vendor ? o : 0};
    cr_expect_lt(account_add(r.db, &acc, NOW, &r.e), 0, "row %zu", i);
    cr_expect_eq(r.e.code, ERR_CONFIG, "row %zu: %s", i, r.e.text);
  }
}

/* The first password ends the time when whoever sits at the machine is MedCom, for good. */
Test(accounts, the_first_password_ends_the_time_without_login) {
  struct account acc = {.name = STR("anna"), .initials = STR("AA"), .role = ROLE_MEDCOM};
  int64_t n = -1;
  cr_assert_eq(account_add(r.db, &acc, NOW, &r.e), 0);
  cr_assert_eq(accounts_count(r.db, &n, &r.e), 0);
  cr_expect_eq(n, 0);
  cr_assert_eq(account_set_password(r.db, acc.id, STR("kept"), &r.e), 0);
  cr_assert_eq(accounts_count(r.db, &n, &r.e), 0);
  cr_expect_eq(n, 1);
  cr_assert_eq(account_close(r.db, acc.id, true, &r.e), 0);
  cr_assert_eq(accounts_count(r.db, &n, &r.e), 0);
  cr_expect_eq(n, 1, "the last account was closed, and the console stood open");
}

Test(accounts, the_secret_stays) {
  struct str one, two;
  cr_assert_eq(setting_secret(r.db, r.arena, "form-secret", &one, &r.e), 0);
  cr_assert_eq(setting_secret(r.db, r.arena, "form-secret", &two, &r.e), 0);
  cr_expect_eq(one.n, TOKEN_HEX);
  cr_expect(str_eq(one, two));
}

/* Its number may be another organisation's one day, and the account would be in it. */
Test(accounts, one_of_no_organisation_is_refused) {
  int64_t there = rig_organisation(&r, "Vendor");
  struct account acc = {
      .name = STR("vera"), .initials = STR("VE"), .role = ROLE_VENDOR, .organisation = there + 1, .password = STR("")};
  cr_expect_eq(account_add(r.db, &acc, NOW, &r.e), -1);
  cr_expect_str_eq(r.e.text, "there is no such organisation");
  acc.organisation = there;
  cr_expect_eq(account_add(r.db, &acc, NOW, &r.e), 0, "%s", r.e.text);
  cr_expect_eq(account_add(r.db, &acc, NOW, &r.e), -1);
  cr_expect_str_eq(r.e.text, "there is an account vera already");
}
