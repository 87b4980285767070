#include "net/folder.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/map.h"
#include "net/folder_int.h"
#include "net/loop.h"
#include "net/net_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* What makes a file whole: its writer closed it, or it was renamed in. */
#define FOLDER_WHOLE (IN_CLOSE_WRITE | IN_MOVED_TO)
/* A write: until the file is closed it is not whole, however long its writer pauses. */
#define FOLDER_GROWS IN_MODIFY
#define FOLDER_EVENTS (FOLDER_WHOLE | FOLDER_GROWS | IN_ONLYDIR)
/* Events read at once. */
#define FOLDER_EVENTS_AT_ONCE 16

/* A file as it was when last looked at. */
struct seen {
  off_t size;
  struct timespec changed;
  ino_t inode;
};

/* One look through the folder: file name -> struct seen. */
struct look {
  struct arena *arena;
  struct map files;
};

struct folder {
  struct loop *loop;
  char *dir;
  struct arena *arena;
  struct look look, before;
  struct look growing; /* file name -> the folder while a writer has it open, then NULL */
  int inotify, wd;     /* -1: none, and only the rescan finds files */
  struct loop_fd *watch;
  struct loop_timer *timer;
  void (*fn)(void *, const char *);
  void *payload;
  int depth;   /* calls of fn under way */
  bool closed; /* by one of them: freed when it returns */
};

static bool ends_nocase(struct str s, struct str tail) {
  return s.n >= tail.n && str_eq_nocase(str_sub(s, s.n - tail.n, s.n), tail);
}

static bool name_counts(struct str name) {
  return name.n > 0 && name.p[0] != '.' && !ends_nocase(name, STR(".tmp")) && !ends_nocase(name, STR(".part"));
}

static void folder_free(struct folder *f) {
  loop_unwatch(f->loop, f->watch);
  loop_cancel(f->loop, f->timer);
  if (f->inotify >= 0) close(f->inotify);
  arena_free(f->look.arena);
  arena_free(f->before.arena);
  arena_free(f->growing.arena);
  arena_free(f->arena);
}

static void report(struct folder *f, struct arena *scratch, const char *name) {
  f->depth++;
  f->fn(f->payload, file_join(scratch, f->dir, name));
  f->depth--;
}

/* True if name is a regular file now; its state in *out. */
static bool file_state(struct folder *f, struct arena *scratch, const char *name, struct seen *out) {
  struct stat st;
  if (lstat(file_join(scratch, f->dir, name), &st) || !S_ISREG(st.st_mode)) return false;
  *out = (struct seen){st.st_size, st.st_mtim, st.st_ino};
  return true;
}

/* ---- rescan ---- */

static bool seen_same(const struct seen *a, const struct seen *b) {
  return a->size == b->size && a->inode == b->inode && a->changed.tv_sec == b->changed.tv_sec &&
         a->changed.tv_nsec == b->changed.tv_nsec;
}

static struct look look_new(void) {
  struct look k = {.arena = arena_new(0)};
  map_init(&k.files, k.arena);
  return k;
}

static void look_clear(struct look *k) {
  arena_reset(k->arena);
  map_init(&k->files, k->arena);
}

static void look_fill(struct folder *f) {
  struct look *k = &f->look;
  DIR *d = opendir(f->dir);
  if (!d) return;
  for (struct dirent *e; k->files.n < FOLDER_FILES_MAX && (e = readdir(d));) {
    struct seen now;
    if (!name_counts(str_z(e->d_name)) || !file_state(f, k->arena, e->d_name, &now)) continue;
    struct seen *kept = ARENA_NEW(k->arena, struct seen);
    *kept = now;
    map_set(&k->files, arena_str(k->arena, str_z(e->d_name)), kept);
  }
  closedir(d);
}

static void look_report(struct folder *f) {
  for (size_t i = 0; i < f->look.files.n && !f->closed; i++) {
    const struct map_entry *e = &f->look.files.entries[i];
    const struct seen *last = map_get(&f->before.files, e->key);
    bool grows = map_get(&f->growing.files, e->key) != NULL;
    if (last && !grows && seen_same(last, e->value)) report(f, f->look.arena, e->key.p);
  }
}

/* Forgets the names of files that are closed or gone by now. */
static void growing_tidy(struct folder *f) {
  if (f->growing.files.n == 0) return;
  struct look kept = look_new();
  for (size_t i = 0; i < f->growing.files.n; i++) {
    const struct map_entry *e = &f->growing.files.entries[i];
    if (e->value && map_get(&f->look.files, e->key)) map_set(&kept.files, arena_str(kept.arena, e->key), f);
  }
  arena_free(f->growing.arena);
  f->growing = kept;
}

static void growing_set(struct folder *f, struct str name, bool grows) {
  struct map *files = &f->growing.files;
  bool known = map_get(files, name) != NULL;
  if (grows == known || (grows && files->n >= FOLDER_FILES_MAX)) return;
  map_set(files, arena_str(f->growing.arena, name), grows ? f : NULL);
}

/* Watches whatever is at the path now: the folder may have been removed and made again. */
static void watch_again(struct folder *f) {
  if (f->inotify < 0) return;
  int wd = inotify_add_watch(f->inotify, f->dir, FOLDER_EVENTS);
  if (f->wd >= 0 && wd != f->wd) inotify_rm_watch(f->inotify, f->wd);
  f->wd = wd;
}

void folder_rescan(struct folder *f) {
  if (f->depth > 0) return;
  watch_again(f);
  struct look last = f->before;
  f->before = f->look;
  f->look = last;
  look_clear(&f->look);
  look_fill(f);
  growing_tidy(f);
  f->depth++;
  look_report(f);
  f->depth--;
  if (f->closed) folder_free(f);
}

static void on_timer(void *payload) {
  struct folder *f = payload;
  f->timer = loop_after(f->loop, FOLDER_RESCAN_MS, on_timer, f);
  folder_rescan(f);
}

/* ---- inotify ---- */

static void event_take(struct folder *f, struct arena *scratch, const struct inotify_event *ev) {
  struct seen now;
  struct str name = str_z(ev->len > 0 ? ev->name : "");
  /* Events were lost: what seems to grow may be closed long since; the rescan will see. */
  if (ev->mask & IN_Q_OVERFLOW) look_clear(&f->growing);
  if (ev->wd != f->wd || (ev->mask & IN_ISDIR) || !name_counts(name)) return;
  growing_set(f, name, ev->mask & FOLDER_GROWS);
  if ((ev->mask & FOLDER_WHOLE) && file_state(f, scratch, ev->name, &now)) report(f, scratch, ev->name);
}

static void on_events(void *payload, uint32_t events) {
  struct folder *f = payload;
  _Alignas(struct inotify_event) char bytes[FOLDER_EVENTS_AT_ONCE * (sizeof(struct inotify_event) + NAME_MAX + 1)];
  (void)events;
  ssize_t n = read(f->inotify, bytes, sizeof bytes);
  struct arena *scratch = arena_new(0);
  f->depth++;
  for (ssize_t at = 0; at < n && !f->closed;) {
    const struct inotify_event *ev = (const void *)(bytes + at);
    event_take(f, scratch, ev);
    at += (ssize_t)(sizeof *ev + ev->len);
  }
  f->depth--;
  arena_free(scratch);
  if (f->closed) folder_free(f);
}

int folder_open(struct folder **out, struct loop *l, const char *dir, void (*fn)(void *, const char *), void *payload,
                struct error *e) {
  if (!file_is_dir(dir))
    return error_set(e, ERR_IO, "%s is not a folder that can be watched: make it, or name another", dir);
  struct arena *a = arena_new(0);
  struct folder *f = ARENA_NEW(a, struct folder);
  f->arena = a;
  f->loop = l;
  f->dir = arena_z(a, str_z(dir));
  f->fn = fn;
  f->payload = payload;
  f->look = look_new();
  f->before = look_new();
  f->growing = look_new();
  f->wd = -1;
  f->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (f->inotify >= 0) f->watch = loop_watch(l, f->inotify, EPOLLIN, on_events, f);
  watch_again(f);
  f->timer = loop_after(l, 0, on_timer, f);
  *out = f;
  return 0;
}

void folder_close(struct folder *f) {
  if (!f) return;
  f->closed = true;
  if (f->depth == 0) folder_free(f);
}
