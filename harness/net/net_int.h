/* net_int: what the files of this room share. */
#ifndef NET_NET_INT_H
#define NET_NET_INT_H

#include "base/error.h"

#include <stdlib.h>

/* n zeroed bytes for an object that is freed by itself (a timer, a watch); aborts when out of memory. */
static inline void *net_alloc(size_t n) {
  void *p = calloc(1, n);
  if (!p) BUG("out of memory");
  return p;
}

#endif
