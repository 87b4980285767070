/* profile_bench: what the tests of profiles have in common: the shared packages opened once, a book made of them. */
#ifndef TESTS_VALIDATE_PROFILE_BENCH_H
#define TESTS_VALIDATE_PROFILE_BENCH_H

#include "tests/validate/shared.h"
#include "validate/profile.h"

struct bench {
  struct arena *arena;
  const char *shared;
  const struct shapes *shapes;
  struct package **packages;
  size_t n;
  bool by_facts; /* no packages: the shipped facts */
};

/* Opens the packages whose file names begin with one of the NULL-terminated heads (none given: all); skips the test
 * where the shared material is absent. */
void bench_open(struct bench *b, const char *const *heads);
/* The shipped facts alone, which are always there; bench_judge, which needs the shared folder, is not for it. */
void bench_open_shipped(struct bench *b);
/* The shipped facts in place of packages. */
void bench_open_facts(struct bench *b);
/* A book of these packages or facts. */
struct book *bench_book(const struct bench *b);
/* The findings of the file at path (below the shared folder); a is scratch. Those of reading it are included. */
void bench_judge(struct findings *f, struct arena *a, const struct bench *b, struct book *book, struct str path,
                 const struct str *profile);

#endif
