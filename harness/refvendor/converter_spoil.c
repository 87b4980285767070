/* What a converter can get wrong in the content: a row a defect, done to what the conversion made. */
#include "fhir/change.h"
#include "formats/xml.h"
#include "refvendor/converter.h"

#define SPOILT_MAX ((size_t)512 << 20)
#define COMMUNICATION "Bundle.entry.resource.ofType(Communication)."

/* FHIR: a change of fhir/change.h at a FHIRPath. OIOXML: at a path of names below the Emessage, "remove" takes what
 * stands there away, "set" gives it a text, "cut" takes away the texts below it that hold `value`; without a path the
 * letter is not sent at all. */
static const struct row {
  enum defect defect;
  const char *type, *verb, *path, *value, *from;
} rows[] = {
    {DEFECT_CONVERT_NO_ATTACHMENT, "CareCommunication", "remove", COMMUNICATION "payload.content.data", NULL, NULL},
    {DEFECT_CONVERT_NO_ATTACHMENT, "XBIN01", "drop", NULL, NULL, NULL},
    {DEFECT_CONVERT_NO_TITLE, "CareCommunication", "remove", COMMUNICATION "payload.content.title", NULL, NULL},
    {DEFECT_CONVERT_NO_TITLE, "XDIS91", "set", "ClinicalEmail.Reference.RefDescription", "Bilag", NULL},
    {DEFECT_CONVERT_NO_EPISODE, "CareCommunication", "remove",
     "Bundle.entry.resource.ofType(Encounter).episodeOfCare.identifier.value", NULL, NULL},
    {DEFECT_CONVERT_NO_EPISODE, "XDIS91", "remove", "ClinicalEmail.Letter.EpisodeOfCareIdentifier", NULL, NULL},
    {DEFECT_CONVERT_NO_STATUS, "CareCommunication", "set", "Bundle.entry.resource.ofType(Encounter).class.code", "VR",
     NULL},
    {DEFECT_CONVERT_NO_STATUS, "XDIS91", "set", "ClinicalEmail.Patient.EpisodeOfCareStatusCode", "doed", NULL},
    {DEFECT_CONVERT_NO_OVERFLOW, "XDIS91", "cut", "ClinicalEmail", "de resterende CPR-numre", NULL},
    {DEFECT_CONVERT_NO_NOTE, "XDIS91", "cut", "ClinicalEmail", "Denne meddelelse er ", NULL},
    {DEFECT_CONVERT_NO_REFERENCE, "XDIS91", "cut", "ClinicalEmail", "Bilag til en tidligere", NULL},
    {DEFECT_CONVERT_WRONG_ZONE, "CareCommunication", "set", "Bundle.timestamp", NULL,
     "replaceMatches('[+]0[12]:00', '+00:00')"},
    {DEFECT_CONVERT_WRONG_ZONE, "XDIS91", "set", "ClinicalEmail.Letter.Authorisation.Time", "00:00", NULL},
    {DEFECT_CONVERT_NO_PHONE, "CareCommunication", "set",
     COMMUNICATION "payload.extension.where(url.endsWith('contact-extension')).value.value", "+4512345678", NULL},
    {DEFECT_CONVERT_NO_SOR, "CareCommunication", "set",
     "Bundle.entry.resource.ofType(Organization).identifier.where(system = 'urn:oid:1.2.208.176.1.1').value",
     "8888051000016009", NULL},
    {DEFECT_CONVERT_SAME_THREAD, "CareCommunication", "set", COMMUNICATION "identifier.value",
     "urn:uuid:5a5e0000-0000-4000-8000-000000000002", NULL},
    {DEFECT_CONVERT_ALWAYS_POSITIVE, "Acknowledgement", "set",
     "Bundle.entry.resource.ofType(MessageHeader).response.code", "ok", NULL},
    {DEFECT_CONVERT_NO_ERROR_TEXT, "XCTL02", "cut", "NegativeReceipt", "", NULL},
};

/* ---- OIOXML ---- */

static struct node *below(struct node *root, const char *path) {
  return path && *path ? node_at(root, path) : root;
}

static bool is_free_text(const struct node *n) {
  return n->kind == NODE_TEXT || str_eqz(n->name, "RefuseText") || str_eqz(n->name, "Text01");
}

static void cut_texts(struct node *n, struct str value) {
  bool has = n->text.n && is_free_text(n) && str_find(n->text, value, 0) != SIZE_MAX;
  if (has) n->text = STR(".");
  for (NODE_EACH(c, n)) cut_texts(c, value);
}

static void spoil_letter(struct node *root, const struct row *r) {
  struct node *at = below(root, r->path);
  if (!at) return;
  if (str_eqz(str_z(r->verb), "remove"))
    node_remove(at);
  else if (str_eqz(str_z(r->verb), "set"))
    at->text = str_z(r->value);
  else
    cut_texts(at, str_z(r->value));
}

static void letter(struct refvendor *v, struct arena *a, struct converted *c, const struct row *r) {
  struct findings f;
  struct node *root;
  struct buf b;
  (void)v;
  findings_init(&f, a);
  if (str_eqz(str_z(r->verb), "drop")) {
    c->bytes = (struct str){0};
    return;
  }
  if (xml_read(&root, a, (struct source){STR("letter"), c->bytes}, &f) < 0) return;
  spoil_letter(root, r);
  buf_init(&b, SPOILT_MAX);
  xml_write(&b, root, 0);
  c->bytes = buf_take(&b, a);
}

/* ---- FHIR ---- */

static struct str text(const char *z) {
  return z ? str_z(z) : (struct str){0};
}

static void resource(struct refvendor *v, struct arena *a, struct converted *c, const struct row *r) {
  struct change change = {
      .verb = str_z(r->verb), .path = str_z(r->path), .value = text(r->value), .from = text(r->from)};
  struct findings f;
  enum resource_form form;
  struct node *root;
  struct buf b;
  struct error e;
  size_t n;
  findings_init(&f, a);
  if (resource_read(&root, &form, a, (struct source){STR("message"), c->bytes}, &f) < 0) return;
  if (change_apply(&n, a, root, &change, v->shapes, &e) < 0) rv_log(v, "%s: %s", defects[r->defect].name, e.text);
  buf_init(&b, SPOILT_MAX);
  resource_write(&b, root, form, v->shapes, 0);
  c->bytes = buf_take(&b, a);
}

void rv_converter_spoil(struct refvendor *v, struct arena *a, struct converted *c) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (!rv_has(v, rows[i].defect) || !str_starts(c->type, str_z(rows[i].type)) || !c->bytes.n) continue;
    if (c->mime.n)
      resource(v, a, c, &rows[i]);
    else
      letter(v, a, c, &rows[i]);
  }
}
