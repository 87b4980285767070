#include "rig.h"

#include <criterion/criterion.h>

static int blob(void *context, struct str digest, struct arena *a, struct str *out, struct error *e) {
  struct rig *r = context;
  struct str *bytes = map_get(&r->blobs, digest);
  (void)a;
  if (!bytes) return error_set(e, ERR_IO, "no blob %.*s", STR_F(digest));
  *out = *bytes;
  return 0;
}

static struct str keep(struct rig *r, struct str bytes) {
  char digest[SHA256_HEX + 1];
  struct str *copy = ARENA_NEW(r->a, struct str);
  sha256_hex(digest, bytes);
  *copy = arena_str(r->a, bytes);
  struct str key = arena_str(r->a, str_z(digest));
  map_set(&r->blobs, key, copy);
  return key;
}

static int host_send(void *context, const struct step_view *v, const struct step_send *m, struct error *e) {
  struct rig *r = context;
  (void)e;
  struct event *ev = rig_event(r, "send-intent", arena_z(r->a, v->at->step->id));
  facts_put(&ev->data, STR("message"), arena_printf(r->a, "m%zu", r->s->messages.n + 1));
  facts_put(&ev->data, STR("as"), m->name);
  facts_put(&ev->data, STR("file"), m->file);
  event_put_facts(ev, &m->facts);
  facts_put(&ev->data, STR("fact.content-type"), m->content_type);
  ev->blob = keep(r, m->wire);
  r->intent = ev;
  return 0;
}

static int host_remove(void *context, const struct step_view *v, struct str type, struct str id, struct error *e) {
  struct rig *r = context;
  (void)e;
  struct event *ev = rig_event(r, "resource-removed", arena_z(r->a, v->at->step->id));
  facts_put(&ev->data, STR("type"), type);
  facts_put(&ev->data, STR("id"), id);
  VEC_PUSH(r->a, &r->removed, ev);
  return 0;
}

static int host_arm(void *context, const struct step_view *v, const struct facts *fault, struct error *e) {
  struct rig *r = context;
  (void)v, (void)e;
  r->fault = ARENA_NEW(r->a, struct facts);
  facts_init(r->fault, r->a);
  for (size_t i = 0; i < fault->list.n; i++) facts_put(r->fault, fault->list.v[i].name, fault->list.v[i].value);
  return 0;
}

static int host_request(void *context, const struct step_view *v, const struct step_request *q, struct error *e) {
  struct rig *r = context;
  (void)e;
  r->request = ARENA_NEW(r->a, struct step_request);
  *r->request = *q;
  r->request->body = arena_str(r->a, q->body);
  r->request->path = arena_str(r->a, q->path);
  struct event *ev = rig_event(r, "http-intent", arena_z(r->a, v->at->step->id));
  facts_put(&ev->data, STR("message"), arena_printf(r->a, "m%zu", r->s->messages.n + 1));
  facts_put(&ev->data, STR("as"), q->name);
  r->intent = ev;
  return 0;
}

static int host_trigger(void *context, const struct step_view *v, struct str json, struct error *e) {
  struct rig *r = context;
  (void)v;
  r->trigger = arena_str(r->a, json);
  return r->trigger_answer < 0 ? error_set(e, ERR_IO, "no trigger") : r->trigger_answer;
}

static int host_scripts(void *context, const struct step_view *v, const struct step_scripts *q, struct error *e) {
  struct rig *r = context;
  (void)v, (void)e;
  r->package = q->package;
  r->only = q->only;
  r->intent = r->scripts;
  return r->scripts ? 1 : 0;
}

static void host_wait(void *context, const struct step_view *v, const char *owner, int64_t deadline_ms) {
  struct rig *r = context;
  (void)v;
  r->owner = owner;
  r->deadline = deadline_ms;
}

static struct str protocol_text(struct rig *r, const char *steps) {
  struct buf b;
  buf_init(&b, 1 << 20);
  buf_addz(&b,
           "protocol: rig\ntitle: {en: Rig, da: Rig}\n"
           "standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: \"5.0\", type: HL7 FHIR}\n"
           "version: 0.1.0\nrole: sender\n"
           "parameters:\n  patience: {value: 2 min, source: rig}\n"
           "sections:\n  - id: \"1\"\n    title: {en: Case, da: Case}\n    status: mandatory\n    steps:\n");
  struct str rest = str_z(steps);
  while (rest.n) {
    struct str line = str_cut(&rest, '\n');
    buf_printf(&b, "      %.*s\n", STR_F(line));
  }
  return buf_take(&b, r->a);
}

static void start(struct rig *r, struct str exchange) {
  struct error e;
  cr_assert_eq(vendor_load(&r->vendor, r->a, TEST_DATA "/vendor.yaml", &e), 0, "%s", e.text);
  if (exchange.n) r->vendor->exchange = exchange;
  if (str_starts(exchange, STR("sbdh-"))) r->vendor->envelope = STR("sbdh");
  cr_assert_eq(plan_make(&r->plan, r->a, r->p, r->vendor, NULL, 0, &e), 0, "%s", e.text);
  r->s = state_new(r->a, r->plan);
  rig_apply(r, rig_event(r, "case-opened", NULL));
}

struct rig *rig_new_over(const char *exchange, const char *steps) {
  struct arena *a = arena_new(0);
  struct rig *r = ARENA_NEW(a, struct rig);
  *r = (struct rig){.a = a, .scratch = arena_new(0)};
  findings_init(&r->found, a);
  map_init(&r->blobs, a);
  clock_init_logical(&r->clock);
  r->services = (struct step_services){
      .blob = blob, .context = r, .data_dir = TEST_ROOT, .seed = STR("seed"), .clock = &r->clock};
  r->host = (struct step_host){.context = r,
                               .send = host_send,
                               .request = host_request,
                               .remove = host_remove,
                               .arm = host_arm,
                               .trigger = host_trigger,
                               .scripts = host_scripts,
                               .wait = host_wait};
  struct source src = {STR("rig.yaml"), protocol_text(r, steps)};
  if (protocol_read(&r->p, a, src, step_kinds, &r->found) == 0)
    start(r, str_z(exchange));
  else
    r->p = NULL;
  for (size_t i = 0; !r->p && i < r->found.list.n; i++)
    cr_log_info("%d:%d %.*s", r->found.list.v[i].where.line, r->found.list.v[i].where.col,
                STR_F(r->found.list.v[i].en));
  return r;
}

struct rig *rig_new(const char *steps) {
  return rig_new_over(NULL, steps);
}

void rig_free(struct rig *r) {
  struct arena *a = r->a;
  arena_free(r->scratch);
  arena_free(a);
}

struct event *rig_event(struct rig *r, const char *kind, const char *step) {
  return event_new(r->a, kind, clock_stamp(&r->clock), STR("1"), step ? str_z(step) : (struct str){0});
}

void rig_apply(struct rig *r, struct event *ev) {
  struct error e;
  ev->seq = ++r->seq;
  cr_assert_eq(state_apply(r->s, ev, &e), 0, "%s", e.text);
}

struct step_view rig_view(struct rig *r, const char *step) {
  struct state_step *st = state_step_find(r->s, str_z(step));
  cr_assert_not_null(st, "no step %s", step);
  return (struct step_view){.state = r->s, .in = st->in, .at = st, .scratch = r->scratch, .services = &r->services};
}

int rig_open(struct rig *r, const char *step) {
  struct step_view v = rig_view(r, step);
  const struct step_kind *k = v.at->step->kind;
  r->owner = NULL;
  r->intent = NULL;
  r->deadline = -1;
  if (k->effect && k->effect(&v, &r->host, &r->error) < 0) return -1;
  struct event *ev = rig_event(r, "step-opened", step);
  facts_put(&ev->data, STR("owner"), str_z(r->owner));
  if (r->owner && r->deadline >= 0)
    facts_put(&ev->data, STR("deadline"), arena_printf(r->a, "%lld", (long long)r->deadline));
  rig_apply(r, ev);
  if (r->intent) rig_apply(r, r->intent);
  for (size_t i = 0; i < r->removed.n; i++) rig_apply(r, r->removed.v[i]);
  r->removed.n = 0;
  return 0;
}

void rig_sent(struct rig *r, const char *step, const char *status, const char *failure) {
  struct event *ev = rig_event(r, "send-result", step);
  facts_put(&ev->data, STR("message"), rig_view(r, step).at->message->id);
  facts_put(&ev->data, STR("status"), str_z(status));
  facts_put(&ev->data, STR("failure"), str_z(failure));
  rig_apply(r, ev);
}

void rig_responded(struct rig *r, const char *step, const char *status, const char *type, const char *body) {
  struct event *ev = rig_event(r, "http-result", step);
  struct message m;
  message_read(&m, r->a, (struct source){STR("answer"), str_z(body)});
  facts_put(&m.facts, STR("http.status"), str_z(status));
  facts_put(&m.facts, STR("http.content-type"), str_z(type));
  facts_put(&ev->data, STR("request"), rig_view(r, step).at->message->id);
  facts_put(&ev->data, STR("message"), arena_printf(r->a, "m%zu", r->s->messages.n + 1));
  facts_put(&ev->data, STR("status"), str_z(status));
  facts_put(&ev->data, STR("as"), node_text_at(rig_view(r, step).at->step->args_node, "as"));
  event_put_facts(ev, &m.facts);
  ev->blob = keep(r, str_z(body));
  rig_apply(r, ev);
}

static struct str receive(struct rig *r, const char *step, const struct facts *facts, struct str bytes) {
  struct str id = arena_printf(r->a, "m%zu", r->s->messages.n + 1), en, da;
  struct event *ev = rig_event(r, "received", NULL);
  facts_put(&ev->data, STR("message"), id);
  event_put_facts(ev, facts);
  ev->blob = keep(r, bytes);
  rig_apply(r, ev);
  if (!step) return id;
  struct step_view v = rig_view(r, step);
  if (v.at->step->kind->wants(&v, state_message_find(r->s, id), &en, &da) != WANTS_IT) return id;
  ev = rig_event(r, "matched", step);
  facts_put(&ev->data, STR("message"), id);
  facts_put(&ev->data, STR("as"), node_text_at(v.at->step->args_node, "as"));
  rig_apply(r, ev);
  return id;
}

struct str rig_receive(struct rig *r, const char *step, struct str bytes) {
  struct message m;
  message_read(&m, r->a, (struct source){STR("received"), bytes});
  return receive(r, step, &m.facts, bytes);
}

struct str rig_receive_with(struct rig *r, const char *step, const struct facts *facts) {
  return receive(r, step, facts, (struct str){0});
}

struct str rig_interact(struct rig *r, const char *step, const char *what, const char *type, struct str id,
                        const char *status, struct str body) {
  struct facts facts;
  facts_init(&facts, r->a);
  facts_put(&facts, STR("rest.interaction"), str_z(what));
  facts_put(&facts, STR("rest.type"), str_z(type));
  facts_put(&facts, STR("rest.id"), id);
  facts_put(&facts, STR("http.status"), str_z(status));
  return receive(r, step, &facts, body);
}

void rig_answer(struct rig *r, const char *step, const char *answer, const char *text) {
  struct event *ev = rig_event(r, "answer", step);
  facts_put(&ev->data, STR("answer"), str_z(answer));
  facts_put(&ev->data, STR("text"), str_z(text));
  rig_apply(r, ev);
}

void rig_timer(struct rig *r, const char *step) {
  rig_apply(r, rig_event(r, "timer", step));
}

bool rig_ready(struct rig *r, const char *step) {
  struct step_view v = rig_view(r, step);
  return !v.at->step->kind->ready || v.at->step->kind->ready(&v) == STEP_READY;
}

/* As the run does it. */
static enum verdict final_verdict(const struct judgement *j) {
  if (j->verdict == VERDICT_ERROR || j->verdict == VERDICT_NOT_APPLICABLE) return j->verdict;
  if (findings_count(&j->findings, SEV_ERROR)) return VERDICT_FAIL;
  return findings_count(&j->findings, SEV_UNDECIDED) ? VERDICT_INCONCLUSIVE : j->verdict;
}

static void judge_into(struct rig *r, const struct step_view *v, struct judgement *j) {
  *j = (struct judgement){.verdict = VERDICT_PASS};
  findings_init(&j->findings, r->a);
  facts_init(&j->captured, r->a);
  v->at->step->kind->judge(v, j);
}

struct state_step *rig_judge(struct rig *r, const char *step) {
  struct step_view v = rig_view(r, step);
  struct judgement j, again;
  judge_into(r, &v, &j);
  /* Judging is pure: a second time, without a clock, says the same. */
  r->services.clock = NULL;
  judge_into(r, &v, &again);
  r->services.clock = &r->clock;
  cr_assert_eq(j.verdict, again.verdict);
  cr_assert_eq(j.findings.list.n, again.findings.list.n);
  for (size_t i = 0; i < j.findings.list.n; i++)
    cr_assert(str_eq(j.findings.list.v[i].en, again.findings.list.v[i].en));
  for (size_t i = 0; i < j.captured.list.n; i++) {
    struct event *cap = rig_event(r, "captured", step);
    facts_put(&cap->data, STR("name"), j.captured.list.v[i].name);
    facts_put(&cap->data, STR("value"), j.captured.list.v[i].value);
    rig_apply(r, cap);
  }
  struct event *ev = rig_event(r, "verdict", step);
  facts_put(&ev->data, STR("verdict"), str_z(verdict_name(final_verdict(&j))));
  facts_put(&ev->data, STR("actual.en"), j.actual.en);
  facts_put(&ev->data, STR("actual.da"), j.actual.da);
  findings_join(&ev->findings, &j.findings);
  rig_apply(r, ev);
  arena_reset(r->scratch);
  return state_step_find(r->s, str_z(step));
}

struct state_step *rig_do(struct rig *r, const char *step) {
  cr_assert_eq(rig_open(r, step), 0, "%s: %s", step, r->error.text);
  cr_assert(rig_ready(r, step), "step %s is not ready", step);
  return rig_judge(r, step);
}

struct str rig_bytes(struct rig *r, const struct state_message *m) {
  struct str *bytes = map_get(&r->blobs, m->digest);
  return bytes ? *bytes : (struct str){0};
}

struct str rig_send(struct rig *r, const char *step) {
  cr_assert_eq(rig_open(r, step), 0, "%s: %s", step, r->error.text);
  const struct state_message *m = rig_view(r, step).at->message;
  cr_assert_not_null(m, "step %s sent nothing", step);
  cr_assert(!rig_ready(r, step));
  rig_sent(r, step, "202", NULL);
  cr_assert(rig_ready(r, step));
  cr_assert_eq(rig_judge(r, step)->verdict, VERDICT_PASS);
  return rig_bytes(r, m);
}

struct str rig_swap(struct rig *r, struct str bytes, const char *what, const char *by) {
  size_t at = str_find(bytes, str_z(what), 0);
  cr_assert_neq(at, SIZE_MAX, "%s is not there", what);
  struct str tail = str_sub(bytes, at + str_z(what).n, bytes.n);
  struct buf b;
  buf_init(&b, 0x1000000);
  buf_add(&b, str_sub(bytes, 0, at));
  buf_addz(&b, by);
  buf_add(&b, tail);
  return buf_take(&b, r->a);
}

struct str rig_swap_payload(struct rig *r, struct str wire, const char *what, const char *by) {
  struct message m;
  message_read(&m, r->a, (struct source){STR("x"), wire});
  struct envelope env = *m.envelope;
  struct buf b;
  env.payload = rig_swap(r, m.payload.bytes, what, by);
  env.meta.size = (int64_t)env.payload.n;
  buf_init(&b, 0x1000000);
  vans_kind.write(&b, &env);
  return buf_take(&b, r->a);
}

const struct finding *rig_find(const struct state_step *st, const char *rule) {
  for (size_t i = 0; i < st->findings.list.n; i++)
    if (str_eqz(st->findings.list.v[i].rule, rule)) return &st->findings.list.v[i];
  return NULL;
}

bool rig_has(const struct state_step *st, const char *rule) {
  return rig_find(st, rule) != NULL;
}
