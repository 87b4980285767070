/* decimal: exact decimal fractions as FHIR has them: 1.10 keeps its two digits.
 *
 * A value type of fixed size, no allocation. Sum, difference and product are
 * exact; a result of more than DECIMAL_DIGITS digits is refused. A quotient
 * has at most DECIMAL_QUOTIENT_SCALE digits after the point. */
#ifndef FHIR_DECIMAL_H
#define FHIR_DECIMAL_H

#include "base/arena.h"

#define DECIMAL_DIGITS 96
#define DECIMAL_SCALE_MAX 40
#define DECIMAL_QUOTIENT_SCALE 8

struct decimal {
  bool negative;
  int scale;                       /* digits after the point */
  int n;                           /* digits in use */
  unsigned char d[DECIMAL_DIGITS]; /* lowest first */
};

enum decimal_rounding { DECIMAL_HALF_UP, DECIMAL_DOWN /* towards zero */, DECIMAL_FLOOR, DECIMAL_CEILING };

/* Reads "-12.50", "1e-3" also; false if text is anything else or too long. */
bool decimal_parse(struct decimal *out, struct str text);
struct decimal decimal_from_int(int64_t value);
/* As text, with all its digits after the point. */
struct str decimal_text(struct arena *a, const struct decimal *x);
double decimal_double(const struct decimal *x);
/* Below, at or above 0. */
int decimal_compare(const struct decimal *x, const struct decimal *y);
bool decimal_is_zero(const struct decimal *x);
/* All are false when the result has too many digits, quotients also when y is zero. */
bool decimal_add(struct decimal *out, const struct decimal *x, const struct decimal *y);
bool decimal_sub(struct decimal *out, const struct decimal *x, const struct decimal *y);
bool decimal_mul(struct decimal *out, const struct decimal *x, const struct decimal *y);
/* With scale digits after the point, rounded half up; scale 0 with DECIMAL_DOWN is whole division. */
bool decimal_div(struct decimal *out, const struct decimal *x, const struct decimal *y, int scale,
                 enum decimal_rounding how);
/* With just scale digits after the point (zeros added, or rounded). */
bool decimal_round(struct decimal *out, const struct decimal *x, int scale, enum decimal_rounding how);
/* Without zeros at the end of the fraction, but keeping at least scale digits. */
void decimal_strip(struct decimal *x, int scale);

#endif
