/* The receiving MSH: an ehmiSBDH is checked, answered with one receipt by what is wrong with it, and handed over once.
 *
 * What was seen before is decided by EnvelopeIdentifier and MESSAGEIDENTIFIER (reliable messaging of dk-ehmi-sbdh). */
#include "envelope/dedup.h"
#include "refvendor/ehmi_msh.h"

static const struct {
  const char *rules; /* what their ids begin with */
  const char *exception;
} exceptions[] = {{"sbdh.document-id", "Sequence"},
                  {"sbdh.process-id", "Sequence"},
                  {"sbdh.standard", "Sequence"},
                  {"sbdh.version", "Sequence"},
                  {"sbdh.", "Syntax"}};

static struct str exception_of(struct str rule) {
  for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
    if (str_starts(rule, str_z(exceptions[i].rules))) return str_z(exceptions[i].exception);
  return STR("Syntax");
}

/* Reliability is the sender's choice, and no fault. */
static bool is_no_request(const struct finding *x) {
  return str_eqz(x->rule, "sbdh.scope.missing") && str_find(x->en, STR(SBDH_RELIABLE), 0) != SIZE_MAX;
}

/* The first error decides, but one of the schema before one of the profile: they come in that order. */
static struct rv_refusal first_error(const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++)
    if (f->list.v[i].severity >= SEV_ERROR && !is_no_request(&f->list.v[i]))
      return (struct rv_refusal){exception_of(f->list.v[i].rule), f->list.v[i].en};
  return (struct rv_refusal){0};
}

static struct rv_refusal no_fhir(void) {
  return (struct rv_refusal){STR("Syntax"),
                             STR("The content is no FHIR message / Indholdet er ikke en FHIR-meddelelse")};
}

static struct rv_refusal judge_content(struct refvendor *v, struct arena *a, const struct envelope *env,
                                       struct findings *f) {
  struct findings syntax;
  struct node *root;
  enum resource_form form;
  struct envelope_payload says;
  findings_init(&syntax, a);
  if (!env->payload_ok || resource_read(&root, &form, a, (struct source){STR("payload"), env->payload}, &syntax) < 0)
    return no_fhir();
  if (!node_text_at(rv_resource(root, "MessageHeader"), "id").n) return no_fhir();
  if (rv_has(v, DEFECT_SBDH_TAKES_STRANGERS) || rv_has(v, DEFECT_SBDH_TAKES_TAMPERED)) return (struct rv_refusal){0};
  rv_payload_says(&says, root, form);
  size_t from = f->list.n;
  sbdh_kind.check_payload(env, STR("envelope"), &says, f);
  ehmi_profile_apply(v->profile, f, from);
  return first_error(f);
}

/* A message for somebody else, or for another unit. */
static struct rv_refusal judge_receiver(const struct refvendor *v, const struct envelope *env) {
  const struct refvendor_party *own = rv_own(v, env->receiver);
  struct str sor = sbdh_scope_value(env->sbdh, SBDH_RECEIVER_ID);
  if (rv_has(v, DEFECT_SBDH_TAKES_STRANGERS)) return (struct rv_refusal){0};
  if (own && (!sor.n || str_eq(sor, own->sor))) return (struct rv_refusal){0};
  return (struct rv_refusal){STR("Authorization"), STR("The receiver is not here / Modtageren findes ikke her")};
}

static bool is_forgiven(const struct refvendor *v, struct str exception) {
  if (str_eqz(exception, "Sequence")) return rv_has(v, DEFECT_SBDH_TAKES_ANY_TYPE);
  return str_eqz(exception, "Syntax") && rv_has(v, DEFECT_SBDH_TAKES_INVALID);
}

static struct rv_refusal judge(struct refvendor *v, struct arena *a, struct envelope *env, struct findings *f) {
  struct rv_refusal fault = first_error(f);
  if (!fault.exception.n) {
    sbdh_kind.check(env, STR("envelope"), v->profile, f);
    ehmi_profile_apply(v->profile, f, 0);
    fault = judge_receiver(v, env);
  }
  if (!fault.exception.n) fault = first_error(f);
  if (!fault.exception.n) fault = judge_content(v, a, env, f);
  if (is_forgiven(v, fault.exception)) return (struct rv_refusal){0};
  if (fault.exception.n && rv_has(v, DEFECT_SBDH_WRONG_EXCEPTION)) fault.exception = STR("Signature");
  return fault;
}

/* ---- receipts ---- */

static void send_receipt(struct refvendor *v, const struct envelope *env, const struct rv_said *said) {
  struct arena *a = v->arena;
  struct envelope *receipt = ARENA_NEW(a, struct envelope);
  struct sbdh_answer answer = {rv_stamp(v, a), said->message_id, said->refusal.exception, said->refusal.reason};
  struct rv_posting p = {.happening = RV_RECEIPT_SENT,
                         .delay_ms = rv_has(v, DEFECT_SBDH_RECEIPT_LATE) ? v->o->late_ms : 0};
  sbdh_receipt(receipt, a, env, &answer, v->profile);
  rv_delivery_of_receipt(&p.delivery, v, receipt);
  p.wire = rv_sbdh_write(a, receipt);
  p.id = receipt->id;
  if (v->ehmi.repeats && rv_has(v, DEFECT_EDS_NO_DUPLICATES)) p.happening = RV_NOTHING;
  rv_post(v, &p);
}

/* Without a request nothing is answered. */
static bool wants_receipt(const struct refvendor *v, const struct envelope *env) {
  if (env->content == ENVELOPE_RECEIPT) return true; /* a defect */
  return str_eqz(env->sbdh->reliable.kind, "Request") && !rv_has(v, DEFECT_SBDH_NO_RECEIPT);
}

static void answer(struct refvendor *v, const struct envelope *env, const struct rv_said *said) {
  struct rv_said other = *said;
  if (!wants_receipt(v, env)) return;
  send_receipt(v, env, said);
  if (rv_has(v, DEFECT_SBDH_RECEIPT_TWICE)) send_receipt(v, env, said);
  if (!rv_has(v, DEFECT_SBDH_CONTRADICTS)) return;
  other.refusal = said->refusal.exception.n ? (struct rv_refusal){0}
                                            : (struct rv_refusal){STR("Sequence"), STR("Not so / Dog ikke")};
  send_receipt(v, env, &other);
}

/* ---- what was seen ---- */

static struct rv_said *say(struct refvendor *v, const struct envelope *env, struct rv_refusal fault) {
  struct rv_said *said = ARENA_NEW(v->arena, struct rv_said);
  *said = (struct rv_said){.original = *env,
                           .message_id = rv_id(v, v->arena),
                           .refusal = {fault.exception, arena_str(v->arena, fault.reason)},
                           .handed = fault.exception.n > 0};
  map_set(&v->ehmi.said, env->meta.id, said);
  rv_keep_said(v, said);
  return said;
}

/* What was said stays said: with the identifiers of the first envelope, or of this one where that is new. */
static bool answer_again(struct refvendor *v, const struct envelope *env) {
  struct rv_said *said = map_get(&v->ehmi.said, env->meta.id);
  if (!said) return false;
  rv_log(v, "envelope %.*s: message %.*s was here before", STR_F(env->id), STR_F(env->meta.id));
  if (rv_has(v, DEFECT_SBDH_FORGETS_DUPLICATES)) return true;
  struct rv_said now = *said;
  if (rv_has(v, DEFECT_SBDH_REFUSES_DUPLICATES))
    now.refusal = (struct rv_refusal){STR("Sequence"), STR("It was here before / Den har været her før")};
  answer(v, env, &now);
  return true;
}

/* A new envelope is received, whatever is in it. */
static bool is_known(struct refvendor *v, const struct envelope *env, enum dedup_action action) {
  struct rv_delivery d;
  if (action != DEDUP_DUPLICATE && action != DEDUP_RESENT) return false;
  rv_delivery_of_envelope(&d, v, env);
  if (action == DEDUP_RESENT && map_get(&v->ehmi.said, env->meta.id)) rv_report(v, RV_GOT, &d);
  v->ehmi.repeats = true;
  bool known = answer_again(v, env);
  v->ehmi.repeats = false;
  return known;
}

static void refuse(struct refvendor *v, const struct envelope *env, struct rv_refusal fault) {
  struct rv_delivery d;
  rv_screen(v, "envelope %.*s is not taken: %.*s, %.*s", STR_F(env->id), STR_F(fault.exception), STR_F(fault.reason));
  rv_delivery_of_envelope(&d, v, env);
  d.failed = true;
  rv_report(v, RV_NOT_TAKEN, &d);
  answer(v, env, say(v, env, fault));
}

void rv_sbdh_answer(struct refvendor *v, const struct envelope *env) {
  answer(v, env, say(v, env, (struct rv_refusal){0}));
}

void rv_sbdh_handed(struct refvendor *v, const struct envelope *env) {
  struct rv_said *said = map_get(&v->ehmi.said, env->meta.id);
  if (!said || said->handed) return;
  said->handed = true;
  rv_keep_said(v, said);
}

bool rv_sbdh_take(struct refvendor *v, struct arena *a, struct envelope *env, struct findings *f) {
  static const struct rv_refusal reused = {
      STR_INIT("Sequence"), STR_INIT("The envelope's identifier was used for another message / Kuvertens "
                                     "identifikator er brugt til en anden meddelelse")};
  struct rv_refusal fault = judge(v, a, env, f);
  enum dedup_action action = env->meta.id.n ? dedup_see(&v->ehmi.seen, v->arena, env->id, env->meta.id) : DEDUP_NEW;
  if (is_known(v, env, action)) return rv_has(v, DEFECT_SBDH_DELIVERS_DUPLICATES);
  if (action == DEDUP_ERROR && !rv_has(v, DEFECT_SBDH_TAKES_USED_ENVELOPE)) fault = reused;
  if (fault.exception.n) {
    refuse(v, env, fault);
    return false;
  }
  answer(v, env, say(v, env, fault));
  return env->payload_ok && !(rv_has(v, DEFECT_SBDH_DEMANDS_REQUEST) && !env->sbdh->reliable.kind.n);
}
