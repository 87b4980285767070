/* What the words share that need the simulated FHIR server. */
#include "endpoint/endpoint.h"
#include "steps/steps_int.h"

bool rest_is_used(const struct vendor *v) {
  return endpoint_is_rest(v->exchange);
}

int rest_fits(const struct step *s, const struct vendor *v, struct error *e) {
  if (rest_is_used(v)) return 0;
  return error_set(
      e, ERR_CONFIG,
      "\"%s\" needs the simulated FHIR server, and %.*s exchanges messages by %.*s; a system that uses one "
      "says exchange: {kind: fhir-rest}",
      s->kind->word, STR_F(v->source.name), STR_F(v->exchange));
}
