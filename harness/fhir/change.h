/* change: a deliberate fault made in a FHIR tree: how protocols make invalid messages out of valid ones, and how the
 * defects of the reference vendor that concern content are declared.
 *
 * A change is a verb, a FHIRPath that finds what it is done to, and what the verb needs:
 *
 *   remove PATH               what is found goes
 *   set PATH, value TEXT      a primitive gets that text
 *   set PATH, from EXPRESSION a primitive gets what the expression gives; it is asked of what was found, so that
 *                             `replaceMatches('a', 'b')` replaces text; %resource is the whole
 *   copy PATH                 what is found stands there twice
 *   add PATH, value JSON      the members of a JSON object become children of what is found
 *
 * Nothing here owns memory: new nodes are made in the caller's arena. */
#ifndef FHIR_CHANGE_H
#define FHIR_CHANGE_H

#include "formats/node.h"

struct shapes;

struct change {
  struct str verb, path;
  struct str value, from; /* both empty where the verb needs none */
};

/* False, and why in e, if the verb is unknown, lacks what it needs, or an expression cannot be parsed. */
MUST_CHECK int change_check(const struct change *c, struct error *e);
/* Does it to every node that the path finds, the last first, so that removing one leaves the others where they are. *n:
 * how many there were; 0 is no error. shapes (fhir/shapes.h) may be NULL: types are then guessed. */
MUST_CHECK int change_apply(size_t *n, struct arena *a, struct node *root, const struct change *c,
                            const struct shapes *shapes, struct error *e);
/* True if a change that asks for those codes (of MessageHeader.event) is meant for a message of that one: "!" before a
 * code means any but that, and no code at all means any. */
bool change_is_for(const struct str *codes, size_t n, struct str code);

#endif
