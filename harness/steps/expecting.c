/* What the expect words share: waiting, and what is told of a message that came or did not. */
#include "envelope/dedup.h"
#include "steps/steps_int.h"

static const struct expect_args *args_of(const struct step_view *v) {
  return v->at->step->args;
}

enum step_wants expecting_wants(const struct step_view *v, const struct state_message *m, struct str *why_en,
                                struct str *why_da) {
  return select_wants(&args_of(v)->select, v, m, why_en, why_da);
}

/* What never came, or could never be delivered, nobody can answer. */
static bool is_there(const struct step_view *v, struct str name) {
  const struct state_message *m = state_message_find(v->state, name);
  return m && !(m->outbound && m->failure.n && !m->status.n);
}

/* The message of an earlier step that this one refers to, and that is not there; empty if all are. */
static struct str missing(const struct step_view *v) {
  const struct select *s = &args_of(v)->select;
  if (s->to.n && !is_there(v, s->to)) return s->to;
  if (s->answers.n && !is_there(v, s->answers)) return s->answers;
  if (s->of.n && !is_there(v, s->of)) return s->of;
  if (s->made_of.n && !is_there(v, s->made_of)) return s->made_of;
  return (struct str){0};
}

/* 0 if every value of `where` is known. */
static int check_where(const struct step_view *v, struct error *e) {
  struct expander x = {.v = v};
  for (NODE_EACH(c, args_of(v)->select.where)) {
    struct str value;
    if (expand_text(&value, &x, select_where_text(c), EXPAND_PLAIN, e) < 0) return -1;
  }
  return 0;
}

/* Without what it refers to nothing can be waited for: it is judged at once. */
int expecting_effect(const struct step_view *v, struct step_host *h, const char *owner, struct error *e) {
  int64_t ms;
  if (missing(v).n) return 0;
  if (check_where(v, e) < 0) return e->code == ERR_PEER ? 0 : -1;
  if (expand_duration(&ms, v, args_of(v)->within, e) < 0) return e->code == ERR_PEER ? 0 : -1;
  h->wait(h->context, v, owner, ms);
  return 0;
}

enum step_ready expecting_ready(const struct step_view *v) {
  bool waits = v->at->owner.n != 0;
  return v->at->message || v->at->timer || !waits ? STEP_READY : STEP_WAIT;
}

bool expecting_waited(const struct step_view *v, struct judgement *j) {
  struct error e;
  int64_t ms;
  if (v->at->message || v->at->timer) return true;
  if (missing(v).n)
    JUDGE(j, RULE_NO_MESSAGE, ((struct place){0}), missing(v));
  else if (check_where(v, &e) < 0 || expand_duration(&ms, v, args_of(v)->within, &e) < 0)
    judge_unresolved(j, &e);
  else
    JUDGE(j, RULE_UNRESOLVED, ((struct place){0}), STR("-"));
  return false;
}

static void add_part(struct buf *b, const char *what, struct str value) {
  if (value.n) buf_printf(b, ", %s %.*s", what, STR_F(value));
}

struct str message_words(struct arena *a, const struct state_message *m) {
  struct buf b;
  struct str type = facts_get(&m->facts, "event");
  if (!type.n) type = facts_get(&m->facts, "letter");
  if (!type.n) type = facts_get(&m->facts, "envelope.receipt");
  if (!type.n) type = facts_get(&m->facts, "rest.type");
  if (!type.n) type = facts_get(&m->facts, "oauth.request");
  if (!type.n) type = facts_get(&m->facts, "tls.why");
  if (!type.n) type = facts_get(&m->facts, "kind");
  buf_init(&b, EXPAND_TEXT_MAX);
  buf_printf(&b, "%.*s (%.*s", STR_F(m->id), STR_F(type));
  add_part(&b, "REST", facts_get(&m->facts, "rest.interaction"));
  add_part(&b, "id", facts_get(&m->facts, "rest.id"));
  add_part(&b, "scope", facts_get(&m->facts, "oauth.scope"));
  add_part(&b, "HTTP", facts_get(&m->facts, "http.status"));
  add_part(&b, "response", facts_get(&m->facts, "response.code"));
  add_part(&b, "letter", facts_get(&m->facts, "letter.id"));
  add_part(&b, "activity", facts_get(&m->facts, "activity"));
  add_part(&b, "MessageHeader", facts_get(&m->facts, "header.id"));
  add_part(&b, "Bundle", facts_get(&m->facts, "bundle.id"));
  add_part(&b, "EnvelopeIdentifier", facts_get(&m->facts, "envelope.id"));
  buf_byte(&b, ')');
  return buf_take(&b, a);
}

static void add_near_misses(const struct step_view *v, struct judgement *j) {
  for (size_t i = 0; i < v->state->messages.n; i++) {
    const struct state_message *m = v->state->messages.v[i];
    struct str en, da;
    if (m->outbound || m->owner || expecting_wants(v, m, &en, &da) != WANTS_NEARLY) continue;
    JUDGE(j, RULE_NEAR_MISS, message_place(m), message_words(v->scratch, m), en, da);
  }
}

/* The way to the system of this step of what it was to answer; NULL where it was not relayed. */
static const struct state_message *relay_to(const struct step_view *v, struct str name) {
  const struct state_message *of = name.n ? state_message_find(v->state, name) : NULL;
  for (size_t i = 0; of && i < v->state->messages.n; i++) {
    const struct state_message *m = v->state->messages.v[i];
    if (m->relayed == of && str_eq(m->party, v->at->step->at)) return m;
  }
  return NULL;
}

/* Nobody answers what did not reach it: that is told, and is no fault of the one that waits. */
static void judge_relay(const struct step_view *v, struct judgement *j) {
  const struct select *s = &args_of(v)->select;
  const struct state_message *m = relay_to(v, s->to.n ? s->to : s->answers);
  if (!m) return;
  if (!m->status.n) {
    struct str why = m->failure.n ? m->failure : STR("it is still being tried");
    JUDGE(j, RULE_SEND_UNREACHABLE, message_place(m), view_vendor(v)->system, why);
    j->verdict = VERDICT_ERROR;
  } else if (m->status.p[0] != '2' && !str_eqz(m->status, "ready")) {
    JUDGE(j, RULE_SEND_REFUSED, message_place(m), m->status);
  }
}

int expecting_fits(const struct step *s, const struct vendor_wire *w, struct error *e) {
  const struct expect_args *args = s->args;
  const char *envelope = select_envelope(&args->select);
  if (args->select.rest.n) return rest_fits(s, w, e);
  if (args->select.oauth.n) return oauth_fits(s, w, e);
  return envelope ? envelope_fits(s, w, envelope, e) : 0;
}

void expecting_late(const struct step_view *v, struct judgement *j) {
  const struct select *s = &args_of(v)->select;
  struct str what = select_words(v->scratch, s);
  struct str time = duration_format(v->scratch, v->at->deadline);
  JUDGE(j, RULE_DEADLINE, ((struct place){0}), what, time);
  judge_relay(v, j);
  add_near_misses(v, j);
  judge_actual(j, STR("No such message came"), STR("Der kom ingen sådan meddelelse"));
}

struct seen {
  const struct state_message *envelope, *message;
};

/* A copy for the register of messages has the ids of what it is a copy of, and is no duplicate of that. */
static bool is_alike(const struct state_message *o, const struct state_message *m) {
  return str_eq(o->party, m->party) && str_eq(facts_get(&o->facts, "sbdh.kind"), facts_get(&m->facts, "sbdh.kind"));
}

/* The first earlier message with the same envelope identifier, and the first with the same message identifier. */
static struct seen seen_before(const struct step_view *v, const struct state_message *m) {
  struct seen found = {0};
  for (size_t i = 0; i < v->state->messages.n; i++) {
    const struct state_message *o = v->state->messages.v[i];
    if (o->outbound || o->lost || o->seq >= m->seq || !is_alike(o, m)) continue;
    bool envelope = str_eq(facts_get(&o->facts, "envelope.id"), facts_get(&m->facts, "envelope.id"));
    bool message = str_eq(facts_get(&o->facts, "envelope.message"), facts_get(&m->facts, "envelope.message"));
    if (envelope && !found.envelope) found.envelope = o;
    if (message && !found.message) found.message = o;
  }
  return found;
}

static enum dedup_action dedup_of(const struct step_view *v, const struct state_message *m) {
  struct dedup d;
  enum dedup_action action = DEDUP_NEW;
  dedup_init(&d, v->scratch);
  for (size_t i = 0; i < v->state->messages.n; i++) {
    const struct state_message *o = v->state->messages.v[i];
    struct str envelope = facts_get(&o->facts, "envelope.id"), message = facts_get(&o->facts, "envelope.message");
    if (o->outbound || o->lost || o->seq > m->seq || !envelope.n || !message.n) continue;
    if (!is_alike(o, m)) continue;
    enum dedup_action now = dedup_see(&d, v->scratch, envelope, message);
    if (o == m) action = now;
  }
  return action;
}

static void check_seen(const struct step_view *v, struct judgement *j, const struct state_message *m) {
  struct str envelope = facts_get(&m->facts, "envelope.id"), message = facts_get(&m->facts, "envelope.message");
  if (!envelope.n || !message.n || str_eqz(facts_get(&m->facts, "kind"), "receipt")) return;
  if (state_doubted(v->state, m)) return;
  enum dedup_action action = dedup_of(v, m);
  struct seen before = seen_before(v, m);
  if (action == DEDUP_ERROR && before.envelope)
    JUDGE(j, RULE_ENVELOPE_REUSED, message_place(m), envelope, before.envelope->id);
  if ((action == DEDUP_DUPLICATE || action == DEDUP_RESENT) && before.message)
    JUDGE(j, RULE_DUPLICATE, message_place(m), message, before.message->id);
}

static bool same_fact(const struct state_message *x, const struct state_message *y, const char *name) {
  return str_eq_nocase(facts_get(&x->facts, name), facts_get(&y->facts, name));
}

/* The same message once more: what a resend keeps is the same. */
static bool is_resend(const struct state_message *m, const struct state_message *before) {
  static const char *const kept[] = {"event", "thread", "activity", "previous", "response.to", NULL};
  for (const char *const *name = kept; *name; name++)
    if (!same_fact(m, before, *name)) return false;
  return true;
}

/* MedCom's general use cases: MessageHeader.id is new with each message; only a resend keeps it. */
static void check_header_id(const struct step_view *v, struct judgement *j, const struct state_message *m) {
  struct str id = facts_get(&m->facts, "header.id");
  for (size_t i = 0; id.n && i < v->state->messages.n; i++) {
    const struct state_message *o = v->state->messages.v[i];
    if (o->lost || o->seq >= m->seq || !same_fact(m, o, "header.id") || is_resend(m, o)) continue;
    JUDGE(j, RULE_HEADER_REUSED, message_place(m), id, o->id);
    return;
  }
}

/* New and forwarded messages have a thread of their own. */
static void check_thread(const struct step_view *v, struct judgement *j, const struct state_message *m) {
  struct str id = facts_get(&m->facts, "thread"), activity = facts_get(&m->facts, "activity");
  if (!str_eqz(activity, "new-message") && !str_eqz(activity, "forward-message")) return;
  for (size_t i = 0; id.n && i < v->state->messages.n; i++) {
    const struct state_message *o = v->state->messages.v[i];
    if (o->lost || o->seq >= m->seq || !same_fact(m, o, "thread") || same_fact(m, o, "header.id")) continue;
    JUDGE(j, RULE_THREAD_REUSED, message_place(m), id, o->id);
    return;
  }
}

/* A VANS operator passes on what others have written, and what it makes of that is still from them. */
static void check_carried(const struct step_view *v, struct judgement *j, const struct state_message *m,
                          struct str made_of) {
  static const struct {
    const char *fact, *of;
    enum steps_rule rule;
  } sides[] = {{"envelope.sender", "envelope.sender", RULE_CARRIED_SENDER},
               {"sender.gln", "envelope.sender", RULE_CARRIED_SENDER},
               {"envelope.receiver", "envelope.receiver", RULE_CARRIED_RECEIVER},
               {"receiver.gln", "envelope.receiver", RULE_CARRIED_RECEIVER}};
  const struct state_message *of = made_of.n ? state_message_find(v->state, made_of) : NULL;
  for (size_t i = 0; of && i < sizeof sides / sizeof *sides; i++) {
    struct str found = facts_get(&m->facts, sides[i].fact), wanted = facts_get(&of->facts, sides[i].of);
    if (found.n && wanted.n && !str_eq(found, wanted))
      JUDGE(j, sides[i].rule, message_place(m), found, made_of, wanted);
  }
}

bool expecting_bare_letter(const struct state_message *m) {
  struct str envelope = facts_get(&m->facts, "envelope");
  return str_eqz(envelope, "edifact") || str_eqz(envelope, "emessage");
}

/* What the payload says of its sender; without a GLN that is a finding of `validate`. */
static void check_header_sender(const struct step_view *v, struct judgement *j, const struct state_message *m) {
  struct str found = facts_get(&m->facts, "sender.gln"), own = party_field(v, party_own(v), "gln");
  if (expecting_bare_letter(m)) return;
  if (found.n && !str_eq(found, own) && !party_carries(v)) JUDGE(j, RULE_SENDER_HEADER, message_place(m), found, own);
}

void expecting_sender(const struct step_view *v, struct judgement *j, const struct state_message *m) {
  struct str found = facts_get(&m->facts, "envelope.sender"), own = party_field(v, party_own(v), "gln");
  if (found.n && !str_eq(found, own) && !party_carries(v)) JUDGE(j, RULE_SENDER_GLN, message_place(m), found, own);
}

void expecting_received(const struct step_view *v, struct judgement *j) {
  const struct state_message *m = v->at->message;
  struct str words = message_words(v->scratch, m), en = {0}, da = {0};
  if (m->why.n) {
    en = arena_printf(v->scratch, "; attached by hand: %.*s", STR_F(m->why));
    da = arena_printf(v->scratch, "; tilknyttet i hånden: %.*s", STR_F(m->why));
  }
  judge_actual(j, arena_printf(v->scratch, "Received %.*s%.*s", STR_F(words), STR_F(en)),
               arena_printf(v->scratch, "Modtog %.*s%.*s", STR_F(words), STR_F(da)));
}

static bool is_delivered(const struct step_view *v, const struct state_message *m, int64_t before) {
  for (size_t i = 0; i < v->state->messages.n; i++) {
    const struct state_message *o = v->state->messages.v[i];
    if (!o->outbound || o->seq >= before || !str_eqz(facts_get(&o->facts, "sbdh.kind"), "receipt")) continue;
    if (str_eq_nocase(facts_get(&o->facts, "envelope.original"), facts_get(&m->facts, "envelope.id"))) return true;
  }
  return false;
}

/* The register of messages gets its copy when the receiver has acknowledged the message, not before. */
static void check_copy(const struct step_view *v, struct judgement *j, const struct state_message *m) {
  if (!str_eqz(facts_get(&m->facts, "sbdh.kind"), "copy")) return;
  for (size_t i = 0; i < v->state->messages.n; i++) {
    const struct state_message *o = v->state->messages.v[i];
    if (o->outbound || o->lost || !str_eqz(facts_get(&o->facts, "sbdh.kind"), "message")) continue;
    if (same_fact(o, m, "bundle.id") && is_delivered(v, o, m->seq)) return;
  }
  JUDGE(j, RULE_COPY_EARLY, message_place(m), facts_get(&m->facts, "bundle.id"));
}

void expecting_matched(const struct step_view *v, struct judgement *j) {
  const struct state_message *m = v->at->message;
  expecting_received(v, j);
  check_seen(v, j, m);
  check_header_id(v, j, m);
  check_thread(v, j, m);
  check_copy(v, j, m);
  expecting_sender(v, j, m);
  check_header_sender(v, j, m);
  check_carried(v, j, m, args_of(v)->select.made_of);
}
