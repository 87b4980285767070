/* tree: the tree of an envelope against its schema: elements, their order and number, attributes.
 *
 * A schema is static tables (struct tree_type) of whichever kind of envelope it belongs to, and the rules that its
 * findings have there. Nothing is kept; findings go into the arena of the list. */
#ifndef ENVELOPE_TREE_H
#define ENVELOPE_TREE_H

#include "base/finding.h"
#include "formats/node.h"

/* Where findings go, and what the message is called. */
struct tree_check {
  struct findings *f;
  struct str message;
};

enum tree_rule {
  TREE_MISSING,
  TREE_ORDER,
  TREE_UNKNOWN,
  TREE_FORBIDDEN, /* only where a particle has a max of 0 */
  TREE_REPEATED,
  TREE_TEXT,
  TREE_ATTRIBUTE_MISSING,
  TREE_ATTRIBUTE_UNKNOWN,
  TREE_RULES_N
};

struct tree_schema {
  const struct rule *rules[TREE_RULES_N];
  bool any_hint; /* every attribute of XMLSchema-instance may stand anywhere, not only where the schema is */
};

struct tree_type;

/* One element of a sequence. Elements of the same place are alternatives, or come in any order where max is more. */
struct tree_particle {
  const char *name;
  unsigned place, min, max; /* max 0: never */
  const struct tree_type *type;
  bool any_ns; /* the namespace is looked at by others */
};

struct tree_attribute {
  const char *name;
  bool required;
};

/* A sequence; or a simple value with a check of its own; or (any) what is not looked into. */
struct tree_type {
  const struct tree_particle *particles;
  size_t n;
  void (*check)(const struct tree_check *c, const struct node *n);
  const struct tree_attribute *attributes; /* ended by a name of NULL; NULL: none */
  const struct rule *over;                 /* raised by one too many; NULL: TREE_REPEATED */
  bool any;
};

#define TREE_MANY 1000000u
#define TREE_SEQUENCE(list)                                                                                            \
  { .particles = (list), .n = sizeof(list) / sizeof(list)[0] }

/* Checks an element and all below it; depth is that of the schema. */
void tree_check_element(const struct tree_check *c, const struct tree_schema *x, const struct node *n,
                        const struct tree_type *t);
/* Tells of text that stands where none may. */
void tree_check_blank(const struct tree_check *c, const struct tree_schema *x, const struct node *n, struct str text);
/* The place of a node; NULL: the message without one. */
struct place tree_place(const struct tree_check *c, const struct node *n);

#endif
