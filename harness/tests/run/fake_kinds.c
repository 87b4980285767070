#include "tests/run/fake_kinds.h"

#include "state/step_api.h"
#include "steps/steps.h"

static const struct rule fake_rule = {"fake.wrong", SEV_ERROR, "none", "wrong: {1}", "forkert: {1}"};

static struct str arg(const struct step_view *v, const char *name) {
  return keys_text(v->at->step->args_node, name);
}

static void complain(struct judgement *j, const char *what) {
  FINDING(&j->findings, &fake_rule, ((struct place){0}), str_z(what));
}

/* ---- say ---- */

static const struct key say_keys[] = {{"text", KEY_TEXT, true, NULL}, {"as", KEY_TEXT, false, NULL}, {0}};

static int say(const struct step_view *v, struct step_host *h, struct error *e) {
  struct step_send m = {
      .name = arg(v, "as"), .wire = arg(v, "text"), .content_type = STR("text/plain"), .file = STR("said.txt")};
  facts_init(&m.facts, v->scratch);
  facts_put(&m.facts, STR("event"), STR("said"));
  h->wait(h->context, v, "harness", -1);
  return h->send(h->context, v, &m, e);
}

static enum step_ready said(const struct step_view *v) {
  return v->at->message->status.n || v->at->message->failure.n ? STEP_READY : STEP_WAIT;
}

static void judge_said(const struct step_view *v, struct judgement *j) {
  j->actual.en = j->actual.da = arena_str(v->scratch, v->at->message->status);
  if (v->at->message->failure.n) j->verdict = VERDICT_ERROR;
}

/* ---- hear ---- */

static const struct key hear_keys[] = {{"text", KEY_TEXT, true, NULL},
                                       {"as", KEY_TEXT, false, NULL},
                                       {"within", KEY_DURATION, false, NULL},
                                       {"early", KEY_BOOL, false, NULL},
                                       {0}};

static int hear(const struct step_view *v, struct step_host *h, struct error *e) {
  int64_t ms = -1;
  struct str within = arg(v, "within");
  if (within.n && !duration_parse(within, &ms)) return error_set(e, ERR_CONFIG, "no duration");
  h->wait(h->context, v, "vendor", ms);
  return 0;
}

static enum step_wants wants(const struct step_view *v, const struct state_message *m, struct str *en, struct str *da) {
  struct error e;
  struct str bytes, wanted = arg(v, "text"), rest = wanted;
  if (v->services->blob(v->services->context, m->digest, v->scratch, &bytes, &e) < 0) return WANTS_NOT;
  *en = STR("another text");
  *da = STR("en anden tekst");
  bool in_time = keys_bool(v->at->step->args_node, "early") || m->seq > v->in->opened_seq;
  if (str_eq(bytes, wanted) && in_time) return WANTS_IT;
  return str_starts(bytes, str_cut(&rest, ' ')) ? WANTS_NEARLY : WANTS_NOT;
}

static enum step_ready heard(const struct step_view *v) {
  return v->at->message || v->at->timer ? STEP_READY : STEP_WAIT;
}

static void judge_heard(const struct step_view *v, struct judgement *j) {
  if (!v->at->message) complain(j, "late");
}

/* ---- person ---- */

static const struct key person_keys[] = {{"who", KEY_TEXT, false, NULL}, {"trigger", KEY_MAP, false, NULL}, {0}};

static int person(const struct step_view *v, struct step_host *h, struct error *e) {
  int asked = 0;
  if (node_child(v->at->step->args_node, "trigger")) asked = h->trigger(h->context, v, STR("{\"do\":\"it\"}"), e);
  h->wait(h->context, v, str_eqz(arg(v, "who"), "medcom") ? "medcom" : "vendor", -1);
  return asked < 0 ? -1 : 0;
}

static enum step_ready answered(const struct step_view *v) {
  return v->at->answer ? STEP_READY : STEP_WAIT;
}

static void judge_answer(const struct step_view *v, struct judgement *j) {
  struct str answer = event_get(v->at->answer, "answer");
  facts_put(&j->captured, STR("said"), event_get(v->at->answer, "text"));
  if (str_eqz(answer, "fail")) complain(j, "a person says so");
  if (str_eqz(answer, "error")) j->verdict = VERDICT_ERROR;
}

/* ---- pause, boom, heap ---- */

static const struct key pause_keys[] = {{"for", KEY_DURATION, true, NULL}, {0}};
static const struct key boom_keys[] = {{0}};
static const struct key heap_keys[] = {{"mb", KEY_INT, true, NULL}, {0}};

static int pause_effect(const struct step_view *v, struct step_host *h, struct error *e) {
  int64_t ms;
  if (!duration_parse(arg(v, "for"), &ms)) return error_set(e, ERR_CONFIG, "no duration");
  h->wait(h->context, v, "harness", ms);
  return 0;
}

static enum step_ready timed(const struct step_view *v) {
  return v->at->timer ? STEP_READY : STEP_WAIT;
}

static void judge_nothing(const struct step_view *v, struct judgement *j) {
  (void)v, (void)j;
}

static int boom(const struct step_view *v, struct step_host *h, struct error *e) {
  h->wait(h->context, v, "vendor", 5);
  return error_set(e, ERR_IO, "it went boom");
}

static void judge_heap(const struct step_view *v, struct judgement *j) {
  int64_t mb = keys_int(v->at->step->args_node, "mb", 0);
  const char *p = arena_alloc(v->scratch, (size_t)mb << 20);
  if (p[0]) complain(j, "memory that is not zero");
}

static const struct step_kind kinds[] = {
    {.word = "say", .part = STEP_ACTS, .keys = say_keys, .effect = say, .ready = said, .judge = judge_said},
    {.word = "hear",
     .part = STEP_WAITS,
     .keys = hear_keys,
     .effect = hear,
     .wants = wants,
     .ready = heard,
     .judge = judge_heard},
    {.word = "person",
     .part = STEP_ASKS,
     .keys = person_keys,
     .effect = person,
     .ready = answered,
     .judge = judge_answer},
    {.word = "pause",
     .part = STEP_PREPARES,
     .keys = pause_keys,
     .effect = pause_effect,
     .ready = timed,
     .judge = judge_nothing},
    {.word = "boom", .keys = boom_keys, .effect = boom, .judge = judge_nothing},
    {.word = "heap", .keys = heap_keys, .judge = judge_heap},
};

void fake_kinds_fill(const struct step_kind *out[FAKE_KINDS_N]) {
  size_t n = 0;
  for (; n < sizeof kinds / sizeof *kinds; n++) out[n] = &kinds[n];
  static const char *const real[] = {"expect", "fault", "http"};
  for (size_t i = 0; step_kinds[i]; i++)
    for (size_t k = 0; k < sizeof real / sizeof *real; k++)
      if (str_eqz(str_z(step_kinds[i]->word), real[k])) out[n++] = step_kinds[i];
  out[n] = NULL;
}
