#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "fhir/compiled.h"
#include "fhir/facts.h"
#include "tests/bench/bench.h"
#include "validate/profile.h"
#include "validate/validate.h"

#define TIMES_MAX 10000

extern char **environ;

/* --- other programs --- */

/* Runs argv; gives its exit code, -1 if it cannot be started. */
static int run_once(char **argv, double *seconds, long *kilobytes) {
  posix_spawn_file_actions_t actions;
  struct rusage used;
  pid_t child;
  int status = 0;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  double from = bench_seconds();
  int rc = posix_spawnp(&child, argv[0], &actions, NULL, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (rc || wait4(child, &status, 0, &used) != child) return -1;
  *seconds = bench_seconds() - from;
  if (used.ru_maxrss > *kilobytes) *kilobytes = used.ru_maxrss;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int bench_cold(const char *label, size_t times, char **argv) {
  static double took[TIMES_MAX];
  long kilobytes = 0;
  int code = 0;
  if (!times || times > TIMES_MAX) return 2;
  for (size_t i = 0; i < times && code >= 0; i++) code = run_once(argv, &took[i], &kilobytes);
  if (code < 0 || code == 127) {
    fprintf(stderr, "bench: %s cannot be run\n", argv[0]);
    return 2;
  }
  double median = bench_median(took, times);
  printf("%s\t%.2f ms\tleast %.2f ms\t%.1f MB\texit %d\n", label, median * 1e3, took[0] * 1e3, (double)kilobytes / 1024,
         code);
  return 0;
}

/* --- the validator in this process --- */

static struct profile_cache *open_cache(struct arena *a, const char *packages) {
  struct book *b = book_new(a);
  struct shapes *shapes;
  struct error e;
  char *data;
  const char *set = getenv("XDG_CACHE_HOME");
  const char *cache = set ? file_join(a, set, "testcamp") : NULL;
  if (file_data_dir(&data, a, &e) || shapes_read(&shapes, a, data, &e)) bench_die(&e);
  if (!strcmp(packages, "-")) {
    if (book_add_standards(b, file_join(a, data, FACTS_PACKAGES), cache, NULL, &e)) bench_die(&e);
  } else if (cache ? book_add_compiled(b, packages, cache, NULL, &e) : book_add_folder(b, packages, &e)) {
    bench_die(&e);
  }
  return profile_cache_new(a, b, shapes);
}

struct judged {
  size_t errors, undecided, entries;
};

static void judge(struct judged *out, struct source src, struct profile_cache *cache) {
  struct arena *a = arena_new((size_t)8 << 30);
  struct message m;
  struct findings f;
  struct profile_options o = {.cache = cache};
  findings_init(&f, a);
  message_read(&m, a, src);
  o.form = m.form;
  validate_message(&m, VALIDATE_WELLFORMED, NULL, &f);
  if (m.resource) profile_validate(&f, a, m.resource, src.name, &o);
  *out = (struct judged){findings_count(&f, SEV_ERROR), findings_count(&f, SEV_UNDECIDED),
                         node_count(m.resource, "entry")};
  arena_free(a);
}

static double judge_for(struct judged *out, double *least, struct source src, struct profile_cache *cache,
                        double seconds) {
  static double took[TIMES_MAX];
  size_t n = 0;
  double end = bench_seconds() + seconds;
  judge(out, src, cache); /* what is made only once is made now */
  do {
    double from = bench_cpu_seconds();
    judge(out, src, cache);
    took[n++] = bench_cpu_seconds() - from;
  } while (n < TIMES_MAX && bench_seconds() < end);
  double median = bench_median(took, n);
  *least = took[0];
  return median;
}

int bench_warm(const char *packages, double seconds, char **files) {
  struct arena *a = arena_new((size_t)8 << 30);
  struct profile_cache *cache = open_cache(a, packages);
  double first = 0;
  for (; *files; files++) {
    struct str bytes;
    struct error e;
    struct judged found;
    if (file_map(&bytes, a, *files, BENCH_FILE_MAX, &e)) bench_die(&e);
    double least, took = judge_for(&found, &least, (struct source){str_z(file_base(*files)), bytes}, cache, seconds);
    double entry = took / (double)(found.entries ? found.entries : 1);
    if (first == 0) first = entry;
    printf(
        "%s\t%.3f ms\tleast %.3f ms\t%zu bytes\t%zu entries\t%.2f us an entry\tratio %.2f\t%zu errors, %zu undecided\n",
        file_base(*files), took * 1e3, least * 1e3, bytes.n, found.entries, entry * 1e6, entry / first, found.errors,
        found.undecided);
    fflush(stdout);
  }
  arena_free(a);
  return 0;
}
