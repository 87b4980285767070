#include "tests/console/rig.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void rig_open(struct rig *r) {
  *r = (struct rig){.arena = arena_new(0), .home = "/tmp/testcamp-console-XXXXXX"};
  cr_assert_not_null(mkdtemp(r->home));
  (void)snprintf(r->store, sizeof r->store, "%s/s", r->home);
  cr_assert_eq(db_open(&r->db, r->store, &r->e), 0, "%s", r->e.text);
}

void rig_close(struct rig *r) {
  static const char *const ends[] = {"", "-wal", "-shm"};
  db_close(r->db);
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    (void)remove(arena_printf(r->arena, "%s" DB_SUFFIX "%s", r->store, ends[i]).p);
  (void)rmdir(r->home);
  arena_free(r->arena);
}

struct account rig_account(struct rig *r, const char *name, enum account_role role, int64_t organisation) {
  struct account acc = {
      .name = str_z(name), .initials = STR("XX"), .role = role, .organisation = organisation, .password = STR("kept")};
  cr_assert_eq(account_add(r->db, &acc, 1, &r->e), 0, "%s", r->e.text);
  return acc;
}

int64_t rig_organisation(struct rig *r, const char *name) {
  struct organisation o = {.name = str_z(name)};
  cr_assert_eq(organisation_add(r->db, &o, 1, &r->e), 0, "%s", r->e.text);
  return o.id;
}
