/* camps: test camps: an event with dates, what is tested there, who comes, when, and by which versions.
 *
 * A protocol of a camp can be frozen: its digest is kept, and a later change of the file is told on the camp's page,
 * its board and where a run of it is begun; so is that it was frozen anew when the camp had begun, and by which other
 * version a run was made. Days are "2026-11-28", a slot's time "2026-11-28 09:30". Campaigns: every system that is
 * approved for a standard has to be tested anew by a date. All of it is in tables of the console (console/db.h). */
#ifndef CONSOLE_CAMPS_H
#define CONSOLE_CAMPS_H

#include "console/console_int.h"

/* What was frozen until it was frozen anew, and by whom. */
struct camp_freeze {
  struct str version, digest, by;
  int64_t frozen_at, until;
};

struct camp_task {
  struct str protocol, version, digest; /* as frozen; empty: not frozen */
  int64_t frozen_at;
  VEC(struct camp_freeze) before; /* oldest first */
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
/* The same of one that was frozen anew when the camp had begun; empty: it was not. */
struct str camp_task_late(struct visit *v, const struct camp_page *c, const struct camp_task *t);
/* NULL: that protocol is none of its tasks. */
const struct camp_task *camp_task_find(const struct camp_page *c, struct str protocol);
/* Whose run it is among those who take part: the system of that name, in that version if several of the organisation's
 * are there; NULL: nobody's. A run that is MedCom's own counts for the organisation that its vendor file names. */
const struct camp_member *camp_member_of(const struct camp_page *c, const struct run_card *k);
/* The camp of the address as the visitor may see it; false: the visit is ended. A vendor without a part in it sees
 * none. */
bool camp_find(struct visit *v, struct camp_page *out);
/* The same for a protocol at any camp that has not ended: for who begins a run of it. */
struct str camp_change_of(struct visit *v, struct str protocol);

#endif
