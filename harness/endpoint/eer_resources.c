#include "endpoint/eer_resources.h"

#include "endpoint/rest_int.h"

#define TERMINOLOGY "http://medcomehmi.dk/ig/terminology/CodeSystem/"
#define EXTENSIONS "http://medcomehmi.dk/ig/eer/StructureDefinition/"
#define SOR_SYSTEM "urn:oid:1.2.208.176.1.1"

/* --- elements; an empty text makes none --- */

static void text(struct arena *a, struct node *parent, const char *name, struct str value) {
  if (value.n) rest_add(a, parent, name, NODE_STRING, value);
}

static void listed_text(struct arena *a, struct node *parent, const char *name, struct str value) {
  if (value.n) rest_add(a, parent, name, NODE_STRING, value)->flags = NODE_LISTED;
}

static struct node *object(struct arena *a, struct node *parent, const char *name) {
  return rest_add(a, parent, name, NODE_OBJECT, (struct str){0});
}

static struct node *listed(struct arena *a, struct node *parent, const char *name) {
  struct node *n = object(a, parent, name);
  n->flags = NODE_LISTED;
  return n;
}

static struct node *resource(struct arena *a, const char *type, struct str id, const char *profile) {
  struct node *root = node_new(a, NODE_OBJECT);
  root->type = str_z(type);
  text(a, root, "id", id);
  listed_text(a, object(a, root, "meta"), "profile", str_z(profile));
  return root;
}

static void put_coding(struct arena *a, struct node *coding, const char *system, struct str code) {
  text(a, coding, "system", str_z(system));
  text(a, coding, "code", code);
}

/* "name": [{"coding": [{...}]}] */
static void put_concept(struct arena *a, struct node *root, const char *name, const char *system, struct str code) {
  if (code.n) put_coding(a, listed(a, listed(a, root, name), "coding"), system, code);
}

static void put_identifier(struct arena *a, struct node *root, const char *use, const char *system, struct str value) {
  if (!value.n) return;
  struct node *n = listed(a, root, "identifier");
  text(a, n, "use", str_z(use));
  text(a, n, "system", str_z(system));
  text(a, n, "value", value);
}

static struct str reference(struct arena *a, const char *type, struct str id) {
  return arena_printf(a, "%s/%.*s", type, STR_F(id));
}

static void put_device_of(struct arena *a, struct node *root, const char *url, const struct register_device *d) {
  if (!d) return;
  struct node *n = listed(a, root, "extension");
  text(a, n, "url", str_z(url));
  text(a, object(a, n, "valueReference"), "reference", reference(a, "Device", d->id));
}

/* --- resources --- */

static void put_address(struct arena *a, struct node *root, const struct register_unit *u) {
  if (!u->street.n && !u->postal_code.n) return;
  struct node *n = listed(a, root, "address");
  listed_text(a, n, "line", u->street);
  text(a, n, "city", u->city);
  text(a, n, "postalCode", u->postal_code);
}

static struct node *organization(struct arena *a, const struct register_unit *u, const char *profile, bool devices,
                                 const struct register_unit *at) {
  struct node *root = resource(a, "Organization", u->sor, profile);
  put_device_of(a, root, EXTENSIONS "eer-dk-eua-system-extension", devices ? u->eua : NULL);
  put_device_of(a, root, EXTENSIONS "eer-dk-msh-system-extension", devices ? u->msh : NULL);
  put_identifier(a, root, "official", SOR_SYSTEM, u->sor);
  put_identifier(a, root, NULL, YDER_SYSTEM, u->yder);
  rest_add(a, root, "active", NODE_BOOL, u->active ? STR("true") : STR("false"));
  put_concept(a, root, "type", TERMINOLOGY "eer-sor-organization-type", u->level);
  put_concept(a, root, "type", TERMINOLOGY "eer-sor-unit-type", u->sor_type);
  text(a, root, "name", u->name);
  put_address(a, root, u);
  if (u->parent) text(a, object(a, root, "partOf"), "reference", reference(a, "Organization", u->parent->sor));
  if (at) text(a, listed(a, root, "endpoint"), "reference", reference(a, "Endpoint", at->gln));
  return root;
}

const struct register_unit *eer_endpoint_of(const struct register_unit *u) {
  return u->number && u->number->endpoint ? u->number : NULL;
}

struct node *eer_organization(struct arena *a, const struct register_unit *u) {
  return organization(a, u, EER_ORGANIZATION, true, u->endpoint ? u : NULL);
}

struct node *eas_organization(struct arena *a, const struct register_unit *u) {
  return organization(a, u, EAS_ORGANIZATION, false, eer_endpoint_of(u));
}

static struct node *endpoint(struct arena *a, const struct register_unit *u, bool devices) {
  const struct register_endpoint *p = u->endpoint;
  struct node *root = resource(a, "Endpoint", u->gln, EER_ENDPOINT);
  put_device_of(a, root, EXTENSIONS "eer-dk-msh-system-extension", devices ? p->msh : NULL);
  put_device_of(a, root, EXTENSIONS "eer-dk-ap-system-extension", devices ? p->ap : NULL);
  put_identifier(a, root, "official", REST_GLN_SYSTEM, u->gln);
  text(a, root, "status", p->status);
  put_coding(a, object(a, root, "connectionType"), TERMINOLOGY "eer-endpoint-connection-type", p->connection);
  text(a, root, "name", u->name);
  text(a, object(a, root, "managingOrganization"), "reference", reference(a, "Organization", u->sor));
  struct node *period = object(a, root, "period");
  text(a, period, "start", p->start);
  text(a, period, "end", p->end);
  for (size_t i = 0; i < p->payloads.n; i++) put_concept(a, root, "payloadType", EHMI_MESSAGE_TYPES, p->payloads.v[i]);
  for (size_t i = 0; i < p->media.n; i++) listed_text(a, root, "payloadMimeType", p->media.v[i]);
  text(a, root, "address", p->address);
  return root;
}

struct node *eer_endpoint(struct arena *a, const struct register_unit *u) {
  return endpoint(a, u, true);
}

struct node *eas_endpoint(struct arena *a, const struct register_unit *u) {
  return endpoint(a, u, false);
}

struct node *eer_device(struct arena *a, const struct register_device *d) {
  struct node *root = resource(a, "Device", d->id, EER_DEVICE);
  put_identifier(a, root, NULL, NULL, d->device_id);
  text(a, root, "status", d->status);
  text(a, root, "manufacturer", d->manufacturer);
  struct node *name = listed(a, root, "deviceName");
  text(a, name, "name", d->name);
  text(a, name, "type", STR("manufacturer-name"));
  put_coding(a, listed(a, object(a, root, "type"), "coding"), TERMINOLOGY "eer-device-type", d->type);
  if (d->owner) text(a, object(a, root, "owner"), "reference", reference(a, "Organization", d->owner->sor));
  return root;
}
