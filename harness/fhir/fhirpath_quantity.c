/* Quantities: calendar units, and the UCUM units of everyday clinical use with metric prefixes. Other units are
 * equal only to themselves. */
#include "fhir/fhirpath_int.h"

enum dimension { D_ONE, D_MASS, D_LENGTH, D_TIME, D_MONTHS, D_VOLUME, D_AMOUNT, D_PRESSURE, D_UNKNOWN };

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
    {"L", D_VOLUME, "1", true},
    {"l", D_VOLUME, "1", true},
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

struct scale {
  enum dimension dimension;
  struct decimal factor;
};

static struct decimal number(const char *text) {
  struct decimal x;
  if (!decimal_parse(&x, str_z(text))) BUG("bad factor %s", text);
  return x;
}

static struct scale find_calendar(struct str word, bool equivalence) {
  for (size_t i = 0; i < sizeof calendar / sizeof *calendar; i++) {
    if (!str_eqz(word, calendar[i].word)) continue;
    if (equivalence && calendar[i].dimension == D_MONTHS)
      return (struct scale){D_TIME, number(i ? "2629800" : "31557600")};
    return (struct scale){calendar[i].dimension, number(calendar[i].factor)};
  }
  return (struct scale){D_UNKNOWN, number("1")};
}

static struct scale find_ucum(struct str code) {
  for (size_t i = 0; i < sizeof ucum / sizeof *ucum; i++)
    if (str_eqz(code, ucum[i].code)) return (struct scale){ucum[i].dimension, number(ucum[i].factor)};
  for (size_t i = 0; i < sizeof ucum / sizeof *ucum; i++)
    for (size_t k = 0; ucum[i].metric && k < sizeof prefixes / sizeof *prefixes; k++) {
      struct str prefix = str_z(prefixes[k].prefix);
      if (!str_starts(code, prefix) || !str_eqz(str_sub(code, prefix.n, code.n), ucum[i].code)) continue;
      struct decimal x = number(prefixes[k].factor), y = number(ucum[i].factor), product;
      if (!decimal_mul(&product, &x, &y)) break;
      return (struct scale){ucum[i].dimension, product};
    }
  return (struct scale){D_UNKNOWN, number("1")};
}

static struct scale find_scale(const struct quantity *q, bool equivalence) {
  return q->calendar ? find_calendar(q->unit, equivalence) : find_ucum(q->unit);
}

bool quantity_align(struct quantity *x, struct quantity *y, bool equivalence) {
  if (x->calendar == y->calendar && str_eq(x->unit, y->unit)) return true;
  struct scale sx = find_scale(x, equivalence), sy = find_scale(y, equivalence);
  if (sx.dimension != sy.dimension || sx.dimension == D_UNKNOWN) return false;
  return decimal_mul(&x->value, &x->value, &sx.factor) && decimal_mul(&y->value, &y->value, &sy.factor);
}

bool quantity_convert(struct quantity *q, const struct quantity *like) {
  struct scale from = find_scale(q, false), to = find_scale(like, false);
  if (from.dimension != to.dimension || from.dimension == D_UNKNOWN) return false;
  if (!decimal_mul(&q->value, &q->value, &from.factor)) return false;
  if (!decimal_div(&q->value, &q->value, &to.factor, 2 * DECIMAL_QUOTIENT_SCALE, DECIMAL_HALF_UP)) return false;
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
