#include "seal/chain.h"

struct naming {
  struct seal_chain *chain;
  const struct event *ev;
};

void seal_chain_init(struct seal_chain *c, struct arena *a) {
  *c = (struct seal_chain){.arena = a};
  map_init(&c->by_digest, a);
  map_init(&c->by_message, a);
  map_init(&c->verdicts, a);
}

struct seal_blob *seal_chain_blob(const struct seal_chain *c, struct str digest) {
  return map_get(&c->by_digest, digest);
}

const char *seal_blob_withheld(const struct seal_blob *b) {
  return b->redacted ? "redacted" : b->quarantined ? "quarantined" : NULL;
}

static struct str what_of(struct arena *a, const struct event *ev, struct str name) {
  struct str message = event_get(ev, "message");
  if (str_eqz(name, "protocol.blob")) return STR("protocol");
  if (str_eqz(name, "vendor.blob")) return STR("vendor file");
  if (str_eqz(name, "copy")) return STR("blacked-out copy");
  if (str_eqz(name, "payload")) return arena_printf(a, "payload of %.*s", STR_F(message));
  if (str_eqz(name, "blob") && message.n) return arena_printf(a, "message %.*s", STR_F(message));
  struct str file = event_get(ev, arena_printf(a, "%.*s.name", STR_F(name)).p);
  if (ev->step.n) return arena_printf(a, "%.*s of step %.*s", STR_F(file.n ? file : name), STR_F(ev->step));
  return arena_printf(a, "%.*s of event %jd", STR_F(file.n ? file : name), (intmax_t)ev->seq);
}

static void add_blob(void *payload, struct str name, struct str digest) {
  struct naming *n = payload;
  struct seal_chain *c = n->chain;
  if (seal_chain_blob(c, digest)) return;
  struct seal_blob *b = ARENA_NEW(c->arena, struct seal_blob);
  *b = (struct seal_blob){.digest = digest,
                          .what = what_of(c->arena, n->ev, name),
                          .message = event_get(n->ev, "message"),
                          .seq = n->ev->seq};
  map_set(&c->by_digest, digest, b);
  VEC_PUSH(c->arena, &c->blobs, b);
}

static void on_redacted(struct seal_chain *c, const struct event *ev) {
  struct seal_blob *b = seal_chain_blob(c, event_get(ev, "digest"));
  if (!b) return; /* of nothing that the run has: it excuses nothing */
  b->redacted = ev;
  VEC_PUSH(c->arena, &c->tombstones, ev);
}

static void on_received(struct seal_chain *c, const struct event *ev) {
  struct seal_blob *b = seal_chain_blob(c, ev->blob);
  if (b && event_get(ev, "quarantine").n) b->quarantined = true;
}

static void on_released(struct seal_chain *c, const struct event *ev) {
  struct seal_blob *b = map_get(&c->by_message, event_get(ev, "message"));
  if (b) b->quarantined = false;
}

static void on_verdict(struct seal_chain *c, const struct event *ev) {
  map_set(&c->verdicts, ev->step, (void *)(uintptr_t)ev);
}

/* Steps that are played again have no verdict until there is a new one. */
static void on_attempt(struct seal_chain *c, const struct event *ev) {
  for (size_t i = 0; i < ev->data.list.n; i++)
    if (str_starts(ev->data.list.v[i].name, STR("step."))) map_set(&c->verdicts, ev->data.list.v[i].value, NULL);
}

/* Another attempt counts, or the verdict of another run: which one it comes to is the state's to know. */
static void on_other(struct seal_chain *c, const struct event *ev) {
  map_set(&c->verdicts, ev->step, NULL);
}

static const struct {
  const char *kind;
  void (*fn)(struct seal_chain *c, const struct event *ev);
} folds[] = {{"redacted", on_redacted},    {"received", on_received}, {"released", on_released},
             {"verdict", on_verdict},      {"revised", on_verdict},   {"attempt", on_attempt},
             {"attempt-stands", on_other}, {"carried", on_other}};

void seal_chain_add(struct seal_chain *c, const struct event *ev) {
  struct naming n = {c, ev};
  if (!c->first) c->first = ev;
  event_blobs(ev, add_blob, &n);
  struct seal_blob *own = ev->blob.n ? seal_chain_blob(c, ev->blob) : NULL;
  if (own && event_get(ev, "message").n) map_set(&c->by_message, event_get(ev, "message"), own);
  for (size_t i = 0; i < sizeof folds / sizeof *folds; i++)
    if (event_is(ev, folds[i].kind)) folds[i].fn(c, ev);
}
