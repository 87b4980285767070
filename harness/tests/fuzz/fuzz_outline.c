/* fuzz_outline: the structure of letters; what is read can be walked, and a letter be judged by it. */
#include "standards/outline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct outline_type *t, const struct outline_particle *p) {
  for (; p; p = p->next) {
    (void)outline_may_be_empty(p);
    if (p->order == OUTLINE_ELEMENT) {
      if (!p->type) BUG("an element without a type");
      if (!outline_starts(p, p->name) || !outline_find(t, p->name)) BUG("an element is not found by its name");
    }
    walk(t, p->first);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct outline *o;
  struct error e;
  struct str bytes = {(const char *)data, size};
  if (outline_read(&o, a, (struct source){STR("fuzz"), bytes}, &e) == 0)
    for (size_t i = 0; i < o->types.n; i++) {
      const struct outline_type *t = o->types.entries[i].value;
      walk(t, t->first);
    }
  arena_free(a);
  return 0;
}
