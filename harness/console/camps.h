/* camps: test camps: an event with dates, what is tested there, who comes, when, and by which versions.
 *
 * A protocol of a camp can be frozen: its digest is kept, and a later change of the file is told on the camp's page,
 * its board and where a run of it is begun. Campaigns: every system that is approved for a standard has to be tested
 * anew by a date. All of it is in tables of the console (console/db.h). */
#ifndef CONSOLE_CAMPS_H
#define CONSOLE_CAMPS_H

#include "console/console_int.h"

struct camp_task {
  struct str protocol, version, digest; /* as frozen; empty: not frozen */
  int64_t frozen_at;
};

struct camp_member {
  int64_t system, organisation;
  struct str organisation_name, name, version;
};

struct camp_slot {
  int64_t id, system, organisation;
  struct str when, table, protocol, tester, who; /* who: organisation and system, in words */
};

struct camp_page {
  int64_t id;
  struct str name, place, starts, ends;
  VEC(struct camp_task) tasks;
  VEC(struct camp_member) members;
  VEC(struct camp_slot) slots;
};

/* One camp as the visitor may see it (a vendor: own members and slots); out->id 0: there is none. */
MUST_CHECK int camp_page_get(struct visit *v, int64_t id, struct camp_page *out, struct error *e);
/* What is to be said of a task whose file is not what was frozen; empty: it is, or was not frozen. */
struct str camp_task_change(struct visit *v, const struct camp_task *t);
/* The same for a protocol at any camp that has not ended: for who begins a run of it. */
struct str camp_change_of(struct visit *v, struct str protocol);

#endif
