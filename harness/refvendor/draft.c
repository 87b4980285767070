/* The parts that messages are made of. Profiles: medcom-core 4.0, medcom-messaging 4.0, medcom-carecommunication 5.0.
 */
#include "fhir/messaging.h"
#include "refvendor/refvendor_int.h"
#include "standards/identifier.h"

#define OWN_BASE "https://refvendor.example/fhir/"
#define CPR_OID "urn:oid:1.2.208.176.1.2"

struct node *rv_put(struct arena *a, struct node *parent, const char *path, struct str text) {
  return node_put(a, parent, path, arena_str(a, text));
}

struct node *rv_extension(struct arena *a, struct node *parent, const char *name) {
  struct node *x = node_add(a, parent, "extension");
  rv_put(a, x, "url", arena_printf(a, RV_CORE "medcom-core-%s-extension", name));
  return x;
}

/* The beginning of the fullUrls of a message, before "Type/id". */
static struct str base_of(struct arena *a, const struct node *root) {
  struct str url = node_text_at(root, "entry.fullUrl");
  size_t at = str_find(url, STR("MessageHeader/"), 0);
  if (url.n == 0) return STR(OWN_BASE);
  if (at == SIZE_MAX) return str_starts(url, STR("urn:uuid:")) ? (struct str){0} : STR(OWN_BASE);
  return arena_str(a, str_sub(url, 0, at));
}

void rv_draft_begin(struct rv_draft *d, struct refvendor *v, struct arena *a, const char *profile,
                    const struct node *like) {
  *d = (struct rv_draft){.v = v, .a = a, .time = rv_now(v, a)};
  d->base = like ? base_of(a, like) : STR(OWN_BASE);
  d->bundle = messaging_bundle(a, profile, rv_id(v, a), d->time);
}

struct str rv_draft_reference(struct rv_draft *d, const char *type, struct str id) {
  if (d->base.n == 0) return arena_printf(d->a, "urn:uuid:%.*s", STR_F(id));
  return arena_printf(d->a, "%.*s%s/%.*s", STR_F(d->v->o->absolute ? d->base : (struct str){0}), type, STR_F(id));
}

struct node *rv_draft_resource(struct rv_draft *d, const char *type, const char *profile, struct str *reference) {
  struct str id = rv_id(d->v, d->a), ref = rv_draft_reference(d, type, id);
  struct node *entry = node_add(d->a, d->bundle, "entry");
  struct str base = d->v->o->absolute ? (struct str){0} : d->base;
  rv_put(d->a, entry, "fullUrl", arena_printf(d->a, "%.*s%.*s", STR_F(base), STR_F(ref)));
  struct node *r = node_add(d->a, entry, "resource");
  r->type = str_z(type);
  rv_put(d->a, r, "id", id);
  rv_put(d->a, r, "meta.profile", str_z(profile));
  if (reference) *reference = ref;
  return r;
}

/* Ten digits are a CPR number; else a replacement, in the reference vendor's region that of Midtjylland. */
static struct str system_of(const struct rv_person *p) {
  if (p->system.n) return p->system;
  for (size_t i = 0; i < p->cpr.n; i++)
    if (p->cpr.p[i] < '0' || p->cpr.p[i] > '9')
      return ecpr_is_national(p->cpr) ? STR(X_ECPR_SYSTEM) : STR(D_ECPR_SYSTEM ".181");
  return STR(CPR_OID);
}

struct str rv_draft_patient(struct rv_draft *d, const struct rv_person *person) {
  struct str reference;
  struct node *p = rv_draft_resource(d, "Patient", RV_CORE "medcom-core-patient", &reference);
  rv_put(d->a, p, "identifier.system", system_of(person));
  rv_put(d->a, p, "identifier.value", person->cpr);
  rv_put(d->a, p, "name.use", STR("official"));
  rv_put(d->a, p, "name.family", person->family);
  rv_put(d->a, p, "name.given", person->given);
  return reference;
}

struct str rv_draft_organization(struct rv_draft *d, struct refvendor_party p) {
  struct str reference;
  struct node *o = rv_draft_resource(d, "Organization", MESSAGING_PROFILES "medcom-messaging-organization", &reference);
  messaging_organization(d->a, o, arena_str(d->a, p.gln), arena_str(d->a, p.sor), arena_str(d->a, p.name));
  return reference;
}

void rv_draft_header(struct rv_draft *d, const char *event, const char *profile, struct str sender, struct str receiver,
                     struct refvendor_party from, struct refvendor_party to) {
  struct arena *a = d->a;
  struct messaging_header m = {event, sender, receiver, messaging_endpoint(a, from.gln, from.sor),
                               messaging_endpoint(a, to.gln, to.sor)};
  d->header = rv_draft_resource(d, "MessageHeader", profile, NULL);
  messaging_header(a, d->header, &m);
}

void rv_draft_provenance(struct rv_draft *d, const char *profile, const char *activity, struct str who,
                         struct str previous) {
  struct arena *a = d->a;
  struct node *p = rv_draft_resource(d, "Provenance", profile, NULL);
  struct str target = rv_draft_reference(d, "MessageHeader", node_text_at(d->header, "id"));
  messaging_provenance(a, p, target, d->time, activity, who);
  if (previous.n) {
    struct node *before = node_add(a, p, "entity");
    rv_put(a, before, "role", STR("revision"));
    rv_put(a, before, "what.reference", previous);
  }
  if (d->legacy.n) {
    struct node *before = node_add(a, p, "entity");
    rv_put(a, before, "role", STR("revision"));
    rv_put(a, before, "what.identifier.value", d->legacy);
  }
  for (size_t i = 0; i < d->segments.n; i++) {
    struct node *segment = node_add(a, p, "entity");
    rv_put(a, segment, "role", STR("source"));
    rv_put(a, segment, "what.identifier.value", d->segments.v[i]);
  }
}

struct node *rv_draft_copy(struct rv_draft *d, const struct node *entry) {
  struct node *copy = node_copy(d->a, entry);
  node_append(d->bundle, copy);
  return node_child(copy, "resource");
}

static void complete(struct rv_draft *d, const struct node *from, const struct node *n) {
  for (NODE_EACH(c, n)) {
    if (str_eqz(c->name, "reference") && c->text.n && !rv_entry(d->bundle, c->text)) {
      const struct node *entry = rv_entry(from, c->text), *r = node_child(entry, "resource");
      if (r && !str_eqz(r->type, "MessageHeader")) rv_draft_copy(d, entry);
    }
    complete(d, from, c);
  }
}

/* Copies are appended, so that their references are looked at in turn. */
void rv_draft_complete(struct rv_draft *d, const struct node *from) {
  for (const struct node *e = node_child(d->bundle, "entry"); e; e = node_again(e)) complete(d, from, e);
}

const struct node *rv_draft_end(struct rv_draft *d) {
  for (struct node *e = node_child(d->bundle, "entry"); e; e = node_again(e)) {
    struct node *r = node_child(e, "resource");
    if (!node_child(r, "text")) rv_narrate(d->a, r);
  }
  return d->bundle;
}
