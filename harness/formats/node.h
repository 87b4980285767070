/* node: one tree for every syntax.
 *
 * JSON, XML, YAML and EDIFACT are read into struct node; what follows
 * them (FHIR, envelopes, protocols, diff) knows only this. Nodes live in the
 * arena given to the reader; strings borrow from the source bytes where they
 * can, so the source must live as long as the tree. Every node knows line and
 * column (in characters, 1-based) of where it stands in the source, and the
 * literal text of its value: a number keeps its digits ("1.10" stays "1.10").
 *
 * Shape by syntax
 *   JSON/YAML  OBJECT (children have names), ARRAY (children have none),
 *              STRING, NUMBER, BOOL, NULL (text = literal, unescaped for STRING).
 *              YAML scalars are STRING; NODE_QUOTED tells quoted ones.
 *   XML        ELEMENT (name = local name, ns, prefix; attrs = ATTR list,
 *              xmlns declarations included with ns = NODE_XMLNS). An element
 *              that holds only text has it in `text`; mixed content has TEXT
 *              children. Blank text between elements is dropped outside XHTML.
 *   EDIFACT    GROUP, SEGMENT, BINARY: see formats/edifact.h.
 *   FHIR       see fhir/resource.h: OBJECT/STRING/NUMBER/BOOL with repetition by
 *              equal names, the same tree from JSON and from XML. */
#ifndef FORMATS_NODE_H
#define FORMATS_NODE_H

#include <string.h>

#include "base/finding.h"

#define NODE_XMLNS "http://www.w3.org/2000/xmlns/"

enum node_kind {
  NODE_NULL,
  NODE_BOOL,
  NODE_NUMBER,
  NODE_STRING,
  NODE_ARRAY,
  NODE_OBJECT,
  NODE_ELEMENT,
  NODE_ATTR,
  NODE_TEXT,
  NODE_GROUP,
  NODE_SEGMENT,
  NODE_BINARY
};

enum node_flag {
  NODE_QUOTED = 1, /* YAML: the scalar stood in quotes or in a block */
  NODE_LISTED = 2  /* FHIR: was an item of a JSON array */
};

struct node {
  enum node_kind kind;
  unsigned flags;
  struct str name;         /* key, or local name */
  struct str ns;           /* XML namespace */
  struct str prefix;       /* XML prefix as written */
  struct str type;         /* FHIR: resource type of a resource's root, else empty */
  struct str text;         /* value, unescaped */
  int line, col;           /* where the value, or the start tag, begins */
  int name_line, name_col; /* where the key begins; 0 in XML */
  struct node *parent, *first, *last, *next;
  struct node *attrs; /* XML attributes, by next */
  size_t count;       /* number of children */
};

/* A named run of bytes to read: the name goes into positions. */
struct source {
  struct str name;
  struct str bytes;
};

/* A new node without a parent. */
struct node *node_new(struct arena *a, enum node_kind kind);
/* Appends child as the last one of parent. */
void node_append(struct node *parent, struct node *child);
/* A new object of that name as the last child of parent. */
struct node *node_add(struct arena *a, struct node *parent, const char *name);
/* A text at a path of names below parent, "valueCoding.code": the last child of each name on the way is gone into, or
 * made; the text itself is always a new one. Names and text are borrowed. */
struct node *node_put(struct arena *a, struct node *parent, const char *path, struct str text);
/* Takes child out of its parent; its own children stay with it. */
void node_remove(struct node *child);
/* A deep copy in a. */
struct node *node_copy(struct arena *a, const struct node *n);

/* for (NODE_EACH(c, n)): every child of n (n may be NULL). */
#define NODE_EACH(c, n)                                                                                                \
  struct node *c = (n) ? (n)->first : NULL;                                                                            \
  c;                                                                                                                   \
  c = c->next
/* The first child of that name, or NULL; n may be NULL. */
struct node *node_child_str(const struct node *n, struct str name);
static inline struct node *node_child(const struct node *n, const char *name) {
  return node_child_str(n, str_z(name));
}
/* The next sibling of the same name, or NULL. */
struct node *node_again(const struct node *n);
/* Number of children of that name. */
size_t node_count(const struct node *n, const char *name);
/* The first node at a path of names "entry.resource.id"; NULL if none. Most paths are literals of one name: the
 * compiler sees which function that is. */
struct node *node_at_path(const struct node *n, const char *path);
static inline struct node *node_at(const struct node *n, const char *path) {
  return *path && !strchr(path, '.') ? node_child(n, path) : node_at_path(n, path);
}
/* Its text, empty if there is none. */
static inline struct str node_text_at(const struct node *n, const char *path) {
  const struct node *at = node_at(n, path);
  return at ? at->text : (struct str){0};
}
/* The attribute of that local name without a namespace, or NULL. */
struct node *node_attr(const struct node *n, const char *name);
/* Position among siblings of the same name (objects) or among all (arrays). */
size_t node_index(const struct node *n);
/* "Bundle.entry[0].resource.id" for JSON, YAML and FHIR trees (index only where
 * the name repeats or the parent is an array); "/a/b[2]/@c" for XML. */
struct str node_path(struct arena *a, const struct node *n);
/* The place of n in the message called name; path made in a. */
struct place node_place(struct arena *a, struct str name, const struct node *n);
/* The path of n (may be NULL) for one more finding of f; empty when f is full, or when paths have become too dear: each
 * looks at all siblings, and there are many of both. */
struct str node_path_for(struct arena *a, const struct findings *f, const struct node *n);
/* The place of n for one more finding of f, in its arena, with such a path. */
struct place node_place_for(const struct findings *f, struct str name, const struct node *n);
/* True if both trees hold the same names, kinds, types and texts in the same
 * order; positions and flags are not compared. */
bool node_equal(const struct node *x, const struct node *y);
/* Number of nodes in the tree, n included, attributes not. */
size_t node_size(const struct node *n);
/* "null", "boolean", "number", "string", "list", "object", "element", ... */
const char *node_kind_name(enum node_kind kind);

#endif
