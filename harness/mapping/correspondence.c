#include "mapping/correspondence.h"
#include "base/base64.h"
#include "fhir/resource.h"
#include "formats/edifact.h"
#include "formats/xml.h"
#include "mapping/letter.h"
#include "mapping/mapping_int.h"

#define SYSTEM_MAX 500

/* ---- what it is ---- */

static struct str after_blanks(struct str s) {
  if (str_starts(s, STR("\xef\xbb\xbf"))) s = str_sub(s, 3, s.n);
  while (s.n && str_is_blank(s.p[0])) s = str_sub(s, 1, s.n);
  return s;
}

static const struct node *first_letter(const struct node *emessage) {
  for (NODE_EACH(c, emessage))
    if (!str_eqz(c->name, "Envelope") && !str_eqz(c->name, "Local_Elements")) return c;
  return NULL;
}

static size_t letters_in(const struct correspondence *c) {
  size_t n = 0;
  if (c->format == MAPPING_FHIR) return 1;
  if (c->format == MAPPING_OIOXML)
    for (NODE_EACH(x, c->root)) n += !str_eqz(x->name, "Envelope") && !str_eqz(x->name, "Local_Elements");
  else
    for (const struct node *m = edifact_message(c->root); m; m = edifact_message_next(m)) n++;
  return n;
}

static struct str without_x(struct str s) {
  s = str_trim(s);
  return str_starts(s, STR("X")) ? str_sub(s, 1, s.n) : s;
}

static struct str fhir_type(const struct node *bundle) {
  static const struct {
    const char *event, *type;
  } events[] = {{"care-communication-message", "CareCommunication"},
                {"acknowledgement-message", "Acknowledgement"},
                {"hospital-notification-message", "HospitalNotification"}};
  for (const struct node *e = node_child(bundle, "entry"); e; e = node_again(e)) {
    struct str code = node_text_at(node_child(e, "resource"), "eventCoding.code");
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
      if (str_eqz(code, events[i].event)) return str_z(events[i].type);
  }
  return (struct str){0};
}

static void name_type(struct correspondence *c, const struct node *letter) {
  if (c->format == MAPPING_FHIR) {
    c->type = fhir_type(c->root);
  } else if (c->format == MAPPING_OIOXML) {
    struct str type = node_text_at(letter, "Letter.TypeCode");
    c->type = without_x(type.n ? type : node_text_at(letter, "Letter.StatisticalCode"));
    c->version = without_x(node_text_at(letter, "Letter.VersionCode"));
  } else {
    c->type = edifact_text(node_child(letter, "UNH"), 3, 1);
    c->version = edifact_text(node_child(letter, "UNH"), 2, 5);
  }
}

static bool names(const struct mapping_family *f, struct str type) {
  for (size_t i = 0; i < f->types.n; i++)
    if (str_eq(f->types.v[i], type)) return true;
  return false;
}

static void find_roles(struct looker *l, const struct correspondence *c) {
  struct str message =
      l->format == MAPPING_EDIFACT ? edifact_text(node_child(l->letter, "UNH"), 2, 1) : (struct str){0};
  for (size_t i = 0; i < c->rules->families.n; i++) {
    const struct mapping_family *f = &c->rules->families.v[i];
    if (!names(f, c->type) && !(message.n && names(f, message))) continue;
    l->sender = f->sender;
    l->receiver = f->receiver;
    return;
  }
  l->sender = l->receiver = STR("?");
}

/* ---- reading ---- */

static void add(struct correspondence *c, struct mapping_element x) {
  struct mapping_items *items = &c->items[x.row->index];
  VEC_PUSH(c->a, &c->list, x);
  while (items->at.n <= x.group) VEC_PUSH(c->a, &items->at, 0);
  if (!items->at.v[x.group]) items->at.v[x.group] = (uint32_t)c->list.n;
  if (x.row->as != AS_UUID) return;
  if (!items->values.arena) map_init(&items->values, c->a);
  if (!map_get(&items->values, x.value)) map_set(&items->values, x.value, (void *)(uintptr_t)c->list.n);
}

/* The coding system of a hit: where the table says, or beside it in FHIR. */
/* Of an EDIFACT element "id:SKS:SST" what stands behind the id. */
static struct str behind_first(struct arena *a, const struct node *element) {
  struct buf b;
  buf_init(&b, SYSTEM_MAX);
  for (const struct node *n = element->first ? element->first->next : NULL; n; n = n->next) {
    if (n != element->first->next && n->text.n) buf_byte(&b, ':');
    buf_add(&b, n->text);
  }
  return buf_take(&b, a);
}

static int find_system(struct str *out, const struct mapping_element *x, const struct looker *l,
                       const struct node *base, struct error *e) {
  const struct mapping_places *at = &x->row->system[l->format];
  struct hits h = {0};
  if (!at->n) {
    if (l->format == MAPPING_FHIR && x->node && x->node->parent) *out = node_text_at(x->node->parent, "system");
    return 0;
  }
  if (mapping_find(&h, l, base, at, e) < 0) return -1;
  if (h.n) *out = h.v[0].node && h.v[0].node->kind == NODE_ARRAY ? behind_first(l->a, h.v[0].node) : h.v[0].text;
  return 0;
}

static int read_system(struct mapping_element *x, const struct looker *l, const struct node *base, struct error *e) {
  struct str s = {0};
  if (!x->row->systems) return 0;
  if (find_system(&s, x, l, base, e) < 0) return -1;
  const struct mapping_code *c = s.n ? mapping_code_of(x->row->systems, l->format, str_trim(s)) : NULL;
  x->system = c ? c->value : str_trim(s);
  return 0;
}

static int read_element(struct correspondence *c, const struct looker *l, const struct mapping_row *row,
                        const struct node *base, size_t group, struct error *e) {
  struct hits h = {0};
  struct mapping_element x = {.group = group};
  if (!row->at[l->format].n || (row->only.n && !mapping_row_is_for(row, c->type))) return 0;
  if (mapping_find(&h, l, base, &row->at[l->format], e) < 0) return -1;
  if (!mapping_value(&x, l, row, &h)) return 0;
  if (read_system(&x, l, base, e) < 0) return -1;
  if (c->list.n == CORRESPONDENCE_ELEMENTS_MAX)
    return error_set(e, ERR_LIMIT, "a letter has at most %d elements", CORRESPONDENCE_ELEMENTS_MAX);
  if (row->shown.text.n && l->format == MAPPING_FHIR && !x.node) {
    h.n = 0;
    if (mapping_find_fhir(&h, l, base, &row->shown, e) == 0 && h.n) x.node = h.v[0].node;
  }
  add(c, x);
  return 0;
}

/* Bases of a list: all hits of all places, but for OIOXML and EDIFACT the first kind that is there would hide others
 * (URL beside BIN), so each is looked for. */
static int read_list(struct correspondence *c, const struct looker *l, const struct mapping_list *list,
                     struct error *e) {
  const struct mapping_places *at = &list->at[l->format];
  size_t group = 0;
  for (size_t i = 0; i < at->n; i++) {
    struct mapping_places one = {.n = 1};
    struct hits bases = {0};
    one.v[0] = at->v[i];
    if (mapping_find(&bases, l, l->letter, &one, e) < 0) return -1;
    for (size_t b = 0; b < bases.n; b++) {
      size_t before = c->list.n;
      for (size_t r = 0; r < c->rules->rows.n; r++)
        if (c->rules->rows.v[r]->list == list && read_element(c, l, c->rules->rows.v[r], bases.v[b].node, group, e) < 0)
          return -1;
      group += c->list.n > before;
    }
  }
  return 0;
}

static int read_rows(struct correspondence *c, const struct looker *l, struct error *e) {
  for (size_t i = 0; i < c->rules->rows.n; i++)
    if (!c->rules->rows.v[i]->list && read_element(c, l, c->rules->rows.v[i], l->letter, 0, e) < 0) return -1;
  for (size_t i = 0; i < c->rules->lists.n; i++)
    if (read_list(c, l, c->rules->lists.v[i], e) < 0) return -1;
  return 0;
}

/* A conversion says high priority as the first sentence of the text (MedCom's example Flow1): it is read as priority.
 */
static void take_priority_sentence(struct correspondence *c) {
  const struct str sentence = STR(LETTER_PRIORITY_SENTENCE);
  for (size_t i = 0; i < c->list.n; i++) {
    struct mapping_element *x = &c->list.v[i];
    if (!str_eqz(x->row->key, "text.content") || !str_starts(x->value, sentence)) continue;
    struct mapping_element priority = {.row = conversion_row(c->rules, STR("message.priority")),
                                       .value = STR("høj_prioritet"),
                                       .literal = sentence,
                                       .node = x->node};
    x->value = str_trim(str_sub(x->value, sentence.n, x->value.n));
    if (str_starts(x->literal, sentence)) x->literal = str_trim(str_sub(x->literal, sentence.n, x->literal.n));
    if (priority.row && !correspondence_get(c, "message.priority")) add(c, priority);
    return;
  }
}

int correspondence_of(struct correspondence *out, struct arena *a, const struct conversion_rules *r,
                      const struct node *root, enum mapping_format format, struct str name, struct error *e) {
  struct looker l = {.a = a, .format = format, .root = root, .letter = root};
  *out = (struct correspondence){.a = a, .rules = r, .format = format, .root = root};
  VEC_PUSH(a, &out->names, name);
  out->items = ARENA_ARRAY(a, struct mapping_items, r->rows.n);
  if (format == MAPPING_OIOXML) l.letter = str_eqz(root->name, "Emessage") ? first_letter(root) : NULL;
  if (format == MAPPING_EDIFACT) l.letter = edifact_message(root);
  if (!l.letter) return error_at(e, ERR_SYNTAX, name, 0, 0, "there is no letter in it");
  name_type(out, l.letter);
  if (!out->type.n) return error_at(e, ERR_SYNTAX, name, 0, 0, "it is of no type that can be compared or converted");
  out->letters = letters_in(out);
  find_roles(&l, out);
  if (read_rows(out, &l, e) < 0) return -1;
  if (format == MAPPING_FHIR) take_priority_sentence(out);
  return 0;
}

static int not_read(const struct findings *f, struct str name, struct error *e) {
  if (findings_error(f, e) < 0) return -1;
  return error_at(e, ERR_SYNTAX, name, 0, 0, "it cannot be read");
}

int correspondence_read(struct correspondence *out, struct arena *a, const struct conversion_rules *r,
                        struct source src, struct error *e) {
  struct str s = after_blanks(src.bytes);
  enum resource_form form;
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  if (str_starts(s, STR("UNA")) || str_starts(s, STR("UNB"))) {
    if (edifact_read(&root, a, src, &f) < 0) return not_read(&f, src.name, e);
    return correspondence_of(out, a, r, root, MAPPING_EDIFACT, src.name, e);
  }
  if (str_starts(s, STR("<"))) {
    if (xml_read(&root, a, src, &f) < 0) return not_read(&f, src.name, e);
    if (!str_eqz(root->ns, FHIR_NS)) return correspondence_of(out, a, r, root, MAPPING_OIOXML, src.name, e);
    if (resource_from_xml(&root, a, root, src.name, &f) < 0) return not_read(&f, src.name, e);
  } else if (resource_read(&root, &form, a, src, &f) < 0) {
    return not_read(&f, src.name, e);
  }
  return correspondence_of(out, a, r, root, MAPPING_FHIR, src.name, e);
}

/* ---- looking into it ---- */

const struct mapping_element *correspondence_item(const struct correspondence *c, const struct mapping_row *row,
                                                  size_t group) {
  const struct mapping_items *items = &c->items[row->index];
  return group < items->at.n && items->at.v[group] ? &c->list.v[items->at.v[group] - 1] : NULL;
}

const struct mapping_element *correspondence_at(const struct correspondence *c, const char *key, size_t group) {
  const struct mapping_row *row = conversion_row(c->rules, str_z(key));
  return row ? correspondence_item(c, row, group) : NULL;
}

const struct mapping_element *correspondence_find(const struct correspondence *c, const char *key, struct str value) {
  const struct mapping_row *row = conversion_row(c->rules, str_z(key));
  const struct map *values = row ? &c->items[row->index].values : NULL;
  uintptr_t at = values && values->n ? (uintptr_t)map_get(values, value) : 0;
  return at ? &c->list.v[at - 1] : NULL;
}

struct str correspondence_value(const struct correspondence *c, const char *key, size_t group) {
  const struct mapping_element *x = correspondence_at(c, key, group);
  return x ? x->value : (struct str){0};
}

struct str correspondence_literal(const struct correspondence *c, const char *key, size_t group) {
  const struct mapping_element *x = correspondence_at(c, key, group);
  return x ? x->literal : (struct str){0};
}

size_t correspondence_count(const struct correspondence *c, const char *list) {
  size_t n = 0;
  for (size_t i = 0; i < c->rules->rows.n; i++) {
    const struct mapping_row *row = c->rules->rows.v[i];
    if (row->list && str_eqz(row->list->name, list) && c->items[row->index].at.n > n) n = c->items[row->index].at.n;
  }
  return n;
}

struct place element_place(const struct correspondence *c, const struct mapping_element *x) {
  struct str name = c->names.v[x->source];
  if (!x->node) return (struct place){.message = name};
  return node_place(c->a, name, x->node);
}

bool element_octets(struct str *out, struct arena *a, const struct correspondence *c, const struct mapping_element *x) {
  size_t bad;
  if (x->node && x->node->kind == NODE_BINARY) {
    *out = x->node->text;
    return true;
  }
  (void)c;
  return base64_decode(out, a, x->literal, &bad) == 0;
}

/* ---- a letter and its objects ---- */

/* What the reference does not tell itself. */
static void add_object(struct correspondence *c, const struct correspondence *o, size_t from, size_t to,
                       size_t source) {
  for (size_t i = 0; i < o->rules->rows.n; i++) {
    const struct mapping_row *row = o->rules->rows.v[i];
    if (!row->list || !str_eqz(row->list->name, "attachment")) continue;
    const struct mapping_element *has = correspondence_item(o, row, from);
    if (!has || correspondence_item(c, row, to)) continue;
    struct mapping_element x = *has;
    x.group = to;
    x.source = source;
    add(c, x);
  }
}

void correspondence_join(struct correspondence *letter, const struct correspondence *objects) {
  size_t source = letter->names.n;
  VEC_PUSH(letter->a, &letter->names, objects->names.v[0]);
  for (size_t i = 0, n = correspondence_count(objects, "attachment"); i < n; i++) {
    struct str id = correspondence_value(objects, "attachment.id", i);
    const struct mapping_element *named = id.n ? correspondence_find(letter, "attachment.id", id) : NULL;
    add_object(letter, objects, i, named ? named->group : correspondence_count(letter, "attachment"), source);
  }
}
