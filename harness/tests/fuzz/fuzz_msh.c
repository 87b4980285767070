/* fuzz_msh: the simulated MSH over any bytes; whatever it answers is an envelope that can be read, and answers the one
 * that came. */
#include "endpoint/msh.h"
#include "validate/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct arena *a, const struct message *came, struct str answer) {
  struct message m;
  message_read(&m, a, (struct source){STR("answer"), answer});
  if (!m.envelope || !m.envelope->sbdh) BUG("an answer that is no envelope");
  if (m.envelope->content != ENVELOPE_RECEIPT) BUG("an answer that is no receipt");
  if (came->envelope->content == ENVELOPE_RECEIPT) BUG("a receipt was answered");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct str bytes = {(const char *)data, size}, answer, again;
  struct arena *a = arena_new(0);
  struct message came;
  struct error e;
  static struct sbdh_shelf shelf; /* read once */
  if (!shelf.arena) shelf.arena = arena_new(0);
  struct msh_question q = {.wire = {STR("fuzz"), bytes},
                           .shelf = &shelf,
                           .id = STR("c0ffee00-0001-4000-8000-000000000001"),
                           .message_id = STR("c0ffee00-0002-4000-8000-000000000002"),
                           .now = STR("2026-01-05T10:00:00+01:00")};
  message_read(&came, a, q.wire);
  if (msh_reply(&answer, a, &q, &e) < 0) BUG("%s", e.text);
  if (answer.n) check(a, &came, answer);
  /* Sent again: the first answer once more, or a new one where it was none that can be read. */
  q.seen = DEDUP_RESENT;
  q.first = answer.n ? answer : bytes;
  if (msh_reply(&again, a, &q, &e) < 0) BUG("%s", e.text);
  if ((again.n != 0) != (answer.n != 0)) BUG("answered once only");
  arena_free(a);
  return 0;
}
