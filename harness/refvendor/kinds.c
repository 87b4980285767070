/* The standards that the reference vendor speaks. To add one: its file, and a row here. */
#include "refvendor/refvendor_int.h"

const struct rv_kind *const rv_kinds[] = {&rv_care,       &rv_hospital, &rv_homecare, &rv_acknowledgement,
                                          &rv_conditions, &rv_letters,  NULL};

const struct rv_kind *rv_kind_of(const struct node *root) {
  struct str event = node_text_at(rv_resource(root, "MessageHeader"), "eventCoding.code");
  for (size_t i = 0; rv_kinds[i]; i++)
    if (str_eqz(event, rv_kinds[i]->event)) return rv_kinds[i];
  return NULL;
}

const struct rv_kind *rv_kind_named(struct str name) {
  for (size_t i = 0; rv_kinds[i]; i++)
    if (str_eqz(name, rv_kinds[i]->name)) return rv_kinds[i];
  return NULL;
}

const struct node *rv_content(const struct node *root) {
  const struct rv_kind *k = rv_kind_of(root);
  return k && k->content ? rv_resource(root, k->content) : NULL;
}

struct str rv_thread(const struct node *root) {
  const struct rv_kind *k = rv_kind_of(root);
  if (!k || !k->thread) return (struct str){0};
  return rv_without_urn(node_text_at(rv_content(root), k->thread));
}
