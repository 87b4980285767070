#include "base/clock.h"

#include "base/error.h"

#include <inttypes.h>
#include <time.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define LOCAL_LEN 16 /* "2026-01-05T10:00" */

struct date {
  int64_t year;
  int month, day;
};

void clock_init(struct clock *c) {
  *c = (struct clock){.scale = 1};
}

void clock_init_logical(struct clock *c) {
  *c = (struct clock){.logical = true, .logical_now = CLOCK_LOGICAL_START, .scale = 1};
}

static int64_t now(clockid_t id) {
  struct timespec t;
  if (clock_gettime(id, &t) != 0) BUG("clock_gettime failed");
  return (int64_t)t.tv_sec * SECOND + t.tv_nsec / 1000000;
}

int64_t clock_stamp(struct clock *c) {
  if (!c->logical) return clock_wall();
  int64_t stamp = c->logical_now;
  c->logical_now += SECOND;
  return stamp;
}

int64_t clock_monotonic(void) {
  return now(CLOCK_MONOTONIC);
}

int64_t clock_wall(void) {
  return now(CLOCK_REALTIME);
}

static int64_t clamped(double ms) {
  if (ms >= 9.2e18) return INT64_MAX;
  if (ms <= -9.2e18) return INT64_MIN;
  return (int64_t)ms;
}

int64_t clock_scaled(const struct clock *c, int64_t real) {
  return c->scale == 1 ? real : clamped((double)real * c->scale);
}

int64_t clock_unscaled(const struct clock *c, int64_t deadline) {
  if (c->scale == 1) return deadline;
  int64_t real = clamped((double)deadline / c->scale);
  return real < INT64_MAX && clock_scaled(c, real) < deadline ? real + 1 : real; /* rather late than early */
}

static int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}

/* Days since 1970-01-01 in the Gregorian calendar; years begin in March here,
 * so that the leap day is the last one. */
static int64_t days_of(struct date d) {
  int64_t year = d.month > 2 ? d.year : d.year - 1;
  int64_t era = floor_div(year, 400), year_of_era = year - era * 400;
  int64_t day_of_year = (153 * ((d.month + 9) % 12) + 2) / 5 + d.day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static struct date date_of(int64_t days) {
  days += 719468;
  int64_t era = floor_div(days, 146097), day = days - era * 146097;
  int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  int64_t day_of_year = day - (365 * year + year / 4 - year / 100), shifted = (5 * day_of_year + 2) / 153;
  struct date d = {.month = (int)(shifted < 10 ? shifted + 3 : shifted - 9)};
  d.day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
  d.year = year + era * 400 + (d.month <= 2);
  return d;
}

/* "2026-01-05T09:00:00" of a time that is already in its zone. */
static struct str stamp_text(struct arena *a, int64_t ms) {
  struct date d = date_of(floor_div(ms, DAY));
  int64_t of_day = ms - floor_div(ms, DAY) * DAY;
  return arena_printf(a, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02d", d.year, d.month, d.day, (int)(of_day / HOUR),
                      (int)(of_day / MINUTE % 60), (int)(of_day / SECOND % 60));
}

struct str time_utc(struct arena *a, int64_t ms) {
  struct str text = stamp_text(a, ms);
  return arena_printf(a, "%.*s.%03dZ", STR_F(text), (int)(ms - floor_div(ms, SECOND) * SECOND));
}

/* The last Sunday of a month of 31 days, 01:00 UTC (directive 2000/84/EC). */
static int64_t last_sunday(int64_t year, int month) {
  int64_t days = days_of((struct date){year, month, 31});
  int64_t weekday = days + 4 - floor_div(days + 4, 7) * 7; /* 1970-01-01 was a Thursday; Sunday is 0 */
  return (days - weekday) * DAY + HOUR;
}

static bool is_summer(int64_t ms) {
  int64_t year = date_of(floor_div(ms, DAY)).year;
  return ms >= last_sunday(year, 3) && ms < last_sunday(year, 10);
}

struct str time_danish(struct arena *a, int64_t ms) {
  bool summer = is_summer(ms);
  struct str text = stamp_text(a, ms + (summer ? 2 : 1) * HOUR);
  return arena_printf(a, "%.*s+0%d:00", STR_F(text), summer ? 2 : 1);
}

/* Cuts exactly n digits off the front of *s into *out. */
static bool take_digits(struct str *s, size_t n, int *out) {
  int v = 0;
  if (s->n < n) return false;
  for (size_t i = 0; i < n; i++) {
    if (s->p[i] < '0' || s->p[i] > '9') return false;
    v = v * 10 + (s->p[i] - '0');
  }
  *s = str_sub(*s, n, s->n);
  *out = v;
  return true;
}

static bool take_byte(struct str *s, char c) {
  if (s->n == 0 || s->p[0] != c) return false;
  *s = str_sub(*s, 1, s->n);
  return true;
}

static int month_days(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

static bool take_date(struct str *s, int64_t *ms) {
  int year, month, day;
  if (!take_digits(s, 4, &year) || !take_byte(s, '-') || !take_digits(s, 2, &month) || !take_byte(s, '-') ||
      !take_digits(s, 2, &day))
    return false;
  if (year == 0 || month < 1 || month > 12 || day < 1 || day > month_days(year, month)) return false;
  *ms = days_of((struct date){year, month, day}) * DAY;
  return true;
}

/* Digits behind a '.', cut to milliseconds; none without a '.'. */
static bool take_fraction(struct str *s, int64_t *ms) {
  int digit, unit = 100;
  *ms = 0;
  if (!take_byte(s, '.')) return true;
  if (!take_digits(s, 1, &digit)) return false;
  do {
    *ms += digit * unit;
    unit /= 10;
  } while (take_digits(s, 1, &digit));
  return true;
}

static bool take_time(struct str *s, int64_t *ms) {
  int hour, minute, second;
  int64_t fraction;
  if (!take_digits(s, 2, &hour) || !take_byte(s, ':') || !take_digits(s, 2, &minute) || !take_byte(s, ':') ||
      !take_digits(s, 2, &second) || !take_fraction(s, &fraction))
    return false;
  *ms = hour * HOUR + minute * MINUTE + second * SECOND + fraction;
  return hour <= 23 && minute <= 59 && second <= 59;
}

/* Z, or up to 14:00 from UTC on either side (XML Schema part 2, 3.2.7.3). */
static bool take_zone(struct str *s, int64_t *ms, bool *has_zone) {
  int hour, minute;
  *ms = 0;
  *has_zone = s->n > 0;
  if (!*has_zone || take_byte(s, 'Z')) return true;
  bool west = take_byte(s, '-');
  if (!west && !take_byte(s, '+')) return false;
  if (!take_digits(s, 2, &hour) || !take_byte(s, ':') || !take_digits(s, 2, &minute)) return false;
  *ms = (hour * HOUR + minute * MINUTE) * (west ? -1 : 1);
  return minute <= 59 && hour * 60 + minute <= 14 * 60;
}

bool time_parse(struct str s, int64_t *ms, bool *has_zone) {
  int64_t date, time, zone;
  bool zoned;
  if (!take_date(&s, &date) || !take_byte(&s, 'T') || !take_time(&s, &time) || !take_zone(&s, &zone, &zoned) || s.n)
    return false;
  *ms = date + time - zone;
  *has_zone = zoned;
  return true;
}

/* "2026" and "11" and "28" of either order, by what stands between. */
static bool day_parts(struct str s, struct str part[3]) {
  char between = 0;
  size_t n = 0, from = 0;
  for (size_t i = 0; i <= s.n; i++) {
    char c = i < s.n ? s.p[i] : 0;
    if (c >= '0' && c <= '9') continue;
    bool separates = n < 2 && (c == '-' || c == '.' || c == '/') && (!between || c == between);
    if (i < s.n && !separates) return false;
    if (i == from || n == 3) return false;
    part[n++] = str_sub(s, from, i);
    from = i + 1, between = c;
  }
  return n == 3;
}

bool day_read(struct arena *a, struct str s, struct str *out) {
  struct str part[3], day, month, year;
  int64_t ms;
  if (!day_parts(str_trim(s), part)) return false;
  bool year_first = part[0].n == 4;
  year = part[year_first ? 0 : 2], month = part[1], day = part[year_first ? 2 : 0];
  if (year.n != 4 || month.n > 2 || day.n > 2) return false;
  struct str made = arena_printf(a, "%.*s-%s%.*s-%s%.*s", STR_F(year), month.n == 1 ? "0" : "", STR_F(month),
                                 day.n == 1 ? "0" : "", STR_F(day));
  struct str rest = made;
  if (!take_date(&rest, &ms)) return false;
  *out = made;
  return true;
}

struct str day_text(struct arena *a, struct str day, bool danish) {
  struct str rest = day;
  int64_t ms;
  if (!danish || !take_date(&rest, &ms) || rest.n) return day;
  return arena_printf(a, "%.2s-%.2s-%.4s", day.p + 8, day.p + 5, day.p);
}

struct str time_from_danish(struct arena *a, struct str local) {
  int64_t ms;
  bool zone;
  if (local.n == LOCAL_LEN) local = arena_printf(a, "%.*s:00", STR_F(local));
  if (!time_parse(local, &ms, &zone) || zone) return (struct str){0};
  return time_danish(a, ms - (is_summer(ms - 2 * HOUR) ? 2 : 1) * HOUR);
}

struct unit {
  const char *name;
  int64_t ms;
};

/* Largest first; of two names the first is written. */
static const struct unit units[] = {
    {"d", DAY}, {"h", HOUR}, {"min", MINUTE}, {"s", SECOND}, {"sec", SECOND}, {"ms", 1},
};

bool duration_parse(struct str s, int64_t *ms) {
  size_t digits = 0;
  int64_t n;
  while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9') digits++;
  if (!str_int(str_sub(s, 0, digits), &n)) return false;
  s = str_sub(s, digits, s.n);
  take_byte(&s, ' ');
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    if (!str_eqz(s, units[i].name)) continue;
    if (n > INT64_MAX / units[i].ms) return false;
    *ms = n * units[i].ms;
    return true;
  }
  return false;
}

struct str duration_format(struct arena *a, int64_t ms) {
  if (ms == 0) return arena_str(a, STR("0 s"));
  const struct unit *u = units;
  while (ms % u->ms != 0) u++;
  return arena_printf(a, "%" PRId64 " %s", ms / u->ms, u->name);
}

static int64_t round_up(int64_t ms, int64_t unit) {
  return (ms / unit + (ms % unit > 0)) * unit;
}

struct str duration_left(struct arena *a, int64_t ms) {
  int64_t unit = ms > DAY ? HOUR : ms > 2 * MINUTE ? MINUTE : SECOND, whole = round_up(ms, unit);
  int64_t large = whole >= DAY ? DAY : HOUR;
  if (unit == SECOND || whole < HOUR || whole % large == 0) return duration_format(a, whole);
  return arena_printf(a, "%.*s %.*s", STR_F(duration_format(a, whole - whole % large)),
                      STR_F(duration_format(a, whole % large)));
}
