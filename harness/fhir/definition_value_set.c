/* ValueSet: its composition, and the expansion that it may bring. */
#include "fhir/definition.h"

#define EXTENSIONS "http://hl7.org/fhir/StructureDefinition/"

static struct str text(const struct node *n, const char *name) {
  const struct node *c = node_child(n, name);
  return c ? c->text : (struct str){0};
}

static void read_part_concept(struct value_set *vs, struct value_set_part *p, struct arena *a, const struct node *n) {
  if (p->concepts.n == DEFINITION_CONCEPTS_MAX) {
    vs->truncated = true;
    return;
  }
  VEC_PUSH(a, &p->concepts, ((struct value_set_concept){.code = text(n, "code"), .display = text(n, "display")}));
}

static void read_part(struct value_set *vs, struct value_set_part *p, struct arena *a, const struct node *n) {
  p->node = n;
  p->system = text(n, "system");
  p->version = text(n, "version");
  for (NODE_EACH(c, n)) {
    if (str_eqz(c->name, "concept")) read_part_concept(vs, p, a, c);
    if (str_eqz(c->name, "valueSet") && c->text.n) VEC_PUSH(a, &p->value_sets, c->text);
    if (str_eqz(c->name, "filter"))
      VEC_PUSH(a, &p->filters, ((struct value_set_filter){text(c, "property"), text(c, "op"), text(c, "value")}));
  }
}

static void read_compose(struct value_set *vs, struct arena *a, const struct node *compose) {
  vs->has_compose = compose != NULL;
  for (NODE_EACH(c, compose)) {
    if (str_eqz(c->name, "include")) read_part(vs, VEC_ADD(a, &vs->includes), a, c);
    if (str_eqz(c->name, "exclude")) read_part(vs, VEC_ADD(a, &vs->excludes), a, c);
  }
}

static void read_contains(struct value_set *vs, struct arena *a, const struct node *n, int depth) {
  for (NODE_EACH(c, n)) {
    if (!str_eqz(c->name, "contains")) continue;
    if (vs->expansion.n == DEFINITION_CONCEPTS_MAX || depth > DEFINITION_DEPTH_MAX) {
      vs->truncated = true;
      return;
    }
    struct value_set_concept one = {.system = text(c, "system"),
                                    .version = text(c, "version"),
                                    .code = text(c, "code"),
                                    .display = text(c, "display"),
                                    .abstract = str_eqz(text(c, "abstract"), "true"),
                                    .inactive = str_eqz(text(c, "inactive"), "true")};
    if (one.code.n) VEC_PUSH(a, &vs->expansion, one);
    read_contains(vs, a, c, depth + 1);
  }
}

static bool says_incomplete(const struct node *expansion) {
  for (NODE_EACH(c, expansion)) {
    if (!str_eqz(c->name, "extension")) continue;
    struct str url = text(c, "url");
    if (str_eqz(url, EXTENSIONS "valueset-unclosed") || str_eqz(url, EXTENSIONS "valueset-toocostly"))
      return !str_eqz(text(c, "valueBoolean"), "false");
  }
  return false;
}

static void read_expansion(struct value_set *vs, struct arena *a, const struct node *expansion) {
  int64_t total = 0;
  if (!expansion) return;
  vs->has_expansion = true;
  read_contains(vs, a, expansion, 0);
  bool more = str_int(text(expansion, "total"), &total) && total > (int64_t)vs->expansion.n;
  vs->expansion_incomplete = more || says_incomplete(expansion);
}

struct value_set *value_set_read(struct arena *a, const struct node *n, const struct package *package) {
  if (!n || !str_eqz(n->type, "ValueSet")) return NULL;
  struct value_set *vs = ARENA_NEW(a, struct value_set);
  vs->node = n;
  vs->package = package;
  vs->url = text(n, "url");
  vs->version = text(n, "version");
  vs->name = text(n, "name");
  vs->status = text(n, "status");
  read_compose(vs, a, node_child(n, "compose"));
  read_expansion(vs, a, node_child(n, "expansion"));
  return vs;
}
