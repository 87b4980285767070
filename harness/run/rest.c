/* The simulated FHIR server's side of a run: what it holds is the fold of the run's events. */
#include "endpoint/rest.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "run/run_int.h"

size_t run_resources(void *party, struct arena *a, const struct rest_resource **out) {
  const struct run_party *p = party;
  const struct state *s = p->run->state;
  struct rest_resource *list = ARENA_ARRAY(a, struct rest_resource, s->resources.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < s->resources.n; i++) {
    const struct state_resource *x = &s->resources.v[i];
    if (!str_eq(x->party, p->name)) continue;
    list[n++] = (struct rest_resource){
        .type = x->type, .id = x->id, .digest = x->digest, .version = x->version, .at = x->at, .gone = x->gone};
  }
  *out = list;
  return n;
}

int run_resource(void *party, struct str digest, struct arena *a, struct str *bytes, struct error *e) {
  const struct run *r = ((const struct run_party *)party)->run;
  return store_blob_get(r->o.store, digest, a, bytes, e);
}

void run_decide(struct run_party *from, struct endpoint_arrival *in, struct str body, struct str message,
                const struct state_message *again) {
  const struct run *r = from->run;
  struct str parts[] = {STR("resource"), message};
  struct endpoint_decision d = {.new_id = uuid_derive(r->scratch, r->seed, 2, parts),
                                .body = body,
                                .symbolic = r->o.clock.logical,
                                .again = again ? &again->facts : NULL,
                                .now = clock_wall(),
                                .arena = r->scratch};
  endpoint_decide(from->endpoint, in, &d);
}
