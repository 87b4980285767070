/* What users do with CareCommunication: new messages, replies, forwards. */
#include "refvendor/refvendor_int.h"

static struct str or_z(struct str s, const char *otherwise) {
  return s.n ? s : str_z(otherwise);
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
static void read_attachments(struct rv_call *c, struct rv_order *o) {
  const struct node *n = node_child(c->json, "attachment");
  const struct node *first = n && n->kind == NODE_ARRAY ? n->first : n;
  for (const struct node *item = first; item; item = item == n ? NULL : item->next) {
    struct str rest = item->text;
    while (rest.n) {
      struct str kind = str_trim(str_cut(&rest, ','));
      if (!add_attachment(o, kind))
        rv_call_refuse(
            c, 400,
            arena_printf(c->a, "unknown attachment \"%.*s\": pdf, png, gif, jpeg, tiff, bmp, url or all", STR_F(kind)));
    }
  }
}

static void read_episode(struct rv_call *c, struct rv_order *o) {
  o->episode = rv_call_text(c, "episode");
  if (str_eqz(o->episode, "true")) o->episode = rv_id(c->v, c->a);
  if (str_eqz(o->episode, "false")) o->episode = (struct str){0};
}

static void read_order(struct rv_call *c, struct rv_order *o) {
  int64_t user;
  *o = (struct rv_order){.category = rv_call_text(c, "category"),
                         .topic = rv_call_text(c, "topic"),
                         .priority = rv_call_text(c, "priority"),
                         .text = node_text_at(c->json, "text"),
                         .recipient = rv_call_text(c, "specific-recipient"),
                         .specific_sender = rv_call_is_true(c, "specific-sender"),
                         .latest_only = rv_call_is_true(c, "latest-only"),
                         .signed_files = rv_call_is_true(c, "attachment-author"),
                         .patient = rv_call_person(c)};
  if (o->text.n == 0) o->text = STR("Besked fra referencesystemet.\nVenlig hilsen");
  if (str_int(rv_call_text(c, "user"), &user) && user > 0) o->user = (size_t)user - 1;
  o->receiver = rv_call_receiver(c);
  read_episode(c, o);
  read_attachments(c, o);
}

/* A user who chooses category other is not let through without a topic, nor with a priority outside referrals. */
static bool is_sendable(struct rv_call *c, const struct rv_order *o) {
  if (c->status) return false;
  if (str_eqz(o->category, "other") && o->topic.n == 0)
    rv_call_refuse(c, 422, STR("category other needs a topic"));
  else if (o->priority.n && o->category.n && !str_eqz(o->category, "regarding-referral"))
    rv_call_refuse(c, 422, STR("only category regarding-referral may have a priority"));
  return c->status == 0;
}

static void send_new(struct rv_call *c, struct str legacy) {
  struct rv_order o;
  read_order(c, &o);
  o.legacy = legacy;
  o.category = or_z(o.category, "carecoordination");
  if (!is_sendable(c, &o) || !rv_call_needs_receiver(c, &o.receiver)) return;
  rv_call_sent(c, rv_send_letter(c->v, rv_compose_new(c->v, c->v->arena, &o))->header_id);
}

static void act_new(struct rv_call *c) {
  send_new(c, (struct str){0});
}

static void act_reply(struct rv_call *c) {
  struct rv_order o;
  struct str legacy = rv_call_text(c, "legacy");
  if (legacy.n) {
    send_new(c, legacy);
    return;
  }
  struct rv_letter *to = rv_call_subject(c, true);
  if (!to) return;
  read_order(c, &o);
  if (is_sendable(c, &o)) rv_call_sent(c, rv_send_letter(c->v, rv_compose_reply(c->v, c->v->arena, &o, to))->header_id);
}

/* Without a receiver it goes to the first in the address book that is not the sender. */
static void choose_receiver(struct rv_call *c, struct rv_order *o, const struct rv_letter *of) {
  const struct node *h = rv_resource(of->root, "MessageHeader");
  struct refvendor_party sender = rv_party_of(of->root, node_text_at(h, "sender.reference"));
  for (size_t i = 0; i < c->v->book.n && o->receiver.gln.n == 0; i++)
    if (!str_eq(c->v->book.v[i].gln, sender.gln)) o->receiver = c->v->book.v[i];
}

static void act_forward(struct rv_call *c) {
  struct rv_order o;
  struct rv_letter *of = rv_call_subject(c, true);
  if (!of) return;
  read_order(c, &o);
  choose_receiver(c, &o, of);
  if (is_sendable(c, &o) && rv_call_needs_receiver(c, &o.receiver))
    rv_call_sent(c, rv_send_letter(c->v, rv_compose_forward(c->v, c->v->arena, &o, of))->header_id);
}

const struct rv_action rv_care_actions[] = {{"new", act_new}, {"reply", act_reply}, {"forward", act_forward}, {0}};

const char *const rv_care_keys[] = {
    "category", "legacy",      "topic",           "priority",           "attachment",        "user",
    "episode",  "latest-only", "specific-sender", "specific-recipient", "attachment-author", NULL};
