/* Screen dumps and other pictures of the evidence, for documents that show them. */
#include "formats/photo.h"
#include "run/run_int.h"

/* What was erased is not shown; what was blacked out is shown as its copy. */
static struct str shown_digest(const struct run *r, struct str digest) {
  const struct event *t = state_redacted(r->state, digest);
  return t ? event_get(t, "copy") : digest;
}

static void fill(struct run *r, struct record_evidence *x, struct arena *a, size_t *room) {
  struct arena *own = arena_new(0);
  struct error ignored; /* a file that is lost, or came in a bundle, is named all the same */
  struct str bytes, digest = shown_digest(r, x->digest);
  struct photo photo;
  if (digest.n && store_blob_get(r->o.store, digest, own, &bytes, &ignored) == 0 && bytes.n <= RECORD_PICTURE_MAX &&
      bytes.n <= *room && photo_look(&photo, bytes)) {
    x->media = str_z(photo.type);
    x->bytes = arena_str(a, bytes);
    *room -= bytes.n;
  }
  arena_free(own);
}

void run_pictures(struct run *r, struct record *out, struct arena *a) {
  size_t room = RECORD_PICTURES_MAX;
  for (size_t i = 0; i < out->cases.n; i++)
    for (size_t k = 0; k < out->cases.v[i].steps.n; k++) {
      struct record_step *s = &out->cases.v[i].steps.v[k];
      for (size_t n = 0; n < s->evidence.n; n++) fill(r, &s->evidence.v[n], a, &room);
    }
}
