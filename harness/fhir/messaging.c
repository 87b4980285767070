#include "fhir/messaging.h"

struct node *messaging_bundle(struct arena *a, const char *profile, struct str id, struct str time) {
  struct node *b = node_new(a, NODE_OBJECT);
  b->type = STR("Bundle");
  node_put(a, b, "id", id);
  node_put(a, b, "meta.profile", str_z(profile));
  node_put(a, b, "type", STR("message"));
  node_put(a, b, "timestamp", time);
  return b;
}

static void put_identifier(struct arena *a, struct node *parent, const char *system, struct str value) {
  if (!value.n) return;
  struct node *i = node_add(a, parent, "identifier");
  node_put(a, i, "system", str_z(system));
  node_put(a, i, "value", value);
}

void messaging_organization(struct arena *a, struct node *o, struct str gln, struct str sor, struct str name) {
  put_identifier(a, o, MESSAGING_GLN, gln);
  put_identifier(a, o, MESSAGING_SOR, sor);
  if (name.n) node_put(a, o, "name", name);
}

struct str messaging_endpoint(struct arena *a, struct str gln, struct str sor) {
  if (!sor.n) return arena_printf(a, MESSAGING_GLN "/%.*s", STR_F(gln));
  return arena_printf(a, "https://sor2.sum.dsdn.dk/#id=%.*s", STR_F(sor));
}

void messaging_header(struct arena *a, struct node *h, const struct messaging_header *m) {
  node_put(a, h, "eventCoding.system", STR(MESSAGING_TERMS "medcom-messaging-eventCodes"));
  node_put(a, h, "eventCoding.code", str_z(m->event));
  struct node *destination = node_add(a, h, "destination"), *use = node_add(a, destination, "extension");
  node_put(a, use, "url", STR(MESSAGING_PROFILES "medcom-messaging-destinationUseExtension"));
  node_put(a, use, "valueCoding.system", STR(MESSAGING_TERMS "medcom-messaging-destinationUse"));
  node_put(a, use, "valueCoding.code", STR("primary"));
  node_put(a, destination, "endpoint", m->to);
  node_put(a, destination, "receiver.reference", m->receiver);
  node_put(a, h, "sender.reference", m->sender);
  node_put(a, h, "source.endpoint", m->from);
}

void messaging_provenance(struct arena *a, struct node *p, struct str target, struct str time, const char *activity,
                          struct str who) {
  node_put(a, p, "target.reference", target);
  node_put(a, p, "occurredDateTime", time);
  node_put(a, p, "recorded", time);
  node_put(a, p, "activity.coding.system", STR(MESSAGING_TERMS "medcom-messaging-activityCodes"));
  node_put(a, p, "activity.coding.code", str_z(activity));
  node_put(a, p, "agent.who.reference", who);
}
