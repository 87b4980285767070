#include "net/child.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "net/loop.h"
#include "net/net_int.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Time between SIGTERM and SIGKILL. */
#define CHILD_GRACE_MS 1000
/* Output still read after the child has ended; a grandchild may go on writing for ever. */
#define CHILD_REST_MAX ((size_t)1 << 20)
#define CHILD_CHUNK 4096
/* As shells say it. */
#define EXIT_SIGNAL 128

struct child {
  struct loop *loop;
  pid_t pid;
  int pidfd, out; /* out: -1 after the end of its output */
  struct loop_fd *pid_watch, *out_watch;
  struct child_events events;
  struct buf line;
  bool ended;
  int depth;    /* callbacks under way */
  bool stopped; /* by one of them: freed when it returns */
};

static void child_free(struct child *c) {
  loop_unwatch(c->loop, c->pid_watch);
  loop_unwatch(c->loop, c->out_watch);
  if (c->out >= 0) close(c->out);
  close(c->pidfd);
  buf_release(&c->line);
  free(c);
}

/* ---- output ---- */

static void line_end(struct child *c) {
  c->depth++;
  if (c->events.line && !c->stopped) c->events.line(c->events.payload, buf_str(&c->line));
  c->depth--;
  buf_clear(&c->line);
}

static void lines_add(struct child *c, struct str s) {
  while (s.n > 0 && !c->stopped) {
    size_t end = str_index(s, '\n');
    buf_add(&c->line, str_sub(s, 0, end)); /* what goes past CHILD_LINE_MAX is dropped by the buf */
    if (end == SIZE_MAX) return;
    line_end(c);
    s = str_sub(s, end + 1, s.n);
  }
}

static void output_end(struct child *c) {
  loop_unwatch(c->loop, c->out_watch);
  c->out_watch = NULL;
  close(c->out);
  c->out = -1;
  if (c->line.n > 0) line_end(c);
}

/* Reads what is there, once; false when there is nothing. */
static bool output_read(struct child *c) {
  char bytes[CHILD_CHUNK];
  ssize_t n = read(c->out, bytes, sizeof bytes);
  if (n > 0)
    lines_add(c, (struct str){bytes, (size_t)n});
  else if (n == 0 || (errno != EAGAIN && errno != EINTR))
    output_end(c);
  return n > 0;
}

static void on_output(void *payload, uint32_t events) {
  struct child *c = payload;
  (void)events;
  c->depth++;
  output_read(c);
  c->depth--;
  if (c->stopped) child_free(c);
}

/* ---- end ---- */

static int reap(struct child *c) {
  siginfo_t info = {0};
  while (waitid(P_PIDFD, (id_t)c->pidfd, &info, WEXITED) && errno == EINTR) {
  }
  c->ended = true;
  return info.si_code == CLD_EXITED ? info.si_status : EXIT_SIGNAL + info.si_status;
}

static void on_exit_event(void *payload, uint32_t events) {
  struct child *c = payload;
  (void)events;
  loop_unwatch(c->loop, c->pid_watch);
  c->pid_watch = NULL;
  int code = reap(c);
  c->depth++;
  for (size_t rest = 0; rest < CHILD_REST_MAX && c->out >= 0 && !c->stopped; rest += CHILD_CHUNK)
    if (!output_read(c)) break;
  if (c->out >= 0 && !c->stopped) output_end(c);
  if (c->events.ended && !c->stopped) c->events.ended(c->events.payload, code);
  c->depth--;
  if (c->stopped) child_free(c);
}

static void child_kill(struct child *c) {
  struct pollfd p = {.fd = c->pidfd, .events = POLLIN};
  kill(-c->pid, SIGTERM);
  if (poll(&p, 1, CHILD_GRACE_MS) <= 0) kill(-c->pid, SIGKILL);
  reap(c);
}

void child_stop(struct child *c) {
  if (!c) return;
  if (!c->ended) child_kill(c);
  c->stopped = true;
  if (c->depth == 0) child_free(c);
}

/* ---- start ---- */

/* The program beside our own executable when there is one: no installation needed; else argv[0] as it is. */
static const char *program_path(struct arena *a, const char *name) {
  char self[PATH_MAX];
  if (strchr(name, '/')) return name;
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  if (n <= 0) return name;
  self[n] = '\0';
  const char *beside = file_join(a, file_dir(a, self), name);
  return access(beside, X_OK) == 0 && !file_is_dir(beside) ? beside : name;
}

/* In the child: only what is safe between fork and exec. Never returns; errno goes to the parent through report. */
static _Noreturn void child_exec(const char *path, const char *const *argv, int in, int out, int report, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(EXIT_SIGNAL + SIGTERM);
  if (in < 0) in = open("/dev/null", O_RDONLY);
  bool ready = in >= 0 && dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
               close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC) == 0;
  /* exec changes nothing through argv; its type is older than const. */
  if (ready) execvp(path, (char *const *)(uintptr_t)argv);
  int number = errno;
  ssize_t told = write(report, &number, sizeof number);
  _exit(told == (ssize_t)sizeof number ? 126 : 127);
}

/* Waits until exec worked (the pipe closes) or failed (its errno comes): 0 or that errno. */
static int exec_result(int report) {
  int number = 0;
  ssize_t n;
  do n = read(report, &number, sizeof number);
  while (n < 0 && errno == EINTR);
  return n == (ssize_t)sizeof number ? number : 0;
}

/* Forks; the child's pid, or -1 with errno. */
static pid_t child_fork(const char *const *argv, int in, int out) {
  int report[2];
  struct arena *a = arena_new(0);
  const char *path = program_path(a, argv[0]);
  if (pipe2(report, O_CLOEXEC)) {
    arena_free(a);
    return -1;
  }
  pid_t parent = getpid(), pid = fork();
  if (pid == 0) child_exec(path, argv, in, out, report[1], parent);
  int number = pid < 0 ? errno : 0;
  close(report[1]);
  arena_free(a);
  if (pid > 0) number = exec_result(report[0]);
  close(report[0]);
  if (pid > 0 && number) waitpid(pid, NULL, 0);
  errno = number;
  return number ? -1 : pid;
}

/* A file in memory with those bytes, at its beginning; -1 with errno. */
static int fed_by(struct str input) {
  int fd = memfd_create("input", MFD_CLOEXEC);
  for (size_t at = 0; fd >= 0 && at < input.n;) {
    ssize_t n = write(fd, input.p + at, input.n - at);
    if (n > 0) at += (size_t)n;
    if (n >= 0 || errno == EINTR) continue;
    close(fd);
    return -1;
  }
  if (fd >= 0) lseek(fd, 0, SEEK_SET);
  return fd;
}

int child_start(struct child **out, struct loop *l, const char *const *argv, const struct child_events *ev,
                struct error *e) {
  return child_start_fed(out, l, argv, (struct str){0}, ev, e);
}

int child_start_fed(struct child **out, struct loop *l, const char *const *argv, struct str input,
                    const struct child_events *ev, struct error *e) {
  int output[2];
  if (pipe2(output, O_CLOEXEC)) return error_set(e, ERR_IO, "cannot start %s: %s", argv[0], strerror(errno));
  int in = input.n ? fed_by(input) : -1;
  pid_t pid = input.n && in < 0 ? -1 : child_fork(argv, in, output[1]);
  int number = errno;
  close(output[1]);
  if (in >= 0) close(in);
  if (pid < 0) {
    close(output[0]);
    return error_set(e, ERR_IO, "cannot start %s: %s", argv[0], strerror(number));
  }
  struct child *c = net_alloc(sizeof *c);
  c->loop = l;
  c->pid = pid;
  c->events = *ev;
  c->out = output[0];
  fcntl(c->out, F_SETFL, O_NONBLOCK);
  buf_init(&c->line, CHILD_LINE_MAX);
  c->pidfd = pidfd_open(pid, 0);
  if (c->pidfd < 0) BUG("pidfd_open: %s", strerror(errno));
  c->out_watch = loop_watch(l, c->out, EPOLLIN, on_output, c);
  c->pid_watch = loop_watch(l, c->pidfd, EPOLLIN, on_exit_event, c);
  *out = c;
  return 0;
}
