/* A message in parts: nothing is lost, nothing stands twice, and each is as small as a page can hold. */
#include "console/source_parts.h"

#include <criterion/criterion.h>
#include <string.h>

static struct str repeated(struct arena *a, const char *text, size_t times) {
  size_t n = strlen(text);
  char *p = arena_alloc(a, n * times + 1);
  for (size_t i = 0; i < times; i++) memcpy(p + i * n, text, n);
  return (struct str){p, n * times};
}

static void expect_whole(struct str bytes, const struct source_part *parts, size_t n, size_t findings) {
  size_t at = 0, f = 0;
  for (size_t i = 0; i < n; i++) {
    bool again = i && parts[i].from < at; /* a piece with more findings than one part holds */
    cr_expect(again ? parts[i].to >= at : parts[i].from == at, "part %zu begins at %zu", i, parts[i].from);
    cr_expect_leq(parts[i].to - parts[i].from, PART_BYTES);
    cr_expect_lt(parts[i].last - parts[i].line, PART_LINES);
    cr_expect_eq(parts[i].first, f);
    at = parts[i].to, f = parts[i].end;
  }
  cr_expect_eq(at, bytes.n);
  cr_expect_eq(f, findings);
}

Test(source_parts, a_small_message_is_one_part_in_any_case) {
  struct arena *a = arena_new(0);
  struct source_part *parts;
  struct source_place far[] = {{9, 1, 400, 0}, {0, 0, 400, 1}};
  cr_expect_eq(source_cut(a, STR(""), NULL, 0, &parts), 1);
  cr_expect_eq(source_cut(a, STR("one\ntwo\n"), far, 2, &parts), 1);
  cr_expect_eq(parts[0].end, 2);
  cr_expect_eq(far[0].finding, 1, "of the whole first, behind the end last");
  cr_expect_eq(parts[0].last, 2);
  arena_free(a);
}

Test(source_parts, many_lines_are_cut_between_lines) {
  struct arena *a = arena_new(0);
  struct source_part *parts;
  struct str bytes = repeated(a, "    \"system\": \"urn:oid:1.2.208.176.1.2\",\n", 12000);
  struct source_place places[300];
  for (size_t i = 0; i < 300; i++) places[i] = (struct source_place){(int64_t)(300 - i) * 40, 5, 500, i};
  size_t n = source_cut(a, bytes, places, 300, &parts);
  cr_expect_gt(n, 20);
  expect_whole(bytes, parts, n, 300);
  for (size_t i = 0; i < n; i++) {
    cr_expect_eq(parts[i].column, 1);
    for (size_t f = parts[i].first; f < parts[i].end; f++)
      cr_expect(places[f].line >= parts[i].line && places[f].line <= parts[i].last);
  }
  cr_expect_eq(parts[source_part_of(parts, n, 7001, 3)].line <= 7001, true);
  cr_expect_geq(parts[source_part_of(parts, n, 7001, 3)].last, 7001);
  arena_free(a);
}

Test(source_parts, one_long_line_is_cut_behind_segments) {
  struct arena *a = arena_new(0);
  struct source_part *parts;
  struct str bytes = repeated(a, "FTX+SPC+P00:2++Prøvesvar'", 12000);
  struct source_place place = {1, 200000, 500, 0};
  size_t n = source_cut(a, bytes, &place, 1, &parts);
  expect_whole(bytes, parts, n, 1);
  cr_expect_gt(n, 10);
  for (size_t i = 0; i + 1 < n; i++) cr_expect_eq(bytes.p[parts[i].to - 1], '\'');
  size_t at = source_part_of(parts, n, 1, 200000);
  cr_expect_eq(parts[at].end - parts[at].first, 1);
  cr_expect(parts[at].column <= 200000 && parts[at + 1].column > 200000);
  arena_free(a);
}

Test(source_parts, a_line_with_thousands_of_findings_stands_again_for_them) {
  enum { N = 5000 };
  struct arena *a = arena_new(0);
  struct source_part *parts;
  struct source_place *places = arena_alloc(a, N * sizeof *places);
  for (size_t i = 0; i < N; i++) places[i] = (struct source_place){2, 1, 600, i};
  struct str bytes = STR("UNA:+.? '\nUNB+UNOC:3'\nUNZ+1'\n");
  size_t n = source_cut(a, bytes, places, N, &parts);
  expect_whole(bytes, parts, n, N);
  for (size_t i = 0; i < n; i++) cr_expect_leq((parts[i].end - parts[i].first) * 600, PART_WEIGHT + 600);
  cr_expect_eq(parts[n - 1].last, 3);
  arena_free(a);
}

Test(source_parts, a_long_line_full_of_findings_is_cut_between_them) {
  enum { N = 1000 };
  struct arena *a = arena_new(0);
  struct source_part *parts;
  struct source_place *places = arena_alloc(a, N * sizeof *places);
  for (size_t i = 0; i < N; i++) places[i] = (struct source_place){1, (int64_t)(i * 30 + 10), 900, i};
  struct str bytes = repeated(a, "FTX+SPC+P00:2++Proevesvar here'", 12000);
  size_t n = source_cut(a, bytes, places, N, &parts);
  expect_whole(bytes, parts, n, N);
  for (size_t i = 1; i < n; i++) cr_expect_eq(parts[i].from, parts[i - 1].to, "nothing stands twice");
  arena_free(a);
}

Test(source_parts, what_cannot_be_shown_weighs_more) {
  struct arena *a = arena_new(0);
  struct source_part *parts;
  struct str bytes = repeated(a, "\x01\xff", 20000);
  size_t n = source_cut(a, bytes, NULL, 0, &parts);
  expect_whole(bytes, parts, n, 0);
  cr_expect_lt(parts[0].to, 3000);
  arena_free(a);
}
