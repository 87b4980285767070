/* The reference vendor as a VANS operator: what it keeps. */
#include "base/file.h"
#include "refvendor/converter.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

static const struct convert_pair pairs[] = {
    {.bundle = STR_INIT("b1"),
     .header = STR_INIT("h1"),
     .envelope = STR_INIT("e1"),
     .letter = STR_INIT("l1"),
     .version = STR_INIT("XD9134L"),
     .sender = STR_INIT("5790008888247"),
     .receiver = STR_INIT("5790008888254"),
     .why_invalid = STR_INIT("XBIN01 kom ikke")},
    {.bundle = STR_INIT("b1"),
     .header = STR_INIT("h1"),
     .envelope = STR_INIT("e2"),
     .letter = STR_INIT("l2"),
     .version = STR_INIT("XB0131X"),
     .sender = STR_INIT("5790008888247"),
     .receiver = STR_INIT("5790008888254")},
};

static struct refvendor *operator_in(struct refvendor_options *o, struct loop *l, const char *keep) {
  struct refvendor *v;
  struct error e;
  refvendor_options_init(o);
  o->is_operator = true;
  o->keep = keep;
  cr_assert_eq(refvendor_open(&v, l, o, &e), 0, "%s", e.text);
  return v;
}

Test(converter, pairs_are_there_after_a_restart) {
  struct arena *a = arena_new(0);
  struct refvendor_options o;
  struct loop *l;
  struct error e;
  char dir[] = "/tmp/converter-XXXXXX";
  cr_assert_not_null(mkdtemp(dir));
  cr_assert_eq(loop_open(&l, &e), 0, "%s", e.text);
  struct refvendor *v = operator_in(&o, l, dir);
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) rv_converter_remember(v, &pairs[i]);
  refvendor_close(v);
  v = operator_in(&o, l, dir);
  cr_assert_eq(v->converter->pairs.n, 2);
  cr_expect(str_eqz(v->converter->pairs.v[0].ids.why_invalid, "XBIN01 kom ikke"));
  cr_expect(str_eqz(v->converter->pairs.v[1].ids.letter, "l2"));
  cr_expect(str_eqz(v->converter->pairs.v[1].ids.receiver, "5790008888254"));
  refvendor_close(v);
  loop_close(l);
  unlink(file_join(a, dir, "pairs.tsv"));
  rmdir(dir);
  arena_free(a);
}

Test(converter, what_is_no_envelope_is_refused) {
  struct refvendor_options o;
  struct loop *l;
  struct error e;
  cr_assert_eq(loop_open(&l, &e), 0, "%s", e.text);
  struct refvendor *v = operator_in(&o, l, NULL);
  cr_expect_eq(rv_converter_take(v, STR("<Emessage/>")), RV_REFUSED);
  cr_expect_eq(rv_converter_take(v, STR("")), RV_REFUSED);
  cr_expect_eq(v->converter->pairs.n, 0);
  cr_expect_null(v->converter->held);
  refvendor_close(v);
  loop_close(l);
}
