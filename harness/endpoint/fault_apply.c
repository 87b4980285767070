/* Faults on the wire: what goes out twice, later, after the next one, or never; and the rest handed to the kind. */
#include "endpoint/endpoint_int.h"
#include "net/loop.h"

/* A message that is kept back, in an arena of its own. */
struct held {
  struct held *next;
  struct endpoint *ep;
  struct arena *arena;
  struct str message, wire, content_type, file;
  struct loop_timer *timer;
  enum fault_kind kind;
  bool out; /* it is on its way: the next result is its own */
};

static void held_leave(struct held *h) {
  for (struct held **at = &h->ep->helds; *at; at = &(*at)->next) {
    if (*at != h) continue;
    *at = h->next;
    break;
  }
  loop_cancel(h->ep->loop, h->timer);
  h->timer = NULL;
}

void endpoint_faults_close(struct endpoint *ep) {
  while (ep->helds) {
    struct held *h = ep->helds;
    held_leave(h);
    arena_free(h->arena);
  }
}

static struct held *held_new(struct endpoint *ep, struct str message, struct str wire, struct str content_type,
                             struct str file, enum fault_kind kind) {
  struct arena *a = arena_new(0);
  struct held *h = ARENA_NEW(a, struct held);
  *h = (struct held){.ep = ep,
                     .arena = a,
                     .kind = kind,
                     .message = arena_str(a, message),
                     .wire = arena_str(a, wire),
                     .content_type = arena_str(a, content_type),
                     .file = arena_str(a, file)};
  struct held **at = &ep->helds;
  while (*at) at = &(*at)->next;
  *at = h;
  return h;
}

static void held_send(struct held *h) {
  h->out = true;
  loop_cancel(h->ep->loop, h->timer);
  h->timer = NULL;
  h->ep->kind->send(h->ep, h->message, h->wire, h->content_type, h->file);
}

static void on_time(void *payload) {
  struct held *h = payload;
  h->timer = NULL;
  held_send(h);
}

static void hold_back(struct endpoint *ep, struct held *h, int64_t ms) {
  ep->events.sent(ep->events.context, h->message, &(struct endpoint_result){.status = STR(ENDPOINT_DELAYED)});
  h->timer = loop_after(ep->loop, ms, on_time, h);
}

void endpoint_send_with(struct endpoint *ep, struct str message, struct str wire, struct str content_type,
                        struct str file, const struct fault *f) {
  if (f->kind == FAULT_DROP_RECEIPT) {
    ep->events.sent(ep->events.context, message, &(struct endpoint_result){.status = STR(ENDPOINT_DROPPED)});
  } else if (f->kind == FAULT_DELAY || f->kind == FAULT_REORDER) {
    hold_back(ep, held_new(ep, message, wire, content_type, file, f->kind), f->ms);
  } else if (f->kind == FAULT_DUPLICATE) {
    held_new(ep, message, wire, content_type, arena_printf(ep->arena, "again-%.*s", STR_F(file)), f->kind);
    ep->kind->send(ep, message, wire, content_type, file);
  } else {
    ep->kind->send(ep, message, wire, content_type, file);
  }
}

/* One that waits until another one is out. */
static struct held *overtaken(struct endpoint *ep, struct str by) {
  for (struct held *h = ep->helds; h; h = h->next)
    if (h->kind == FAULT_REORDER && !h->out && !str_eq(h->message, by)) return h;
  return NULL;
}

static struct held *held_of(struct endpoint *ep, struct str message) {
  struct held *h = ep->helds;
  while (h && !str_eq(h->message, message)) h = h->next;
  return h;
}

/* A copy goes out only when the first was taken in: one after the other, else their order were chance. */
void endpoint_report(struct endpoint *ep, struct str message, const struct endpoint_result *r) {
  struct held *h = held_of(ep, message);
  if (h && !h->out && !r->failure.n) return held_send(h);
  if (h) held_leave(h);
  ep->events.sent(ep->events.context, message, r);
  struct held *next = overtaken(ep, message);
  if (next) held_send(next);
  if (h) arena_free(h->arena); /* message may be a string of it */
}

void endpoint_misbehave(struct endpoint *ep, struct arrival *in, struct str message, const struct fault *f) {
  if (!ep->kind->misbehave) BUG("%s cannot %s", ep->kind->name, fault_rows[f->kind].name);
  ep->kind->misbehave(ep, in, message, f);
}

int endpoint_port(struct endpoint *ep, bool open, struct error *e) {
  if (!ep->kind->port) BUG("%s has no port", ep->kind->name);
  return ep->kind->port(ep, open, e);
}

void endpoint_reset_next(struct endpoint *ep, size_t passes, size_t resets) {
  if (!ep->kind->reset_next) BUG("%s has no port", ep->kind->name);
  ep->kind->reset_next(ep, passes, resets);
}

int endpoint_retls(struct endpoint *ep, const struct http_tls *tls, struct error *e) {
  if (!ep->kind->retls) BUG("%s has no port", ep->kind->name);
  return ep->kind->retls(ep, tls, e);
}
