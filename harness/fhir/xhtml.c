/* Narrative markup (FHIR R4, 2.4.0): is it well-formed, and are two the same? */
#include "fhir/resource_int.h"
#include "formats/xml.h"

/* The div as XML, or NULL with a finding in f. */
static struct node *read_div(struct arena *a, struct str markup, struct findings *f) {
  struct node *div = NULL;
  struct source src = {STR("div"), markup};
  if (xml_read(&div, a, src, f)) return NULL;
  return div;
}

struct said xhtml_problem(struct arena *a, struct str markup) {
  static const struct said bad = {STR_INIT("not well-formed"), STR_INIT("ikke velformet")};
  static const struct said root = {STR_INIT("the root element must be div"), STR_INIT("rodelementet skal være div")};
  static const struct said space = {STR_INIT("div must be in the namespace " XML_XHTML_NS),
                                    STR_INIT("div skal være i navnerummet " XML_XHTML_NS)};
  struct findings f;
  findings_init(&f, a);
  const struct node *div = read_div(a, markup, &f);
  if (!div) return f.list.n ? (struct said){f.list.v[0].en, f.list.v[0].da} : bad;
  if (!str_eqz(div->name, "div")) return root;
  return str_eqz(div->ns, XML_XHTML_NS) ? (struct said){{0}, {0}} : space;
}

/* Prefixes and declarations say nothing that the namespace does not; only those in the default form are kept. */
static void drop_prefixes(struct arena *a, struct node *n) {
  struct node *kept = NULL, **tail = &kept;
  for (struct node *at = n->attrs; at;) {
    struct node *next = at->next;
    at->next = NULL;
    if (!str_eqz(at->ns, NODE_XMLNS)) {
      *tail = at;
      tail = &at->next;
    }
    at = next;
  }
  n->attrs = kept;
  n->prefix = (struct str){0};
  for (NODE_EACH(c, n))
    if (c->kind == NODE_ELEMENT) drop_prefixes(a, c);
}

static bool attr_before(const struct node *x, const struct node *y) {
  int c = str_cmp(x->name, y->name);
  return c ? c < 0 : str_cmp(x->ns, y->ns) < 0;
}

static void sort_attrs(struct node *n) {
  struct node *sorted = NULL;
  for (struct node *at = n->attrs; at;) {
    struct node *next = at->next, **place = &sorted;
    while (*place && attr_before(*place, at)) place = &(*place)->next;
    at->next = *place;
    *place = at;
    at = next;
  }
  n->attrs = sorted;
  for (NODE_EACH(c, n))
    if (c->kind == NODE_ELEMENT) sort_attrs(c);
}

bool xhtml_canonical(struct str *out, struct arena *a, struct str markup) {
  struct findings f;
  findings_init(&f, a);
  struct node *div = read_div(a, markup, &f);
  if (!div || !str_eqz(div->name, "div") || !str_eqz(div->ns, XML_XHTML_NS)) return false;
  drop_prefixes(a, div);
  sort_attrs(div);
  struct buf b;
  buf_init(&b, SIZE_MAX);
  xml_write(&b, div, -1);
  *out = buf_take(&b, a);
  return true;
}
