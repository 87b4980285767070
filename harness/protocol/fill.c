#include "protocol/fill.h"

#define TEXT_MAX ((size_t)1 << 20)

struct str fill_text(struct arena *a, struct str text, struct str (*value)(void *payload, struct str name),
                     void *payload) {
  struct buf b;
  if (str_find(text, STR("${"), 0) == SIZE_MAX) return text;
  buf_init(&b, TEXT_MAX);
  for (size_t at = 0; at < text.n;) {
    size_t open = str_find(text, STR("${"), at);
    size_t close = open == SIZE_MAX ? SIZE_MAX : str_find(text, STR("}"), open);
    buf_add(&b, str_sub(text, at, close == SIZE_MAX ? text.n : open));
    if (close == SIZE_MAX) break;
    struct str known = value(payload, str_trim(str_sub(text, open + 2, close)));
    buf_add(&b, known.n ? known : str_sub(text, open, close + 1));
    at = close + 1;
  }
  return buf_take(&b, a);
}
