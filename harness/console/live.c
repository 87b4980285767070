#include "console/console_int.h"

#include "base/clock.h"
#include "net/loop.h"

#include <stdlib.h>

/* A held one is answered at least so often, so that neither proxies nor browsers give it up; and this is how long after
 * a change the browsers are told, so that a burst of events is one change to them. */
#define LIVE_BEAT_MS 25000
#define LIVE_SETTLE_MS 120

struct held {
  struct held *next;
  struct visit *visit;
  struct str topic;
  bool touched;
};

/* When a topic was last touched, by a count of all touches, which begins at the clock (ms): a page of an earlier server
 * knows less than this one began with. */
struct topic {
  int64_t age;
};

struct live {
  struct console *console;
  struct arena *arena;
  struct map topics;
  int64_t age, began;
  struct held *first;
  struct loop_timer *beat, *settle;
};

/* The id says what the browser has been told of: it comes back with it, and is told at once what it missed. */
static void answer(struct visit *v, bool changed) {
  int64_t age = v->console->live->age;
  http_reply_header(v->request, "Cache-Control", STR("no-store"));
  http_reply(
      v->request, 200, "text/event-stream; charset=utf-8",
      arena_printf(v->arena,
                   changed ? "retry: 100\nid: %lld\ndata: changed\n\n" : "retry: 100\nid: %lld\n: still here\n\n",
                   (long long)age));
}

static void answer_all(struct live *l, bool only_touched) {
  struct held **at = &l->first, *done = NULL;
  while (*at) {
    struct held *h = *at;
    if (only_touched && !h->touched) {
      at = &h->next;
      continue;
    }
    *at = h->next;
    h->next = done;
    done = h;
  }
  while (done) {
    struct held *h = done;
    done = h->next;
    answer(h->visit, h->touched);
    free(h);
  }
}

static void on_beat(void *payload) {
  struct live *l = payload;
  answer_all(l, false);
  l->beat = loop_after(l->console->loop, LIVE_BEAT_MS, on_beat, l);
}

static void on_settle(void *payload) {
  struct live *l = payload;
  l->settle = NULL;
  answer_all(l, true);
}

int64_t live_age(const struct console *c) {
  return c->live->age;
}

/* What happened while there was no server, or before it was asked again, nobody has counted. */
static bool was_missed(struct visit *v, const struct topic *t) {
  struct str said = http_header(v->request, "Last-Event-ID");
  int64_t since = 0;
  if (!said.n) said = http_query(v->request, "since");
  return str_int(said, &since) && (since < v->console->live->began || (t && t->age > since));
}

void live_hold(struct visit *v, struct str topic) {
  struct live *l = v->console->live;
  if (was_missed(v, map_get(&l->topics, topic))) {
    answer(v, true);
    return;
  }
  struct held *h = calloc(1, sizeof *h);
  if (!h) BUG("out of memory");
  *h = (struct held){.next = l->first, .visit = v, .topic = arena_str(v->arena, topic)};
  l->first = h;
}

void live_touch(struct console *c, struct str topic) {
  struct live *l = c->live;
  struct topic *t = map_get(&l->topics, topic);
  bool any = false;
  if (!t) {
    t = ARENA_NEW(l->arena, struct topic);
    map_set(&l->topics, arena_str(l->arena, topic), t);
  }
  t->age = ++l->age;
  for (struct held *h = l->first; h; h = h->next) {
    if (str_eq(h->topic, topic)) h->touched = true;
    any = any || h->touched;
  }
  if (any && !l->settle) l->settle = loop_after(c->loop, LIVE_SETTLE_MS, on_settle, l);
}

struct live *live_new(struct console *c) {
  struct live *l = calloc(1, sizeof *l);
  if (!l) BUG("out of memory");
  l->console = c;
  l->arena = c->arena;
  l->age = l->began = clock_wall();
  map_init(&l->topics, c->arena);
  l->beat = loop_after(c->loop, LIVE_BEAT_MS, on_beat, l);
  return l;
}

void live_free(struct live *l) {
  loop_cancel(l->console->loop, l->beat);
  loop_cancel(l->console->loop, l->settle);
  while (l->first) {
    struct held *h = l->first;
    l->first = h->next;
    free(h);
  }
  free(l);
}
