#include "base/utf8.h"
#include "standards/skeleton_int.h"

#define TEXT_LINES 5
#define TEXT_LINE 70

/* What is being judged, and where that goes. */
struct judging {
  struct skeleton_match *match;
  struct arena *arena;
  const struct skeleton_place *place;
};

static struct str text_of(const struct node *segment, const struct skeleton_part *p, size_t i) {
  return edifact_text(segment, p->element, p->component + i);
}

static bool code_fits(struct str code, const struct skeleton_part *p, const struct node *segment) {
  for (size_t i = 0; i < p->span; i++)
    if (!str_eq(str_cut(&code, ':'), text_of(segment, p, i))) return false;
  return true;
}

static bool part_is_empty(const struct skeleton_part *p, const struct node *segment) {
  for (size_t i = 0; i < p->span; i++)
    if (text_of(segment, p, i).n) return false;
  return true;
}

static bool codes_hold(const struct skeleton_part *p, const struct node *segment) {
  for (size_t i = 0; i < p->codes->codes.n; i++)
    if (code_fits(p->codes->codes.v[i], p, segment)) return true;
  return false;
}

bool skeleton_part_fits(const struct skeleton_part *p, const struct node *segment) {
  if (p->kind > SKELETON_CODED || (p->optional && part_is_empty(p, segment))) return true;
  return p->kind == SKELETON_CODED ? codes_hold(p, segment) : str_eq(p->text, text_of(segment, p, 0));
}

static bool is_digits(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n > 0;
}

static int number(struct str s, size_t from, size_t n) {
  int out = 0;
  for (size_t i = from; i < from + n; i++) out = out * 10 + (s.p[i] - '0');
  return out;
}

static bool is_day(struct str s) {
  static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int year = number(s, 0, 4), month = number(s, 4, 2), day = number(s, 6, 2);
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] &&
         (leap || month != 2 || day < 29);
}

static bool is_time(struct str s, size_t from) {
  return number(s, from, 2) < 24 && number(s, from + 2, 2) < 60 && (s.n < from + 6 || number(s, from + 4, 2) < 60);
}

/* UN/EDIFACT 2379: 102 CCYYMMDD, 203 with HHMM, 204 with HHMMSS, 401 HHMM, 616 CCYYWW; of 103 nothing but digits. */
static bool date_fits(struct str format, struct str s) {
  if (!is_digits(s)) return false;
  if (str_eqz(format, "102")) return s.n == 8 && is_day(s);
  if (str_eqz(format, "203")) return s.n == 12 && is_day(s) && is_time(s, 8);
  if (str_eqz(format, "204")) return s.n == 14 && is_day(s) && is_time(s, 8);
  if (str_eqz(format, "401")) return s.n == 4 && is_time(s, 0);
  if (str_eqz(format, "616")) return s.n == 6 && number(s, 4, 2) >= 1 && number(s, 4, 2) <= 53;
  return s.n <= 12;
}

static void deviate(const struct judging *j, enum skeleton_deviation_kind kind, const struct skeleton_part *p,
                    size_t element, size_t component) {
  const struct node *at = edifact_element(j->place->segment, element, component);
  if (!at) at = edifact_element(j->place->segment, element, 0);
  skeleton_deviate(j->match, j->arena,
                   (struct skeleton_deviation){.kind = kind,
                                               .node = at ? at : j->place->segment,
                                               .item = j->place->item,
                                               .group = j->match->groups.v[j->place->group].item,
                                               .part = p,
                                               .element = element,
                                               .component = component});
}

static void check_free(const struct judging *j, const struct skeleton_part *p) {
  for (size_t i = 0; i < TEXT_LINES; i++)
    if (utf8_length(text_of(j->place->segment, p, i)) > TEXT_LINE)
      deviate(j, SKELETON_WRONG_TEXT, p, p->element, p->component + i);
}

/* By the format that the next component names; where that is not the one that it must be, that is told already. */
static bool is_wrong_date(const struct judging *j, const struct skeleton_part *p, struct str s) {
  struct str format = text_of(j->place->segment, p, 1);
  return (!format.n || str_eq(format, p->text)) && !date_fits(p->text, s);
}

static void check_value(const struct judging *j, const struct skeleton_part *p) {
  struct str s = text_of(j->place->segment, p, 0);
  enum skeleton_deviation_kind kind = SKELETON_DEVIATIONS_N;
  if (p->kind == SKELETON_FREE) {
    check_free(j, p);
    return;
  }
  if (p->kind == SKELETON_TEXT && p->max && utf8_length(s) > p->max) kind = SKELETON_TOO_LONG;
  if (p->kind == SKELETON_NUMBER && !is_digits(s)) kind = SKELETON_WRONG_NUMBER;
  if (p->kind == SKELETON_DATE && is_wrong_date(j, p, s)) kind = SKELETON_WRONG_DATE;
  if (p->kind == SKELETON_FIXED && !str_eq(p->text, s)) kind = SKELETON_WRONG_FIXED;
  if (p->kind == SKELETON_CODED && !codes_hold(p, j->place->segment)) kind = SKELETON_WRONG_CODE;
  if (kind != SKELETON_DEVIATIONS_N) deviate(j, kind, p, p->element, p->component);
}

static bool element_is_empty(const struct node *segment, size_t element) {
  const struct node *n = edifact_element(segment, element, 0);
  for (NODE_EACH(c, n))
    if (c->text.n) return false;
  return !n || !n->text.n;
}

/* An element may be left out as a whole if what it begins with may be. */
static bool is_left_out(const struct skeleton_item *item, size_t i, const struct node *segment) {
  while (i > 0 && item->parts.v[i - 1].element == item->parts.v[i].element) i--;
  return item->parts.v[i].optional && element_is_empty(segment, item->parts.v[i].element);
}

static bool is_covered(const struct skeleton_item *item, size_t element, size_t component) {
  for (size_t i = 0; i < item->parts.n; i++) {
    const struct skeleton_part *p = &item->parts.v[i];
    if (p->element == element && component >= p->component && component < p->component + p->span) return true;
  }
  return false;
}

/* Beyond free text is text; anywhere else it is something that the structure does not know. */
static void check_extra(const struct judging *j, size_t element, size_t component) {
  const struct skeleton_part *last =
      j->place->item->parts.n ? &j->place->item->parts.v[j->place->item->parts.n - 1] : 0;
  if (is_covered(j->place->item, element, component)) return;
  bool text = last && last->kind == SKELETON_FREE && last->element == element;
  deviate(j, text ? SKELETON_WRONG_TEXT : SKELETON_ELEMENT_EXTRA, text ? last : NULL, element, component);
}

static void check_extras(const struct judging *j) {
  size_t element = 0;
  for (NODE_EACH(n, j->place->segment)) {
    size_t component = 0;
    element++;
    if (!n->first && n->text.n) check_extra(j, element, 1);
    for (NODE_EACH(c, n)) {
      component++;
      if (c->text.n) check_extra(j, element, component);
    }
  }
}

/* Of an element that is not there the first part that must be is told, not each. */
static bool is_told(const struct skeleton_item *item, size_t i, const struct node *segment) {
  if (!element_is_empty(segment, item->parts.v[i].element)) return false;
  for (size_t k = i; k > 0 && item->parts.v[k - 1].element == item->parts.v[i].element; k--)
    if (!item->parts.v[k - 1].optional) return true;
  return false;
}

void skeleton_check_values(struct skeleton_match *m, struct arena *a, const struct skeleton_place *place) {
  struct judging j = {m, a, place};
  for (size_t i = 0; i < place->item->parts.n; i++) {
    const struct skeleton_part *p = &place->item->parts.v[i];
    if (is_left_out(place->item, i, place->segment)) continue;
    if (!part_is_empty(p, place->segment))
      check_value(&j, p);
    else if (!p->optional && !is_told(place->item, i, place->segment))
      deviate(&j, SKELETON_ELEMENT_MISSING, p, p->element, p->component);
  }
  check_extras(&j);
}
