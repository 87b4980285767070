/* packages: the folder of FHIR packages that a command works with, by way of its compiled file (fhir/compiled.h).
 *
 * The compiled file stands in $XDG_CACHE_HOME/testcamp (else ~/.cache/testcamp), and can be deleted at any time. */
#ifndef CLI_PACKAGES_H
#define CLI_PACKAGES_H

#include "cli/cli.h"
#include "fhir/compiled.h"

/* Where packages are kept: $XDG_DATA_HOME/testcamp/packages, else ~/.local/share/testcamp/packages; NULL if neither
 * variable is set. */
const char *packages_default_dir(struct arena *a);
/* Adds the packages in dir to b. What cannot be read is said on standard error. digest (may be NULL): SHA-256 of the
 * compiled file, empty if there is none. */
MUST_CHECK int packages_add(struct cli *c, struct book *b, const char *dir, char digest[SHA256_HEX + 1],
                            struct error *e);
/* The same with those in dir or, dir NULL, those that are kept, where a folder that has nothing in it yet is as none.
 */
MUST_CHECK int packages_add_own(struct cli *c, struct book *b, const char *dir, struct error *e);
/* Adds the built-in standards, from below the folder of data files (file_data_dir). digest (may be NULL): SHA-256 of
 * their compiled form, always there. */
MUST_CHECK int packages_add_standards(struct cli *c, struct book *b, const char *data, char digest[SHA256_HEX + 1],
                                      struct error *e);
/* Reads all of a loaded package, and says on standard error which of its files cannot be used, and why. False if there
 * is one. */
bool packages_check(struct cli *c, struct package *p);
/* True if path is an unpacked package. */
bool packages_is_folder(struct arena *a, const char *path);

#endif
