/* A StructureDefinition as an instance: what its constraints say, which no profile of it can tell. */
#include "validate/profile_int.h"

/* The elements that are judged: the snapshot, where there is one, else the differential. */
static const struct node *element_list(const struct node *definition) {
  const struct node *e = node_at(definition, "snapshot.element");
  return e ? e : node_at(definition, "differential.element");
}

static void check_expression(struct checker *k, const struct node *constraint, struct str path) {
  const struct node *expression = node_child(constraint, "expression");
  struct fhirpath *fp;
  struct error e = {0};
  if (!expression || !expression->text.n) return;
  if (!fhirpath_parse(&fp, k->a, expression->text, &e) && !fhirpath_check(fp, k->cache->shapes, path, &e)) return;
  if (e.code == ERR_UNSUPPORTED) return; /* of another version of FHIRPath than ours: nothing is said */
  CHECK(k, PROFILE_DEFINITION_EXPRESSION, constraint, NULL, node_text_at(constraint, "key"), str_z(e.text));
}

/* ElementDefinition.constraint.source: in a differential it is the profile's own, if it is there at all. */
static void check_constraint_source(struct checker *k, const struct node *constraint, struct str url) {
  struct str source = node_text_at(constraint, "source");
  if (source.n && !str_eq(source, url))
    CHECK(k, PROFILE_DEFINITION_SOURCE, constraint, NULL, node_text_at(constraint, "key"), source);
}

void check_definition(struct checker *k, const struct node *n) {
  struct str url = node_text_at(n, "url");
  for (const struct node *e = element_list(n); e; e = node_again(e))
    for (const struct node *c = node_child(e, "constraint"); c; c = node_again(c))
      check_expression(k, c, node_text_at(e, "path"));
  for (const struct node *e = node_at(n, "differential.element"); e; e = node_again(e))
    for (const struct node *c = node_child(e, "constraint"); c; c = node_again(c)) check_constraint_source(k, c, url);
}
