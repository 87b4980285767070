/* Letters that go out, and what a trigger makes its users write. */
#include "refvendor/edi.h"

static const char edifact_type[] = "application/edifact", xml_type[] = "application/xml";

void rv_letter_post(struct refvendor *v, struct str bytes, struct str id, bool bare, const struct rv_oioxml *envelope) {
  bool edifact = envelope->format != NULL;
  if (bare)
    rv_post(v, &(struct rv_posting){
                   .wire = bytes, .id = id, .type = edifact ? edifact_type : xml_type, .end = edifact ? "edi" : "xml"});
  else
    rv_send_oioxml(v, envelope);
}

static struct str with_x(struct arena *a, struct str type, const char *version) {
  return str_starts(type, STR("X")) ? arena_printf(a, "X%s", version) : str_z(version);
}

static struct rv_mail *note(struct refvendor *v, const struct rv_letter_order *o, const struct rv_letter_text *text) {
  struct rv_mail *m = ARENA_NEW(v->arena, struct rv_mail);
  *m = (struct rv_mail){.interchange = text->mail,
                        .id = text->id,
                        .type = arena_str(v->arena, o->type),
                        .version = with_x(v->arena, o->type, rv_letter_type_of(o->type)->version),
                        .cpr = arena_str(v->arena, o->patient.cpr),
                        .episode = text->episode,
                        .sender = v->o->own.gln,
                        .own = true,
                        .bare = o->bare};
  VEC_PUSH(v->arena, &v->mail, m);
  return m;
}

struct rv_mail *rv_letter_send(struct refvendor *v, const struct rv_letter_order *o) {
  struct rv_letter_text text;
  if (!rv_letter_type_of(o->type) || !rv_letter_fill(&text, v, v->arena, o)) return NULL;
  struct rv_mail *m = note(v, o, &text);
  struct rv_oioxml envelope = {.bytes = text.bytes,
                               .name = arena_printf(v->arena, "MCM:%.*s", STR_F(m->type)),
                               .version = m->version,
                               .to = arena_str(v->arena, o->to.gln),
                               .format = str_starts(o->type, STR("X")) ? NULL : "EDIFACT",
                               .statistic = o->statistic};
  rv_log(v, "%.*s %.*s for %.*s", STR_F(m->type), STR_F(m->id), STR_F(o->to.gln));
  if (rv_has(v, DEFECT_SENDS_NOTHING)) return m;
  rv_letter_post(v, text.bytes, text.mail, o->bare, &envelope);
  if (rv_has(v, DEFECT_SENDS_TWICE)) rv_letter_post(v, text.bytes, text.mail, o->bare, &envelope);
  return m;
}

/* Everything that a trigger says of a letter, but for its type. */
static bool order_of(struct rv_call *c, struct rv_letter_order *o) {
  *o = (struct rv_letter_order){.variant = "",
                                .to = rv_call_receiver(c),
                                .patient = rv_call_person(c),
                                .referral = rv_call_text(c, "referral"),
                                .episode = rv_call_text(c, "episode"),
                                .bare = !str_eqz(rv_call_text(c, "envelope"), "vans"),
                                .statistic = "manual"};
  if (!o->referral.n) o->referral = STR("EGENHENV00001");
  return rv_call_needs_receiver(c, &o->to);
}

static void send(struct rv_call *c, const struct rv_letter_order *o) {
  const struct rv_mail *m = rv_letter_send(c->v, o);
  if (m)
    rv_call_sent(c, m->id);
  else
    rv_call_refuse(c, 400, arena_printf(c->a, "no letter of type \"%.*s\" can be written", STR_F(o->type)));
}

/* {"standard": "edi", "action": "send", "type": "XDIS91", "attachment": true} */
static void act_send(struct rv_call *c) {
  struct rv_letter_order o;
  if (!order_of(c, &o)) return;
  o.type = rv_call_text(c, "type");
  if (!o.type.n) o.type = STR("DIS91");
  const struct rv_letter_type *t = rv_letter_type_of(o.type);
  bool attached = rv_call_is_true(c, "attachment") && t && t->object;
  if (attached) o.variant = "-attachment";
  if (rv_call_text(c, "receipt").n && str_eqz(rv_call_text(c, "receipt"), "false")) o.variant = "-no-receipt";
  send(c, &o);
  if (!attached || c->status != 200 || rv_has(c->v, DEFECT_LETTER_NO_OBJECT)) return;
  o.variant = "";
  o.type = arena_printf(c->a, "%s%s", str_starts(o.type, STR("X")) ? "X" : "", t->object);
  send(c, &o);
}

/* The letter that `answers` names, else the latest that came. */
static const struct rv_mail *subject(struct rv_call *c) {
  struct str id = rv_call_text(c, "answers");
  for (size_t i = c->v->mail.n; i-- > 0;) {
    const struct rv_mail *m = c->v->mail.v[i];
    if (!m->own && (!id.n || str_eq(m->id, id))) return m;
  }
  c->error = arena_printf(c->a, "no letter %.*s is there", STR_F(id));
  return NULL;
}

/* In the syntax of what it answers, to whoever wrote that. */
static void answer_to(struct rv_letter_order *o, const struct refvendor *v, struct arena *a, const struct rv_mail *m) {
  const struct rv_letter_type *t = rv_letter_type_of(m->type);
  const struct refvendor_party *p = rv_party(v, m->sender);
  const char *type = rv_has(v, DEFECT_LETTER_WRONG_ANSWER) ? "DIS13" : t && t->answer ? t->answer : "DIS91";
  if (!o->type.n) o->type = arena_printf(a, "%s%s", str_starts(m->type, STR("X")) ? "X" : "", type);
  o->bare = m->bare;
  o->patient.cpr = m->cpr;
  o->referral = rv_has(v, DEFECT_LETTER_OTHER_REFERRAL) ? STR("FREMMEDHENV01") : m->episode;
  o->to = p ? *p : (struct refvendor_party){.gln = m->sender, .sor = STR("8888011000016005"), .name = STR("_")};
}

static void act_answer(struct rv_call *c) {
  struct rv_letter_order o;
  const struct rv_mail *m = subject(c);
  if (!m || !order_of(c, &o)) return;
  o.type = rv_call_text(c, "type");
  answer_to(&o, c->v, c->a, m);
  if (!o.referral.n) o.referral = STR("EGENHENV00001");
  send(c, &o);
}

/* An advice of admission is answered without anybody doing anything, to whom it names. */
void rv_letter_answer_advice(struct refvendor *v, struct arena *a, const struct rv_mail *m, struct str answer_to_gln) {
  struct rv_letter_order o = {.variant = "",
                              .patient = {.given = STR("Nanna"), .family = STR("Prøveborg")},
                              .episode = m->episode,
                              .statistic = "automatic"};
  answer_to(&o, v, a, m);
  o.episode = rv_has(v, DEFECT_LETTER_OTHER_REFERRAL) ? STR("FREMMEDHENV01") : m->episode;
  if (answer_to_gln.n) o.to.gln = answer_to_gln;
  if (!rv_has(v, DEFECT_NO_LETTER)) (void)rv_letter_send(v, &o);
}

static const struct rv_action letter_actions[] = {{"send", act_send}, {"answer", act_answer}, {0}};
static const char *const letter_keys[] = {"type", "attachment", "referral", "episode", "envelope", "receipt", NULL};
/* Not a message of FHIR: no event is its. */
const struct rv_kind rv_letters = {
    .name = "edi", .event = "edi", .statistic = "manual", .actions = letter_actions, .keys = letter_keys};
