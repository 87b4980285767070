#include "base/file.h"

#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names tried for a temporary file before giving up. */
#define TEMP_TRIES 100

struct hint {
  int code;
  const char *text;
};

static const struct hint hints[] = {
    {ENOENT, "; check the name"},
    {ENOTDIR, "; a part of the name is a file where a folder is needed"},
    {EACCES, "; check the permissions"},
    {EPERM, "; check the permissions"},
    {EROFS, "; choose a place that can be written to"},
    {ENOSPC, "; make room on the disk"},
    {EDQUOT, "; make room on the disk"},
    {EMFILE, "; raise the limit of open files"},
    {ENAMETOOLONG, "; choose a shorter name"},
    {EISDIR, "; a file is needed here"},
};

/* "cannot <verb> <path>: <errno's text>; <what to do>". */
static int fail(struct error *e, const char *verb, const char *path) {
  int code = errno;
  const char *hint = "";
  for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
    if (hints[i].code == code) hint = hints[i].text;
  return error_set(e, ERR_IO, "cannot %s %s: %s%s", verb, path, strerror(code), hint);
}

/* Opens a regular file of at most max bytes; -1 with e filled. */
static int open_regular(const char *path, size_t max, size_t *size, struct error *e) {
  struct stat st;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hold us up */
  if (fd < 0) return fail(e, "open", path);
  int rc = 0;
  if (fstat(fd, &st) != 0)
    rc = fail(e, "read", path);
  else if (!S_ISREG(st.st_mode))
    rc = error_set(e, ERR_IO, "cannot read %s: it is not a regular file; name a file", path);
  else if ((uintmax_t)st.st_size > max)
    rc = error_set(e, ERR_LIMIT, "%s has %jd bytes, at most %zu are read; use a smaller file", path,
                   (intmax_t)st.st_size, max);
  if (rc != 0) {
    close(fd);
    return -1;
  }
  *size = (size_t)st.st_size;
  return fd;
}

/* Reads up to n bytes; a file that shrank meanwhile gives fewer. */
static ssize_t read_all(int fd, char *to, size_t n) {
  size_t got = 0;
  while (got < n) {
    ssize_t r = read(fd, to + got, n - got);
    if (r < 0 && errno == EINTR) continue;
    if (r < 0) return -1;
    if (r == 0) break;
    got += (size_t)r;
  }
  return (ssize_t)got;
}

int file_read(struct str *out, struct arena *a, const char *path, size_t max, struct error *e) {
  size_t size;
  int fd = open_regular(path, max, &size, e);
  if (fd < 0) return -1;
  char *bytes = arena_alloc(a, size + 1);
  ssize_t n = read_all(fd, bytes, size);
  int rc = n < 0 ? fail(e, "read", path) : 0;
  close(fd);
  if (rc == 0) *out = (struct str){bytes, (size_t)n};
  return rc;
}

struct mapping {
  void *p;
  size_t n;
};

static void unmap(void *ptr) {
  struct mapping *m = ptr;
  munmap(m->p, m->n);
}

int file_map(struct str *out, struct arena *a, const char *path, size_t max, struct error *e) {
  size_t size;
  int fd = open_regular(path, max, &size, e);
  if (fd < 0) return -1;
  if (size == 0) { /* mmap refuses nothing */
    close(fd);
    *out = STR("");
    return 0;
  }
  void *p = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  int rc = p == MAP_FAILED ? fail(e, "map", path) : 0;
  close(fd);
  if (rc != 0) return rc;
  struct mapping *m = ARENA_NEW(a, struct mapping);
  *m = (struct mapping){p, size};
  arena_defer(a, unmap, m);
  *out = (struct str){p, size};
  return 0;
}

static int write_all(int fd, struct str bytes) {
  while (bytes.n) {
    ssize_t w = write(fd, bytes.p, bytes.n);
    if (w < 0 && errno == EINTR) continue;
    if (w < 0) return -1;
    bytes = str_sub(bytes, (size_t)w, bytes.n);
  }
  return 0;
}

/* The folder of path, as file_dir, cut from its front. */
static struct str dir_part(const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash) return STR(".");
  while (slash > path && slash[-1] == '/') slash--;
  return (struct str){path, slash == path ? 1 : (size_t)(slash - path)};
}

/* A new hidden file in dir, which file_list does not show if it is left over. */
static int open_temp(char temp[PATH_MAX], struct str dir) {
  for (int i = 0; i < TEMP_TRIES; i++) {
    int n = snprintf(temp, PATH_MAX, "%.*s/.tmp-%ld-%d", STR_F(dir), (long)getpid(), i);
    if (n >= PATH_MAX) errno = ENAMETOOLONG;
    if (n < 0 || n >= PATH_MAX) return -1;
    int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

/* A rename is only safe on disk when its folder is. */
static int sync_dir(struct str dir) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%.*s", STR_F(dir));
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -1;
  int rc = fsync(fd);
  if (rc != 0 && errno == EINVAL) rc = 0; /* file systems without it */
  int code = errno;
  close(fd);
  errno = code;
  return rc;
}

/* Writes, syncs and closes fd. */
static int fill_temp(int fd, struct str bytes) {
  int rc = write_all(fd, bytes);
  if (rc == 0) rc = fsync(fd);
  int code = errno;
  if (close(fd) != 0 && rc == 0) return -1;
  errno = code;
  return rc;
}

int file_write(const char *path, struct str bytes, struct error *e) {
  char temp[PATH_MAX];
  struct str dir = dir_part(path);
  int fd = open_temp(temp, dir);
  if (fd < 0) return fail(e, "write", path);
  if (fill_temp(fd, bytes) != 0 || rename(temp, path) != 0) {
    int rc = fail(e, "write", path);
    unlink(temp);
    return rc;
  }
  return sync_dir(dir) == 0 ? 0 : fail(e, "sync the folder of", path);
}

int file_write_scratch(const char *path, struct str bytes, struct error *e) {
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return fail(e, "write", path);
  int rc = write_all(fd, bytes), code = errno;
  if (close(fd) != 0 && rc == 0) return fail(e, "write", path);
  errno = code;
  return rc == 0 ? 0 : fail(e, "write", path);
}

int file_mkdirs(const char *path, struct error *e) {
  char part[PATH_MAX];
  size_t n = strlen(path);
  if (n >= sizeof part) {
    errno = ENAMETOOLONG;
    return fail(e, "make the folder", path);
  }
  for (size_t i = 1; i <= n; i++) {
    if (path[i] != '/' && i != n) continue;
    memcpy(part, path, i);
    part[i] = 0;
    if (mkdir(part, 0777) == 0) {
      if (sync_dir(dir_part(part)) != 0) return fail(e, "sync the folder of", part);
    } else if (errno != EEXIST && !file_is_dir(part)) {
      return fail(e, "make the folder", part);
    }
  }
  if (file_is_dir(path)) return 0;
  errno = n ? ENOTDIR : ENOENT;
  return fail(e, "make the folder", path);
}

bool file_exists(const char *path) {
  struct stat st;
  return stat(path, &st) == 0;
}

bool file_is_dir(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *file_join(struct arena *a, const char *dir, const char *name) {
  size_t n = strlen(dir);
  if (n == 0 || name[0] == '/') return arena_z(a, str_z(name));
  const char *between = dir[n - 1] == '/' ? "" : "/";
  return (char *)arena_printf(a, "%s%s%s", dir, between, name).p;
}

char *file_dir(struct arena *a, const char *path) {
  return arena_z(a, dir_part(path));
}

const char *file_base(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

int file_list(char ***names, size_t *n, struct arena *a, const char *dir, struct error *e) {
  VEC(char *) list = {0};
  DIR *d = opendir(dir);
  if (!d) return fail(e, "list", dir);
  const struct dirent *entry;
  errno = 0;
  while ((entry = readdir(d))) {
    if (entry->d_name[0] != '.') VEC_PUSH(a, &list, arena_z(a, str_z(entry->d_name)));
    errno = 0;
  }
  int rc = errno ? fail(e, "list", dir) : 0;
  closedir(d);
  if (rc != 0) return rc;
  if (list.n) qsort(list.v, list.n, sizeof *list.v, compare_names);
  *names = list.v;
  *n = list.n;
  return 0;
}

static bool is_data_dir(struct arena *a, const char *dir) {
  return file_is_dir(file_join(a, dir, "fixtures")) && file_is_dir(file_join(a, dir, "protocols"));
}

/* Beside the executable when installed, else in a folder above it. */
static char *find_data_dir(struct arena *a) {
  char exe[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", exe, sizeof exe);
  if (n <= 0 || (size_t)n == sizeof exe) return NULL;
  char *dir = file_dir(a, arena_z(a, (struct str){exe, (size_t)n}));
  char *installed = file_join(a, file_dir(a, dir), "share/testcamp");
  if (is_data_dir(a, installed)) return installed;
  while (!is_data_dir(a, dir)) {
    if (!strcmp(dir, "/")) return NULL;
    dir = file_dir(a, dir);
  }
  return dir;
}

int file_data_dir(char **out, struct arena *a, struct error *e) {
  const char *set = getenv("TESTCAMP_DATA");
  if (set && *set) {
    if (!file_is_dir(set))
      return error_set(e, ERR_CONFIG, "TESTCAMP_DATA names %s, which is no folder; correct or unset it", set);
    *out = arena_z(a, str_z(set));
    return 0;
  }
  *out = find_data_dir(a);
  if (*out) return 0;
  return error_set(e, ERR_CONFIG,
                   "the folder of data files (with fixtures/ and protocols/) is not found; set TESTCAMP_DATA to it");
}

bool file_name_is_inside(struct str name) {
  if (name.n == 0 || name.p[0] == '/' || str_index(name, 0) != SIZE_MAX) return false;
  while (name.n)
    if (str_eqz(str_cut(&name, '/'), "..")) return false;
  return true;
}
