/* The formats of primitive values (FHIR R4, 2.24.0.1). */
#include "validate/profile_int.h"

#define STRING_MAX ((size_t)1 << 20) /* characters; counted in bytes, so that it is never too strict by much */

static bool digit(char c) {
  return c >= '0' && c <= '9';
}

static bool hex(char c) {
  return digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* Cuts n digits off as a number; false if they are not there. */
static bool cut_digits(struct str *s, size_t n, int *out) {
  int value = 0;
  if (s->n < n) return false;
  for (size_t i = 0; i < n; i++) {
    if (!digit(s->p[i])) return false;
    value = value * 10 + (s->p[i] - '0');
  }
  *s = str_sub(*s, n, s->n);
  *out = value;
  return true;
}

static bool cut_byte(struct str *s, char c) {
  if (!s->n || s->p[0] != c) return false;
  *s = str_sub(*s, 1, s->n);
  return true;
}

static int days_in(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

/* YYYY[-MM[-DD]]; *parts is how many there are. */
static bool cut_date(struct str *s, int *parts) {
  int year, month, day;
  *parts = 1;
  if (!cut_digits(s, 4, &year) || year == 0) return false;
  if (!cut_byte(s, '-')) return true;
  if (!cut_digits(s, 2, &month) || month < 1 || month > 12) return false;
  *parts = 2;
  if (!cut_byte(s, '-')) return true;
  if (!cut_digits(s, 2, &day) || day < 1 || day > days_in(year, month)) return false;
  *parts = 3;
  return true;
}

static bool cut_time(struct str *s) {
  int hour, minute, second;
  if (!cut_digits(s, 2, &hour) || !cut_byte(s, ':') || !cut_digits(s, 2, &minute) || !cut_byte(s, ':')) return false;
  if (!cut_digits(s, 2, &second) || hour > 23 || minute > 59 || second > 60) return false;
  if (!cut_byte(s, '.')) return true;
  size_t n = 0;
  while (n < s->n && digit(s->p[n])) n++;
  *s = str_sub(*s, n, s->n);
  return n > 0;
}

static bool cut_zone(struct str *s) {
  int hour, minute;
  if (cut_byte(s, 'Z')) return true;
  if (!cut_byte(s, '+') && !cut_byte(s, '-')) return false;
  return cut_digits(s, 2, &hour) && cut_byte(s, ':') && cut_digits(s, 2, &minute) && hour <= 14 && minute <= 59;
}

static bool is_date(struct str s) {
  int parts;
  return cut_date(&s, &parts) && !s.n;
}

static bool is_date_time(struct str s) {
  int parts;
  if (!cut_date(&s, &parts)) return false;
  if (!s.n) return true;
  return parts == 3 && cut_byte(&s, 'T') && cut_time(&s) && cut_zone(&s) && !s.n;
}

static bool is_instant(struct str s) {
  return str_index(s, 'T') != SIZE_MAX && is_date_time(s);
}

static bool is_time(struct str s) {
  return cut_time(&s) && !s.n;
}

static bool is_boolean(struct str s) {
  return str_eqz(s, "true") || str_eqz(s, "false");
}

static bool is_whole(struct str s, int64_t min) {
  int64_t v;
  if (s.n > 1 && s.p[0] == '0') return false;
  return s.n && s.p[0] != '+' && str_int(s, &v) && v >= min && v <= INT32_MAX;
}

static bool is_integer(struct str s) {
  return is_whole(s, INT32_MIN);
}

static bool is_unsigned(struct str s) {
  return is_whole(s, 0);
}

static bool is_positive(struct str s) {
  return is_whole(s, 1);
}

static size_t run_of_digits(struct str *s) {
  size_t n = 0;
  while (n < s->n && digit(s->p[n])) n++;
  *s = str_sub(*s, n, s->n);
  return n;
}

static bool is_decimal(struct str s) {
  cut_byte(&s, '-');
  bool zero = s.n && s.p[0] == '0';
  size_t n = run_of_digits(&s);
  if (n == 0 || (zero && n > 1)) return false;
  if (cut_byte(&s, '.') && run_of_digits(&s) == 0) return false;
  if (s.n && (s.p[0] | 32) == 'e') {
    s = str_sub(s, 1, s.n);
    if (!cut_byte(&s, '+')) cut_byte(&s, '-');
    if (run_of_digits(&s) == 0) return false;
  }
  return !s.n;
}

static bool is_id(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '.') return false;
  return s.n >= 1 && s.n <= 64;
}

static bool is_dotted(struct str s) {
  if (!s.n || s.p[0] < '0' || s.p[0] > '2') return false;
  size_t arcs = 0;
  while (s.n) {
    struct str arc = str_cut(&s, '.');
    for (size_t i = 0; i < arc.n; i++)
      if (!digit(arc.p[i])) return false;
    if (!arc.n || (arc.n > 1 && arc.p[0] == '0')) return false;
    arcs++;
  }
  return arcs > 1;
}

static bool is_oid(struct str s) {
  struct str head = STR("urn:oid:");
  return str_starts(s, head) && is_dotted(str_sub(s, head.n, s.n));
}

static bool is_bare_uuid(struct str s) {
  if (s.n != 36) return false;
  for (size_t i = 0; i < s.n; i++) {
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? s.p[i] != '-' : !hex(s.p[i])) return false;
  }
  return true;
}

static bool is_uuid(struct str s) {
  struct str head = STR("urn:uuid:");
  return str_starts(s, head) && is_bare_uuid(str_sub(s, head.n, s.n));
}

static bool is_uri(struct str s) {
  if (str_starts(s, STR("urn:oid:")) && !is_oid(s)) return false;
  if (str_starts(s, STR("urn:uuid:")) && !is_uuid(s)) return false;
  if (str_starts(s, STR("oid:")) || str_starts(s, STR("uuid:"))) return false;
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] <= ' ') return false;
  return true;
}

/* FHIR R4, 2.24.0.1: absolute, or "#" and the id of a contained resource. */
static bool is_canonical(struct str s) {
  size_t colon = str_index(s, ':'), slash = str_index(s, '/');
  bool absolute = colon != SIZE_MAX && colon > 0 && (slash == SIZE_MAX || colon < slash);
  return is_uri(s) && (absolute || (s.n && s.p[0] == '#'));
}

static bool is_code(struct str s) {
  if (!s.n || s.p[0] == ' ' || s.p[s.n - 1] == ' ') return false;
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c < ' ' || (c == ' ' && s.p[i + 1] == ' ')) return false;
  }
  return true;
}

static bool blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool is_base64(struct str s) {
  size_t n = 0, pad = 0;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (blank(c)) continue;
    if (c == '=')
      pad++;
    else if (pad || !(ascii_is_alnum(c) || c == '+' || c == '/'))
      return false;
    n++;
  }
  return n % 4 == 0 && pad <= 2;
}

/* Bytes that base64 text stands for. */
static size_t base64_bytes(struct str s) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) n += !blank(s.p[i]) && s.p[i] != '=';
  return n * 3 / 4;
}

/* Attachment.size is that of the data before it was encoded (FHIR R4, 2.24.0.9). */
void check_attachment(struct checker *k, const struct node *n) {
  const struct node *size = node_child(n, "size"), *data = node_child(n, "data");
  int64_t said;
  if (!size || !data || !str_int(size->text, &said) || !is_base64(data->text)) return;
  size_t bytes = base64_bytes(data->text);
  if (said != (int64_t)bytes) CHECK(k, PROFILE_ATTACHMENT_SIZE, n, NULL, size->text, arena_printf(k->a, "%zu", bytes));
}

static bool is_string(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] < ' ' && !blank(s.p[i])) return false;
  return s.n <= STRING_MAX;
}

static const struct {
  const char *type;
  bool (*fits)(struct str);
  struct said form; /* what is expected */
} formats[] = {
    {"boolean", is_boolean, {STR_INIT("true or false"), STR_INIT("true eller false")}},
    {"integer", is_integer, {STR_INIT("a whole number of 32 bits"), STR_INIT("et heltal på 32 bit")}},
    {"unsignedInt",
     is_unsigned,
     {STR_INIT("a whole number from 0 to 2147483647"), STR_INIT("et heltal fra 0 til 2147483647")}},
    {"positiveInt",
     is_positive,
     {STR_INIT("a whole number from 1 to 2147483647"), STR_INIT("et heltal fra 1 til 2147483647")}},
    {"decimal", is_decimal, {STR_INIT("a decimal number with a point"), STR_INIT("et decimaltal med punktum")}},
    {"date", is_date, {STR_INIT("YYYY, YYYY-MM or YYYY-MM-DD"), STR_INIT("ÅÅÅÅ, ÅÅÅÅ-MM eller ÅÅÅÅ-MM-DD")}},
    {"dateTime",
     is_date_time,
     {STR_INIT("YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss+zz:zz (with a time zone)"),
      STR_INIT("ÅÅÅÅ, ÅÅÅÅ-MM, ÅÅÅÅ-MM-DD eller ÅÅÅÅ-MM-DDTtt:mm:ss+zz:zz (tidszone kræves)")}},
    {"instant",
     is_instant,
     {STR_INIT("YYYY-MM-DDThh:mm:ss.sss+zz:zz (with a time zone)"),
      STR_INIT("ÅÅÅÅ-MM-DDTtt:mm:ss.sss+zz:zz (tidszone kræves)")}},
    {"time", is_time, {STR_INIT("hh:mm:ss"), STR_INIT("tt:mm:ss")}},
    {"id",
     is_id,
     {STR_INIT("1 to 64 of A-Z, a-z, 0-9, - and ."), STR_INIT("1 til 64 tegn blandt A-Z, a-z, 0-9, - og .")}},
    {"oid", is_oid, {STR_INIT("urn:oid: and numbers with points"), STR_INIT("urn:oid: og tal adskilt af punktummer")}},
    {"uuid", is_uuid, {STR_INIT("urn:uuid: and a UUID"), STR_INIT("urn:uuid: og et UUID")}},
    {"uri", is_uri, {STR_INIT("a URI without blanks"), STR_INIT("en URI uden blanke tegn")}},
    {"url", is_uri, {STR_INIT("a URL without blanks"), STR_INIT("en URL uden blanke tegn")}},
    {"canonical",
     is_canonical,
     {STR_INIT("an absolute URL without blanks, or #id"), STR_INIT("en absolut URL uden blanke tegn eller #id")}},
    {"code",
     is_code,
     {STR_INIT("no blanks at the ends, and single ones within"),
      STR_INIT("ingen blanke tegn i enderne og kun enkelte indeni")}},
    {"base64Binary", is_base64, {STR_INIT("base64"), STR_INIT("base64")}},
    {"string", is_string, {STR_INIT("text without control characters"), STR_INIT("tekst uden kontroltegn")}},
    {"markdown", is_string, {STR_INIT("text without control characters"), STR_INIT("tekst uden kontroltegn")}},
};

static void check_format(struct checker *k, const struct node *n, struct str type) {
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    if (!str_eqz(type, formats[i].type)) continue;
    if (!formats[i].fits(n->text))
      CHECK_SAID(k, PROFILE_FORMAT, n, NULL, said_same(type), said_same(value_text(k->a, n)), formats[i].form);
    return;
  }
}

static void check_json_kind(struct checker *k, const struct node *n, struct str type) {
  enum node_kind kind = shapes_json_kind(type);
  if (k->form == RESOURCE_JSON && n->kind != kind && n->kind != NODE_NULL)
    CHECK(k, PROFILE_JSON_TYPE, n, NULL, type, str_z(node_kind_name(kind)), str_z(node_kind_name(n->kind)));
}

static bool is_resource_id(const struct node *n) {
  return n->parent && n->parent->type.n && str_eqz(n->name, "id");
}

static void check_blanks(struct checker *k, const struct node *n, struct str type) {
  if (!str_eqz(type, "string") && !str_eqz(type, "code") && !str_eqz(type, "uri")) return;
  if (str_trim(n->text).n == 0)
    CHECK(k, PROFILE_EMPTY, n, NULL, n->name);
  else if (str_eqz(type, "string") && str_trim(n->text).n != n->text.n)
    CHECK(k, PROFILE_BLANKS, n, NULL, n->name);
}

/* Hosts that stand for nothing real (RFC 2606). A published resource must not name them; a message in a test may. */
static void check_example_url(struct checker *k, const struct node *n, struct str type) {
  static const char *const hosts[] = {"://example.org", ".example.org", NULL};
  if (!str_eqz(type, "url")) return;
  for (size_t i = 0; hosts[i]; i++)
    if (str_find(n->text, str_z(hosts[i]), 0) != SIZE_MAX) {
      struct finding *f = CHECK(k, PROFILE_EXAMPLE_URL, n, NULL, n->text);
      if (f && k->in_run) f->severity = SEV_WARNING;
      return;
    }
}

void check_primitive(struct checker *k, const struct node *n, struct str type) {
  if (n->kind == NODE_NULL || n->kind == NODE_OBJECT) return;
  check_json_kind(k, n, type);
  if (!n->text.n) {
    CHECK(k, PROFILE_EMPTY, n, NULL, n->name);
    return;
  }
  check_blanks(k, n, type);
  check_example_url(k, n, type);
  if (is_resource_id(n) && !is_id(n->text))
    CHECK(k, PROFILE_ID, n, NULL, n->text);
  else
    check_format(k, n, type);
}
