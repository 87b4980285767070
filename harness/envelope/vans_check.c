#include "base/utf8.h"
#include "base/uuid.h"
#include "envelope/vans_int.h"
#include "standards/identifier.h"

#define ENDPOINT_MAX 18
#define GLN_DIGITS 13
#define TEXT_MAX 255
#define TAG_MAX 70
#define ERROR_MAX 512
#define TAG_NAMESPACE "MCM:"

static void add(const struct tree_check *c, enum vans_rule rule, const struct node *n, struct str found) {
  FINDING(c->f, &vans_rule_table[rule], tree_place(c, n), found);
}

static bool is_one_of(struct str s, const char *const *names) {
  for (; *names; names++)
    if (str_eqz(s, *names)) return true;
  return false;
}

/* Length in characters, as the schema counts. */
static void check_length(const struct tree_check *c, enum vans_rule rule, const struct node *n, struct str what,
                         struct str text, size_t max) {
  size_t length = utf8_length(text);
  if (length >= 1 && length <= max) return;
  FINDING(c->f, &vans_rule_table[rule], tree_place(c, n), what, arena_printf(c->f->arena, "%zu", length));
}

static bool all_digits(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n > 0;
}

static void check_gln(const struct tree_check *c, const struct node *n, struct str value) {
  if (value.n != GLN_DIGITS || !all_digits(value))
    add(c, VANS_GLN, n, value);
  else if (!gln_valid(value))
    add(c, VANS_GLN_CHECK_DIGIT, n, value);
}

static void check_cvr(const struct tree_check *c, const struct node *n, struct str value) {
  if (!cvr_valid(value))
    add(c, VANS_CVR, n, value);
  else if (!cvr_checked(value))
    add(c, VANS_CVR_CHECK_DIGIT, n, value);
}

/* xs:token, 1 to 18 characters. Blanks within are collapsed by XSD; none belong in an id, so trimming is enough. */
void vans_check_endpoint(const struct tree_check *c, const struct node *n) {
  static const char *const types[] = {"EAN", "CVR", "VANS", NULL};
  struct str value = str_trim(n->text);
  const struct node *type = node_attr(n, "EndPointType");
  check_length(c, VANS_ENDPOINT_LENGTH, n, n->name, value, ENDPOINT_MAX);
  if (!type) return;
  if (!is_one_of(type->text, types))
    add(c, VANS_ENDPOINT_TYPE, n, type->text);
  else if (str_eqz(type->text, "EAN"))
    check_gln(c, n, value);
  else if (str_eqz(type->text, "CVR"))
    check_cvr(c, n, value);
}

/* The published pattern's class [aA-fF0-9] holds everything from 'A' to 'f'. */
static bool fits_pattern(struct str s) {
  if (s.n != UUID_LEN) return false;
  for (size_t i = 0; i < s.n; i++) {
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    bool letter = (s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'A' && s.p[i] <= 'f');
    if (dash ? s.p[i] != '-' : !letter) return false;
  }
  return true;
}

void vans_check_uuid(const struct tree_check *c, const struct node *n) {
  if (!fits_pattern(n->text))
    FINDING(c->f, &vans_rule_table[VANS_UUID], tree_place(c, n), n->name, n->text);
  else if (!uuid_valid(n->text))
    FINDING(c->f, &vans_rule_table[VANS_UUID_HEX], tree_place(c, n), n->name, n->text);
}

/* Two digits at *at, within low..high; moves on. */
static bool take_two(struct str s, size_t *at, int low, int high, int *out) {
  if (*at + 2 > s.n || !all_digits(str_sub(s, *at, *at + 2))) return false;
  *out = (s.p[*at] - '0') * 10 + s.p[*at + 1] - '0';
  *at += 2;
  return *out >= low && *out <= high;
}

static bool take_byte(struct str s, size_t *at, char wanted) {
  if (*at >= s.n || s.p[*at] != wanted) return false;
  ++*at;
  return true;
}

static bool take_year(struct str s, size_t *at, int64_t *year) {
  size_t from = *at;
  while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9') ++*at;
  struct str digits = str_sub(s, from, *at);
  return digits.n >= 4 && !(digits.n > 4 && digits.p[0] == '0') && str_int(digits, year) && *year > 0;
}

static bool take_date(struct str s, size_t *at) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t year;
  int month, day;
  take_byte(s, at, '-');
  if (!take_year(s, at, &year) || !take_byte(s, at, '-') || !take_two(s, at, 1, 12, &month)) return false;
  if (!take_byte(s, at, '-') || !take_two(s, at, 1, 31, &day)) return false;
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool take_fraction(struct str s, size_t *at, bool *zero) {
  *zero = true;
  if (!take_byte(s, at, '.')) return true;
  size_t from = *at;
  for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at)
    if (s.p[*at] != '0') *zero = false;
  return *at > from;
}

/* 24:00:00 is the end of the day in XML Schema. */
static bool take_time(struct str s, size_t *at) {
  int hour, minute, second;
  bool zero;
  if (!take_two(s, at, 0, 24, &hour) || !take_byte(s, at, ':') || !take_two(s, at, 0, 59, &minute)) return false;
  if (!take_byte(s, at, ':') || !take_two(s, at, 0, 59, &second) || !take_fraction(s, at, &zero)) return false;
  return hour < 24 || (minute == 0 && second == 0 && zero);
}

static bool take_zone(struct str s, size_t *at) {
  int hour, minute;
  if (*at == s.n || take_byte(s, at, 'Z')) return true;
  if (!take_byte(s, at, '+') && !take_byte(s, at, '-')) return false;
  if (!take_two(s, at, 0, 14, &hour) || !take_byte(s, at, ':') || !take_two(s, at, 0, 59, &minute)) return false;
  return hour < 14 || minute == 0;
}

void vans_check_sent(const struct tree_check *c, const struct node *n) {
  struct str s = str_trim(n->text);
  size_t at = 0;
  bool good = take_date(s, &at) && take_byte(s, &at, 'T') && take_time(s, &at) && take_zone(s, &at) && at == s.n;
  if (!good) add(c, VANS_SENT_DATE_TIME, n, n->text);
}

void vans_check_processing(const struct tree_check *c, const struct node *n) {
  check_length(c, VANS_PROCESSING_LENGTH, n, n->name, n->text, TEXT_MAX);
}

void vans_check_format(const struct tree_check *c, const struct node *n) {
  static const char *const formats[] = {"XML", "EDIFACT", "HL7", "Binary", "Other", NULL};
  if (!is_one_of(n->text, formats)) add(c, VANS_FORMAT, n, n->text);
}

void vans_check_name(const struct tree_check *c, const struct node *n) {
  check_length(c, VANS_NAME_LENGTH, n, n->name, n->text, TEXT_MAX);
}

void vans_check_version(const struct tree_check *c, const struct node *n) {
  check_length(c, VANS_VERSION_LENGTH, n, n->name, n->text, TEXT_MAX);
}

/* xs:int after collapsing: optional sign, digits, 32 bits. */
void vans_check_size(const struct tree_check *c, const struct node *n) {
  int64_t v;
  if (!str_int(str_trim(n->text), &v) || v > INT32_MAX || v < INT32_MIN) add(c, VANS_SIZE_FORM, n, n->text);
}

void vans_check_transport(const struct tree_check *c, const struct node *n) {
  static const char *const types[] = {"reliable", "unreliable", NULL};
  if (!is_one_of(n->text, types)) add(c, VANS_TRANSPORT_TYPE, n, n->text);
}

void vans_check_boolean(const struct tree_check *c, const struct node *n) {
  static const char *const values[] = {"true", "false", "1", "0", NULL};
  if (!is_one_of(str_trim(n->text), values)) add(c, VANS_TRANSFORM, n, n->text);
}

static void check_statistic(const struct tree_check *c, const struct node *n) {
  static const char *const values[] = {"manual", "automatic", NULL};
  if (!is_one_of(n->text, values)) add(c, VANS_STATISTIC, n, n->text);
}

/* Outside the MCM: namespace anybody may have tags of his own. */
void vans_check_tag(const struct tree_check *c, const struct node *n) {
  static const char *const known[] = {"MCM:STATISTIC", "MCM:MIME", NULL};
  const struct node *name = node_attr(n, "name");
  check_length(c, VANS_TAG_LENGTH, n, STR("value"), n->text, TAG_MAX);
  if (!name) return;
  check_length(c, VANS_TAG_LENGTH, n, STR("name"), name->text, TAG_MAX);
  if (str_starts(name->text, STR(TAG_NAMESPACE)) && !is_one_of(name->text, known))
    add(c, VANS_TAG_UNKNOWN, n, name->text);
  if (str_eqz(name->text, "MCM:STATISTIC")) check_statistic(c, n);
}

/* xs:positiveInteger has no upper bound: digits with at least one that is not 0, '+' allowed. */
void vans_check_error_code(const struct tree_check *c, const struct node *n) {
  struct str s = str_trim(n->text);
  if (s.n && s.p[0] == '+') s = str_sub(s, 1, s.n);
  size_t zeros = 0;
  while (zeros < s.n && s.p[zeros] == '0') zeros++;
  if (!all_digits(s) || zeros == s.n) add(c, VANS_ERROR_CODE, n, n->text);
}

void vans_check_error_text(const struct tree_check *c, const struct node *n) {
  check_length(c, VANS_ERROR_LENGTH, n, n->name, n->text, ERROR_MAX);
}
