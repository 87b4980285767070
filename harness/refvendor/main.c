#include "net/loop.h"
#include "refvendor/restarts.h"

#include <stdio.h>

#define EXIT_USAGE 2

static void on_signal(void *payload, int signal) {
  (void)signal;
  loop_stop(payload);
}

static int serve(const struct refvendor_options *o, struct error *e) {
  struct loop *loop;
  struct refvendor *v;
  if (loop_open(&loop, e) < 0) return -1;
  if (loop_on_signal(loop, on_signal, loop, e) < 0 || refvendor_open(&v, loop, o, e) < 0) {
    loop_close(loop);
    return -1;
  }
  printf("listening %s\n", refvendor_url(v));
  fflush(stdout);
  loop_run(loop);
  refvendor_close(v);
  loop_close(loop);
  return 0;
}

int main(int argc, char **argv) {
  struct arena *a = arena_new(0);
  struct refvendor_options o;
  struct error e;
  refvendor_options_init(&o);
  int rc = refvendor_options_parse(&o, a, argc, argv, &e);
  int code = 0;
  if (rc == 0 && o.restarts)
    rc = code = restarts_run(&o, a, argc, argv, &e);
  else if (rc == 0)
    rc = serve(&o, &e);
  if (rc < 0) fprintf(stderr, "refvendor: %s\n", e.text);
  arena_free(a);
  return rc < 0 ? EXIT_USAGE : code;
}
