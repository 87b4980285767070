#include "console/approved_lists.h"

struct loading {
  struct store *store;
  struct arena *arena;
  struct approvals *all;
  bool danish;
};

static int load_one(void *payload, struct event *ev, struct error *e) {
  struct loading *l = payload;
  struct approvals list;
  struct findings f;
  struct str bytes, name = event_get(ev, "file");
  if (!event_is(ev, "approvals-read")) return 0;
  findings_init(&f, l->arena);
  if (store_blob_get(l->store, event_get(ev, "rows.blob"), l->arena, &bytes, e) < 0) return -1;
  if (approvals_read(&list, l->arena, (struct source){name, bytes}, &f, e) < 0) return -1;
  approvals_add_list(l->all, l->arena, &list, name, event_get(ev, "as-of"), l->danish);
  return 0;
}

int approved_lists_load(struct approvals *out, struct store *s, struct arena *a, bool danish, struct error *e) {
  struct loading l = {s, a, out, danish};
  struct event *first;
  struct error none;
  *out = (struct approvals){0};
  if (store_first(s, a, STR(STORE_APPROVALS), &first, &none) < 0) {
    if (none.code == ERR_CONFIG) return 0;
    *e = none;
    return -1;
  }
  return store_replay(s, STR(STORE_APPROVALS), a, load_one, &l, e);
}
