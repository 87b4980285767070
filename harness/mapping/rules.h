/* rules: the table of what stands where, in FHIR, OIOXML and EDIFACT.
 *
 * Read from fixtures/standards/conversion.yaml: code lists with the value of each format, families of letters (which
 * NAD role is the sender, which types belong together), and rows. A row is one element of a correspondence: its key,
 * its name in both languages, how its text is normalised (`as`), its place in each format, and the source that says
 * so; a source that is "project assumption" is said as such in findings. Everything lives in the arena it was read
 * into; strings borrow from the file's bytes. */
#ifndef MAPPING_RULES_H
#define MAPPING_RULES_H

#include "formats/node.h"

#define CONVERSION_FILE "fixtures/standards/conversion.yaml"
#define CONVERSION_BYTES_MAX ((size_t)1 << 20)
#define CONVERSION_ROWS_MAX 500
#define CONVERSION_CODES_MAX 2000
#define CONVERSION_PATHS_MAX 8 /* alternatives of one row in one format */

struct conversion_rules;

/* Reads the bytes of a table; a mistake is an error with line and column. */
MUST_CHECK int conversion_rules_read(struct conversion_rules **out, struct arena *a, struct str bytes, struct str name,
                                     struct error *e);
/* Reads CONVERSION_FILE below data_dir. */
MUST_CHECK int conversion_rules_load(struct conversion_rules **out, struct arena *a, const char *data_dir,
                                     struct error *e);

#endif
