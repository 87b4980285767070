#include "fhir/resource_int.h"

#include "formats/json.h"
#include "formats/sniff.h"
#include "formats/xml.h"

void resource_report(struct findings *f, enum resource_rule rule, struct str message, const struct node *n,
                     struct said what) {
  findings_add_said(f, &resource_rules[rule], node_place_for(f, message, n), 1, &what);
}

const char *resource_mime(enum resource_form form) {
  return form == RESOURCE_XML ? "application/fhir+xml" : "application/fhir+json";
}

void resource_write(struct buf *out, const struct node *r, enum resource_form form, const struct shapes *shapes,
                    int indent) {
  if (form == RESOURCE_XML)
    resource_write_xml(out, r, shapes, indent);
  else
    resource_write_json(out, r, shapes, indent);
}

bool resource_is_bare(const struct node *n) {
  if (!n->first) return false;
  for (NODE_EACH(c, n))
    if (!str_eqz(c->name, "id") && !str_eqz(c->name, "extension")) return false;
  return true;
}

static int read_json(struct node **out, struct arena *a, struct source src, struct findings *f) {
  struct node *json = NULL;
  if (json_read(&json, a, src, f)) return -1;
  return resource_from_json(out, a, json, src.name, f);
}

static int read_xml(struct node **out, struct arena *a, struct source src, struct findings *f) {
  struct node *xml = NULL;
  if (xml_read(&xml, a, src, f)) return -1;
  return resource_from_xml(out, a, xml, src.name, f);
}

int resource_read(struct node **out, enum resource_form *form, struct arena *a, struct source src, struct findings *f) {
  *out = NULL;
  enum sniff kind = sniff_bytes(src.bytes);
  *form = kind == SNIFF_XML ? RESOURCE_XML : RESOURCE_JSON;
  if (kind == SNIFF_JSON) return read_json(out, a, src, f);
  if (kind == SNIFF_XML) return read_xml(out, a, src, f);
  static const struct said neither = {STR_INIT("neither JSON nor XML in UTF-8"),
                                      STR_INIT("hverken JSON eller XML i UTF-8")};
  static const struct said nothing = {STR_INIT("it is empty"), STR_INIT("den er tom")};
  struct place where = {.message = src.name, .line = 1, .col = 1};
  struct said what = kind == SNIFF_UNKNOWN ? neither
                     : kind == SNIFF_EMPTY ? nothing
                                           : said_same(str_z(sniff_name(kind)));
  findings_add_said(f, &resource_rules[RESOURCE_NOT_FHIR], where, 1, &what);
  return -1;
}
