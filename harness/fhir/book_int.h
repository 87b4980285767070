/* book_int: what the files of a book share. */
#ifndef FHIR_BOOK_INT_H
#define FHIR_BOOK_INT_H

#include "base/hash.h"
#include "fhir/book.h"
#include "fhir/image.h"

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
  char digest[SHA256_HEX + 1]; /* of the compiled file that the packages came from; "" if none */
};

/* The packages that p asks for and those that they ask for, p first, nearest first. */
const struct package_list *book_closure_of(struct book *b, const struct package *p);
/* Lists something as missing, once. */
void book_miss(struct book *b, const char *type, struct str canonical, const struct package *asker, struct str instead);
/* Loads a package; what goes wrong becomes a problem. */
void book_load(struct book *b, struct package *p);
void book_problem(struct book *b, const struct error *e);
/* The struct of that kind made of an item's JSON, in a; NULL if it is of another type or cannot be read. */
void *book_make(struct package_item *item, enum image_kind kind, struct arena *a);
/* True if path looks like a package: .tgz, or a folder with package.json. */
bool book_may_be_package(struct arena *a, const char *path);
/* "NAME@VERSION" in the book's arena. */
struct str book_spec(struct book *b, const struct package *p);

#endif
