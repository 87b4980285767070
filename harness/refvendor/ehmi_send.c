/* The sending MSH: a message goes out in an ehmiSBDH, waits for its receipt, is sent again when none comes, and is
 * copied to the register of messages (EMR) once it is delivered.
 *
 * A transaction is one message with all envelopes that carried it; its first receipt decides, later ones are noted. */
#include "formats/json.h"
#include "refvendor/ehmi_msh.h"

#define WIRE_MAX ((size_t)512 << 20)

static void resend(struct rv_transaction *t);
static void send_copy(struct rv_transaction *t);

struct sbdh_stamp rv_stamp(struct refvendor *v, struct arena *a) {
  struct str id = rv_has(v, DEFECT_SAME_ENVELOPE_ID) ? STR("5a5e0000-0000-4000-8000-000000000001") : rv_id(v, a);
  return (struct sbdh_stamp){id, rv_now(v, a)};
}

struct str rv_sbdh_write(struct arena *a, const struct envelope *env) {
  struct buf wire;
  buf_init(&wire, WIRE_MAX);
  sbdh_kind.write(&wire, env);
  return buf_take(&wire, a);
}

static void post(struct rv_transaction *t, enum rv_happening happening, int64_t delay_ms) {
  struct arena *a = arena_new(0);
  VEC_PUSH(t->arena, &t->ids, t->envelope.id);
  t->delivery.transport.id = t->envelope.id;
  rv_keep_transaction(t);
  rv_post(t->v, &(struct rv_posting){.wire = rv_sbdh_write(a, &t->envelope),
                                     .id = t->envelope.id,
                                     .url = t->happening == RV_NOTHING ? t->v->o->emr_to : NULL,
                                     .happening = happening,
                                     .delivery = t->delivery,
                                     .delay_ms = delay_ms});
  arena_free(a);
}

/* ---- no receipt ---- */

static void report_failure(const struct rv_transaction *t) {
  struct rv_delivery d = t->delivery;
  d.failed = true;
  if (t->happening != RV_NOTHING) rv_report(t->v, RV_NOT_SENT, &d);
}

static bool may_resend(const struct rv_transaction *t) {
  const struct refvendor *v = t->v;
  if (rv_has(v, DEFECT_SBDH_NO_RESEND)) return false;
  return (int64_t)t->resends < v->profile->resends_n || rv_has(v, DEFECT_SBDH_RESENDS_FOREVER);
}

static void on_overdue(void *payload) {
  struct rv_transaction *t = payload;
  struct refvendor *v = t->v;
  t->timer = NULL;
  rv_screen(v, "message %.*s: no receipt in time", STR_F(t->header_id));
  if (may_resend(t)) {
    resend(t);
    return;
  }
  t->progress = RV_UNANSWERED;
  rv_keep_transaction(t);
  rv_screen(v, "message %.*s was not delivered: nobody acknowledged it", STR_F(t->header_id));
  report_failure(t);
}

void rv_transaction_await(struct rv_transaction *t) {
  int64_t within = rv_has(t->v, DEFECT_SBDH_RESENDS_HASTILY) ? RV_HASTE_MS : t->v->profile->resend_interval_ms;
  int64_t ms = (int64_t)((double)within / t->v->o->clock_scale);
  if (t->timer) loop_cancel(t->v->loop, t->timer);
  t->timer = loop_after(t->v->loop, ms, on_overdue, t);
}

static void stop_waiting(struct rv_transaction *t) {
  if (t->timer) loop_cancel(t->v->loop, t->timer);
  t->timer = NULL;
}

/* Defect: what is sent again is another message by its identifier. */
static void rename_message(struct rv_transaction *t) {
  struct sbdh *s = t->envelope.sbdh;
  for (size_t i = 0; rv_has(t->v, DEFECT_SBDH_NEW_MESSAGE_ON_RESEND) && i < s->scopes.n; i++)
    if (str_eqz(s->scopes.v[i].type, SBDH_MESSAGE_ID)) s->scopes.v[i].value = rv_id(t->v, t->arena);
}

static void resend(struct rv_transaction *t) {
  struct refvendor *v = t->v;
  struct envelope before = t->envelope;
  struct sbdh_stamp stamp = rv_stamp(v, t->arena);
  if (rv_has(v, DEFECT_SBDH_SAME_ENVELOPE_ON_RESEND)) stamp.id = before.id;
  sbdh_resend(&t->envelope, t->arena, &before, &stamp, v->profile);
  rename_message(t);
  t->resends++;
  t->progress = RV_WAITS;
  post(t, t->happening == RV_SENT ? RV_RESENT : t->happening, 0);
  rv_transaction_await(t);
}

/* ---- sending ---- */

struct rv_transaction *rv_transaction_begin(struct refvendor *v) {
  struct arena *a = arena_new(0);
  struct rv_transaction *t = ARENA_NEW(a, struct rv_transaction);
  *t = (struct rv_transaction){.next = v->ehmi.transactions, .v = v, .arena = a};
  v->ehmi.transactions = t;
  return t;
}

static struct str payload_of(struct rv_transaction *t, const struct node *root) {
  struct buf body;
  buf_init(&body, WIRE_MAX);
  resource_write(&body, root, t->v->o->form, t->v->shapes, 2);
  return buf_take(&body, t->arena);
}

void rv_sbdh_send(struct refvendor *v, const struct node *root, int64_t delay_ms) {
  struct rv_transaction *t = rv_transaction_begin(v);
  struct sbdh_stamp stamp = rv_stamp(v, t->arena);
  const struct rv_kind *kind = rv_kind_of(root);
  struct envelope_payload says;
  rv_payload_says(&says, root, v->o->form);
  if (!sbdh_describe(&t->envelope, t->arena, &says, payload_of(t, root), &stamp, v->profile)) {
    rv_screen(v, "EHMI has no %.*s: it was not sent", STR_F(says.event));
    v->ehmi.transactions = t->next;
    arena_free(t->arena);
    return;
  }
  t->header_id = says.message_id;
  t->happening = kind && !kind->shown ? RV_ACK_SENT : RV_SENT;
  rv_delivery_read(&t->delivery, v, root, &t->envelope);
  rv_report(v, t->happening == RV_SENT ? RV_ORDERED : RV_ACK_ORDERED, &t->delivery);
  post(t, t->happening, delay_ms);
  if (rv_has(v, DEFECT_SBDH_COPIES_EARLY)) send_copy(t);
  rv_transaction_await(t);
}

bool rv_sbdh_resend(struct refvendor *v, struct str header_id) {
  for (struct rv_transaction *t = v->ehmi.transactions; t; t = t->next)
    if (t->happening != RV_NOTHING && str_eq(t->header_id, header_id)) {
      resend(t);
      return true;
    }
  return false;
}

/* The copy is a message of its own to the register, which acknowledges it as any receiver does. */
static void send_copy(struct rv_transaction *t) {
  struct refvendor *v = t->v;
  bool wanted = t->envelope.sbdh->content == SBDH_MESSAGE ||
                (t->envelope.sbdh->content == SBDH_FHIR_ACK && rv_has(v, DEFECT_SBDH_COPIES_ACKS));
  if ((!v->o->emr.gln.n && !v->o->emr_same) || !wanted || rv_has(v, DEFECT_SBDH_NO_COPY)) return;
  if (t->copied && !rv_has(v, DEFECT_SBDH_COPIES_TWICE)) return;
  struct rv_transaction *c = rv_transaction_begin(v);
  struct sbdh_stamp stamp = rv_stamp(v, c->arena);
  struct sbdh_party to = {v->o->emr.gln, v->o->emr.sor};
  struct str about = rv_document_reference(v, c->arena, &t->envelope, &t->delivery);
  sbdh_copy(&c->envelope, c->arena, &t->envelope, &to, about, &stamp, v->profile);
  c->header_id = t->header_id;
  t->copied = true;
  rv_keep_transaction(t);
  post(c, RV_NOTHING, 0);
  rv_transaction_await(c);
}

/* ---- receipts ---- */

static struct rv_transaction *transaction_of(const struct refvendor *v, struct str envelope_id) {
  for (struct rv_transaction *t = v->ehmi.transactions; t; t = t->next)
    for (size_t i = 0; i < t->ids.n; i++)
      if (str_eq_nocase(t->ids.v[i], envelope_id)) return t;
  return NULL;
}

/* A receipt comes from whom the message went to, and is for whom it came from. */
static bool is_from_other(const struct rv_transaction *t, const struct envelope *r) {
  const struct sbdh *s = t->envelope.sbdh;
  struct str from = sbdh_scope_value(r->sbdh, SBDH_SENDER_ID), to = sbdh_scope_value(r->sbdh, SBDH_RECEIVER_ID);
  if (!str_eq(r->sender, t->envelope.receiver) || !str_eq(r->receiver, t->envelope.sender)) return true;
  return !str_eq(from, sbdh_scope_value(s, SBDH_RECEIVER_ID)) || !str_eq(to, sbdh_scope_value(s, SBDH_SENDER_ID));
}

/* A receipt that says no has itself arrived well. */
static void report_receipt(struct rv_transaction *t, const struct envelope *r) {
  struct rv_delivery d;
  rv_delivery_of_receipt(&d, t->v, r);
  if (t->happening != RV_NOTHING) rv_report(t->v, RV_RECEIPT_GOT, &d);
}

static void delivered(struct rv_transaction *t, const struct envelope *r) {
  t->progress = RV_DELIVERED;
  rv_keep_transaction(t);
  rv_screen(t->v, "message %.*s is delivered", STR_F(t->header_id));
  report_receipt(t, r);
  if (t->happening != RV_NOTHING) send_copy(t);
}

/* An exception ends the transaction. */
static void refused(struct rv_transaction *t, const struct envelope *r) {
  t->progress = RV_REFUSED_IT;
  rv_keep_transaction(t);
  rv_screen(t->v, "message %.*s was not delivered: %.*s, %.*s", STR_F(t->header_id), STR_F(r->error_code),
            STR_F(r->error_text));
  report_receipt(t, r);
  report_failure(t);
  if (rv_has(t->v, DEFECT_SBDH_COPIES_REFUSED)) send_copy(t);
  if (rv_has(t->v, DEFECT_SBDH_RESENDS_REFUSED)) resend(t);
}

/* Defect: whatever comes is for what waits. */
static struct rv_transaction *any_waiting(const struct refvendor *v) {
  struct rv_transaction *t = v->ehmi.transactions;
  while (t && t->progress != RV_WAITS) t = t->next;
  return t;
}

void rv_sbdh_receipt_came(struct refvendor *v, const struct envelope *r) {
  struct rv_transaction *t = transaction_of(v, r->original_id);
  bool decided = t && (t->progress == RV_DELIVERED || t->progress == RV_REFUSED_IT);
  if (t && is_from_other(t, r) && !rv_has(v, DEFECT_SBDH_TAKES_ANY_RECEIPT)) {
    rv_screen(v, "a receipt for envelope %.*s is of other parties than that: ignored", STR_F(r->original_id));
    return;
  }
  if (!t && rv_has(v, DEFECT_SBDH_TAKES_ANY_RECEIPT)) t = any_waiting(v);
  if (!t) {
    rv_screen(v, "a receipt for envelope %.*s, which was not sent from here: ignored", STR_F(r->original_id));
    return;
  }
  if (decided && !rv_has(v, DEFECT_SBDH_OBEYS_LATER_RECEIPTS) && !rv_has(v, DEFECT_SBDH_COPIES_TWICE)) {
    rv_screen(v, "one more receipt for envelope %.*s: ignored, the message is %s", STR_F(r->original_id),
              rv_progress_name(t->progress));
    return;
  }
  stop_waiting(t);
  if (r->receipt == RECEIPT_POSITIVE_MESSAGE)
    delivered(t, r);
  else
    refused(t, r);
}

void rv_sbdh_show(const struct refvendor *v, struct json_writer *w) {
  json_begin_array(w, "transactions");
  for (const struct rv_transaction *t = v->ehmi.transactions; t; t = t->next) {
    json_begin_object(w, NULL);
    json_put_str(w, "message", t->header_id);
    json_put_str(w, "envelope", t->envelope.id);
    json_put_z(w, "content", sbdh_content_name(t->envelope.sbdh->content));
    json_put_z(w, "state", rv_progress_name(t->progress));
    json_put_int(w, "resends", (int64_t)t->resends);
    json_end(w);
  }
  json_end(w);
}

void rv_sbdh_close(struct refvendor *v) {
  while (v->ehmi.transactions) {
    struct rv_transaction *t = v->ehmi.transactions;
    v->ehmi.transactions = t->next;
    stop_waiting(t);
    arena_free(t->arena);
  }
}
