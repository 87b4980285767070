/* ConditionList 1.0 as a receiver: a document is judged, the newest one of each patient is kept, and GET /state shows
 * it. A document that is invalid is refused and shows nothing; none is ever acknowledged. */
#include "formats/json.h"
#include "refvendor/refvendor_int.h"
#include "standards/catalogue.h"

#define SNOMED "http://snomed.info/sct"

bool rv_is_document(const struct node *root) {
  return !rv_resource(root, "MessageHeader") && rv_resource(root, "Composition");
}

static bool is_list(const struct node *composition) {
  return str_eqz(node_text_at(composition, "type.coding.code"), document_types[0].code);
}

static bool has_status(const struct node *condition) {
  for (const struct node *c = node_child(condition, "category"); c; c = node_again(c))
    if (str_eqz(node_text_at(c, "coding.system"), SNOMED) && node_text_at(c, "coding.code").n) return true;
  return false;
}

/* What is wrong with it, or NULL. */
static const char *wrong(const struct node *root) {
  const struct node *first = node_at(root, "entry.resource");
  if (!str_eqz(node_text_at(root, "type"), "document")) return "it is no Bundle of type document";
  if (!first || !str_eqz(first->type, "Composition") || !is_list(first)) return "it is no list of diagnoses";
  if (!rv_identifier(rv_resource(root, "Patient"), RV_CPR).n) return "it does not say whose it is";
  for (const struct node *e = node_child(root, "entry"); e; e = node_again(e)) {
    const struct node *r = node_child(e, "resource");
    if (r && str_eqz(r->type, "Condition") && !has_status(r)) return "a diagnosis has no status";
  }
  return NULL;
}

static struct str patient_of(const struct node *root) {
  return rv_identifier(rv_resource(root, "Patient"), RV_CPR);
}

static int64_t changed(const struct node *root) {
  int64_t ms = 0;
  bool zone;
  if (!time_parse(node_text_at(rv_resource(root, "Composition"), "date"), &ms, &zone)) return 0;
  return ms;
}

/* The list that was changed last is the one that counts, whenever it came. */
static void keep(struct refvendor *v, const struct node *root) {
  for (size_t i = 0; i < v->lists.n; i++) {
    if (!str_eq(patient_of(v->lists.v[i]), patient_of(root))) continue;
    if (changed(root) >= changed(v->lists.v[i])) v->lists.v[i] = root;
    return;
  }
  VEC_PUSH(v->arena, &v->lists, root);
}

int rv_take_document(struct refvendor *v, const struct node *root) {
  const char *why = wrong(root);
  if (rv_has(v, DEFECT_REFUSES_MESSAGES)) why = "nothing is taken today";
  rv_log(v, "document %.*s: %s", STR_F(node_text_at(root, "id")), why ? why : "taken");
  if (rv_has(v, DEFECT_ACKS_DOCUMENTS) && v->book.n) {
    const struct node *ack = rv_acknowledge(v, v->arena, root, STR("ok"), NULL, v->book.v[0].gln);
    rv_send(v, &(struct rv_parcel){.root = ack, .message_id = rv_id(v, v->arena)}, 0);
  }
  if (!why) keep(v, root);
  if (why && rv_has(v, DEFECT_FAILS_ON_INVALID)) return RV_BROKEN;
  return why ? RV_REFUSED : RV_TAKEN;
}

static void put_codes(struct json_writer *w, const struct node *condition) {
  json_begin_array(w, "codes");
  for (const struct node *c = node_at(condition, "code.coding"); c; c = node_again(c))
    json_put_str(w, NULL, node_text_at(c, "code"));
  json_end(w);
}

static void put_categories(struct json_writer *w, const struct node *condition) {
  for (const struct node *c = node_child(condition, "category"); c; c = node_again(c))
    json_put_str(w, str_eqz(node_text_at(c, "coding.system"), SNOMED) ? "status" : "type",
                 node_text_at(c, "coding.code"));
}

/* Neither a code's display nor a note is for the user (protocol for receiving, 3.2.1.6 and 3.2.1.7). */
static void put_diagnosis(struct json_writer *w, const struct node *condition) {
  static const char *const shown[][2] = {{"text", "code.text"},
                                         {"registered", "recordedDate"},
                                         {"onset", "onsetDateTime"},
                                         {"abatement", "abatementDateTime"}};
  json_begin_object(w, NULL);
  put_codes(w, condition);
  put_categories(w, condition);
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
    struct str value = node_text_at(condition, shown[i][1]);
    if (value.n) json_put_str(w, shown[i][0], value);
  }
  json_end(w);
}

static void put_list(struct json_writer *w, const struct node *root) {
  const struct node *composition = rv_resource(root, "Composition");
  json_begin_object(w, NULL);
  json_put_str(w, "patient", patient_of(root));
  json_put_str(w, "organisation", node_text_at(rv_resource(root, "Organization"), "name"));
  json_put_str(w, "changed", node_text_at(composition, "date"));
  json_begin_array(w, "diagnoses");
  for (const struct node *e = node_child(root, "entry"); e; e = node_again(e)) {
    const struct node *r = node_child(e, "resource");
    if (r && str_eqz(r->type, "Condition")) put_diagnosis(w, r);
  }
  json_end(w);
  json_end(w);
}

void rv_show_lists(const struct refvendor *v, struct json_writer *w) {
  json_begin_array(w, "lists");
  for (size_t i = 0; i < v->lists.n; i++) put_list(w, v->lists.v[i]);
  json_end(w);
}
