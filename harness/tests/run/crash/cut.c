/* A power cut. What a file held at its last sync is kept in the image under its number; what names a folder had, as a
 * list. The worst that a file system may do is supposed: a file that was never synced is empty, a name whose folder was
 * never synced is gone. */
#include "tests/run/crash/crash.h"

#include "base/buf.h"
#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LIST_MAX ((size_t)1 << 20)
#define BYTES_MAX ((size_t)256 << 20)

/* A number that no later file gets: that of the file, and when it was made. */
static struct str number_of(struct arena *a, int dir, const char *name) {
  struct statx st;
  if (statx(dir, name, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &st) != 0)
    crash_fail("cannot look at %s", name);
  return arena_printf(a, "%llu-%lld-%u", (unsigned long long)st.stx_ino, (long long)st.stx_btime.tv_sec,
                      st.stx_btime.tv_nsec);
}

/* Not by write: it is a point. Renamed into place, since the process may be killed here. */
static void put(struct arena *a, struct str number, struct str bytes) {
  const char *to = file_join(a, crash_shared->image, arena_z(a, number));
  const char *temp = arena_printf(a, "%s.temp", to).p;
  int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  for (size_t n = 0; n < bytes.n;) {
    long done = syscall(SYS_write, fd, bytes.p + n, bytes.n - n);
    if (done <= 0) crash_fail("cannot keep %s", to);
    n += (size_t)done;
  }
  close(fd);
  if (rename(temp, to) != 0) crash_fail("cannot keep %s", to);
}

static void keep_folder(struct arena *a, int fd, const char *path) {
  struct buf list;
  DIR *d = opendir(path);
  buf_init(&list, LIST_MAX);
  for (struct dirent *x; d && (x = readdir(d));) {
    if (!strcmp(x->d_name, ".") || !strcmp(x->d_name, "..")) continue;
    struct str number = number_of(a, fd, x->d_name);
    buf_printf(&list, "%c %.*s %s\n", x->d_type == DT_DIR ? 'd' : 'f', STR_F(number), x->d_name);
  }
  closedir(d);
  put(a, number_of(a, fd, ""), buf_str(&list));
  buf_release(&list);
}

static void keep_file(struct arena *a, int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0) crash_fail("cannot look at a file");
  char *p = arena_alloc(a, (size_t)st.st_size + 1);
  ssize_t n = pread(fd, p, (size_t)st.st_size, 0);
  if (n < 0) {
    int again = open(arena_printf(a, "/proc/self/fd/%d", fd).p, O_RDONLY | O_CLOEXEC);
    n = pread(again, p, (size_t)st.st_size, 0);
    close(again);
  }
  if (n < 0) crash_fail("cannot read a file that is synced");
  put(a, number_of(a, fd, ""), (struct str){p, (size_t)n});
}

void cut_synced(int fd) {
  struct stat st;
  char path[CRASH_WHERE_MAX];
  if (!*crash_shared->image || fstat(fd, &st) != 0) return;
  struct arena *a = arena_new(0);
  ssize_t n = readlink(arena_printf(a, "/proc/self/fd/%d", fd).p, path, sizeof path - 1);
  if (n > 0) {
    path[n] = 0;
    bool ours = str_starts(str_z(path), str_z(crash_shared->root));
    if (ours && S_ISDIR(st.st_mode)) keep_folder(a, fd, path);
    if (ours && S_ISREG(st.st_mode)) keep_file(a, fd);
  }
  arena_free(a);
}

static bool image_of(struct str *out, struct arena *a, struct str number) {
  struct error e;
  return file_read(out, a, file_join(a, crash_shared->image, arena_z(a, number)), BYTES_MAX, &e) == 0;
}

static void restore_folder(struct arena *a, struct str number, const char *to, const char *image);

/* What was kept is kept under the new number as well: nothing of it is lost by a second cut. */
static void restore(struct arena *a, char type, struct str number, const char *to, const char *image) {
  struct error e;
  struct str bytes = {0};
  if (type == 'd') {
    if (mkdir(to, 0777) != 0) crash_fail("cannot make %s", to);
    return restore_folder(a, number, to, image);
  }
  (void)image_of(&bytes, a, number);
  if (file_write(to, bytes, &e) != 0) crash_fail("%s", e.text);
  struct str now = number_of(a, AT_FDCWD, to);
  if (file_write(file_join(a, image, arena_z(a, now)), bytes, &e) != 0) crash_fail("%s", e.text);
}

static void restore_folder(struct arena *a, struct str number, const char *to, const char *image) {
  struct str list = {0};
  struct buf now;
  struct error e;
  (void)image_of(&list, a, number);
  buf_init(&now, LIST_MAX);
  while (list.n) {
    struct str line = str_cut(&list, '\n');
    char type = line.p[0];
    line = str_sub(line, 2, line.n);
    struct str of = str_cut(&line, ' ');
    const char *path = file_join(a, to, arena_z(a, line));
    restore(a, type, of, path, image);
    struct str got = number_of(a, AT_FDCWD, path);
    buf_printf(&now, "%c %.*s %.*s\n", type, STR_F(got), STR_F(line));
  }
  const char *kept = file_join(a, image, arena_z(a, number_of(a, AT_FDCWD, to)));
  if (file_write(kept, buf_str(&now), &e) != 0) crash_fail("%s", e.text);
  buf_release(&now);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st, (void)flag;
  return ftw->level == 0 ? 0 : remove(path);
}

void cut_restore(void) {
  struct arena *a = arena_new(0);
  struct str root = number_of(a, AT_FDCWD, crash_shared->root);
  const char *next = arena_printf(a, "%s.next", crash_shared->image).p;
  nftw(crash_shared->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  if (mkdir(next, 0777) != 0) crash_fail("cannot make %s", next);
  restore_folder(a, root, crash_shared->root, next);
  nftw(crash_shared->image, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  if (rmdir(crash_shared->image) != 0 || rename(next, crash_shared->image) != 0) crash_fail("cannot keep %s", next);
  arena_free(a);
}
