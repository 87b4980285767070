#include "rig.h"

#include <criterion/criterion.h>

#define MANUAL "- step: \"1.1\"\n  manual: {ask: {en: Look, da: Se}}\n"

static enum verdict answered(const char *steps, const char *answer, const char *text, const char *rule) {
  struct rig *r = rig_new(steps);
  cr_assert_not_null(r->p);
  cr_assert_eq(rig_open(r, "1.1"), 0);
  cr_assert(!rig_ready(r, "1.1"));
  rig_answer(r, "1.1", answer, text);
  cr_assert(rig_ready(r, "1.1"));
  struct state_step *st = rig_judge(r, "1.1");
  enum verdict v = st->verdict;
  if (rule) cr_assert(rig_has(st, rule), "%s %s", answer, rule);
  if (!rule) cr_assert_eq(st->findings.list.n, 0);
  cr_assert(st->actual.en.n || v == VERDICT_INCONCLUSIVE);
  rig_free(r);
  return v;
}

Test(person, manual) {
  cr_assert_eq(answered(MANUAL, "ok", "seen", NULL), VERDICT_PASS);
  cr_assert_eq(answered(MANUAL, "ok", NULL, NULL), VERDICT_PASS);
  cr_assert_eq(answered(MANUAL, "fail", "not shown", "step.person"), VERDICT_FAIL);
  cr_assert_eq(answered(MANUAL, "not-relevant", NULL, "step.not-relevant"), VERDICT_INCONCLUSIVE);
  cr_assert_eq(answered(MANUAL "  optional: true\n", "not-relevant", "no such list", NULL), VERDICT_NOT_APPLICABLE);
  cr_assert_eq(answered(MANUAL "  evidence: [screenshot, file]\n", "ok", NULL, "step.evidence"), VERDICT_INCONCLUSIVE);
  cr_assert_eq(answered(MANUAL "  evidence: [screenshot]\n", "fail", "bad", "step.person"), VERDICT_FAIL);
}

Test(person, explain) {
  const char *explain = "- step: \"1.1\"\n  explain: {ask: {en: How, da: Hvordan}, who: medcom}\n";
  cr_assert_eq(answered(explain, "ok", "By hand.", NULL), VERDICT_PASS);
  cr_assert_eq(answered(explain, "ok", "  ", "step.no-text"), VERDICT_INCONCLUSIVE);
  cr_assert_eq(answered(explain, "done", NULL, "step.no-text"), VERDICT_INCONCLUSIVE);
  cr_assert_eq(answered(explain, "fail", "no", "step.person"), VERDICT_FAIL);
}

Test(person, instruct) {
  const char *instruct = "- step: \"1.1\"\n  instruct: {do: {en: Send, da: Send}}\n";
  cr_assert_eq(answered(instruct, "done", NULL, NULL), VERDICT_PASS);
  cr_assert_eq(answered(instruct, "error", "HTTP 500", "step.trigger"), VERDICT_ERROR);
  cr_assert_eq(answered(instruct, "fail", "crashed", "step.person"), VERDICT_FAIL);
}

Test(person, owner_and_evidence) {
  struct rig *r = rig_new(MANUAL "  evidence: [screenshot]\n- manual: {ask: {en: Look, da: Se}, who: medcom}\n");
  cr_assert_eq(rig_open(r, "1.1"), 0);
  cr_assert_str_eq(r->owner, "vendor");
  cr_assert_eq(r->deadline, -1);
  struct event *ev = rig_event(r, "answer", "1.1");
  facts_put(&ev->data, STR("answer"), STR("ok"));
  facts_put(&ev->data, STR("evidence.1"), STR("digest"));
  rig_apply(r, ev);
  cr_assert_eq(rig_judge(r, "1.1")->verdict, VERDICT_PASS);
  cr_assert_eq(rig_open(r, "1.1+1"), 0);
  cr_assert_str_eq(r->owner, "medcom");
  rig_free(r);
}

#define TRIGGER                                                                                                        \
  "- step: \"1.1\"\n  instruct: {do: {en: Send, da: Send}, trigger: {action: reply, to: \"${counterpart.gln}\", "      \
  "list: [\"a\\\"b\", \"2\"], none: }}\n"

Test(person, trigger) {
  struct rig *r = rig_new(TRIGGER);
  cr_assert_eq(rig_open(r, "1.1"), 0);
  cr_assert_eq(r->trigger.n, 0, "a person is asked when the file declares no hook");
  rig_free(r);
  r = rig_new(TRIGGER);
  r->vendor->trigger = TRIGGER_HTTP;
  r->trigger_answer = 1;
  cr_assert_eq(rig_open(r, "1.1"), 0);
  struct str said = STR("\",\"action\":\"reply\",\"to\":\"5790009998020\",\"list\":[\"a\\\"b\",\"2\"],\"none\":null}");
  cr_assert(str_starts(r->trigger, STR("{\"id\":\"")) && str_ends(r->trigger, said), "%.*s", STR_F(r->trigger));
  cr_assert_str_eq(r->owner, "vendor");
  cr_assert(!rig_ready(r, "1.1"));
  rig_answer(r, "1.1", "done", NULL);
  cr_assert_eq(rig_judge(r, "1.1")->verdict, VERDICT_PASS);
  rig_free(r);
  r = rig_new(TRIGGER);
  r->vendor->trigger = TRIGGER_HTTP;
  r->trigger_answer = -1;
  cr_assert_eq(rig_open(r, "1.1"), -1);
  rig_free(r);
}

/* The hook's request needs a message that never came: nobody is asked, and nothing is claimed. */
Test(person, trigger_unresolved) {
  struct rig *r = rig_new("- step: \"1.1\"\n  expect: {event: care-communication-message, as: letter}\n"
                          "- step: \"1.2\"\n  instruct: {do: {en: Reply, da: Svar}, trigger: {action: reply, message: "
                          "\"${letter.header.id}\"}}\n");
  r->vendor->trigger = TRIGGER_COMMAND;
  r->trigger_answer = 1;
  cr_assert_eq(rig_open(r, "1.2"), 0);
  cr_assert_eq(r->trigger.n, 0);
  cr_assert(rig_ready(r, "1.2"));
  struct state_step *st = rig_judge(r, "1.2");
  cr_assert_eq(st->verdict, VERDICT_INCONCLUSIVE);
  cr_assert(rig_has(st, "step.unresolved"));
  rig_free(r);
}

#define SCRIPTS                                                                                                        \
  "- step: \"1.1\"\n  manual:\n    ask: {en: Run, da: Afvikl}\n"                                                       \
  "    scripts: {package: x.scripts@1.0, only: \"send-*\", count: 1, wrong: [send-odd]}\n"

/* What came of these scripts: "send-a pass", "send-b fail", "send-c inconclusive faulty", "send-d" (never run). */
static struct rig *found(const char *const *scripts) {
  struct rig *r = rig_new(SCRIPTS);
  struct event *ev = rig_event(r, "scripts-found", "1.1");
  facts_put(&ev->data, STR("package"), STR("x.scripts@1.0"));
  for (size_t n = 1; *scripts; n++, scripts++) {
    struct str rest = str_z(*scripts), id = str_cut(&rest, ' '), verdict = str_cut(&rest, ' ');
    facts_put(&ev->data, arena_printf(r->a, "script.%zu", n), id);
    facts_put(&ev->data, arena_printf(r->a, "script.%zu.verdict", n), verdict);
    if (verdict.n) facts_put(&ev->data, arena_printf(r->a, "script.%zu.run", n), STR("run-7"));
    if (rest.n) facts_put(&ev->data, arena_printf(r->a, "script.%zu.faulty", n), STR("true"));
  }
  r->scripts = ev;
  return r;
}

static void settled(const char *const *scripts, enum verdict v, const char *rule, const char *text) {
  struct rig *r = found(scripts);
  struct state_step *st = rig_do(r, "1.1");
  cr_assert(!r->owner, "nobody is asked");
  cr_assert(str_eqz(r->package, "x.scripts@1.0") && str_eqz(r->only, "send-*"));
  cr_assert_eq(st->verdict, v, "%s", *scripts);
  cr_assert_eq(st->findings.list.n, rule ? (size_t)1 : (size_t)0);
  if (rule) cr_assert(rig_find(st, rule) && str_find(rig_find(st, rule)->en, str_z(text), 0) != SIZE_MAX, "%s", rule);
  cr_assert(str_find(st->actual.en, STR("x.scripts@1.0"), 0) != SIZE_MAX && st->actual.da.n);
  rig_free(r);
}

Test(person, scripts_settle_it) {
  settled((const char *[]){"send-a pass", "send-b pass", NULL}, VERDICT_PASS, NULL, NULL);
  settled((const char *[]){"send-a pass", "send-b fail", NULL}, VERDICT_FAIL, "scripts.failed", "send-b (fail, run-7)");
  settled((const char *[]){"send-a inconclusive", NULL}, VERDICT_INCONCLUSIVE, "scripts.open", "send-a (inconclusive");
  settled((const char *[]){"send-a error", NULL}, VERDICT_INCONCLUSIVE, "scripts.open", "send-a (error, run-7)");
  settled((const char *[]){"send-a pass", "send-b", NULL}, VERDICT_INCONCLUSIVE, "scripts.unplayed", "send-b");
}

/* Scripts that were taken out of the package are missed. */
Test(person, scripts_count) {
  struct rig *r = found((const char *[]){"send-a pass", NULL});
  node_child(node_child(r->s->cases[0].steps[0].step->args_node, "scripts"), "count")->text = STR("2");
  struct state_step *st = rig_do(r, "1.1");
  cr_assert_eq(st->verdict, VERDICT_INCONCLUSIVE);
  cr_assert(rig_has(st, "scripts.count"));
  rig_free(r);
}

/* A script that is wrong in itself is held against nobody, and passes nobody. */
Test(person, scripts_faulty) {
  settled((const char *[]){"send-a inconclusive faulty", NULL}, VERDICT_INCONCLUSIVE, "scripts.faulty", "send-a");
  settled((const char *[]){"send-odd fail", NULL}, VERDICT_INCONCLUSIVE, "scripts.faulty", "send-odd (fail, run-7)");
  settled((const char *[]){"send-odd pass", NULL}, VERDICT_PASS, NULL, NULL);
}

Test(person, scripts_never_run) {
  struct rig *r = rig_new(SCRIPTS);
  cr_assert_eq(rig_open(r, "1.1"), 0);
  cr_assert_str_eq(r->owner, "vendor");
  cr_assert(!rig_ready(r, "1.1"));
  rig_answer(r, "1.1", "ok", "seen");
  cr_assert_eq(rig_judge(r, "1.1")->verdict, VERDICT_PASS);
  rig_free(r);
}

Test(person, default_texts) {
  struct rig *r = rig_new(MANUAL "- step: \"1.2\"\n  action: {en: Own, da: Egen}\n  wait: {for: 1 s}\n");
  const struct step *one = protocol_step(r->p, STR("1.1")), *two = protocol_step(r->p, STR("1.2"));
  cr_assert(str_eqz(one->action.en, "Look") && str_eqz(one->action.da, "Se"));
  cr_assert(one->expected.en.n && one->expected.da.n);
  cr_assert(str_eqz(two->action.en, "Own") && two->expected.da.n);
  rig_free(r);
}
