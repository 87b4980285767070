#include "envelope/vans_int.h"

void vans_receipt(struct envelope *out, const struct envelope *original, enum receipt_kind kind, struct str id,
                  struct str sent, struct str error_text) {
  *out = (struct envelope){.kind = &vans_kind,
                           .content = ENVELOPE_RECEIPT,
                           .sender = original->receiver,
                           .sender_type = original->receiver_type,
                           .receiver = original->sender,
                           .receiver_type = original->sender_type,
                           .id = id,
                           .sent = sent,
                           .meta = original->meta,
                           .receipt = kind,
                           .has_original = true,
                           .original_id = original->id};
  if (kind != RECEIPT_POSITIVE_MESSAGE) out->error_text = error_text;
}

static const char *body_path(struct arena *a, const struct envelope *receipt, const char *rest) {
  struct str path = arena_printf(a, "Receipt.%s.%s", receipt_kind_name(receipt->receipt), rest);
  return arena_z(a, path);
}

static void check_ids(const struct tree_check *c, const struct envelope *r, const struct envelope *original) {
  struct arena *a = c->f->arena;
  if (!str_eq_nocase(r->original_id, original->id))
    FINDING(c->f, &vans_rule_table[VANS_RECEIPT_ENVELOPE],
            vans_place(c, r, body_path(a, r, "OriginalEnvelopeIdentifier")), r->original_id, original->id);
  if (r->has_original && !str_eq_nocase(r->meta.id, original->meta.id))
    FINDING(c->f, &vans_rule_table[VANS_RECEIPT_MESSAGE],
            vans_place(c, r, body_path(a, r, "OriginalMessage.Identifier")), r->meta.id, original->meta.id);
}

static void check_meta(const struct tree_check *c, const struct envelope *r, const struct envelope *original) {
  struct arena *a = c->f->arena;
  const struct {
    const char *name;
    struct str found, sent;
  } fields[] = {{"Format", r->meta.format, original->meta.format},
                {"Name", r->meta.name, original->meta.name},
                {"Version", r->meta.version, original->meta.version},
                {"SizeInBytes", arena_printf(a, "%lld", (long long)r->meta.size),
                 arena_printf(a, "%lld", (long long)original->meta.size)}};
  for (size_t i = 0; r->has_original && i < sizeof fields / sizeof fields[0]; i++) {
    if (str_eq(fields[i].found, fields[i].sent)) continue;
    struct str path = arena_printf(a, "OriginalMessage.Document.%s", fields[i].name);
    FINDING(c->f, &vans_rule_table[VANS_RECEIPT_META], vans_place(c, r, body_path(a, r, arena_z(a, path))),
            str_z(fields[i].name), fields[i].found, fields[i].sent);
  }
}

/* The network itself may refuse: then the sender is a VANS, not the receiver of the original. */
static void check_parties(const struct tree_check *c, const struct envelope *r, const struct envelope *original) {
  bool network = r->receipt == RECEIPT_NEGATIVE_VANS && str_eqz(r->sender_type, "VANS");
  if (!network && !str_eq(r->sender, original->receiver))
    FINDING(c->f, &vans_rule_table[VANS_RECEIPT_PARTIES], vans_place(c, r, "SenderID"), STR("SenderID"), r->sender,
            original->receiver);
  if (!str_eq(r->receiver, original->sender))
    FINDING(c->f, &vans_rule_table[VANS_RECEIPT_PARTIES], vans_place(c, r, "ReceiverID"), STR("ReceiverID"),
            r->receiver, original->sender);
}

void vans_check_receipt(const struct envelope *receipt, struct str message, const struct envelope *original,
                        struct findings *f) {
  struct tree_check c = {f, message};
  if (receipt->content != ENVELOPE_RECEIPT) {
    FINDING(f, &vans_rule_table[VANS_RECEIPT_EXPECTED], vans_place(&c, receipt, ""));
    return;
  }
  check_ids(&c, receipt, original);
  check_meta(&c, receipt, original);
  check_parties(&c, receipt, original);
}
