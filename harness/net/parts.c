#include "net/parts.h"

void parts_put(struct buf *out, const char *name, struct str bytes) {
  buf_printf(out, "%s %zu\n", name, bytes.n);
  buf_add(out, bytes);
}

static bool is_name(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < 'a' || s.p[i] > 'z') return false;
  return s.n > 0 && s.n <= PART_NAME_MAX;
}

static bool is_length(struct str s, size_t *n) {
  int64_t length;
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  if (!s.n || !str_int(s, &length) || length < 0 || (size_t)length > PART_BYTES_MAX) return false;
  *n = (size_t)length;
  return true;
}

int parts_take(struct str *rest, struct str *name, struct str *bytes) {
  struct str all = *rest;
  size_t end = str_index(all, '\n'), n = 0;
  if (end == SIZE_MAX) return all.n > PART_HEAD_MAX ? -1 : 0;
  struct str length = str_sub(all, 0, end);
  bool has_length = str_index(length, ' ') != SIZE_MAX;
  *name = str_cut(&length, ' ');
  all = str_sub(all, end + 1, all.n);
  if (!is_name(*name) || (has_length && !is_length(length, &n))) return -1;
  if (all.n < n) return 0;
  *bytes = str_sub(all, 0, n);
  *rest = str_sub(all, n, all.n);
  return 1;
}
