#include "cli/received.h"

#include "formats/json.h"

#define NOTE_MAX ((size_t)64 << 10)

static struct str note_name(struct arena *a, struct str run) {
  return arena_printf(a, STORE_RECEIVED "%.*s", STR_F(run));
}

bool received_is(struct store *store, struct arena *a, struct str run) {
  struct error e;
  struct str json;
  return store_note_get(store, note_name(a, run), a, &json, &e) < 0 || json.n > 0;
}

int received_find(struct session *s, struct str run, struct received *out, bool *found, struct error *e) {
  struct str json;
  struct node *root;
  struct findings f;
  findings_init(&f, s->arena);
  *out = (struct received){0};
  *found = false;
  if (store_note_get(s->store, note_name(s->arena, run), s->arena, &json, e) < 0) return -1;
  if (!json.n) return 0;
  if (json_read(&root, s->arena, (struct source){STR("note of a received run"), json}, &f) < 0)
    return findings_error(&f, e);
  *out = (struct received){.at = node_text_at(root, "at"),
                           .bundle = node_text_at(root, "bundle"),
                           .program = node_text_at(root, "program"),
                           .signer = node_text_at(root, "signer"),
                           .state = node_text_at(root, "state")};
  *found = true;
  return 0;
}

int received_note(struct session *s, struct str run, const struct received *r, struct error *e) {
  struct buf b;
  struct json_writer w;
  buf_init(&b, NOTE_MAX);
  json_writer_init(&w, &b, 0);
  json_begin_object(&w, NULL);
  json_put_str(&w, "at", r->at);
  json_put_str(&w, "bundle", r->bundle);
  json_put_str(&w, "program", r->program);
  json_put_str(&w, "signer", r->signer);
  json_put_str(&w, "state", r->state);
  json_end(&w);
  int rc = store_note_set(s->store, note_name(s->arena, run), buf_str(&b), e);
  buf_release(&b);
  return rc;
}

int received_refuse(struct session *s, struct str run, struct error *e) {
  struct received r;
  bool found;
  if (received_find(s, run, &r, &found, e) < 0) return -1;
  if (!found) return 0;
  return error_set(
      e, ERR_CONFIG,
      "run %.*s came as a bundle: it is evidence of a vendor's self-run, to be judged and reported, not to "
      "be gone on with",
      STR_F(run));
}
