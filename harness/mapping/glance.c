/* What must be known of a letter before it is converted. */
#include "mapping/convert_int.h"

static struct str glance_type(const struct correspondence *c) {
  return c->format == MAPPING_OIOXML ? arena_printf(c->a, "X%.*s", STR_F(c->type)) : c->type;
}

static void collect(struct convert_glance *out, const struct correspondence *c, const char *list, const char *key,
                    bool objects) {
  for (size_t i = 0, n = correspondence_count(c, list); i < n; i++) {
    struct str s = correspondence_value(c, key, i);
    if (!s.n) continue;
    if (objects)
      VEC_PUSH(c->a, &out->objects, s);
    else
      VEC_PUSH(c->a, &out->answers, s);
  }
}

int convert_glance(struct convert_glance *out, struct arena *a, const struct conversion_rules *r, struct source input) {
  struct correspondence c;
  struct error e;
  *out = (struct convert_glance){0};
  if (correspondence_read(&c, a, r, input, &e) < 0) return -1;
  out->type = glance_type(&c);
  out->version = correspondence_literal(&c, "letter.version", 0);
  out->sender = correspondence_value(&c, "sender.gln", 0);
  out->receiver = correspondence_value(&c, "receiver.gln", 0);
  out->envelope = correspondence_value(&c, "envelope.id", 0);
  out->letter = correspondence_value(&c, "letter.id", 0);
  out->patient = correspondence_value(&c, "patient.cpr", 0);
  if (!out->patient.n) out->patient = correspondence_value(&c, "patient.replacement", 0);
  struct str kind = correspondence_value(&c, "receipt.kind", 0);
  out->receipt = kind.n > 0;
  out->negative = str_eqz(kind, "negative");
  if (c.format != MAPPING_FHIR) collect(out, &c, "attachment", "attachment.id", true);
  collect(out, &c, "original", "original.letter", false);
  struct str header = correspondence_value(&c, "receipt.header", 0);
  if (header.n) VEC_PUSH(a, &out->answers, header);
  return 0;
}
