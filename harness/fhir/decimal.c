#include "fhir/decimal.h"

#include <string.h>

static void trim(struct decimal *x) {
  while (x->n > 0 && !x->d[x->n - 1]) x->n--;
}

bool decimal_is_zero(const struct decimal *x) {
  for (int i = 0; i < x->n; i++)
    if (x->d[i]) return false;
  return true;
}

/* Appends zeros below: x * 10^by as digits, the value stays when scale grows alike. */
static bool shift(struct decimal *x, int by) {
  if (by <= 0) return true;
  if (decimal_is_zero(x)) {
    x->n = 0;
    return true;
  }
  if (x->n + by > DECIMAL_DIGITS) return false;
  memmove(x->d + by, x->d, (size_t)x->n);
  memset(x->d, 0, (size_t)by);
  x->n += by;
  return true;
}

static bool read_exponent(struct str text, size_t at, struct decimal *x) {
  int64_t exponent;
  struct str rest = str_sub(text, at, text.n);
  if (rest.n > 1 && rest.p[0] == '+') rest = str_sub(rest, 1, rest.n);
  if (!str_int(rest, &exponent) || exponent < -DECIMAL_SCALE_MAX || exponent > DECIMAL_DIGITS) return false;
  x->scale -= (int)exponent;
  if (x->scale < 0) {
    if (!shift(x, -x->scale)) return false;
    x->scale = 0;
  }
  return x->scale <= DECIMAL_SCALE_MAX;
}

/* Digits with at most one point, highest first; where they end. 0 if there are none, or too many. */
static size_t read_digits(struct str text, size_t at, unsigned char *high, struct decimal *x) {
  bool point = false;
  size_t i = at;
  for (; i < text.n; i++) {
    char c = text.p[i];
    bool is_point = c == '.' && !point && x->n;
    if (!is_point && (c < '0' || c > '9')) break;
    point |= is_point;
    if (is_point) continue;
    if (x->n >= DECIMAL_DIGITS) return 0;
    high[x->n++] = (unsigned char)(c - '0');
    x->scale += point;
  }
  return x->n && text.p[i - 1] != '.' && x->scale <= DECIMAL_SCALE_MAX ? i : 0;
}

bool decimal_parse(struct decimal *out, struct str text) {
  struct decimal x = {0};
  unsigned char high[DECIMAL_DIGITS];
  size_t start = text.n && (text.p[0] == '-' || text.p[0] == '+');
  size_t end = read_digits(text, start, high, &x);
  if (!end) return false;
  x.negative = text.p[0] == '-';
  for (int k = 0; k < x.n; k++) x.d[k] = high[x.n - 1 - k];
  if (end < text.n && text.p[end] != 'e' && text.p[end] != 'E') return false;
  if (end < text.n && !read_exponent(text, end + 1, &x)) return false;
  trim(&x);
  *out = x;
  return true;
}

struct decimal decimal_from_int(int64_t value) {
  struct decimal x = {.negative = value < 0};
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  for (; rest; rest /= 10) x.d[x.n++] = (unsigned char)(rest % 10);
  return x;
}

struct str decimal_text(struct arena *a, const struct decimal *x) {
  char text[DECIMAL_DIGITS + DECIMAL_SCALE_MAX + 4];
  size_t n = 0;
  int top = x->n > x->scale + 1 ? x->n : x->scale + 1;
  if (x->negative && !decimal_is_zero(x)) text[n++] = '-';
  for (int i = top - 1; i >= 0; i--) {
    text[n++] = (char)('0' + (i < x->n ? x->d[i] : 0));
    if (i == x->scale && i) text[n++] = '.';
  }
  return arena_str(a, (struct str){text, n});
}

double decimal_double(const struct decimal *x) {
  double value = 0, unit = 1;
  for (int i = x->n - 1; i >= 0; i--) value = value * 10 + x->d[i];
  for (int i = 0; i < x->scale; i++) unit *= 10;
  return (x->negative ? -value : value) / unit;
}

static bool align(struct decimal *x, struct decimal *y) {
  int scale = x->scale > y->scale ? x->scale : y->scale;
  if (!shift(x, scale - x->scale) || !shift(y, scale - y->scale)) return false;
  x->scale = y->scale = scale;
  return true;
}

static int compare_digits(const struct decimal *x, const struct decimal *y) {
  if (x->n != y->n) return x->n < y->n ? -1 : 1;
  for (int i = x->n - 1; i >= 0; i--)
    if (x->d[i] != y->d[i]) return x->d[i] < y->d[i] ? -1 : 1;
  return 0;
}

int decimal_compare(const struct decimal *px, const struct decimal *py) {
  struct decimal x = *px, y = *py;
  trim(&x);
  trim(&y);
  bool nx = x.negative && x.n, ny = y.negative && y.n;
  if (nx != ny) return nx ? -1 : 1;
  int c;
  if (align(&x, &y))
    c = compare_digits(&x, &y);
  else /* too far apart to write with the same scale */
    c = x.n - x.scale < y.n - y.scale ? -1 : 1;
  return nx ? -c : c;
}

static bool add_digits(struct decimal *out, const struct decimal *x, const struct decimal *y) {
  int n = x->n > y->n ? x->n : y->n, carry = 0;
  struct decimal r = {.scale = x->scale};
  for (int i = 0; i < n || carry; i++) {
    if (i >= DECIMAL_DIGITS) return false;
    int sum = carry + (i < x->n ? x->d[i] : 0) + (i < y->n ? y->d[i] : 0);
    r.d[i] = (unsigned char)(sum % 10);
    r.n = i + 1;
    carry = sum / 10;
  }
  *out = r;
  return true;
}

/* x - y of digits, x not below y. */
static void sub_digits(struct decimal *out, const struct decimal *x, const struct decimal *y) {
  struct decimal r = {.scale = x->scale, .n = x->n};
  int borrow = 0;
  for (int i = 0; i < x->n; i++) {
    int diff = x->d[i] - borrow - (i < y->n ? y->d[i] : 0);
    borrow = diff < 0;
    r.d[i] = (unsigned char)(diff + 10 * borrow);
  }
  trim(&r);
  *out = r;
}

bool decimal_add(struct decimal *out, const struct decimal *px, const struct decimal *py) {
  struct decimal x = *px, y = *py, r;
  if (!align(&x, &y)) return false;
  trim(&x);
  trim(&y);
  bool negative = x.negative;
  if (x.negative == y.negative) {
    if (!add_digits(&r, &x, &y)) return false;
  } else if (compare_digits(&x, &y) >= 0) {
    sub_digits(&r, &x, &y);
  } else {
    sub_digits(&r, &y, &x);
    negative = y.negative;
  }
  r.negative = negative && r.n;
  *out = r;
  return true;
}

bool decimal_sub(struct decimal *out, const struct decimal *x, const struct decimal *y) {
  struct decimal minus = *y;
  minus.negative = !y->negative;
  return decimal_add(out, x, &minus);
}

bool decimal_mul(struct decimal *out, const struct decimal *x, const struct decimal *y) {
  struct decimal r = {.negative = x->negative != y->negative, .scale = x->scale + y->scale};
  if (x->n + y->n > DECIMAL_DIGITS) return false;
  r.n = x->n + y->n;
  for (int i = 0; i < x->n; i++) {
    int carry = 0;
    for (int k = 0; k < y->n || carry; k++) {
      int sum = r.d[i + k] + carry + (k < y->n ? x->d[i] * y->d[k] : 0);
      r.d[i + k] = (unsigned char)(sum % 10);
      carry = sum / 10;
    }
  }
  trim(&r);
  if (r.scale > DECIMAL_SCALE_MAX) return decimal_round(out, &r, DECIMAL_SCALE_MAX, DECIMAL_HALF_UP);
  *out = r;
  return true;
}

static bool away_from_zero(const struct decimal *x, enum decimal_rounding how, int next, bool rest) {
  if (how == DECIMAL_HALF_UP) return next >= 5;
  if (how == DECIMAL_DOWN || (!next && !rest)) return false;
  return how == DECIMAL_FLOOR ? x->negative : !x->negative;
}

bool decimal_round(struct decimal *out, const struct decimal *px, int scale, enum decimal_rounding how) {
  struct decimal x = *px;
  int drop = x.scale - scale;
  if (scale < 0 || scale > DECIMAL_SCALE_MAX) return false;
  if (drop <= 0) {
    if (!shift(&x, -drop)) return false;
    x.scale = scale;
    *out = x;
    return true;
  }
  bool rest = false;
  for (int i = 0; i < drop - 1 && i < x.n; i++) rest |= x.d[i] != 0;
  bool up = away_from_zero(&x, how, drop - 1 < x.n ? x.d[drop - 1] : 0, rest);
  int left = x.n > drop ? x.n - drop : 0;
  memmove(x.d, x.d + drop, (size_t)left);
  memset(x.d + left, 0, (size_t)(DECIMAL_DIGITS - left));
  x.n = left;
  x.scale = scale;
  struct decimal one = {.n = 1, .scale = scale, .d = {1}, .negative = x.negative};
  if (up) return decimal_add(out, &x, &one);
  trim(&x);
  *out = x;
  return true;
}

/* remainder = remainder * 10 + digit. */
static bool push_digit(struct decimal *remainder, unsigned char digit) {
  trim(remainder);
  if (!remainder->n && !digit) return true;
  if (remainder->n + 1 > DECIMAL_DIGITS) return false;
  memmove(remainder->d + 1, remainder->d, (size_t)remainder->n);
  remainder->d[0] = digit;
  remainder->n++;
  return true;
}

bool decimal_div(struct decimal *out, const struct decimal *px, const struct decimal *py, int scale,
                 enum decimal_rounding how) {
  struct decimal x = *px, y = *py, remainder = {0};
  if (decimal_is_zero(&y) || !align(&x, &y)) return false;
  trim(&y);
  trim(&x);
  int guard = scale + 2; /* two digits more than asked, the last one telling of a rest */
  struct decimal r = {.negative = x.negative != y.negative, .scale = guard};
  if (x.n + guard > DECIMAL_DIGITS) return false;
  r.n = x.n + guard;
  for (int i = r.n - 1; i >= 0; i--) {
    if (!push_digit(&remainder, i >= guard ? x.d[i - guard] : 0)) return false;
    remainder.scale = y.scale;
    while (compare_digits(&remainder, &y) >= 0) {
      sub_digits(&remainder, &remainder, &y);
      r.d[i]++;
    }
  }
  if (remainder.n && !r.d[0]) r.d[0] = 1;
  trim(&r);
  return decimal_round(out, &r, scale, how);
}

void decimal_strip(struct decimal *x, int scale) {
  while (x->scale > scale && (!x->n || !x->d[0])) {
    if (x->n) memmove(x->d, x->d + 1, (size_t)--x->n);
    x->d[x->n] = 0;
    x->scale--;
  }
}
