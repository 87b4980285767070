/* shapes: what R4 says about the form of each element, from the shipped facts of its types (fhir/facts.h).
 *
 * A struct shape is one row: a type ("Patient", "HumanName", "code") or an
 * element of one ("Patient.contact", "Observation.value[x]"). All live in the
 * arena given to shapes_read. Lookups never fail loudly: what the facts do not
 * know is NULL, and the caller falls back on the form of the tree. */
#ifndef FHIR_SHAPES_H
#define FHIR_SHAPES_H

#include "fhir/resource.h"

#define SHAPES_FILE_MAX (4u << 20)
#define SHAPES_PATH_MAX 200 /* bytes of a path */
#define SHAPES_CHAIN_MAX 16 /* steps of type inheritance */

struct shape {
  struct str path;  /* "Patient", "Patient.contact.name", "Patient.deceased[x]" */
  struct str types; /* separated by |; of a type: what it extends */
  int min;
  bool many;    /* max is not 1 */
  bool is_type; /* a row of a type, not of an element */
  int order;    /* position among the elements of the standard */
};

/* An element as it is met in an instance. */
struct shape_use {
  const struct shape *element; /* its row; NULL: unknown */
  const struct shape *content; /* the row whose children it has (a type or a backbone element); NULL: unknown */
  struct str type;             /* its FHIR type: "HumanName", "code", "BackboneElement"; empty: unknown */
  bool choice;                 /* the row is a choice and the name carries the type */
};

/* The row of a path, or NULL; s may be NULL. */
const struct shape *shapes_find(const struct shapes *s, struct str path);
/* The element called name within content (own, inherited, or choice); all zero if there is none. */
struct shape_use shapes_child(const struct shapes *s, const struct shape *content, struct str name);
/* True if content has a choice element name[x]. */
bool shapes_is_choice(const struct shapes *s, const struct shape *content, struct str name);
/* The use of a resource or datatype as a whole. */
struct shape_use shapes_type(const struct shapes *s, struct str type);
/* True if type is base or extends it. */
bool shapes_is_a(const struct shapes *s, struct str type, struct str base);
/* The type that type extends; empty if none. */
struct str shapes_base(const struct shapes *s, struct str type);
/* True for "code", "date", ... : FHIR gives primitives names in lower case. */
bool shapes_is_primitive(struct str type);
/* How JSON writes a primitive type: NODE_BOOL, NODE_NUMBER or NODE_STRING. */
enum node_kind shapes_json_kind(struct str type);

#endif
