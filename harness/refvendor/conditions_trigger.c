/* ConditionList 1.0 as a sender: what its users do with a patient's card of diagnoses, and the document that is made of
 * it. A clinic has a card of its own of each patient. */
#include "refvendor/refvendor_int.h"
#include "standards/identifier.h"

#include <stddef.h>

/* A field of a diagnosis, as a trigger calls it. */
static const struct {
  const char *name;
  size_t at;
} fields[] = {
    {"name", offsetof(struct rv_diagnosis, name)},           {"sks", offsetof(struct rv_diagnosis, sks)},
    {"sks-text", offsetof(struct rv_diagnosis, sks_text)},   {"icpc", offsetof(struct rv_diagnosis, icpc)},
    {"icpc-text", offsetof(struct rv_diagnosis, icpc_text)}, {"text", offsetof(struct rv_diagnosis, text)},
    {"status", offsetof(struct rv_diagnosis, status)},       {"type", offsetof(struct rv_diagnosis, type)},
    {"onset", offsetof(struct rv_diagnosis, onset)},         {"note", offsetof(struct rv_diagnosis, note)},
    {"abatement", offsetof(struct rv_diagnosis, abatement)}, {"card", offsetof(struct rv_diagnosis, card)},
    {"recorded", offsetof(struct rv_diagnosis, recorded)},   {"private", offsetof(struct rv_diagnosis, hidden)}};

static struct rv_card *find_card(struct refvendor *v, struct str cpr, bool other) {
  for (size_t i = 0; i < v->cards.n; i++)
    if (str_eq(v->cards.v[i]->cpr, cpr) && v->cards.v[i]->other == other) return v->cards.v[i];
  return NULL;
}

/* Of the patient and clinic that the trigger names; refuses, and NULL, if it names nobody. */
static struct rv_card *card_of(struct rv_call *c) {
  struct refvendor *v = c->v;
  struct str cpr = rv_call_text(c, "patient.cpr"), given = rv_call_text(c, "patient.given");
  bool other = str_eqz(rv_call_text(c, "clinic"), "other");
  if (!cpr_valid(cpr)) {
    rv_call_refuse(c, 400, STR("whose card is it? Give patient {cpr, given, family}"));
    return NULL;
  }
  struct rv_card *card = find_card(v, cpr, other);
  if (card) return card;
  card = ARENA_NEW(v->arena, struct rv_card);
  *card = (struct rv_card){.cpr = arena_str(v->arena, cpr),
                           .given = arena_str(v->arena, given),
                           .family = arena_str(v->arena, rv_call_text(c, "patient.family")),
                           .other = other};
  VEC_PUSH(v->arena, &v->cards, card);
  return card;
}

/* The time of the last change is what the document will tell. */
static void touch(struct rv_call *c, struct rv_card *card) {
  card->changed = rv_now(c->v, c->v->arena);
  c->status = 200;
}

static struct rv_diagnosis *find(struct rv_card *card, struct str name) {
  for (size_t i = 0; i < card->diagnoses.n; i++)
    if (str_eq(card->diagnoses.v[i]->name, name)) return card->diagnoses.v[i];
  return NULL;
}

/* What is said takes the place of what was there; nothing said of a field, and it stays. */
static void change(struct rv_call *c, struct rv_diagnosis *d, const struct node *said) {
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    const struct node *n = node_child(said, fields[i].name);
    struct str *field = (struct str *)(void *)((char *)d + fields[i].at);
    if (n) *field = arena_str(c->v->arena, n->text);
  }
}

static void act_register(struct rv_call *c) {
  struct rv_card *card = card_of(c);
  if (!card) return;
  for (const struct node *n = node_at(c->json, "diagnoses"), *x = n ? n->first : NULL; x; x = x->next) {
    struct rv_diagnosis *d = ARENA_NEW(c->v->arena, struct rv_diagnosis);
    d->recorded = rv_now(c->v, c->v->arena);
    change(c, d, x);
    VEC_PUSH(c->v->arena, &card->diagnoses, d);
  }
  touch(c, card);
}

/* The diagnoses of the card that the trigger names, one by one; refuses what is not there. */
static void each_named(struct rv_call *c, struct rv_card *card,
                       void (*fn)(struct rv_call *c, struct rv_card *card, struct rv_diagnosis *d,
                                  const struct node *said)) {
  for (const struct node *n = node_at(c->json, "diagnoses"), *x = n ? n->first : NULL; x; x = x->next) {
    struct rv_diagnosis *d = find(card, node_text_at(x, "name"));
    if (!d) {
      rv_call_refuse(c, 404, arena_printf(c->a, "no diagnosis \"%.*s\" is there", STR_F(node_text_at(x, "name"))));
      return;
    }
    fn(c, card, d, x);
  }
  touch(c, card);
}

static void update_one(struct rv_call *c, struct rv_card *card, struct rv_diagnosis *d, const struct node *said) {
  (void)card;
  change(c, d, said);
}

static void delete_one(struct rv_call *c, struct rv_card *card, struct rv_diagnosis *d, const struct node *said) {
  size_t i = 0;
  (void)c;
  (void)said;
  while (card->diagnoses.v[i] != d) i++;
  for (card->diagnoses.n--; i < card->diagnoses.n; i++) card->diagnoses.v[i] = card->diagnoses.v[i + 1];
}

static void act_update(struct rv_call *c) {
  struct rv_card *card = card_of(c);
  if (card) each_named(c, card, update_one);
}

/* Without names: all of them. */
static void act_delete(struct rv_call *c) {
  struct rv_card *card = card_of(c);
  if (!card) return;
  if (!node_child(c->json, "diagnoses")) card->diagnoses.n = 0;
  each_named(c, card, delete_one);
}

bool rv_is_shared(const struct refvendor *v, const struct rv_diagnosis *d) {
  bool off = str_eqz(d->card, "false") && !rv_has(v, DEFECT_SHARES_UNLISTED);
  bool hidden = str_eqz(d->hidden, "true") && !rv_has(v, DEFECT_SHARES_PRIVATE);
  return !off && !hidden;
}

static bool has_any(const struct refvendor *v, const struct rv_card *card) {
  for (size_t i = 0; i < card->diagnoses.n; i++)
    if (rv_is_shared(v, card->diagnoses.v[i])) return true;
  return false;
}

/* Of an empty card there is no document. */
static void act_share(struct rv_call *c) {
  struct refvendor *v = c->v;
  struct rv_card *card = card_of(c);
  if (!card) return;
  c->status = 200;
  if (rv_has(v, DEFECT_SENDS_NOTHING)) return;
  if (!has_any(v, card) && !rv_has(v, DEFECT_SHARES_EMPTY_LIST)) return;
  const struct node *document = rv_compose_list(v, v->arena, card);
  rv_send_document(v, document);
  rv_call_sent(c, node_text_at(document, "id"));
}

static const struct rv_action actions[] = {
    {"register", act_register}, {"update", act_update}, {"delete", act_delete}, {"share", act_share}, {0}};

static const char *const keys[] = {"diagnoses", "clinic", NULL};

const struct rv_kind rv_conditions = {
    .name = "conditionlist", .event = "condition-list", .actions = actions, .keys = keys};
