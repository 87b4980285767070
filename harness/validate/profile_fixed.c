/* fixed[x], pattern[x], minValue[x], maxValue[x], maxLength (FHIR R4, ElementDefinition). */
#include "base/utf8.h"
#include "validate/profile_int.h"

static bool same_number(struct str x, struct str y) {
  double a, b;
  return str_double(x, &a) && str_double(y, &b) && a >= b && a <= b;
}

static struct str last_segment(struct str url) {
  size_t i = url.n;
  while (i && url.p[i - 1] != '/') i--;
  return str_sub(url, i, url.n);
}

/* A code system that no package here defines, against one of the same name that some package does: packages have been
 * published anew under the same version with the systems at another address (medcom.fhir.dk.messaging 2.0), so which
 * of the two was meant cannot be told from here. */
static bool is_moved_system(struct checker *k, struct str wanted, struct str found) {
  struct str name = last_segment(wanted);
  if (!k || !name.n || name.n == wanted.n || !str_eq(name, last_segment(found))) return false;
  return book_code_system(k->cache->book, found, NULL) && !book_code_system(k->cache->book, wanted, NULL);
}

static bool same_value(struct checker *k, const struct node *wanted, const struct node *found) {
  if (str_eq(wanted->text, found->text)) return true;
  if (wanted->kind == NODE_NUMBER && found->kind == NODE_NUMBER) return same_number(wanted->text, found->text);
  return is_moved_system(k, wanted->text, found->text);
}

static size_t children_n(const struct node *n) {
  return n->count;
}

/* The value itself is named fixedX in the definition: only what is below has to have the same names. */
bool value_is_fixed(struct checker *k, const struct node *value, const struct node *n) {
  if (!same_value(k, value, n) || children_n(value) != children_n(n)) return false;
  for (NODE_EACH(c, value)) {
    size_t at = node_index(c);
    const struct node *other = node_child_str(n, c->name);
    while (other && at--) other = node_again(other);
    if (!other || !value_is_fixed(k, c, other)) return false;
  }
  return true;
}

/* Each item of a repeating element in the pattern must fit one item here, whatever their order. */
bool value_fits_pattern(struct checker *k, const struct node *pattern, const struct node *n) {
  if (pattern->text.n && !same_value(k, pattern, n)) return false;
  for (NODE_EACH(c, pattern)) {
    const struct node *other = node_child_str(n, c->name);
    while (other && !value_fits_pattern(k, c, other)) other = node_again(other);
    if (!other) return false;
  }
  return true;
}

/* --- limits --------------------------------------------------------------------- */

/* Below, at or above 0; false if the two cannot be compared here. Dates of one precision compare as text. */
static bool compare(struct str x, struct str y, int *sign) {
  double a, b;
  if (str_double(x, &a) && str_double(y, &b)) {
    *sign = a < b ? -1 : a > b;
    return true;
  }
  if (x.n != y.n) return false;
  *sign = str_cmp(x, y);
  return true;
}

static struct str comparable(const struct node *n) {
  const struct node *value = n->first ? node_child(n, "value") : NULL;
  return value ? value->text : n->text;
}

static bool same_unit(const struct node *limit, const struct node *n) {
  struct str x = node_text_at(limit, "code"), y = node_text_at(n, "code");
  return !x.n || str_eq(x, y);
}

static void check_limit(struct checker *k, const struct node *n, const struct schema_element *e,
                        const struct element_value *limit, int wrong, enum profile_rule rule) {
  int sign;
  if (!limit->node || !same_unit(limit->node, n)) return;
  if (!compare(comparable(n), comparable(limit->node), &sign)) return;
  if ((sign < 0) == (wrong < 0) && sign != 0) CHECK(k, rule, n, e, value_text(k->a, n), value_text(k->a, limit->node));
}

static size_t characters(struct str s) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
  return n;
}

/* Extension minLength of the element's definition. */
#define MIN_LENGTH "http://hl7.org/fhir/StructureDefinition/minLength"

static const struct node *definition_extension(const struct node *n, const char *url) {
  for (const struct node *x = node_child(n, "extension"); x; x = node_again(x))
    if (str_eqz(node_text_at(x, "url"), url)) return x;
  return NULL;
}

static void check_length(struct checker *k, const struct node *n, const struct schema_element *e) {
  int64_t min;
  size_t length = characters(n->text);
  if (e->def->max_length > 0 && length > (size_t)e->def->max_length)
    CHECK(k, PROFILE_MAX_LENGTH, n, e, arena_printf(k->a, "%zu", length),
          arena_printf(k->a, "%lld", (long long)e->def->max_length));
  const struct node *x = definition_extension(e->def->node, MIN_LENGTH);
  if (x && str_int(node_text_at(x, "valueInteger"), &min) && (int64_t)length < min)
    CHECK(k, PROFILE_MIN_LENGTH, n, e, arena_printf(k->a, "%zu", length), arena_printf(k->a, "%lld", (long long)min));
}

/* R5's mustHaveValue and valueAlternatives come to R4 as extensions. */
static void check_must_have_value(struct checker *k, const struct node *n, const struct schema_element *e) {
  static const char must[] = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.mustHaveValue";
  static const char other[] =
      "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.valueAlternatives";
  if (n->text.n) return;
  const struct node *x = definition_extension(e->def->node, must);
  if (x && str_eqz(node_text_at(x, "valueBoolean"), "true")) CHECK(k, PROFILE_VALUE_NEEDED, n, e, e->def->path);
  x = definition_extension(e->def->node, other);
  if (!x) return;
  for (const struct node *i = node_child(n, "extension"); i; i = node_again(i))
    for (const struct node *v = definition_extension(e->def->node, other); v; v = node_again(v))
      if (str_eq(node_text_at(v, "valueCanonical"), node_text_at(i, "url"))) return;
  CHECK(k, PROFILE_VALUE_NEEDED, n, e, e->def->path);
}

static const struct said be = {STR_INIT("be"), STR_INIT("være")};
static const struct said contain = {STR_INIT("contain"), STR_INIT("indeholde")};

static void check_fixed(struct checker *k, const struct node *n, const struct schema_element *e,
                        const struct node *fixed) {
  if (value_is_fixed(NULL, fixed, n)) return;
  enum profile_rule rule = value_is_fixed(k, fixed, n) ? PROFILE_SYSTEM_MOVED : PROFILE_FIXED;
  CHECK(k, rule, n, e, value_text(k->a, n), value_text(k->a, fixed));
}

static void check_pattern(struct checker *k, const struct node *n, const struct schema_element *e,
                          const struct node *pattern) {
  if (value_fits_pattern(NULL, pattern, n)) return;
  if (value_fits_pattern(k, pattern, n))
    CHECK(k, PROFILE_SYSTEM_MOVED, n, e, value_text(k->a, n), value_text(k->a, pattern));
  else
    check_add_said(k, PROFILE_PATTERN, n, e, 3,
                   (struct said[]){said_same(value_text(k->a, n)), said_same(value_text(k->a, pattern)),
                                   pattern->first ? contain : be});
}

void check_values(struct checker *k, const struct node *n, const struct schema_element *e, struct str type) {
  const struct element *d = e->def;
  if (d->fixed.node) check_fixed(k, n, e, d->fixed.node);
  if (d->pattern.node) check_pattern(k, n, e, d->pattern.node);
  check_limit(k, n, e, &d->min_value, -1, PROFILE_MIN_VALUE);
  check_limit(k, n, e, &d->max_value, 1, PROFILE_MAX_VALUE);
  if (type_is_primitive(type) && d->node) {
    if (n->text.n) check_length(k, n, e);
    check_must_have_value(k, n, e);
  }
}
