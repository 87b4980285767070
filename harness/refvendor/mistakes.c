/* Defects that only the profiles can tell: each changes a finished new CareCommunication in one place. */
#include "refvendor/refvendor_int.h"

/* The 99th day of a month: right in length, wrong by the rule of the identifier's profile. */
#define IMPOSSIBLE_CPR "9901012396"

static struct node *first(const struct rv_draft *d, const char *type) {
  for (struct node *e = node_child(d->bundle, "entry"); e; e = node_again(e)) {
    struct node *r = node_child(e, "resource");
    if (str_eqz(r->type, type)) return r;
  }
  return NULL;
}

static void take_away(struct node *n) {
  if (n) node_remove(n);
}

static void name_no_profile(struct rv_draft *d) {
  take_away(node_child(d->header, "meta"));
}

static void invent_category(struct rv_draft *d) {
  struct node *code = node_at(first(d, "Communication"), "category.coding.code");
  if (code) code->text = STR("small-talk");
}

static void forget_date(struct rv_draft *d) {
  struct node *payload = node_child(first(d, "Communication"), "payload");
  for (struct node *x = node_child(payload, "extension"); x; x = node_again(x))
    if (node_child(x, "valueDateTime")) {
      node_remove(x);
      return;
    }
}

static void invent_cpr(struct rv_draft *d) {
  struct node *value = node_at(first(d, "Patient"), "identifier.value");
  if (value) value->text = STR(IMPOSSIBLE_CPR);
}

static void complete_status(struct rv_draft *d) {
  struct node *status = node_child(first(d, "Communication"), "status");
  if (status) status->text = STR("completed");
}

static void invent_extension(struct rv_draft *d) {
  struct node *x = rv_add(d->a, first(d, "Communication"), "extension");
  rv_put(d->a, x, "url", STR(RV_CORE "medcom-core-mood-extension"));
  rv_put(d->a, x, "valueString", STR("glad"));
}

static void script_narrative(struct rv_draft *d) {
  struct node *patient = first(d, "Patient");
  struct node *div = node_at(patient, "text.div");
  if (div) div->text = STR("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Patient</p><script>alert(1)</script></div>");
}

static void bring_two_patients(struct rv_draft *d) {
  struct node *patient = first(d, "Patient"), *entry = node_copy(d->a, patient->parent);
  struct str id = rv_id(d->v, d->a);
  node_at(entry, "resource.id")->text = id;
  node_child(entry, "fullUrl")->text =
      arena_printf(d->a, "%.*s%.*s", STR_F(d->base), STR_F(rv_draft_reference(d, "Patient", id)));
  node_append(d->bundle, entry);
}

static const struct {
  enum defect defect;
  void (*make)(struct rv_draft *d);
} mistakes[] = {
    {DEFECT_NO_HEADER_PROFILE, name_no_profile},    {DEFECT_UNKNOWN_CATEGORY, invent_category},
    {DEFECT_NO_SEGMENT_DATE, forget_date},          {DEFECT_IMPOSSIBLE_CPR, invent_cpr},
    {DEFECT_STATUS_COMPLETED, complete_status},     {DEFECT_UNKNOWN_EXTENSION, invent_extension},
    {DEFECT_SCRIPT_IN_NARRATIVE, script_narrative}, {DEFECT_TWO_PATIENTS, bring_two_patients},
};

void rv_mistakes(struct rv_draft *d) {
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
    if (rv_has(d->v, mistakes[i].defect)) mistakes[i].make(d);
}
