#include "console/console_int.h"

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

struct live {
  struct console *console;
  struct held *first;
  struct loop_timer *beat, *settle;
};

static void answer(struct held *h, bool changed) {
  struct visit *v = h->visit;
  http_reply_header(v->request, "Cache-Control", STR("no-store"));
  http_reply(v->request, 200, "text/event-stream; charset=utf-8",
             changed ? STR("retry: 100\ndata: changed\n\n") : STR("retry: 100\n: still here\n\n"));
  free(h);
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
    answer(h, h->touched);
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

void live_hold(struct visit *v, struct str topic) {
  struct live *l = v->console->live;
  struct held *h = calloc(1, sizeof *h);
  if (!h) BUG("out of memory");
  *h = (struct held){.next = l->first, .visit = v, .topic = arena_str(v->arena, topic)};
  l->first = h;
}

void live_touch(struct console *c, struct str topic) {
  struct live *l = c->live;
  bool any = false;
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
