/* reported: does what the system told EHMI Delivery Status in this case fit what was seen on the wire in it?
 *
 * The step looks into the mailbox of the service (`party: eds`; or `service: eds`, and `party` is the system):
 * AuditEvents that were taken there, or that a fault had refused for good (`attempts` says how often one of those may
 * come); of a service that several systems share those that this one sent. What was seen are the SBDH envelopes of the
 * system, both ways. A copy for the register of messages, and the receipt of it, are nobody's to see
 * (validate/eds_chain.h). Whatever the chain demands is data. */
#include "endpoint/endpoint.h"
#include "envelope/sbdh.h"
#include "steps/steps_int.h"
#include "validate/eds_chain.h"

/* EUA, MSH and AP. */
#define COMPONENTS_MAX 3

static const struct key keys[] = {{"stations", KEY_TEXT, true, NULL},
                                  {"service", KEY_TEXT, false, NULL},
                                  {"device", KEY_TEXT, false, NULL},
                                  {"side", KEY_TEXT, false, "sender|receiver"},
                                  {"attempts", KEY_TEXT, false, NULL},
                                  {0}};

struct gathering {
  const struct step_view *v;
  struct judgement *j;
  VEC(struct eds_sight) sights;
  VEC(struct eds_told) told;
  VEC(struct eds_outage) outages;
  VEC(struct str) copies;  /* EnvelopeIdentifiers of copies and of their receipts */
  VEC(struct str) refused; /* EnvelopeIdentifiers that exceptions are for */
  int64_t heard;           /* when EDS last took something, or the case began */
  bool broken;
};

static void parse(struct step *s, struct keys *k) {
  struct str stations = keys_text(s->args_node, "stations");
  steps_default_texts(
      s,
      (struct protocol_text){arena_printf(k->arena,
                                          "What was reported to EHMI's delivery status is compared with what was seen "
                                          "on the wire, for the stations %.*s",
                                          STR_F(stations)),
                             arena_printf(k->arena,
                                          "Det, der er meldt til EHMI's forsendelsesstatus, sammenlignes med det, der "
                                          "er set på linjen, for stationerne %.*s",
                                          STR_F(stations))},
      (struct protocol_text){STR("Every event of the chain is reported, in order and with the right content"),
                             STR("Hver hændelse i kæden er meldt, i orden og med det rigtige indhold")});
}

static bool is_of_case(const struct gathering *g, const struct state_message *m) {
  return m->seq > g->v->in->opened_seq && !m->past && !m->quarantined;
}

static bool opened(struct message *m, struct gathering *g, const struct state_message *sm) {
  struct error e;
  if (open_message(m, g->v, sm, &e) == 0) return true;
  judge_broken(g->j, RULE_UNREADABLE, &e);
  g->broken = true;
  return false;
}

/* The receipt of an acknowledgement names an envelope in which that went, whichever of them came first and in whatever
 * case. */
static bool is_ack_envelope(const struct gathering *g, struct str transport) {
  const struct state *s = g->v->state;
  for (size_t i = 0; i < s->messages.n; i++) {
    const struct facts *f = &s->messages.v[i]->facts;
    bool ack = str_eqz(facts_get(f, "sbdh.kind"), sbdh_content_name(SBDH_FHIR_ACK));
    if (ack && str_eq_nocase(facts_get(f, "envelope.id"), transport)) return true;
  }
  return false;
}

/* The receipt of a copy, from the register of messages. */
static bool is_copy_receipt(const struct gathering *g, const struct sbdh *s) {
  const struct state *st = g->v->state;
  struct str original = sbdh_scope_value(s, SBDH_ORIGINAL_ENVELOPE_ID);
  if (s->content != SBDH_RECEIPT && s->content != SBDH_EXCEPTION) return false;
  for (size_t i = 0; i < st->messages.n && original.n; i++) {
    const struct facts *f = &st->messages.v[i]->facts;
    bool copy = str_eqz(facts_get(f, "sbdh.kind"), sbdh_content_name(SBDH_COPY));
    if (copy && str_eq_nocase(facts_get(f, "envelope.id"), original)) return true;
  }
  return false;
}

static enum eds_document document_of(const struct gathering *g, const struct sbdh *s) {
  if (s->content == SBDH_FHIR_ACK) return EDS_DOC_ACKNOWLEDGEMENT;
  if (s->content != SBDH_RECEIPT && s->content != SBDH_EXCEPTION) return EDS_DOC_MESSAGE;
  bool of_ack = is_ack_envelope(g, sbdh_scope_value(s, SBDH_ORIGINAL_ENVELOPE_ID));
  return of_ack ? EDS_DOC_ACK_RECEIPT : EDS_DOC_RECEIPT;
}

/* An exception may have come before what it is for: files of a folder have no order. */
static void mark_failed(struct gathering *g) {
  for (size_t i = 0; i < g->refused.n; i++)
    for (size_t k = 0; k < g->sights.n; k++)
      if (str_eq_nocase(g->sights.v[k].transport, g->refused.v[i])) g->sights.v[k].failed = true;
}

/* "unknown" is what EHMI writes where it does not say (ehmiSBDH 2.0.1, scopes of a FHIR acknowledgement). */
static struct str known(struct str s) {
  return str_eqz(s, "unknown") ? (struct str){0} : s;
}

static void see(struct gathering *g, const struct state_message *sm, const struct envelope *env) {
  const struct sbdh *s = env->sbdh;
  struct eds_sight x = {.what = document_of(g, s),
                        .direction = sm->outbound ? EDS_IN : EDS_OUT,
                        .at = sm->at,
                        .message = sbdh_scope_value(s, SBDH_MESSAGE_ID),
                        .type = s->standard,
                        .version = s->type_version,
                        .statistic = sbdh_scope_value(s, SBDH_STATISTICS),
                        .envelope = sbdh_scope_value(s, SBDH_BUNDLE_ID),
                        .envelope_type = s->type,
                        .transport = env->id,
                        .transport_version = s->header_version,
                        .orig_message = known(sbdh_scope_value(s, SBDH_ORIGINAL_MESSAGE_ID)),
                        .orig_type = known(sbdh_scope_value(s, SBDH_ORIGINAL_STANDARD)),
                        .orig_version = known(sbdh_scope_value(s, SBDH_ORIGINAL_VERSION)),
                        .orig_transport = sbdh_scope_value(s, SBDH_ORIGINAL_ENVELOPE_ID),
                        .sender = {sbdh_scope_value(s, SBDH_SENDER_ID), sbdh_participant(s->sender)},
                        .receiver = {sbdh_scope_value(s, SBDH_RECEIVER_ID), sbdh_participant(s->receiver)},
                        .cpr = sbdh_scope_value(s, SBDH_PATIENT_ID)};
  if (s->content == SBDH_EXCEPTION) VEC_PUSH(g->v->scratch, &g->refused, x.orig_transport);
  VEC_PUSH(g->v->scratch, &g->sights, x);
}

/* Who acknowledges an envelope has had it, whatever its HTTP server said. */
static bool is_answered(const struct gathering *g, const struct state_message *m) {
  const struct state *s = g->v->state;
  struct str id = facts_get(&m->facts, "envelope.id");
  for (size_t i = 0; i < s->messages.n && id.n; i++) {
    const struct state_message *x = s->messages.v[i];
    if (!x->outbound && !x->lost && str_eq_nocase(facts_get(&x->facts, "envelope.original"), id)) return true;
  }
  return false;
}

/* The system never had what could not be delivered, or what a fault holds back. */
static bool is_kept_from_it(const struct gathering *g, const struct state_message *m) {
  bool held = str_eqz(m->status, ENDPOINT_DELAYED) || str_eqz(m->status, ENDPOINT_DROPPED);
  bool refused = m->status.n == 3 && m->status.p[0] != '2' && !is_answered(g, m);
  return m->outbound && (held || refused || m->failure.n);
}

static void see_message(struct gathering *g, const struct state_message *sm) {
  struct message m;
  if (sm->lost || is_kept_from_it(g, sm) || !opened(&m, g, sm)) return;
  const struct sbdh *s = m.envelope ? m.envelope->sbdh : NULL;
  if (!s) return;
  if (s->content == SBDH_COPY || is_copy_receipt(g, s))
    VEC_PUSH(g->v->scratch, &g->copies, m.envelope->id);
  else
    see(g, sm, m.envelope);
}

/* EDS is out of reach from what it took last to the last that a fault lost. */
static void note_outage(struct gathering *g, int64_t at) {
  struct eds_outage *last = g->outages.n ? &g->outages.v[g->outages.n - 1] : NULL;
  if (last && last->from == g->heard)
    last->to = at;
  else
    VEC_PUSH(g->v->scratch, &g->outages, ((struct eds_outage){g->heard, at}));
}

/* Of a service that several systems share: what another one told is not of this step's system. */
static bool is_of_other(const struct gathering *g, const struct state_message *m) {
  const struct step *s = g->v->at->step;
  struct str caller = facts_get(&m->facts, FACT_CALLER);
  return caller.n && !str_eq(caller, s->party.n ? s->party : g->v->state->plan->protocol->role);
}

static bool is_hit_by(const struct state_message *sm, enum fault_kind kind) {
  return sm->fault_step && ((const struct fault *)sm->fault_step->step->args)->kind == kind;
}

/* EDS took it, or was made to say no to it. */
static void hear(struct gathering *g, const struct state_message *sm) {
  struct arena *a = g->v->scratch;
  if (is_of_other(g, sm)) return;
  bool refused = is_hit_by(sm, FAULT_UNFIT) || is_hit_by(sm, FAULT_FORBIDDEN);
  if (sm->lost && !refused) {
    note_outage(g, sm->at);
    return;
  }
  g->heard = sm->at;
  struct eds_told told = {.name = sm->id, .refused = refused, .unanswered = is_hit_by(sm, FAULT_LOST_ANSWER)};
  struct message m;
  bool taken = refused || str_starts(facts_get(&sm->facts, "http.status"), STR("2"));
  if (!taken || !str_eqz(facts_get(&sm->facts, "rest.interaction"), "create") || !opened(&m, g, sm)) return;
  if (eds_event_read(&told.event, m.resource)) VEC_PUSH(a, &g->told, told);
}

/* ---- what EDS refused ---- */

static bool is_same_report(const struct eds_event *x, const struct eds_event *y) {
  return str_eq(x->subtype, y->subtype) && str_eq(x->station, y->station) &&
         str_eq(x->entities[EDS_MESSAGE].id, y->entities[EDS_MESSAGE].id) &&
         str_eq(x->entities[EDS_TRANSPORT].id, y->entities[EDS_TRANSPORT].id);
}

/* To send it again does not make it right. */
static void judge_attempts(struct gathering *g, int64_t limit) {
  for (size_t i = 0; i < g->told.n; i++) {
    const struct eds_told *t = &g->told.v[i];
    int64_t n = 0;
    bool first = t->refused;
    for (size_t k = 0; k < g->told.n && first; k++) {
      bool same = g->told.v[k].refused && is_same_report(&g->told.v[k].event, &t->event);
      first = !same || k >= i;
      n += same;
    }
    if (first && n > limit)
      JUDGE(g->j, RULE_REPORTED_AGAIN, ((struct place){.message = t->name}), t->event.subtype,
            arena_printf(g->v->scratch, "%lld", (long long)n), arena_printf(g->v->scratch, "%lld", (long long)limit));
  }
}

static void gather(struct gathering *g) {
  const struct state *s = g->v->state;
  const struct step *step = g->v->at->step;
  struct str named = keys_text(step->args_node, "service"), service = named.n ? named : step->at;
  g->heard = g->v->in->steps[0].opened_at;
  for (size_t i = 0; i < s->messages.n && !g->broken; i++) {
    const struct state_message *m = s->messages.v[i];
    if (!is_of_case(g, m)) continue;
    if (str_eq(m->party, step->party)) see_message(g, m);
    if (str_eq(m->party, service) && !m->outbound) hear(g, m);
  }
  mark_failed(g);
}

static bool is_receiver(const struct step_view *v) {
  struct str side = keys_text(v->at->step->args_node, "side");
  return str_eqz(side.n ? side : v->state->plan->protocol->role, "receiver");
}

/* A seeded run has times of its own. */
static bool is_logical(const struct state *s) {
  return s->started && str_eqz(event_get(s->started, "logical"), "true");
}

/* One that is shorter than clocks may differ tells nothing about times. */
static void drop_short_outages(struct gathering *g, int64_t tolerance) {
  size_t n = 0;
  for (size_t i = 0; i < g->outages.n; i++)
    if (g->outages.v[i].to - g->outages.v[i].from > tolerance) g->outages.v[n++] = g->outages.v[i];
  g->outages.n = n;
}

/* "EUA,MSH" are two that report apart, and "a,b" their devices; 0: one of them is no station. */
static size_t components_of(struct eds_component *out, const struct gathering *g, const struct eds_data *d,
                            struct str stations, struct str devices) {
  size_t n = 0;
  while (stations.n && n < COMPONENTS_MAX) {
    out[n] = (struct eds_component){.stations = eds_stations(d, str_trim(str_cut(&stations, ','))),
                                    .side = is_receiver(g->v) ? EDS_RECEIVER : EDS_SENDER,
                                    .device = str_trim(str_cut(&devices, ','))};
    if (!out[n++].stations) return 0;
  }
  return stations.n ? 0 : n;
}

static void compare(struct gathering *g, const struct eds_data *d, const struct eds_component *components, size_t n) {
  drop_short_outages(g, d->tolerance_ms);
  struct eds_story story = {.sights = g->sights.v,
                            .sights_n = g->sights.n,
                            .components = components,
                            .components_n = n,
                            .outages = g->outages.v,
                            .outages_n = g->outages.n,
                            .copies = g->copies.v,
                            .copies_n = g->copies.n,
                            .undated = is_logical(g->v->state)};
  struct eds_reports reports = {g->told.v, g->told.n};
  struct eds_count count = eds_chain_judge(&g->j->findings, g->v->scratch, d, &story, &reports);
  judge_actual(g->j,
               arena_printf(g->v->scratch, "%zu of %zu events were reported, and %zu more", count.reported,
                            count.expected, count.more),
               arena_printf(g->v->scratch, "%zu af %zu hændelser er meldt, og %zu yderligere", count.reported,
                            count.expected, count.more));
}

static void judge(const struct step_view *v, struct judgement *j) {
  const struct node *args = v->at->step->args_node;
  struct expander x = {.v = v};
  struct gathering g = {.v = v, .j = j};
  struct str stations, device, attempts;
  int64_t limit = INT64_MAX;
  struct eds_data *d;
  struct error e;
  if (expand_text(&stations, &x, keys_text(args, "stations"), EXPAND_PLAIN, &e) < 0 ||
      expand_text(&device, &x, keys_text(args, "device"), EXPAND_PLAIN, &e) < 0 ||
      expand_text(&attempts, &x, keys_text(args, "attempts"), EXPAND_PLAIN, &e) < 0)
    return judge_unresolved(j, &e);
  if (attempts.n && !str_int(attempts, &limit)) {
    (void)error_set(&e, ERR_CONFIG, "\"attempts\" must be a number, not \"%.*s\"", STR_F(attempts));
    return judge_broken(j, RULE_UNREADABLE, &e);
  }
  if (eds_data_load(&d, v->scratch, v->services->data_dir, &e) < 0) return judge_broken(j, RULE_UNREADABLE, &e);
  struct eds_component components[COMPONENTS_MAX];
  size_t n = components_of(components, &g, d, stations, device);
  if (!n) {
    (void)error_set(&e, ERR_CONFIG, "\"%.*s\" are no stations of EHMI", STR_F(stations));
    return judge_broken(j, RULE_UNREADABLE, &e);
  }
  gather(&g);
  if (g.broken) return;
  if (!g.sights.n) JUDGE(j, RULE_REPORTED_NOTHING, ((struct place){0}));
  compare(&g, d, components, n);
  judge_attempts(&g, limit);
}

/* It is about the mailbox of a service that keeps AuditEvents. */
static int fits(const struct step *s, const struct vendor_wire *w, struct error *e) {
  if (str_eqz(w->exchange, "eds") || str_eqz(w->exchange, "fhir-rest") || keys_text(s->args_node, "service").n)
    return 0;
  return error_at(e, ERR_CONFIG, s->source->name, s->node->line, s->node->col,
                  "\"reported\" is about a service that keeps AuditEvents: name it by \"party\" or by \"service\"");
}

const struct step_kind step_reported = {.word = "reported",
                                        .keys = keys,
                                        .service_key = "service",
                                        .service_kinds = "eds|fhir-rest",
                                        .gathers = true,
                                        .parse = parse,
                                        .judge = judge,
                                        .fits = fits};
