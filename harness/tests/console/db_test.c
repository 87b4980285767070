#include "tests/console/rig.h"

#include <criterion/criterion.h>
#include <sys/stat.h>

static struct rig r;

static void set_up(void) {
  rig_open(&r);
}

static void tear_down(void) {
  rig_close(&r);
}

TestSuite(db, .init = set_up, .fini = tear_down);

static int64_t organisations(void) {
  struct db_rows rows = {0};
  cr_assert_eq(db_get(r.db, r.arena, &rows, &r.e, "SELECT count(*) FROM organisations", ""), 0, "%s", r.e.text);
  return db_number(&rows, 0, 0);
}

Test(db, nobody_else_can_read_the_file) {
  struct stat st;
  cr_assert_eq(stat(arena_printf(r.arena, "%s" DB_SUFFIX, r.store).p, &st), 0);
  cr_expect_eq(st.st_mode & 077, 0);
}

/* A value is a value, whatever it looks like. */
Test(db, values_are_no_statements) {
  struct str name = STR("x'); DROP TABLE organisations; --");
  struct db_rows rows = {0};
  cr_assert_eq(db_do(r.db, &r.e, "INSERT INTO organisations (name, at) VALUES (?, ?)", "si", name, INT64_C(1)), 0);
  cr_assert_eq(db_get(r.db, r.arena, &rows, &r.e, "SELECT name FROM organisations WHERE name = ?", "s", name), 0);
  cr_assert_eq(rows.n, 1);
  cr_expect(str_eq(db_cell(&rows, 0, 0), name));
}

Test(db, a_name_that_is_taken_is_the_callers_error) {
  (void)rig_organisation(&r, "Vendor");
  struct organisation o = {.name = STR("VENDOR")};
  cr_expect_lt(organisation_add(r.db, &o, 1, &r.e), 0);
  cr_expect_eq(r.e.code, ERR_CONFIG);
  cr_expect_eq(organisations(), 1);
}

Test(db, what_is_undone_was_never_there) {
  cr_assert_eq(db_begin(r.db, &r.e), 0);
  (void)rig_organisation(&r, "Vendor");
  db_undo(r.db);
  cr_expect_eq(organisations(), 0);
}

Test(db, it_is_there_when_opened_again) {
  (void)rig_organisation(&r, "Vendor");
  db_close(r.db);
  cr_assert_eq(db_open(&r.db, r.store, &r.e), 0, "%s", r.e.text);
  cr_expect_eq(organisations(), 1);
}

Test(db, a_newer_one_is_not_touched) {
  cr_assert_eq(db_do(r.db, &r.e, "PRAGMA user_version = 99", ""), 0);
  struct db *other;
  cr_expect_lt(db_open(&other, r.store, &r.e), 0);
  cr_expect_eq(r.e.code, ERR_CONFIG);
}

Test(db, cells_that_are_not_there_are_empty) {
  struct db_rows rows = {0};
  cr_assert_eq(db_get(r.db, r.arena, &rows, &r.e, "SELECT NULL, 'x'", ""), 0);
  cr_expect_eq(db_cell(&rows, 0, 0).n, 0);
  cr_expect_eq(db_number(&rows, 0, 1), 0);
  cr_expect_eq(db_cell(&rows, 1, 0).n, 0);
  cr_expect_eq(db_cell(&rows, 0, 2).n, 0);
}
