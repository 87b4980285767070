#include "refvendor/restarts.h"

#include "base/file.h"
#include "net/child.h"
#include "net/loop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_KILLED (128 + SIGKILL)
#define ADDED 8 /* arguments that are added */

struct keeper {
  const struct refvendor_options *o;
  struct arena *arena;
  struct loop *loop;
  struct child *child;
  int argc;
  char **argv;
  char *folder;
  const char *address; /* host:port; NULL: it has not told yet */
  size_t times;        /* that it was started */
  int code;
  struct error error;
  bool failed;
};

static int start(struct keeper *k, struct error *e);

/* "listening http://127.0.0.1:4711": passed on once. */
static void on_line(void *payload, struct str line) {
  struct keeper *k = payload;
  if (!k->address) printf("%.*s\n", STR_F(line));
  fflush(stdout);
  size_t at = str_find(line, STR("://"), 0);
  if (!k->address && at != SIZE_MAX) k->address = arena_z(k->arena, str_trim(str_sub(line, at + 3, line.n)));
}

static void on_end(void *payload, int code) {
  struct keeper *k = payload;
  child_stop(k->child);
  k->child = NULL;
  k->code = code;
  if (code == EXIT_KILLED && k->address) {
    k->failed = start(k, &k->error) < 0;
    if (!k->failed) return;
  }
  loop_stop(k->loop);
}

static void on_signal(void *payload, int signal) {
  struct keeper *k = payload;
  (void)signal;
  k->code = 0;
  loop_stop(k->loop);
}

/* Its own arguments; later ones hold. With one seed it would make the same ids again. */
static const char **arguments(const struct keeper *k) {
  const char **argv = ARENA_ARRAY(k->arena, const char *, (size_t)k->argc + ADDED);
  size_t n = 0;
  for (int i = 0; i < k->argc; i++)
    if (strcmp(k->argv[i], "--restarts") != 0) argv[n++] = k->argv[i];
  argv[0] = "refvendor";
  if (!k->o->keep) {
    argv[n++] = "--keep";
    argv[n++] = k->folder;
  }
  if (k->address) {
    argv[n++] = "--listen";
    argv[n++] = k->address;
  }
  if (k->o->seed.n) {
    argv[n++] = "--seed";
    argv[n++] = arena_printf(k->arena, "%.*s-%zu", STR_F(k->o->seed), k->times).p;
  }
  argv[n] = NULL;
  return argv;
}

static int start(struct keeper *k, struct error *e) {
  struct child_events ev = {.line = on_line, .ended = on_end, .payload = k};
  k->times++;
  return child_start(&k->child, k->loop, arguments(k), &ev, e);
}

static int make_folder(struct keeper *k, struct error *e) {
  const char *dir = getenv("TMPDIR");
  if (k->o->keep) return 0;
  k->folder = file_join(k->arena, dir && *dir ? dir : P_tmpdir, "refvendor-kept-XXXXXX");
  if (mkdtemp(k->folder)) return 0;
  k->folder = NULL;
  return error_set(e, ERR_IO, "no folder for what is kept could be made");
}

static void remove_folder(struct keeper *k) {
  char **names;
  size_t n;
  struct error e;
  if (!k->folder || file_list(&names, &n, k->arena, k->folder, &e) < 0) return;
  for (size_t i = 0; i < n; i++) unlink(file_join(k->arena, k->folder, names[i]));
  rmdir(k->folder);
}

int restarts_run(const struct refvendor_options *o, struct arena *a, int argc, char **argv, struct error *e) {
  struct keeper k = {.o = o, .arena = a, .argc = argc, .argv = argv};
  if (make_folder(&k, e) < 0) return -1;
  int rc = loop_open(&k.loop, e);
  if (rc == 0) rc = loop_on_signal(k.loop, on_signal, &k, e) < 0 || start(&k, e) < 0 ? -1 : 0;
  if (rc == 0) loop_run(k.loop);
  child_stop(k.child);
  if (k.loop) loop_close(k.loop);
  remove_folder(&k);
  if (k.failed) *e = k.error;
  return rc < 0 || k.failed ? -1 : k.code;
}
