/* fuzz_oioxml: any bytes as a message; a letter is judged by all that is shipped, and something is said of it. */
#include "base/file.h"
#include "tests/fuzz/world.h"
#include "validate/letter_shelf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Kept for the whole process: it holds the shipped data alone. */
static struct letter_shelf *shelf_now(void) {
  static struct letter_shelf shelf;
  if (!shelf.arena) letter_shelf_init(&shelf, arena_new(0), NULL);
  return &shelf;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct message m;
  struct findings f;
  struct source src = {STR("fuzz"), {(const char *)data, size}};
  findings_init(&f, a);
  message_read_by(&m, a, src, &(struct message_options){.letters = shelf_now()});
  if (m.letter) {
    validate_message(&m, VALIDATE_BUNDLE, NULL, &f);
    if (!f.list.n) BUG("a letter of which nothing is said");
  }
  arena_free(a);
  return 0;
}
