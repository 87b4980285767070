#include "cli/shown.h"

#include "seal/mask.h"

int shown_record(struct session *s, struct run *r, struct record *out, struct error *e) {
  struct mask m = {.foreign = run_foreign(r)};
  s->options.foreign = m.foreign; /* for the exchanges */
  if (run_record(r, out, s->arena, e) < 0) return -1;
  mask_record(&m, s->arena, out);
  return 0;
}

int shown_document(struct session *s, struct run *r, struct record *out, struct error *e) {
  if (shown_record(s, r, out, e) < 0) return -1;
  run_pictures(r, out, s->arena);
  return 0;
}

bool shown_exchange(struct session *s, const struct record_exchange *x, struct arena *a, struct str *bytes,
                    struct error *e) {
  struct mask m = {.foreign = s->options.foreign};
  struct str digest = x->withheld.n ? x->copy : x->digest;
  if (!digest.n) return false;
  if (store_blob_get(s->store, digest, a, bytes, e) < 0) return false;
  *bytes = mask_bytes(&m, a, *bytes);
  return true;
}
