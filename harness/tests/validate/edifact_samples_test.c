/* Real interchanges: what is found in them was written down in edifact_samples.tsv before they were read, and all of
 * them are written again as they were. Skipped where they are not there. */
#include <criterion/criterion.h>

#include "base/file.h"
#include "formats/edifact.h"
#include "tests/validate/shared.h"

#define SAMPLES "legacy/edi-oioxml/test"
#define SAMPLE_MAX ((size_t)1 << 20)

static struct str expected_of(struct arena *a, struct str sample) {
  struct str rest, line;
  struct error e;
  struct buf out;
  buf_init(&out, SAMPLE_MAX);
  cr_assert_eq(file_read(&rest, a, TEST_DATA "/edifact_samples.tsv", SAMPLE_MAX, &e), 0, "%s", e.text);
  while (rest.n) {
    line = str_cut(&rest, '\n');
    if (str_eq(str_cut(&line, '\t'), sample) && !str_eqz(line, "-")) buf_printf(&out, "%.*s\n", STR_F(line));
  }
  return buf_take(&out, a);
}

static void list(struct buf *out, const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    if (str_starts(x->rule, STR("edifact.")))
      buf_printf(out, "%.*s\t%d:%d\t%.*s\n", STR_F(x->rule), x->where.line, x->where.col, STR_F(x->where.path));
  }
}

static void check_findings(struct arena *a, struct str sample, const struct message *m) {
  struct str expected = expected_of(a, sample);
  struct buf found;
  buf_init(&found, SAMPLE_MAX);
  list(&found, &m->wellformed);
  list(&found, &m->envelope_findings);
  cr_expect(str_eq(buf_str(&found), expected), "%.*s: found\n%.*sexpected\n%.*s", STR_F(sample), STR_F(buf_str(&found)),
            STR_F(expected));
  buf_release(&found);
}

static void check_written(struct str sample, const struct message *m) {
  struct buf out;
  buf_init(&out, SAMPLE_MAX);
  edifact_write(&out, m->interchange);
  cr_expect(str_eq(buf_str(&out), m->raw.bytes), "%.*s is not written as it was", STR_F(sample));
  buf_release(&out);
}

static void check_sample(const char *path, struct str sample) {
  struct arena *a = arena_new(0);
  struct message m;
  struct error e;
  struct str bytes;
  cr_assert_eq(file_read(&bytes, a, path, SAMPLE_MAX, &e), 0, "%s", e.text);
  message_read(&m, a, (struct source){sample, bytes});
  cr_assert_not_null(m.interchange, "%.*s is not read", STR_F(sample));
  check_findings(a, sample, &m);
  check_written(sample, &m);
  arena_free(a);
}

static size_t check_folder(const char *shared, const char *folder) {
  struct arena *a = arena_new(0);
  const char *dir = file_join(a, file_join(a, shared, SAMPLES), folder);
  char **names;
  size_t n, samples = 0;
  struct error e;
  cr_assert_eq(file_list(&names, &n, a, dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    if (!str_ends(str_z(names[i]), STR(".edi"))) continue;
    check_sample(file_join(a, dir, names[i]), arena_printf(a, "%s/%s", folder, names[i]));
    samples++;
  }
  arena_free(a);
  return samples;
}

Test(edifact_samples, found_as_written_down) {
  const char *shared = shared_dir(NULL);
  if (!shared) cr_skip_test("the samples are not there");
  cr_expect_eq(check_folder(shared, "files"), 29);
  cr_expect_eq(check_folder(shared, "complete/files/edifact"), 42);
}
