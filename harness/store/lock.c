#include "store/store_int.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define PID_MAX 32
#define NOTE "written\n"

static int refuse(int fd, const char *store, struct error *e) {
  char holder[PID_MAX] = "";
  ssize_t n = pread(fd, holder, sizeof holder - 1, 0);
  struct str rest = {holder, n > 0 ? (size_t)n : 0};
  struct str pid = str_cut(&rest, '\n');
  const char *holds = pid.n ? "process " : "another process";
  return error_set(e, ERR_CONFIG,
                   "store %s is in use by %s%.*s; wait until it has ended, stop it, or choose another store with "
                   "--store",
                   store, holds, STR_F(pid));
}

int lock_sign(int fd, const char *path, struct error *e) {
  struct arena *scratch = arena_new(0);
  struct str pid = arena_printf(scratch, "%ld\n", (long)getpid());
  bool ok = ftruncate(fd, 0) == 0 && pwrite(fd, pid.p, pid.n, 0) == (ssize_t)pid.n;
  const char *hint = errno == ENOSPC || errno == EDQUOT ? "; make room on the disk" : "";
  int rc = ok ? 0 : error_set(e, ERR_IO, "cannot write %s: %s%s", path, strerror(errno), hint);
  arena_free(scratch);
  return rc;
}

/* The file stays when the lock goes: removing it would let two processes lock two files of one name. */
int lock_take(int *out, const char *path, const char *store, struct error *e) {
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0666);
  if (fd < 0)
    return error_set(e, ERR_IO, "cannot open %s: %s; choose a store in a folder that can be written to", path,
                     strerror(errno));
  int rc = 0;
  if (flock(fd, LOCK_EX | LOCK_NB) != 0)
    rc =
        errno == EWOULDBLOCK ? refuse(fd, store, e) : error_set(e, ERR_IO, "cannot lock %s: %s", path, strerror(errno));
  if (rc != 0) {
    close(fd);
    return -1;
  }
  *out = fd;
  return 0;
}

void lock_note(int lock) {
  static const char note[] = NOTE;
  (void)!write(lock, note, sizeof note - 1); /* only a hint: without room for it nothing is lost */
}

void lock_forget(int lock) {
  char text[PID_MAX] = "";
  ssize_t n = pread(lock, text, sizeof text - 1, 0);
  size_t at = str_find((struct str){text, n > 0 ? (size_t)n : 0}, STR(NOTE), 0);
  if (at != SIZE_MAX) (void)!ftruncate(lock, (off_t)at);
}

bool lock_left(const char *path) {
  char text[PID_MAX] = "";
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t n = pread(fd, text, sizeof text - 1, 0);
  close(fd);
  return n > 0 && str_find((struct str){text, (size_t)n}, STR(NOTE), 0) != SIZE_MAX;
}

void lock_drop(int lock) {
  if (lock < 0) return;
  (void)!ftruncate(lock, 0);
  close(lock);
}
