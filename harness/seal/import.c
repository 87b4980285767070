/* A bundle's run into a store: its blobs, and its events as they stand. */
#include "formats/archive.h"
#include "seal/seal_int.h"

struct importing {
  struct store *store;
  const struct seal_bundle *bundle;
  struct map wanted; /* names of the files that are blobs */
};

static bool wants(void *context, struct str name) {
  const struct importing *im = context;
  return map_get(&im->wanted, name) != NULL;
}

/* Its digest was right when the bundle was checked; it still has to be. */
static int put_blob(void *context, struct str name, struct str bytes, struct error *e) {
  const struct importing *im = context;
  const struct seal_file *f = map_get(&im->wanted, name);
  char digest[SHA256_HEX + 1];
  if (store_blob_put(im->store, bytes, digest, e) != 0) return -1;
  return str_eqz(f->digest, digest) ? 0 : error_set(e, ERR_IO, "%.*s changed while it was read", STR_F(name));
}

static int put_blobs(struct importing *im, struct source src, struct error *e) {
  struct archive_visitor v = {
      .limits = {SEAL_FILE_MAX, SEAL_TOTAL_MAX, SEAL_FILES_MAX}, .context = im, .wants = wants, .member = put_blob};
  map_init(&im->wanted, im->bundle->arena);
  for (size_t i = 0; i < im->bundle->files.n; i++) {
    struct seal_file *f = &im->bundle->files.v[i];
    if (seal_chain_blob(&im->bundle->chain, f->digest)) map_set(&im->wanted, f->name, f);
  }
  return archive_each(src, &v, e);
}

/* What another run of this store names stays: a bundle from elsewhere must not erase evidence that is not its own. */
static int erase_redacted(struct store *s, const struct seal_bundle *b, struct error *e) {
  for (size_t i = 0; i < b->chain.tombstones.n; i++) {
    struct str digest = event_get(b->chain.tombstones.v[i], "digest"), *runs;
    size_t n;
    if (store_runs_with(s, b->arena, digest, &runs, &n, e) != 0) return -1;
    if (n == 1 && store_blob_erase(s, digest, e) != 0) return -1;
  }
  return 0;
}

int seal_import(struct store *s, const struct seal_bundle *b, struct source src, size_t known, struct error *e) {
  struct importing im = {.store = s, .bundle = b};
  if (b->state != SEAL_INTACT) BUG("a bundle that is not intact is imported");
  if (put_blobs(&im, src, e) != 0) return -1;
  for (size_t i = known; i < b->lines.n; i++)
    if (store_import(s, b->run, (int64_t)i + 1, b->lines.v[i], e) != 0) return -1;
  return erase_redacted(s, b, e);
}
