/* Any bytes as a definition, or a Bundle of them, from a stranger: snapshots are made, and small resources judged by
 * what is there. */
#include "fhir/snapshot.h"
#include "fhir/terminology.h"
#include "tests/fuzz/world.h"

#define ASKED_MAX 8     /* definitions of one input that are asked for */
#define CONCEPTS_MAX 50 /* concepts of a code system */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const resources[] = {
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"extension\":[{\"url\":\"http://x/e\",\"valueCode\":\"a\"}],"
    "\"identifier\":[{\"system\":\"http://x/i\",\"value\":\"1\"},{\"system\":\"http://x/j\",\"value\":\"2\"}],"
    "\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"O\"}],\"name\":[{\"family\":\"F\"}],"
    "\"managingOrganization\":{\"reference\":\"#o\"},\"gender\":\"other\",\"link\":[{\"other\":{\"reference\":"
    "\"Patient/p\"},\"type\":\"refer\"}]}",
    "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://x/c\",\"code\":"
    "\"a\"},{\"system\":\"http://x/c\",\"code\":\"b\"}]},\"valueQuantity\":{\"value\":1.5},\"component\":[{\"code\":{"
    "\"text\":\"c\"},\"valueString\":\"s\"}]}"};

static void ask_value_set(struct arena *a, struct book *b, struct str url) {
  const struct value_set *vs = book_value_set(b, url, NULL);
  struct terminology_code code = {STR("http://x/c"), STR(""), STR("a")};
  if (vs) terminology_member(a, b, vs, code, false);
  if (vs) terminology_member(a, b, vs, code, true);
}

static void ask_code_system(struct book *b, struct str url) {
  const struct code_system *cs = book_code_system(b, url, NULL);
  for (size_t i = 0; cs && i < cs->concepts.n && i < CONCEPTS_MAX; i++) code_system_is_a(cs, i, 0);
}

static void ask_structure(struct arena *a, struct profile_cache *cache, struct book *b, struct str url) {
  const struct elements *list;
  struct error e = {0};
  struct structure *s = book_structure(b, url, NULL);
  if (s && structure_snapshot(&list, a, b, s, SNAPSHOT_ALL, &e) && e.code == ERR_NONE) BUG("no snapshot and no reason");
  for (size_t i = 0; s && i < sizeof resources / sizeof *resources; i++)
    world_judge(a, cache, str_z(resources[i]), url);
}

static void ask(struct arena *a, struct profile_cache *cache, struct book *b, const struct node *definition) {
  struct str url = node_text_at(definition, "url");
  if (str_eqz(definition->type, "ValueSet")) ask_value_set(a, b, url);
  if (str_eqz(definition->type, "CodeSystem")) ask_code_system(b, url);
  if (str_eqz(definition->type, "StructureDefinition")) ask_structure(a, cache, b, url);
}

static void ask_all(struct arena *a, struct book *b, const struct node *n) {
  struct profile_cache *cache = profile_cache_new(a, b, world_shapes());
  size_t asked = 0;
  if (!str_eqz(n->type, "Bundle")) {
    ask(a, cache, b, n);
    return;
  }
  for (NODE_EACH(entry, n)) {
    const struct node *r = node_child(entry, "resource");
    if (r && asked++ < ASKED_MAX) ask(a, cache, b, r);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct node *n;
  enum resource_form form;
  findings_init(&f, a);
  if (!resource_read(&n, &form, a, (struct source){STR("fuzz"), {(const char *)data, size}}, &f)) {
    struct error e = {0};
    struct book *b = world_book(a, true);
    if (!book_add_resource(b, n, STR("fuzz"), &e)) ask_all(a, b, n);
  }
  arena_free(a);
  return 0;
}
