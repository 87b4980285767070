/* send-ack: our answer to a message that came: an Acknowledgement, or a receipt of the envelope. */
#include "steps/steps_int.h"

#define RECEIPT_BYTES_MAX ((size_t)1 << 20)

static const struct key keys[] = {{"to", KEY_TEXT, true, NULL},
                                  {"code", KEY_TEXT, false, "ok|fatal-error|transient-error"},
                                  {"receipt", KEY_TEXT, false, "PositiveMessage|NegativeMessage|NegativeVans"},
                                  {"as", KEY_TEXT, false, NULL},
                                  {"text", KEY_TEXT2, false, NULL},
                                  {"form", KEY_TEXT, false, "json|xml"},
                                  {"renew", KEY_LIST, false, "envelope|message|bundle|header|time"},
                                  {0}};

static void parse(struct step *s, struct keys *k) {
  const struct node *n = s->args_node;
  struct str to = keys_text(n, "to"), code = keys_text(n, "code"), what = code.n ? code : keys_text(n, "receipt");
  args_name(k, n, "to");
  args_one_of(k, n, "code", "receipt");
  args_only_with(k, n, "renew", "code");
  args_only_with(k, n, "form", "code");
  steps_default_texts(s,
                      (struct protocol_text){
                          arena_printf(k->arena, "The message \"%.*s\" is answered with %.*s", STR_F(to), STR_F(what)),
                          arena_printf(k->arena, "Meddelelsen \"%.*s\" besvares med %.*s", STR_F(to), STR_F(what))},
                      (struct protocol_text){STR("The answer is taken in"), STR("Svaret tages imod")});
}

static bool kind_of(struct str name, enum receipt_kind *out) {
  static const enum receipt_kind kinds[] = {RECEIPT_POSITIVE_MESSAGE, RECEIPT_NEGATIVE_MESSAGE, RECEIPT_NEGATIVE_VANS};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (!str_eqz(name, receipt_kind_name(kinds[i]))) continue;
    *out = kinds[i];
    return true;
  }
  return false;
}

static int build_receipt(struct step_send *out, const struct step_view *v, const struct state_message *to,
                         const struct ack_order *o, enum receipt_kind kind, struct error *e) {
  struct message received;
  struct envelope env;
  struct buf b;
  struct str text = o->text_da.n ? o->text_da : STR("Meddelelsen kunne ikke behandles");
  if (open_message(&received, v, to, e) < 0) return -1;
  if (!received.envelope) return error_set(e, ERR_PEER, "VANSEnvelope (%.*s)", STR_F(to->id));
  vans_receipt(&env, received.envelope, kind, step_uuid(v, STR("envelope")), time_danish(v->scratch, o->now), text);
  buf_init(&b, RECEIPT_BYTES_MAX);
  vans_kind.write(&b, &env);
  bool full = b.full;
  struct str wire = buf_take(&b, v->scratch);
  if (full) return error_set(e, ERR_LIMIT, "the receipt is too large");
  parcel_finish(out, v, o->as, wire, (struct str){0}, "application/xml");
  return 0;
}

static int build(struct step_send *out, const struct step_view *v, int64_t now, struct error *e) {
  const struct node *args = v->at->step->args_node;
  struct str name = keys_text(args, "to");
  struct expander x = {.v = v, .making = true, .now = now};
  struct ack_order o = {.to = state_message_find(v->state, name),
                        .code = keys_text(args, "code"),
                        .as = keys_text(args, "as"),
                        .form = keys_text(args, "form"),
                        .renew = node_child(args, "renew"),
                        .now = now};
  struct str en, da;
  enum receipt_kind kind;
  if (!o.to) return error_set(e, ERR_PEER, "\"%.*s\"", STR_F(name));
  if (o.to->outbound)
    return error_set(e, ERR_CONFIG, "\"%.*s\" was sent by us; only a message that came can be answered", STR_F(name));
  keys_text2(&en, &da, args, "text");
  if (expand_text(&o.text_en, &x, en, EXPAND_PLAIN, e) < 0) return -1;
  if (expand_text(&o.text_da, &x, da, EXPAND_PLAIN, e) < 0) return -1;
  if (kind_of(keys_text(args, "receipt"), &kind)) return build_receipt(out, v, o.to, &o, kind, e);
  return ack_build(out, v, &o, e);
}

static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  return sending_effect(v, h, build, e);
}

static void judge(const struct step_view *v, struct judgement *j) {
  sending_judge(v, j, build);
}

const struct step_kind step_send_ack = {.word = "send-ack",
                                        .part = STEP_ACTS,
                                        .keys = keys,
                                        .parse = parse,
                                        .effect = effect,
                                        .ready = sending_ready,
                                        .judge = judge,
                                        .fits = sending_fits};
