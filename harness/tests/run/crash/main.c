/* The parent: starts, kills, looks, starts again, until the run has ended. */
#include "tests/run/crash/crash.h"
#include "tests/run/ports.h"

#include "base/clock.h"
#include "base/file.h"

#include <ftw.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIVES_MAX 20000 /* of one run: more, and it does not move on */
#define LIFE_MS INT64_C(60000)
#define LIFE_SHORT_US 40000
#define LIFE_LONG_US 400000
#define NOTES_MAX ((size_t)64 << 20)

struct options {
  const char *mode, *protocol;
  uint64_t every;
  size_t kills; /* mode random */
  unsigned seed;
  double scale;
  bool verbose;
};

struct trial {
  const struct options *o;
  struct arena *arena;
  struct world *world;
  const char *home, *store, *notes, *listen, *to;
  struct str wanted; /* verdicts of the run that nobody disturbed */
  size_t triggers;   /* that the vendor got in it */
  size_t lives, stopped;
};

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st, (void)flag, (void)ftw;
  return remove(path);
}

static void make_home(struct trial *t) {
  const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : TEST_BIN;
  char *home = file_join(t->arena, base, "crash-test-XXXXXX");
  if (!mkdtemp(home)) crash_fail("no folder can be made in %s", base);
  t->home = home;
  t->store = file_join(t->arena, home, "disk/new/folder/s.sqlite");
  t->notes = file_join(t->arena, home, "notes");
  snprintf(crash_shared->root, sizeof crash_shared->root, "%s/disk", home);
}

/* An empty disk, and a vendor's system that knows nothing. */
static pid_t begin(struct trial *t) {
  struct error e;
  nftw(crash_shared->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  if (file_mkdirs(crash_shared->root, &e) != 0) crash_fail("%s", e.text);
  if (!strcmp(t->o->mode, "cut")) {
    snprintf(crash_shared->image, sizeof crash_shared->image, "%s/image", t->home);
    nftw(crash_shared->image, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    if (file_mkdirs(crash_shared->image, &e) != 0) crash_fail("%s", e.text);
  }
  memset(crash_shared->keys, 0, sizeof crash_shared->keys);
  crash_shared->hits = 0;
  *crash_shared->where = 0;
  pid_t vendor = vendor_start(world_data(t->world), t->to, t->notes);
  world_meet(t->world, crash_shared->vendor_url);
  return vendor;
}

/* One life of the harness; its exit code, or -1 when it was killed. after_us > 0: it is killed then. */
static int live(struct trial *t, struct str run, useconds_t after_us) {
  int status;
  pid_t pid = fork();
  if (pid == 0) world_harness(t->world, t->store, run);
  t->lives++;
  if (after_us) {
    usleep(after_us);
    kill(pid, SIGKILL);
  }
  int64_t until = clock_monotonic() + LIFE_MS;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (clock_monotonic() > until) {
      kill(pid, SIGKILL);
      crash_fail("the harness does not end");
    }
    usleep(200);
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  if (WTERMSIG(status) != SIGKILL) crash_fail("the harness ended by signal %d", WTERMSIG(status));
  t->stopped++;
  return -1;
}

static size_t number(const struct map *m, struct str digest) {
  const size_t *n = map_get(m, digest);
  return n ? *n : 0;
}

/* What the vendor saw, against the log: nothing that it was told is kept may be lost or be there twice, and it must not
 * have got anything that the log does not know. */
static size_t check_notes(struct trial *t, struct arena *a, const struct look *l) {
  struct str notes, empty = STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  struct error e;
  struct map triggers;
  size_t triggers_n = 0;
  map_init(&triggers, a);
  if (file_read(&notes, a, t->notes, NOTES_MAX, &e) != 0) crash_fail("%s", e.text);
  while (notes.n) {
    struct str line = str_cut(&notes, '\n');
    struct str what = str_cut(&line, ' '), detail = str_cut(&line, ' ');
    if (str_eqz(what, "out") && str_starts(detail, STR("2")) && number(&l->received, line) != 1)
      crash_fail("a message of the vendor's got HTTP %.*s, but is in the log %zu times: %.*s", STR_F(detail),
                 number(&l->received, line), STR_F(line));
    if (str_eqz(what, "in") && str_eqz(detail, "/vans") && !str_eq(line, empty) && number(&l->sent, line) != 1)
      crash_fail("the vendor got a message that the log has %zu times: %.*s", number(&l->sent, line), STR_F(line));
    if (str_eqz(what, "in") && str_eqz(detail, "/trigger") && map_set(&triggers, line, &triggers)) triggers_n++;
  }
  return triggers_n;
}

static void look(struct trial *t, struct arena *a, struct look *l) {
  world_look(l, a, t->world, t->store);
  (void)check_notes(t, a, l);
  if (l->state) world_standing(crash_shared->standing, l->state);
}

/* Line by line. */
static void compare(struct str wanted, struct str have) {
  bool same = str_eq(wanted, have);
  while (wanted.n || have.n) {
    struct str x = str_cut(&wanted, '\n'), y = str_cut(&have, '\n');
    if (!str_eq(x, y)) fprintf(stderr, "  wanted %.*s, got %.*s\n", STR_F(x), STR_F(y));
  }
  if (!same) crash_fail("the verdicts are others");
}

/* Mostly so short that little is done; sometimes long enough for every wait. */
static useconds_t life(void) {
  int longest = rand() % 8 ? LIFE_SHORT_US : LIFE_LONG_US;
  return 1 + (useconds_t)(rand() % longest);
}

/* What is expected of one life, by the way that it ended. */
static void check_life(struct trial *t, int code, bool ended) {
  if (code > 0 && crash_shared->action != CRASH_FULL) crash_fail("the harness ended with: %s", crash_shared->error);
  if (code == 0 && !ended) crash_fail("the harness ended, but the run has not");
  if (code > 0 && !strstr(crash_shared->error, "s.sqlite") && !strstr(crash_shared->error, "room"))
    crash_fail("a full disk is told of as: %s", crash_shared->error);
  if (code > 0) t->stopped++;
}

/* The undisturbed run says what the others must come to. */
static void check_end(struct trial *t, struct arena *a, const struct look *l) {
  size_t triggers = check_notes(t, a, l);
  if (t->wanted.n) {
    compare(t->wanted, world_verdicts(a, l->state));
    if (triggers != t->triggers) crash_fail("there were %zu triggers, not %zu", triggers, t->triggers);
    return;
  }
  t->wanted = world_verdicts(t->arena, l->state);
  t->triggers = triggers;
}

/* From the start to the end of a run, however often the harness is stopped on the way. */
static void whole(struct trial *t, bool random) {
  size_t first = t->lives;
  pid_t vendor = begin(t);
  for (bool ended = false; !ended;) {
    struct arena *a = arena_new(0);
    struct look l;
    look(t, a, &l);
    int code = live(t, l.run, random ? life() : 0);
    if (code == -1 && *crash_shared->image) cut_restore();
    look(t, a, &l);
    ended = l.ended;
    check_life(t, code, ended);
    if (ended) check_end(t, a, &l);
    if (t->lives - first > LIVES_MAX) crash_fail("the run does not move on");
    arena_free(a);
  }
  kill(vendor, SIGKILL);
  waitpid(vendor, NULL, 0);
}

static void run_mode(struct trial *t) {
  const struct options *o = t->o;
  bool random = !strcmp(o->mode, "random");
  whole(t, false);
  t->lives = t->stopped = 0;
  crash_shared->every = o->every;
  if (!strcmp(o->mode, "full")) crash_shared->action = CRASH_FULL;
  if (!strcmp(o->mode, "kill") || !strcmp(o->mode, "cut")) crash_shared->action = CRASH_KILL;
  do whole(t, random);
  while (random && t->stopped < o->kills);
}

static const struct option table[] = {{"protocol", required_argument, NULL, 'p'},
                                      {"every", required_argument, NULL, 'e'},
                                      {"kills", required_argument, NULL, 'k'},
                                      {"seed", required_argument, NULL, 's'},
                                      {"scale", required_argument, NULL, 'c'},
                                      {"camp", no_argument, NULL, 'm'},
                                      {0}};

static int usage(void) {
  fprintf(stderr, "usage: test_crash kill|random|cut|full [--protocol FILE] [--every N] [--kills N] [--seed N] "
                  "[--scale N] [--camp]\n");
  return 2;
}

static bool read_options(struct options *o, int argc, char **argv) {
  static const char *const modes[] = {"kill", "random", "cut", "full"};
  int c;
  while ((c = getopt_long(argc, argv, "", table, NULL)) != -1) {
    if (c == 'p') o->protocol = optarg;
    if (c == 'e') o->every = strtoull(optarg, NULL, 10);
    if (c == 'k') o->kills = strtoull(optarg, NULL, 10);
    if (c == 's') o->seed = (unsigned)strtoul(optarg, NULL, 10);
    if (c == 'm') crash_shared->camp = true;
    if (c == 'c') o->scale = strtod(optarg, NULL);
    if (c == '?') return false;
  }
  for (size_t i = 0; i < sizeof modes / sizeof *modes && optind == argc - 1; i++)
    if (!strcmp(argv[optind], modes[i])) o->mode = modes[i];
  return o->mode && o->every;
}

static void open_world(struct trial *t) {
  const char *role = strstr(t->o->protocol, "send") ? "sender" : "receiver";
  make_home(t);
  int port = ports_free(1);
  if (!port) crash_fail("no port is free");
  t->listen = arena_printf(t->arena, "127.0.0.1:%d", port).p;
  t->to = arena_printf(t->arena, "http://127.0.0.1:%d/reference-vendor/%s", port, role).p;
  t->world = world_load(t->arena, t->o->protocol, t->listen, t->o->scale);
}

int main(int argc, char **argv) {
  struct options o = {
      .protocol = "protocols/carecommunication/5.0/receive.yaml", .every = 1, .kills = 300, .scale = 200};
  struct trial t = {.o = &o, .arena = arena_new(0)};
  crash_shared = mmap(NULL, sizeof *crash_shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (crash_shared == MAP_FAILED) crash_fail("no shared memory");
  if (!read_options(&o, argc, argv)) return usage();
  setenv("TESTCAMP_DATA", TEST_ROOT, 1);
  srand(o.seed);
  crash_shared->every = 1;
  open_world(&t);
  int64_t began = clock_monotonic();
  run_mode(&t);
  printf("%s: stopped %zu times (%zu points) in %zu lives, %.1f s; the verdicts are those of an undisturbed run\n",
         o.mode, t.stopped, crash_shared->hits, t.lives, (double)(clock_monotonic() - began) / 1000);
  nftw(t.home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  arena_free(t.arena);
  return 0;
}
