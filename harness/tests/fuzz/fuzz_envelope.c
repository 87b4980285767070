/* The VANSEnvelope reader and its rules over any bytes; what was read as a message is written and must come back. */
#include <stdint.h>
#include <stdlib.h>

#include "envelope/vans.h"

#define WRITTEN_MAX ((size_t)64 << 20)

static void write_and_read(const struct envelope *env, struct arena *a) {
  struct envelope again;
  struct findings f;
  struct buf out;
  buf_init(&out, WRITTEN_MAX);
  env->kind->write(&out, env);
  findings_init(&f, a);
  if (env->kind->read(&again, a, (struct source){STR("again"), buf_take(&out, a)}, &f) != 0) abort();
  if (!str_eq(again.id, env->id) || !str_eq(again.meta.name, env->meta.name)) abort();
  if (env->payload_ok && !str_eq(again.payload, env->payload)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct str bytes = {(const char *)data, size};
  struct arena *a = arena_new(0);
  struct envelope env;
  struct findings f;
  findings_init(&f, a);
  envelope_sniff(bytes);
  if (vans_kind.read(&env, a, (struct source){STR("fuzz"), bytes}, &f) == 0) {
    struct envelope_payload says = {.format = STR("HL7"),
                                    .name = STR("MCM:FDIS91#other"),
                                    .version = STR("5.0"),
                                    .mime = STR("application/fhir+json")};
    vans_kind.check_payload(&env, STR("fuzz"), &says, &f);
    vans_check_receipt(&env, STR("fuzz"), &env, &f);
    write_and_read(&env, a);
  }
  arena_free(a);
  return 0;
}
