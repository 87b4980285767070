/* correspondence: a letter as a list of elements, whatever format it came in.
 *
 * An element is a row of the table (mapping/conversion_rules.h) with what stands there: the value as it is compared,
 * the literal text, the coding system, and the node in its own file's bytes. Elements stand in the order of the table;
 * those of a list have the number of their item, from 0. Of an interchange or Emessage with several letters the first
 * is read. Everything lives in the arena; nodes and literals borrow from the trees and bytes that were read. */
#ifndef MAPPING_CORRESPONDENCE_H
#define MAPPING_CORRESPONDENCE_H

#include "base/map.h"
#include "mapping/conversion_rules.h"

#define CORRESPONDENCE_ELEMENTS_MAX 50000

struct mapping_element {
  const struct mapping_row *row;
  struct str value;        /* normalised: what is compared */
  struct str literal;      /* as it stands, unescaped */
  struct str system;       /* normalised; empty: none told */
  const struct node *node; /* NULL: a computed value without a place */
  size_t group;            /* of a list: which item */
  size_t source;           /* of a joined letter: which file */
};

/* The elements of a row by the number of their item, and by their value where that is an id. */
struct mapping_items {
  VEC(uint32_t) at;  /* place in the list + 1; 0: not in this item */
  struct map values; /* value -> the same; of the first that has it */
};

struct correspondence {
  struct arena *a;
  const struct conversion_rules *rules;
  enum mapping_format format;
  struct str type;    /* "CareCommunication", "HospitalNotification", "Acknowledgement", or "DIS91", "BIN01", "CTL03" */
  struct str version; /* "D9134L"; FHIR: empty */
  VEC(struct str) names;   /* of the files */
  const struct node *root; /* Bundle, Emessage or interchange */
  VEC(struct mapping_element) list;
  struct mapping_items *items; /* by the number of the row */
  size_t letters;              /* in the file; only the first was read */
};

/* Reads bytes of any of the formats; -1 with e set if they are none, or no letter stands in them. */
MUST_CHECK int correspondence_read(struct correspondence *out, struct arena *a, const struct conversion_rules *r,
                                   struct source src, struct error *e);
/* The same of a tree: a FHIR Bundle, the root of an OIOXML letter, an EDIFACT interchange. */
MUST_CHECK int correspondence_of(struct correspondence *out, struct arena *a, const struct conversion_rules *r,
                                 const struct node *root, enum mapping_format format, struct str name, struct error *e);
/* Adds the objects of an XBIN01 or BIN01 to the letter that refers to them; objects that it does not name become
 * attachments without a title. */
void correspondence_join(struct correspondence *letter, const struct correspondence *objects);

/* The element of a key, in item `group` of its list; NULL if it is not there. */
const struct mapping_element *correspondence_at(const struct correspondence *c, const char *key, size_t group);
static inline const struct mapping_element *correspondence_get(const struct correspondence *c, const char *key) {
  return correspondence_at(c, key, 0);
}
/* The same of a row. */
const struct mapping_element *correspondence_item(const struct correspondence *c, const struct mapping_row *row,
                                                  size_t group);
/* The first element of a key (of a row that is read as uuid) that has this value; NULL if none has. */
const struct mapping_element *correspondence_find(const struct correspondence *c, const char *key, struct str value);
/* Its value, or literal; empty if it is not there. */
struct str correspondence_value(const struct correspondence *c, const char *key, size_t group);
struct str correspondence_literal(const struct correspondence *c, const char *key, size_t group);
/* Number of items of a list. */
size_t correspondence_count(const struct correspondence *c, const char *list);
/* Where an element stands. */
struct place element_place(const struct correspondence *c, const struct mapping_element *x);
/* The octets of an attachment's content, decoded; false if they cannot be. */
bool element_octets(struct str *out, struct arena *a, const struct correspondence *c, const struct mapping_element *x);

#endif
