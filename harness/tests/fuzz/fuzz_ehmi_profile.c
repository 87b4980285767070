/* fuzz_ehmi_profile: the EHMI profile; whatever is read answers every look-up. */
#include "standards/ehmi_profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_up_choice(const struct ehmi_choice *c, struct arena *a) {
  if (c->is.n == 0 || c->source.n == 0) BUG("a choice without a value or a source");
  if (ehmi_choice_fit(c, ehmi_choice_default(c)) != EHMI_RIGHT) BUG("what we write is not right");
  (void)ehmi_choice_text(c, a);
}

static void look_up(const struct ehmi_profile *p, struct arena *a) {
  struct error e;
  for (size_t i = 0; i < p->types.n; i++) {
    const struct ehmi_type *t = &p->types.v[i];
    look_up_choice(&t->version, a);
    look_up_choice(&t->document_id, a);
    if (!ehmi_type_of(p, t->standard)) BUG("a type is not found by its name");
    (void)ehmi_document_id_normal(p, a, ehmi_choice_default(&t->document_id));
  }
  for (size_t i = 0; i < p->scopes.n; i++)
    if (!ehmi_scope_of(p, p->scopes.v[i].type)) BUG("a scope is not found by its name");
  if (!ehmi_type_of_receipts(p)) BUG("there is no type of receipts");
  look_up_choice(&p->process_id, a);
  look_up_choice(&p->acknowledge_within, a);
  (void)!ehmi_profile_check_rules(p, "sbdh.", (struct rule[]){{"sbdh.gln", SEV_ERROR, "s", "e", "d"}}, 1, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct ehmi_profile *p;
  struct error e;
  if (ehmi_profile_read(&p, a, (struct str){(const char *)data, size}, STR("fuzz"), &e) == 0) look_up(p, a);
  arena_free(a);
  return 0;
}
