/* A FHIR message under construction: MedCom core 3.0, messaging 4.0. */
#include "fhir/messaging.h"
#include "formats/xml.h"
#include "mapping/convert_int.h"

#define BASE "https://testcamp.example/fhir/"
#define NARRATIVE_MAX ((size_t)16 << 20)

void draft_begin(struct draft *d, struct arena *a, const char *profile, struct str id, struct str time) {
  *d = (struct draft){.a = a, .bundle = messaging_bundle(a, profile, id, time)};
}

struct node *draft_resource(struct draft *d, const char *type, const char *profile, struct str id) {
  struct node *entry = node_add(d->a, d->bundle, "entry");
  node_put(d->a, entry, "fullUrl", arena_printf(d->a, BASE "%s/%.*s", type, STR_F(id)));
  struct node *r = node_add(d->a, entry, "resource");
  r->type = str_z(type);
  node_put(d->a, r, "id", id);
  node_put(d->a, r, "meta.profile", str_z(profile));
  return r;
}

void draft_party(struct draft *d, struct str id, struct str gln, struct str sor, struct str name) {
  struct node *o = draft_resource(d, "Organization", MESSAGING_PROFILES "medcom-messaging-organization", id);
  messaging_organization(d->a, o, gln, sor, name);
}

void draft_header(struct draft *d, const char *event, const char *profile, struct str id, struct str sender,
                  struct str receiver, struct str from, struct str to) {
  struct messaging_header m = {event, arena_printf(d->a, "Organization/%.*s", STR_F(sender)),
                               arena_printf(d->a, "Organization/%.*s", STR_F(receiver)), from, to};
  d->header = draft_resource(d, "MessageHeader", profile, id);
  messaging_header(d->a, d->header, &m);
}

struct node *draft_provenance(struct draft *d, const char *profile, const char *activity, struct str id,
                              struct str sender, struct str time) {
  struct arena *a = d->a;
  struct node *p = draft_resource(d, "Provenance", profile, id);
  messaging_provenance(a, p, arena_printf(a, "MessageHeader/%.*s", STR_F(node_text_at(d->header, "id"))), time,
                       activity, arena_printf(a, "Organization/%.*s", STR_F(sender)));
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
  node_put(a, r, "text.status", has_extension(r) ? STR("extensions") : STR("generated"));
  node_put(a, r, "text.div", buf_take(&b, a));
}

struct str draft_bytes(struct draft *d, const struct convert_options *o) {
  struct buf b;
  for (const struct node *e = node_child(d->bundle, "entry"); e; e = node_again(e))
    narrate(d->a, node_child(e, "resource"));
  buf_init(&b, CONVERT_BYTES_MAX);
  resource_write(&b, d->bundle, o->form, o->shapes, 2);
  return buf_take(&b, d->a);
}
