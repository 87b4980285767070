/* book_int: what the files of a book share. */
#ifndef FHIR_BOOK_INT_H
#define FHIR_BOOK_INT_H

#include "fhir/book.h"

struct package_list {
  struct package **v;
  size_t n, cap;
};

struct book {
  struct arena *arena;
  struct package_list packages; /* in order of adding */
  struct package loose;         /* what has no package; by_url as in any */
  struct package_list pins;     /* pinned packages with their dependencies, in order of preference */
  struct {
    struct book_missing *v;
    size_t n, cap;
  } missing;
  struct map missed; /* type, canonical and asker -> itself */
  struct {
    struct error *v;
    size_t n, cap;
  } problems;
};

/* The packages that p asks for and those that they ask for, p first, nearest first. */
const struct package_list *book_closure_of(struct book *b, const struct package *p);
/* Lists something as missing, once. */
void book_miss(struct book *b, const char *type, struct str canonical, const struct package *asker, struct str instead);
/* Loads a package; what goes wrong becomes a problem. */
void book_load(struct book *b, struct package *p);
void book_problem(struct book *b, const struct error *e);
/* "NAME@VERSION" in the book's arena. */
struct str book_spec(struct book *b, const struct package *p);

#endif
