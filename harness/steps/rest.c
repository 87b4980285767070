/* What the words share that are possible in some exchanges only. */
#include "endpoint/endpoint.h"
#include "steps/steps_int.h"

#include <string.h>

bool rest_is_used(const struct vendor_wire *w) {
  return endpoint_is_rest(w->exchange);
}

int rest_fits(const struct step *s, const struct vendor_wire *w, struct error *e) {
  if (rest_is_used(w)) return 0;
  return error_set(
      e, ERR_CONFIG,
      "\"%s\" needs the simulated FHIR server, and %.*s exchanges messages by %.*s; a system that uses one "
      "says exchange: {kind: fhir-rest}, and a step about a service names it: party: NAME",
      s->kind->word, STR_F(w->vendor->source.name), STR_F(w->exchange));
}

/* How a system says that it exchanges messages in that envelope. */
static const struct {
  const char *envelope, *name, *kinds;
} envelopes[] = {
    {"vans", "a VANSEnvelope", "{kind: vans-http}, or vans-folder, or upload"},
    {"sbdh", "an ehmiSBDH", "{kind: sbdh-http, address: ...}, or sbdh-folder, or upload with envelope: sbdh"}};

int envelope_fits(const struct step *s, const struct vendor_wire *w, const char *envelope, struct error *e) {
  size_t i = 0;
  /* A server that we play takes no envelopes: whoever waits for one there is told by other checks. */
  if (rest_is_used(w) || str_eqz(w->vendor->envelope, envelope)) return 0;
  while (i + 1 < sizeof envelopes / sizeof *envelopes && strcmp(envelopes[i].envelope, envelope) != 0) i++;
  return error_set(e, ERR_CONFIG,
                   "\"%s\" is about a message in %s, and %.*s exchanges others, by %.*s; a system that uses it says "
                   "exchange: %s",
                   s->kind->word, envelopes[i].name, STR_F(w->vendor->source.name), STR_F(w->exchange),
                   envelopes[i].kinds);
}
