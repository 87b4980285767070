/* Event lines: whatever can be read is written and read back as the same bytes, as the hash chain needs. */
#include "record/event.h"

#include <stdlib.h>

#define LINE_MAX_BYTES ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str line_of(struct arena *a, const struct event *ev) {
  struct buf b;
  buf_init(&b, LINE_MAX_BYTES);
  event_write(&b, ev);
  return buf_take(&b, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct event *ev, *again;
  struct error e;
  if (event_read(&ev, a, (struct str){(const char *)data, size}, &e) == 0) {
    struct str line = line_of(a, ev);
    if (event_read(&again, a, line, &e) != 0 || !str_eq(line, line_of(a, again))) abort();
    struct facts out;
    facts_init(&out, a);
    event_get_facts(&out, ev);
  }
  arena_free(a);
  return 0;
}
