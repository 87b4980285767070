/* What persons do: answer, bring files, give a message to a step. */
#include "base/file.h"
#include "run/run_int.h"

#include <string.h>

static int fail_with(struct run *r, struct error *e) {
  *e = r->error;
  return -1;
}

static int put_evidence(struct run *r, struct event *ev, const struct answer *an, struct error *e) {
  for (size_t i = 0; i < an->evidence.n; i++) {
    char digest[SHA256_HEX + 1];
    struct str bytes;
    const char *path = arena_z(r->scratch, an->evidence.v[i]);
    if (file_read(&bytes, r->scratch, path, RUN_EVIDENCE_MAX, e) < 0) return -1;
    if (store_blob_put(r->o.store, bytes, digest, e) < 0) return -1;
    facts_put(&ev->data, arena_printf(r->scratch, "evidence.%zu", i + 1), str_z(digest));
    facts_put(&ev->data, arena_printf(r->scratch, "evidence.%zu.name", i + 1), str_z(file_base(path)));
  }
  return 0;
}

/* Who was asked has time for the next question: cases that nobody could be asked about are tried again. */
void run_unpark(struct run *r) {
  for (size_t c = 0; c < r->state->cases_n; c++)
    if (!r->prompted[c]) r->parked[c] = false;
}

/* Noted once a run, whoever said so. */
static int check_evidence(struct run *r, const struct answer *an, struct error *e) {
  bool vendor = r->o.plan->vendor->test_persons_only;
  if (!an->evidence.n || r->state->test_persons_only) return 0;
  if (vendor || an->declared) return run_declare(r, vendor ? "vendor-file" : an->line ? "answers" : "terminal", e);
  return error_set(e, ERR_CONFIG, "evidence is handed in only with the declaration that it shows test persons only");
}

int run_answer(struct run *r, const struct state_step *st, const struct answer *an, struct error *e) {
  if (check_evidence(r, an, e) < 0) return -1;
  struct event *ev = run_event(r, "answer", st);
  facts_put(&ev->data, STR("answer"), an->answer);
  facts_put(&ev->data, STR("text"), an->text);
  facts_put(&ev->data, STR("by"), an->by);
  if (put_evidence(r, ev, an, e) < 0) return -1;
  if (run_emit(r, ev) < 0) return fail_with(r, e);
  run_unpark(r);
  return 0;
}

void run_park(struct run *r, const struct state_step *st) {
  r->parked[st->in - r->state->cases] = true;
}

bool run_open_case(struct run *r, struct str id) {
  struct state_case *sc = state_case_find(r->state, id);
  if (!sc || !sc->plan->applies || (sc->opened && sc->cursor == sc->n)) return false;
  size_t c = (size_t)(sc - r->state->cases);
  r->parked[c] = r->prompted[c] = false;
  r->wanted[c] = !sc->opened;
  return true;
}

/* The system whose own number it says it is from; else it is the one under test that somebody brings files of. */
static struct str sender_of(const struct run *r, const struct facts *facts) {
  struct str gln = facts_get(facts, "envelope.sender");
  if (!gln.n) gln = facts_get(facts, "sender.gln");
  for (size_t i = 0; i < r->o.plan->parties.n && gln.n; i++) {
    const struct plan_party *p = &r->o.plan->parties.v[i];
    if (str_eq(facts_get(&p->vendor->variables, "vendor.gln"), gln)) return p->name;
  }
  return (struct str){0};
}

int run_put(struct run *r, const char *path, struct str *id, struct error *e) {
  char digest[SHA256_HEX + 1];
  struct arena *a = arena_new(0);
  struct str bytes;
  struct facts facts;
  int result = -1;
  facts_init(&facts, a);
  if (file_read(&bytes, a, path, RUN_PUT_MAX, e) < 0) goto out;
  if (store_blob_put(r->o.store, bytes, digest, e) < 0) goto out;
  endpoint_describe(&facts, str_z(file_base(path)), bytes, r->shelf);
  struct event *ev = run_event(r, "received", NULL);
  *id = run_next_message(r);
  facts_put(&ev->data, STR("message"), *id);
  facts_put(&ev->data, STR("party"), sender_of(r, &facts));
  facts_put(&ev->data, STR("via"), STR("upload"));
  facts_put(&ev->data, STR("file"), str_z(file_base(path)));
  event_put_facts(ev, &facts);
  run_quarantine(r, ev, bytes);
  ev->blob = arena_str(r->scratch, str_z(digest));
  result = run_emit(r, ev) < 0 ? fail_with(r, e) : 0;
  if (result == 0) run_receipt(r, state_message_find(r->state, *id), NULL);
  if (result == 0) run_relay(r, state_message_find(r->state, *id));
out:
  arena_free(a);
  return result;
}

int run_attach(struct run *r, struct str message, struct str step, const char *why, struct error *e) {
  struct state_step *st = state_step_find(r->state, step);
  struct state_message *m = state_message_find(r->state, message);
  if (!m || m->outbound || m->owner)
    return error_set(e, ERR_CONFIG, "there is no unmatched message %.*s; see testcamp list unmatched", STR_F(message));
  if (m->quarantined)
    return error_set(e, ERR_CONFIG, "message %.*s is in quarantine; let it out first: testcamp release",
                     STR_F(message));
  if (!st || !st->opened || st->verdict != VERDICT_NONE || !st->step->kind->wants)
    return error_set(e, ERR_CONFIG, "step %.*s does not wait for a message now; see testcamp list waits", STR_F(step));
  struct event *ev = run_event(r, "attached", st);
  facts_put(&ev->data, STR("message"), m->id);
  facts_put(&ev->data, STR("as"), node_text_at(st->step->args_node, "as"));
  facts_put(&ev->data, STR("why"), str_z(why));
  return run_emit(r, ev) < 0 ? fail_with(r, e) : 0;
}
