#include "console/console_int.h"

#include "base/clock.h"
#include "net/loop.h"

#include <stdlib.h>

/* A held one is answered at least so often, so that neither proxies nor browsers give it up; and this is how long after
 * a change the browsers are told, so that a burst of events is one change to them: longer, the more of them will ask
 * for the page then, for the vendors' messages are answered by the same loop. */
#define LIVE_BEAT_MS 25000
#define LIVE_SETTLE_MS 120
#define LIVE_SETTLE_EACH_MS 5
#define LIVE_SETTLE_MOST_MS 2000
/* Held at once, of one account and in all: each is a connection, of which the console has HTTP_CONNECTIONS_MAX. */
#define LIVE_OF_ONE 300
#define LIVE_MAX 700
#define LIVE_CROWDED_MS 15000

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

enum { LIVE_CHANGED, LIVE_STILL_HERE, LIVE_CROWDED };

/* The id says what the browser has been told of: it comes back with it, and is told at once what it missed. */
static void answer(struct visit *v, int how) {
  static const struct {
    int retry_ms;
    const char *text;
  } answers[] = {[LIVE_CHANGED] = {100, "data: changed"},
                 [LIVE_STILL_HERE] = {100, ": still here"},
                 [LIVE_CROWDED] = {LIVE_CROWDED_MS, ": too many follow"}};
  http_reply_header(v->request, "Cache-Control", STR("no-store"));
  http_reply(v->request, 200, "text/event-stream; charset=utf-8",
             arena_printf(v->arena, "retry: %d\nid: %lld\n%s\n\n", answers[how].retry_ms,
                          (long long)v->console->live->age, answers[how].text));
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
    answer(h->visit, h->touched ? LIVE_CHANGED : LIVE_STILL_HERE);
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

/* The oldest held one of that account (0: of any), when there are so many; else NULL. */
static struct held **oldest(struct live *l, int64_t account, size_t many) {
  struct held **last = NULL;
  size_t n = 0;
  for (struct held **at = &l->first; *at; at = &(*at)->next)
    if (!account || (*at)->visit->who.id == account) last = at, n++;
  return n >= many ? last : NULL;
}

/* Whoever follows more than there is room for, is told to come back later: first his own oldest, then anybody's. */
static void keep_room(struct live *l, const struct visit *v) {
  struct held **at = v->who.id ? oldest(l, v->who.id, LIVE_OF_ONE) : NULL;
  if (!at) at = oldest(l, 0, LIVE_MAX);
  if (!at) return;
  struct held *h = *at;
  *at = h->next;
  answer(h->visit, LIVE_CROWDED);
  free(h);
}

void live_hold(struct visit *v, struct str topic) {
  struct live *l = v->console->live;
  if (was_missed(v, map_get(&l->topics, topic))) {
    answer(v, LIVE_CHANGED);
    return;
  }
  keep_room(l, v);
  struct held *h = calloc(1, sizeof *h);
  if (!h) BUG("out of memory");
  *h = (struct held){.next = l->first, .visit = v, .topic = arena_str(v->arena, topic)};
  l->first = h;
}

void live_touch(struct console *c, struct str topic) {
  struct live *l = c->live;
  struct topic *t = map_get(&l->topics, topic);
  int64_t told = 0, wait;
  if (!t) {
    t = ARENA_NEW(l->arena, struct topic);
    map_set(&l->topics, arena_str(l->arena, topic), t);
  }
  t->age = ++l->age;
  for (struct held *h = l->first; h; h = h->next) {
    if (str_eq(h->topic, topic)) h->touched = true;
    told += h->touched;
  }
  wait = LIVE_SETTLE_MS + told * LIVE_SETTLE_EACH_MS;
  if (wait > LIVE_SETTLE_MOST_MS) wait = LIVE_SETTLE_MOST_MS;
  if (told && !l->settle) l->settle = loop_after(c->loop, wait, on_settle, l);
}

void live_touch_owner(struct console *c, int64_t organisation) {
  struct arena *scratch = arena_new_small(0);
  live_touch(c, live_topic_of(scratch, organisation));
  arena_free(scratch);
}

/* Vendors are told of their own runs only: when others are busy is nothing of theirs. */
void live_touch_lists(struct console *c, struct str run) {
  int64_t organisation = 0;
  struct error e;
  live_touch(c, STR("runs"));
  if (run_owner(c, run, &organisation, &e) == 0 && organisation) live_touch_owner(c, organisation);
}

struct str live_topic_of(struct arena *a, int64_t organisation) {
  return arena_printf(a, "runs of %lld", (long long)organisation);
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
