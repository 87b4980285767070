/* What an operator makes of a letter, in envelopes: each from and to whom the letter was. */
#include "envelope/vans.h"
#include "refvendor/converter.h"

#define CONVERTED_MAX ((size_t)512 << 20)
#define RV_MISSING "XBIN01 med bilaget er ikke modtaget inden for 60 minutter"

/* The envelope says what is inside; who it is from, and whether a person sent it, is the sender's to say. */
static void envelope_of(struct envelope *env, const struct rv_held *h, struct arena *a, const struct converted *c) {
  struct refvendor *v = h->v;
  struct envelope_payload says = {
      .format = c->format, .name = c->name, .version = c->envelope_version, .mime = c->mime};
  struct str statistic = envelope_tag_value(&h->envelope.meta, "MCM:STATISTIC");
  if (rv_has(v, DEFECT_CONVERT_WRONG_NAME)) says.name = STR("MCM:FDIS20");
  if (rv_has(v, DEFECT_CONVERT_WRONG_VERSION)) says.version = STR("4.0");
  if (rv_has(v, DEFECT_CONVERT_NO_STATISTIC)) statistic = (struct str){0};
  *env = (struct envelope){.sender = rv_has(v, DEFECT_CONVERT_OWN_SENDER) ? v->o->own.gln : h->envelope.sender,
                           .receiver = h->envelope.receiver,
                           .sender_type = STR("EAN"),
                           .receiver_type = STR("EAN"),
                           .id = rv_id(v, a),
                           .sent = rv_now(v, a)};
  vans_describe(env, &says, c->bytes, statistic.n ? arena_z(a, statistic) : NULL);
  env->meta.id = c->header.n ? c->header : rv_id(v, a);
}

static void post(const struct rv_held *h, struct arena *a, const struct converted *c) {
  struct envelope env;
  struct buf wire;
  envelope_of(&env, h, a, c);
  buf_init(&wire, CONVERTED_MAX);
  vans_kind.write(&wire, &env);
  rv_log(h->v, "%.*s for %.*s", STR_F(c->type), STR_F(env.receiver));
  rv_post(h->v, &(struct rv_posting){.wire = buf_str(&wire), .id = env.id});
  buf_release(&wire);
}

/* What cannot be converted cannot be delivered either: that the network says. */
void rv_converter_refuse(const struct rv_held *h, const struct error *why) {
  struct arena *a = arena_new(0);
  struct envelope env;
  struct buf wire;
  vans_receipt(&env, &h->envelope, RECEIPT_NEGATIVE_VANS, rv_id(h->v, a), rv_now(h->v, a), str_z(why->text));
  buf_init(&wire, CONVERTED_MAX);
  vans_kind.write(&wire, &env);
  rv_log(h->v, "%.*s cannot be converted: %s", STR_F(h->glance.type), why->text);
  rv_post(h->v, &(struct rv_posting){.wire = buf_str(&wire), .id = env.id});
  buf_release(&wire);
  arena_free(a);
}

static void log_findings(struct refvendor *v, const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++) rv_log(v, "%.*s: %.*s", STR_F(f->list.v[i].rule), STR_F(f->list.v[i].en));
}

void rv_converter_send(struct rv_held *h, enum convert_type to, const struct source *inputs, size_t n) {
  struct refvendor *v = h->v;
  struct arena *a = arena_new(0);
  struct conversion made = {0};
  struct findings f;
  struct error e;
  size_t pairs_n = v->converter->pairs.n;
  struct convert_pair *pairs = ARENA_ARRAY(a, struct convert_pair, pairs_n + 1);
  for (size_t i = 0; i < pairs_n; i++) pairs[i] = v->converter->pairs.v[i].ids;
  struct convert_options o = {.to = to,
                              .rules = v->converter->rules,
                              .seed = v->converter->seed,
                              .now = clock_stamp(&v->clock),
                              .sor = v->converter->sor,
                              .shapes = v->shapes,
                              .form = v->o->form,
                              .pairs = pairs,
                              .pairs_n = pairs_n};
  findings_init(&f, a);
  if (convert(&made, a, &o, inputs, n, &f, &e) < 0) rv_converter_refuse(h, &e);
  log_findings(v, &f);
  for (size_t i = 0; i < made.made.n; i++) {
    if (made.missing) made.made.v[i].why_invalid = STR(RV_MISSING);
    rv_converter_remember(v, &made.made.v[i]);
  }
  for (size_t i = 0; i < made.out.n; i++) {
    rv_converter_spoil(v, a, &made.out.v[i]);
    if (i && to == CONVERT_XCTL && rv_has(v, DEFECT_CONVERT_ONE_RECEIPT)) break;
    if (made.out.v[i].bytes.n) post(h, a, &made.out.v[i]);
  }
  arena_free(a);
}
