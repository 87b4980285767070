/* crash: whole runs that are killed, lose their power, or find the disk full, again and again.
 *
 * Three processes: the harness (run room, steps, store, as the program links them), the reference vendor's system,
 * which lives on as a real one does, and the parent that kills, looks at the store and starts the harness anew. Nothing
 * of this is in the product: the executable has functions of its own by the names of the C library's (write, fsync,
 * send, epoll_wait: points.c), and the linker puts others around http_call and http_server_open (vendor.c). */
#ifndef TESTS_RUN_CRASH_CRASH_H
#define TESTS_RUN_CRASH_CRASH_H

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/map.h"
#include "record/event.h"
#include "state/state.h"

#include <sys/types.h>

#define CRASH_KEYS (1 << 16)
#define CRASH_WHERE_MAX 300
#define CRASH_EXIT_ERROR 3
#define CRASH_FULL_MS INT64_C(40)

enum crash_role { CRASH_PARENT, CRASH_HARNESS, CRASH_VENDOR };

enum crash_action {
  CRASH_NONE,
  CRASH_KILL, /* SIGKILL at the point */
  CRASH_FULL  /* from there on no file can be written, until the process ends, or for CRASH_FULL_MS in a camp */
};

/* What the processes share (mapped before they part). */
struct crash_shared {
  enum crash_action action;
  uint64_t every; /* besides each event (mode kill), only each n-th of all points, chosen by its name */
  bool camp;      /* the run is one of a camp (testcamp serve), which a full disk does not end */
  size_t hits;    /* points at which something was done */
  uint64_t keys[CRASH_KEYS];
  char where[CRASH_WHERE_MAX];   /* the last of them */
  char standing[SHA256_HEX + 1]; /* where the run stood before the harness was started again */
  char image[CRASH_WHERE_MAX];   /* folder of what is safe on the disk; empty: not kept (cut.c) */
  char root[CRASH_WHERE_MAX];    /* the folder that it is an image of */
  char vendor_url[CRASH_WHERE_MAX];
  char error[ERROR_TEXT_MAX]; /* of a harness that could not go on */
};

extern struct crash_shared *crash_shared;
extern enum crash_role crash_role;

/* points.c: a point is named by the last event and what is about to happen, or has; each is taken once, so that a run
 * that is killed at every one of them gets to its end. */
void crash_event(const struct event *ev);

/* cut.c: of each file and folder only what it was at its last sync. */
void cut_synced(int fd);
/* Puts what was synced in the place of what is there: the power is back. */
void cut_restore(void);

/* vendor.c: the reference vendor's system in a process of its own, which notes all that it sees in a file: "in PATH
 * DIGEST" for a request, "out STATUS DIGEST" for an answer to what it sent (0: none). It sends until it is answered. */
pid_t vendor_start(const char *data_dir, const char *to, const char *notes);

/* world.c: all that a harness needs, loaded once by the parent. */
struct world;
struct world *world_load(struct arena *a, const char *protocol, const char *listen, double scale);
/* The vendor's system is at that address. */
void world_meet(struct world *w, const char *vendor_url);
const char *world_data(const struct world *w);
/* The harness in this process; run empty: a new run. Does not return. */
_Noreturn void world_harness(struct world *w, const char *store, struct str run);
/* What the store holds: the run (empty: none yet), its state, and every check that its log alone allows. */
struct look {
  struct str run;
  const struct state *state;
  bool ended;
  size_t events;
  struct map received, sent; /* digest of a message -> how many of it (size_t) */
};
void world_look(struct look *out, struct arena *a, struct world *w, const char *store);
/* A line a step: verdict and the rules of its findings, but for those that only inform. */
struct str world_verdicts(struct arena *a, const struct state *s);
/* Where a run stands, as a digest. */
void world_standing(char out[SHA256_HEX + 1], const struct state *s);

_Noreturn void crash_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
