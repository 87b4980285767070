/* A TestScript, whatever it is: it can be checked, and what is written of it, for either side, is a protocol that can
 * be read. */
#include <stdlib.h>

#include "lint/testscript.h"
#include "steps/steps.h"
#include "world.h"

#define FUZZ_SCRIPT_MAX ((size_t)1 << 15)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_written(struct arena *a, struct testscript_set *s) {
  struct testscript_protocols made;
  testscript_write(&made, s);
  for (size_t i = 0; i < made.list.n; i++) {
    struct findings f;
    struct protocol *p;
    findings_init(&f, a);
    if (protocol_read(&p, a, (struct source){STR("made"), made.list.v[i].yaml}, step_kinds, &f) < 0) abort();
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size > FUZZ_SCRIPT_MAX) return 0;
  static const enum testscript_system sides[] = {TESTSCRIPT_AS_WRITTEN, TESTSCRIPT_SERVER};
  for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
    struct arena *a = arena_new(0);
    struct testscript_options o = {
        .data_dir = "/nowhere", .shapes = world_shapes(), .kinds = step_kinds, .system = sides[i]};
    struct testscript_set *s;
    struct findings f;
    struct error e;
    findings_init(&f, a);
    struct source src = {STR("fuzz.json"), {(const char *)data, size}};
    if (testscript_open_bytes(&s, a, src, &o, &e) == 0) {
      (void)testscript_check(s, &f);
      check_written(a, s);
    }
    arena_free(a);
  }
  return 0;
}
