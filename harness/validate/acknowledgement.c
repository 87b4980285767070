#include "validate/validate_int.h"

/* The received message's latest Provenance and the acknowledgement's own. */
#define PROVENANCES 2

static void check_code(const struct judge *j, const struct node *response) {
  static const char *const codes[] = {"ok", "transient-error", "fatal-error", NULL};
  const struct node *code = node_child(response, "code");
  if (!code || code->text.n == 0) {
    JUDGE(j, ACK_CODE_MISSING, response);
    return;
  }
  if (!judge_is_one_of(code->text, codes)) JUDGE(j, ACK_CODE, code, code->text);
  if (!str_eqz(code->text, "ok") && bundle_count(&j->b, "OperationOutcome") == 0)
    JUDGE(j, ACK_OUTCOME, code, code->text);
  const struct node *outcome = bundle_first(&j->b, "OperationOutcome");
  if (outcome && !node_child(outcome, "issue")) JUDGE(j, ACK_OUTCOME_ISSUE, outcome);
}

static void check_response(const struct judge *j) {
  const struct node *response = node_child(j->b.header, "response");
  if (!response) {
    JUDGE(j, ACK_RESPONSE, j->b.header);
    return;
  }
  if (node_text_at(response, "identifier").n == 0) JUDGE(j, ACK_IDENTIFIER, response);
  check_code(j, response);
}

static void check_entity(const struct judge *j, const struct node *own) {
  const struct node *reference = node_at(bundle_previous(own), "what.reference");
  struct str to = bundle_last_part(node_text_at(j->b.header, "response.identifier"));
  if (!reference || to.n == 0) return;
  struct str before = bundle_last_part(reference->text);
  if (!str_eq(before, to)) JUDGE(j, ACK_ENTITY, reference, before, to);
}

static void check_provenances(const struct judge *j) {
  size_t n = bundle_count(&j->b, "Provenance");
  const struct node *own = j->b.own, *code = node_at(own, "activity.coding.code");
  if (n != PROVENANCES) JUDGE(j, ACK_PROVENANCES, j->b.root, arena_printf(j->f->arena, "%zu", n));
  if (!own) return;
  if (code && !str_eqz(code->text, "acknowledgement")) JUDGE(j, ACK_ACTIVITY, code, code->text);
  check_entity(j, own);
}

void judge_acknowledgement(const struct judge *j) {
  if (!judge_event_is(j, EVENT_ACKNOWLEDGEMENT)) return;
  check_response(j);
  check_provenances(j);
}
