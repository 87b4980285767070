/* What EER and the register of patients' doctors know: postal codes, devices, patients, endpoints. */
#include "base/clock.h"
#include "standards/identifier.h"
#include "standards/register_int.h"

#define POSTAL_CODE_DIGITS 4
#define DATE_FORM "2026-01-31"
#define NO_PRACTICE "none" /* a patient of group 2 */
/* FHIR R4 2.24.0.1: a device's name in this file is the id of its resource. */
#define ID_MAX 64

static bool all_digits(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return true;
}

static int check_text(struct reading *r, const struct node *n) {
  if (n->kind == NODE_STRING && n->text.n) return 0;
  return COMPLAIN(r, n, "\"%.*s\" must be a text", STR_F(n->name));
}

int register_read_places(struct reading *r, const struct node *n) {
  if (n->count > REGISTER_PLACES_MAX)
    return COMPLAIN(r, n, "a register has at most %d postal codes", REGISTER_PLACES_MAX);
  for (NODE_EACH(c, n)) {
    if (c->name.n != POSTAL_CODE_DIGITS || !all_digits(c->name))
      return COMPLAIN_KEY(r, c, "%.*s is no postal code: %d digits", STR_F(c->name), POSTAL_CODE_DIGITS);
    if (check_text(r, c) < 0) return -1;
    struct register_place *p = ARENA_NEW(r->arena, struct register_place);
    *p = (struct register_place){c->name, c->text};
    map_set(&r->out->places, p->postal_code, p);
    r->out->places_n++;
  }
  return 0;
}

int register_read_patients(struct reading *r, const struct node *n) {
  if (n->count > REGISTER_PATIENTS_MAX)
    return COMPLAIN(r, n, "a register has at most %d patients", REGISTER_PATIENTS_MAX);
  for (NODE_EACH(c, n)) {
    if (!cpr_valid(c->name)) return COMPLAIN_KEY(r, c, "%.*s is no CPR number", STR_F(c->name));
    if (check_text(r, c) < 0) return -1;
    struct register_patient *p = ARENA_NEW(r->arena, struct register_patient);
    *p = (struct register_patient){c->name, map_get(&r->out->by_id, c->text)};
    if (!p->practice && !str_eqz(c->text, NO_PRACTICE))
      return COMPLAIN(r, c, "there is no unit \"%.*s\"; a patient without a practice has \"" NO_PRACTICE "\"",
                      STR_F(c->text));
    if (p->practice && !p->practice->yder.n)
      return COMPLAIN(r, c, "\"%.*s\" has no ydernummer: it is no general practice", STR_F(c->text));
    map_set(&r->out->patients, p->cpr, p);
    r->out->patients_n++;
  }
  return 0;
}

/* --- devices --- */

static const struct register_key device_keys[] = {{"id", NODE_STRING},
                                                  {"type", NODE_STRING},
                                                  {"name", NODE_STRING},
                                                  {"manufacturer", NODE_STRING},
                                                  {"owner", NODE_STRING},
                                                  {"status", NODE_STRING},
                                                  {0}};

static int check_device(struct reading *r, const struct node *n, const struct register_device *d) {
  static const char *const types[] = {"EUA", "MSH", "AP", "EOJ", "LPS", NULL};
  static const char *const statuses[] = {"active", "inactive", "entered-in-error", "unknown", NULL};
  if (d->id.n > ID_MAX) return COMPLAIN_KEY(r, n, "the name of a device has at most %d characters", ID_MAX);
  for (size_t i = 0; i < d->id.n; i++)
    if (!ascii_is_alnum(d->id.p[i]) && d->id.p[i] != '-')
      return COMPLAIN_KEY(r, n, "the name of a device is letters, digits and \"-\"");
  if (!d->device_id.n || !d->type.n || !d->name.n || !d->manufacturer.n)
    return COMPLAIN_KEY(r, n, "the device \"%.*s\" lacks \"id\", \"type\", \"name\" or \"manufacturer\"", STR_F(d->id));
  if (register_check_word(r, n, "type", types) < 0) return -1;
  return register_check_word(r, n, "status", statuses);
}

static int read_device(struct reading *r, const struct node *n) {
  const struct node *owner = node_child(n, "owner"), *status = node_child(n, "status");
  if (register_check_keys(r, n, device_keys,
                          "a device is a mapping with \"id\", \"type\", \"name\" and "
                          "\"manufacturer\"") < 0)
    return -1;
  struct register_device *d = ARENA_NEW(r->arena, struct register_device);
  *d = (struct register_device){.id = n->name,
                                .device_id = node_text_at(n, "id"),
                                .type = node_text_at(n, "type"),
                                .manufacturer = node_text_at(n, "manufacturer"),
                                .name = node_text_at(n, "name"),
                                .status = status ? status->text : STR("active"),
                                .owner = owner ? map_get(&r->out->by_id, owner->text) : NULL,
                                .line = n->line};
  if (check_device(r, n, d) < 0) return -1;
  if (owner && !d->owner) return COMPLAIN(r, owner, "there is no unit \"%.*s\"", STR_F(owner->text));
  const struct register_device *other = map_get(&r->out->device_by_device_id, d->device_id);
  if (other)
    return COMPLAIN(r, node_child(n, "id"), "%.*s is that of \"%.*s\" on line %d already", STR_F(d->device_id),
                    STR_F(other->id), other->line);
  map_set(&r->out->device_by_id, d->id, d);
  map_set(&r->out->device_by_device_id, d->device_id, d);
  VEC_PUSH(r->arena, &r->out->devices, d);
  return 0;
}

int register_read_devices(struct reading *r, const struct node *n) {
  if (n->count > REGISTER_DEVICES_MAX) return COMPLAIN(r, n, "a register has at most %d devices", REGISTER_DEVICES_MAX);
  for (NODE_EACH(c, n))
    if (read_device(r, c) < 0) return -1;
  return 0;
}

/* The device that a key names, of the type that it must have. */
static int find_device(struct reading *r, const struct node *n, const char *key, const char *type,
                       const struct register_device **out) {
  const struct node *c = node_child(n, key);
  if (!c) return 0;
  *out = map_get(&r->out->device_by_id, c->text);
  if (!*out) return COMPLAIN(r, c, "there is no device \"%.*s\"", STR_F(c->text));
  if (str_eqz((*out)->type, type)) return 0;
  return COMPLAIN(r, c, "the device \"%.*s\" is of the type %.*s, not %s", STR_F(c->text), STR_F((*out)->type), type);
}

/* --- endpoints --- */

static const struct register_key endpoint_keys[] = {{"connection", NODE_STRING}, {"status", NODE_STRING},
                                                    {"address", NODE_STRING},    {"start", NODE_STRING},
                                                    {"end", NODE_STRING},        {"msh", NODE_STRING},
                                                    {"ap", NODE_STRING},         {"payloads", NODE_ARRAY},
                                                    {"media", NODE_ARRAY},       {0}};

static int read_list(struct reading *r, const struct node *list, struct str **v, size_t *n) {
  if (!list || !list->count) return 0;
  if (list->count > REGISTER_PAYLOADS_MAX)
    return COMPLAIN(r, list, "\"%.*s\" has at most %d items", STR_F(list->name), REGISTER_PAYLOADS_MAX);
  *v = ARENA_ARRAY(r->arena, struct str, list->count);
  for (NODE_EACH(c, list)) {
    if (c->kind != NODE_STRING || !c->text.n) return COMPLAIN(r, c, "\"%.*s\" is a list of texts", STR_F(list->name));
    (*v)[(*n)++] = c->text;
  }
  return 0;
}

static int check_date(struct reading *r, const struct node *n, const char *key) {
  const struct node *c = node_child(n, key);
  int64_t ms;
  bool zone;
  if (!c) return 0;
  struct str noon = arena_printf(r->arena, "%.*sT12:00:00Z", STR_F(c->text));
  if (c->text.n == sizeof DATE_FORM - 1 && time_parse(noon, &ms, &zone)) return 0;
  return COMPLAIN(r, c, "\"%s\" must be a date such as " DATE_FORM, key);
}

static int check_endpoint(struct reading *r, const struct node *n, const struct register_endpoint *p) {
  static const char *const connections[] = {"EerMessagingEdelivery",
                                            "EerMessagingEdeliveryFhir",
                                            "vansMessaging",
                                            "hl7-fhir-msg",
                                            "hl7-fhir-rest",
                                            "ihe-xds",
                                            NULL};
  static const char *const statuses[] = {"active", "suspended", "error", "off", "entered-in-error", "test", NULL};
  if (!p->connection.n || !p->address.n || !p->start.n || !p->payloads.n || !p->media.n)
    return COMPLAIN_KEY(r, n, "an endpoint needs \"connection\", \"address\", \"start\", \"payloads\" and \"media\"");
  if (register_check_word(r, n, "connection", connections) < 0) return -1;
  if (register_check_word(r, n, "status", statuses) < 0) return -1;
  return check_date(r, n, "start") < 0 ? -1 : check_date(r, n, "end");
}

static int read_endpoint(struct reading *r, const struct node *n, struct register_endpoint **out) {
  const struct node *status = node_child(n, "status");
  if (register_check_keys(r, n, endpoint_keys, "an endpoint is a mapping") < 0) return -1;
  struct register_endpoint *p = ARENA_NEW(r->arena, struct register_endpoint);
  *p = (struct register_endpoint){.connection = node_text_at(n, "connection"),
                                  .status = status ? status->text : STR("active"),
                                  .address = node_text_at(n, "address"),
                                  .start = node_text_at(n, "start"),
                                  .end = node_text_at(n, "end")};
  if (read_list(r, node_child(n, "payloads"), &p->payloads.v, &p->payloads.n) < 0) return -1;
  if (read_list(r, node_child(n, "media"), &p->media.v, &p->media.n) < 0) return -1;
  if (find_device(r, n, "msh", "MSH", &p->msh) < 0 || find_device(r, n, "ap", "AP", &p->ap) < 0) return -1;
  *out = p;
  return check_endpoint(r, n, p);
}

int register_read_endpoints(struct reading *r, const struct node *units) {
  size_t i = 0;
  for (NODE_EACH(n, units)) {
    struct register_unit *u = r->out->units.v[i++];
    const struct node *endpoint = node_child(n, "endpoint");
    if (find_device(r, n, "eua", "EUA", &u->eua) < 0 || find_device(r, n, "msh", "MSH", &u->msh) < 0) return -1;
    if (endpoint && read_endpoint(r, endpoint, &u->endpoint) < 0) return -1;
  }
  return 0;
}

/* --- looking up --- */

const struct register_unit *sor_register_practice(const struct sor_register *r, struct str yder) {
  return map_get(&r->by_yder, yder);
}

const struct register_device *sor_register_device(const struct sor_register *r, struct str id) {
  const struct register_device *d = map_get(&r->device_by_id, id);
  return d ? d : map_get(&r->device_by_device_id, id);
}

const struct register_patient *sor_register_patient(const struct sor_register *r, struct str cpr) {
  return map_get(&r->patients, cpr);
}

const struct register_place *sor_register_place(const struct sor_register *r, struct str postal_code) {
  return map_get(&r->places, postal_code);
}
