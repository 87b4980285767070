#include "endpoint/letter_reply.h"

#include "base/clock.h"
#include "envelope/receipt_judge.h"
#include "envelope/vans.h"
#include "validate/message.h"

#define MAILBOX "DKTESTCAMP"
#define ID_CHARS 14
#define REPLY_BYTES_MAX ((size_t)4 << 20)

struct replying {
  struct arena *a;
  const struct letter_question *q;
  struct message m;
  struct mail mail;
};

/* The first 14 of its characters that are no hyphens. */
static struct str short_id(struct arena *a, struct str uuid) {
  char *z = ARENA_ARRAY(a, char, ID_CHARS + 1);
  size_t n = 0;
  for (size_t i = 0; i < uuid.n && n < ID_CHARS; i++)
    if (uuid.p[i] != '-') z[n++] = uuid.p[i];
  return (struct str){z, n};
}

/* What is to be said; row NULL: nothing. */
static struct receipt_order order_of(const struct replying *r, const struct receipt_duties *d) {
  struct receipt_order o = {.to = &r->mail,
                            .id = short_id(r->a, r->q->id),
                            .letter_id = short_id(r->a, r->q->message_id),
                            .at = r->q->now,
                            .mailbox = STR(MAILBOX)};
  const char *no = NULL;
  if (!r->q->known) {
    no = "CTL01";
    o.code = STR("LOK");
    o.text = STR("Modtagerens lokationsnummer er ukendt");
  } else if (findings_count(&r->m.wellformed, SEV_ERROR)) {
    no = "CTL02";
    o.code = STR("SYN");
    o.text = STR("Brevet kan ikke læses");
  }
  o.row = no ? receipt_row_in(receipt_row_named(str_z(no)), r->mail.syntax) : receipt_asked(&r->mail, d);
  return o;
}

static struct str wrapped(const struct replying *r, const struct receipt_order *o, struct str payload) {
  struct envelope env = {.sender = r->m.envelope->receiver,
                         .sender_type = r->m.envelope->receiver_type,
                         .receiver = r->m.envelope->sender,
                         .receiver_type = r->m.envelope->sender_type,
                         .id = r->q->id,
                         .sent = time_danish(r->a, r->q->now)};
  struct envelope_payload says = {.format = o->row->syntax == MAIL_EDIFACT ? STR("EDIFACT") : STR("XML"),
                                  .name = arena_printf(r->a, "MCM:%s", o->row->name),
                                  .version = str_z(o->row->version)};
  struct buf b;
  vans_describe(&env, &says, payload, "automatic");
  env.meta.id = r->q->message_id;
  buf_init(&b, REPLY_BYTES_MAX);
  vans_kind.write(&b, &env);
  return buf_take(&b, r->a);
}

int letter_reply(struct str *reply, struct arena *a, const struct letter_question *q, struct error *e) {
  struct replying r = {.a = a, .q = q};
  struct receipt_duties *duties;
  struct receipt receipt;
  struct buf b;
  *reply = (struct str){0};
  message_read(&r.m, a, (struct source){q->name, q->wire});
  const struct node *root = r.m.letter ? r.m.letter : r.m.interchange;
  if (!root) return 0;
  mail_read(&r.mail, a, root);
  if (mail_is_receipt(&r.mail) || !r.mail.sender.n) return 0; /* who is nobody gets no answer */
  *reply = q->first;
  if (q->first.n) return 0;
  if (receipt_duties_load(&duties, a, q->data_dir, e) < 0) return -1;
  struct receipt_order o = order_of(&r, duties);
  if (!o.row) return 0;
  receipt_make(&receipt, a, &o);
  buf_init(&b, RECEIPT_BYTES_MAX);
  receipt_write(&b, &receipt);
  *reply = buf_take(&b, a);
  if (r.m.envelope) *reply = wrapped(&r, &o, *reply);
  return 0;
}
