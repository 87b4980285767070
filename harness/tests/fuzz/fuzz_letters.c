/* fuzz_letters: the catalogue of messages; whatever is read is found by all it can be found by. */
#include "standards/letters.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_up(const struct letters *l, const struct letter_type *t, struct arena *a) {
  if (t->edifact.version.n && letters_of_version(l, t->edifact.version) != t) BUG("not found by its version");
  if (t->xml.version.n && letters_of_version_code(l, t->xml.version) != t) BUG("not found by its VersionCode");
  for (size_t i = 0; i < t->namespaces.n; i++) {
    if (t->element.n && letters_of_element(l, t->namespaces.v[i], t->element) != t) BUG("not found by its element");
    (void)letter_namespace_dir(a, t->namespaces.v[i]);
  }
  if (!letters_of_type(l, t->type, NULL)) BUG("not found by its type");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct letters *l;
  struct error e;
  struct str bytes = {(const char *)data, size};
  if (letters_read(&l, a, (struct source){STR("fuzz"), bytes}, &e) == 0)
    for (size_t i = 0; i < l->list.n; i++) look_up(l, &l->list.v[i], a);
  arena_free(a);
  return 0;
}
