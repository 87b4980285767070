/* vec: a growable array in an arena.
 *
 * Declare a member as VEC(struct thing) things; then things.v[i] for
 * i < things.n. Growing copies to a new place in the arena, so do not keep
 * pointers to elements across VEC_ADD. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(type)                                                                                                      \
  struct {                                                                                                             \
    type *v;                                                                                                           \
    size_t n, cap;                                                                                                     \
  }

/* Appends a zeroed element and gives its address. */
#define VEC_ADD(a, vec)                                                                                                \
  ((vec)->n == (vec)->cap ? ((vec)->v = vec_grow((a), (vec)->v, &(vec)->cap, (vec)->n, sizeof *(vec)->v)) : 0,         \
   &(vec)->v[(vec)->n++])
/* Appends a value. */
#define VEC_PUSH(a, vec, value) (*VEC_ADD((a), (vec)) = (value))

/* Used by VEC_ADD only: a larger zeroed copy of v. */
void *vec_grow(struct arena *a, void *v, size_t *cap, size_t n, size_t size);

#endif
