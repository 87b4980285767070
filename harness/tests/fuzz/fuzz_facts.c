/* Any bytes as a file of facts; each definition that is found is asked for, and its snapshot made. */
#include "fhir/facts.h"
#include "fhir/snapshot.h"
#include "fhir/terminology.h"

#include <stdint.h>

#define ASKED_MAX 20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(struct arena *a, struct book *b, struct package_item *item, const struct package *p) {
  const struct elements *list;
  struct error e = {0};
  struct structure *s = book_item_structure(b, item);
  if (s && structure_snapshot(&list, a, b, s, SNAPSHOT_PUBLISHED, &e) && e.code == ERR_NONE) BUG("no reason");
  const struct value_set *vs = book_value_set(b, item->url, p);
  if (vs) terminology_member(a, b, vs, (struct terminology_code){STR("a"), STR(""), STR("b")}, false);
  const struct code_system *cs = book_code_system(b, item->url, p);
  if (cs && cs->concepts.n) code_system_is_a(cs, cs->concepts.n - 1, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  struct package **packages;
  struct error e = {0};
  struct source facts = {STR("fuzz.facts"), {(const char *)data, size}};
  if (book_add_facts_bytes(b, facts, &e) && (e.code == ERR_NONE || !e.line)) BUG("refused without a place: %s", e.text);
  size_t n = book_packages(&packages, b);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < packages[i]->items.n && k < ASKED_MAX; k++) ask(a, b, packages[i]->items.v[k], packages[i]);
  arena_free(a);
  return 0;
}
