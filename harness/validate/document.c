/* Documents (FHIR R4, 3.3): a Bundle that begins with its Composition, has no MessageHeader, and is never acknowledged.
 */
#include "base/clock.h"
#include "base/uuid.h"
#include "standards/catalogue.h"
#include "validate/message_int.h"
#include "validate/validate_int.h"

#define LOINC "http://loinc.org"
#define UUID_VERSION_AT 14 /* of the digit that tells a UUID's version */

const struct node *bundle_composition(const struct bundle *b) {
  return b->header ? NULL : bundle_first(b, "Composition");
}

static bool has_code(const struct node *composition, const char *code) {
  for (const struct node *c = node_at(composition, "type.coding"); c; c = node_again(c))
    if (str_eqz(node_text_at(c, "code"), code) && str_eqz(node_text_at(c, "system"), LOINC)) return true;
  return false;
}

static bool names(const struct node *resource, const char *profile) {
  for (const struct node *p = node_at(resource, "meta.profile"); p; p = node_again(p)) {
    struct str rest = p->text;
    if (str_eqz(str_cut(&rest, '|'), profile)) return true;
  }
  return false;
}

const struct document_type *bundle_document_type(const struct bundle *b) {
  const struct node *composition = bundle_composition(b);
  for (size_t i = 0; composition && i < document_types_n; i++) {
    const struct document_type *t = &document_types[i];
    if (has_code(composition, t->code) || names(composition, t->composition) || names(b->root, t->profile)) return t;
  }
  return NULL;
}

static struct str identifier_of(const struct bundle *b) {
  return bundle_without_urn(node_text_at(b->root, "identifier.value"));
}

/* The SOR identifier of the first author that is an organization. */
static struct str author_sor(const struct bundle *b, const struct node *composition) {
  for (const struct node *a = node_child(composition, "author"); a; a = node_again(a)) {
    const struct node *value = bundle_identifier(bundle_target(b, a), SOR_OID, NULL);
    if (value) return value->text;
  }
  return (struct str){0};
}

void message_document_facts(struct facts *f, const struct bundle *b) {
  const struct node *composition = bundle_composition(b);
  const struct document_type *type = bundle_document_type(b);
  if (!composition) return;
  if (type) facts_put(f, STR("event"), str_z(type->event));
  facts_put(f, STR("document.identifier"), str_trim(identifier_of(b)));
  facts_put(f, STR("document.timestamp"), str_trim(node_text_at(b->root, "timestamp")));
  facts_put(f, STR("document.date"), str_trim(node_text_at(composition, "date")));
  facts_put(f, STR("author.sor"), str_trim(author_sor(b, composition)));
}

static void check_first(const struct judge *j) {
  const struct node *first = node_at(j->b.root, "entry.resource");
  if (first && !str_eqz(first->type, "Composition")) JUDGE(j, DOCUMENT_ENTRY_FIRST, first, first->type);
}

/* MedCom ConditionList 1.0 wants an identifier of its own, a UUID of version 4; bdl-9 only that there is one. */
static void check_identifier(const struct judge *j) {
  const struct node *value = node_at(j->b.root, "identifier.value");
  struct str id = identifier_of(&j->b);
  if (id.n == 0) {
    JUDGE(j, DOCUMENT_IDENTIFIER_MISSING, j->b.root);
    return;
  }
  if (!bundle_document_type(&j->b)) return;
  if (str_eq_nocase(id, node_text_at(j->b.root, "id"))) JUDGE(j, DOCUMENT_IDENTIFIER_SAME, value, id);
  if (!uuid_valid(id) || id.p[UUID_VERSION_AT] != '4') JUDGE(j, DOCUMENT_IDENTIFIER_VERSION, value, id);
}

/* A document is put together after what it tells was last changed. */
static void check_date(const struct judge *j) {
  const struct node *date = node_child(bundle_composition(&j->b), "date");
  int64_t changed, assembled;
  bool zone, zones;
  if (!date) {
    JUDGE(j, DOCUMENT_DATE_MISSING, bundle_composition(&j->b) ? bundle_composition(&j->b) : j->b.root);
    return;
  }
  if (!time_parse(date->text, &changed, &zone)) return;
  if (!time_parse(node_text_at(j->b.root, "timestamp"), &assembled, &zones)) return;
  if (zone && zones && changed > assembled)
    JUDGE(j, DOCUMENT_DATE_LATER, date, date->text, node_text_at(j->b.root, "timestamp"));
}

bool judge_is_document(const struct judge *j) {
  return str_eqz(node_text_at(j->b.root, "type"), "document") || bundle_composition(&j->b);
}

void judge_document(const struct judge *j) {
  check_first(j);
  check_identifier(j);
  check_date(j);
}
