/* The narrative of a resource: every value that stands in it, in a list, but for the data of attachments. */
#include "formats/xml.h"
#include "refvendor/refvendor_int.h"

#define NARRATIVE_MAX ((size_t)1 << 20)

static bool is_left_out(const struct node *n) {
  static const char *const names[] = {"meta", "id", "data", "system", "contained"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (str_eqz(n->name, names[i])) return true;
  return str_eqz(n->name, "url") && str_eqz(n->parent->name, "extension");
}

/* A line break of the text is one of the narrative. */
static void put_lines(struct buf *out, struct str text) {
  while (text.n) {
    xml_escape_text(out, str_cut(&text, '\n'));
    if (text.n) buf_addz(out, "<br/>");
  }
}

static void put_values(struct buf *out, const struct node *n, struct str label) {
  for (NODE_EACH(c, n)) {
    if (is_left_out(c)) continue;
    bool generic = str_starts(c->name, STR("value")) || str_eqz(c->name, "code") || str_eqz(c->name, "coding") ||
                   str_eqz(c->name, "reference");
    struct str name = generic && label.n ? label : c->name;
    if (c->first && c->kind == NODE_OBJECT) {
      put_values(out, c, name);
      continue;
    }
    if (c->text.n == 0) continue;
    buf_printf(out, "<li>%.*s: ", STR_F(name));
    put_lines(out, c->text);
    buf_addz(out, "</li>");
  }
}

void rv_narrate(struct arena *a, struct node *resource) {
  struct buf out;
  struct node *old = node_child(resource, "text");
  if (old) node_remove(old);
  buf_init(&out, NARRATIVE_MAX);
  buf_printf(&out, "<div xmlns=\"" XML_XHTML_NS "\"><p>%.*s</p><ul>", STR_F(resource->type));
  put_values(&out, resource, (struct str){0});
  buf_addz(&out, "</ul></div>");
  rv_put(a, resource, "text.status", STR("generated"));
  rv_put(a, resource, "text.div", out.full ? STR("<div xmlns=\"" XML_XHTML_NS "\">Not shown.</div>") : buf_str(&out));
  buf_release(&out);
}
