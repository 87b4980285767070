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

Test(person, default_texts) {
  struct rig *r = rig_new(MANUAL "- step: \"1.2\"\n  action: {en: Own, da: Egen}\n  wait: {for: 1 s}\n");
  const struct step *one = protocol_step(r->p, STR("1.1")), *two = protocol_step(r->p, STR("1.2"));
  cr_assert(str_eqz(one->action.en, "Look") && str_eqz(one->action.da, "Se"));
  cr_assert(one->expected.en.n && one->expected.da.n);
  cr_assert(str_eqz(two->action.en, "Own") && two->expected.da.n);
  rig_free(r);
}
