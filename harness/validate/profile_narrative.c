/* The narrative: elements and attributes of XHTML that FHIR allows, links and content (FHIR R4, 2.4.0; txt-1, txt-2).
 */
#include "formats/xml.h"
#include "validate/profile_int.h"

#include <string.h>

static const char *const elements[] = {
    "p",          "br",   "div",     "h1",      "h2",       "h3",  "h4",    "h5", "h6",    "a",     "span",    "b",
    "em",         "i",    "strong",  "small",   "big",      "tt",  "dfn",   "q",  "var",   "abbr",  "acronym", "cite",
    "blockquote", "hr",   "address", "bdo",     "kbd",      "sub", "sup",   "ul", "ol",    "li",    "dl",      "dt",
    "dd",         "pre",  "table",   "caption", "colgroup", "col", "thead", "tr", "tfoot", "tbody", "th",      "td",
    "code",       "samp", "img",     "map",     "area",     "ins", "del",   NULL};

static const char *const attributes[] = {
    "title",     "style",    "class",       "id",          "lang",    "xml:lang", "xml:space", "dir",
    "accesskey", "tabindex", "span",        "width",       "align",   "valign",   "char",      "charoff",
    "abbr",      "axis",     "headers",     "scope",       "rowspan", "colspan",  "href",      "name",
    "src",       "alt",      "longdesc",    "height",      "usemap",  "ismap",    "type",      "cite",
    "datetime",  "border",   "cellpadding", "cellspacing", "frame",   "rules",    "summary",   "char",
    "shape",     "coords",   "nohref",      "hreflang",    "charset", "rel",      "rev",       "nowrap",
    "value",     "start",    "compact",     "target",      "bgcolor", "color",    "space",     NULL};

static const char *const schemes[] = {
    "http:", "https:", "mailto:", "tel:", "ftp:", "file:", "data:", "cid:", "#", NULL};

#define CONTROL "http://hl7.org/fhir/StructureDefinition/narrative-"

static bool is_one_of(struct str s, const char *const *list) {
  for (; *list; list++)
    if (str_eqz(s, *list)) return true;
  return false;
}

struct narrative {
  struct checker *k;
  const struct node *div; /* in the resource */
  struct map anchors;     /* ids and names in the markup */
  bool content;
};

static void collect(struct narrative *t, const struct node *n) {
  for (const struct node *at = n->attrs; at; at = at->next)
    if (str_eqz(at->name, "id") || str_eqz(at->name, "name")) map_set(&t->anchors, at->text, (void *)1);
  if (str_eqz(n->name, "img")) t->content = true;
  if (str_trim(n->text).n) t->content = true;
  for (NODE_EACH(c, n)) collect(t, c);
}

static bool has_id(const struct node *n, struct str id) {
  if (str_eq(node_text_at(n, "id"), id)) return true;
  for (NODE_EACH(c, n))
    if (c->first && has_id(c, id)) return true;
  return false;
}

/* "#x" is an id in this markup, of a contained resource, or of an element of the resource. */
static bool resolves(const struct narrative *t, struct str href) {
  struct str id = str_sub(href, 1, href.n);
  if (!id.n || map_get(&t->anchors, id)) return true;
  const struct node *r = check_resource_above(t->div), *entry;
  const struct node *bundle = bundle_above(r, &entry);
  (void)entry;
  return has_id(bundle && str_eqz(node_text_at(bundle, "type"), "document") ? bundle : r, id);
}

static bool in_message(const struct narrative *t) {
  const struct node *entry, *bundle = bundle_above(t->div, &entry);
  return bundle && str_eqz(node_text_at(bundle, "type"), "message");
}

/* RFC 3986, 3.1: letters, digits, "+", "-" and "." before a colon; empty if the link begins with none. */
static struct str scheme_of(struct str href) {
  size_t colon = str_index(href, ':');
  for (size_t i = 0; colon != SIZE_MAX && i < colon; i++)
    if (!ascii_is_alnum(href.p[i]) && !strchr("+-.", href.p[i])) return (struct str){0};
  return colon == SIZE_MAX ? (struct str){0} : str_sub(href, 0, colon + 1);
}

/* The first character that no URL may hold (RFC 3986, 2); "|" stands in canonicals, and other letters in IRIs. */
static struct str bad_character(struct str href) {
  href = str_trim(href);
  for (size_t i = 0; i < href.n; i++) {
    unsigned char c = (unsigned char)href.p[i];
    if (c < 0x80 && !ascii_is_alnum(href.p[i]) && (!c || !strchr(";?:@&=+$.,/%-_~#[]!'()*|", c)))
      return str_sub(href, i, i + 1);
  }
  return (struct str){0};
}

static void check_link(const struct narrative *t, const struct node *n, struct str href) {
  (void)n;
  if (href.n && href.p[0] == '#') {
    struct finding *f = resolves(t, href) ? NULL : CHECK(t->k, PROFILE_XHTML_LINK, t->div, NULL, href);
    if (f && in_message(t)) f->severity = SEV_WARNING; /* each entry's narrative was made for a page of all of them */
    return;
  }
  struct str scheme = scheme_of(href), bad = bad_character(href);
  if (scheme.n && !is_one_of(scheme, schemes)) CHECK(t->k, PROFILE_XHTML_SCHEME, t->div, NULL, href);
  if (bad.n) CHECK(t->k, PROFILE_XHTML_URL, t->div, NULL, href, bad);
}

static void check_attributes(const struct narrative *t, const struct node *n) {
  for (const struct node *at = n->attrs; at; at = at->next) {
    if (str_eqz(at->ns, NODE_XMLNS)) continue;
    if (!is_one_of(at->name, attributes)) CHECK(t->k, PROFILE_XHTML_ATTRIBUTE, t->div, NULL, at->name, n->name);
    if (str_eqz(n->name, "a") && str_eqz(at->name, "href")) check_link(t, n, at->text);
    if (str_eqz(n->name, "img") && str_eqz(at->name, "src") && str_starts(at->text, STR("#")))
      check_link(t, n, at->text);
  }
}

/* HTML 4.01, 9.3.1: a paragraph holds no blocks. */
static void check_paragraph(const struct narrative *t, const struct node *n) {
  static const char *const blocks[] = {"div", "blockquote", "table", "ol", "ul", "p", NULL};
  if (!is_one_of(n->name, blocks)) return;
  for (const struct node *up = n->parent; up; up = up->parent)
    if (str_eqz(up->name, "p")) {
      CHECK(t->k, PROFILE_XHTML_IN_PARAGRAPH, t->div, NULL, n->name);
      return;
    }
}

static void check_markup(const struct narrative *t, const struct node *n) {
  if (n->kind != NODE_ELEMENT) return;
  check_paragraph(t, n);
  if (!is_one_of(n->name, elements)) CHECK(t->k, PROFILE_XHTML_ELEMENT, t->div, NULL, n->name);
  check_attributes(t, n);
  for (NODE_EACH(c, n)) check_markup(t, c);
}

/* --- what a profile asks of the narrative, by extensions on its element ----------------------------------------- */

static struct str control_of(const struct schema_element *e, const char *url) {
  for (const struct node *x = node_child(e->def->node, "extension"); x; x = node_again(x))
    if (str_eqz(node_text_at(x, "url"), url)) return node_text_at(x, "valueCode");
  return (struct str){0};
}

static struct str language_of(const struct node *section) {
  const struct node *lang = node_attr(section, "lang");
  for (const struct node *at = section->attrs; at && !lang; at = at->next)
    if (str_eqz(at->name, "lang")) lang = at;
  return lang ? lang->text : (struct str){0};
}

static void check_languages(struct checker *k, const struct node *text, const struct schema_element *e,
                            const struct node *div, struct str control) {
  struct str own = node_text_at(check_resource_above(text), "language");
  size_t sections = 0;
  bool found = false;
  for (NODE_EACH(c, div)) {
    struct str lang = language_of(c);
    sections += lang.n > 0;
    found = found || (lang.n && str_eq(lang, own));
  }
  if (str_eqz(control, "_no") && sections)
    CHECK_SAID(k, PROFILE_XHTML_LANGUAGE, text, e, {STR("no sections by language"), STR("ingen afsnit efter sprog")});
  if (str_eqz(control, "_yes") && !sections)
    CHECK_SAID(k, PROFILE_XHTML_LANGUAGE, text, e, {STR("sections by language"), STR("afsnit efter sprog")});
  if (str_eqz(control, "_resource") && own.n && !found) CHECK(k, PROFILE_XHTML_LANGUAGE, text, e, own);
}

static bool has_source(const struct node *n) {
  static const char *const sources[] = {"boilerplate", "generated", "original", NULL};
  const struct node *at = node_attr(n, "class");
  struct str classes = at ? at->text : (struct str){0};
  while (classes.n)
    if (is_one_of(str_cut(&classes, ' '), sources)) return true;
  return false;
}

static void check_sources(struct checker *k, const struct node *text, const struct schema_element *e,
                          const struct node *div) {
  if (str_trim(div->text).n) CHECK(k, PROFILE_XHTML_SOURCE, text, e, str_trim(div->text));
  for (NODE_EACH(c, div))
    if (c->kind == NODE_TEXT ? str_trim(c->text).n > 0 : !has_source(c))
      CHECK(k, PROFILE_XHTML_SOURCE, text, e, c->kind == NODE_TEXT ? str_trim(c->text) : c->name);
}

void check_narrative_control(struct checker *k, const struct node *text, const struct schema_element *e) {
  struct str languages = control_of(e, CONTROL "language-control"), sources = control_of(e, CONTROL "source-control");
  const struct node *div = node_child(text, "div");
  struct findings ignored;
  struct node *root = NULL;
  if ((!languages.n && !sources.n) || !div) return;
  findings_init(&ignored, k->a);
  if (xml_read(&root, k->a, (struct source){STR("div"), div->text}, &ignored)) return;
  if (languages.n) check_languages(k, text, e, root, languages);
  if (sources.n) check_sources(k, text, e, root);
}

void check_narrative(struct checker *k, const struct node *div) {
  struct findings ignored; /* what is not well-formed was found when the resource was read */
  struct node *root = NULL;
  struct narrative t = {.k = k, .div = div};
  findings_init(&ignored, k->a);
  if (str_trim(div->text).n && str_trim(div->text).p[0] != '<') CHECK(k, PROFILE_XHTML_TEXT, div, NULL);
  if (!div->text.n || xml_read(&root, k->a, (struct source){STR("div"), div->text}, &ignored)) return;
  map_init(&t.anchors, k->a);
  collect(&t, root);
  if (!t.content) CHECK(k, PROFILE_XHTML_EMPTY, div, NULL);
  check_markup(&t, root);
}
