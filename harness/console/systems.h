/* systems: the vendor files that organisations keep in the console. */
#ifndef CONSOLE_SYSTEMS_H
#define CONSOLE_SYSTEMS_H

#include "console/console_int.h"

struct system {
  int64_t id, organisation, revision;
  struct str organisation_name, name, version, file;
};

/* Those that the visitor may use, by organisation and name; in the visit's arena. */
MUST_CHECK int systems_get(struct visit *v, struct system **out, size_t *n, struct error *e);
/* The file of one of them as a file for commands, and whose it is; ERR_CONFIG if it is not there or not the visitor's.
 */
MUST_CHECK int system_vendor_file(struct visit *v, int64_t system, const char **path, int64_t *organisation,
                                  struct error *e);

#endif
