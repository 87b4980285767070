#include "fhir/compiled.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "fhir/book_int.h"
#include "fhir/compiled_int.h"
#include "fhir/facts.h"

/* --- the key: which inputs there are --- */

static void hash_text(struct sha256 *h, struct arena *a, struct str text) {
  sha256_add(h, arena_printf(a, "%zu:%.*s\n", text.n, STR_F(text)));
}

static void hash_file(struct sha256 *h, struct arena *a, const char *path) {
  struct stat st = {0};
  if (stat(path, &st)) st.st_size = -1;
  hash_text(h, a, str_z(path));
  hash_text(h, a,
            arena_printf(a, "%lld %lld.%09ld %llu", (long long)st.st_size, (long long)st.st_mtim.tv_sec,
                         st.st_mtim.tv_nsec, (unsigned long long)st.st_ino));
}

/* The files of an unpacked package, or the one file of a packed one. */
static void hash_input(struct sha256 *h, struct arena *a, const char *path) {
  const char *const dirs[] = {path, file_join(a, path, "package")};
  hash_file(h, a, path);
  for (size_t i = 0; i < 2; i++) {
    struct error e;
    char **names;
    size_t n;
    if (!file_is_dir(dirs[i]) || file_list(&names, &n, a, dirs[i], &e)) continue;
    for (size_t k = 0; k < n; k++) hash_file(h, a, file_join(a, dirs[i], names[k]));
  }
}

/* What a folder can be compiled from. */
struct input {
  const char *name; /* begins the name of the compiled file */
  bool (*is_input)(struct arena *a, const char *path);
  int (*add)(struct book *b, const char *dir, struct error *e);
};

static bool is_facts(struct arena *a, const char *path) {
  (void)a;
  return str_ends(str_z(path), STR(FACTS_SUFFIX));
}

static const struct input packages = {"packages", book_may_be_package, book_add_folder};
static const struct input standards = {"standards", is_facts, book_add_facts};

static int make_key(char key[SHA256_HEX + 1], const struct input *in, const char *dir, struct error *e) {
  struct arena *a = arena_new(0);
  char **names;
  size_t n;
  int rc = file_list(&names, &n, a, dir, e);
  struct sha256 *h = sha256_new();
  hash_text(h, a, arena_printf(a, "%s %d", in->name, COMPILED_VERSION));
  hash_text(h, a, image_fingerprint(a));
  for (size_t i = 0; !rc && i < n; i++) {
    const char *path = file_join(a, dir, names[i]);
    if (in->is_input(a, path)) hash_input(h, a, path);
  }
  sha256_hex_free(h, key);
  arena_free(a);
  return rc;
}

/* One name for a folder, however it was said; as it was said if it is not there. */
static const char *whole_name(struct arena *a, const char *dir) {
  char *real = realpath(dir, NULL);
  const char *name = arena_z(a, str_z(real ? real : dir));
  free(real);
  return name;
}

static const char *path_of(struct arena *a, const struct input *in, const char *dir, const char *cache) {
  char digest[SHA256_HEX + 1];
  sha256_hex(digest, str_z(whole_name(a, dir)));
  return file_join(a, cache, arena_printf(a, "%s-%.16s.book", in->name, digest).p);
}

const char *compiled_path(struct arena *a, const char *dir, const char *cache) {
  return path_of(a, &packages, dir, cache);
}

/* --- using and making --- */

struct mapped {
  void *p;
  size_t n;
  int fd;
};

static void unmap(void *ptr) {
  struct mapped *m = ptr;
  if (m->p) munmap(m->p, m->n);
  close(m->fd);
}

/* Of ours, and not for everybody to write: see "Trust" in the header. */
static bool is_trusted(const struct stat *st) {
  return (st->st_uid == geteuid() || st->st_uid == 0) && !(st->st_mode & S_IWOTH);
}

/* Maps the file and keeps it open: images are read, not mapped, so that only they take memory and not all the pages
 * that the system would map around them. */
static bool map(struct mapped *m, struct arena *a, const char *path) {
  struct stat st;
  m->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (m->fd < 0) return false;
  arena_defer(a, unmap, m);
  if (fstat(m->fd, &st) || !S_ISREG(st.st_mode) || !is_trusted(&st) || st.st_size <= 0 ||
      (uint64_t)st.st_size > COMPILED_FILE_MAX)
    return false;
  m->n = (size_t)st.st_size;
  m->p = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, m->fd, 0);
  if (m->p == MAP_FAILED) m->p = NULL;
  return m->p != NULL;
}

static bool use(struct book *b, const char *path, const char *dir, const char key[SHA256_HEX + 1]) {
  struct mapped *m = ARENA_NEW(b->arena, struct mapped);
  return map(m, b->arena, path) && compiled_use(b, (struct str){m->p, m->n}, m->fd, key, dir);
}

static int write_beside(const char *path, const char *cache, struct str bytes, struct error *e) {
  return file_mkdirs(cache, e) ? -1 : file_write(path, bytes, e);
}

/* Makes the bytes from what is in dir; its own book and arena, so that nothing of it stays in memory. -1 only if dir
 * itself cannot be used; *made tells whether there are bytes. */
static int make(struct buf *out, const struct input *in, const char *dir, const char key[SHA256_HEX + 1], bool *made,
                struct error *e) {
  struct arena *a = arena_new(0);
  struct book *all = book_new(a);
  struct error problem;
  int rc = in->add(all, dir, e);
  *made = !rc && !compiled_make(out, all, key, &problem);
  arena_free(a);
  return rc;
}

static void copy_digest(char digest[SHA256_HEX + 1], const struct book *b) {
  for (size_t i = 0; digest && i <= SHA256_HEX; i++) digest[i] = b->digest[i];
}

/* Makes the file anew and uses it; *used is false if it cannot be written. in_memory: then the bytes are used as they
 * are, copied to where they stay. */
static int renew(bool *used, struct book *b, const struct input *in, const char *dir, const char *cache,
                 const char key[SHA256_HEX + 1], bool in_memory, struct error *e) {
  const char *path = cache ? path_of(b->arena, in, dir, cache) : NULL;
  struct error problem;
  struct buf out;
  bool made;
  buf_init(&out, COMPILED_FILE_MAX);
  int rc = make(&out, in, dir, key, &made, e);
  *used = made && path && !write_beside(path, cache, buf_str(&out), &problem) && use(b, path, dir, key);
  if (made && !*used && in_memory) *used = compiled_use(b, arena_str(b->arena, buf_str(&out)), -1, key, dir);
  buf_release(&out);
  return rc;
}

static int add(struct book *b, const struct input *in, const char *dir, const char *cache, char digest[SHA256_HEX + 1],
               bool in_memory, struct error *e) {
  char key[SHA256_HEX + 1];
  b->digest[0] = 0;
  if (make_key(key, in, whole_name(b->arena, dir), e)) return -1;
  bool used = cache && use(b, path_of(b->arena, in, dir, cache), dir, key);
  if (!used && renew(&used, b, in, dir, cache, key, in_memory, e)) return -1;
  copy_digest(digest, b);
  return used ? 0 : in->add(b, dir, e);
}

int book_add_compiled(struct book *b, const char *dir, const char *cache, char digest[SHA256_HEX + 1],
                      struct error *e) {
  return add(b, &packages, dir, cache, digest, false, e);
}

int book_add_standards(struct book *b, const char *dir, const char *cache, char digest[SHA256_HEX + 1],
                       struct error *e) {
  return add(b, &standards, dir, cache, digest, true, e);
}
