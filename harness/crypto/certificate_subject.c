/* Distinguished names as text (RFC 4514), compared as RFC 4517 wants it of names: in case and blanks they may differ.
 * Some write them back to front, as they stand in the certificate. */
#include "crypto/certificate_int.h"

#include <openssl/err.h>
#include <stdlib.h>

#define DN_PARTS_MAX 64
#define DN_OID_MAX 128
#define HEX_DIGITS 16

struct dn_part {
  struct str type;        /* as a dotted number */
  struct str text, value; /* as it stands, without its escapes; in lower case, blanks squeezed */
  size_t level;           /* parts joined by '+' share one */
};

struct dn {
  struct arena *arena;
  struct str rest;
  struct dn_part parts[DN_PARTS_MAX];
  size_t n, level;
};

/* ---- types ---- */

/* The names of RFC 4514, section 3, and those that certificates of systems have: in any case, unlike OpenSSL's. */
static const char *oid_known(struct str type) {
  static const struct {
    const char *name, *oid;
  } known[] = {{"CN", "2.5.4.3"},
               {"L", "2.5.4.7"},
               {"ST", "2.5.4.8"},
               {"O", "2.5.4.10"},
               {"OU", "2.5.4.11"},
               {"C", "2.5.4.6"},
               {"STREET", "2.5.4.9"},
               {"DC", "0.9.2342.19200300.100.1.25"},
               {"UID", "0.9.2342.19200300.100.1.1"},
               {"serialNumber", "2.5.4.5"},
               {"organizationIdentifier", "2.5.4.97"},
               {"givenName", "2.5.4.42"},
               {"GN", "2.5.4.42"},
               {"surname", "2.5.4.4"},
               {"SN", "2.5.4.4"},
               {"emailAddress", "1.2.840.113549.1.9.1"},
               {"E", "1.2.840.113549.1.9.1"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (str_eq_nocase(type, str_z(known[i].name))) return known[i].oid;
  return NULL;
}

static bool read_type(struct dn *d, struct dn_part *part) {
  if (str_index(d->rest, '=') == SIZE_MAX) return false;
  struct str type = str_trim(str_cut(&d->rest, '='));
  if (str_starts(type, STR("OID.")) || str_starts(type, STR("oid."))) type = str_sub(type, 4, type.n);
  const char *known = oid_known(type);
  char text[DN_OID_MAX];
  if (known) {
    part->type = str_z(known);
    return true;
  }
  ASN1_OBJECT *object = type.n && type.n < DN_OID_MAX ? OBJ_txt2obj(arena_z(d->arena, type), 0) : NULL;
  int n = object ? OBJ_obj2txt(text, sizeof text, object, 1) : -1;
  ASN1_OBJECT_free(object);
  ERR_clear_error();
  if (n <= 0 || n >= DN_OID_MAX) return false;
  part->type = arena_str(d->arena, (struct str){text, (size_t)n});
  return true;
}

/* ---- values ---- */

static int hex_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

static bool hex_pair(struct str s, size_t at, char *out) {
  if (at + 1 >= s.n || hex_of(s.p[at]) < 0 || hex_of(s.p[at + 1]) < 0) return false;
  *out = (char)(hex_of(s.p[at]) * HEX_DIGITS + hex_of(s.p[at + 1]));
  return true;
}

static bool is_separator(char c) {
  return c == ',' || c == ';' || c == '+';
}

/* "#0c03414243": DER of the value. */
static bool read_hex(struct dn *d, struct buf *out) {
  size_t at = 1;
  char byte;
  struct buf der;
  unsigned char *utf8 = NULL;
  buf_init(&der, CERTIFICATE_SUBJECT_MAX);
  for (; hex_pair(d->rest, at, &byte); at += 2) buf_byte(&der, byte);
  const unsigned char *p = (const unsigned char *)der.p;
  ASN1_TYPE *any = der.n ? d2i_ASN1_TYPE(NULL, &p, (long)der.n) : NULL;
  bool is_text = any && any->type != V_ASN1_BOOLEAN && any->type != V_ASN1_OBJECT && any->type != V_ASN1_NULL;
  int n = is_text ? ASN1_STRING_to_UTF8(&utf8, any->value.asn1_string) : -1;
  if (n > 0) buf_add(out, (struct str){(const char *)utf8, (size_t)n});
  OPENSSL_free(utf8);
  ASN1_TYPE_free(any);
  buf_release(&der);
  ERR_clear_error();
  d->rest = str_sub(d->rest, at, d->rest.n);
  return n >= 0;
}

/* One character, escaped or not, from `at` on; where the next stands, SIZE_MAX if it is broken. */
static size_t read_character(struct str s, size_t at, struct buf *out) {
  char byte;
  if (s.p[at] != '\\') {
    buf_byte(out, s.p[at]);
    return at + 1;
  }
  if (hex_pair(s, at + 1, &byte)) {
    buf_byte(out, byte);
    return at + 3;
  }
  if (at + 1 >= s.n) return SIZE_MAX;
  buf_byte(out, s.p[at + 1]);
  return at + 2;
}

static bool read_text(struct dn *d, struct buf *out) {
  bool quoted = d->rest.n && d->rest.p[0] == '"';
  size_t at = quoted ? 1 : 0;
  while (at < d->rest.n && (quoted ? d->rest.p[at] != '"' : !is_separator(d->rest.p[at]))) {
    at = read_character(d->rest, at, out);
    if (at == SIZE_MAX) return false;
  }
  if (quoted && at == d->rest.n) return false;
  d->rest = str_sub(d->rest, quoted ? at + 1 : at, d->rest.n);
  return true;
}

/* Of the letters beyond ASCII the case counts. */
static struct str normal(struct arena *a, struct str s) {
  struct buf b;
  buf_init(&b, CERTIFICATE_SUBJECT_MAX);
  s = str_trim(s);
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (str_is_blank(c) && i && str_is_blank(s.p[i - 1])) continue;
    buf_byte(&b, str_is_blank(c) ? ' ' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
  }
  return buf_take(&b, a);
}

static bool read_value(struct dn *d, struct dn_part *part) {
  struct buf b;
  buf_init(&b, CERTIFICATE_SUBJECT_MAX);
  while (d->rest.n && str_is_blank(d->rest.p[0])) d->rest = str_sub(d->rest, 1, d->rest.n);
  bool good = d->rest.n && d->rest.p[0] == '#' ? read_hex(d, &b) : read_text(d, &b);
  part->text = str_trim(buf_take(&b, d->arena));
  part->value = normal(d->arena, part->text);
  while (d->rest.n && str_is_blank(d->rest.p[0])) d->rest = str_sub(d->rest, 1, d->rest.n);
  return good && part->value.n > 0;
}

/* ---- names ---- */

static bool dn_read(struct dn *d, struct arena *a, struct str text) {
  d->arena = a;
  d->rest = str_trim(text);
  if (!d->rest.n || d->rest.n > CERTIFICATE_SUBJECT_MAX) return false;
  for (;;) {
    if (d->n == DN_PARTS_MAX) return false;
    struct dn_part *part = &d->parts[d->n++];
    part->level = d->level;
    if (!read_type(d, part) || !read_value(d, part)) return false;
    if (!d->rest.n) return true;
    if (!is_separator(d->rest.p[0])) return false;
    if (d->rest.p[0] != '+') d->level++;
    d->rest = str_sub(d->rest, 1, d->rest.n);
  }
}

/* What '+' joins has no order of its own. */
static int part_order(const void *x, const void *y) {
  const struct dn_part *a = x, *b = y;
  if (a->level != b->level) return a->level < b->level ? -1 : 1;
  int types = str_cmp(a->type, b->type);
  return types ? types : str_cmp(a->value, b->value);
}

static void turn(struct dn *d) {
  for (size_t i = 0; i < d->n; i++) d->parts[i].level = d->level - d->parts[i].level;
}

static bool is_same(struct dn *x, struct dn *y) {
  if (x->n != y->n) return false;
  qsort(x->parts, x->n, sizeof *x->parts, part_order);
  qsort(y->parts, y->n, sizeof *y->parts, part_order);
  for (size_t i = 0; i < x->n; i++)
    if (part_order(&x->parts[i], &y->parts[i])) return false;
  return true;
}

bool certificate_subject_same(struct str a, struct str b) {
  struct arena *arena = arena_new_small(0);
  struct dn *x = ARENA_NEW(arena, struct dn), *y = ARENA_NEW(arena, struct dn);
  bool same = dn_read(x, arena, a) && dn_read(y, arena, b);
  if (same && !is_same(x, y)) {
    turn(y);
    same = is_same(x, y);
  }
  arena_free(arena);
  return same;
}

struct str certificate_subject_get(struct arena *a, struct str subject, const char *type) {
  struct dn *d = ARENA_NEW(a, struct dn);
  struct str oid = str_z(oid_known(str_z(type)));
  if (!oid.n) BUG("\"%s\" is no type that names are asked for", type);
  if (!dn_read(d, a, subject)) return (struct str){0};
  for (size_t i = 0; i < d->n; i++)
    if (str_eq(d->parts[i].type, oid)) return d->parts[i].text;
  return (struct str){0};
}
