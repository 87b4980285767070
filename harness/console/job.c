#include "base/clock.h"
#include "console/console_int.h"
#include "net/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGS_MAX 2200 /* as many as there can be protocols (offers.h), and options */

const char *lang_option(const struct visit *v) {
  return v->danish ? "--lang=da" : "--lang=en";
}

const char *store_option(struct visit *v) {
  return arena_printf(v->arena, "--store=%s", v->console->options.store_path).p;
}

/* ---- commands that write, in this process ---- */

static size_t count(const char *const *argv) {
  size_t n = 0;
  while (argv[n]) n++;
  return n;
}

struct done do_command(struct visit *v, const char *const *argv) {
  struct done d = {.code = 2};
  char *copy[ARGS_MAX + 1] = {0}, *text[2] = {NULL, NULL};
  size_t n = count(argv), size[2] = {0, 0};
  const struct console_host *host = &v->console->options.host;
  if (n > ARGS_MAX) BUG("a command of %zu words", n);
  for (size_t i = 0; i < n; i++) copy[i] = arena_z(v->arena, str_z(argv[i]));
  FILE *out = open_memstream(&text[0], &size[0]), *err = open_memstream(&text[1], &size[1]);
  if (!out || !err) BUG("out of memory");
  d.code = host->command(host->context, out, err, (int)n, copy);
  fclose(out), fclose(err);
  d.out = visit_without_folders(v, (struct str){text[0], size[0]});
  d.err = visit_without_folders(v, (struct str){text[1], size[1]});
  free(text[0]), free(text[1]);
  return d;
}

/* A command that was carried out may still say that a run failed (1) or waits (3): only a usage error means that
 * nothing was done. */
bool done_well(struct visit *v, const struct done *d) {
  if (d->code != 2) return true;
  struct str text = str_trim(d->err);
  visit_complain(v, text.n ? text : STR("?"));
  return false;
}

/* ---- commands that read, in a child ---- */

struct job {
  struct job *next;
  struct visit *visit;
  void (*then)(struct visit *v, const struct done *d);
  struct loop_fd *watch;
  struct loop_timer *timer;
  pid_t pid;
  int end, out, err; /* a descriptor of the process; what it writes */
};

static struct str take_output(struct visit *v, int fd) {
  struct stat st;
  struct str s = {NULL, 0};
  size_t n = fstat(fd, &st) == 0 && st.st_size > 0 ? (size_t)st.st_size : 0;
  char *p = n ? arena_alloc(v->arena, n) : NULL;
  for (ssize_t got; s.n < n && (got = pread(fd, p + s.n, n - s.n, (off_t)s.n)) > 0;) s.n += (size_t)got;
  s.p = p;
  close(fd);
  return s;
}

static void forget(struct job *j) {
  struct job **at = &j->visit->console->jobs;
  while (*at != j) at = &(*at)->next;
  *at = j->next;
  loop_unwatch(j->visit->console->loop, j->watch);
  loop_cancel(j->visit->console->loop, j->timer);
  close(j->end);
}

/* What became of a child, for the turn in which it is told. */
struct ended {
  struct done done;
  void (*then)(struct visit *v, const struct done *d);
};

static void tell(struct visit *v, void *ended) {
  const struct ended *e = ended;
  e->then(v, &e->done);
}

/* Half of a report looks like one: of a child that was killed nothing counts that it printed. */
static void say_killed(struct visit *v, struct done *d, int signal) {
  d->code = DONE_KILLED;
  d->out = (struct str){0};
  d->err = arena_printf(v->arena,
                        visit_word(v,
                                   "It was stopped (signal %d): it took more than %d seconds, or more memory or output "
                                   "than there is room for.",
                                   "Det blev stoppet (signal %d): det tog mere end %d sekunder eller mere hukommelse "
                                   "eller output, end der er plads til."),
                        signal, JOB_SECONDS);
}

static void on_end(void *payload, uint32_t events) {
  struct job *j = payload;
  struct visit *v = j->visit;
  struct ended *e = ARENA_NEW(v->arena, struct ended);
  int status = 0;
  (void)events;
  while (waitpid(j->pid, &status, 0) < 0 && errno == EINTR) continue;
  forget(j);
  *e = (struct ended){.then = j->then};
  e->done.out = take_output(v, j->out);
  e->done.err = visit_without_folders(v, take_output(v, j->err));
  if (WIFEXITED(status))
    e->done.code = WEXITSTATUS(status);
  else
    say_killed(v, &e->done, WTERMSIG(status));
  free(j);
  visit_go_on(v, tell, e);
}

static void on_late(void *payload) {
  struct job *j = payload;
  j->timer = NULL;
  kill(j->pid, SIGKILL);
}

/* If memory runs out, it is this child that goes, and not the server that everybody is at. */
static void go_first(void) {
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd >= 0 && write(fd, "1000", 4) == 4) close(fd);
}

_Noreturn static void become(const char *program, int out, int err, char **argv) {
  struct rlimit size = {JOB_OUTPUT_MAX, JOB_OUTPUT_MAX};
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  go_first();
  setrlimit(RLIMIT_FSIZE, &size);
  if (null >= 0) dup2(null, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execv(program, argv);
  _exit(127);
}

static int start(struct job *j, char **argv, struct error *e) {
  struct console *c = j->visit->console;
  j->out = memfd_create("out", MFD_CLOEXEC), j->err = memfd_create("err", MFD_CLOEXEC);
  j->pid = j->out < 0 || j->err < 0 ? -1 : fork();
  if (j->pid == 0) become(c->options.program, j->out, j->err, argv);
  j->end = j->pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, j->pid, 0);
  if (j->end >= 0) return 0;
  if (j->pid > 0) kill(j->pid, SIGKILL), waitpid(j->pid, NULL, 0);
  if (j->out >= 0) close(j->out);
  if (j->err >= 0) close(j->err);
  return error_set(e, ERR_IO, "no process could be started for this; try again");
}

/* All at once, and of one person: so that nobody keeps the machine from the others by asking for many things. */
#define JOBS_MAX 16
#define JOBS_OF_ONE 6

static bool too_many(const struct visit *v) {
  int all = 0, own = 0;
  for (const struct job *j = v->console->jobs; j; j = j->next, all++) own += v->who.id && j->visit->who.id == v->who.id;
  return all >= JOBS_MAX || own >= JOBS_OF_ONE;
}

void do_reading(struct visit *v, const char *const *argv, void (*then)(struct visit *v, const struct done *d)) {
  char *copy[ARGS_MAX + 2] = {"testcamp"};
  size_t n = count(argv);
  struct error e;
  if (too_many(v)) {
    http_reply_header(v->request, "Retry-After", STR("5"));
    visit_refuse(v, 503, "Much is being worked on just now; try again in a moment.",
                 "Der arbejdes på meget lige nu; prøv igen om et øjeblik.");
    return;
  }
  struct job *j = calloc(1, sizeof *j);
  if (!j) BUG("out of memory");
  if (n > ARGS_MAX) BUG("a command of %zu words", n);
  for (size_t i = 0; i < n; i++) copy[i + 1] = arena_z(v->arena, str_z(argv[i]));
  *j = (struct job){.visit = v, .then = then};
  if (start(j, copy, &e) < 0) {
    free(j);
    visit_fail(v, &e);
    return;
  }
  j->next = v->console->jobs;
  v->console->jobs = j;
  j->watch = loop_watch(v->console->loop, j->end, EPOLLIN, on_end, j);
  j->timer = loop_after(v->console->loop, JOB_SECONDS * 1000, on_late, j);
}

void jobs_end(struct console *c) {
  while (c->jobs) {
    struct job *j = c->jobs;
    kill(j->pid, SIGKILL);
    while (waitpid(j->pid, NULL, 0) < 0 && errno == EINTR) continue;
    forget(j);
    close(j->out), close(j->err);
    free(j);
  }
}

/* ---- who did what ---- */

#define AUDIT_CHAIN "audit-console"
#define AUDIT_DETAIL_MAX 400

void audit(struct visit *v, const char *what, struct str detail) {
  const struct console_options *o = &v->console->options;
  struct event *ev = event_new(v->arena, "console", clock_wall(), STR(""), STR(""));
  struct error e;
  facts_put(&ev->data, STR("what"), str_z(what));
  facts_put(&ev->data, STR("detail"), str_sub(detail, 0, AUDIT_DETAIL_MAX));
  facts_put(&ev->data, STR("account"), v->who.name);
  facts_put(&ev->data, STR("peer"), v->request->peer);
  event_clean(ev);
  camp_settle(o->camp);
  if (store_append(o->store, STR(AUDIT_CHAIN), ev, &e) < 0 || store_commit(o->store, &e) < 0)
    log_say(&o->log, LOG_NORMAL, "console: what was done could not be noted: %s", e.text);
}
