/* regress_int: what the files of regress share. */
#ifndef LINT_REGRESS_INT_H
#define LINT_REGRESS_INT_H

#include "lint/regress.h"

/* The row of that key, made when there is none; NULL when there are too many. */
struct regress_row *regress_row(struct regress *r, enum regress_change change, struct regress_row like);
/* Adds s if it is not there. */
void strs_once(struct arena *a, struct strs *list, struct str s);

/* The profiles that a profile leads to, itself included, by base, types, targets and contents: canonical without
 * version -> struct structure *. Those of FHIR itself are left out. Made once a side and profile. */
struct map *regress_reach(struct regress *r, const struct regress_side *side, struct str profile);
/* The same from all profiles of the side's own package. */
struct map *regress_reach_all(struct regress *r, const struct regress_side *side);
/* The elements of a structure; NULL if there are none. */
const struct elements *regress_elements(struct regress *r, const struct regress_side *side, struct structure *s);
/* What changed in the value sets that the definitions bind to. */
void regress_codes(struct regress *r, struct map *of_x, struct map *of_y);

/* Text of a fixture with every ${...} replaced. */
struct str regress_expand(struct arena *a, struct str text, const struct facts *variables);

#endif
