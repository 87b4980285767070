/* resource_int: what the files of the resource reader and writer share. */
#ifndef FHIR_RESOURCE_INT_H
#define FHIR_RESOURCE_INT_H

#include "fhir/resource.h"

/* Reports rule (enum resource_rule) at node n of the message. */
void resource_report(struct findings *f, enum resource_rule rule, struct str message, const struct node *n,
                     struct said what);
/* The canonical markup of a narrative div (namespaces declared, attributes and entities in one form), or false if
 * markup is no well-formed div. */
bool xhtml_canonical(struct str *out, struct arena *a, struct str markup);
/* What is wrong with a narrative div; empty if nothing. */
struct said xhtml_problem(struct arena *a, struct str markup);
/* True if a node has only id and extension children: what a primitive without a value has. */
bool resource_is_bare(const struct node *n);
/* The children of one name, in order. */
struct resource_group {
  struct str name;
  const struct node **items;
  size_t n;
};
/* The children of n grouped by name, groups in order of their first. */
struct resource_group *resource_groups(struct arena *a, const struct node *n, size_t *count);
/* The two writers behind resource_write. */
void resource_write_json(struct buf *out, const struct node *r, const struct shapes *shapes, int indent);
void resource_write_xml(struct buf *out, const struct node *r, const struct shapes *shapes, int indent);

#endif
