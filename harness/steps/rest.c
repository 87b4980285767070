/* What the words share that need the simulated FHIR server. */
#include "steps/steps_int.h"

bool rest_is_used(const struct vendor *v) {
  return str_eqz(v->exchange, "fhir-rest");
}

int rest_fits(const struct step *s, const struct vendor *v, struct error *e) {
  if (rest_is_used(v)) return 0;
  return error_set(
      e, ERR_CONFIG,
      "\"%s\" needs the simulated FHIR server, and %.*s exchanges messages by %.*s; a system that uses one "
      "says exchange: {kind: fhir-rest}",
      s->kind->word, STR_F(v->source.name), STR_F(v->exchange));
}
