/* Our own schema rules against a validator: libxml2 with the schema from the shared material must say valid and invalid
 * just where we do, over the cases of this room and over systematic changes of the constructed samples. */
#include <criterion/criterion.h>
#include <libxml/xmlschemas.h>
#include <stdlib.h>

#include "base/file.h"
#include "envelope/vans.h"

#define CASE_MAX ((size_t)1 << 20)
#define SCHEMA_SOURCE "VANSEnvelope 1.0.4, schema"

struct oracle {
  xmlSchemaPtr schema;
  size_t compared, valid, invalid;
};

static const char *shared_dir(void) {
  const char *set = getenv("TESTCAMP_SHARED");
  const char *dir = set ? set : TEST_ROOT "/../shared";
  return file_is_dir(dir) ? dir : NULL;
}

static void silent(void *context, const char *text, ...) {
  (void)context;
  (void)text;
}

static void oracle_open(struct oracle *o, struct arena *a, const char *dir) {
  *o = (struct oracle){0};
  xmlSetGenericErrorFunc(NULL, silent);
  xmlSchemaParserCtxtPtr p = xmlSchemaNewParserCtxt(file_join(a, dir, "legacy/vansenvelope/vans-envelope-1.0.4.xsd"));
  o->schema = xmlSchemaParse(p);
  xmlSchemaFreeParserCtxt(p);
  cr_assert_not_null(o->schema);
}

static bool oracle_valid(struct oracle *o, struct str bytes, bool *readable) {
  xmlDocPtr doc = xmlReadMemory(bytes.p, (int)bytes.n, "case", NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
  *readable = doc != NULL;
  if (!doc) return false;
  xmlSchemaValidCtxtPtr v = xmlSchemaNewValidCtxt(o->schema);
  xmlSchemaSetValidErrors(v, silent, silent, NULL);
  int result = xmlSchemaValidateDoc(v, doc);
  xmlSchemaFreeValidCtxt(v);
  xmlFreeDoc(doc);
  return result == 0;
}

static struct str schema_findings(struct arena *a, struct str bytes) {
  struct envelope env;
  struct findings f;
  struct buf out;
  findings_init(&f, a);
  buf_init(&out, CASE_MAX);
  vans_kind.read(&env, a, (struct source){STR("case"), bytes}, &f);
  for (size_t i = 0; i < f.list.n; i++) {
    const struct finding *x = &f.list.v[i];
    bool schema = str_eqz(x->source, SCHEMA_SOURCE) || str_starts(x->rule, STR("xml."));
    if (schema) buf_printf(&out, "%.*s %d:%d ", STR_F(x->rule), x->where.line, x->where.col);
  }
  return buf_take(&out, a);
}

static void compare(struct oracle *o, struct str name, struct str bytes) {
  struct arena *a = arena_new(0);
  bool readable, valid = oracle_valid(o, bytes, &readable);
  struct str ours = schema_findings(a, bytes);
  cr_expect_eq(valid, ours.n == 0, "%.*s: the schema says %s, we say %.*s\n%.*s", STR_F(name),
               valid ? "valid" : "invalid", STR_F(ours), STR_F(bytes));
  o->compared++;
  o->valid += valid;
  o->invalid += !valid;
  arena_free(a);
}

static void compare_cases(struct oracle *o, struct arena *a) {
  char **names;
  size_t n;
  struct error e;
  cr_assert_eq(file_list(&names, &n, a, TEST_DATA, &e), 0);
  for (size_t i = 0; i < n; i++) {
    struct str bytes;
    /* A document type declaration is allowed by the schema and refused by our reader. libxml2 2.9 does not collapse
     * the blanks around a dateTime, as XML Schema demands. */
    if (!str_ends(str_z(names[i]), STR(".in")) || str_eqz(str_z(names[i]), "doctype.in") ||
        str_eqz(str_z(names[i]), "good-token.in"))
      continue;
    cr_assert_eq(file_read(&bytes, a, file_join(a, TEST_DATA, names[i]), CASE_MAX, &e), 0);
    compare(o, str_z(names[i]), bytes);
  }
}

static xmlNodePtr nth_element(xmlNodePtr n, size_t *left) {
  for (; n; n = n->next) {
    if (n->type != XML_ELEMENT_NODE) continue;
    if ((*left)-- == 0) return n;
    xmlNodePtr found = nth_element(n->children, left);
    if (found) return found;
  }
  return NULL;
}

static void change_delete(xmlNodePtr n) {
  xmlUnlinkNode(n);
  xmlFreeNode(n);
}

static void change_double(xmlNodePtr n) {
  xmlAddNextSibling(n, xmlCopyNode(n, 1));
}

static void change_move_up(xmlNodePtr n) {
  xmlNodePtr parent = n->parent, first = xmlFirstElementChild(parent);
  if (first != n) xmlAddPrevSibling(first, n);
}

static void change_move_down(xmlNodePtr n) {
  xmlNodePtr last = xmlLastElementChild(n->parent);
  if (last != n) xmlAddNextSibling(last, n);
}

static void change_rename(xmlNodePtr n) {
  xmlNodeSetName(n, BAD_CAST "Other");
}

static void change_attribute(xmlNodePtr n) {
  xmlNewProp(n, BAD_CAST "id", BAD_CAST "1");
}

static void change_no_attribute(xmlNodePtr n) {
  while (n->properties) xmlRemoveProp(n->properties);
}

static void change_attribute_value(xmlNodePtr n) {
  if (n->properties) xmlSetProp(n, n->properties->name, BAD_CAST "");
}

static void change_namespace(xmlNodePtr n) {
  xmlSetNs(n, xmlNewNs(n, BAD_CAST "urn:other", NULL));
}

static void change_to_empty(xmlNodePtr n) {
  xmlNodeSetContent(n, BAD_CAST "");
}

static void change_to_letters(xmlNodePtr n) {
  xmlNodeSetContent(n, BAD_CAST "abc");
}

static void change_to_blank(xmlNodePtr n) {
  xmlNodeSetContent(n, BAD_CAST " ");
}

/* Without blanks: libxml2 2.9 does not collapse them around an int either. */
static void change_to_number(xmlNodePtr n) {
  xmlNodeSetContent(n, BAD_CAST "1");
}

static void change_to_minus(xmlNodePtr n) {
  xmlNodeSetContent(n, BAD_CAST "-2147483648");
}

static void change_to_true(xmlNodePtr n) {
  xmlNodeSetContent(n, BAD_CAST "TRUE");
}

static void change_to_uuid(xmlNodePtr n) {
  xmlNodeSetContent(n, BAD_CAST "ABCDEFGZ-0000-[]^_-`abc-0123456789ab");
}

static void change_to_time(xmlNodePtr n) {
  xmlNodeSetContent(n, BAD_CAST "2024-02-29T23:59:59.999-14:00");
}

static void change_to_base64(xmlNodePtr n) {
  xmlNodeSetContent(n, BAD_CAST "QQ = =");
}

static void change_to_long(xmlNodePtr n) {
  char text[601] = {0};
  for (size_t i = 0; i + 1 < sizeof text; i++) text[i] = 'x';
  xmlNodeSetContent(n, BAD_CAST text);
}

static void change_to_seventy(xmlNodePtr n) {
  char text[71] = {0};
  for (size_t i = 0; i + 1 < sizeof text; i++) text[i] = 'x';
  xmlNodeSetContent(n, BAD_CAST text);
}

static void change_add_text(xmlNodePtr n) {
  xmlNodeAddContent(n, BAD_CAST "text");
}

static void change_add_child(xmlNodePtr n) {
  xmlNewChild(n, n->ns, BAD_CAST "Extra", NULL);
}

static void (*const changes[])(xmlNodePtr n) = {
    change_delete,     change_double,       change_move_up,         change_move_down, change_rename,
    change_attribute,  change_no_attribute, change_attribute_value, change_namespace, change_to_empty,
    change_to_letters, change_to_blank,     change_to_number,       change_to_minus,  change_to_true,
    change_to_uuid,    change_to_time,      change_to_base64,       change_to_long,   change_to_seventy,
    change_add_text,   change_add_child};
#define CHANGES_N (sizeof changes / sizeof changes[0])

/* Applies one change to one element; false when there is no such element. */
static bool compare_changed(struct oracle *o, struct str name, struct str bytes, size_t element, size_t change) {
  xmlDocPtr doc = xmlReadMemory(bytes.p, (int)bytes.n, "sample", NULL, XML_PARSE_NONET);
  size_t left = element;
  xmlNodePtr n = nth_element(xmlDocGetRootElement(doc)->children, &left);
  if (n) {
    xmlChar *text;
    int size;
    changes[change](n);
    xmlDocDumpMemory(doc, &text, &size);
    struct arena *a = arena_new(0);
    compare(o, arena_printf(a, "%.*s, element %zu, change %zu", STR_F(name), element, change),
            (struct str){(const char *)text, (size_t)size});
    arena_free(a);
    xmlFree(text);
  }
  xmlFreeDoc(doc);
  return n != NULL;
}

static void compare_samples(struct oracle *o, struct arena *a, const char *dir) {
  const char *samples = file_join(a, dir, "legacy/vansenvelope/constructed-samples");
  char **names;
  size_t n;
  struct error e;
  cr_assert_eq(file_list(&names, &n, a, samples, &e), 0);
  cr_assert_eq(n, 5);
  for (size_t i = 0; i < n; i++) {
    struct str bytes;
    cr_assert_eq(file_read(&bytes, a, file_join(a, samples, names[i]), CASE_MAX, &e), 0);
    compare(o, str_z(names[i]), bytes);
    for (size_t c = 0; c < CHANGES_N; c++)
      for (size_t k = 0; compare_changed(o, str_z(names[i]), bytes, k, c); k++) continue;
  }
}

Test(vans_schema, agrees_with_a_validator) {
  const char *dir = shared_dir();
  if (!dir) cr_skip_test("the shared material is absent: vans-envelope-1.0.4.xsd");
  struct arena *a = arena_new(0);
  struct oracle o;
  oracle_open(&o, a, dir);
  compare_cases(&o, a);
  compare_samples(&o, a, dir);
  cr_assert_gt(o.compared, 1000);
  cr_assert_gt(o.valid, 100);
  cr_assert_gt(o.invalid, 100);
  xmlSchemaFree(o.schema);
  arena_free(a);
}

Test(vans_schema, constructed_samples_have_no_errors) {
  const char *dir = shared_dir();
  if (!dir) cr_skip_test("the shared material is absent: constructed samples");
  struct arena *a = arena_new(0);
  const char *samples = file_join(a, dir, "legacy/vansenvelope/constructed-samples");
  char **names;
  size_t n;
  struct error e;
  cr_assert_eq(file_list(&names, &n, a, samples, &e), 0);
  cr_assert_eq(n, 5);
  for (size_t i = 0; i < n; i++) {
    struct envelope env;
    struct findings f;
    struct str bytes;
    findings_init(&f, a);
    cr_assert_eq(file_read(&bytes, a, file_join(a, samples, names[i]), CASE_MAX, &e), 0);
    cr_expect_eq(vans_kind.read(&env, a, (struct source){str_z(names[i]), bytes}, &f), 0);
    cr_expect_eq(f.list.n, 0, "%s: %.*s", names[i], f.list.n ? (int)f.list.v[0].en.n : 0,
                 f.list.n ? f.list.v[0].en.p : "");
  }
  arena_free(a);
}
