#include "base/error.h"

#include "base/log.h"
#include "base/utf8.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

Test(error, set_and_at) {
  struct error e;
  memset(&e, 0xa5, sizeof e);
  cr_assert_eq(error_set(&e, ERR_LIMIT, "%d too many", 3), -1);
  cr_assert_eq(e.code, ERR_LIMIT);
  cr_assert_str_eq(e.text, "3 too many");
  cr_assert_str_eq(e.file, "");
  cr_assert(e.line == 0 && e.col == 0);
  cr_assert_eq(error_at(&e, ERR_SYNTAX, STR("a.yaml"), 3, 4, "no %s", "key"), -1);
  cr_assert_str_eq(e.file, "a.yaml");
  cr_assert(e.line == 3 && e.col == 4 && e.code == ERR_SYNTAX);
}

Test(error, may_wrap_its_own_text) {
  struct error e;
  error_at(&e, ERR_SYNTAX, STR("a.yaml"), 3, 4, "inner");
  error_at(&e, e.code, str_z(e.file), e.line, e.col, "outer: %s", e.text);
  cr_assert_str_eq(e.text, "outer: inner");
  cr_assert_str_eq(e.file, "a.yaml");
}

Test(error, format) {
  static const struct {
    const char *file;
    int line, col;
    const char *expect;
  } rows[] = {
      {"", 0, 0, "text"},         {"f", 0, 0, "f: text"},  {"f", 3, 0, "f:3: text"},
      {"f", 3, 4, "f:3:4: text"}, {"", 3, 4, "3:4: text"}, {"f", 0, 4, "f: text"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct error e;
    char out[100];
    error_at(&e, ERR_IO, str_z(rows[i].file), rows[i].line, rows[i].col, "text");
    error_format(&e, out, sizeof out);
    cr_assert_str_eq(out, rows[i].expect);
  }
}

/* Whatever is cut, no character is. */
Test(error, long_texts_are_cut_between_characters) {
  char text[3000], out[64];
  for (size_t i = 0; i < sizeof text - 1; i += 2) memcpy(text + i, "æ", 2);
  text[sizeof text - 2] = 0;
  for (size_t skip = 0; skip < 2; skip++) {
    struct error e;
    error_at(&e, ERR_IO, (struct str){text, 2000}, 1, 1, "%s%s", skip ? "x" : "", text);
    cr_assert_geq(strlen(e.text), ERROR_TEXT_MAX - 2);
    cr_assert_geq(strlen(e.file), ERROR_FILE_MAX - 2);
    cr_assert_eq(utf8_check(str_z(e.text)), SIZE_MAX);
    cr_assert_eq(utf8_check(str_z(e.file)), SIZE_MAX);
    for (size_t size = 1; size <= sizeof out; size++) {
      memset(out, 'Z', sizeof out);
      error_format(&e, out, size);
      cr_assert_lt(strlen(out), size);
      cr_assert_eq(utf8_check(str_z(out)), SIZE_MAX, "size %zu", size);
    }
  }
}

Test(error, names) {
  cr_assert_str_eq(error_code_name(ERR_IO), "io");
  cr_assert_str_eq(error_code_name(ERR_CONFIG), "config");
  cr_assert_str_eq(error_code_name((enum error_code)99), "unknown");
}

Test(error, bug_aborts, .signal = SIGABRT) {
  BUG("it is %d", 1);
}

Test(log, levels) {
  static const char *const expect[] = {
      [LOG_QUIET] = "testcamp: at 0\n",
      [LOG_NORMAL] = "testcamp: at 0\ntestcamp: at 1\n",
      [LOG_VERBOSE] = "testcamp: at 0\ntestcamp: at 1\ntestcamp: at 2\n",
  };
  for (int level = LOG_QUIET; level <= LOG_VERBOSE; level++) {
    char *text = NULL;
    size_t n = 0;
    struct log l = {open_memstream(&text, &n), (enum log_level)level};
    for (int at = LOG_QUIET; at <= LOG_VERBOSE; at++) log_say(&l, (enum log_level)at, "at %d", at);
    fclose(l.to);
    cr_assert_str_eq(text, expect[level]);
    free(text);
  }
}
