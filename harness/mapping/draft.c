/* A FHIR message under construction: MedCom core 3.0, messaging 4.0. */
#include "formats/xml.h"
#include "mapping/convert_int.h"

#define BASE "https://testcamp.example/fhir/"
#define MESSAGING MEDCOM "messaging/StructureDefinition/"
#define GLN_SYSTEM "https://www.gs1.org/gln"
#define SOR_SYSTEM "urn:oid:1.2.208.176.1.1"
#define NARRATIVE_MAX ((size_t)16 << 20)

struct node *draft_add(struct arena *a, struct node *parent, const char *name) {
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

struct node *draft_put(struct arena *a, struct node *parent, const char *path, struct str text) {
  struct str rest = str_z(path);
  while (str_index(rest, '.') != SIZE_MAX) {
    struct str name = str_cut(&rest, '.');
    struct node *next = last_child(parent, name);
    parent = next ? next : draft_add(a, parent, arena_z(a, name));
  }
  struct node *n = node_new(a, NODE_STRING);
  n->name = rest;
  n->text = text;
  node_append(parent, n);
  return n;
}

void draft_begin(struct draft *d, struct arena *a, const char *profile, struct str id, struct str time) {
  *d = (struct draft){.a = a, .bundle = node_new(a, NODE_OBJECT)};
  d->bundle->type = STR("Bundle");
  draft_put(a, d->bundle, "id", id);
  draft_put(a, d->bundle, "meta.profile", str_z(profile));
  draft_put(a, d->bundle, "type", STR("message"));
  draft_put(a, d->bundle, "timestamp", time);
}

struct node *draft_resource(struct draft *d, const char *type, const char *profile, struct str id) {
  struct node *entry = draft_add(d->a, d->bundle, "entry");
  draft_put(d->a, entry, "fullUrl", arena_printf(d->a, BASE "%s/%.*s", type, STR_F(id)));
  struct node *r = draft_add(d->a, entry, "resource");
  r->type = str_z(type);
  draft_put(d->a, r, "id", id);
  draft_put(d->a, r, "meta.profile", str_z(profile));
  return r;
}

struct str draft_endpoint(struct arena *a, struct str gln, struct str sor) {
  if (!sor.n) return arena_printf(a, GLN_SYSTEM "/%.*s", STR_F(gln));
  return arena_printf(a, "https://sor2.sum.dsdn.dk/#id=%.*s", STR_F(sor));
}

static void put_identifier(struct draft *d, struct node *parent, const char *system, struct str value) {
  if (!value.n) return;
  struct node *i = draft_add(d->a, parent, "identifier");
  draft_put(d->a, i, "system", str_z(system));
  draft_put(d->a, i, "value", value);
}

void draft_party(struct draft *d, struct str id, struct str gln, struct str sor, struct str name) {
  struct node *o = draft_resource(d, "Organization", MESSAGING "medcom-messaging-organization", id);
  put_identifier(d, o, GLN_SYSTEM, gln);
  put_identifier(d, o, SOR_SYSTEM, sor);
  if (name.n) draft_put(d->a, o, "name", name);
}

void draft_header(struct draft *d, const char *event, const char *profile, struct str id, struct str sender,
                  struct str receiver, struct str from, struct str to) {
  struct arena *a = d->a;
  struct node *h = draft_resource(d, "MessageHeader", profile, id);
  draft_put(a, h, "eventCoding.system", STR(MEDCOM_TERMS "medcom-messaging-eventCodes"));
  draft_put(a, h, "eventCoding.code", str_z(event));
  struct node *destination = draft_add(a, h, "destination"), *use = draft_add(a, destination, "extension");
  draft_put(a, use, "url", STR(MESSAGING "medcom-messaging-destinationUseExtension"));
  draft_put(a, use, "valueCoding.system", STR(MEDCOM_TERMS "medcom-messaging-destinationUse"));
  draft_put(a, use, "valueCoding.code", STR("primary"));
  draft_put(a, destination, "endpoint", to);
  draft_put(a, destination, "receiver.reference", arena_printf(a, "Organization/%.*s", STR_F(receiver)));
  draft_put(a, h, "sender.reference", arena_printf(a, "Organization/%.*s", STR_F(sender)));
  draft_put(a, h, "source.endpoint", from);
  d->header = h;
}

struct node *draft_provenance(struct draft *d, const char *profile, const char *activity, struct str id,
                              struct str sender, struct str time) {
  struct arena *a = d->a;
  struct node *p = draft_resource(d, "Provenance", profile, id);
  struct str target = arena_printf(a, "MessageHeader/%.*s", STR_F(node_text_at(d->header, "id")));
  draft_put(a, p, "target.reference", target);
  draft_put(a, p, "occurredDateTime", time);
  draft_put(a, p, "recorded", time);
  draft_put(a, p, "activity.coding.system", STR(MEDCOM_TERMS "medcom-messaging-activityCodes"));
  draft_put(a, p, "activity.coding.code", str_z(activity));
  draft_put(a, p, "agent.who.reference", arena_printf(a, "Organization/%.*s", STR_F(sender)));
  return p;
}

/* ---- narratives: every value, in a list, but for the content of attachments ---- */

static bool is_left_out(const struct node *n) {
  static const char *const names[] = {"meta", "id", "data", "system"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (str_eqz(n->name, names[i])) return true;
  return str_eqz(n->name, "url") && str_eqz(n->parent->name, "extension");
}

static void put_lines(struct buf *b, struct str text) {
  while (text.n) {
    xml_escape_text(b, str_cut(&text, '\n'));
    if (text.n) buf_addz(b, "<br/>");
  }
}

static void put_values(struct buf *b, const struct node *n, struct str label) {
  for (NODE_EACH(c, n)) {
    if (is_left_out(c)) continue;
    bool generic = str_starts(c->name, STR("value")) || str_eqz(c->name, "code") || str_eqz(c->name, "coding") ||
                   str_eqz(c->name, "reference");
    struct str name = generic && label.n ? label : c->name;
    if (c->first) {
      put_values(b, c, name);
      continue;
    }
    if (!c->text.n) continue;
    buf_printf(b, "<li>%.*s: ", STR_F(name));
    put_lines(b, c->text);
    buf_addz(b, "</li>");
  }
}

static bool has_extension(const struct node *n) {
  for (NODE_EACH(c, n))
    if (str_eqz(c->name, "extension") || has_extension(c)) return true;
  return false;
}

static void narrate(struct arena *a, struct node *r) {
  struct buf b;
  buf_init(&b, NARRATIVE_MAX);
  buf_printf(&b, "<div xmlns=\"" XML_XHTML_NS "\"><p>%.*s</p><ul><li>id: %.*s</li>", STR_F(r->type),
             STR_F(node_text_at(r, "id")));
  put_values(&b, r, (struct str){0});
  buf_addz(&b, "</ul></div>");
  draft_put(a, r, "text.status", has_extension(r) ? STR("extensions") : STR("generated"));
  draft_put(a, r, "text.div", buf_take(&b, a));
}

struct str draft_bytes(struct draft *d, const struct convert_options *o) {
  struct buf b;
  for (const struct node *e = node_child(d->bundle, "entry"); e; e = node_again(e))
    narrate(d->a, node_child(e, "resource"));
  buf_init(&b, CONVERT_BYTES_MAX);
  resource_write(&b, d->bundle, o->form, o->shapes, 2);
  return buf_take(&b, d->a);
}
