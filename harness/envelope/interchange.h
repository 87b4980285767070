/* interchange: what an EDIFACT interchange says of itself: UNB and UNZ around it, UNH and UNT around each message, UNO
 * and UNP around octets (ISO 9735 version 3 as MedCom writes it; legacy.md 3.1, 3.6).
 *
 * Counts, references and what has to be in the service segments are judged here; the reader (formats/edifact.h) tells
 * what is wrong with the characters, and the skeletons (standards/skeleton.h) what is wrong inside a message. One
 * mistake is one finding: what follows from it alone is not told again. Behind UNZ nothing is judged, and of an
 * interchange that is larger than is read only UNB is. */
#ifndef ENVELOPE_INTERCHANGE_H
#define ENVELOPE_INTERCHANGE_H

#include "formats/node.h"

#define INTERCHANGE_REFERENCE_MAX 14 /* characters of 0020 and 0062 */

/* Judges the tree of an interchange; name: of the message, for places. */
void interchange_check(const struct node *root, struct str name, struct findings *f);
/* True if six digits YYMMDD are a day that exists, by EDIFACT_YEAR_PIVOT. */
bool interchange_is_date(struct str s);
/* True if four digits HHMM are a time of day. */
bool interchange_is_time(struct str s);

extern const struct rule *const interchange_rules;
extern const size_t interchange_rules_n;

#endif
