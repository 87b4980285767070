#include "base/utf8.h"
#include "validate/edifact_judge_int.h"

/* What a finding is made of. */
struct telling {
  const struct edifact_judge *j;
  const struct skeleton_deviation *d;
  const struct node *segment; /* that d->node is, or is part of; NULL: there is none */
};

#define SAY(t, rule, ...) EDIFACT_FAULT((t)->j, (rule), (t)->d->node, ##__VA_ARGS__)

static struct str number_text(struct arena *a, size_t n) {
  return arena_printf(a, "%zu", n);
}

/* "S07", or the message. */
static struct str group_text(const struct telling *t) {
  const struct skeleton_item *g = t->d->group;
  return g && g->name.n ? g->name : t->j->version->type;
}

/* A segment as it is named in paths: its tag and what its first element begins with. */
static struct str segment_text(const struct telling *t) {
  if (!t->segment) return STR("UNT");
  struct str s = t->segment->name, q = edifact_text(t->segment, 1, 1);
  return q.n && q.n <= 6 ? arena_printf(t->j->scratch, "%.*s+%.*s", STR_F(s), STR_F(q)) : s;
}

static struct str place_text(const struct telling *t) {
  const struct skeleton_item *item = t->d->item;
  bool one = !edifact_element(t->segment, t->d->element, 0) || !edifact_element(t->segment, t->d->element, 0)->first;
  if (item)
    for (size_t i = 0; i < item->parts.n; i++)
      one = one && (item->parts.v[i].element != t->d->element || item->parts.v[i].component == 1);
  return one ? number_text(t->j->scratch, t->d->element)
             : arena_printf(t->j->scratch, "%zu.%zu", t->d->element, t->d->component);
}

/* The components that a value of several has, with colons. */
static struct str value_text(const struct telling *t) {
  struct str s = edifact_text(t->segment, t->d->element, t->d->component);
  size_t span = t->d->part && t->d->part->kind == SKELETON_CODED ? t->d->part->span : 1;
  for (size_t i = 1; i < span; i++) {
    struct str more = edifact_text(t->segment, t->d->element, t->d->component + i);
    s = arena_printf(t->j->scratch, "%.*s:%.*s", STR_F(s), STR_F(more));
  }
  return s;
}

static struct str add_name(struct arena *a, struct str list, struct str name) {
  if (!list.n) return name;
  return str_find(list, name, 0) != SIZE_MAX ? list : arena_printf(a, "%.*s, %.*s", STR_F(list), STR_F(name));
}

/* What may stand in a group: of one name only, or anything but the trigger. */
static struct str add_expected(const struct telling *t, struct str list, const struct skeleton_item *g,
                               struct str name) {
  for (size_t i = g->kind == SKELETON_GROUP; i < g->items.n; i++) {
    const struct skeleton_item *item = &g->items.v[i];
    if (!name.n || str_eq(item->name, name))
      list = add_name(t->j->scratch, list, skeleton_item_text(t->j->scratch, item));
  }
  return list;
}

/* The same of all groups of that name for a segment that tells them apart. */
static struct str expected_text(const struct telling *t, struct str name) {
  struct str list = {0};
  const struct skeleton_item *g = t->d->group, *around = t->d->parent;
  for (size_t i = 0; name.n && g && g->name.n && around && i < around->items.n; i++)
    if (str_eq(around->items.v[i].name, g->name)) list = add_expected(t, list, &around->items.v[i], name);
  if (!list.n && g) list = add_expected(t, list, g, name);
  return list.n ? list : STR("-");
}

static struct str most_text(const struct telling *t) {
  return arena_printf(t->j->scratch, "%u", t->d->item->max);
}

static bool is_subject(const struct telling *t) {
  return t->segment && str_eqz(t->segment->name, "FTX") && str_eqz(edifact_text(t->segment, 1, 1), "OE") &&
         (str_eqz(t->j->version->type, "DIS91") || str_eqz(t->j->version->type, "DIS90"));
}

static void tell_missing(const struct telling *t) {
  SAY(t, SKELETON_SEGMENT_MISSING, skeleton_item_text(t->j->scratch, t->d->item), group_text(t), segment_text(t));
}

static void tell_missing_group(const struct telling *t) {
  SAY(t, SKELETON_GROUP_MISSING, skeleton_item_text(t->j->scratch, t->d->item), group_text(t), segment_text(t));
}

static void tell_often(const struct telling *t) {
  bool text = str_eqz(t->d->item->name, "FTX");
  if (is_subject(t))
    SAY(t, SKELETON_TEXT_SUBJECT);
  else
    SAY(t, text ? SKELETON_TEXT_SEGMENTS : SKELETON_SEGMENT_OFTEN, segment_text(t), group_text(t), most_text(t));
}

static void tell_often_group(const struct telling *t) {
  const struct skeleton_item *item = t->d->item;
  while (item->kind == SKELETON_SEQUENCE) item = &item->items.v[0];
  const struct skeleton_part *key = item->items.n > 1 ? item->items.v[1].key : NULL;
  if (key && str_eqz(item->items.v[1].name, "FTX") && str_eqz(key->text, "OE"))
    SAY(t, SKELETON_TEXT_SUBJECT);
  else
    SAY(t, SKELETON_GROUP_OFTEN, skeleton_item_text(t->j->scratch, item), group_text(t), most_text(t));
}

static void tell_order(const struct telling *t) {
  const struct skeleton_item *item = t->d->item;
  while (item->kind == SKELETON_SEQUENCE) item = &item->items.v[0];
  bool segment = item->kind == SKELETON_SEGMENT;
  if (is_subject(t))
    SAY(t, SKELETON_TEXT_SUBJECT);
  else
    SAY(t, segment ? SKELETON_SEGMENT_ORDER : SKELETON_GROUP_ORDER, skeleton_item_text(t->j->scratch, item),
        group_text(t));
}

static bool is_trigger(struct str name) {
  return name.n == 3 && name.p[0] == 'S' && name.p[1] >= '0' && name.p[1] <= '9';
}

static void tell_stray(const struct telling *t) {
  enum skeleton_rule rule = is_trigger(t->segment->name) ? SKELETON_GROUP_UNKNOWN : SKELETON_SEGMENT_UNKNOWN;
  if (is_subject(t))
    SAY(t, SKELETON_TEXT_SUBJECT);
  else
    SAY(t, rule, segment_text(t), group_text(t), expected_text(t, (struct str){0}));
}

static void tell_qualifier(const struct telling *t) {
  const struct skeleton_part *key = t->d->item->key;
  if (is_subject(t)) {
    SAY(t, SKELETON_TEXT_SUBJECT);
    return;
  }
  struct str value = edifact_text(t->segment, key->element, key->component);
  const struct node *at = edifact_element(t->segment, key->element, key->component);
  EDIFACT_FAULT(t->j, SKELETON_QUALIFIER_UNKNOWN, at ? at : t->segment,
                arena_printf(t->j->scratch, "'%.*s'", STR_F(value)), t->segment->name, group_text(t),
                expected_text(t, t->segment->name));
}

static struct str part_text(const struct telling *t) {
  static const char *const names[] = {"", "one of few codes", "text", "a number", "a date", "text"};
  const struct skeleton_part *p = t->d->part;
  return p->kind == SKELETON_FIXED ? arena_printf(t->j->scratch, "'%.*s'", STR_F(p->text)) : str_z(names[p->kind]);
}

static void tell_element_missing(const struct telling *t) {
  static const char *const danish[] = {"", "en af få koder", "tekst", "et tal", "en dato", "tekst"};
  struct str en = part_text(t);
  struct str da = t->d->part->kind == SKELETON_FIXED ? en : str_z(danish[t->d->part->kind]);
  struct said args[] = {said_same(segment_text(t)), said_same(place_text(t)), {en, da}};
  edifact_find_fault_said(t->j, SKELETON_VALUE_MISSING, t->d->node, 3, args);
}

static void tell_extra(const struct telling *t) {
  SAY(t, SKELETON_VALUE_EXTRA, segment_text(t), place_text(t), value_text(t));
}

static void tell_long(const struct telling *t) {
  SAY(t, SKELETON_VALUE_LONG, segment_text(t), place_text(t), number_text(t->j->scratch, utf8_length(value_text(t))),
      number_text(t->j->scratch, t->d->part->max));
}

static void tell_fixed(const struct telling *t) {
  SAY(t, SKELETON_VALUE_FIXED, segment_text(t), place_text(t), value_text(t), t->d->part->text);
}

static void tell_code(const struct telling *t) {
  struct str value = value_text(t), best = {0};
  for (size_t i = 0; i < t->d->part->codes->codes.n; i++) {
    struct str code = t->d->part->codes->codes.v[i];
    if (!best.n || str_distance(value, code) < str_distance(value, best)) best = code;
  }
  SAY(t, SKELETON_VALUE_CODE, segment_text(t), place_text(t), value, best);
}

static void tell_date(const struct telling *t) {
  SAY(t, SKELETON_VALUE_DATE, segment_text(t), place_text(t), value_text(t), t->d->part->text);
}

static void tell_number(const struct telling *t) {
  SAY(t, SKELETON_VALUE_NUMBER, segment_text(t), place_text(t), value_text(t));
}

static void tell_text(const struct telling *t) {
  size_t line = t->d->component - t->d->part->component;
  if (line >= t->d->part->span)
    SAY(t, SKELETON_TEXT_LINES, segment_text(t));
  else
    SAY(t, SKELETON_TEXT_LINE, segment_text(t), number_text(t->j->scratch, line + 1),
        number_text(t->j->scratch, utf8_length(value_text(t))));
}

/* What a published example has is told, and no fault. */
static bool is_accepted(const struct telling *t) {
  bool order = t->d->kind == SKELETON_ORDER;
  if ((t->d->kind < SKELETON_ELEMENT_MISSING && !order) || !t->segment) return false;
  struct str place = order ? STR("order") : place_text(t);
  struct str value = order ? edifact_text(t->segment, 1, 1) : value_text(t);
  const struct skeleton_accept *x =
      skeletons_accept(t->j->skeletons, t->j->version->skeleton, t->segment->name, place, value);
  if (x && order)
    SAY(t, SKELETON_ACCEPTED_ORDER, segment_text(t), group_text(t), x->source);
  else if (x)
    SAY(t, SKELETON_ACCEPTED, segment_text(t), place, value, x->source);
  return x;
}

static const struct node *segment_of(const struct node *n) {
  while (n && n->kind != NODE_SEGMENT && n->kind != NODE_GROUP) n = n->parent;
  return n && n->kind == NODE_SEGMENT ? n : NULL;
}

void edifact_tell(const struct edifact_judge *j, const struct skeleton_match *m) {
  static void (*const tell[SKELETON_DEVIATIONS_N])(const struct telling *) = {
      [SKELETON_MISSING] = tell_missing,     [SKELETON_MISSING_GROUP] = tell_missing_group,
      [SKELETON_OFTEN] = tell_often,         [SKELETON_OFTEN_GROUP] = tell_often_group,
      [SKELETON_ORDER] = tell_order,         [SKELETON_STRAY] = tell_stray,
      [SKELETON_QUALIFIER] = tell_qualifier, [SKELETON_ELEMENT_MISSING] = tell_element_missing,
      [SKELETON_ELEMENT_EXTRA] = tell_extra, [SKELETON_TOO_LONG] = tell_long,
      [SKELETON_WRONG_FIXED] = tell_fixed,   [SKELETON_WRONG_CODE] = tell_code,
      [SKELETON_WRONG_DATE] = tell_date,     [SKELETON_WRONG_NUMBER] = tell_number,
      [SKELETON_WRONG_TEXT] = tell_text,
  };
  for (size_t i = 0; i < m->deviations.n; i++) {
    struct telling t = {j, &m->deviations.v[i], segment_of(m->deviations.v[i].node)};
    if (!is_accepted(&t)) tell[t.d->kind](&t);
  }
  if (m->dropped) EDIFACT_FAULT(j, SKELETON_MANY, j->message, number_text(j->scratch, m->dropped));
}
