/* Receipts: XCTL01..03 and CTL01..03 to one Acknowledgement, and an Acknowledgement to a receipt for each letter that
 * it answers. Which answers which is told by the pairs of ids that whoever converted the letters has kept. */
#include "base/clock.h"
#include "base/uuid.h"
#include "mapping/convert_int.h"

#define NS_XCTL "http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2005/08/07/"
#define ACK MEDCOM "acknowledgement/StructureDefinition/medcom-"
#define PROVENANCE MEDCOM "messaging/StructureDefinition/medcom-messaging-provenance"
/* The system as MedCom's value set medcom-acknowledgement-issue-details names it. */
#define OUTCOME_SYSTEM "http://hl7.org/fhir/ValueSet/operation-outcome"
#define LOCAL_LEN 16
#define SHORT_ID 14
#define REFUSE_LINES_MAX 9 /* FTX of a receipt */

/* One letter that is answered, as a legacy receipt has it. */
struct answer {
  struct str letter, version, code, text;
};

struct receipt {
  struct str type; /* "CTL02" */
  bool negative, transient;
  struct str envelope, id;     /* its own */
  struct str sender, receiver; /* of the receipt itself */
  struct str original, original_sender, original_receiver;
  struct str header; /* Acknowledgement: the message that it answers */
  struct str code, text;
  VEC(struct answer) answers;
};

struct post {
  struct arena *a;
  const struct convert_options *o;
  struct conversion *out;
  struct findings *f;
  struct str local; /* now, in Danish time */
};

static const struct {
  const char *type, *version, *element;
} kinds[] = {{"CTL01", "C0130Q", "NegativeVansReceipt"},
             {"CTL02", "C0230Q", "NegativeReceipt"},
             {"CTL03", "C0330Q", "PositiveReceipt"}};

static size_t kind_of(struct str type) {
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (str_eqz(type, kinds[i].type)) return i;
  return 1;
}

/* ---- reading ---- */

static struct str text_of(const struct correspondence *c, const char *key, size_t i) {
  return str_trim(correspondence_literal(c, key, i));
}

static void take(struct receipt *r, const struct post *p, const struct correspondence *c) {
  *r = (struct receipt){.type = c->type,
                        .envelope = correspondence_value(c, "envelope.id", 0),
                        .id = correspondence_value(c, "letter.id", 0),
                        .sender = correspondence_value(c, "sender.gln", 0),
                        .receiver = correspondence_value(c, "receiver.gln", 0),
                        .original = correspondence_value(c, "receipt.envelope", 0),
                        .original_sender = correspondence_value(c, "receipt.sender", 0),
                        .original_receiver = correspondence_value(c, "receipt.receiver", 0),
                        .header = correspondence_value(c, "receipt.header", 0),
                        .code = correspondence_value(c, "receipt.code", 0),
                        .text = text_of(c, "receipt.text", 0)};
  r->negative = str_eqz(correspondence_value(c, "receipt.kind", 0), "negative");
  r->transient = str_eqz(correspondence_literal(c, "receipt.kind", 0), "transient-error");
  for (size_t i = 0, n = correspondence_count(c, "original"); i < n; i++)
    VEC_PUSH(p->a, &r->answers,
             ((struct answer){correspondence_value(c, "original.letter", i),
                              correspondence_literal(c, "original.version", i),
                              correspondence_value(c, "original.code", i), text_of(c, "original.text", i)}));
}

static struct str made_id(const struct post *p, const char *label, const struct receipt *r, struct str more) {
  struct str parts[] = {str_z(label), r->envelope, r->id, more};
  return uuid_derive(p->a, p->o->seed, 4, parts);
}

static struct str made_short(const struct post *p, const char *label, const struct receipt *r, struct str more) {
  struct str u = made_id(p, label, r, more);
  return arena_printf(p->a, "%.8s%.4s%.2s", u.p, u.p + 9, u.p + 14);
}

static void say(struct post *p, const struct correspondence *c, enum convert_rule rule, struct str first,
                struct str second) {
  FINDING(p->f, &convert_rules[rule], ((struct place){.message = c->names.v[0]}), first, second);
}

/* ---- to FHIR ---- */

static const struct convert_pair *pair_of_letter(const struct post *p, struct str letter, struct str envelope) {
  for (size_t i = 0; i < p->o->pairs_n; i++) {
    const struct convert_pair *x = &p->o->pairs[i];
    if (letter.n ? str_eq(x->letter, letter) : envelope.n && str_eq(x->envelope, envelope)) return x;
  }
  return NULL;
}

static const struct convert_pair *pair_of(const struct post *p, const struct receipt *r) {
  for (size_t i = 0; i < r->answers.n; i++) {
    const struct convert_pair *x = pair_of_letter(p, r->answers.v[i].letter, (struct str){0});
    if (x) return x;
  }
  return pair_of_letter(p, (struct str){0}, r->original);
}

static struct str sor_of(const struct post *p, struct str gln, struct str *name) {
  const struct register_unit *u = p->o->sor ? sor_register_find(p->o->sor, gln) : NULL;
  *name = u ? u->name : (struct str){0};
  return u ? u->sor : (struct str){0};
}

static void put_issue(const struct post *p, struct node *outcome, struct str code, struct str text) {
  const struct mapping_codes *codes = conversion_codes(p->o->rules, STR("refuse"));
  const struct mapping_code *known = mapping_code_of(codes, MAPPING_OIOXML, code);
  struct str detail = mapping_code_text(codes, MAPPING_FHIR, code);
  struct node *i = node_add(p->a, outcome, "issue");
  node_put(p->a, i, "severity", STR("error"));
  node_put(p->a, i, "code", str_eqz(code, "syntaksfejl") ? STR("structure") : STR("processing"));
  node_put(p->a, i, "details.coding.system", known && known->system.n ? known->system : STR(OUTCOME_SYSTEM));
  node_put(p->a, i, "details.coding.code", detail.n ? detail : STR("MSG_LOCAL_FAIL"));
  node_put(p->a, i, "details.text", text.n ? text : STR("Ingen fejltekst"));
}

static void put_outcome(const struct post *p, struct draft *d, const struct receipt *list, size_t n, struct str id) {
  struct node *o = draft_resource(d, "OperationOutcome", ACK "acknowledgement-operationoutcome", id);
  for (size_t i = 0; i < n; i++) {
    const struct receipt *r = &list[i];
    bool told = r->text.n || r->code.n;
    if (!r->negative) continue;
    if (told) put_issue(p, o, r->code, r->text);
    for (size_t k = 0; k < r->answers.n; k++)
      if (r->answers.v[k].text.n || r->answers.v[k].code.n || (!told && k + 1 == r->answers.n)) {
        put_issue(p, o, r->answers.v[k].code, r->answers.v[k].text);
        told = true;
      }
    if (!told) put_issue(p, o, (struct str){0}, (struct str){0});
  }
}

/* Beside its own Provenance an Acknowledgement has that of the message that it answers. */
static void put_answered(const struct post *p, struct draft *d, const struct convert_pair *pair, struct str id,
                         struct str who, struct str now) {
  struct str time = pair->time.n ? pair->time : now;
  struct node *v = draft_resource(d, "Provenance", PROVENANCE, id);
  node_put(p->a, v, "target.reference", arena_printf(p->a, "MessageHeader/%.*s", STR_F(pair->header)));
  node_put(p->a, v, "occurredDateTime", time);
  node_put(p->a, v, "recorded", time);
  node_put(p->a, v, "activity.coding.system", STR(MEDCOM_TERMS "medcom-messaging-activityCodes"));
  node_put(p->a, v, "activity.coding.code", pair->activity.n ? pair->activity : STR("new-message"));
  node_put(p->a, v, "agent.who.reference", arena_printf(p->a, "Organization/%.*s", STR_F(who)));
}

static void add_acknowledgement(struct post *p, struct draft *d, const struct convert_pair *pair, bool negative) {
  struct converted *c = VEC_ADD(p->a, &p->out->out);
  *c = (struct converted){.bytes = draft_bytes(d, p->o),
                          .type = STR("Acknowledgement"),
                          .version = STR("2.0"),
                          .format = STR("HL7"),
                          .name = negative ? STR("MCM:FCTL#fatal-error") : STR("MCM:FCTL#ok"),
                          .envelope_version = STR("2.0.0"),
                          .mime = str_z(resource_mime(p->o->form)),
                          .statistic = negative ? STR("fatal-error") : STR("ok"),
                          .sender = pair->receiver,
                          .receiver = pair->sender,
                          .bundle = node_text_at(d->bundle, "id"),
                          .header = node_text_at(d->header, "id")};
}

static void write_acknowledgement(struct post *p, const struct receipt *list, size_t n, const struct convert_pair *pair,
                                  bool negative) {
  const struct receipt *r = &list[0];
  struct draft d;
  struct str time = time_danish(p->a, p->o->now), from, to;
  struct str sender = made_id(p, "ack sender", r, pair->header), receiver = made_id(p, "ack receiver", r, pair->header);
  struct str outcome = made_id(p, "ack outcome", r, pair->header);
  struct str from_sor = sor_of(p, pair->receiver, &from), to_sor = sor_of(p, pair->sender, &to);
  draft_begin(&d, p->a, ACK "messaging-acknowledgement", made_id(p, "ack bundle", r, pair->header), time);
  draft_header(&d, "acknowledgement-message", ACK "messaging-acknowledgementHeader",
               made_id(p, "ack header", r, pair->header), sender, receiver,
               messaging_endpoint(p->a, pair->receiver, from_sor), messaging_endpoint(p->a, pair->sender, to_sor));
  node_put(p->a, d.header, "response.identifier", pair->header);
  node_put(p->a, d.header, "response.code", negative ? STR("fatal-error") : STR("ok"));
  if (negative)
    node_put(p->a, d.header, "response.details.reference", arena_printf(p->a, "OperationOutcome/%.*s", STR_F(outcome)));
  put_answered(p, &d, pair, made_id(p, "ack answered", r, pair->header), receiver, time);
  struct node *v =
      draft_provenance(&d, PROVENANCE, "acknowledgement", made_id(p, "ack provenance", r, pair->header), sender, time);
  node_put(p->a, v, "entity.role", STR("revision"));
  node_put(p->a, v, "entity.what.reference", arena_printf(p->a, "MessageHeader/%.*s", STR_F(pair->header)));
  draft_party(&d, sender, pair->receiver, from_sor, from);
  draft_party(&d, receiver, pair->sender, to_sor, to);
  if (negative) put_outcome(p, &d, list, n, outcome);
  add_acknowledgement(p, &d, pair, negative);
}

static int to_fhir(struct post *p, const struct correspondence *c, const struct receipt *list, size_t n,
                   struct error *e) {
  const struct convert_pair *pair = NULL;
  size_t negative = 0;
  for (size_t i = 0; i < n; i++) {
    if (list[i].header.n) return error_at(e, ERR_CONFIG, c[i].names.v[0], 0, 0, "it is an Acknowledgement already");
    const struct convert_pair *x = pair_of(p, &list[i]);
    if (!x || !x->header.n)
      return error_at(e, ERR_CONFIG, c[i].names.v[0], 0, 0,
                      "what the receipt answers is in no pair of ids that is known");
    if (pair && !str_eq(pair->header, x->header))
      return error_at(e, ERR_CONFIG, c[i].names.v[0], 0, 0, "the receipts answer more than one message");
    pair = x;
    negative += list[i].negative;
  }
  if (negative && negative < n)
    say(p, &c[0], CONVERT_MIXED, arena_printf(p->a, "%zu", negative), arena_printf(p->a, "%zu", n));
  write_acknowledgement(p, list, n, pair, negative > 0);
  return 0;
}

/* ---- to OIOXML and EDIFACT ---- */

static struct str without_x(struct str version) {
  return str_starts(version, STR("X")) ? str_sub(version, 1, version.n) : version;
}

static void oio_refusal(struct buf *b, struct str code, struct str text) {
  oio_leaf(b, "RefuseCode", code);
  if (text.n) oio_formatted(b, "RefuseText", text);
}

static void oio_gln(struct buf *b, const char *name, struct str gln) {
  oio_open(b, name);
  oio_leaf(b, "EANIdentifier", gln);
  oio_close(b, name);
}

static struct str oio_bytes(const struct post *p, const struct receipt *r, size_t kind) {
  struct buf b;
  bool negative = kind != 2;
  oio_begin(&b, NS_XCTL, p->local, r->envelope, STR("minuspositivkvitt"));
  oio_open(&b, kinds[kind].element);
  oio_open(&b, "Letter");
  oio_leaf(&b, "Identifier", r->id);
  oio_leaf(&b, "VersionCode", arena_printf(p->a, "X%s", kinds[kind].version));
  oio_leaf(&b, "StatisticalCode", arena_printf(p->a, "X%s", kinds[kind].type));
  oio_close(&b, "Letter");
  oio_gln(&b, "Sender", r->sender);
  oio_gln(&b, "Receiver", r->receiver);
  oio_open(&b, "OriginalEmessage");
  oio_leaf(&b, "OriginalEnvelopeIdentifier", r->original);
  oio_gln(&b, "OriginalSender", r->original_sender);
  oio_gln(&b, "OriginalReceiver", r->original_receiver);
  if (negative) oio_refusal(&b, r->code, r->text);
  for (size_t i = 0; i < r->answers.n; i++) {
    oio_open(&b, "OriginalLetter");
    oio_leaf(&b, "OriginalLetterIdentifier", r->answers.v[i].letter);
    oio_leaf(&b, "OriginalVersionCode", r->answers.v[i].version);
    if (negative) oio_refusal(&b, r->answers.v[i].code, r->answers.v[i].text);
    oio_close(&b, "OriginalLetter");
  }
  oio_close(&b, "OriginalEmessage");
  oio_close(&b, kinds[kind].element);
  oio_close(&b, "Emessage");
  return buf_take(&b, p->a);
}

static void edi_refusal(const struct post *p, struct edi *x, struct str code, struct str text) {
  if (!code.n && !text.n) return;
  struct str c = mapping_code_text(conversion_codes(p->o->rules, STR("refuse")), MAPPING_EDIFACT, code);
  edi_free_text(x, c.n ? arena_z(p->a, c) : "NC", text.n ? text : STR("Ingen fejltekst"), REFUSE_LINES_MAX);
}

/* "MEDDIS" of "D9134L" (legacy.md 3.1). */
static struct str message_of(struct str version) {
  static const char *const messages[][2] = {{"D", "MEDDIS"}, {"B", "MEDBIN"}, {"H", "MEDREF"},
                                            {"R", "MEDRPT"}, {"Q", "MEDREQ"}, {"U", "MEDRUC"}};
  for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
    if (str_starts(version, str_z(messages[i][0]))) return str_z(messages[i][1]);
  return STR("MEDDIS");
}

static struct str edi_bytes(const struct post *p, const struct receipt *r, size_t kind) {
  struct edi x;
  struct str code = kind == 2 ? STR("7") : STR("4");
  edi_begin(&x, p->a, r->sender, r->receiver, p->local, r->envelope, (struct str){0});
  EDI(&x, "UNH+%s+CONTRL:D:93A:ZZ:%s+%s", r->id, str_z(kinds[kind].version), str_z(kinds[kind].type));
  EDI(&x, "UCI+%s+%s:14+%s:14+%s", r->original, r->original_sender, r->original_receiver, code);
  if (kind != 2) edi_refusal(p, &x, r->code, r->text);
  for (size_t i = 0; i < r->answers.n; i++) {
    struct str version = without_x(r->answers.v[i].version);
    EDI(&x, "UCM+%s+%s:D:93A:UN:%s+%s", r->answers.v[i].letter, message_of(version), version, code);
    if (kind != 2) edi_refusal(p, &x, r->answers.v[i].code, r->answers.v[i].text);
  }
  return edi_end(&x, r->id, r->envelope);
}

static void write_receipt(struct post *p, const struct receipt *r) {
  bool xml = p->o->to == CONVERT_XCTL;
  size_t kind = kind_of(r->type);
  struct converted *c = VEC_ADD(p->a, &p->out->out);
  c->bytes = xml ? oio_bytes(p, r, kind) : edi_bytes(p, r, kind);
  c->type = arena_printf(p->a, "%s%s", xml ? "X" : "", kinds[kind].type);
  c->version = c->envelope_version = arena_printf(p->a, "%s%s", xml ? "X" : "", kinds[kind].version);
  c->format = xml ? STR("XML") : STR("EDIFACT");
  c->name = arena_printf(p->a, "MCM:%.*s", STR_F(c->type));
  c->statistic = c->type;
  c->sender = r->sender;
  c->receiver = r->receiver;
  c->envelope = r->envelope;
  c->letter = r->id;
}

static struct str both_texts(const struct post *p, struct str why, struct str text) {
  if (!why.n || !text.n) return why.n ? why : text;
  return arena_printf(p->a, "%.*s\n%.*s", STR_F(why), STR_F(text));
}

/* A receipt for each letter that the answered message was made of, or became. */
static int from_fhir(struct post *p, const struct correspondence *c, const struct receipt *ack, struct error *e) {
  size_t found = 0;
  if (ack->transient) say(p, c, CONVERT_TRANSIENT, (struct str){0}, (struct str){0});
  for (size_t i = 0; i < p->o->pairs_n; i++) {
    const struct convert_pair *x = &p->o->pairs[i];
    if (!str_eq(x->header, ack->header) || !x->letter.n) continue;
    struct receipt r = {.type = ack->negative ? STR("CTL02") : STR("CTL03"), .negative = ack->negative};
    struct str text = ack->negative ? both_texts(p, x->why_invalid, ack->text) : (struct str){0};
    struct str code = ack->code.n ? ack->code : STR("ikke_specificeret");
    r.envelope = made_short(p, "receipt envelope", ack, x->letter);
    r.id = made_short(p, "receipt letter", ack, x->letter);
    r.sender = x->receiver;
    r.receiver = x->sender;
    r.original = x->envelope;
    r.original_sender = x->sender;
    r.original_receiver = x->receiver;
    if (!ack->negative) code = (struct str){0};
    if (code.n && !mapping_code_text(conversion_codes(p->o->rules, STR("refuse")), MAPPING_OIOXML, code).n)
      code = STR("ikke_specificeret");
    VEC_PUSH(p->a, &r.answers, ((struct answer){x->letter, x->version, code, text}));
    write_receipt(p, &r);
    found++;
  }
  if (found) return 0;
  return error_at(e, ERR_CONFIG, c->names.v[0], 0, 0, "what it answers is in no pair of ids that is known");
}

int convert_receipts(struct conversion *out, struct arena *a, const struct convert_options *o,
                     const struct correspondence *c, size_t n, struct findings *f, struct error *e) {
  struct post p = {a, o, out, f, str_sub(time_danish(a, o->now), 0, LOCAL_LEN)};
  struct receipt *list = ARENA_ARRAY(a, struct receipt, n);
  for (size_t i = 0; i < n; i++) take(&list[i], &p, &c[i]);
  if (o->to == CONVERT_ACKNOWLEDGEMENT) return to_fhir(&p, c, list, n, e);
  for (size_t i = 0; i < n; i++) {
    if (c[i].format != MAPPING_FHIR) {
      p.local = correspondence_value(&c[i], "envelope.sent", 0);
      write_receipt(&p, &list[i]);
    } else if (from_fhir(&p, &c[i], &list[i], e) < 0) {
      return -1;
    }
  }
  return 0;
}
