/* The answer of the simulated MSH as bytes. */
#include "endpoint/msh.h"
#include "validate/message.h"

#define REPLY_BYTES_MAX ((size_t)4 << 20)

static const char *refusal_of(const struct message *m) {
  bool unreadable = !m->envelope->payload_ok || findings_count(&m->wellformed, SEV_ERROR) > 0;
  return unreadable ? "Syntax" : msh_refusal(&m->envelope_findings);
}

static void read_by(struct message *m, struct arena *a, struct source wire, const struct msh_question *q) {
  struct message_options o = {.shelf = q->shelf};
  message_read_by(m, a, wire, &o);
}

static struct msh_decision decision_of(const struct message *m, const struct msh_question *q) {
  const struct envelope *env = m->envelope;
  struct msh_arrival in = {.content = env->sbdh->content,
                           .asks = str_eqz(env->sbdh->reliable.kind, "Request"),
                           .refusal = refusal_of(m),
                           .seen = q->seen};
  return msh_decide(&in);
}

/* The first answer's content in a new envelope; false if there was none. */
static bool answer_again(struct envelope *out, struct arena *a, const struct msh_question *q,
                         const struct sbdh_stamp *stamp, const struct ehmi_profile *profile) {
  struct message first;
  if (!q->first.n) return false;
  read_by(&first, a, (struct source){STR("first"), q->first}, q);
  if (!first.envelope || !first.envelope->sbdh) return false;
  sbdh_resend(out, a, first.envelope, stamp, profile);
  return true;
}

static int write_envelope(struct str *out, struct arena *a, const struct envelope *env, struct error *e) {
  struct buf b;
  buf_init(&b, REPLY_BYTES_MAX);
  sbdh_kind.write(&b, env);
  bool full = b.full;
  *out = buf_take(&b, a);
  return full ? error_set(e, ERR_LIMIT, "a receipt is larger than %zu bytes", REPLY_BYTES_MAX) : 0;
}

int msh_reply(struct str *out, struct arena *a, const struct msh_question *q, struct error *e) {
  struct message m;
  struct envelope env;
  const struct ehmi_profile *profile;
  *out = (struct str){0};
  if (q->read)
    m = *q->read;
  else
    read_by(&m, a, q->wire, q);
  if (!m.envelope || !m.envelope->sbdh) return 0;
  struct msh_decision d = decision_of(&m, q);
  if (d.answer == MSH_SILENT) return 0;
  if (sbdh_shelf_profile(&profile, q->shelf, e) < 0) return -1;
  struct sbdh_answer say = {.stamp = {.id = q->id, .sent = q->now},
                            .message_id = q->message_id,
                            .exception = d.exception ? str_z(d.exception) : (struct str){0},
                            .reason = STR("Meddelelsen kunne ikke behandles")};
  bool again = d.answer == MSH_AGAIN && answer_again(&env, a, q, &say.stamp, profile);
  if (!again) sbdh_receipt(&env, a, m.envelope, &say, profile);
  return write_envelope(out, a, &env, e);
}
