/* cpu: what a test measures that says "in time that grows with it": the work of this process, which the others on a
 * busy machine do not add to. */
#ifndef TESTS_CPU_H
#define TESTS_CPU_H

#include <stdint.h>
#include <time.h>

/* Milliseconds of processor time so far. */
static inline int64_t cpu_ms(void) {
  return (int64_t)clock() * 1000 / CLOCKS_PER_SEC;
}

#endif
