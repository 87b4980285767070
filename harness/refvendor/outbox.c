/* What goes out: wrapped in a VANSEnvelope, one at a time and in order, over HTTP or as a file. */
#include "base/file.h"
#include "envelope/vans.h"
#include "refvendor/ehmi.h"
#include "standards/catalogue.h"

#include <stdlib.h>
#include <string.h>

#define WIRE_MAX ((size_t)512 << 20)
#define HTTP_ACCEPTED(status) ((status) >= 200 && (status) < 300)

/* Lives in an arena of its own until it is out, or given up. */
struct rv_job {
  struct rv_job *next;
  struct refvendor *v;
  struct arena *arena;
  struct loop_timer *timer;     /* it waits: to be late, or to be tried again */
  struct str wire, envelope_id; /* of a document: its Bundle.id */
  const char *url;              /* NULL: --to */
  const char *type, *end;       /* MIME type, and what the name of a file of it ends with */
  int attempts;
  bool ready, busy;
  enum rv_happening happening; /* reported to EDS when it is out */
  struct rv_delivery delivery;
};

static void pump(struct refvendor *v);

static void job_free(struct rv_job *j) {
  for (struct rv_job **at = &j->v->jobs; *at; at = &(*at)->next) {
    if (*at != j) continue;
    *at = j->next;
    break;
  }
  arena_free(j->arena);
}

/* It is out, or given up. */
static void job_done(struct rv_job *j, bool out) {
  struct refvendor *v = j->v;
  j->delivery.failed = !out;
  if (j->happening != RV_NOTHING) rv_report(v, out ? j->happening : RV_NOT_SENT, &j->delivery);
  job_free(j);
  pump(v);
}

static void on_timer(void *payload) {
  struct rv_job *j = payload;
  j->timer = NULL;
  j->ready = true;
  j->busy = false;
  pump(j->v);
}

static void on_answer(void *payload, const struct http_answer *answer) {
  struct rv_job *j = payload;
  struct refvendor *v = j->v;
  if (HTTP_ACCEPTED(answer->status) || ++j->attempts == RV_ATTEMPTS_MAX ||
      (answer->status >= 400 && answer->status < 500)) {
    if (!HTTP_ACCEPTED(answer->status))
      rv_log(v, "envelope %.*s was not taken: HTTP %d %s", STR_F(j->envelope_id), answer->status,
             answer->failure ? answer->failure : "");
    job_done(j, HTTP_ACCEPTED(answer->status));
    return;
  }
  j->timer = loop_after(v->loop, RV_RETRY_MS * j->attempts, on_timer, j);
}

static void drop_file(struct refvendor *v, struct rv_job *j) {
  struct error e;
  struct str name = arena_printf(j->arena, "%04zu-%.*s.%s", v->sent, STR_F(j->envelope_id), j->end);
  if (file_write(file_join(j->arena, v->o->folder_out, name.p), j->wire, &e) < 0) rv_log(v, "%s", e.text);
}

/* The first one that is ready goes, the others wait until it is out: order is kept. */
static void pump(struct refvendor *v) {
  struct rv_job *j = v->jobs;
  for (struct rv_job *busy = v->jobs; busy; busy = busy->next)
    if (busy->busy) return;
  while (j && !j->ready) j = j->next;
  if (!j) return;
  j->busy = true;
  if (v->o->folder_out) {
    drop_file(v, j);
    job_done(j, true);
  } else if (v->o->rest) {
    rv_rest_post(v, j->arena, j->wire, on_answer, j);
  } else if (j->url || v->o->to) {
    rv_call_out(v, &(struct http_call){.method = "POST",
                                       .url = j->url ? j->url : v->o->to,
                                       .content_type = j->type,
                                       .body = j->wire,
                                       .done = on_answer,
                                       .payload = j});
  } else {
    rv_log(v, "envelope %.*s has nowhere to go: neither --to, --rest nor --folder-out was given",
           STR_F(j->envelope_id));
    job_done(j, false);
  }
}

static void enqueue(struct refvendor *v, struct rv_job *j, int64_t delay_ms) {
  struct rv_job **at = &v->jobs;
  while (*at) at = &(*at)->next;
  *at = j;
  j->v = v;
  v->sent++;
  j->ready = delay_ms == 0;
  if (delay_ms) j->timer = loop_after(v->loop, delay_ms, on_timer, j);
  pump(v);
}

void rv_post(struct refvendor *v, const struct rv_posting *p) {
  struct arena *a = arena_new(0);
  struct rv_job *j = ARENA_NEW(a, struct rv_job);
  *j = (struct rv_job){.arena = a,
                       .wire = arena_str(a, p->wire),
                       .envelope_id = arena_str(a, p->id),
                       .url = p->url,
                       .type = p->type ? p->type : "application/xml",
                       .end = p->end ? p->end : "xml",
                       .happening = p->happening,
                       .delivery = p->delivery};
  rv_make_declared(v, a, &j->wire);
  enqueue(v, j, p->delay_ms);
}

static struct rv_job *job_new(struct refvendor *v, struct envelope *env) {
  struct arena *a = arena_new(0);
  struct rv_job *j = ARENA_NEW(a, struct rv_job);
  j->arena = a;
  j->type = "application/xml";
  j->end = "xml";
  env->id = rv_has(v, DEFECT_SAME_ENVELOPE_ID) ? STR("5a5e0000-0000-4000-8000-000000000001") : rv_id(v, a);
  env->sent = rv_now(v, a);
  j->envelope_id = env->id;
  return j;
}

/* A declared defect that cannot be made is no reason to send nothing, but it is said aloud: a test would see no defect.
 */
void rv_make_declared(struct refvendor *v, struct arena *a, struct str *wire) {
  bool changed;
  struct error e;
  for (size_t i = 0; i < v->o->declared.n; i++)
    if (declared_apply(wire, &changed, v->o->declared.v[i], a, v->shapes, &e) < 0)
      log_say(&v->o->log, LOG_NORMAL, "defect %.*s: %s", STR_F(v->o->declared.v[i]->id), e.text);
}

static void write_wire(struct refvendor *v, struct rv_job *j, const struct envelope *env) {
  struct buf wire;
  buf_init(&wire, WIRE_MAX);
  vans_kind.write(&wire, env);
  j->wire = buf_take(&wire, j->arena);
  rv_make_declared(v, j->arena, &j->wire);
}

static void describe(struct refvendor *v, struct arena *a, const struct node *root, struct envelope_payload *p) {
  const struct rv_kind *kind = rv_kind_of(root);
  const struct message_type *t = kind ? message_type_of_event(str_z(kind->event)) : NULL;
  if (!t) BUG("own message of unknown event");
  struct str value = kind->postfix ? kind->postfix(root) : (struct str){0};
  *p = (struct envelope_payload){.format = STR("HL7"),
                                 .name =
                                     arena_printf(a, "MCM:%s%s%.*s", t->code, kind->postfix ? "#" : "", STR_F(value)),
                                 .version = str_z(t->version),
                                 .mime = str_z(resource_mime(v->o->form))};
}

/* What EDS is told of it; the names stay with the letter, which lives as long as the vendor. */
static void note_delivery(struct rv_job *j, struct refvendor *v, const struct rv_parcel *p,
                          const struct envelope *env) {
  const struct rv_kind *kind = rv_kind_of(p->root);
  rv_delivery_read(&j->delivery, v, p->root, env);
  bool ack = kind && !kind->shown;
  if (!p->again) rv_report(v, ack ? RV_ACK_ORDERED : RV_ORDERED, &j->delivery);
  j->happening = ack ? RV_ACK_SENT : p->again ? RV_RESENT : RV_SENT;
}

void rv_send(struct refvendor *v, const struct rv_parcel *p, int64_t delay_ms) {
  if (v->o->sbdh) {
    rv_sbdh_send(v, p->root, delay_ms);
    return;
  }
  struct envelope env = {0};
  struct envelope_payload facts;
  struct buf body;
  struct rv_job *j = job_new(v, &env);
  const struct node *h = rv_resource(p->root, "MessageHeader");
  struct refvendor_party to = rv_party_of(p->root, node_text_at(h, "destination.receiver.reference"));
  struct refvendor_party from = rv_party_of(p->root, node_text_at(h, "sender.reference"));
  if (!rv_own(v, from.gln)) from = v->o->own; /* who an acknowledgement is from stood in what it acknowledges */
  buf_init(&body, WIRE_MAX);
  resource_write(&body, p->root, v->o->form, v->shapes, 2);
  if (v->o->rest) { /* no envelope there */
    j->wire = buf_take(&body, j->arena);
    rv_make_declared(v, j->arena, &j->wire);
    enqueue(v, j, delay_ms);
    return;
  }
  describe(v, j->arena, p->root, &facts);
  vans_describe(&env, &facts, buf_str(&body), rv_kind_of(p->root)->statistic);
  env.sender = from.gln;
  env.receiver = to.gln;
  env.sender_type = env.receiver_type = STR("EAN");
  env.meta.id = p->message_id;
  if (rv_has(v, DEFECT_SAME_ENVELOPE_ON_RESEND)) env.id = p->message_id;
  write_wire(v, j, &env);
  note_delivery(j, v, p, &env);
  buf_release(&body);
  enqueue(v, j, delay_ms);
}

void rv_send_oioxml(struct refvendor *v, const struct rv_oioxml *letter) {
  struct envelope env = {0};
  struct envelope_payload facts = {
      .format = str_z(letter->format ? letter->format : "XML"), .name = letter->name, .version = letter->version};
  struct rv_job *j = job_new(v, &env);
  vans_describe(&env, &facts, letter->bytes, letter->statistic ? letter->statistic : "automatic");
  env.sender = v->o->own.gln;
  env.receiver = letter->to;
  env.sender_type = env.receiver_type = STR("EAN");
  env.meta.id = rv_id(v, j->arena);
  write_wire(v, j, &env);
  enqueue(v, j, 0);
}

void rv_send_document(struct refvendor *v, const struct node *root) {
  enum resource_form form = rv_has(v, DEFECT_DOCUMENTS_IN_XML) ? RESOURCE_XML : RESOURCE_JSON;
  struct arena *a = arena_new(0);
  struct rv_job *j = ARENA_NEW(a, struct rv_job);
  struct buf body;
  buf_init(&body, WIRE_MAX);
  resource_write(&body, root, form, v->shapes, 2);
  *j = (struct rv_job){.arena = a,
                       .wire = buf_take(&body, a),
                       .envelope_id = node_text_at(root, "id"),
                       .type = resource_mime(form),
                       .end = form == RESOURCE_XML ? "xml" : "json"};
  rv_make_declared(v, j->arena, &j->wire);
  enqueue(v, j, 0);
}

void rv_send_receipt(struct refvendor *v, const struct envelope *original, struct str why) {
  struct envelope env = {0};
  struct rv_job *j;
  if (rv_has(v, DEFECT_NO_ACK)) return;
  j = job_new(v, &env);
  vans_receipt(&env, original, rv_has(v, DEFECT_RECEIPT_POSITIVE) ? RECEIPT_POSITIVE_MESSAGE : RECEIPT_NEGATIVE_MESSAGE,
               env.id, env.sent, why);
  if (rv_has(v, DEFECT_RECEIPT_OUTSIDE_SCHEMA)) env.id = STR("kvittering 4712");
  write_wire(v, j, &env);
  enqueue(v, j, 0);
}

struct rv_letter *rv_send_letter(struct refvendor *v, const struct node *root) {
  struct rv_letter *l = rv_letter_add(v, root, true);
  l->parcel = (struct rv_parcel){.root = root, .message_id = rv_id(v, v->arena)};
  if (rv_has(v, DEFECT_SENDS_NOTHING)) return l;
  rv_send(v, &l->parcel, 0);
  rv_await_ack(v, l);
  if (rv_has(v, DEFECT_SENDS_TWICE)) rv_resend_letter(v, l);
  return l;
}

static void set_text(struct node *n, const char *path, struct str text) {
  struct node *c = node_at(n, path);
  if (c) c->text = text;
}

static void replace_id(struct node *n, struct str old, struct str by, struct arena *a) {
  for (NODE_EACH(c, n)) {
    size_t at = str_find(c->text, old, 0);
    if (c->kind == NODE_STRING && at != SIZE_MAX)
      c->text = arena_printf(a, "%.*s%.*s%.*s", (int)at, c->text.p, STR_F(by),
                             STR_F(str_sub(c->text, at + old.n, c->text.n)));
    replace_id(c, old, by, a);
  }
}

void rv_resend_letter(struct refvendor *v, struct rv_letter *l) {
  if (v->o->sbdh && rv_sbdh_resend(v, l->header_id)) { /* unchanged: that is the MSH's */
    l->resends++;
    return;
  }
  struct node *again = node_copy(v->arena, l->root);
  if (!rv_has(v, DEFECT_SAME_BUNDLE_ID_ON_RESEND)) set_text(again, "id", rv_id(v, v->arena));
  if (!rv_has(v, DEFECT_OLD_TIMES_ON_RESEND)) set_text(again, "timestamp", rv_now(v, v->arena));
  if (rv_has(v, DEFECT_NEW_HEADER_ON_RESEND)) replace_id(again, l->header_id, rv_id(v, v->arena), v->arena);
  const char *path = l->kind->text;
  struct node *text = path ? node_at(rv_content(again), path) : NULL;
  if (rv_has(v, DEFECT_CHANGED_ON_RESEND) && text) text->text = STR("Noget andet");
  l->resends++;
  l->root = again;
  l->parcel.root = again;
  l->parcel.again = true;
  if (rv_has(v, DEFECT_NEW_MESSAGE_ID_ON_RESEND)) l->parcel.message_id = rv_id(v, v->arena);
  rv_send(v, &l->parcel, 0);
  rv_await_ack(v, l);
}

/* Requests under way are ended by closing the client, before the jobs go. */
void rv_outbox_close(struct refvendor *v) {
  while (v->jobs) {
    if (v->jobs->timer) loop_cancel(v->loop, v->jobs->timer);
    job_free(v->jobs);
  }
}
