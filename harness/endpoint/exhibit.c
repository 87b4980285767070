#include "endpoint/exhibit.h"

#include "validate/message.h"

void exhibit_fill(struct record_exchange *x, struct arena *a, struct str wire) {
  struct arena *own = arena_new(0);
  struct message m;
  message_read(&m, own, (struct source){x->id, wire});
  x->size = wire.n;
  if (wire.n <= RECORD_EMBED_MAX) x->bytes = arena_str(a, wire);
  if (m.envelope && m.payload.bytes.n <= RECORD_EMBED_MAX) x->payload = arena_str(a, m.payload.bytes);
  findings_join(&x->findings, &m.wellformed);
  findings_join(&x->findings, &m.envelope_findings);
  arena_free(own);
}
