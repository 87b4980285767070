#include "paper/pdf/page.h"

void pages_init(struct pages *p, struct arena *a, const struct paper *paper) {
  *p = (struct pages){.a = a, .paper = paper};
  map_init(&p->anchors, a);
}

void pages_add(struct pages *p) {
  (void)VEC_ADD(p->a, &p->list);
}

size_t pages_put(struct pages *p, struct op op) {
  struct page *last = &p->list.v[p->list.n - 1];
  VEC_PUSH(p->a, &last->ops, op);
  return last->ops.n - 1;
}

struct op *pages_op(struct pages *p, size_t n) {
  return &p->list.v[p->list.n - 1].ops.v[n];
}

void pages_anchor(struct pages *p, struct str id, double y) {
  if (!id.n || map_get(&p->anchors, id)) return;
  struct anchor *at = ARENA_NEW(p->a, struct anchor);
  *at = (struct anchor){p->list.n, y};
  map_set(&p->anchors, id, at);
}
