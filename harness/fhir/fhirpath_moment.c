/* Dates and times of any precision (FHIRPath N1, 5.5 to 5.7 and 6.2; calendar arithmetic 6.7). */
#include "fhir/fhirpath_int.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)
#define SPAN_MS (DAY_MS * 3652060)            /* ten thousand years */
#define ZONE_DOUBT_MS (INT64_C(14) * 3600000) /* zones lie within 14 hours of UTC */

static bool read_digits(struct str *s, size_t n, int *out) {
  int value = 0;
  if (s->n < n) return false;
  for (size_t i = 0; i < n; i++) {
    if (s->p[i] < '0' || s->p[i] > '9') return false;
    value = value * 10 + (s->p[i] - '0');
  }
  *s = str_sub(*s, n, s->n);
  *out = value;
  return true;
}

static bool take(struct str *s, char c) {
  if (!s->n || s->p[0] != c) return false;
  *s = str_sub(*s, 1, s->n);
  return true;
}

static bool is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && is_leap(year));
}

static bool read_date(struct moment *m, struct str *s) {
  static const size_t widths[] = {4, 2, 2};
  for (int i = 0; i < 3; i++) {
    if (i && !take(s, '-')) break;
    if (!read_digits(s, widths[i], &m->part[i])) return false;
    m->parts = i + 1;
  }
  if (!m->parts || m->part[0] < 1) return false;
  if (m->parts > 1 && (m->part[1] < 1 || m->part[1] > 12)) return false;
  return m->parts < 3 || (m->part[2] >= 1 && m->part[2] <= days_in(m->part[0], m->part[1]));
}

static bool read_fraction(struct moment *m, struct str *s) {
  int scale = 100, digit;
  if (!take(s, '.')) return true;
  if (!s->n) return false;
  while (s->n && read_digits(s, 1, &digit)) {
    m->ms += digit * scale;
    scale /= 10;
    if (m->ms_digits < 3) m->ms_digits++;
  }
  return m->ms_digits > 0;
}

static bool read_time(struct moment *m, struct str *s) {
  static const int limits[] = {24, 60, 61}; /* a leap second is read */
  for (int i = 0; i < 3; i++) {
    if (i && !take(s, ':')) return true;
    if (!read_digits(s, 2, &m->part[3 + i]) || m->part[3 + i] >= limits[i]) return false;
    m->parts = 4 + i;
  }
  return read_fraction(m, s);
}

static bool read_zone(struct moment *m, struct str *s) {
  int hours, minutes;
  if (!s->n) return true;
  m->zone = true;
  if (take(s, 'Z')) return true;
  int sign = s->p[0] == '-' ? -1 : 1;
  if (!take(s, '+') && !take(s, '-')) return false;
  if (!read_digits(s, 2, &hours) || !take(s, ':') || !read_digits(s, 2, &minutes)) return false;
  m->offset = sign * (hours * 60 + minutes);
  return hours <= 14 && minutes < 60;
}

bool moment_parse(struct moment *m, enum fhirpath_type type, struct str text) {
  memset(m, 0, sizeof *m);
  if (type == FHIRPATH_TIME) {
    m->first = 3;
    take(&text, 'T');
    return read_time(m, &text) && !text.n;
  }
  if (!read_date(m, &text)) return false;
  if (type == FHIRPATH_DATE || !text.n) return !text.n;
  if (!take(&text, 'T')) return false;
  if (!text.n) return true;
  return m->parts == 3 && read_time(m, &text) && read_zone(m, &text) && !text.n;
}

struct str moment_text(struct arena *a, const struct moment *m, enum fhirpath_type type) {
  static const char separators[] = {0, '-', '-', 'T', ':', ':'};
  struct buf b;
  buf_init(&b, 64);
  for (int i = m->first; i < m->parts; i++) {
    if (i > m->first) buf_byte(&b, separators[i]);
    buf_printf(&b, i ? "%02d" : "%04d", m->part[i]);
  }
  if (m->ms_digits || m->ms) buf_printf(&b, ".%03d", m->ms);
  if (type == FHIRPATH_DATETIME && m->zone) {
    int offset = m->offset < 0 ? -m->offset : m->offset;
    if (offset)
      buf_printf(&b, "%c%02d:%02d", m->offset < 0 ? '-' : '+', offset / 60, offset % 60);
    else
      buf_byte(&b, 'Z');
  }
  return buf_take(&b, a);
}

int64_t moment_days(int year, int month, int day) {
  int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
  int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void set_days(struct moment *m, int64_t days) {
  days += 719468;
  int64_t era = (days >= 0 ? days : days - 146096) / 146097, of_era = days - era * 146097;
  int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
  m->part[2] = (int)(of_year - (153 * month + 2) / 5 + 1);
  m->part[1] = (int)(month < 10 ? month + 3 : month - 9);
  m->part[0] = (int)(year + era * 400 + (m->part[1] <= 2));
}

static int64_t day_ms(const struct moment *m) {
  return ((m->part[3] * INT64_C(60) + m->part[4]) * 60 + m->part[5]) * 1000 + m->ms;
}

static int64_t since_1970(const struct moment *m) {
  int month = m->parts > 1 ? m->part[1] : 1, day = m->parts > 2 ? m->part[2] : 1;
  return moment_days(m->part[0], month, day) * DAY_MS + day_ms(m);
}

static void set_ms(struct moment *m, int64_t ms) {
  int64_t days = ms / DAY_MS, rest = ms % DAY_MS;
  if (rest < 0) {
    rest += DAY_MS;
    days--;
  }
  if (!m->first) set_days(m, days);
  m->part[3] = (int)(rest / 3600000);
  m->part[4] = (int)(rest / 60000 % 60);
  m->part[5] = (int)(rest / 1000 % 60);
  m->ms = (int)(rest % 1000);
}

static struct moment to_utc(struct moment m) {
  if (m.zone && m.parts > 3) set_ms(&m, since_1970(&m) - m.offset * INT64_C(60000));
  return m;
}

static int64_t utc_ms(const struct moment *m) {
  return since_1970(m) - (m->zone ? m->offset * INT64_C(60000) : 0);
}

/* Part by part; open where one of them ends before they differ. */
static int compare_parts(const struct moment *x, const struct moment *y, int *sign) {
  int common = x->parts < y->parts ? x->parts : y->parts;
  for (int i = x->first; i < common; i++) {
    if (x->part[i] == y->part[i]) continue;
    *sign = x->part[i] < y->part[i] ? -1 : 1;
    return 1;
  }
  *sign = 0;
  if (x->parts != y->parts) return 0;
  if (common == 6) *sign = x->ms < y->ms ? -1 : x->ms > y->ms;
  return 1;
}

int moment_compare(const struct moment *x, const struct moment *y, int *sign) {
  if (x->first != y->first) return 0;
  if (x->zone != y->zone && x->parts > 3 && y->parts > 3) {
    /* one without a zone: only what no zone could turn round is known */
    int64_t diff = utc_ms(x) - utc_ms(y);
    *sign = diff < 0 ? -1 : 1;
    return diff > ZONE_DOUBT_MS || diff < -ZONE_DOUBT_MS;
  }
  struct moment ux = y->zone ? to_utc(*x) : *x, uy = x->zone ? to_utc(*y) : *y;
  return compare_parts(&ux, &uy, sign);
}

static bool add_months(struct moment *m, int64_t n) {
  int64_t month = m->parts > 1 ? m->part[1] : 1;
  int64_t months = m->part[0] * INT64_C(12) + month - 1 + n;
  if (months < 12 || months >= 120000) return false;
  m->part[0] = (int)(months / 12);
  if (m->parts > 1) m->part[1] = (int)(months % 12) + 1;
  if (m->parts > 2 && m->part[2] > days_in(m->part[0], m->part[1])) m->part[2] = days_in(m->part[0], m->part[1]);
  return true;
}

/* Milliseconds of a unit, and how many parts a moment must have for it to be added as it is. */
static const struct {
  const char *unit;
  int64_t ms;
  int parts;
} units[] = {
    {"week", 7 * DAY_MS, 3}, {"day", DAY_MS, 3},  {"hour", 3600000, 4},
    {"minute", 60000, 5},    {"second", 1000, 6}, {"millisecond", 1, 6},
};

/* A moment less precise than the unit: the amount is cut to whole units of its precision (N1 6.7). */
static bool add_coarse(struct moment *m, int64_t ms) {
  if (m->parts == 1) return add_months(m, ms / (365 * DAY_MS) * 12);
  if (m->parts == 2) return add_months(m, ms / (30 * DAY_MS));
  static const int64_t whole[] = {DAY_MS, 3600000, 60000};
  int64_t unit = whole[m->parts - 3];
  set_ms(m, since_1970(m) + ms / unit * unit);
  return true;
}

static bool add_ms(struct moment *m, int64_t ms, int parts) {
  if (ms > SPAN_MS || ms < -SPAN_MS) return false;
  if (m->first)
    set_ms(m, day_ms(m) + ms % DAY_MS); /* a time goes round the clock */
  else if (parts <= m->parts)
    set_ms(m, since_1970(m) + ms);
  else if (!add_coarse(m, ms))
    return false;
  return m->first || (m->part[0] >= 1 && m->part[0] <= 9999);
}

bool moment_add(struct moment *m, int64_t n, const char *unit) {
  if (n > SPAN_MS || n < -SPAN_MS) return false;
  if (!m->first && !strcmp(unit, "year")) return add_months(m, n * 12);
  if (!m->first && !strcmp(unit, "month")) return add_months(m, m->parts > 1 ? n : n / 12 * 12);
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (!strcmp(unit, units[i].unit))
      return n <= SPAN_MS / units[i].ms && n >= -(SPAN_MS / units[i].ms) && add_ms(m, n * units[i].ms, units[i].parts);
  return false;
}
