#include "standards/identifier.h"

#define GLN_DIGITS 13
#define CVR_DIGITS 8
#define CPR_DIGITS 10
#define YDER_DIGITS 6
#define MUNICIPALITY_DIGITS 3
#define ECPR_CENTURY 6 /* where the digit of it stands */
#define SOR_DIGITS_MIN 11
#define SOR_DIGITS_MAX 18
#define CPR_TEST_DAY 60

static bool is_digits(struct str s, size_t from, size_t to) {
  if (s.n < to) return false;
  for (size_t i = from; i < to; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return true;
}

static int digit(struct str s, size_t i) {
  return s.p[i] - '0';
}

static int two_digits(struct str s, size_t i) {
  return digit(s, i) * 10 + digit(s, i + 1);
}

bool gln_form(struct str s) {
  return s.n == GLN_DIGITS && is_digits(s, 0, GLN_DIGITS);
}

bool gln_valid(struct str s) {
  if (!gln_form(s)) return false;
  int sum = 0;
  for (size_t i = 0; i + 1 < GLN_DIGITS; i++) sum += digit(s, i) * (i % 2 ? 3 : 1);
  return (10 - sum % 10) % 10 == digit(s, GLN_DIGITS - 1);
}

bool cvr_valid(struct str s) {
  return s.n == CVR_DIGITS && is_digits(s, 0, CVR_DIGITS);
}

bool yder_valid(struct str s) {
  return s.n == YDER_DIGITS && is_digits(s, 0, YDER_DIGITS);
}

bool municipality_valid(struct str s) {
  return s.n == MUNICIPALITY_DIGITS && is_digits(s, 0, MUNICIPALITY_DIGITS);
}

bool cvr_checked(struct str s) {
  static const int weights[CVR_DIGITS] = {2, 7, 6, 5, 4, 3, 2, 1};
  if (!cvr_valid(s)) return false;
  int sum = 0;
  for (size_t i = 0; i < CVR_DIGITS; i++) sum += digit(s, i) * weights[i];
  return sum % 11 == 0;
}

/* The CPR office's rule for the century: by the seventh digit and the year. */
static int cpr_year(int yy, int seventh) {
  if (seventh <= 3) return 1900 + yy;
  if (seventh == 4 || seventh == 9) return yy <= 36 ? 2000 + yy : 1900 + yy;
  return yy <= 57 ? 2000 + yy : 1800 + yy;
}

static bool is_date(int year, int month, int day) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static int cpr_day(struct str s) {
  int day = two_digits(s, 0);
  return day > CPR_TEST_DAY ? day - CPR_TEST_DAY : day;
}

bool cpr_valid(struct str s) {
  if (s.n != CPR_DIGITS || !is_digits(s, 0, CPR_DIGITS)) return false;
  return is_date(cpr_year(two_digits(s, 4), digit(s, 6)), two_digits(s, 2), cpr_day(s));
}

bool cpr_modulus(struct str s) {
  static const int weights[CPR_DIGITS] = {4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
  if (s.n != CPR_DIGITS || !is_digits(s, 0, CPR_DIGITS)) return false;
  int sum = 0;
  for (size_t i = 0; i < CPR_DIGITS; i++) sum += digit(s, i) * weights[i];
  return sum % 11 == 0;
}

static bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

bool ecpr_form(struct str s) {
  return s.n == CPR_DIGITS && is_digits(s, 0, ECPR_CENTURY + 1) && is_capital(s.p[ECPR_CENTURY + 1]) &&
         is_capital(s.p[ECPR_CENTURY + 2]) && is_digits(s, CPR_DIGITS - 1, CPR_DIGITS);
}

/* The first year of the century that a digit stands for. */
struct ecpr_century {
  char digit;
  int year;
};

static bool ecpr_in(struct str s, const struct ecpr_century *centuries) {
  if (!ecpr_form(s)) return false;
  for (; centuries->digit; centuries++)
    if (centuries->digit == s.p[ECPR_CENTURY])
      return is_date(centuries->year + two_digits(s, 4), two_digits(s, 2), two_digits(s, 0));
  return false;
}

bool x_ecpr_valid(struct str s) {
  return ecpr_in(s, (const struct ecpr_century[]){{'1', 1900}, {'7', 2000}, {0}});
}

bool ecpr_is_national(struct str s) {
  return s.n > ECPR_CENTURY && (s.p[ECPR_CENTURY] == '1' || s.p[ECPR_CENTURY] == '7');
}

bool d_ecpr_valid(struct str s) {
  return ecpr_in(s, (const struct ecpr_century[]){{'0', 1900}, {'5', 1800}, {'6', 2000}, {0}});
}

const char *d_ecpr_region(struct str system) {
  static const struct {
    const char *end, *region;
  } rows[] = {{".177", "Region Sjælland"},
              {".179", "Region Nordjylland"},
              {".181", "Region Midtjylland"},
              {".183", "Region Syddanmark"},
              {".187", "Region Hovedstaden"}};
  if (!str_starts(system, STR(D_ECPR_SYSTEM))) return NULL;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (str_eqz(str_sub(system, sizeof D_ECPR_SYSTEM - 1, system.n), rows[i].end)) return rows[i].region;
  return NULL;
}

static bool is_shak(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (!is_capital(s.p[i]) && (s.p[i] < '0' || s.p[i] > '9')) return false;
  return true;
}

bool shak_valid(struct str s) {
  return (s.n == 4 || s.n == 6 || s.n == 7) && is_shak(s);
}

bool shak_form(struct str s) {
  return shak_valid(s) || ((s.n == 8 || s.n == 9) && is_shak(s));
}

static void put_digits(char *out, int value, int n) {
  for (; n > 0; value /= 10) out[--n] = (char)('0' + value % 10);
}

void cpr_birth(struct str s, char out[CPR_BIRTH_SIZE]) {
  put_digits(out, cpr_year(two_digits(s, 4), digit(s, 6)), 4);
  put_digits(out + 5, two_digits(s, 2), 2);
  put_digits(out + 8, cpr_day(s), 2);
  out[4] = out[7] = '-';
  out[CPR_BIRTH_SIZE - 1] = '\0';
}

const char *cpr_gender(struct str s) {
  return digit(s, CPR_DIGITS - 1) % 2 ? "male" : "female";
}

/* Verhoeff's scheme: the dihedral group of order 10 and a permutation a place. */
static int verhoeff(struct str s) {
  static const int product[10][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
                                      {2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
                                      {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
                                      {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
                                      {8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
  static const int once[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
  int c = 0;
  for (size_t i = 0; i < s.n; i++) {
    int d = digit(s, s.n - 1 - i);
    for (size_t k = 0; k < i % 8; k++) d = once[d];
    c = product[c][d];
  }
  return c;
}

bool sor_form(struct str s) {
  return s.n >= SOR_DIGITS_MIN && is_digits(s, 0, s.n);
}

/* SNOMED's long form with the namespace 1000016 and the partition 00, as Danish SOR ids have it. */
bool sor_valid(struct str s) {
  if (!sor_form(s) || s.n > SOR_DIGITS_MAX) return false;
  return str_eqz(str_sub(s, s.n - 10, s.n - 1), "100001600") && verhoeff(s) == 0;
}
