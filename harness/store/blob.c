/* Blobs: small ones are rows, large ones fsynced files named by their digest, with a row that has no bytes. */
#include "store/store_int.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_CHUNK ((size_t)64 << 10)
#define BLOB_MAX ((size_t)1 << 30)
#define SHARD 2 /* hex digits of the folder's name */

static char *blob_dir(struct store *s, struct arena *a, struct str digest) {
  return file_join(a, s->blobs, arena_z(a, str_sub(digest, 0, SHARD)));
}

static char *blob_path(struct store *s, struct arena *a, struct str digest) {
  return file_join(a, blob_dir(s, a, digest), arena_z(a, digest));
}

static int io_error(struct error *e, const char *verb, const char *path) {
  const char *hint = errno == ENOSPC || errno == EDQUOT ? "; make room on the disk" : "";
  return error_set(e, ERR_IO, "cannot %s %s: %s%s", verb, path, strerror(errno), hint);
}

static int sync_folder(const char *path, struct error *e) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return io_error(e, "open", path);
  /* EINVAL: a file system that cannot */
  int rc = fsync(fd) == 0 || errno == EINVAL ? 0 : io_error(e, "sync", path);
  close(fd);
  return rc;
}

int blob_rename(const char *from, const char *to, struct error *e) {
  struct arena *scratch = arena_new(0);
  int rc = rename(from, to) == 0 ? sync_folder(file_dir(scratch, to), e) : io_error(e, "write", to);
  arena_free(scratch);
  return rc;
}

int blob_sync(const char *path, struct error *e) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return io_error(e, "open", path);
  int rc = fsync(fd) == 0 || errno == EINVAL ? 0 : io_error(e, "sync", path);
  close(fd);
  return rc;
}

static int make_shard(struct store *s, struct arena *a, struct str digest, struct error *e) {
  return file_mkdirs(blob_dir(s, a, digest), e);
}

/* Whether what is kept under that name is it still. */
static bool is_sound(struct store *s, struct arena *a, struct str digest) {
  struct str bytes;
  struct error ignored;
  return map_get(&s->sound, digest) || store_blob_get(s, digest, a, &bytes, &ignored) == 0;
}

/* 1 if the blob has a row, with its bytes or with a file of the right size; 0 if not, or if it was altered: then it is
 * written again; -1 error. */
static int blob_known(struct store *s, struct arena *a, struct str digest, struct error *e) {
  sql_bind_str(s->blob_row, 1, digest);
  int rc = sql_step(s, s->blob_row, e);
  if (rc == 1 && sqlite3_column_type(s->blob_row, 1) == SQLITE_NULL) {
    struct stat st;
    bool there = stat(blob_path(s, a, digest), &st) == 0 && st.st_size == sqlite3_column_int64(s->blob_row, 0);
    rc = there ? 1 : 0;
  }
  sqlite3_reset(s->blob_row);
  return rc == 1 && !is_sound(s, a, digest) ? 0 : rc;
}

/* bytes NULL: they are in the file. A row that lost its bytes or file gets them back. */
static int put_row(struct store *s, struct str digest, size_t size, const struct str *bytes, struct error *e) {
  sql_bind_str(s->put, 1, digest);
  sqlite3_bind_int64(s->put, 2, (sqlite3_int64)size);
  if (bytes) sqlite3_bind_blob64(s->put, 3, bytes->p ? bytes->p : "", bytes->n, SQLITE_STATIC);
  int rc = sql_step(s, s->put, e);
  sqlite3_reset(s->put);
  sqlite3_clear_bindings(s->put);
  return rc < 0 ? -1 : 0;
}

static int put_bytes(struct store *s, struct arena *a, struct str digest, struct str bytes, struct error *e) {
  int known = blob_known(s, a, digest, e);
  if (known != 0) return known < 0 ? -1 : 0;
  if (bytes.n <= STORE_BLOB_FILE) return put_row(s, digest, bytes.n, &bytes, e);
  if (make_shard(s, a, digest, e) != 0 || file_write(blob_path(s, a, digest), bytes, e) != 0) return -1;
  return put_row(s, digest, bytes.n, NULL, e);
}

int store_blob_put(struct store *s, struct str bytes, char digest[SHA256_HEX + 1], struct error *e) {
  if (bytes.n > BLOB_MAX) return error_set(e, ERR_LIMIT, "%zu bytes are more than a blob may have", bytes.n);
  if (store_begin(s, e) != 0) return -1;
  sha256_hex(digest, bytes);
  struct arena *scratch = arena_new(0);
  int rc = put_bytes(s, scratch, str_z(digest), bytes, e);
  arena_free(scratch);
  return rc == 0 ? 0 : store_spoil(s, e);
}

static int write_all(int fd, struct str bytes, const char *path, struct error *e) {
  while (bytes.n) {
    ssize_t w = write(fd, bytes.p, bytes.n);
    if (w < 0 && errno == EINTR) continue;
    if (w < 0) return io_error(e, "copy", path);
    bytes = str_sub(bytes, (size_t)w, bytes.n);
  }
  return 0;
}

/* Digest and size of a file; what is read goes to `to` as well unless that is -1. */
static int stream(int from, int to, const char *path, char digest[SHA256_HEX + 1], size_t *size, struct error *e) {
  struct arena *scratch = arena_new(0);
  char *chunk = arena_alloc(scratch, COPY_CHUNK);
  struct sha256 *h = sha256_new();
  int rc = 0;
  for (*size = 0; rc == 0;) {
    ssize_t n = read(from, chunk, COPY_CHUNK);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) rc = io_error(e, "read", path);
    if (n <= 0) break;
    *size += (size_t)n;
    sha256_add(h, (struct str){chunk, (size_t)n});
    if (to >= 0 && rc == 0) rc = write_all(to, (struct str){chunk, (size_t)n}, path, e);
  }
  sha256_hex_free(h, digest);
  arena_free(scratch);
  return rc;
}

static int digest_file(const char *path, char digest[SHA256_HEX + 1], size_t *size, struct error *e) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return io_error(e, "open", path);
  struct stat st;
  int rc;
  if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
    rc = error_set(e, ERR_IO, "cannot read %s: it is not a regular file", path);
  else
    rc = stream(fd, -1, path, digest, size, e);
  if (rc == 0 && fsync(fd) != 0 && errno != EINVAL && errno != EBADF) rc = io_error(e, "sync", path);
  close(fd);
  return rc;
}

static int copy_file(const char *from, const char *to, struct str digest, struct error *e) {
  char copied[SHA256_HEX + 1];
  size_t size;
  int in = open(from, O_RDONLY | O_CLOEXEC);
  if (in < 0) return io_error(e, "open", from);
  int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  int rc = out < 0 ? io_error(e, "write", to) : stream(in, out, from, copied, &size, e);
  if (rc == 0 && fsync(out) != 0) rc = io_error(e, "write", to);
  if (rc == 0 && !str_eqz(digest, copied)) rc = error_set(e, ERR_IO, "%s changed while it was read; try again", from);
  if (out >= 0) close(out);
  close(in);
  return rc;
}

/* The file under a second name in the store: a hard link, or a copy where there are none (another disk, a network
 * share). The first name goes when the transaction is committed, so that a crash before it loses nothing. */
static int take_file(struct store *s, struct arena *a, const char *path, struct str digest, struct error *e) {
  const char *to = blob_path(s, a, digest);
  const char *temp = arena_printf(a, "%s.new", to).p;
  if (make_shard(s, a, digest, e) != 0) return -1;
  unlink(temp);
  if (link(path, temp) != 0 && copy_file(path, temp, digest, e) != 0) {
    unlink(temp);
    return -1;
  }
  int rc = blob_rename(temp, to, e);
  unlink(temp); /* rename leaves both when they are one file already */
  return rc;
}

static int adopt(struct store *s, struct arena *a, const char *path, struct str digest, size_t size, struct error *e) {
  int known = blob_known(s, a, digest, e);
  if (known != 0) return known < 0 ? -1 : 0;
  if (size > STORE_BLOB_FILE) return take_file(s, a, path, digest, e) == 0 ? put_row(s, digest, size, NULL, e) : -1;
  struct str bytes;
  char again[SHA256_HEX + 1];
  if (file_read(&bytes, a, path, STORE_BLOB_FILE, e) != 0) return -1;
  sha256_hex(again, bytes);
  if (!str_eqz(digest, again)) return error_set(e, ERR_IO, "%s changed while it was read; try again", path);
  return put_row(s, digest, size, &bytes, e);
}

int store_blob_adopt(struct store *s, const char *path, char digest[SHA256_HEX + 1], size_t *size, struct error *e) {
  if (store_begin(s, e) != 0) return -1;
  if (digest_file(path, digest, size, e) != 0) return -1; /* nothing was written: the transaction is sound */
  struct arena *scratch = arena_new(0);
  int rc = adopt(s, scratch, path, str_z(digest), *size, e);
  arena_free(scratch);
  if (rc != 0) return store_spoil(s, e);
  VEC_PUSH(s->pending, &s->adopted, arena_z(s->pending, str_z(path)));
  return 0;
}

/* Zeros over a file before it goes: its name alone would leave the bytes on the disk. */
int blob_wipe_file(const char *path, struct error *e) {
  static const char zeros[COPY_CHUNK];
  struct stat st;
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT ? 0 : io_error(e, "open", path);
  int rc = fstat(fd, &st) == 0 ? 0 : io_error(e, "look at", path);
  for (size_t left = rc == 0 ? (size_t)st.st_size : 0; left && rc == 0;) {
    size_t n = left < sizeof zeros ? left : sizeof zeros;
    rc = write_all(fd, (struct str){zeros, n}, path, e);
    left -= n;
  }
  if (rc == 0 && fsync(fd) != 0) rc = io_error(e, "sync", path);
  close(fd);
  return rc == 0 && unlink(path) != 0 ? io_error(e, "remove", path) : rc;
}

int blob_wipe(struct store *s, struct str digest, struct error *e) {
  struct arena *scratch = arena_new(0);
  const char *path = blob_path(s, scratch, digest);
  bool there = file_exists(path);
  int rc = there ? blob_wipe_file(path, e) : 0;
  if (rc == 0 && there) rc = sync_folder(blob_dir(s, scratch, digest), e);
  arena_free(scratch);
  return rc;
}

static int withheld(struct str digest, struct error *e) {
  return error_set(e, ERR_IO, "the blob %.*s is not in the store: it was withheld, erased or lost", STR_F(digest));
}

/* Bytes that are not what they are called must not be judged, nor shown as what was sent; once a process is enough. */
static int check_sound(struct store *s, struct str digest, struct str bytes, struct error *e) {
  char have[SHA256_HEX + 1];
  if (map_get(&s->sound, digest)) return 0;
  sha256_hex(have, bytes);
  if (!str_eqz(digest, have))
    return error_set(e, ERR_SYNTAX, "the blob %.*s was altered after it was written; restore it from a copy",
                     STR_F(digest));
  map_set(&s->sound, arena_str(s->arena, digest), s);
  return 0;
}

int store_blob_get(struct store *s, struct str digest, struct arena *a, struct str *out, struct error *e) {
  if (!sha256_is_hex(digest)) return withheld(digest, e); /* it becomes a path: nothing else may */
  sql_bind_str(s->blob_row, 1, digest);
  int rc = sql_step(s, s->blob_row, e);
  bool in_file = rc == 1 && sqlite3_column_type(s->blob_row, 1) == SQLITE_NULL;
  if (rc == 1 && !in_file) *out = arena_str(a, sql_column(s->blob_row, 1));
  sqlite3_reset(s->blob_row);
  if (rc < 0) return -1;
  const char *path = blob_path(s, a, digest);
  if (rc == 0 || (in_file && !file_exists(path))) return withheld(digest, e);
  if (in_file && file_map(out, a, path, BLOB_MAX, e) != 0) return -1;
  return check_sound(s, digest, *out, e);
}
