#include "envelope/envelope.h"

#include "envelope/vans.h"

const struct envelope_kind *const envelope_kinds[] = {&vans_kind};
const size_t envelope_kinds_n = sizeof envelope_kinds / sizeof envelope_kinds[0];

const struct envelope_kind *envelope_sniff(struct str bytes) {
  for (size_t i = 0; i < envelope_kinds_n; i++)
    if (envelope_kinds[i]->sniff(bytes)) return envelope_kinds[i];
  return NULL;
}

const struct envelope_kind *envelope_kind_named(struct str name) {
  for (size_t i = 0; i < envelope_kinds_n; i++)
    if (str_eqz(name, envelope_kinds[i]->name)) return envelope_kinds[i];
  return NULL;
}

struct str envelope_tag_value(const struct envelope_meta *m, const char *name) {
  for (size_t i = 0; i < m->tags_n; i++)
    if (str_eqz(m->tags[i].name, name)) return m->tags[i].value;
  return (struct str){0};
}

const char *receipt_kind_name(enum receipt_kind k) {
  static const char *const names[] = {[RECEIPT_POSITIVE_MESSAGE] = "PositiveMessage",
                                      [RECEIPT_NEGATIVE_MESSAGE] = "NegativeMessage",
                                      [RECEIPT_NEGATIVE_VANS] = "NegativeVans"};
  return names[k];
}
