/* facts_compare: what two readings of one definition say differently, a line each. */
#ifndef TESTS_FACTS_COMPARE_H
#define TESTS_FACTS_COMPARE_H

#include "base/buf.h"
#include "fhir/definition.h"

/* All that facts hold of an element of a differential; prose, sources of constraints that are the definition itself,
 * and base are not compared. */
size_t compare_elements(struct buf *out, const struct elements *x, const struct elements *y);
/* The same with the head of the definition, and with the snapshot and its bases where y has one besides its own. */
size_t compare_structures(struct buf *out, const struct structure *x, const struct structure *y);
size_t compare_value_sets(struct buf *out, const struct value_set *x, const struct value_set *y);
size_t compare_code_systems(struct buf *out, const struct code_system *x, const struct code_system *y);

#endif
