/* A record laid out for the algebra. */
#include "record/record.h"

static enum verdict verdict_of(const struct record_case *c, const struct record_step *s) {
  bool excused = s->verdict == VERDICT_NONE && c->verdict == VERDICT_NOT_APPLICABLE;
  return excused ? VERDICT_NOT_APPLICABLE : s->verdict;
}

static void put_step(struct algebra_case *out, struct arena *a, const struct record_case *c,
                     const struct record_step *s) {
  struct algebra_step *to = VEC_ADD(a, &out->steps);
  *to = (struct algebra_step){.id = s->id,
                              .under = algebra_under(s->id),
                              .either = s->either,
                              .verdict = verdict_of(c, s),
                              .assessment = s->assessment,
                              .judged_at = s->at,
                              .assessed_at = s->assessments.n ? s->assessments.v[s->assessments.n - 1].at : 0,
                              .optional = s->optional};
}

static void put_case(struct algebra_run *out, struct arena *a, const struct record_case *c) {
  struct algebra_case *to = VEC_ADD(a, &out->cases);
  *to = (struct algebra_case){.id = c->id,
                              .applies = c->verdict != VERDICT_NOT_APPLICABLE,
                              .chosen = !str_eqz(c->reason, RECORD_NOT_CHOSEN),
                              .opened = c->verdict != VERDICT_NONE,
                              .optional = str_eqz(c->status, "optional")};
  for (size_t i = 0; i < c->steps.n; i++) put_step(to, a, c, &c->steps.v[i]);
}

void record_sum(struct sum *out, struct arena *a, const struct record *r, struct str scope) {
  double scale;
  struct algebra_run run = {.protocol = r->protocol,
                            .assessed = str_eqz(r->mode, RECORD_CERTIFY),
                            .ended = r->ended != 0,
                            .damaged = r->damage.n > 0,
                            .real_time = !r->clock_scale.n || (str_double(r->clock_scale, &scale) && scale == 1)};
  for (size_t i = 0; i < r->cases.n; i++) put_case(&run, a, &r->cases.v[i]);
  algebra_sum(out, a, &run, scope);
}
