#include "paper/press.h"

#include "base/file.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PDF_MAX ((size_t)512 << 20)
#define SAID_MAX ((size_t)1 << 10)

extern char **environ;

/* Standard input, output and error of the helper: files in memory, so that neither side waits for the other. */
struct press {
  struct arena *a;
  int fd[3];
};

static const char *program_path(struct arena *a) {
  char self[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  self[n < 0 ? 0 : n] = 0;
  return file_join(a, file_dir(a, self), PRESS_PROGRAM);
}

static int open_all(struct press *p, struct error *e) {
  for (int i = 0; i < 3; i++) {
    p->fd[i] = memfd_create(PRESS_PROGRAM, MFD_CLOEXEC);
    if (p->fd[i] < 0) return error_set(e, ERR_IO, "no room for a document in memory: %s", strerror(errno));
  }
  return 0;
}

static void close_all(struct press *p) {
  for (int i = 0; i < 3; i++)
    if (p->fd[i] >= 0) close(p->fd[i]);
}

static int write_all(int fd, struct str s, struct error *e) {
  while (s.n) {
    ssize_t n = write(fd, s.p, s.n);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return error_set(e, ERR_IO, "no room for a document in memory: %s", strerror(errno));
    s = str_sub(s, (size_t)n, s.n);
  }
  return lseek(fd, 0, SEEK_SET) < 0 ? error_set(e, ERR_IO, "%s", strerror(errno)) : 0;
}

/* All that a file in memory holds, at most max bytes; mapped for a moment only. */
static int take(int fd, size_t max, struct buf *out, struct error *e) {
  struct stat st;
  if (fstat(fd, &st) < 0) return error_set(e, ERR_IO, "%s", strerror(errno));
  size_t n = (size_t)st.st_size < max ? (size_t)st.st_size : max;
  if (!n) return 0;
  void *p = mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0);
  if (p == MAP_FAILED) return error_set(e, ERR_IO, "%s", strerror(errno));
  buf_add(out, (struct str){p, n});
  munmap(p, n);
  return 0;
}

static int spawn(struct press *p, const char *program, pid_t *pid, struct error *e) {
  char *argv[] = {(char *)PRESS_PROGRAM, NULL};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  for (int i = 0; i < 3; i++) posix_spawn_file_actions_adddup2(&files, p->fd[i], i);
  int wrong = posix_spawn(pid, program, &files, NULL, argv, environ);
  posix_spawn_file_actions_destroy(&files);
  return wrong ? error_set(e, ERR_IO, "%s: %s", program, strerror(wrong)) : 0;
}

static int failed(struct press *p, int status, struct error *e) {
  struct buf said;
  struct error ignored;
  buf_init(&said, SAID_MAX);
  if (take(p->fd[2], SAID_MAX, &said, &ignored) < 0) buf_clear(&said);
  struct str text = str_trim(buf_take(&said, p->a));
  if (WIFSIGNALED(status))
    return error_set(e, ERR_IO, PRESS_PROGRAM " was ended by signal %d: %.*s", WTERMSIG(status), STR_F(text));
  return error_set(e, ERR_IO, PRESS_PROGRAM ": %.*s", STR_F(text));
}

static int run(struct press *p, const char *program, struct str html, struct buf *out, struct error *e) {
  pid_t pid;
  int status;
  if (open_all(p, e) < 0 || write_all(p->fd[0], html, e) < 0 || spawn(p, program, &pid, e) < 0) return -1;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return error_set(e, ERR_IO, PRESS_PROGRAM ": %s", strerror(errno));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return failed(p, status, e);
  return take(p->fd[1], PDF_MAX, out, e);
}

int press_pdf(struct buf *out, struct arena *a, struct str html, struct error *e) {
  struct press p = {.a = a, .fd = {-1, -1, -1}};
  const char *program = program_path(a);
  if (!file_exists(program))
    return error_set(e, ERR_CONFIG,
                     "PDF needs the program " PRESS_PROGRAM ", which was not built: install libpango1.0-dev and build "
                     "again, or take --format html and print it from a browser");
  int result = run(&p, program, html, out, e);
  close_all(&p);
  if (result == 0 && out->full) return error_set(e, ERR_LIMIT, "the PDF would be over %zu MB", out->max >> 20);
  return result;
}
