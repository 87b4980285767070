/* What an operator must not forget: the letters that wait for what belongs to them, a file each, and the ids of what
 * was taken to be converted, a line each. */
#include "base/file.h"
#include "envelope/dedup.h"
#include "refvendor/converter.h"

#include <unistd.h>

#define SEEN_FILE "seen.tsv"
#define HELD_PREFIX "held-"
#define SEEN_BYTES_MAX ((size_t)64 << 20)

/* ---- duplicates ---- */

/* Written when the letter is held, or converted: a letter that is lost before may come again. */
void rv_converter_taken(const struct refvendor *v) {
  if (!v->o->keep) return;
  struct arena *a = arena_new(0);
  struct buf b;
  struct error e;
  buf_init(&b, SEEN_BYTES_MAX);
  for (size_t i = 0; i < v->converter->taken.n; i++) {
    const struct rv_taken *t = &v->converter->taken.v[i];
    buf_printf(&b, "%.*s\t%.*s\n", STR_F(t->envelope), STR_F(t->message));
  }
  if (file_write(file_join(a, v->o->keep, SEEN_FILE), buf_str(&b), &e) < 0) rv_log(v, "%s", e.text);
  buf_release(&b);
  arena_free(a);
}

static enum dedup_action see(struct refvendor *v, struct str envelope, struct str message) {
  struct rv_converter *c = v->converter;
  struct rv_taken t = {arena_str(v->arena, envelope), arena_str(v->arena, message)};
  enum dedup_action action = dedup_see(&c->seen, v->arena, t.envelope, t.message);
  if (action == DEDUP_NEW || action == DEDUP_RESENT) VEC_PUSH(v->arena, &c->taken, t);
  return action;
}

/* Ids are their sender's: those of two senders may be alike. */
static enum dedup_action see_letter(const struct rv_held *h) {
  struct str sender = h->envelope.sender, message = h->glance.letter.n ? h->glance.letter : h->envelope.id;
  return see(h->v, arena_printf(h->arena, "%.*s %.*s", STR_F(sender), STR_F(h->envelope.id)),
             arena_printf(h->arena, "%.*s %.*s", STR_F(sender), STR_F(message)));
}

bool rv_converter_is_new(const struct rv_held *h) {
  if (rv_has(h->v, DEFECT_CONVERT_TWICE)) return true;
  enum dedup_action action = see_letter(h);
  if (action == DEDUP_NEW) return true;
  rv_log(h->v, "%.*s %.*s is not converted: %s", STR_F(h->glance.type), STR_F(h->glance.letter),
         dedup_action_name(action));
  if (action != DEDUP_ERROR) return false;
  struct error e;
  (void)error_set(&e, ERR_SYNTAX, "the EnvelopeIdentifier %.*s was used for another message", STR_F(h->envelope.id));
  rv_converter_refuse(h, &e);
  return false;
}

static int recall_seen(struct refvendor *v, struct error *e) {
  struct str rest = {0};
  const char *path = file_join(v->arena, v->o->keep, SEEN_FILE);
  if (file_exists(path) && file_read(&rest, v->arena, path, SEEN_BYTES_MAX, e) < 0) return -1;
  while (rest.n) {
    struct str line = str_cut(&rest, '\n'), envelope = str_cut(&line, '\t');
    if (envelope.n && line.n) (void)see(v, envelope, line);
  }
  return 0;
}

/* ---- what waits ---- */

static char *path_of(const struct rv_held *h) {
  return file_join(h->arena, h->v->o->keep, arena_printf(h->arena, HELD_PREFIX "%08zu", h->kept).p);
}

/* When its hour is over stands before the envelope, in milliseconds since 1970: 0 for never. */
void rv_converter_keep(struct rv_held *h) {
  struct refvendor *v = h->v;
  struct buf b;
  struct error e;
  if (!v->o->keep || rv_has(v, DEFECT_CONVERT_FORGETS_ON_RESTART)) return;
  h->kept = ++v->converter->kept;
  buf_init(&b, RV_BYTES_MAX + 32);
  buf_printf(&b, "%lld\n", (long long)h->due);
  buf_add(&b, h->wire);
  if (file_write(path_of(h), buf_str(&b), &e) < 0) rv_log(v, "%s", e.text);
  buf_release(&b);
}

void rv_converter_let_go(struct rv_held *h) {
  if (h->kept) (void)unlink(path_of(h));
}

/* NULL: it is none of ours, or cannot be read. */
static struct rv_held *read_held(struct refvendor *v, const char *name) {
  struct arena *a = arena_new(0);
  struct rv_held *h = NULL;
  struct str bytes;
  struct error e;
  int64_t number, due;
  bool ours = str_starts(str_z(name), STR(HELD_PREFIX)) &&
              str_int(str_sub(str_z(name), strlen(HELD_PREFIX), strlen(name)), &number) && number > 0;
  if (ours && file_read(&bytes, a, file_join(a, v->o->keep, name), RV_BYTES_MAX + 32, &e) < 0) {
    rv_log(v, "%s", e.text);
  } else if (ours && str_int(str_cut(&bytes, '\n'), &due) && (h = rv_converter_read(v, bytes))) {
    h->kept = (size_t)number;
    h->due = due;
    if (v->converter->kept < h->kept) v->converter->kept = h->kept;
  }
  arena_free(a);
  return h;
}

int rv_converter_recall_held(struct refvendor *v, struct error *e) {
  char **names;
  size_t n;
  dedup_init(&v->converter->seen, v->arena);
  if (!v->o->keep || !file_is_dir(v->o->keep)) return 0;
  if (recall_seen(v, e) < 0 || file_list(&names, &n, v->arena, v->o->keep, e) < 0) return -1;
  if (rv_has(v, DEFECT_CONVERT_FORGETS_ON_RESTART)) return 0;
  for (size_t i = 0; i < n; i++) {
    struct rv_held *h = read_held(v, names[i]);
    if (!h) continue;
    (void)see_letter(h);
    rv_converter_wait(h);
  }
  return 0;
}
