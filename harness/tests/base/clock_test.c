#include "base/clock.h"

#include "cases.h"

#include <criterion/criterion.h>

Test(clock, parse) {
  struct cases c = cases_open("time_parse.tsv");
  for (size_t i = 0; i < c.list.n; i++) {
    struct test_case *row = &c.list.v[i];
    int64_t ms = -7;
    bool zone = false, good = !str_eqz(row->col[1], "bad");
    cr_assert_eq(time_parse(row->col[0], &ms, &zone), good, CASE_F, row->line);
    if (!good) {
      cr_assert_eq(ms, -7, CASE_F, row->line);
      continue;
    }
    struct str utc = time_utc(c.arena, ms);
    cr_assert(str_eq(utc, row->col[1]), CASE_F "%s", row->line, utc.p);
    cr_assert_eq(zone, str_eqz(row->col[2], "yes"), CASE_F, row->line);
  }
  cases_close(&c);
}

Test(clock, danish) {
  struct cases c = cases_open("time_danish.tsv");
  for (size_t i = 0; i < c.list.n; i++) {
    struct test_case *row = &c.list.v[i];
    int64_t ms, back;
    bool zone;
    cr_assert(time_parse(row->col[0], &ms, &zone), CASE_F, row->line);
    struct str danish = time_danish(c.arena, ms);
    cr_assert(str_eq(danish, row->col[1]), CASE_F "%s", row->line, danish.p);
    cr_assert(time_parse(danish, &back, &zone));
    cr_assert_eq(back, ms / 1000 * 1000, CASE_F, row->line);
  }
  cases_close(&c);
}

Test(clock, from_danish) {
  struct cases c = cases_open("time_from_danish.tsv");
  for (size_t i = 0; i < c.list.n; i++) {
    struct test_case *row = &c.list.v[i];
    struct str got = time_from_danish(c.arena, row->col[0]);
    cr_expect(str_eq(got, str_eqz(row->col[1], "bad") ? (struct str){0} : row->col[1]), CASE_F "%.*s", row->line,
              STR_F(got));
  }
  cases_close(&c);
}

/* Every day of 800 years goes out and in again, and follows the one before. */
Test(clock, every_day) {
  struct arena *a = arena_new(0);
  const int64_t day = 86400000;
  struct str before = STR("");
  for (int64_t d = -146097; d <= 146097; d++) {
    int64_t back = 0;
    bool zone;
    struct str text = time_utc(a, d * day + 1);
    if (!time_parse(text, &back, &zone) || back != d * day + 1) cr_assert_fail("day %lld", (long long)d);
    if (str_cmp(before, text) >= 0) cr_assert_fail("%s behind %s", text.p, before.p);
    before = text;
    if (d % 1000 == 0) {
      arena_reset(a);
      before = STR("");
    }
  }
  arena_free(a);
}

Test(clock, days_as_people_write_them) {
  static const char *const rows[][2] = {{"2026-11-28", "2026-11-28"}, {"28.11.2026", "2026-11-28"},
                                        {"28-11-2026", "2026-11-28"}, {" 8/1/2026 ", "2026-01-08"},
                                        {"2026.1.8", "2026-01-08"},   {"29-02-2028", "2028-02-29"}};
  static const char *const none[] = {"",           "29-02-2026", "11.28.2026",       "28-11-26",
                                     "28-11.2026", "28-11",      "2026-11-28x",      "-1-1-2026",
                                     "1-1-2026-",  "1--1-2026",  "28. november 2026"};
  struct arena *a = arena_new(0);
  struct str day;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_assert(day_read(a, str_z(rows[i][0]), &day), "%s", rows[i][0]);
    cr_expect(str_eqz(day, rows[i][1]), "%s: %.*s", rows[i][0], STR_F(day));
  }
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    cr_expect_not(day_read(a, str_z(none[i]), &day), "%s", none[i]);
  cr_expect(str_eqz(day_text(a, STR("2026-11-28"), true), "28-11-2026"));
  cr_expect(str_eqz(day_text(a, STR("2026-11-28"), false), "2026-11-28"));
  cr_expect(str_eqz(day_text(a, STR("soon"), true), "soon"));
  arena_free(a);
}

Test(clock, duration) {
  struct cases c = cases_open("duration.tsv");
  for (size_t i = 0; i < c.list.n; i++) {
    struct test_case *row = &c.list.v[i];
    int64_t ms = -7, want = -7;
    bool good = str_int(row->col[1], &want);
    cr_assert_neq(good, str_eqz(row->col[1], "bad"), CASE_F "bad row", row->line);
    cr_assert_eq(duration_parse(row->col[0], &ms), good, CASE_F, row->line);
    cr_assert_eq(ms, want, CASE_F, row->line);
    if (good) cr_assert(str_eq(duration_format(c.arena, ms), row->col[2]), CASE_F, row->line);
  }
  cases_close(&c);
}

Test(clock, what_is_left) {
  static const struct {
    int64_t ms;
    const char *text;
  } rows[] = {{0, "0 s"},        {1, "1 s"},          {61000, "61 s"},       {120000, "2 min"},
              {120001, "3 min"}, {1768000, "30 min"}, {3540001, "1 h"},      {3600001, "1 h 1 min"},
              {7200000, "2 h"},  {86400000, "1 d"},   {86400001, "1 d 1 h"}, {INT64_C(14) * 86400000, "14 d"}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str got = duration_left(a, rows[i].ms);
    cr_expect(str_eqz(got, rows[i].text), "%lld ms: %.*s, not %s", (long long)rows[i].ms, STR_F(got), rows[i].text);
  }
  arena_free(a);
}

Test(clock, logical) {
  struct clock c;
  struct arena *a = arena_new(0);
  clock_init_logical(&c);
  cr_assert_str_eq(time_utc(a, clock_stamp(&c)).p, "2026-01-05T09:00:00.000Z");
  cr_assert_str_eq(time_utc(a, clock_stamp(&c)).p, "2026-01-05T09:00:01.000Z");
  arena_free(a);
}

Test(clock, real) {
  struct clock c;
  int64_t start = clock_monotonic(), wall = clock_wall();
  clock_init(&c);
  int64_t stamp = clock_stamp(&c);
  cr_assert_geq(stamp, wall - 60000);
  cr_assert_leq(stamp, wall + 60000);
  cr_assert_gt(wall, CLOCK_LOGICAL_START);
  cr_assert_geq(clock_monotonic(), start);
}

Test(clock, scale) {
  struct clock c;
  clock_init(&c);
  cr_assert_eq(clock_scaled(&c, INT64_MAX), INT64_MAX);
  cr_assert_eq(clock_unscaled(&c, 1234567), 1234567);
  c.scale = 60;
  cr_assert_eq(clock_scaled(&c, 1000), 60000);
  cr_assert_eq(clock_unscaled(&c, 60000), 1000);
  cr_assert_eq(clock_unscaled(&c, 60001), 1001, "a deadline is not met early");
  cr_assert_eq(clock_scaled(&c, INT64_MAX), INT64_MAX);
  for (int64_t ms = 0; ms < 1000; ms++) cr_assert_geq(clock_scaled(&c, clock_unscaled(&c, ms)), ms);
}
