#include "console/squeeze.h"

#include <zlib.h>

#define LEVEL 3 /* more costs time in the loop, and saves little */
#define GZIP (MAX_WBITS + 16)
#define MEMORY 8

static bool is_refused(struct str parameter) {
  struct str q = str_trim(parameter);
  if (!str_starts(q, STR("q=0"))) return false;
  for (size_t i = 3; i < q.n; i++)
    if (q.p[i] != '.' && q.p[i] != '0') return false;
  return true;
}

bool squeeze_is_taken(struct str accept_encoding) {
  while (accept_encoding.n) {
    struct str rest = str_cut(&accept_encoding, ','), name = str_trim(str_cut(&rest, ';'));
    if (str_eq_nocase(name, STR("gzip"))) return !is_refused(rest);
  }
  return false;
}

bool squeeze(struct str *out, struct arena *a, struct str bytes) {
  z_stream z = {0};
  if (bytes.n > UINT32_MAX || deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
    return false;
  char *to = arena_alloc(a, bytes.n + 1);
  z.next_in = (Bytef *)(uintptr_t)bytes.p;
  z.avail_in = (uInt)bytes.n;
  z.next_out = (Bytef *)to;
  z.avail_out = (uInt)bytes.n;
  bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
  if (whole) *out = (struct str){to, z.total_out};
  deflateEnd(&z);
  return whole;
}
