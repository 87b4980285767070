#include "diff/semantic.h"
#include "base/clock.h"
#include "mapping/letter.h"

#define SHOWN_MAX 80
#define ITEMS_MAX 1000
#define LOCAL_LEN 16

enum semantic_rule {
  SEMANTIC_MISSING, /* {1} the element, {2} its value */
  SEMANTIC_EXTRA,
  SEMANTIC_VALUE, /* {1} the element, {2} expected, {3} actual; so below */
  SEMANTIC_SYSTEM,
  SEMANTIC_CLOCK,
  SEMANTIC_ZONE,
  SEMANTIC_DIVIDED,
  SEMANTIC_ORDER,
  SEMANTIC_TYPE,      /* {2} expected, {3} actual */
  SEMANTIC_ELSEWHERE, /* {1} the list, {2} of how many the content is not compared */
  SEMANTIC_PARTIAL,   /* {1} what is not compared, {2} the type */
  SEMANTIC_LIMIT,     /* {2} the list, {3} how many */
  SEMANTIC_RULES_N
};

#define SOURCE "testcamp, semantic comparison of letters (fixtures/standards/conversion.yaml)"

static const struct rule rules[SEMANTIC_RULES_N] = {
    [SEMANTIC_MISSING] = {"diff.semantic.missing", SEV_ERROR, SOURCE, "{1} is missing: {2}", "{1} mangler: {2}"},
    [SEMANTIC_EXTRA] = {"diff.semantic.extra", SEV_ERROR, SOURCE, "{1} is not expected: {2}",
                        "{1} er ikke ventet: {2}"},
    [SEMANTIC_VALUE] = {"diff.semantic.value", SEV_ERROR, SOURCE, "{1}: expected {2}, found {3}",
                        "{1}: ventet {2}, fundet {3}"},
    [SEMANTIC_SYSTEM] = {"diff.semantic.system", SEV_ERROR, SOURCE,
                         "{1}: the code is right, the system is not: expected {2}, found {3}",
                         "{1}: koden er rigtig, men systemet ikke: ventet {2}, fundet {3}"},
    [SEMANTIC_CLOCK] = {"diff.semantic.clock", SEV_ERROR, SOURCE,
                        "{1}: the clock time was taken over without its zone: {2} is not {3} in Danish time",
                        "{1}: klokkeslættet er overført uden tidszone: {2} er ikke {3} i dansk tid"},
    [SEMANTIC_ZONE] = {"diff.semantic.zone", SEV_INFO, SOURCE, "{1}: the same instant in another zone: {2}, {3}",
                       "{1}: samme tidspunkt i en anden tidszone: {2}, {3}"},
    [SEMANTIC_DIVIDED] = {"diff.semantic.divided", SEV_INFO, SOURCE,
                          "the same text, divided otherwise: {2} sections, {3} sections",
                          "samme tekst, delt på anden måde: {2} afsnit, {3} afsnit"},
    [SEMANTIC_ORDER] = {"diff.semantic.order", SEV_INFO, SOURCE, "{1}: differs only in order",
                        "{1}: adskiller sig kun i rækkefølge"},
    [SEMANTIC_TYPE] = {"diff.semantic.type", SEV_ERROR, SOURCE,
                       "the letters are of types that have nothing to do with each other: {2}, {3}",
                       "brevene er af typer, der ikke har noget med hinanden at gøre: {2}, {3}"},
    [SEMANTIC_ELSEWHERE] =
        {"diff.semantic.elsewhere", SEV_UNDECIDED, SOURCE,
         "what is attached comes in letters of its own, which are not here; of {2} the content is not "
         "compared",
         "det vedhæftede kommer i egne breve, som ikke er her; indholdet af {2} er ikke sammenlignet"},
    [SEMANTIC_PARTIAL] = {"diff.semantic.partial", SEV_UNDECIDED, SOURCE, "of a {2} this is not compared: {1}",
                          "af {2} sammenlignes ikke: {1}"},
    [SEMANTIC_LIMIT] = {"diff.semantic.limit", SEV_UNDECIDED, SOURCE, "more than {3} items are not compared: {2}",
                        "flere end {3} forekomster sammenlignes ikke: {2}"},
};
const struct rule *const semantic_rule_table = rules;
const size_t semantic_rule_table_n = SEMANTIC_RULES_N;

struct compare {
  struct findings *f;
  const struct correspondence *expected, *actual;
  size_t n, elsewhere; /* differences; attachments whose content is in a letter that is not here */
};

/* ---- telling ---- */

static struct str shown(struct arena *a, struct str s) {
  bool cut = s.n > SHOWN_MAX;
  if (cut) s = str_sub(s, 0, SHOWN_MAX);
  while (s.n && ((unsigned char)s.p[s.n - 1] & 0xc0) == 0x80 && cut) s.n--;
  if (cut && s.n && (unsigned char)s.p[s.n - 1] >= 0xc0) s.n--;
  return arena_printf(a, "\"%.*s%s\"", STR_F(s), cut ? "..." : "");
}

static void tell(struct compare *c, enum semantic_rule rule, const struct mapping_row *row,
                 const struct mapping_element *e, const struct mapping_element *x, struct str first,
                 struct str second) {
  struct place where = x ? element_place(c->actual, x) : (struct place){.message = c->actual->names.v[0]};
  struct said args[] = {
      {row ? row->en : STR("letter"), row ? row->da : STR("brev")}, said_same(first), said_same(second)};
  struct finding *f = findings_add_said(c->f, &rules[rule], where, 3, args);
  c->n += rules[rule].severity >= SEV_UNDECIDED;
  if (!f) return;
  f->other = e ? element_place(c->expected, e) : (struct place){.message = c->expected->names.v[0]};
  f->other.message = arena_str(c->f->arena, f->other.message);
  f->other.path = arena_str(c->f->arena, f->other.path);
  if (row && row->assumption) f->source = arena_str(c->f->arena, row->source);
}

/* ---- one element ---- */

static bool both_legacy(const struct compare *c) {
  return c->expected->format != MAPPING_FHIR && c->actual->format != MAPPING_FHIR;
}

static bool both_fhir(const struct compare *c) {
  return c->expected->format == MAPPING_FHIR && c->actual->format == MAPPING_FHIR;
}

static bool comparable(const struct compare *c, const struct mapping_row *row) {
  if (!row->at[c->expected->format].n || !row->at[c->actual->format].n) return false;
  if (!mapping_row_is_for(row, c->expected->type) || !mapping_row_is_for(row, c->actual->type)) return false;
  return !row->technical || both_legacy(c) || both_fhir(c);
}

static bool has_zone(struct str literal) {
  int64_t ms;
  bool zone;
  return time_parse(literal, &ms, &zone) && zone;
}

/* "2026-01-05T10:00Z" was written "10:00", or the other way round. */
static bool same_clock(const struct mapping_element *e, const struct mapping_element *x) {
  return (has_zone(e->literal) || has_zone(x->literal)) && e->literal.n >= LOCAL_LEN && x->literal.n >= LOCAL_LEN &&
         str_eq(str_sub(e->literal, 0, LOCAL_LEN), str_sub(x->literal, 0, LOCAL_LEN));
}

/* Equal, but one of the two is not in Danish time. */
static bool other_zone(const struct mapping_element *e, const struct mapping_element *x) {
  return e->literal.n >= LOCAL_LEN && x->literal.n >= LOCAL_LEN &&
         !str_eq(str_sub(e->literal, 0, LOCAL_LEN), str_sub(x->literal, 0, LOCAL_LEN));
}

static void compare_times(struct compare *c, const struct mapping_element *e, const struct mapping_element *x) {
  bool equal = str_eq(e->value, x->value);
  if (equal && other_zone(e, x)) tell(c, SEMANTIC_ZONE, e->row, e, x, e->literal, x->literal);
  if (equal) return;
  tell(c, same_clock(e, x) ? SEMANTIC_CLOCK : SEMANTIC_VALUE, e->row, e, x, e->literal, x->literal);
}

/* Several values of OIOXML may be one in EDIFACT. */
static bool same_code(const struct mapping_element *e, const struct mapping_element *x) {
  struct str code = mapping_code_text(e->row->codes, MAPPING_EDIFACT, e->value);
  return code.n && str_eq(code, mapping_code_text(x->row->codes, MAPPING_EDIFACT, x->value));
}

static void compare_elements(struct compare *c, const struct mapping_element *e, const struct mapping_element *x) {
  struct arena *a = c->f->arena;
  if (e->row->as == AS_TIME) {
    compare_times(c, e, x);
    return;
  }
  if (!str_eq(e->value, x->value) && !same_code(e, x)) {
    tell(c, SEMANTIC_VALUE, e->row, e, x, shown(a, e->value), shown(a, x->value));
    return;
  }
  if (e->system.n && x->system.n && !str_eq(e->system, x->system))
    tell(c, SEMANTIC_SYSTEM, e->row, e, x, e->system, x->system);
}

/* One of the two leaves out what is so anyway. */
static bool is_default(const struct mapping_row *row, const struct mapping_element *one) {
  return row->missing.n && str_eq(one->value, row->missing);
}

/* What is attached to an XDIS91 comes in letters of its own. */
static bool objects_elsewhere(const struct compare *c, const struct mapping_row *row) {
  return row->as == AS_DATA && (str_eqz(c->expected->type, "DIS91") || str_eqz(c->actual->type, "DIS91"));
}

static void compare_at(struct compare *c, const struct mapping_row *row, size_t ge, size_t gx) {
  const struct mapping_element *e = correspondence_item(c->expected, row, ge),
                               *x = correspondence_item(c->actual, row, gx);
  if (e && x)
    compare_elements(c, e, x);
  else if (row->optional || objects_elsewhere(c, row))
    c->elsewhere += (e || x) && !row->optional;
  else if (e && !is_default(row, e))
    tell(c, SEMANTIC_MISSING, row, e, NULL, shown(c->f->arena, e->value), (struct str){0});
  else if (x && !is_default(row, x))
    tell(c, SEMANTIC_EXTRA, row, NULL, x, shown(c->f->arena, x->value), (struct str){0});
}

/* FHIR has one name where the others have three. */
static struct str whole_name(struct arena *a, const struct correspondence *c, const char *party) {
  static const char *const parts[] = {"organisation", "department", "unit"};
  struct buf b;
  buf_init(&b, 4096);
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    struct str s = correspondence_value(c, arena_printf(a, "%s.%s", party, parts[i]).p, 0);
    if (s.n && b.n) buf_addz(&b, ", ");
    buf_add(&b, s);
  }
  return buf_take(&b, a);
}

static bool same_name(const struct compare *c, const struct mapping_row *row) {
  struct arena *a = c->f->arena;
  if (both_legacy(c) || both_fhir(c) || !str_ends(row->key, STR(".organisation"))) return false;
  const char *party = arena_z(a, str_sub(row->key, 0, str_index(row->key, '.')));
  return str_eq(whole_name(a, c->expected, party), whole_name(a, c->actual, party));
}

/* ---- lists ---- */

/* The lines that are not empty. */
static void put_lines(struct buf *b, struct str text) {
  while (text.n) {
    struct str line = str_trim(str_cut(&text, '\n'));
    if (!line.n) continue;
    if (b->n) buf_byte(b, '\n');
    buf_add(b, line);
  }
}

/* The whole text; of a CareCommunication that is compared with a legacy letter as a conversion writes it. */
static struct str joined(struct arena *a, const struct correspondence *c, bool as_legacy) {
  struct letter l;
  struct buf b;
  buf_init(&b, (size_t)16 << 20);
  letter_of(&l, a, c, NULL);
  if (as_legacy && c->format == MAPPING_FHIR)
    for (size_t i = 0; i < l.texts.n; i++) put_lines(&b, l.texts.v[i]);
  else
    for (size_t i = 0, n = correspondence_count(c, "text"); i < n; i++)
      put_lines(&b, correspondence_value(c, "text.content", i));
  return buf_take(&b, a);
}

/* Sections may be cut elsewhere: what counts is the text. True if nothing more is to be compared. */
static bool compare_texts(struct compare *c, size_t ne, size_t nx) {
  struct arena *a = c->f->arena;
  bool mixed = !both_legacy(c) && !both_fhir(c);
  if (ne == nx && !mixed) return false;
  const struct mapping_element *e = correspondence_get(c->expected, "text.content"),
                               *x = correspondence_get(c->actual, "text.content");
  struct str expected = joined(a, c->expected, mixed), actual = joined(a, c->actual, mixed);
  if (!str_eq(expected, actual)) {
    if (!mixed) return false;
    tell(c, SEMANTIC_VALUE, conversion_row(c->expected->rules, STR("text.content")), e, x, shown(a, expected),
         shown(a, actual));
    return true;
  }
  if (ne != nx) tell(c, SEMANTIC_DIVIDED, NULL, e, x, arena_printf(a, "%zu", ne), arena_printf(a, "%zu", nx));
  return true;
}

/* How much two items have in common. */
static int likeness(const struct compare *c, const struct mapping_list *list, size_t ge, size_t gx) {
  const struct conversion_rules *r = c->expected->rules;
  int n = 0;
  for (size_t i = 0; i < r->rows.n; i++) {
    const struct mapping_row *row = r->rows.v[i];
    if (row->list != list || !comparable(c, row)) continue;
    const struct mapping_element *e = correspondence_item(c->expected, row, ge),
                                 *x = correspondence_item(c->actual, row, gx);
    if (e && x && str_eq(e->value, x->value)) n += row->as == AS_DATA || row->as == AS_UUID ? 100 : 1;
  }
  return n;
}

/* The partner of each expected item: of an ordered list that of the same number. */
static void pair(const struct compare *c, const struct mapping_list *list, size_t ne, size_t nx, size_t *partner,
                 bool *taken) {
  for (size_t i = 0; i < ne; i++) {
    int best = 0;
    partner[i] = SIZE_MAX;
    if (!list->unordered) {
      partner[i] = i < nx ? i : SIZE_MAX;
    } else {
      for (size_t k = 0; k < nx; k++) {
        int n = taken[k] ? 0 : likeness(c, list, i, k);
        if (n > best) partner[i] = k, best = n;
      }
    }
    if (partner[i] != SIZE_MAX) taken[partner[i]] = true;
  }
  for (size_t i = 0; i < ne; i++)
    for (size_t k = 0; partner[i] == SIZE_MAX && k < nx; k++)
      if (!taken[k]) taken[partner[i] = k] = true;
}

static void compare_items(struct compare *c, const struct mapping_list *list, size_t ge, size_t gx) {
  const struct conversion_rules *r = c->expected->rules;
  for (size_t i = 0; i < r->rows.n; i++)
    if (r->rows.v[i]->list == list && comparable(c, r->rows.v[i])) compare_at(c, r->rows.v[i], ge, gx);
}

static const struct mapping_row *row_of(const struct compare *c, const struct mapping_list *list) {
  for (size_t i = 0; i < c->expected->rules->rows.n; i++)
    if (c->expected->rules->rows.v[i]->list == list) return c->expected->rules->rows.v[i];
  return NULL;
}

static void tell_order(struct compare *c, const struct mapping_list *list) {
  struct mapping_row said = {.en = list->en, .da = list->da};
  const char *key = arena_z(c->f->arena, row_of(c, list)->key);
  tell(c, SEMANTIC_ORDER, &said, correspondence_get(c->expected, key), correspondence_get(c->actual, key),
       (struct str){0}, (struct str){0});
}

/* An attachment of an earlier message, which a legacy letter names in its text. */
static bool is_named_only(const struct compare *c, const struct mapping_list *list, const struct correspondence *of,
                          size_t i) {
  return !both_fhir(c) && str_eqz(list->name, "attachment") && !letter_sends(of, i);
}

static void compare_paired(struct compare *c, const struct mapping_list *list, size_t ne, size_t nx) {
  struct arena *a = c->f->arena;
  size_t before = c->n, *partner = ARENA_ARRAY(a, size_t, ne + 1), last = 0;
  bool *taken = ARENA_ARRAY(a, bool, nx + 1), moved = false;
  pair(c, list, ne, nx, partner, taken);
  for (size_t i = 0; i < ne; i++) {
    if (partner[i] == SIZE_MAX && is_named_only(c, list, c->expected, i)) continue;
    compare_items(c, list, i, partner[i]);
    if (partner[i] == SIZE_MAX) continue;
    moved |= partner[i] < last;
    last = partner[i];
  }
  for (size_t k = 0; k < nx; k++)
    if (!taken[k] && !is_named_only(c, list, c->actual, k)) compare_items(c, list, SIZE_MAX, k);
  if (moved && c->n == before) tell_order(c, list);
}

static void compare_lists(struct compare *c, const struct mapping_list *list) {
  const char *name = arena_z(c->f->arena, list->name);
  size_t ne = correspondence_count(c->expected, name), nx = correspondence_count(c->actual, name);
  if (!list->at[c->expected->format].n || !list->at[c->actual->format].n) return;
  if (ne > ITEMS_MAX || nx > ITEMS_MAX) {
    tell(c, SEMANTIC_LIMIT, NULL, NULL, NULL, list->name, arena_printf(c->f->arena, "%d", ITEMS_MAX));
    return;
  }
  if (str_eqz(list->name, "text") && compare_texts(c, ne, nx)) return;
  compare_paired(c, list, ne, nx);
}

/* Types that say the same kind of thing. */
static struct str family_of(struct str type) {
  static const char *const families[][2] = {{"CareCommunication", "DIS91"},
                                            {"DIS90", "DIS91"},
                                            {"BIN01", "DIS91"},
                                            {"Acknowledgement", "CTL"},
                                            {"CTL01", "CTL"},
                                            {"CTL02", "CTL"},
                                            {"CTL03", "CTL"},
                                            {"DIS20", "stay"},
                                            {"DIS17", "stay"},
                                            {"HospitalNotification", "stay"}};
  for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
    if (str_eqz(type, families[i][0])) return str_z(families[i][1]);
  return type;
}

/* What has no rows may differ, and nobody would see it. */
static void tell_partial(struct compare *c) {
  const struct correspondence *sides[] = {c->actual, c->expected};
  for (size_t i = 0; i < 2; i++) {
    const struct mapping_partial *p = conversion_partial(c->expected->rules, sides[i]->type);
    if (!p) continue;
    struct mapping_row said = {.en = p->en, .da = p->da};
    tell(c, SEMANTIC_PARTIAL, &said, NULL, NULL, sides[i]->type, (struct str){0});
    return;
  }
}

size_t diff_semantic(struct findings *f, const struct correspondence *expected, const struct correspondence *actual) {
  struct compare c = {.f = f, .expected = expected, .actual = actual};
  const struct conversion_rules *r = expected->rules;
  if (!str_eq(family_of(expected->type), family_of(actual->type))) {
    tell(&c, SEMANTIC_TYPE, NULL, NULL, NULL, expected->type, actual->type);
    return c.n;
  }
  for (size_t i = 0; i < r->rows.n; i++)
    if (!r->rows.v[i]->list && comparable(&c, r->rows.v[i]) && !same_name(&c, r->rows.v[i]))
      compare_at(&c, r->rows.v[i], 0, 0);
  for (size_t i = 0; i < r->lists.n; i++) compare_lists(&c, r->lists.v[i]);
  tell_partial(&c);
  if (c.elsewhere)
    tell(&c, SEMANTIC_ELSEWHERE, NULL, NULL, NULL, arena_printf(f->arena, "%zu", c.elsewhere), (struct str){0});
  return c.n;
}
