/* From a state to the record that reports are made of. */
#include "plan/capabilities.h"
#include "protocol/keys.h"
#include "state/attempt.h"
#include "state/state_int.h"

static struct text text_of(struct protocol_text t) {
  return (struct text){t.en, t.da};
}

static struct text filled(struct arena *a, const struct state *s, struct protocol_text t) {
  return (struct text){state_text(a, s, t.en), state_text(a, s, t.da)};
}

/* Into the list of exchanges of a step, or of one of its attempts. */
#define PUT_EXCHANGES(out, a, st, s)                                                                                   \
  for (size_t i = 0; i < (s)->messages.n; i++)                                                                         \
    if ((s)->messages.v[i]->owner == (st)) VEC_PUSH((a), &(out)->exchanges, (s)->messages.v[i]->id)

/* ---- what came to a service, and no step waits for ---- */

/* The case that was opened last before it came; NULL: none was. */
static const struct state_case *case_at(const struct state *s, const struct state_message *m) {
  const struct state_case *in = NULL;
  for (size_t i = 0; i < s->cases_n; i++) {
    const struct state_case *c = &s->cases[i];
    if (c->opened_seq && c->opened_seq < m->seq && (!in || c->opened_seq > in->opened_seq)) in = c;
  }
  return in;
}

/* Does that step look at all that comes there from the system that sent this? */
static bool gathers(const struct state *s, const struct state_step *st, const struct state_message *m) {
  const struct step *p = st->step;
  if (!p->kind->gathers || st->verdict == VERDICT_NONE || st->judged_at < m->at) return false;
  struct str named = keys_text(p->args_node, p->kind->service_key), caller = facts_get(&m->facts, FACT_CALLER);
  if (!str_eq(named.n ? named : p->at, m->party)) return false;
  return !caller.n || str_eq(caller, p->party.n ? p->party : s->plan->protocol->role);
}

/* NULL: it is no message of a service, belongs to a step already, or there is none. */
static const struct state_step *gatherer(const struct state *s, const struct state_message *m) {
  bool of_service = protocol_service(s->plan->protocol, m->party) != NULL;
  const struct state_case *c = of_service && !m->owner && !m->outbound && !m->past ? case_at(s, m) : NULL;
  for (size_t i = 0; c && i < c->n; i++) {
    const struct state_step *st = state_attempt_standing(&c->steps[i]);
    if (gathers(s, st, m)) return st;
  }
  return NULL;
}

static void put_gathered(struct record_step *r, struct arena *a, const struct state_step *st, const struct state *s) {
  for (size_t i = 0; i < s->messages.n && st->step->kind->gathers; i++)
    if (gatherer(s, s->messages.v[i]) == st) VEC_PUSH(a, &r->exchanges, s->messages.v[i]->id);
}

/* The N-th file of an answer; false behind the last. */
static bool evidence_of(struct record_evidence *out, struct arena *a, const struct event *answer, size_t n) {
  if (!answer) return false;
  *out = (struct record_evidence){.digest = event_get(answer, arena_printf(a, "evidence.%zu", n).p),
                                  .name = event_get(answer, arena_printf(a, "evidence.%zu.name", n).p)};
  return out->digest.n != 0;
}

static void put_attempt(struct record_step *r, struct arena *a, const struct state_step *st, const struct state *s,
                        bool stands) {
  struct record_attempt *at = VEC_ADD(a, &r->attempts);
  struct record_evidence file;
  *at = (struct record_attempt){.number = (int64_t)st->attempt.number,
                                .verdict = st->opened && st->verdict == VERDICT_NONE ? VERDICT_WAITING : st->verdict,
                                .stands = stands,
                                .system_version = st->attempt.system_version,
                                .by = st->attempt.by,
                                .why = st->attempt.why,
                                .at = st->judged_at,
                                .actual = st->actual,
                                .assessment = state_assessment(st)};
  if (st->answer) at->answered_by = event_get(st->answer, "by");
  for (size_t n = 1; evidence_of(&file, a, st->answer, n); n++) VEC_PUSH(a, &at->evidence, file);
  PUT_EXCHANGES(at, a, st, s);
  findings_init(&at->findings, a);
  findings_join(&at->findings, &st->findings);
}

static void put_attempts(struct record_step *r, struct arena *a, const struct state_step *newest,
                         const struct state *s) {
  const struct state_step *standing = state_attempt_standing(newest);
  if (!newest->attempt.before) return;
  for (size_t n = 1; n <= newest->attempt.number; n++) {
    const struct state_step *st = state_attempt_of(newest, n);
    put_attempt(r, a, st, s, st == standing);
  }
  r->stands_by = newest->attempt.stands_by;
  r->stands_why = newest->attempt.stands_why;
}

/* Where a step comes from, if not from this run of this protocol. */
static void put_origin(struct record_step *r, const struct state_step *st, const struct state *s) {
  struct str version = st->attempt.system_version;
  if (!str_eq(version, s->plan->vendor->version)) r->system_version = version;
  if (st->added) {
    r->inserted_by = event_get(st->added, "by");
    r->inserted_why = event_get(st->added, "why");
  }
  r->carried_from = st->carried.run;
  r->confirmed_by = st->carried.confirmed_by;
  if (st->carried.run.n && !st->carried.confirmed_by.n) r->owner = st->owner;
}

static void put_step(struct record_case *rc, struct arena *a, const struct state_step *newest, const struct state *s) {
  if (newest->absent) return;
  const struct state_step *st = state_attempt_standing(newest);
  const struct step *p = st->step;
  struct record_evidence file;
  struct record_step *r = VEC_ADD(a, &rc->steps);
  *r = (struct record_step){.id = p->id,
                            .number = p->number,
                            .word = str_z(p->kind->word),
                            .party = p->at,
                            .action = filled(a, s, p->action),
                            .test_data = filled(a, s, p->test_data),
                            .expected = filled(a, s, p->expected),
                            .actual = st->actual,
                            .verdict = st->verdict,
                            .optional = p->optional,
                            .either = p->either,
                            .assessment = state_assessment(st),
                            .suggests = p->severity,
                            .at = st->judged_at};
  if (st->opened && st->verdict == VERDICT_NONE) {
    r->verdict = VERDICT_WAITING;
    r->owner = st->owner;
  }
  if (st->verdict == VERDICT_NOT_APPLICABLE) r->reason = p->when;
  if (!st->in->plan->applies) {
    r->verdict = VERDICT_NOT_APPLICABLE;
    r->reason = st->in->plan->reason;
  }
  findings_init(&r->findings, a);
  findings_join(&r->findings, &st->findings);
  for (size_t i = 0; i < p->verifies.n; i++) VEC_PUSH(a, &r->verifies, p->verifies.v[i]);
  for (size_t i = 0; i < st->assessments.n; i++) VEC_PUSH(a, &r->assessments, st->assessments.v[i]);
  for (size_t i = 0; i < st->revisions.n; i++) VEC_PUSH(a, &r->revisions, st->revisions.v[i]);
  for (size_t i = 0; i < st->disputes.n; i++) VEC_PUSH(a, &r->disputes, st->disputes.v[i]);
  PUT_EXCHANGES(r, a, st, s);
  put_gathered(r, a, st, s);
  put_origin(r, st, s);
  put_attempts(r, a, newest, s);
  if (st->answer) r->answered_by = event_get(st->answer, "by");
  for (size_t n = 1; evidence_of(&file, a, st->answer, n); n++) VEC_PUSH(a, &r->evidence, file);
}

/* How often it changed a finding that stands. */
static int64_t times_applied(const struct state *s, struct str id) {
  int64_t n = 0;
  for (size_t c = 0; c < s->cases_n; c++)
    for (size_t i = 0; i < s->cases[c].n; i++) {
      const struct findings *f = &state_attempt_standing(&s->cases[c].steps[i])->findings;
      for (size_t k = 0; k < f->list.n; k++) n += str_eq(f->list.v[k].issue, id);
    }
  return n;
}

static void put_issues(struct record *out, struct arena *a, const struct state *s) {
  for (size_t i = 0; i < s->issues.n; i++) {
    struct record_issue *x = VEC_ADD(a, &out->issues);
    *x = s->issues.v[i];
    x->applied = times_applied(s, x->id);
  }
}

static void put_capabilities(struct record *out, struct arena *a, const struct state *s) {
  struct capability_sight seen = {.ended = s->ended_at != 0};
  for (size_t i = 0; i < s->messages.n; i++) {
    const struct state_message *m = s->messages.v[i];
    bool own = !protocol_owner(s->plan->protocol, m->party).n;
    if (!m->outbound && own) VEC_PUSH(a, &seen.messages, ((struct capability_message){m->id, &m->facts}));
  }
  for (size_t c = 0; c < s->cases_n; c++)
    for (size_t i = 0; i < s->cases[c].n; i++) {
      const struct state_step *st = state_attempt_standing(&s->cases[c].steps[i]);
      if (st->step->party.n) continue;
      VEC_PUSH(a, &seen.steps, ((struct capability_step){st->step, s->cases[c].plan->applies, st->verdict}));
    }
  findings_init(&out->findings, a);
  capabilities_check(&out->findings, s->plan, &seen);
}

static const char *const status_names[] = {"mandatory", "optional", "conditional"};

static void put_case(struct record *out, struct arena *a, const struct state_case *c, const struct state *s) {
  const struct protocol_case *pc = c->plan->c;
  struct record_case *rc = VEC_ADD(a, &out->cases);
  rc->id = pc->id;
  rc->title = text_of(pc->title);
  rc->status = str_z(status_names[pc->status]);
  rc->reason = c->plan->reason;
  rc->verdict = state_case_verdict(c);
  for (size_t i = 0; i < c->n; i++) put_step(rc, a, &c->steps[i], s);
}

/* No step waits for what becomes of a message that is only passed on: the run may end before it is known that it
 * arrived, so that this is no part of a record, but that it did not arrive is. */
static struct str status_of(const struct state_message *m) {
  bool arrived = m->relayed && str_starts(m->status, STR("2"));
  return arrived ? (struct str){0} : m->status;
}

/* The step that sent, awaited or gathered it; NULL: none. */
static const struct state_step *step_of(const struct state *s, const struct state_message *m) {
  if (m->owner) return m->owner;
  if (m->relayed) return m->relayed->owner;
  return m->answers ? m->answers->owner : gatherer(s, m);
}

static void put_exchange(struct record *out, struct arena *a, const struct state_message *m, const struct state *s) {
  struct record_exchange *x = VEC_ADD(a, &out->exchanges);
  *x = (struct record_exchange){.id = m->id,
                                .name = m->name,
                                .outbound = m->outbound,
                                .party = m->party,
                                .relays = m->relayed ? m->relayed->id : (struct str){0},
                                .at = m->at,
                                .via = m->via,
                                .status = status_of(m),
                                .failure = m->failure,
                                .fault = m->fault,
                                .lost = m->lost,
                                .file = m->file,
                                .digest = m->digest};
  const struct state_step *owner = step_of(s, m);
  const struct state_case *in = owner ? owner->in : NULL;
  if (!in && protocol_service(s->plan->protocol, m->party)) in = case_at(s, m);
  if (in) x->case_id = in->plan->c->id;
  if (owner) x->step = owner->step->id;
  facts_init(&x->facts, a);
  for (size_t i = 0; i < m->facts.list.n; i++) facts_put(&x->facts, m->facts.list.v[i].name, m->facts.list.v[i].value);
  findings_init(&x->findings, a);
}

static void put_head(struct record *out, const struct state *s) {
  const struct protocol *p = s->plan->protocol;
  const struct vendor *v = s->plan->vendor;
  out->run = s->run;
  out->ended = s->ended_at;
  out->damage = s->damage;
  out->protocol = p->id;
  out->protocol_version = p->version;
  out->protocol_digest = p->digest;
  out->role = p->role;
  out->standard = p->standard;
  out->standard_danish = p->danish;
  out->standard_version = p->standard_version;
  out->standard_type = p->type;
  out->title = text_of(p->title);
  out->vendor = v->name;
  out->contact = v->contact;
  out->system = v->system;
  out->system_version = v->version;
  out->system_type = v->type;
  out->vendor_digest = v->digest;
  if (!s->started) return;
  out->started = s->started->at;
  out->mode = event_get(s->started, "mode");
  out->course = event_get(s->started, "course");
  out->seed = event_get(s->started, "seed");
  out->program = event_get(s->started, "program");
  out->clock_scale = event_get(s->started, "clock.scale");
}

static void put_parties(struct record *out, struct arena *a, const struct state *s) {
  const struct protocol *p = s->plan->protocol;
  for (size_t i = 0; i < p->parties.n; i++) {
    const struct vendor *v = plan_vendor(s->plan, p->parties.v[i].name);
    if (!v) continue;
    VEC_PUSH(a, &out->parties,
             ((struct record_party){.name = p->parties.v[i].name,
                                    .title = text_of(p->parties.v[i].title),
                                    .vendor = v->name,
                                    .system = v->system,
                                    .system_version = v->version,
                                    .vendor_digest = v->digest}));
  }
}

static void put_services(struct record *out, struct arena *a, const struct state *s) {
  const struct protocol *p = s->plan->protocol;
  for (size_t i = 0; i < p->services.n; i++) {
    const struct protocol_service *x = &p->services.v[i];
    struct str variable = arena_printf(a, "service.%.*s.address", STR_F(x->name));
    if (!plan_vendor(s->plan, x->of)) continue;
    VEC_PUSH(a, &out->services,
             ((struct record_service){.name = x->name,
                                      .kind = x->kind,
                                      .of = x->of,
                                      .shared = x->shared,
                                      .title = text_of(x->title),
                                      .address = facts_get(&s->addresses, arena_z(a, variable))}));
  }
}

void state_record(struct record *out, struct arena *a, const struct state *s) {
  *out = (struct record){0};
  put_head(out, s);
  put_parties(out, a, s);
  put_services(out, a, s);
  facts_init(&out->capabilities, a);
  const struct vendor *v = s->plan->vendor;
  for (size_t i = 0; i < v->capabilities.list.n; i++)
    facts_put(&out->capabilities, v->capabilities.list.v[i].name, v->capabilities.list.v[i].value);
  for (size_t i = 0; i < s->plan->protocol->parameters.n; i++) {
    const struct protocol_parameter *p = &s->plan->protocol->parameters.v[i];
    struct str now = facts_get(&s->parameters, arena_z(a, p->name));
    VEC_PUSH(a, &out->parameters, ((struct record_parameter){p->name, now.n ? now : p->value, p->source}));
  }
  for (size_t i = 0; i < s->plan->protocol->packages.n; i++)
    VEC_PUSH(a, &out->packages, s->plan->protocol->packages.v[i]);
  for (size_t i = 0; i < s->standards.n; i++) VEC_PUSH(a, &out->standards, s->standards.v[i]);
  put_issues(out, a, s);
  put_capabilities(out, a, s);
  for (size_t i = 0; i < s->cases_n; i++) put_case(out, a, &s->cases[i], s);
  for (size_t i = 0; i < s->messages.n; i++) put_exchange(out, a, s->messages.v[i], s);
  out->verdict = state_verdict(s);
}
