/* send-ack: our answer to a message that came: an Acknowledgement, or a receipt of the envelope. */
#include "envelope/sbdh.h"
#include "envelope/vans.h"
#include "steps/steps_int.h"

#include <string.h>

static const struct key keys[] = {{"to", KEY_TEXT, true, NULL},
                                  {"code", KEY_TEXT, false, "ok|fatal-error|transient-error"},
                                  {"receipt", KEY_TEXT, false,
                                   "PositiveMessage|NegativeMessage|NegativeVans|ReceiptAcknowledgement|Syntax|"
                                   "Authorization|Signature|Sequence|" LETTER_RECEIPTS},
                                  {"refuse", KEY_TEXT, false, LETTER_CODES},
                                  {"about", KEY_TEXT, false, "letter|envelope"},
                                  {"wrong", KEY_LIST, false,
                                   "original-id|original-letter|original-version|original-parties|receiver|sender|"
                                   "action|no-letters|asks|version"},
                                  {"mailbox", KEY_TEXT, false, NULL},
                                  {"envelope", KEY_TEXT, false, "vans|none"},
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
  letter_ack_parse(k, n);
  steps_default_texts(s,
                      (struct protocol_text){
                          arena_printf(k->arena, "The message \"%.*s\" is answered with %.*s", STR_F(to), STR_F(what)),
                          arena_printf(k->arena, "Meddelelsen \"%.*s\" besvares med %.*s", STR_F(to), STR_F(what))},
                      (struct protocol_text){STR("The answer is taken in"), STR("Svaret tages imod")});
}

/* A row a word: what it is in which envelope. */
static const struct {
  const char *word, *envelope;
  enum receipt_kind vans;
  const char *exception; /* in SBDH; "": a positive one */
} receipts[] = {
    {"PositiveMessage", "vans", RECEIPT_POSITIVE_MESSAGE, ""},
    {"NegativeMessage", "vans", RECEIPT_NEGATIVE_MESSAGE, ""},
    {"NegativeVans", "vans", RECEIPT_NEGATIVE_VANS, ""},
    {"ReceiptAcknowledgement", "sbdh", RECEIPT_POSITIVE_MESSAGE, ""},
    {"Syntax", "sbdh", RECEIPT_NEGATIVE_MESSAGE, "Syntax"},
    {"Authorization", "sbdh", RECEIPT_NEGATIVE_MESSAGE, "Authorization"},
    {"Signature", "sbdh", RECEIPT_NEGATIVE_MESSAGE, "Signature"},
    {"Sequence", "sbdh", RECEIPT_NEGATIVE_MESSAGE, "Sequence"},
};

#define RECEIPTS (sizeof receipts / sizeof *receipts)

static int fill_sbdh(struct envelope *env, const struct step_view *v, const struct envelope *of, const char *exception,
                     const struct ack_order *o, struct error *e) {
  const struct ehmi_profile *profile;
  struct sbdh_answer answer = {.stamp = {.id = step_uuid(v, STR("envelope")), .sent = time_danish(v->scratch, o->now)},
                               .message_id = step_uuid(v, STR("message")),
                               .exception = str_z(exception),
                               .reason = o->text_da.n ? o->text_da : STR("Meddelelsen kunne ikke behandles")};
  if (view_ehmi(&profile, v, e) < 0) return -1;
  sbdh_receipt(env, v->scratch, of, &answer, profile);
  return 0;
}

static void fill_vans(struct envelope *env, const struct step_view *v, const struct envelope *of,
                      enum receipt_kind kind, const struct ack_order *o) {
  struct str text = o->text_da.n ? o->text_da : STR("Meddelelsen kunne ikke behandles");
  vans_receipt(env, of, kind, step_uuid(v, STR("envelope")), time_danish(v->scratch, o->now), text);
}

static size_t row_of(struct str word) {
  size_t i = 0;
  while (i + 1 < RECEIPTS && !str_eqz(word, receipts[i].word)) i++;
  return i;
}

static int build_receipt(struct step_send *out, const struct step_view *v, const struct ack_order *o, struct str word,
                         struct error *e) {
  struct message received;
  struct envelope env;
  size_t i = row_of(word);
  if (open_message(&received, v, o->to, e) < 0) return -1;
  const struct envelope *of = received.envelope;
  if (!of) return error_set(e, ERR_PEER, "%s (%.*s)", receipts[i].envelope, STR_F(o->to->id));
  if (strcmp(of->kind->name, receipts[i].envelope) != 0)
    return error_set(e, ERR_CONFIG, "\"%.*s\" came in an envelope %s, for which there is no receipt \"%.*s\"",
                     STR_F(o->to->id), of->kind->name, STR_F(word));
  if (!of->sbdh)
    fill_vans(&env, v, of, receipts[i].vans, o);
  else if (fill_sbdh(&env, v, of, receipts[i].exception, o, e) < 0)
    return -1;
  return parcel_write(out, v, o->as, of->kind, &env, (struct str){0}, e);
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
  struct str receipt = keys_text(args, "receipt");
  if (!o.to) return error_set(e, ERR_PEER, "\"%.*s\"", STR_F(name));
  if (o.to->outbound)
    return error_set(e, ERR_CONFIG, "\"%.*s\" was sent by us; only a message that came can be answered", STR_F(name));
  keys_text2(&en, &da, args, "text");
  if (expand_text(&o.text_en, &x, en, EXPAND_PLAIN, e) < 0) return -1;
  if (expand_text(&o.text_da, &x, da, EXPAND_PLAIN, e) < 0) return -1;
  if (letter_is_receipt(receipt)) return letter_ack_build(out, v, &o, e);
  if (receipt.n) return build_receipt(out, v, &o, receipt, e);
  return ack_build(out, v, &o, e);
}

static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  return sending_effect(v, h, build, e);
}

static void judge(const struct step_view *v, struct judgement *j) {
  sending_judge(v, j, build);
}

static int fits(const struct step *s, const struct vendor_wire *w, struct error *e) {
  struct str receipt = keys_text(s->args_node, "receipt");
  if (sending_fits(s, w, e) < 0) return -1;
  if (letter_is_receipt(receipt)) return 0;
  return receipt.n ? envelope_fits(s, w, receipts[row_of(receipt)].envelope, e) : 0;
}

const struct step_kind step_send_ack = {.word = "send-ack",
                                        .part = STEP_ACTS,
                                        .keys = keys,
                                        .parse = parse,
                                        .effect = effect,
                                        .ready = sending_ready,
                                        .judge = judge,
                                        .fits = fits};
