/* snapshot: the full list of elements of a StructureDefinition, made from its differential.
 *
 * A differential says only what a profile changes. Its snapshot is the one of the base definition with these changes
 * merged in: what is narrowed replaces what was there, constraints add up, a slice is a copy of the element that is
 * sliced with all below it, and where the differential goes deeper than the base, the datatype (or the one profile on
 * it, or the target of the content reference) is walked into. Elements come in the order of the base, each slice and
 * what is below it after the element that it slices. Ids are made anew from path and slice names.
 *
 * Generated elements are kept in the structure (generated, generated_state); strings and nodes borrow from the
 * definitions in the book. Source: FHIR R4 4.0.1, 5.1.0.10 to 5.1.0.16 (profiling) and ElementDefinition. */
#ifndef FHIR_SNAPSHOT_H
#define FHIR_SNAPSHOT_H

#include "fhir/book.h"

#define SNAPSHOT_ELEMENTS_MAX 20000 /* elements of one snapshot */
#define SNAPSHOT_CHAIN_MAX 40       /* definitions that wait for each other: bases of bases, profiles on datatypes */
#define SNAPSHOT_DEPTH_MAX 60       /* segments of an element's path */
#define SNAPSHOT_SLICES_MAX 5000    /* slices of one element */

enum snapshot_mode {
  SNAPSHOT_PUBLISHED, /* what is published is taken; generated only where nothing is */
  SNAPSHOT_OWN,       /* generated for this structure, for comparing with what its publisher made: by the rules of the
                         time when it was published; definitions it builds on are taken as published */
  SNAPSHOT_ALL        /* the same, generated for all profiles that it builds on, too */
};

/* The snapshot of s. What is generated is made in a (which must live as long as the book) and only once: a later call
 * gives the same, whatever its mode. -1 with the canonical named: the base or a datatype is not in the book, profiles
 * build on each other in a circle, the differential names an element that the base does not have, or a limit. What
 * could not be generated is tried again only when it is asked for by itself. */
MUST_CHECK int structure_snapshot(const struct elements **out, struct arena *a, struct book *b, struct structure *s,
                                  enum snapshot_mode mode, struct error *e);

#endif
