/* Letters by MedCom's schemas, from a folder of the operator's: libxml2 judges, we tell.
 *
 * Before libxml2 opens a schema, all that it includes and imports has been read by our own reader: nothing may lie
 * outside the folder, have a document type, or be fetched from elsewhere. Positions are those of our own tree, found by
 * the number of each element among its siblings, since libxml2 counts lines to 65535. */
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <limits.h>
#include <stdlib.h>

#include "base/file.h"
#include "formats/xml.h"
#include "validate/oioxml_int.h"

#define SCHEMA_FILE "EMessage.xsd"
#define SCHEMA_BYTES_MAX ((size_t)4 << 20)
#define SCHEMA_FILES_MAX 500
#define ERRORS_MAX FINDINGS_MAX
#define XS "http://www.w3.org/2001/XMLSchema"
#define DATE_SIZE 10

/* The schema of a namespace, or why there is none. */
struct compiled {
  xmlSchemaPtr schema;
  struct str file; /* in the folder: "2006/07/01/EMessage.xsd" */
  bool absent;
  struct str why; /* it cannot be used; empty if it can, or is absent */
};

/* --- which files a schema is made of --------------------------------------------------- */

struct walk {
  struct arena *arena;
  const char *folder; /* its real path */
  struct map seen;    /* by real path */
  VEC(const char *) files;
  struct error *e;
};

static bool lies_in(const char *path, const char *folder) {
  size_t n = strlen(folder);
  return !strncmp(path, folder, n) && (path[n] == '/' || path[n] == '\0');
}

/* What is not there is left to libxml2, which knows whether it can do without. */
static int visit(struct walk *w, const char *path) {
  char real[PATH_MAX];
  if (!realpath(path, real)) return 0;
  if (!lies_in(real, w->folder))
    return error_set(w->e, ERR_CONFIG, "it leads to %s, which is outside the folder", path);
  struct str key = arena_str(w->arena, str_z(real));
  if (!map_set(&w->seen, key, w)) return 0;
  if (w->files.n == SCHEMA_FILES_MAX) return error_set(w->e, ERR_LIMIT, "it has more than %d files", SCHEMA_FILES_MAX);
  VEC_PUSH(w->arena, &w->files, key.p);
  return 0;
}

/* A colon begins with a scheme (file:/x, http:x), and libxml2 undoes %2e: neither is the file that visit would look at.
 */
static bool is_plain_path(struct str location) {
  return str_index(location, ':') == SIZE_MAX && str_index(location, '%') == SIZE_MAX &&
         !str_starts(location, STR("/")) && !str_starts(location, STR("\\"));
}

static int visit_reference(struct walk *w, const char *from, const struct node *n) {
  const struct node *location = node_attr(n, "schemaLocation");
  bool refers = str_eqz(n->name, "include") || str_eqz(n->name, "import") || str_eqz(n->name, "redefine");
  if (!refers || !location || !str_eqz(n->ns, XS)) return 0;
  if (!is_plain_path(location->text))
    return error_set(w->e, ERR_CONFIG, "it refers to %.*s, which is not in the folder", STR_F(location->text));
  return visit(w, file_join(w->arena, file_dir(w->arena, from), arena_z(w->arena, location->text)));
}

static int read_references(struct walk *w, const char *file) {
  struct arena *own = arena_new(0);
  struct source src = {.name = str_z(file)};
  struct node *root;
  struct findings f;
  int code = file_read(&src.bytes, own, file, SCHEMA_BYTES_MAX, w->e);
  findings_init(&f, own);
  if (code == 0 && xml_read(&root, own, src, &f)) code = findings_error(&f, w->e);
  for (const struct node *n = code ? NULL : root->first; n && code == 0; n = n->next)
    code = visit_reference(w, file, n);
  arena_free(own);
  return code;
}

static int walk_schema(struct arena *a, const char *folder, const char *path, struct error *e) {
  struct walk w = {.arena = a, .folder = folder, .e = e};
  map_init(&w.seen, a);
  if (visit(&w, path)) return -1;
  for (size_t i = 0; i < w.files.n; i++)
    if (read_references(&w, w.files.v[i])) return -1;
  return 0;
}

/* --- compiled --------------------------------------------------------------------------- */

static void free_schema(void *schema) {
  xmlSchemaFree(schema);
}

static struct str one_line(struct arena *a, const char *message) {
  char *z = arena_z(a, str_trim(str_z(message)));
  for (char *p = z; *p; p++)
    if (*p == '\n') *p = ' ';
  return str_z(z);
}

/* The first thing that is wrong with it. */
struct complaint {
  struct arena *arena;
  struct str text;
};

static void on_complaint(void *user, xmlErrorPtr error) {
  struct complaint *c = user;
  if (c->text.n || !error->message || error->level < XML_ERR_ERROR) return;
  c->text = one_line(c->arena, error->message);
}

/* What libxml2 would print on standard error: a file that is not there. */
static void say_nothing(void *context, const char *format, ...) {
  (void)context;
  (void)format;
}

static xmlSchemaPtr parse_silently(xmlSchemaParserCtxtPtr p) {
  xmlGenericErrorFunc was = xmlGenericError;
  void *context = xmlGenericErrorContext;
  xmlSetGenericErrorFunc(NULL, say_nothing);
  xmlSchemaPtr schema = xmlSchemaParse(p);
  xmlSetGenericErrorFunc(context, was);
  return schema;
}

static void compile(struct compiled *out, struct arena *a, const char *path) {
  struct complaint c = {.arena = a};
  xmlSchemaParserCtxtPtr p = xmlSchemaNewParserCtxt(path);
  if (!p) BUG("out of memory");
  xmlSchemaSetParserStructuredErrors(p, on_complaint, &c);
  out->schema = parse_silently(p);
  xmlSchemaFreeParserCtxt(p);
  if (out->schema)
    arena_defer(a, free_schema, out->schema);
  else
    out->why = c.text.n ? c.text : STR("libxml2 cannot read it");
}

static void make_schema(struct compiled *out, struct letter_shelf *s, const char *path) {
  char folder[PATH_MAX];
  struct error e;
  if (!realpath(s->schemas, folder))
    out->why = STR("the folder is gone");
  else if (walk_schema(s->arena, folder, path, &e))
    out->why = arena_str(s->arena, str_z(e.text));
  else
    compile(out, s->arena, path);
}

/* What is absent is not kept: a letter can name any namespace. */
static const struct compiled *schema_of(const struct oioxml *o) {
  struct letter_shelf *s = o->shelf;
  struct str dir = letter_namespace_dir(o->scratch, o->root->ns);
  struct compiled *c = map_get(&s->compiled, o->root->ns);
  if (c) return c;
  c = ARENA_NEW(o->scratch, struct compiled);
  c->file = arena_printf(o->scratch, "%.*s%s" SCHEMA_FILE, STR_F(dir), dir.n ? "/" : "");
  const char *path = file_join(o->scratch, s->schemas, c->file.p);
  c->absent = !dir.n || !file_name_is_inside(dir) || !file_exists(path);
  if (c->absent) return c;
  struct str file = arena_str(s->arena, c->file);
  c = ARENA_NEW(s->arena, struct compiled);
  c->file = file;
  make_schema(c, s, path);
  map_set(&s->compiled, arena_str(s->arena, o->root->ns), c);
  return c;
}

int letter_schemas_check(const char *folder, struct arena *a, struct error *e) {
  char **years;
  size_t n;
  if (!file_is_dir(folder)) return error_set(e, ERR_CONFIG, "%s is no folder", folder);
  if (file_list(&years, &n, a, folder, e)) return -1;
  if (n > 0) return 0;
  return error_set(e, ERR_CONFIG, "%s is empty; MedCom's schemas are in it as YYYY/MM/DD/" SCHEMA_FILE, folder);
}

/* --- what libxml2 says, said by us ----------------------------------------------------- */

struct saying {
  int code;
  const char *constraint;
  const char *en, *da; /* {1} element, {2} and {3} what stands in quotes or brackets */
};

static const struct saying sayings[] = {
    {XML_SCHEMAV_ELEMENT_CONTENT, "content", "{1} is not expected here; there may be {2}.",
     "{1} forventes ikke her; der må stå {2}."},
    {XML_SCHEMAV_CVC_ENUMERATION_VALID, "enumeration", "'{2}' is no code of {1}; there is {3}.",
     "'{2}' er ikke en kode i {1}; der er {3}."},
    {XML_SCHEMAV_CVC_PATTERN_VALID, "pattern", "'{2}' is no {1}: it does not fit {3}.",
     "'{2}' er ikke en {1}: den passer ikke til {3}."},
    {XML_SCHEMAV_CVC_LENGTH_VALID, "length", "{1} has {2} characters; it must have {3}.",
     "{1} har {2} tegn; den skal have {3}."},
    {XML_SCHEMAV_CVC_MINLENGTH_VALID, "length", "{1} has {2} characters; it must have at least {3}.",
     "{1} har {2} tegn; den skal mindst have {3}."},
    {XML_SCHEMAV_CVC_MAXLENGTH_VALID, "length", "{1} has {2} characters; it may have at most {3}.",
     "{1} har {2} tegn; den må højst have {3}."},
    {XML_SCHEMAV_CVC_MININCLUSIVE_VALID, "range", "{1} is {2}; it must be at least {3}.",
     "{1} er {2}; den skal mindst være {3}."},
    {XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID, "range", "{1} is {2}; it may be at most {3}.",
     "{1} er {2}; den må højst være {3}."},
    {XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID, "range", "{1} is {2}; it must be above {3}.",
     "{1} er {2}; den skal være over {3}."},
    {XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID, "range", "{1} is {2}; it must be below {3}.",
     "{1} er {2}; den skal være under {3}."},
    {XML_SCHEMAV_CVC_FRACTIONDIGITS_VALID, "range", "{1} is {2}, which has more decimals than {3}.",
     "{1} er {2}, hvilket er flere decimaler end {3}."},
    {XML_SCHEMAV_CVC_TOTALDIGITS_VALID, "range", "{1} is {2}, which has more digits than {3}.",
     "{1} er {2}, hvilket er flere cifre end {3}."},
    {XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1, "value", "'{2}' is no value of {1} ({3}).",
     "'{2}' er ikke en værdi af {1} ({3})."},
    {XML_SCHEMAV_CVC_ELT_1, "content", "The schema has no {1} in this namespace.",
     "Skemaet har ingen {1} i dette namespace."},
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1, "content", "{1} must be empty.", "{1} skal være tom."},
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3, "text", "In {1} there is text between the elements.",
     "I {1} står der tekst mellem elementerne."},
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1, "attribute", "The attribute {2} may not stand on {1}.",
     "Attributten {2} må ikke stå på {1}."},
    {XML_SCHEMAV_CVC_TYPE_3_1_1, "attribute", "{1} is a value and may have no attributes.",
     "{1} er en værdi og må ikke have attributter."},
    {XML_SCHEMAV_CVC_TYPE_3_1_2, "value", "{1} has elements in it; it is a value.",
     "{1} har elementer i sig; den er en værdi."},
};
static const struct saying missing_child = {0, "content", "{1} lacks {2}.", "{1} mangler {2}."};
static const struct saying not_expected = {0, "content", "{1} is not expected here.", "{1} forventes ikke her."};

/* Names lose their namespace: "{http://…}Name". */
static struct str without_namespaces(struct arena *a, struct str s) {
  char *z = arena_z(a, s), *out = z;
  bool inside = false;
  for (const char *p = z; *p; p++) {
    if (*p == '{' && p[1] != '\'') inside = true; /* a set of codes begins with a quote */
    if (inside && *p == '}') {
      inside = false;
      continue;
    }
    if (!inside) *out++ = *p;
  }
  return (struct str){z, (size_t)(out - z)};
}

/* The n-th of what stands in quotes. */
static struct str quoted(struct str s, size_t n) {
  for (size_t at = 0;;) {
    size_t from = str_find(s, STR("'"), at), to = from == SIZE_MAX ? SIZE_MAX : str_find(s, STR("'"), from + 1);
    if (to == SIZE_MAX) return (struct str){0};
    if (n-- == 0) return str_sub(s, from + 1, to);
    at = to + 1;
  }
}

static struct str between(struct str s, const char *open, const char *close) {
  size_t from = str_find(s, str_z(open), 0);
  if (from == SIZE_MAX) return (struct str){0};
  struct str rest = str_sub(s, from + strlen(open), s.n);
  size_t to = SIZE_MAX;
  for (size_t at = str_find(rest, str_z(close), 0); at != SIZE_MAX; at = str_find(rest, str_z(close), at + 1)) to = at;
  return to == SIZE_MAX ? (struct str){0} : str_trim(str_sub(rest, 0, to));
}

/* What libxml2 says behind "Element 'name': " and "[facet 'name'] ". */
static struct str said_of(struct str raw) {
  size_t colon = str_find(raw, STR("': "), 0);
  struct str s = colon == SIZE_MAX ? raw : str_sub(raw, colon + 3, raw.n);
  size_t facet = str_starts(s, STR("[facet ")) ? str_find(s, STR("] "), 0) : SIZE_MAX;
  return facet == SIZE_MAX ? s : str_sub(s, facet + 2, s.n);
}

static const struct saying *saying_of(int code, struct str said) {
  if (code == XML_SCHEMAV_ELEMENT_CONTENT && str_starts(said, STR("Missing child"))) return &missing_child;
  if (code == XML_SCHEMAV_ELEMENT_CONTENT && str_find(said, STR("( "), 0) == SIZE_MAX) return &not_expected;
  for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++)
    if (sayings[i].code == code) return &sayings[i];
  return NULL;
}

static struct str fill(struct arena *a, const char *text, struct str element, struct str second, struct str third) {
  const struct rule r = {"", SEV_INFO, "", text, text};
  struct findings f;
  findings_init(&f, a);
  struct finding *x = FINDING(&f, &r, ((struct place){0}), element, second, third);
  return x ? x->en : (struct str){0};
}

static struct said say(struct arena *a, const struct saying *s, struct str element, struct str said) {
  struct str second, third = quoted(said, 1);
  bool content = !strcmp(s->constraint, "content");
  second = content ? between(said, "( ", " )") : quoted(said, 0);
  if (s->code == XML_SCHEMAV_CVC_ENUMERATION_VALID) third = between(said, "set {", "}");
  return (struct said){fill(a, s->en, element, second, third), fill(a, s->da, element, second, third)};
}

/* --- validated --------------------------------------------------------------------------- */

struct validation {
  struct oioxml *o;
  struct str file;
  const xmlNode *last; /* of which something was told */
  size_t n;
};

static const struct node *same_node(const struct oioxml *o, const xmlNode *x) {
  size_t path[XML_DEPTH_MAX], depth = 0;
  for (; x && x->parent && x->parent->type == XML_ELEMENT_NODE && depth < XML_DEPTH_MAX; x = x->parent) {
    path[depth] = 0;
    for (const xmlNode *p = x->prev; p; p = p->prev) path[depth] += p->type == XML_ELEMENT_NODE;
    depth++;
  }
  const struct node *n = o->root;
  while (depth-- > 0 && n) {
    const struct node *c = n->first;
    for (size_t i = path[depth]; c && (i > 0 || c->kind != NODE_ELEMENT); c = c->next) i -= c->kind == NODE_ELEMENT;
    n = c;
  }
  return n ? n : o->root;
}

static const xmlNode *element_of(const xmlNode *x) {
  while (x && x->type != XML_ELEMENT_NODE) x = x->parent;
  return x;
}

static void on_error(void *user, xmlErrorPtr error) {
  struct validation *v = user;
  struct oioxml *o = v->o;
  const xmlNode *at = element_of(error->node);
  if (!error->message || v->n++ > ERRORS_MAX) return;
  struct str raw = without_namespaces(o->scratch, one_line(o->scratch, error->message)), said = said_of(raw);
  /* After a facet that does not hold the type is said not to hold, either. */
  if (at && at == v->last && error->code == XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1) return;
  v->last = at;
  const struct node *n = same_node(o, at);
  const struct saying *s = saying_of(error->code, said);
  struct said text = s ? say(o->scratch, s, n->name, said) : said_same(raw);
  struct finding *f = findings_add_said(o->f, &oioxml_rule_table[OIOXML_SCHEMA], oioxml_place(o, n), 1, &text);
  if (!f) return;
  f->found = arena_str(o->f->arena, raw);
  f->source = arena_str(o->f->arena, v->file);
  if (s) f->constraint = str_z(s->constraint);
}

/* libxml2 2.9 takes no blanks around a date, where XML Schema lets them be. A day is a date in all of these schemas. */
static void trim_dates(xmlNodePtr n) {
  for (; n; n = n->next) {
    if (n->type != XML_ELEMENT_NODE) continue;
    xmlNodePtr text = n->children;
    if (text && !text->next && text->type == XML_TEXT_NODE) {
      struct str s = str_z((const char *)text->content), t = str_trim(s);
      int64_t year;
      if (t.n < s.n && t.n >= DATE_SIZE && t.p[4] == '-' && t.p[7] == '-' && str_int(str_sub(t, 0, 4), &year)) {
        xmlChar *trimmed = xmlStrndup((const xmlChar *)t.p, (int)t.n);
        xmlNodeSetContent(text, trimmed);
        xmlFree(trimmed);
      }
      continue;
    }
    trim_dates(text);
  }
}

static void validate(struct oioxml *o, const struct compiled *c, xmlDocPtr doc) {
  struct validation v = {.o = o, .file = c->file};
  xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(c->schema);
  if (!valid) BUG("out of memory");
  xmlSchemaSetValidStructuredErrors(valid, on_error, &v);
  trim_dates(xmlDocGetRootElement(doc));
  if (xmlSchemaValidateDoc(valid, doc) < 0)
    OIOXML(o, OIOXML_SCHEMA_BROKEN, o->root, STR("libxml2 gave up on this document"));
  xmlSchemaFreeValidCtxt(valid);
}

bool oioxml_judge_schema(struct oioxml *o, struct str bytes) {
  const struct compiled *c = schema_of(o);
  if (c->absent) {
    OIOXML(o, OIOXML_SCHEMA_MISSING, o->root, c->file, o->root->ns);
    return false;
  }
  if (c->why.n) {
    OIOXML(o, OIOXML_SCHEMA_BROKEN, o->root, c->why);
    return false;
  }
  const int options = XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_BIG_LINES | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
  xmlDocPtr doc = bytes.n <= INT_MAX ? xmlReadMemory(bytes.p, (int)bytes.n, NULL, NULL, options) : NULL;
  if (!doc) {
    OIOXML(o, OIOXML_SCHEMA_BROKEN, o->root, STR("libxml2 cannot read this document"));
    return false;
  }
  OIOXML(o, OIOXML_SCHEMA_USED, o->root, c->file);
  validate(o, c, doc);
  xmlFreeDoc(doc);
  return true;
}
