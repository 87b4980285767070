#include "endpoint/endpoint.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/uuid.h"
#include "endpoint/oauth.h"
#include "envelope/sbdh.h"

#include <string.h>

#define LETTER_ID_MAX 14 /* characters of the id of an interchange */
#define ALTERED_BYTES_MAX ((size_t)512 << 20)

#define CARRIED "vans-http|vans-folder|sbdh-http|sbdh-folder"
#define EVERYWHERE CARRIED "|upload"
#define SERVERS "fhir-rest|eds|eer|eas"
#define HTTP "http" /* whatever is reached over it */
#define FAULT_PARTIES "parties"

const struct fault_row fault_rows[FAULT_KINDS_N] = {
    [FAULT_REFUSE] = {.name = "refuse",
                      .directions = FAULT_RECEIVED,
                      .port = true,
                      .ms = 2000,
                      .exchanges = HTTP,
                      .en = "connections to the simulated network are refused",
                      .da = "forbindelser til det simulerede netværk afvises"},
    [FAULT_RESET] = {.name = "reset",
                     .directions = FAULT_RECEIVED,
                     .port = true,
                     .exchanges = HTTP,
                     .en = "connections to the simulated network are reset",
                     .da = "forbindelser til det simulerede netværk nulstilles"},
    [FAULT_UNAVAILABLE] = {.name = "unavailable",
                           .directions = FAULT_RECEIVED,
                           .lost = true,
                           .exchanges = HTTP,
                           .en = "the simulated network is unavailable",
                           .da = "det simulerede netværk er utilgængeligt"},
    [FAULT_TIME_OUT] = {.name = "time-out",
                        .directions = FAULT_RECEIVED,
                        .lost = true,
                        .ms = 65000,
                        .exchanges = HTTP,
                        .en = "the simulated network does not answer",
                        .da = "det simulerede netværk svarer ikke"},
    [FAULT_CUT] = {.name = "cut",
                   .directions = FAULT_RECEIVED,
                   .lost = true,
                   .exchanges = HTTP,
                   .en = "the connection is cut after the request",
                   .da = "forbindelsen afbrydes efter forespørgslen"},
    [FAULT_DROP_RECEIPT] = {.name = "drop-receipt",
                            .directions = FAULT_SENT,
                            .receipts = true,
                            .exchanges = EVERYWHERE,
                            .en = "a receipt to the system is lost",
                            .da = "en kvittering til systemet går tabt"},
    [FAULT_DUPLICATE] = {.name = "duplicate",
                         .directions = FAULT_SENT,
                         .exchanges = CARRIED,
                         .en = "a message reaches the system twice",
                         .da = "en meddelelse når systemet to gange"},
    [FAULT_DELAY] = {.name = "delay",
                     .directions = FAULT_SENT | FAULT_RECEIVED,
                     .ms = 5000,
                     .exchanges = CARRIED "|" SERVERS "|authorization",
                     .en = "the simulated network is slow",
                     .da = "det simulerede netværk er langsomt"},
    [FAULT_REORDER] = {.name = "reorder",
                       .directions = FAULT_SENT,
                       .ms = 10000,
                       .exchanges = CARRIED,
                       .en = "a message reaches the system after a later one",
                       .da = "en meddelelse når systemet efter en senere"},
    [FAULT_WRONG_RECEIPT] = {.name = "wrong-receipt",
                             .directions = FAULT_SENT,
                             .receipts = true,
                             .alters = true,
                             .exchanges = EVERYWHERE,
                             .en = "a receipt to the system names another message",
                             .da = "en kvittering til systemet nævner en anden meddelelse"},
    [FAULT_CORRUPT_ENVELOPE] = {.name = "corrupt-envelope",
                                .directions = FAULT_SENT,
                                .enveloped = true,
                                .alters = true,
                                .exchanges = EVERYWHERE,
                                .en = "a message reaches the system in a spoilt envelope",
                                .da = "en meddelelse når systemet i en ødelagt kuvert"},
    [FAULT_UNFIT] = {.name = "unfit",
                     .directions = FAULT_RECEIVED,
                     .creates = true,
                     .lost = true,
                     .exchanges = SERVERS,
                     .en = "the simulated server refuses what is created as not valid (422)",
                     .da = "den simulerede server afviser det, der oprettes, som ugyldigt (422)"},
    [FAULT_FORBIDDEN] = {.name = "forbidden",
                         .directions = FAULT_RECEIVED,
                         .creates = true,
                         .lost = true,
                         .exchanges = SERVERS,
                         .en = "the simulated server denies the right to create (403)",
                         .da = "den simulerede server nægter retten til at oprette (403)"},
    [FAULT_UNAUTHORIZED] = {.name = "unauthorized",
                            .directions = FAULT_RECEIVED,
                            .creates = true,
                            .lost = true,
                            .exchanges = SERVERS,
                            .en = "the simulated server does not take the token (401)",
                            .da = "den simulerede server godtager ikke tokenet (401)"},
    [FAULT_LOST_ANSWER] = {.name = "lost-answer",
                           .directions = FAULT_RECEIVED,
                           .creates = true,
                           .exchanges = SERVERS,
                           .en = "what is created is kept, and the answer is lost",
                           .da = "det, der oprettes, gemmes, og svaret går tabt"},
    [FAULT_BAD_TLS] = {.name = "bad-tls",
                       .directions = FAULT_RECEIVED,
                       .port = true,
                       .exchanges = HTTP,
                       .en = "a simulated server cannot be trusted over TLS",
                       .da = "en simuleret server er ikke til at stole på over TLS"},
    [FAULT_WRONG_ANSWER] = {.name = "wrong-answer",
                            .directions = FAULT_RECEIVED,
                            .exchanges = "authorization",
                            .en = "the simulated authorization server answers wrong",
                            .da = "den simulerede autorisationsserver svarer forkert"},
};

enum fault_kind fault_kind_find(struct str name) {
  size_t i = 0;
  while (i < FAULT_KINDS_N && !str_eqz(name, fault_rows[i].name)) i++;
  return (enum fault_kind)i;
}

static void put_int(struct facts *out, const char *name, int64_t value) {
  facts_put(out, str_z(name), arena_printf(out->arena, "%lld", (long long)value));
}

void fault_put(struct facts *out, const struct fault *f) {
  facts_put(out, STR("fault"), str_z(fault_rows[f->kind].name));
  facts_put(out, STR("on"), f->on == FAULT_RECEIVED ? STR("received") : STR("sent"));
  facts_put(out, STR("event"), f->event);
  put_int(out, "nth", f->nth);
  put_int(out, "count", f->count);
  if (f->ms) put_int(out, "ms", f->ms);
  if (f->status) put_int(out, "status", f->status);
  facts_put(out, STR("how"), f->how);
  if (f->again) facts_put(out, STR("persistent"), STR("true"));
}

bool fault_get(struct fault *out, const struct facts *data) {
  int64_t status = 0;
  *out = (struct fault){.kind = fault_kind_find(facts_get(data, "fault")),
                        .on = str_eqz(facts_get(data, "on"), "received") ? FAULT_RECEIVED : FAULT_SENT,
                        .event = facts_get(data, "event"),
                        .how = facts_get(data, "how"),
                        .again = str_eqz(facts_get(data, "persistent"), "true")};
  if (facts_get(data, "ms").n && !str_int(facts_get(data, "ms"), &out->ms)) return false;
  if (facts_get(data, "status").n && !str_int(facts_get(data, "status"), &status)) return false;
  out->status = (int)status;
  return out->kind < FAULT_KINDS_N && str_int(facts_get(data, "nth"), &out->nth) &&
         str_int(facts_get(data, "count"), &out->count);
}

static bool in_choices(struct str word, const char *choices) {
  for (struct str rest = str_z(choices); rest.n;)
    if (str_eq(str_cut(&rest, '|'), word)) return true;
  return false;
}

const char *fault_refusal(const struct fault *f, struct str exchange, bool shared_port) {
  const char *where = fault_rows[f->kind].exchanges;
  bool over_http = endpoint_is_http(exchange);
  if (strcmp(where, HTTP) == 0 ? !over_http : !in_choices(exchange, where))
    return "the way in which this system exchanges messages";
  if (f->kind == FAULT_DELAY && !(f->on == FAULT_RECEIVED ? over_http : in_choices(exchange, CARRIED)))
    return "the way in which this system exchanges messages";
  if (fault_rows[f->kind].port && shared_port) return "a port that is shared with other systems";
  return NULL;
}

static bool is_receipt(const struct facts *facts) {
  return str_eqz(facts_get(facts, "kind"), "receipt") || facts_get(facts, "receipt.kind").n ||
         str_eqz(facts_get(facts, "event"), "acknowledgement-message");
}

bool fault_counts(const struct fault *f, enum fault_direction way, const struct facts *facts) {
  const struct fault_row *row = &fault_rows[f->kind];
  if (row->port || f->on != way) return false;
  if (row->receipts && !is_receipt(facts)) return false;
  if (row->enveloped && !facts_get(facts, "envelope.id").n) return false;
  if (row->creates && !str_eqz(facts_get(facts, "rest.interaction"), "create")) return false;
  const struct oauth_wrong *wrong = f->kind == FAULT_WRONG_ANSWER ? oauth_wrong_find(f->how) : NULL;
  if (wrong && !str_eqz(facts_get(facts, "oauth.request"), wrong->alters)) return false;
  return !f->event.n || str_eq(f->event, facts_get(facts, "event")) ||
         str_eq(f->event, facts_get(facts, "eds.subtype")) || str_eq(f->event, facts_get(facts, "envelope.receipt"));
}

bool fault_hits(const struct fault *f, int64_t number) {
  return f->again ? number == f->nth : number >= f->nth && number - f->nth < f->count;
}

bool fault_may_hit_again(const struct fault *f) {
  return f->kind == FAULT_UNFIT || f->kind == FAULT_FORBIDDEN;
}

bool fault_is_same(const struct facts *x, const struct facts *y) {
  static const char *const names[] = {"eds.message", "eds.transport", "eds.subtype", "eds.station", NULL};
  for (const char *const *name = names; *name; name++)
    if (!str_eq_nocase(facts_get(x, *name), facts_get(y, *name))) return false;
  return facts_get(x, "eds.message").n > 0;
}

/* ---- altering ---- */

static int not_alterable(struct error *e, const char *what) {
  return error_set(e, ERR_SYNTAX, "the message cannot be spoilt as asked: %s", what);
}

static struct str swap(struct arena *a, struct str bytes, struct str what, struct str by) {
  struct buf b;
  buf_init(&b, ALTERED_BYTES_MAX);
  for (size_t at = 0;;) {
    size_t found = str_find(bytes, what, at);
    buf_add(&b, str_sub(bytes, at, found == SIZE_MAX ? bytes.n : found));
    if (found == SIZE_MAX) return buf_take(&b, a);
    buf_add(&b, by);
    at = found + what.n;
  }
}

static int open_envelope(struct envelope *env, struct arena *a, struct str wire, struct error *e) {
  const struct envelope_kind *kind = envelope_sniff(wire);
  struct findings f;
  *env = (struct envelope){0};
  findings_init(&f, a);
  if (kind && kind->read(env, a, (struct source){STR("sent"), wire}, &f) == 0) return 0;
  return not_alterable(e, "it is in no envelope");
}

static struct str written(struct arena *a, const struct envelope *env) {
  struct buf b;
  buf_init(&b, ALTERED_BYTES_MAX);
  env->kind->write(&b, env);
  return buf_take(&b, a);
}

/* The same envelope with another payload; ids and size as before, so that they tell what it was. */
static int rewrap(struct str *out, struct arena *a, struct str wire, struct str what, struct str by, bool half,
                  struct error *e) {
  struct envelope env;
  if (open_envelope(&env, a, wire, e) < 0 || env.payload.n == 0)
    return not_alterable(e, "its envelope holds no payload");
  env.payload = half ? str_sub(env.payload, 0, env.payload.n / 2) : swap(a, env.payload, what, by);
  if (!half) env.meta.size = (int64_t)env.payload.n;
  *out = written(a, &env);
  return 0;
}

static void exchange(struct str *x, struct str *y) {
  struct str kept = *x;
  *x = *y;
  *y = kept;
}

static struct sbdh_scope *scope_of(struct sbdh *s, const char *type) {
  for (size_t i = 0; i < s->scopes.n; i++)
    if (str_eqz(s->scopes.v[i].type, type)) return &s->scopes.v[i];
  return NULL;
}

/* It is right but for its parties, which are the wrong way round. */
static int alter_parties(struct str *out, struct arena *a, struct str wire, struct error *e) {
  struct envelope env;
  if (open_envelope(&env, a, wire, e) < 0) return -1;
  exchange(&env.sender, &env.receiver);
  exchange(&env.sender_type, &env.receiver_type);
  struct sbdh_scope *from = env.sbdh ? scope_of(env.sbdh, SBDH_SENDER_ID) : NULL;
  struct sbdh_scope *to = env.sbdh ? scope_of(env.sbdh, SBDH_RECEIVER_ID) : NULL;
  if (env.sbdh) exchange(&env.sbdh->sender, &env.sbdh->receiver);
  if (from && to) exchange(&from->value, &to->value);
  *out = written(a, &env);
  return 0;
}

/* It answers a message that was never there. */
static int alter_receipt(struct str *out, struct arena *a, struct str wire, const struct facts *facts, struct str seed,
                         struct error *e) {
  struct str part = STR("wrong-receipt"), other = uuid_derive(a, seed, 1, &part);
  struct str original = facts_get(facts, "envelope.original"), to = facts_get(facts, "response.to");
  struct str letter = facts_get(facts, "receipt.of"), short_id = str_sub(other, 0, LETTER_ID_MAX);
  if (letter.n && envelope_sniff(wire)) return rewrap(out, a, wire, letter, short_id, false, e);
  if (letter.n) {
    *out = swap(a, wire, letter, short_id);
    return 0;
  }
  if (!original.n && !to.n) return not_alterable(e, "it names no message that it answers");
  if (!original.n && facts_get(facts, "envelope.id").n) return rewrap(out, a, wire, to, other, false, e);
  /* The signal within an SBDH acknowledgement names it too. */
  if (original.n && facts_get(facts, "sbdh.kind").n && rewrap(&wire, a, wire, original, other, false, e) < 0) return -1;
  *out = swap(a, wire, original.n ? original : to, other);
  return 0;
}

static int spoil_cut(struct str *out, struct arena *a, struct str wire, struct error *e) {
  (void)a, (void)e;
  *out = str_sub(wire, 0, wire.n - wire.n / 3);
  return 0;
}

/* Behind the payload's element each envelope ends it in its own way, and neither writes '<' in base64. */
static const char *const ends_of_payload[] = {"</Data>", "</BinaryContent>"};

static int find_end(struct str wire, size_t *at, struct error *e) {
  for (size_t i = 0; i < sizeof ends_of_payload / sizeof *ends_of_payload; i++) {
    *at = str_find(wire, str_z(ends_of_payload[i]), 0);
    if (*at != SIZE_MAX) return 0;
  }
  return not_alterable(e, "its envelope holds no data");
}

static int put_in(struct str *out, struct arena *a, struct str wire, const char *text, bool within, struct error *e) {
  size_t at;
  if (find_end(wire, &at, e) < 0) return -1;
  if (within) at += 2; /* behind "</" */
  struct str head = str_sub(wire, 0, at), tail = str_sub(wire, at, wire.n);
  *out = arena_printf(a, "%.*s%s%.*s", STR_F(head), text, STR_F(tail));
  return 0;
}

static int spoil_tag(struct str *out, struct arena *a, struct str wire, struct error *e) {
  return put_in(out, a, wire, "x", true, e);
}

static int spoil_base64(struct str *out, struct arena *a, struct str wire, struct error *e) {
  return put_in(out, a, wire, "*", false, e);
}

static int spoil_content(struct str *out, struct arena *a, struct str wire, struct error *e) {
  return rewrap(out, a, wire, (struct str){0}, (struct str){0}, true, e);
}

/* One character of an id in the payload is another: only the scope that repeats the id gives it away. */
static int spoil_byte(struct str *out, struct arena *a, struct str wire, struct error *e) {
  static const char *const repeated[] = {SBDH_BUNDLE_ID, SBDH_MESSAGE_ID};
  struct envelope env;
  if (open_envelope(&env, a, wire, e) < 0) return -1;
  for (size_t i = 0; env.sbdh && i < sizeof repeated / sizeof *repeated; i++) {
    struct str id = sbdh_scope_value(env.sbdh, repeated[i]);
    size_t at = id.n ? str_find(env.payload, id, 0) : SIZE_MAX;
    if (at == SIZE_MAX) continue;
    struct str head = str_sub(env.payload, 0, at + id.n - 1), tail = str_sub(env.payload, at + id.n, env.payload.n);
    env.payload = arena_printf(a, "%.*s%c%.*s", STR_F(head), id.p[id.n - 1] == '0' ? '1' : '0', STR_F(tail));
    *out = written(a, &env);
    return 0;
  }
  return not_alterable(e, "its envelope repeats no id of its payload");
}

const char fault_hows[] =
    "cut|tag|base64|content|byte|" FAULT_PARTIES "|"
    "wrong-issuer|no-alias|expired-token|short-token|reduced-scope|wrong-audience|wrong-certificate|alg-rs256|alg-none|"
    "bad-signature|token-type|wrong-state|wrong-iss|no-iss|replayed-code|unavailable|broken|slow|"
    "expired|not-yet-valid|wrong-name|unknown-authority|tls-1.1";

static const struct {
  const char *how;
  int (*spoil)(struct str *out, struct arena *a, struct str wire, struct error *e);
} spoilers[] = {
    {"cut", spoil_cut}, {"tag", spoil_tag}, {"base64", spoil_base64}, {"content", spoil_content}, {"byte", spoil_byte}};

static bool is_bad_tls(struct str how) {
  static const char *const hows[] = {"expired", "not-yet-valid", "wrong-name", "unknown-authority", FAULT_TLS_OLD};
  for (size_t i = 0; i < sizeof hows / sizeof *hows; i++)
    if (str_eqz(how, hows[i])) return true;
  return false;
}

struct str fault_tls_file(struct arena *a, struct str sound, struct str how) {
  size_t dot = sound.n;
  while (dot > 0 && sound.p[dot - 1] != '.' && sound.p[dot - 1] != '/') dot--;
  if (!dot || sound.p[dot - 1] == '/') return arena_printf(a, "%.*s-%.*s", STR_F(sound), STR_F(how));
  return arena_printf(a, "%.*s-%.*s%.*s", (int)(dot - 1), sound.p, STR_F(how), STR_F(str_sub(sound, dot - 1, sound.n)));
}

bool fault_how_fits(const struct fault *f) {
  if (f->kind == FAULT_BAD_TLS) return is_bad_tls(f->how);
  if (f->kind == FAULT_WRONG_ANSWER) return oauth_wrong_find(f->how) != NULL;
  if (!f->how.n) return true;
  if (f->kind == FAULT_WRONG_RECEIPT) return str_eqz(f->how, FAULT_PARTIES);
  for (size_t i = 0; f->kind == FAULT_CORRUPT_ENVELOPE && i < sizeof spoilers / sizeof *spoilers; i++)
    if (str_eqz(f->how, spoilers[i].how)) return true;
  return false;
}

#define SPOILERS (sizeof spoilers / sizeof *spoilers)
/* Chance chooses among the first ones, which show in any envelope. */
#define BY_CHANCE 4

static size_t chosen(struct str how, struct str seed) {
  char digest[SHA256_HEX + 1];
  for (size_t i = 0; i < SPOILERS; i++)
    if (str_eqz(how, spoilers[i].how)) return i;
  sha256_hex(digest, seed);
  return (size_t)(unsigned char)digest[0] % BY_CHANCE;
}

int fault_alter(struct str *out, struct arena *a, const struct fault *f, struct str wire, const struct facts *facts,
                struct str seed, struct error *e) {
  if (f->kind == FAULT_WRONG_RECEIPT && f->how.n) return alter_parties(out, a, wire, e);
  if (f->kind == FAULT_WRONG_RECEIPT) return alter_receipt(out, a, wire, facts, seed, e);
  return spoilers[chosen(f->how, seed)].spoil(out, a, wire, e);
}
