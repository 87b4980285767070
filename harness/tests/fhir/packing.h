/* packing: packages made in memory for the tests. */
#ifndef TESTS_FHIR_PACKING_H
#define TESTS_FHIR_PACKING_H

#include "fhir/book.h"

/* The bytes of a package with a manifest and one definition a line: TYPE URL VERSION ("-" for none). */
struct str packed(struct arena *a, const char *manifest, const char *definitions);
/* The same with files as they stand: "name", "bytes", ..., NULL. */
struct str packed_files(struct arena *a, const char *const *names_and_bytes);
/* Opens it; ends the test when that fails. */
struct package *package_of(struct arena *a, struct str tgz);
/* A book of packages "NAME@VERSION dependency@version ..." (canonical http://NAME), each followed by its definitions:
 * "", "manifest line", "definitions", ..., NULL. */
struct book *book_of(struct arena *a, const char *const *packages);
/* The folder of material that is not in the project, or NULL. */
const char *shared_folder(void);

#endif
