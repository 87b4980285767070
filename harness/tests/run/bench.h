/* bench: one run under test, with its store in a folder of its own, and a fake vendor's system.
 *
 * The fake vendor has a loop of its own, which the run's loop turns every few milliseconds, so that both live in one
 * process without knowing of each other; it outlives the run, as a real one does. */
#ifndef TESTS_RUN_BENCH_H
#define TESTS_RUN_BENCH_H

#include "net/http_client.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "run/run.h"
#include "tests/run/fake_kinds.h"

#define BENCH_BODIES_MAX 8

struct bench {
  struct arena *arena;
  char *dir;
  const char *path; /* of the store */
  struct store *store;
  const struct step_kind *kinds[FAKE_KINDS_N];
  struct run_options options;
  struct run *run;
  struct error error; /* of the last run_go */
  struct str id;      /* of the run, kept over a close */
  /* Called in every few milliseconds of the run's loop. */
  void (*each)(struct bench *b);
  size_t ticks;
  /* The fake vendor. */
  struct loop *loop;
  struct http_server *server;
  struct http_client *client;
  int reply; /* status it gives; 0: it holds the request */
  size_t bodies_n;
  struct str bodies[BENCH_BODIES_MAX];
  void (*got)(struct bench *b);      /* a message came to the vendor */
  void (*answered)(struct bench *b); /* the vendor's post was answered */
  size_t answers;
  int code;
  struct str answer;
  bool unanswered; /* the connection ended instead */
  /* What the test counts in its callbacks. */
  size_t events, asked, hits;
  void (*on_event)(struct bench *b, const struct event *ev);
};

/* exchange: the vendor file's `exchange:` and what follows; "%s" in it is the fake vendor's address. sections: YAML. */
void bench_open(struct bench *b, const char *exchange, const char *sections);
/* Opens the store and starts a run, or goes on with the one that was started. */
void bench_start(struct bench *b);
void bench_resume(struct bench *b);
/* The id of the only run in the store: of one that went on in a process that was killed. */
void bench_find(struct bench *b);
/* run_go; its result. */
int bench_go(struct bench *b);
/* Ends the run and closes the store; both can be opened again. */
void bench_stop(struct bench *b);
void bench_close(struct bench *b);
/* start, go (must work), for the many tests that need no more. */
void bench_run(struct bench *b);

/* Turns the vendor's loop alone. */
void bench_vendor_turns(struct bench *b, int64_t ms);
/* The vendor's system asks the harness: its address with path behind. */
void bench_ask(struct bench *b, const char *method, const char *path, struct str body);
void bench_ask_as(struct bench *b, const char *method, const char *path, const char *type, struct str body);
/* The same at another address of the harness. */
void bench_ask_at(struct bench *b, const char *address, const char *method, const char *path, const char *type,
                  struct str body);
void bench_post(struct bench *b, const char *text);

const struct state_step *bench_step(struct bench *b, const char *id);
void bench_expect(struct bench *b, const char *id, enum verdict v);
/* Number of events of that kind in the store, read by a second reader; the last of them in *last (may be NULL). */
size_t bench_count(struct bench *b, const char *kind, struct event **last);
/* A file in the bench's folder, with that text. */
char *bench_file(struct bench *b, const char *name, const char *text);
char *bench_path(struct bench *b, const char *name);

#endif
