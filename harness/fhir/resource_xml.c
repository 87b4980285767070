/* From an XML tree to the FHIR tree (FHIR R4, 2.6.1). */
#include "fhir/resource_int.h"
#include "formats/xml.h"

struct from_xml {
  struct arena *a;
  struct findings *f;
  struct str message; /* its name, for positions */
};

static void report(struct from_xml *r, const struct node *n, const char *en, const char *da) {
  resource_report(r->f, RESOURCE_XML_FORM, r->message, n, (struct said){str_z(en), str_z(da)});
}

static struct node *make(struct from_xml *r, enum node_kind kind, const struct node *xml, struct str name) {
  struct node *n = node_new(r->a, kind);
  n->name = name;
  n->line = xml->line;
  n->col = xml->col;
  return n;
}

static bool is_fhir(const struct node *xml) {
  return str_eqz(xml->ns, FHIR_NS);
}

/* A resource within a resource stands as the only child, its name with a capital. */
static const struct node *inner_resource(const struct node *xml) {
  const struct node *c = xml->first;
  if (!c || c->next || c->kind != NODE_ELEMENT || !is_fhir(c) || !c->name.n) return NULL;
  return c->name.p[0] >= 'A' && c->name.p[0] <= 'Z' ? c : NULL;
}

/* id and url become children; value is the text; what is left must be namespaces or schemaLocation. */
static void read_attributes(struct from_xml *r, struct node *n, const struct node *xml) {
  bool resource = n->type.n;
  for (const struct node *at = xml->attrs; at; at = at->next) {
    if (at->ns.n) continue;
    if (str_eqz(at->name, "value")) {
      n->kind = NODE_STRING;
      n->text = at->text;
      if (!at->text.n) report(r, xml, "an empty value", "en tom value");
    } else if (!resource && (str_eqz(at->name, "id") || str_eqz(at->name, "url"))) {
      struct node *c = make(r, NODE_STRING, xml, at->name);
      c->text = at->text;
      node_append(n, c);
    } else {
      resource_report(r->f, RESOURCE_XML_FORM, r->message, xml,
                      (struct said){arena_printf(r->a, "the attribute %.*s", STR_F(at->name)),
                                    arena_printf(r->a, "attributten %.*s", STR_F(at->name))});
    }
  }
}

static void read_children(struct from_xml *r, struct node *n, const struct node *xml);

static void read_div(struct from_xml *r, struct node *to, const struct node *xml) {
  struct node *n = make(r, NODE_STRING, xml, xml->name);
  struct node *copy = node_copy(r->a, xml);
  bool declared = false;
  for (const struct node *at = copy->attrs; at; at = at->next)
    declared |= str_eqz(at->ns, NODE_XMLNS) && str_eq(at->text, STR(XML_XHTML_NS));
  if (!declared) {
    struct node *at = make(r, NODE_ATTR, xml, copy->prefix.n ? copy->prefix : STR("xmlns"));
    at->ns = STR(NODE_XMLNS);
    at->prefix = copy->prefix.n ? STR("xmlns") : (struct str){0};
    at->text = STR(XML_XHTML_NS);
    at->next = copy->attrs;
    copy->attrs = at;
  }
  struct buf markup;
  buf_init(&markup, SIZE_MAX);
  xml_write(&markup, copy, -1);
  n->text = buf_take(&markup, r->a);
  node_append(to, n);
}

static void read_element(struct from_xml *r, struct node *to, const struct node *xml) {
  if (str_eqz(xml->ns, XML_XHTML_NS) && str_eqz(xml->name, "div")) {
    read_div(r, to, xml);
    return;
  }
  if (!is_fhir(xml))
    report(r, xml, "an element that is not in the FHIR namespace", "et element, der ikke er i FHIR's navnerum");
  struct node *n = make(r, NODE_OBJECT, xml, xml->name);
  node_append(to, n);
  read_attributes(r, n, xml);
  const struct node *inner = inner_resource(xml);
  if (inner) {
    n->type = inner->name;
    read_attributes(r, n, inner);
    xml = inner;
  }
  read_children(r, n, xml);
  if (n->kind == NODE_OBJECT && !n->first)
    report(r, xml, "an element without value and without content", "et element uden value og uden indhold");
}

/* FHIR R4, 2.6.1: the id of a resource is an element, and that of anything else an attribute. */
static void check_id(struct from_xml *r, const struct node *n, const struct node *c) {
  if (!n->type.n && str_eqz(c->name, "id"))
    report(r, c, "an element id where the attribute id is meant", "et element id, hvor attributten id er ment");
}

static void read_children(struct from_xml *r, struct node *n, const struct node *xml) {
  if (str_trim(xml->text).n)
    report(r, xml, "text where only elements may stand", "tekst, hvor der kun må stå elementer");
  for (NODE_EACH(c, xml)) {
    if (c->kind == NODE_ELEMENT) {
      check_id(r, n, c);
      read_element(r, n, c);
    } else if (str_trim(c->text).n)
      report(r, xml, "text where only elements may stand", "tekst, hvor der kun må stå elementer");
  }
}

int resource_from_xml(struct node **out, struct arena *a, const struct node *xml, struct str name, struct findings *f) {
  struct from_xml r = {a, f, name};
  *out = NULL;
  if (xml->kind != NODE_ELEMENT || !is_fhir(xml)) {
    static const struct said unnamed = {STR_INIT("XML without a namespace"), STR_INIT("XML uden navnerum")};
    resource_report(f, RESOURCE_NOT_FHIR, name, xml, xml->ns.n ? said_same(xml->ns) : unnamed);
    return -1;
  }
  struct node *root = make(&r, NODE_OBJECT, xml, (struct str){0});
  root->type = xml->name;
  read_attributes(&r, root, xml);
  read_children(&r, root, xml);
  *out = root;
  return 0;
}
