/* Quantities: calendar units, and the UCUM units of everyday clinical use with metric prefixes, powers, products and
 * quotients of them ("g/m2", "mmol/L"). Other units are equal only to themselves. */
#include "fhir/fhirpath_int.h"

#include <string.h>

enum dimension { D_ONE, D_MASS, D_LENGTH, D_TIME, D_MONTHS, D_VOLUME, D_AMOUNT, D_PRESSURE, DIMENSIONS };

#define POWER_MAX 9 /* of a unit in a unit */

struct unit {
  const char *code;
  enum dimension dimension;
  const char *factor; /* of the base unit of the dimension */
  bool metric;        /* takes prefixes */
};

static const struct unit ucum[] = {
    {"1", D_ONE, "1", false},
    {"%", D_ONE, "0.01", false},
    {"g", D_MASS, "1", true},
    {"[lb_av]", D_MASS, "453.59237", false},
    {"[oz_av]", D_MASS, "28.349523125", false},
    {"m", D_LENGTH, "1", true},
    {"[in_i]", D_LENGTH, "0.0254", false},
    {"[ft_i]", D_LENGTH, "0.3048", false},
    {"[mi_i]", D_LENGTH, "1609.344", false},
    {"s", D_TIME, "1", true},
    {"min", D_TIME, "60", false},
    {"h", D_TIME, "3600", false},
    {"d", D_TIME, "86400", false},
    {"wk", D_TIME, "604800", false},
    {"mo", D_TIME, "2629800", false},
    {"a", D_TIME, "31557600", false},
    {"L", D_VOLUME, "0.001", true},
    {"l", D_VOLUME, "0.001", true},
    {"mol", D_AMOUNT, "1", true},
    {"Pa", D_PRESSURE, "1", true},
    {"bar", D_PRESSURE, "100000", true},
    {"m[Hg]", D_PRESSURE, "133322", true},
};

static const struct {
  char prefix[3];
  const char *factor;
} prefixes[] = {
    {"da", "10"},  {"k", "1000"},  {"h", "100"},      {"M", "1000000"},     {"G", "1000000000"},     {"d", "0.1"},
    {"c", "0.01"}, {"m", "0.001"}, {"u", "0.000001"}, {"n", "0.000000001"}, {"p", "0.000000000001"},
};

static const struct {
  const char *word, *plural;
  enum dimension dimension;
  const char *factor;
  const char *ucum; /* what it is equivalent to */
} calendar[] = {
    {"year", "years", D_MONTHS, "12", "a"},    {"month", "months", D_MONTHS, "1", "mo"},
    {"week", "weeks", D_TIME, "604800", "wk"}, {"day", "days", D_TIME, "86400", "d"},
    {"hour", "hours", D_TIME, "3600", "h"},    {"minute", "minutes", D_TIME, "60", "min"},
    {"second", "seconds", D_TIME, "1", "s"},   {"millisecond", "milliseconds", D_TIME, "0.001", "ms"},
};

const char *quantity_calendar(struct str word) {
  for (size_t i = 0; i < sizeof calendar / sizeof *calendar; i++)
    if (str_eqz(word, calendar[i].word) || str_eqz(word, calendar[i].plural)) return calendar[i].word;
  return NULL;
}

/* What one of a unit is in base units: up / down, of so many powers of the dimensions. */
struct scale {
  bool known;
  signed char powers[DIMENSIONS];
  struct decimal up, down;
};

static struct decimal number(const char *text) {
  struct decimal x;
  if (!decimal_parse(&x, str_z(text))) BUG("bad factor %s", text);
  return x;
}

static struct scale scale_of(enum dimension dimension, const char *factor) {
  struct scale s = {.known = true, .up = number(factor), .down = number("1")};
  if (dimension == D_VOLUME)
    s.powers[D_LENGTH] = 3;
  else
    s.powers[dimension] = dimension != D_ONE;
  return s;
}

/* A year has 365 days and a month 30 where there is no calendar to count in (N1 2.1.6.2); in UCUM they are means. */
static struct scale find_calendar(struct str word, const struct quantity *beside, bool equivalence) {
  for (size_t i = 0; i < sizeof calendar / sizeof *calendar; i++) {
    if (!str_eqz(word, calendar[i].word)) continue;
    if (calendar[i].dimension != D_MONTHS) return scale_of(calendar[i].dimension, calendar[i].factor);
    if (!beside->calendar) return scale_of(equivalence ? D_TIME : D_MONTHS, i ? "2629800" : "31557600");
    bool months = str_eqz(beside->unit, "year") || str_eqz(beside->unit, "month");
    return months ? scale_of(D_MONTHS, calendar[i].factor) : scale_of(D_TIME, i ? "2592000" : "31536000");
  }
  return (struct scale){0};
}

static struct scale find_unit(struct str code) {
  for (size_t i = 0; i < sizeof ucum / sizeof *ucum; i++)
    if (str_eqz(code, ucum[i].code)) return scale_of(ucum[i].dimension, ucum[i].factor);
  for (size_t i = 0; i < sizeof ucum / sizeof *ucum; i++)
    for (size_t k = 0; ucum[i].metric && k < sizeof prefixes / sizeof *prefixes; k++) {
      struct str prefix = str_z(prefixes[k].prefix);
      if (!str_starts(code, prefix) || !str_eqz(str_sub(code, prefix.n, code.n), ucum[i].code)) continue;
      struct scale s = scale_of(ucum[i].dimension, ucum[i].factor);
      struct decimal factor = number(prefixes[k].factor);
      s.known = decimal_mul(&s.up, &s.up, &factor);
      return s;
    }
  return (struct scale){0};
}

/* The power behind a unit ("m2", "s-1"), which is cut off: 1 where none is written. */
static int cut_power(struct str *term) {
  size_t n = term->n;
  while (n && term->p[n - 1] >= '0' && term->p[n - 1] <= '9') n--;
  if (n == term->n || !n || term->n - n > 1) return 1;
  int power = term->p[n] - '0';
  bool negative = term->p[n - 1] == '-';
  *term = str_sub(*term, 0, negative ? n - 1 : n);
  return negative ? -power : power;
}

/* s times the unit of a term, to a power. */
static void multiply(struct scale *s, struct str term, int sign) {
  int power = cut_power(&term) * sign;
  struct scale unit = find_unit(term);
  s->known = s->known && unit.known;
  for (int i = power < 0 ? -power : power; s->known && i; i--) {
    struct decimal *to = power > 0 ? &s->up : &s->down;
    s->known = decimal_mul(to, to, &unit.up);
  }
  for (size_t i = 0; i < DIMENSIONS; i++) s->powers[i] = (signed char)(s->powers[i] + unit.powers[i] * power);
}

/* The first term of a code, without what stands in braces, which is no unit; *code goes on at its '.' or '/'. False if
 * nothing stands there. */
static bool cut_term(struct str *code, struct str *term) {
  size_t to = 0;
  while (to < code->n && code->p[to] != '.' && code->p[to] != '/') to++;
  *term = str_sub(*code, 0, to);
  *code = str_sub(*code, to, code->n);
  size_t brace = str_index(*term, '{');
  if (brace == SIZE_MAX || term->p[term->n - 1] != '}') return term->n > 0;
  *term = str_sub(*term, 0, brace);
  return true;
}

/* "g/m2", "mmol/L", "{beats}/min", "/s": terms with . and / between. */
static struct scale find_ucum(struct str code) {
  struct scale s = scale_of(D_ONE, "1");
  int sign = 1;
  for (int terms = 0; code.n; terms++) {
    struct str term;
    bool there = cut_term(&code, &term), leads = !terms && code.n > 1 && code.p[0] == '/';
    if ((!there && !leads) || terms == POWER_MAX) return (struct scale){0};
    if (term.n) multiply(&s, term, sign);
    if (code.n == 1) return (struct scale){0}; /* ends with a sign */
    sign = code.n && code.p[0] == '/' ? -1 : 1;
    code = str_sub(code, 1, code.n);
  }
  return s;
}

static struct scale find_scale(const struct quantity *q, const struct quantity *beside, bool equivalence) {
  return q->calendar ? find_calendar(q->unit, beside, equivalence) : find_ucum(q->unit);
}

static bool comparable(const struct scale *x, const struct scale *y) {
  return x->known && y->known && !memcmp(x->powers, y->powers, sizeof x->powers);
}

bool quantity_align(struct quantity *x, struct quantity *y, bool equivalence) {
  if (x->calendar == y->calendar && str_eq(x->unit, y->unit)) return true;
  struct scale sx = find_scale(x, y, equivalence), sy = find_scale(y, x, equivalence);
  return comparable(&sx, &sy) && decimal_mul(&x->value, &x->value, &sx.up) &&
         decimal_mul(&x->value, &x->value, &sy.down) && decimal_mul(&y->value, &y->value, &sy.up) &&
         decimal_mul(&y->value, &y->value, &sx.down);
}

bool quantity_convert(struct quantity *q, const struct quantity *like) {
  struct scale from = find_scale(q, like, false), to = find_scale(like, q, false);
  struct decimal by;
  if (!comparable(&from, &to) || !decimal_mul(&by, &from.down, &to.up)) return false;
  if (!decimal_mul(&q->value, &q->value, &from.up) || !decimal_mul(&q->value, &q->value, &to.down)) return false;
  if (!decimal_div(&q->value, &q->value, &by, 2 * DECIMAL_QUOTIENT_SCALE, DECIMAL_HALF_UP)) return false;
  decimal_strip(&q->value, 0);
  q->unit = like->unit;
  q->calendar = like->calendar;
  return true;
}

bool quantity_parse(struct quantity *q, struct str text) {
  text = str_trim(text);
  size_t end = 0;
  while (end < text.n && text.p[end] != ' ' && text.p[end] != '\t' && text.p[end] != '\'') end++;
  struct str unit = str_trim(str_sub(text, end, text.n));
  if (!decimal_parse(&q->value, str_sub(text, 0, end))) return false;
  q->calendar = false;
  q->unit = STR("1");
  if (!unit.n) return true;
  const char *word = quantity_calendar(unit);
  if (word) {
    q->calendar = true;
    q->unit = str_z(word);
    return true;
  }
  if (unit.n < 2 || unit.p[0] != '\'' || unit.p[unit.n - 1] != '\'') return false;
  q->unit = str_sub(unit, 1, unit.n - 1);
  return true;
}

bool quantity_of(struct quantity *q, const struct fhirpath_value *v) {
  if (v->type == FHIRPATH_QUANTITY) return quantity_parse(q, v->text);
  if (v->type != FHIRPATH_INTEGER && v->type != FHIRPATH_DECIMAL) return false;
  q->calendar = false;
  q->unit = STR("1");
  return decimal_parse(&q->value, v->text);
}
