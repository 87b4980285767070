/* A store as a national testcamp leaves it: copies of runs that are in it, of as many systems as one likes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "tests/bench/bench.h"

#define VENDOR_FILE_MAX ((size_t)1 << 20)
#define RUNS_A_COMMIT 100

struct copying {
  struct store *store;
  struct arena *one; /* of the run at hand */
  struct str id, system;
  char vendor[SHA256_HEX + 1];
};

/* The text with another value behind `key`, up to the end of the line. */
static struct str with_line(struct arena *a, struct str text, const char *key, const char *value) {
  struct buf b;
  size_t at = str_find(text, str_z(key), 0), end = SIZE_MAX;
  if (at != SIZE_MAX) end = str_find(text, STR("\n"), at + strlen(key));
  if (end == SIZE_MAX) return text;
  buf_init(&b, VENDOR_FILE_MAX);
  buf_add(&b, str_sub(text, 0, at + strlen(key)));
  buf_addz(&b, value);
  buf_add(&b, str_sub(text, end, text.n));
  return buf_take(&b, a);
}

static int put_vendor(struct copying *c, struct str digest, size_t system, struct error *e) {
  struct str text;
  if (store_blob_get(c->store, digest, c->one, &text, e) < 0) return -1;
  text = with_line(c->one, text, "\nvendor:\n  name:", arena_printf(c->one, " Vendor %zu", system / 3).p);
  text = with_line(c->one, text, "\nsystem:\n  name:", arena_printf(c->one, " System %zu", system).p);
  return store_blob_put(c->store, text, c->vendor, e);
}

/* The event as it is, of the copy. */
static int on_event(void *payload, struct event *ev, struct error *e) {
  struct copying *c = payload;
  ev->data.arena = c->one;
  if (event_is(ev, "run-started")) {
    facts_put(&ev->data, STR("run"), c->id);
    facts_put(&ev->data, STR("vendor.blob"), str_z(c->vendor));
  }
  return store_append(c->store, c->id, ev, e);
}

static int copy_one(struct copying *c, struct str run, size_t n, size_t system, struct error *e) {
  struct event *first;
  c->one = arena_new(0);
  c->id = arena_printf(c->one, "%.*s-%08zx", (int)strlen("20260101"), run.p, n * 2654435761u % 0xffffffffu);
  int rc = store_first(c->store, c->one, run, &first, e);
  if (rc == 0) rc = put_vendor(c, event_get(first, "vendor.blob"), system, e);
  if (rc == 0) rc = store_replay(c->store, run, c->one, on_event, c, e);
  if (rc == 0) printf("%.*s\n", STR_F(c->id));
  arena_free(c->one);
  return rc;
}

int bench_copies(const char *path, size_t systems, int argc, char **argv) {
  struct copying c = {0};
  struct error e;
  size_t made = 0;
  if (store_open(&c.store, path, STORE_WRITE, &e) < 0) bench_die(&e);
  for (int i = 0; i + 1 < argc; i += 2) {
    size_t n = (size_t)strtoull(argv[i + 1], NULL, 10);
    for (size_t k = 0; k < n; k++, made++) {
      if (copy_one(&c, str_z(argv[i]), made + 1, made % systems, &e) < 0) bench_die(&e);
      if (made % RUNS_A_COMMIT == 0 && store_commit(c.store, &e) < 0) bench_die(&e);
    }
  }
  if (store_commit(c.store, &e) < 0) bench_die(&e);
  store_close(c.store);
  return 0;
}
