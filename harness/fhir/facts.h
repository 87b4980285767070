/* facts: definitions as lines of facts, shipped with the harness (fixtures/standards/packages).
 *
 * A file NAME@VERSION.facts stands for the FHIR package of that name and version, as far as validation needs it: of a
 * StructureDefinition its differential, of a ValueSet its composition, of a CodeSystem its codes; no sentence of the
 * source. The form is told in fixtures/standards/README.md. Its definitions take part in the look-ups of a book like
 * those of any package; each is read when it is asked for, and its nodes have the line of the facts file. The bytes of
 * the files live in the book's arena. */
#ifndef FHIR_FACTS_H
#define FHIR_FACTS_H

#include "fhir/book.h"

#define FACTS_FILE_MAX ((size_t)16 << 20) /* bytes of one file */
#define FACTS_PREFIXES_MAX 64             /* abbreviations of one file */
#define FACTS_DEPTH_MAX 64                /* nesting of codes */
#define FACTS_SUFFIX ".facts"
#define FACTS_PACKAGES "fixtures/standards/packages" /* where they are, below file_data_dir */

/* Adds all *.facts files in dir to b; book_add_standards (fhir/compiled.h) does it in less time. A package of the same
 * name and version that is there already is kept, so what is published comes first when it is added first. -1 with file
 * and line when dir or a file cannot be read. */
MUST_CHECK int book_add_facts(struct book *b, const char *dir, struct error *e);
/* Adds one file, from its bytes, which must live as long as b. */
MUST_CHECK int book_add_facts_bytes(struct book *b, struct source facts, struct error *e);

/* Which definitions of a package are written. */
struct facts_choice {
  bool (*wants)(void *context, struct package_item *item); /* NULL: all */
  /* True for a structure whose published snapshot is written too, as it is not the one that its base gives; NULL: none
   */
  bool (*keeps_snapshot)(void *context, struct package_item *item);
  void *context;
};

/* Writes the facts of a package that is loaded, in the order of kinds and URLs; a is for what is read on the way. -1 if
 * a definition cannot be read, or has what the form cannot say. */
MUST_CHECK int facts_write(struct buf *out, struct arena *a, struct package *p, const struct facts_choice *choice,
                           struct error *e);

#endif
