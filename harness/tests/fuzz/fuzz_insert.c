/* Steps that are put into a run as people may write them: what is taken is looked at by lint, put in once more behind
 * itself, and hangs together with the rest; what is refused leaves the protocol as it was. */
#include "lint/lint.h"
#include "state/depends.h"
#include "steps/steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] = "protocol: p\n"
                           "standard: {name: N, danish: N, version: \"1\", type: HL7 FHIR}\n"
                           "version: 1.0.0\nrole: sender\n"
                           "parameters: {wait: {value: 1 s, source: here}}\n"
                           "sections:\n"
                           "  - id: \"1\"\n    title: {en: One, da: En}\n    status: mandatory\n    steps:\n"
                           "      - step: \"1.1\"\n        send: {fixture: a.json, as: first}\n"
                           "      - expect-ack: {to: first, code: ok, as: second}\n"
                           "      - step: \"1.2\"\n        manual: {ask: {en: Is it?, da: Er den?}}\n";

static void hang_together(struct arena *a, struct protocol *p) {
  struct vendor v = {0};
  struct plan *plan;
  struct error e;
  facts_init(&v.capabilities, a);
  if (plan_make(&plan, a, p, &v, NULL, 0, &e) < 0) return;
  struct depends *d = depends_make(a, plan, (struct depends_files){NULL, NULL});
  struct depends_mark *marks = ARENA_ARRAY(a, struct depends_mark, d->n + 1);
  if (d->n) marks[d->n - 1].why = DEPENDS_ASKED;
  depends_close(marks, d, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct protocol *p;
  struct insert in;
  struct source src = {STR("own.yaml"), {(const char *)data, size}};
  findings_init(&f, a);
  if (protocol_read(&p, a, (struct source){STR("p.yaml"), str_z(text)}, step_kinds, &f) < 0) BUG("the protocol");
  size_t n = p->cases.v[0]->steps.n;
  if (protocol_insert(&in, p, a, src, STR("1.1"), step_kinds, &f) == 0) {
    (void)lint_insert(&f, a, p, &in, src, "/nowhere", NULL);
    struct str last = in.in->steps.v[in.first + in.n - 1]->id;
    (void)protocol_insert(&in, p, a, src, last, step_kinds, &f); /* its names are taken now */
    hang_together(a, p);
  } else if (p->cases.v[0]->steps.n != n) {
    BUG("a refused file was put in");
  }
  arena_free(a);
  return 0;
}
