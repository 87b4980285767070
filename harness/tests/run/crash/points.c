/* The C library's functions that reach the world, with a point before and after them. */
#include "tests/run/crash/crash.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FNV_BASIS UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

struct crash_shared *crash_shared;
enum crash_role crash_role;

/* The point that is never left out, but for power cuts. */
static const char every_event[] = "appended";
static uint64_t last = FNV_BASIS;
static char last_name[CRASH_WHERE_MAX - 40] = "start";
static bool failing;
static int64_t failing_since;

static uint64_t mix(uint64_t h, struct str s) {
  for (size_t i = 0; i < s.n; i++) h = (h ^ (unsigned char)s.p[i]) * FNV_PRIME;
  return (h ^ 0xff) * FNV_PRIME;
}

/* False if it was there already. */
static bool add_key(uint64_t key) {
  size_t i = key % CRASH_KEYS;
  for (; crash_shared->keys[i]; i = (i + 1) % CRASH_KEYS)
    if (crash_shared->keys[i] == key) return false;
  crash_shared->keys[i] = key;
  return true;
}

static void point(const char *name) {
  if (crash_role != CRASH_HARNESS || crash_shared->action == CRASH_NONE || failing) return;
  uint64_t key = mix(last, str_z(name));
  bool always = !strcmp(name, every_event) && !*crash_shared->image;
  if ((!always && key / CRASH_KEYS % crash_shared->every) || !add_key(key)) return;
  snprintf(crash_shared->where, sizeof crash_shared->where, "%s: %s", last_name, name);
  crash_shared->hits++;
  if (crash_shared->action == CRASH_KILL) kill(getpid(), SIGKILL);
  failing = true;
  failing_since = clock_monotonic();
}

void crash_event(const struct event *ev) {
  struct str message = event_get(ev, "message"), name = event_get(ev, "name");
  /* One more answer to what is sent once more after a stop is the same event, or there would be no end of them. */
  struct str answers = event_get(ev, "fact.response.to");
  if (event_is(ev, "received") && answers.n) message = answers;
  last = mix(mix(mix(mix(mix(FNV_BASIS, ev->kind), ev->case_id), ev->step), message), name);
  snprintf(last_name, sizeof last_name, "%.*s %.*s%.*s %.*s%.*s", STR_F(ev->kind), STR_F(ev->case_id), STR_F(ev->step),
           STR_F(message), STR_F(name));
  if (crash_shared->action == CRASH_KILL) point(every_event);
}

static bool is_file(int fd) {
  struct stat st;
  int saved = errno;
  bool file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
  errno = saved;
  return file;
}

/* True if the disk is full. */
static bool no_room(int fd) {
  if (crash_role != CRASH_HARNESS || fd <= STDERR_FILENO || !is_file(fd)) return false;
  if (failing && crash_shared->camp && clock_monotonic() > failing_since + CRASH_FULL_MS) failing = false;
  point("write");
  if (failing) errno = ENOSPC;
  return failing;
}

ssize_t write(int fd, const void *p, size_t n) {
  return no_room(fd) ? -1 : syscall(SYS_write, fd, p, n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at) {
  return no_room(fd) ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at) {
  return no_room(fd) ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}

/* What the disk has no room for may also come out only here. */
static int sync_by(long call, int fd) {
  bool kill = crash_role == CRASH_HARNESS && crash_shared->action == CRASH_KILL;
  if (kill) point("before the sync");
  if (!kill && no_room(fd)) return -1;
  int rc = (int)syscall(call, fd);
  if (rc == 0 && crash_role == CRASH_HARNESS) cut_synced(fd);
  if (kill) point("synced");
  return rc;
}

int fsync(int fd) {
  return sync_by(SYS_fsync, fd);
}

int fdatasync(int fd) {
  return sync_by(SYS_fdatasync, fd);
}

static void sending(const char *name) {
  if (crash_role == CRASH_HARNESS && crash_shared->action == CRASH_KILL) point(name);
}

ssize_t send(int fd, const void *p, size_t n, int flags) {
  sending("before the sending");
  ssize_t rc = syscall(SYS_sendto, fd, p, n, flags, NULL, 0);
  sending("sent");
  return rc;
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags) {
  sending("before the sending");
  ssize_t rc = syscall(SYS_sendmsg, fd, m, flags);
  sending("sent");
  return rc;
}

/* Effects are released, and the loop waits for what comes of them. */
int epoll_wait(int fd, struct epoll_event *events, int n, int timeout) {
  sending("released");
  return (int)syscall(SYS_epoll_pwait, fd, events, n, timeout, NULL, 8);
}
