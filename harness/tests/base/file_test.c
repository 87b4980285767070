#include "base/file.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of its own for each test, removed at its end. */
static struct arena *a;
static char *home;

static void remove_tree(const char *path) {
  struct arena *names = arena_new(0);
  DIR *d = opendir(path);
  for (struct dirent *entry; d && (entry = readdir(d));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    char *inner = file_join(names, path, entry->d_name);
    struct stat st;
    if (lstat(inner, &st) == 0 && S_ISDIR(st.st_mode))
      remove_tree(inner);
    else
      unlink(inner);
  }
  if (d) closedir(d);
  rmdir(path);
  arena_free(names);
}

static void set_up(void) {
  a = arena_new(0);
  home = file_join(a, TEST_BIN, "file-test-XXXXXX");
  cr_assert_not_null(mkdtemp(home));
}

static void tear_down(void) {
  remove_tree(home);
  arena_free(a);
}

TestSuite(file, .init = set_up, .fini = tear_down);

static char *in_home(const char *name) {
  return file_join(a, home, name);
}

Test(file, write_and_read_back) {
  struct error e;
  struct str big = {arena_alloc(a, 1 << 20), 1 << 20}, read, mapped;
  const struct str contents[] = {STR("hello\0there"), STR(""), big};
  char *path = in_home("f");
  for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
    cr_assert_eq(file_write(path, contents[i], &e), 0, "%s", e.text);
    cr_assert_eq(file_read(&read, a, path, 1 << 20, &e), 0, "%s", e.text);
    cr_assert(str_eq(read, contents[i]));
    cr_assert_eq(read.p[read.n], 0);
    cr_assert_eq(file_map(&mapped, a, path, 1 << 20, &e), 0, "%s", e.text);
    cr_assert(str_eq(mapped, contents[i]));
  }
  char **names;
  size_t n;
  cr_assert_eq(file_list(&names, &n, a, home, &e), 0);
  cr_assert_eq(n, 1);
}

Test(file, write_leaves_nothing_behind_when_it_fails) {
  struct error e;
  cr_assert_eq(mkdir(in_home("taken"), 0777), 0);
  cr_assert_eq(file_write(in_home("taken"), STR("x"), &e), -1);
  cr_assert_eq(e.code, ERR_IO);
  cr_assert_eq(rmdir(in_home("taken")), 0);
  cr_assert_eq(rmdir(home), 0, "the temporary file is gone");
}

Test(file, write_keeps_the_old_file_mapped) {
  struct error e;
  struct str old;
  cr_assert_eq(file_write(in_home("f"), STR("old"), &e), 0);
  cr_assert_eq(file_map(&old, a, in_home("f"), 10, &e), 0);
  cr_assert_eq(file_write(in_home("f"), STR("newer"), &e), 0);
  cr_assert(str_eqz(old, "old"));
}

Test(file, limits) {
  struct error e;
  struct str s = {0};
  cr_assert_eq(file_write(in_home("f"), STR("12345"), &e), 0);
  cr_assert_eq(file_read(&s, a, in_home("f"), 5, &e), 0);
  cr_assert_eq(file_read(&s, a, in_home("f"), 4, &e), -1);
  cr_assert_eq(e.code, ERR_LIMIT);
  cr_assert_eq(file_map(&s, a, in_home("f"), 4, &e), -1);
  cr_assert_eq(e.code, ERR_LIMIT);
  cr_assert_not_null(strstr(e.text, in_home("f")));
}

Test(file, only_regular_files_are_read) {
  struct error e;
  struct str s;
  cr_assert_eq(mkfifo(in_home("pipe"), 0600), 0);
  const char *const others[] = {in_home("pipe"), home, "/dev/zero"};
  for (size_t i = 0; i < 3; i++) {
    cr_assert_eq(file_read(&s, a, others[i], 100, &e), -1);
    cr_assert_eq(file_map(&s, a, others[i], 100, &e), -1);
    cr_assert_eq(e.code, ERR_IO);
    cr_assert_not_null(strstr(e.text, others[i]));
  }
}

Test(file, errors_name_path_and_cause) {
  struct error e;
  struct str s;
  char **names;
  size_t n;
  char *path = in_home("none/f");
  cr_assert_eq(file_read(&s, a, path, 100, &e), -1);
  cr_assert(strstr(e.text, path) && strstr(e.text, "No such file"), "%s", e.text);
  cr_assert_eq(file_map(&s, a, path, 100, &e), -1);
  cr_assert(strstr(e.text, path) && strstr(e.text, "No such file"), "%s", e.text);
  cr_assert_eq(file_write(path, STR(""), &e), -1);
  cr_assert(strstr(e.text, path) && strstr(e.text, "No such file"), "%s", e.text);
  cr_assert_eq(file_list(&names, &n, a, path, &e), -1);
  cr_assert(strstr(e.text, path) && strstr(e.text, "No such file"), "%s", e.text);
}

Test(file, mkdirs) {
  struct error e;
  cr_assert_eq(file_mkdirs(in_home("a/b//c/"), &e), 0, "%s", e.text);
  cr_assert(file_is_dir(in_home("a/b/c")));
  cr_assert_eq(file_mkdirs(in_home("a/b/c"), &e), 0, "it is there already");
  cr_assert_eq(file_mkdirs("/", &e), 0);
  cr_assert_eq(file_mkdirs("", &e), -1);
  cr_assert_eq(file_write(in_home("a/file"), STR(""), &e), 0);
  cr_assert_eq(file_mkdirs(in_home("a/file"), &e), -1);
  cr_assert_eq(file_mkdirs(in_home("a/file/x"), &e), -1);
  cr_assert_eq(e.code, ERR_IO);
}

Test(file, exists) {
  struct error e;
  cr_assert(file_exists(home) && file_is_dir(home));
  cr_assert(!file_exists(in_home("f")) && !file_is_dir(in_home("f")));
  cr_assert_eq(file_write(in_home("f"), STR(""), &e), 0);
  cr_assert(file_exists(in_home("f")) && !file_is_dir(in_home("f")));
}

Test(file, list_is_sorted_and_without_hidden_names) {
  static const char *const made[] = {"b", "a10", "a2", "B", ".hidden", "\xc3\xa6"};
  static const char *const listed[] = {"B", "a10", "a2", "b", "\xc3\xa6"};
  struct error e;
  char **names;
  size_t n;
  cr_assert_eq(file_list(&names, &n, a, home, &e), 0);
  cr_assert_eq(n, 0);
  for (size_t i = 0; i < sizeof made / sizeof *made; i++) cr_assert_eq(file_write(in_home(made[i]), STR(""), &e), 0);
  cr_assert_eq(file_list(&names, &n, a, home, &e), 0);
  cr_assert_eq(n, sizeof listed / sizeof *listed);
  for (size_t i = 0; i < n; i++) cr_assert_str_eq(names[i], listed[i]);
}

Test(file, paths) {
  static const struct {
    const char *path, *dir, *base;
  } rows[] = {
      {"a/b", "a", "b"}, {"a", ".", "a"},    {"/a", "/", "a"},  {"/", "/", ""},
      {"a/", "a", ""},   {"a//b", "a", "b"}, {"//a", "/", "a"}, {"/a/b/c", "/a/b", "c"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_assert_str_eq(file_dir(a, rows[i].path), rows[i].dir);
    cr_assert_str_eq(file_base(rows[i].path), rows[i].base);
  }
  cr_assert_str_eq(file_join(a, "a", "b"), "a/b");
  cr_assert_str_eq(file_join(a, "a/", "b"), "a/b");
  cr_assert_str_eq(file_join(a, "/", "b"), "/b");
  cr_assert_str_eq(file_join(a, "", "b"), "b");
  cr_assert_str_eq(file_join(a, "a", "/b"), "/b");
}

Test(file, names_that_stay_inside) {
  static const struct {
    struct str name;
    bool inside;
  } rows[] = {
      {STR_INIT("a"), true},       {STR_INIT("a/b.c"), true}, {STR_INIT("..a/b.."), true}, {STR_INIT("./a"), true},
      {STR_INIT(""), false},       {STR_INIT("/a"), false},   {STR_INIT(".."), false},     {STR_INIT("a/.."), false},
      {STR_INIT("a/../b"), false}, {STR_INIT("../a"), false}, {STR_INIT("a\0b"), false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_assert_eq(file_name_is_inside(rows[i].name), rows[i].inside, "row %zu", i);
}

Test(file, data_dir_from_the_environment) {
  struct error e;
  char *dir = NULL;
  setenv("TESTCAMP_DATA", home, 1);
  cr_assert_eq(file_data_dir(&dir, a, &e), 0, "%s", e.text);
  cr_assert_str_eq(dir, home);
  setenv("TESTCAMP_DATA", in_home("none"), 1);
  cr_assert_eq(file_data_dir(&dir, a, &e), -1);
  cr_assert_eq(e.code, ERR_CONFIG);
  cr_assert_not_null(strstr(e.text, in_home("none")));
}

/* This program stands in harness/tests of the build folder, wherever that is. */
Test(file, a_scratch_file_is_a_new_one) {
  struct error e;
  struct str got;
  const char *path = in_home("scratch");
  cr_assert_eq(file_write_scratch(path, STR("what"), &e), 0, "%s", e.text);
  cr_assert_eq(file_read(&got, a, path, 10, &e), 0, "%s", e.text);
  cr_expect(str_eqz(got, "what"));
  cr_expect_eq(file_write_scratch(path, STR("more"), &e), -1, "it is not written over");
  cr_expect_eq(file_write_scratch(in_home("none/scratch"), STR("x"), &e), -1);
}

Test(file, data_dir_above_the_executable) {
  struct error e;
  char *dir = NULL;
  unsetenv("TESTCAMP_DATA");
  if (file_data_dir(&dir, a, &e) != 0) {
    cr_assert_eq(e.code, ERR_CONFIG);
    cr_assert_not_null(strstr(e.text, "TESTCAMP_DATA"));
    cr_assert(!str_starts(str_z(TEST_BIN), str_z(TEST_ROOT "/")), "a build inside the project must find it");
    return;
  }
  cr_assert(file_is_dir(file_join(a, dir, "fixtures")) && file_is_dir(file_join(a, dir, "protocols")));
}
