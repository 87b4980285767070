/* What a crash of ours may have caused: a duplicate of it is never the vendor's fault. */
#include "state/state_int.h"

static struct str fact(const struct state_message *m, const char *name) {
  return facts_get(&m->facts, name);
}

static bool same(struct str x, struct str y) {
  return x.n && str_eq_nocase(x, y);
}

/* The same message in another envelope, or in the same one. */
static bool is_copy(const struct state_message *m, const struct state_message *of) {
  return same(fact(m, "envelope.message"), fact(of, "envelope.message")) ||
         same(fact(m, "header.id"), fact(of, "header.id"));
}

/* An acknowledgement names the MessageHeader, a receipt the envelope. */
static bool answers(const struct state_message *m, const struct state_message *sent) {
  return same(fact(m, "response.to"), fact(sent, "header.id")) ||
         same(fact(m, "envelope.original"), fact(sent, "envelope.id")) ||
         same(fact(m, "receipt.of"), fact(sent, "interchange.id"));
}

/* Whether both answer the same message, whatever copy of it. */
static bool answers_alike(const struct state_message *x, const struct state_message *y) {
  return same(fact(x, "response.to"), fact(y, "response.to")) ||
         same(fact(x, "envelope.original"), fact(y, "envelope.original"));
}

static bool came_before(const struct state *s, const struct state_message *m) {
  for (size_t i = 0; i < s->doubted.n; i++) {
    const struct state_message *o = s->doubted.v[i];
    if (!o->outbound && o->seq < m->seq && is_copy(m, o)) return true;
  }
  return false;
}

/* How often what m answers may have reached the vendor without our wanting it. */
static size_t sent_too_often(const struct state *s, const struct state_message *m) {
  size_t n = 0;
  for (size_t i = 0; i < s->doubted.n; i++) {
    const struct state_message *o = s->doubted.v[i];
    if (o->outbound && answers(m, o)) n += o->doubts;
  }
  return n;
}

/* Earlier answers to the same; in *idle those behind the first that no step has. */
static size_t earlier_answers(const struct state *s, const struct state_message *m, size_t *idle) {
  size_t n = 0;
  *idle = 0;
  for (size_t i = 0; i < s->messages.n; i++) {
    const struct state_message *o = s->messages.v[i];
    if (o->outbound || o->seq >= m->seq || !answers_alike(m, o)) continue;
    if (n++ && !o->owner) ++*idle;
  }
  return n;
}

bool state_doubted(const struct state *s, const struct state_message *m) {
  size_t idle;
  if (m->outbound) return false;
  return came_before(s, m) || (sent_too_often(s, m) && earlier_answers(s, m, &idle));
}

bool state_excused(const struct state *s, const struct state_message *m) {
  size_t idle;
  if (m->outbound) return false;
  return came_before(s, m) || (earlier_answers(s, m, &idle) && idle < sent_too_often(s, m));
}
