/* semantic: two letters in different formats, compared element by element.
 *
 * Both are correspondences (mapping/correspondence.h): a CareCommunication against the XDIS91 that it became, an
 * EDIFACT letter against its OIOXML twin. What only one of the two formats has a place for is not compared; ids of the
 * exchange are not compared between FHIR and the others, where they differ by nature. Each difference is a finding with
 * both positions, in the bytes of each file: `where` in the actual letter, `other` in the expected one. What is the
 * same said otherwise (an instant in another zone, sections divided otherwise, a list in another order) is told as
 * such and is no difference. */
#ifndef DIFF_SEMANTIC_H
#define DIFF_SEMANTIC_H

#include "mapping/correspondence.h"

/* Appends a finding for each difference; their number is the result (findings of severity info do not count). What of
 * letters of a type cannot be compared is one too, undecided: such letters are never simply equal. What is attached to
 * an XDIS91 is compared if its XBIN01 were joined (correspondence_join), else it is undecided, too, and counts. */
size_t diff_semantic(struct findings *f, const struct correspondence *expected, const struct correspondence *actual);

extern const struct rule *const semantic_rule_table;
extern const size_t semantic_rule_table_n;

#endif
