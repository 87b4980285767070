/* What an operator does with what comes: pass it on, convert it, or wait for what belongs to it. */
#include "refvendor/converter.h"

#include "envelope/vans.h"

static const struct {
  const char *code, *version;
} versions[] = {{RV_FHIR, "5.0"}, {"XDIS91", "XD9134L"}, {"XBIN01", "XB0131X"}};

/* What the receiver can take stands in the register. */
static bool receives(const struct rv_held *h, const char *code) {
  const struct rv_converter *c = h->v->converter;
  const struct register_unit *u = sor_register_find(c->sor, h->envelope.receiver);
  size_t i = 0;
  while (i + 1 < sizeof versions / sizeof *versions && !str_eqz(str_z(code), versions[i].code)) i++;
  return u && register_unit_receives(u, str_z(code), str_z(versions[i].version));
}

static struct rv_held *held_new(struct refvendor *v, struct str wire) {
  struct arena *a = arena_new(0);
  struct rv_held *h = ARENA_NEW(a, struct rv_held);
  struct findings f;
  findings_init(&f, a);
  *h = (struct rv_held){.v = v, .arena = a, .wire = arena_str(a, wire)};
  struct source src = {STR("envelope"), h->wire};
  bool read = envelope_sniff(h->wire) == &vans_kind && vans_kind.read(&h->envelope, a, src, &f) == 0;
  if (read && h->envelope.id.n && h->envelope.sender.n && h->envelope.receiver.n) return h;
  arena_free(a);
  return NULL;
}

struct rv_held *rv_converter_read(struct refvendor *v, struct str wire) {
  struct rv_held *h = held_new(v, wire);
  struct source payload = {STR("payload"), h ? h->envelope.payload : (struct str){0}};
  if (h && (h->envelope.content != ENVELOPE_MESSAGE ||
            convert_glance(&h->glance, h->arena, v->converter->rules, payload) < 0))
    h->glance = (struct convert_glance){0};
  return h;
}

static void held_free(struct rv_held *h) {
  for (struct rv_held **at = &h->v->converter->held; *at; at = &(*at)->next)
    if (*at == h) {
      *at = h->next;
      break;
    }
  if (h->timer) loop_cancel(h->v->loop, h->timer);
  arena_free(h->arena);
}

/* The defect: what is passed on is not what came. */
static void renew_ids(struct rv_held *h) {
  struct str old = h->glance.letter;
  size_t at = str_find(h->envelope.payload, old, 0);
  struct buf b;
  if (!rv_has(h->v, DEFECT_CONVERT_RENEWS_IDS) || !old.n || at == SIZE_MAX) return;
  char *payload = arena_alloc(h->arena, h->envelope.payload.n);
  struct str id = rv_id(h->v, h->arena);
  memcpy(payload, h->envelope.payload.p, h->envelope.payload.n);
  for (; at != SIZE_MAX; at = str_find(h->envelope.payload, old, at + 1))
    memcpy(payload + at, id.p, old.n < id.n ? old.n : id.n);
  h->envelope.payload.p = payload;
  buf_init(&b, RV_BYTES_MAX);
  vans_kind.write(&b, &h->envelope);
  h->wire = buf_take(&b, h->arena);
}

void rv_converter_pass(struct rv_held *h) {
  renew_ids(h);
  rv_log(h->v, "%.*s for %.*s is passed on", STR_F(h->glance.type), STR_F(h->envelope.receiver));
  rv_post(h->v, &(struct rv_posting){.wire = h->wire, .id = h->envelope.id});
}

/* It is done with, and its file too. */
static void done(struct rv_held *h) {
  rv_converter_let_go(h);
  held_free(h);
}

static void pass(struct rv_held *h) {
  rv_converter_pass(h);
  done(h);
}

/* ---- a letter and its attachments ---- */

static bool has_object(const struct rv_held *bin, struct str object) {
  for (size_t i = 0; i < bin->glance.objects.n; i++)
    if (str_eq_nocase(bin->glance.objects.v[i], object)) return true;
  return false;
}

/* Does that XBIN01 hold something that the letter names, from and to the same? */
static bool belongs(const struct rv_held *letter, const struct rv_held *bin) {
  if (letter == bin || !str_eqz(letter->glance.type, "XDIS91") || !str_eqz(bin->glance.type, "XBIN01")) return false;
  if (!str_eq(letter->envelope.sender, bin->envelope.sender)) return false;
  if (!str_eq(letter->envelope.receiver, bin->envelope.receiver)) return false;
  for (size_t i = 0; i < letter->glance.objects.n; i++)
    if (has_object(bin, letter->glance.objects.v[i])) return true;
  return false;
}

static bool is_complete(const struct rv_held *letter) {
  for (size_t i = 0; i < letter->glance.objects.n; i++) {
    bool there = false;
    for (const struct rv_held *h = letter->v->converter->held; h && !there; h = h->next)
      there = belongs(letter, h) && has_object(h, letter->glance.objects.v[i]);
    if (!there) return false;
  }
  return true;
}

/* The letter and what came of its attachments become one message. */
static void convert_letter(struct rv_held *letter) {
  struct source inputs[CONVERT_INPUTS_MAX] = {{STR("XDIS91"), letter->envelope.payload}};
  struct rv_held *bins[CONVERT_INPUTS_MAX];
  size_t n = 1;
  for (struct rv_held *h = letter->v->converter->held; h && n < CONVERT_INPUTS_MAX; h = h->next) {
    if (!belongs(letter, h)) continue;
    bins[n] = h;
    inputs[n++] = (struct source){STR("XBIN01"), h->envelope.payload};
  }
  rv_converter_send(letter, CONVERT_CARECOMMUNICATION, inputs, n);
  while (--n) done(bins[n]);
  done(letter);
}

static void on_hour(void *payload) {
  struct rv_held *h = payload;
  h->timer = NULL;
  rv_log(h->v, "what belongs to %.*s did not come in time", STR_F(h->glance.type));
  if (str_eqz(h->glance.type, "XDIS91"))
    convert_letter(h);
  else
    pass(h);
}

void rv_converter_wait(struct rv_held *h) {
  struct rv_held **at = &h->v->converter->held;
  int64_t left = h->due - clock_wall();
  while (*at) at = &(*at)->next;
  *at = h;
  if (h->due) h->timer = loop_after(h->v->loop, left > 0 ? left : 0, on_hour, h);
}

static void hold(struct rv_held *h) {
  bool bin = str_eqz(h->glance.type, "XBIN01");
  bool forever = rv_has(h->v, bin ? DEFECT_CONVERT_KEEPS_BIN : DEFECT_CONVERT_WAITS_FOREVER);
  h->due = forever ? 0 : clock_wall() + (int64_t)((double)RV_PAIR_MS / h->v->o->clock_scale);
  rv_converter_keep(h);
  rv_converter_taken(h->v);
  rv_converter_wait(h);
}

/* ---- a row a type ---- */

static void take_fhir(struct rv_held *h) {
  struct source in = {STR("CareCommunication"), h->envelope.payload};
  bool as_it_is = receives(h, RV_FHIR) && !rv_has(h->v, DEFECT_CONVERT_ALWAYS);
  if (as_it_is || (!receives(h, "XDIS91") && !rv_has(h->v, DEFECT_CONVERT_ALWAYS)) ||
      rv_has(h->v, DEFECT_CONVERT_IGNORES_CAPABILITY)) {
    pass(h);
    return;
  }
  if (rv_converter_is_new(h)) {
    rv_converter_send(h, CONVERT_XDIS91, &in, 1);
    rv_converter_taken(h->v);
  }
  done(h);
}

static void take_xdis91(struct rv_held *h) {
  bool fhir = receives(h, RV_FHIR) || rv_has(h->v, DEFECT_CONVERT_ALWAYS);
  bool as_it_is = receives(h, "XDIS91") && !rv_has(h->v, DEFECT_CONVERT_ALWAYS);
  if (as_it_is || !fhir || rv_has(h->v, DEFECT_CONVERT_IGNORES_CAPABILITY)) {
    pass(h);
    return;
  }
  if (!rv_converter_is_new(h)) {
    done(h);
    return;
  }
  hold(h);
  if (rv_has(h->v, DEFECT_CONVERT_NO_WAIT) || is_complete(h)) convert_letter(h);
}

/* What comes from the referral hotel belongs to a referral, and waits for nothing. */
static bool is_of_hotel(const struct rv_held *h) {
  const struct register_unit *u = sor_register_find(h->v->converter->sor, h->envelope.sender);
  return u && str_eqz(u->kind, RV_HOTEL) && !rv_has(h->v, DEFECT_CONVERT_HOLDS_HOTEL);
}

static void take_xbin01(struct rv_held *h) {
  struct rv_held *letter = h->v->converter->held;
  bool fhir = receives(h, RV_FHIR) && !receives(h, "XBIN01");
  if (is_of_hotel(h) || !(fhir || rv_has(h->v, DEFECT_CONVERT_HOLDS_HOTEL)) ||
      rv_has(h->v, DEFECT_CONVERT_IGNORES_CAPABILITY)) {
    pass(h);
    return;
  }
  if (!rv_converter_is_new(h)) {
    done(h);
    return;
  }
  hold(h);
  while (letter && !belongs(letter, h)) letter = letter->next;
  if (letter && is_complete(letter)) convert_letter(letter);
}

static void take_receipt(struct rv_held *h) {
  if (!rv_converter_receipt(h)) rv_converter_pass(h);
  done(h);
}

static void dispatch(struct rv_held *h) {
  static const struct {
    const char *type;
    void (*take)(struct rv_held *h);
  } rows[] = {{"CareCommunication", take_fhir}, {"XDIS91", take_xdis91}, {"XBIN01", take_xbin01}};
  if (h->glance.receipt) {
    take_receipt(h);
    return;
  }
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (str_eqz(h->glance.type, rows[i].type)) {
      rows[i].take(h);
      return;
    }
  pass(h);
}

int rv_converter_take(struct refvendor *v, struct str wire) {
  struct rv_held *h = rv_converter_read(v, wire);
  if (!h) {
    rv_log(v, "an envelope that cannot be read, or says not who sent it and to whom");
    return RV_REFUSED;
  }
  rv_follow_time(v, h->envelope.sent);
  if (h->glance.type.n)
    dispatch(h);
  else
    pass(h);
  return RV_TAKEN;
}

int rv_converter_open(struct refvendor *v, const char *data_dir, struct error *e) {
  struct rv_converter *c = ARENA_NEW(v->arena, struct rv_converter);
  *c = (struct rv_converter){.seed = v->o->seed};
  if (!c->seed.n) c->seed = rv_id(v, v->arena);
  if (conversion_rules_load(&c->rules, v->arena, data_dir, e) < 0) return -1;
  if (sor_register_load(&c->sor, v->arena, data_dir, e) < 0) return -1;
  v->converter = c;
  return rv_converter_recall(v, e) < 0 ? -1 : rv_converter_recall_held(v, e);
}

void rv_converter_close(struct refvendor *v) {
  while (v->converter && v->converter->held) held_free(v->converter->held);
}
