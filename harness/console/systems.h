/* systems: the vendor files that organisations keep in the console. */
#ifndef CONSOLE_SYSTEMS_H
#define CONSOLE_SYSTEMS_H

#include "console/console_int.h"
#include "plan/vendor.h"

struct system {
  int64_t id, organisation, revision;
  struct str organisation_name, name, version, file;
};

/* Those that the visitor may use, by organisation and name; in the visit's arena. */
MUST_CHECK int systems_get(struct visit *v, struct system **out, size_t *n, struct error *e);
/* One of them; ERR_CONFIG if it is not there or not the visitor's. */
MUST_CHECK int system_get(struct visit *v, int64_t id, struct system *out, struct error *e);
/* Reads a vendor file of an organisation, and refuses what it may not say here (vendor_guard.h). */
MUST_CHECK int system_read(struct visit *v, struct str file, struct str organisation, struct vendor **out,
                           struct error *e);
/* Checks and keeps one: id 0 makes it, with organisation, its name and file, and sets the id; else file and revision
 * are those that its author saw. 1: somebody else has saved it since, and nothing was changed. */
MUST_CHECK int system_save(struct visit *v, struct system *s, struct error *e);
/* The file of one of them, with its certificates (system_certificates.h), as a file for commands, and whose it is;
 * ERR_CONFIG if it is not there or not the visitor's. */
MUST_CHECK int system_vendor_file(struct visit *v, int64_t system, const char **path, int64_t *organisation,
                                  struct error *e);
/* The same for a choice of a page: "system:3", or for MedCom "file:vendors/..." of the data folder (start.c). */
MUST_CHECK int start_vendor_file(struct visit *v, struct str choice, const char **path, int64_t *organisation,
                                 int64_t *system, struct error *e);
/* The runs of one that the visitor may see, newest first, in the visit's arena. */
MUST_CHECK int system_cards(struct visit *v, int64_t system, struct run_card **out, size_t *n, struct error *e);

#endif
