/* Values of OIOXML elements: XML Schema's types as far as MedCom's schemas use them, and their facets. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "validate/oioxml_int.h"

#define CODES_SHOWN 8
#define CODES_BYTES 2000
#define VALUE_SHOWN 100 /* bytes of a value in a text */
#define MATCH_LIMIT 1000000
#define INT_MAX_VALUE INT64_C(2147483647)
#define DATE_SIZE 10

/* --- bases -------------------------------------------------------------------------- */

static size_t digits_at(struct str s, size_t at) {
  size_t n = 0;
  while (at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9') n++;
  return n;
}

static size_t sign_of(struct str s) {
  return s.n && (s.p[0] == '+' || s.p[0] == '-');
}

static bool is_integer(struct str s) {
  size_t sign = sign_of(s), n = digits_at(s, sign);
  return n > 0 && sign + n == s.n;
}

static bool is_zero(struct str s) {
  for (size_t i = sign_of(s); i < s.n; i++)
    if (s.p[i] != '0') return false;
  return true;
}

static bool is_not_negative(struct str s) {
  return is_integer(s) && (s.p[0] != '-' || is_zero(s));
}

static bool is_positive(struct str s) {
  return is_not_negative(s) && !is_zero(s);
}

static bool is_int(struct str s) {
  int64_t n;
  if (!is_integer(s)) return false;
  if (s.p[0] == '+') s = str_sub(s, 1, s.n);
  return str_int(s, &n) && n <= INT_MAX_VALUE && n >= -INT_MAX_VALUE - 1;
}

static bool is_decimal(struct str s) {
  size_t at = sign_of(s), whole = digits_at(s, at), part = 0;
  at += whole;
  if (at < s.n && s.p[at] == '.') part = digits_at(s, ++at);
  return whole + part > 0 && at + part == s.n;
}

static bool is_float(struct str s) {
  double d;
  return str_eqz(s, "INF") || str_eqz(s, "-INF") || str_eqz(s, "NaN") || str_double(s, &d);
}

static bool is_boolean(struct str s) {
  return str_eqz(s, "true") || str_eqz(s, "false") || str_eqz(s, "1") || str_eqz(s, "0");
}

static bool is_date_time(struct str s) {
  int64_t ms;
  bool zone;
  return time_parse(s, &ms, &zone);
}

/* A day that exists, with or without a zone. */
static bool is_date(struct str s) {
  char whole[64];
  struct str zone = str_sub(s, DATE_SIZE, s.n), time = STR("T00:00:00");
  if (s.n < DATE_SIZE || DATE_SIZE + time.n + zone.n > sizeof whole) return false;
  memcpy(whole, s.p, DATE_SIZE);
  memcpy(whole + DATE_SIZE, time.p, time.n);
  memcpy(whole + DATE_SIZE + time.n, zone.p, zone.n);
  return (!zone.n || zone.p[0] != '.') && is_date_time((struct str){whole, DATE_SIZE + time.n + zone.n});
}

static bool is_anything(struct str s) {
  (void)s;
  return true;
}

static bool (*const of_base[])(struct str) = {[OUTLINE_STRING] = is_anything,
                                              [OUTLINE_TOKEN] = is_anything,
                                              [OUTLINE_URI] = is_anything,
                                              [OUTLINE_BOOLEAN] = is_boolean,
                                              [OUTLINE_INT] = is_int,
                                              [OUTLINE_INTEGER] = is_integer,
                                              [OUTLINE_NOT_NEGATIVE] = is_not_negative,
                                              [OUTLINE_POSITIVE] = is_positive,
                                              [OUTLINE_DECIMAL] = is_decimal,
                                              [OUTLINE_FLOAT] = is_float,
                                              [OUTLINE_DATE] = is_date,
                                              [OUTLINE_DATE_TIME] = is_date_time};

/* --- facets ------------------------------------------------------------------------- */

static struct str shown(struct oioxml *o, struct str s) {
  if (s.n <= VALUE_SHOWN) return s;
  size_t n = VALUE_SHOWN;
  while (n && ((unsigned char)s.p[n] & 0xC0) == 0x80) n--;
  return arena_printf(o->scratch, "%.*s…", STR_F(str_sub(s, 0, n)));
}

static struct str range_text(struct oioxml *o, long min, long max) {
  if (max == OUTLINE_MANY) return arena_printf(o->scratch, "%ld..*", min);
  return arena_printf(o->scratch, "%ld..%ld", min, max);
}

static bool matches(struct str pattern, struct str s) {
  int code;
  PCRE2_SIZE at;
  pcre2_code *re =
      pcre2_compile((PCRE2_SPTR)(pattern.n ? pattern.p : ""), pattern.n,
                    PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
  if (!re) return false; /* a pattern that is none lets nothing pass */
  pcre2_match_data *data = pcre2_match_data_create_from_pattern(re, NULL);
  pcre2_match_context *limits = pcre2_match_context_create(NULL);
  pcre2_set_match_limit(limits, MATCH_LIMIT);
  int found = pcre2_match(re, (PCRE2_SPTR)(s.n ? s.p : ""), s.n, 0, 0, data, limits);
  pcre2_match_context_free(limits);
  pcre2_match_data_free(data);
  pcre2_code_free(re);
  return found >= 0;
}

static void judge_length(struct oioxml *o, const struct node *n, struct str s, const struct outline_facets *f) {
  if (!f->has_length) return;
  long length = (long)utf8_length(s);
  if (length >= f->length_min && (f->length_max == OUTLINE_MANY || length <= f->length_max)) return;
  OIOXML_STRUCTURE(o, OIOXML_LENGTH, n, n->name, arena_printf(o->scratch, "%ld", length),
                   range_text(o, f->length_min, f->length_max));
}

static struct str list_codes(struct oioxml *o, const struct outline_words *codes, struct str s) {
  struct buf b;
  size_t best = SIZE_MAX, nearest = 0;
  buf_init(&b, CODES_BYTES);
  for (size_t i = 0; i < codes->n; i++) {
    size_t distance = str_distance(codes->v[i], s);
    if (distance < best) best = distance, nearest = i;
    if (codes->n <= CODES_SHOWN) buf_printf(&b, "%s%.*s", i ? ", " : "", STR_F(codes->v[i]));
  }
  if (codes->n > CODES_SHOWN) buf_printf(&b, "%.*s, …", STR_F(codes->v[nearest]));
  return buf_take(&b, o->scratch);
}

/* A VersionCode and a TypeCode are compared with the catalogue, which says more. */
static bool is_of_catalogue(const struct node *n) {
  return n->parent && str_eqz(n->parent->name, "Letter") &&
         (str_eqz(n->name, "VersionCode") || str_eqz(n->name, "TypeCode"));
}

static void judge_codes(struct oioxml *o, const struct node *n, struct str s, const struct outline_facets *f) {
  if (!f->codes.n || is_of_catalogue(n)) return;
  for (size_t i = 0; i < f->codes.n; i++)
    if (str_eq(f->codes.v[i], s)) return;
  OIOXML_STRUCTURE(o, OIOXML_CODE, n, shown(o, s), n->name, list_codes(o, &f->codes, s));
}

static void judge_patterns(struct oioxml *o, const struct node *n, struct str s, const struct outline_facets *f) {
  for (size_t i = 0; i < f->patterns.n; i++) {
    if (matches(f->patterns.v[i], s)) continue;
    OIOXML_STRUCTURE(o, OIOXML_PATTERN, n, shown(o, s), n->name, f->patterns.v[i]);
    return;
  }
}

/* Decimals, and digits in all, zeros that say nothing left out. */
static void count_digits(struct str s, int *fraction, int *digits) {
  size_t at = sign_of(s), dot = str_index(s, '.'), end = s.n;
  while (dot != SIZE_MAX && end > dot + 1 && s.p[end - 1] == '0') end--;
  while (at < s.n && s.p[at] == '0') at++;
  size_t whole = digits_at(s, at);
  *fraction = dot == SIZE_MAX ? 0 : (int)(end - dot - 1);
  *digits = (int)whole + *fraction;
}

static bool is_out_of_range(double d, const struct outline_facets *f) {
  if (f->has_min && d < f->min) return true;
  if (f->has_max && d > f->max) return true;
  if (f->has_above && d <= f->above) return true;
  return f->has_below && d >= f->below;
}

static struct str bound_text(struct oioxml *o, bool inclusive, double in, bool exclusive, double out,
                             const char *sign) {
  if (inclusive) return arena_printf(o->scratch, "%.15g", in);
  return exclusive ? arena_printf(o->scratch, "%s%.15g", sign, out) : STR("*");
}

static struct str limits_text(struct oioxml *o, const struct outline_facets *f) {
  struct str low = bound_text(o, f->has_min, f->min, f->has_above, f->above, ">"),
             high = bound_text(o, f->has_max, f->max, f->has_below, f->below, "<");
  return arena_printf(o->scratch, "%.*s..%.*s", STR_F(low), STR_F(high));
}

static void judge_digits(struct oioxml *o, const struct node *n, struct str s, const struct outline_facets *f) {
  int fraction, digits;
  count_digits(s, &fraction, &digits);
  if (f->fraction >= 0 && fraction > f->fraction)
    OIOXML_STRUCTURE(o, OIOXML_DECIMALS, n, shown(o, s), n->name, arena_printf(o->scratch, "%d", f->fraction));
  else if (f->digits >= 0 && digits > f->digits)
    OIOXML_STRUCTURE(o, OIOXML_DIGITS, n, shown(o, s), n->name, arena_printf(o->scratch, "%d", f->digits));
}

static void judge_numbers(struct oioxml *o, const struct node *n, struct str s, const struct outline_facets *f) {
  double d;
  if (str_double(s, &d) && is_out_of_range(d, f))
    OIOXML_STRUCTURE(o, OIOXML_RANGE, n, shown(o, s), n->name, limits_text(o, f));
  else
    judge_digits(o, n, s, f);
}

void oioxml_judge_value(struct oioxml *o, const struct node *n, const struct outline_type *t) {
  struct str s = t->base == OUTLINE_STRING ? n->text : str_trim(n->text);
  if (!of_base[t->base](s)) {
    OIOXML_STRUCTURE(o, OIOXML_VALUE, n, shown(o, s), n->name, str_z(outline_base_name(t->base)));
    return;
  }
  judge_length(o, n, s, &t->facets);
  judge_codes(o, n, s, &t->facets);
  judge_patterns(o, n, s, &t->facets);
  if (t->base >= OUTLINE_INT && t->base <= OUTLINE_FLOAT) judge_numbers(o, n, s, &t->facets);
}
