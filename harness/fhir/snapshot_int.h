/* snapshot_int: what the files of the snapshot generator share: elements as a tree. */
#ifndef FHIR_SNAPSHOT_INT_H
#define FHIR_SNAPSHOT_INT_H

#include "fhir/snapshot.h"

struct branches {
  struct branch **v;
  size_t n, cap;
};

/* An element with what is below it. Slices stand beside their slicer, in the order of output: a re-slice "a/b" is one
 * more slice. In the tree of a differential, a branch that is only on the way to another has no element node. */
struct branch {
  struct element e;
  struct str name; /* last segment of the path */
  struct branches children, slices;
  const struct package *package; /* who says what stands here: its look-ups start there */
};

/* A definition's snapshot as a tree, read once for one generation. */
struct snapshot_tree {
  const struct structure *structure;
  const struct branch *root;
};

/* One generation: where things are made, and how deep it is in others. */
struct snapshot_maker {
  struct arena *arena;
  struct book *book;
  enum snapshot_mode mode;
  struct structure *structure; /* the one that is made */
  const struct elements *base; /* the elements of its base: targets of content references */
  struct {
    struct snapshot_tree *v;
    size_t n, cap;
  } trees;         /* of definitions walked into */
  bool older;      /* as publishers did it until 2024 */
  size_t branches; /* put into the tree so far, at most SNAPSHOT_ELEMENTS_MAX */
  struct error *e;
  int chain;
};

/* --- snapshot_tree.c --- */

/* The tree of a snapshot (ids and paths as they come); NULL if there is no root. */
struct branch *branch_read(struct arena *a, const struct elements *list, const struct package *package);
/* Number of branches, b and its slices included. */
size_t branch_count(const struct branch *b);
/* A deep copy; slices of the branch itself only when wanted. */
struct branch *branch_copy(struct arena *a, const struct branch *b, bool with_slices);
/* The child of that name, or the slice of that name, or NULL. */
struct branch *branch_child(const struct branch *b, struct str name);
struct branch *branch_slice(const struct branch *b, struct str name);
struct branch *branch_add(struct arena *a, struct branches *to, struct str name, const struct package *package);
/* Writes the tree as a list, with paths, ids made anew. -1 past a limit. */
MUST_CHECK int branch_write(struct elements *out, struct arena *a, const struct branch *root, struct error *e);

/* --- snapshot_differential.c --- */

/* The tree of the differential of s, by ids where they tell, else by paths and slice names. */
MUST_CHECK int differential_read(struct branch **out, struct arena *a, const struct structure *s, struct error *e);

/* --- snapshot_merge.c --- */

/* Puts what the differential's element d says over that of b. */
void element_merge(struct arena *a, struct branch *b, const struct branch *d);
/* Adds the constraints of from that to does not have, by their keys. */
void constraints_add(struct arena *a, struct element *to, const struct element *from);
/* Puts the root of a datatype's profile under an element: what the element itself says goes first. The profile's
 * constraints stay with the profile, as publishers have it since the summer of 2024. */
void element_underlay(struct element *to, const struct element *root);
/* The slicing that R4 takes for granted on extensions and on choices of types. */
void slicing_imply(struct arena *a, struct branch *slicer);

/* --- snapshot_walk.c --- */

/* Takes n more branches from what one snapshot may have; -1 when that is too many. */
MUST_CHECK int maker_spend(struct snapshot_maker *m, size_t n);
/* Gives b its children where it has none: from the target of its content reference, its profile or its type. */
MUST_CHECK int branch_expand(struct snapshot_maker *m, struct branch *b);
/* The root element of the one profile that the types of e name, NULL if there is none to be had. */
const struct element *profile_root(struct snapshot_maker *m, const struct element *e, const struct package *package);
/* The code of the type that name is for a choice ("Quantity" of "valueQuantity"); empty if it is none. */
struct str choice_type(const struct branch *choice, struct str name);
/* The child of b that a differential calls name. A choice called by one of its types ("valueQuantity") is the choice
 * itself, and *code the type's code (else empty). NULL if there is none. */
struct branch *branch_meant(const struct branch *b, struct str name, struct str *code);

/* --- snapshot.c --- */

/* structure_snapshot for another definition, within m. */
MUST_CHECK int snapshot_of(const struct elements **out, struct snapshot_maker *m, struct structure *s);

#endif
