/* POST /trigger: somebody tells the system what its user does. */
#include "formats/json.h"
#include "refvendor/refvendor_int.h"

#include <string.h>

#define ANSWER_MAX ((size_t)64 << 10)

/* A trigger that names a message which has not come yet. */
struct rv_pending {
  struct rv_pending *next;
  struct refvendor *v;
  struct http_request *request;
  struct loop_timer *timer;
};

/* What came of it. */
struct outcome {
  int status;       /* 0: the message is not there yet */
  struct str error; /* of status 400 and above */
  struct str sent[2];
  size_t sent_n;
};

struct trigger {
  struct refvendor *v;
  struct arena *a; /* of the request */
  const struct node *json;
  struct outcome out;
};

static struct str text_of(const struct trigger *t, const char *path) {
  return str_trim(node_text_at(t->json, path));
}

static bool is_true(const struct trigger *t, const char *name) {
  return str_eqz(text_of(t, name), "true");
}

static void refuse(struct trigger *t, int status, struct str why) {
  t->out.status = status;
  t->out.error = why;
}

static void note_sent(struct trigger *t, struct str header_id) {
  t->out.status = 200;
  if (t->out.sent_n < 2) t->out.sent[t->out.sent_n++] = header_id;
}

/* Strings of an order go into a message, which stays: they are copied by rv_put. */
static bool add_attachment(struct rv_order *o, struct str kind) {
  bool all = str_eqz(kind, "all"), found = false;
  if (str_eqz(kind, "true")) kind = STR("pdf");
  for (size_t i = 0; i < rv_files_n; i++) {
    if (!all && !str_eqz(kind, rv_files[i].kind)) continue;
    found = true;
    if (o->attachments_n < sizeof o->attachments / sizeof o->attachments[0])
      o->attachments[o->attachments_n++] = rv_files[i].kind;
  }
  return found || kind.n == 0 || str_eqz(kind, "false");
}

/* true, "pdf", "pdf, url", "all", or a list. */
static void read_attachments(struct trigger *t, struct rv_order *o) {
  const struct node *n = node_child(t->json, "attachment");
  const struct node *first = n && n->kind == NODE_ARRAY ? n->first : n;
  for (const struct node *item = first; item; item = item == n ? NULL : item->next) {
    struct str rest = item->text;
    while (rest.n) {
      struct str kind = str_trim(str_cut(&rest, ','));
      if (!add_attachment(o, kind))
        refuse(
            t, 400,
            arena_printf(t->a, "unknown attachment \"%.*s\": pdf, png, gif, jpeg, tiff, bmp, url or all", STR_F(kind)));
    }
  }
}

static struct str or_z(struct str s, const char *otherwise) {
  return s.n ? s : str_z(otherwise);
}

static bool is_gln(struct str s) {
  if (s.n != 13) return false;
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return true;
}

/* receiver, forward-to or a GLN in `to`; what is not said of it comes from the address book. */
static void read_receiver(struct trigger *t, struct rv_order *o) {
  struct refvendor_party *p = &o->receiver;
  *p = (struct refvendor_party){text_of(t, "receiver.gln"), text_of(t, "receiver.sor"), text_of(t, "receiver.name")};
  if (p->gln.n == 0) p->gln = text_of(t, "forward-to");
  if (p->gln.n == 0 && is_gln(text_of(t, "to"))) p->gln = text_of(t, "to");
  if (p->gln.n == 0 && is_gln(text_of(t, "receiver"))) p->gln = text_of(t, "receiver");
  const struct refvendor_party *known = rv_party(t->v, p->gln);
  if (known && p->sor.n == 0) p->sor = known->sor;
  if (known && p->name.n == 0) p->name = known->name;
}

static void read_episode(struct trigger *t, struct rv_order *o) {
  o->episode = text_of(t, "episode");
  if (str_eqz(o->episode, "true")) o->episode = rv_id(t->v, t->a);
  if (str_eqz(o->episode, "false")) o->episode = (struct str){0};
}

static void read_order(struct trigger *t, struct rv_order *o) {
  int64_t user;
  *o = (struct rv_order){.category = text_of(t, "category"),
                         .topic = text_of(t, "topic"),
                         .priority = text_of(t, "priority"),
                         .text = node_text_at(t->json, "text"),
                         .recipient = text_of(t, "specific-recipient"),
                         .specific_sender = is_true(t, "specific-sender"),
                         .latest_only = is_true(t, "latest-only"),
                         .cpr = text_of(t, "patient.cpr"),
                         .cpr_system = text_of(t, "patient.system"),
                         .given = text_of(t, "patient.given"),
                         .family = text_of(t, "patient.family")};
  if (o->text.n == 0) o->text = STR("Besked fra referencesystemet.\nVenlig hilsen");
  if (str_int(text_of(t, "user"), &user) && user > 0) o->user = (size_t)user - 1;
  read_receiver(t, o);
  read_episode(t, o);
  read_attachments(t, o);
}

/* The message that the trigger is about; out.status stays 0 while it is not there. */
static struct rv_letter *subject(struct trigger *t, bool received) {
  static const char *const names[] = {"answers", "message", "to"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    struct str id = rv_without_urn(text_of(t, names[i]));
    if (id.n == 0 || is_gln(id)) continue;
    struct rv_letter *l = rv_letter_find(t->v, id);
    if (!l) t->out.error = arena_printf(t->a, "no message %.*s is known", STR_F(id));
    return l;
  }
  struct rv_letter *l = rv_letter_latest(t->v, text_of(t, "thread"), received);
  if (!l) t->out.error = STR("no message is there yet");
  return l;
}

/* A user who chooses category other is not let through without a topic, nor with a priority outside referrals. */
static bool is_sendable(struct trigger *t, const struct rv_order *o) {
  if (t->out.status) return false;
  if (str_eqz(o->category, "other") && o->topic.n == 0)
    refuse(t, 422, STR("category other needs a topic"));
  else if (o->priority.n && o->category.n && !str_eqz(o->category, "regarding-referral"))
    refuse(t, 422, STR("only category regarding-referral may have a priority"));
  return t->out.status == 0;
}

static bool needs_receiver(struct trigger *t, struct rv_order *o) {
  if (o->receiver.gln.n == 0 && t->v->book.n) o->receiver = t->v->book.v[0];
  if (o->receiver.gln.n == 0)
    refuse(t, 400, STR("who shall receive it? Give receiver {gln, sor, name}, or start with --partner"));
  else if (o->receiver.sor.n == 0)
    refuse(
        t, 400,
        arena_printf(t->a, "%.*s is not in the address book: give receiver {gln, sor, name}", STR_F(o->receiver.gln)));
  return t->out.status == 0;
}

static void act_new(struct trigger *t) {
  struct rv_order o;
  read_order(t, &o);
  o.category = or_z(o.category, "carecoordination");
  o.cpr = or_z(o.cpr, "2512489996");
  o.given = or_z(o.given, "Nanna");
  o.family = or_z(o.family, "Prøveborg");
  if (!is_sendable(t, &o) || !needs_receiver(t, &o)) return;
  note_sent(t, rv_send_letter(t->v, rv_compose_new(t->v, t->v->arena, &o))->header_id);
}

static void act_reply(struct trigger *t) {
  struct rv_order o;
  struct rv_letter *to = subject(t, true);
  if (!to) return;
  read_order(t, &o);
  if (is_sendable(t, &o)) note_sent(t, rv_send_letter(t->v, rv_compose_reply(t->v, t->v->arena, &o, to))->header_id);
}

/* Without a receiver it goes to the first in the address book that is not the sender. */
static void choose_receiver(struct trigger *t, struct rv_order *o, const struct rv_letter *of) {
  const struct node *h = rv_resource(of->root, "MessageHeader");
  struct refvendor_party sender = rv_party_of(of->root, node_text_at(h, "sender.reference"));
  for (size_t i = 0; i < t->v->book.n && o->receiver.gln.n == 0; i++)
    if (!str_eq(t->v->book.v[i].gln, sender.gln)) o->receiver = t->v->book.v[i];
}

static void act_forward(struct trigger *t) {
  struct rv_order o;
  struct rv_letter *of = subject(t, true);
  if (!of) return;
  read_order(t, &o);
  choose_receiver(t, &o, of);
  if (is_sendable(t, &o) && needs_receiver(t, &o))
    note_sent(t, rv_send_letter(t->v, rv_compose_forward(t->v, t->v->arena, &o, of))->header_id);
}

static void act_resend(struct trigger *t) {
  struct rv_letter *l = subject(t, false);
  if (!l) return;
  if (!l->own) {
    refuse(t, 400, STR("only a message of our own can be sent again"));
    return;
  }
  rv_resend_letter(t->v, l);
  note_sent(t, l->header_id);
}

static void act_ack(struct trigger *t) {
  static const struct rv_problem by_hand = {
      STR_INIT("processing"), STR_INIT("http://terminology.hl7.org/CodeSystem/operation-outcome"),
      STR_INIT("MSG_LOCAL_FAIL"), STR_INIT("Refused by the user. / Afvist af brugeren.")};
  struct rv_letter *l = subject(t, true);
  struct str code = or_z(text_of(t, "code"), "ok");
  if (!l) return;
  if (!str_eqz(code, "ok") && !str_eqz(code, "fatal-error") && !str_eqz(code, "transient-error")) {
    refuse(t, 400, STR("code must be ok, fatal-error or transient-error"));
    return;
  }
  struct arena *a = t->v->arena;
  const struct node *root =
      rv_acknowledge(t->v, a, l->root, arena_str(a, code), str_eqz(code, "ok") ? NULL : &by_hand, (struct str){0});
  rv_send(t->v, &(struct rv_parcel){root, rv_id(t->v, a)}, 0);
  note_sent(t, node_text_at(rv_resource(root, "MessageHeader"), "id"));
}

static void act_break(struct trigger *t) {
  t->v->broken = true;
  t->out.status = 200;
}

static void act_repair(struct trigger *t) {
  t->v->broken = false;
  t->out.status = 200;
}

static const struct {
  const char *name;
  void (*act)(struct trigger *t);
} actions[] = {{"new", act_new}, {"reply", act_reply}, {"forward", act_forward}, {"resend", act_resend},
               {"ack", act_ack}, {"break", act_break}, {"repair", act_repair}};

static void act(struct trigger *t) {
  struct str action = text_of(t, "action");
  if (rv_has(t->v, DEFECT_REFUSES_TO_ACT)) {
    refuse(t, 422, STR("nothing can be sent today"));
    return;
  }
  for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
    if (!str_eqz(action, actions[i].name)) continue;
    actions[i].act(t);
    return;
  }
  refuse(
      t, 400,
      arena_printf(t->a, "unknown action \"%.*s\": new, reply, forward, resend, ack, break or repair", STR_F(action)));
}

static bool is_known(struct str key) {
  static const char *const keys[] = {"id",     "action",  "category",    "topic",           "priority",
                                     "text",   "to",      "attachment",  "answers",         "message",
                                     "thread", "patient", "receiver",    "forward-to",      "code",
                                     "user",   "episode", "latest-only", "specific-sender", "specific-recipient"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    if (str_eqz(key, keys[i])) return true;
  return false;
}

static struct str answer_of(const struct trigger *t) {
  struct buf out;
  struct json_writer w;
  buf_init(&out, ANSWER_MAX);
  json_writer_init(&w, &out, 0);
  json_begin_object(&w, NULL);
  if (t->out.error.n && t->out.status >= 400) json_put_str(&w, "error", t->out.error);
  json_begin_array(&w, "sent");
  for (size_t i = 0; i < t->out.sent_n; i++) json_put_str(&w, NULL, t->out.sent[i]);
  json_end(&w);
  json_begin_array(&w, "ignored");
  for (NODE_EACH(c, t->json))
    if (!is_known(c->name)) json_put_str(&w, NULL, c->name);
  json_end(&w);
  json_end(&w);
  return buf_take(&out, t->a);
}

/* The same trigger id is obeyed once; a second call gets the same answer. */
static void remember(struct trigger *t, struct str answer) {
  struct str id = text_of(t, "id");
  if (id.n == 0 || t->out.status != 200) return;
  struct str *kept = ARENA_NEW(t->v->arena, struct str);
  *kept = arena_str(t->v->arena, answer);
  map_set(&t->v->triggers, arena_str(t->v->arena, id), kept);
}

/* False if the message that it is about is not there yet. */
static bool obey(struct refvendor *v, struct http_request *r, bool last) {
  struct trigger t = {.v = v, .a = r->arena};
  struct findings f;
  struct node *json = NULL;
  findings_init(&f, r->arena);
  if (json_read(&json, r->arena, (struct source){STR("trigger"), r->body}, &f) < 0) json = NULL;
  t.json = json;
  const struct str *before = json ? map_get(&v->triggers, text_of(&t, "id")) : NULL;
  if (before) {
    http_reply(r, 200, "application/json", *before);
    return true;
  }
  if (!json || json->kind != NODE_OBJECT)
    refuse(&t, 400, STR("the body must be a JSON object"));
  else
    act(&t);
  if (t.out.status == 0 && !last) return false;
  if (t.out.status == 0) t.out.status = 404;
  struct str answer = answer_of(&t);
  remember(&t, answer);
  rv_log(v, "trigger %.*s: HTTP %d %.*s", STR_F(text_of(&t, "action")), t.out.status, STR_F(answer));
  http_reply(r, t.out.status, "application/json", answer);
  return true;
}

static void unlink_pending(struct rv_pending *p) {
  for (struct rv_pending **at = &p->v->pendings; *at; at = &(*at)->next) {
    if (*at != p) continue;
    *at = p->next;
    return;
  }
}

static void give_up(void *payload) {
  struct rv_pending *p = payload;
  p->timer = NULL;
  unlink_pending(p);
  (void)obey(p->v, p->request, true);
}

void rv_trigger(struct refvendor *v, struct http_request *r) {
  if (r->body_file) {
    http_reply(r, 413, "application/json", STR("{\"error\": \"the trigger is too large\"}"));
    return;
  }
  if (rv_rest_trigger(v, r) || obey(v, r, false)) return;
  struct rv_pending *p = ARENA_NEW(r->arena, struct rv_pending);
  *p = (struct rv_pending){.next = v->pendings, .v = v, .request = r};
  p->timer = loop_after(v->loop, RV_TRIGGER_WAIT_MS, give_up, p);
  v->pendings = p;
}

void rv_trigger_pending(struct refvendor *v) {
  for (struct rv_pending *next, *p = v->pendings; p; p = next) {
    struct loop_timer *timer = p->timer;
    next = p->next;
    unlink_pending(p);
    if (obey(v, p->request, false)) {
      loop_cancel(v->loop, timer);
    } else {
      p->next = v->pendings;
      v->pendings = p;
    }
  }
}

void rv_trigger_close(struct refvendor *v) {
  for (struct rv_pending *p = v->pendings; p; p = p->next) loop_cancel(v->loop, p->timer);
  v->pendings = NULL;
}
