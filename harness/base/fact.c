#include "base/fact.h"

void facts_init(struct facts *f, struct arena *a) {
  *f = (struct facts){.arena = a};
}

void facts_put(struct facts *f, struct str name, struct str value) {
  if (value.n == 0) return;
  struct str copy = arena_str(f->arena, value);
  for (size_t i = 0; i < f->list.n; i++) {
    if (str_eq(f->list.v[i].name, name)) {
      f->list.v[i].value = copy;
      return;
    }
  }
  VEC_PUSH(f->arena, &f->list, ((struct fact){arena_str(f->arena, name), copy}));
}

struct str facts_get(const struct facts *f, const char *name) {
  for (size_t i = 0; i < f->list.n; i++)
    if (str_eqz(f->list.v[i].name, name)) return f->list.v[i].value;
  return (struct str){0};
}
