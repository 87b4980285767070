#include "cli/serve_known.h"

#include "plan/vendor.h"

void serve_known_init(struct serve_known *k, struct arena *a, struct camp *camp, struct store *store) {
  *k = (struct serve_known){.camp = camp, .store = store};
  map_init(&k->files, a);
}

static void add_file(struct serve_known *k, struct str digest) {
  struct arena *a = arena_new(0);
  struct source file = {.name = STR("vendor file")};
  struct vendor *v;
  struct error e;
  if (store_blob_get(k->store, digest, a, &file.bytes, &e) == 0 && vendor_read(&v, a, file, &e) == 0)
    camp_know(k->camp, v->system);
  arena_free(a);
}

static bool is_vendor_file(struct str name) {
  return str_eqz(name, "vendor.blob") || (str_starts(name, STR("party.")) && str_ends(name, STR(".blob")));
}

void serve_known_add(struct serve_known *k, const struct event *first) {
  for (size_t i = 0; first && i < first->data.list.n; i++) {
    struct str name = first->data.list.v[i].name, digest = first->data.list.v[i].value;
    if (is_vendor_file(name) && map_set(&k->files, digest, k)) add_file(k, digest);
  }
}
