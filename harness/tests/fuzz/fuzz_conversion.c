/* Input: a first byte, then the table of rules itself ('t'), or a letter that is read, compared with itself and
 * converted to every type by the shipped table. */
#include "base/file.h"
#include "diff/semantic.h"
#include "mapping/convert.h"
#include "world.h"

#define LETTER_MAX ((size_t)1 << 16)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena *forever;

static const struct conversion_rules *shipped(void) {
  static struct conversion_rules *rules;
  struct error e;
  char *dir;
  if (rules) return rules;
  forever = arena_new(0);
  if (file_data_dir(&dir, forever, &e) < 0 || conversion_rules_load(&rules, forever, dir, &e) < 0)
    BUG("the table cannot be read: %s", e.text);
  return rules;
}

static void read_table(struct arena *a, struct str bytes) {
  struct conversion_rules *r;
  struct error e;
  if (conversion_rules_read(&r, a, bytes, STR("fuzz"), &e) < 0) {
    if (!e.text[0]) BUG("refused without a reason");
    return;
  }
  for (size_t i = 0; i < r->rows.n; i++)
    if (conversion_row(r, r->rows.v[i]->key) != r->rows.v[i]) BUG("a row is not found by its key");
}

static void compare(struct arena *a, struct str bytes) {
  struct correspondence c;
  struct findings f;
  struct error e;
  findings_init(&f, a);
  if (correspondence_read(&c, a, shipped(), (struct source){STR("fuzz"), bytes}, &e) < 0) return;
  (void)diff_semantic(&f, &c, &c);
  if (findings_worst(&f) >= SEV_ERROR) BUG("a letter differs from itself");
}

/* What was written can be read. */
static void convert_to(struct arena *a, struct str bytes, enum convert_type to) {
  const struct convert_pair pairs[] = {
      {.header = STR("h"), .letter = STR("1"), .sender = STR("2"), .receiver = STR("3")}};
  struct convert_options o = {
      .to = to, .rules = shipped(), .seed = STR("fuzz"), .shapes = world_shapes(), .pairs = pairs, .pairs_n = 1};
  struct source in = {STR("fuzz"), bytes};
  struct conversion out;
  struct findings f;
  struct error e;
  findings_init(&f, a);
  if (convert(&out, a, &o, &in, 1, &f, &e) < 0) return;
  for (size_t i = 0; i < out.out.n; i++) {
    struct correspondence c;
    if (correspondence_read(&c, a, shipped(), (struct source){STR("made"), out.out.v[i].bytes}, &e) < 0)
      BUG("what was converted cannot be read: %s", e.text);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1 || size > LETTER_MAX) return 0;
  struct arena *a = arena_new(0);
  struct str bytes = {(const char *)data + 1, size - 1};
  if (data[0] == 't') {
    read_table(a, bytes);
  } else {
    compare(a, bytes);
    for (int to = 0; to < CONVERT_TYPES_N; to++) convert_to(a, bytes, (enum convert_type)to);
  }
  arena_free(a);
  return 0;
}
