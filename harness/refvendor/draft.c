/* The parts that messages are made of. Profiles: medcom-core 4.0, medcom-messaging 4.0, medcom-carecommunication 5.0.
 */
#include "refvendor/refvendor_int.h"

#define OWN_BASE "https://refvendor.example/fhir/"
#define SOR_ENDPOINT "https://sor2.sum.dsdn.dk/#id="
#define CPR_OID "urn:oid:1.2.208.176.1.2"
#define X_ECPR_OID "urn:oid:1.2.208.176.1.6.1.1"
#define D_ECPR_OID "urn:oid:1.2.208.176.1.6.1.3.181"
#define MESSAGING RV_MEDCOM "messaging/StructureDefinition/"

struct node *rv_add(struct arena *a, struct node *parent, const char *name) {
  struct node *n = node_new(a, NODE_OBJECT);
  n->name = str_z(name);
  node_append(parent, n);
  return n;
}

static struct node *last_child(struct node *parent, struct str name) {
  struct node *found = NULL;
  for (NODE_EACH(c, parent))
    if (str_eq(c->name, name)) found = c;
  return found;
}

struct node *rv_put(struct arena *a, struct node *parent, const char *path, struct str text) {
  struct str rest = str_z(path);
  while (str_index(rest, '.') != SIZE_MAX) {
    struct str name = str_cut(&rest, '.');
    struct node *next = last_child(parent, name);
    if (!next) {
      next = node_new(a, NODE_OBJECT);
      next->name = name;
      node_append(parent, next);
    }
    parent = next;
  }
  struct node *n = node_new(a, NODE_STRING);
  n->name = rest;
  n->text = arena_str(a, text);
  node_append(parent, n);
  return n;
}

struct node *rv_extension(struct arena *a, struct node *parent, const char *name) {
  struct node *x = rv_add(a, parent, "extension");
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
  d->bundle = node_new(a, NODE_OBJECT);
  d->bundle->type = STR("Bundle");
  rv_put(a, d->bundle, "id", rv_id(v, a));
  rv_put(a, d->bundle, "meta.profile", str_z(profile));
  rv_put(a, d->bundle, "type", STR("message"));
  rv_put(a, d->bundle, "timestamp", d->time);
}

struct str rv_draft_reference(struct rv_draft *d, const char *type, struct str id) {
  if (d->base.n == 0) return arena_printf(d->a, "urn:uuid:%.*s", STR_F(id));
  return arena_printf(d->a, "%.*s%s/%.*s", STR_F(d->v->o->absolute ? d->base : (struct str){0}), type, STR_F(id));
}

struct node *rv_draft_resource(struct rv_draft *d, const char *type, const char *profile, struct str *reference) {
  struct str id = rv_id(d->v, d->a), ref = rv_draft_reference(d, type, id);
  struct node *entry = rv_add(d->a, d->bundle, "entry");
  struct str base = d->v->o->absolute ? (struct str){0} : d->base;
  rv_put(d->a, entry, "fullUrl", arena_printf(d->a, "%.*s%.*s", STR_F(base), STR_F(ref)));
  struct node *r = rv_add(d->a, entry, "resource");
  r->type = str_z(type);
  rv_put(d->a, r, "id", id);
  rv_put(d->a, r, "meta.profile", str_z(profile));
  if (reference) *reference = ref;
  return r;
}

/* Ten digits are a CPR number; else the seventh character tells national from regional replacement numbers. */
static struct str system_of(const struct rv_person *p) {
  if (p->system.n) return p->system;
  for (size_t i = 0; i < p->cpr.n; i++)
    if (p->cpr.p[i] < '0' || p->cpr.p[i] > '9')
      return p->cpr.n > 6 && (p->cpr.p[6] == '1' || p->cpr.p[6] == '7') ? STR(X_ECPR_OID) : STR(D_ECPR_OID);
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

static void put_identifier(struct arena *a, struct node *parent, const char *system, struct str value) {
  struct node *i = rv_add(a, parent, "identifier");
  rv_put(a, i, "system", str_z(system));
  rv_put(a, i, "value", value);
}

struct str rv_draft_organization(struct rv_draft *d, struct refvendor_party p) {
  struct str reference;
  struct node *o = rv_draft_resource(d, "Organization", MESSAGING "medcom-messaging-organization", &reference);
  put_identifier(d->a, o, RV_GLN, p.gln);
  if (p.sor.n) put_identifier(d->a, o, RV_SOR, p.sor);
  if (p.name.n) rv_put(d->a, o, "name", p.name);
  return reference;
}

static struct str endpoint_of(struct arena *a, struct refvendor_party p) {
  if (p.sor.n == 0) return arena_printf(a, "https://www.gs1.org/gln/%.*s", STR_F(p.gln));
  return arena_printf(a, SOR_ENDPOINT "%.*s", STR_F(p.sor));
}

void rv_draft_header(struct rv_draft *d, const char *event, const char *profile, struct str sender, struct str receiver,
                     struct refvendor_party from, struct refvendor_party to) {
  struct arena *a = d->a;
  struct node *h = rv_draft_resource(d, "MessageHeader", profile, NULL);
  rv_put(a, h, "eventCoding.system", STR(RV_TERMINOLOGY "medcom-messaging-eventCodes"));
  rv_put(a, h, "eventCoding.code", str_z(event));
  struct node *destination = rv_add(a, h, "destination");
  struct node *use = rv_add(a, destination, "extension");
  rv_put(a, use, "url", STR(MESSAGING "medcom-messaging-destinationUseExtension"));
  rv_put(a, use, "valueCoding.system", STR(RV_TERMINOLOGY "medcom-messaging-destinationUse"));
  rv_put(a, use, "valueCoding.code", STR("primary"));
  rv_put(a, destination, "endpoint", endpoint_of(a, to));
  rv_put(a, destination, "receiver.reference", receiver);
  rv_put(a, h, "sender.reference", sender);
  rv_put(a, h, "source.endpoint", endpoint_of(a, from));
  d->header = h;
}

void rv_draft_provenance(struct rv_draft *d, const char *profile, const char *activity, struct str who,
                         struct str previous) {
  struct arena *a = d->a;
  struct node *p = rv_draft_resource(d, "Provenance", profile, NULL);
  rv_put(a, p, "target.reference", rv_draft_reference(d, "MessageHeader", node_text_at(d->header, "id")));
  rv_put(a, p, "occurredDateTime", d->time);
  rv_put(a, p, "recorded", d->time);
  rv_put(a, p, "activity.coding.system", STR(RV_TERMINOLOGY "medcom-messaging-activityCodes"));
  rv_put(a, p, "activity.coding.code", str_z(activity));
  rv_put(a, p, "agent.who.reference", who);
  if (previous.n) {
    struct node *before = rv_add(a, p, "entity");
    rv_put(a, before, "role", STR("revision"));
    rv_put(a, before, "what.reference", previous);
  }
  if (d->legacy.n) {
    struct node *before = rv_add(a, p, "entity");
    rv_put(a, before, "role", STR("revision"));
    rv_put(a, before, "what.identifier.value", d->legacy);
  }
  for (size_t i = 0; i < d->segments.n; i++) {
    struct node *segment = rv_add(a, p, "entity");
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
