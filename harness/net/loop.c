#include "net/loop.h"

#include "base/clock.h"
#include "base/vec.h"
#include "net/net_int.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Events taken from the kernel in one turn; what is left comes in the next. */
#define LOOP_EVENTS 64

struct loop_timer {
  int64_t due;
  uint64_t serial; /* order of making: breaks ties, and keeps timers made by timers for the next turn */
  size_t place;    /* in the heap */
  void (*fn)(void *);
  void *payload;
};

struct loop_fd {
  struct loop_fd *prev, *next;
  int fd;
  bool dead;
  void (*fn)(void *, uint32_t);
  void *payload;
};

struct after_turn {
  void (*fn)(void *);
  void *payload;
};

struct loop {
  struct arena *arena;
  int epoll;
  bool stop;
  struct loop_timer **heap; /* binary heap, the next one first */
  size_t timers, timers_cap;
  uint64_t serial;
  struct loop_fd *watches;
  struct loop_fd *dead; /* unwatched in this turn: events of them may still be in hand */
  VEC(struct after_turn) after;
  int signals; /* signalfd, -1 if none */
  struct loop_fd *signals_watch;
  sigset_t signals_before;
  void (*on_signal)(void *, int);
  void *on_signal_payload;
};

int loop_open(struct loop **out, struct error *e) {
  int fd = epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) return error_set(e, ERR_IO, "cannot make an event loop: %s", strerror(errno));
  struct arena *a = arena_new(0);
  struct loop *l = ARENA_NEW(a, struct loop);
  l->arena = a;
  l->epoll = fd;
  l->signals = -1;
  /* A peer that goes away is an error code of write(), never the end of the process. */
  signal(SIGPIPE, SIG_IGN);
  *out = l;
  return 0;
}

static void bury(struct loop *l) {
  while (l->dead) {
    struct loop_fd *w = l->dead;
    l->dead = w->next;
    free(w);
  }
}

static void signals_end(struct loop *l) {
  if (l->signals < 0) return;
  loop_unwatch(l, l->signals_watch);
  close(l->signals);
  l->signals = -1;
  sigprocmask(SIG_SETMASK, &l->signals_before, NULL);
}

void loop_close(struct loop *l) {
  if (!l) return;
  signals_end(l);
  while (l->watches) loop_unwatch(l, l->watches);
  bury(l);
  for (size_t i = 0; i < l->timers; i++) free(l->heap[i]);
  free(l->heap);
  close(l->epoll);
  arena_free(l->arena);
}

/* ---- timers ---- */

static bool timer_before(const struct loop_timer *a, const struct loop_timer *b) {
  return a->due != b->due ? a->due < b->due : a->serial < b->serial;
}

static void heap_put(struct loop *l, size_t at, struct loop_timer *t) {
  l->heap[at] = t;
  t->place = at;
}

static void heap_up(struct loop *l, size_t at, struct loop_timer *t) {
  while (at > 0 && timer_before(t, l->heap[(at - 1) / 2])) {
    heap_put(l, at, l->heap[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
  heap_put(l, at, t);
}

static void heap_down(struct loop *l, size_t at, struct loop_timer *t) {
  for (size_t child = 2 * at + 1; child < l->timers; child = 2 * at + 1) {
    if (child + 1 < l->timers && timer_before(l->heap[child + 1], l->heap[child])) child++;
    if (!timer_before(l->heap[child], t)) break;
    heap_put(l, at, l->heap[child]);
    at = child;
  }
  heap_put(l, at, t);
}

static void heap_grow(struct loop *l) {
  if (l->timers < l->timers_cap) return;
  l->timers_cap = l->timers_cap ? 2 * l->timers_cap : 64;
  l->heap = realloc(l->heap, l->timers_cap * sizeof *l->heap);
  if (!l->heap) BUG("out of memory");
}

struct loop_timer *loop_after(struct loop *l, int64_t delay_ms, void (*fn)(void *), void *payload) {
  struct loop_timer *t = net_alloc(sizeof *t);
  t->due = clock_monotonic() + (delay_ms > 0 ? delay_ms : 0);
  t->serial = l->serial++;
  t->fn = fn;
  t->payload = payload;
  heap_grow(l);
  heap_up(l, l->timers++, t);
  return t;
}

static void timer_take(struct loop *l, struct loop_timer *t) {
  struct loop_timer *last = l->heap[--l->timers];
  if (last == t) return;
  if (timer_before(last, t))
    heap_up(l, t->place, last);
  else
    heap_down(l, t->place, last);
}

void loop_cancel(struct loop *l, struct loop_timer *t) {
  if (!t) return;
  timer_take(l, t);
  free(t);
}

/* Calls what is due. Timers made meanwhile wait for the next turn, so that descriptors are never starved. */
static void timers_fire(struct loop *l) {
  uint64_t limit = l->serial;
  int64_t now = clock_monotonic();
  while (l->timers > 0 && l->heap[0]->due <= now && l->heap[0]->serial < limit) {
    struct loop_timer t = *l->heap[0];
    loop_cancel(l, l->heap[0]);
    t.fn(t.payload);
  }
}

/* ---- descriptors ---- */

struct loop_fd *loop_watch(struct loop *l, int fd, uint32_t events, void (*fn)(void *, uint32_t), void *payload) {
  struct loop_fd *w = net_alloc(sizeof *w);
  w->fd = fd;
  w->fn = fn;
  w->payload = payload;
  w->next = l->watches;
  if (w->next) w->next->prev = w;
  l->watches = w;
  struct epoll_event ev = {.events = events, .data.ptr = w};
  if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev)) BUG("descriptor %d cannot be watched: %s", fd, strerror(errno));
  return w;
}

void loop_unwatch(struct loop *l, struct loop_fd *w) {
  if (!w) return;
  epoll_ctl(l->epoll, EPOLL_CTL_DEL, w->fd, NULL);
  *(w->prev ? &w->prev->next : &l->watches) = w->next;
  if (w->next) w->next->prev = w->prev;
  w->dead = true;
  w->next = l->dead;
  l->dead = w;
}

/* ---- turns ---- */

static int wait_ms(const struct loop *l, int64_t timeout_ms) {
  int64_t ms = timeout_ms;
  if (l->timers > 0) {
    int64_t due = l->heap[0]->due - clock_monotonic();
    if (due < 0) due = 0;
    if (ms < 0 || due < ms) ms = due;
  }
  if (ms < 0) return -1;
  return ms > INT_MAX ? INT_MAX : (int)ms;
}

void loop_turn(struct loop *l, int64_t timeout_ms) {
  struct epoll_event ev[LOOP_EVENTS];
  int n = epoll_wait(l->epoll, ev, LOOP_EVENTS, wait_ms(l, timeout_ms));
  if (n < 0 && errno != EINTR) BUG("epoll_wait: %s", strerror(errno));
  for (int i = 0; i < n; i++) {
    struct loop_fd *w = ev[i].data.ptr;
    if (!w->dead) w->fn(w->payload, ev[i].events);
  }
  timers_fire(l);
  for (size_t i = 0; i < l->after.n; i++) l->after.v[i].fn(l->after.v[i].payload);
  bury(l);
}

void loop_run(struct loop *l) {
  while (!l->stop) loop_turn(l, -1);
  l->stop = false;
}

void loop_stop(struct loop *l) {
  l->stop = true;
}

void loop_after_turn(struct loop *l, void (*fn)(void *), void *payload) {
  VEC_PUSH(l->arena, &l->after, ((struct after_turn){fn, payload}));
}

/* ---- signals ---- */

/* The first signal is handed on, then the signals do what they always do: a second Ctrl-C ends a stuck shutdown. */
static void signal_read(void *payload, uint32_t events) {
  struct loop *l = payload;
  (void)events;
  struct signalfd_siginfo info;
  if (read(l->signals, &info, sizeof info) != (ssize_t)sizeof info) return;
  signals_end(l);
  l->on_signal(l->on_signal_payload, (int)info.ssi_signo);
}

int loop_on_signal(struct loop *l, void (*fn)(void *, int), void *payload, struct error *e) {
  if (l->signals >= 0) BUG("loop_on_signal called twice");
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (l->signals < 0) return error_set(e, ERR_IO, "cannot listen for signals: %s", strerror(errno));
  sigprocmask(SIG_BLOCK, &set, &l->signals_before);
  l->on_signal = fn;
  l->on_signal_payload = payload;
  l->signals_watch = loop_watch(l, l->signals, EPOLLIN, signal_read, l);
  return 0;
}
