/* GET /metadata: what the server can, made from the same tables that it works by (FHIR R4, 3.1.0.15). */
#include "endpoint/rest_int.h"

/* Of what it says of itself; not of the program. */
#define STATEMENT_DATE "2026-01-01"

static struct node *put(struct arena *a, struct node *parent, const char *name, const char *text) {
  return rest_add(a, parent, name, NODE_STRING, str_z(text));
}

static struct node *put_listed(struct arena *a, struct node *parent, const char *name, const char *text) {
  struct node *n = rest_add(a, parent, name, text ? NODE_STRING : NODE_OBJECT, str_z(text));
  n->flags = NODE_LISTED;
  return n;
}

static void put_parameters(struct arena *a, struct node *resource, struct str type) {
  static const char *const kinds[] = {[REST_TOKEN] = "token",
                                      [REST_STRING] = "string",
                                      [REST_REFERENCE] = "reference",
                                      [REST_DATE] = "date",
                                      [REST_URI] = "uri"};
  enum rest_kind kind;
  const char *name;
  for (size_t i = 0; rest_parameter_at(type, &i, &name, &kind);) {
    struct node *p = put_listed(a, resource, "searchParam", NULL);
    put(a, p, "name", name);
    put(a, p, "type", kinds[kind]);
  }
}

/* By the name that a CapabilityStatement has for it, and by ours. */
static const struct {
  const char *code, *interaction;
} interactions[] = {{"read", "read"},     {"vread", "read"},    {"update", "update"},
                    {"delete", "delete"}, {"create", "create"}, {"search-type", "search"}};

static bool is_done(const struct rest_service *service, const char *interaction) {
  return !service || rest_in_list(service->interactions, str_z(interaction));
}

static void put_resource(struct arena *a, struct node *rest, const char *type, const struct rest_service *service) {
  struct node *r = put_listed(a, rest, "resource", NULL);
  put(a, r, "type", type);
  for (size_t i = 0; i < sizeof interactions / sizeof *interactions; i++)
    if (is_done(service, interactions[i].interaction))
      put(a, put_listed(a, r, "interaction", NULL), "code", interactions[i].code);
  put(a, r, "versioning", "versioned");
  rest_add(a, r, "readHistory", NODE_BOOL, STR("true"));
  rest_add(a, r, "updateCreate", NODE_BOOL, is_done(service, "update") ? STR("true") : STR("false"));
  put_parameters(a, r, str_z(type));
}

struct node *rest_capabilities(struct arena *a, struct str base, const struct rest_service *service) {
  struct node *root = node_new(a, NODE_OBJECT);
  root->type = STR("CapabilityStatement");
  put(a, root, "status", "active");
  put(a, root, "date", STATEMENT_DATE);
  put(a, root, "kind", "instance");
  put(a, rest_add(a, root, "software", NODE_OBJECT, (struct str){0}), "name", "testcamp");
  struct node *implementation = rest_add(a, root, "implementation", NODE_OBJECT, (struct str){0});
  put(a, implementation, "description", "The simulated FHIR server of one test run");
  rest_add(a, implementation, "url", NODE_STRING, base);
  put(a, root, "fhirVersion", "4.0.1");
  put_listed(a, root, "format", resource_mime(RESOURCE_JSON));
  put_listed(a, root, "format", resource_mime(RESOURCE_XML));
  struct node *rest = put_listed(a, root, "rest", NULL);
  put(a, rest, "mode", "server");
  for (size_t i = 0; rest_type_at(i); i++)
    if (!service || rest_in_list(service->types, str_z(rest_type_at(i))))
      put_resource(a, rest, rest_type_at(i), service);
  return root;
}
