/* The simulated FHIR server's side of a run: what it holds is the fold of the run's events. */
#include "endpoint/rest.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "run/run_int.h"

/* Versions are only added: what was taken over once stays. */
size_t run_resources(void *party, const struct rest_resource **out) {
  struct run_party *p = party;
  const struct state *s = p->run->state;
  for (; p->looked_at < s->resources.n; p->looked_at++) {
    const struct state_resource *x = &s->resources.v[p->looked_at];
    if (!str_eq(x->party, p->name)) continue;
    struct rest_resource r = {
        .type = x->type, .id = x->id, .digest = x->digest, .version = x->version, .at = x->at, .gone = x->gone};
    VEC_PUSH(p->run->arena, &p->resources, r);
  }
  *out = p->resources.v;
  return p->resources.n;
}

int run_resource(void *party, struct str digest, struct arena *a, struct str *bytes, struct error *e) {
  const struct run *r = ((const struct run_party *)party)->run;
  return store_blob_get(r->o.store, digest, a, bytes, e);
}

void run_decide(struct run_party *from, struct endpoint_arrival *in, struct str body, struct str message,
                const struct state_message *again, const struct fault *hit) {
  const struct run *r = from->run;
  struct str parts[] = {STR("resource"), message};
  struct endpoint_decision d = {.new_id = uuid_derive(r->scratch, r->seed, 2, parts),
                                .body = body,
                                .symbolic = r->o.clock.logical,
                                .again = again ? &again->facts : NULL,
                                .now = r->o.clock.logical ? r->o.clock.logical_now : clock_wall(),
                                .arena = r->scratch};
  run_tokens_decide(from, &d, hit);
  endpoint_decide(from->endpoint, in, &d);
}
