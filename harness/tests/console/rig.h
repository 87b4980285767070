/* rig: the console's tables in a folder that goes with the test. */
#ifndef TESTS_CONSOLE_RIG_H
#define TESTS_CONSOLE_RIG_H

#include "console/accounts.h"
#include "console/organisations.h"

struct rig {
  struct arena *arena;
  struct db *db;
  struct error e;
  char home[40], store[60];
};

void rig_open(struct rig *r);
void rig_close(struct rig *r);
/* A person of that role; a vendor's is of the organisation. */
struct account rig_account(struct rig *r, const char *name, enum account_role role, int64_t organisation);
int64_t rig_organisation(struct rig *r, const char *name);

#endif
