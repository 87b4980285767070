#include "formats/xpath.h"

#include <libxml/tree.h>
#include <libxml/xpathInternals.h>
#include <string.h>

#include "base/buf.h"
#include "formats/xpath_int.h"

#define TEXT_OF_(x) #x
#define TEXT_OF(x) TEXT_OF_(x)

#define EXPRESSION_MAX 65536

/* How far back among the namespaces made a like one is looked for. */
#define NAMESPACE_LOOK_BACK 16

#define VANS_NS "urn:oio:medcom:vans-envelope:1.0.4"
#define SBDH_NS "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
#define FHIR_NS "http://hl7.org/fhir"

/* -- our tree as a document of libxml2 ------------------------------------- */

struct builder {
  xmlDocPtr doc;
  xmlNsPtr newest; /* of doc->oldNs, which frees them */
};

static void *must(void *p) {
  if (!p) BUG("xpath: out of memory");
  return p;
}

static xmlChar *copy_z(struct str s) {
  return s.n ? must(xmlStrndup((const xmlChar *)s.p, (int)s.n)) : must(xmlStrdup((const xmlChar *)""));
}

static bool is_same(const xmlChar *z, struct str s) {
  return str_eq(str_z((const char *)z), s);
}

/* oldNs is kept newest first behind its head; the head is the "xml" one. */
static xmlNsPtr namespace_of(struct builder *b, const struct node *n) {
  int looked = 0;
  if (!n->ns.n) return NULL;
  for (xmlNsPtr ns = b->doc->oldNs->next; ns && looked < NAMESPACE_LOOK_BACK; ns = ns->next, looked++)
    if (is_same(ns->href, n->ns) && is_same(ns->prefix, n->prefix)) return ns;
  xmlChar *href = copy_z(n->ns), *prefix = n->prefix.n ? copy_z(n->prefix) : NULL;
  xmlNsPtr ns = must(xmlNewNs(NULL, href, prefix));
  xmlFree(href);
  xmlFree(prefix);
  ns->next = b->doc->oldNs->next;
  b->doc->oldNs->next = ns;
  return ns;
}

static void add_text(struct builder *b, xmlNodePtr to, const struct node *n) {
  if (!n->text.n) return;
  xmlNodePtr text = must(xmlNewDocTextLen(b->doc, (const xmlChar *)n->text.p, (int)n->text.n));
  text->_private = (void *)(uintptr_t)n;
  text->parent = to;
  text->prev = to->last;
  if (to->last)
    to->last->next = text;
  else
    to->children = text;
  to->last = text;
}

static void add_attribute(struct builder *b, xmlNodePtr to, const struct node *attr) {
  if (str_eqz(attr->ns, NODE_XMLNS)) return;
  xmlChar *name = copy_z(attr->name);
  xmlAttrPtr made = must(xmlNewNsProp(to, NULL, name, NULL));
  xmlFree(name);
  made->ns = namespace_of(b, attr);
  made->_private = (void *)(uintptr_t)attr;
  add_text(b, (xmlNodePtr)made, attr);
}

static xmlNodePtr build(struct builder *b, const struct node *n) {
  xmlChar *name = copy_z(n->name);
  xmlNodePtr made = must(xmlNewDocNode(b->doc, NULL, name, NULL));
  xmlFree(name);
  made->ns = namespace_of(b, n);
  made->_private = (void *)(uintptr_t)n;
  for (const struct node *a = n->attrs; a; a = a->next) add_attribute(b, made, a);
  add_text(b, made, n);
  for (NODE_EACH(c, n)) {
    if (c->kind == NODE_TEXT)
      add_text(b, made, c);
    else if (c->kind == NODE_ELEMENT)
      xmlAddChild(made, build(b, c));
  }
  return made;
}

static xmlDocPtr build_document(const struct node *root) {
  static const char xml_ns[] = "http://www.w3.org/XML/1998/namespace";
  struct builder b = {.doc = must(xmlNewDoc((const xmlChar *)"1.0"))};
  b.doc->oldNs = must(xmlNewNs(NULL, (const xmlChar *)xml_ns, NULL));
  b.doc->oldNs->prefix = must(xmlStrdup((const xmlChar *)"xml"));
  b.doc->_private = (void *)(uintptr_t)root;
  if (root) xmlDocSetRootElement(b.doc, build(&b, root));
  xmlXPathOrderDocElems(b.doc);
  return b.doc;
}

/* -- compiling --------------------------------------------------------------- */

struct session {
  xmlXPathContextPtr ctxt;
  xmlXPathCompExprPtr compiled;
  struct str expression;
  struct error *error;
  bool failed;
};

/* libxml2 gives a code and an offset, but no text. */
static const char *const problems[] = {
    [XPATH_NUMBER_ERROR] = "not a number",
    [XPATH_UNFINISHED_LITERAL_ERROR] = "a quoted text without an end",
    [XPATH_START_LITERAL_ERROR] = "a quoted text is missing",
    [XPATH_VARIABLE_REF_ERROR] = "no variables here",
    [XPATH_UNDEF_VARIABLE_ERROR] = "no variables here",
    [XPATH_INVALID_PREDICATE_ERROR] = "a condition in [] that is none",
    [XPATH_EXPR_ERROR] = "not an XPath expression",
    [XPATH_UNCLOSED_ERROR] = "a bracket that is not closed",
    [XPATH_UNKNOWN_FUNC_ERROR] = "unknown function",
    [XPATH_INVALID_OPERAND] = "an operand that does not fit",
    [XPATH_INVALID_TYPE] = "a value of the wrong kind",
    [XPATH_INVALID_ARITY] = "a function with the wrong number of arguments",
    [XPATH_UNDEF_PREFIX_ERROR] = "unknown prefix",
    [XPATH_ENCODING_ERROR] = "not UTF-8",
    [XPATH_INVALID_CHAR_ERROR] = "a character that XML does not have",
    [XPATH_STACK_ERROR] = "too deep",
    [XPATH_OP_LIMIT_EXCEEDED] = "takes more than " TEXT_OF(XPATH_OPS_MAX) " operations",
    [XPATH_RECURSION_LIMIT_EXCEEDED] = "too deep",
};

static const char *problem_of(int code) {
  if (code < 0 || (size_t)code >= sizeof problems / sizeof *problems || !problems[code]) return "cannot be evaluated";
  return problems[code];
}

static void on_error(void *user, xmlErrorPtr error) {
  struct session *s = user;
  if (s->failed || error->level < XML_ERR_ERROR) return;
  s->failed = true;
  int code = error->code - XML_XPATH_EXPRESSION_OK;
  xpath_error(s->error, s->expression, error->int1 > 0 ? (size_t)error->int1 : 0, problem_of(code), (struct str){0});
  if (code == XPATH_OP_LIMIT_EXCEEDED || code == XPATH_RECURSION_LIMIT_EXCEEDED) s->error->code = ERR_LIMIT;
}

static void register_names(xmlXPathContextPtr ctxt, const char *const *names) {
  xmlXPathRegisterNs(ctxt, (const xmlChar *)"v", (const xmlChar *)VANS_NS);
  xmlXPathRegisterNs(ctxt, (const xmlChar *)"s", (const xmlChar *)SBDH_NS);
  xmlXPathRegisterNs(ctxt, (const xmlChar *)"f", (const xmlChar *)FHIR_NS);
  for (; names && names[0] && names[1]; names += 2)
    xmlXPathRegisterNs(ctxt, (const xmlChar *)names[0], (const xmlChar *)names[1]);
}

static int compile(struct session *s) {
  if (!s->expression.n || s->expression.n > EXPRESSION_MAX)
    return error_set(s->error, ERR_LIMIT, "an XPath expression must have 1 to %d bytes", EXPRESSION_MAX);
  if (memchr(s->expression.p, 0, s->expression.n))
    return xpath_error(s->error, s->expression, 0, "holds a NUL byte", (struct str){0});
  xmlChar *z = copy_z(s->expression);
  s->compiled = xmlXPathCtxtCompile(s->ctxt, z);
  xmlFree(z);
  if (s->failed) return -1;
  if (!s->compiled) return xpath_error(s->error, s->expression, 0, "Invalid expression", (struct str){0});
  return xpath_check_names(s->expression, s->ctxt, s->error);
}

static void open_session(struct session *s, xmlDocPtr doc, const char *const *names) {
  s->ctxt = must(xmlXPathNewContext(doc));
  s->ctxt->userData = s;
  s->ctxt->error = on_error;
  s->ctxt->opLimit = XPATH_OPS_MAX;
  s->ctxt->node = (xmlNodePtr)doc;
  register_names(s->ctxt, names);
}

static void close_session(struct session *s) {
  xmlXPathFreeCompExpr(s->compiled);
  xmlXPathFreeContext(s->ctxt);
}

int xpath_check(struct str expression, const char *const *names, struct error *e) {
  struct session s = {.expression = expression, .error = e};
  open_session(&s, NULL, names);
  int rc = compile(&s);
  close_session(&s);
  return rc;
}

/* -- evaluating --------------------------------------------------------------- */

static void take_nodes(struct xpath_result *out, struct arena *a, xmlNodeSetPtr set) {
  out->kind = XPATH_KIND_NODES;
  size_t n = set ? (size_t)set->nodeNr : 0;
  if (n) xmlXPathNodeSetSort(set);
  out->nodes = ARENA_ARRAY(a, struct node *, n + 1);
  for (size_t i = 0; i < n; i++) {
    const xmlNode *node = set->nodeTab[i];
    if (node->type == XML_NAMESPACE_DECL || !node->_private) continue;
    out->nodes[out->n++] = node->_private;
  }
}

static void take_value(struct xpath_result *out, struct arena *a, xmlXPathObjectPtr value) {
  static const enum xpath_kind kinds[] = {
      [XPATH_BOOLEAN] = XPATH_KIND_BOOL,
      [XPATH_NUMBER] = XPATH_KIND_NUMBER,
      [XPATH_STRING] = XPATH_KIND_STRING,
  };
  out->kind = kinds[value->type];
  xmlChar *text = must(xmlXPathCastToString(value));
  out->text = arena_str(a, str_z((const char *)text));
  xmlFree(text);
}

static int evaluate(struct xpath_result *out, struct arena *a, struct session *s) {
  xmlXPathObjectPtr value = xmlXPathCompiledEval(s->compiled, s->ctxt);
  int rc = 0;
  if (s->failed || !value)
    rc = s->failed ? -1 : xpath_error(s->error, s->expression, 0, "cannot be evaluated", (struct str){0});
  else if (value->type == XPATH_NODESET)
    take_nodes(out, a, value->nodesetval);
  else
    take_value(out, a, value);
  xmlXPathFreeObject(value);
  return rc;
}

int xpath_eval(struct xpath_result *out, struct arena *a, const struct node *root, struct str expression,
               const char *const *names, struct error *e) {
  struct session s = {.expression = expression, .error = e};
  *out = (struct xpath_result){0};
  xmlDocPtr doc = build_document(root);
  open_session(&s, doc, names);
  int rc = compile(&s) ? -1 : evaluate(out, a, &s);
  close_session(&s);
  xmlFreeDoc(doc);
  return rc;
}

static void put_string(struct buf *b, const struct node *n) {
  buf_add(b, n->text);
  for (NODE_EACH(c, n)) put_string(b, c);
}

struct str xpath_string(struct arena *a, const struct node *n) {
  struct buf b;
  if (!n->first) return n->text;
  buf_init(&b, SIZE_MAX);
  put_string(&b, n);
  return buf_take(&b, a);
}
