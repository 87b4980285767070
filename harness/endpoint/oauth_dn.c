/* Distinguished names as RFC 4514 writes them. */
#include "endpoint/oauth.h"

#define PARTS_MAX 32

struct part {
  struct str type, value;
};

struct name {
  struct part v[PARTS_MAX];
  size_t n;
};

static int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Names that one writer gives in letters and another as numbers. */
static struct str type_name(struct str type) {
  static const struct {
    const char *oid, *name;
  } rows[] = {{"2.5.4.3", "CN"},     {"2.5.4.5", "serialNumber"},
              {"2.5.4.6", "C"},      {"2.5.4.7", "L"},
              {"2.5.4.8", "ST"},     {"2.5.4.10", "O"},
              {"2.5.4.11", "OU"},    {"2.5.4.97", "organizationIdentifier"},
              {"commonName", "CN"},  {"organizationName", "O"},
              {"countryName", "C"},  {"organizationalUnitName", "OU"},
              {"localityName", "L"}, {"stateOrProvinceName", "ST"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (str_eq_nocase(type, str_z(rows[i].oid))) return str_z(rows[i].name);
  return type;
}

/* Where the value ends: at the first ',' or '+' that is not escaped. */
static size_t value_end(struct str s, size_t at) {
  bool quoted = false;
  for (; at < s.n; at++) {
    if (s.p[at] == '\\') {
      at++;
      continue;
    }
    if (s.p[at] == '"') quoted = !quoted;
    if (!quoted && (s.p[at] == ',' || s.p[at] == '+')) break;
  }
  return at < s.n ? at : s.n;
}

static struct str unescaped(struct arena *a, struct str s) {
  s = str_trim(s);
  char *z = arena_z(a, s);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    bool last = i + 1 >= s.n;
    if (s.p[i] == '"') continue;
    if (s.p[i] != '\\' || last) {
      z[n++] = s.p[i];
      continue;
    }
    int high = hex(s.p[i + 1]), low = i + 2 < s.n ? hex(s.p[i + 2]) : -1;
    bool pair = high >= 0 && low >= 0;
    z[n++] = pair ? (char)(high * 16 + low) : s.p[i + 1];
    i += pair ? 2 : 1;
  }
  return (struct str){z, n};
}

static bool read_name(struct name *out, struct arena *a, struct str dn) {
  size_t at = 0;
  out->n = 0;
  while (at < dn.n) {
    size_t end = value_end(dn, at);
    struct str value = str_sub(dn, at, end), type = str_trim(str_cut(&value, '='));
    if (out->n == PARTS_MAX || !type.n || str_index(str_sub(dn, at, end), '=') == SIZE_MAX) return false;
    out->v[out->n++] = (struct part){type_name(type), unescaped(a, value)};
    at = end + 1;
  }
  return out->n > 0;
}

static bool same_part(const struct part *x, const struct part *y) {
  return str_eq_nocase(x->type, y->type) && str_eq(x->value, y->value);
}

bool oauth_dn_same(struct arena *a, struct str one, struct str other) {
  struct name x, y;
  if (!read_name(&x, a, one) || !read_name(&y, a, other) || x.n != y.n) return false;
  bool forward = true, backward = true;
  for (size_t i = 0; i < x.n; i++) {
    forward = forward && same_part(&x.v[i], &y.v[i]);
    backward = backward && same_part(&x.v[i], &y.v[x.n - 1 - i]);
  }
  return forward || backward;
}

struct str oauth_dn_get(struct arena *a, struct str dn, const char *type) {
  struct name x;
  if (!read_name(&x, a, dn)) return (struct str){0};
  for (size_t i = 0; i < x.n; i++)
    if (str_eq_nocase(x.v[i].type, str_z(type))) return x.v[i].value;
  return (struct str){0};
}
