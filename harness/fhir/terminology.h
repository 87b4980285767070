/* terminology: is a code in a value set? Three answers, and never a guess.
 *
 * Judged with what the book holds alone. A value set is judged by its compose where every code system that it needs is
 * there, else by a complete expansion. What would need a code system that is not there, a filter that is not supported
 * or an expansion that is not all gives TERMINOLOGY_UNKNOWN. Nothing is allocated but in the arena given, and nothing
 * is kept: strings in the answer borrow from the book or live in that arena.
 * Source: FHIR R4 4.0.1, 4.9 (ValueSet) and 4.8 (CodeSystem). */
#ifndef FHIR_TERMINOLOGY_H
#define FHIR_TERMINOLOGY_H

#include "fhir/book.h"

#define TERMINOLOGY_DEPTH_MAX 16       /* value sets that name each other */
#define TERMINOLOGY_ASKS_MAX 50000     /* value sets that are asked for one answer */
#define TERMINOLOGY_STEPS_MAX 10000000 /* codes listed in value sets that are looked at for one answer */

enum terminology_answer { TERMINOLOGY_NO, TERMINOLOGY_YES, TERMINOLOGY_UNKNOWN };

struct terminology_code {
  struct str system; /* may be empty: see any_system */
  struct str version;
  struct str code;
};

struct terminology_reply {
  enum terminology_answer answer;
  struct str system; /* of a code element: the system it was found in; empty if several or none */
  struct str why;    /* of UNKNOWN: what is not there */
};

/* Is the code in the value set? any_system: the code comes without its system (an element of type code), and any
 * system of the value set will do. */
struct terminology_reply terminology_member(struct arena *a, struct book *b, const struct value_set *vs,
                                            struct terminology_code code, bool any_system);
/* Is the code in its code system? UNKNOWN where the system is not there or is not complete. */
struct terminology_reply terminology_lookup(struct arena *a, struct book *b, struct terminology_code code,
                                            const struct package *from);

#endif
