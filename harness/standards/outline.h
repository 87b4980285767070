/* outline: what may stand in the OIOXML letters of one namespace: elements, their order and number, and their values.
 *
 * Facts in a file for each namespace (fixtures/standards/oioxml/YYYY-MM-DD.outline; README.md there says how it is
 * written): what MedCom's schemas say, as far as they are published. Everything lives in the arena that it was read
 * into; strings borrow from the file's bytes. Types may contain each other, so a walk follows the document's depth. */
#ifndef STANDARDS_OUTLINE_H
#define STANDARDS_OUTLINE_H

#include "base/error.h"
#include "base/map.h"
#include "base/vec.h"
#include "formats/node.h"

#define OUTLINE_DIR "fixtures/standards/oioxml"
#define OUTLINE_BYTES_MAX ((size_t)1 << 20)
#define OUTLINE_LINES_MAX 50000
#define OUTLINE_DEPTH_MAX 32
#define OUTLINE_OCCURS_MAX 100000
#define OUTLINE_MANY (-1) /* max of what may be repeated without end */

enum outline_base {
  OUTLINE_STRING, /* white space counts; of every other one it is trimmed */
  OUTLINE_TOKEN,
  OUTLINE_URI,
  OUTLINE_BOOLEAN,
  OUTLINE_INT,
  OUTLINE_INTEGER,
  OUTLINE_NOT_NEGATIVE,
  OUTLINE_POSITIVE,
  OUTLINE_DECIMAL,
  OUTLINE_FLOAT,
  OUTLINE_DATE,
  OUTLINE_DATE_TIME
};

struct outline_words {
  struct str *v;
  size_t n, cap;
};

/* What a value must fulfil besides its base. */
struct outline_facets {
  bool has_length, has_min, has_max, has_above, has_below;
  long length_min, length_max; /* in characters; OUTLINE_MANY: no end */
  double min, max, above, below;
  int fraction, digits; /* -1: any number of decimals, of digits */
  struct outline_words codes, patterns;
};

enum outline_kind { OUTLINE_ANY, OUTLINE_VALUE, OUTLINE_ELEMENTS };

struct outline_particle;

/* What an element has inside. */
struct outline_type {
  struct str name; /* empty where it stands in one element only */
  enum outline_kind kind;
  bool mixed;                     /* OUTLINE_ELEMENTS: text may stand between them */
  struct outline_particle *first; /* OUTLINE_ELEMENTS: in sequence */
  enum outline_base base;         /* OUTLINE_VALUE */
  struct outline_facets facets;
};

enum outline_order { OUTLINE_ELEMENT, OUTLINE_SEQUENCE, OUTLINE_CHOICE };

struct outline_particle {
  enum outline_order order;
  struct str name; /* OUTLINE_ELEMENT */
  int min, max;
  struct outline_type *type;                      /* OUTLINE_ELEMENT */
  struct outline_particle *first, *next, *parent; /* of a sequence or choice: what is in it */
  int line;
};

struct outline {
  struct str ns;
  struct map types;          /* struct outline_type by name */
  struct outline_type *root; /* of Emessage */
};

/* Reads one file; what is wrong with it is told with its line. */
MUST_CHECK int outline_read(struct outline **out, struct arena *a, struct source src, struct error *e);
/* Reads what is shipped for a namespace; *out is NULL, and 0 returned, if nothing is. */
MUST_CHECK int outline_load(struct outline **out, struct arena *a, const char *data_dir, struct str ns,
                            struct error *e);
/* The type of an element somewhere in a type's own content (not deeper); NULL if it cannot stand there. */
const struct outline_particle *outline_find(const struct outline_type *t, struct str name);
/* True if what begins with an element of this name can be taken by p. */
bool outline_starts(const struct outline_particle *p, struct str name);
/* True if p is fulfilled by nothing at all. */
bool outline_may_be_empty(const struct outline_particle *p);
const char *outline_base_name(enum outline_base b);

#endif
