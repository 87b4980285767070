#include "formats/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <string.h>

static const struct archive_limits small = {1000, 3000, 5};

/* What a visitor saw. */
struct seen {
  struct arena *arena;
  struct buf text; /* "name=bytes;" of each file */
  const char *stop_at, *fail_at;
};

static int see(void *context, struct str name, struct str bytes, struct error *e) {
  struct seen *s = context;
  buf_printf(&s->text, "%.*s=%.*s;", STR_F(name), STR_F(bytes));
  if (s->stop_at && str_eqz(name, s->stop_at)) return 1;
  return s->fail_at && str_eqz(name, s->fail_at) ? error_set(e, ERR_SYNTAX, "not this one") : 0;
}

static bool only_json(void *context, struct str name) {
  (void)context;
  return str_ends(name, STR(".json"));
}

/* An archive made by libarchive itself, which refuses nothing. */
struct maker {
  struct archive *to;
  char bytes[1 << 16];
  size_t n;
};

static void begin(struct maker *m, bool zip) {
  memset(m, 0, sizeof *m);
  m->to = archive_write_new();
  if (zip) {
    archive_write_set_format_zip(m->to);
  } else {
    archive_write_set_format_pax_restricted(m->to);
    archive_write_add_filter_gzip(m->to);
  }
  cr_assert_eq(archive_write_open_memory(m->to, m->bytes, sizeof m->bytes, &m->n), ARCHIVE_OK);
}

static struct archive_entry *entry_of(const char *name, unsigned type, size_t size) {
  struct archive_entry *entry = archive_entry_new();
  archive_entry_set_pathname(entry, name);
  archive_entry_set_filetype(entry, type);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, (la_int64_t)size);
  return entry;
}

static void put(struct maker *m, struct archive_entry *entry, const char *bytes, size_t n) {
  cr_assert_eq(archive_write_header(m->to, entry), ARCHIVE_OK, "%s", archive_error_string(m->to));
  if (n) cr_assert_eq(archive_write_data(m->to, bytes, n), (la_ssize_t)n);
  archive_entry_free(entry);
}

static void put_file(struct maker *m, const char *name, const char *text) {
  put(m, entry_of(name, AE_IFREG, strlen(text)), text, strlen(text));
}

static struct str end(struct maker *m) {
  cr_assert_eq(archive_write_close(m->to), ARCHIVE_OK);
  archive_write_free(m->to);
  return (struct str){m->bytes, m->n};
}

static int visit(struct seen *s, struct str bytes, bool (*wants)(void *, struct str), struct error *e) {
  struct archive_visitor v = {small, s, wants, see};
  *e = (struct error){0};
  buf_init(&s->text, 100000);
  return archive_each((struct source){STR("x.tgz"), bytes}, &v, e);
}

static void expect_read(struct str bytes, const char *text) {
  struct seen s = {0};
  struct error e;
  cr_expect_eq(visit(&s, bytes, NULL, &e), 0, "%s", e.text);
  cr_expect(str_eqz(buf_str(&s.text), text), "%.*s", STR_F(buf_str(&s.text)));
  buf_release(&s.text);
}

static void expect_refused(struct str bytes, enum error_code code, const char *why) {
  struct seen s = {0};
  struct error e;
  cr_expect_eq(visit(&s, bytes, NULL, &e), -1, "not refused: %s", why);
  cr_expect_eq(e.code, code, "%s: %s", why, e.text);
  cr_expect_neq(str_find(str_z(e.text), str_z(why), 0), SIZE_MAX, "%s", e.text);
  cr_expect(str_starts(str_z(e.text), STR("x.tgz")), "%s", e.text);
  buf_release(&s.text);
}

Test(archive, reads_files_in_order) {
  struct maker m;
  begin(&m, false);
  put(&m, entry_of("package/", AE_IFDIR, 0), NULL, 0);
  put_file(&m, "package/b", "two");
  put_file(&m, "./package/a", "one");
  expect_read(end(&m), "package/b=two;package/a=one;");
}

Test(archive, reads_zip) {
  struct maker m;
  begin(&m, true);
  put_file(&m, "a", "one");
  expect_read(end(&m), "a=one;");
}

Test(archive, passes_over_what_is_not_wanted) {
  struct seen s = {0};
  struct maker m;
  struct error e;
  begin(&m, false);
  put_file(&m, "a.txt", "one");
  put_file(&m, "b.json", "two");
  cr_expect_eq(visit(&s, end(&m), only_json, &e), 0);
  cr_expect(str_eqz(buf_str(&s.text), "b.json=two;"));
  buf_release(&s.text);
}

Test(archive, stops_in_peace_or_with_the_visitors_error) {
  struct seen s = {.stop_at = "a"}, f = {.fail_at = "a"};
  struct maker m;
  struct error e;
  begin(&m, false);
  put_file(&m, "a", "one");
  put_file(&m, "b", "two");
  struct str bytes = end(&m);
  cr_expect_eq(visit(&s, bytes, NULL, &e), 0);
  cr_expect(str_eqz(buf_str(&s.text), "a=one;"));
  cr_expect_eq(visit(&f, bytes, NULL, &e), -1);
  cr_expect_str_eq(e.text, "not this one");
  buf_release(&s.text);
  buf_release(&f.text);
}

Test(archive, refuses_names_that_lead_out) {
  static const struct {
    const char *name, *why;
  } names[] = {
      {"../a", "leads out"},        {"package/../../a", "leads out"},
      {"/etc/passwd", "leads out"}, {"package/..", "leads out"},
      {"a\\b", "character"},        {"a\nb", "character"},
      {"a\x7f", "character"},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct maker m;
    begin(&m, false);
    put_file(&m, names[i].name, "x");
    expect_refused(end(&m), ERR_SYNTAX, names[i].why);
  }
}

Test(archive, refuses_a_name_that_is_too_long) {
  char name[ARCHIVE_NAME_MAX + 2];
  struct maker m;
  memset(name, 'a', sizeof name);
  name[sizeof name - 1] = 0;
  begin(&m, false);
  put_file(&m, name, "x");
  expect_refused(end(&m), ERR_LIMIT, "too long a name");
}

Test(archive, refuses_what_is_no_file) {
  static const struct {
    unsigned type;
    const char *why;
  } kinds[] = {{AE_IFLNK, "is a link"},
               {AE_IFIFO, "neither a file"},
               {AE_IFCHR, "neither a file"},
               {AE_IFBLK, "neither a file"}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    struct maker m;
    struct archive_entry *entry = entry_of("a", kinds[i].type, 0);
    if (kinds[i].type == AE_IFLNK) archive_entry_set_symlink(entry, "/etc/passwd");
    begin(&m, false);
    put(&m, entry, NULL, 0);
    expect_refused(end(&m), ERR_SYNTAX, kinds[i].why);
  }
}

Test(archive, refuses_a_hard_link) {
  struct maker m;
  struct archive_entry *entry = entry_of("b", AE_IFREG, 0);
  archive_entry_set_hardlink(entry, "a");
  begin(&m, false);
  put_file(&m, "a", "x");
  put(&m, entry, NULL, 0);
  expect_refused(end(&m), ERR_SYNTAX, "is a link");
}

Test(archive, refuses_a_name_twice) {
  struct maker m;
  begin(&m, false);
  put_file(&m, "a", "x");
  put_file(&m, "./a", "y");
  expect_refused(end(&m), ERR_SYNTAX, "twice");
}

Test(archive, a_file_has_one_name) {
  static const char *const same[] = {"d//a", "d/./a", "./d/a", ".//d/././/a"};
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    struct maker m;
    begin(&m, false);
    put_file(&m, same[i], "x");
    expect_read(end(&m), "d/a=x;");
    begin(&m, false);
    put_file(&m, "d/a", "x");
    put_file(&m, same[i], "y");
    expect_refused(end(&m), ERR_SYNTAX, "twice");
  }
}

/* Puts a nul in place of the '#' where that name still stands in the archive. */
static void put_nul(struct maker *m, const char *name) {
  char *at = memmem(m->bytes, m->n, name, strlen(name));
  cr_assert(at, "%s", name);
  *strchr(at, '#') = 0;
}

/* A name ends at its nul, wherever the archive keeps it, and is then judged like any other. */
Test(archive, a_name_ends_at_its_nul) {
  static const struct {
    const char *name, *why; /* NULL: read as "b" */
  } names[] = {{"b#/../../x", NULL}, {"a#b", "twice"}, {"../b#", "leads out"}, {"/b#", "leads out"}, {"#b", "name"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct maker m;
    memset(&m, 0, sizeof m);
    m.to = archive_write_new();
    archive_write_set_format_zip(m.to); /* its names have no checksum */
    archive_write_set_options(m.to, "zip:compression=store");
    cr_assert_eq(archive_write_open_memory(m.to, m.bytes, sizeof m.bytes, &m.n), ARCHIVE_OK);
    put_file(&m, "a", "x");
    put_file(&m, names[i].name, "y");
    end(&m);
    put_nul(&m, names[i].name); /* in front of the file */
    put_nul(&m, names[i].name); /* and in the directory at the end */
    if (names[i].why)
      expect_refused((struct str){m.bytes, m.n}, ERR_SYNTAX, names[i].why);
    else
      expect_read((struct str){m.bytes, m.n}, "a=x;b=y;");
  }
}

Test(archive, refuses_bombs) {
  static char zeros[1001];
  struct maker m;
  begin(&m, false);
  put(&m, entry_of("a", AE_IFREG, 1001), zeros, 1001);
  expect_refused(end(&m), ERR_LIMIT, "too large; at most 1000");
  begin(&m, false);
  for (char name[] = "a"; name[0] < 'e'; name[0]++) put(&m, entry_of(name, AE_IFREG, 900), zeros, 900);
  expect_refused(end(&m), ERR_LIMIT, "over the size of all; at most 3000");
  begin(&m, false);
  for (char name[] = "a"; name[0] < 'g'; name[0]++) put_file(&m, name, "");
  expect_refused(end(&m), ERR_LIMIT, "one file too many; at most 5");
}

/* What is passed over is unpacked as well, and has to count. */
Test(archive, counts_what_is_passed_over) {
  static char zeros[1001];
  struct seen s = {0};
  struct maker m;
  struct error e;
  begin(&m, false);
  put(&m, entry_of("a", AE_IFREG, 1001), zeros, 1001);
  cr_expect_eq(visit(&s, end(&m), only_json, &e), -1);
  cr_expect_eq(e.code, ERR_LIMIT);
  buf_release(&s.text);
}

/* Cut at any byte: an error or a clean end, never a part of a file. */
Test(archive, bears_truncation_anywhere) {
  struct maker m;
  begin(&m, false);
  put_file(&m, "a", "one");
  put_file(&m, "b", "two");
  struct str all = end(&m);
  size_t refused = 0;
  for (size_t n = 0; n < all.n; n++) {
    struct seen s = {0};
    struct error e;
    refused += visit(&s, str_sub(all, 0, n), NULL, &e) != 0;
    struct str got = buf_str(&s.text);
    cr_expect(!got.n || str_eqz(got, "a=one;") || str_eqz(got, "a=one;b=two;"), "%zu: %.*s", n, STR_F(got));
    buf_release(&s.text);
  }
  cr_expect_gt(refused, all.n / 2);
}

Test(archive, refuses_what_is_no_archive) {
  static const char *const texts[] = {"", "x", "\x1f\x8b", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03garbage", "{}"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct seen s = {0};
    struct error e;
    int rc = visit(&s, str_z(texts[i]), NULL, &e);
    cr_expect(rc || !s.text.n, "%s", texts[i]);
    cr_expect(i == 0 || rc, "%s", texts[i]);
    buf_release(&s.text);
  }
}

Test(archive, what_is_packed_reads_the_same_and_packs_the_same) {
  const struct archive_file files[] = {{STR_INIT("package/a"), STR_INIT("one")}, {STR_INIT("b"), STR_INIT("")}};
  struct buf first, second;
  struct error e;
  buf_init(&first, 100000);
  buf_init(&second, 100000);
  cr_assert_eq(archive_pack(&first, files, 2, &e), 0, "%s", e.text);
  cr_assert_eq(archive_pack(&second, files, 2, &e), 0, "%s", e.text);
  cr_expect(str_eq(buf_str(&first), buf_str(&second)));
  cr_expect(str_starts(str_sub(buf_str(&first), 4, 8), ((struct str){"\0\0\0\0", 4})), "a time in the gzip header");
  expect_read(buf_str(&first), "package/a=one;b=;");
  buf_release(&first);
  buf_init(&first, 10);
  cr_expect_eq(archive_pack(&first, files, 2, &e), -1);
  cr_expect_eq(e.code, ERR_LIMIT);
  buf_release(&first);
  buf_release(&second);
}
