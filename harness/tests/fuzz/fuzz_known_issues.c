/* fuzz_known_issues: the file of known issues; what is read without a mistake is written and reads the same. */
#include "validate/known_issues.h"

#define OUT_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str written(struct arena *a, const struct known_issues *k) {
  struct buf b;
  buf_init(&b, OUT_MAX);
  known_issues_write(&b, k);
  return buf_take(&b, a);
}

static void read_again(struct arena *a, const struct known_issues *k) {
  struct findings f;
  struct known_issues *again;
  struct str text = written(a, k);
  findings_init(&f, a);
  if (known_issues_read(&again, a, (struct source){STR("again"), text}, &f)) BUG("what was written cannot be read");
  if (!str_eq(written(a, again), text)) BUG("what was written reads otherwise");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct findings f, found;
  struct known_issues *k;
  findings_init(&f, a);
  findings_init(&found, a);
  if (known_issues_read(&k, a, (struct source){STR("fuzz"), {(const char *)data, size}}, &f) == 0) read_again(a, k);
  *VEC_ADD(a, &found.list) = (struct finding){.rule = STR("profile.minimum"), .severity = SEV_ERROR};
  (void)known_issues_apply(k, &found, NULL, 0);
  arena_free(a);
  return 0;
}
