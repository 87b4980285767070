#include "net_test.h"

#include "base/file.h"
#include "net/folder_int.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct watched {
  struct net_test t;
  struct folder *folder;
  char *in;
  size_t n;
  char last[64];
};

static void on_file(void *payload, const char *path) {
  struct watched *w = payload;
  w->n++;
  cr_assert_eq(strncmp(path, w->in, strlen(w->in)), 0);
  strcpy(w->last, file_base(path));
}

static void watched_open(struct watched *w) {
  struct error e;
  *w = (struct watched){0};
  net_test_open(&w->t);
  w->in = file_join(w->t.arena, w->t.dir, "in");
  cr_assert_eq(mkdir(w->in, 0700), 0);
  cr_assert_eq(folder_open(&w->folder, w->t.loop, w->in, on_file, w, &e), 0, "%s", e.text);
}

static void watched_close(struct watched *w) {
  folder_close(w->folder);
  cr_assert_eq(rmdir(w->in), 0);
  net_test_close(&w->t);
}

static char *inside(struct watched *w, const char *name) {
  return file_join(w->t.arena, w->in, name);
}

static void put(const char *path, const char *text) {
  FILE *f = fopen(path, "w");
  cr_assert(f);
  fputs(text, f);
  fclose(f);
}

Test(folder, a_file_renamed_in_is_reported) {
  struct watched w;
  watched_open(&w);
  char *aside = file_join(w.t.arena, w.t.dir, "aside");
  put(aside, "x");
  cr_assert_eq(rename(aside, inside(&w, "m.xml")), 0);
  cr_assert(net_test_until(&w.t, &w.n, 1));
  cr_assert_str_eq(w.last, "m.xml");
  unlink(inside(&w, "m.xml"));
  watched_close(&w);
}

Test(folder, a_slow_writer_is_waited_for) {
  struct watched w;
  watched_open(&w);
  int fd = open(inside(&w, "slow.json"), O_CREAT | O_WRONLY, 0600);
  for (int i = 0; i < 3; i++) {
    cr_assert_eq(write(fd, "part", 4), 4);
    net_test_turns(&w.t, 20);
    folder_rescan(w.folder);
    cr_assert_eq(w.n, 0, "reported before it was closed");
  }
  close(fd);
  cr_assert(net_test_until(&w.t, &w.n, 1));
  cr_assert_str_eq(w.last, "slow.json");
  unlink(inside(&w, "slow.json"));
  watched_close(&w);
}

Test(folder, names_of_unfinished_files_are_left_alone) {
  static const char *const names[] = {"a.tmp", "b.TMP", "c.part", ".hidden", "d.xml.part"};
  struct watched w;
  watched_open(&w);
  for (size_t i = 0; i < 5; i++) put(inside(&w, names[i]), "x");
  cr_assert_eq(mkdir(inside(&w, "folder"), 0700), 0);
  cr_assert_eq(symlink("/dev/null", inside(&w, "link")), 0);
  for (int i = 0; i < 3; i++) {
    net_test_turns(&w.t, 10);
    folder_rescan(w.folder);
  }
  cr_assert_eq(w.n, 0, "reported %s", w.last);
  cr_assert_eq(rename(inside(&w, "a.tmp"), inside(&w, "a.xml")), 0);
  cr_assert(net_test_until(&w.t, &w.n, 1));
  cr_assert_str_eq(w.last, "a.xml");
  for (size_t i = 1; i < 5; i++) unlink(inside(&w, names[i]));
  unlink(inside(&w, "a.xml"));
  unlink(inside(&w, "link"));
  rmdir(inside(&w, "folder"));
  watched_close(&w);
}

Test(folder, a_rescan_finds_what_no_event_told_of) {
  struct watched w;
  watched_open(&w);
  net_test_turns(&w.t, 10);
  put(inside(&w, "quiet"), "x");
  folder_rescan(w.folder);
  cr_assert_eq(w.n, 0, "seen for the first time: may be growing");
  folder_rescan(w.folder);
  cr_assert_eq(w.n, 1);
  folder_rescan(w.folder);
  cr_assert_eq(w.n, 2, "again, until it is moved away");
  put(inside(&w, "quiet"), "longer");
  folder_rescan(w.folder);
  cr_assert_eq(w.n, 2, "changed since the last look");
  unlink(inside(&w, "quiet"));
  folder_rescan(w.folder);
  folder_rescan(w.folder);
  cr_assert_eq(w.n, 2);
  watched_close(&w);
}

Test(folder, a_folder_made_anew_is_watched_again) {
  struct watched w;
  watched_open(&w);
  cr_assert_eq(rmdir(w.in), 0);
  folder_rescan(w.folder);
  cr_assert_eq(mkdir(w.in, 0700), 0);
  folder_rescan(w.folder);
  net_test_turns(&w.t, 10);
  put(inside(&w, "new"), "x");
  cr_assert(net_test_until(&w.t, &w.n, 1));
  unlink(inside(&w, "new"));
  watched_close(&w);
}

static void on_file_close(void *payload, const char *path) {
  struct watched *w = payload;
  w->n++;
  unlink(path);
  folder_close(w->folder);
  w->folder = NULL;
}

Test(folder, it_may_be_closed_by_its_callback) {
  struct watched w;
  struct error e;
  watched_open(&w);
  folder_close(w.folder);
  cr_assert_eq(folder_open(&w.folder, w.t.loop, w.in, on_file_close, &w, &e), 0);
  net_test_turns(&w.t, 10);
  put(inside(&w, "a"), "x");
  put(inside(&w, "b"), "x");
  NET_TEST_UNTIL(&w.t, w.n);
  cr_assert_eq(w.n, 1);
  unlink(inside(&w, "b"));
  watched_close(&w);
}

Test(folder, what_is_no_folder_is_an_error) {
  struct net_test t;
  struct error e;
  struct folder *f;
  net_test_open(&t);
  cr_assert_eq(folder_open(&f, t.loop, "/dev/null", on_file, NULL, &e), -1);
  cr_assert(strstr(e.text, "/dev/null"));
  net_test_close(&t);
}
