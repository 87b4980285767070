/* What comes in: unwrapped, told apart, judged, kept, acknowledged. Reliable messaging as in MedCom's governance. */
#include "envelope/vans.h"
#include "refvendor/converter.h"
#include "refvendor/edi.h"
#include "refvendor/ehmi.h"

/* One message on its way in. */
struct arrival {
  struct refvendor *v;
  struct arena *arena;       /* of the message: kept with it, or freed */
  struct envelope *envelope; /* NULL: a bare payload */
  struct node *root;
  enum resource_form form;
  struct str header_id;
  bool keep;
  bool refused; /* a defect */
  int status;   /* of a document; 0: it is none */
};

static const struct rv_problem technical = {
    STR_INIT("transient"), STR_INIT(RV_TERMINOLOGY "medcom-acknowledgement-error-codes"),
    STR_INIT("MSG_Mailbox_Out_Of_Operation"),
    STR_INIT("The system cannot take messages right now. / Systemet kan ikke modtage meddelelser lige nu.")};
static const struct rv_problem reused_envelope = {
    STR_INIT("duplicate"), STR_INIT("http://hl7.org/fhir/ValueSet/operation-outcome"), STR_INIT("MSG_DUPLICATE_ID"),
    STR_INIT("The envelope's identifier was used for another message. / Kuvertens identifikator er brugt til en anden "
             "meddelelse.")};
static const struct rv_problem reused_bundle = {
    STR_INIT("duplicate"), STR_INIT("http://hl7.org/fhir/ValueSet/operation-outcome"), STR_INIT("MSG_DUPLICATE_ID"),
    STR_INIT("Bundle.id was used for another message. / Bundle.id er brugt til en anden meddelelse.")};
static const struct rv_problem pretended = {
    STR_INIT("invalid"), STR_INIT("http://hl7.org/fhir/ValueSet/operation-outcome"), STR_INIT("MSG_LOCAL_FAIL"),
    STR_INIT("The message was not accepted. / Meddelelsen blev ikke accepteret.")};

static bool is_set(const struct rv_problem *p) {
  return p->issue.n > 0;
}

static struct str sender_gln(const struct arrival *in) {
  return in->envelope ? in->envelope->sender : (struct str){0};
}

static void report(const struct arrival *in, enum rv_happening what) {
  struct rv_delivery d;
  rv_delivery_read(&d, in->v, in->root, in->envelope);
  rv_report(in->v, what, &d);
}

static void send_ack(struct arrival *in, struct rv_decision *d, const struct rv_problem *problem) {
  struct refvendor *v = in->v;
  if (rv_has(v, DEFECT_NO_ACK)) return;
  if (rv_has(v, DEFECT_RECEIPT_FOR_ACK) && in->envelope) {
    rv_send_receipt(v, in->envelope, STR("FHIR is not acknowledged here / FHIR kvitteres ikke her"));
    return;
  }
  const struct node *root = rv_acknowledge(v, v->arena, in->root, d->code, problem, sender_gln(in));
  if (d->ack.message_id.n == 0) d->ack.message_id = rv_id(v, v->arena);
  d->ack.root = root;
  in->keep = true; /* the acknowledgement holds parts of the message */
  rv_send(v, &d->ack, rv_has(v, DEFECT_LATE) ? v->o->late_ms : 0);
  if (!rv_has(v, DEFECT_ACKS_TWICE)) return;
  d->ack.root = rv_acknowledge_again(v, d->ack.root);
  rv_send(v, &d->ack, 0);
}

/* Defects: the answer to a duplicate is the opposite of the first one. */
static bool answer_otherwise(struct arrival *in, const struct rv_decision *d) {
  bool ok = str_eqz(d->code, "ok");
  struct rv_decision other = {.header_id = d->header_id, .code = ok ? STR("fatal-error") : STR("ok")};
  if (!rv_has(in->v, ok ? DEFECT_NEGATIVE_AFTER_POSITIVE : DEFECT_POSITIVE_AFTER_NEGATIVE)) return false;
  send_ack(in, &other, ok ? &pretended : NULL);
  return true;
}

/* A duplicate: nothing is processed, the same acknowledgement goes out once more. */
static void answer_duplicate(struct arrival *in, struct rv_decision *d) {
  struct refvendor *v = in->v;
  d->times++;
  rv_log(v, "message %.*s came again (%zu times)", STR_F(d->header_id), d->times);
  if (!d->ack.root || rv_has(v, DEFECT_FORGETS_DUPLICATES)) return;
  if (answer_otherwise(in, d)) return;
  for (int i = 0; i < (rv_has(v, DEFECT_ACKS_TWICE) ? 2 : 1); i++) {
    d->ack.root = rv_acknowledge_again(v, d->ack.root);
    rv_send(v, &d->ack, rv_has(v, DEFECT_LATE) ? v->o->late_ms : 0);
  }
}

static bool is_early(const struct arrival *in) {
  struct str activity = {0};
  for (const struct node *e = node_child(in->root, "entry"); e; e = node_again(e)) {
    const struct node *p = node_child(e, "resource");
    if (str_ends(node_text_at(p, "target.reference"), in->header_id))
      activity = node_text_at(p, "activity.coding.code");
  }
  return str_eqz(activity, "reply-message") && !rv_letter_latest(in->v, NULL, rv_thread(in->root), false);
}

/* Reliable messaging: a known Bundle.id with a new MessageHeader.id is an error. */
static bool reuses_bundle(struct arrival *in) {
  struct refvendor *v = in->v;
  struct str id = node_text_at(in->root, "id");
  const struct str *header = map_get(&v->bundles, id);
  if (header || !id.n || rv_has(v, DEFECT_TAKES_USED_BUNDLE)) return header && !str_eq(*header, in->header_id);
  struct str *kept = ARENA_NEW(v->arena, struct str);
  *kept = arena_str(v->arena, in->header_id);
  map_set(&v->bundles, arena_str(v->arena, id), kept);
  return false;
}

static struct rv_problem judge(struct arrival *in, enum dedup_action action) {
  struct refvendor *v = in->v;
  if (v->broken) return technical;
  if (action == DEDUP_ERROR && !rv_has(v, DEFECT_TAKES_USED_ENVELOPE)) return reused_envelope;
  if (reuses_bundle(in)) return reused_bundle;
  if (rv_has(v, DEFECT_REFUSES_XML) && in->form == RESOURCE_XML) return pretended;
  if (rv_has(v, DEFECT_REFUSES_WRONG_ORDER) && is_early(in)) return pretended;
  struct rv_problem p = rv_check(in->arena, in->root);
  if (is_set(&p) && rv_has(v, DEFECT_ACKS_INVALID_OK)) return (struct rv_problem){0};
  return p;
}

static struct rv_letter *keep(struct arrival *in) {
  struct refvendor *v = in->v;
  struct rv_letter *l = rv_letter_add(v, in->root, false);
  const struct node *h = rv_resource(in->root, "MessageHeader");
  rv_note_party(v, rv_party_of(in->root, node_text_at(h, "sender.reference")));
  in->keep = true;
  return l;
}

static struct rv_decision *decision_of(struct refvendor *v, struct str header_id) {
  struct rv_decision *d = map_get(&v->decisions, header_id);
  if (d) return d;
  d = ARENA_NEW(v->arena, struct rv_decision);
  d->header_id = arena_str(v->arena, header_id);
  map_set(&v->decisions, d->header_id, d);
  return d;
}

static void contradict(struct arrival *in, const struct rv_decision *d) {
  struct rv_decision other = {.header_id = d->header_id, .code = STR("fatal-error")};
  if (rv_has(in->v, DEFECT_CONTRADICTS_ITSELF)) send_ack(in, &other, &pretended);
}

static void answer_wrongly(struct arrival *in, struct rv_decision *d, struct rv_problem *p) {
  if (rv_has(in->v, DEFECT_WRONG_ACK_CODE)) {
    d->code = STR("fatal-error");
    *p = pretended;
  } else if (rv_has(in->v, DEFECT_ACKS_TRANSIENT)) {
    d->code = STR("transient-error");
    *p = technical;
  }
}

static void take_good(struct arrival *in, struct rv_decision *d, struct rv_problem *p) {
  const struct rv_kind *kind = rv_kind_of(in->root);
  if (!kind || !kind->hidden || !kind->hidden(in->root)) d->letter = keep(in);
  answer_wrongly(in, d, p);
}

static void follow_up(struct arrival *in, const struct rv_decision *d) {
  const struct rv_kind *kind = rv_kind_of(in->root);
  bool shown = d->letter || rv_has(in->v, DEFECT_REPORTS_STRANGERS);
  if (shown && kind && kind->taken) kind->taken(in->v, in->root);
}

static void take_letter(struct arrival *in) {
  struct refvendor *v = in->v;
  struct str envelope_id = in->envelope ? in->envelope->id : node_text_at(in->root, "id");
  enum dedup_action action = dedup_see(&v->dedup, v->arena, envelope_id, in->header_id);
  struct rv_decision *d = decision_of(v, in->header_id);
  bool decided = d->code.n && !str_eqz(d->code, "transient-error");
  if ((action == DEDUP_DUPLICATE || action == DEDUP_RESENT) && decided) {
    answer_duplicate(in, d);
    return;
  }
  struct rv_problem p = judge(in, action);
  bool good = !is_set(&p);
  d->times++;
  d->code = v->broken ? STR("transient-error") : good ? STR("ok") : STR("fatal-error");
  if (good) take_good(in, d, &p);
  rv_log(v, "message %.*s: %.*s%s%.*s", STR_F(in->header_id), STR_F(d->code), is_set(&p) ? ", " : "", STR_F(p.text));
  if (d->letter) d->letter->ack_code = d->code;
  report(in, RV_GOT);
  if (d->letter) report(in, RV_HANDED_OVER);
  send_ack(in, d, is_set(&p) ? &p : NULL);
  if (!is_set(&p)) contradict(in, d);
  if (good) follow_up(in, d);
}

static bool receipt_seen(const struct refvendor *v, struct str header_id) {
  for (size_t i = 0; i < v->receipts.n; i++)
    if (str_eq(v->receipts.v[i].header_id, header_id)) return true;
  return false;
}

/* True if an acknowledgement of that code, or a second copy of one, makes the system send again what it is for. */
static bool asks_again(const struct refvendor *v, struct str code, bool copy) {
  if (copy && rv_has(v, DEFECT_RESENDS_ON_COPIES)) return true;
  if (str_eqz(code, "ok")) return rv_has(v, DEFECT_RESENDS_AFTER_OK);
  if (str_eqz(code, "fatal-error")) return rv_has(v, DEFECT_RESENDS_REFUSED);
  return str_eqz(code, "transient-error") && !rv_has(v, DEFECT_NO_RESEND);
}

/* An acknowledgement is never acknowledged; a second copy of one changes nothing. */
static void take_ack(struct arrival *in) {
  struct refvendor *v = in->v;
  const struct node *h = rv_resource(in->root, "MessageHeader");
  struct rv_receipt r = {arena_str(v->arena, in->header_id),
                         arena_str(v->arena, node_text_at(h, "response.identifier")),
                         arena_str(v->arena, node_text_at(h, "response.code"))};
  struct rv_letter *l = rv_letter_find(v, r.to);
  bool again = receipt_seen(v, r.header_id);
  VEC_PUSH(v->arena, &v->receipts, r);
  rv_log(v, "acknowledgement %.*s for message %.*s%s", STR_F(r.code), STR_F(r.to), l ? "" : ", which is unknown");
  if (rv_has(v, DEFECT_ACKS_AN_ACK)) {
    struct rv_decision d = {.header_id = r.header_id, .code = STR("ok")};
    send_ack(in, &d, NULL);
  }
  bool obeyed = !again || rv_has(v, DEFECT_REACTS_TO_COPIES) || rv_has(v, DEFECT_RESENDS_ON_COPIES);
  if (!again) report(in, RV_ACK_GOT);
  if (!again) report(in, RV_ACK_HANDED_OVER);
  if (!obeyed || !l || !l->own) return;
  rv_ack_came(l);
  l->ack_code = r.code;
  if (v->o->sbdh) {
    rv_screen(v, "message %.*s: acknowledged with %.*s", STR_F(r.to), STR_F(r.code));
    if (str_eqz(r.code, "fatal-error") && rv_has(v, DEFECT_RESENDS_REFUSED)) rv_resend_letter(v, l);
  } else if (asks_again(v, r.code, again) && l->resends < RV_RESENDS_MAX) {
    rv_resend_letter(v, l);
  }
}

void rv_follow_time(struct refvendor *v, struct str stamp) {
  int64_t ms;
  bool zone;
  if (!v->clock.logical || !time_parse(stamp, &ms, &zone)) return;
  if (ms > v->clock.logical_now) v->clock.logical_now = ms;
}

static bool is_refused(const struct arrival *in, bool ack) {
  return rv_has(in->v, ack ? DEFECT_REFUSES_ACKS : DEFECT_REFUSES_MESSAGES);
}

/* EDIFACT, OIOXML. */
static void take_mail(struct arrival *in, struct str bytes) {
  in->keep = true;
  in->status = rv_mail_take(in->v, in->arena, in->envelope, bytes);
  if (in->status == RV_TAKEN) return;
  if (in->envelope && !in->envelope->sbdh)
    rv_send_receipt(in->v, in->envelope, STR("The letter cannot be read / Brevet kan ikke læses"));
  if (in->envelope) in->status = rv_has(in->v, DEFECT_FAILS_ON_UNREADABLE) ? RV_BROKEN : RV_TAKEN;
}

static void take_fhir(struct arrival *in, struct str bytes) {
  struct findings f;
  findings_init(&f, in->arena);
  struct source src = {STR("payload"), bytes};
  if (resource_read(&in->root, &in->form, in->arena, src, &f) < 0) in->root = NULL;
  if (!in->root) {
    rv_log(in->v, "the content is not FHIR: %.*s", f.list.n ? (int)f.list.v[0].en.n : 0,
           f.list.n ? f.list.v[0].en.p : "");
    if (in->envelope && !in->envelope->sbdh)
      rv_send_receipt(in->v, in->envelope, STR("The content cannot be read / Indholdet kan ikke læses"));
    if (rv_has(in->v, DEFECT_FAILS_ON_UNREADABLE)) in->status = RV_BROKEN;
    return;
  }
  const struct rv_kind *kind = rv_kind_of(in->root);
  bool ack = kind && !kind->shown;
  in->header_id = node_text_at(rv_resource(in->root, "MessageHeader"), "id");
  rv_follow_time(in->v, node_text_at(in->root, "timestamp"));
  if (rv_is_document(in->root)) {
    in->status = rv_take_document(in->v, in->root);
    in->keep = true; /* it may be shown, or an acknowledgement have parts of it */
  } else if (in->header_id.n == 0) {
    rv_log(in->v, "the content has no MessageHeader with an id: nothing can be acknowledged");
    if (in->envelope && !in->envelope->sbdh)
      rv_send_receipt(in->v, in->envelope, STR("MessageHeader.id is missing / MessageHeader.id mangler"));
  } else if (is_refused(in, ack)) {
    in->refused = true;
  } else if (ack) {
    take_ack(in);
  } else {
    take_letter(in);
  }
}

static void take_payload(struct arrival *in, struct str bytes) {
  if (rv_is_mail(bytes))
    take_mail(in, bytes);
  else
    take_fhir(in, bytes);
}

/* What the envelope is good for is decided before its content is looked at. */
static int take_sbdh(struct arrival *in, struct findings *f) {
  struct envelope *env = in->envelope;
  in->keep = true;
  rv_follow_time(in->v, env->sent);
  if (env->content == ENVELOPE_RECEIPT) {
    rv_sbdh_receipt_came(in->v, env);
    if (rv_has(in->v, DEFECT_SBDH_RECEIPTS_RECEIPTS)) rv_sbdh_answer(in->v, env);
    return RV_TAKEN;
  }
  if (rv_sbdh_take(in->v, in->arena, env, f)) take_payload(in, env->payload);
  rv_sbdh_handed(in->v, env);
  return RV_TAKEN;
}

void rv_hand_over(struct refvendor *v, struct arena *a, struct envelope *env) {
  struct arrival in = {.v = v, .arena = a, .envelope = env, .keep = true};
  take_payload(&in, env->payload);
  rv_sbdh_handed(v, env);
}

static int take(struct arrival *in, struct str bytes) {
  struct findings f;
  const struct envelope_kind *kind = envelope_sniff(bytes);
  findings_init(&f, in->arena);
  if (!kind) {
    take_payload(in, bytes);
    if (in->status) return in->status;
    return in->root && !in->refused ? RV_TAKEN : RV_REFUSED;
  }
  in->envelope = ARENA_NEW(in->arena, struct envelope);
  if (kind->read(in->envelope, in->arena, (struct source){STR("envelope"), bytes}, &f) < 0 || in->envelope->id.n == 0 ||
      in->envelope->sender.n == 0) {
    rv_log(in->v, "an envelope that cannot be read, or says not who sent it");
    return RV_REFUSED;
  }
  if (in->v->converter) return rv_converter_take(in->v, bytes);
  if (in->envelope->sbdh) return take_sbdh(in, &f);
  if (in->envelope->content == ENVELOPE_RECEIPT) {
    rv_log(in->v, "receipt %s for envelope %.*s", receipt_kind_name(in->envelope->receipt),
           STR_F(in->envelope->original_id));
    return RV_TAKEN;
  }
  take_payload(in, in->envelope->payload);
  if (in->status) return in->status;
  return in->refused ? RV_REFUSED : RV_TAKEN;
}

static void free_arena(void *a) {
  arena_free(a);
}

int rv_receive(struct refvendor *v, struct arena *a, struct str bytes) {
  struct arrival in = {.v = v, .arena = a};
  int status = take(&in, bytes);
  if (in.keep)
    arena_defer(v->arena, free_arena, a);
  else
    arena_free(a);
  rv_trigger_pending(v);
  return status;
}
