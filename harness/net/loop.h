/* loop: the one event loop. Timers, descriptors, and a step that runs after every turn.
 *
 * Single-threaded. Callbacks may add and remove anything. `after_turn` is where the store commits and effects are
 * released. Owns its epoll descriptor; servers, clients, watches and children register themselves. */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include "base/arena.h"
#include "base/error.h"

struct loop;
struct loop_timer;
struct loop_fd;

MUST_CHECK int loop_open(struct loop **out, struct error *e);
void loop_close(struct loop *l);
/* One turn: waits at most timeout_ms (-1: until something happens) for events and timers, calls back, then calls
 * every after-turn function. */
void loop_turn(struct loop *l, int64_t timeout_ms);
/* Turns until loop_stop was called. */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);
/* Calls fn once after delay_ms of real time; the handle is valid until it fired or was cancelled. */
struct loop_timer *loop_after(struct loop *l, int64_t delay_ms, void (*fn)(void *), void *payload);
void loop_cancel(struct loop *l, struct loop_timer *t);
/* Watches a descriptor; events are EPOLLIN etc. */
struct loop_fd *loop_watch(struct loop *l, int fd, uint32_t events, void (*fn)(void *payload, uint32_t events),
                           void *payload);
void loop_unwatch(struct loop *l, struct loop_fd *w);
/* fn(payload) after every turn, in order of registration. */
void loop_after_turn(struct loop *l, void (*fn)(void *), void *payload);
/* The first SIGINT or SIGTERM calls fn (signalfd) instead of ending the process; a second one ends it as ever. */
MUST_CHECK int loop_on_signal(struct loop *l, void (*fn)(void *payload, int signal), void *payload, struct error *e);

#endif
